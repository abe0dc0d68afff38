/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables put into a guest that is not as the toolstack leaves it, be it on purpose. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "pvh.h"
#include "suites.h"

static struct pvh g;
static struct ec_acpi_memory memory;
static struct ec_acpi_insertion in;
static struct ec_acpi_machine m;
static struct ec_diag diag;

static void setup(void)
{
	pvh_setup(&g);
	memory = pvh_memory(&g);
	m = ec_acpi_default(EC_ACPI_PVH, 0xfd000000, 4, true);
	m.mem32 = (struct ec_acpi_window){ 0xfe000000, 0xfebfffff };
	m.mem64 = (struct ec_acpi_window){ 0x4000000000, 0x4fffffffff };
}

static int plan(void)
{
	return ec_acpi_pvh_plan(&m, PVH_START, &memory, &in, &diag);
}

static void insert(void)
{
	int rc = plan();

	ck_assert_msg(rc == 0, "%s", diag.text);
	ck_assert_int_eq(ec_acpi_pvh_write(&in, &memory, &diag), 0);
}

/* One number changed, with the checksums right or as they were, and why that is refused. */
static const struct {
	uint64_t gpa;
	unsigned int len;
	uint64_t value;
	bool sealed;
	const char *why;
} wrong[] = {
	{ PVH_START, 4, 0x336ec579, true, "no start information" },
	{ PVH_START + 4, 4, 0, true, "version 0, not 1" },
	{ PVH_START + 4, 4, 2, true, "version 2, not 1" },
	{ PVH_START + 32, 8, 0, true, "not at the start of a page below 4 GiB" },
	{ PVH_START + 32, 8, 0xfffc0, true, "not at the start of a page below 4 GiB" },
	{ PVH_START + 32, 8, PVH_RSDP + 0x40, true, "not at the start of a page below 4 GiB" },
	{ PVH_START + 32, 8, 0x1fc008000, true, "not at the start of a page below 4 GiB" },
	{ PVH_START + 32, 8, PVH_RSDP - 0x1000, true, "no RSDP in the guest" },
	{ PVH_START + 32, 8, PVH_START, true, "no RSDP in the guest" },
	{ PVH_START + 40, 8, 0, true, "memory map of 5 entries at 0" },
	{ PVH_START + 40, 8, UINT64_MAX - 8, true, "memory map of 5 entries" },
	{ PVH_START + 40, 8, PVH_RSDP + 0x100, true, "memory map is in the page" },
	{ PVH_START + 40, 8, PVH_RSDP - 8, true, "memory map is in the page" },
	{ PVH_START + 48, 4, 0, true, "memory map of 0 entries" },
	{ PVH_START + 48, 4, 129, true, "memory map of 129 entries" },
	{ PVH_START + 48, 4, 0xffffffff, true, "memory map of 4294967295 entries" },
	{ PVH_START + 48, 4, 2, true, "no entry for the RSDP" },
	{ PVH_MAP, 8, PVH_RSDP + 0xfff, true, "of type 1 at the RSDP" },
	{ PVH_MAP + 8, 8, PVH_RSDP + 1, true, "of type 1 at the RSDP" },
	{ PVH_MAP + 24 + 8, 8, UINT64_MAX, true, "an entry with no end" },
	{ PVH_MAP_RSDP, 8, PVH_RSDP + 8, true, "of type 3 at the RSDP" },
	{ PVH_MAP_RSDP + 8, 8, 0x1001, true, "of type 3 at the RSDP" },
	{ PVH_MAP_RSDP + 8, 8, 35, true, "of type 3 at the RSDP" },
	{ PVH_MAP_RSDP + 8, 8, 0, true, "no entry for the RSDP" },
	{ PVH_MAP_RSDP + 16, 4, 1, true, "of type 1 at the RSDP" },
	{ PVH_MAP + 3 * 24, 8, PVH_RSDP, true, "of type 3 at the RSDP" },
	{ PVH_RSDP, 1, 0x53, true, "no RSDP in the guest" },
	{ PVH_RSDP + 8, 1, 0x53, false, "wrong checksum" },
	{ PVH_RSDP + 32, 1, 0x53, false, "wrong checksum" },
	{ PVH_RSDP + 15, 1, 0, true, "revision 0 and length 36" },
	{ PVH_RSDP + 20, 4, 0xffffffff, true, "length 4294967295" },
	{ PVH_RSDP + 64, 1, 1, true, "is not empty: 01 at 0xfc008040" },
	{ PVH_RSDP + 0x7ff, 1, 2, true, "is not empty: 02 at 0xfc0087ff" },
	{ PVH_RSDP + 0xfff, 1, 3, true, "is not empty: 03 at 0xfc008fff" },
	{ PVH_ROOM, 4, 0x54445358, true, "is not empty: 58 at 0xfc008800" },
	{ PVH_RSDP + 24, 8, 0, true, "no XSDT in the guest at 0" },
	{ PVH_RSDP + 24, 8, PVH_MADT, true, "no XSDT in the guest" },
	{ PVH_RSDP + 24, 8, 0x1fc007f50, true, "XSDT is at 0x1fc007f50" },
	{ PVH_RSDP + 16, 4, PVH_XSDT, true, "no RSDT in the guest" },
	{ PVH_XSDT + 4, 4, 35, true, "XSDT at 0xfc007f50 has a length of 35" },
	{ PVH_XSDT + 4, 4, 0xffffffff, true, "has a length of 4294967295" },
	{ PVH_XSDT + 4, 4, 36 + 33 * 8, true, "reaches into the page" },
	{ PVH_XSDT + 4, 4, 37, true, "XSDT has a length of 37" },
	{ PVH_XSDT + 4, 4, 36, true, "XSDT has 0 FADTs and 0 MADTs" },
	{ PVH_XSDT + 4, 4, 44, true, "XSDT has 1 FADTs and 0 MADTs" },
	{ PVH_XSDT + 40, 4, 1, true, "table is at 0x1fc007d60" },
	{ PVH_XSDT + 9, 1, 0x53, false, "XSDT has a wrong checksum" },
	{ PVH_XSDT + 44, 8, PVH_FADT, true, "XSDT has 2 FADTs and 0 MADTs" },
	{ PVH_XSDT + 44, 8, PVH_XSDT, true, "XSDT has 1 FADTs and 0 MADTs" },
	{ PVH_XSDT + 44, 8, PVH_ROOM, true, "has a length of 0" },
	{ PVH_XSDT + 44, 8, PVH_RSDP, true, "table at 0xfc008000 has a length of" },
	{ PVH_RSDT + 9, 1, 0x53, false, "RSDT has a wrong checksum" },
	{ PVH_RSDT + 4, 4, 38, true, "RSDT has a length of 38" },
	{ PVH_RSDT + 40, 4, PVH_FADT_OLD, true, "RSDT has 2 FADTs and 0 MADTs" },
	{ PVH_FADT + 9, 1, 0x53, false, "FADT has a wrong checksum" },
	{ PVH_FADT + 140, 8, PVH_MADT, true, "no DSDT in the guest" },
	{ PVH_FADT + 140, 8, PVH_RSDP, true, "no DSDT in the guest" },
	{ PVH_FADT_OLD + 40, 4, 0, true, "no DSDT in the guest" },
	{ PVH_DSDT + 8, 1, 1, true, "with integers of 32 bits" },
	{ PVH_DSDT + 4, 4, 0x8000, true, "DSDT at 0xfc001040 reaches into the page" },
	{ PVH_MADT + 9, 1, 0x53, false, "MADT has a wrong checksum" },
	{ PVH_MADT + 4, 4, 0x200, true, "APIC at 0xfc007e70 reaches into the page" },
	{ PVH_MADT, 4, 0x4746434d, true, "has a table MCFG already" },
};

