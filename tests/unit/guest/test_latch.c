/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CONFIG_ADDRESS as a guest sees it, and what else is at its ports. */
#include "core/bits.h"
#include "suites.h"
#include "world.h"

static unsigned int slot;

START_TEST(latch)
{
	slot = world_given(PVH);
	world_out(PVH, 0xcf8, 4, 0x80000810);
	ck_assert_uint_eq(world_in(PVH, 0xcf8, 4), 0x80000810);
	/* what is not whole is no address; what is in its neighbours neither */
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

/* Beside a device model the latch is ours too, with PIIX3's reset control in the middle of it. */
START_TEST(latch_beside_a_device_model)
{
	slot = world_given(PVH);
	ck_assert_int_eq(world_attach(HVM, NIC2), 0);
	ck_assert_uint_eq(fakexen_count(world->xen, "range d5 port cf8 cfb add"), 1);
	world_out(HVM, 0xcf8, 4, 0x80000810);
	ck_assert_uint_eq(world_in(HVM, 0xcf8, 4), 0x80000810);
	world_out(HVM, 0xcf9, 1, 0x02);
	ck_assert_uint_eq(world_in(HVM, 0xcf9, 1), 0x02);
	world_out(HVM, 0xcf9, 1, 0xf9);
	ck_assert_uint_eq(world_in(HVM, 0xcf9, 1), 0x00);
	world_out(HVM, 0xcfa, 1, 0x06);
	world_out(HVM, 0xcf8, 2, 0x0606);
	world_out(HVM, 0xcf8, 1, 0x06);
	ck_assert_uint_eq(fakexen_count(world->xen, "reboot"), 0);
	world_out(HVM, 0xcf9, 1, 0x06);
	ck_assert_uint_eq(fakexen_count(world->xen, "reboot d5"), 1);
	ck_assert_uint_eq(world_in(HVM, 0xcf9, 1), 0x02);
	ck_assert_uint_eq(world_in(HVM, 0xcf8, 4), 0x80000810);
	/* what is not the latch stays the device model's */
	ck_assert_uint_eq(fakexen_count(world->xen, "range d5 port"), 1);
	world_out(PVH, 0xcf9, 1, 0x06);
	ck_assert_uint_eq(fakexen_count(world->xen, "reboot"), 1);
}
END_TEST

Suite *suite_service_latch(void)
{
	Suite *s = suite_create("service_latch");
	TCase *t = tcase_create("service_latch");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_add_test(t, latch);
	tcase_add_test(t, latch_beside_a_device_model);
	suite_add_tcase(s, t);
	return s;
}
