/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "acpi/tables.h"
#include "core/bits.h"
#include "suites.h"

static struct ec_diag diag;
static uint8_t out[EC_ACPI_MAX];

static struct ec_acpi_machine pvh(void)
{
	struct ec_acpi_machine m = ec_acpi_default(EC_ACPI_PVH, 0xfd000000, 4, true);

	m.io = (struct ec_acpi_window){ 0x2000, 0x9fff };
	m.mem32 = (struct ec_acpi_window){ 0xfe000000, 0xfebfffff };
	m.mem64 = (struct ec_acpi_window){ 0x4000000000, 0x4fffffffff };
	return m;
}

static struct ec_acpi_machine hvm(void)
{
	return ec_acpi_default(EC_ACPI_HVM, 0xfe800000, 4, false);
}

START_TEST(defaults_leave_out_bus_0_of_an_hvm_guest)
{
	struct ec_acpi_machine m = hvm();

	ck_assert_uint_eq(m.first_bus, 1);
	ck_assert_uint_eq(m.last_bus, 3);
	ck_assert_uint_eq(m.root_last, 0);
	m = ec_acpi_default(EC_ACPI_HVM, 0xfe800000, 4, true);
	ck_assert_uint_eq(m.first_bus, 0);
	m = ec_acpi_default(EC_ACPI_PVH, 0xe0000000, 256, false);
	ck_assert_uint_eq(m.first_bus, 0);
	ck_assert_uint_eq(m.last_bus, 255);
	ck_assert_uint_eq(m.root_last, 255);
	ck_assert_int_eq(ec_acpi_check(&m, &diag), 0);
}
END_TEST

/* Numbers of buses that an ECAM window cannot have. */
static const unsigned int no_buses[] = { 0, 257, 512, 0x10001, ~0u };

START_TEST(impossible_numbers_of_buses_are_refused)
{
	for (int bus0 = 0; bus0 < 2; bus0++)
		for (int kind = 0; kind < 2; kind++) {
			struct ec_acpi_machine m =
				ec_acpi_default(kind, 0xe0000000, no_buses[_i], bus0);

			ck_assert_int_eq(ec_acpi_check(&m, &diag), -EINVAL);
			ck_assert_ptr_nonnull(strstr(diag.text, "has no bus"));
		}
}
END_TEST

#define W(f, l)                                                                                    \
	{                                                                                          \
		(f), (l)                                                                           \
	}

