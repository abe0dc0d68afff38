/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/rule_set.h"

#include <errno.h>
#include <stdlib.h>

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

int ec_rules_append(struct ec_rules *r, const struct ec_rule *rule, unsigned int n)
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

const struct ec_rule *ec_rules_origin(const struct ec_rules *r, uint16_t origin)
{
	if (origin < EC_FIRST_RULE || origin - EC_FIRST_RULE >= r->n)
		return NULL;
	return r->rule + (origin - EC_FIRST_RULE);
}
