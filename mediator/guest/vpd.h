/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Vital Product Data (PCI Express 7.9.18). The guest's registers are a copy of their own. */
#ifndef EC_GUEST_VPD_H
#define EC_GUEST_VPD_H

#include "guest/device.h"

/** ec_vpd_new() - NULL: out of memory. */
struct ec_vpd_state *ec_vpd_new(void);

/**
 * ec_vpd_access() - the guest has written @address to its VPD address register: make the access,
 * once a request, and show the guest that it is done. The virtual CPU waits meanwhile. Data that
 * cannot be read are all ones; a write without a rule that allows it is dropped.
 */
void ec_vpd_access(struct ec_device *d, uint32_t address);

#endif
