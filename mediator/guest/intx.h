/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A device's INTx, connected to the guest's interrupt controller through Xen. */
#ifndef EC_GUEST_INTX_H
#define EC_GUEST_INTX_H

#include "core/diag.h"
#include "guest/device.h"

/** ec_intx_new() - no pin. NULL: out of memory. */
struct ec_intx_state *ec_intx_new(void);

/** ec_intx_line() - the guest will get INTx pin @pin, 1 to 4, of the host's interrupt @irq. */
void ec_intx_line(struct ec_device *d, uint8_t pin, int irq);

/** ec_intx_line_of() - that interrupt; 0: the guest gets no INTx. */
int ec_intx_line_of(const struct ec_device *d);

/**
 * ec_intx_connect() - connect INTx to the guest, or, if @add is false, disconnect it. Nothing
 * happens without a pin.
 * Returns 0, or a negative errno with @diag: it is connected in part; disconnecting takes away just
 * that, and may be repeated.
 */
int ec_intx_connect(struct ec_device *d, bool add, struct ec_diag *diag);

/** ec_intx_connected() - is it connected? ec_intx_pirq() - by which pirq, -1: none. */
bool ec_intx_connected(const struct ec_device *d);
int ec_intx_pirq(const struct ec_device *d);

/** ec_intx_died() - the guest is dying: unmap the pirq, as ec_msi_died() does. */
void ec_intx_died(struct ec_device *d);

/** ec_intx_forget() - unmap *@pirq of a guest that is dying, and set it to -1. -1 is allowed. */
void ec_intx_forget(struct ec_device *d, int *pirq);

#endif
