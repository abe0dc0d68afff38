/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "control/rule_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/files.h"

/* Room for a path, a place and what is wrong there. */
#define LINE_MAX_BYTES 1024

static int wrong(struct ec_rule_files_say say, const char *file, int rc,
		 const struct ec_rules_error *e)
{
	char text[LINE_MAX_BYTES], place[32] = "";

	if (e->line)
		snprintf(place, sizeof(place), ":%u:%u", e->line, e->column);
	snprintf(text, sizeof(text), "%s%s: %s%s%s", file, place, e->path, *e->path ? ": " : "",
		 *e->text ? e->text : strerror(-rc));
	say.line(say.ctx, text);
	return rc == -ENOMEM ? rc : -EINVAL;
}

static int add_file(struct ec_rules *set, const char *path, enum ec_layer layer,
		    struct ec_rule_files_say say)
{
	struct ec_rules_error error = { 0 };
	char *text;
	size_t len;
	int rc = ec_file_read(path, EC_RULES_TEXT_MAX, &text, &len);

	if (rc)
		return wrong(say, path, rc, &error);
	rc = ec_rules_add_text(set, path, layer, text, len, &error);
	free(text);
	return rc ? wrong(say, path, rc, &error) : 0;
}

int ec_rule_files_add(struct ec_rules *set, const char *path, enum ec_layer layer, bool installed,
		      struct ec_rule_files_count *count, struct ec_rule_files_say say)
{
	struct ec_rule_files_count unused = { 0 }, *c = count ? count : &unused;
	struct ec_rules_error error = { 0 };
	struct ec_file_list list;
	int rc = ec_file_list(path, &list);

	if (rc == -ENOENT && installed)
		return 0;
	if (rc) {
		c->n++;
		c->wrong++;
		return wrong(say, path, rc, &error);
	}
	for (unsigned int i = 0; i < list.n; i++) {
		int one = add_file(set, list.path[i], layer, say);

		rc = rc ? rc : one;
		c->n++;
		c->wrong += one != 0;
	}
	ec_file_list_free(&list);
	return rc;
}
