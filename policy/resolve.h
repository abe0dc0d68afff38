/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the decisions for a function. */
#ifndef EC_POLICY_RESOLVE_H
#define EC_POLICY_RESOLVE_H

#include "policy/rule_set.h"

/**
 * ec_rules_resolve() - find the decisions of all rules that match @s, in the order of the cascade.
 * @out: all 0 or used before; grows as needed; free it with ec_decisions_free().
 * Returns 0 or -ENOMEM.
 */
int ec_rules_resolve(const struct ec_rules *r, const struct ec_subject *s,
		     struct ec_decisions *out);

/** ec_decisions_free() - free what ec_rules_resolve() wrote, and set it to all 0. */
void ec_decisions_free(struct ec_decisions *d);

#endif
