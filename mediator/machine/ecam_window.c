/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ECAM window, placed beside what is fixed in a guest's memory.
 * Source: Xen tools/firmware/hvmloader/config.h, tools/libs/light/libxl_dom.c and libxl_x86.c,
 * public/arch-x86/hvm/start_info.h; a running PVH guest's memory map.
 */
#include "machine/ecam_window.h"

#include <errno.h>

#include "core/bits.h"
#include "core/ecam.h"
#include "machine/memory.h"

#define MIB 0x100000ull
/* Between the ACPI tables of a PVH guest and the APICs there is room for 28 buses. */
#define PVH_ECAM 0xfd000000ull
#define PVH_ECAM_BUSES 28u
/* hvmloader uses none of these addresses, and its memory map reserves them. */
#define HVM_ECAM 0xfe800000ull
#define HVM_ECAM_BUSES 4u
#define LEAST_BUSES 4u

/* Addresses that no window may overlap. */
static const struct fixed {
	enum ec_machine_kind kind;
	uint64_t base, end;
	const char *whose;
} fixed[] = {
	{ EC_MACHINE_HVM, 0, MIB, "the firmware" },
	{ EC_MACHINE_HVM, EC_MACHINE_TABLES, 0xfe000000, "hvmloader" },
	{ EC_MACHINE_HVM, 0xfe700000, 0xfe800000, "the guest's own drivers" },
	{ EC_MACHINE_HVM, EC_MACHINE_APICS, EC_MACHINE_4G, "the APICs and the firmware" },
	{ EC_MACHINE_PVH, 0, MIB, "the guest's low memory" },
	{ EC_MACHINE_PVH, EC_MACHINE_TABLES, 0xfc100000, "the ACPI tables" },
	{ EC_MACHINE_PVH, EC_MACHINE_APICS, EC_MACHINE_4G, "the APIC and Xen's own pages" },
};

static uint64_t round_up(uint64_t v)
{
	uint64_t p = 1;

	while (p < v)
		p *= 2;
	return p;
}

/* How many buses the window has. It must hold the bus of each function. */
static int count_buses(struct ec_machine_work *work)
{
	const struct ec_machine_limits *l = work->limits;
	struct ec_machine_plan *plan = work->plan;
	unsigned int need = plan->ports + 1, buses = l->ecam_buses;
	char name[EC_SBDF_MAX];

	if (!buses && l->bridge == EC_BRIDGE_Q35)
		buses = EC_BRIDGE_Q35_BUSES;
	if (!buses) {
		buses = (unsigned int)round_up(need < LEAST_BUSES ? LEAST_BUSES : need);
		/* a window between tables and APICs is better than a power of two */
		if (need <= PVH_ECAM_BUSES && buses > PVH_ECAM_BUSES)
			buses = PVH_ECAM_BUSES;
	}
	plan->ecam_buses = (uint16_t)buses;
	plan->ecam_first = l->kind == EC_MACHINE_HVM && !l->ecam_bus0;
	if (plan->ecam_first >= buses) {
		ec_diag_set(work->diag, 0,
			    "the ECAM window has only bus 0, which is the device model's");
		return -EINVAL;
	}
	if (need <= buses)
		return 0;
	for (unsigned int i = 0; i < plan->n; i++) {
		const struct ec_machine_place *place = plan->place + work->order[i];

		if (place->guest.bus < buses)
			continue;
		ec_diag_set(work->diag, 0,
			    "%s: it would be on bus %02x, and the ECAM window has %u: %u buses "
			    "hold all",
			    ec_sbdf_print(work->fn[work->order[i]].host, false, name),
			    place->guest.bus, buses, need);
		return -ENOSPC;
	}
	ec_diag_set(work->diag, 0, "the ECAM window has %u buses: %u hold all root ports", buses,
		    need);
	return -ENOSPC;
}

static uint64_t default_base(const struct ec_machine_work *work, uint64_t size)
{
	if (work->limits->kind == EC_MACHINE_PVH && size <= PVH_ECAM_BUSES * EC_ECAM_BUS_SIZE)
		return PVH_ECAM;
	/*
	 * Below the tables, as high as alignment allows: RAM must end below it. Not above 4 GiB:
	 * Linux ignores an MCFG entry there unless DMI reports a year from 2010 on.
	 */
	if (work->limits->kind == EC_MACHINE_PVH)
		return (EC_MACHINE_TABLES - size) & ~(round_up(size) - 1);
	if (size <= HVM_ECAM_BUSES * EC_ECAM_BUS_SIZE)
		return HVM_ECAM;
	/* hvmloader places BARs above 4 GiB upwards from the end of RAM: as far from it as possible
	 */
	return ec_machine_memory_top(work->limits) - round_up(size);
}

static int refuse_ecam(const struct ec_machine_work *work, struct ec_machine_range r,
		       const char *why, const char *whose)
{
	ec_diag_set(work->diag, 0, "the ECAM window at %llx, %llu MiB: %s%s",
		    (unsigned long long)r.base, (unsigned long long)(r.size / MIB), why, whose);
	return -ENOSPC;
}

/* Are the addresses free? The end of an HVM guest's RAM is unknown until its hole is: check_hole().
 */
static int check_ecam(const struct ec_machine_work *work, struct ec_machine_range r)
{
	const struct ec_machine_limits *l = work->limits;
	uint64_t top = ec_machine_memory_top(l);
	struct ec_machine_range high = {
		EC_MACHINE_4G, ec_machine_memory_high(l, EC_MACHINE_TABLES) - EC_MACHINE_4G
	};

	if (r.base % EC_ECAM_BUS_SIZE)
		return refuse_ecam(work, r, "its address is no multiple of 1 MiB", "");
	if (r.base >= top || r.size > top - r.base)
		return refuse_ecam(work, r, "the guest has no such addresses", "");
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(fixed); i++) {
		struct ec_machine_range f = { fixed[i].base, fixed[i].end - fixed[i].base };

		if (fixed[i].kind == l->kind && ec_machine_overlaps(f, r))
			return refuse_ecam(work, r, "these addresses belong to ", fixed[i].whose);
	}
	if (ec_machine_overlaps(high, r) ||
	    (l->kind == EC_MACHINE_PVH && r.base < ec_machine_memory_low(l, EC_MACHINE_TABLES)))
		return refuse_ecam(work, r, "the guest has memory there", "");
	return 0;
}

int ec_machine_ecam_place(struct ec_machine_work *work)
{
	const struct ec_machine_limits *l = work->limits;
	struct ec_machine_plan *plan = work->plan;
	struct ec_machine_range r;
	int rc;

	work->fixed.n = 0;
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(fixed); i++)
		if (fixed[i].kind == l->kind)
			ec_free_space_reserve(&work->fixed, fixed[i].base, fixed[i].end);
	plan->ecam_buses = plan->ecam_first = 0;
	plan->ecam = (struct ec_machine_range){ 0 };
	if (!l->ecam)
		return 0;
	rc = count_buses(work);
	if (rc)
		return rc;
	r.size = (uint64_t)plan->ecam_buses * EC_ECAM_BUS_SIZE;
	r.base = l->has_ecam_base ? l->ecam_base : default_base(work, r.size);
	rc = ec_host_bridge_check(l->bridge, true, r.base, plan->ecam_buses, work->diag);
	if (!rc)
		rc = check_ecam(work, r);
	if (rc)
		return rc;
	plan->ecam = r;
	/* hvmloader does not know of the window: check_hole() compares */
	if (l->kind == EC_MACHINE_PVH)
		ec_free_space_reserve(&work->fixed, r.base, r.base + r.size);
	return 0;
}
