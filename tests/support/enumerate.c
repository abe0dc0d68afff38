/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enumerate.h"

#include <check.h>
#include <pci/header.h>
#include <string.h>

#include "core/ecam.h"
#include "core/pci_bits.h"

#define MIB 0x100000ull
/* bytes of configuration space that CF8 reaches */
#define CONVENTIONAL 256u
#define CONFIG_DATA 0xcfcu
#define NOTHING 0xffffffffu
/* granularity of I/O windows */
#define IO_WINDOW 0x1000u
/* closed windows: base above limit */
#define IO_CLOSED 0x00f0u
#define MEMORY_CLOSED 0x0000fff0u
#define MEM_LIMIT_MASK 0xfff00000u
#define DECODE ((uint32_t)(PCI_COMMAND_IO | PCI_COMMAND_MEMORY))
/* type bits of a memory BAR */
#define MEM_TYPE (PCI_BASE_ADDRESS_SPACE | PCI_BASE_ADDRESS_MEM_TYPE_MASK)
/* the largest size that is looked for */
#define LARGEST (1ull << 40)

/* Encodes the access as the guest does, and decodes it as ecamd does. */
static uint64_t access_config(const struct guest_config *g, const struct ec_access *a)
{
	uint16_t offset = (uint16_t)a->offset, reg = 0;
	struct ec_access decoded = *a;

	decoded.at = (struct ec_sbdf){ 0 };
	if (g->ecam && a->at.bus >= g->first_bus) {
		ck_assert(
			ec_ecam_decode(ec_ecam_offset(a->at, 0, offset), 0, 0, &decoded.at, &reg));
	} else {
		ck_assert_uint_lt(a->offset, CONVENTIONAL);
		ck_assert(ec_cf8_decode(ec_cf8_encode(a->at, offset),
					(uint16_t)(CONFIG_DATA + offset % 4), false, &decoded.at,
					&reg));
	}
	decoded.offset = reg;
	return g->access(g->ctx, &decoded);
}

uint32_t guest_config_read(const struct guest_config *g, struct ec_sbdf at, uint32_t offset,
			   uint32_t len)
{
	return (uint32_t)access_config(
		g, &(struct ec_access){ .at = at, .offset = offset, .length = len });
}

void guest_config_write(const struct guest_config *g, struct ec_sbdf at, uint32_t offset,
			uint32_t len, uint32_t value)
{
	access_config(
		g,
		&(struct ec_access){
			.at = at, .write = true, .offset = offset, .length = len, .value = value });
}

/* Returns what a register keeps of all ones, and restores it. */
static uint32_t probe(const struct guest_config *g, struct ec_sbdf at, uint32_t offset)
{
	uint32_t was = guest_config_read(g, at, offset, 4), kept;

	guest_config_write(g, at, offset, 4, UINT32_MAX);
	kept = guest_config_read(g, at, offset, 4);
	guest_config_write(g, at, offset, 4, was);
	return kept;
}

