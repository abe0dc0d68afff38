/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <pci/header.h>
#include <string.h>

#include "core/bar.h"
#include "core/bits.h"
#include "core/pci_bits.h"
#include "fixture.h"
#include "rig.h"
#include "suites.h"

#define BAR(n) (PCI_BASE_ADDRESS_0 + (n)*4)
#define IO PCI_BASE_ADDRESS_SPACE_IO
#define PREFETCH64 (PCI_BASE_ADDRESS_MEM_TYPE_64 | PCI_BASE_ADDRESS_MEM_PREFETCH)
/* What sizing writes; of a ROM without its enable bit. */
#define ALL_ONES 0xffffffffu
#define ALL_BUT_ENABLE (ALL_ONES & ~(uint32_t)PCI_ROM_ADDRESS_ENABLE)
#define K(n) ((uint64_t)(n) << 10)
#define M(n) ((uint64_t)(n) << 20)
#define GIB(n) ((uint64_t)(n) << 30)

/* The value of BAR 2 (and 3) and a known size; the BAR; what it reads after all ones were written.
 */
static const struct {
	uint32_t low, high;
	struct ec_region known;
	uint8_t kind;
	bool guessed;
	uint64_t addr, size;
	uint32_t reads_low, reads_high; /* after all ones were written */
} cases[] = {
	{ 0x0000e001, 0, { 32, IO }, EC_BAR_IO, false, 0xe000, 32, 0xffffffe1, 0 },
	{ 0x0000e0c1, 0, { 0, 0 }, EC_BAR_IO, true, 0xe0c0, 64, 0xffffffc1, 0 },
	{ 0x00010001, 0, { 0, 0 }, EC_BAR_IO, true, 0x10000, 256, 0xffffff01, 0 },
	{ 0x00000001, 0, { 0, 0 }, EC_BAR_IO, true, 0, 256, 0xffffff01, 0 },
	{ 0xfe900000, 0, { K(16), 0 }, EC_BAR_MEM32, false, 0xfe900000, K(16), 0xffffc000, 0 },
	{ 0xfe900000, 0, { 0, 0 }, EC_BAR_MEM32, true, 0xfe900000, M(1), 0xfff00000, 0 },
	/* the known size is not one of such a BAR: a guess */
	{ 0xfe900008, 0, { K(12), 0 }, EC_BAR_MEM32, true, 0xfe900000, M(1), 0xfff00008, 0 },
	{ 0xfe900000, 0, { 8, 0 }, EC_BAR_MEM32, true, 0xfe900000, M(1), 0xfff00000, 0 },
	{ 0xfe900000, 0, { 32, IO }, EC_BAR_MEM32, true, 0xfe900000, M(1), 0xfff00000, 0 },
	{ 0x0000e001, 0, { K(4), 0 }, EC_BAR_IO, true, 0xe000, 256, 0xffffff01, 0 },
	/* type "below 1 MiB", and a reserved type */
	{ 0x000c0002, 0, { K(4), 0 }, EC_BAR_MEM32, false, 0xc0000, K(4), 0xfffff002, 0 },
	{ 0xfe90000e, 0, { K(4), 0 }, EC_BAR_MEM32, false, 0xfe900000, K(4), 0xfffff008, 0 },
	{ 0x80000000, 0, { 0, 0 }, EC_BAR_MEM32, true, 0x80000000, GIB(2), 0x80000000, 0 },
	{ 0xf000000c,
	  0x40,
	  { M(256), 0 },
	  EC_BAR_MEM64,
	  false,
	  0x40f0000000,
	  M(256),
	  0xf000000c,
	  0xffffffff },
	{ 0x0000000c,
	  0x40,
	  { GIB(16), 0 },
	  EC_BAR_MEM64,
	  false,
	  0x4000000000,
	  GIB(16),
	  0x0000000c,
	  0xfffffffc },
	{ 0x0000000c,
	  0x40,
	  { GIB(4), 0 },
	  EC_BAR_MEM64,
	  false,
	  0x4000000000,
	  GIB(4),
	  0x0000000c,
	  0xffffffff },
	{ 0x00000004,
	  0x40,
	  { 0, 0 },
	  EC_BAR_MEM64,
	  true,
	  0x4000000000,
	  GIB(256),
	  0x00000004,
	  0xffffffc0 },
	{ 0x00000004, 0, { 0, 0 }, EC_BAR_MEM64, true, 0, K(4), 0xfffff004, 0xffffffff },
	/* a virtual function: the register is 0, the size is known */
	{ 0, 0, { K(16), PREFETCH64 }, EC_BAR_MEM64, false, 0, K(16), 0xffffc00c, 0xffffffff },
	{ 0, 0, { K(16), 0 }, EC_BAR_MEM32, false, 0, K(16), 0xffffc000, 0 },
	{ 0, 0, { 0, 0 }, EC_BAR_NONE, false, 0, 0, 0, 0 },
	/* less than a page: the guest finds a page */
	{ 0xfe900100, 0, { 256, 0 }, EC_BAR_MEM32, false, 0xfe900100, 256, 0xfffff000, 0 },
};

