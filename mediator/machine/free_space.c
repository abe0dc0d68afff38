/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "machine/free_space.h"

#include <errno.h>
#include <string.h>

/* Inserts a range that overlaps no other; adjacent ranges are not merged. */
static void insert(struct ec_free_space *space, uint64_t base, uint64_t size)
{
	unsigned int i = space->n;

	if (space->n == EC_FREE_SPACE_MAX)
		return;
	while (i && space->taken[i - 1].base > base)
		i--;
	memmove(space->taken + i + 1, space->taken + i, (space->n++ - i) * sizeof(*space->taken));
	space->taken[i] = (struct ec_machine_range){ base, size };
}

void ec_free_space_reserve(struct ec_free_space *space, uint64_t base, uint64_t end)
{
	for (unsigned int i = 0; i < space->n && base < end; i++) {
		struct ec_machine_range r = space->taken[i];

		if (r.base + r.size <= base)
			continue;
		if (r.base >= end)
			break;
		if (r.base > base) {
			insert(space, base, r.base - base);
			/* the insertion has moved this range up by one */
			i++;
		}
		base = r.base + r.size;
	}
	if (base < end)
		insert(space, base, end - base);
}

int ec_free_space_take(struct ec_free_space *space, struct ec_machine_range in, uint64_t size,
		       uint64_t align, uint64_t *base)
{
	uint64_t from = in.base, to = in.base + in.size;
	uint64_t at = (from + align - 1) & ~(align - 1);

	for (unsigned int i = 0; i < space->n; i++) {
		struct ec_machine_range r = space->taken[i];

		if (r.base + r.size <= at)
			continue;
		if (at < r.base && size <= r.base - at)
			break;
		at = (r.base + r.size + align - 1) & ~(align - 1);
	}
	if (at < from || at >= to || size > to - at)
		return -ENOSPC;
	insert(space, at, size);
	*base = at;
	return 0;
}

bool ec_machine_overlaps(struct ec_machine_range a, struct ec_machine_range b)
{
	if (!a.size || !b.size)
		return false;
	return a.base < b.base ? a.size > b.base - a.base : b.size > a.base - b.base;
}
