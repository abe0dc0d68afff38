/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hardware under a device: the registers that the service writes itself, resets, and the
 * carrying out of what a guest's access asked for.
 */
#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "guest/device.h"

/* What of COMMAND is the service's; the rest is the guest's, or nobody's. */
#define OWN_COMMAND (PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_DISABLE_INTx)

int ec_conf_read(struct ec_device *d, uint32_t offset, unsigned int len, uint32_t *value)
{
	return ec_conf_fd_ops.read(&d->conf, offset, len, value);
}

int ec_conf_write(struct ec_device *d, uint32_t offset, unsigned int len, uint32_t value)
{
	return ec_conf_fd_ops.write(&d->conf, offset, len, value);
}

/*
 * Of a virtual function the standard has all of these 0 for ever (PCI Express 9.3.4.1). Memory is
 * written none the less, as Linux does: QEMU's decode with it only.
 */
static uint32_t own_mask(const struct ec_device *d)
{
	return d->facts.is_vf ? PCI_COMMAND_MEMORY : OWN_COMMAND;
}

void ec_device_command(struct ec_device *d)
{
	uint32_t v, own = own_mask(d);

	if (ec_conf_read(d, PCI_COMMAND, 2, &v) || v == 0xffff)
		return;
	ec_conf_write(d, PCI_COMMAND, 2, (v & ~own) | (d->command & own));
}

void ec_device_intx(struct ec_device *d, bool on)
{
	d->command = (uint16_t)((d->command & ~PCI_COMMAND_DISABLE_INTx) |
				(on ? 0 : PCI_COMMAND_DISABLE_INTx));
	ec_device_command(d);
}

void ec_device_command_set(struct ec_device *d, uint32_t own)
{
	ec_conf_write(d, PCI_COMMAND, 2, own & ~(OWN_COMMAND & ~own_mask(d)));
}

/* What a reset loses and the host has set up; the kernel restores it, mostly. */
static const uint8_t saved_at[EC_SAVED] = { 0x0c, 0x10, 0x14, 0x18, 0x1c, 0x20, 0x24, 0x30, 0x3c };

int ec_device_save(struct ec_device *d, struct ec_diag *diag)
{
	uint32_t command;
	int rc = ec_conf_read(d, PCI_VENDOR_ID, 4, &d->ids);

	if (!rc)
		rc = ec_conf_read(d, PCI_COMMAND, 2, &command);
	for (unsigned int i = 0; i < EC_SAVED && !rc; i++)
		rc = ec_conf_read(d, saved_at[i], 4, d->saved + i);
	if (rc) {
		ec_diag_set(diag, 0, "it cannot be read: %s", strerror(-rc));
		return rc;
	}
	d->host_command = (uint16_t)(command & ~(uint32_t)PCI_COMMAND_MASTER);
	return 0;
}

/* From what was saved before any guest had it: a device may have other ways to change these. */
int ec_device_restore(struct ec_device *d, struct ec_diag *diag)
{
	/* of a virtual function these are 0 for ever */
	for (unsigned int i = 0; i < EC_SAVED && !d->facts.is_vf; i++) {
		uint32_t now;
		int rc = ec_conf_read(d, saved_at[i], 4, &now);

		if (!rc && now != d->saved[i])
			rc = ec_conf_write(d, saved_at[i], 4, d->saved[i]);
		if (rc) {
			ec_diag_set(diag, 0, "register %02x is not restored: %s", saved_at[i],
				    strerror(-rc));
			return rc;
		}
	}
	return 0;
}

int ec_device_reset(struct ec_device *d, struct ec_diag *diag)
{
	const struct ec_service_ports *p = &d->guest->service->ports;
	uint32_t ids, class_rev;
	int rc;

	/* the kernel takes it for one in D0; if it does not wake the reset may help */
	ec_power_wake(d);
	if (d->spec.no_reset) {
		ec_saved_registers_restore(d, d->passed, d->n_passed);
		return 0;
	}
	rc = p->device->reset(p->device_ctx, d->spec.host,
			      *d->reset_methods ? d->reset_methods : NULL, diag);
	if (rc == -ENOTTY)
		ec_diag_set(diag, 0, "the kernel has no method to reset it (reset=none goes on)");
	if (rc)
		return rc;
	if (ec_conf_read(d, PCI_VENDOR_ID, 4, &ids) || ids != d->ids ||
	    ec_conf_read(d, PCI_CLASS_REVISION, 4, &class_rev) || class_rev == 0xffffffffu) {
		ec_diag_set(diag, 0, "it does not answer since the reset");
		return -EIO;
	}
	rc = ec_device_restore(d, diag);
	ec_saved_registers_restore(d, d->passed, d->n_passed);
	return rc;
}

static void act_all(struct ec_device *d, const struct ec_action_list *list);

