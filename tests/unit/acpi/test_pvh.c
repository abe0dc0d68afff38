/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables inserted into a PVH guest as the toolstack leaves it. */
#include <errno.h>
#include <string.h>

#include "core/bits.h"
#include "pvh.h"
#include "suites.h"

static struct pvh_insertion p;

static void setup(void)
{
	pvh_insertion_setup(&p);
}

/* The MADT of the toolstack has an entry for each of 128 possible processors, of which the DSDT
 * sets flags. */
enum {
	MADT_FLAGS = 0x30,
	MADT_PROCESSOR = 8,
	MADT_PROCESSORS = 128,
	MADT_WRITTEN = MADT_FLAGS + MADT_PROCESSOR * MADT_PROCESSORS
};
/* in the lower half of the RSDP's page */
#define IN_PAGE (PVH_RSDP + 0x200)

static void check_table(uint64_t gpa, const char *signature)
{
	uint32_t len = (uint32_t)pvh_get(&p.g, gpa + EC_ACPI_LENGTH, 4);

	ck_assert_ptr_nonnull(pvh_at(&p.g, gpa, len));
	ck_assert_mem_eq(pvh_at(&p.g, gpa, len), signature, EC_ACPI_SIGNATURE_LEN);
	ck_assert_uint_eq(ec_acpi_sum(pvh_at(&p.g, gpa, len), len), 0);
}

static uint64_t in_xsdt(unsigned int i)
{
	uint64_t xsdt = pvh_get(&p.g, PVH_RSDP + EC_ACPI_RSDP_XSDT, 8);

	return pvh_get(&p.g, PVH_XSDT_ENTRY(xsdt, i), EC_ACPI_XSDT_ENTRY);
}

static uint64_t in_rsdt(unsigned int i)
{
	uint64_t rsdt = pvh_get(&p.g, PVH_RSDP + EC_ACPI_RSDP_RSDT, 4);

	return pvh_get(&p.g, PVH_RSDT_ENTRY(rsdt, i), EC_ACPI_RSDT_ENTRY);
}

/* All tables, from the RSDP on: @n of the toolstack in each list, then SSDT and MCFG. */
static void check_guest(unsigned int n)
{
	uint64_t xsdt = pvh_get(&p.g, PVH_RSDP + EC_ACPI_RSDP_XSDT, 8);
	uint64_t rsdt = pvh_get(&p.g, PVH_RSDP + EC_ACPI_RSDP_RSDT, 4);

	ck_assert_uint_eq(ec_acpi_sum(pvh_at(&p.g, PVH_RSDP, EC_ACPI_RSDP), EC_ACPI_RSDP_FIRST), 0);
	ck_assert_uint_eq(ec_acpi_sum(pvh_at(&p.g, PVH_RSDP, EC_ACPI_RSDP), EC_ACPI_RSDP), 0);
	check_table(xsdt, EC_ACPI_SIG_XSDT);
	check_table(rsdt, EC_ACPI_SIG_RSDT);
	ck_assert_uint_eq(xsdt + pvh_get(&p.g, xsdt + EC_ACPI_LENGTH, 4),
			  PVH_XSDT_ENTRY(xsdt, n + 2));
	ck_assert_uint_eq(rsdt + pvh_get(&p.g, rsdt + EC_ACPI_LENGTH, 4),
			  PVH_RSDT_ENTRY(rsdt, n + 2));
	ck_assert_uint_eq(in_xsdt(0), PVH_FADT);
	ck_assert_uint_eq(in_rsdt(0), PVH_FADT_OLD);
	ck_assert_uint_eq(in_xsdt(1), PVH_MADT);
	ck_assert_uint_eq(in_rsdt(1), PVH_MADT);
	check_table(in_xsdt(n), EC_ACPI_SIG_SSDT);
	check_table(in_xsdt(n + 1), EC_ACPI_SIG_MCFG);
	ck_assert_uint_eq(in_xsdt(n), in_rsdt(n));
	ck_assert_uint_eq(in_xsdt(n + 1), in_rsdt(n + 1));
	ck_assert_uint_eq(pvh_get(&p.g, in_xsdt(n + 1) + EC_ACPI_MCFG_BASE, 8), p.m.ecam);
	ck_assert_uint_eq(pvh_get(&p.g, PVH_MAP_RSDP + EC_MEMMAP_SIZE, 8), 4096);
}

