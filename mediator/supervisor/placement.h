/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a guest finds its functions: its machine is planned anew with each that comes, and what is
 * there already stays where it is.
 */
#ifndef EC_SUPERVISOR_PLACEMENT_H
#define EC_SUPERVISOR_PLACEMENT_H

#include "guest/device.h"

/**
 * ec_placement_begin() - plan the guest's machine with @d, whose view has been planned; see to its
 * ECAM window and to the port that @d is behind. The first function decides what the machine is.
 * The plan is left in the service's scratch. Returns 0; what ec_machine_build() returns; -EBUSY:
 * the guest has started, and was told of another machine; or another negative errno. With @diag.
 */
int ec_placement_begin(struct ec_device *d, struct ec_diag *diag);

/** ec_placement_end() - its place is free again. Returns 0. */
int ec_placement_end(struct ec_device *d, struct ec_diag *diag);

/**
 * ec_placement_tell() - let a PVH guest that has not started know of its machine, as the plan in
 * the service's scratch has it. What keeps it from that is logged: the guest does without.
 */
void ec_placement_tell(struct ec_guest *g);

/**
 * ec_placement_window() - the guest has enabled its ECAM window at @base by its host bridge.
 * Where there cannot be one the bridge takes that back. Tried once a request: one may ask thousands
 * of times, and each time takes up to 64 calls of Xen.
 */
void ec_placement_window(struct ec_guest *g, uint64_t base, uint64_t size);

/** ec_placement_buses() - how many buses the guest's ECAM window has, from bus 0 on; 0: there is
 * none.
 */
uint16_t ec_placement_buses(const struct ec_guest *g);

/** ec_placement_functions() - what the planner is told of @g's functions: fn has room for all. */
unsigned int ec_placement_functions(const struct ec_guest *g, struct ec_machine_function *fn);

#endif
