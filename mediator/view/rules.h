/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What rules decide of a plan, stage by stage, each at its place in ec_plan_build(). In each stage
 * the less special settings come first, so that the more special ones outlast them; of one kind
 * the later ones of the cascade. Without rules, and in the host topology, no stage does anything.
 */
#ifndef EC_VIEW_RULES_H
#define EC_VIEW_RULES_H

#include "view/plan.h"

/** What becomes of bytes that no row names. */
struct ec_rest {
	uint8_t treatment; /* enum ec_treatment */
	bool permissive;   /* passed only since a rule is permissive */
	uint16_t origin;
};

/**
 * ec_ruled_is() - is link @i of the plan's chain what @ref means? Instances are counted as the
 * hardware has them, wherever a rule moved them, and behind them those that rules added.
 */
bool ec_ruled_is(const struct ec_plan *plan, const struct ec_cap_ref *ref, unsigned int i);

/** ec_ruled_begin() - look the decisions through. @plan: chain and BARs are as the hardware's. */
void ec_ruled_begin(struct ec_plan *plan);

/**
 * ec_ruled_hide_bar() - BAR @i is none, and so is the other half of it.
 * @plan: bar and bar_by are changed; its register is hidden by ec_ruled_named().
 */
void ec_ruled_hide_bar(struct ec_plan *plan, unsigned int i, uint16_t origin);

/** ec_ruled_size() - the length of capability @i, where a rule says it; at most its room. */
void ec_ruled_size(struct ec_plan *plan, unsigned int i);

/** ec_ruled_express() - the version and type that a function shows: @version, @type are changed. */
void ec_ruled_express(const struct ec_plan *plan, uint32_t *version, uint8_t *type);

/** ec_ruled_caps() - which capabilities are shown; what ranges are about (named). */
void ec_ruled_caps(struct ec_plan *plan);

/** ec_ruled_rest() - of the bytes of capability @i that no row names. */
struct ec_rest ec_ruled_rest(const struct ec_plan *plan, unsigned int i);

/** ec_ruled_gap() - of bytes in no capability. @table: by the tables. */
struct ec_rest ec_ruled_gap(const struct ec_plan *plan, enum ec_treatment table);

#endif
