/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What `ecamctl check` looks for in rules that are well formed.
 */
#ifndef EC_OFFLINE_CHECK_H
#define EC_OFFLINE_CHECK_H

#include "policy/parse.h"

/** Room for why a setting decides nothing. */
#define CHECK_WHY_MAX 96

/** What was found of a setting. */
struct check_setting {
	bool used;               /* some function has what it decides */
	bool told;               /* that it is odd */
	char why[CHECK_WHY_MAX]; /* if no function has, and more than that can be said */
};

/** What was found of a rule. */
struct check_rule {
	char *match;          /* the same text for the same match */
	uint32_t hash;        /* of that */
	bool never;           /* it was told that it can never match */
	bool matched;         /* some function */
	bool applied;         /* it counted for some function */
	unsigned int refused; /* number of the last function that it spoiled, from 1; 0: none */
	struct check_setting *setting;
};

/** One check; start with all 0 but set. */
struct check {
	const struct ec_rules *set;
	struct check_rule *rule; /* as many as set has */
	unsigned int functions, errors, warnings;
	struct check_told { /* conflicts that were told */
		const struct ec_setting *a, *b;
	} * told;
	unsigned int n_told, room_told;
};

/** check_new() - make room for what is found. Returns 0 or -ENOMEM; check_free() it in both cases.
 */
int check_new(struct check *c, const struct ec_rules *set);

/** check_free() - free what check_new() and the checks took; not the set. */
void check_free(struct check *c);

/**
 * check_warn() - one warning on stderr: "warning: FILE: RULE: PATH: " and what is wrong.
 * @set: of the rule; NULL: it is about all of it.
 */
void check_warn(struct check *c, const struct ec_rule *rule, const struct ec_setting *set,
		const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/**
 * check_conflict() - warn if @a of @first and @b of @later, of one layer, decide one property
 * differently; once for every two. Returns 0 or -ENOMEM.
 */
int check_conflict(struct check *c, const struct ec_rule *first, const struct ec_setting *a,
		   const struct ec_rule *later, const struct ec_setting *b);

/**
 * check_rules() - what can be seen without any function: rules that can never match, and conflicts
 * of rules that match alike. Returns 0 or -ENOMEM.
 */
int check_rules(struct check *c);

#endif
