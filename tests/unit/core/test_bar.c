/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <pci/header.h>
#include <string.h>

#include "core/bar.h"
#include "core/bits.h"
#include "fixture.h"
#include "rig.h"
#include "suites.h"

static const uint64_t G = 1ull << 30;

/* A register's value and the size told of it; what it is, and what sizing reads of it. */
static const struct {
	uint32_t low, high;
	struct ec_region told;
	uint8_t kind;
	bool guessed;
	uint64_t addr, size;
	uint32_t reads_low, reads_high; /* after all ones were written */
} cases[] = {
	{ 0x0000e001, 0, { 32, 1 }, EC_BAR_IO, false, 0xe000, 32, 0xffffffe1, 0 },
	{ 0x0000e0c1, 0, { 0, 0 }, EC_BAR_IO, true, 0xe0c0, 64, 0xffffffc1, 0 },
	{ 0x00010001, 0, { 0, 0 }, EC_BAR_IO, true, 0x10000, 256, 0xffffff01, 0 },
	{ 0x00000001, 0, { 0, 0 }, EC_BAR_IO, true, 0, 256, 0xffffff01, 0 },
	{ 0xfe900000, 0, { 0x4000, 0 }, EC_BAR_MEM32, false, 0xfe900000, 0x4000, 0xffffc000, 0 },
	{ 0xfe900000, 0, { 0, 0 }, EC_BAR_MEM32, true, 0xfe900000, 0x100000, 0xfff00000, 0 },
	/* what is told makes no sense: a guess */
	{ 0xfe900008, 0, { 0x3000, 0 }, EC_BAR_MEM32, true, 0xfe900000, 0x100000, 0xfff00008, 0 },
	{ 0xfe900000, 0, { 8, 0 }, EC_BAR_MEM32, true, 0xfe900000, 0x100000, 0xfff00000, 0 },
	{ 0xfe900000, 0, { 32, 1 }, EC_BAR_MEM32, true, 0xfe900000, 0x100000, 0xfff00000, 0 },
	{ 0x0000e001, 0, { 0x1000, 0 }, EC_BAR_IO, true, 0xe000, 256, 0xffffff01, 0 },
	/* below 1 MiB; and a reserved type */
	{ 0x000c0002, 0, { 0x1000, 0 }, EC_BAR_MEM32, false, 0xc0000, 0x1000, 0xfffff002, 0 },
	{ 0xfe90000e, 0, { 0x1000, 0 }, EC_BAR_MEM32, false, 0xfe900000, 0x1000, 0xfffff008, 0 },
	{ 0x80000000,
	  0,
	  { 0, 0 },
	  EC_BAR_MEM32,
	  true,
	  0x80000000,
	  2 * (1ull << 30),
	  0x80000000,
	  0 },
	{ 0xf000000c,
	  0x40,
	  { 0x10000000, 0 },
	  EC_BAR_MEM64,
	  false,
	  0x40f0000000,
	  0x10000000,
	  0xf000000c,
	  0xffffffff },
	{ 0x0000000c,
	  0x40,
	  { 16 * (1ull << 30), 0 },
	  EC_BAR_MEM64,
	  false,
	  0x4000000000,
	  16 * (1ull << 30),
	  0x0000000c,
	  0xfffffffc },
	{ 0x0000000c,
	  0x40,
	  { 4 * (1ull << 30), 0 },
	  EC_BAR_MEM64,
	  false,
	  0x4000000000,
	  4 * (1ull << 30),
	  0x0000000c,
	  0xffffffff },
	{ 0x00000004,
	  0x40,
	  { 0, 0 },
	  EC_BAR_MEM64,
	  true,
	  0x4000000000,
	  256 * (1ull << 30),
	  0x00000004,
	  0xffffffc0 },
	{ 0x00000004, 0, { 0, 0 }, EC_BAR_MEM64, true, 0, 0x1000, 0xfffff004, 0xffffffff },
	/* a virtual function: the register is 0, the text knows */
	{ 0, 0, { 0x4000, 12 }, EC_BAR_MEM64, false, 0, 0x4000, 0xffffc00c, 0xffffffff },
	{ 0, 0, { 0x4000, 0 }, EC_BAR_MEM32, false, 0, 0x4000, 0xffffc000, 0 },
	{ 0, 0, { 0, 0 }, EC_BAR_NONE, false, 0, 0, 0, 0 },
	/* less than a page: a guest is told of a page */
	{ 0xfe900100, 0, { 0x100, 0 }, EC_BAR_MEM32, false, 0xfe900100, 0x100, 0xfffff000, 0 },
};

START_TEST(decode)
{
	struct ec_region told[EC_BAR_MAX] = { [2] = cases[_i].told };
	struct ec_bar bar[EC_BAR_MAX];
	struct fixture x;

	fixture_init(&x, 256, 0);
	fixture_put(&x, 0x18, 4, cases[_i].low);
	fixture_put(&x, 0x1c, 4, cases[_i].high);
	ec_bar_decode(&x.img, told, 0, bar);
	ck_assert_uint_eq(bar[2].kind, cases[_i].kind);
	ck_assert_uint_eq(bar[2].guessed, cases[_i].guessed);
	ck_assert_uint_eq(bar[2].addr, cases[_i].addr);
	ck_assert_uint_eq(bar[2].size, cases[_i].size);
	ck_assert_uint_eq(bar[3].kind, cases[_i].kind == EC_BAR_MEM64 ? EC_BAR_UPPER : EC_BAR_NONE);
}
END_TEST

