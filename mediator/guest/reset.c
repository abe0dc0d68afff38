/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/reset.h"

#include <errno.h>
#include <pci/header.h>
#include <stdlib.h>

#include "guest/guest.h"
#include "guest/hardware.h"
#include "guest/power.h"
#include "guest/saved_registers.h"

struct ec_reset *ec_reset_new(void)
{
	return calloc(1, sizeof(struct ec_reset));
}

/* Proof of life: all ones in the revision and class is no value that a function has. */
static bool answers(struct ec_device *d)
{
	uint32_t ids, class_rev;

	return !ec_hardware_read(d, PCI_VENDOR_ID, 4, &ids) && ids == ec_saved_registers_ids(d) &&
	       !ec_hardware_read(d, PCI_CLASS_REVISION, 4, &class_rev) && class_rev != UINT32_MAX;
}

int ec_reset_hardware(struct ec_device *d, struct ec_diag *diag)
{
	const struct ec_backends *b = d->guest->backends;
	const struct ec_reset *r = d->hardware.reset;
	int rc;

	if (ec_hardware_gone(d) && !r->never) {
		ec_diag_set(diag, 0, "it is gone");
		return -ENODEV;
	}
	/* the kernel assumes D0; a device that does not wake may do so by the reset */
	ec_power_wake(d);
	ec_hardware_note_master(d);
	if (r->never) {
		ec_saved_registers_restore_passed(d);
		return 0;
	}
	rc = ec_host_reset(b, d->host, *r->methods ? r->methods : NULL, diag);
	if (rc == -ENOTTY)
		ec_diag_set(diag, 0, "the kernel has no method to reset it (reset=none goes on)");
	if (rc)
		return rc;
	if (!answers(d)) {
		ec_diag_set(diag, 0, "it does not answer since the reset");
		return -EIO;
	}
	ec_power_after_reset(d);
	ec_hardware_was_reset(d);
	rc = ec_saved_registers_restore_header(d, diag);
	ec_saved_registers_restore_passed(d);
	return rc;
}
