/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Slots of a guest's bus 0, and the root ports in them.
 *
 * A bypassed or conventional function is function 0 of a slot of its own, even if the host has
 * several in one slot. The flattened functions of one slot of the host are behind one root port, as
 * device 0 with the host's function numbers. A virtual function has a root port of its own and is
 * function 0 there: it does not belong to the slot in its address, and its device needs no other
 * function. Previous slots are given out first, then requested ones, then the lowest free ones; a
 * flattened function prefers a spare root port.
 */
#ifndef EC_MACHINE_SLOTS_H
#define EC_MACHINE_SLOTS_H

#include "machine/work.h"

/** ec_machine_is_behind() - is @fn behind a root port? Otherwise it is on bus 0. Pure. */
bool ec_machine_is_behind(const struct ec_machine_function *fn);

/**
 * ec_machine_slots_place() - give each function a slot, and each root port a bus.
 * @work: order is filled. Fills place and port of the plan, except for addresses.
 * Returns as ec_machine_build() does.
 */
int ec_machine_slots_place(struct ec_machine_work *work);

#endif
