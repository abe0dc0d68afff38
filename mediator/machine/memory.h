/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's physical addresses: how many there are, and where RAM ends. Pure.
 */
#ifndef EC_MACHINE_MEMORY_H
#define EC_MACHINE_MEMORY_H

#include "machine/types.h"

/** Fixed addresses in guests of both kinds. */
#define EC_MACHINE_4G 0x100000000ull
/** Tables of libxl and hvmloader start here; RAM below 4 GiB ends here at the latest. */
#define EC_MACHINE_TABLES 0xfc000000ull
/** APICs, Xen's own pages and firmware start here. */
#define EC_MACHINE_APICS 0xfec00000ull

/** ec_machine_memory_bits() - bits of a guest physical address, 32 to 52. */
unsigned int ec_machine_memory_bits(const struct ec_machine_limits *limits);

/** ec_machine_memory_top() - the end of the guest's physical addresses. */
uint64_t ec_machine_memory_top(const struct ec_machine_limits *limits);

/**
 * ec_machine_memory_low() - the end of RAM below 4 GiB, if at most @end bytes may be RAM there.
 * An unknown amount of memory counts as 0.
 */
uint64_t ec_machine_memory_low(const struct ec_machine_limits *limits, uint64_t end);

/** ec_machine_memory_high() - the end of RAM above 4 GiB then; 4 GiB if there is none. */
uint64_t ec_machine_memory_high(const struct ec_machine_limits *limits, uint64_t end);

#endif
