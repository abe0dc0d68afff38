/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest's machine: where its ECAM window is, and where it cannot be. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "core/pci_bits.h"
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

/* What is asked, and what comes of it. */
static const struct {
	enum ec_machine_kind kind;
	uint64_t memory, at; /* MiB; 0: by default */
	unsigned int buses;  /* asked for */
	uint64_t base;
	unsigned int has;
	const char *text; /* of the refusal */
	uint64_t window;  /* below 4 GiB, where it is another */
	unsigned int memory_max;
} ecam[] = {
	{ EC_MACHINE_PVH, 0, 0, 0, 0xfd000000, 4, NULL, 0xfd400000 },
	{ EC_MACHINE_PVH, 64 * K, 0, 28, 0xfd000000, 28, NULL, 0xfc100000 },
	{ EC_MACHINE_PVH, 0, 0, 8, 0xfd000000, 8, NULL, 0xfd800000 },
	/* the larger part is below it */
	{ EC_MACHINE_PVH, 0, 0, 16, 0xfd000000, 16, NULL, 0xfc100000 },
	{ EC_MACHINE_PVH, 0, 0, 256, 0xe0000000, 256, NULL, 0xfc100000, 3584 },
	{ EC_MACHINE_PVH, 3584, 0, 256, 0xe0000000, 256, NULL, 0xfc100000, 3584 },
	{ EC_MACHINE_PVH, 3585, 0, 256, 0, 0, "e0000000, 256 MiB: the guest has memory there" },
	/* as high as its alignment lets it be: more memory */
	{ EC_MACHINE_PVH, 0, 0, 128, 0xf0000000, 128, NULL, 0xfc100000, 3840 },
	{ EC_MACHINE_PVH, 0, 0, 64, 0xf8000000, 64, NULL, 0xfc100000, 3968 },
	{ EC_MACHINE_PVH, 3968, 0, 33, 0xf8000000, 33, NULL, 0xfc100000, 3968 },
	{ EC_MACHINE_PVH, 3969, 0, 64, 0, 0, "f8000000, 64 MiB: the guest has memory there" },
	{ EC_MACHINE_PVH, 0, 0xc0000000, 64, 0xc0000000, 64, NULL, 0xfc100000, 3072 },
	{ EC_MACHINE_PVH, 4096, 0xfc000000, 1, 0, 0, "these addresses are for the ACPI tables" },
	{ EC_MACHINE_PVH, 0, 0xfe000000, 13, 0, 0, "for the APIC and Xen's own pages" },
	{ EC_MACHINE_PVH, 0, 0xfd080000, 0, 0, 0, "its address is no multiple of 1 MiB" },
	{ EC_MACHINE_PVH, 0, 0xfff0000000000000, 1, 0, 0, "the guest has no such addresses" },
	{ EC_MACHINE_PVH, 0, 0xfff0000000000000, 256, 0, 0, "the guest has no such addresses" },
	{ EC_MACHINE_PVH, 0, T - 128 * M, 256, 0, 0, "the guest has no such addresses" },
	{ EC_MACHINE_PVH, 0, T - 256 * M, 256, T - 256 * M, 256, NULL, 0xfc100000 },
	{ EC_MACHINE_PVH, 8192, 5 * G, 1, 0, 0, "the guest has memory there" },
	{ EC_MACHINE_PVH, 0, 0x4000000000, 256, 0x4000000000, 256, NULL, 0xfc100000 },
	{ EC_MACHINE_HVM, 0, 0, 0, 0xfe800000, 4, NULL },
	{ EC_MACHINE_HVM, 0, 0, 256, T - 256 * M, 256, NULL },
	{ EC_MACHINE_HVM, 0, 0, 100, T - 128 * M, 100, NULL },
	{ EC_MACHINE_HVM, 0, 0xfe000000, 7, 0xfe000000, 7, NULL },
	{ EC_MACHINE_HVM, 0, 0xfe000000, 8, 0, 0, "these addresses are for the guest's own" },
	{ EC_MACHINE_HVM, 0, 0xfd000000, 4, 0, 0, "these addresses are for hvmloader" },
	{ EC_MACHINE_HVM, 1024, 0xe0000000, 64, 0xe0000000, 64, NULL },
	{ EC_MACHINE_HVM, 4096, 0xe0000000, 64, 0, 0, "e0000000: the guest has memory there" },
	{ EC_MACHINE_HVM, 0, 0xf8000000, 4, 0, 0, "f8000000: hvmloader places BARs there, from" },
	{ EC_MACHINE_HVM, 4096, 0x100000000, 4, 0, 0, "the guest has memory there" },
	{ EC_MACHINE_HVM, 4096, 0x120000000, 4, 0x120000000, 4, NULL },
};

