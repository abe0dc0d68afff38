/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where functions are placed, and what is left after a failure or a hostile guest. */
#include <errno.h>
#include <pci/header.h>
#include <stdio.h>
#include <string.h>

#include "core/bits.h"
#include "core/pci_bits.h"
#include "emulated/host_bridge.h"
#include "emulated/placeholder.h"
#include "emulated/root_port_events.h"
#include "flat.h"
#include "machine/machine.h"
#include "suites.h"

START_TEST(a_bypassed_function_is_on_bus_0)
{
	flat_start(PVH);
	world_give(PVH, NIC);
	world_give_as(PVH, "0000:04:00.0,topology=bypassed");
	flat_at("00:02.0");
	ck_assert_uint_eq(flat_ids(PVH, 2), NIC_IDS);
	ck_assert_uint_eq(world_read(PVH, 2, CAP_EXPRESS + PCI_EXP_FLAGS, 2) >> 4 & 15,
			  PCI_EXP_TYPE_ROOT_INT_EP);
}
END_TEST

/* Another card, on bus 10 + @i. */
static struct ec_sbdf add_card(unsigned int i)
{
	struct ec_sbdf at = { .bus = (uint8_t)(0x10 + i) };
	struct fixture x;

	world_card(&x, NIC2);
	fixture_put(&x, PCI_BASE_ADDRESS_0, 4, 0xc000000c + i * 0x100000);
	fixture_put(&x, PCI_BASE_ADDRESS_2, 4, 0x8001 + i * 0x100);
	fixture_put(&x, PCI_BASE_ADDRESS_3, 4, 0xc1000000 + i * 0x100000);
	fixture_put(&x, PCI_ROM_ADDRESS, 4, 0xc2000000 + i * 0x100000);
	world_add(at, "", &x);
	return at;
}

/* It has a bus for each root port; the tables of a guest that has started cannot change. */
START_TEST(the_window_grows_until_the_guest_starts)
{
	struct ec_sbdf at;
	char text[32], line[64];

	flat_start(PVH);
	world_give_as(PVH, "0000:03:00.0@5");
	flat_at("01:00.0");
	for (unsigned int i = 0; i < 3; i++) {
		if (i == 2)
			flat_info->started = _i;
		at = add_card(i);
		if (i < 2) {
			world_give(PVH, at);
			snprintf(text, sizeof(text), "%02x:00.0", i + 1);
			flat_at(text);
		}
	}
	if (_i) {
		flat_refused(PVH, "0000:12:00.0", -ENOSPC, "the ECAM window has 4");
		return;
	}
	world_give(PVH, at);
	snprintf(line, sizeof(line), "range d3 memory fd000000 fd7fffff add");
	world_has(line);
}
END_TEST

/*
 * The window must agree with the tables that the guest has: otherwise nothing could be attached
 * after it has started.
 */
START_TEST(a_failed_attach_leaves_the_window_of_the_tables)
{
	for (unsigned int n = 1;; n++) {
		int rc;

		flat_start(PVH);
		fakexen_introduce(world->xen, PVH);
		fakexen_pvh(world->xen, PVH);
		world_give(PVH, NIC);
		world_give(PVH, add_card(0));
		world_give(PVH, add_card(1));
		fakexen_fail(world->xen, n, EIO);
		rc = world_attach(PVH, NIC2);
		if (fakexen_failing(world->xen)) {
			ck_assert_int_eq(rc, 0);
			ck_assert_uint_gt(n, 20);
			return;
		}
		if (rc) {
			fakexen_unpause(world->xen, PVH);
			world_take(PVH, NIC);
			world_give(PVH, NIC);
			ck_assert_uint_ne(world_load(PVH, AT_ECAM, 4), NOTHING);
		}
		world_end();
	}
}
END_TEST

