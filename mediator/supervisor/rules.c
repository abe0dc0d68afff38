/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What rules decide of a function that is being attached, before and while its view is planned. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/device.h"
#include "guest/guest.h"
#include "policy/parse.h"
#include "policy/resolve.h"
#include "view/subject.h"

/* The options of the attach are the last layer. */
static int add_options(struct ec_device *d, struct ec_diag *diag)
{
	for (unsigned int i = 0; i < d->spec.n_sets; i++) {
		const char *key = ec_attach_spec_key(&d->spec, i);
		const char *value = ec_attach_spec_value(&d->spec, i);
		struct ec_rules_error err;
		int rc = ec_rules_add_set(d->rules, "attach", key, value, &err);

		if (rc) {
			ec_diag_set(diag, 0, "%s=%s: %s", key, value,
				    rc == -ENOMEM ? "out of memory" : err.text);
			return rc;
		}
	}
	return 0;
}

static int load(struct ec_device *d, struct ec_diag *diag)
{
	const struct ec_service_ports *p = &d->guest->service->ports;
	int rc = 0;

	d->rules = ec_rules_new();
	if (!d->rules) {
		ec_diag_set(diag, 0, "out of memory");
		return -ENOMEM;
	}
	if (p->rules)
		rc = p->rules(p->rules_ctx, d->rules, diag);
	return rc ? rc : add_options(d, diag);
}

static const char *rule_of(const struct ec_device *d, const struct ec_decision *c)
{
	return ec_rules_origin(d->rules, c->origin)->name;
}

/* Of the methods that the kernel lists those that the rules leave, in its order. */
static int choose_reset(struct ec_device *d, struct ec_diag *diag)
{
	const struct ec_decision *use = ec_decisions_last(&d->decisions, EC_SET_RESET_METHODS, 0);
	const struct ec_decision *forbid = ec_decisions_last(&d->decisions, EC_SET_RESET_FORBID, 0);
	uint64_t mask = (use ? use->set->number : UINT64_MAX) & ~(forbid ? forbid->set->number : 0);
	char listed[sizeof(d->facts.reset_methods)], *save = NULL;
	size_t len = 0;

	*d->reset_methods = 0;
	if ((!use && !forbid) || d->spec.no_reset)
		return 0;
	strcpy(listed, d->facts.reset_methods);
	for (char *m = strtok_r(listed, " ", &save); m; m = strtok_r(NULL, " ", &save)) {
		unsigned int i = 0;

		while (i < EC_RESET_METHODS && strcmp(m, ec_reset_method_names[i]) != 0)
			i++;
		if (i < EC_RESET_METHODS ? mask >> i & 1 : !use)
			len += (size_t)snprintf(d->reset_methods + len,
						sizeof(d->reset_methods) - len, "%s%s",
						len ? " " : "", m);
	}
	if (len)
		return 0;
	ec_diag_set(diag, 0, "rule '%s' leaves none of the reset methods that the kernel has (%s)",
		    rule_of(d, use ? use : forbid),
		    *d->facts.reset_methods ? d->facts.reset_methods : "it lists none");
	return -EPERM;
}

/* What decides where the guest finds it, and its machine. A slot that was asked for counts more
 * than a rule's. */
static void choose_place(struct ec_device *d)
{
	const struct ec_decision *slot = ec_decisions_last(&d->decisions, EC_SET_SLOT, 0);
	const struct ec_decision *topology = ec_decisions_last(&d->decisions, EC_SET_TOPOLOGY, 0);

	d->machine.topology = topology ? (enum ec_topology)topology->set->number : EC_BYPASSED;
	d->machine.has_slot = d->spec.has_slot || slot;
	if (d->spec.has_slot)
		d->machine.slot = d->spec.slot;
	else if (slot)
		d->machine.slot = (uint8_t)slot->set->number;
	ec_machine_settings_of(&d->decisions, &d->asked);
	if (d->spec.ecam != EC_ECAM_DEFAULT)
		ec_machine_settings_say(&d->asked, EC_ASK_ECAM,
					d->spec.ecam == EC_ECAM_AT ? d->spec.ecam_base
								   : EC_NO_ECAM);
}

static int look_up(struct ec_device *d, struct ec_diag *diag)
{
	struct ec_service *s = d->guest->service;
	struct ec_plan_options options = { .topology = EC_BYPASSED,
					   .vendor = d->facts.vendor,
					   .device = d->facts.device };
	static struct ec_chain chain; /* large; used here alone */
	struct ec_subject subject;
	int rc = load(d, diag);

	if (rc)
		return rc;
	/* turning its interrupts off has captured the headers of its chains */
	ec_subject_read(s->image, &options, &chain, &subject);
	subject.bdf = d->spec.host;
	subject.vf = d->facts.is_vf;
	subject.guest_name = d->guest->name;
	subject.guest_uuid = *d->guest->info.uuid ? d->guest->info.uuid : NULL;
	rc = ec_subject_resolve(d->rules, &subject, &d->decisions);
	if (rc) {
		ec_diag_set(diag, 0, "out of memory");
		return rc;
	}
	choose_place(d);
	return choose_reset(d, diag);
}

int ec_rules_begin(struct ec_device *d, struct ec_diag *diag)
{
	int rc;

	/* no decision of an earlier function is to blame for what fails before this one's plan */
	d->guest->service->plan->blame = EC_BY_TABLE;
	rc = look_up(d, diag);
	if (rc)
		ec_rules_end(d, NULL);
	return rc;
}

int ec_rules_end(struct ec_device *d, struct ec_diag *diag)
{
	(void)diag;
	ec_decisions_free(&d->decisions);
	ec_rules_free(d->rules);
	d->rules = NULL;
	return 0;
}

int ec_rules_blame(const struct ec_device *d, int rc, struct ec_diag *diag)
{
	const struct ec_rule *r =
		rc == -EINVAL ? ec_rules_origin(d->rules, d->guest->service->plan->blame) : NULL;
	const struct ec_setting *set = d->guest->service->plan->blame_set;
	struct ec_diag why;

	if (r) {
		why = *diag;
		ec_diag_set(diag, 0, "%s: rule '%s': %s%s%s", r->file, r->name,
			    set ? set->path : "", set ? ": " : "", why.text);
	}
	return rc;
}
