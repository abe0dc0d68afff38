/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest's machine: where BARs and windows are, and what the toolstack must leave. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "machine_check.h"
#include "suites.h"

#define K 0x400ull
#define M 0x100000ull
#define G 0x40000000ull
#define T 0x10000000000ull
#define PREF 8

static struct ec_machine_plan plan;
static struct ec_machine_limits limits;
static struct ec_diag diag;

static void expect(struct ec_machine_function *fn, unsigned int n)
{
	ck_assert_msg(!ec_machine_build(&limits, fn, n, &plan, &diag), "%s", diag.text);
	machine_check(&limits, fn, &plan);
}

static void expect_refused(struct ec_machine_function *fn, unsigned int n, const char *text)
{
	ck_assert_int_eq(ec_machine_build(&limits, fn, n, &plan, &diag), -ENOSPC);
	ck_assert_str_eq(diag.text, text);
}

static void check_range(struct ec_machine_range r, uint64_t base, uint64_t size)
{
	ck_assert_uint_eq(r.base, base);
	ck_assert_uint_eq(r.size, size);
}

/* A card with a BAR of each kind. */
static struct ec_machine_function card(const char *host, enum ec_topology topology)
{
	struct ec_machine_function fn = machine_function(host);

	fn.topology = topology;
	machine_bar(&fn, 0, EC_BAR_MEM32, 16 * K, 0);
	machine_bar(&fn, 1, EC_BAR_MEM64, 64 * M, PREF);
	machine_bar(&fn, 3, EC_BAR_IO, 32, 1);
	machine_bar(&fn, 4, EC_BAR_MEM64, 2 * M, 0);
	machine_bar(&fn, EC_BAR_ROM, EC_BAR_EXPROM, 512 * K, 0);
	return fn;
}

START_TEST(behind_a_port)
{
	struct ec_machine_function fn = card("03:00.0", EC_FLATTENED);
	const uint64_t *bar = plan.place[0].bar;

	ec_machine_defaults(EC_MACHINE_PVH, &limits);
	expect(&fn, 1);
	/* largest first; 1 MiB windows, aligned to what they hold */
	check_range(plan.port[0].window[EC_WINDOW_MEMORY], 0xfd400000, 3 * M);
	ck_assert_uint_eq(bar[4], 0xfd400000);
	ck_assert_uint_eq(bar[EC_BAR_ROM], 0xfd600000);
	ck_assert_uint_eq(bar[0], 0xfd680000);
	check_range(plan.port[0].window[EC_WINDOW_PREFETCH], 0x4000000000, 64 * M);
	ck_assert_uint_eq(bar[1], 0x4000000000);
	ck_assert_uint_eq(bar[2], 0);
	check_range(plan.port[0].window[EC_WINDOW_IO], 0x1000, 0x1000);
	ck_assert_uint_eq(bar[3], 0x1000);
	/* what the kernel is told of: behind ECAM, and 64 GiB */
	check_range(plan.window[EC_WINDOW_MEMORY], 0xfd400000, 24 * M);
	check_range(plan.window[EC_WINDOW_PREFETCH], 0x4000000000, 64 * G);
	check_range(plan.window[EC_WINDOW_IO], 0x1000, 0x9000);
	check_range(plan.ecam, 0xfd000000, 4 * M);
	ck_assert_uint_eq(plan.memory_max, 0);

	/* beside a device model nothing behind a port is above 4 GiB */
	ec_machine_defaults(EC_MACHINE_HVM, &limits);
	expect(&fn, 1);
	check_range(plan.port[0].window[EC_WINDOW_PREFETCH], 0xf4000000, 64 * M);
	check_range(plan.port[0].window[EC_WINDOW_MEMORY], 0xf8000000, 3 * M);
	check_range(plan.port[0].window[EC_WINDOW_IO], 0x1000, 0x1000);
	check_range(plan.window[EC_WINDOW_MEMORY], 0xf0000000, 192 * M);
	check_range(plan.window[EC_WINDOW_PREFETCH], 0, 0);
	ck_assert_uint_eq(plan.hole, 256);
}
END_TEST

