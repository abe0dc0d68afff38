/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tools/offline/rules.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/files.h"
#include "policy/resolve.h"
#include "tools/out.h"

static void say_line(void *ctx, const char *text)
{
	(void)ctx;
	out_error("%s", text);
}

static int add_path(struct ec_rule_files *files, const char *path, enum ec_layer layer,
		    bool installed)
{
	int rc;

	files->report = say_line;
	rc = ec_rule_files_add(files, path, layer, installed);
	return rc == -ENOMEM ? EXIT_REFUSED : rc ? EXIT_INPUT : 0;
}

int rules_add_path(struct ec_rule_files *files, const char *path, enum ec_layer layer)
{
	return add_path(files, path, layer, false);
}

/* The paths given, or else the installed folder, which may be missing. */
static int add_layer(struct ec_rules *set, const struct options_paths *p, const char *installed,
		     enum ec_layer layer)
{
	struct ec_rule_files files = { .rules = set };
	int rc = p->given ? 0 : add_path(&files, installed, layer, true);

	for (unsigned int i = 0; i < p->n; i++) {
		int one = add_path(&files, p->path[i], layer, false);

		rc = rc ? rc : one;
	}
	return rc;
}

/* The settings of the attach specification. */
static int add_attach(struct ec_rules *set, const struct ec_attach_spec *with)
{
	for (unsigned int i = 0; i < with->n_sets; i++) {
		struct ec_rules_error error = { 0 };
		const char *key = ec_attach_spec_key(with, i);
		const char *value = ec_attach_spec_value(with, i);
		int rc = ec_rules_add_set(set, "attach", key, value, &error);

		if (rc == -ENOMEM)
			return out_no_memory();
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
		return out_no_memory();
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
	/* only the topology was given: rules still decide how the slot is shared */
	if (topology >= 0)
		opt->topology = (enum ec_topology)topology;
}

int rules_decide(const struct ec_rules *set, struct ec_subject *subject, int topology,
		 struct ec_plan_options *opt, struct ec_decisions *d)
{
	/* with --topology given no rule changes the bus */
	if (topology >= 0 ? ec_rules_resolve(set, subject, d) : ec_subject_resolve(set, subject, d))
		return out_no_memory();
	rules_let(d, topology, opt);
	return 0;
}

void rules_say_why(const struct ec_rules *set, struct ec_sbdf at, const struct ec_plan *plan,
		   const struct ec_diag *diag)
{
	const struct ec_rule *rule = set ? ec_rules_origin(set, plan->blame) : NULL;
	const struct ec_setting *set_by = plan->blame_set;
	char name[EC_SBDF_MAX];

	ec_sbdf_print(at, false, name);
	if (rule)
		out_error("%s: %s: %s: %s%s%s", name, rule->file, rule->name,
			  set_by ? set_by->path : "", set_by ? ": " : "", diag->text);
	else
		out_error("%s: %s", name, diag->text);
}
