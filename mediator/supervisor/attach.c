/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One table has the steps, each with its undoing. An attach goes down the table; a failure and a
 * detach come back up. What is revoked is what was granted, since the same function computes both
 * from what was captured.
 */
#include "supervisor/attach.h"

#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "guest/bars.h"
#include "guest/hardware.h"
#include "guest/intx.h"
#include "guest/log.h"
#include "guest/serve.h"
#include "supervisor/acquire.h"
#include "supervisor/attach_view.h"
#include "supervisor/grants.h"
#include "supervisor/guests.h"
#include "supervisor/placement.h"
#include "supervisor/rules.h"

static int begin_pages(struct ec_attach_work *w, struct ec_diag *diag)
{
	return ec_bars_trap(w->attachment->device, true, diag);
}

static int end_pages(struct ec_attachment *a, struct ec_diag *diag)
{
	return ec_bars_trap(a->device, false, diag);
}

/*
 * The hardware's decode stays on: when the guest turns it off, its own mapping goes. Xen prepares
 * MSI-X only of a function that decodes.
 */
static int begin_decode(struct ec_attach_work *w, struct ec_diag *diag)
{
	uint16_t command = 0;

	(void)diag;
	for (unsigned int i = 0; i < EC_BAR_ROM; i++) {
		if (w->bar[i].kind == EC_BAR_IO)
			command |= PCI_COMMAND_IO;
		else if (w->bar[i].kind != EC_BAR_NONE)
			command |= PCI_COMMAND_MEMORY;
	}
	ec_hardware_decode(w->attachment->device, command);
	return 0;
}

static int prepare_msix(struct ec_attachment *a, bool add, struct ec_diag *diag)
{
	const struct ec_device *d = a->device;
	int rc;

	/* xen-pciback prepares MSI-X when it binds */
	if (!d->function.layout->params.msix || !strcmp(a->taken.stub, "pciback"))
		return 0;
	rc = ec_priv_prepare_msix(d->guest->backends, d->host, add);
	if (!rc || rc == -EOPNOTSUPP)
		return 0;
	ec_diag_set(diag, 0, "%s", strerror(-rc));
	return rc;
}

static int begin_msix(struct ec_attach_work *w, struct ec_diag *diag)
{
	return prepare_msix(w->attachment, true, diag);
}

static int end_msix(struct ec_attachment *a, struct ec_diag *diag)
{
	return prepare_msix(a, false, diag);
}

static int begin_grants(struct ec_attach_work *w, struct ec_diag *diag)
{
	return ec_grants_add(w->attachment->device, diag);
}

static int end_grants(struct ec_attachment *a, struct ec_diag *diag)
{
	return ec_grants_remove(a->device, diag);
}

static int begin_assign(struct ec_attach_work *w, struct ec_diag *diag)
{
	struct ec_attachment *a = w->attachment;
	const struct ec_guest *g = a->device->guest;
	int rc = ec_priv_assign(g->backends, g->domid, a->spec.host, true);

	a->used = a->used || !rc;
	/* the other reasons for which Xen gives this errno were excluded before */
	if (rc == -EXDEV)
		ec_diag_set(diag, 0,
			    "the guest is being migrated or saved, or that failed: its memory is "
			    "still logged");
	else if (rc)
		ec_diag_set(diag, 0, "%s", strerror(-rc));
	return rc;
}

/* Xen has taken the functions of a guest that is gone. */
static int end_assign(struct ec_attachment *a, struct ec_diag *diag)
{
	const struct ec_guest *g = a->device->guest;
	int rc;

	if (g->gone)
		return 0;
	rc = ec_priv_assign(g->backends, g->domid, a->spec.host, false);
	if (rc)
		ec_diag_set(diag, 0, "%s", strerror(-rc));
	return rc;
}