START_TEST(on_bus_0)
{
	struct ec_machine_function fn = card("03:00.0", EC_BYPASSED);
	const uint64_t *bar = plan.place[0].bar;

	ec_machine_defaults(EC_MACHINE_PVH, &limits);
	expect(&fn, 1);
	/* no bridge in the way: 64-bit ones are above 4 GiB, prefetchable or not */
	ck_assert_uint_eq(bar[1], 0x4000000000);
	ck_assert_uint_eq(bar[4], 0x4004000000);
	ck_assert_uint_eq(bar[EC_BAR_ROM], 0xfd400000);
	ck_assert_uint_eq(bar[0], 0xfd480000);
	ck_assert_uint_eq(bar[3], 0x1000);

	/* of 32 address bits nothing is above */
	limits.address_bits = 32;
	limits.memory = 1024 * M;
	expect(&fn, 1);
	ck_assert_uint_eq(bar[1], 0xf0000000);
	ck_assert_uint_eq(bar[4], 0xf4000000);
	check_range(plan.window[EC_WINDOW_PREFETCH], 0, 0);
	ck_assert_uint_eq(plan.memory_max, 0xf00);

	ec_machine_defaults(EC_MACHINE_HVM, &limits);
	expect(&fn, 1);
	ck_assert_uint_eq(bar[1], 0xf4000000);
	ck_assert_uint_eq(bar[4], 0xf8000000);
	/* behind the device model's */
	ck_assert_uint_eq(bar[3], 0xc400);
}
END_TEST

START_TEST(ports_are_closed)
{
	struct ec_machine_function fn = machine_function("03:00.0");

	ec_machine_defaults(EC_MACHINE_PVH, &limits);
	expect(&fn, 1);
	for (unsigned int w = 0; w < EC_WINDOWS; w++)
		ck_assert_uint_eq(plan.port[0].window[w].size, 0);
	/* with hot-plug there is room for what may come, no less for what is there */
	limits.hotplug = true;
	limits.spare = 4;
	machine_bar(&fn, 0, EC_BAR_MEM32, 8 * M, 0);
	expect(&fn, 1);
	ck_assert_uint_eq(plan.port[0].slot, 2);
	ck_assert_uint_eq(plan.ports, 1);
	check_range(plan.port[0].window[EC_WINDOW_IO], 0, 0);
	check_range(plan.port[0].window[EC_WINDOW_MEMORY], 0xfd800000, 8 * M);
	check_range(plan.port[0].window[EC_WINDOW_PREFETCH], 0x4000000000, 2 * M);
	limits.spare = 6;
	expect(&fn, 1);
	ck_assert_uint_eq(plan.place[0].slot, 1);
	ck_assert_uint_eq(plan.port[1].functions, 0);
	check_range(plan.port[1].window[EC_WINDOW_MEMORY], 0xfd400000, 2 * M);
}
END_TEST

/* A small BAR shares no page with another, and a small window no MiB. */
START_TEST(granularity)
{
	struct ec_machine_function fn[2] = { machine_function("03:00.0"),
					     machine_function("04:00.0") };

	ec_machine_defaults(EC_MACHINE_PVH, &limits);
	for (unsigned int i = 0; i < 2; i++) {
		machine_bar(fn + i, 0, EC_BAR_MEM32, 16, 0);
		machine_bar(fn + i, 1, EC_BAR_EXPROM, 2 * K, 0);
		machine_bar(fn + i, 2, EC_BAR_IO, 4, 1);
		machine_bar(fn + i, 3, EC_BAR_IO, 8, 1);
	}
	expect(fn, 2);
	ck_assert_uint_eq(plan.place[0].bar[0], 0xfd400000);
	ck_assert_uint_eq(plan.place[0].bar[1], 0xfd401000);
	ck_assert_uint_eq(plan.place[0].bar[3], 0x1000);
	ck_assert_uint_eq(plan.place[0].bar[2], 0x1008);
	ck_assert_uint_eq(plan.place[1].bar[0], 0xfd500000);
	ck_assert_uint_eq(plan.place[1].bar[3], 0x2000);
}
END_TEST

