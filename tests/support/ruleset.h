/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of rules from JSON with ' for ". */
#ifndef EC_TESTS_RULESET_H
#define EC_TESTS_RULESET_H

#include "policy/parse.h"

/** ruleset_add() - add a file, as ec_rules_add_text(), with an unterminated text. */
int ruleset_add(struct ec_rules *r, const char *file, enum ec_layer layer, const char *json,
		struct ec_rules_error *err);

/** ruleset_make() - a set with the rules "{...},{...}", which must be good. */
struct ec_rules *ruleset_make(const char *rules);

/** ruleset_set() - a set of one rule without a match, with these keys of "set". */
struct ec_rules *ruleset_set(const char *keys);

/** ruleset_subject() - a network card at 0000:01:00.0 with the chain of fixture_nic(). */
void ruleset_subject(struct ec_subject *s);

#endif
