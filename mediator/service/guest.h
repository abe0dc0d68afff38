/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest that has functions: its ioreq server, and what it owns of the guest's address spaces.
 */
#ifndef EC_SERVICE_GUEST_H
#define EC_SERVICE_GUEST_H

#include "service/device.h"

/**
 * ec_guest_open() - start to serve guest @domid.
 * @spec: of its first function, which says where ECAM is to be. Guests that no device may be given
 * to are refused by what they are. Returns 0 with *@out, or a negative errno with @diag filled.
 */
int ec_guest_open(struct ec_service *s, uint32_t domid, const struct ec_attach_spec *spec,
		  struct ec_guest_run **out, struct ec_diag *diag);

/** ec_guest_close() - stop, and free it; it has no functions. NULL is allowed. */
void ec_guest_close(struct ec_guest_run *g);

/** ec_guest_slot() - the slot for a function: @spec's, or the lowest free; -EBUSY, with @diag. */
int ec_guest_slot(const struct ec_guest_run *g, const struct ec_attach_spec *spec,
		  struct ec_diag *diag);

/** ec_guest_accepts() - may the guest be given a function of class @class? -EPERM with @diag. */
int ec_guest_accepts(const struct ec_guest_run *g, uint32_t class, struct ec_diag *diag);

/** ec_guest_serve() - let the guest see @d at @d->function.at. */
int ec_guest_serve(struct ec_guest_run *g, struct ec_device *d, struct ec_diag *diag);

/** ec_guest_unserve() - and no longer. */
void ec_guest_unserve(struct ec_guest_run *g, struct ec_device *d);

/**
 * ec_guest_look() - is it on its way out, or gone? Then everything of it is let go, but for its
 * functions: their lives end when it is gone. @wait: if it is dying, wait some seconds for that.
 */
void ec_guest_look(struct ec_guest_run *g, bool wait);

/** ec_guest_check() - may functions be given to it still? -EPERM or another errno with @diag. */
int ec_guest_check(struct ec_guest_run *g, struct ec_diag *diag);

#endif
