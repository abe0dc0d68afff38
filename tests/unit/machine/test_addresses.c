/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses of a guest's machine, and what the toolstack must leave free. */
#include <errno.h>
#include <pci/header.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "machine_check.h"
#include "suites.h"

static struct machine_fixture m;

/* A card with a BAR of each kind. */
static struct ec_machine_function card(const char *host, enum ec_topology topology)
{
	struct ec_machine_function fn = machine_function(host);

	fn.topology = topology;
	machine_bar(&fn, 0, EC_BAR_MEM32, 16 * KIB, 0);
	machine_bar(&fn, 1, EC_BAR_MEM64, 64 * MIB, PCI_BASE_ADDRESS_MEM_PREFETCH);
	machine_bar(&fn, 3, EC_BAR_IO, 32, 1);
	machine_bar(&fn, 4, EC_BAR_MEM64, 2 * MIB, 0);
	machine_bar(&fn, EC_BAR_ROM, EC_BAR_EXPROM, 512 * KIB, 0);
	return fn;
}

START_TEST(bars_behind_a_root_port_are_packed_into_its_windows)
{
	struct ec_machine_function fn = card("03:00.0", EC_FLATTENED);
	const uint64_t *bar = m.plan.place[0].bar;

	ec_machine_defaults(EC_MACHINE_PVH, &m.limits);
	machine_expect(&m, &fn, 1);
	/* largest first; 1 MiB windows, aligned to what they hold */
	machine_check_range(m.plan.port[0].window[EC_WINDOW_MEMORY], 0xfd400000, 3 * MIB);
	ck_assert_uint_eq(bar[4], 0xfd400000);
	ck_assert_uint_eq(bar[EC_BAR_ROM], 0xfd600000);
	ck_assert_uint_eq(bar[0], 0xfd680000);
	machine_check_range(m.plan.port[0].window[EC_WINDOW_PREFETCH], 0x4000000000, 64 * MIB);
	ck_assert_uint_eq(bar[1], 0x4000000000);
	ck_assert_uint_eq(bar[2], 0);
	machine_check_range(m.plan.port[0].window[EC_WINDOW_IO], 0x1000, 0x1000);
	ck_assert_uint_eq(bar[3], 0x1000);
	/* the host bridge's windows: after ECAM, and 64 GiB */
	machine_check_range(m.plan.window[EC_WINDOW_MEMORY], 0xfd400000, 24 * MIB);
	machine_check_range(m.plan.window[EC_WINDOW_PREFETCH], 0x4000000000, 64 * GIB);
	machine_check_range(m.plan.window[EC_WINDOW_IO], 0x1000, 0x9000);
	machine_check_range(m.plan.ecam, 0xfd000000, 4 * MIB);
	ck_assert_uint_eq(m.plan.memory_max, 0);

	/* HVM: nothing behind a root port is above 4 GiB */
	ec_machine_defaults(EC_MACHINE_HVM, &m.limits);
	machine_expect(&m, &fn, 1);
	machine_check_range(m.plan.port[0].window[EC_WINDOW_PREFETCH], 0xf4000000, 64 * MIB);
	machine_check_range(m.plan.port[0].window[EC_WINDOW_MEMORY], 0xf8000000, 3 * MIB);
	machine_check_range(m.plan.port[0].window[EC_WINDOW_IO], 0x1000, 0x1000);
	machine_check_range(m.plan.window[EC_WINDOW_MEMORY], 0xf0000000, 192 * MIB);
	machine_check_range(m.plan.window[EC_WINDOW_PREFETCH], 0, 0);
	ck_assert_uint_eq(m.plan.hole, 256);
}
END_TEST

START_TEST(a_64_bit_bar_on_bus_0_is_above_4_gib_in_pvh)
{
	struct ec_machine_function fn = card("03:00.0", EC_BYPASSED);
	const uint64_t *bar = m.plan.place[0].bar;

	ec_machine_defaults(EC_MACHINE_PVH, &m.limits);
	machine_expect(&m, &fn, 1);
	/* prefetchable or not */
	ck_assert_uint_eq(bar[1], 0x4000000000);
	ck_assert_uint_eq(bar[4], 0x4004000000);
	ck_assert_uint_eq(bar[EC_BAR_ROM], 0xfd400000);
	ck_assert_uint_eq(bar[0], 0xfd480000);
	ck_assert_uint_eq(bar[3], 0x1000);

	/* 32 address bits: nothing is above 4 GiB */
	m.limits.address_bits = 32;
	m.limits.memory = 1024 * MIB;
	machine_expect(&m, &fn, 1);
	ck_assert_uint_eq(bar[1], 0xf0000000);
	ck_assert_uint_eq(bar[4], 0xf4000000);
	machine_check_range(m.plan.window[EC_WINDOW_PREFETCH], 0, 0);
	ck_assert_uint_eq(m.plan.memory_max, 0xf00);

	ec_machine_defaults(EC_MACHINE_HVM, &m.limits);
	machine_expect(&m, &fn, 1);
	ck_assert_uint_eq(bar[1], 0xf4000000);
	ck_assert_uint_eq(bar[4], 0xf8000000);
	/* after the device model's */
	ck_assert_uint_eq(bar[3], 0xc400);
}
END_TEST