START_TEST(tables_are_inserted_and_the_rsdp_is_written_last)
{
	uint8_t before[8 * 4096];

	memcpy(before, p.g.acpi, sizeof(before));
	pvh_insert(&p);
	check_guest(2);
	ck_assert(!p.in.again);
	ck_assert_uint_le(p.in.used, EC_ACPI_ROOM);
	/* the toolstack's tables are unchanged */
	ck_assert_mem_eq(before, p.g.acpi, sizeof(before));
	ck_assert_uint_eq(p.g.writes, 3);
	ck_assert_uint_eq(p.g.written[0], PVH_ROOM);
	ck_assert_uint_eq(p.g.written[1], PVH_MAP_RSDP + EC_MEMMAP_SIZE);
	ck_assert_uint_eq(p.g.written[2], PVH_RSDP);
}
END_TEST

/* What the toolstack's DSDT may write after the MADT: one bit per possible processor. */
START_TEST(the_dsdt_does_not_reach_the_tables)
{
	uint8_t room[EC_ACPI_ROOM];

	pvh_insert(&p);
	memcpy(room, pvh_at(&p.g, PVH_ROOM, EC_ACPI_ROOM), sizeof(room));
	for (unsigned int i = 0; i < MADT_PROCESSORS; i++)
		*pvh_at(&p.g, PVH_MADT + MADT_FLAGS + MADT_PROCESSOR * i, 1) |= 1;
	ck_assert_mem_eq(room, pvh_at(&p.g, PVH_ROOM, EC_ACPI_ROOM), sizeof(room));
}
END_TEST

START_TEST(a_second_insertion_replaces_the_first)
{
	uint8_t first[sizeof(p.g.acpi)];

	pvh_insert(&p);
	memcpy(first, p.g.acpi, sizeof(first));
	pvh_insert(&p);
	ck_assert(p.in.again);
	ck_assert_mem_eq(first, p.g.acpi, sizeof(first));
	/* another machine replaces the first */
	p.m.ecam = 0xe0000000;
	p.m.mem32 = (struct ec_acpi_window){ 0, 0 };
	pvh_insert(&p);
	check_guest(2);
	ck_assert_uint_lt(p.g.reads, 100);
}
END_TEST

/* Fails each of the three writes; the next insertion completes the rest. */
START_TEST(a_failed_write_leaves_the_old_tables_valid)
{
	uint64_t xsdt;

	p.g.fail_write = (unsigned int)_i;
	ck_assert_int_eq(pvh_plan(&p), 0);
	ck_assert_int_eq(ec_acpi_pvh_write(&p.in, &p.memory, &p.diag), -EPERM);
	ck_assert_ptr_nonnull(strstr(p.diag.text, "could not be written"));
	xsdt = pvh_get(&p.g, PVH_RSDP + EC_ACPI_RSDP_XSDT, 8);
	ck_assert_uint_eq(xsdt, PVH_XSDT);
	p.g.fail_write = 0;
	pvh_insert(&p);
	check_guest(2);
	ck_assert_int_eq(p.in.again, _i > 1);
}
END_TEST

#define XSDT_MANY 0xfc000000ull
#define RSDT_MANY 0xfc000400ull
#define HPET 0xfc000800ull

/* XSDT and RSDT with @n entries each. */
static void put_many(uint32_t n)
{
	pvh_table(&p.g, HPET, "HPET", 1, EC_ACPI_HEADER);
	pvh_table(&p.g, XSDT_MANY, EC_ACPI_SIG_XSDT, 1, EC_ACPI_HEADER + n * EC_ACPI_XSDT_ENTRY);
	pvh_table(&p.g, RSDT_MANY, EC_ACPI_SIG_RSDT, 1, EC_ACPI_HEADER + n * EC_ACPI_RSDT_ENTRY);
	for (uint32_t i = 0; i < n; i++) {
		pvh_put(&p.g, PVH_XSDT_ENTRY(XSDT_MANY, i), EC_ACPI_XSDT_ENTRY,
			i == 0   ? PVH_FADT
			: i == 1 ? PVH_MADT
				 : HPET);
		pvh_put(&p.g, PVH_RSDT_ENTRY(RSDT_MANY, i), EC_ACPI_RSDT_ENTRY,
			i == 0   ? PVH_FADT_OLD
			: i == 1 ? PVH_MADT
				 : HPET);
	}
	pvh_seal(&p.g, XSDT_MANY);
	pvh_seal(&p.g, RSDT_MANY);
	pvh_put(&p.g, PVH_RSDP + EC_ACPI_RSDP_RSDT, 4, RSDT_MANY);
	pvh_put(&p.g, PVH_RSDP + EC_ACPI_RSDP_XSDT, 8, XSDT_MANY);
	pvh_seal_rsdp(&p.g);
}

