/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ECAM window of a guest's machine: where it is, and where it is refused. */
#include <errno.h>
#include <pci/header.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "core/pci_bits.h"
#include "machine_check.h"
#include "suites.h"

static struct machine_fixture m;

/* Memory, requested base and buses; then base and buses of the window, or the refusal. */
static const struct {
	enum ec_machine_kind kind;
	uint64_t memory, at; /* MiB; address, 0: the planner chooses */
	unsigned int buses;  /* 0: the planner chooses */
	uint64_t base;
	unsigned int has;
	const char *text; /* in the refusal */
	uint64_t window;  /* base of the host bridge's memory window; 0: not checked */
	unsigned int memory_max;
} ecam[] = {
	{ EC_MACHINE_PVH, 0, 0, 0, 0xfd000000, 4, NULL, 0xfd400000 },
	{ EC_MACHINE_PVH, 64 * KIB, 0, 28, 0xfd000000, 28, NULL, 0xfc100000 },
	{ EC_MACHINE_PVH, 0, 0, 8, 0xfd000000, 8, NULL, 0xfd800000 },
	/* the memory window is the larger part beside ECAM */
	{ EC_MACHINE_PVH, 0, 0, 16, 0xfd000000, 16, NULL, 0xfc100000 },
	{ EC_MACHINE_PVH, 0, 0, 256, 0xe0000000, 256, NULL, 0xfc100000, 3584 },
	{ EC_MACHINE_PVH, 3584, 0, 256, 0xe0000000, 256, NULL, 0xfc100000, 3584 },
	{ EC_MACHINE_PVH, 3585, 0, 256, 0, 0, "e0000000, 256 MiB: the guest has memory there" },
	/* as high as alignment allows, to leave more memory */
	{ EC_MACHINE_PVH, 0, 0, 128, 0xf0000000, 128, NULL, 0xfc100000, 3840 },
	{ EC_MACHINE_PVH, 0, 0, 64, 0xf8000000, 64, NULL, 0xfc100000, 3968 },
	{ EC_MACHINE_PVH, 3968, 0, 33, 0xf8000000, 33, NULL, 0xfc100000, 3968 },
	{ EC_MACHINE_PVH, 3969, 0, 64, 0, 0, "f8000000, 64 MiB: the guest has memory there" },
	{ EC_MACHINE_PVH, 0, 0xc0000000, 64, 0xc0000000, 64, NULL, 0xfc100000, 3072 },
	{ EC_MACHINE_PVH, 4096, 0xfc000000, 1, 0, 0, "these addresses belong to the ACPI tables" },
	{ EC_MACHINE_PVH, 0, 0xfe000000, 13, 0, 0, "belong to the APIC and Xen's own pages" },
	{ EC_MACHINE_PVH, 0, 0xfd080000, 0, 0, 0, "its address is no multiple of 1 MiB" },
	{ EC_MACHINE_PVH, 0, 0xfff0000000000000, 1, 0, 0, "the guest has no such addresses" },
	{ EC_MACHINE_PVH, 0, 0xfff0000000000000, 256, 0, 0, "the guest has no such addresses" },
	{ EC_MACHINE_PVH, 0, TIB - 128 * MIB, 256, 0, 0, "the guest has no such addresses" },
	{ EC_MACHINE_PVH, 0, TIB - 256 * MIB, 256, TIB - 256 * MIB, 256, NULL, 0xfc100000 },
	{ EC_MACHINE_PVH, 8192, 5 * GIB, 1, 0, 0, "the guest has memory there" },
	{ EC_MACHINE_PVH, 0, 0x4000000000, 256, 0x4000000000, 256, NULL, 0xfc100000 },
	{ EC_MACHINE_HVM, 0, 0, 0, 0xfe800000, 4, NULL },
	{ EC_MACHINE_HVM, 0, 0, 256, TIB - 256 * MIB, 256, NULL },
	{ EC_MACHINE_HVM, 0, 0, 100, TIB - 128 * MIB, 100, NULL },
	{ EC_MACHINE_HVM, 0, 0xfe000000, 7, 0xfe000000, 7, NULL },
	{ EC_MACHINE_HVM, 0, 0xfe000000, 8, 0, 0, "these addresses belong to the guest's own" },
	{ EC_MACHINE_HVM, 0, 0xfd000000, 4, 0, 0, "these addresses belong to hvmloader" },
	{ EC_MACHINE_HVM, 1024, 0xe0000000, 64, 0xe0000000, 64, NULL },
	{ EC_MACHINE_HVM, 4096, 0xe0000000, 64, 0, 0, "e0000000: the guest has memory there" },
	{ EC_MACHINE_HVM, 0, 0xf8000000, 4, 0, 0, "f8000000: hvmloader places BARs there, from" },
	{ EC_MACHINE_HVM, 4096, 0x100000000, 4, 0, 0, "the guest has memory there" },
	{ EC_MACHINE_HVM, 4096, 0x120000000, 4, 0x120000000, 4, NULL },
};