START_TEST(windows_are_closed_without_bars_and_2_mib_with_hotplug)
{
	struct ec_machine_function fn = machine_function("03:00.0");

	ec_machine_defaults(EC_MACHINE_PVH, &m.limits);
	machine_expect(&m, &fn, 1);
	for (unsigned int w = 0; w < EC_WINDOWS; w++)
		ck_assert_uint_eq(m.plan.port[0].window[w].size, 0);
	/* with hot-plug there is room for more */
	m.limits.hotplug = true;
	m.limits.spare = 4;
	machine_bar(&fn, 0, EC_BAR_MEM32, 8 * MIB, 0);
	machine_expect(&m, &fn, 1);
	ck_assert_uint_eq(m.plan.port[0].slot, 2);
	ck_assert_uint_eq(m.plan.ports, 1);
	machine_check_range(m.plan.port[0].window[EC_WINDOW_IO], 0, 0);
	machine_check_range(m.plan.port[0].window[EC_WINDOW_MEMORY], 0xfd800000, 8 * MIB);
	machine_check_range(m.plan.port[0].window[EC_WINDOW_PREFETCH], 0x4000000000, 2 * MIB);
	m.limits.spare = 6;
	machine_expect(&m, &fn, 1);
	ck_assert_uint_eq(m.plan.place[0].slot, 1);
	ck_assert_uint_eq(m.plan.port[1].functions, 0);
	machine_check_range(m.plan.port[1].window[EC_WINDOW_MEMORY], 0xfd400000, 2 * MIB);
}
END_TEST

START_TEST(small_bars_share_no_page_and_windows_no_mib)
{
	struct ec_machine_function fn[2] = { machine_function("03:00.0"),
					     machine_function("04:00.0") };

	ec_machine_defaults(EC_MACHINE_PVH, &m.limits);
	for (unsigned int i = 0; i < 2; i++) {
		machine_bar(fn + i, 0, EC_BAR_MEM32, 16, 0);
		machine_bar(fn + i, 1, EC_BAR_EXPROM, 2 * KIB, 0);
		machine_bar(fn + i, 2, EC_BAR_IO, 4, 1);
		machine_bar(fn + i, 3, EC_BAR_IO, 8, 1);
	}
	machine_expect(&m, fn, 2);
	ck_assert_uint_eq(m.plan.place[0].bar[0], 0xfd400000);
	ck_assert_uint_eq(m.plan.place[0].bar[1], 0xfd401000);
	ck_assert_uint_eq(m.plan.place[0].bar[3], 0x1000);
	ck_assert_uint_eq(m.plan.place[0].bar[2], 0x1008);
	ck_assert_uint_eq(m.plan.place[1].bar[0], 0xfd500000);
	ck_assert_uint_eq(m.plan.place[1].bar[3], 0x2000);
}
END_TEST

/* @n 32-bit BARs of @size on bus 0: hole (HVM) or memory (PVH) that they need. 0: refused. */
static const struct {
	unsigned int n;
	uint64_t size;
	unsigned int hole, memory_max;
	uint64_t hvm_at, pvh_at;
} low[] = {
	{ 1, 16 * MIB, 256, 3840, 0xf4000000, 0xf0000000 },
	{ 1, 8 * MIB, 256, 0, 0xf4000000, 0xfd800000 },
	{ 2, 64 * MIB, 256, 3840, 0xf4000000, 0xf0000000 },
	{ 3, 64 * MIB, 512, 3840, 0xe4000000, 0xf0000000 },
	{ 1, 256 * MIB, 512, 3584, 0xe0000000, 0xe0000000 },
	{ 2, 256 * MIB, 1024, 3072, 0xc0000000, 0xc0000000 },
	{ 3, 256 * MIB, 1024, 3072, 0xc0000000, 0xc0000000 },
	{ 4, 256 * MIB, 2048, 2048, 0x80000000, 0x80000000 },
	{ 1, 1 * GIB, 2048, 2048, 0x80000000, 0x80000000 },
	{ 2, 1 * GIB, 3072, 1024, 0x40000000, 0x40000000 },
	/* aligned to 2 GiB it would overlap the APICs */
	{ 1, 2 * GIB, 0, 0, 0, 0 },
	{ 3, 1 * GIB, 0, 0, 0, 0 },
};

