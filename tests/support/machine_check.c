/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "machine_check.h"

#include <check.h>
#include <errno.h>
#include <pci/header.h>
#include <stdio.h>
#include <string.h>

#define GIB4 0x100000000ull
/* where a guest's tables and APICs are */
#define TABLES 0xfc000000ull
#define APICS 0xfec00000ull
#define PAGE 4096u
#define RANGES 600

/* Ranges of an address space that must not overlap. */
struct level {
	unsigned int n;
	struct named {
		uint64_t base, size;
		char name[40];
	} range[RANGES];
};

struct ec_machine_function machine_function(const char *host)
{
	struct ec_machine_function fn = { .express = true, .topology = EC_FLATTENED };

	ck_assert_int_eq(ec_sbdf_parse(host, &fn.host), 0);
	return fn;
}

void machine_bar(struct ec_machine_function *fn, unsigned int index, enum ec_bar_kind kind,
		 uint64_t size, uint32_t flags)
{
	fn->bar[index] = (struct ec_bar){ .kind = kind, .size = size, .flags = flags };
	if (kind == EC_BAR_MEM64) {
		fn->bar[index + 1] = fn->bar[index];
		fn->bar[index + 1].kind = EC_BAR_UPPER;
	}
}

static void add(struct level *l, uint64_t base, uint64_t size, const char *what, unsigned int which)
{
	struct named *r = l->range + l->n;

	if (!size)
		return;
	ck_assert_uint_lt(l->n++, RANGES);
	r->base = base;
	r->size = size;
	snprintf(r->name, sizeof(r->name), "%s %x", what, which);
	for (unsigned int i = 0; i + 1 < l->n; i++) {
		const struct named *o = l->range + i;

		ck_assert_msg(base + size <= o->base || o->base + o->size <= base,
			      "%s %llx+%llx overlaps %s %llx+%llx", r->name,
			      (unsigned long long)base, (unsigned long long)size, o->name,
			      (unsigned long long)o->base, (unsigned long long)o->size);
	}
}

static void check_within(uint64_t base, uint64_t size, struct ec_machine_range in, const char *what)
{
	ck_assert_msg(base >= in.base && size <= in.size && base - in.base <= in.size - size,
		      "%s: %llx+%llx is not within %llx+%llx", what, (unsigned long long)base,
		      (unsigned long long)size, (unsigned long long)in.base,
		      (unsigned long long)in.size);
}

static bool is_placed(const struct ec_bar *b)
{
	return b->kind != EC_BAR_NONE && b->kind != EC_BAR_UPPER;
}

static uint64_t room(const struct ec_bar *b)
{
	return b->kind != EC_BAR_IO && b->size < PAGE ? PAGE : b->size;
}

static void check_numbers(const struct ec_machine_limits *l, const struct ec_machine_function *fn,
			  const struct ec_machine_plan *plan)
{
	bool seen[33][256] = { { false } };

	for (unsigned int i = 0; i < plan->n; i++) {
		const struct ec_machine_place *p = plan->place + i;
		const struct ec_machine_port *port = plan->port + p->port;

		ck_assert_uint_lt(p->slot, 32);
		ck_assert(!(l->taken >> p->slot & 1));
		ck_assert_int_eq(p->behind, fn[i].express && fn[i].topology == EC_FLATTENED);
		ck_assert(!p->guest.segment);
		ck_assert_msg(!seen[p->guest.bus][p->guest.devfn], "two functions at one address");
		seen[p->guest.bus][p->guest.devfn] = true;
		if (fn[i].has_slot || fn[i].has_previous_slot)
			ck_assert_uint_eq(p->slot,
					  fn[i].has_slot ? fn[i].slot : fn[i].previous_slot);
		if (!p->behind) {
			ck_assert_uint_eq(p->guest.bus, 0);
			ck_assert_uint_eq(p->guest.devfn, p->slot << 3);
			continue;
		}
		ck_assert_uint_lt(p->port, plan->ports);
		ck_assert_uint_eq(port->slot, p->slot);
		ck_assert_uint_eq(port->bus, p->guest.bus);
		ck_assert_uint_eq(p->guest.devfn, fn[i].is_vf ? 0 : fn[i].host.devfn & 7);
	}
	for (unsigned int i = 0; i < plan->ports; i++) {
		const struct ec_machine_port *port = plan->port + i;

		ck_assert_uint_eq(port->bus, i + 1);
		ck_assert_uint_eq(port->physical_slot, port->slot + 32u);
		ck_assert(!i || port->slot > port[-1].slot);
		ck_assert(!seen[0][port->slot << 3]);
		ck_assert(!(l->taken >> port->slot & 1));
		ck_assert_int_eq(port->placeholder, port->functions && !seen[port->bus][0]);
		ck_assert(port->functions || l->spare >> port->slot & 1);
	}
	for (unsigned int slot = 0; slot < 32; slot++) {
		unsigned int is = 0;

		for (unsigned int i = 0; i < plan->ports; i++)
			is += plan->port[i].slot == slot;
		ck_assert(is || !(l->spare >> slot & 1));
	}
}

