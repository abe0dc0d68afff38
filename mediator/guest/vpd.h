/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Vital Product Data (PCI Express 7.9.18). The guest's registers are a copy of their own. */
#ifndef EC_GUEST_VPD_H
#define EC_GUEST_VPD_H

#include "guest/device.h"

/** ec_vpd_new() - NULL: out of memory. ec_vpd_free() - NULL is allowed. */
struct ec_vpd_state *ec_vpd_new(void);
void ec_vpd_free(struct ec_vpd_state *s);

/**
 * ec_vpd_access() - the guest has written @address to its VPD address register: make the access,
 * once a request, and show the guest that it is done. The virtual CPU waits meanwhile. A dword is
 * read from the device once, and again after the guest has written it; what the device takes for
 * this is limited. Data that cannot be read are all ones; a write without a rule that allows it is
 * dropped.
 */
void ec_vpd_access(struct ec_device *d, uint32_t address);

#endif
