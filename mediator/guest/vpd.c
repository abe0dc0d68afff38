/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vital Product Data. The registers that the guest has are a copy: the device's own are the
 * kernel's, by whom each access is made while the virtual CPU waits.
 */
#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "guest/device.h"

/* A time-out of the kernel's is 125 ms (Linux drivers/pci/vpd.c): a device that has had so many
 * will have more. */
#define FAILURES_MAX 3u

static uint32_t *word_at(struct ec_device *d, uint32_t offset)
{
	const struct ec_layout *l = d->function.layout;

	return d->function.shadow + l->cell[offset / 4].word;
}

static int transfer(struct ec_device *d, uint32_t offset, bool write, uint32_t *value)
{
	const struct ec_service_ports *p = &d->guest->service->ports;
	int rc;

	if (d->vpd_failures >= FAILURES_MAX)
		return -EIO;
	rc = p->device->vpd(p->device_ctx, d->spec.host, offset, write, value);
	/* past their end is no fault of theirs */
	if (!rc || rc == -ENODATA)
		return rc;
	ec_complain(d, "VPD at %x: %s", offset, strerror(-rc));
	if (++d->vpd_failures == FAILURES_MAX)
		ec_log(d, "its VPD are not asked for any more");
	return rc;
}

void ec_vpd_access(struct ec_device *d, uint32_t address)
{
	const struct ec_effect_params *f = &d->function.layout->params;
	uint32_t offset = address & PCI_VPD_ADDR_MASK & ~3u, value = UINT32_MAX;
	bool write = address & PCI_VPD_ADDR_F;

	if (!f->vpd || d->vpd_in == d->guest->requests)
		return;
	d->vpd_in = d->guest->requests;
	if (!write) {
		if (transfer(d, offset, false, &value))
			value = UINT32_MAX;
		*word_at(d, f->vpd + (uint32_t)PCI_VPD_DATA) = value;
	} else if (f->vpd_write) {
		value = *word_at(d, f->vpd + (uint32_t)PCI_VPD_DATA);
		transfer(d, offset, true, &value);
	} else {
		ec_complain(d, "a write to its VPD is dropped: no rule allows it");
	}
	/* done is when the flag is the other way round */
	*word_at(d, f->vpd) ^= (uint32_t)PCI_VPD_ADDR_F << 16;
}
