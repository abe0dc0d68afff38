/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The effect of rules on a plan, in stages that ec_plan_build() calls. In each stage general
 * settings are applied before specific ones, so the specific ones count whatever the order of the
 * rules; settings of one kind are applied in the order of the cascade. Without rules, and in the
 * host topology, no stage does anything.
 *
 * This file: the stages before registers are listed.
 */
#ifndef EC_VIEW_RULES_H
#define EC_VIEW_RULES_H

#include "view/plan.h"

/** The treatment of bytes that no row names. */
struct ec_rest {
	uint8_t treatment; /* enum ec_treatment */
	bool permissive;   /* passed only because a rule is permissive */
	uint16_t origin;
};

/**
 * ec_ruled_is() - does @ref name capability @i of the plan's chain?
 * Instances are numbered in the hardware's order, even if rules moved them; those that rules added
 * come last.
 */
bool ec_ruled_is(const struct ec_plan *plan, const struct ec_cap_ref *ref, unsigned int i);

/** ec_ruled_begin() - find the last decision of each verb, and hide BARs. @plan: chain and BARs are
 * the hardware's. */
void ec_ruled_begin(struct ec_plan *plan);

/**
 * ec_ruled_hide_bar() - remove BAR @i, and the other half if it is a 64-bit one.
 * @plan: bar and bar_by are changed; ec_ruled_named() hides the registers.
 */
void ec_ruled_hide_bar(struct ec_plan *plan, unsigned int i, uint16_t origin);

/** ec_ruled_size() - set the length of capability @i, if a rule gives one; at most its room. */
void ec_ruled_size(struct ec_plan *plan, unsigned int i);

/** ec_ruled_express() - replace @version and @type by those that rules give. */
void ec_ruled_express(const struct ec_plan *plan, uint32_t *version, uint8_t *type);

/** ec_ruled_caps() - decide which capabilities are shown, and find what ranges name. */
void ec_ruled_caps(struct ec_plan *plan);

/** ec_ruled_rest() - the treatment of bytes of capability @i that no row names. */
struct ec_rest ec_ruled_rest(const struct ec_plan *plan, unsigned int i);

/** ec_ruled_gap() - the treatment of bytes in no capability. @table: the default. */
struct ec_rest ec_ruled_gap(const struct ec_plan *plan, enum ec_treatment table);

#endif
