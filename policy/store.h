/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a set of rules owns: blocks of memory that are only freed together.
 */
#ifndef EC_POLICY_STORE_H
#define EC_POLICY_STORE_H

#include <stddef.h>

#include "policy/match.h"
#include "policy/parse.h"

struct ec_block;

/** Memory that is freed at once. All 0: empty. */
struct ec_arena {
	struct ec_block *block; /* the newest */
};

/** What is behind the rules of a set. */
struct ec_rules_store {
	struct ec_arena arena;
	struct ec_rule *rule;         /* the set's, which may be written here */
	struct ec_match_probe *probe; /* one a rule */
	unsigned int room;            /* of both */
};

/** ec_arena_take() - @size bytes of zeros, aligned for any type; NULL: out of memory. */
void *ec_arena_take(struct ec_arena *a, size_t size);

/** ec_arena_copy() - @size bytes of @from; NULL: out of memory. A size of 0 takes a byte. */
void *ec_arena_copy(struct ec_arena *a, const void *from, size_t size);

/** ec_arena_join() - all memory of @from, which is empty then, becomes that of @to. */
void ec_arena_join(struct ec_arena *to, struct ec_arena *from);

/** ec_arena_free() - free all. */
void ec_arena_free(struct ec_arena *a);

/** ec_store_add() - append @n rules. Returns 0 or -ENOMEM, the set is then as it was. */
int ec_store_add(struct ec_rules *r, const struct ec_rule *rule, unsigned int n);

#endif
