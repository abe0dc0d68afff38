/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An address space that is given out: which ranges are taken, and the lowest that is free. Pure.
 */
#ifndef EC_MACHINE_FREE_SPACE_H
#define EC_MACHINE_FREE_SPACE_H

#include "machine/types.h"

/** Ranges that may be taken at most: all that a machine places, and what is fixed in a guest. */
#define EC_FREE_SPACE_MAX 338u

/** By rising address, none overlapping another. */
struct ec_free_space {
	unsigned int n;
	struct ec_machine_range taken[EC_FREE_SPACE_MAX];
};

/**
 * ec_free_space_reserve() - take [@base, @end), or the parts of it that are still free.
 * Nothing happens if it is empty. Ranges past EC_FREE_SPACE_MAX are dropped; ec_machine_build()
 * never has so many.
 */
void ec_free_space_reserve(struct ec_free_space *space, uint64_t base, uint64_t end);

/**
 * ec_free_space_take() - take the lowest free @size bytes within @in, at a multiple of @align.
 * @align: a power of two; the start of @in plus @align must not wrap. @size: not 0.
 * Returns 0 with *@base, or -ENOSPC with nothing changed.
 */
int ec_free_space_take(struct ec_free_space *space, struct ec_machine_range in, uint64_t size,
		       uint64_t align, uint64_t *base);

/** ec_machine_overlaps() - have the two ranges an address in common? Pure. */
bool ec_machine_overlaps(struct ec_machine_range a, struct ec_machine_range b);

#endif
