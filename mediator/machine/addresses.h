/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The addresses of a planned machine, after its functions have their slots.
 *
 * HVM: hvmloader places BARs of bus 0 below 4 GiB, in a hole whose size the toolstack fixes, and
 * 64-bit BARs above if the hole is too small. Windows of root ports go into the same hole. PVH: the
 * guest's kernel learns windows from ACPI. 64-bit BARs go above 4 GiB, except for non-prefetchable
 * ones behind a root port, whose window has 32 bits.
 */
#ifndef EC_MACHINE_ADDRESSES_H
#define EC_MACHINE_ADDRESSES_H

#include "machine/work.h"

/**
 * ec_machine_addresses_place() - place ECAM window, BARs and windows, largest first.
 * @work: the plan has slots, root ports and buses. Returns as ec_machine_build() does.
 */
int ec_machine_addresses_place(struct ec_machine_work *work);

#endif