START_TEST(each_failing_call_of_an_attach_leaves_nothing)
{
	uint32_t d = _i ? HVM : PVH;

	for (unsigned int n = 1;; n++) {
		int rc;

		flat_start(d);
		fakexen_fail(world->xen, n, EIO);
		rc = world_attach(d, NIC);
		if (fakexen_failing(world->xen)) {
			ck_assert_int_eq(rc, 0);
			ck_assert_uint_gt(n, 20);
			return;
		}
		if (rc)
			world_check_clean();
		world_end();
	}
}
END_TEST

START_TEST(each_failing_call_of_a_second_attach_leaves_the_machine)
{
	static const char *const second[] = { "0000:03:00.1", "0000:04:00.0", "0000:03:00.0" };
	uint32_t d = _i % 2 ? HVM : PVH, slot = flat_slot(d);
	unsigned int fn = _i / 2 == 2;
	uint32_t ids = fn ? 0x00021234 : NIC_IDS;
	struct ec_attach_spec spec;

	ck_assert_int_eq(ec_attach_spec_parse(second[_i / 2], &spec, NULL), 0);
	for (unsigned int n = 1;; n++) {
		bool is_left;
		int rc;

		flat_start(d);
		flat_second();
		world_give(d, fn ? NIC_1 : NIC);
		world_read(d, slot, PCI_HEADER_TYPE, 1);
		flat_number(d, slot, 1);
		fakexen_fail(world->xen, n, EIO);
		rc = world_attach_as(d, &spec);
		is_left = fakexen_failing(world->xen);
		ck_assert_uint_eq(flat_read(d, 1, fn, 0), ids);
		if (d == PVH)
			ck_assert_uint_eq(world_load(d, AT_ECAM + 0x100000 + fn * 0x1000, 4), ids);
		if (rc) {
			ck_assert_uint_eq(flat_read(d, 1, !fn, 0),
					  fn ? EC_PLACEHOLDER_IDS : NOTHING);
			ck_assert_uint_eq(flat_ids(d, slot + 1), NOTHING);
		}
		if (is_left) {
			ck_assert_int_eq(rc, 0);
			return;
		}
		world_take(d, fn ? NIC_1 : NIC);
		if (!rc)
			world_take(d, spec.host);
		flat_gone(d);
		world_end();
	}
}
END_TEST

START_TEST(each_failing_call_of_a_detach_leaves_the_other_functions)
{
	uint32_t d = _i % 2 ? HVM : PVH, slot = flat_slot(d);

	for (unsigned int n = 1;; n++) {
		bool is_left;
		int rc;

		flat_start(d);
		flat_second();
		world_give(d, NIC);
		world_give(d, NIC_1);
		world_give(d, NIC2);
		world_read(d, slot, PCI_HEADER_TYPE, 1);
		world_read(d, slot + 1, PCI_HEADER_TYPE, 1);
		flat_number(d, slot, 1);
		flat_number(d, slot + 1, 2);
		flat_info->started = _i / 2;
		fakexen_fail(world->xen, n, EIO);
		rc = world_detach(d, NIC);
		is_left = fakexen_failing(world->xen);
		if (rc && !strncmp(world->diag.text, "xenstore", 8)) {
			world_end();
			continue;
		}
		if (flat_read(d, 1, 0, 0) != EC_PLACEHOLDER_IDS)
			ck_assert(world_log_has("the placeholder of function 0 are not sent"));
		ck_assert_uint_eq(flat_read(d, 1, 1, 0), 0x00021234);
		ck_assert_uint_eq(flat_read(d, 2, 0, 0), NIC_IDS);
		world_check();
		if (is_left)
			return;
		world_take(d, NIC_1);
		ck_assert_uint_eq(flat_ids(d, BUS(1)), NOTHING);
		world_take(d, NIC2);
		world_check();
		world_end();
	}
}
END_TEST

static void write_pciexbar(uint32_t value)
{
	world_write(PVH, 0, EC_PCIEXBAR, 4, value);
}

/* A guest whose host bridge has PCIEXBAR. */
static void start_q35(void)
{
	flat_start(PVH);
	flat_second();
	world_give_as(PVH, "0000:03:00.0,ecam=none,bridge=q35");
	flat_number(PVH, 1, 1);
	fakexen_forget(world->xen);
}

