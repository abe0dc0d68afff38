/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guests that reboot. A toolstack destroys the domain of such a guest and creates another, with the
 * same UUID. A guest that comes and has notes (notes.h) is paused, gets its functions again, and
 * only then may start.
 */
#ifndef EC_SUPERVISOR_REATTACH_H
#define EC_SUPERVISOR_REATTACH_H

#include "supervisor/service.h"

struct ec_reattach;

/** ec_reattach_new() - for service @s, which must outlive it. NULL: out of memory. */
struct ec_reattach *ec_reattach_new(struct ec_service *s);

/** ec_reattach_free() - forget which guests were looked at; notes stay. NULL is allowed. */
void ec_reattach_free(struct ec_reattach *r);

/**
 * ec_reattach_look() - a guest may have come: look at all that were not looked at before, and
 * attach what their notes say. Each is paused meanwhile, and unpaused in any case. What goes wrong
 * is logged: a function that cannot be attached is left out, and tried again at the guest's next
 * reboot; a note that cannot be read is removed. A guest whose old domain is still dying stays
 * paused, five minutes at most, and is looked at again by ec_reattach_tick().
 * Returns how many guests wait. Takes as long as the attaches.
 */
unsigned int ec_reattach_look(struct ec_reattach *r);

/**
 * ec_reattach_tick() - look again at guests that wait, some times a second, and twice a minute at
 * the notes of guests that do not come back (orphans.h). Returns how many guests wait.
 */
unsigned int ec_reattach_tick(struct ec_reattach *r);

#endif
