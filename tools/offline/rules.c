/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tools/offline/rules.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/files.h"
#include "policy/resolve.h"
#include "tools/out.h"

static void say_line(void *ctx, const char *text)
{
	const struct ec_rule_files *files = ctx;

	if (files->gcc)
		fprintf(stderr, "%s\n", text);
	else
		out_error("%s", text);
}

static int add_path(struct ec_rule_files *files, const char *path, enum ec_layer layer,
		    bool installed)
{
	int rc;

	files->report = say_line;
	files->ctx = files;
	rc = ec_rule_files_add(files, path, layer, installed);
	return rc == -ENOMEM ? EXIT_REFUSED : rc ? EXIT_INPUT : 0;
}

int rules_add_path(struct ec_rule_files *files, const char *path, enum ec_layer layer)
{
	return add_path(files, path, layer, false);
}

/* Cuts the last part off a path. Returns false if none is left. */
static bool cut_path(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash || slash == path)
		return false;
	*slash = 0;
	return true;
}

const char *rules_quirks_folder(void)
{
	static char folder[PATH_MAX + 64];
	char here[PATH_MAX], probe[sizeof(folder)];
	ssize_t len = readlink("/proc/self/exe", here, sizeof(here) - 1);

	here[len < 0 ? 0 : len] = 0;
	/* build/ecamctl, build/sanitize/ecamctl */
	for (unsigned int up = 0; cut_path(here) && up <= 2; up++) {
		snprintf(probe, sizeof(probe), "%s/quirks/README.md", here);
		snprintf(folder, sizeof(folder), "%s/quirks", here);
		if (!access(probe, F_OK))
			return folder;
	}
	return EC_QUIRKS_FOLDER;
}

/* The quirks in use: a view without them may be wrong. */
static int add_quirks(struct ec_rule_files *files, unsigned int *warnings)
{
	const char *folder = rules_quirks_folder();
	unsigned int before = files->n;
	int rc = add_path(files, folder, EC_LAYER_QUIRKS, true);

	if (rc || files->n != before)
		return rc;
	++*warnings;
	if (files->gcc)
		fprintf(stderr, "%s:1:1: warning: there are no quirks\n", folder);
	else
		out_error("warning: there are no quirks in %s (--quirks none: none are meant)",
			  folder);
	return 0;
}

int rules_add_installed(struct ec_rule_files *files, unsigned int *warnings)
{
	int rc = add_quirks(files, warnings);
	int more = add_path(files, EC_POLICY_FOLDER, EC_LAYER_POLICY, true);

	return rc ? rc : more;
}

/* The paths given. */
static int add_given(struct ec_rule_files *files, const struct options_paths *p,
		     enum ec_layer layer)
{
	int rc = 0;

	for (unsigned int i = 0; i < p->n; i++) {
		int one = add_path(files, p->path[i], layer, false);

		rc = rc ? rc : one;
	}
	return rc;
}

/* Both layers: the paths given, or else the installed folder. */
static int add_layers(struct ec_rules *set, const struct options *o)
{
	struct ec_rule_files files = { .rules = set };
	unsigned int warnings = 0;
	int rc = o->quirks.given ? add_given(&files, &o->quirks, EC_LAYER_QUIRKS)
				 : add_quirks(&files, &warnings);
	int more = o->policy.given ? add_given(&files, &o->policy, EC_LAYER_POLICY)
				   : add_path(&files, EC_POLICY_FOLDER, EC_LAYER_POLICY, true);

	return rc ? rc : more;
}

int rules_add_attach(struct ec_rules *set, const struct ec_attach_spec *with)
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
	int rc;

	*out = NULL;
	if (!set)
		return out_no_memory();
	rc = add_layers(set, o);
	if (!rc)
		rc = rules_add_attach(set, &o->with);
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
