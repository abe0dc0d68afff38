/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the played Xen and the service have logged, and what is left at the end. */
#include <check.h>
#include <string.h>

#include "world.h"

int world_find(int from, const char *text)
{
	const char *line;

	for (; from >= 0 && (line = fakexen_line(world->xen, (unsigned int)from)); from++)
		if (!strncmp(line, text, strlen(text)))
			return from;
	return -1;
}

void world_order(const char *const *lines)
{
	for (int at = 0; *lines; lines++, at++) {
		at = world_find(at, *lines);
		ck_assert_msg(at >= 0, "\"%s\" is not there, or too early", *lines);
	}
}

void world_has(const char *text)
{
	ck_assert_msg(world_find(0, text) >= 0, "no \"%s\"", text);
}

void world_count(const char *text, unsigned int n)
{
	ck_assert_msg(fakexen_count(world->xen, text) == n, "%u of \"%s\", not %u",
		      fakexen_count(world->xen, text), text, n);
}

bool world_log_has(const char *text)
{
	return strstr(world->text, text);
}

void world_check(void)
{
	const char *what = fakexen_violation(world->xen, 0);

	ck_assert_msg(!what, "violation: %s", what);
	ck_assert_uint_eq(world->undecoded, 0);
}

void world_check_clean(void)
{
	char why[FAKEXEN_LINE];

	world_check();
	ck_assert_msg(fakexen_is_clean(world->xen, why), "left: %s", why);
}
