/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamctl check: find errors and oddities in files of rules. */
#include <stdio.h>
#include <string.h>

#include "tools/commands/commands.h"
#include "tools/offline/check_functions.h"
#include "tools/offline/rules.h"
#include "tools/out.h"

static void count(unsigned int n, const char *what, const char *end)
{
	printf("%u %s%s%s", n, what, n == 1 ? "" : "s", end);
}

/* @set is well formed. The functions of this machine or a dump are used, if there are any. */
static int check(const struct ec_rules *set, const struct options *o, struct check *c)
{
	struct source s;
	int rc;

	if (check_new(c, set) || check_rules(c))
		return out_no_memory();
	rc = source_load(&s, o->dump);
	if (!rc)
		rc = check_functions(c, &s, o->dump ? o->dump : "this machine");
	/* without --dump it is no error that there are no functions */
	else if (!o->dump && rc == EXIT_INPUT)
		rc = 0;
	source_free(&s);
	return rc;
}

static void warn_empty(struct check *c, const char *path)
{
	if (c->gcc)
		fprintf(stderr, "%s:1:1: warning: no rules: it has no file *.json\n", path);
	else
		out_error("warning: %s: no rules: it has no file *.json", path);
	c->warnings++;
}

/* Adds the paths given, or else the installed folders. */
static int add_paths(struct ec_rule_files *files, const struct options *o, struct check *c)
{
	int rc = 0;

	if (!*o->paths)
		return rules_add_installed(files, &c->warnings);
	for (char **path = o->paths; *path && rc != EXIT_REFUSED; path++) {
		unsigned int before = files->n;
		int one = rules_add_path(files, *path, EC_LAYER_POLICY);

		rc = rc && one != EXIT_REFUSED ? rc : one;
		if (!one && files->n == before)
			warn_empty(c, *path);
	}
	return rc;
}

static int check_paths(struct ec_rules *set, const struct options *o)
{
	struct ec_rule_files files = { .rules = set, .places = true, .gcc = o->format };
	struct check c = { .gcc = o->format };
	int rc = add_paths(&files, o, &c);

	if (!rc)
		rc = check(set, o, &c);
	if (!rc || files.errors) {
		count(files.n, "file", ", ");
		count(set->n, "rule", ", ");
		count(c.functions, "function", ": ");
		count(files.errors + c.errors, "error", ", ");
		count(c.warnings, "warning", "\n");
	}
	check_free(&c);
	return rc ? rc : c.errors ? EXIT_INPUT : c.warnings ? EXIT_NO : EXIT_DONE;
}

static int run(const struct options *o)
{
	struct ec_rules *set;
	int rc;

	if (o->format && strcmp(o->format, "gcc") != 0) {
		out_error("'%s' is not a format: gcc", o->format);
		return EXIT_USAGE;
	}
	set = ec_rules_new();
	if (!set)
		return out_no_memory();
	rc = check_paths(set, o);
	ec_rules_free(set);
	return rc;
}

const struct command cmd_check = {
	.name = "check",
	.args = "[PATH...] [--dump FILE] [--format gcc]",
	.help = "check files of rules: errors, and warnings about what is hardly meant",
	.notes = "PATH is a file, a folder, of which all *.json are read, or -; without one, the "
		 "installed\n"
		 "quirks and the rules of the site are checked. If no file has an error,\n"
		 "the rules are tried on the functions of this machine or of the dump. Warnings: "
		 "rules\n"
		 "that conflict or match no function, settings that decide nothing. A view that "
		 "cannot\n"
		 "be built is an error. Exits 3 after errors, 1 after warnings only, else 0.",
	.takes = TAKES_PATHS | TAKES_DUMP,
	.run = run,
};
