/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Power states in the hardware if a rule allows them. The played card follows PCI Express 5.3: it
 * is reset on the way from D3hot to D0 unless its No_Soft_Reset is 1.
 */
#include <errno.h>
#include <pci/header.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/bits.h"
#include "suites.h"
#include "world.h"

#define ALLOW "{\"version\":1,\"rules\":[{\"set\":{\"pm\":{\"d3\":\"allow\"}}}]}"
#define ALLOW_KEPT                                                                                 \
	"{\"version\":1,\"rules\":[{\"set\":{\"pm\":{\"d3\":\"allow\",\"no_soft_reset\":true}}}]}"
#define ALLOW_LOST                                                                                 \
	"{\"version\":1,\"rules\":[{\"set\":{\"pm\":{\"d3\":\"allow\",\"no_soft_reset\":false}}}]" \
	"}"

static unsigned int slot;

/* The state of the hardware, and what was done to it. */
static unsigned int state, writes, wide, resets_asleep;
static bool stuck;
static uint64_t due; /* ns: no access is allowed before, PCI Express 5.9 */

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* The registers after a reset. */
static void lose(void)
{
	world_poke(PCI_COMMAND, 2, 0);
	world_poke(PCI_CACHE_LINE_SIZE, 1, 0);
	for (uint32_t off = PCI_BASE_ADDRESS_0; off <= PCI_BASE_ADDRESS_5; off += 4)
		world_poke(off, 4, world_peek(off, 4) & 0xf);
	world_poke(PCI_ROM_ADDRESS, 4, 0);
	world_poke(PCI_INTERRUPT_LINE, 1, 0);
	world_poke(CAP_EXPRESS + PCI_EXP_DEVCTL, 2, 0x2810);
	world_poke(CAP_EXPRESS + PCI_EXP_LNKCTL, 2, 0);
	world_poke(MSI_FLAGS, 2, world_peek(MSI_FLAGS, 2) & 0xff8e);
	world_poke(MSIX_FLAGS, 2, world_peek(MSIX_FLAGS, 2) & 0x3fff);
}

static void hardware(const struct fakexen_access *a)
{
	unsigned int to;

	if (a->at.bus != NIC.bus)
		return;
	ck_assert_msg(now() >= due, "%x is accessed too early", a->offset);
	if (!a->write || a->offset > PMCSR || a->offset + a->len <= PMCSR)
		return;
	writes++;
	wide += a->len != 1;
	to = stuck ? state : a->value & 3;
	world_poke(PMCSR, 1, (world_peek(PMCSR, 1) & 8) | to);
	if (to == state)
		return;
	due = now() + (state == 3 || to == 3 ? 10000000 : state == 2 || to == 2 ? 200000 : 0);
	if (state == 3 && !(world_peek(PMCSR, 1) & PCI_PM_CTRL_NO_SOFT_RST))
		lose();
	state = to;
}

/* The kernel resets a function as if it were in D0. */
static void kernel(const char *op)
{
	resets_asleep += state && !strcmp(op, "reset");
}

static void given(const char *rules, bool no_soft_reset)
{
	struct fixture x;

	state = writes = wide = resets_asleep = 0;
	stuck = false;
	due = 0;
	world_new();
	world_guest(HVM);
	world_card(&x, NIC);
	fixture_put(&x, PMCSR, 2, no_soft_reset ? 8 : 0);
	fixture_put(&x, CAP_PM + 2, 2, 0x0603); /* D1 and D2 */
	fixture_put(&x, CAP_EXPRESS + PCI_EXP_DEVCTL, 2, 0x2837);
	fixture_put(&x, CAP_EXPRESS + PCI_EXP_LNKCTL, 2, 0x0042);
	world_add(NIC, "nic", &x);
	world->rules = rules;
	slot = world_give(HVM, NIC);
	world->hook = kernel;
	fakexen_watch(world->xen, hardware);
}

static void use(void)
{
	world_place(HVM, slot);
	world_msix(HVM, slot, PCI_MSIX_ENABLE);
	for (unsigned int i = 0; i < 3; i++)
		world_entry(HVM, i, 0xfee01000, 0x40 + i, 0);
	fakexen_forget(world->xen);
}

static void enter(unsigned int n)
{
	world_write(HVM, slot, PMCSR, 2, n);
}

static unsigned int shown(void)
{
	return (unsigned int)world_read(HVM, slot, PMCSR, 2) & 3;
}