START_TEST(the_hole_is_the_smallest_that_gives_room)
{
	struct ec_machine_function fn = machine_function("03:00.0");

	fn.topology = EC_BYPASSED;
	for (unsigned int i = 0; i < low[_i].n; i++)
		machine_bar(&fn, i, EC_BAR_MEM32, low[_i].size, 0);
	for (unsigned int kind = 0; kind < EC_MACHINE_KINDS; kind++) {
		bool hvm = kind == EC_MACHINE_HVM;

		ec_machine_defaults(kind, &m.limits);
		if (!low[_i].hole) {
			machine_expect_refused(
				&m, &fn, 1,
				low[_i].n == 1 ? "03:00.0: BAR 0 (32-bit, 2G) does not fit below 4 "
						 "GiB: fewer functions leave room"
					       : "03:00.0: BAR 2 (32-bit, 1G) does not fit below 4 "
						 "GiB: fewer functions leave room");
			continue;
		}
		machine_expect(&m, &fn, 1);
		ck_assert_uint_eq(m.plan.place[0].bar[0], hvm ? low[_i].hvm_at : low[_i].pvh_at);
		ck_assert_uint_eq(m.plan.hole, hvm ? low[_i].hole : 0);
		ck_assert_uint_eq(m.plan.memory_max, hvm ? 0 : low[_i].memory_max);
	}
}
END_TEST

START_TEST(a_created_guest_keeps_its_memory_and_hole)
{
	struct ec_machine_function fn = machine_function("0a:00.0");

	machine_bar(&fn, 0, EC_BAR_MEM32, 16 * MIB, 0);
	machine_bar(&fn, 1, EC_BAR_MEM64, 256 * MIB, PCI_BASE_ADDRESS_MEM_PREFETCH);
	ec_machine_defaults(EC_MACHINE_PVH, &m.limits);
	m.limits.memory = 3840 * MIB;
	machine_expect(&m, &fn, 1);
	m.limits.memory++;
	machine_expect_refused(
		&m, &fn, 1,
		"0a:00.0: BAR 0 (32-bit, 16M) does not fit below 4 GiB: memory= of at most "
		"3840 makes room");
	/* RAM fills the addresses below 4 GiB first */
	m.limits.memory = 64 * GIB;
	machine_expect_refused(
		&m, &fn, 1,
		"0a:00.0: BAR 0 (32-bit, 16M) does not fit below 4 GiB: memory= of at most "
		"3840 makes room");

	ec_machine_defaults(EC_MACHINE_HVM, &m.limits);
	m.limits.memory = 8 * GIB;
	m.limits.hole = 256;
	machine_expect_refused(
		&m, &fn, 1,
		"0a:00.0: BAR 1 (64-bit, 256M) does not fit below 4 GiB: mmio_hole=512 "
		"makes room");
	m.limits.hole = 600;
	machine_expect(&m, &fn, 1);
	ck_assert_uint_eq(m.plan.hole, 600);
	machine_check_range(m.plan.window[EC_WINDOW_MEMORY], 0xda800000, 536 * MIB);
	ck_assert_uint_eq(m.plan.place[0].bar[1], 0xe0000000);
	m.limits.hole = 0;
	machine_expect(&m, &fn, 1);
	ck_assert_uint_eq(m.plan.hole, 512);
	/* too large for below 4 GiB; behind a root port it cannot be above */
	machine_bar(&fn, 1, EC_BAR_MEM64, 4 * GIB, PCI_BASE_ADDRESS_MEM_PREFETCH);
	machine_expect_refused(
		&m, &fn, 1,
		"0a:00.0: BAR 1 (64-bit, 4G) does not fit below 4 GiB: bypassed, it may be "
		"above 4 GiB");
	machine_bar(&fn, 1, EC_BAR_MEM64, 4 * GIB, 0);
	ec_machine_defaults(EC_MACHINE_PVH, &m.limits);
	machine_expect_refused(
		&m, &fn, 1,
		"0a:00.0: BAR 1 (64-bit, 4G) does not fit below 4 GiB: bypassed, it may be "
		"above 4 GiB");
	fn.topology = EC_BYPASSED;
	machine_expect(&m, &fn, 1);
}
END_TEST

