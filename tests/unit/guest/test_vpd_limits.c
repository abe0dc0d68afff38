/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How often a guest makes the kernel access Vital Product Data. An access may take 125 ms (Linux
 * drivers/pci/vpd.c), in which other guests wait.
 */
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "suites.h"
#include "world.h"

#define ADDR (CAP_VPD + PCI_VPD_ADDR)
#define DATA (CAP_VPD + PCI_VPD_DATA)
#define DWORDS 2048u /* of 8 KiB */
#define MS 1000000u

static unsigned int slot, access_ms;
static uint32_t content[DWORDS];

/* The device takes its time. */
static void take_time(void *ctx, const char *op)
{
	(void)ctx;
	if (!strcmp(op, "vpd"))
		world->now += (uint64_t)access_ms * MS;
}

/* A card with 8 KiB of data that are written if a rule allows it, and takes @ms an access. */
static void given(unsigned int ms)
{
	world_typical();
	world->rules = "{\"version\":1,\"rules\":[{\"set\":{\"vpd\":\"write\"}}]}";
	for (unsigned int i = 0; i < DWORDS; i++)
		content[i] = 0x1000000 + i;
	fakexen_vpd(world->xen, NIC, content, DWORDS);
	slot = world_give(HVM, NIC);
	access_ms = ms;
	fakexen_hook(world->xen, take_time, NULL);
	fakexen_forget(world->xen);
}

static uint32_t data_at(uint32_t address)
{
	world_write(HVM, slot, ADDR, 2, address);
	ck_assert_uint_eq(world_read(HVM, slot, ADDR, 2), address | PCI_VPD_ADDR_F);
	return (uint32_t)world_read(HVM, slot, DATA, 4);
}

static void put(uint32_t address, uint32_t value)
{
	world_write(HVM, slot, DATA, 4, value);
	world_write(HVM, slot, ADDR, 2, address | PCI_VPD_ADDR_F);
	ck_assert_uint_eq(world_read(HVM, slot, ADDR, 2), address);
}

START_TEST(a_dword_is_read_from_the_device_once)
{
	given(0);
	for (unsigned int i = 0; i < 1000; i++)
		ck_assert_uint_eq(data_at(8), content[2]);
	world_count("vpd", 1);
	/* a reset does not change the data */
	world_write(HVM, slot, EXP_DEVCTL + 1, 1, 0x80);
	ck_assert_uint_eq(data_at(8), content[2]);
	world_count("vpd", 1);
}
END_TEST

START_TEST(beyond_the_end_the_device_is_asked_once)
{
	given(0);
	for (unsigned int i = 0; i < 1000; i++)
		ck_assert_uint_eq(data_at(0x4000 + i * 4), UINT32_MAX);
	world_count("vpd", 1);
	ck_assert_uint_eq(data_at(4 * DWORDS - 4), content[DWORDS - 1]);
}
END_TEST

START_TEST(a_written_dword_is_read_again)
{
	given(0);
	ck_assert_uint_eq(data_at(8), content[2]);
	put(8, 0x12345678);
	ck_assert_uint_eq(data_at(8), 0x12345678);
	ck_assert_uint_eq(data_at(8), 0x12345678);
	world_count("vpd 0000:03:00.0 write 8", 1);
	world_count("vpd 0000:03:00.0 read 8", 2);
	/* the device may keep what it had */
	put(8, 0x55);
	content[2] = 0x12345678;
	ck_assert_uint_eq(data_at(8), 0x12345678);
}
END_TEST

START_TEST(all_of_it_can_be_read_at_once)
{
	given(_i ? 1 : 0);
	for (unsigned int i = 0; i < DWORDS; i++)
		ck_assert_uint_eq(data_at(i * 4), content[i]);
	ck_assert(!world_log_has("too often"));
}
END_TEST

/* 2 s at once, and then a tenth of the time. */
START_TEST(a_slow_device_is_accessed_for_a_limited_time)
{
	unsigned int lines, at_once;

	given(100);
	lines = world->lines;
	for (unsigned int i = 0; i < 1000; i++)
		data_at(i * 4);
	at_once = fakexen_count(world->xen, "vpd");
	ck_assert_uint_ge(at_once, 20);
	ck_assert_uint_le(at_once, 24);
	ck_assert(world_log_has("the guest accesses its VPD too often"));
	ck_assert_uint_eq(world->lines, lines + 1);
	/* what was read is served, the rest reads all ones, and writes are dropped */
	ck_assert_uint_eq(data_at(0), content[0]);
	ck_assert_uint_eq(data_at(4 * 900), UINT32_MAX);
	put(4 * 900, 1);
	ck_assert_uint_eq(content[900], 0x1000000 + 900);
	world->now += 10000ull * MS;
	fakexen_forget(world->xen);
	for (unsigned int i = 0; i < 1000; i++)
		data_at(i * 4);
	ck_assert_uint_ge(fakexen_count(world->xen, "vpd"), 10);
	ck_assert_uint_le(fakexen_count(world->xen, "vpd"), 12);
	ck_assert_uint_eq(world->lines, lines + 1);
}
END_TEST

START_TEST(writes_are_limited_too)
{
	given(0);
	for (unsigned int i = 0; i < 10000; i++)
		put(8, i);
	ck_assert_uint_le(fakexen_count(world->xen, "vpd"), 2048);
	ck_assert_uint_lt(content[2], 10000 - 1);
}
END_TEST

Suite *suite_guest_vpd_limits(void)
{
	Suite *s = suite_create("guest_vpd_limits");
	TCase *t = tcase_create("guest_vpd_limits");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_add_test(t, a_dword_is_read_from_the_device_once);
	tcase_add_test(t, beyond_the_end_the_device_is_asked_once);
	tcase_add_test(t, a_written_dword_is_read_again);
	tcase_add_loop_test(t, all_of_it_can_be_read_at_once, 0, 2);
	tcase_add_test(t, a_slow_device_is_accessed_for_a_limited_time);
	tcase_add_test(t, writes_are_limited_too);
	suite_add_tcase(s, t);
	return s;
}
