/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Permissions in Xen for what a guest may map of a device. */
#ifndef EC_SUPERVISOR_GRANTS_H
#define EC_SUPERVISOR_GRANTS_H

#include "core/diag.h"
#include "guest/device.h"

/**
 * ec_grants_add() - let the guest map the pages and I/O ports of @d's BARs, without trapped pages.
 * Returns 0, or a negative errno with @diag: nothing is granted.
 */
int ec_grants_add(struct ec_device *d, struct ec_diag *diag);

/**
 * ec_grants_remove() - revoke what ec_grants_add() granted, which is computed in the same way. Goes
 * on after a failure. Nothing is asked about a guest that is dying.
 * Returns 0, or the first failure with @diag.
 */
int ec_grants_remove(struct ec_device *d, struct ec_diag *diag);

#endif
