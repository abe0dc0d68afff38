/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "supervisor/rules.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/reset.h"
#include "policy/parse.h"
#include "policy/resolve.h"
#include "view/subject.h"

/* The options of the attach are the last layer. */
static int add_options(struct ec_attach_work *w, struct ec_diag *diag)
{
	const struct ec_attach_spec *spec = &w->attachment->spec;

	for (unsigned int i = 0; i < spec->n_sets; i++) {
		const char *key = ec_attach_spec_key(spec, i);
		const char *value = ec_attach_spec_value(spec, i);
		struct ec_rules_error err;
		int rc = ec_rules_add_set(w->rules, "attach", key, value, &err);

		if (rc) {
			ec_diag_set(diag, 0, "%s=%s: %s", key, value,
				    rc == -ENOMEM ? "out of memory" : err.text);
			return rc;
		}
	}
	return 0;
}

static int load(struct ec_attach_work *w, struct ec_diag *diag)
{
	const struct ec_backends *b = ec_attachment_backends(w->attachment);
	int rc = 0;

	w->rules = ec_rules_new();
	if (!w->rules) {
		ec_diag_set(diag, 0, "out of memory");
		return -ENOMEM;
	}
	if (b->rules)
		rc = b->rules(b->rules_ctx, w->rules, diag);
	return rc ? rc : add_options(w, diag);
}

static const char *rule_of(const struct ec_attach_work *w, const struct ec_decision *c)
{
	return ec_rules_origin(w->rules, c->origin)->name;
}

static bool is_allowed(const char *method, const struct ec_decision *use, uint64_t mask)
{
	unsigned int i = 0;

	while (i < EC_RESET_METHODS && strcmp(method, ec_reset_method_names[i]) != 0)
		i++;
	return i < EC_RESET_METHODS ? mask >> i & 1 : !use;
}

/* The methods that the rules leave of those that the kernel lists, in the kernel's order. */
static int choose_reset(struct ec_attach_work *w, struct ec_diag *diag)
{
	const struct ec_attachment *a = w->attachment;
	struct ec_reset *r = a->device->hardware.reset;
	const struct ec_decision *use = ec_decisions_last(&w->decisions, EC_SET_RESET_METHODS, 0);
	const struct ec_decision *forbid = ec_decisions_last(&w->decisions, EC_SET_RESET_FORBID, 0);
	uint64_t mask = (use ? use->set->number : UINT64_MAX) & ~(forbid ? forbid->set->number : 0);
	char listed[sizeof(a->facts.reset_methods)], *save = NULL;
	size_t len = 0;

	r->never = a->spec.no_reset;
	*r->methods = 0;
	if ((!use && !forbid) || r->never)
		return 0;
	strcpy(listed, a->facts.reset_methods);
	for (char *m = strtok_r(listed, " ", &save); m; m = strtok_r(NULL, " ", &save))
		if (is_allowed(m, use, mask))
			len += (size_t)snprintf(r->methods + len, sizeof(r->methods) - len, "%s%s",
						len ? " " : "", m);
	if (len)
		return 0;
	ec_diag_set(diag, 0, "rule '%s' leaves none of the reset methods that the kernel has (%s)",
		    rule_of(w, use ? use : forbid),
		    *a->facts.reset_methods ? a->facts.reset_methods : "it lists none");
	return -EPERM;
}

/* The attach outranks rules in what both say of the slot and of the ECAM window. */
static void choose_place(struct ec_attach_work *w)
{
	struct ec_attachment *a = w->attachment;
	const struct ec_decision *slot = ec_decisions_last(&w->decisions, EC_SET_SLOT, 0);
	const struct ec_decision *topology = ec_decisions_last(&w->decisions, EC_SET_TOPOLOGY, 0);

	a->machine.topology = topology ? (enum ec_topology)topology->set->number : EC_BYPASSED;
	a->machine.has_slot = a->spec.has_slot || slot;
	if (a->spec.has_slot)
		a->machine.slot = a->spec.slot;
	else if (slot)
		a->machine.slot = (uint8_t)slot->set->number;
	ec_machine_settings_of(&w->decisions, &a->settings);
	if (a->spec.ecam != EC_ECAM_DEFAULT)
		ec_machine_settings_set(&a->settings, EC_SETTING_ECAM,
					a->spec.ecam == EC_ECAM_AT ? a->spec.ecam_base
								   : EC_NO_ECAM);
}

int ec_attach_rules(struct ec_attach_work *w, struct ec_diag *diag)
{
	const struct ec_attachment *a = w->attachment;
	const struct ec_guest *g = a->device->guest;
	struct ec_plan_options options = { .topology = EC_BYPASSED,
					   .vendor = a->facts.vendor,
					   .device = a->facts.device };
	struct ec_subject subject;
	int rc = load(w, diag);

	/* nothing decided before the view is planned is to blame */
	w->plan.blame = EC_BY_TABLE;
	if (rc)
		return rc;
	ec_subject_read(&w->image, &options, &w->chain, &subject);
	subject.bdf = a->spec.host;
	subject.vf = a->facts.is_vf;
	subject.guest_name = g->name;
	subject.guest_uuid = *g->info.uuid ? g->info.uuid : NULL;
	rc = ec_subject_resolve(w->rules, &subject, &w->decisions);
	if (rc) {
		ec_diag_set(diag, 0, "out of memory");
		return rc;
	}
	choose_place(w);
	return choose_reset(w, diag);
}

int ec_attach_rules_blame(const struct ec_attach_work *w, int rc, struct ec_diag *diag)
{
	const struct ec_rule *r = rc == -EINVAL ? ec_rules_origin(w->rules, w->plan.blame) : NULL;
	const struct ec_setting *set = w->plan.blame_set;
	struct ec_diag why;

	if (r) {
		why = *diag;
		ec_diag_set(diag, 0, "%s: rule '%s': %s%s%s", r->file, r->name,
			    set ? set->path : "", set ? ": " : "", why.text);
	}
	return rc;
}
