/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guests that do not run while something is done to them. */
#ifndef EC_SUPERVISOR_PAUSE_H
#define EC_SUPERVISOR_PAUSE_H

#include "core/backends.h"
#include "core/diag.h"

/**
 * ec_pause() - pause guest @domid; no virtual CPU of it runs on return. Xen counts pauses, so this
 * one does not meet those of the toolstack. Call ec_unpause() once for each that succeeded.
 * Returns 0 or a negative errno with @diag.
 */
int ec_pause(const struct ec_backends *b, uint32_t domid, struct ec_diag *diag);

/**
 * ec_unpause() - take the pause away. It does nothing for a guest that is gone; for another
 * one that cannot be unpaused it is logged that it stays paused.
 */
void ec_unpause(const struct ec_backends *b, uint32_t domid);

#endif