/* Functions share a slot of the guest exactly if they are of one slot of the host and flattened. */
static void check_groups(const struct ec_machine_function *fn, const struct ec_machine_plan *plan)
{
	for (unsigned int i = 0; i < plan->n; i++)
		for (unsigned int j = 0; j < i; j++) {
			bool one = plan->place[i].behind && plan->place[j].behind && !fn[i].is_vf &&
				   !fn[j].is_vf && fn[i].host.segment == fn[j].host.segment &&
				   fn[i].host.bus == fn[j].host.bus &&
				   fn[i].host.devfn >> 3 == fn[j].host.devfn >> 3;

			ck_assert_int_eq(plan->place[i].slot == plan->place[j].slot, one);
		}
}

/* The BARs behind root port @n are in its windows and do not overlap. */
static void check_inside(const struct ec_machine_function *fn, const struct ec_machine_plan *plan,
			 unsigned int n)
{
	static struct level l;

	l.n = 0;
	for (unsigned int i = 0; i < plan->n; i++)
		for (unsigned int b = 0; b < EC_BAR_MAX; b++) {
			const struct ec_bar *bar = fn[i].bar + b;
			unsigned int w = bar->kind == EC_BAR_IO ? EC_WINDOW_IO
					 : bar->kind == EC_BAR_MEM64 &&
							 bar->flags & PCI_BASE_ADDRESS_MEM_PREFETCH
						 ? EC_WINDOW_PREFETCH
						 : EC_WINDOW_MEMORY;

			if (!plan->place[i].behind || plan->place[i].port != n || !is_placed(bar))
				continue;
			check_within(plan->place[i].bar[b], room(bar), plan->port[n].window[w],
				     "a BAR behind a port");
			/* I/O ports are another address space: kept apart by a bit that no address
			 * has */
			add(&l, plan->place[i].bar[b] | (w ? 0 : 1ull << 62), room(bar), "BAR", b);
		}
}

static void check_windows(const struct ec_machine_limits *limits,
			  const struct ec_machine_plan *plan, struct level *mem, struct level *io)
{
	for (unsigned int i = 0; i < plan->ports; i++)
		for (unsigned int w = 0; w < EC_WINDOWS; w++) {
			struct ec_machine_range r = plan->port[i].window[w];
			uint64_t gran = w ? MIB : PAGE;

			ck_assert_uint_eq(r.base % gran, 0);
			ck_assert_uint_eq(r.size % gran, 0);
			if (w && limits->hotplug)
				ck_assert_uint_ge(r.size, 2 * MIB);
			add(w ? mem : io, r.base, r.size, "window of port", i);
			if (!r.size)
				continue;
			if (w == EC_WINDOW_PREFETCH && r.base >= GIB4)
				check_within(r.base, r.size, plan->window[w], "a window");
			else
				check_within(r.base, r.size, plan->window[w ? 1 : 0], "a window");
			if (w == EC_WINDOW_PREFETCH && limits->kind == EC_MACHINE_HVM)
				ck_assert_uint_lt(r.base, GIB4);
		}
}

