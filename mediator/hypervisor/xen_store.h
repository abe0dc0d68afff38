/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Xenstore, by libxenstore: names of guests, owners of functions, notes, watches. */
#ifndef EC_HYPERVISOR_XEN_STORE_H
#define EC_HYPERVISOR_XEN_STORE_H

#include "core/diag.h"
#include "core/xen_ops.h"

struct ec_xen_store;

/** ec_xen_store_open() - connect, and watch domains. NULL with @diag filled: failed. */
struct ec_xen_store *ec_xen_store_open(struct ec_diag *diag);

/** ec_xen_store_close() - disconnect; NULL is allowed. */
void ec_xen_store_close(struct ec_xen_store *x);

/**
 * The adapter; its context is a struct ec_xen_store. The owner of a function is where libxl has it,
 * in /libxl/pci/SSSS-BB-DD-F/domid; an entry of a domain that is gone does not count. Notes are in
 * /tool/ecamd/guest/UUID/SSSS-BB-DD-F, which only domain 0 may read; below /tool each of Xen's
 * tools has a directory.
 * Source: Xen tools/libs/light/libxl_pci.c (pci_info_xs_path), docs/misc/xenstore-paths.pandoc.
 */
extern const struct ec_store_ops ec_xen_store_ops;

#endif
