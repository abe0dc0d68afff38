/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enumerate.h"

#include <check.h>
#include <pci/header.h>
#include <string.h>

#include "core/ecam.h"

#define MIB 0x100000ull

/* By the windows and ports that a guest has: not what is meant, but what they make of it. */
static uint64_t access_config(const struct guest_config *g, struct ec_sbdf at, uint32_t offset,
			      uint32_t len, bool write, uint64_t value)
{
	struct ec_sbdf meant = { 0 };
	uint16_t reg = 0;

	if (g->ecam && at.bus >= g->first_bus) {
		ck_assert(ec_ecam_decode(ec_ecam_offset(at, 0, (uint16_t)offset), 0, 0, &meant,
					 &reg));
	} else {
		ck_assert_uint_lt(offset, 256);
		ck_assert(ec_cf8_decode(ec_cf8_encode(at, (uint16_t)offset),
					(uint16_t)(0xcfc + offset % 4), false, &meant, &reg));
	}
	return g->access(g->ctx, meant, reg, len, write, value);
}

uint32_t guest_config_read(const struct guest_config *g, struct ec_sbdf at, uint32_t offset,
			   uint32_t len)
{
	return (uint32_t)access_config(g, at, offset, len, false, 0);
}

void guest_config_write(const struct guest_config *g, struct ec_sbdf at, uint32_t offset,
			uint32_t len, uint32_t value)
{
	access_config(g, at, offset, len, true, value);
}

/* What a register keeps of all ones; it is left as it was. */
static uint32_t probe(const struct guest_config *g, struct ec_sbdf at, uint32_t offset)
{
	uint32_t was = guest_config_read(g, at, offset, 4), kept;

	guest_config_write(g, at, offset, 4, 0xffffffff);
	kept = guest_config_read(g, at, offset, 4);
	guest_config_write(g, at, offset, 4, was);
	return kept;
}

static void size_bars(const struct guest_config *g, struct found *f)
{
	unsigned int n = f->bridge ? 2 : 6;
	uint32_t command = guest_config_read(g, f->at, PCI_COMMAND, 2);

	guest_config_write(g, f->at, PCI_COMMAND, 2, command & ~3u);
	for (unsigned int i = 0; i < n; i++) {
		uint32_t off = PCI_BASE_ADDRESS_0 + i * 4;
		uint32_t flags = guest_config_read(g, f->at, off, 4), kept = probe(g, f->at, off);
		uint64_t mask;

		if (!kept)
			continue;
		f->bar[i].io = flags & 1;
		f->bar[i].wide = (flags & 7) == 4;
		f->bar[i].prefetch = !(flags & 1) && flags & 8;
		mask = (kept & (flags & 1 ? ~3u : ~15u)) | 0xffffffff00000000;
		if (f->bar[i].wide)
			mask = (mask & 0xffffffff) | (uint64_t)probe(g, f->at, off + 4) << 32;
		f->bar[i].size = mask & (~mask + 1);
		i += f->bar[i].wide;
	}
	guest_config_write(g, f->at, PCI_COMMAND, 2, command);
}