START_TEST(a_bar_is_decoded)
{
	struct ec_region known[EC_BAR_MAX] = { [2] = cases[_i].known };
	struct ec_bar bar[EC_BAR_MAX];
	struct fixture x;

	fixture_init(&x, 256, 0);
	fixture_put(&x, BAR(2), 4, cases[_i].low);
	fixture_put(&x, BAR(3), 4, cases[_i].high);
	ec_bar_decode(&x.img, known, 0, bar);
	ck_assert_uint_eq(bar[2].kind, cases[_i].kind);
	ck_assert_uint_eq(bar[2].guessed, cases[_i].guessed);
	ck_assert_uint_eq(bar[2].addr, cases[_i].addr);
	ck_assert_uint_eq(bar[2].size, cases[_i].size);
	ck_assert_uint_eq(bar[3].kind, cases[_i].kind == EC_BAR_MEM64 ? EC_BAR_UPPER : EC_BAR_NONE);
}
END_TEST

START_TEST(a_guest_that_sizes_a_bar_finds_its_size)
{
	struct ec_region known[EC_BAR_MAX] = { [2] = cases[_i].known };
	struct rig *r = rig_new();
	struct fixture x;

	fixture_init(&x, 256, 0);
	fixture_put(&x, BAR(2), 4, cases[_i].low);
	fixture_put(&x, BAR(3), 4, cases[_i].high);
	rig_attach(r, &x.img, EC_BYPASSED, known);
	rig_write(r, BAR(2), 4, ALL_ONES);
	rig_write(r, BAR(3), 4, ALL_ONES);
	ck_assert_uint_eq(rig_read(r, BAR(2), 4), cases[_i].reads_low);
	ck_assert_uint_eq(rig_read(r, BAR(3), 4), cases[_i].reads_high);
	ck_assert_uint_eq(r->n, 0);
	rig_write(r, BAR(2), 4, 0);
	ck_assert_uint_eq(rig_read(r, BAR(2), 4), cases[_i].reads_low & ~EC_BAR_MEM_MASK);
	rig_free(r);
}
END_TEST

START_TEST(the_rom_is_sized_without_its_enable_bit)
{
	struct ec_region known[EC_BAR_MAX] = { [EC_BAR_ROM] = { K(128), 0 } };
	struct rig *r = rig_new();
	struct fixture x;

	fixture_init(&x, 256, 0);
	rig_attach(r, &x.img, EC_BYPASSED, NULL);
	rig_write(r, PCI_ROM_ADDRESS, 4, ALL_ONES);
	ck_assert_uint_eq(rig_read(r, PCI_ROM_ADDRESS, 4), 0);
	rig_attach(r, &x.img, EC_BYPASSED, known);
	rig_write(r, PCI_ROM_ADDRESS, 4, ALL_BUT_ENABLE);
	ck_assert_uint_eq(rig_read(r, PCI_ROM_ADDRESS, 4), 0xfffe0000);
	rig_write(r, PCI_ROM_ADDRESS, 4, ALL_ONES);
	ck_assert_uint_eq(rig_read(r, PCI_ROM_ADDRESS, 4), 0xfffe0001);
	/* unknown size: by alignment, at least 2 KiB and at most 16 MiB */
	fixture_put(&x, PCI_ROM_ADDRESS, 4, 0xc0000001);
	rig_attach(r, &x.img, EC_BYPASSED, NULL);
	rig_write(r, PCI_ROM_ADDRESS, 4, ALL_BUT_ENABLE);
	ck_assert_uint_eq(rig_read(r, PCI_ROM_ADDRESS, 4), 0xff000000);
	fixture_put(&x, PCI_ROM_ADDRESS, 4, 0xc0000800);
	rig_attach(r, &x.img, EC_BYPASSED, NULL);
	rig_write(r, PCI_ROM_ADDRESS, 4, ALL_BUT_ENABLE);
	ck_assert_uint_eq(rig_read(r, PCI_ROM_ADDRESS, 4), 0xfffff800);
	rig_free(r);
}
END_TEST

