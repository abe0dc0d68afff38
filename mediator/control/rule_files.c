/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "control/rule_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/files.h"

/* A path, a place in it, and what is wrong there. */
#define LINE_MAX_BYTES 1024

static int report(const struct ec_rule_files *files, const char *path, int rc,
		  const struct ec_rules_error *e)
{
	char text[LINE_MAX_BYTES], place[32] = "";

	if (e->line)
		snprintf(place, sizeof(place), ":%u:%u", e->line, e->column);
	snprintf(text, sizeof(text), "%s%s: %s%s%s", path, place, e->path, *e->path ? ": " : "",
		 *e->text ? e->text : strerror(-rc));
	files->report(files->ctx, text);
	return rc == -ENOMEM ? rc : -EINVAL;
}

static int add_file(const struct ec_rule_files *files, const char *path, enum ec_layer layer)
{
	struct ec_rules_error error = { 0 };
	char *text;
	size_t len;
	int rc = ec_file_read(path, EC_RULES_TEXT_MAX, &text, &len);

	if (rc)
		return report(files, path, rc, &error);
	rc = ec_rules_add_text(files->rules, &(struct ec_rules_text){ path, layer, text, len },
			       &error);
	free(text);
	return rc ? report(files, path, rc, &error) : 0;
}

int ec_rule_files_add(struct ec_rule_files *files, const char *path, enum ec_layer layer,
		      bool optional)
{
	struct ec_rules_error error = { 0 };
	struct ec_file_list list;
	int rc = ec_file_list(path, &list);

	if (rc == -ENOENT && optional)
		return 0;
	if (rc) {
		files->n++;
		files->wrong++;
		return report(files, path, rc, &error);
	}
	for (unsigned int i = 0; i < list.n; i++) {
		int one = add_file(files, list.path[i], layer);

		rc = rc ? rc : one;
		files->n++;
		files->wrong += one != 0;
	}
	ec_file_list_free(&list);
	return rc;
}
