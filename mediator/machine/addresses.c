/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses for everything of a planned machine. What decides in an HVM guest is hvmloader, which
 * goes by the size of the hole below 4 GiB; in a PVH guest we tell the kernel of windows by ACPI,
 * and RAM of a large guest leaves little below 4 GiB.
 * Source: Xen tools/firmware/hvmloader/pci.c (pci_setup), tools/libs/light/libxl_dom.c.
 */
#include "machine/addresses.h"

#include <errno.h>

#include "core/bits.h"
#include "machine/free_space.h"

#define MIB 0x100000ull
#define GIB 0x40000000ull
/* Above all memory that guests usually have, and with room for as much again. */
#define HIGH_USUAL 0x4000000000ull
#define HIGH_LEAST (64 * GIB)
/* A hole that xl leaves by itself */
#define HOLE_DEFAULT 256u

/*
 * I/O ports: hvmloader's for BARs; ours for the rest, below what the chip sets answer and what the
 * tables of a PVH guest name.
 */
#define IO_WINDOWS 0x1000u
#define IO_CHIPSET 0xa000u
#define IO_BARS 0xc000u
#define IO_END 0x10000u

/* Where what is below 4 GiB may start, in the order in which it is tried. */
static const struct start {
	enum ec_machine_kind kind;
	uint64_t base; /* 0: behind the ACPI tables, which is free in every guest */
} starts[] = {
	{ EC_MACHINE_HVM, 0xf0000000 }, { EC_MACHINE_HVM, 0xe0000000 },
	{ EC_MACHINE_HVM, 0xc0000000 }, { EC_MACHINE_HVM, 0x80000000 },
	{ EC_MACHINE_HVM, 0x40000000 }, { EC_MACHINE_PVH, 0 },
	{ EC_MACHINE_PVH, 0xf0000000 }, { EC_MACHINE_PVH, 0xe0000000 },
	{ EC_MACHINE_PVH, 0xc0000000 }, { EC_MACHINE_PVH, 0x80000000 },
	{ EC_MACHINE_PVH, 0x40000000 },
};

/* The larger part of [@base, @end) that the ECAM window leaves. */
static struct ec_machine_range beside_ecam(const struct ec_machine_plan *plan, uint64_t base,
					   uint64_t end)
{
	struct ec_machine_range all = { base, end - base }, low = all, high = all;

	if (!ec_machine_overlap(all, plan->ecam))
		return all;
	low.size = plan->ecam.base > base ? plan->ecam.base - base : 0;
	high.base = plan->ecam.base + plan->ecam.size;
	high.size = high.base < end ? end - high.base : 0;
	return low.size >= high.size ? low : high;
}

/*
 * Places the items of one pool, @space being what is taken. @upwards: as hvmloader does, which
 * never goes back to what alignment left. Returns the first without room.
 */
static const struct ec_machine_item *place_pool(const struct ec_machine_map *map,
						struct ec_machine_space *space,
						enum ec_machine_pool pool, bool upwards,
						struct ec_machine_range room)
{
	uint64_t from = room.base;

	for (unsigned int i = 0; i < map->plan->items; i++) {
		struct ec_machine_item *item = map->plan->item + i;

		if (item->space != pool)
			continue;
		if (ec_machine_take(space, from, room.base + room.size, item->size, item->align,
				    &item->base))
			return item;
		if (upwards)
			from = item->base + item->size;
	}
	return NULL;
}

static int place_io(const struct ec_machine_map *map)
{
	struct ec_machine_plan *plan = map->plan;
	bool hvm = map->limits->kind == EC_MACHINE_HVM;

	plan->io.n = 0;
	ec_machine_reserve(&plan->io, IO_CHIPSET, IO_BARS);
	for (unsigned int i = 0; i < plan->items; i++) {
		struct ec_machine_item *item = plan->item + i;
		bool bar = item->port == EC_MACHINE_SLOTS;

		if (item->space == EC_POOL_IO &&
		    ec_machine_take(&plan->io, hvm && bar ? IO_BARS : IO_WINDOWS,
				    hvm && bar ? IO_END : IO_CHIPSET, item->size, item->align,
				    &item->base))
			return ec_machine_refuse(
				map, item, "into the I/O ports",
				(struct ec_machine_help){
					"fewer functions with I/O BARs leave room" });
	}
	/* ours is one range, without the ports that the toolstack's tables name */
	plan->window[EC_WINDOW_IO] =
		(struct ec_machine_range){ IO_WINDOWS, (hvm ? IO_END : IO_CHIPSET) - IO_WINDOWS };
	return 0;
}