static void hardware_is_whole(void)
{
	ck_assert_uint_eq(world_peek(0x10, 4), 0xf800000c);
	ck_assert_uint_eq(world_peek(0x14, 4), 0x40);
	ck_assert_uint_eq(world_peek(0x18, 4), 0xe001);
	ck_assert_uint_eq(world_peek(0x1c, 4), BAR3);
	ck_assert_uint_eq(world_peek(PCI_COMMAND, 2) & 3, 3);
	ck_assert_uint_eq(world_peek(PCI_INTERRUPT_LINE, 1), 0x0b);
	ck_assert_uint_eq(world_peek(CAP_EXPRESS + PCI_EXP_DEVCTL, 2), 0x2837);
	ck_assert_uint_eq(world_peek(CAP_EXPRESS + PCI_EXP_LNKCTL, 2), 0x0042);
}

/* By default, and with the other settings. */
START_TEST(without_allow_the_hardware_stays_in_d0)
{
	static const char *const rules[] = {
		NULL,
		"{\"version\":1,\"rules\":[{\"set\":{\"pm\":{\"d3\":\"emulate\"}}}]}",
		"{\"version\":1,\"rules\":[{\"set\":{\"pm\":{\"d3\":\"forbid\"}}}]}",
	};

	given(rules[_i], false);
	use();
	enter(3);
	ck_assert_uint_eq(shown(), _i == 2 ? 0 : 3);
	ck_assert_uint_ne(world_read(HVM, slot, PMCSR, 2) & PCI_PM_CTRL_NO_SOFT_RST, 0);
	enter(0);
	ck_assert_uint_eq(writes, 0);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_COMMAND, 2), 7);
}
END_TEST

START_TEST(each_state_is_entered_by_one_byte_write)
{
	static const unsigned int path[] = { 1, 0, 2, 0, 3, 0, 1, 2, 3, 0 };

	given(ALLOW, true);
	use();
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(path); i++) {
		enter(path[i]);
		ck_assert_uint_eq(state, path[i]);
		ck_assert_uint_eq(shown(), path[i]);
	}
	/* four times the guest had no BARs; nothing else was lost */
	world_count("unbind_msi", 4 * 3);
	world_count("map_msi", 4 * 3);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_COMMAND, 2), 7);
	ck_assert_uint_eq(world_peek(PCI_COMMAND, 2) & 7, 7);
	ck_assert_uint_eq(world_peek(MSIX_FLAGS, 2) & 0xc000, 0x8000);
	/* only the byte with the state is written */
	ck_assert_uint_eq(wide, 0);
	ck_assert_uint_eq(writes, EC_ARRAY_SIZE(path));
	/* a state leads only to deeper ones and to D0 */
	enter(3);
	enter(2);
	ck_assert_uint_eq(state, 3);
	ck_assert_uint_eq(shown(), 3);
	world_check();
}
END_TEST

START_TEST(states_the_function_lacks_are_not_entered)
{
	struct fixture x;

	given(ALLOW, true);
	world_take(HVM, NIC);
	world_end();
	world_new();
	world_guest(HVM);
	world_card(&x, NIC);
	fixture_put(&x, CAP_PM + 2, 2, 0x0003);
	world_add(NIC, "nic", &x);
	world->rules = ALLOW;
	world_give(HVM, NIC);
	writes = 0;
	fakexen_watch(world->xen, hardware);
	enter(1);
	enter(2);
	ck_assert_uint_eq(writes, 0);
	ck_assert_uint_eq(shown(), 0);
	enter(3);
	ck_assert_uint_eq(state, 3);
}
END_TEST

/* No_Soft_Reset reads 0: view, mappings and interrupts are those after a reset. */
START_TEST(a_function_that_loses_state_is_reset_for_the_guest)
{
	uint32_t view[64];

	given(_i ? ALLOW_LOST : ALLOW, _i);
	for (uint32_t i = 0; i < 64; i++)
		view[i] = (uint32_t)world_read(HVM, slot, i * 4, 4);
	ck_assert_uint_eq(view[PMCSR / 4] & PCI_PM_CTRL_NO_SOFT_RST, 0);
	for (unsigned int round = 0; round < 2; round++) {
		use();
		world_write(HVM, slot, PCI_CACHE_LINE_SIZE, 1, 0x20);
		enter(3);
		ck_assert_uint_eq(state, 3);
		world_count("map_memory", 3);
		enter(0);
		ck_assert_uint_eq(state, 0);
		world_count("unbind_msi", 3);
		world_count("unmap_pirq", 3);
		world_count("map_memory", 3);
		world_count("reset", 0);
		for (uint32_t i = 0; i < 64; i++)
			ck_assert_msg(world_read(HVM, slot, i * 4, 4) == view[i], "%x: not %x",
				      i * 4, view[i]);
		hardware_is_whole();
		ck_assert_uint_eq(world_peek(PCI_COMMAND, 2) & 4, 0);
	}
	use();
	world_take(HVM, NIC);
	world_check_clean();
}
END_TEST

