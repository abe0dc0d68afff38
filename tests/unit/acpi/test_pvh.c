/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables put into a PVH guest as the toolstack leaves it. */
#include <errno.h>
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

static void check_table(uint64_t gpa, const char *signature)
{
	uint32_t len = (uint32_t)pvh_get(&g, gpa + 4, 4);

	ck_assert_ptr_nonnull(pvh_at(&g, gpa, len));
	ck_assert_mem_eq(pvh_at(&g, gpa, len), signature, 4);
	ck_assert_uint_eq(ec_acpi_sum(pvh_at(&g, gpa, len), len), 0);
}

/* The guest's tables from the RSDP on, with @n of the toolstack's in each list. */
static void check_guest(unsigned int n)
{
	uint64_t xsdt = pvh_get(&g, PVH_RSDP + 24, 8), rsdt = pvh_get(&g, PVH_RSDP + 16, 4);

	ck_assert_uint_eq(ec_acpi_sum(pvh_at(&g, PVH_RSDP, 20), 20), 0);
	ck_assert_uint_eq(ec_acpi_sum(pvh_at(&g, PVH_RSDP, 36), 36), 0);
	check_table(xsdt, "XSDT");
	check_table(rsdt, "RSDT");
	ck_assert_uint_eq(pvh_get(&g, xsdt + 4, 4), 36 + (n + 2) * 8);
	ck_assert_uint_eq(pvh_get(&g, rsdt + 4, 4), 36 + (n + 2) * 4);
	ck_assert_uint_eq(pvh_get(&g, xsdt + 36, 8), PVH_FADT);
	ck_assert_uint_eq(pvh_get(&g, rsdt + 36, 4), PVH_FADT_OLD);
	ck_assert_uint_eq(pvh_get(&g, xsdt + 44, 8), PVH_MADT);
	ck_assert_uint_eq(pvh_get(&g, rsdt + 40, 4), PVH_MADT);
	check_table(pvh_get(&g, xsdt + 36 + n * 8, 8), "SSDT");
	check_table(pvh_get(&g, xsdt + 44 + n * 8, 8), "MCFG");
	ck_assert_uint_eq(pvh_get(&g, xsdt + 36 + n * 8, 8), pvh_get(&g, rsdt + 36 + n * 4, 4));
	ck_assert_uint_eq(pvh_get(&g, xsdt + 44 + n * 8, 8), pvh_get(&g, rsdt + 40 + n * 4, 4));
	ck_assert_uint_eq(pvh_get(&g, pvh_get(&g, xsdt + 44 + n * 8, 8) + 44, 8), m.ecam);
	ck_assert_uint_eq(pvh_get(&g, PVH_MAP_RSDP + 8, 8), 4096);
}

START_TEST(inserted)
{
	uint8_t before[8 * 4096];

	memcpy(before, g.acpi, sizeof(before));
	insert();
	check_guest(2);
	ck_assert(!in.again);
	ck_assert_uint_le(in.used, EC_ACPI_ROOM);
	/* the toolstack's tables are as they were, and the RSDP is the last */
	ck_assert_mem_eq(before, g.acpi, sizeof(before));
	ck_assert_uint_eq(g.writes, 3);
	ck_assert_uint_eq(g.written[0], PVH_ROOM);
	ck_assert_uint_eq(g.written[1], PVH_MAP_RSDP + 8);
	ck_assert_uint_eq(g.written[2], PVH_RSDP);
}
END_TEST

/* What the toolstack's DSDT writes without anybody to serve its ports. */
START_TEST(beyond_processors)
{
	uint8_t room[EC_ACPI_ROOM];

	insert();
	memcpy(room, pvh_at(&g, PVH_ROOM, EC_ACPI_ROOM), sizeof(room));
	for (unsigned int i = 0; i < 128; i++)
		*pvh_at(&g, PVH_MADT + 0x30 + 8 * i, 1) |= 1;
	ck_assert_mem_eq(room, pvh_at(&g, PVH_ROOM, EC_ACPI_ROOM), sizeof(room));
}
END_TEST

START_TEST(again)
{
	uint8_t first[sizeof(g.acpi)];

	insert();
	memcpy(first, g.acpi, sizeof(first));
	insert();
	ck_assert(in.again);
	ck_assert_mem_eq(first, g.acpi, sizeof(first));
	/* another machine replaces the first */
	m.ecam = 0xe0000000;
	m.mem32 = (struct ec_acpi_window){ 0, 0 };
	insert();
	check_guest(2);
	ck_assert_uint_lt(g.reads, 100);
}
END_TEST

/* Whatever was g.written last: the guest has good tables, and the next run mends the rest. */
START_TEST(interrupted)
{
	uint64_t xsdt;

	g.fail_write = (unsigned int)_i;
	ck_assert_int_eq(plan(), 0);
	ck_assert_int_eq(ec_acpi_pvh_write(&in, &memory, &diag), -EPERM);
	ck_assert_ptr_nonnull(strstr(diag.text, "could not be written"));
	xsdt = pvh_get(&g, PVH_RSDP + 24, 8);
	ck_assert_uint_eq(xsdt, PVH_XSDT);
	g.fail_write = 0;
	insert();
	check_guest(2);
	ck_assert_int_eq(in.again, _i > 1);
}
END_TEST

