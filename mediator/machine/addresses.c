/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Source: Xen tools/firmware/hvmloader/pci.c (pci_setup), tools/libs/light/libxl_dom.c. */
#include "machine/addresses.h"

#include <errno.h>

#include "core/bits.h"
#include "machine/ecam_window.h"
#include "machine/memory.h"
#include "machine/windows.h"

#define MIB 0x100000ull
#define GIB 0x40000000ull
/*
 * Start of a PVH guest's window above 4 GiB, 256 GiB: above the RAM of most guests, so it stays
 * where it is if memory= changes. It is used if as much again is above it.
 */
#define HIGH_USUAL 0x4000000000ull
#define HIGH_LEAST (64 * GIB)
/*
 * I/O ports. hvmloader places BARs from c000 on. Windows of root ports, and all of a PVH guest, are
 * below a000: a PVH guest's window is one range, and the toolstack's tables use ports from af00 on.
 */
#define IO_WINDOWS 0x1000u
#define IO_CHIPSET 0xa000u
#define IO_BARS 0xc000u
#define IO_END 0x10000u

/*
 * Starts of the windows below 4 GiB, in the order of trying. Large BARs are aligned to their
 * size, so other sizes of the hole would not help.
 */
static const struct start {
	enum ec_machine_kind kind;
	uint64_t base; /* 0: after the ACPI tables, which is free in every guest */
} starts[] = {
	{ EC_MACHINE_HVM, 0xf0000000 }, { EC_MACHINE_HVM, 0xe0000000 },
	{ EC_MACHINE_HVM, 0xc0000000 }, { EC_MACHINE_HVM, 0x80000000 },
	{ EC_MACHINE_HVM, 0x40000000 }, { EC_MACHINE_PVH, 0 },
	{ EC_MACHINE_PVH, 0xf0000000 }, { EC_MACHINE_PVH, 0xe0000000 },
	{ EC_MACHINE_PVH, 0xc0000000 }, { EC_MACHINE_PVH, 0x80000000 },
	{ EC_MACHINE_PVH, 0x40000000 },
};

/* The larger part of [@base, @end) that the ECAM window leaves free. */
static struct ec_machine_range beside_ecam(const struct ec_machine_plan *plan, uint64_t base,
					   uint64_t end)
{
	struct ec_machine_range all = { base, end - base }, low = all, high = all;

	if (!ec_machine_overlaps(all, plan->ecam))
		return all;
	low.size = plan->ecam.base > base ? plan->ecam.base - base : 0;
	high.base = plan->ecam.base + plan->ecam.size;
	high.size = high.base < end ? end - high.base : 0;
	return low.size >= high.size ? low : high;
}

/*
 * Places the windows of one pool in @room. @upwards: as hvmloader does, which never returns to what
 * alignment left free. Returns the first window that does not fit, or NULL.
 */
static const struct ec_machine_window *place_pool(struct ec_machine_work *work,
						  enum ec_machine_pool pool, bool upwards,
						  struct ec_machine_range room)
{
	uint64_t end = room.base + room.size;

	for (unsigned int i = 0; i < work->windows; i++) {
		struct ec_machine_window *w = work->window + i;

		if (w->pool != pool)
			continue;
		if (ec_free_space_take(&work->memory, room, w->size, w->align, &w->base))
			return w;
		if (upwards) {
			room.base = w->base + w->size;
			room.size = end - room.base;
		}
	}
	return NULL;
}

static int place_io(struct ec_machine_work *work)
{
	static const struct ec_machine_range windows = { IO_WINDOWS, IO_CHIPSET - IO_WINDOWS };
	static const struct ec_machine_range bars = { IO_BARS, IO_END - IO_BARS };
	struct ec_machine_plan *plan = work->plan;
	bool hvm = work->limits->kind == EC_MACHINE_HVM;

	work->io.n = 0;
	ec_free_space_reserve(&work->io, IO_CHIPSET, IO_BARS);
	for (unsigned int i = 0; i < work->windows; i++) {
		struct ec_machine_window *w = work->window + i;
		bool bar = w->port == EC_MACHINE_SLOTS;

		if (w->pool == EC_POOL_IO &&
		    ec_free_space_take(&work->io, hvm && bar ? bars : windows, w->size, w->align,
				       &w->base))
			return ec_machine_windows_refuse(
				work, w, "into the I/O ports",
				(struct ec_machine_help){
					"fewer functions with I/O BARs leave room" });
	}
	/* the window is one range, and must not cover the ports that the toolstack's tables name */
	plan->window[EC_WINDOW_IO] =
		(struct ec_machine_range){ IO_WINDOWS, (hvm ? IO_END : IO_CHIPSET) - IO_WINDOWS };
	return 0;
}

