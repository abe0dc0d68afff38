/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Xen's privileged calls, by libxenctrl and libxencall. All of them are in this one unit, because
 * libxenctrl's interface changes with each release. For Xen 4.17.
 */
#ifndef EC_HYPERVISOR_XEN_PRIV_H
#define EC_HYPERVISOR_XEN_PRIV_H

#include "core/diag.h"
#include "core/xen_ops.h"

struct ec_xen_priv;

/** ec_xen_priv_open() - open the handles. NULL with @diag filled: no Xen, or no privilege. */
struct ec_xen_priv *ec_xen_priv_open(struct ec_diag *diag);

/** ec_xen_priv_close() - close them; NULL is allowed. */
void ec_xen_priv_close(struct ec_xen_priv *x);

/** The adapter; its context is a struct ec_xen_priv. */
extern const struct ec_priv_ops ec_xen_priv_ops;

#endif
