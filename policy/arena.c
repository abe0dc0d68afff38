/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/arena.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK (16u << 10)

struct ec_block {
	struct ec_block *next;
	size_t used, size;
	max_align_t data[];
};

void *ec_arena_take(struct ec_arena *a, size_t size)
{
	struct ec_block *b = a->block;
	size_t step = sizeof(max_align_t);
	char *at;

	size = (size + !size + step - 1) / step * step;
	if (!b || b->size - b->used < size) {
		size_t room = size > BLOCK ? size : BLOCK;

		b = calloc(1, sizeof(*b) + room);
		if (!b)
			return NULL;
		b->size = room;
		b->next = a->block;
		a->block = b;
	}
	at = (char *)b->data + b->used;
	b->used += size;
	return at;
}

void *ec_arena_copy(struct ec_arena *a, const void *from, size_t size)
{
	void *to = ec_arena_take(a, size);

	if (to && size)
		memcpy(to, from, size);
	return to;
}

void ec_arena_join(struct ec_arena *to, struct ec_arena *from)
{
	struct ec_block **last = &from->block;

	while (*last)
		last = &(*last)->next;
	*last = to->block;
	to->block = from->block;
	from->block = NULL;
}

void ec_arena_free(struct ec_arena *a)
{
	while (a->block) {
		struct ec_block *b = a->block;

		a->block = b->next;
		free(b);
	}
}
