/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Permissions in Xen for what a guest may map of a device, and a record of those that it has. */
#ifndef EC_SUPERVISOR_GRANTS_H
#define EC_SUPERVISOR_GRANTS_H

#include "core/bar.h"
#include "core/diag.h"
#include "guest/device.h"

/** Frames, or I/O ports, of a BAR. */
struct ec_grant {
	uint8_t bar;
	bool ports;
	uint64_t first, n;
};

/** Ranges of a BAR: trapped pages can divide it twice. */
#define EC_GRANTS_MAX (EC_BAR_MAX * 3)

/** What the guest has. All 0: nothing. */
struct ec_grants {
	unsigned int n;
	struct ec_grant grant[EC_GRANTS_MAX];
};

/**
 * ec_grants_add() - let the guest map the pages and I/O ports of @d's BARs, without trapped pages.
 * @g: empty; each permission that was given is recorded.
 * Returns 0, or a negative errno with @diag; then call ec_grants_remove().
 */
int ec_grants_add(struct ec_grants *g, struct ec_device *d, struct ec_diag *diag);

/**
 * ec_grants_remove() - revoke what @g records. What cannot be revoked stays recorded, so the call
 * can be repeated. A guest that is dying loses its permissions with its end: @g is emptied.
 * Returns 0, or the first failure with @diag.
 */
int ec_grants_remove(struct ec_grants *g, struct ec_device *d, struct ec_diag *diag);

#endif