/* Tries one start. Returns the first item without room, NULL: all have. */
static const struct ec_machine_item *try_low(const struct ec_machine_map *map, uint64_t start)
{
	struct ec_machine_plan *plan = map->plan;
	struct ec_machine_range window = { start, EC_MACHINE_TABLES - start };

	if (map->limits->kind == EC_MACHINE_HVM)
		ec_machine_relocate(map, window.size);
	else if (start)
		window = beside_ecam(plan, start, EC_MACHINE_TABLES);
	else
		window = beside_ecam(plan, EC_MACHINE_TABLES + MIB, EC_MACHINE_APICS);
	plan->memory = plan->fixed;
	plan->window[EC_WINDOW_MEMORY] = window;
	return place_pool(map, &plan->memory, EC_POOL_LOW, false, window);
}

/* May it be there: is no RAM that cannot be elsewhere? */
static bool may_start(const struct ec_machine_limits *l, uint64_t start)
{
	if (l->kind == EC_MACHINE_PVH)
		return !start || start >= ec_machine_ram_low(l, EC_MACHINE_TABLES);
	return !l->hole || start == EC_MACHINE_4G - l->hole * MIB;
}

/* What would have helped where nothing that may be does: the next start that would do. */
static struct ec_machine_help low_help(const struct ec_machine_map *map,
				       const struct ec_machine_item *item)
{
	const struct ec_machine_limits *l = map->limits;
	bool hvm = l->kind == EC_MACHINE_HVM;

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(starts); i++) {
		uint64_t start = starts[i].base;

		if (starts[i].kind != l->kind || may_start(l, start) || try_low(map, start))
			continue;
		if (hvm)
			return (struct ec_machine_help){
				"mmio_hole=", (unsigned int)((EC_MACHINE_4G - start) / MIB),
				" makes room"
			};
		return (struct ec_machine_help){ "memory= of at most ", (unsigned int)(start / MIB),
						 " makes room" };
	}
	if (item->fn != EC_MACHINE_MAX && item->port < EC_MACHINE_SLOTS &&
	    map->fn[item->fn].bar[item->bar].kind == EC_BAR_MEM64 &&
	    ec_machine_top(l) > EC_MACHINE_4G)
		return (struct ec_machine_help){ "bypassed it may be above 4 GiB" };
	return (struct ec_machine_help){ "fewer functions leave room" };
}

static int place_low(const struct ec_machine_map *map)
{
	const struct ec_machine_limits *l = map->limits;
	const struct ec_machine_item *failed = NULL;
	struct ec_machine_item item;
	uint64_t asked = l->kind == EC_MACHINE_HVM && l->hole ? EC_MACHINE_4G - l->hole * MIB : 0;

	if (asked) {
		failed = try_low(map, asked);
		if (!failed)
			return 0;
	}
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(starts) && !asked; i++) {
		if (starts[i].kind != l->kind || !may_start(l, starts[i].base))
			continue;
		failed = try_low(map, starts[i].base);
		if (!failed)
			return 0;
	}
	/* what helps is found by trying on, which writes to the items */
	item = *failed;
	return ec_machine_refuse(map, &item, "below 4 GiB", low_help(map, &item));
}

/* What the host bridge has there: what is used, and in a PVH guest room for more. */
static struct ec_machine_range high_window(const struct ec_machine_map *map,
					   struct ec_machine_range room)
{
	struct ec_machine_range window = { 0 };
	uint64_t first = UINT64_MAX, end = 0;

	for (unsigned int i = 0; i < map->plan->items; i++) {
		const struct ec_machine_item *item = map->plan->item + i;

		if (item->space != EC_POOL_HIGH)
			continue;
		if (item->base < first)
			first = item->base;
		if (item->base + item->size > end)
			end = item->base + item->size;
	}
	if (map->limits->kind == EC_MACHINE_PVH) {
		first = room.base;
		if (end < first + HIGH_LEAST)
			end = first + HIGH_LEAST;
		end = (end + GIB - 1) & ~(GIB - 1);
		if (end > room.base + room.size)
			end = room.base + room.size;
	} else if (end) {
		/* hvmloader's rule: as much aligned as the start is */
		end = ((end - 1) | (ec_low_bit(first) - 1)) + 1;
	}
	if (end > first)
		window = (struct ec_machine_range){ first, end - first };
	return window;
}

