/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Matching many rules against one function: what is the same for all of them is made once.
 */
#ifndef EC_POLICY_MATCH_H
#define EC_POLICY_MATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/rule.h"

/**
 * ec_match_holds() - does @m hold for @s?
 * Pure; allocates nothing. What @s does not know (guest) is not matched by a rule that asks.
 */
bool ec_match_holds(const struct ec_match *m, const struct ec_subject *s);

/** ec_cap_ref_matches() - is link @i of @chain what @ref means? Pure. */
bool ec_cap_ref_matches(const struct ec_cap_ref *ref, const struct ec_chain *chain, unsigned int i);

/** A function, as rules ask for it. */
struct ec_match_input {
	const struct ec_subject *s;
	uint32_t number[EC_MATCH_NUMBERS];
	char bdf[EC_SBDF_MAX]; /* "": not printed yet */
};

/** ec_match_prepare() - what rules ask of @s, which must outlive it. */
void ec_match_prepare(const struct ec_subject *s, struct ec_match_input *out);

/** ec_match_holds_for() - as ec_match_holds(); the address is printed if a rule asks for it. */
bool ec_match_holds_for(const struct ec_match *m, struct ec_match_input *a);

/** ec_uuid_is() - is @text "8-4-4-4-12" hex digits of either case? */
bool ec_uuid_is(const char *text);

/**
 * Which functions cannot be meant, told by their ids alone: a function with the ids @key
 * (vendor, and device << 16) is not if (key ^ value) & mask. All 0 tells nothing.
 */
struct ec_match_probe {
	uint32_t value, mask;
};

/** ec_match_probe() - the probe of a match; what one word cannot tell it leaves out. */
struct ec_match_probe ec_match_probe(const struct ec_match *m);

/** ec_match_key() - the key of a function. */
static inline uint32_t ec_match_key(const struct ec_match_input *a)
{
	return a->number[EC_MATCH_VENDOR] | a->number[EC_MATCH_DEVICE] << 16;
}

#endif