START_TEST(ecam_window)
{
	struct ec_machine_function fn = machine_function("0a:00.0");
	int rc;

	machine_bar(&fn, 0, EC_BAR_MEM64, 16 * G, PREF);
	ec_machine_defaults(ecam[_i].kind, &limits);
	if (limits.kind == EC_MACHINE_HVM)
		fn = machine_function("0a:00.0");
	fn.topology = EC_BYPASSED;
	limits.ecam = true;
	limits.memory = ecam[_i].memory * M;
	limits.has_ecam_base = ecam[_i].at;
	limits.ecam_base = ecam[_i].at;
	limits.ecam_buses = (uint16_t)ecam[_i].buses;
	rc = ec_machine_build(&limits, &fn, 1, &plan, &diag);
	if (ecam[_i].text) {
		ck_assert_int_eq(rc, -ENOSPC);
		ck_assert_msg(strstr(diag.text, ecam[_i].text) != NULL, "%s", diag.text);
		ck_assert_msg(strstr(diag.text, "the ECAM window at ") == diag.text, "%s",
			      diag.text);
		return;
	}
	ck_assert_msg(!rc, "%s", diag.text);
	machine_check(&limits, &fn, &plan);
	check_range(plan.ecam, ecam[_i].base, ecam[_i].has * M);
	ck_assert_uint_eq(plan.ecam_buses, ecam[_i].has);
	ck_assert_uint_eq(plan.memory_max, ecam[_i].memory_max);
	if (ecam[_i].window)
		ck_assert_uint_eq(plan.window[EC_WINDOW_MEMORY].base, ecam[_i].window);
}
END_TEST

/* hvmloader places above memory, and knows of no window. */
START_TEST(ecam_above)
{
	struct ec_machine_function fn = machine_function("0a:00.0");

	fn.topology = EC_BYPASSED;
	machine_bar(&fn, 0, EC_BAR_MEM64, 4 * G, PREF);
	ec_machine_defaults(EC_MACHINE_HVM, &limits);
	limits.ecam = limits.has_ecam_base = true;
	limits.ecam_base = 5 * G;
	expect_refused(&fn, 1,
		       "the ECAM window at 140000000: hvmloader places BARs there, from 100000000 "
		       "on");
	limits.ecam_base = 8 * G;
	expect(&fn, 1);
}
END_TEST

START_TEST(buses_fit_ecam)
{
	struct ec_machine_function fn[4] = { machine_function("03:00.0"),
					     machine_function("04:00.0"),
					     machine_function("05:00.0"),
					     machine_function("06:00.0") };

	ec_machine_defaults(EC_MACHINE_PVH, &limits);
	expect(fn, 3);
	ck_assert_uint_eq(plan.ecam_buses, 4);
	expect(fn, 4);
	ck_assert_uint_eq(plan.ecam_buses, 8);
	limits.ecam_buses = 4;
	expect(fn, 3);
	expect_refused(fn, 4,
		       "06:00.0: it would be on bus 04, and the ECAM window has 4: 5 buses hold "
		       "all");
	/* rather fewer than a power of two than a window elsewhere */
	limits.ecam_buses = 0;
	limits.spare = 0x7fff0;
	expect(fn, 4);
	ck_assert_uint_eq(plan.ports, 15);
	ck_assert_uint_eq(plan.ecam_buses, 16);
	limits.spare = 0xffff0;
	expect(fn, 4);
	ck_assert_uint_eq(plan.ecam_buses, 28);
	limits.spare = 0xfffffff0;
	expect(fn, 4);
	ck_assert_uint_eq(plan.ports, 28);
	ck_assert_uint_eq(plan.ecam_buses, 32);
	check_range(plan.ecam, 0xfa000000, 32 * M);
	limits.spare = 0;
	limits.ecam = false;
	expect(fn, 4);
	check_range(plan.ecam, 0, 0);
	ck_assert_uint_eq(plan.ecam_buses, 0);
}
END_TEST

