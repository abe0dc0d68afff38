/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "machine/windows.h"

#include <errno.h>
#include <pci/header.h>

#include "core/bits.h"
#include "core/ecam.h"
#include "machine/memory.h"

#define PAGE 0x1000ull
#define MIB 0x100000ull
#define IO_END 0x10000u
/* Alignment of the device model's I/O ports: the size of its largest I/O BAR. */
#define MODEL_IO_ALIGN 0x100u
/* Linux reserves as much for a hot-plug port (pci=hpmmiosize=, hpmmioprefsize=). */
#define HOTPLUG_SIZE (2 * MIB)
/* Most BARs behind one root port */
#define PACKED_MAX (8 * EC_BAR_MAX)

/* Granularity of a bridge's windows, as its base and limit registers have it. */
static const uint64_t granularity[EC_WINDOWS] = {
	[EC_WINDOW_IO] = PAGE,
	[EC_WINDOW_MEMORY] = MIB,
	[EC_WINDOW_PREFETCH] = MIB,
};

static bool is_placed(const struct ec_bar *bar)
{
	return bar->kind != EC_BAR_NONE && bar->kind != EC_BAR_UPPER;
}

/* A guest maps pages, so two memory BARs must not share one. */
static uint64_t room_of(const struct ec_bar *bar)
{
	return bar->kind != EC_BAR_IO && bar->size < PAGE ? PAGE : bar->size;
}

enum ec_machine_window_kind ec_machine_window_kind(const struct ec_bar *bar)
{
	if (bar->kind == EC_BAR_IO)
		return EC_WINDOW_IO;
	return bar->kind == EC_BAR_MEM64 && bar->flags & PCI_BASE_ADDRESS_MEM_PREFETCH
		       ? EC_WINDOW_PREFETCH
		       : EC_WINDOW_MEMORY;
}

/* As lspci prints sizes: 16K, 3T. Divides @size and returns the largest unit that divides it. */
static const char *unit_of(uint64_t *size)
{
	static const char *const units[] = { "", "K", "M", "G", "T", "P", "E" };
	unsigned int i = 0;

	for (; i + 1 < EC_ARRAY_SIZE(units) && *size && *size % 1024 == 0; i++)
		*size /= 1024;
	return units[i];
}

int ec_machine_windows_refuse(const struct ec_machine_work *work, const struct ec_machine_window *w,
			      const char *where, struct ec_machine_help help)
{
	char name[EC_SBDF_MAX], number[2] = { (char)('0' + w->bar), 0 };
	const struct ec_machine_function *fn;
	const char *unit;
	uint64_t size;

	if (w->fn == EC_MACHINE_MAX) {
		ec_diag_set(work->diag, 0, "%s does not fit %s",
			    w->port < EC_MACHINE_SLOTS ? "the window of a spare root port"
						       : "what the device model needs",
			    where);
		return -ENOSPC;
	}
	fn = work->fn + w->fn;
	size = fn->bar[w->bar].size;
	unit = unit_of(&size);
	ec_diag_set(work->diag, 0, "%s: %s%s (%s, %llu%s%s) does not fit %s: %s%.*u%s",
		    ec_sbdf_print(fn->host, false, name), w->bar == EC_BAR_ROM ? "its " : "BAR ",
		    w->bar == EC_BAR_ROM ? "ROM" : number, ec_bar_kind_names[fn->bar[w->bar].kind],
		    (unsigned long long)size, unit,
		    fn->bar[w->bar].guessed ? ", a guess: see lspci -vvv" : "", where, help.before,
		    help.number ? 1 : 0, help.number, help.after ? help.after : "");
	return -ENOSPC;
}

