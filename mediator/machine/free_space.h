/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An address space of a planned machine: which ranges are taken, and the lowest that is free.
 */
#ifndef EC_MACHINE_FREE_SPACE_H
#define EC_MACHINE_FREE_SPACE_H

#include "machine/machine.h"

/**
 * ec_machine_reserve() - take [@base, @end), or what of it is still free.
 * Nothing happens if it is empty. The space has room for EC_MACHINE_TAKEN ranges; what comes
 * after is not kept, which ec_machine_build() never lets happen. Pure.
 */
void ec_machine_reserve(struct ec_machine_space *space, uint64_t base, uint64_t end);

/**
 * ec_machine_take() - take the lowest free @size bytes in [@from, @to) at a multiple of @align.
 * @align: a power of two; @from plus @align must not wrap. @size: not 0.
 * Returns 0 with *@base, or -ENOSPC with nothing changed. Pure.
 */
int ec_machine_take(struct ec_machine_space *space, uint64_t from, uint64_t to, uint64_t size,
		    uint64_t align, uint64_t *base);

/** ec_machine_overlap() - have the two ranges an address in common? Pure. */
bool ec_machine_overlap(struct ec_machine_range a, struct ec_machine_range b);

#endif