/* Only BARs of bus 0, until the rest fits below. */
START_TEST(hvmloader_moves_the_largest_64_bit_bars_above_4_gib)
{
	struct ec_machine_function fn = machine_function("0a:00.0");
	const uint64_t *bar = m.plan.place[0].bar;

	fn.topology = EC_BYPASSED;
	machine_bar(&fn, 0, EC_BAR_MEM64, 32 * MIB, PCI_BASE_ADDRESS_MEM_PREFETCH);
	machine_bar(&fn, 2, EC_BAR_MEM64, 16 * GIB, PCI_BASE_ADDRESS_MEM_PREFETCH);
	machine_bar(&fn, 4, EC_BAR_MEM64, 256 * MIB, 0);
	ec_machine_defaults(EC_MACHINE_HVM, &m.limits);
	m.limits.memory = 8 * GIB;
	machine_expect(&m, &fn, 1);
	ck_assert_uint_eq(m.plan.hole, 256);
	/* RAM ends at 8 GiB and the 256 MiB of the hole */
	ck_assert_uint_eq(bar[2], 16 * GIB);
	ck_assert_uint_eq(bar[4], 32 * GIB);
	ck_assert_uint_eq(bar[0], 0xf4000000);
	machine_check_range(m.plan.window[EC_WINDOW_PREFETCH], 16 * GIB, 32 * GIB);
	m.limits.address_bits = 34;
	machine_expect_refused(
		&m, &fn, 1,
		"0a:00.0: BAR 2 (64-bit, 16G) does not fit into the guest's addresses: they "
		"have 34 bits");
	m.limits.address_bits = 35;
	m.limits.memory = 40 * GIB;
	machine_expect_refused(&m, &fn, 1,
			       "0a:00.0: BAR 2 (64-bit, 16G) does not fit above 4 GiB: the guest's "
			       "addresses have 35 bits");
}
END_TEST

START_TEST(a_pvh_window_above_4_gib_is_above_ram)
{
	static const struct {
		uint64_t memory;
		uint8_t bits;
		uint64_t at, size;
	} rows[] = {
		{ 0, 40, 0x4000000000, 64 * GIB },      { 256 * MIB, 40, 0x4000000000, 64 * GIB },
		{ 256 * GIB, 40, 257 * GIB, 64 * GIB }, { 256 * MIB, 39, 0x4000000000, 64 * GIB },
		{ 256 * MIB, 38, 4 * GIB, 64 * GIB },   { 256 * MIB, 36, 4 * GIB, 60 * GIB },
		{ 8 * GIB, 36, 9 * GIB, 55 * GIB },     { 0, 60, 0x4000000000, 64 * GIB },
	};
	struct ec_machine_function fn = machine_function("0a:00.0");

	machine_bar(&fn, 0, EC_BAR_MEM64, 256 * MIB, PCI_BASE_ADDRESS_MEM_PREFETCH);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(rows); i++) {
		ec_machine_defaults(EC_MACHINE_PVH, &m.limits);
		m.limits.memory = rows[i].memory;
		m.limits.address_bits = rows[i].bits;
		machine_expect(&m, &fn, 1);
		ck_assert_uint_eq(m.plan.place[0].bar[0], rows[i].at);
		machine_check_range(m.plan.window[EC_WINDOW_PREFETCH], rows[i].at, rows[i].size);
	}
	ec_machine_defaults(EC_MACHINE_PVH, &m.limits);
	m.limits.memory = 1023 * GIB;
	machine_bar(&fn, 0, EC_BAR_MEM64, 2 * GIB, PCI_BASE_ADDRESS_MEM_PREFETCH);
	machine_expect_refused(
		&m, &fn, 1,
		"0a:00.0: BAR 0 (64-bit, 2G) does not fit above 4 GiB: the guest's addresses "
		"have 40 bits");
	m.limits.memory = 0;
	machine_bar(&fn, 0, EC_BAR_MEM64, TIB / 2, PCI_BASE_ADDRESS_MEM_PREFETCH);
	machine_expect(&m, &fn, 1);
	machine_check_range(m.plan.window[EC_WINDOW_PREFETCH], 0x4000000000, 768 * GIB);
}
END_TEST

