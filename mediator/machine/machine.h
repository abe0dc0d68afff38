/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plans a guest's machine: slots, buses and root ports of its functions, and an address for every
 * BAR, bridge window and the ECAM window. Firmware and the guest's kernel may move all of them; the
 * plan proves that there is room, and says what the toolstack must leave free for it. Pure: the
 * order of the functions does not matter, not even for which one is refused.
 */
#ifndef EC_MACHINE_MACHINE_H
#define EC_MACHINE_MACHINE_H

#include "core/diag.h"
#include "machine/types.h"

/** Their names, as options and output have them: "hvm", "pvh". */
extern const char *const ec_machine_kind_names[EC_MACHINE_KINDS];

/** ec_machine_kind_parse() - the kind of that name, or -EINVAL. */
int ec_machine_kind_parse(const char *name);

/** ec_machine_defaults() - the limits of a guest of which only the kind is known. */
void ec_machine_defaults(enum ec_machine_kind kind, struct ec_machine_limits *limits);

/**
 * ec_machine_build() - plan the machine.
 * @fn: @n functions with different host addresses, 0 to EC_MACHINE_MAX, in any order.
 * @plan: written; valid only on success.
 * @diag: on failure: which function is refused, why, and what would help.
 * Slots: see slots.h. Addresses: see addresses.h. Of a plan only the slots must be preserved to get
 * the same one again. A PVH guest that has started knows windows and ECAM from its ACPI tables, so
 * a plan with different ones cannot be used for it; set ecam_buses then.
 * Returns 0; -EINVAL: an impossible function or limit; -EBUSY: a slot is taken, or none is left;
 * -EPERM: the function would crash the guest; -ENOSPC: no room for a BAR, a bus or the ECAM
 * window. At most some 10^6 steps.
 */
int ec_machine_build(const struct ec_machine_limits *limits, const struct ec_machine_function *fn,
		     unsigned int n, struct ec_machine_plan *plan, struct ec_diag *diag);

#endif
