/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a guest finds its functions: its machine is planned anew with each function that comes, and
 * what is there already stays where it is.
 */
#ifndef EC_SUPERVISOR_PLACEMENT_H
#define EC_SUPERVISOR_PLACEMENT_H

#include "supervisor/attachment.h"

/**
 * ec_placement_begin() - plan the guest's machine with the function, whose view is planned; move
 * the ECAM window, and make the host bridge and the root port that the plan asks for. The first
 * function decides what the machine is. w->machine has the plan.
 * Returns 0; what ec_machine_build() returns; -EBUSY: the guest has started, and knows another
 * machine; or another negative errno. With @diag.
 */
int ec_placement_begin(struct ec_attach_work *w, struct ec_diag *diag);

/** ec_placement_end() - the place of @a is free again. Returns 0. */
int ec_placement_end(struct ec_attachment *a, struct ec_diag *diag);

/**
 * ec_placement_publish() - describe the machine of w->machine to a PVH guest that has not started,
 * by ACPI tables. What fails is logged: the guest does without.
 */
void ec_placement_publish(struct ec_attach_work *w);

/**
 * ec_placement_machine() - what the planner needs to plan the guest's machine as it is.
 * @fn: room for EC_MACHINE_MAX. Returns how many are written, each with the slot that it has.
 */
unsigned int ec_placement_machine(const struct ec_guest_record *r, struct ec_machine_limits *limits,
				  struct ec_machine_function *fn);

#endif
