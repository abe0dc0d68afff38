/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A set of rules, and the memory that it owns. */
#ifndef EC_POLICY_RULE_SET_H
#define EC_POLICY_RULE_SET_H

#include "policy/arena.h"
#include "policy/match.h"
#include "policy/rule.h"

/** The memory of a set. */
struct ec_rules_store {
	struct ec_arena arena;
	struct ec_rule *rule;         /* the set's, which may be written here */
	struct ec_match_probe *probe; /* one per rule */
	unsigned int room;            /* of both */
};

/** Rules in the order of the cascade. The set owns what they point to. */
struct ec_rules {
	unsigned int n;
	const struct ec_rule *rule;
	struct ec_rules_store *store;
};

/** ec_rules_new() - an empty set; NULL: out of memory. */
struct ec_rules *ec_rules_new(void);

/** ec_rules_free() - NULL is allowed. */
void ec_rules_free(struct ec_rules *r);

/** ec_rules_append() - append @n rules. Returns 0 or -ENOMEM, the set is then unchanged. */
int ec_rules_append(struct ec_rules *r, const struct ec_rule *rule, unsigned int n);

/** ec_rules_origin() - the rule of an origin; NULL: it is not a rule of @r. */
const struct ec_rule *ec_rules_origin(const struct ec_rules *r, uint16_t origin);

#endif
