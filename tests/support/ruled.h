/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decisions of rules, made one by one, and functions attached with them. */
#ifndef EC_TESTS_RULED_H
#define EC_TESTS_RULED_H

#include "policy/rule.h"
#include "rig.h"

#define RULED_MAX 64

/** Decisions in the order in which they were made; number n has the origin of rule n. */
struct ruled {
	struct ec_setting set[RULED_MAX];
	struct ec_decision decision[RULED_MAX];
	struct ec_decisions all;
	struct ec_diag diag; /* of the last refused plan */
};

/** ruled_clear() - remove all decisions. */
void ruled_clear(struct ruled *r);

/** ruled_add() - add a decision, the latest. Returns its origin, as all functions below. */
uint16_t ruled_add(struct ruled *r, struct ec_setting set);

/** ruled_number() - add one of a verb with a number only. */
uint16_t ruled_number(struct ruled *r, enum ec_verb verb, uint64_t number);

/** ruled_treat() - add one of a verb with a treatment only (gaps, bodies, unknown). */
uint16_t ruled_treat(struct ruled *r, enum ec_verb verb, enum ec_treatment t);

/** ruled_cap() - treat a capability; @treatment may be EC_SHOW. */
uint16_t ruled_cap(struct ruled *r, struct ec_cap_ref cap, unsigned int treatment);

/** ruled_register() - treat bits of a register of @cap, or of the header (NULL). */
uint16_t ruled_register(struct ruled *r, const struct ec_cap_ref *cap, const char *name,
			uint32_t mask, enum ec_treatment t);

/** ruled_value() - make them constant. */
uint16_t ruled_value(struct ruled *r, const struct ec_cap_ref *cap, const char *name, uint32_t mask,
		     uint32_t value);

/** ruled_range() - treat bytes of @cap, or of the space (NULL). */
uint16_t ruled_range(struct ruled *r, const struct ec_cap_ref *cap, uint16_t offset,
		     uint16_t length, enum ec_treatment t);

/** ruled_place() - link, move or add (EC_SET_ADD) a capability at @offset. */
uint16_t ruled_place(struct ruled *r, enum ec_verb verb, struct ec_cap_ref cap, uint16_t offset);

/** ruled_attach() - attach @img with the decisions; fails the test if that fails. */
void ruled_attach(struct ruled *r, struct rig *rig, const struct ec_image *img,
		  enum ec_topology topology);

/** ruled_refused() - fail the test unless @img is refused with @why in the message, by @origin. */
void ruled_refused(struct ruled *r, struct rig *rig, const struct ec_image *img, const char *why,
		   uint16_t origin);

#endif
