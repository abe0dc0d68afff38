/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/store.h"

#include <errno.h>
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

struct ec_rules *ec_rules_new(void)
{
	struct ec_rules *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->store = calloc(1, sizeof(*r->store));
	if (r->store)
		return r;
	free(r);
	return NULL;
}

void ec_rules_free(struct ec_rules *r)
{
	if (!r)
		return;
	ec_arena_free(&r->store->arena);
	free(r->store->rule);
	free(r->store->probe);
	free(r->store);
	free(r);
}

static int grow(struct ec_rules *r, unsigned int want)
{
	struct ec_rules_store *s = r->store;
	unsigned int room = s->room * 2 > want ? s->room * 2 : want;
	void *more;

	if (want <= s->room)
		return 0;
	more = realloc(s->rule, room * sizeof(*s->rule));
	if (!more)
		return -ENOMEM;
	r->rule = s->rule = more;
	more = realloc(s->probe, room * sizeof(*s->probe));
	if (!more)
		return -ENOMEM;
	s->probe = more;
	s->room = room;
	return 0;
}

int ec_store_add(struct ec_rules *r, const struct ec_rule *rule, unsigned int n)
{
	struct ec_rules_store *s = r->store;

	if (grow(r, r->n + n))
		return -ENOMEM;
	for (unsigned int i = 0; i < n; i++) {
		s->rule[r->n + i] = rule[i];
		s->probe[r->n + i] = ec_match_probe(&rule[i].match);
	}
	r->n += n;
	return 0;
}
