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

bool ec_parse_stops(const struct ec_parse *p, int rc)
{
	return rc && (rc != -EINVAL || !p->each || p->errors > EC_PARSE_ERRORS_MAX);
}

/* The place of the value that is being read, by way of its rule: files may be long. */
static struct ec_position place_of(const struct ec_parse *p)
{
	struct ec_position at =
		ec_position_find(p->text + p->rule_start, p->len - p->rule_start,
				 p->step + p->rule_depth, p->depth - p->rule_depth, false);

	return ec_position_after(p->rule_at, at);
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
	if (p->places) {
		struct ec_position at = place_of(p);

		p->set[p->n].line = at.line;
		p->set[p->n].column = at.column;
	}
	return p->set[p->n++].path ? 0 : -ENOMEM;
}
