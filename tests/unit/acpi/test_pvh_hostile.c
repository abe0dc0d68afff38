/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables inserted into a guest whose memory is not as the toolstack leaves it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "pvh.h"
#include "suites.h"

static struct pvh_insertion p;

static void setup(void)
{
	pvh_insertion_setup(&p);
}

#define PAGE 4096u
/* the end of the toolstack's RSDP */
#define RSDP_END 64u
/* signatures as little-endian numbers */
#define XSDT_LE 0x54445358u
#define MCFG_LE 0x4746434du

/* A number that is changed, whether checksums are corrected then, and why it is refused. */
static const struct {
	uint64_t gpa;
	unsigned int len;
	uint64_t value;
	bool sealed;
	const char *why;
} wrong[] = {
	{ PVH_START, 4, EC_START_MAGIC_VALUE + 1, true, "no start information" },
	{ PVH_START + EC_START_VERSION, 4, 0, true, "version 0, not 1" },
	{ PVH_START + EC_START_VERSION, 4, 2, true, "version 2, not 1" },
	{ PVH_START + EC_START_RSDP, 8, 0, true, "not at the start of a page below 4 GiB" },
	{ PVH_START + EC_START_RSDP, 8, 0xfffc0, true, "not at the start of a page below 4 GiB" },
	{ PVH_START + EC_START_RSDP, 8, PVH_RSDP + 0x40, true,
	  "not at the start of a page below 4 GiB" },
	{ PVH_START + EC_START_RSDP, 8, 0x1fc008000, true,
	  "not at the start of a page below 4 GiB" },
	{ PVH_START + EC_START_RSDP, 8, PVH_RSDP - PAGE, true, "no RSDP in the guest" },
	{ PVH_START + EC_START_RSDP, 8, PVH_START, true, "no RSDP in the guest" },
	{ PVH_START + EC_START_MEMMAP, 8, 0, true, "memory map of 5 entries at 0" },
	{ PVH_START + EC_START_MEMMAP, 8, UINT64_MAX - 8, true, "memory map of 5 entries" },
	{ PVH_START + EC_START_MEMMAP, 8, PVH_RSDP + 0x100, true, "memory map is in the page" },
	{ PVH_START + EC_START_MEMMAP, 8, PVH_RSDP - 8, true, "memory map is in the page" },
	{ PVH_START + EC_START_MEMMAP_ENTRIES, 4, 0, true, "memory map of 0 entries" },
	{ PVH_START + EC_START_MEMMAP_ENTRIES, 4, 129, true, "memory map of 129 entries" },
	{ PVH_START + EC_START_MEMMAP_ENTRIES, 4, 0xffffffff, true,
	  "memory map of 4294967295 entries" },
	{ PVH_START + EC_START_MEMMAP_ENTRIES, 4, 2, true, "no entry for the RSDP" },
	{ PVH_MAP, 8, PVH_RSDP + PAGE - 1, true, "of type 1 at the RSDP" },
	{ PVH_MAP + EC_MEMMAP_SIZE, 8, PVH_RSDP + 1, true, "of type 1 at the RSDP" },
	{ PVH_MAP_ENTRY(1) + EC_MEMMAP_SIZE, 8, UINT64_MAX, true, "an entry with no end" },
	{ PVH_MAP_RSDP, 8, PVH_RSDP + 8, true, "of type 3 at the RSDP" },
	{ PVH_MAP_RSDP + EC_MEMMAP_SIZE, 8, PAGE + 1, true, "of type 3 at the RSDP" },
	{ PVH_MAP_RSDP + EC_MEMMAP_SIZE, 8, EC_ACPI_RSDP - 1, true, "of type 3 at the RSDP" },
	{ PVH_MAP_RSDP + EC_MEMMAP_SIZE, 8, 0, true, "no entry for the RSDP" },
	{ PVH_MAP_RSDP + EC_MEMMAP_TYPE, 4, 1, true, "of type 1 at the RSDP" },
	{ PVH_MAP_ENTRY(3), 8, PVH_RSDP, true, "of type 3 at the RSDP" },
	{ PVH_RSDP, 1, 0x53, true, "no RSDP in the guest" },
	{ PVH_RSDP + EC_ACPI_RSDP_CHECKSUM, 1, 0x53, false, "wrong checksum" },
	{ PVH_RSDP + EC_ACPI_RSDP_CHECKSUM_ALL, 1, 0x53, false, "wrong checksum" },
	{ PVH_RSDP + EC_ACPI_RSDP_REVISION, 1, 0, true, "revision 0 and length 36" },
	{ PVH_RSDP + EC_ACPI_RSDP_LENGTH, 4, 0xffffffff, true, "length 4294967295" },
	{ PVH_RSDP + RSDP_END, 1, 1, true, "is not empty: 01 at 0xfc008040" },
	{ PVH_RSDP + EC_ACPI_ROOM_AT - 1, 1, 2, true, "is not empty: 02 at 0xfc0087ff" },
	{ PVH_RSDP + PAGE - 1, 1, 3, true, "is not empty: 03 at 0xfc008fff" },
	{ PVH_ROOM, 4, XSDT_LE, true, "is not empty: 58 at 0xfc008800" },
	{ PVH_RSDP + EC_ACPI_RSDP_XSDT, 8, 0, true, "no XSDT in the guest at 0" },
	{ PVH_RSDP + EC_ACPI_RSDP_XSDT, 8, PVH_MADT, true, "no XSDT in the guest" },
	{ PVH_RSDP + EC_ACPI_RSDP_XSDT, 8, 0x1fc007f50, true, "XSDT is at 0x1fc007f50" },
	{ PVH_RSDP + EC_ACPI_RSDP_RSDT, 4, PVH_XSDT, true, "no RSDT in the guest" },
	{ PVH_XSDT + EC_ACPI_LENGTH, 4, EC_ACPI_HEADER - 1, true,
	  "XSDT at 0xfc007f50 has a length of 35" },
	{ PVH_XSDT + EC_ACPI_LENGTH, 4, 0xffffffff, true, "has a length of 4294967295" },
	{ PVH_XSDT + EC_ACPI_LENGTH, 4, EC_ACPI_HEADER + 33 * EC_ACPI_XSDT_ENTRY, true,
	  "reaches into the page" },
	{ PVH_XSDT + EC_ACPI_LENGTH, 4, EC_ACPI_HEADER + 1, true, "XSDT has a length of 37" },
	{ PVH_XSDT + EC_ACPI_LENGTH, 4, EC_ACPI_HEADER, true, "XSDT has 0 FADTs and 0 MADTs" },
	{ PVH_XSDT + EC_ACPI_LENGTH, 4, EC_ACPI_HEADER + EC_ACPI_XSDT_ENTRY, true,
	  "XSDT has 1 FADTs and 0 MADTs" },
	{ PVH_XSDT_ENTRY(PVH_XSDT, 0) + 4, 4, 1, true, "table is at 0x1fc007d60" },
	{ PVH_XSDT + EC_ACPI_CHECKSUM, 1, 0x53, false, "XSDT has a wrong checksum" },
	{ PVH_XSDT_ENTRY(PVH_XSDT, 1), 8, PVH_FADT, true, "XSDT has 2 FADTs and 0 MADTs" },
	{ PVH_XSDT_ENTRY(PVH_XSDT, 1), 8, PVH_XSDT, true, "XSDT has 1 FADTs and 0 MADTs" },
	{ PVH_XSDT_ENTRY(PVH_XSDT, 1), 8, PVH_ROOM, true, "has a length of 0" },
	{ PVH_XSDT_ENTRY(PVH_XSDT, 1), 8, PVH_RSDP, true, "table at 0xfc008000 has a length of" },
	{ PVH_RSDT + EC_ACPI_CHECKSUM, 1, 0x53, false, "RSDT has a wrong checksum" },
	{ PVH_RSDT + EC_ACPI_LENGTH, 4, EC_ACPI_HEADER + 2, true, "RSDT has a length of 38" },
	{ PVH_RSDT_ENTRY(PVH_RSDT, 1), 4, PVH_FADT_OLD, true, "RSDT has 2 FADTs and 0 MADTs" },
	{ PVH_FADT + EC_ACPI_CHECKSUM, 1, 0x53, false, "FADT has a wrong checksum" },
	{ PVH_FADT + EC_ACPI_FADT_X_DSDT, 8, PVH_MADT, true, "no DSDT in the guest" },
	{ PVH_FADT + EC_ACPI_FADT_X_DSDT, 8, PVH_RSDP, true, "no DSDT in the guest" },
	{ PVH_FADT_OLD + EC_ACPI_FADT_DSDT, 4, 0, true, "no DSDT in the guest" },
	{ PVH_DSDT + EC_ACPI_REVISION, 1, 1, true, "with integers of 32 bits" },
	{ PVH_DSDT + EC_ACPI_LENGTH, 4, 0x8000, true, "DSDT at 0xfc001040 reaches into the page" },
	{ PVH_MADT + EC_ACPI_CHECKSUM, 1, 0x53, false, "MADT has a wrong checksum" },
	{ PVH_MADT + EC_ACPI_LENGTH, 4, 0x200, true, "APIC at 0xfc007e70 reaches into the page" },
	{ PVH_MADT, 4, MCFG_LE, true, "has a table MCFG already" },
};