static int begin_intx(struct ec_attach_work *w, struct ec_diag *diag)
{
	struct ec_device *d = w->attachment->device;
	int rc = ec_intx_connect(d, true, diag);

	if (!rc && ec_intx_connected(d))
		ec_hardware_intx(d, true);
	return rc;
}

static int end_intx(struct ec_attachment *a, struct ec_diag *diag)
{
	ec_hardware_intx(a->device, false);
	return ec_intx_connect(a->device, false, diag);
}

static int begin_serve(struct ec_attach_work *w, struct ec_diag *diag)
{
	return ec_serve_begin(w->attachment->device, diag);
}

static int end_serve(struct ec_attachment *a, struct ec_diag *diag)
{
	return ec_serve_end(a->device, diag);
}

/* The step gives the guest something: where it cannot be undone, no other owner gets the function.
 */
enum { GIVES = 1 };

static const struct step {
	const char *name;
	int (*begin)(struct ec_attach_work *w, struct ec_diag *diag);
	int (*end)(struct ec_attachment *a, struct ec_diag *diag);
	unsigned int flags;
} steps[] = {
	{ "noting who has it", ec_acquire_claim, ec_release_claim },
	{ "taking it from its driver", ec_acquire_driver, ec_release_driver },
	{ "looking at it", ec_acquire_facts, NULL },
	{ "opening its configuration space", ec_acquire_open, ec_release_open },
	{ "turning its interrupts off", ec_acquire_quiet, NULL },
	{ "looking up its rules", ec_attach_rules, NULL },
	{ "quarantine", ec_acquire_quarantine, ec_release_quarantine, GIVES },
	{ "reset", ec_acquire_reset, ec_release_reset, GIVES },
	{ "planning its view", ec_attach_view, NULL },
	{ "placing it", ec_placement_begin, ec_placement_end },
	{ "mapping its MSI-X pages", begin_pages, end_pages },
	{ "decode", begin_decode, NULL },
	{ "preparing MSI-X", begin_msix, end_msix },
	{ "permissions", begin_grants, end_grants, GIVES },
	{ "assigning it", begin_assign, end_assign, GIVES },
	{ "INTx", begin_intx, end_intx, GIVES },
	{ "serving it", begin_serve, end_serve, GIVES },
};

/*
 * Tried twice: what Xen refused once it may do a moment later; or the guest has died meanwhile, and
 * Xen has done it.
 */
static int undo(struct ec_attachment *a, const struct step *s, struct ec_diag *why)
{
	int rc = s->end ? s->end(a, why) : 0;

	if (!rc)
		return 0;
	if (s->flags & GIVES)
		ec_guests_look(a->guest, true);
	rc = s->end(a, why);
	if (!rc)
		return 0;
	ec_log(a->device, "undoing '%s': %s", s->name, why->text);
	if (s->flags & GIVES && !a->held) {
		a->held = true;
		ec_log(a->device, "stays in quarantine, bound to %s", a->taken.stub);
	}
	return rc;
}

int ec_attach_end(struct ec_attachment *a, struct ec_diag *diag)
{
	int first = 0;

	while (a->steps) {
		const struct step *s = steps + --a->steps;
		struct ec_diag why = { 0 };
		int rc = undo(a, s, &why);

		if (rc && !first)
			ec_diag_set(diag, 0, "undoing '%s': %s", s->name, why.text);
		first = first ? first : rc;
	}
	ec_p2m_orphan(&a->device->guest->p2m, a->device);
	return first;
}

int ec_attach_begin(struct ec_attach_work *w, struct ec_diag *diag)
{
	struct ec_attachment *a = w->attachment;

	for (a->steps = 0; a->steps < EC_ARRAY_SIZE(steps); a->steps++) {
		struct ec_diag why = { 0 }, later;
		int rc = steps[a->steps].begin(w, &why);

		if (!rc)
			continue;
		ec_diag_set(diag, 0, "%s: %s", steps[a->steps].name, why.text);
		ec_attach_end(a, &later);
		return rc;
	}
	return 0;
}