/* Once. */
START_TEST(a_guest_places_its_window_where_nothing_else_is)
{
	start_q35();
	world_place(PVH, BUS(1));
	/* over a BAR, and over memory */
	write_pciexbar((AT_BAR0 & ~0x3ffffffu) | 5);
	ck_assert_uint_eq(world_read(PVH, 0, EC_PCIEXBAR, 4) & 1, 0);
	write_pciexbar(5);
	ck_assert_uint_eq(world_read(PVH, 0, EC_PCIEXBAR, 4) & 1, 0);
	world_count("range d3 memory", 2);
	write_pciexbar(0xb0000005);
	ck_assert_uint_eq(world_read(PVH, 0, EC_PCIEXBAR, 4), 0xb0000005);
	world_has("range d3 memory b0000000 b3ffffff add");
	ck_assert_uint_eq(world_load(PVH, 0xb0100000, 4), NIC_IDS);
	/* locked */
	write_pciexbar(0xc0000005);
	ck_assert_uint_eq(world_read(PVH, 0, EC_PCIEXBAR, 4), 0xb0000005);
	/* no BAR is mapped there; an attach that asks for the same machine succeeds */
	world_write(PVH, BUS(1), PCI_BASE_ADDRESS_3, 4, 0xb1000000);
	world_count("map_memory d3 gfn b1000", 0);
	world_give_as(PVH, "0000:04:00.0,ecam=none,bridge=q35");
	flat_refused(PVH, "0000:03:00.1,ecam=0xe0000000", -EBUSY, "machine.ecam");
	world_take(PVH, NIC);
	world_take(PVH, NIC2);
	flat_gone(PVH);
}
END_TEST

/* The check for guest memory takes a call per 4 MiB. */
START_TEST(a_request_places_the_window_once)
{
	struct ec_ioreq q = { .type = EC_IOREQ_PCI_CONFIG,
			      .write = true,
			      .addr = EC_PCIEXBAR,
			      .size = 4,
			      .count = 1024,
			      .data = 5 };

	start_q35();
	ck_assert(fakexen_request(world->xen, PVH, &q));
	world_count("populated d3", 1);
	ck_assert(fakexen_request(world->xen, PVH, &q));
	world_count("populated d3", 2);
	ck_assert_uint_eq(world_read(PVH, 0, EC_PCIEXBAR, 4) & 1, 0);
}
END_TEST

START_TEST(a_dead_guest_leaves_nothing)
{
	flat_start(PVH);
	flat_second();
	world_give(PVH, NIC_1);
	world_give(PVH, NIC2);
	flat_number(PVH, 1, 1);
	flat_number(PVH, 2, 2);
	world_place(PVH, BUS(2));
	flat_gone(PVH);
}
END_TEST

static unsigned int dies_at;

static void die(const char *op)
{
	(void)op;
	if (world->ticks == dies_at)
		fakexen_kill(world->xen, PVH);
}

/* The calls are those of an attach or of a detach. */
START_TEST(a_guest_that_dies_at_any_call_leaves_nothing)
{
	for (unsigned int n = 1;; n++) {
		bool died;

		flat_start(PVH);
		flat_second();
		world_give(PVH, NIC_1);
		flat_number(PVH, 1, 1);
		if (_i)
			world_give(PVH, NIC);
		dies_at = world->ticks + n;
		world->hook = die;
		if (_i)
			world_detach(PVH, NIC);
		else
			world_attach(PVH, NIC);
		world->hook = NULL;
		died = world->ticks >= dies_at;
		ck_assert_uint_eq(ec_service_tick(world->service), 0);
		if (!died) {
			ck_assert_uint_gt(n, 10);
			flat_gone(PVH);
			return;
		}
		ck_assert_uint_eq(ec_service_guests(world->service), 0);
		world_check_clean();
		world_end();
	}
}
END_TEST