/* 32-bit BARs of @size below 4 GiB, on bus 0: what hole or memory they need. 0: refused. */
static const struct {
	unsigned int n;
	uint64_t size;
	unsigned int hole, memory_max;
	uint64_t hvm_at, pvh_at;
} low[] = {
	{ 1, 16 * M, 256, 3840, 0xf4000000, 0xf0000000 },
	{ 1, 8 * M, 256, 0, 0xf4000000, 0xfd800000 },
	{ 2, 64 * M, 256, 3840, 0xf4000000, 0xf0000000 },
	{ 3, 64 * M, 512, 3840, 0xe4000000, 0xf0000000 },
	{ 1, 256 * M, 512, 3584, 0xe0000000, 0xe0000000 },
	{ 2, 256 * M, 1024, 3072, 0xc0000000, 0xc0000000 },
	{ 3, 256 * M, 1024, 3072, 0xc0000000, 0xc0000000 },
	{ 4, 256 * M, 2048, 2048, 0x80000000, 0x80000000 },
	{ 1, 1 * G, 2048, 2048, 0x80000000, 0x80000000 },
	{ 2, 1 * G, 3072, 1024, 0x40000000, 0x40000000 },
	/* aligned to 2 GiB it would be over the APICs */
	{ 1, 2 * G, 0, 0, 0, 0 },
	{ 3, 1 * G, 0, 0, 0, 0 },
};

START_TEST(hole)
{
	struct ec_machine_function fn = machine_function("03:00.0");

	fn.topology = EC_BYPASSED;
	for (unsigned int i = 0; i < low[_i].n; i++)
		machine_bar(&fn, i, EC_BAR_MEM32, low[_i].size, 0);
	for (unsigned int kind = 0; kind < EC_MACHINE_KINDS; kind++) {
		bool hvm = kind == EC_MACHINE_HVM;

		ec_machine_defaults(kind, &limits);
		if (!low[_i].hole) {
			expect_refused(&fn, 1,
				       low[_i].n == 1
					       ? "03:00.0: BAR 0 (32-bit, 2G) does not fit below 4 "
						 "GiB: fewer functions leave room"
					       : "03:00.0: BAR 2 (32-bit, 1G) does not fit below 4 "
						 "GiB: fewer functions leave room");
			continue;
		}
		expect(&fn, 1);
		ck_assert_uint_eq(plan.place[0].bar[0], hvm ? low[_i].hvm_at : low[_i].pvh_at);
		ck_assert_uint_eq(plan.hole, hvm ? low[_i].hole : 0);
		ck_assert_uint_eq(plan.memory_max, hvm ? 0 : low[_i].memory_max);
	}
}
END_TEST

/* A guest that is made already: what it has does not grow. */
START_TEST(made_already)
{
	struct ec_machine_function fn = machine_function("0a:00.0");

	machine_bar(&fn, 0, EC_BAR_MEM32, 16 * M, 0);
	machine_bar(&fn, 1, EC_BAR_MEM64, 256 * M, PREF);
	ec_machine_defaults(EC_MACHINE_PVH, &limits);
	limits.memory = 3840 * M;
	expect(&fn, 1);
	limits.memory++;
	expect_refused(&fn, 1,
		       "0a:00.0: BAR 0 (32-bit, 16M) does not fit below 4 GiB: memory= of at most "
		       "3840 makes room");
	/* memory that is all above makes no difference: it is below first */
	limits.memory = 64 * G;
	expect_refused(&fn, 1,
		       "0a:00.0: BAR 0 (32-bit, 16M) does not fit below 4 GiB: memory= of at most "
		       "3840 makes room");

	ec_machine_defaults(EC_MACHINE_HVM, &limits);
	limits.memory = 8 * G;
	limits.hole = 256;
	expect_refused(&fn, 1,
		       "0a:00.0: BAR 1 (64-bit, 256M) does not fit below 4 GiB: mmio_hole=512 "
		       "makes room");
	limits.hole = 600;
	expect(&fn, 1);
	ck_assert_uint_eq(plan.hole, 600);
	check_range(plan.window[EC_WINDOW_MEMORY], 0xda800000, 536 * M);
	ck_assert_uint_eq(plan.place[0].bar[1], 0xe0000000);
	limits.hole = 0;
	expect(&fn, 1);
	ck_assert_uint_eq(plan.hole, 512);
	/* more than there can be below, and behind a port it cannot be above */
	machine_bar(&fn, 1, EC_BAR_MEM64, 4 * G, PREF);
	expect_refused(&fn, 1,
		       "0a:00.0: BAR 1 (64-bit, 4G) does not fit below 4 GiB: bypassed it may be "
		       "above 4 GiB");
	machine_bar(&fn, 1, EC_BAR_MEM64, 4 * G, 0);
	ec_machine_defaults(EC_MACHINE_PVH, &limits);
	expect_refused(&fn, 1,
		       "0a:00.0: BAR 1 (64-bit, 4G) does not fit below 4 GiB: bypassed it may be "
		       "above 4 GiB");
	fn.topology = EC_BYPASSED;
	expect(&fn, 1);
}
END_TEST