#define XSDT_MANY 0xfc000000ull
#define RSDT_MANY 0xfc000400ull
#define HPET 0xfc000800ull

/* Both lists with @n entries. */
static void put_many(uint32_t n)
{
	pvh_table(&g, HPET, "HPET", 1, 36);
	pvh_table(&g, XSDT_MANY, "XSDT", 1, 36 + n * 8);
	pvh_table(&g, RSDT_MANY, "RSDT", 1, 36 + n * 4);
	for (uint32_t i = 0; i < n; i++) {
		pvh_put(&g, XSDT_MANY + 36 + i * 8, 8,
			i == 0   ? PVH_FADT
			: i == 1 ? PVH_MADT
				 : HPET);
		pvh_put(&g, RSDT_MANY + 36 + i * 4, 4,
			i == 0   ? PVH_FADT_OLD
			: i == 1 ? PVH_MADT
				 : HPET);
	}
	pvh_seal(&g, XSDT_MANY);
	pvh_seal(&g, RSDT_MANY);
	pvh_put(&g, PVH_RSDP + 16, 4, RSDT_MANY);
	pvh_put(&g, PVH_RSDP + 24, 8, XSDT_MANY);
	pvh_seal_rsdp(&g);
}

/* More tables of the toolstack's stay, up to 32. */
START_TEST(many_tables)
{
	put_many(32);
	insert();
	check_guest(32);
	insert();
	check_guest(32);
	setup();
	put_many(33);
	ck_assert_int_eq(plan(), -EINVAL);
	ck_assert_ptr_nonnull(strstr(diag.text, "XSDT has more than 32 entries"));
	put_many(35);
	ck_assert_int_eq(plan(), -EINVAL);
	ck_assert_ptr_nonnull(strstr(diag.text, "XSDT has a length of 316"));
}
END_TEST

/* Every read fails once. */
START_TEST(unreadable)
{
	unsigned int all;

	ck_assert_int_eq(plan(), 0);
	all = g.reads;
	for (unsigned int i = 1; i <= all; i++) {
		g.reads = 0;
		g.fail_read = i;
		ck_assert_int_eq(plan(), -EIO);
		ck_assert_ptr_nonnull(strstr(diag.text, "cannot be read"));
	}
	ck_assert_uint_gt(all, 15);
	ck_assert_int_eq(ec_acpi_pvh_plan(&m, UINT64_MAX - 3, &memory, &in, &diag), -EFAULT);
	ck_assert_int_eq(ec_acpi_pvh_plan(&m, 0x2000, &memory, &in, &diag), -EFAULT);
	ck_assert_uint_eq(g.writes, 0);
}
END_TEST

/* The machine is looked at first, and is one for PVH. */
START_TEST(machine)
{
	m.ecam++;
	ck_assert_int_eq(plan(), -EINVAL);
	ck_assert_ptr_nonnull(strstr(diag.text, "no multiple of 1 MiB"));
	m = ec_acpi_default(EC_ACPI_HVM, 0xfe800000, 4, false);
	ck_assert_int_eq(plan(), -EINVAL);
	ck_assert_ptr_nonnull(strstr(diag.text, "from hvmloader"));
	ck_assert_uint_eq(g.reads, 0);
}
END_TEST

/* Start information in the page of the RSDP, where Xen never puts it. */
START_TEST(start_in_page)
{
	memcpy(pvh_at(&g, PVH_RSDP + 0x200, 56), g.start, 56);
	ck_assert_int_eq(ec_acpi_pvh_plan(&m, PVH_RSDP + 0x200, &memory, &in, &diag), -EINVAL);
	ck_assert_ptr_nonnull(strstr(diag.text, "start information is in the page"));
}
END_TEST

/* As near as it can be: what its DSDT writes behind it does not reach the tables. */
START_TEST(near_madt)
{
	uint64_t madt = PVH_RSDP - 0x34;

	memcpy(pvh_at(&g, madt, 0x34), pvh_at(&g, PVH_MADT, 0x34), 0x34);
	pvh_put(&g, PVH_XSDT + 44, 8, madt);
	pvh_put(&g, PVH_RSDT + 40, 4, madt);
	pvh_seal_all(&g);
	insert();
	ck_assert_uint_lt(madt + 0x430, PVH_ROOM);
}
END_TEST

Suite *suite_acpi_guest(void)
{
	Suite *s = suite_create("acpi_guest");
	TCase *t = tcase_create("acpi_guest");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, inserted);
	tcase_add_test(t, beyond_processors);
	tcase_add_test(t, again);
	tcase_add_loop_test(t, interrupted, 1, 4);
	tcase_add_test(t, many_tables);
	tcase_add_test(t, unreadable);
	tcase_add_test(t, machine);
	tcase_add_test(t, start_in_page);
	tcase_add_test(t, near_madt);
	suite_add_tcase(s, t);
	return s;
}
