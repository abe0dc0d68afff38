/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plan of a guest's PCI machine: which function is found where, behind which emulated root
 * port, and one place for every BAR, bridge window and the ECAM window. Firmware and the guest's
 * kernel may place all of it anew; the plan shows that there is room, and what the toolstack must
 * leave free for that. Pure: the same set of functions gives the same plan in whatever order they
 * are listed.
 */
#ifndef EC_MACHINE_MACHINE_H
#define EC_MACHINE_MACHINE_H

#include "core/diag.h"
#include "machine/types.h"

/** Their names, as options and output have them: "hvm", "pvh". */
extern const char *const ec_machine_kind_names[EC_MACHINE_KINDS];

/** ec_machine_kind_parse() - the kind of that name, or -EINVAL. */
int ec_machine_kind_parse(const char *name);

/** ec_machine_defaults() - the limits of a guest of that kind of which nothing else is known. */
void ec_machine_defaults(enum ec_machine_kind kind, struct ec_machine_limits *limits);

/**
 * ec_machine_build() - plan the machine.
 * @fn: @n functions of different host addresses, 0 to EC_MACHINE_MAX; their order does not count.
 * @plan: written; of use only on success.
 * @diag: filled on failure: which function cannot be, why, and what would help.
 *
 * Placing: a bypassed or conventional function is function 0 of a slot on bus 0. The flattened
 * functions of one slot of the host are behind one port, at device 0, with the host's function
 * numbers; a virtual function has a port of its own, and is function 0. A slot is kept, asked
 * for, or the lowest that is free; a flattened function takes a spare port before a free slot.
 * Who kept a slot comes first, then who asked for one.
 *
 * Addresses: largest first. 64-bit BARs go above 4 GiB in a PVH guest, but for those that are
 * not prefetchable behind a port, whose window has 32 bits. In an HVM guest hvmloader puts 64-bit
 * BARs of bus 0 there when they do not fit below, and tells the guest of no other room.
 *
 * Slots are what is to be kept; buses and addresses follow. A PVH guest that runs was told of the
 * host bridge's windows and of ECAM: a plan with others is not for it. Give ecam_buses then.
 *
 * Returns 0; -EINVAL: a function or a limit cannot be; -EBUSY: a slot cannot be had, or none is
 * left; -EPERM: the guest would not survive the function; -ENOSPC: no room for a BAR, a bus or
 * the ECAM window. Bounded: some 10^6 steps for the largest set.
 */
int ec_machine_build(const struct ec_machine_limits *limits, const struct ec_machine_function *fn,
		     unsigned int n, struct ec_machine_plan *plan, struct ec_diag *diag);

#endif
