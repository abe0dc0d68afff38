/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sets of rules, made from JSON text. The one place that knows jansson. A set of files loads whole
 * or not at all. Language: policy/schema.json, ecamd-policy(5).
 */
#ifndef EC_POLICY_PARSE_H
#define EC_POLICY_PARSE_H

#include <stddef.h>

#include "policy/rule.h"

/** Bytes of the largest file. */
#define EC_RULES_TEXT_MAX (4u << 20)

/** Where an error is. */
struct ec_rules_error {
	unsigned int line, column; /* from 1; 0: of no place in the text */
	char path[160]; /* "rules[3].match.vendor"; "" for the whole text or a syntax error */
	char text[400]; /* what is wrong, and what was expected; cut, it ends with "..." */
	bool semantic;  /* the shape is right, which is all that the schema can tell */
};

/** Rules in the order of the cascade. Everything that they point to is owned by the set. */
struct ec_rules {
	unsigned int n;
	const struct ec_rule *rule;
	struct ec_rules_store *store;
};

/** ec_rules_new() - an empty set; NULL: out of memory. */
struct ec_rules *ec_rules_new(void);

/** ec_rules_free() - NULL is allowed. */
void ec_rules_free(struct ec_rules *r);

/**
 * ec_rules_add_text() - add the rules of one file, behind those that are there.
 * @file: its name; copied. @text, @len: JSON, need not be terminated. @layer: must not be lower
 * than that of the rules added before. Returns 0; -EINVAL with *@err filled; -ENOMEM; -E2BIG: too
 * many rules, or the text is too large
 * (*@err filled too). On error the set is as it was. Pointers into @r->rule are stale afterwards.
 */
int ec_rules_add_text(struct ec_rules *r, const char *file, enum ec_layer layer, const char *text,
		      size_t len, struct ec_rules_error *err);

/**
 * ec_rules_add_set() - add one rule that matches all, from "key=value" options of an attach.
 * @file: what to call it. @key, @value: a key of "set" whose value is a word, a number or a boolean
 * ("permissive" "1", "rom" "none", "topology" "flattened", "multifunction" "set", "rebar" "hide"),
 * likewise one of its "machine" ("buses" "64", "bus0" "1", "bridge" "q35"),
 * or "hide" with the name of a capability. 1 and 0 are true and false where those are meant.
 * Returns as ec_rules_add_text(); line and column are 0.
 */
int ec_rules_add_set(struct ec_rules *r, const char *file, const char *key, const char *value,
		     struct ec_rules_error *err);

/**
 * ec_rules_resolve() - the decisions of all rules that match @s, in the order of the cascade.
 * @out: all 0 or used before; written, grows as needed; freed by ec_decisions_free().
 * Returns 0 or -ENOMEM.
 */
int ec_rules_resolve(const struct ec_rules *r, const struct ec_subject *s,
		     struct ec_decisions *out);

/** ec_decisions_free() - free what ec_rules_resolve() wrote, and make it all 0. */
void ec_decisions_free(struct ec_decisions *d);

/** ec_rules_origin() - the rule of an origin; NULL if it is of no rule of @r. */
const struct ec_rule *ec_rules_origin(const struct ec_rules *r, uint16_t origin);

#endif