/* No_Soft_Reset reads 1. */
START_TEST(a_rule_that_keeps_state_restores_it)
{
	given(ALLOW_KEPT, false);
	use();
	enter(3);
	enter(0);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_COMMAND, 2), 7);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_BASE_ADDRESS_0, 4), AT_BAR0 | 0xc);
	world_count("bind_msi", 3);
	hardware_is_whole();
	ck_assert_uint_eq(world_peek(PCI_COMMAND, 2) & 7, 7);
	ck_assert_uint_eq(world_peek(MSIX_FLAGS, 2) & 0xc000, 0x8000);
	/* bus mastering that was turned off in D3hot stays off */
	enter(3);
	world_write(HVM, slot, PCI_COMMAND, 2, 3);
	enter(0);
	ck_assert_uint_eq(world_peek(PCI_COMMAND, 2) & 7, 3);
	world_take(HVM, NIC);
	world_check_clean();
}
END_TEST

START_TEST(a_rule_that_keeps_state_restores_msi)
{
	given(ALLOW_KEPT, false);
	world_place(HVM, slot);
	world_write(HVM, slot, MSI_ADDRESS, 4, 0xfee01000);
	world_write(HVM, slot, MSI_DATA, 2, 0x41);
	world_write(HVM, slot, MSI_FLAGS, 2, 1);
	fakexen_forget(world->xen);
	enter(3);
	enter(0);
	world_count("bind_msi", 1);
	ck_assert_uint_eq(world_peek(MSI_FLAGS, 2) & 1, 1);
	world_take(HVM, NIC);
	world_check_clean();
}
END_TEST

enum { END_FLR, END_DETACH, END_DEATH, END_SERVICE, ENDS };

/* So does the end of the service. */
START_TEST(flr_detach_and_death_wake_the_function)
{
	given(ALLOW, _i >= ENDS);
	use();
	enter(_i >= ENDS ? 2 : 3);
	ck_assert_uint_ne(state, 0);
	switch (_i % ENDS) {
	case END_FLR:
		world_write(HVM, slot, CAP_EXPRESS + 9, 1, 0x80);
		world_count("reset", 1);
		ck_assert_uint_eq(shown(), 0);
		break;
	case END_DETACH:
		world_take(HVM, NIC);
		break;
	case END_DEATH:
		fakexen_kill(world->xen, HVM);
		ck_assert_uint_eq(ec_service_tick(world->service), 0);
		break;
	default:
		world_stop();
	}
	ck_assert_uint_eq(state, 0);
	ck_assert_uint_eq(resets_asleep, 0);
	hardware_is_whole();
	if (_i % ENDS != END_FLR)
		world_check_clean();
}
END_TEST

/* The guest sees the state it remains in, and a detach succeeds. */
START_TEST(a_function_that_does_not_move_is_reported_a_few_times)
{
	unsigned int lines;

	given(ALLOW, true);
	use();
	if (_i)
		enter(3);
	stuck = true;
	lines = world->lines;
	for (unsigned int i = 0; i < 30; i++) {
		enter(_i ? 0 : 3);
		ck_assert_uint_eq(shown(), _i ? 3 : 0);
	}
	ck_assert_uint_gt(world->lines, lines);
	ck_assert_uint_le(world->lines - lines, 25);
	world_detach(HVM, NIC);
	world_check_clean();
}
END_TEST

