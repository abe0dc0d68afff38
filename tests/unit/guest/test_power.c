/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Power states in the hardware, where a rule allows them. The played card does what PCI Express 5.3
 * says: from D3hot to D0 it is reset, unless its No_Soft_Reset is 1.
 */
#include <errno.h>
#include <pci/header.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/bits.h"
#include "suites.h"
#include "world.h"

#define PM 0x40
#define PMCSR (PM + PCI_PM_CTRL)
#define ALLOW "{\"version\":1,\"rules\":[{\"set\":{\"pm\":{\"d3\":\"allow\"}}}]}"
#define ALLOW_KEPT                                                                                 \
	"{\"version\":1,\"rules\":[{\"set\":{\"pm\":{\"d3\":\"allow\",\"no_soft_reset\":true}}}]}"
#define ALLOW_LOST                                                                                 \
	"{\"version\":1,\"rules\":[{\"set\":{\"pm\":{\"d3\":\"allow\",\"no_soft_reset\":false}}}]" \
	"}"

static unsigned int slot;

/* The hardware's side. */
static unsigned int state, writes, wide, resets_asleep;
static bool stuck;
static uint64_t due; /* ns: no access before, PCI Express 5.9 */

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint32_t peek(uint32_t off, unsigned int len)
{
	return fakexen_peek(world->xen, NIC, off, len);
}

static void poke(uint32_t off, unsigned int len, uint32_t value)
{
	fakexen_poke(world->xen, NIC, off, len, value);
}

/* As a reset leaves it. */
static void lose(void)
{
	poke(PCI_COMMAND, 2, 0);
	poke(PCI_CACHE_LINE_SIZE, 1, 0);
	for (uint32_t off = PCI_BASE_ADDRESS_0; off <= PCI_BASE_ADDRESS_5; off += 4)
		poke(off, 4, peek(off, 4) & 0xf);
	poke(PCI_ROM_ADDRESS, 4, 0);
	poke(PCI_INTERRUPT_LINE, 1, 0);
	poke(CAP_EXPRESS + PCI_EXP_DEVCTL, 2, 0x2810);
	poke(CAP_EXPRESS + PCI_EXP_LNKCTL, 2, 0);
	poke(CAP_MSI + 2, 2, peek(CAP_MSI + 2, 2) & 0xff8e);
	poke(CAP_MSIX + 2, 2, peek(CAP_MSIX + 2, 2) & 0x3fff);
}

static void hardware(struct fakexen *f, struct ec_sbdf at, uint32_t off, unsigned int len,
		     bool write, uint32_t value)
{
	unsigned int to;

	(void)f;
	if (at.bus != NIC.bus)
		return;
	ck_assert_msg(now() >= due, "%x is accessed too early", off);
	if (!write || off > PMCSR || off + len <= PMCSR)
		return;
	writes++;
	wide += len != 1;
	to = stuck ? state : value & 3;
	poke(PMCSR, 1, (peek(PMCSR, 1) & 8) | to);
	if (to == state)
		return;
	due = now() + (state == 3 || to == 3 ? 10000000 : state == 2 || to == 2 ? 200000 : 0);
	if (state == 3 && !(peek(PMCSR, 1) & PCI_PM_CTRL_NO_SOFT_RST))
		lose();
	state = to;
}

/* The kernel takes it for one in D0. */
static void kernel(const char *op)
{
	resets_asleep += state && !strcmp(op, "reset");
}

static void given(const char *rules, bool no_soft_reset)
{
	struct fixture x;
	int rc;

	state = writes = wide = resets_asleep = 0;
	stuck = false;
	due = 0;
	world_new();
	world_guest(HVM);
	world_card(&x, NIC);
	fixture_put(&x, PMCSR, 2, no_soft_reset ? 8 : 0);
	fixture_put(&x, PM + 2, 2, 0x0603); /* D1 and D2 */
	fixture_put(&x, CAP_EXPRESS + PCI_EXP_DEVCTL, 2, 0x2837);
	fixture_put(&x, CAP_EXPRESS + PCI_EXP_LNKCTL, 2, 0x0042);
	world_add(NIC, "nic", &x);
	world->rules = rules;
	rc = world_attach(HVM, NIC);
	ck_assert_msg(!rc, "%s", world->diag.text);
	slot = ec_sbdf_device(world->at.function.guest);
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
	ck_assert_uint_eq(peek(0x10, 4), 0xf800000c);
	ck_assert_uint_eq(peek(0x14, 4), 0x40);
	ck_assert_uint_eq(peek(0x18, 4), 0xe001);
	ck_assert_uint_eq(peek(0x1c, 4), BAR3);
	ck_assert_uint_eq(peek(PCI_COMMAND, 2) & 3, 3);
	ck_assert_uint_eq(peek(PCI_INTERRUPT_LINE, 1), 0x0b);
	ck_assert_uint_eq(peek(CAP_EXPRESS + PCI_EXP_DEVCTL, 2), 0x2837);
	ck_assert_uint_eq(peek(CAP_EXPRESS + PCI_EXP_LNKCTL, 2), 0x0042);
}