/* A machine like pvh() or hvm() with the values that are not 0 here, and why it is refused. */
static const struct {
	enum ec_acpi_kind kind;
	uint64_t ecam;
	struct ec_acpi_window io, mem32, mem64;
	uint8_t first_bus, root_first, root_last;
	const char *why;
} wrong[] = {
	{ EC_ACPI_PVH, .ecam = 0xfd080000, .why = "no multiple of 1 MiB" },
	{ EC_ACPI_PVH, .ecam = 0x100000000, .why = "ends above 4 GiB" },
	{ EC_ACPI_PVH, .ecam = 0xffd00000, .why = "ends above 4 GiB" },
	{ EC_ACPI_PVH, .ecam = 0xfffffffffff00000, .why = "ends above 4 GiB" },
	{ EC_ACPI_PVH, .ecam = 0xfbe00000, .why = "tables that the toolstack makes" },
	{ EC_ACPI_PVH, .ecam = 0xfeb00000, .why = "the I/O APIC" },
	{ EC_ACPI_PVH, .ecam = 0xfee00000, .why = "the local APICs" },
	{ EC_ACPI_HVM, .ecam = 0xfd000000, .why = "hvmloader's own memory" },
	{ EC_ACPI_HVM, .ecam = 0xfea00000, .why = "the I/O APIC" },
	{ EC_ACPI_HVM, .ecam = 0xfec00000, .why = "the HPET" },
	{ EC_ACPI_HVM, .ecam = 0xff000000, .why = "the firmware" },
	{ EC_ACPI_PVH, .first_bus = 4, .why = "no bus from 4 to 3" },
	{ EC_ACPI_PVH, .first_bus = 1, .why = "the ECAM window only 1 to 3" },
	{ EC_ACPI_PVH, .root_last = 4, .why = "buses 0 to 4, the ECAM window only 0 to 3" },
	{ EC_ACPI_PVH, .root_first = 4, .why = "the root bridge has no bus from 4 to 3" },
	{ EC_ACPI_PVH, .io = W(0, 0xfff), .why = "where such a window can be" },
	{ EC_ACPI_PVH, .io = W(0x2000, 0x10fff), .why = "where such a window can be" },
	{ EC_ACPI_PVH, .io = W(0x2000, 0x1fff), .why = "ends before it starts" },
	{ EC_ACPI_PVH, .io = W(0x2000, 0xaf00), .why = "the map of online processors" },
	{ EC_ACPI_PVH, .io = W(0xaf20, 0xafff), .why = "the GPE block" },
	{ EC_ACPI_PVH, .io = W(0xb000, 0xbfff), .why = "the ACPI timer" },
	{ EC_ACPI_PVH, .mem32 = W(0xf0000000, 0xfbfff7ff), .why = "a boundary of 4 KiB" },
	{ EC_ACPI_PVH, .mem32 = W(0xf0000800, 0xfbffffff), .why = "a boundary of 4 KiB" },
	{ EC_ACPI_PVH, .mem32 = W(0xf0000000, 0x10fffffff), .why = "where such a window" },
	{ EC_ACPI_PVH, .mem32 = W(0, 0xfff), .why = "the memory below 1 MiB" },
	{ EC_ACPI_PVH, .mem32 = W(0xf0000000, 0xfc000fff), .why = "that the toolstack makes" },
	{ EC_ACPI_PVH, .mem32 = W(0xfe000000, 0xffffffff), .why = "the I/O APIC" },
	{ EC_ACPI_PVH, .mem32 = W(0xfd3ff000, 0xfd3fffff), .why = "covers the ECAM window" },
	{ EC_ACPI_PVH, .mem64 = W(0xf0000000, 0x1ffffffff), .why = "where such a window" },
	{ EC_ACPI_PVH, .mem64 = W(1ull << 36, 1ull << 52), .why = "where such a window" },
	{ EC_ACPI_PVH, .mem64 = W(1ull << 36, 1ull << 37), .why = "a boundary of 4 KiB" },
	{ EC_ACPI_PVH, .mem64 = W(1ull << 37, 1ull << 36), .why = "ends before it starts" },
	{ EC_ACPI_HVM, .root_last = 3, .why = "is hvmloader's" },
	{ EC_ACPI_HVM, .io = W(0x2000, 0x2fff), .why = "is hvmloader's" },
	{ EC_ACPI_HVM, .mem32 = W(0xf0000000, 0xf0ffffff), .why = "is hvmloader's" },
	{ EC_ACPI_HVM, .mem64 = W(1ull << 36, (1ull << 37) - 1), .why = "is hvmloader's" },
	{ (enum ec_acpi_kind)2, .why = "no such kind" },
};

START_TEST(an_impossible_machine_is_refused)
{
	struct ec_acpi_machine m = wrong[_i].kind == EC_ACPI_HVM ? hvm() : pvh();

	m.kind = wrong[_i].kind;
	if (wrong[_i].ecam)
		m.ecam = wrong[_i].ecam;
	if (wrong[_i].first_bus)
		m.first_bus = wrong[_i].first_bus;
	if (wrong[_i].root_first)
		m.root_first = wrong[_i].root_first;
	if (wrong[_i].root_last)
		m.root_last = wrong[_i].root_last;
	if (wrong[_i].io.last)
		m.io = wrong[_i].io;
	if (wrong[_i].mem32.last)
		m.mem32 = wrong[_i].mem32;
	if (wrong[_i].mem64.last)
		m.mem64 = wrong[_i].mem64;
	ck_assert_int_eq(ec_acpi_tables(&m, out, sizeof(out), &diag), -EINVAL);
	ck_assert_msg(strstr(diag.text, wrong[_i].why) != NULL, "%d: %s", _i, diag.text);
	ck_assert_int_eq(ec_acpi_check(&m, NULL), -EINVAL);
}
END_TEST

