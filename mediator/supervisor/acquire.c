/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host's side of a device's life: the steps that life.c's table starts with. */
#include "supervisor/acquire.h"

#include <errno.h>
#include <pci/header.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "view/capture.h"
#include "view/plan.h"

#define PORTS(d) (&(d)->guest->service->ports)

int ec_acquire_claim(struct ec_device *d, struct ec_diag *diag)
{
	uint32_t holder = 0;
	int rc =
		PORTS(d)->store->claim(PORTS(d)->store_ctx, d->spec.host, d->guest->domid, &holder);

	if (rc == -EBUSY)
		ec_diag_set(diag, 0, "domain %u has it", holder);
	else if (rc)
		ec_diag_set(diag, 0, "xenstore: %s", strerror(-rc));
	return rc;
}

int ec_release_claim(struct ec_device *d, struct ec_diag *diag)
{
	int rc;

	/* the note stays with what stays; it ends with the guest */
	if (d->lost)
		return 0;
	rc = PORTS(d)->store->release(PORTS(d)->store_ctx, d->spec.host);
	if (rc)
		ec_diag_set(diag, 0, "xenstore: %s", strerror(-rc));
	return rc;
}

/* Unbinding a physical function ends its virtual ones, whoever uses them. */
int ec_acquire_take(struct ec_device *d, struct ec_diag *diag)
{
	int rc = PORTS(d)->facts->get(PORTS(d)->facts_ctx, d->spec.host, &d->facts);

	if (rc) {
		ec_diag_set(diag, 0, "%s",
			    rc == -ENOENT ? "there is no such function" : strerror(-rc));
		return rc;
	}
	if (d->facts.num_vfs) {
		ec_diag_set(diag, 0, "it has %u virtual functions enabled", d->facts.num_vfs);
		return -EBUSY;
	}
	return PORTS(d)->device->take(PORTS(d)->device_ctx, d->spec.host, &d->taken, diag);
}

/* What a guest had and could not be reset goes to nobody: it may still write to memory. */
int ec_release_take(struct ec_device *d, struct ec_diag *diag)
{
	if (d->lost)
		return 0;
	return PORTS(d)->device->give_back(PORTS(d)->device_ctx, d->spec.host, &d->taken, diag);
}

int ec_acquire_facts(struct ec_device *d, struct ec_diag *diag)
{
	struct ec_sbdf other;
	char name[EC_SBDF_MAX];
	int rc = PORTS(d)->facts->get(PORTS(d)->facts_ctx, d->spec.host, &d->facts);

	if (rc) {
		ec_diag_set(diag, 0, "sysfs: %s", strerror(-rc));
		return rc;
	}
	rc = PORTS(d)->device->shares_page(PORTS(d)->device_ctx, d->spec.host, &other);
	if (rc < 0)
		ec_diag_set(diag, 0, "whether a BAR shares its page is not known: %s",
			    strerror(-rc));
	if (rc > 0) {
		ec_diag_set(diag, 0, "a BAR shares a page with one of %s",
			    ec_sbdf_print(other, true, name));
		return -EPERM;
	}
	/* only of what xen-pciback holds Linux knows that it is in use */
	if (!rc && d->facts.is_vf && strcmp(d->taken.stub, "pciback") != 0)
		ec_log(d,
		       "held by %s: while a guest has it, leave sriov_numvfs of its physical "
		       "function alone (see ecamd(8))",
		       d->taken.stub);
	return rc;
}

int ec_acquire_open(struct ec_device *d, struct ec_diag *diag)
{
	d->conf.fd = PORTS(d)->device->open(PORTS(d)->device_ctx, d->spec.host, diag);
	return d->conf.fd < 0 ? d->conf.fd : 0;
}

/* The kernel has it in D0, it thinks: but whoever had it before may have died over its nap. */
static void found_asleep(struct ec_device *d, uint32_t at)
{
	struct timespec t = { .tv_nsec = EC_D3_WAIT_NS };
	uint32_t byte;

	if (ec_conf_read(d, at, 1, &byte) || byte == 0xff || !(byte & PCI_PM_CTRL_STATE_MASK))
		return;
	ec_log(d, "is found in D%u", byte & PCI_PM_CTRL_STATE_MASK);
	ec_conf_write(d, at, 1, byte & ~(uint32_t)PCI_PM_CTRL_STATE_MASK);
	nanosleep(&t, NULL);
}

/*
 * Interrupts are off, as after a reset: not every reset does that, and Xen takes no function whose
 * MSI-X is masked as a whole.
 */
int ec_acquire_quiet(struct ec_device *d, struct ec_diag *diag)
{
	struct ec_service *s = d->guest->service;
	struct ec_plan_options options = { .topology = EC_BYPASSED };
	struct ec_captured captured;
	uint32_t command;
	int rc = ec_capture_take(&(struct ec_capture_request){ &ec_conf_fd_ops, &d->conf,
							       EC_CAPTURE_CHAINS, &options },
				 s->plan, s->image, &captured, diag);

	/* so is its DMA: a driver may have left it running */
	if (!rc)
		rc = ec_conf_read(d, PCI_COMMAND, 2, &command);
	if (!rc && command & PCI_COMMAND_MASTER)
		rc = ec_conf_write(d, PCI_COMMAND, 2, command & ~(uint32_t)PCI_COMMAND_MASTER);
	for (unsigned int i = 0; !rc && i < s->plan->chain.n_std; i++) {
		const struct ec_link *l = s->plan->chain.link + i;
		uint32_t at = l->offset + (uint32_t)PCI_CAP_FLAGS, v, off = 0;

		if (l->id == PCI_CAP_ID_PM)
			found_asleep(d, l->offset + (uint32_t)PCI_PM_CTRL);
		if (l->id == PCI_CAP_ID_MSIX)
			off = PCI_MSIX_ENABLE | PCI_MSIX_MASK;
		else if (l->id == PCI_CAP_ID_MSI)
			off = PCI_MSI_FLAGS_ENABLE;
		if (off && !ec_conf_read(d, at, 2, &v) && v & off)
			ec_conf_write(d, at, 2, v & ~off);
	}
	return rc;
}

int ec_release_open(struct ec_device *d, struct ec_diag *diag)
{
	(void)diag;
	close(d->conf.fd);
	d->conf.fd = -1;
	return 0;
}

int ec_acquire_quarantine(struct ec_device *d, struct ec_diag *diag)
{
	int rc = PORTS(d)->priv->quarantine(PORTS(d)->priv_ctx, d->spec.host, true);

	if (rc)
		ec_diag_set(diag, 0, "Xen does not take it: %s", strerror(-rc));
	return rc;
}

int ec_release_quarantine(struct ec_device *d, struct ec_diag *diag)
{
	int rc;

	/* one that the stub had before was in quarantine before, for all that is known */
	if (d->lost || d->taken.was_held)
		return 0;
	rc = PORTS(d)->priv->quarantine(PORTS(d)->priv_ctx, d->spec.host, false);
	if (rc)
		ec_diag_set(diag, 0, "%s", strerror(-rc));
	return rc;
}

int ec_acquire_reset(struct ec_device *d, struct ec_diag *diag)
{
	int rc = ec_device_save(d, diag);

	return rc ? rc : ec_device_reset(d, diag);
}

/* Its DMA ends first: what comes after takes time. */
int ec_release_reset(struct ec_device *d, struct ec_diag *diag)
{
	int rc;

	ec_device_command_set(d, PCI_COMMAND_DISABLE_INTx);
	rc = d->used ? ec_device_reset(d, diag) : 0;
	if (!rc)
		ec_device_command_set(d, d->host_command);
	return rc;
}