static int place_high(const struct ec_machine_map *map)
{
	const struct ec_machine_limits *l = map->limits;
	struct ec_machine_plan *plan = map->plan;
	bool pvh = l->kind == EC_MACHINE_PVH;
	uint64_t top = ec_machine_top(l);
	uint64_t from = ec_machine_ram_high(l, pvh ? EC_MACHINE_TABLES
						   : plan->window[EC_WINDOW_MEMORY].base);
	struct ec_machine_range room;
	const struct ec_machine_item *failed;

	if (pvh) {
		from = (from + GIB - 1) & ~(GIB - 1);
		if (from <= HIGH_USUAL && HIGH_USUAL <= top / 2)
			from = HIGH_USUAL;
	}
	if (from > top)
		from = top;
	room = beside_ecam(plan, from, top);
	/* hvmloader does not know of that window */
	if (!pvh)
		room = (struct ec_machine_range){ from, top - from };
	failed = place_pool(map, &plan->memory, EC_POOL_HIGH, !pvh, room);
	if (failed)
		return ec_machine_refuse(map, failed, "above 4 GiB",
					 (struct ec_machine_help){ "the guest's addresses have ",
								   ec_machine_bits(l), " bits" });
	plan->window[EC_WINDOW_PREFETCH] = high_window(map, room);
	return 0;
}

/* What was placed, to where it is looked for. */
static void deliver(const struct ec_machine_map *map)
{
	struct ec_machine_plan *plan = map->plan;

	for (unsigned int i = 0; i < plan->items; i++) {
		const struct ec_machine_item *item = plan->item + i;

		if (item->port < EC_MACHINE_SLOTS)
			plan->port[item->port].window[item->window] =
				(struct ec_machine_range){ item->base, item->size };
		else if (item->fn != EC_MACHINE_MAX)
			plan->place[item->fn].bar[item->bar] = item->base;
	}
	for (unsigned int i = 0; i < plan->n; i++) {
		struct ec_machine_place *place = plan->place + i;

		for (unsigned int bar = 0; bar < EC_BAR_MAX && place->behind; bar++) {
			const struct ec_bar *b = map->fn[i].bar + bar;

			if (b->kind != EC_BAR_NONE && b->kind != EC_BAR_UPPER)
				place->bar[bar] += plan->port[place->port]
							   .window[ec_machine_window_of(b)]
							   .base;
		}
	}
}

/* What the toolstack must leave, and whether what an HVM guest then has spares the ECAM window. */
static int check_hole(const struct ec_machine_map *map)
{
	struct ec_machine_plan *plan = map->plan;
	uint64_t start = plan->window[EC_WINDOW_MEMORY].base;
	struct ec_machine_range low = { 0 }, high = plan->window[EC_WINDOW_PREFETCH];
	uint64_t ram = ec_machine_ram_high(map->limits, start);

	plan->hole = 0;
	plan->memory_max = 0;
	if (map->limits->kind == EC_MACHINE_PVH) {
		if (plan->ecam.size && plan->ecam.base < start)
			start = plan->ecam.base;
		if (start < EC_MACHINE_TABLES)
			plan->memory_max = (uint16_t)(start / MIB);
		return 0;
	}
	plan->hole = (uint16_t)((EC_MACHINE_4G - start) / MIB);
	low = (struct ec_machine_range){ start, EC_MACHINE_TABLES - start };
	if (ec_machine_overlap(low, plan->ecam) || ec_machine_overlap(high, plan->ecam)) {
		ec_diag_set(
			map->diag, 0,
			"the ECAM window at %llx: hvmloader places BARs there, from %llx on",
			(unsigned long long)plan->ecam.base,
			(unsigned long long)(plan->ecam.base < EC_MACHINE_4G ? start : high.base));
		return -ENOSPC;
	}
	if (plan->ecam.size && (plan->ecam.base < ec_machine_ram_low(map->limits, start) ||
				(plan->ecam.base >= EC_MACHINE_4G && plan->ecam.base < ram))) {
		ec_diag_set(map->diag, 0, "the ECAM window at %llx: the guest has memory there",
			    (unsigned long long)plan->ecam.base);
		return -ENOSPC;
	}
	return 0;
}

int ec_machine_map(const struct ec_machine_map *map)
{
	int rc = ec_machine_ecam(map);

	if (!rc)
		rc = ec_machine_items(map);
	if (!rc)
		rc = place_io(map);
	if (!rc)
		rc = place_low(map);
	if (!rc)
		rc = place_high(map);
	if (!rc)
		rc = check_hole(map);
	if (!rc)
		deliver(map);
	return rc;
}