START_TEST(a_wrong_number_is_refused_without_a_write)
{
	pvh_put(&p.g, wrong[_i].gpa, wrong[_i].len, wrong[_i].value);
	if (wrong[_i].sealed)
		pvh_seal_all(&p.g);
	ck_assert_int_eq(pvh_plan(&p), -EINVAL);
	ck_assert_msg(strstr(p.diag.text, wrong[_i].why) != NULL, "%d: %s", _i, p.diag.text);
	ck_assert_uint_eq(p.g.writes, 0);
	ck_assert_uint_lt(p.g.reads, 64);
	ck_assert_int_lt(ec_acpi_pvh_plan(&p.m, PVH_START, &p.memory, &p.in, NULL), 0);
}
END_TEST

/* Tables of an earlier insertion that the guest has changed. */
START_TEST(changed_tables_of_an_earlier_insertion_are_refused)
{
	pvh_insert(&p);
	switch (_i) {
	case 0: /* an XSDT longer than the room */
		pvh_put(&p.g, PVH_ROOM + EC_ACPI_LENGTH, 4, 0x7000);
		break;
	case 1: /* all entries are in the room: they are dropped, and the FADT is missing */
		for (unsigned int i = 0; i < 4; i++)
			pvh_put(&p.g, PVH_XSDT_ENTRY(PVH_ROOM, i), 8, PVH_ROOM + 0x700);
		pvh_seal(&p.g, PVH_ROOM);
		break;
	case 2: /* an XSDT across the end of the room */
		pvh_put(&p.g, PVH_RSDP + EC_ACPI_RSDP_XSDT, 8, PVH_RSDP + PAGE - 16);
		memcpy(pvh_at(&p.g, PVH_RSDP + PAGE - 16, 4), EC_ACPI_SIG_XSDT, 4);
		pvh_seal_rsdp(&p.g);
		break;
	default: /* the lower half is not empty */
		pvh_put(&p.g, PVH_RSDP + 0x400, 1, 1);
		break;
	}
	p.g.writes = p.g.reads = 0;
	ck_assert_int_lt(pvh_plan(&p), 0);
	ck_assert_uint_eq(p.g.writes, 0);
	ck_assert_uint_lt(p.g.reads, 64);
}
END_TEST

