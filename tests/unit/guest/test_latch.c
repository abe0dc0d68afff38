/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CONFIG_ADDRESS (cf8) as a guest sees it, and the reset control register at cf9. */
#include "core/bits.h"
#include "suites.h"
#include "world.h"

static unsigned int slot;

START_TEST(only_a_dword_write_changes_config_address)
{
	slot = world_given(PVH);
	world_out(PVH, 0xcf8, 4, 0x80000810);
	ck_assert_uint_eq(world_in(PVH, 0xcf8, 4), 0x80000810);
	/* narrower accesses, and accesses to its other bytes, do not reach it */
	for (uint32_t port = 0xcf8; port < 0xcfc; port++) {
		world_out(PVH, port, 1, 0x55);
		world_out(PVH, port, 2, 0x5555);
		world_in(PVH, port, 1);
		world_in(PVH, port, 2);
	}
	world_out(PVH, 0xcf9, 4, 0x55555555);
	ck_assert_uint_eq(world_in(PVH, 0xcf8, 4), 0x80000810);
	world_out(PVH, 0xcf8, 4, 0);
	ck_assert_uint_eq(world_in(PVH, 0xcf8, 4), 0);
	for (unsigned int len = 1; len <= 4; len *= 2)
		ck_assert_uint_eq(world_in(PVH, 0xcfc, len), ec_ones(len));
	world_out(PVH, 0xcfc, 4, 0);
}
END_TEST

/* cf9 is PIIX3's reset control register, in the middle of CONFIG_ADDRESS. */
START_TEST(beside_a_device_model_config_address_and_cf9_are_ours)
{
	slot = world_given(PVH);
	world_give(HVM, NIC2);
	world_count("range d5 port cf8 cfb add", 1);
	world_out(HVM, 0xcf8, 4, 0x80000810);
	ck_assert_uint_eq(world_in(HVM, 0xcf8, 4), 0x80000810);
	world_out(HVM, 0xcf9, 1, 0x02);
	ck_assert_uint_eq(world_in(HVM, 0xcf9, 1), 0x02);
	world_out(HVM, 0xcf9, 1, 0xf9);
	ck_assert_uint_eq(world_in(HVM, 0xcf9, 1), 0x00);
	world_out(HVM, 0xcfa, 1, 0x06);
	world_out(HVM, 0xcf8, 2, 0x0606);
	world_out(HVM, 0xcf8, 1, 0x06);
	world_count("reboot", 0);
	world_out(HVM, 0xcf9, 1, 0x06);
	world_count("reboot d5", 1);
	ck_assert_uint_eq(world_in(HVM, 0xcf9, 1), 0x02);
	ck_assert_uint_eq(world_in(HVM, 0xcf8, 4), 0x80000810);
	/* all other ports remain the device model's */
	world_count("range d5 port", 1);
	world_out(PVH, 0xcf9, 1, 0x06);
	world_count("reboot", 1);
}
END_TEST

Suite *suite_guest_latch(void)
{
	Suite *s = suite_create("guest_latch");
	TCase *t = tcase_create("service_latch");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_add_test(t, only_a_dword_write_changes_config_address);
	tcase_add_test(t, beside_a_device_model_config_address_and_cf9_are_ours);
	suite_add_tcase(s, t);
	return s;
}
