/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is to be placed: BARs on bus 0, and bridge windows with BARs packed into them. */
#include <errno.h>
#include <pci/header.h>

#include "core/bits.h"
#include "core/ecam.h"
#include "machine/addresses.h"

#define PAGE 0x1000ull
#define MIB 0x100000ull
#define IO_END 0x10000u
/* What Linux keeps for a hot-plug port (pci=hpmmiosize=, hpmmioprefsize=) */
#define HOTPLUG_SIZE (2 * MIB)
/* BARs of the functions behind one port */
#define PACKED_MAX (8 * EC_BAR_MAX)

/* Granularity of a bridge's windows: its registers hold these bits alone. */
static const uint64_t granularity[EC_WINDOWS] = {
	[EC_WINDOW_IO] = 0x1000,
	[EC_WINDOW_MEMORY] = MIB,
	[EC_WINDOW_PREFETCH] = MIB,
};

static bool is_placed(const struct ec_bar *bar)
{
	return bar->kind != EC_BAR_NONE && bar->kind != EC_BAR_UPPER;
}

/* A guest maps pages: no two memory BARs share one. */
static uint64_t room_of(const struct ec_bar *bar)
{
	return bar->kind != EC_BAR_IO && bar->size < PAGE ? PAGE : bar->size;
}

enum ec_machine_window ec_machine_window_of(const struct ec_bar *bar)
{
	if (bar->kind == EC_BAR_IO)
		return EC_WINDOW_IO;
	return bar->kind == EC_BAR_MEM64 && bar->flags & PCI_BASE_ADDRESS_MEM_PREFETCH
		       ? EC_WINDOW_PREFETCH
		       : EC_WINDOW_MEMORY;
}

/* In lspci's manner: 16K, 3T; what is no whole number of a unit is in the one below. */
static const char *unit_of(uint64_t *size)
{
	static const char *const units[] = { "", "K", "M", "G", "T", "P", "E" };
	unsigned int i = 0;

	for (; i + 1 < EC_ARRAY_SIZE(units) && *size && *size % 1024 == 0; i++)
		*size /= 1024;
	return units[i];
}

int ec_machine_refuse(const struct ec_machine_map *map, const struct ec_machine_item *item,
		      const char *where, struct ec_machine_help help)
{
	char name[EC_SBDF_MAX], number[2] = { (char)('0' + item->bar), 0 };
	const struct ec_machine_function *fn;
	const char *unit;
	uint64_t size;

	if (item->fn == EC_MACHINE_MAX) {
		ec_diag_set(map->diag, 0, "%s does not fit %s",
			    item->port < EC_MACHINE_SLOTS ? "a spare port's window"
							  : "what the device model needs",
			    where);
		return -ENOSPC;
	}
	fn = map->fn + item->fn;
	size = fn->bar[item->bar].size;
	unit = unit_of(&size);
	ec_diag_set(map->diag, 0, "%s: %s%s (%s, %llu%s) does not fit %s: %s%.*u%s",
		    ec_sbdf_print(fn->host, false, name), item->bar == EC_BAR_ROM ? "its " : "BAR ",
		    item->bar == EC_BAR_ROM ? "ROM" : number,
		    ec_bar_kind_names[fn->bar[item->bar].kind], (unsigned long long)size, unit,
		    where, help.before, help.number ? 1 : 0, help.number,
		    help.after ? help.after : "");
	return -ENOSPC;
}

/* Sizes come from devices that may be broken: what cannot be placed anywhere ends here. */
static int check_bar(const struct ec_machine_map *map, unsigned int fn, unsigned int bar)
{
	const struct ec_bar *b = map->fn[fn].bar + bar;
	struct ec_machine_item item = { .fn = (uint16_t)fn, .bar = (uint8_t)bar };
	uint64_t top = ec_machine_top(map->limits);
	char name[EC_SBDF_MAX];

	if (b->kind > EC_BAR_EXPROM || !b->size || ec_low_bit(b->size) != b->size) {
		ec_diag_set(map->diag, 0, "%s: the size of BAR %u is no power of two",
			    ec_sbdf_print(map->fn[fn].host, false, name), bar);
		return -EINVAL;
	}
	if (b->kind == EC_BAR_IO && b->size > IO_END / 2)
		return ec_machine_refuse(map, &item, "into the I/O ports",
					 (struct ec_machine_help){ "there are 64K" });
	if (b->kind != EC_BAR_IO && b->size >= top)
		return ec_machine_refuse(map, &item, "into the guest's addresses",
					 (struct ec_machine_help){ "they have ",
								   ec_machine_bits(map->limits),
								   " bits" });
	return 0;
}

/* Keeps the list sorted: the largest alignment first, then the largest, then by order. */
static bool is_larger(const struct ec_machine_item *a, const struct ec_machine_item *b)
{
	if (a->align != b->align)
		return a->align > b->align;
	if (a->size != b->size)
		return a->size > b->size;
	return a->order < b->order;
}

static unsigned int sort_in(struct ec_machine_item *list, unsigned int n,
			    const struct ec_machine_item *item)
{
	unsigned int i = n;

	for (; i && is_larger(item, list + i - 1); i--)
		list[i] = list[i - 1];
	list[i] = *item;
	return n + 1;
}

static void add_item(const struct ec_machine_map *map, const struct ec_machine_item *item)
{
	if (map->plan->items < EC_MACHINE_ITEMS)
		map->plan->items = sort_in(map->plan->item, map->plan->items, item);
}

