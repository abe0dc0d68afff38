/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel accesses the data, by its file `vpd`, not ecamd by the registers. The kernel's lock
 * keeps its drivers, dom0's programs and functions that share the registers apart (Linux
 * PCI_DEV_FLAGS_VPD_REF_F0); the kernel knows where the data end, since some cards hang past that,
 * and which data are broken. VFIO does the same.
 */
#include "guest/vpd.h"

#include <errno.h>
#include <pci/header.h>
#include <stdlib.h>
#include <string.h>

#include "guest/guest.h"
#include "guest/hardware.h"
#include "guest/log.h"

/* The kernel's time-out is 125 ms (Linux drivers/pci/vpd.c), and all guests wait for it. After so
 * many failures the device is not asked again. */
#define FAILURES_MAX 3u

struct ec_vpd_state {
	uint64_t request; /* that accessed the data last */
	unsigned int failures;
};

struct ec_vpd_state *ec_vpd_new(void)
{
	return calloc(1, sizeof(struct ec_vpd_state));
}

static uint32_t *word_at(struct ec_device *d, uint32_t offset)
{
	const struct ec_layout *l = d->function.layout;

	return d->function.shadow + l->cell[offset / 4].word;
}

static int transfer(struct ec_device *d, uint32_t offset, bool write, uint32_t *value)
{
	const struct ec_backends *b = d->guest->backends;
	int rc;

	if (ec_hardware_gone(d) || d->vpd->failures >= FAILURES_MAX)
		return -EIO;
	rc = ec_host_vpd(b, d->host, offset, write, value);
	/* past their end is no fault of theirs */
	if (!rc || rc == -ENODATA)
		return rc;
	ec_complain(d, "VPD at %x: %s", offset, strerror(-rc));
	if (++d->vpd->failures == FAILURES_MAX)
		ec_log(d, "its VPD are not asked for any more");
	return rc;
}

void ec_vpd_access(struct ec_device *d, uint32_t address)
{
	const struct ec_effect_params *f = &d->function.layout->params;
	uint32_t offset = address & PCI_VPD_ADDR_MASK & ~3u, value = UINT32_MAX;
	bool write = address & PCI_VPD_ADDR_F;

	if (!f->vpd || d->vpd->request == d->guest->request)
		return;
	d->vpd->request = d->guest->request;
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