/* Tries one start. Returns the first window that does not fit, or NULL. */
static const struct ec_machine_window *try_low(struct ec_machine_work *work, uint64_t start)
{
	struct ec_machine_plan *plan = work->plan;
	struct ec_machine_range window = { start, EC_MACHINE_TABLES - start };

	if (work->limits->kind == EC_MACHINE_HVM)
		ec_machine_windows_relocate(work, window.size);
	else if (start)
		window = beside_ecam(plan, start, EC_MACHINE_TABLES);
	else
		window = beside_ecam(plan, EC_MACHINE_TABLES + MIB, EC_MACHINE_APICS);
	work->memory = work->fixed;
	plan->window[EC_WINDOW_MEMORY] = window;
	return place_pool(work, EC_POOL_LOW, false, window);
}

/* Can windows start there, given the RAM or the hole that the guest has already? */
static bool may_start(const struct ec_machine_limits *l, uint64_t start)
{
	if (l->kind == EC_MACHINE_PVH)
		return !start || start >= ec_machine_memory_low(l, EC_MACHINE_TABLES);
	return !l->hole || start == EC_MACHINE_4G - l->hole * MIB;
}

/* After all possible starts have failed: the next one that would give room. */
static struct ec_machine_help low_help(struct ec_machine_work *work,
				       const struct ec_machine_window *w)
{
	const struct ec_machine_limits *l = work->limits;
	bool hvm = l->kind == EC_MACHINE_HVM;

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(starts); i++) {
		uint64_t start = starts[i].base;

		if (starts[i].kind != l->kind || may_start(l, start) || try_low(work, start))
			continue;
		if (hvm)
			return (struct ec_machine_help){
				"mmio_hole=", (unsigned int)((EC_MACHINE_4G - start) / MIB),
				" makes room"
			};
		return (struct ec_machine_help){ "memory= of at most ", (unsigned int)(start / MIB),
						 " makes room" };
	}
	if (w->fn != EC_MACHINE_MAX && w->port < EC_MACHINE_SLOTS &&
	    work->fn[w->fn].bar[w->bar].kind == EC_BAR_MEM64 &&
	    ec_machine_memory_top(l) > EC_MACHINE_4G)
		return (struct ec_machine_help){ "bypassed, it may be above 4 GiB" };
	return (struct ec_machine_help){ "fewer functions leave room" };
}

static int place_low(struct ec_machine_work *work)
{
	const struct ec_machine_limits *l = work->limits;
	const struct ec_machine_window *failed = NULL;
	struct ec_machine_window w;
	uint64_t asked = l->kind == EC_MACHINE_HVM && l->hole ? EC_MACHINE_4G - l->hole * MIB : 0;

	if (asked) {
		failed = try_low(work, asked);
		if (!failed)
			return 0;
	}
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(starts) && !asked; i++) {
		if (starts[i].kind != l->kind || !may_start(l, starts[i].base))
			continue;
		failed = try_low(work, starts[i].base);
		if (!failed)
			return 0;
	}
	/* low_help() tries more starts, which changes the windows */
	w = *failed;
	return ec_machine_windows_refuse(work, &w, "below 4 GiB", low_help(work, &w));
}

/* The host bridge's window above 4 GiB: what is used, and in a PVH guest room for more. */
static struct ec_machine_range high_window(const struct ec_machine_work *work,
					   struct ec_machine_range room)
{
	struct ec_machine_range window = { 0 };
	uint64_t first = UINT64_MAX, end = 0;

	for (unsigned int i = 0; i < work->windows; i++) {
		const struct ec_machine_window *w = work->window + i;

		if (w->pool != EC_POOL_HIGH)
			continue;
		if (w->base < first)
			first = w->base;
		if (w->base + w->size > end)
			end = w->base + w->size;
	}
	if (work->limits->kind == EC_MACHINE_PVH) {
		first = room.base;
		if (end < first + HIGH_LEAST)
			end = first + HIGH_LEAST;
		end = (end + GIB - 1) & ~(GIB - 1);
		if (end > room.base + room.size)
			end = room.base + room.size;
	} else if (end) {
		/* hvmloader aligns the end as the start is aligned */
		end = ((end - 1) | (ec_low_bit(first) - 1)) + 1;
	}
	if (end > first)
		window = (struct ec_machine_range){ first, end - first };
	return window;
}

