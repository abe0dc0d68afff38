/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "supervisor/acquire.h"

#include <errno.h>
#include <pci/header.h>
#include <string.h>
#include <time.h>

#include "guest/hardware.h"
#include "guest/log.h"
#include "guest/power.h"
#include "guest/reset.h"
#include "guest/saved_registers.h"
#include "view/capture.h"

int ec_acquire_possible(struct ec_sbdf host, struct ec_diag *diag)
{
	if (ec_sbdf_fits_xen(host))
		return 0;
	ec_diag_set(diag, 0, "Xen knows segments up to %x, not %x", EC_SEGMENT_XEN_MAX,
		    host.segment);
	return -EINVAL;
}

int ec_acquire_claim(struct ec_attach_work *w, struct ec_diag *diag)
{
	const struct ec_device *d = w->attachment->device;
	uint32_t holder = 0;
	int rc = ec_store_claim(d->guest->backends, d->host, d->guest->domid, &holder);

	if (rc == -EBUSY)
		ec_diag_set(diag, 0, "domain %u has it", holder);
	else if (rc)
		ec_diag_set(diag, 0, "xenstore: %s", strerror(-rc));
	return rc;
}

int ec_release_claim(struct ec_attachment *a, struct ec_diag *diag)
{
	int rc = ec_store_release(ec_attachment_backends(a), a->spec.host);

	if (rc == -ENOENT)
		return 0;
	if (rc)
		ec_diag_set(diag, 0, "xenstore: %s", strerror(-rc));
	return rc;
}

/* Unbinding a physical function ends its virtual functions, even those that are in use. */
int ec_acquire_driver(struct ec_attach_work *w, struct ec_diag *diag)
{
	struct ec_attachment *a = w->attachment;
	const struct ec_backends *b = ec_attachment_backends(a);
	int rc = ec_host_get_facts(b, a->spec.host, &a->facts);

	if (rc) {
		ec_diag_set(diag, 0, "%s",
			    rc == -ENOENT ? "there is no such function" : strerror(-rc));
		return rc;
	}
	if (a->facts.num_vfs) {
		ec_diag_set(diag, 0, "it has %u virtual functions enabled", a->facts.num_vfs);
		return -EBUSY;
	}
	return ec_host_acquire(b, a->spec.host, &a->taken, diag);
}

int ec_release_driver(struct ec_attachment *a, struct ec_diag *diag)
{
	if (a->removed)
		return 0;
	return ec_host_release(ec_attachment_backends(a), a->spec.host, &a->taken, diag);
}

/* Xen 4.17 stops the host if the kernel removes a function whose vectors a guest has bound. */
static void warn_of_removal(const struct ec_attachment *a)
{
	/* Linux knows that a virtual function is in use only if xen-pciback holds it */
	if (a->facts.is_vf && strcmp(a->taken.stub, "pciback") != 0)
		ec_log(a->device,
		       "held by %s: while a guest has it, leave sriov_numvfs of its physical "
		       "function alone (see ecamd(8))",
		       a->taken.stub);
	if (a->facts.hotplug)
		ec_log(a->device,
		       "in hot-plug slot %s: while a guest has it, do not unplug it (see ecamd(8))",
		       a->facts.slot);
}

int ec_acquire_facts(struct ec_attach_work *w, struct ec_diag *diag)
{
	struct ec_attachment *a = w->attachment;
	const struct ec_backends *b = ec_attachment_backends(a);
	struct ec_sbdf other;
	char name[EC_SBDF_MAX];
	int rc = ec_host_get_facts(b, a->spec.host, &a->facts);

	if (rc) {
		ec_diag_set(diag, 0, "sysfs: %s", strerror(-rc));
		return rc;
	}
	rc = ec_host_shares_page(b, a->spec.host, &other);
	if (rc < 0)
		ec_diag_set(diag, 0, "whether a BAR shares its page is not known: %s",
			    strerror(-rc));
	if (rc > 0) {
		ec_diag_set(diag, 0, "a BAR shares a page with one of %s",
			    ec_sbdf_print(other, true, name));
		return -EPERM;
	}
	if (!rc)
		warn_of_removal(a);
	return rc;
}

int ec_acquire_open(struct ec_attach_work *w, struct ec_diag *diag)
{
	struct ec_attachment *a = w->attachment;
	int fd = ec_host_open(ec_attachment_backends(a), a->spec.host, diag);

	if (fd < 0)
		return fd;
	ec_hardware_open(a->device, fd, a->facts.is_vf);
	return 0;
}

int ec_release_open(struct ec_attachment *a, struct ec_diag *diag)
{
	(void)diag;
	ec_hardware_close(a->device);
	return 0;
}

