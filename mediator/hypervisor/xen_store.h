/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Xenstore, by libxenstore: names of guests, who has which device, notes; deaths and arrivals. */
#ifndef EC_HYPERVISOR_XEN_STORE_H
#define EC_HYPERVISOR_XEN_STORE_H

#include "core/diag.h"
#include "core/xen_ops.h"

struct ec_xen_store;

/** ec_xen_store_open() - connect, and watch for deaths and arrivals; NULL with @diag filled. */
struct ec_xen_store *ec_xen_store_open(struct ec_diag *diag);

/** ec_xen_store_close() - disconnect; NULL is allowed. */
void ec_xen_store_close(struct ec_xen_store *x);

/**
 * The port; its context is a struct ec_xen_store. Only nodes that the toolstack owns are read or
 * watched. A device is noted where libxl does it, /libxl/pci/SSSS-BB-DD-F/domid; what a domain that
 * is gone left there does not count. Notes are in /tool/ecamd/guest/UUID/SSSS-BB-DD-F, which domain
 * 0 alone may read: below /tool each of Xen's tools has a directory of its own.
 * Source: Xen tools/libs/light/libxl_pci.c (pci_info_xs_path), docs/misc/xenstore-paths.pandoc.
 */
extern const struct ec_store_ops ec_xen_store_ops;

#endif
