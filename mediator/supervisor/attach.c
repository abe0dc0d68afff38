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
#include "guest/msi.h"
#include "guest/serve.h"
#include "supervisor/acquire.h"
#include "supervisor/attach_view.h"
#include "supervisor/grants.h"
#include "supervisor/guests.h"
#include "supervisor/placement.h"
#include "supervisor/rules.h"

/* ec_attach_retry() waits twice as long each time, so many times. */
#define RETRY_DOUBLINGS 8u

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
	const struct ec_backends *b = ec_attachment_backends(a);
	const struct ec_device *d = a->device;
	int rc;

	/* xen-pciback prepares MSI-X when it binds */
	if (!d->function.layout->params.msix || !strcmp(a->taken.stub, "pciback"))
		return 0;
	rc = ec_priv_prepare_msix(b, d->host, add);
	/*
	 * Prepared by an ecamd that was killed, or by another holder of the function: the release
	 * that it missed is made up for. Xen refuses that while a vector is bound.
	 */
	if (rc == -EBUSY && add && !ec_priv_prepare_msix(b, d->host, false))
		rc = ec_priv_prepare_msix(b, d->host, true);
	if (!rc || rc == -EOPNOTSUPP || a->removed)
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
	return ec_grants_add(&w->attachment->grants, w->attachment->device, diag);
}

