/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checks of `ecamctl check` for rules that are well formed.
 */
#ifndef EC_OFFLINE_CHECK_H
#define EC_OFFLINE_CHECK_H

#include "policy/parse.h"

/** Room for the reason why a setting decides nothing. */
#define CHECK_WHY_MAX 256

/** Findings about a setting. */
struct check_setting {
	bool used;               /* it decides something of some function */
	bool warned;             /* that it is odd */
	char why[CHECK_WHY_MAX]; /* the reason if not used, or "" */
};

/** Findings about a rule. */
struct check_rule {
	char *match;   /* as text: equal for equal matches */
	uint32_t hash; /* of match */
	bool never;    /* it can never match, as reported */
	bool matched;  /* some function */
	bool applied;  /* to some function */
	struct check_setting *setting;
};

/** State of a check. */
struct check {
	const struct ec_rules *set;
	bool gcc;                /* messages as a compiler's */
	struct check_rule *rule; /* one for each rule of set */
	unsigned int functions, errors, warnings;
	struct check_pair {
		const struct ec_setting *a, *b;
	} * conflict; /* reported */
	unsigned int n_conflicts, room_conflicts;
	char **refusal; /* reported */
	unsigned int n_refusals;
};

/** check_new() - start a check of @set; of *@c only gcc counts, the rest is 0. Returns 0 or
 * -ENOMEM; call check_free() in both cases. */
int check_new(struct check *c, const struct ec_rules *set);

/** check_free() - free the findings, but not the set. */
void check_free(struct check *c);

/**
 * check_warn() - print a warning on stderr, with the place and the name of the rule.
 * @set: the setting of the rule; NULL: the warning is about the whole rule.
 */
void check_warn(struct check *c, const struct ec_rule *rule, const struct ec_setting *set,
		const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/**
 * check_refused() - print an error on stderr, once for all functions that it is about.
 * @rule, @set: what is to blame, or NULL. @name: the first such function. Returns 0 or -ENOMEM.
 */
int check_refused(struct check *c, const struct ec_rule *rule, const struct ec_setting *set,
		  const char *name, const char *text);

/**
 * check_conflict() - warn if @a of @first and @b of @later decide one property differently.
 * Only for rules of one layer, and once for each pair. Returns 0 or -ENOMEM.
 */
int check_conflict(struct check *c, const struct ec_rule *first, const struct ec_setting *a,
		   const struct ec_rule *later, const struct ec_setting *b);

/**
 * check_rules() - check rules without functions.
 * Warns of rules that can never match, and of conflicts between rules with equal matches. Returns 0
 * or -ENOMEM.
 */
int check_rules(struct check *c);

#endif
