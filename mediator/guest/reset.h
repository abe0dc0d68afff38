/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reset of a device's hardware, by the kernel. */
#ifndef EC_GUEST_RESET_H
#define EC_GUEST_RESET_H

#include "core/diag.h"
#include "core/host_ops.h"
#include "guest/device.h"

/** How a device may be reset. */
struct ec_reset {
	bool never;
	char methods[sizeof(((struct ec_host_facts *)0)->reset_methods)]; /* "": all */
};

/** ec_reset_new() - by any method. NULL: out of memory. */
struct ec_reset *ec_reset_new(void);

/**
 * ec_reset_hardware() - wake the device, reset it, check that it answers, and restore its header
 * and what the guest may have written. The guest's view stays. @d->hardware.reset says how; where
 * it says never, only what the guest may have written is restored. Takes a tenth of a second and
 * more. Returns 0, or a negative errno with @diag; -ENOTTY: the kernel lists no method; -ENODEV:
 * the device is gone.
 */
int ec_reset_hardware(struct ec_device *d, struct ec_diag *diag);

#endif