/* The kernel assumes D0, but a previous owner may have died with the function in D3hot. */
static void wake(struct ec_device *d, uint32_t pmcsr)
{
	struct timespec t = { .tv_nsec = EC_D3_WAIT_NS };
	uint32_t byte;

	if (ec_hardware_read(d, pmcsr, 1, &byte) || byte == UINT8_MAX ||
	    !(byte & PCI_PM_CTRL_STATE_MASK))
		return;
	ec_log(d, "is found in D%u", byte & PCI_PM_CTRL_STATE_MASK);
	ec_hardware_write(d, pmcsr, 1, byte & ~(uint32_t)PCI_PM_CTRL_STATE_MASK);
	nanosleep(&t, NULL);
}

/* A driver may have left DMA running. */
static int stop_dma(struct ec_device *d)
{
	uint32_t command;
	int rc = ec_hardware_read(d, PCI_COMMAND, 2, &command);

	if (!rc && command & PCI_COMMAND_MASTER)
		rc = ec_hardware_write(d, PCI_COMMAND, 2, command & ~(uint32_t)PCI_COMMAND_MASTER);
	return rc;
}

/*
 * Not every reset turns interrupts off, and Xen takes no function whose MSI-X is masked as a whole.
 */
static void stop_interrupts(struct ec_device *d, const struct ec_link *l)
{
	uint32_t flags = l->offset + (uint32_t)PCI_CAP_FLAGS, v, off = 0;

	if (l->id == PCI_CAP_ID_MSIX)
		off = PCI_MSIX_ENABLE | PCI_MSIX_MASK;
	else if (l->id == PCI_CAP_ID_MSI)
		off = PCI_MSI_FLAGS_ENABLE;
	if (off && !ec_hardware_read(d, flags, 2, &v) && v & off)
		ec_hardware_write(d, flags, 2, v & ~off);
}

int ec_acquire_quiet(struct ec_attach_work *w, struct ec_diag *diag)
{
	struct ec_device *d = w->attachment->device;
	struct ec_plan_options options = { .topology = EC_BYPASSED };
	struct ec_captured captured;
	int rc = ec_capture_take(
		&(struct ec_capture_request){ &ec_hardware_ops, d, EC_CAPTURE_CHAINS, &options },
		&w->plan, &w->image, &captured, diag);

	if (!rc)
		rc = stop_dma(d);
	for (unsigned int i = 0; !rc && i < w->plan.chain.n_std; i++) {
		const struct ec_link *l = w->plan.chain.link + i;

		if (l->id == PCI_CAP_ID_PM)
			wake(d, l->offset + (uint32_t)PCI_PM_CTRL);
		stop_interrupts(d, l);
	}
	return rc;
}

/*
 * Bus mastering as it was, for a function that has no driver to turn it on. Not if a guest had the
 * function and no reset followed: what the guest started would reach the host's memory.
 */
int ec_release_quiet(struct ec_attachment *a, struct ec_diag *diag)
{
	const struct ec_taken *t = &a->taken;
	struct ec_device *d = a->device;
	uint32_t command;

	(void)diag;
	if (!t->master || a->removed || (*t->driver && !t->was_held) ||
	    (a->used && d->hardware.reset->never))
		return 0;
	if (!ec_hardware_read(d, PCI_COMMAND, 2, &command))
		ec_hardware_write(d, PCI_COMMAND, 2, command | PCI_COMMAND_MASTER);
	return 0;
}

int ec_acquire_quarantine(struct ec_attach_work *w, struct ec_diag *diag)
{
	const struct ec_attachment *a = w->attachment;
	int rc = ec_priv_quarantine(ec_attachment_backends(a), a->spec.host, true);

	if (rc)
		ec_diag_set(diag, 0, "Xen does not take it: %s", strerror(-rc));
	return rc;
}

int ec_release_quarantine(struct ec_attachment *a, struct ec_diag *diag)
{
	int rc;

	/* a function that the stub driver had before may have been in quarantine before */
	if (a->taken.was_held)
		return 0;
	rc = ec_priv_quarantine(ec_attachment_backends(a), a->spec.host, false);
	if (rc && a->removed)
		return 0;
	if (rc)
		ec_diag_set(diag, 0, "%s", strerror(-rc));
	return rc;
}

int ec_acquire_reset(struct ec_attach_work *w, struct ec_diag *diag)
{
	struct ec_device *d = w->attachment->device;
	int rc = ec_saved_registers_header(d, diag);

	return rc ? rc : ec_reset_hardware(d, diag);
}

/* Its DMA ends first: the reset takes time. */
int ec_release_reset(struct ec_attachment *a, struct ec_diag *diag)
{
	struct ec_device *d = a->device;
	int rc;

	if (a->removed)
		return 0;
	ec_hardware_command_set(d, PCI_COMMAND_DISABLE_INTx);
	rc = a->used ? ec_reset_hardware(d, diag) : 0;
	if (!rc)
		ec_saved_registers_restore_host(d);
	if (!rc)
		ec_hardware_command_set(d, ec_saved_registers_command(d));
	return rc;
}
