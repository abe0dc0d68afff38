/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel does to a function that a guest has. */
#include <pci/header.h>
#include <stdio.h>
#include <string.h>

#include "emulated/root_port.h"
#include "flat.h"
#include "suites.h"

static void report(enum ec_host_event_kind kind, struct ec_sbdf at)
{
	const struct ec_host_event event = { .kind = kind, .at = at, .driver = "pci-stub" };

	ec_service_host_event(world->service, &event);
}

static unsigned int slot;

/* BARs are mapped, three vectors bound, bus mastering on. */
static void in_use(uint32_t domid)
{
	slot = world_given(domid);
	world_place(domid, slot);
	world_msix(domid, slot, PCI_MSIX_ENABLE);
	for (unsigned int i = 0; i < 3; i++)
		world_entry(domid, i, 0xfee01000, 0x40 + i, 0);
	fakexen_forget(world->xen);
}

/* The guest has nothing of it, and nothing of the hardware is accessed. */
static void is_lost(uint32_t domid)
{
	ck_assert_uint_eq(world_read(domid, slot, PCI_VENDOR_ID, 4), NOTHING);
	ck_assert_uint_eq((uint32_t)world_load(domid, AT_TABLE, 4), NOTHING);
	ck_assert_uint_eq(fakexen_count(world->xen, "map_memory"), 3);
	ck_assert_uint_ge(fakexen_count(world->xen, "allow_memory"), 3);
	world_count("reset", 0);
	world_count("give_back", 0);
	world_count("map 0000", 0);
}

START_TEST(vectors_are_unbound_when_the_stub_driver_is)
{
	uint32_t domid = _i ? HVM : PVH;

	in_use(domid);
	fakexen_unbind(world->xen, NIC);
	report(EC_HOST_UNBOUND, NIC);
	world_count("unbind_msi", 3);
	ck_assert_int_lt(world_find(0, "unmap_pirq"), world_find(0, "map_memory"));
	ck_assert_uint_eq(fakexen_peek(world->xen, NIC, PCI_COMMAND, 2) & PCI_COMMAND_MASTER, 0);
	is_lost(domid);
	fakexen_remove(world->xen, NIC);
	report(EC_HOST_REMOVED, NIC);
	fakexen_kill(world->xen, domid);
	ck_assert_uint_eq(ec_service_tick(world->service), 0);
	world_check();
}
END_TEST

/* Xen is removing the function when ecamd learns that the stub driver was unbound. */
START_TEST(no_vector_is_unbound_while_xen_removes_the_function)
{
	in_use(_i ? HVM : PVH);
	fakexen_removing(world->xen, NIC);
	report(EC_HOST_UNBOUND, NIC);
	ck_assert_uint_ge(fakexen_count(world->xen, "unbind_msi"), 3);
	ck_assert_int_lt(world_find(0, "await_removal"), world_find(0, "unbind_msi"));
	ck_assert(world_log_has("Xen stops the host when this guest ends or reboots"));
	world_check();
}
END_TEST

/* The race is lost: the guest gets nothing wrong, and the log says what will happen. */
START_TEST(a_removal_with_bound_vectors_is_logged_loudly)
{
	struct ec_guest_status g;

	in_use(PVH);
	fakexen_remove(world->xen, NIC);
	report(EC_HOST_UNBOUND, NIC);
	report(EC_HOST_REMOVED, NIC);
	is_lost(PVH);
	ck_assert(world_log_has("Xen stops the host when this guest ends or reboots"));
	ec_service_guest(world->service, 0, &g);
	ck_assert_uint_eq(g.functions, 0);
	ck_assert_uint_eq(g.held, 1);
	for (unsigned int i = 0; i < 600; i++)
		ck_assert_uint_eq(ec_service_tick(world->service), 1);
	ck_assert_uint_le(fakexen_count(world->xen, "unbind_msi"), 60);
	world_count("reboot", 0);
}
END_TEST