START_TEST(impossible_sizes_are_refused)
{
	static const struct {
		enum ec_bar_kind kind;
		uint64_t size;
		int rc;
		const char *text;
	} rows[] = {
		{ EC_BAR_MEM64, 1ull << 63, -ENOSPC,
		  "03:00.0: BAR 0 (64-bit, 8E) does not fit into the guest's addresses: they have "
		  "40 bits" },
		{ EC_BAR_MEM64, TIB, -ENOSPC,
		  "03:00.0: BAR 0 (64-bit, 1T) does not fit into the guest's addresses: they have "
		  "40 bits" },
		{ EC_BAR_MEM64, TIB / 2 + 1, -EINVAL,
		  "03:00.0: the size of BAR 0 is no power of two" },
		{ EC_BAR_MEM32, 0, -EINVAL, "03:00.0: the size of BAR 0 is no power of two" },
		{ 77, 16, -EINVAL, "03:00.0: the size of BAR 0 is no power of two" },
		{ EC_BAR_IO, 1ull << 31, -ENOSPC,
		  "03:00.0: BAR 0 (I/O, 2G) does not fit into the I/O ports: there are 64K" },
		{ EC_BAR_IO, 32 * KIB, -ENOSPC,
		  "03:00.0: BAR 0 (I/O, 32K) does not fit into the I/O ports: fewer functions with "
		  "I/O BARs leave room" },
		{ EC_BAR_IO, 16 * KIB, 0, "" },
		{ EC_BAR_EXPROM, 16 * MIB, 0, "" },
	};

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(rows); i++)
		for (unsigned int t = EC_BYPASSED; t <= EC_FLATTENED; t++) {
			struct ec_machine_function fn = machine_function("03:00.0");

			ec_machine_defaults(EC_MACHINE_PVH, &m.limits);
			fn.topology = t;
			machine_bar(&fn, 0, rows[i].kind, rows[i].size, 0);
			m.diag.text[0] = 0;
			ck_assert_int_eq(ec_machine_build(&m.limits, &fn, 1, &m.plan, &m.diag),
					 rows[i].rc);
			ck_assert_str_eq(m.diag.text, rows[i].text);
		}
}
END_TEST

START_TEST(a_rom_is_called_rom)
{
	struct ec_machine_function fn = machine_function("0001:03:00.0");

	ec_machine_defaults(EC_MACHINE_PVH, &m.limits);
	m.limits.memory = 4 * GIB;
	machine_bar(&fn, EC_BAR_ROM, EC_BAR_EXPROM, 16 * MIB, 0);
	machine_expect_refused(
		&m, &fn, 1,
		"0001:03:00.0: its ROM (ROM, 16M) does not fit below 4 GiB: memory= of at "
		"most 3840 makes room");
}
END_TEST

/* From there on are the ports of the chip set and of the toolstack's tables. */
START_TEST(io_windows_stay_below_a000)
{
	struct ec_machine_function fn[10];

	for (unsigned int kind = 0; kind < EC_MACHINE_KINDS; kind++) {
		ec_machine_defaults(kind, &m.limits);
		for (unsigned int i = 0; i < 10; i++) {
			fn[i] = machine_function("00:00.0");
			fn[i].host.bus = (uint8_t)(i + 1);
			machine_bar(fn + i, 0, EC_BAR_IO, 256, 1);
		}
		machine_expect(&m, fn, 9);
		ck_assert_uint_eq(m.plan.place[8].bar[0], 0x9000);
		machine_expect_refused(
			&m, fn, 10,
			"0a:00.0: BAR 0 (I/O, 256) does not fit into the I/O ports: fewer "
			"functions with I/O BARs leave room");
	}
}
END_TEST

Suite *suite_machine_addresses(void)
{
	Suite *s = suite_create("machine_addresses");
	TCase *t = tcase_create("machine_map");

	tcase_add_test(t, bars_behind_a_root_port_are_packed_into_its_windows);
	tcase_add_test(t, a_64_bit_bar_on_bus_0_is_above_4_gib_in_pvh);
	tcase_add_test(t, windows_are_closed_without_bars_and_2_mib_with_hotplug);
	tcase_add_test(t, small_bars_share_no_page_and_windows_no_mib);
	tcase_add_loop_test(t, the_hole_is_the_smallest_that_gives_room, 0, EC_ARRAY_SIZE(low));
	tcase_add_test(t, a_created_guest_keeps_its_memory_and_hole);
	tcase_add_test(t, hvmloader_moves_the_largest_64_bit_bars_above_4_gib);
	tcase_add_test(t, a_pvh_window_above_4_gib_is_above_ram);
	tcase_add_test(t, impossible_sizes_are_refused);
	tcase_add_test(t, a_rom_is_called_rom);
	tcase_add_test(t, io_windows_stay_below_a000);
	suite_add_tcase(s, t);
	return s;
}