START_TEST(a_function_that_fell_off_the_bus_is_detached)
{
	given(ALLOW, true);
	use();
	if (_i)
		enter(3);
	for (uint32_t off = 0; off < EC_CONFIG_SIZE; off += 4)
		world_poke(off, 4, 0xffffffff);
	stuck = true;
	fakexen_watch(world->xen, NULL);
	enter(_i ? 0 : 3);
	ck_assert_uint_eq(world_peek(0x10, 4), 0xffffffff);
	ck_assert_uint_eq(world_peek(PCI_COMMAND, 2), 0xffff);
	world->gone = true;
	ck_assert_int_lt(world_detach(HVM, NIC), 0);
	world_check();
}
END_TEST

/* The request writes hundreds of states; the guest reads the one that the hardware has. */
START_TEST(a_request_changes_the_state_once)
{
	struct ec_ioreq q = { .type = EC_IOREQ_PCI_CONFIG,
			      .write = true,
			      .size = 1,
			      .count = 512,
			      .data_is_ptr = true,
			      .data = 0x1000 };
	uint8_t *ram;

	given(ALLOW, false);
	use();
	ram = fakexen_memory(world->xen, HVM);
	for (unsigned int i = 0; i < 512; i++)
		ram[0x1000 + i] = i & 1 ? 0 : 3;
	q.addr = CONFIG(slot, PMCSR);
	ck_assert(fakexen_request(world->xen, HVM, &q));
	ck_assert_uint_le(writes, 1);
	ck_assert_uint_eq(shown(), state);
	q.addr = CONFIG(slot, PMCSR);
	ck_assert(fakexen_request(world->xen, HVM, &q));
	ck_assert_uint_le(writes, 2);
	ck_assert_uint_eq(shown(), state);
}
END_TEST

/* What stays after the failure is taken at the detach. */
START_TEST(each_call_that_fails_leaves_nothing)
{
	for (unsigned int n = 1; n < 100; n++, world_end()) {
		given(_i ? ALLOW_KEPT : ALLOW, false);
		use();
		fakexen_fail(world->xen, n, EIO);
		enter(3);
		enter(0);
		if (fakexen_failing(world->xen)) {
			ck_assert_uint_gt(n, 6);
			return;
		}
		world_check();
		world_take(HVM, NIC);
		world_check_clean();
	}
}
END_TEST

/* A previous owner may have left it in D3hot; the kernel would reset it as if it were in D0. */
START_TEST(a_function_found_asleep_is_woken_before_its_reset)
{
	struct fixture x;

	state = 3;
	writes = wide = resets_asleep = 0;
	stuck = false;
	due = 0;
	world_new();
	world_guest(HVM);
	world_card(&x, NIC);
	fixture_put(&x, PMCSR, 2, 3 | PCI_PM_CTRL_NO_SOFT_RST);
	world_add(NIC, "nic", &x);
	world->rules = _i ? ALLOW : NULL;
	world->hook = kernel;
	fakexen_watch(world->xen, hardware);
	world_give(HVM, NIC);
	ck_assert_uint_eq(state, 0);
	ck_assert_uint_eq(resets_asleep, 0);
	ck_assert_uint_eq(wide, 0);
	ck_assert(world_log_has("is found in D3"));
	slot = ec_sbdf_device(world->at.function.guest);
	ck_assert_uint_eq(shown(), 0);
	world_take(HVM, NIC);
	world_check_clean();
}
END_TEST

Suite *suite_guest_power(void)
{
	Suite *s = suite_create("guest_power");
	TCase *t = tcase_create("service_power");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, without_allow_the_hardware_stays_in_d0, 0, 3);
	tcase_add_test(t, each_state_is_entered_by_one_byte_write);
	tcase_add_test(t, states_the_function_lacks_are_not_entered);
	tcase_add_loop_test(t, a_function_that_loses_state_is_reset_for_the_guest, 0, 2);
	tcase_add_test(t, a_rule_that_keeps_state_restores_it);
	tcase_add_test(t, a_rule_that_keeps_state_restores_msi);
	tcase_add_loop_test(t, flr_detach_and_death_wake_the_function, 0, 2 * ENDS);
	tcase_add_loop_test(t, a_function_that_does_not_move_is_reported_a_few_times, 0, 2);
	tcase_add_loop_test(t, a_function_that_fell_off_the_bus_is_detached, 0, 2);
	tcase_add_test(t, a_request_changes_the_state_once);
	tcase_add_loop_test(t, each_call_that_fails_leaves_nothing, 0, 2);
	tcase_add_loop_test(t, a_function_found_asleep_is_woken_before_its_reset, 0, 2);
	suite_add_tcase(s, t);
	return s;
}