/* Sizes come from devices, which may be broken. Refuses what fits nowhere. */
static int check_bar(const struct ec_machine_work *work, unsigned int fn, unsigned int bar)
{
	const struct ec_bar *b = work->fn[fn].bar + bar;
	struct ec_machine_window w = { .fn = (uint16_t)fn, .bar = (uint8_t)bar };
	uint64_t top = ec_machine_memory_top(work->limits);
	char name[EC_SBDF_MAX];

	if (b->kind > EC_BAR_EXPROM || !b->size || ec_low_bit(b->size) != b->size) {
		ec_diag_set(work->diag, 0, "%s: the size of BAR %u is no power of two",
			    ec_sbdf_print(work->fn[fn].host, false, name), bar);
		return -EINVAL;
	}
	if (b->kind == EC_BAR_IO && b->size > IO_END / 2)
		return ec_machine_windows_refuse(work, &w, "into the I/O ports",
						 (struct ec_machine_help){ "there are 64K" });
	if (b->kind != EC_BAR_IO && b->size >= top)
		return ec_machine_windows_refuse(
			work, &w, "into the guest's addresses",
			(struct ec_machine_help){ "they have ",
						  ec_machine_memory_bits(work->limits), " bits" });
	return 0;
}

/* The order of placing: by falling alignment, then falling size, then order. */
static bool is_larger(const struct ec_machine_window *a, const struct ec_machine_window *b)
{
	if (a->align != b->align)
		return a->align > b->align;
	if (a->size != b->size)
		return a->size > b->size;
	return a->order < b->order;
}

static unsigned int sort_in(struct ec_machine_window *list, unsigned int n,
			    const struct ec_machine_window *w)
{
	unsigned int i = n;

	for (; i && is_larger(w, list + i - 1); i--)
		list[i] = list[i - 1];
	list[i] = *w;
	return n + 1;
}

/* @wide: it can have a 64-bit address. */
static enum ec_machine_pool pool_of(const struct ec_machine_limits *l, bool io, bool wide)
{
	if (io)
		return EC_POOL_IO;
	return wide && l->kind == EC_MACHINE_PVH && ec_machine_memory_top(l) > EC_MACHINE_4G
		       ? EC_POOL_HIGH
		       : EC_POOL_LOW;
}

static void add_window(struct ec_machine_work *work, const struct ec_machine_window *w)
{
	if (work->windows < EC_MACHINE_WINDOWS)
		work->windows = sort_in(work->window, work->windows, w);
}

/* Lists the BARs of @port that belong in its window of @kind, sorted. */
static unsigned int inside(const struct ec_machine_work *work, unsigned int port,
			   enum ec_machine_window_kind kind,
			   struct ec_machine_window list[PACKED_MAX])
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < work->plan->n; i++) {
		const struct ec_machine_place *place = work->plan->place + i;

		if (!place->behind || place->port != port)
			continue;
		for (unsigned int bar = 0; bar < EC_BAR_MAX && n < PACKED_MAX; bar++) {
			const struct ec_bar *b = work->fn[i].bar + bar;
			struct ec_machine_window w = {
				.size = room_of(b),
				.align = room_of(b),
				.fn = (uint16_t)i,
				.bar = (uint8_t)bar,
				.order = place->guest.devfn * EC_BAR_MAX + bar,
			};

			if (is_placed(b) && ec_machine_window_kind(b) == kind)
				n = sort_in(list, n, &w);
		}
	}
	return n;
}

/*
 * Packs the BARs behind @port into its window of @kind. Sizes are powers of two: by falling size
 * they leave no gaps, so there is nothing to search for. Of an HVM guest no window of a root port
 * is above 4 GiB: hvmloader reports a window there only for BARs of bus 0 that it has placed
 * itself.
 */
static void pack(struct ec_machine_work *work, unsigned int port, enum ec_machine_window_kind kind)
{
	const struct ec_machine_limits *l = work->limits;
	struct ec_machine_window list[PACKED_MAX];
	unsigned int n = inside(work, port, kind, list);
	uint64_t at = 0, gran = granularity[kind];
	struct ec_machine_window w = {
		.align = n && list[0].align > gran ? list[0].align : gran,
		.fn = n ? list[0].fn : EC_MACHINE_MAX,
		.bar = n ? list[0].bar : 0,
		.port = (uint8_t)port,
		.kind = (uint8_t)kind,
		.order = (uint32_t)(work->plan->port[port].slot * 256 + EC_BAR_MAX + kind),
	};

	w.pool = pool_of(l, kind == EC_WINDOW_IO, kind == EC_WINDOW_PREFETCH);
	for (unsigned int i = 0; i < n; i++) {
		work->plan->place[list[i].fn].bar[list[i].bar] = at;
		/* no overflow: at most 56 sizes, each below 2^52 */
		at += list[i].size;
	}
	w.size = (at + gran - 1) & ~(gran - 1);
	if (l->hotplug && kind != EC_WINDOW_IO && w.size < HOTPLUG_SIZE)
		w.size = HOTPLUG_SIZE;
	if (w.size)
		add_window(work, &w);
}