START_TEST(the_reported_machine_has_the_same_plan)
{
	static struct ec_service_machine m;
	static struct ec_machine_plan plan;

	flat_start(PVH);
	world_give_as(PVH, "0000:04:00.0@9");
	world_give(PVH, NIC);
	ck_assert_int_eq(ec_service_machine(world->service, "pvh", &m, &world->diag), 0);
	ck_assert_uint_eq(m.n, 2);
	ck_assert_int_eq(ec_machine_build(&m.limits, m.fn, m.n, &plan, &world->diag), 0);
	ck_assert_uint_eq(plan.place[0].slot, 9);
	ck_assert_uint_eq(plan.place[0].guest.bus, 2);
	ck_assert_uint_eq(plan.place[1].slot, 1);
	ck_assert_uint_eq(plan.ecam.base, AT_ECAM);
	ck_assert_int_eq(ec_service_machine(world->service, "hvm", &m, &world->diag), -ENOENT);
}
END_TEST

START_TEST(random_writes_to_root_ports_violate_nothing)
{
	uint32_t d = _i & 1 ? HVM : PVH;
	uint64_t state = 0x2545f4914f6cdd1d + (unsigned int)_i;

	flat_start(d);
	flat_second();
	world_give(d, NIC_1);
	world_give(d, NIC2);
	for (unsigned int i = 0; i < 20000; i++) {
		unsigned int slot = flat_slot(d) + (state >> 20 & 1), bus = state >> 21 & 3;
		uint32_t value;

		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		value = (uint32_t)(state >> 24);
		switch (state >> 56 & 7) {
		case 0:
			world_write(d, slot, PCI_PRIMARY_BUS, 4, value & 0x030300);
			break;
		case 1:
			world_write(d, slot, PCI_BRIDGE_CONTROL, 2, value & 0x43);
			break;
		case 2:
			world_write(d, slot, value & 0x1fc, 4, (uint32_t)(state >> 8));
			break;
		case 3:
			world_write(d, BUS(bus), value & 0xfc, 4, (uint32_t)(state >> 8));
			break;
		case 4:
			world_place(d, BUS(bus));
			break;
		case 5:
			world_msix(d, BUS(bus), value & 0xc000);
			break;
		case 6:
			world_write(d, slot, EC_ROOT_PORT_PM + PCI_PM_CTRL, 2, value & 3);
			break;
		default:
			flat_read(d, bus, value & 7, value >> 8 & 0xffc);
		}
		ck_assert_msg(!fakexen_violation(world->xen, 0), "request %u: %s", i,
			      fakexen_violation(world->xen, 0));
		if (i % 1000 == 999)
			fakexen_forget(world->xen);
		if (i == 10000)
			world_take(d, NIC_1);
	}
	ck_assert_uint_le(world->lines, 200);
	world_take(d, NIC2);
	flat_gone(d);
}
END_TEST

Suite *suite_supervisor_placement(void)
{
	Suite *s = suite_create("supervisor_placement");
	TCase *t = tcase_create("service_place");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, a_bypassed_function_is_on_bus_0);
	tcase_add_loop_test(t, the_window_grows_until_the_guest_starts, 0, 2);
	tcase_add_test(t, a_failed_attach_leaves_the_window_of_the_tables);
	tcase_add_loop_test(t, each_failing_call_of_an_attach_leaves_nothing, 0, 2);
	tcase_add_loop_test(t, each_failing_call_of_a_second_attach_leaves_the_machine, 0, 6);
	tcase_add_loop_test(t, each_failing_call_of_a_detach_leaves_the_other_functions, 0, 4);
	tcase_add_test(t, a_guest_places_its_window_where_nothing_else_is);
	tcase_add_test(t, a_request_places_the_window_once);
	tcase_add_test(t, a_dead_guest_leaves_nothing);
	tcase_add_loop_test(t, a_guest_that_dies_at_any_call_leaves_nothing, 0, 2);
	tcase_add_test(t, the_reported_machine_has_the_same_plan);
	tcase_add_loop_test(t, random_writes_to_root_ports_violate_nothing, 0, 4);
	suite_add_tcase(s, t);
	return s;
}