static void check_bars(const struct ec_machine_function *fn, const struct ec_machine_plan *plan,
		       struct level *mem, struct level *io)
{
	for (unsigned int i = 0; i < plan->n; i++)
		for (unsigned int b = 0; b < EC_BAR_MAX; b++) {
			const struct ec_bar *bar = fn[i].bar + b;
			uint64_t at = plan->place[i].bar[b];
			bool high = at >= GIB4;

			if (!is_placed(bar)) {
				ck_assert_uint_eq(at, 0);
				continue;
			}
			ck_assert_uint_ne(at, 0);
			ck_assert_uint_eq(at % room(bar), 0);
			ck_assert(!high || bar->kind == EC_BAR_MEM64);
			if (plan->place[i].behind)
				continue;
			add(bar->kind == EC_BAR_IO ? io : mem, at, room(bar), "BAR", b);
			check_within(at, room(bar),
				     plan->window[bar->kind == EC_BAR_IO ? EC_WINDOW_IO
						  : high                 ? EC_WINDOW_PREFETCH
									 : EC_WINDOW_MEMORY],
				     "a BAR on bus 0");
		}
}

/* RAM, tables, APICs and ECAM. */
static void add_fixed(const struct ec_machine_limits *l, const struct ec_machine_plan *plan,
		      struct level *mem)
{
	bool hvm = l->kind == EC_MACHINE_HVM;
	uint64_t end = hvm ? GIB4 - plan->hole * MIB : TABLES;
	uint64_t low = l->memory < end ? l->memory : end;

	add(mem, 0, low > MIB ? low : MIB, "RAM", 0);
	add(mem, GIB4, l->memory - low, "RAM", 1);
	add(mem, TABLES, hvm ? 32 * MIB : MIB, "tables", 0);
	add(mem, APICS, GIB4 - APICS, "APICs", 0);
	add(mem, plan->ecam.base, plan->ecam.size, "ECAM", 0);
}

void machine_check(const struct ec_machine_limits *limits, const struct ec_machine_function *fn,
		   const struct ec_machine_plan *plan)
{
	static struct level mem, io;
	unsigned int bits = limits->address_bits < 32 ? 32 : limits->address_bits;

	mem.n = io.n = 0;
	check_numbers(limits, fn, plan);
	check_groups(fn, plan);
	add_fixed(limits, plan, &mem);
	check_windows(limits, plan, &mem, &io);
	check_bars(fn, plan, &mem, &io);
	for (unsigned int i = 0; i < plan->ports; i++)
		check_inside(fn, plan, i);
	for (unsigned int i = 0; i < mem.n; i++)
		ck_assert_msg(mem.range[i].base + mem.range[i].size <= 1ull << bits ||
				      !strncmp(mem.range[i].name, "RAM", 3),
			      "%s is past the guest's addresses", mem.range[i].name);
	ck_assert_int_eq(plan->ecam.size != 0, limits->ecam);
	ck_assert_uint_eq(plan->ecam.size, plan->ecam_buses * MIB);
	if (limits->ecam)
		ck_assert_uint_gt(plan->ecam_buses, plan->ports);
	/* what PCIEXBAR can express */
	if (limits->ecam && limits->bridge == EC_BRIDGE_Q35) {
		ck_assert(plan->ecam_buses == 64 || plan->ecam_buses == 128 ||
			  plan->ecam_buses == 256);
		ck_assert_uint_eq(plan->ecam.base % plan->ecam.size, 0);
		ck_assert_uint_lt(plan->ecam.base, 64 * GIB);
	}
	if (limits->kind == EC_MACHINE_PVH) {
		ck_assert_uint_eq(plan->hole, 0);
		if (plan->memory_max)
			ck_assert_uint_le(limits->memory, plan->memory_max * MIB);
	} else {
		ck_assert_uint_eq(plan->memory_max, 0);
		ck_assert(!limits->hole || plan->hole == limits->hole);
	}
}

void machine_expect(struct machine_fixture *m, struct ec_machine_function *fn, unsigned int n)
{
	ck_assert_msg(!ec_machine_build(&m->limits, fn, n, &m->plan, &m->diag), "%s", m->diag.text);
	machine_check(&m->limits, fn, &m->plan);
}

void machine_expect_refused(struct machine_fixture *m, struct ec_machine_function *fn,
			    unsigned int n, const char *text)
{
	ck_assert_int_eq(ec_machine_build(&m->limits, fn, n, &m->plan, &m->diag), -ENOSPC);
	ck_assert_str_eq(m->diag.text, text);
}

void machine_check_range(struct ec_machine_range r, uint64_t base, uint64_t size)
{
	ck_assert_uint_eq(r.base, base);
	ck_assert_uint_eq(r.size, size);
}
