/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ioreq servers, by the stable libraries libxendevicemodel, libxenforeignmemory and libxenevtchn.
 * Source: Xen public/hvm/ioreq.h, public/hvm/dm_op.h, common/ioreq.c.
 */
#ifndef EC_HYPERVISOR_XEN_IOREQ_H
#define EC_HYPERVISOR_XEN_IOREQ_H

#include "core/diag.h"
#include "core/xen_ops.h"

struct ec_xen_ioreq;

/** ec_xen_ioreq_open() - open the handles. NULL with @diag filled: failed. */
struct ec_xen_ioreq *ec_xen_ioreq_open(struct ec_diag *diag);

/** ec_xen_ioreq_close() - close them. All servers must be destroyed. NULL is allowed. */
void ec_xen_ioreq_close(struct ec_xen_ioreq *x);

/** The adapter; the context of create() is a struct ec_xen_ioreq. */
extern const struct ec_server_ops ec_xen_ioreq_ops;

#endif