/* The BARs of @port that belong in @window, sorted. Bounded by 8 functions behind a port. */
static unsigned int inside(const struct ec_machine_map *map, unsigned int port,
			   enum ec_machine_window window, struct ec_machine_item list[PACKED_MAX])
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < map->plan->n; i++) {
		const struct ec_machine_place *place = map->plan->place + i;

		if (!place->behind || place->port != port)
			continue;
		for (unsigned int bar = 0; bar < EC_BAR_MAX && n < PACKED_MAX; bar++) {
			const struct ec_bar *b = map->fn[i].bar + bar;
			struct ec_machine_item item = {
				.size = room_of(b),
				.align = room_of(b),
				.fn = (uint16_t)i,
				.bar = (uint8_t)bar,
				.order = place->guest.devfn * EC_BAR_MAX + bar,
			};

			if (is_placed(b) && ec_machine_window_of(b) == window)
				n = sort_in(list, n, &item);
		}
	}
	return n;
}

/* Powers of two, largest first, leave no gaps. */
static void pack(const struct ec_machine_map *map, unsigned int port, enum ec_machine_window window)
{
	const struct ec_machine_limits *l = map->limits;
	bool high = l->kind == EC_MACHINE_PVH && ec_machine_top(l) > EC_MACHINE_4G;
	struct ec_machine_item list[PACKED_MAX];
	unsigned int n = inside(map, port, window, list);
	uint64_t at = 0, gran = granularity[window];
	struct ec_machine_item item = {
		.align = n && list[0].align > gran ? list[0].align : gran,
		.fn = n ? list[0].fn : EC_MACHINE_MAX,
		.bar = n ? list[0].bar : 0,
		.port = (uint8_t)port,
		.window = (uint8_t)window,
		.order = (uint32_t)(map->plan->port[port].slot * 256 + EC_BAR_MAX + window),
	};

	item.space = window == EC_WINDOW_IO                 ? EC_POOL_IO
		     : window == EC_WINDOW_PREFETCH && high ? EC_POOL_HIGH
							    : EC_POOL_LOW;
	for (unsigned int i = 0; i < n; i++) {
		map->plan->place[list[i].fn].bar[list[i].bar] = at;
		/* each is below 2^52, and there are 56 at most */
		at += list[i].size;
	}
	item.size = (at + gran - 1) & ~(gran - 1);
	if (l->hotplug && window != EC_WINDOW_IO && item.size < HOTPLUG_SIZE)
		item.size = HOTPLUG_SIZE;
	if (item.size)
		add_item(map, &item);
}

/* What of @fn is on bus 0 itself. */
static void add_bars(const struct ec_machine_map *map, unsigned int fn)
{
	const struct ec_machine_limits *l = map->limits;
	bool high = l->kind == EC_MACHINE_PVH && ec_machine_top(l) > EC_MACHINE_4G;

	for (unsigned int bar = 0; bar < EC_BAR_MAX; bar++) {
		const struct ec_bar *b = map->fn[fn].bar + bar;
		struct ec_machine_item item = {
			.size = room_of(b),
			.align = room_of(b),
			.fn = (uint16_t)fn,
			.bar = (uint8_t)bar,
			.port = EC_MACHINE_SLOTS,
			.order = map->plan->place[fn].slot * 256u + bar,
		};

		item.space = b->kind == EC_BAR_IO              ? EC_POOL_IO
			     : b->kind == EC_BAR_MEM64 && high ? EC_POOL_HIGH
							       : EC_POOL_LOW;
		if (is_placed(b))
			add_item(map, &item);
	}
}

/* The device model's own functions are not known one by one: a block each stands for them. */
static void add_model(const struct ec_machine_map *map, enum ec_machine_pool space, uint64_t size)
{
	struct ec_machine_item item = {
		.size = size,
		.align = space == EC_POOL_IO ? 0x100 : MIB,
		.fn = EC_MACHINE_MAX,
		.port = EC_MACHINE_SLOTS,
		.space = (uint8_t)space,
	};

	/* at its end such a block may have its largest part: what a power of two below is */
	while (item.align <= size / 2)
		item.align *= 2;
	if (size)
		add_item(map, &item);
}

int ec_machine_items(const struct ec_machine_map *map)
{
	struct ec_machine_plan *plan = map->plan;
	int rc = 0;

	plan->items = 0;
	for (unsigned int i = 0; i < plan->n && !rc; i++)
		for (unsigned int bar = 0; bar < EC_BAR_MAX && !rc; bar++)
			if (is_placed(map->fn[plan->order[i]].bar + bar))
				rc = check_bar(map, plan->order[i], bar);
	if (rc)
		return rc;
	add_model(map, EC_POOL_IO, map->limits->model_io);
	add_model(map, EC_POOL_LOW, map->limits->model_mmio);
	for (unsigned int i = 0; i < plan->n; i++)
		if (!plan->place[i].behind)
			add_bars(map, i);
	for (unsigned int port = 0; port < plan->ports; port++)
		for (unsigned int window = 0; window < EC_WINDOWS; window++)
			pack(map, port, window);
	return 0;
}

void ec_machine_relocate(const struct ec_machine_map *map, uint64_t room)
{
	uint64_t total = 0;

	for (unsigned int i = 0; i < map->plan->items; i++) {
		struct ec_machine_item *item = map->plan->item + i;

		/* it sees bus 0 alone; a total may be large, but not as large as 2^64 */
		if (item->port == EC_MACHINE_SLOTS && item->space != EC_POOL_IO) {
			item->space = EC_POOL_LOW;
			total += item->size;
		}
	}
	for (unsigned int i = 0; i < map->plan->items && total > room; i++) {
		struct ec_machine_item *item = map->plan->item + i;

		if (item->port != EC_MACHINE_SLOTS || item->space != EC_POOL_LOW ||
		    item->fn == EC_MACHINE_MAX ||
		    map->fn[item->fn].bar[item->bar].kind != EC_BAR_MEM64)
			continue;
		item->space = EC_POOL_HIGH;
		total -= item->size;
	}
}
