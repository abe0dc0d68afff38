/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the guest finds a device, on bus 0 or behind a root port. */
#ifndef EC_GUEST_SERVE_H
#define EC_GUEST_SERVE_H

#include "core/diag.h"
#include "guest/device.h"

/**
 * ec_serve_begin() - let the guest find @d at @d->function.at.
 * Returns 0, or a negative errno with @diag: it does not.
 */
int ec_serve_begin(struct ec_device *d, struct ec_diag *diag);

/**
 * ec_serve_end() - the guest finds @d no longer, and what it has set up ends. The hardware is in D0
 * afterwards, if it wakes.
 */
void ec_serve_end(struct ec_device *d);

/**
 * ec_serve_release() - take away what of @d is still bound or mapped. May be repeated.
 * Returns 0, or a negative errno with @diag: something stays with the guest.
 */
int ec_serve_release(struct ec_device *d, struct ec_diag *diag);

#endif
