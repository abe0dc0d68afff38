/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guests that come back. When a guest reboots, its toolstack destroys the domain and makes another,
 * with the same UUID. What functions a guest has is noted in the store under its UUID; a guest that
 * comes and has such notes is paused, gets its functions again, and only then may start.
 */
#ifndef EC_SUPERVISOR_REATTACH_H
#define EC_SUPERVISOR_REATTACH_H

#include "guest/device.h"

/**
 * ec_comeback_look() - a guest may have come: look at all that were not looked at before, and give
 * those with notes their functions, as noted. Each is paused meanwhile, and unpaused in any case.
 * What goes wrong is logged: a function that cannot be given is left out, and tried again when the
 * guest comes the next time; a note that cannot be read is removed. Takes as long as the attaches.
 */
void ec_comeback_look(struct ec_service *s);

/**
 * ec_comeback_note() - note that the guest has @d, at device number @slot of its bus 0 (that of its
 * port, if it is behind one), and what its first function has decided of its machine. 0 also where
 * the guest has no UUID; or a negative errno, logged: the guest will come back without it.
 */
int ec_comeback_note(struct ec_device *d, unsigned int slot);

/** ec_comeback_forget() - the guest is to come back without @d. */
void ec_comeback_forget(struct ec_device *d);

/** ec_comeback_died() - the guest is gone: unless it reboots, nothing of it stays noted. */
void ec_comeback_died(struct ec_guest *g);

/** ec_comeback_kept() - the slot of @host as noted, in *@slot; false: none is. */
bool ec_comeback_kept(struct ec_guest *g, struct ec_sbdf host, uint8_t *slot);

/** ec_comeback_free() - forget which guests were looked at; notes stay. */
void ec_comeback_free(struct ec_service *s);

#endif
