/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guests that are kept from running while something is done to them. */
#ifndef EC_SUPERVISOR_PAUSE_H
#define EC_SUPERVISOR_PAUSE_H

#include "supervisor/service.h"

/**
 * ec_pause() - keep guest @domid from running; none of its virtual CPUs does on return.
 * Xen counts: whoever else pauses it, or starts it, does not meet this pause. Call ec_unpause()
 * once for each that succeeded. Returns 0 or a negative errno with @diag filled.
 */
int ec_pause(const struct ec_service_ports *ports, uint32_t domid, struct ec_diag *diag);

/**
 * ec_unpause() - take the pause away. A guest that is gone needs none; with another that cannot be
 * unpaused there is nothing to be done, and it is logged that it stays paused.
 */
void ec_unpause(const struct ec_service_ports *ports, uint32_t domid);

#endif