START_TEST(the_window_is_placed_or_refused)
{
	struct ec_machine_function fn = machine_function("0a:00.0");
	int rc;

	machine_bar(&fn, 0, EC_BAR_MEM64, 16 * GIB, PCI_BASE_ADDRESS_MEM_PREFETCH);
	ec_machine_defaults(ecam[_i].kind, &m.limits);
	if (m.limits.kind == EC_MACHINE_HVM)
		fn = machine_function("0a:00.0");
	fn.topology = EC_BYPASSED;
	m.limits.ecam = true;
	m.limits.memory = ecam[_i].memory * MIB;
	m.limits.has_ecam_base = ecam[_i].at;
	m.limits.ecam_base = ecam[_i].at;
	m.limits.ecam_buses = (uint16_t)ecam[_i].buses;
	rc = ec_machine_build(&m.limits, &fn, 1, &m.plan, &m.diag);
	if (ecam[_i].text) {
		ck_assert_int_eq(rc, -ENOSPC);
		ck_assert_msg(strstr(m.diag.text, ecam[_i].text) != NULL, "%s", m.diag.text);
		ck_assert_msg(strstr(m.diag.text, "the ECAM window at ") == m.diag.text, "%s",
			      m.diag.text);
		return;
	}
	ck_assert_msg(!rc, "%s", m.diag.text);
	machine_check(&m.limits, &fn, &m.plan);
	machine_check_range(m.plan.ecam, ecam[_i].base, ecam[_i].has * MIB);
	ck_assert_uint_eq(m.plan.ecam_buses, ecam[_i].has);
	ck_assert_uint_eq(m.plan.memory_max, ecam[_i].memory_max);
	if (ecam[_i].window)
		ck_assert_uint_eq(m.plan.window[EC_WINDOW_MEMORY].base, ecam[_i].window);
}
END_TEST

/* hvmloader places BARs above RAM and does not know of ECAM. */
START_TEST(the_window_must_not_be_where_hvmloader_places_bars)
{
	struct ec_machine_function fn = machine_function("0a:00.0");

	fn.topology = EC_BYPASSED;
	machine_bar(&fn, 0, EC_BAR_MEM64, 4 * GIB, PCI_BASE_ADDRESS_MEM_PREFETCH);
	ec_machine_defaults(EC_MACHINE_HVM, &m.limits);
	m.limits.ecam = m.limits.has_ecam_base = true;
	m.limits.ecam_base = 5 * GIB;
	machine_expect_refused(
		&m, &fn, 1,
		"the ECAM window at 140000000: hvmloader places BARs there, from 100000000 "
		"on");
	m.limits.ecam_base = 8 * GIB;
	machine_expect(&m, &fn, 1);
}
END_TEST

START_TEST(the_window_holds_all_buses)
{
	struct ec_machine_function fn[4] = { machine_function("03:00.0"),
					     machine_function("04:00.0"),
					     machine_function("05:00.0"),
					     machine_function("06:00.0") };

	ec_machine_defaults(EC_MACHINE_PVH, &m.limits);
	machine_expect(&m, fn, 3);
	ck_assert_uint_eq(m.plan.ecam_buses, 4);
	machine_expect(&m, fn, 4);
	ck_assert_uint_eq(m.plan.ecam_buses, 8);
	m.limits.ecam_buses = 4;
	machine_expect(&m, fn, 3);
	machine_expect_refused(
		&m, fn, 4,
		"06:00.0: it would be on bus 04, and the ECAM window has 4: 5 buses hold "
		"all");
	/* 28 buses fit between tables and APICs: better than a power of two elsewhere */
	m.limits.ecam_buses = 0;
	m.limits.spare = 0x7fff0;
	machine_expect(&m, fn, 4);
	ck_assert_uint_eq(m.plan.ports, 15);
	ck_assert_uint_eq(m.plan.ecam_buses, 16);
	m.limits.spare = 0xffff0;
	machine_expect(&m, fn, 4);
	ck_assert_uint_eq(m.plan.ecam_buses, 28);
	m.limits.spare = 0xfffffff0;
	machine_expect(&m, fn, 4);
	ck_assert_uint_eq(m.plan.ports, 28);
	ck_assert_uint_eq(m.plan.ecam_buses, 32);
	machine_check_range(m.plan.ecam, 0xfa000000, 32 * MIB);
	m.limits.spare = 0;
	m.limits.ecam = false;
	machine_expect(&m, fn, 4);
	machine_check_range(m.plan.ecam, 0, 0);
	ck_assert_uint_eq(m.plan.ecam_buses, 0);
}
END_TEST

