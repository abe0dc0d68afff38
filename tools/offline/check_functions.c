/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tools/offline/check_functions.h"

#include <errno.h>
#include <pci/header.h>
#include <stdlib.h>
#include <string.h>

#include "policy/match.h"
#include "policy/resolve.h"
#include "tools/offline/check_settings.h"
#include "tools/offline/report.h"
#include "tools/offline/rules.h"
#include "tools/out.h"
#include "view/build.h"

/* A guest that rules match; both NULL: a guest that none matches. */
struct guest {
	const char *name, *uuid;
};

struct trial {
	struct check *c;
	const struct source *source;
	const struct ec_dump_function *fn;
	struct guest *guest;
	unsigned int n_guests;
	struct ec_chain chain;
	struct ec_decisions decided;
	struct ec_plan plan, without; /* with rules, and by the tables only */
};

/* Guests named by what rules match: a pattern of * and ? matches itself. */
static bool list_guests(struct trial *t)
{
	const struct ec_rules *set = t->c->set;
	unsigned int n = 1;

	for (unsigned int i = 0; i < set->n; i++)
		n += set->rule[i].match.guest.n;
	t->guest = calloc(n, sizeof(*t->guest));
	if (!t->guest)
		return false;
	t->n_guests = 1;
	for (unsigned int i = 0; i < set->n; i++)
		for (unsigned int k = 0; k < set->rule[i].match.guest.n; k++) {
			const char *pattern = set->rule[i].match.guest.any[k];
			unsigned int seen = 1;

			while (seen < t->n_guests && strcmp(t->guest[seen].name, pattern))
				seen++;
			if (seen < t->n_guests)
				continue;
			/* a pattern that is not a UUID never matches as UUID */
			t->guest[t->n_guests++] = (struct guest){ pattern, pattern };
		}
	return true;
}

static int find_conflicts(struct trial *t)
{
	const struct ec_rules *set = t->c->set;
	int rc = 0;

	for (unsigned int j = 0; j < t->decided.n; j++)
		for (unsigned int i = 0; i < j && !rc; i++) {
			const struct ec_decision *a = t->decided.decision + i;
			const struct ec_decision *b = t->decided.decision + j;

			rc = check_conflict(t->c, ec_rules_origin(set, a->origin), a->set,
					    ec_rules_origin(set, b->origin), b->set);
		}
	return rc;
}

/* A view that cannot be built. */
static int say_refused(struct trial *t, const struct ec_diag *diag)
{
	const struct ec_rule *rule = ec_rules_origin(t->c->set, t->plan.blame);
	char name[EC_SBDF_MAX];

	return check_refused(t->c, rule, t->plan.blame_set, ec_sbdf_print(t->fn->sbdf, false, name),
			     diag->text);
}

/* Builds the view with the decisions. *@built: NULL if it cannot be built. Returns 0 or -ENOMEM. */
static int try_plan(struct trial *t, const struct ec_plan_options *with, struct ec_plan **built)
{
	struct ec_diag diag;

	t->plan.blame = EC_BY_TABLE;
	t->plan.blame_set = NULL;
	*built = ec_plan_build(&t->plan, &t->fn->image, with, &diag) ? NULL : &t->plan;
	return *built ? 0 : say_refused(t, &diag);
}

static void mark_used(struct trial *t, const struct check_tried *tried)
{
	for (unsigned int i = 0; i < t->decided.n; i++) {
		const struct ec_decision *d = t->decided.decision + i;
		const struct ec_rule *rule = ec_rules_origin(t->c->set, d->origin);
		struct check_rule *found = t->c->rule + (rule - t->c->set->rule);
		struct check_setting *set = found->setting + (d->set - rule->setting);

		found->applied = true;
		if (!set->used && check_decides(tried, d->set, set->why))
			set->used = true;
	}
}

/* Marks rules that match @subject for any guest. */
static void mark_matched(struct trial *t, const struct ec_subject *subject)
{
	for (unsigned int i = 0; i < t->c->set->n; i++) {
		struct ec_match m = t->c->set->rule[i].match;

		m.guest.n = 0;
		if (!t->c->rule[i].matched && ec_match_holds(&m, subject))
			t->c->rule[i].matched = true;
	}
}

