/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/parse_state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/printable.h"

#define PATH_MAX_LEN 160

void ec_parse_push(struct ec_parse *p, const char *key, size_t index)
{
	p->step[p->depth++] = (struct ec_step){ key, index };
}

void ec_parse_pop(struct ec_parse *p)
{
	p->depth--;
}

void ec_parse_path(const struct ec_parse *p, unsigned int from, char *out, size_t room)
{
	size_t len = 0;

	*out = 0;
	for (unsigned int i = from; i < p->depth && len < room; i++) {
		const struct ec_step *s = p->step + i;

		len += (size_t)(s->key ? snprintf(out + len, room - len, "%s%s", len ? "." : "",
						  s->key)
				       : snprintf(out + len, room - len, "[%zu]", s->index));
	}
	ec_printable(out);
}

const char *ec_parse_copy(struct ec_parse *p, const char *text)
{
	return ec_arena_copy(p->arena, text, strlen(text) + 1);
}

int ec_parse_add(struct ec_parse *p, const struct ec_setting *s)
{
	char path[PATH_MAX_LEN];

	if (p->n == p->room) {
		unsigned int room = p->room ? p->room * 2 : 16;
		void *more = realloc(p->set, room * sizeof(*p->set));

		if (!more)
			return -ENOMEM;
		p->set = more;
		p->room = room;
	}
	ec_parse_path(p, p->rule_depth, path, sizeof(path));
	p->set[p->n] = *s;
	p->set[p->n].path = ec_parse_copy(p, path);
	return p->set[p->n++].path ? 0 : -ENOMEM;
}
