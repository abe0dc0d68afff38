/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Matches rules against a function. */
#ifndef EC_POLICY_MATCH_H
#define EC_POLICY_MATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/rule.h"

/**
 * ec_match_holds() - does @m hold for @s?
 * A rule that asks for a property that @s does not have (the guest) does not match. Pure.
 */
bool ec_match_holds(const struct ec_match *m, const struct ec_subject *s);

/** ec_cap_ref_matches() - does @ref name capability @i of @chain? Pure. */
bool ec_cap_ref_matches(const struct ec_cap_ref *ref, const struct ec_chain *chain, unsigned int i);

/** A function prepared for matching many rules. */
struct ec_match_input {
	const struct ec_subject *s;
	uint32_t number[EC_MATCH_NUMBERS];
	char bdf[EC_SBDF_MAX]; /* "": not printed yet */
};

/** ec_match_prepare() - prepare @s, which must outlive @out. */
void ec_match_prepare(const struct ec_subject *s, struct ec_match_input *out);

/** ec_match_holds_for() - as ec_match_holds(), for a prepared function. */
bool ec_match_holds_for(const struct ec_match *m, struct ec_match_input *a);

/** ec_uuid_is() - is @text "8-4-4-4-12" hex digits of either case? */
bool ec_uuid_is(const char *text);

/**
 * A quick test by ids: a match cannot hold for a function with the key vendor | device << 16 if
 * (key ^ value) & mask. All 0 excludes no function.
 */
struct ec_match_probe {
	uint32_t value, mask;
};

/** ec_match_probe() - the quick test of a match. */
struct ec_match_probe ec_match_probe(const struct ec_match *m);

/** ec_match_key() - the key of a function. */
static inline uint32_t ec_match_key(const struct ec_match_input *a)
{
	return a->number[EC_MATCH_VENDOR] | a->number[EC_MATCH_DEVICE] << 16;
}

#endif
