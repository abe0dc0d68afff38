/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guests as the supervisor opens, watches and closes them. */
#ifndef EC_SUPERVISOR_GUESTS_H
#define EC_SUPERVISOR_GUESTS_H

#include "supervisor/attachment.h"

/**
 * ec_guests_open() - start to serve guest @domid.
 * Returns 0 with *@out, or a negative errno with @diag: -EPERM if no function can be given to such
 * a guest.
 */
int ec_guests_open(const struct ec_backends *b, uint32_t domid, struct ec_guest_record **out,
		   struct ec_diag *diag);

/** ec_guests_close() - stop serving, and free @r; it has no functions. NULL is allowed. */
void ec_guests_close(struct ec_guest_record *r);

/** ec_guests_check() - can functions still be given to it? Returns 0, or an errno with @diag. */
int ec_guests_check(struct ec_guest_record *r, struct ec_diag *diag);

/**
 * ec_guests_look() - update what is known of the guest. If it is dying or gone, its interrupts are
 * unmapped and its server is closed: a mapping of its ioreq page would keep a zombie. Its functions
 * are detached when it is gone. A guest of another UUID under its number means that it is gone.
 */
void ec_guests_look(struct ec_guest_record *r);

#endif