START_TEST(windows_up_to_their_limits_are_accepted)
{
	struct ec_acpi_machine m = pvh();

	m.mem32 = (struct ec_acpi_window){ 0xfc100000, 0xfcffffff };
	ck_assert_msg(!ec_acpi_check(&m, &diag), "%s", diag.text);
	m.mem32 = (struct ec_acpi_window){ 0xfd400000, 0xfebfffff };
	m.io = (struct ec_acpi_window){ 0xb010, 0xffff };
	m.mem64 = (struct ec_acpi_window){ 0x100000000, 0xfffffffffffff };
	ck_assert_msg(!ec_acpi_check(&m, &diag), "%s", diag.text);
	m = ec_acpi_default(EC_ACPI_PVH, 0xfd000000, 28, true);
	ck_assert_msg(!ec_acpi_check(&m, &diag), "%s", diag.text);
	m = ec_acpi_default(EC_ACPI_HVM, 0xfe000000, 12, true);
	ck_assert_msg(!ec_acpi_check(&m, &diag), "%s", diag.text);
	/* bus 0 is not in the window, so its megabyte is free */
	m = ec_acpi_default(EC_ACPI_HVM, 0xfdf00000, 12, false);
	ck_assert_msg(!ec_acpi_check(&m, &diag), "%s", diag.text);
}
END_TEST

START_TEST(a_sealed_table_sums_to_0)
{
	uint8_t table[EC_ACPI_HEADER + 4];

	ck_assert_uint_eq(ec_acpi_sum("", 0), 0);
	ck_assert_uint_eq(ec_acpi_sum("\xff\x02", 2), 1);
	memset(table, 0xa5, sizeof(table));
	ec_acpi_header(table, "TEST", 3, "12345678", sizeof(table));
	ck_assert_uint_ne(ec_acpi_sum(table, sizeof(table)), 0);
	ec_acpi_seal(table);
	ck_assert_uint_eq(ec_acpi_sum(table, sizeof(table)), 0);
	ck_assert_mem_eq(table, "TEST\x28\0\0\0\3", 9);
	ck_assert_mem_eq(table + EC_ACPI_OEM_ID, "ECAMD\00012345678\1\0\0\0", 18);
	ck_assert_uint_eq(table[EC_ACPI_HEADER], 0xa5);
}
END_TEST

START_TEST(mcfg_has_the_base_of_bus_0)
{
	struct ec_acpi_machine m = hvm();

	ec_acpi_mcfg(&m, out);
	ck_assert_mem_eq(out, "MCFG\x3c\0\0\0\1", 9);
	ck_assert_uint_eq(ec_acpi_sum(out, EC_ACPI_MCFG), 0);
	/* bus 0 is not in the window */
	ck_assert_mem_eq(out + EC_ACPI_HEADER,
			 "\0\0\0\0\0\0\0\0\0\0\x80\xfe\0\0\0\0\0\0\1\3\0\0\0\0", 24);
	m = pvh();
	ec_acpi_mcfg(&m, out);
	ck_assert_mem_eq(out + EC_ACPI_MCFG_BASE, "\0\0\0\xfd\0\0\0\0\0\0\0\3\0\0\0\0", 16);
}
END_TEST

static size_t find(const void *what, size_t n, size_t len)
{
	const uint8_t *at = memmem(out, len, what, n);

	ck_assert_ptr_nonnull(at);
	ck_assert_ptr_null(memmem(at + 1, len - (size_t)(at + 1 - out), what, n));
	return (size_t)(at - out);
}