/* hvmloader moves the largest 64-bit BARs of bus 0 above 4 GiB, until the rest fits. */
START_TEST(hvmloader_relocates)
{
	struct ec_machine_function fn = machine_function("0a:00.0");
	const uint64_t *bar = plan.place[0].bar;

	fn.topology = EC_BYPASSED;
	machine_bar(&fn, 0, EC_BAR_MEM64, 32 * M, PREF);
	machine_bar(&fn, 2, EC_BAR_MEM64, 16 * G, PREF);
	machine_bar(&fn, 4, EC_BAR_MEM64, 256 * M, 0);
	ec_machine_defaults(EC_MACHINE_HVM, &limits);
	limits.memory = 8 * G;
	expect(&fn, 1);
	ck_assert_uint_eq(plan.hole, 256);
	/* RAM ends at 8 GiB and the 256 MiB of the hole */
	ck_assert_uint_eq(bar[2], 16 * G);
	ck_assert_uint_eq(bar[4], 32 * G);
	ck_assert_uint_eq(bar[0], 0xf4000000);
	check_range(plan.window[EC_WINDOW_PREFETCH], 16 * G, 32 * G);
	limits.address_bits = 34;
	expect_refused(&fn, 1,
		       "0a:00.0: BAR 2 (64-bit, 16G) does not fit into the guest's addresses: they "
		       "have 34 bits");
	limits.address_bits = 35;
	limits.memory = 40 * G;
	expect_refused(&fn, 1,
		       "0a:00.0: BAR 2 (64-bit, 16G) does not fit above 4 GiB: the guest's "
		       "addresses have 35 bits");
}
END_TEST

/* 64-bit addresses of PVH guests: above what memory there is. */
START_TEST(high_space)
{
	static const struct {
		uint64_t memory;
		uint8_t bits;
		uint64_t at, size;
	} rows[] = {
		{ 0, 40, 0x4000000000, 64 * G },  { 256 * M, 40, 0x4000000000, 64 * G },
		{ 256 * G, 40, 257 * G, 64 * G }, { 256 * M, 39, 0x4000000000, 64 * G },
		{ 256 * M, 38, 4 * G, 64 * G },   { 256 * M, 36, 4 * G, 60 * G },
		{ 8 * G, 36, 9 * G, 55 * G },     { 0, 60, 0x4000000000, 64 * G },
	};
	struct ec_machine_function fn = machine_function("0a:00.0");

	machine_bar(&fn, 0, EC_BAR_MEM64, 256 * M, PREF);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(rows); i++) {
		ec_machine_defaults(EC_MACHINE_PVH, &limits);
		limits.memory = rows[i].memory;
		limits.address_bits = rows[i].bits;
		expect(&fn, 1);
		ck_assert_uint_eq(plan.place[0].bar[0], rows[i].at);
		check_range(plan.window[EC_WINDOW_PREFETCH], rows[i].at, rows[i].size);
	}
	ec_machine_defaults(EC_MACHINE_PVH, &limits);
	limits.memory = 1023 * G;
	machine_bar(&fn, 0, EC_BAR_MEM64, 2 * G, PREF);
	expect_refused(
		&fn, 1,
		"0a:00.0: BAR 0 (64-bit, 2G) does not fit above 4 GiB: the guest's addresses "
		"have 40 bits");
	limits.memory = 0;
	machine_bar(&fn, 0, EC_BAR_MEM64, T / 2, PREF);
	expect(&fn, 1);
	check_range(plan.window[EC_WINDOW_PREFETCH], 0x4000000000, 768 * G);
}
END_TEST