/* The same with a Q35's bridge. */
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
	  "the ECAM window of host bridge q35 must have 64, 128 or 256 buses, not 4" },
	{ 0, 0xfd000000, 28, 0, 0, 0, -EINVAL,
	  "the ECAM window of host bridge q35 must have 64, 128 or 256 buses, not 28" },
	{ 0, 0xe1000000, 0, 0, 0, 0, -EINVAL,
	  "the ECAM window of host bridge q35 must be at a multiple of its size, 64 MiB, not "
	  "at 0xe1000000" },
	{ 0, 0xfd000000, 64, 0, 0, 0, -EINVAL,
	  "the ECAM window of host bridge q35 must be at a multiple of its size, 64 MiB, not "
	  "at 0xfd000000" },
	{ 0, 0x2000000000, 256, 0, 0, 0, -EINVAL,
	  "the ECAM window of host bridge q35 must be below 64 GiB, not at 0x2000000000" },
	{ 0, 0xfc000000, 64, 0, 0, 0, -ENOSPC,
	  "the ECAM window at fc000000, 64 MiB: these addresses belong to the ACPI tables" },
	{ 3600, 0, 256, 0, 0, 0, -ENOSPC,
	  "the ECAM window at e0000000, 256 MiB: the guest has memory there" },
	{ 3600, 0, 0, 0, 0xf8000000, 64, 0, NULL },
};

START_TEST(a_q35_window_fits_pciexbar)
{
	struct ec_machine_function fn = machine_function("0a:00.0");
	struct ec_image img;

	fn.topology = EC_BYPASSED;
	ec_machine_defaults(EC_MACHINE_PVH, &m.limits);
	ck_assert_int_eq(m.limits.bridge, EC_BRIDGE_PLAIN);
	m.limits.bridge = EC_BRIDGE_Q35;
	m.limits.memory = q35[_i].memory * MIB;
	m.limits.has_ecam_base = q35[_i].at;
	m.limits.ecam_base = q35[_i].at;
	m.limits.ecam_buses = (uint16_t)q35[_i].buses;
	m.limits.spare = q35[_i].spare;
	ck_assert_int_eq(ec_machine_build(&m.limits, &fn, 1, &m.plan, &m.diag), q35[_i].rc);
	if (q35[_i].rc) {
		ck_assert_str_eq(m.diag.text, q35[_i].text);
		return;
	}
	machine_check(&m.limits, &fn, &m.plan);
	machine_check_range(m.plan.ecam, q35[_i].base, q35[_i].has * MIB);
	/* PCIEXBAR can express it */
	ec_host_bridge_image(EC_BRIDGE_Q35, m.plan.ecam.base, m.plan.ecam_buses, &img);
	ck_assert_uint_eq(ec_image_get(&img, EC_PCIEXBAR, 4) & EC_PCIEXBAR_BASE, m.plan.ecam.base);
}
END_TEST

/* Without an ECAM window the number of buses is not checked. */
START_TEST(only_pvh_has_a_bridge_of_another_kind)
{
	ec_machine_defaults(EC_MACHINE_HVM, &m.limits);
	m.limits.bridge = EC_BRIDGE_Q35;
	ck_assert_int_eq(ec_machine_build(&m.limits, NULL, 0, &m.plan, &m.diag), -EINVAL);
	ck_assert_str_eq(m.diag.text, "the device model has the guest's host bridge: another "
				      "kind is not possible");
	ec_machine_defaults(EC_MACHINE_PVH, &m.limits);
	m.limits.bridge = EC_BRIDGE_KINDS;
	ck_assert_int_eq(ec_machine_build(&m.limits, NULL, 0, &m.plan, &m.diag), -EINVAL);
	ck_assert_str_eq(m.diag.text, "there is no such host bridge");
	m.limits.bridge = EC_BRIDGE_Q35;
	m.limits.ecam = false;
	m.limits.ecam_buses = 3;
	ck_assert_int_eq(ec_machine_build(&m.limits, NULL, 0, &m.plan, &m.diag), 0);
	machine_check_range(m.plan.ecam, 0, 0);
}
END_TEST

Suite *suite_machine_ecam_window(void)
{
	Suite *s = suite_create("machine_ecam_window");
	TCase *t = tcase_create("machine_ecam");

	tcase_add_loop_test(t, the_window_is_placed_or_refused, 0, EC_ARRAY_SIZE(ecam));
	tcase_add_test(t, the_window_must_not_be_where_hvmloader_places_bars);
	tcase_add_loop_test(t, a_q35_window_fits_pciexbar, 0, EC_ARRAY_SIZE(q35));
	tcase_add_test(t, only_pvh_has_a_bridge_of_another_kind);
	tcase_add_test(t, the_window_holds_all_buses);
	suite_add_tcase(s, t);
	return s;
}