/* Tries the function in one topology, for each guest. */
static int try_place(struct trial *t, enum ec_topology topology)
{
	const struct ec_plan_options without = { .topology = topology,
						 .live = t->source->machine,
						 .vendor = t->fn->vendor,
						 .device = t->fn->device,
						 .region = t->fn->region };
	struct ec_subject subject;
	struct check_tried tried = { &t->without, NULL, &subject, &t->decided, t->c->set };
	enum ec_bus_kind bus;
	struct ec_diag diag;
	struct ec_plan *built;
	int rc = 0;

	if (ec_plan_build(&t->without, &t->fn->image, &without, &diag))
		return 0;
	ec_subject_read(&t->fn->image, &without, &t->chain, &subject);
	subject.bdf = t->fn->sbdf;
	subject.vf = source_is_vf(t->source, t->fn);
	bus = subject.bus;
	mark_matched(t, &subject);
	for (unsigned int i = 0; i < t->n_guests && !rc; i++) {
		struct ec_plan_options with = without;

		subject.bus = bus;
		subject.guest_name = t->guest[i].name;
		subject.guest_uuid = t->guest[i].uuid;
		rc = rules_decide(t->c->set, &subject, -1, &with, &t->decided);
		if (rc || !t->decided.n)
			continue;
		rc = try_plan(t, &with, &built);
		tried.with = built;
		mark_used(t, &tried);
		check_odd(t->c, &tried);
		if (rc || find_conflicts(t))
			rc = out_no_memory();
	}
	return rc;
}

/* Captures all registers: plans of different rules need different ones. */
static bool capture(struct trial *t, struct ec_dump_function *fn)
{
	static const struct ec_plan_options options = { .topology = EC_HOST };
	struct source_capture c = { EC_CAPTURE_ALL, &options, .plan = &t->plan };

	if (source_capture(t->source, fn, &c))
		return false;
	source_say_captured(fn, &c.captured);
	/* without all bytes no warning would be justified; bridges cannot be attached */
	return !c.captured.limited && !ec_plan_build(&t->plan, &fn->image, &options, &c.diag) &&
	       t->plan.header_type == PCI_HEADER_TYPE_NORMAL;
}

/* The setting decides nothing of any function. */
static void judge_setting(struct check *c, const struct ec_rule *rule, const struct ec_setting *set,
			  const char *why, const char *name)
{
	if (*why)
		check_warn(c, rule, set, "%s", why);
	else
		check_warn(c, rule, set, "no function of %s that the rule matches has %s", name,
			   check_lacking(set));
}

static void judge(struct check *c, const char *name)
{
	for (unsigned int i = 0; i < c->set->n; i++) {
		const struct ec_rule *rule = c->set->rule + i;
		const struct check_rule *found = c->rule + i;

		/* quirks are for devices of every machine */
		if (found->never || (!found->applied && rule->layer == EC_LAYER_QUIRKS))
			continue;
		if (!found->matched)
			check_warn(c, rule, NULL, "matches no function of %s", name);
		else if (!found->applied && rule->n && !rule->match.guest.n)
			check_warn(c, rule, NULL,
				   "applies to no function of %s: rules before it are final%s",
				   name, rule->match.bus ? ", or put it on another bus" : "");
		for (unsigned int k = 0; found->applied && k < rule->n; k++)
			if (!found->setting[k].used)
				judge_setting(c, rule, rule->setting + k, found->setting[k].why,
					      name);
	}
}

int check_functions(struct check *c, const struct source *s, const char *name)
{
	struct trial *t = calloc(1, sizeof(*t));
	int rc = 0;

	if (!t)
		return out_no_memory();
	t->c = c;
	t->source = s;
	if (!list_guests(t))
		rc = out_no_memory();
	for (unsigned int i = 0; i < s->n && !rc; i++) {
		if (!report_segment(s->fn[i].sbdf) || !capture(t, s->fn + i))
			continue;
		t->fn = s->fn + i;
		c->functions++;
		rc = try_place(t, EC_BYPASSED);
		if (!rc)
			rc = try_place(t, EC_FLATTENED);
	}
	if (!rc && c->functions)
		judge(c, name);
	ec_decisions_free(&t->decided);
	free(t->guest);
	free(t);
	return rc;
}