START_TEST(refused)
{
	pvh_put(&g, wrong[_i].gpa, wrong[_i].len, wrong[_i].value);
	if (wrong[_i].sealed)
		pvh_seal_all(&g);
	ck_assert_int_eq(plan(), -EINVAL);
	ck_assert_msg(strstr(diag.text, wrong[_i].why) != NULL, "%d: %s", _i, diag.text);
	ck_assert_uint_eq(g.writes, 0);
	ck_assert_uint_lt(g.reads, 64);
	ck_assert_int_lt(ec_acpi_pvh_plan(&m, PVH_START, &memory, &in, NULL), 0);
}
END_TEST

/* A guest that claims to have had tables: what it says of them is not believed. */
START_TEST(forged)
{
	insert();
	switch (_i) {
	case 0: /* a list that is longer than the room */
		pvh_put(&g, PVH_ROOM + 4, 4, 0x7000);
		break;
	case 1: /* entries that are all in the room: dropped, and the FADT is missing */
		for (unsigned int i = 0; i < 4; i++)
			pvh_put(&g, PVH_ROOM + 36 + i * 8, 8, PVH_ROOM + 0x700);
		pvh_seal(&g, PVH_ROOM);
		break;
	case 2: /* a list across the end of the room */
		pvh_put(&g, PVH_RSDP + 24, 8, PVH_RSDP + 0xff0);
		memcpy(pvh_at(&g, PVH_RSDP + 0xff0, 4), "XSDT", 4);
		pvh_seal_rsdp(&g);
		break;
	default: /* the lower half */
		pvh_put(&g, PVH_RSDP + 0x400, 1, 1);
		break;
	}
	g.writes = g.reads = 0;
	ck_assert_int_lt(plan(), 0);
	ck_assert_uint_eq(g.writes, 0);
	ck_assert_uint_lt(g.reads, 64);
}
END_TEST

/* Anything may be anything: bounded, and what is g.written is where it should be. */
START_TEST(random_guests)
{
	unsigned int done = 0;

	srandom(6);
	for (unsigned int round = 0; round < 20000; round++) {
		setup();
		for (long n = random() % 4; n >= 0; n--) {
			static const uint64_t bases[] = { PVH_START, PVH_MAP,  PVH_FADT, PVH_MADT,
							  PVH_XSDT,  PVH_RSDT, PVH_RSDP, PVH_ROOM };
			uint64_t base = bases[random() % 8];
			unsigned int len = 1u << random() % 4;

			pvh_put(&g, base + (uint64_t)(random() % 60), len,
				random() % 2 ? bases[random() % 8] + (uint64_t)(random() % 64)
					     : (uint64_t)random() * (uint64_t)random());
		}
		if (random() % 4)
			pvh_seal_all(&g);
		g.reads = 0;
		if (plan()) {
			ck_assert_uint_eq(g.writes, 0);
			ck_assert_uint_lt(g.reads, 2000);
			continue;
		}
		done++;
		ck_assert_int_eq(ec_acpi_pvh_write(&in, &memory, &diag), 0);
		ck_assert_uint_eq(g.written[0], in.rsdp + EC_ACPI_ROOM_AT);
		ck_assert_uint_eq(g.written[2], in.rsdp);
	}
	ck_assert_uint_gt(done, 1000);
}
END_TEST

Suite *suite_acpi_hostile(void)
{
	Suite *s = suite_create("acpi_hostile");
	TCase *t = tcase_create("acpi_hostile");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_loop_test(t, refused, 0, EC_ARRAY_SIZE(wrong));
	tcase_add_loop_test(t, forged, 0, 4);
	tcase_add_test(t, random_guests);
	suite_add_tcase(s, t);
	return s;
}