void ec_device_view_reset(struct ec_device *d)
{
	struct ec_action_list list = { 0 };

	/* only what has been carried out can be ended by what the guest's registers say */
	ec_actions_flush(d);
	ec_effect_reset(d->function.layout, d->function.shadow, &list);
	act_all(d, &list);
	memcpy(d->function.shadow, d->first_shadow, d->function.layout->words * sizeof(uint32_t));
	for (unsigned int i = 0; i < d->function.layout->params.msix_vectors; i++)
		if (d->msix[i].pirq < 0)
			d->msix[i] = (struct ec_vector){ .pirq = -1, .ctrl = 1 };
}

void ec_device_guest_reset(struct ec_device *d)
{
	struct ec_diag diag = { 0 };

	if (d->reset_in == d->guest->requests)
		return;
	d->reset_in = d->guest->requests;
	ec_power_wake(d);
	ec_device_view_reset(d);
	if (ec_device_reset(d, &diag))
		ec_complain(d, "reset asked for by the guest: %s", diag.text);
	if (d->intx_bound)
		d->command &= (uint16_t)~PCI_COMMAND_DISABLE_INTx;
	ec_device_command_set(d, d->command);
}

static void act(struct ec_device *d, const struct ec_action *a)
{
	int rc;

	switch (a->kind) {
	case EC_ACT_MAP_BAR:
		rc = ec_bars_map(d, a->index, a->address, a->size);
		if (rc)
			ec_complain(d, "BAR %u is not mapped at %llx: %s", a->index,
				    (unsigned long long)a->address, strerror(-rc));
		break;
	case EC_ACT_UNMAP_BAR:
		ec_bars_unmap(d, a->index);
		break;
	case EC_ACT_INTX:
	case EC_ACT_MSI_ENABLE:
	case EC_ACT_MSI_UPDATE:
	case EC_ACT_MSI_DISABLE:
	case EC_ACT_MSIX_ENABLE:
	case EC_ACT_MSIX_MASK:
	case EC_ACT_MSIX_DISABLE:
		ec_irq_action(d, a);
		break;
	case EC_ACT_POWER_STATE:
		ec_power_set(d, a->value);
		break;
	case EC_ACT_VPD:
		ec_vpd_access(d, a->value);
		break;
	case EC_ACT_FLR:
		ec_device_guest_reset(d);
		break;
	default:
		/* the rest belongs to bridges and rules */
		break;
	}
}

static void act_all(struct ec_device *d, const struct ec_action_list *list)
{
	for (unsigned int i = 0; i < list->n; i++)
		act(d, list->action + i);
}

/* Where @a waits. Each is the whole of what the guest wants there: the last one counts. */
static unsigned int place_of(const struct ec_action *a)
{
	switch (a->kind) {
	case EC_ACT_MSIX_DISABLE:
		return EC_WAIT_MSIX_END;
	case EC_ACT_UNMAP_BAR:
		return EC_WAIT_UNMAP + a->index;
	case EC_ACT_MAP_BAR:
		return EC_WAIT_MAP + a->index;
	case EC_ACT_INTX:
		return EC_WAIT_INTX;
	case EC_ACT_MSIX_ENABLE:
	case EC_ACT_MSIX_MASK:
		return EC_WAIT_MSIX;
	case EC_ACT_MSI_ENABLE:
	case EC_ACT_MSI_UPDATE:
	case EC_ACT_MSI_DISABLE:
		return EC_WAIT_MSI;
	default:
		/* of a reset, a power state and VPD a request gets one at most, and at once */
		return EC_WAIT_ACTIONS;
	}
}

/* An end stays although a beginning follows: MSI-X forgets its pirqs, two BARs change places. */
static void wait_with(struct ec_device *d, const struct ec_action *a)
{
	unsigned int place = place_of(a);

	if (place == EC_WAIT_ACTIONS) {
		if (a->kind == EC_ACT_POWER_STATE)
			ec_actions_flush(d);
		act(d, a);
		return;
	}
	if (a->kind == EC_ACT_MSIX_DISABLE)
		d->waits &= ~(1u << EC_WAIT_MSIX);
	if (a->kind == EC_ACT_UNMAP_BAR)
		d->waits &= ~(1u << (EC_WAIT_MAP + a->index));
	d->waiting[place] = *a;
	d->waits |= 1u << place;
}

void ec_actions_flush(struct ec_device *d)
{
	uint32_t waits = d->waits;

	d->waits = 0;
	for (unsigned int i = 0; waits && i < EC_WAIT_ACTIONS; i++)
		if (waits >> i & 1)
			act(d, d->waiting + i);
	if (waits >> EC_WAIT_TABLE & 1)
		ec_msix_flush(d);
}

void ec_actions_run(struct ec_device *d, const struct ec_action_list *list)
{
	if (!d->guest->repeats) {
		act_all(d, list);
		return;
	}
	for (unsigned int i = 0; i < list->n; i++)
		wait_with(d, list->action + i);
}
