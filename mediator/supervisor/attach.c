/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The life of a device: the steps that make a function of the host a guest's, each with its
 * undoing, in one table. An attach goes down the table, a failure and a detach come back up.
 */
#include <errno.h>
#include <pci/header.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/bits.h"
#include "guest/device.h"
#include "guest/guest.h"
#include "supervisor/acquire.h"
#include "supervisor/placement.h"
#include "view/build.h"
#include "view/capture.h"
#include "view/subject.h"

#define PORTS(d) (&(d)->guest->service->ports)

/* Copies out of the plan what lasts. */
static int keep_plan(struct ec_device *d, const struct ec_plan *plan, const struct ec_image *img)
{
	size_t bytes = ec_layout_bytes(&plan->layout);
	size_t words = plan->layout.words * sizeof(uint32_t);
	struct ec_layout *layout = malloc(sizeof(*layout));

	d->function.layout = layout;
	d->function.shadow = malloc(words);
	d->first_shadow = malloc(words);
	if (!layout || !d->function.shadow || !d->first_shadow)
		return -ENOMEM;
	memcpy(layout, &plan->layout, bytes);
	memcpy(d->function.shadow, plan->shadow, words);
	memcpy(d->first_shadow, plan->shadow, words);
	memcpy(d->bar, plan->bar, sizeof(d->bar));
	d->has_msi = layout->params.msi || layout->params.msix;
	if (layout->params.msix)
		d->msix_entries =
			(uint16_t)((ec_image_get(img,
						 layout->params.msix_hw + (uint32_t)PCI_CAP_FLAGS,
						 2) &
				    PCI_MSIX_TABSIZE) +
				   1);
	d->msix = calloc(layout->params.msix_vectors + 1u, sizeof(*d->msix));
	if (!d->msix)
		return -ENOMEM;
	for (unsigned int i = 0; i < layout->params.msix_vectors; i++)
		d->msix[i] = (struct ec_vector){ .pirq = -1, .ctrl = 1 };
	return 0;
}

/*
 * Does another function use the device's interrupt line: of the host, or of a guest? The first
 * cannot tell of the second, whose line looks quiet.
 */
static int shares_line(const struct ec_device *d, struct ec_sbdf *other)
{
	const struct ec_service *s = d->guest->service;

	for (unsigned int i = 0; i < s->n; i++)
		for (unsigned int j = 0; j < s->guest[i]->n; j++) {
			const struct ec_device *o = s->guest[i]->device[j];

			if (o == d || !o->pin || o->facts.irq != d->facts.irq)
				continue;
			*other = o->spec.host;
			return 1;
		}
	return PORTS(d)->device->shares_irq(PORTS(d)->device_ctx, d->spec.host, other);
}

/*
 * INTx needs a controller in the guest, and a line that nobody else is on: the guest could stop
 * it. What has MSI does without; what has not cannot be given.
 */