static int place_high(struct ec_machine_work *work)
{
	const struct ec_machine_limits *l = work->limits;
	struct ec_machine_plan *plan = work->plan;
	bool pvh = l->kind == EC_MACHINE_PVH;
	uint64_t top = ec_machine_memory_top(l);
	uint64_t from = ec_machine_memory_high(l, pvh ? EC_MACHINE_TABLES
						      : plan->window[EC_WINDOW_MEMORY].base);
	struct ec_machine_range room;
	const struct ec_machine_window *failed;

	if (pvh) {
		from = (from + GIB - 1) & ~(GIB - 1);
		if (from <= HIGH_USUAL && HIGH_USUAL <= top / 2)
			from = HIGH_USUAL;
	}
	if (from > top)
		from = top;
	room = beside_ecam(plan, from, top);
	/* hvmloader does not know of the ECAM window */
	if (!pvh)
		room = (struct ec_machine_range){ from, top - from };
	failed = place_pool(work, EC_POOL_HIGH, !pvh, room);
	if (failed)
		return ec_machine_windows_refuse(
			work, failed, "above 4 GiB",
			(struct ec_machine_help){ "the guest's addresses have ",
						  ec_machine_memory_bits(l), " bits" });
	plan->window[EC_WINDOW_PREFETCH] = high_window(work, room);
	return 0;
}

/* Copies the addresses to root ports and functions; a BAR behind a root port has an offset so far.
 */
static void deliver(const struct ec_machine_work *work)
{
	struct ec_machine_plan *plan = work->plan;

	for (unsigned int i = 0; i < work->windows; i++) {
		const struct ec_machine_window *w = work->window + i;

		if (w->port < EC_MACHINE_SLOTS)
			plan->port[w->port].window[w->kind] =
				(struct ec_machine_range){ w->base, w->size };
		else if (w->fn != EC_MACHINE_MAX)
			plan->place[w->fn].bar[w->bar] = w->base;
	}
	for (unsigned int i = 0; i < plan->n; i++) {
		struct ec_machine_place *place = plan->place + i;

		for (unsigned int bar = 0; bar < EC_BAR_MAX && place->behind; bar++) {
			const struct ec_bar *b = work->fn[i].bar + bar;

			if (b->kind != EC_BAR_NONE && b->kind != EC_BAR_UPPER)
				place->bar[bar] += plan->port[place->port]
							   .window[ec_machine_window_kind(b)]
							   .base;
		}
	}
}

/* Sets what the toolstack must leave free, and checks that hvmloader keeps off the ECAM window. */
static int check_hole(const struct ec_machine_work *work)
{
	struct ec_machine_plan *plan = work->plan;
	uint64_t start = plan->window[EC_WINDOW_MEMORY].base;
	struct ec_machine_range low = { 0 }, high = plan->window[EC_WINDOW_PREFETCH];
	uint64_t ram = ec_machine_memory_high(work->limits, start);

	plan->hole = 0;
	plan->memory_max = 0;
	if (work->limits->kind == EC_MACHINE_PVH) {
		if (plan->ecam.size && plan->ecam.base < start)
			start = plan->ecam.base;
		if (start < EC_MACHINE_TABLES)
			plan->memory_max = (uint16_t)(start / MIB);
		return 0;
	}
	plan->hole = (uint16_t)((EC_MACHINE_4G - start) / MIB);
	low = (struct ec_machine_range){ start, EC_MACHINE_TABLES - start };
	if (ec_machine_overlaps(low, plan->ecam) || ec_machine_overlaps(high, plan->ecam)) {
		ec_diag_set(
			work->diag, 0,
			"the ECAM window at %llx: hvmloader places BARs there, from %llx on",
			(unsigned long long)plan->ecam.base,
			(unsigned long long)(plan->ecam.base < EC_MACHINE_4G ? start : high.base));
		return -ENOSPC;
	}
	if (plan->ecam.size && (plan->ecam.base < ec_machine_memory_low(work->limits, start) ||
				(plan->ecam.base >= EC_MACHINE_4G && plan->ecam.base < ram))) {
		ec_diag_set(work->diag, 0, "the ECAM window at %llx: the guest has memory there",
			    (unsigned long long)plan->ecam.base);
		return -ENOSPC;
	}
	return 0;
}

int ec_machine_addresses_place(struct ec_machine_work *work)
{
	int rc = ec_machine_ecam_place(work);

	if (!rc)
		rc = ec_machine_windows_list(work);
	if (!rc)
		rc = place_io(work);
	if (!rc)
		rc = place_low(work);
	if (!rc)
		rc = place_high(work);
	if (!rc)
		rc = check_hole(work);
	if (!rc)
		deliver(work);
	return rc;
}