/* Random numbers in all tables: reads are bounded, and writes go to the room and the RSDP. */
START_TEST(random_tables_lead_to_bounded_reads_and_writes_in_the_page)
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

			pvh_put(&p.g, base + (uint64_t)(random() % 60), len,
				random() % 2 ? bases[random() % 8] + (uint64_t)(random() % 64)
					     : (uint64_t)random() * (uint64_t)random());
		}
		if (random() % 4)
			pvh_seal_all(&p.g);
		p.g.reads = 0;
		if (pvh_plan(&p)) {
			ck_assert_uint_eq(p.g.writes, 0);
			ck_assert_uint_lt(p.g.reads, 2000);
			continue;
		}
		done++;
		ck_assert_int_eq(ec_acpi_pvh_write(&p.in, &p.memory, &p.diag), 0);
		ck_assert_uint_eq(p.g.written[0], p.in.rsdp + EC_ACPI_ROOM_AT);
		ck_assert_uint_eq(p.g.written[2], p.in.rsdp);
	}
	ck_assert_uint_gt(done, 1000);
}
END_TEST

Suite *suite_acpi_pvh_hostile(void)
{
	Suite *s = suite_create("acpi_pvh_hostile");
	TCase *t = tcase_create("acpi_hostile");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_loop_test(t, a_wrong_number_is_refused_without_a_write, 0, EC_ARRAY_SIZE(wrong));
	tcase_add_loop_test(t, changed_tables_of_an_earlier_insertion_are_refused, 0, 4);
	tcase_add_test(t, random_tables_lead_to_bounded_reads_and_writes_in_the_page);
	suite_add_tcase(s, t);
	return s;
}
