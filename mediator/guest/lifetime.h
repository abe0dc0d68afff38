/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guests and devices with all their parts, made and freed. */
#ifndef EC_GUEST_LIFETIME_H
#define EC_GUEST_LIFETIME_H

#include "core/image.h"
#include "guest/device.h"
#include "guest/guest.h"
#include "view/plan.h"

/** ec_guest_new() - guest @domid, without a server. @b: must outlive it. NULL: out of memory. */
struct ec_guest *ec_guest_new(const struct ec_backends *b, uint32_t domid);

/** ec_guest_free() - close its server and free it; it has no devices. NULL is allowed. */
void ec_guest_free(struct ec_guest *g);

/** ec_device_new() - function @host for guest @g, without a view. NULL: out of memory. */
struct ec_device *ec_device_new(struct ec_guest *g, struct ec_sbdf host);

/** ec_device_free() - free it; nothing of it is left with the guest. NULL is allowed. */
void ec_device_free(struct ec_device *d);

/**
 * ec_device_set_view() - the guest's view of @d is that of @plan. @img: the capture that the plan
 * was made of. Copies what it needs; also saves what the guest may write in the hardware.
 * Returns 0 or -ENOMEM; then ec_device_free() frees what there is.
 */
int ec_device_set_view(struct ec_device *d, const struct ec_plan *plan, const struct ec_image *img);

#endif
