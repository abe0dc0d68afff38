/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "control/rule_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/files.h"
#include "host/files_trust.h"

/* A path, a place in it, and what is wrong there. */
#define LINE_MAX_BYTES 1024

/* An error or, if @warning, a warning. */
static void say(const struct ec_rule_files *files, const char *path, const struct ec_rules_error *e,
		bool warning)
{
	char text[LINE_MAX_BYTES], place[32] = "";

	if (e->line)
		snprintf(place, sizeof(place), ":%u:%u", e->line, e->column);
	else if (files->gcc)
		strcpy(place, ":1:1");
	snprintf(text, sizeof(text), "%s%s: %s%s%s%s", path, place,
		 warning      ? "warning: "
		 : files->gcc ? "error: "
			      : "",
		 e->path, *e->path ? ": " : "", e->text);
	files->report(files->ctx, text);
}

/* Report that @path cannot be read, for @why or for the errno @rc. Returns an error. */
static int report(struct ec_rule_files *files, const char *path, int rc, const char *why)
{
	struct ec_rules_error error = { 0 };

	snprintf(error.text, sizeof(error.text), "%s", *why ? why : strerror(-rc));
	say(files, path, &error, false);
	files->errors++;
	return rc == -ENOMEM ? rc : -EINVAL;
}

/* A file whose errors are reported. */
struct faults {
	struct ec_rule_files *files;
	const char *path;
};

static void say_each(void *ctx, const struct ec_rules_error *e)
{
	static const struct ec_rules_error more = { .text = "and more errors" };
	struct faults *f = ctx;

	say(f->files, f->path, e ? e : &more, false);
	f->files->errors += e != NULL;
}

/*
 * Report a @path that another user can change. @real: the path to read instead, which the caller
 * frees; NULL: @path itself. Returns 0; 1: there was a warning; or what report() does.
 */
static int check_trust(struct ec_rule_files *files, const char *path, char **real)
{
	struct ec_rules_error error = { 0 };
	struct ec_diag why = { 0 };
	int rc;

	*real = NULL;
	if (!strcmp(path, "-"))
		return 0;
	rc = ec_files_trusted(path, false, real, &why);
	/* where it is not refused a path may be a pipe, which has no real path */
	if (!rc || (!files->trusted && rc != -EPERM))
		return 0;
	if (files->trusted)
		return report(files, path, rc, why.text);
	snprintf(error.text, sizeof(error.text), "ecamd refuses it: %s", why.text);
	say(files, path, &error, true);
	return 1;
}

static int add_file(struct ec_rule_files *files, const char *path, const char *real,
		    enum ec_layer layer)
{
	struct faults faults = { files, path };
	struct ec_rules_text file = { .file = path,
				      .layer = layer,
				      .places = files->places,
				      .each = say_each,
				      .ctx = &faults };
	struct ec_rules_error first;
	char *text;
	int rc = ec_file_read(real ? real : path, EC_RULES_TEXT_MAX, &text, &file.len);

	if (rc)
		return report(files, path, rc, "");
	file.text = text;
	rc = ec_rules_add_text(files->rules, &file, &first);
	free(text);
	if (rc == -ENOMEM)
		return report(files, path, rc, "");
	return rc ? -EINVAL : 0;
}

static int add_list(struct ec_rule_files *files, const struct ec_file_list *list,
		    enum ec_layer layer, bool check)
{
	int rc = 0;

	for (unsigned int i = 0; i < list->n; i++) {
		char *real = NULL;
		int one = check ? check_trust(files, list->path[i], &real) : 0;

		if (one >= 0)
			one = add_file(files, list->path[i], real, layer);
		free(real);
		rc = rc ? rc : one;
		files->n++;
	}
	return rc;
}

int ec_rule_files_add(struct ec_rule_files *files, const char *path, enum ec_layer layer,
		      bool optional)
{
	struct ec_file_list list;
	int rc = ec_file_list(path, &list), checked = 0;
	char *real = NULL;

	if (rc == -ENOENT && optional)
		return 0;
	if (rc) {
		files->n++;
		return report(files, path, rc, "");
	}
	/* a folder: rules may be missing from it, too */
	if (list.n != 1 || strcmp(list.path[0], path))
		checked = check_trust(files, path, &real);
	free(real);
	if (checked < 0) {
		files->n++;
		rc = checked;
	} else {
		/* one warning is enough */
		rc = add_list(files, &list, layer, !checked);
	}
	ec_file_list_free(&list);
	return rc;
}
