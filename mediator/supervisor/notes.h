/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What functions a guest has is noted in xenstore under the guest's UUID, so that it finds them
 * again after a reboot, which makes a new domain of the same UUID. A note is the text of an attach.
 */
#ifndef EC_SUPERVISOR_NOTES_H
#define EC_SUPERVISOR_NOTES_H

#include "supervisor/attachment.h"

/** ec_notes_possible() - does the guest have a UUID? */
bool ec_notes_possible(const struct ec_guest_info *info);

/**
 * ec_notes_add() - note that the guest has @a, in its slot, and what the guest's first function has
 * decided of its machine. What fails is logged: the guest will not find it after a reboot.
 */
void ec_notes_add(const struct ec_attachment *a);

/** ec_notes_remove() - the guest is not to find @a after a reboot. What fails is logged. */
void ec_notes_remove(const struct ec_attachment *a);

/**
 * ec_notes_died() - the guest is gone: its notes go, too, unless it reboots. Returns 0, or
 * -ENOTCONN: to be called again when the store is back. Another failure is logged.
 */
int ec_notes_died(const struct ec_guest *g);

/** ec_notes_forget() - remove all notes of the guest with @uuid. Returns 0 or a negative errno. */
int ec_notes_forget(const struct ec_backends *b, const char *uuid);

/** ec_notes_previous_slot() - the slot of @host as noted, in *@slot; false: none is. */
bool ec_notes_previous_slot(const struct ec_guest *g, struct ec_sbdf host, uint8_t *slot);

#endif