START_TEST(a_bridge_has_two_bars_and_its_rom_elsewhere)
{
	struct ec_bar bar[EC_BAR_MAX];
	struct fixture x;

	fixture_init(&x, 256, PCI_HEADER_TYPE_BRIDGE);
	fixture_put(&x, BAR(0), 4, 0xfe900004);
	fixture_put(&x, PCI_PRIMARY_BUS, 4, 0x00040302);
	fixture_put(&x, PCI_ROM_ADDRESS1, 4, 0xfe000000);
	ec_bar_decode(&x.img, NULL, 1, bar);
	ck_assert(bar[0].kind == EC_BAR_MEM64 && bar[1].kind == EC_BAR_UPPER);
	for (unsigned int i = 2; i < 6; i++)
		ck_assert_uint_eq(bar[i].kind, EC_BAR_NONE);
	ck_assert(bar[EC_BAR_ROM].kind == EC_BAR_EXPROM && bar[EC_BAR_ROM].addr == 0xfe000000);
	ck_assert_uint_eq(ec_bar_offset(2, 1), 0);
	ck_assert_uint_eq(ec_bar_offset(EC_BAR_ROM, 1), PCI_ROM_ADDRESS1);
	ck_assert_uint_eq(ec_bar_offset(5, 0), BAR(5));
	ck_assert_uint_eq(ec_bar_offset(7, 0), 0);
}
END_TEST

START_TEST(the_last_bar_has_no_upper_half)
{
	struct ec_bar bar[EC_BAR_MAX];
	struct fixture x;

	fixture_init(&x, 256, 0);
	fixture_put(&x, BAR(5), 4, 0xfe900004);
	fixture_put(&x, PCI_CARDBUS_CIS, 4, 0x12345678);
	ec_bar_decode(&x.img, NULL, 0, bar);
	ck_assert(bar[5].kind == EC_BAR_MEM32 && bar[5].addr == 0xfe900000);
	ck_assert_uint_eq(bar[5].flags, 0);
}
END_TEST

START_TEST(a_size_that_32_bits_cannot_decode_is_unknown)
{
	struct ec_region known[EC_BAR_MAX] = {
		[0] = { GIB(64), 0 }, [EC_BAR_ROM] = { 1ull << 40, 0 }
	};
	struct ec_bar bar[EC_BAR_MAX];
	struct fixture x;

	fixture_init(&x, 256, 0);
	fixture_put(&x, BAR(0), 4, 0x80000000);
	ec_bar_decode(&x.img, known, 0, bar);
	ck_assert(bar[0].size == GIB(2) && bar[0].guessed);
	ck_assert_uint_eq(ec_bar_writable(bar), 0x80000000);
	ck_assert(bar[EC_BAR_ROM].size == K(4) && bar[EC_BAR_ROM].guessed);
}
END_TEST

Suite *suite_core_bar(void)
{
	Suite *s = suite_create("core_bar");
	TCase *t = tcase_create("bar");

	tcase_add_loop_test(t, a_bar_is_decoded, 0, EC_ARRAY_SIZE(cases));
	tcase_add_loop_test(t, a_guest_that_sizes_a_bar_finds_its_size, 0, EC_ARRAY_SIZE(cases));
	tcase_add_test(t, the_rom_is_sized_without_its_enable_bit);
	tcase_add_test(t, a_bridge_has_two_bars_and_its_rom_elsewhere);
	tcase_add_test(t, the_last_bar_has_no_upper_half);
	tcase_add_test(t, a_size_that_32_bits_cannot_decode_is_unknown);
	suite_add_tcase(s, t);
	return s;
}