/* By default, and by the other words, the hardware never hears of it. */
START_TEST(not_allowed)
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

START_TEST(all_states)
{
	static const unsigned int path[] = { 1, 0, 2, 0, 3, 0, 1, 2, 3, 0 };

	given(ALLOW, true);
	use();
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(path); i++) {
		enter(path[i]);
		ck_assert_uint_eq(state, path[i]);
		ck_assert_uint_eq(shown(), path[i]);
	}
	/* nothing was lost, and nothing is done about it */
	ck_assert_uint_eq(fakexen_count(world->xen, "map_"), 0);
	ck_assert_uint_eq(fakexen_count(world->xen, "unbind_msi"), 0);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_COMMAND, 2), 7);
	ck_assert_uint_eq(peek(PCI_COMMAND, 2) & 7, 7);
	ck_assert_uint_eq(peek(CAP_MSIX + 2, 2) & 0xc000, 0x8000);
	/* the byte with the state, and nothing else of the register */
	ck_assert_uint_eq(wide, 0);
	ck_assert_uint_eq(writes, EC_ARRAY_SIZE(path));
	/* from a state only deeper ones, and D0 */
	enter(3);
	enter(2);
	ck_assert_uint_eq(state, 3);
	ck_assert_uint_eq(shown(), 3);
	world_check();
}
END_TEST

START_TEST(states_that_it_lacks)
{
	struct fixture x;

	given(ALLOW, true);
	ck_assert_int_eq(world_detach(HVM, NIC), 0);
	world_end();
	world_new();
	world_guest(HVM);
	world_card(&x, NIC);
	fixture_put(&x, PM + 2, 2, 0x0003);
	world_add(NIC, "nic", &x);
	world->rules = ALLOW;
	ck_assert_int_eq(world_attach(HVM, NIC), 0);
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

/* The guest is told that it will be reset, and so it is: view, mappings, interrupts. */
START_TEST(reset_on_the_way)
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
		ck_assert_uint_eq(fakexen_count(world->xen, "map_"), 0);
		enter(0);
		ck_assert_uint_eq(state, 0);
		world_count("unbind_msi", 3);
		world_count("unmap_pirq", 3);
		ck_assert_uint_eq(fakexen_count(world->xen, "map_memory"), 3);
		world_count("reset", 0);
		for (uint32_t i = 0; i < 64; i++)
			ck_assert_msg(world_read(HVM, slot, i * 4, 4) == view[i], "%x: not %x",
				      i * 4, view[i]);
		hardware_is_whole();
		ck_assert_uint_eq(peek(PCI_COMMAND, 2) & 4, 0);
	}
	use();
	ck_assert_int_eq(world_detach(HVM, NIC), 0);
	world_check_clean();
}
END_TEST

/* The site says that nothing is lost: what can be put back is. */
START_TEST(kept_by_rule)
{
	given(ALLOW_KEPT, false);
	use();
	enter(3);
	enter(0);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_COMMAND, 2), 7);
	ck_assert_uint_eq(world_read(HVM, slot, 0x10, 4), AT_BAR0 | 0xc);
	ck_assert_uint_eq(fakexen_count(world->xen, "map_memory"), 0);
	world_count("bind_msi", 3);
	hardware_is_whole();
	ck_assert_uint_eq(peek(PCI_COMMAND, 2) & 7, 7);
	ck_assert_uint_eq(peek(CAP_MSIX + 2, 2) & 0xc000, 0x8000);
	/* bus mastering that ended in D3hot does not come back */
	enter(3);
	world_write(HVM, slot, PCI_COMMAND, 2, 3);
	enter(0);
	ck_assert_uint_eq(peek(PCI_COMMAND, 2) & 7, 3);
	ck_assert_int_eq(world_detach(HVM, NIC), 0);
	world_check_clean();
}
END_TEST

