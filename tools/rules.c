/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/files.h"
#include "out.h"

static int no_memory(void)
{
	out_error("out of memory");
	return EXIT_REFUSED;
}

/* "site.json:3:14: rules[0].match.vendor: what is wrong", as compilers say it. */
static int say_wrong(const char *file, const struct ec_rules_error *e)
{
	char place[32] = "";

	if (e->line)
		snprintf(place, sizeof(place), ":%u:%u", e->line, e->column);
	out_error("%s%s: %s%s%s", file, place, e->path, *e->path ? ": " : "", e->text);
	return EXIT_INPUT;
}

static int add_file(struct ec_rules *set, const char *path, enum ec_layer layer)
{
	struct ec_rules_error error = { 0 };
	char *text;
	size_t len;
	int rc = ec_file_read(path, EC_RULES_TEXT_MAX, &text, &len);

	if (rc == -ENOMEM)
		return no_memory();
	if (rc) {
		out_error("%s: %s", path, strerror(-rc));
		return EXIT_INPUT;
	}
	rc = ec_rules_add_text(set, path, layer, text, len, &error);
	free(text);
	if (rc == -ENOMEM)
		return no_memory();
	return rc ? say_wrong(path, &error) : 0;
}

int rules_add_path(struct ec_rules *set, const char *path, enum ec_layer layer,
		   struct rules_files *files)
{
	struct ec_file_list list;
	int rc = ec_file_list(path, &list);

	if (rc == -ENOMEM)
		return no_memory();
	if (rc) {
		out_error("%s: %s", path, strerror(-rc));
		files->n++;
		files->wrong++;
		return EXIT_INPUT;
	}
	for (unsigned int i = 0; i < list.n; i++) {
		int one = add_file(set, list.path[i], layer);

		rc = rc ? rc : one;
		files->n++;
		files->wrong += one != 0;
	}
	ec_file_list_free(&list);
	return rc;
}

/* What was named, or else what is installed: of that there may be none. */
static int add_layer(struct ec_rules *set, const struct options_paths *p, const char *installed,
		     enum ec_layer layer)
{
	struct ec_file_list list;
	struct rules_files files = { 0 };
	int rc = 0;

	for (unsigned int i = 0; i < p->n; i++) {
		int one = rules_add_path(set, p->path[i], layer, &files);

		rc = rc ? rc : one;
	}
	if (p->given || ec_file_list(installed, &list) == -ENOENT)
		return rc;
	ec_file_list_free(&list);
	return rules_add_path(set, installed, layer, &files);
}

/* What the function is attached with. */
static int add_attach(struct ec_rules *set, const struct ec_attach_spec *with)
{
	for (unsigned int i = 0; i < with->n_sets; i++) {
		struct ec_rules_error error = { 0 };
		const char *key = ec_attach_spec_key(with, i);
		const char *value = ec_attach_spec_value(with, i);
		int rc = ec_rules_add_set(set, "attach", key, value, &error);

		if (rc == -ENOMEM)
			return no_memory();
		if (rc) {
			out_error("'%s=%s': %s", key, value, error.text);
			return EXIT_USAGE;
		}
	}
	return 0;
}

int rules_load(struct ec_rules **out, const struct options *o)
{
	struct ec_rules *set = ec_rules_new();
	int rc, more;

	*out = NULL;
	if (!set)
		return no_memory();
	rc = add_layer(set, &o->quirks, EC_QUIRKS_FOLDER, EC_LAYER_QUIRKS);
	more = add_layer(set, &o->policy, EC_POLICY_FOLDER, EC_LAYER_POLICY);
	rc = rc ? rc : more;
	if (!rc)
		rc = add_attach(set, &o->with);
	if (rc)
		ec_rules_free(set);
	else
		*out = set;
	return rc;
}

void rules_let(const struct ec_decisions *d, int topology, struct ec_plan_options *opt)
{
	ec_plan_options_rules(opt, d, false);
	/* only the topology was asked for: how the slot is shared is still the rules' to say */
	if (topology >= 0)
		opt->topology = (enum ec_topology)topology;
}

int rules_decide(const struct ec_rules *set, const struct ec_subject *subject, int topology,
		 struct ec_plan_options *opt, struct ec_decisions *d)
{
	if (ec_rules_resolve(set, subject, d))
		return no_memory();
	rules_let(d, topology, opt);
	return 0;
}

void rules_say_why(const struct ec_rules *set, struct ec_sbdf at, const struct ec_plan *plan,
		   const struct ec_diag *diag)
{
	const struct ec_policy_rule *rule = set ? ec_rules_origin(set, plan->blame) : NULL;
	char name[EC_SBDF_MAX];

	ec_sbdf_print(at, false, name);
	if (rule)
		out_error("%s: %s: %s: %s", name, rule->file, rule->name, diag->text);
	else
		out_error("%s: %s", name, diag->text);
}
