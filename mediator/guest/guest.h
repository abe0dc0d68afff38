/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest that has functions: its ioreq server, and what it owns of the guest's address spaces.
 */
#ifndef EC_GUEST_GUEST_H
#define EC_GUEST_GUEST_H

#include "guest/device.h"
#include "view/plan.h"

/**
 * ec_guest_open() - start to serve guest @domid.
 * Guests that no device may be given to are refused by what they are. Returns 0 with *@out, or a
 * negative errno with @diag filled.
 */
int ec_guest_open(struct ec_service *s, uint32_t domid, struct ec_guest **out,
		  struct ec_diag *diag);

/** ec_guest_close() - stop, and free it; it has no functions. NULL is allowed. */
void ec_guest_close(struct ec_guest *g);

/**
 * ec_guest_emulate() - make @fn of the image in the service's scratch, with no hardware behind it.
 * Its layout and shadow are the caller's, to be freed also after a failure. Returns 0 or a
 * negative errno with @diag filled.
 */
int ec_guest_emulate(struct ec_service *s, const struct ec_plan_options *options,
		     struct ec_function *fn, struct ec_diag *diag);

/** ec_guest_serve() - let the guest see @d at @d->function.at. */
int ec_guest_serve(struct ec_guest *g, struct ec_device *d, struct ec_diag *diag);

/** ec_guest_unserve() - and no longer. */
void ec_guest_unserve(struct ec_guest *g, struct ec_device *d);

/**
 * ec_guest_look() - is it on its way out, or gone? Then everything of it is let go, but for its
 * functions: their lives end when it is gone. @wait: if it is dying, wait some seconds for that.
 */
void ec_guest_look(struct ec_guest *g, bool wait);

/** ec_guest_check() - may functions be given to it still? -EPERM or another errno with @diag. */
int ec_guest_check(struct ec_guest *g, struct ec_diag *diag);

#endif
