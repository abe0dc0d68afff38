/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "supervisor/attach_view.h"

#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "guest/bars.h"
#include "guest/downstream.h"
#include "guest/hardware.h"
#include "guest/intx.h"
#include "guest/lifetime.h"
#include "guest/log.h"
#include "supervisor/check_bars.h"
#include "supervisor/rules.h"
#include "view/build.h"
#include "view/capture.h"
#include "view/subject.h"
#include "view/topology.h"

/* Xen's library takes a byte. */
#define IRQ_MAX 255

/*
 * Does another function use the interrupt line, one of the host or of a guest? The host's look
 * does not find the second, whose line seems quiet.
 */
static int shares_line(const struct ec_attach_work *w, struct ec_sbdf *other)
{
	const struct ec_attachment *a = w->attachment;

	for (unsigned int i = 0; i < w->guests->n; i++)
		for (unsigned int j = 0; j < w->guests->guest[i]->n; j++) {
			const struct ec_attachment *o = w->guests->guest[i]->attachment[j];

			if (o == a || ec_intx_line_of(o->device) != a->facts.irq)
				continue;
			*other = o->spec.host;
			return 1;
		}
	return ec_host_shares_irq(ec_attachment_backends(a), a->spec.host, other);
}

/*
 * INTx needs an interrupt controller in the guest, and a line that nothing else uses: the guest
 * could stop it. A function with MSI does without; one without MSI cannot be given.
 */
static int choose_pin(struct ec_attach_work *w, uint32_t pin, bool *chosen, struct ec_diag *diag)
{
	struct ec_attachment *a = w->attachment;
	bool has_msi = w->plan.layout.params.msi || w->plan.layout.params.msix;
	struct ec_sbdf other;
	char name[EC_SBDF_MAX];
	int rc;

	*chosen = false;
	if (!pin || pin > 4 || !a->device->guest->info.intx || a->facts.irq <= 0)
		return 0;
	if (a->facts.irq > IRQ_MAX && has_msi)
		return 0;
	rc = shares_line(w, &other);
	if (rc < 0)
		ec_diag_set(diag, 0, "who shares its interrupt line is not known: %s",
			    strerror(-rc));
	if (rc <= 0) {
		*chosen = !rc;
		ec_intx_line(a->device, rc ? 0 : (uint8_t)pin, a->facts.irq);
		return rc;
	}
	ec_sbdf_print(other, true, name);
	if (has_msi) {
		ec_log(a->device, "shares its interrupt line with %s: the guest gets MSI only",
		       name);
		return 0;
	}
	ec_diag_set(diag, 0, "shares its interrupt line with %s, and has no MSI", name);
	return -EPERM;
}

/* What the guest finds at first in the register at @offset; @cap: as ec_plan_row() has it. */
static uint32_t shown(struct ec_plan *plan, unsigned int cap, uint32_t offset)
{
	const struct ec_plan_reg *r = ec_plan_row(plan, cap, offset);

	return r ? r->value : 0;
}

/* The view has a pin only if there is a controller and a line for it. */
static int plan_view(struct ec_attach_work *w, struct ec_plan_options *options,
		     struct ec_diag *diag)
{
	bool pin;
	int rc;

	options->live = true;
	rc = ec_plan_build(&w->plan, &w->image, options, diag);
	if (rc)
		return ec_attach_rules_blame(w, rc, diag);
	rc = choose_pin(w, shown(&w->plan, 0, PCI_INTERRUPT_PIN), &pin, diag);
	if (rc || pin)
		return rc;
	options->no_intx = true;
	return ec_attach_rules_blame(w, ec_plan_build(&w->plan, &w->image, options, diag), diag);
}

/* What its root port, if it is behind one, shows of the link between them. */
static void describe_link(struct ec_attachment *a, struct ec_plan *plan)
{
	struct ec_downstream_link link = { 0 };

	for (unsigned int i = 0; i < plan->chain.n_std; i++) {
		uint32_t at = plan->chain.link[i].offset;

		if (plan->chain.link[i].id != PCI_CAP_ID_EXP)
			continue;
		link.payload = shown(plan, i + 1, at + PCI_EXP_DEVCAP) & PCI_EXP_DEVCAP_PAYLOAD;
		link.link.cap = shown(plan, i + 1, at + PCI_EXP_LNKCAP);
		link.link.sta = (uint16_t)shown(plan, i + 1, at + PCI_EXP_LNKSTA);
		link.link.cap2 = shown(plan, i + 1, at + PCI_EXP_LNKCAP2);
		break;
	}
	ec_downstream_set_link(a->device, &link);
}

/* What the planner of the guest's machine needs to know. */
static void describe(struct ec_attachment *a, struct ec_plan *plan)
{
	a->machine.host = a->spec.host;
	a->machine.express = plan->express;
	a->machine.is_vf = a->facts.is_vf;
	a->machine.class = (uint16_t)shown(plan, 0, PCI_CLASS_DEVICE);
	memcpy(a->machine.bar, plan->bar, sizeof(a->machine.bar));
	describe_link(a, plan);
}

static int capture(struct ec_attach_work *w, const struct ec_plan_options *options,
		   struct ec_diag *diag)
{
	struct ec_captured captured;
	int rc = ec_capture_take(&(struct ec_capture_request){ &ec_hardware_ops,
							       w->attachment->device,
							       EC_CAPTURE_PLAN, options },
				 &w->plan, &w->image, &captured, diag);

	if (rc)
		return ec_attach_rules_blame(w, rc, diag);
	if (captured.failed || captured.limited) {
		ec_diag_set(diag, 0, "its configuration space cannot be read");
		return -EIO;
	}
	return 0;
}

int ec_attach_view(struct ec_attach_work *w, struct ec_diag *diag)
{
	struct ec_attachment *a = w->attachment;
	struct ec_plan_options options = { .topology = EC_BYPASSED,
					   .vendor = a->facts.vendor,
					   .device = a->facts.device,
					   .region = a->facts.region };
	int rc;

	ec_plan_options_rules(&options, &w->decisions, false);
	rc = capture(w, &options, diag);
	if (rc)
		return rc;
	options.multifunction =
		ec_topology_shared(options.topology, w->plan.express, a->facts.is_vf,
				   (uint8_t)ec_image_get(&w->image, PCI_HEADER_TYPE, 1));
	/* a rule may say otherwise */
	ec_plan_options_rules(&options, &w->decisions, false);
	rc = plan_view(w, &options, diag);
	if (rc)
		return rc;
	describe(a, &w->plan);
	rc = ec_device_set_view(a->device, &w->plan, &w->image);
	if (rc) {
		ec_diag_set(diag, 0, "out of memory");
		return rc;
	}
	memcpy(w->bar, w->plan.bar, sizeof(w->bar));
	rc = ec_check_bars(&a->facts, w->bar, diag);
	ec_bars_set(a->device, w->bar);
	return rc;
}
