/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamctl check: what is wrong with files of rules, and what is odd. */
#include <stdio.h>

#include "tools/commands/commands.h"
#include "tools/offline/check_functions.h"
#include "tools/offline/rules.h"
#include "tools/out.h"

static void count(unsigned int n, const char *what, const char *end)
{
	printf("%u %s%s%s", n, what, n == 1 ? "" : "s", end);
}

/* All that is well formed; the functions of this machine or of a dump, if there are any. */
static int check(const struct ec_rules *set, const struct options *o, struct check *c)
{
	struct source s;
	int rc;

	if (check_new(c, set) || check_rules(c))
		return out_no_memory();
	rc = source_load(&s, o->dump);
	if (!rc)
		rc = check_functions(c, &s, o->dump ? o->dump : "this machine");
	/* without a dump nobody said that there are functions */
	else if (!o->dump && rc == EXIT_INPUT)
		rc = 0;
	source_free(&s);
	return rc;
}

static int check_paths(struct ec_rules *set, const struct options *o)
{
	struct ec_rule_files files = { .rules = set };
	struct check c = { 0 };
	int rc = 0;

	for (char **path = o->paths; *path && rc != EXIT_REFUSED; path++) {
		int one = rules_add_path(&files, *path, EC_LAYER_POLICY);

		rc = rc && one != EXIT_REFUSED ? rc : one;
	}
	if (!rc)
		rc = check(set, o, &c);
	if (!rc || files.wrong) {
		count(files.n, "file", ", ");
		count(set->n, "rule", ", ");
		count(c.functions, "function", ": ");
		count(files.wrong + c.errors, "error", ", ");
		count(c.warnings, "warning", "\n");
	}
	check_free(&c);
	return rc ? rc : c.errors ? EXIT_INPUT : c.warnings ? EXIT_NO : EXIT_DONE;
}

static int run(const struct options *o)
{
	struct ec_rules *set = ec_rules_new();
	int rc;

	if (!set)
		return out_no_memory();
	rc = check_paths(set, o);
	ec_rules_free(set);
	return rc;
}

const struct command cmd_check = {
	.name = "check",
	.args = "PATH... [--dump FILE]",
	.help = "tell what is wrong with files of rules, and what is odd",
	.notes = "PATH is a file or a folder, whose *.json count. If all are good, rules are tried "
		 "on\n"
		 "the functions of this machine or of the dump: conflicts, rules that match "
		 "nothing,\n"
		 "settings of which there is nothing to decide, views that cannot be. Exits 3 for "
		 "errors,\n"
		 "1 for warnings, 0 for neither.",
	.takes = TAKES_PATHS | TAKES_DUMP,
	.run = run,
};
