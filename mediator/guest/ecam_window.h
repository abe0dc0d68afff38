/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The window in which a guest finds the configuration space of its buses. */
#ifndef EC_GUEST_ECAM_WINDOW_H
#define EC_GUEST_ECAM_WINDOW_H

#include "core/diag.h"
#include "machine/machine.h"

struct ec_guest;

/** Where it is. */
struct ec_ecam_place {
	struct ec_machine_range range; /* that ecamd serves; size 0: there is no window */
	uint64_t bus0;                 /* guest address of bus 0, or where it would be */
};

struct ec_ecam_window {
	struct ec_ecam_place at;
	bool own;         /* the guest has placed it, by its host bridge */
	uint64_t refused; /* request in which the guest could not place it last */
};

/** ec_ecam_window_buses() - buses that the window covers, from bus 0 on; 0: there is no window. */
uint16_t ec_ecam_window_buses(const struct ec_guest *g);

/** ec_ecam_window_overlaps() - is one of the @n frames from @gfn on in the window? */
bool ec_ecam_window_overlaps(const struct ec_guest *g, uint64_t gfn, uint64_t n);

/**
 * ec_ecam_window_move() - serve the window @range. The guest must have no memory there, whatever
 * its memory map says: Xen is asked. bus0 stays.
 * Returns 0; -EEXIST or another negative errno with @diag: the window is where it was, or, if Xen
 * refuses that, nowhere.
 */
int ec_ecam_window_move(struct ec_guest *g, struct ec_machine_range range, struct ec_diag *diag);

/** ec_ecam_window_restore() - undo ec_ecam_window_move(): the window is at @before again. */
void ec_ecam_window_restore(struct ec_guest *g, const struct ec_ecam_place *before);

/**
 * ec_ecam_window_wanted() - the guest has enabled a window of @size bytes at @base by its host
 * bridge. Where none can be the bridge takes that back. Tried once a request: a request may ask
 * thousands of times, and each time takes up to 64 calls of Xen.
 */
void ec_ecam_window_wanted(struct ec_guest *g, uint64_t base, uint64_t size);

#endif
