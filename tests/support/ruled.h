/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decisions of rules, made one by one, and functions attached with them. */
#ifndef EC_TESTS_RULED_H
#define EC_TESTS_RULED_H

#include "policy/rule.h"
#include "rig.h"

#define RULED_MAX 64

/** Decisions in the order in which they were made; the first is rule 0's, and so on. */
struct ruled {
	struct ec_setting set[RULED_MAX];
	struct ec_decision decision[RULED_MAX];
	struct ec_decisions all;
	struct ec_diag diag; /* of the last plan that was refused */
};

/** ruled_clear() - no decision. */
void ruled_clear(struct ruled *r);

/** ruled_add() - one more decision, the latest. Returns its origin. */
uint16_t ruled_add(struct ruled *r, struct ec_setting set);

/**
 * ruled_number() - a decision of a verb that has a number alone.
 * Returns its origin.
 */
uint16_t ruled_number(struct ruled *r, enum ec_verb verb, uint64_t number);

/** ruled_treat() - a decision of a verb with a treatment alone (gaps, bodies, unknown). */
uint16_t ruled_treat(struct ruled *r, enum ec_verb verb, enum ec_treatment t);

/** ruled_cap() - a capability is treated so; @treatment may be EC_SHOW. */
uint16_t ruled_cap(struct ruled *r, struct ec_cap_ref cap, unsigned int treatment);

/** ruled_register() - bits of a register of @cap, or of the header (NULL), are treated so. */
uint16_t ruled_register(struct ruled *r, const struct ec_cap_ref *cap, const char *name,
			uint32_t mask, enum ec_treatment t);

/** ruled_value() - they are constant. */
uint16_t ruled_value(struct ruled *r, const struct ec_cap_ref *cap, const char *name, uint32_t mask,
		     uint32_t value);

/** ruled_range() - bytes of @cap, or of the space (NULL), are treated so. */
uint16_t ruled_range(struct ruled *r, const struct ec_cap_ref *cap, uint16_t offset,
		     uint16_t length, enum ec_treatment t);

/** ruled_place() - a capability is linked, moved or added (EC_SET_ADD) at @offset. */
uint16_t ruled_place(struct ruled *r, enum ec_verb verb, struct ec_cap_ref cap, uint16_t offset);

/** ruled_attach() - attach @img with these decisions; fails the test if it cannot be. */
void ruled_attach(struct ruled *r, struct rig *rig, const struct ec_image *img,
		  enum ec_topology topology);

/** ruled_refused() - is @img refused for @why, and @origin to blame? Fails the test if not. */
void ruled_refused(struct ruled *r, struct rig *rig, const struct ec_image *img, const char *why,
		   uint16_t origin);

#endif