/* A Q35's bridge: MiB of memory, address, buses that are asked for, and what comes of it. */
static const struct {
	uint64_t memory, at;
	unsigned int buses, spare;
	uint64_t base;
	unsigned int has;
	int rc;
	const char *text;
} q35[] = {
	{ 0, 0, 0, 0, 0xf8000000, 64, 0, NULL },
	{ 0, 0, 64, 0, 0xf8000000, 64, 0, NULL },
	{ 0, 0, 128, 0, 0xf0000000, 128, 0, NULL },
	{ 0, 0, 256, 0, 0xe0000000, 256, 0, NULL },
	{ 0, 0, 0, 0xfffffffc, 0xf8000000, 64, 0, NULL },
	{ 0, 0xe4000000, 0, 0, 0xe4000000, 64, 0, NULL },
	{ 2048, 0x80000000, 256, 0, 0x80000000, 256, 0, NULL },
	{ 0, 0, 4, 0, 0, 0, -EINVAL,
	  "the ECAM window of host bridge q35 has 64, 128 or 256 buses, not 4" },
	{ 0, 0xfd000000, 28, 0, 0, 0, -EINVAL,
	  "the ECAM window of host bridge q35 has 64, 128 or 256 buses, not 28" },
	{ 0, 0xe1000000, 0, 0, 0, 0, -EINVAL,
	  "the ECAM window of host bridge q35 is at a multiple of its size, 64 MiB: 0xe1000000 is "
	  "none" },
	{ 0, 0xfd000000, 64, 0, 0, 0, -EINVAL,
	  "the ECAM window of host bridge q35 is at a multiple of its size, 64 MiB: 0xfd000000 is "
	  "none" },
	{ 0, 0x2000000000, 256, 0, 0, 0, -EINVAL,
	  "the ECAM window of host bridge q35 is below 64 GiB: 0x2000000000 is not" },
	{ 0, 0xfc000000, 64, 0, 0, 0, -ENOSPC,
	  "the ECAM window at fc000000, 64 MiB: these addresses are for the ACPI tables" },
	{ 3600, 0, 256, 0, 0, 0, -ENOSPC,
	  "the ECAM window at e0000000, 256 MiB: the guest has memory there" },
	{ 3600, 0, 0, 0, 0xf8000000, 64, 0, NULL },
};

START_TEST(q35_window)
{
	struct ec_machine_function fn = machine_function("0a:00.0");
	struct ec_image img;

	fn.topology = EC_BYPASSED;
	ec_machine_defaults(EC_MACHINE_PVH, &limits);
	ck_assert_int_eq(limits.bridge, EC_BRIDGE_PLAIN);
	limits.bridge = EC_BRIDGE_Q35;
	limits.memory = q35[_i].memory * M;
	limits.has_ecam_base = q35[_i].at;
	limits.ecam_base = q35[_i].at;
	limits.ecam_buses = (uint16_t)q35[_i].buses;
	limits.spare = q35[_i].spare;
	ck_assert_int_eq(ec_machine_build(&limits, &fn, 1, &plan, &diag), q35[_i].rc);
	if (q35[_i].rc) {
		ck_assert_str_eq(diag.text, q35[_i].text);
		return;
	}
	machine_check(&limits, &fn, &plan);
	check_range(plan.ecam, q35[_i].base, q35[_i].has * M);
	/* the register can say so */
	ec_host_bridge_image(EC_BRIDGE_Q35, plan.ecam.base, plan.ecam_buses, &img);
	ck_assert_uint_eq(ec_image_get(&img, EC_PCIEXBAR, 4) & EC_PCIEXBAR_BASE, plan.ecam.base);
}
END_TEST

/* Where a device model is, the host bridge is its own. Without a window there is nothing to check.
 */
START_TEST(whose_bridge)
{
	ec_machine_defaults(EC_MACHINE_HVM, &limits);
	limits.bridge = EC_BRIDGE_Q35;
	ck_assert_int_eq(ec_machine_build(&limits, NULL, 0, &plan, &diag), -EINVAL);
	ck_assert_str_eq(diag.text, "the guest's host bridge is the device model's: none of "
				    "another kind can be");
	ec_machine_defaults(EC_MACHINE_PVH, &limits);
	limits.bridge = EC_BRIDGE_KINDS;
	ck_assert_int_eq(ec_machine_build(&limits, NULL, 0, &plan, &diag), -EINVAL);
	ck_assert_str_eq(diag.text, "there is no such host bridge");
	limits.bridge = EC_BRIDGE_Q35;
	limits.ecam = false;
	limits.ecam_buses = 3;
	ck_assert_int_eq(ec_machine_build(&limits, NULL, 0, &plan, &diag), 0);
	check_range(plan.ecam, 0, 0);
}
END_TEST

Suite *suite_machine_ecam(void)
{
	Suite *s = suite_create("machine_ecam");
	TCase *t = tcase_create("machine_ecam");

	tcase_add_loop_test(t, ecam_window, 0, EC_ARRAY_SIZE(ecam));
	tcase_add_test(t, ecam_above);
	tcase_add_loop_test(t, q35_window, 0, EC_ARRAY_SIZE(q35));
	tcase_add_test(t, whose_bridge);
	tcase_add_test(t, buses_fit_ecam);
	suite_add_tcase(s, t);
	return s;
}
