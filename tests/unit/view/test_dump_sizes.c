/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sizes of BARs in a dump without Region lines. */
#include <pci/header.h>
#include <string.h>

#include "capabilities/bits.h"
#include "core/bar.h"
#include "core/bits.h"
#include "fixture.h"
#include "suites.h"
#include "view/dump_sizes.h"

enum { BRIDGE, CARD, N };
enum { REBAR_AT = 0x100 };

static struct ec_dump_function fn[N];
static struct ec_bar bar[EC_BAR_MAX];

/* A bridge 00:01.0 with secondary bus 1, and 01:00.0 with 64-bit BAR 0 and 32-bit BAR 2. */
static void make(uint64_t bar0, uint32_t bar2)
{
	struct fixture x;

	memset(fn, 0, sizeof(fn));
	fixture_init(&x, 256, 0);
	fixture_put(&x, PCI_HEADER_TYPE, 1, PCI_HEADER_TYPE_BRIDGE);
	fixture_put(&x, PCI_SECONDARY_BUS, 1, 1);
	fixture_put(&x, PCI_MEMORY_BASE, 4, 0x81f08000);
	fixture_put(&x, PCI_PREF_MEMORY_BASE, 4, 0x0ff10001);
	fixture_put(&x, PCI_PREF_BASE_UPPER32, 4, 0x40);
	fixture_put(&x, PCI_PREF_BASE_UPPER32 + 4, 4, 0x41);
	fn[BRIDGE].image = x.img;
	fn[BRIDGE].sbdf.devfn = 8;
	fixture_init(&x, 4096, 0);
	fixture_put(&x, PCI_BASE_ADDRESS_0, 4, (uint32_t)bar0 | PCI_BASE_ADDRESS_MEM_TYPE_64);
	fixture_put(&x, PCI_BASE_ADDRESS_1, 4, (uint32_t)(bar0 >> 32));
	fixture_put(&x, PCI_BASE_ADDRESS_2, 4, bar2);
	fn[CARD].image = x.img;
	fn[CARD].sbdf.bus = 1;
}

static void decode(void)
{
	ec_dump_sizes_fill(fn, N);
	ec_bar_decode(&fn[CARD].image, fn[CARD].region, 0, bar);
}

static const struct {
	uint64_t bar0;
	uint32_t bar2;
	uint64_t size0, size2; /* guessed */
} guesses[] = {
	/* the windows end at 82000000 and 4110000000 */
	{ 0x80000000, 0, 0x2000000, 0 },
	{ 0x4000000000, 0, 0x100000000, 0 },
	{ 0x4110000000 - 0x4000, 0, 0x4000, 0 },
	/* the next BAR */
	{ 0x80000000, 0x80010000, 0x10000, 0x10000 },
	{ 0x80000000, 0x80018000, 0x10000, 0x8000 },
	{ 0x81000000, 0x80000000, 0x1000000, 0x1000000 },
	/* outside of the windows */
	{ 0x90000000, 0, 0x10000000, 0 },
};

START_TEST(a_guess_ends_before_what_follows)
{
	make(guesses[_i].bar0, guesses[_i].bar2);
	decode();
	ck_assert(bar[0].guessed);
	ck_assert_uint_eq(bar[0].size, guesses[_i].size0);
	ck_assert_uint_eq(bar[2].size, guesses[_i].size2);
}
END_TEST

START_TEST(a_stated_size_stays)
{
	make(0x80000000, 0x80010000);
	fn[CARD].region[0].size = 0x20000;
	decode();
	ck_assert(!bar[0].guessed);
	ck_assert_uint_eq(bar[0].size, 0x20000);
}
END_TEST

/* CTRL: BAR 0, one BAR, size 2^13 MiB. */
START_TEST(a_resizable_bar_has_its_current_size)
{
	make(0x4000000000, 0);
	ec_put_le(fn[CARD].image.byte + REBAR_AT, 4, 0x00010000 | PCI_EXT_CAP_ID_REBAR);
	ec_put_le(fn[CARD].image.byte + REBAR_AT + 4, 4, 0x00020000);
	ec_put_le(fn[CARD].image.byte + REBAR_AT + EC_REBAR_CTRL, 4, 0x00000d20);
	decode();
	ck_assert(!bar[0].guessed);
	ck_assert_uint_eq(bar[0].size, 8ull << 30);
}
END_TEST

/* Interface byte: bits 0 and 2 for native mode of the two channels. */
START_TEST(ide_in_compatibility_mode_has_no_bars_for_its_channels)
{
	struct ec_region region[EC_BAR_MAX] = { 0 };
	struct fixture x;

	for (unsigned int i = 0; i < 4; i++)
		region[i] = (struct ec_region){ .size = 8, .flags = PCI_BASE_ADDRESS_SPACE_IO };
	for (uint32_t prog = 0x80; prog < 0x90; prog++) {
		fixture_init(&x, 256, 0);
		fixture_put(&x, PCI_CLASS_PROG, 1, prog);
		fixture_put(&x, PCI_CLASS_DEVICE, 2, PCI_CLASS_STORAGE_IDE);
		fixture_put(&x, PCI_BASE_ADDRESS_4, 4, 0xe181);
		ec_bar_decode(&x.img, region, 0, bar);
		ck_assert_int_eq(bar[0].kind, prog & 1 ? EC_BAR_IO : EC_BAR_NONE);
		ck_assert_int_eq(bar[1].kind, prog & 1 ? EC_BAR_IO : EC_BAR_NONE);
		ck_assert_int_eq(bar[2].kind, prog & 4 ? EC_BAR_IO : EC_BAR_NONE);
		ck_assert_int_eq(bar[3].kind, prog & 4 ? EC_BAR_IO : EC_BAR_NONE);
		ck_assert_int_eq(bar[4].kind, EC_BAR_IO);
	}
}
END_TEST

Suite *suite_view_dump_sizes(void)
{
	Suite *s = suite_create("view_dump_sizes");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(t, a_guess_ends_before_what_follows, 0, EC_ARRAY_SIZE(guesses));
	tcase_add_test(t, a_stated_size_stays);
	tcase_add_test(t, a_resizable_bar_has_its_current_size);
	tcase_add_test(t, ide_in_compatibility_mode_has_no_bars_for_its_channels);
	suite_add_tcase(s, t);
	return s;
}