/* Sizes that no device has. */
START_TEST(broken_devices)
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
		{ EC_BAR_MEM64, T, -ENOSPC,
		  "03:00.0: BAR 0 (64-bit, 1T) does not fit into the guest's addresses: they have "
		  "40 bits" },
		{ EC_BAR_MEM64, T / 2 + 1, -EINVAL,
		  "03:00.0: the size of BAR 0 is no power of two" },
		{ EC_BAR_MEM32, 0, -EINVAL, "03:00.0: the size of BAR 0 is no power of two" },
		{ 77, 16, -EINVAL, "03:00.0: the size of BAR 0 is no power of two" },
		{ EC_BAR_IO, 1ull << 31, -ENOSPC,
		  "03:00.0: BAR 0 (I/O, 2G) does not fit into the I/O ports: there are 64K" },
		{ EC_BAR_IO, 32 * K, -ENOSPC,
		  "03:00.0: BAR 0 (I/O, 32K) does not fit into the I/O ports: fewer functions with "
		  "I/O BARs leave room" },
		{ EC_BAR_IO, 16 * K, 0, "" },
		{ EC_BAR_EXPROM, 16 * M, 0, "" },
	};

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(rows); i++)
		for (unsigned int t = EC_BYPASSED; t <= EC_FLATTENED; t++) {
			struct ec_machine_function fn = machine_function("03:00.0");

			ec_machine_defaults(EC_MACHINE_PVH, &limits);
			fn.topology = t;
			machine_bar(&fn, 0, rows[i].kind, rows[i].size, 0);
			diag.text[0] = 0;
			ck_assert_int_eq(ec_machine_build(&limits, &fn, 1, &plan, &diag),
					 rows[i].rc);
			ck_assert_str_eq(diag.text, rows[i].text);
		}
}
END_TEST

/* A ROM is named as what it is. */
START_TEST(names)
{
	struct ec_machine_function fn = machine_function("0001:03:00.0");

	ec_machine_defaults(EC_MACHINE_PVH, &limits);
	limits.memory = 4 * G;
	machine_bar(&fn, EC_BAR_ROM, EC_BAR_EXPROM, 16 * M, 0);
	expect_refused(&fn, 1,
		       "0001:03:00.0: its ROM (ROM, 16M) does not fit below 4 GiB: memory= of at "
		       "most 3840 makes room");
}
END_TEST

/* I/O windows are few: what the chip sets of both kinds answer is left out. */
START_TEST(io_runs_out)
{
	struct ec_machine_function fn[10];

	for (unsigned int kind = 0; kind < EC_MACHINE_KINDS; kind++) {
		ec_machine_defaults(kind, &limits);
		for (unsigned int i = 0; i < 10; i++) {
			fn[i] = machine_function("00:00.0");
			fn[i].host.bus = (uint8_t)(i + 1);
			machine_bar(fn + i, 0, EC_BAR_IO, 256, 1);
		}
		expect(fn, 9);
		ck_assert_uint_eq(plan.place[8].bar[0], 0x9000);
		expect_refused(fn, 10,
			       "0a:00.0: BAR 0 (I/O, 256) does not fit into the I/O ports: fewer "
			       "functions with I/O BARs leave room");
	}
}
END_TEST

Suite *suite_machine_map(void)
{
	Suite *s = suite_create("machine_map");
	TCase *t = tcase_create("machine_map");

	tcase_add_test(t, behind_a_port);
	tcase_add_test(t, on_bus_0);
	tcase_add_test(t, ports_are_closed);
	tcase_add_test(t, granularity);
	tcase_add_loop_test(t, hole, 0, EC_ARRAY_SIZE(low));
	tcase_add_test(t, made_already);
	tcase_add_test(t, hvmloader_relocates);
	tcase_add_test(t, high_space);
	tcase_add_test(t, broken_devices);
	tcase_add_test(t, names);
	tcase_add_test(t, io_runs_out);
	suite_add_tcase(s, t);
	return s;
}