/*
 * Adds the BARs of a function on bus 0. In a PVH guest each 64-bit BAR goes above 4 GiB,
 * prefetchable or not: there may be only 24 MiB below, which the 32-bit windows of root ports need.
 */
static void add_bars(struct ec_machine_work *work, unsigned int fn)
{
	for (unsigned int bar = 0; bar < EC_BAR_MAX; bar++) {
		const struct ec_bar *b = work->fn[fn].bar + bar;
		struct ec_machine_window w = {
			.size = room_of(b),
			.align = room_of(b),
			.fn = (uint16_t)fn,
			.bar = (uint8_t)bar,
			.port = EC_MACHINE_SLOTS,
			.order = work->plan->place[fn].slot * 256u + bar,
		};

		w.pool = pool_of(work->limits, b->kind == EC_BAR_IO, b->kind == EC_BAR_MEM64);
		if (is_placed(b))
			add_window(work, &w);
	}
}

/* One block per address space for the device model's functions, which are not known one by one. */
static void add_model(struct ec_machine_work *work, enum ec_machine_pool pool, uint64_t size)
{
	struct ec_machine_window w = {
		.size = size,
		.align = pool == EC_POOL_IO ? MODEL_IO_ALIGN : MIB,
		.fn = EC_MACHINE_MAX,
		.port = EC_MACHINE_SLOTS,
		.pool = (uint8_t)pool,
	};

	/* the largest BAR in it may need the alignment of half the block, or more */
	while (w.align <= size / 2)
		w.align *= 2;
	if (size)
		add_window(work, &w);
}

int ec_machine_windows_list(struct ec_machine_work *work)
{
	struct ec_machine_plan *plan = work->plan;
	int rc = 0;

	work->windows = 0;
	for (unsigned int i = 0; i < plan->n && !rc; i++)
		for (unsigned int bar = 0; bar < EC_BAR_MAX && !rc; bar++)
			if (is_placed(work->fn[work->order[i]].bar + bar))
				rc = check_bar(work, work->order[i], bar);
	if (rc)
		return rc;
	add_model(work, EC_POOL_IO, work->limits->model_io);
	add_model(work, EC_POOL_LOW, work->limits->model_mmio);
	for (unsigned int i = 0; i < plan->n; i++)
		if (!plan->place[i].behind)
			add_bars(work, i);
	for (unsigned int port = 0; port < plan->ports; port++)
		for (unsigned int window = 0; window < EC_WINDOWS; window++)
			pack(work, port, window);
	return 0;
}

void ec_machine_windows_relocate(struct ec_machine_work *work, uint64_t room)
{
	uint64_t total = 0;

	for (unsigned int i = 0; i < work->windows; i++) {
		struct ec_machine_window *w = work->window + i;

		/* hvmloader sees only bus 0; the total is below 2^64 */
		if (w->port == EC_MACHINE_SLOTS && w->pool != EC_POOL_IO) {
			w->pool = EC_POOL_LOW;
			total += w->size;
		}
	}
	for (unsigned int i = 0; i < work->windows && total > room; i++) {
		struct ec_machine_window *w = work->window + i;

		if (w->port != EC_MACHINE_SLOTS || w->pool != EC_POOL_LOW ||
		    w->fn == EC_MACHINE_MAX || work->fn[w->fn].bar[w->bar].kind != EC_BAR_MEM64)
			continue;
		w->pool = EC_POOL_HIGH;
		total -= w->size;
	}
}
