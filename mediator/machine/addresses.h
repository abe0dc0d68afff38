/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The addresses of a planned machine, once it is known which function is where.
 */
#ifndef EC_MACHINE_ADDRESSES_H
#define EC_MACHINE_ADDRESSES_H

#include "machine/machine.h"

/** What is where in guests of both kinds. */
#define EC_MACHINE_4G 0x100000000ull
/** libxl's and hvmloader's tables start here, and RAM of either kind of guest ends at the latest */
#define EC_MACHINE_TABLES 0xfc000000ull
/** The APICs, Xen's own pages and firmware are from here on. */
#define EC_MACHINE_APICS 0xfec00000ull

/** Every file that plans addresses works on one of these. */
struct ec_machine_map {
	const struct ec_machine_limits *limits;
	const struct ec_machine_function *fn;
	struct ec_machine_plan *plan;
	struct ec_diag *diag;
};

/** The address spaces that an item may go to. */
enum ec_machine_pool { EC_POOL_IO, EC_POOL_LOW, EC_POOL_HIGH };

/**
 * ec_machine_map() - place what ec_machine_build() says of addresses.
 * @map: plan has its functions at their places, its ports and their buses.
 * Returns as ec_machine_build() does.
 */
int ec_machine_map(const struct ec_machine_map *map);

/** ec_machine_bits() - of the guest's physical addresses, 32 to 52. Pure. */
unsigned int ec_machine_bits(const struct ec_machine_limits *limits);

/** ec_machine_top() - the end of the guest's physical addresses. Pure. */
uint64_t ec_machine_top(const struct ec_machine_limits *limits);

/**
 * ec_machine_ram_low() - where RAM below 4 GiB ends if no more than @end may be RAM there.
 * Memory that is not known is none. Pure.
 */
uint64_t ec_machine_ram_low(const struct ec_machine_limits *limits, uint64_t end);

/** ec_machine_ram_high() - where RAM above 4 GiB ends then; 4 GiB: there is none. Pure. */
uint64_t ec_machine_ram_high(const struct ec_machine_limits *limits, uint64_t end);

/**
 * ec_machine_ecam() - place the ECAM window, and check that the buses fit it.
 * It is the first: what is fixed is taken in plan->fixed then. Returns as ec_machine_build() does.
 */
int ec_machine_ecam(const struct ec_machine_map *map);

/**
 * ec_machine_items() - make a list of what is to be placed, with what is inside bridge windows
 * packed already: a BAR's address is its offset in the window. Sorted, largest first.
 * Returns as ec_machine_build() does: a size may be impossible.
 */
int ec_machine_items(const struct ec_machine_map *map);

/** ec_machine_window_of() - the window of a port that @bar belongs in. Pure. */
enum ec_machine_window ec_machine_window_of(const struct ec_bar *bar);

/**
 * ec_machine_relocate() - let hvmloader's rule say which items go above 4 GiB.
 * @room: bytes that it has below.
 */
void ec_machine_relocate(const struct ec_machine_map *map, uint64_t room);

/** What would help: text, a number if it is not 0, and text, or NULL. */
struct ec_machine_help {
	const char *before;
	unsigned int number;
	const char *after;
};

/** ec_machine_refuse() - say in diag that @item has no room @where. Returns -ENOSPC. */
int ec_machine_refuse(const struct ec_machine_map *map, const struct ec_machine_item *item,
		      const char *where, struct ec_machine_help help);

#endif