static int end_grants(struct ec_attachment *a, struct ec_diag *diag)
{
	return ec_grants_remove(&a->grants, a->device, diag);
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
	/* Xen took a function that the kernel has removed */
	if (rc == -ENODEV && a->removed)
		return 0;
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

static int end_mappings(struct ec_attachment *a, struct ec_diag *diag)
{
	return ec_serve_release(a->device, diag);
}

static int begin_serve(struct ec_attach_work *w, struct ec_diag *diag)
{
	return ec_serve_begin(w->attachment->device, diag);
}

static int end_serve(struct ec_attachment *a, struct ec_diag *diag)
{
	(void)diag;
	ec_serve_end(a->device);
	return 0;
}

enum {
	/* The step gives the guest something: where it cannot be undone, no other owner gets it. */
	GIVES = 1,
	/* Its undoing returns the function: not while anything is left with the guest. */
	RETURNS = 2,
	/* Its undoing is called also after a beginning that failed, which may have done a part. */
	IN_PARTS = 4,
	/* Its undoing needs the store, which may be away: it is tried again. */
	STORED = 8,
};

static const struct step {
	const char *name;
	int (*begin)(struct ec_attach_work *w, struct ec_diag *diag); /* NULL: nothing to do */
	int (*end)(struct ec_attachment *a, struct ec_diag *diag);
	unsigned int flags;
} steps[] = {
	{ "noting who has it", ec_acquire_claim, ec_release_claim, RETURNS | STORED },
	{ "taking it from its driver", ec_acquire_driver, ec_release_driver, RETURNS },
	{ "looking at it", ec_acquire_facts, NULL },
	{ "opening its configuration space", ec_acquire_open, ec_release_open, RETURNS },
	{ "turning its interrupts off", ec_acquire_quiet, ec_release_quiet, RETURNS },
	{ "looking up its rules", ec_attach_rules, NULL },
	{ "quarantine", ec_acquire_quarantine, ec_release_quarantine, GIVES | RETURNS },
	{ "reset", ec_acquire_reset, ec_release_reset, GIVES },
	{ "planning its view", ec_attach_view, NULL },
	{ "placing it", ec_placement_begin, ec_placement_end },
	{ "mapping its MSI-X pages", begin_pages, end_pages },
	{ "decode", begin_decode, NULL },
	{ "preparing MSI-X", begin_msix, end_msix },
	{ "permissions", begin_grants, end_grants, GIVES | IN_PARTS },
	{ "assigning it", begin_assign, end_assign, GIVES },
	{ "INTx", begin_intx, end_intx, GIVES | IN_PARTS },
	{ "what the guest has mapped", NULL, end_mappings, GIVES },
	{ "serving it", begin_serve, end_serve },
};

/*
 * Tried twice: what Xen refused once it may do a moment later; or the guest has died meanwhile, and
 * Xen has done it.
 */
static int undo(struct ec_attachment *a, unsigned int i, struct ec_diag *why)
{
	const struct step *s = steps + i;
	int rc = s->end ? s->end(a, why) : 0;

	if (!rc)
		return 0;
	if (s->flags & GIVES)
		ec_guests_look(a->guest);
	rc = s->end(a, why);
	if (!rc)
		return 0;
	if (!(s->flags & (GIVES | STORED))) {
		ec_log(a->device, "undoing '%s': %s", s->name, why->text);
		return rc;
	}
	a->left |= 1u << i;
	if (!*a->held.text) {
		ec_diag_set(&a->held, 0, "%s: %s", s->name, why->text);
		if (s->flags & GIVES)
			ec_log(a->device, "held in quarantine, bound to %s: %s", a->taken.stub,
			       a->held.text);
		else
			ec_log(a->device, "held: %s", a->held.text);
	}
	return rc;
}

/* Tries again what is left, from the last step. 0: nothing is left. */
static int undo_left(struct ec_attachment *a)
{
	struct ec_diag why;

	for (unsigned int i = EC_ARRAY_SIZE(steps); i-- > 0;)
		if (a->left >> i & 1 && !steps[i].end(a, &why))
			a->left &= ~(1u << i);
	return a->left ? -EBUSY : 0;
}

int ec_attach_end(struct ec_attachment *a, struct ec_diag *diag)
{
	int first = 0;

	while (a->steps) {
		struct ec_diag why = { 0 };
		unsigned int i = a->steps - 1;
		int rc;

		if (a->left && steps[i].flags & RETURNS)
			break;
		a->steps--;
		rc = undo(a, i, &why);
		if (rc && !first)
			ec_diag_set(diag, 0, "undoing '%s': %s", steps[i].name, why.text);
		first = first ? first : rc;
	}
	if (!a->left)
		ec_p2m_orphan(&a->device->guest->p2m, a->device);
	return first;
}

bool ec_attach_retry(struct ec_attachment *a, bool now)
{
	struct ec_diag diag = { 0 };

	if (!now && a->wait) {
		a->wait--;
		return false;
	}
	if (a->tries < RETRY_DOUBLINGS)
		a->tries++;
	a->wait = (1u << a->tries) - 1;
	if (undo_left(a))
		return false;
	ec_attach_end(a, &diag);
	if (a->left)
		return false;
	ec_log(a->device, "no longer held");
	return true;
}

/*
 * Vectors first: Xen unbinds none of a function that the kernel has removed, and stops the host
 * when the guest with such a binding ends (arch/x86/irq.c:1753 in 4.17). The kernel reports that
 * the stub driver was unbound some milliseconds before it removes the function.
 */
void ec_attach_lose(struct ec_attachment *a, bool removed)
{
	struct ec_device *d = a->device;
	struct ec_diag diag = { 0 };
	bool bound = ec_msi_end(d);

	ec_intx_connect(d, false, &diag);
	if (!removed)
		ec_hardware_command_set(d, PCI_COMMAND_DISABLE_INTx);
	ec_hardware_set_gone(d,
			     removed ? "the kernel has removed it" : "its stub driver was unbound");
	if (bound && !d->guest->dead)
		ec_log(d, "its interrupts stay bound to the guest: Xen stops the host when this "
			  "guest ends or reboots");
	a->removed = true;
	ec_attach_end(a, &diag);
}

int ec_attach_begin(struct ec_attach_work *w, struct ec_diag *diag)
{
	struct ec_attachment *a = w->attachment;

	for (a->steps = 0; a->steps < EC_ARRAY_SIZE(steps); a->steps++) {
		const struct step *s = steps + a->steps;
		struct ec_diag why = { 0 }, later;
		int rc = s->begin ? s->begin(w, &why) : 0;

		if (!rc)
			continue;
		ec_diag_set(diag, 0, "%s: %s", s->name, why.text);
		a->steps += s->flags & IN_PARTS ? 1 : 0;
		ec_attach_end(a, &later);
		return rc;
	}
	return 0;
}
