/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Blocks of memory that are only freed together. */
#ifndef EC_POLICY_ARENA_H
#define EC_POLICY_ARENA_H

#include <stddef.h>

struct ec_block;

/** Memory that is freed at once. All 0: empty. */
struct ec_arena {
	struct ec_block *block; /* the newest */
};

/** ec_arena_take() - @size bytes of zeros, aligned for any type; NULL: out of memory. */
void *ec_arena_take(struct ec_arena *a, size_t size);

/** ec_arena_copy() - @size bytes of @from; NULL: out of memory. A size of 0 takes a byte. */
void *ec_arena_copy(struct ec_arena *a, const void *from, size_t size);

/** ec_arena_join() - move all memory of @from to @to. */
void ec_arena_join(struct ec_arena *to, struct ec_arena *from);

/** ec_arena_free() - free all. */
void ec_arena_free(struct ec_arena *a);

#endif