/* What a guest does: write all ones, read, write an address, read it back. */
START_TEST(sizing)
{
	struct ec_region told[EC_BAR_MAX] = { [2] = cases[_i].told };
	struct rig *r = rig_new();
	struct fixture x;

	fixture_init(&x, 256, 0);
	fixture_put(&x, 0x18, 4, cases[_i].low);
	fixture_put(&x, 0x1c, 4, cases[_i].high);
	rig_attach(r, &x.img, EC_BYPASSED, told);
	rig_write(r, 0x18, 4, 0xffffffff);
	rig_write(r, 0x1c, 4, 0xffffffff);
	ck_assert_uint_eq(rig_read(r, 0x18, 4), cases[_i].reads_low);
	ck_assert_uint_eq(rig_read(r, 0x1c, 4), cases[_i].reads_high);
	ck_assert_uint_eq(r->n, 0);
	rig_write(r, 0x18, 4, 0);
	ck_assert_uint_eq(rig_read(r, 0x18, 4), cases[_i].reads_low & 0xf);
	rig_free(r);
}
END_TEST

START_TEST(rom)
{
	struct ec_region told[EC_BAR_MAX] = { [EC_BAR_ROM] = { 0x20000, 0 } };
	struct rig *r = rig_new();
	struct fixture x;

	fixture_init(&x, 256, 0);
	rig_attach(r, &x.img, EC_BYPASSED, NULL);
	rig_write(r, 0x30, 4, 0xffffffff);
	ck_assert_uint_eq(rig_read(r, 0x30, 4), 0);
	rig_attach(r, &x.img, EC_BYPASSED, told);
	rig_write(r, 0x30, 4, 0xfffffffe);
	ck_assert_uint_eq(rig_read(r, 0x30, 4), 0xfffe0000);
	rig_write(r, 0x30, 4, 0xffffffff);
	ck_assert_uint_eq(rig_read(r, 0x30, 4), 0xfffe0001);
	/* no size told: the alignment, but no ROM is larger than 16 MiB or less than 2 KiB */
	fixture_put(&x, 0x30, 4, 0xc0000001);
	rig_attach(r, &x.img, EC_BYPASSED, NULL);
	rig_write(r, 0x30, 4, 0xfffffffe);
	ck_assert_uint_eq(rig_read(r, 0x30, 4), 0xff000000);
	fixture_put(&x, 0x30, 4, 0xc0000800);
	rig_attach(r, &x.img, EC_BYPASSED, NULL);
	rig_write(r, 0x30, 4, 0xfffffffe);
	ck_assert_uint_eq(rig_read(r, 0x30, 4), 0xfffff800);
	rig_free(r);
}
END_TEST

START_TEST(bridge_has_two)
{
	struct ec_bar bar[EC_BAR_MAX];
	struct fixture x;

	fixture_init(&x, 256, PCI_HEADER_TYPE_BRIDGE);
	fixture_put(&x, 0x10, 4, 0xfe900004);
	fixture_put(&x, 0x18, 4, 0x00040302); /* bus numbers */
	fixture_put(&x, 0x38, 4, 0xfe000000); /* a bridge's ROM is here */
	ec_bar_decode(&x.img, NULL, 1, bar);
	ck_assert(bar[0].kind == EC_BAR_MEM64 && bar[1].kind == EC_BAR_UPPER);
	for (unsigned int i = 2; i < 6; i++)
		ck_assert_uint_eq(bar[i].kind, EC_BAR_NONE);
	ck_assert(bar[6].kind == EC_BAR_EXPROM && bar[6].addr == 0xfe000000);
	ck_assert_uint_eq(ec_bar_offset(2, 1), 0);
	ck_assert_uint_eq(ec_bar_offset(6, 1), 0x38);
	ck_assert_uint_eq(ec_bar_offset(5, 0), 0x24);
	ck_assert_uint_eq(ec_bar_offset(7, 0), 0);
}
END_TEST

/* The last BAR has nobody to be its upper half. */
START_TEST(no_upper_half)
{
	struct ec_bar bar[EC_BAR_MAX];
	struct fixture x;

	fixture_init(&x, 256, 0);
	fixture_put(&x, 0x24, 4, 0xfe900004);
	fixture_put(&x, 0x28, 4, 0x12345678);
	ec_bar_decode(&x.img, NULL, 0, bar);
	ck_assert(bar[5].kind == EC_BAR_MEM32 && bar[5].addr == 0xfe900000);
	ck_assert_uint_eq(bar[5].flags, 0);
}
END_TEST

/* A size that no 32-bit register can decode, as a careless text may tell. */
START_TEST(told_too_much)
{
	struct ec_region told[EC_BAR_MAX] = {
		[0] = { 64 * (1ull << 30), 0 }, [6] = { 1ull << 40, 0 }
	};
	struct ec_bar bar[EC_BAR_MAX];
	struct fixture x;

	fixture_init(&x, 256, 0);
	fixture_put(&x, 0x10, 4, 0x80000000);
	ec_bar_decode(&x.img, told, 0, bar);
	ck_assert(bar[0].size == 2 * G && bar[0].guessed);
	ck_assert_uint_eq(ec_bar_writable(bar), 0x80000000);
	ck_assert(bar[6].size == 0x1000 && bar[6].guessed);
}
END_TEST

Suite *suite_core_bar(void)
{
	Suite *s = suite_create("core_bar");
	TCase *t = tcase_create("bar");

	tcase_add_loop_test(t, decode, 0, EC_ARRAY_SIZE(cases));
	tcase_add_loop_test(t, sizing, 0, EC_ARRAY_SIZE(cases));
	tcase_add_test(t, rom);
	tcase_add_test(t, bridge_has_two);
	tcase_add_test(t, no_upper_half);
	tcase_add_test(t, told_too_much);
	suite_add_tcase(s, t);
	return s;
}