static void walk_caps(const struct guest_config *g, struct found *f)
{
	uint32_t at, header;

	if (guest_config_read(g, f->at, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST)
		for (at = guest_config_read(g, f->at, PCI_CAPABILITY_LIST, 1); at;
		     at = header >> 8) {
			ck_assert_uint_lt(f->std_n, FOUND_CAPS);
			header = guest_config_read(g, f->at, at, 2);
			f->std[f->std_n++] = (uint16_t)(header & 0xff);
		}
	if (!g->ecam || f->at.bus < g->first_bus)
		return;
	for (at = 0x100; at; at = header >> 20) {
		header = guest_config_read(g, f->at, at, 4);
		if (!header || header == 0xffffffff)
			break;
		ck_assert_uint_lt(f->ext_n, FOUND_CAPS);
		f->ext[f->ext_n++] = (uint16_t)header;
	}
}

/* Returns the header type; 0xff: nothing is there. */
static uint32_t find_function(const struct guest_config *g, struct ec_sbdf at, int parent,
			      struct enumerated *out)
{
	uint32_t id = guest_config_read(g, at, PCI_VENDOR_ID, 4), type;
	struct found *f = out->found + out->n;

	if (id == 0xffffffff || id == 0)
		return 0xff;
	ck_assert_uint_lt(out->n++, FOUND_MAX);
	type = guest_config_read(g, at, PCI_HEADER_TYPE, 1);
	*f = (struct found){ .at = at, .parent = parent, .id = id };
	f->class = (uint16_t)(guest_config_read(g, at, PCI_CLASS_REVISION, 4) >> 16);
	f->bridge = (type & 0x7f) == PCI_HEADER_TYPE_BRIDGE;
	walk_caps(g, f);
	size_bars(g, f);
	return type;
}

static void scan_bus(const struct guest_config *g, uint8_t bus, int parent, struct enumerated *out);

/* Behind it everything is found before its subordinate bus is known. */
static void scan_bridge(const struct guest_config *g, unsigned int index, struct enumerated *out)
{
	struct found *f = out->found + index;
	uint32_t numbers = guest_config_read(g, f->at, PCI_PRIMARY_BUS, 4);
	uint32_t control = guest_config_read(g, f->at, PCI_BRIDGE_CONTROL, 2);

	guest_config_write(g, f->at, PCI_BRIDGE_CONTROL, 2,
			   control & ~(uint32_t)PCI_BRIDGE_CTL_MASTER_ABORT);
	guest_config_write(g, f->at, PCI_STATUS, 2, 0xffff);
	f->secondary = ++out->last_bus;
	numbers = (numbers & 0xff000000) | f->at.bus | (uint32_t)f->secondary << 8 | 0xff0000;
	guest_config_write(g, f->at, PCI_PRIMARY_BUS, 4, numbers);
	scan_bus(g, f->secondary, (int)index, out);
	f->subordinate = out->last_bus;
	guest_config_write(g, f->at, PCI_SUBORDINATE_BUS, 1, f->subordinate);
	guest_config_write(g, f->at, PCI_BRIDGE_CONTROL, 2, control);
}

static void scan_bus(const struct guest_config *g, uint8_t bus, int parent, struct enumerated *out)
{
	unsigned int first = out->n, end;

	for (unsigned int dev = 0; dev < 32; dev++) {
		struct ec_sbdf at = { .bus = bus, .devfn = (uint8_t)(dev << 3) };
		uint32_t type = find_function(g, at, parent, out);

		for (at.devfn++; type != 0xff && type & 0x80 && at.devfn & 7; at.devfn++)
			find_function(g, at, parent, out);
	}
	end = out->n;
	for (unsigned int i = first; i < end; i++)
		if (out->found[i].bridge)
			scan_bridge(g, i, out);
}

static enum ec_machine_window_kind window_of(const struct found *f, unsigned int bar)
{
	if (f->bar[bar].io)
		return EC_WINDOW_IO;
	return f->bar[bar].wide && f->bar[bar].prefetch ? EC_WINDOW_PREFETCH : EC_WINDOW_MEMORY;
}

static uint64_t round_up(uint64_t v, uint64_t to)
{
	return (v + to - 1) & ~(to - 1);
}

/*
 * The BARs of kind @w behind bridge @index, largest first, from @base on; they are placed if
 * @place. Returns the bytes that they need; *@align: of the largest.
 */
static uint64_t pack(struct enumerated *e, unsigned int index, enum ec_machine_window_kind w,
		     uint64_t base, bool place, uint64_t *align)
{
	uint64_t at = base;

	*align = w == EC_WINDOW_IO ? 0x1000 : MIB;
	for (uint64_t size = 1ull << 40; size; size >>= 1)
		for (unsigned int i = 0; i < e->n; i++)
			for (unsigned int b = 0; b < FOUND_BARS; b++) {
				struct found *f = e->found + i;

				if (f->parent != (int)index || f->bar[b].size != size ||
				    window_of(f, b) != w)
					continue;
				*align = size > *align ? size : *align;
				if (place)
					f->bar[b].address = at;
				at += size;
			}
	return round_up(at - base, w == EC_WINDOW_IO ? 0x1000 : MIB);
}

/*
 * Where a BAR on bus 0 goes: one of 64 bits above 4 GiB if the host bridge has anything there,
 * prefetchable or not (pci_bus_alloc_resource()).
 */
static enum ec_machine_window_kind root_window_of(const struct found *f, unsigned int bar,
					     const struct ec_machine_range *root)
{
	if (f->bar[bar].io)
		return EC_WINDOW_IO;
	return f->bar[bar].wide && root[EC_WINDOW_PREFETCH].size ? EC_WINDOW_PREFETCH
								 : EC_WINDOW_MEMORY;
}

/* What was placed of an address space: ports, and memory. */
struct placed {
	unsigned int n;
	struct ec_machine_range range[FOUND_MAX * FOUND_BARS];
};

/* The lowest free @size bytes of window @in, which must have them (allocate_resource()). */
static uint64_t take_room(struct placed *p, struct ec_machine_range in, uint64_t size,
			  uint64_t align, struct ec_sbdf at)
{
	uint64_t base = round_up(in.base, align);

	for (unsigned int i = 0; i < p->n; i++) {
		const struct ec_machine_range *r = p->range + i;

		if (base >= r->base + r->size || r->base >= base + size)
			continue;
		/* begin again behind it */
		base = round_up(r->base + r->size, align);
		i = UINT32_MAX;
	}
	ck_assert_msg(base + size <= in.base + in.size,
		      "%02x:%02x: no room for %llx bytes in %llx+%llx", at.bus, at.devfn,
		      (unsigned long long)size, (unsigned long long)in.base,
		      (unsigned long long)in.size);
	ck_assert_uint_lt(p->n, FOUND_MAX * FOUND_BARS);
	p->range[p->n++] = (struct ec_machine_range){ base, size };
	return base;
}

/* The windows of kind @w of bridge @index, if they are aligned to @align. */
static void place_window(struct enumerated *e, unsigned int index, enum ec_machine_window_kind w,
			 struct ec_machine_range in, uint64_t align, struct placed *placed)
{
	struct found *f = e->found + index;
	uint64_t of, needs = pack(e, index, w, 0, false, &of);

	if (!needs || of != align)
		return;
	f->window[w].base = take_room(placed, in, needs, align, f->at);
	f->window[w].size = needs;
	pack(e, index, w, f->window[w].base, true, &of);
}

/* All that goes into @in of the host bridge's windows, strictest alignment first. */
static void place_windows(struct enumerated *e, enum ec_machine_window_kind w,
			  const struct ec_machine_range *root, struct ec_machine_range in,
			  struct placed *placed)
{
	for (uint64_t align = 1ull << 40; align >= 4; align >>= 1)
		for (unsigned int i = 0; i < e->n; i++) {
			struct found *f = e->found + i;

			if (f->bridge)
				place_window(e, i, w, in, align, placed);
			for (unsigned int b = 0; !f->bridge && f->parent < 0 && b < FOUND_BARS; b++)
				if (f->bar[b].size == align && root_window_of(f, b, root) == w)
					f->bar[b].address =
						take_room(placed, in, align, align, f->at);
		}
}

/* As pci_setup_bridge() does, in its order. */
static void write_windows(const struct guest_config *g, const struct found *f)
{
	const struct ec_machine_range *io = f->window + EC_WINDOW_IO;
	const struct ec_machine_range *memory = f->window + EC_WINDOW_MEMORY;
	const struct ec_machine_range *prefetch = f->window + EC_WINDOW_PREFETCH;
	uint64_t base = prefetch->base, limit = base + prefetch->size - 1;
	uint32_t v;

	v = io->size ? (uint32_t)((io->base >> 8 & 0xf0) | ((io->base + io->size - 1) & 0xf000))
		     : 0x00f0;
	guest_config_write(g, f->at, PCI_IO_BASE_UPPER16, 4, 0x0000ffff);
	guest_config_write(g, f->at, PCI_IO_BASE, 2, v);
	guest_config_write(g, f->at, PCI_IO_BASE_UPPER16, 4, 0);
	v = 0x0000fff0;
	if (memory->size)
		v = (uint32_t)(memory->base >> 16 & 0xfff0) |
		    (uint32_t)((memory->base + memory->size - 1) & 0xfff00000);
	guest_config_write(g, f->at, PCI_MEMORY_BASE, 4, v);
	guest_config_write(g, f->at, PCI_PREF_LIMIT_UPPER32, 4, 0);
	v = 0x0000fff0;
	if (prefetch->size)
		v = (uint32_t)(base >> 16 & 0xfff0) | (uint32_t)(limit & 0xfff00000);
	guest_config_write(g, f->at, PCI_PREF_MEMORY_BASE, 4, v);
	guest_config_write(g, f->at, PCI_PREF_BASE_UPPER32, 4,
			   prefetch->size ? (uint32_t)(base >> 32) : 0xffffffff);
	guest_config_write(g, f->at, PCI_PREF_LIMIT_UPPER32, 4,
			   prefetch->size ? (uint32_t)(limit >> 32) : 0);
}

static void write_bars(const struct guest_config *g, const struct found *f)
{
	for (unsigned int i = 0; i < FOUND_BARS; i++) {
		uint32_t off = PCI_BASE_ADDRESS_0 + i * 4;

		if (!f->bar[i].size)
			continue;
		guest_config_write(g, f->at, off, 4, (uint32_t)f->bar[i].address);
		if (f->bar[i].wide)
			guest_config_write(g, f->at, off + 4, 4,
					   (uint32_t)(f->bar[i].address >> 32));
	}
}

bool enumerate_probe(const struct guest_config *g)
{
	for (unsigned int devfn = 0; devfn < 256; devfn++) {
		struct ec_sbdf at = { .devfn = (uint8_t)devfn };
		uint32_t class = guest_config_read(g, at, PCI_CLASS_DEVICE, 2), vendor;

		if (class == PCI_CLASS_BRIDGE_HOST || class == PCI_CLASS_DISPLAY_VGA)
			return true;
		vendor = guest_config_read(g, at, PCI_VENDOR_ID, 2);
		if (vendor == PCI_VENDOR_ID_INTEL || vendor == 0x0e11)
			return true;
	}
	return false;
}

void enumerate_linux(const struct guest_config *g, const struct ec_machine_range *root,
		     struct enumerated *out)
{
	struct placed ports = { 0 }, memory = { 0 };

	memset(out, 0, sizeof(*out));
	scan_bus(g, 0, -1, out);
	/* where the host bridge has nothing above 4 GiB, all memory is in its one window */
	for (unsigned int w = EC_WINDOWS; w-- > 0;) {
		bool shared = w == EC_WINDOW_PREFETCH && !root[w].size;

		place_windows(out, w, root, root[shared ? EC_WINDOW_MEMORY : w],
			      w == EC_WINDOW_IO ? &ports : &memory);
	}
	for (unsigned int i = 0; i < out->n; i++) {
		const struct found *f = out->found + i;

		if (f->bridge)
			write_windows(g, f);
		write_bars(g, f);
		guest_config_write(g, f->at, PCI_COMMAND, 2, 7);
	}
}

void enumerate_read_windows(const struct guest_config *g, struct ec_sbdf at,
			    struct ec_machine_range window[EC_WINDOWS])
{
	uint32_t io = guest_config_read(g, at, PCI_IO_BASE, 2);
	uint32_t memory = guest_config_read(g, at, PCI_MEMORY_BASE, 4);
	uint32_t prefetch = guest_config_read(g, at, PCI_PREF_MEMORY_BASE, 4);
	uint64_t base[EC_WINDOWS] = {
		(uint64_t)(io & 0xf0) << 8,
		(uint64_t)(memory & 0xfff0) << 16,
		(uint64_t)(prefetch & 0xfff0) << 16 |
			(uint64_t)guest_config_read(g, at, PCI_PREF_BASE_UPPER32, 4) << 32,
	};
	uint64_t limit[EC_WINDOWS] = {
		(io & 0xf000) | 0xfff,
		(memory & 0xfff00000) | 0xfffff,
		(prefetch & 0xfff00000) | 0xfffff |
			(uint64_t)guest_config_read(g, at, PCI_PREF_LIMIT_UPPER32, 4) << 32,
	};

	for (unsigned int w = 0; w < EC_WINDOWS; w++) {
		window[w] = (struct ec_machine_range){ 0 };
		if (base[w] > limit[w])
			continue;
		window[w].base = base[w];
		window[w].size = limit[w] - base[w] + 1;
	}
}

/* BAR at @offset: sized, and put where the last one of its kind ends. Returns COMMAND's bit. */
static uint32_t hvmloader_bar(const struct guest_config *g, struct ec_sbdf at, uint32_t offset,
			      uint32_t *memory, uint32_t *io)
{
	bool rom = offset == PCI_ROM_ADDRESS;
	uint32_t was = guest_config_read(g, at, offset, 4), kept, size, *next;
	bool is_io = !rom && was & 1;

	guest_config_write(g, at, offset, 4, rom ? 0xfffff800 : 0xffffffff);
	kept = guest_config_read(g, at, offset, 4);
	guest_config_write(g, at, offset, 4, was);
	kept &= rom ? 0xfffff800 : is_io ? 0xfffc : 0xfffffff0;
	if (!kept)
		return 0;
	size = kept & (~kept + 1);
	if (!rom && (was & 7) == 4)
		guest_config_write(g, at, offset + 4, 4, 0);
	next = is_io ? io : memory;
	*next = (uint32_t)round_up(*next, size);
	guest_config_write(g, at, offset, 4, *next | (was & (is_io ? 3 : 15)));
	*next += size;
	return is_io ? PCI_COMMAND_IO : PCI_COMMAND_MEMORY;
}

unsigned int enumerate_hvmloader(const struct guest_config *g, uint32_t memory, uint32_t io)
{
	static const uint8_t bars[] = { 0x10, 0x14, 0x18, 0x1c, 0x20, 0x24, 0x30 };
	unsigned int placed = 0;

	for (unsigned int devfn = 0; devfn < 256; devfn++) {
		struct ec_sbdf at = { .devfn = (uint8_t)devfn };
		uint32_t command, vendor, device;

		guest_config_read(g, at, PCI_CLASS_DEVICE, 2);
		vendor = guest_config_read(g, at, PCI_VENDOR_ID, 2);
		device = guest_config_read(g, at, PCI_DEVICE_ID, 2);
		if (vendor == 0xffff && device == 0xffff)
			continue;
		command = guest_config_read(g, at, PCI_COMMAND, 2) & ~3u;
		guest_config_write(g, at, PCI_COMMAND, 2, command);
		for (unsigned int i = 0; i < sizeof(bars); i++) {
			uint32_t was = guest_config_read(g, at, bars[i], 4);
			uint32_t bit = hvmloader_bar(g, at, bars[i], &memory, &io);

			placed += bit != 0;
			command |= bit;
			/* the upper half of a 64-bit BAR is none of its own */
			i += bit && bars[i] < 0x24 && (was & 7) == 4;
		}
		guest_config_read(g, at, PCI_INTERRUPT_PIN, 1);
		guest_config_write(g, at, PCI_COMMAND, 2, command | PCI_COMMAND_MASTER);
	}
	return placed;
}