START_TEST(up_to_32_tables_are_kept)
{
	put_many(32);
	pvh_insert(&p);
	check_guest(32);
	pvh_insert(&p);
	check_guest(32);
	setup();
	put_many(33);
	ck_assert_int_eq(pvh_plan(&p), -EINVAL);
	ck_assert_ptr_nonnull(strstr(p.diag.text, "XSDT has more than 32 entries"));
	put_many(35);
	ck_assert_int_eq(pvh_plan(&p), -EINVAL);
	ck_assert_ptr_nonnull(strstr(p.diag.text, "XSDT has a length of 316"));
}
END_TEST

/* Each read fails once; then addresses without memory. */
START_TEST(any_read_may_fail)
{
	unsigned int all;

	ck_assert_int_eq(pvh_plan(&p), 0);
	all = p.g.reads;
	for (unsigned int i = 1; i <= all; i++) {
		p.g.reads = 0;
		p.g.fail_read = i;
		ck_assert_int_eq(pvh_plan(&p), -EIO);
		ck_assert_ptr_nonnull(strstr(p.diag.text, "cannot be read"));
	}
	ck_assert_uint_gt(all, 15);
	ck_assert_int_eq(ec_acpi_pvh_plan(&p.m, UINT64_MAX - 3, &p.memory, &p.in, &p.diag),
			 -EFAULT);
	ck_assert_int_eq(ec_acpi_pvh_plan(&p.m, 0x2000, &p.memory, &p.in, &p.diag), -EFAULT);
	ck_assert_uint_eq(p.g.writes, 0);
}
END_TEST

/* Before anything is read. It must be of kind PVH. */
START_TEST(the_machine_is_checked_first)
{
	p.m.ecam++;
	ck_assert_int_eq(pvh_plan(&p), -EINVAL);
	ck_assert_ptr_nonnull(strstr(p.diag.text, "no multiple of 1 MiB"));
	p.m = ec_acpi_default(EC_ACPI_HVM, 0xfe800000, 4, false);
	ck_assert_int_eq(pvh_plan(&p), -EINVAL);
	ck_assert_ptr_nonnull(strstr(p.diag.text, "from hvmloader"));
	ck_assert_uint_eq(p.g.reads, 0);
}
END_TEST

/* Xen never puts it there. */
START_TEST(start_information_in_the_page_is_refused)
{
	memcpy(pvh_at(&p.g, IN_PAGE, EC_START_INFO), p.g.start, EC_START_INFO);
	ck_assert_int_eq(ec_acpi_pvh_plan(&p.m, IN_PAGE, &p.memory, &p.in, &p.diag), -EINVAL);
	ck_assert_ptr_nonnull(strstr(p.diag.text, "start information is in the page"));
}
END_TEST

/* As close as it can be. What its DSDT writes after it does not reach the tables. */
START_TEST(a_madt_directly_before_the_page_is_kept)
{
	uint64_t madt = PVH_RSDP - PVH_MADT_LEN;

	memcpy(pvh_at(&p.g, madt, PVH_MADT_LEN), pvh_at(&p.g, PVH_MADT, PVH_MADT_LEN),
	       PVH_MADT_LEN);
	pvh_put(&p.g, PVH_XSDT_ENTRY(PVH_XSDT, 1), EC_ACPI_XSDT_ENTRY, madt);
	pvh_put(&p.g, PVH_RSDT_ENTRY(PVH_RSDT, 1), EC_ACPI_RSDT_ENTRY, madt);
	pvh_seal_all(&p.g);
	pvh_insert(&p);
	ck_assert_uint_lt(madt + MADT_WRITTEN, PVH_ROOM);
}
END_TEST

Suite *suite_acpi_pvh(void)
{
	Suite *s = suite_create("acpi_pvh");
	TCase *t = tcase_create("acpi_guest");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, tables_are_inserted_and_the_rsdp_is_written_last);
	tcase_add_test(t, the_dsdt_does_not_reach_the_tables);
	tcase_add_test(t, a_second_insertion_replaces_the_first);
	tcase_add_loop_test(t, a_failed_write_leaves_the_old_tables_valid, 1, 4);
	tcase_add_test(t, up_to_32_tables_are_kept);
	tcase_add_test(t, any_read_may_fail);
	tcase_add_test(t, the_machine_is_checked_first);
	tcase_add_test(t, start_information_in_the_page_is_refused);
	tcase_add_test(t, a_madt_directly_before_the_page_is_kept);
	suite_add_tcase(s, t);
	return s;
}