START_TEST(kept_msi)
{
	given(ALLOW_KEPT, false);
	world_place(HVM, slot);
	world_write(HVM, slot, CAP_MSI + 4, 4, 0xfee01000);
	world_write(HVM, slot, CAP_MSI + 12, 2, 0x41);
	world_write(HVM, slot, CAP_MSI + 2, 2, 1);
	fakexen_forget(world->xen);
	enter(3);
	enter(0);
	world_count("bind_msi", 1);
	ck_assert_uint_eq(peek(CAP_MSI + 2, 2) & 1, 1);
	ck_assert_int_eq(world_detach(HVM, NIC), 0);
	world_check_clean();
}
END_TEST

enum { END_FLR, END_DETACH, END_DEATH, END_SERVICE, ENDS };

/* Whatever comes next finds it in D0. */
START_TEST(ends_asleep)
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
		ck_assert_int_eq(world_detach(HVM, NIC), 0);
		break;
	case END_DEATH:
		fakexen_kill(world->xen, HVM);
		ck_assert_uint_eq(ec_service_reap(world->service), 0);
		break;
	default:
		ec_service_free(world->service);
		world->service = NULL;
	}
	ck_assert_uint_eq(state, 0);
	ck_assert_uint_eq(resets_asleep, 0);
	hardware_is_whole();
	if (_i % ENDS != END_FLR)
		world_check_clean();
}
END_TEST

/* One that does not move: the guest sees that, it is said a few times, and the end is an end. */
START_TEST(does_not_move)
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

/* It fell off the bus. */
START_TEST(gone)
{
	given(ALLOW, true);
	use();
	if (_i)
		enter(3);
	for (uint32_t off = 0; off < EC_CONFIG_SIZE; off += 4)
		poke(off, 4, 0xffffffff);
	stuck = true;
	fakexen_watch(world->xen, NULL);
	enter(_i ? 0 : 3);
	ck_assert_uint_eq(peek(0x10, 4), 0xffffffff);
	ck_assert_uint_eq(peek(PCI_COMMAND, 2), 0xffff);
	world->gone = true;
	ck_assert_int_lt(world_detach(HVM, NIC), 0);
	world_check();
}
END_TEST

/* A request moves it once, however often it writes; and the guest sees where it is. */
START_TEST(once_a_request)
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
	q.addr = (uint64_t)slot << 35 | PMCSR;
	ck_assert(fakexen_request(world->xen, HVM, &q));
	ck_assert_uint_le(writes, 1);
	ck_assert_uint_eq(shown(), state);
	q.addr = (uint64_t)slot << 35 | PMCSR;
	ck_assert(fakexen_request(world->xen, HVM, &q));
	ck_assert_uint_le(writes, 2);
	ck_assert_uint_eq(shown(), state);
}
END_TEST

/* Each call fails in turn: what stays is taken later. */
START_TEST(fails_anywhere)
{
	for (unsigned int n = 1; n < 100; n++, world_end()) {
		given(_i ? ALLOW_KEPT : ALLOW, false);
		use();
		enter(3);
		fakexen_fail(world->xen, n, EIO);
		enter(0);
		if (fakexen_failing(world->xen)) {
			ck_assert_uint_gt(n, 6);
			return;
		}
		world_check();
		ck_assert_int_eq(world_detach(HVM, NIC), 0);
		world_check_clean();
	}
}
END_TEST

/* Left asleep by who had it before: the kernel would reset it so. */
START_TEST(found_asleep)
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
	ck_assert_int_eq(world_attach(HVM, NIC), 0);
	ck_assert_uint_eq(state, 0);
	ck_assert_uint_eq(resets_asleep, 0);
	ck_assert_uint_eq(wide, 0);
	ck_assert(world_log_has("is found in D3"));
	slot = ec_sbdf_device(world->at.function.guest);
	ck_assert_uint_eq(shown(), 0);
	ck_assert_int_eq(world_detach(HVM, NIC), 0);
	world_check_clean();
}
END_TEST

Suite *suite_service_power(void)
{
	Suite *s = suite_create("service_power");
	TCase *t = tcase_create("service_power");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, not_allowed, 0, 3);
	tcase_add_test(t, all_states);
	tcase_add_test(t, states_that_it_lacks);
	tcase_add_loop_test(t, reset_on_the_way, 0, 2);
	tcase_add_test(t, kept_by_rule);
	tcase_add_test(t, kept_msi);
	tcase_add_loop_test(t, ends_asleep, 0, 2 * ENDS);
	tcase_add_loop_test(t, does_not_move, 0, 2);
	tcase_add_loop_test(t, gone, 0, 2);
	tcase_add_test(t, once_a_request);
	tcase_add_loop_test(t, fails_anywhere, 0, 2);
	tcase_add_loop_test(t, found_asleep, 0, 2);
	suite_add_tcase(s, t);
	return s;
}
