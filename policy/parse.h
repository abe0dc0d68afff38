/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads rules from JSON. Only parse*.c use jansson. A file is added whole or not at all. The
 * language is described in policy/schema.json and ecamd-policy(5).
 */
#ifndef EC_POLICY_PARSE_H
#define EC_POLICY_PARSE_H

#include <stddef.h>

#include "policy/error.h"
#include "policy/rule_set.h"

/** The largest file, in bytes. */
#define EC_RULES_TEXT_MAX (4u << 20)

/** One file. */
struct ec_rules_text {
	const char *file;    /* its name; copied */
	enum ec_layer layer; /* not lower than that of the rules added before */
	const char *text;    /* JSON, need not be terminated */
	size_t len;
	bool places; /* rules and settings get their places in the text */
	/* Called for each error; NULL: reading ends at the first. @e NULL: there are more. */
	void (*each)(void *ctx, const struct ec_rules_error *e);
	void *ctx;
};

/**
 * ec_rules_add_text() - append the rules of one file.
 * Returns 0; -EINVAL, -E2BIG (too many rules, or the text is too large), both with *@err filled
 * with the first error; -ENOMEM. On error the set is unchanged. Pointers into @r->rule are stale
 * afterwards.
 */
int ec_rules_add_text(struct ec_rules *r, const struct ec_rules_text *text,
		      struct ec_rules_error *err);

/**
 * ec_rules_add_set() - append a rule that matches every function, from an option of an attach.
 * @file: what to call it. @key: a key of "set" whose value is a word, a number or a boolean, a key
 * of its "machine", or "hide". @value: its value, 1 and 0 also for true and false; for "hide" the
 * name of a capability. Returns as ec_rules_add_text(); line and column are 0.
 */
int ec_rules_add_set(struct ec_rules *r, const char *file, const char *key, const char *value,
		     struct ec_rules_error *err);

#endif