START_TEST(each_number_is_in_the_ssdt_once)
{
	struct ec_acpi_machine m = pvh();
	int len;

	m.first_bus = 0x10;
	m.root_first = 0x12;
	m.last_bus = m.root_last = 0x13;
	m.ecam = 0xfc000000;
	len = ec_acpi_ssdt(&m, out, sizeof(out), &diag);
	ck_assert_msg(len > 0, "%s", diag.text);
	ck_assert_uint_eq(ec_get_le(out + EC_ACPI_LENGTH, 4), (unsigned int)len);
	ck_assert_uint_eq(ec_acpi_sum(out, (size_t)len), 0);
	find("_BBN\x0a\x12", 6, (size_t)len);
	find("\x88\x0d\0\2\x0c\0\0\0\x12\0\x13\0\0\0\2\0", 16, (size_t)len);
	find("\x88\x0d\0\1\x0c\3\0\0\0\x20\xff\x9f\0\0\0\x80", 16, (size_t)len);
	find("\x87\x17\0\0\x0c\1\0\0\0\0\0\0\0\xfe\xff\xff\xbf\xfe\0\0\0\0\0\0\xc0\0", 26,
	     (size_t)len);
	find("\x8a\x2b\0\0\x0c\1\0\0\0\0\0\0\0\0\0\0\0\0\x40\0\0\0\xff\xff\xff\xff\x4f\0\0\0"
	     "\0\0\0\0\0\0\0\0\0\0\0\0\x10\0\0\0",
	     46, (size_t)len);
	find("\x86\x09\0\1\0\0\0\xfd\0\0\x40\0", 12, (size_t)len);
}
END_TEST

START_TEST(a_missing_window_has_length_0)
{
	struct ec_acpi_machine m = ec_acpi_default(EC_ACPI_PVH, 0xfd000000, 1, true);
	int len = ec_acpi_ssdt(&m, out, sizeof(out), &diag);

	ck_assert_int_gt(len, 0);
	/* buses 0 to 0 */
	find("\x88\x0d\0\2\x0c\0\0\0\0\0\0\0\0\0\1\0", 16, (size_t)len);
	find("\x88\x0d\0\1\x0c\3\0\0\0\0\0\0\0\0\0\0", 16, (size_t)len);
	find("\x87\x17\0\0\x0c\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 26, (size_t)len);
}
END_TEST

/* hvmloader finds the second table by the length in the header of the first. */
START_TEST(ssdt_and_mcfg_follow_each_other)
{
	struct ec_acpi_machine m = _i == EC_ACPI_PVH ? pvh() : hvm();
	int len = ec_acpi_tables(&m, out, sizeof(out), &diag);
	uint32_t ssdt = (uint32_t)ec_get_le(out + EC_ACPI_LENGTH, 4);

	ck_assert_msg(len > 0, "%s", diag.text);
	ck_assert_mem_eq(out, EC_ACPI_SIG_SSDT, EC_ACPI_SIGNATURE_LEN);
	ck_assert_mem_eq(out + EC_ACPI_TABLE_ID, _i == EC_ACPI_PVH ? "ECAMDPVH" : "ECAMDHVM", 8);
	ck_assert_mem_eq(out + ssdt, EC_ACPI_SIG_MCFG, EC_ACPI_SIGNATURE_LEN);
	ck_assert_int_eq(len, (int)(ssdt + EC_ACPI_MCFG));
	ck_assert_uint_eq(ec_acpi_sum(out, ssdt), 0);
	ck_assert_uint_eq(ec_acpi_sum(out + ssdt, EC_ACPI_MCFG), 0);
	/* at any smaller size one of them does not fit */
	ck_assert_int_eq(ec_acpi_tables(&m, out, (size_t)len, &diag), len);
	for (int size = 0; size < len; size++)
		ck_assert_int_eq(ec_acpi_tables(&m, out, (size_t)size, &diag), -ENOSPC);
}
END_TEST

Suite *suite_acpi_tables(void)
{
	Suite *s = suite_create("acpi_tables");
	TCase *t = tcase_create("acpi");

	tcase_add_test(t, defaults_leave_out_bus_0_of_an_hvm_guest);
	tcase_add_loop_test(t, impossible_numbers_of_buses_are_refused, 0, EC_ARRAY_SIZE(no_buses));
	tcase_add_loop_test(t, an_impossible_machine_is_refused, 0, EC_ARRAY_SIZE(wrong));
	tcase_add_test(t, windows_up_to_their_limits_are_accepted);
	tcase_add_test(t, a_sealed_table_sums_to_0);
	tcase_add_test(t, mcfg_has_the_base_of_bus_0);
	tcase_add_test(t, each_number_is_in_the_ssdt_once);
	tcase_add_test(t, a_missing_window_has_length_0);
	tcase_add_loop_test(t, ssdt_and_mcfg_follow_each_other, 0, 2);
	suite_add_tcase(s, t);
	return s;
}
