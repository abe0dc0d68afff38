/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bus mastering that Xen turns off. A device whose DMA faults too often loses the bit in COMMAND
 * (XSA-5; Xen drivers/passthrough/pci.c, pci_check_disable_device()).
 */
#include <pci/header.h>

#include "core/bits.h"
#include "suites.h"
#include "world.h"

#define MINUTE 60000000000u

/* Times that bus mastering went from off to on in the hardware. */
static unsigned int turned_on;
static bool is_on;
static unsigned int slot;

static void hardware(const struct fakexen_access *a)
{
	bool on = a->value & PCI_COMMAND_MASTER;

	if (a->at.bus != NIC.bus || !a->write || a->offset != PCI_COMMAND)
		return;
	turned_on += on && !is_on;
	is_on = on;
}

static void xen_turns_it_off(void)
{
	world_poke(PCI_COMMAND, 1, world_peek(PCI_COMMAND, 1) & ~(uint32_t)PCI_COMMAND_MASTER);
	is_on = false;
}

static void in_use(void)
{
	world_typical();
	world->rules = "{\"version\":1,\"rules\":[{\"set\":{\"pm\":{\"d3\":\"allow\"}}}]}";
	slot = world_give(HVM, NIC);
	turned_on = 0;
	is_on = false;
	fakexen_watch(world->xen, hardware);
	world_place(HVM, slot);
	ck_assert_uint_eq(turned_on, 1);
	turned_on = 0;
}

/* What a guest may do before it turns bus mastering on again. */
static void nothing(void)
{
}

static void turn_it_off(void)
{
	world_write(HVM, slot, PCI_COMMAND, 2, 3);
}

static void reset_it(void)
{
	world_write(HVM, slot, EXP_DEVCTL + 1, 1, 0x80);
	is_on = false;
}

static void suspend_it(void)
{
	world_write(HVM, slot, PMCSR, 1, 3);
	world_write(HVM, slot, PMCSR, 1, 0);
	is_on = world_peek(PCI_COMMAND, 1) & PCI_COMMAND_MASTER;
}

static void (*const between[])(void) = { nothing, turn_it_off, reset_it, suspend_it };

START_TEST(what_xen_turns_off_is_turned_on_a_few_times_a_minute)
{
	unsigned int lines, rounds = between[_i] == suspend_it ? 20 : 1000;

	in_use();
	lines = world->lines;
	for (unsigned int i = 0; i < rounds; i++) {
		xen_turns_it_off();
		between[_i]();
		world_write(HVM, slot, PCI_COMMAND, 2, 7);
	}
	ck_assert_uint_ge(turned_on, 2);
	ck_assert_uint_le(turned_on, 4);
	ck_assert(world_log_has("bus mastering was turned off too often"));
	ck_assert_uint_le(world->lines - lines, 21);
	/* the guest sees what the hardware has */
	ck_assert_uint_eq(world_read(HVM, slot, PCI_COMMAND, 2), 3);
	world_take(HVM, NIC);
	world_check_clean();
}
END_TEST

START_TEST(after_the_limit_it_stays_off_until_a_reset)
{
	in_use();
	for (unsigned int i = 0; i < 10; i++) {
		xen_turns_it_off();
		world_write(HVM, slot, PCI_COMMAND, 2, 7);
	}
	world->now += MINUTE;
	turned_on = 0;
	world_write(HVM, slot, PCI_COMMAND, 2, 3);
	world_write(HVM, slot, PCI_COMMAND, 2, 7);
	ck_assert_uint_eq(turned_on, 0);
	reset_it();
	world_place(HVM, slot);
	ck_assert_uint_eq(turned_on, 1);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_COMMAND, 2), 7);
}
END_TEST

START_TEST(a_recovery_now_and_then_has_no_limit)
{
	in_use();
	for (unsigned int i = 0; i < 100; i++) {
		xen_turns_it_off();
		world_write(HVM, slot, PCI_COMMAND, 2, 7);
		world->now += MINUTE / 4;
	}
	ck_assert_uint_eq(turned_on, 100);
	ck_assert(!world_log_has("bus mastering"));
}
END_TEST

/* What the guest itself, a reset or a power state turns off. */
START_TEST(a_guest_has_no_limit_if_nothing_else_turns_it_off)
{
	unsigned int rounds = between[_i] == suspend_it ? 20 : 1000;

	in_use();
	for (unsigned int i = 0; i < rounds; i++) {
		between[_i]();
		world_write(HVM, slot, PCI_COMMAND, 2, 7);
		ck_assert_uint_eq(world_read(HVM, slot, PCI_COMMAND, 2), 7);
	}
	ck_assert(!world_log_has("bus mastering"));
}
END_TEST

Suite *suite_guest_bus_master(void)
{
	Suite *s = suite_create("guest_bus_master");
	TCase *t = tcase_create("guest_bus_master");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, what_xen_turns_off_is_turned_on_a_few_times_a_minute, 0,
			    EC_ARRAY_SIZE(between));
	tcase_add_test(t, after_the_limit_it_stays_off_until_a_reset);
	tcase_add_test(t, a_recovery_now_and_then_has_no_limit);
	tcase_add_loop_test(t, a_guest_has_no_limit_if_nothing_else_turns_it_off, 0,
			    EC_ARRAY_SIZE(between));
	suite_add_tcase(s, t);
	return s;
}