START_TEST(a_removal_without_vectors_leaves_nothing)
{
	slot = world_given(PVH);
	world_place(PVH, slot);
	fakexen_forget(world->xen);
	fakexen_remove(world->xen, NIC);
	report(EC_HOST_REMOVED, NIC);
	is_lost(PVH);
	ck_assert_uint_eq(ec_service_guests(world->service), 0);
	ck_assert_uint_eq(ec_service_tick(world->service), 0);
	world_check_clean();
}
END_TEST

START_TEST(the_root_port_reports_an_empty_slot)
{
	flat_start(PVH);
	world_give(PVH, NIC);
	flat_info->started = true;
	flat_number(PVH, 1, 1);
	slot = 1;
	ck_assert_uint_eq(flat_ids(PVH, BUS(1)), NIC_IDS);
	ck_assert_uint_ne(
		world_read(PVH, 1, EC_ROOT_PORT_EXP + PCI_EXP_SLTSTA, 2) & PCI_EXP_SLTSTA_PRES, 0);
	fakexen_remove(world->xen, NIC);
	report(EC_HOST_REMOVED, NIC);
	ck_assert_uint_eq(flat_ids(PVH, BUS(1)), NOTHING);
	ck_assert_uint_eq(
		world_read(PVH, 1, EC_ROOT_PORT_EXP + PCI_EXP_SLTSTA, 2) & PCI_EXP_SLTSTA_PRES, 0);
}
END_TEST

START_TEST(an_attach_warns_of_a_hot_plug_slot)
{
	struct ec_host_facts *facts;
	struct fixture x;

	world_new();
	world_guest(PVH);
	world_card(&x, NIC);
	facts = world_add(NIC, "nic", &x);
	facts->hotplug = _i;
	strcpy(facts->slot, "7");
	world_give(PVH, NIC);
	ck_assert_int_eq(world_log_has("in hot-plug slot 7"), _i);
}
END_TEST

/* ecamd's own detach and attach unbind and bind: their events come late. */
START_TEST(a_late_event_of_an_earlier_detach_means_nothing)
{
	in_use(PVH);
	world_take(PVH, NIC);
	slot = world_give(PVH, NIC);
	report(EC_HOST_UNBOUND, NIC);
	report(EC_HOST_BOUND, NIC);
	report(EC_HOST_UNBOUND, NIC);
	ck_assert_uint_eq(world_read(PVH, slot, PCI_VENDOR_ID, 4), NIC_IDS);
	world_take(PVH, NIC);
	world_check_clean();
}
END_TEST

START_TEST(events_of_other_functions_and_kinds_mean_nothing)
{
	in_use(PVH);
	report(EC_HOST_REMOVED, NIC2);
	report(EC_HOST_ADDED, NIC);
	report(EC_HOST_BOUND, NIC);
	ck_assert_uint_eq(world_read(PVH, slot, PCI_VENDOR_ID, 4), NIC_IDS);
	world_count("unbind_msi", 0);
	world_take(PVH, NIC);
	world_check_clean();
}
END_TEST

Suite *suite_supervisor_host_events(void)
{
	Suite *s = suite_create("supervisor_host_events");
	TCase *t = tcase_create("host_events");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_add_loop_test(t, vectors_are_unbound_when_the_stub_driver_is, 0, 2);
	tcase_add_test(t, a_removal_with_bound_vectors_is_logged_loudly);
	tcase_add_test(t, a_removal_without_vectors_leaves_nothing);
	tcase_add_test(t, the_root_port_reports_an_empty_slot);
	tcase_add_test(t, a_late_event_of_an_earlier_detach_means_nothing);
	tcase_add_loop_test(t, no_vector_is_unbound_while_xen_removes_the_function, 0, 2);
	tcase_add_loop_test(t, an_attach_warns_of_a_hot_plug_slot, 0, 2);
	tcase_add_test(t, events_of_other_functions_and_kinds_mean_nothing);
	suite_add_tcase(s, t);
	return s;
}