static void size_bars(const struct guest_config *g, struct found *f)
{
	unsigned int n = f->bridge ? 2 : 6;
	uint32_t command = guest_config_read(g, f->at, PCI_COMMAND, 2);

	guest_config_write(g, f->at, PCI_COMMAND, 2, command & ~DECODE);
	for (unsigned int i = 0; i < n; i++) {
		uint32_t off = PCI_BASE_ADDRESS_0 + i * 4;
		uint32_t flags = guest_config_read(g, f->at, off, 4), kept = probe(g, f->at, off);
		uint64_t mask;

		if (!kept)
			continue;
		f->bar[i].io = flags & PCI_BASE_ADDRESS_SPACE_IO;
		f->bar[i].wide = (flags & MEM_TYPE) == PCI_BASE_ADDRESS_MEM_TYPE_64;
		f->bar[i].prefetch = !f->bar[i].io && flags & PCI_BASE_ADDRESS_MEM_PREFETCH;
		mask = (kept & (f->bar[i].io ? EC_BAR_IO_MASK : EC_BAR_MEM_MASK)) |
		       0xffffffff00000000;
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
	for (at = CONVENTIONAL; at; at = header >> 20) {
		header = guest_config_read(g, f->at, at, 4);
		if (!header || header == NOTHING)
			break;
		ck_assert_uint_lt(f->ext_n, FOUND_CAPS);
		f->ext[f->ext_n++] = (uint16_t)header;
	}
}

/* Returns the header type, or 0xff if there is no function. */
static uint32_t find_function(const struct guest_config *g, struct ec_sbdf at, int parent,
			      struct enumerated *out)
{
	uint32_t id = guest_config_read(g, at, PCI_VENDOR_ID, 4), type;
	struct found *f = out->found + out->n;

	if (id == NOTHING || id == 0)
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

/* The subordinate bus is known only after everything behind the bridge has been scanned. */
static void scan_bridge(const struct guest_config *g, unsigned int index, struct enumerated *out)
{
	struct found *f = out->found + index;
	uint32_t numbers = guest_config_read(g, f->at, PCI_PRIMARY_BUS, 4);
	uint32_t control = guest_config_read(g, f->at, PCI_BRIDGE_CONTROL, 2);

	guest_config_write(g, f->at, PCI_BRIDGE_CONTROL, 2,
			   control & ~(uint32_t)PCI_BRIDGE_CTL_MASTER_ABORT);
	guest_config_write(g, f->at, PCI_STATUS, 2, UINT16_MAX);
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

/* The windows of kind @w of bridge @index. */
struct behind {
	struct enumerated *e;
	unsigned int index;
	enum ec_machine_window_kind w;
};

/*
 * Packs the BARs behind a bridge, largest first, from @base on; assigns addresses if @place.
 * Returns the bytes that they need, and the alignment of the largest in *@align.
 */
static uint64_t pack(struct behind b, uint64_t base, bool place, uint64_t *align)
{
	uint64_t at = base, granularity = b.w == EC_WINDOW_IO ? IO_WINDOW : MIB;

	*align = granularity;
	for (uint64_t size = LARGEST; size; size >>= 1)
		for (unsigned int i = 0; i < b.e->n; i++)
			for (unsigned int bar = 0; bar < FOUND_BARS; bar++) {
				struct found *f = b.e->found + i;

				if (f->parent != (int)b.index || f->bar[bar].size != size ||
				    window_of(f, bar) != b.w)
					continue;
				*align = size > *align ? size : *align;
				if (place)
					f->bar[bar].address = at;
				at += size;
			}
	return round_up(at - base, granularity);
}

/*
 * The host bridge's window for a BAR on bus 0: a 64-bit BAR goes above 4 GiB if there is a window,
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

/* Taken ranges of an address space, I/O or memory. */
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
		/* try again after it */
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

/* Places the windows of a bridge, if they are aligned to @align. */
static void place_window(struct behind b, struct ec_machine_range in, uint64_t align,
			 struct placed *placed)
{
	struct found *f = b.e->found + b.index;
	uint64_t of, needs = pack(b, 0, false, &of);

	if (!needs || of != align)
		return;
	f->window[b.w].base = take_room(placed, in, needs, align, f->at);
	f->window[b.w].size = needs;
	pack(b, f->window[b.w].base, true, &of);
}

/* Places all windows and BARs of kind @w in @in, by falling alignment. */
static void place_windows(struct enumerated *e, enum ec_machine_window_kind w,
			  const struct ec_machine_range *root, struct ec_machine_range in,
			  struct placed *placed)
{
	for (uint64_t align = LARGEST; align >= 4; align >>= 1)
		for (unsigned int i = 0; i < e->n; i++) {
			struct found *f = e->found + i;

			if (f->bridge)
				place_window((struct behind){ e, i, w }, in, align, placed);
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
		     : IO_CLOSED;
	guest_config_write(g, f->at, PCI_IO_BASE_UPPER16, 4, 0x0000ffff);
	guest_config_write(g, f->at, PCI_IO_BASE, 2, v);
	guest_config_write(g, f->at, PCI_IO_BASE_UPPER16, 4, 0);
	v = MEMORY_CLOSED;
	if (memory->size)
		v = (uint32_t)(memory->base >> 16 & 0xfff0) |
		    (uint32_t)((memory->base + memory->size - 1) & MEM_LIMIT_MASK);
	guest_config_write(g, f->at, PCI_MEMORY_BASE, 4, v);
	guest_config_write(g, f->at, PCI_PREF_LIMIT_UPPER32, 4, 0);
	v = MEMORY_CLOSED;
	if (prefetch->size)
		v = (uint32_t)(base >> 16 & 0xfff0) | (uint32_t)(limit & MEM_LIMIT_MASK);
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
		if (vendor == PCI_VENDOR_ID_INTEL || vendor == PCI_VENDOR_ID_COMPAQ)
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
	/* without a window above 4 GiB all memory is in one window */
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
		guest_config_write(g, f->at, PCI_COMMAND, 2, DECODE | PCI_COMMAND_MASTER);
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
		(memory & MEM_LIMIT_MASK) | 0xfffff,
		(prefetch & MEM_LIMIT_MASK) | 0xfffff |
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

/* Sizes the BAR at @offset and places it after the last one of its kind. Returns COMMAND's bit. */
static uint32_t hvmloader_bar(const struct guest_config *g, struct ec_sbdf at, uint32_t offset,
			      uint32_t *memory, uint32_t *io)
{
	bool rom = offset == PCI_ROM_ADDRESS;
	uint32_t was = guest_config_read(g, at, offset, 4), kept, size, *next;
	bool is_io = !rom && was & PCI_BASE_ADDRESS_SPACE_IO;

	guest_config_write(g, at, offset, 4, rom ? EC_BAR_ROM_MASK : UINT32_MAX);
	kept = guest_config_read(g, at, offset, 4);
	guest_config_write(g, at, offset, 4, was);
	kept &= rom ? EC_BAR_ROM_MASK : is_io ? EC_BAR_IO_MASK & UINT16_MAX : EC_BAR_MEM_MASK;
	if (!kept)
		return 0;
	size = kept & (~kept + 1);
	if (!rom && (was & MEM_TYPE) == PCI_BASE_ADDRESS_MEM_TYPE_64)
		guest_config_write(g, at, offset + 4, 4, 0);
	next = is_io ? io : memory;
	*next = (uint32_t)round_up(*next, size);
	guest_config_write(g, at, offset, 4,
			   *next | (was & ~(is_io ? EC_BAR_IO_MASK : EC_BAR_MEM_MASK)));
	*next += size;
	return is_io ? PCI_COMMAND_IO : PCI_COMMAND_MEMORY;
}

unsigned int enumerate_hvmloader(const struct guest_config *g, uint32_t memory, uint32_t io)
{
	static const uint8_t bars[] = { PCI_BASE_ADDRESS_0, PCI_BASE_ADDRESS_1, PCI_BASE_ADDRESS_2,
					PCI_BASE_ADDRESS_3, PCI_BASE_ADDRESS_4, PCI_BASE_ADDRESS_5,
					PCI_ROM_ADDRESS };
	unsigned int placed = 0;

	for (unsigned int devfn = 0; devfn < 256; devfn++) {
		struct ec_sbdf at = { .devfn = (uint8_t)devfn };
		uint32_t command, vendor, device;

		guest_config_read(g, at, PCI_CLASS_DEVICE, 2);
		vendor = guest_config_read(g, at, PCI_VENDOR_ID, 2);
		device = guest_config_read(g, at, PCI_DEVICE_ID, 2);
		if (vendor == 0xffff && device == 0xffff)
			continue;
		command = guest_config_read(g, at, PCI_COMMAND, 2) & ~DECODE;
		guest_config_write(g, at, PCI_COMMAND, 2, command);
		for (unsigned int i = 0; i < sizeof(bars); i++) {
			uint32_t was = guest_config_read(g, at, bars[i], 4);
			uint32_t bit = hvmloader_bar(g, at, bars[i], &memory, &io);

			placed += bit != 0;
			command |= bit;
			/* skip the upper half of a 64-bit BAR */
			i += bit && bars[i] < PCI_BASE_ADDRESS_5 &&
			     (was & MEM_TYPE) == PCI_BASE_ADDRESS_MEM_TYPE_64;
		}
		guest_config_read(g, at, PCI_INTERRUPT_PIN, 1);
		guest_config_write(g, at, PCI_COMMAND, 2, command | PCI_COMMAND_MASTER);
	}
	return placed;
}