static int choose_pin(struct ec_device *d, uint32_t pin, struct ec_diag *diag)
{
	struct ec_sbdf other;
	char name[EC_SBDF_MAX];
	int rc;

	d->pin = 0;
	if (!pin || pin > 4 || !d->guest->info.intx || d->facts.irq <= 0)
		return 0;
	/* Xen's library takes a byte */
	if (d->facts.irq > 255 && d->has_msi)
		return 0;
	rc = shares_line(d, &other);
	if (rc <= 0) {
		d->pin = rc ? 0 : (uint8_t)pin;
		if (rc)
			ec_diag_set(diag, 0, "who shares its interrupt line is not known: %s",
				    strerror(-rc));
		return rc;
	}
	ec_sbdf_print(other, true, name);
	if (d->has_msi) {
		ec_log(d, "shares its interrupt line with %s: the guest gets MSI only", name);
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

/* The view, with its pin if there is something that INTx can be raised at. */
static int plan_view(struct ec_device *d, struct ec_plan_options *options, struct ec_diag *diag)
{
	struct ec_service *s = d->guest->service;
	int rc;

	options->live = true;
	rc = ec_plan_build(s->plan, s->image, options, diag);
	if (rc)
		return ec_rules_blame(d, rc, diag);
	d->has_msi = s->plan->layout.params.msi || s->plan->layout.params.msix;
	rc = choose_pin(d, shown(s->plan, 0, PCI_INTERRUPT_PIN), diag);
	if (rc || d->pin)
		return rc;
	options->no_intx = true;
	return ec_rules_blame(d, ec_plan_build(s->plan, s->image, options, diag), diag);
}

/* What the planner of the guest's machine is to know, and the port that it may be behind. */
static void describe(struct ec_device *d, struct ec_plan *plan)
{
	d->machine.host = d->spec.host;
	d->machine.express = plan->express;
	d->machine.is_vf = d->facts.is_vf;
	d->machine.class = (uint16_t)shown(plan, 0, PCI_CLASS_DEVICE);
	memcpy(d->machine.bar, plan->bar, sizeof(d->machine.bar));
	for (unsigned int i = 0; i < plan->chain.n_std; i++) {
		uint32_t at = plan->chain.link[i].offset;

		if (plan->chain.link[i].id != PCI_CAP_ID_EXP)
			continue;
		d->payload = shown(plan, i + 1, at + PCI_EXP_DEVCAP) & PCI_EXP_DEVCAP_PAYLOAD;
		d->link.cap = shown(plan, i + 1, at + PCI_EXP_LNKCAP);
		d->link.sta = (uint16_t)shown(plan, i + 1, at + PCI_EXP_LNKSTA);
		d->link.cap2 = shown(plan, i + 1, at + PCI_EXP_LNKCAP2);
		return;
	}
}

static int begin_plan(struct ec_device *d, struct ec_diag *diag)
{
	struct ec_service *s = d->guest->service;
	struct ec_plan_options options = { .topology = EC_BYPASSED,
					   .vendor = d->facts.vendor,
					   .device = d->facts.device,
					   .region = d->facts.region };
	struct ec_captured captured;
	int rc;

	ec_plan_options_rules(&options, &d->decisions, false);
	rc = ec_capture_take(&(struct ec_capture_request){ &ec_conf_fd_ops, &d->conf,
							   EC_CAPTURE_PLAN, &options },
			     s->plan, s->image, &captured, diag);
	if (rc)
		return ec_rules_blame(d, rc, diag);
	if (captured.failed || captured.limited) {
		ec_diag_set(diag, 0, "its configuration space cannot be read");
		return -EIO;
	}
	options.multifunction =
		ec_topology_shared(options.topology, s->plan->express, d->facts.is_vf,
				   (uint8_t)ec_image_get(s->image, PCI_HEADER_TYPE, 1));
	/* a rule may say otherwise */
	ec_plan_options_rules(&options, &d->decisions, false);
	rc = plan_view(d, &options, diag);
	if (rc)
		return rc;
	describe(d, s->plan);
	rc = keep_plan(d, s->plan, s->image);
	ec_saved_registers_note(d, s->plan);
	ec_rules_end(d, NULL);
	if (rc)
		ec_diag_set(diag, 0, "out of memory");
	return rc ? rc : ec_bars_check(d, diag);
}

static int begin_pages(struct ec_device *d, struct ec_diag *diag)
{
	return ec_bars_traps(d, true, diag);
}

static int end_pages(struct ec_device *d, struct ec_diag *diag)
{
	return ec_bars_traps(d, false, diag);
}

/* xen-pciback does it when it binds. */
static bool prepares_itself(const struct ec_device *d)
{
	return !strcmp(d->taken.stub, "pciback");
}

/*
 * The hardware's decode stays on: what the guest turns off is its own mapping. Xen prepares
 * MSI-X only of what decodes.
 */
static int begin_decode(struct ec_device *d, struct ec_diag *diag)
{
	(void)diag;
	d->command = PCI_COMMAND_DISABLE_INTx;
	for (unsigned int i = 0; i < EC_BAR_ROM; i++) {
		if (d->bar[i].kind == EC_BAR_IO)
			d->command |= PCI_COMMAND_IO;
		else if (d->bar[i].kind != EC_BAR_NONE)
			d->command |= PCI_COMMAND_MEMORY;
	}
	ec_device_command(d);
	return 0;
}

static int begin_msix(struct ec_device *d, struct ec_diag *diag)
{
	int rc;

	if (!d->function.layout->params.msix || prepares_itself(d))
		return 0;
	rc = PORTS(d)->priv->prepare_msix(PORTS(d)->priv_ctx, d->spec.host, true);
	if (!rc || rc == -EOPNOTSUPP)
		return 0;
	ec_diag_set(diag, 0, "%s", strerror(-rc));
	return rc;
}

static int end_msix(struct ec_device *d, struct ec_diag *diag)
{
	int rc;

	if (!d->function.layout->params.msix || prepares_itself(d))
		return 0;
	rc = PORTS(d)->priv->prepare_msix(PORTS(d)->priv_ctx, d->spec.host, false);
	if (!rc || rc == -EOPNOTSUPP)
		return 0;
	ec_diag_set(diag, 0, "%s", strerror(-rc));
	return rc;
}

static int begin_grant(struct ec_device *d, struct ec_diag *diag)
{
	return ec_bars_allow(d, true, diag);
}

static int end_grant(struct ec_device *d, struct ec_diag *diag)
{
	return ec_bars_allow(d, false, diag);
}

static int begin_assign(struct ec_device *d, struct ec_diag *diag)
{
	int rc = PORTS(d)->priv->assign(PORTS(d)->priv_ctx, d->guest->domid, d->spec.host, true);

	d->used = d->used || !rc;
	/* what else Xen refuses for was asked before */
	if (rc == -EXDEV)
		ec_diag_set(diag, 0,
			    "the guest is being migrated or saved, or that failed: its memory is "
			    "still logged");
	else if (rc)
		ec_diag_set(diag, 0, "%s", strerror(-rc));
	return rc;
}

/* Of a guest that is gone Xen has taken it already. */
static int end_assign(struct ec_device *d, struct ec_diag *diag)
{
	int rc;

	if (d->guest->gone)
		return 0;
	rc = PORTS(d)->priv->assign(PORTS(d)->priv_ctx, d->guest->domid, d->spec.host, false);
	if (rc)
		ec_diag_set(diag, 0, "%s", strerror(-rc));
	return rc;
}

static int begin_intx(struct ec_device *d, struct ec_diag *diag)
{
	int rc = ec_irq_intx(d, true, diag);

	if (!rc && d->intx_bound)
		ec_device_intx(d, true);
	return rc;
}

static int end_intx(struct ec_device *d, struct ec_diag *diag)
{
	ec_device_intx(d, false);
	return ec_irq_intx(d, false, diag);
}

static int begin_serve(struct ec_device *d, struct ec_diag *diag)
{
	return ec_guest_serve(d->guest, d, diag);
}

static int end_serve(struct ec_device *d, struct ec_diag *diag)
{
	struct ec_action_list list = { 0 };
	int irq, bars;

	ec_guest_unserve(d->guest, d);
	ec_power_wake(d);
	ec_effect_reset(d->function.layout, d->function.shadow, &list);
	ec_actions_run(d, &list);
	irq = ec_irq_end(d);
	bars = ec_bars_end(d);
	if (irq || bars)
		ec_diag_set(diag, 0, "something of it stays with the guest: %s",
			    strerror(irq ? -irq : -bars));
	return irq ? irq : bars;
}

/* What holds the function with the guest: where that cannot be undone, nobody else gets it. */
enum { HOLDS = 1 };

static const struct step {
	const char *name;
	int (*begin)(struct ec_device *d, struct ec_diag *diag);
	int (*end)(struct ec_device *d, struct ec_diag *diag);
	unsigned int flags;
} steps[] = {
	{ "noting who has it", ec_acquire_claim, ec_release_claim },
	{ "taking it from its driver", ec_acquire_take, ec_release_take },
	{ "looking at it", ec_acquire_facts, NULL },
	{ "opening its configuration space", ec_acquire_open, ec_release_open },
	{ "turning its interrupts off", ec_acquire_quiet, NULL },
	{ "looking up its rules", ec_rules_begin, ec_rules_end },
	{ "quarantine", ec_acquire_quarantine, ec_release_quarantine, HOLDS },
	{ "reset", ec_acquire_reset, ec_release_reset, HOLDS },
	{ "planning its view", begin_plan, NULL },
	{ "placing it", ec_placement_begin, ec_placement_end },
	{ "mapping its MSI-X pages", begin_pages, end_pages },
	{ "decode", begin_decode, NULL },
	{ "preparing MSI-X", begin_msix, end_msix },
	{ "permissions", begin_grant, end_grant, HOLDS },
	{ "assigning it", begin_assign, end_assign, HOLDS },
	{ "INTx", begin_intx, end_intx, HOLDS },
	{ "serving it", begin_serve, end_serve, HOLDS },
};

/*
 * Tried twice: what Xen refused once it may do a moment later, or the guest has died meanwhile, and
 * Xen has done it.
 */
static int undo(struct ec_device *d, const struct step *s, struct ec_diag *why)
{
	int rc = s->end ? s->end(d, why) : 0;

	if (!rc)
		return 0;
	if (s->flags & HOLDS)
		ec_guest_look(d->guest, true);
	rc = s->end(d, why);
	if (!rc)
		return 0;
	ec_log(d, "undoing '%s': %s", s->name, why->text);
	if (s->flags & HOLDS && !d->lost) {
		d->lost = true;
		ec_log(d, "stays in quarantine, bound to %s", d->taken.stub);
	}
	return rc;
}

int ec_attach_end(struct ec_device *d, struct ec_diag *diag)
{
	int first = 0;

	while (d->steps) {
		const struct step *s = steps + --d->steps;
		struct ec_diag why = { 0 };
		int rc = undo(d, s, &why);

		if (rc && !first)
			ec_diag_set(diag, 0, "undoing '%s': %s", s->name, why.text);
		first = first ? first : rc;
	}
	ec_p2m_orphan(&d->guest->p2m, d);
	return first;
}

int ec_attach_begin(struct ec_device *d, struct ec_diag *diag)
{
	for (d->steps = 0; d->steps < EC_ARRAY_SIZE(steps); d->steps++) {
		struct ec_diag why = { 0 }, later;
		int rc = steps[d->steps].begin(d, &why);

		if (!rc)
			continue;
		ec_diag_set(diag, 0, "%s: %s", steps[d->steps].name, why.text);
		ec_attach_end(d, &later);
		return rc;
	}
	return 0;
}

void ec_device_free(struct ec_device *d)
{
	if (!d)
		return;
	free((void *)(uintptr_t)d->function.layout);
	free(d->function.shadow);
	free(d->first_shadow);
	free(d->msix);
	free(d);
}
