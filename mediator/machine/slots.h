/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The slots of a guest's bus 0: which function is in which, behind which root port.
 */
#ifndef EC_MACHINE_SLOTS_H
#define EC_MACHINE_SLOTS_H

#include "machine/work.h"

/** ec_machine_is_behind() - is @fn behind a root port, not on bus 0? Pure. */
bool ec_machine_is_behind(const struct ec_machine_function *fn);

/**
 * ec_machine_slots_place() - give each function a slot, and root ports their buses.
 * @work: order is filled. Fills place and port of the plan, addresses aside.
 * Returns as ec_machine_build() does.
 */
int ec_machine_slots_place(struct ec_machine_work *work);

#endif
