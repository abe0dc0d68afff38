/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions behind root ports as a guest finds them, and the calls to Xen that they cause. */
#include <errno.h>
#include <pci/header.h>
#include <stdio.h>

#include "emulated/placeholder.h"
#include "emulated/root_port_events.h"
#include "flat.h"
#include "suites.h"

START_TEST(a_function_follows_the_secondary_bus_of_its_root_port)
{
	uint32_t d = _i ? HVM : PVH;
	unsigned int slot = flat_slot(d);
	char line[64];

	flat_start(d);
	world_give(d, NIC);
	flat_at("01:00.0");
	ck_assert_uint_eq(world_read(d, slot, PCI_HEADER_TYPE, 1) & 0x7f, PCI_HEADER_TYPE_BRIDGE);
	ck_assert_uint_eq(world_read(d, slot, PCI_CLASS_DEVICE, 2), PCI_CLASS_BRIDGE_PCI);
	ck_assert_uint_eq(flat_ids(d, BUS(1)), NOTHING);
	flat_number(d, slot, 1);
	snprintf(line, sizeof(line), "range d%u pci 100 100 add", d);
	world_has(line);
	ck_assert_uint_eq(flat_ids(d, BUS(1)), NIC_IDS);
	ck_assert_uint_eq(flat_ids(d, BUS(1) + 1), NOTHING);
	flat_number(d, slot, 7);
	snprintf(line, sizeof(line), "range d%u pci 100 100 remove", d);
	world_has(line);
	ck_assert_uint_eq(flat_ids(d, BUS(1)), NOTHING);
	ck_assert_uint_eq(flat_ids(d, BUS(7)), NIC_IDS);
	ck_assert_uint_eq(world_read(d, slot, PCI_SECONDARY_BUS, 1), 7);
	flat_number(d, slot, 0);
	ck_assert_uint_eq(flat_ids(d, BUS(7)), NOTHING);
	flat_number(d, slot, 2);
	world_take(d, NIC);
	ck_assert_uint_eq(flat_ids(d, BUS(2)), NOTHING);
	flat_gone(d);
}
END_TEST

/* A bus that one root port gives up is free for the other. */
START_TEST(two_root_ports_swap_their_buses)
{
	flat_start(PVH);
	world_give(PVH, NIC);
	world_give(PVH, NIC2);
	flat_at("02:00.0");
	world_write(PVH, BUS(0) + 1, PCI_PRIMARY_BUS, 4, 0x010100);
	world_write(PVH, BUS(0) + 2, PCI_PRIMARY_BUS, 4, 0x020200);
	world_write(PVH, BUS(2), PCI_INTERRUPT_LINE, 1, 0x55);
	world_write(PVH, 1, PCI_PRIMARY_BUS, 4, 0x020200);
	world_write(PVH, 2, PCI_PRIMARY_BUS, 4, 0x010100);
	ck_assert_uint_eq(world_read(PVH, BUS(1), PCI_INTERRUPT_LINE, 1), 0x55);
	ck_assert_uint_ne(world_read(PVH, BUS(2), PCI_INTERRUPT_LINE, 1), 0x55);
	ck_assert_uint_eq(flat_ids(PVH, BUS(2)), NIC_IDS);
}
END_TEST

/* The request has hundreds of repetitions. */
START_TEST(a_request_numbers_a_bus_once)
{
	struct ec_ioreq q = { .type = EC_IOREQ_PCI_CONFIG,
			      .write = true,
			      .addr = CONFIG(1, PCI_PRIMARY_BUS),
			      .size = 4,
			      .count = 512,
			      .data = 0x030300 };

	flat_start(PVH);
	world_give(PVH, NIC);
	flat_number(PVH, 1, 1);
	fakexen_forget(world->xen);
	ck_assert(fakexen_request(world->xen, PVH, &q));
	world_count("range d3 pci", 2);
	ck_assert_uint_eq(flat_ids(PVH, BUS(3)), NIC_IDS);
}
END_TEST

/* A bus of the window without a function reads ones. */
START_TEST(ecam_reaches_the_bus_with_all_4096_bytes)
{
	flat_start(PVH);
	world_give(PVH, NIC);
	flat_number(PVH, 1, 2);
	ck_assert_uint_eq(world_load(PVH, AT_ECAM + (2 << 20), 4), NIC_IDS);
	ck_assert_uint_eq(world_load(PVH, AT_ECAM + (2 << 20) + 0x100, 2), PCI_EXT_CAP_ID_AER);
	ck_assert_uint_eq(world_load(PVH, AT_ECAM + (1 << 15) + EC_ROOT_PORT_AER, 2),
			  PCI_EXT_CAP_ID_AER);
	ck_assert_uint_eq(world_load(PVH, AT_ECAM + (1 << 20), 4), NOTHING);
	ck_assert_uint_eq(world_load(PVH, AT_ECAM + (3 << 20), 4), NOTHING);
	ck_assert_uint_eq(world_load(PVH, AT_ECAM + (4 << 20), 4), NOTHING);
}
END_TEST

START_TEST(link_and_payload_of_both_ends_agree)
{
	uint32_t at = EC_ROOT_PORT_EXP;

	flat_start(PVH);
	world_give(PVH, NIC);
	flat_number(PVH, 1, 1);
	ck_assert_uint_eq(world_read(PVH, BUS(1), CAP_EXPRESS + PCI_EXP_FLAGS, 2) >> 4 & 15,
			  PCI_EXP_TYPE_ENDPOINT);
	ck_assert_uint_eq(world_read(PVH, 1, at + PCI_EXP_FLAGS, 2) >> 4 & 15,
			  PCI_EXP_TYPE_ROOT_PORT);
	ck_assert_uint_eq(world_read(PVH, 1, at + PCI_EXP_DEVCAP, 4) & 7,
			  world_read(PVH, BUS(1), CAP_EXPRESS + PCI_EXP_DEVCAP, 4) & 7);
	ck_assert_uint_eq(world_read(PVH, 1, at + PCI_EXP_LNKCAP, 4) & 0x3ff,
			  world_read(PVH, BUS(1), CAP_EXPRESS + PCI_EXP_LNKCAP, 4) & 0x3ff);
	ck_assert_uint_eq(world_read(PVH, 1, at + PCI_EXP_LNKSTA, 2) & 0x3ff,
			  world_read(PVH, BUS(1), CAP_EXPRESS + PCI_EXP_LNKSTA, 2) & 0x3ff);
	/* the card is present, and its link is up */
	ck_assert_uint_ne(world_read(PVH, 1, at + PCI_EXP_SLTSTA, 2) & PCI_EXP_SLTSTA_PRES, 0);
	ck_assert_uint_ne(world_read(PVH, 1, at + PCI_EXP_LNKSTA, 2) & PCI_EXP_LNKSTA_DL_ACT, 0);
}
END_TEST

/* Their views are as after the attach. */
START_TEST(a_bus_reset_resets_its_functions_once)
{
	struct ec_ioreq q = { .type = EC_IOREQ_PCI_CONFIG,
			      .write = true,
			      .addr = CONFIG(1, PCI_BRIDGE_CONTROL),
			      .size = 2,
			      .count = 1,
			      .data = PCI_BRIDGE_CTL_BUS_RESET };

	flat_start(PVH);
	world_give(PVH, NIC);
	world_give(PVH, NIC2);
	flat_number(PVH, 1, 1);
	flat_number(PVH, 2, 2);
	world_place(PVH, BUS(1));
	world_has("map_memory d3");
	fakexen_forget(world->xen);
	ck_assert(fakexen_request(world->xen, PVH, &q));
	world_count("reset 0000:03:00.0", 1);
	world_count("reset 0000:04:00.0", 0);
	/* nothing answers while the bus is in reset */
	ck_assert_uint_eq(flat_ids(PVH, BUS(1)), NOTHING);
	q.data = 0;
	ck_assert(fakexen_request(world->xen, PVH, &q));
	ck_assert_uint_eq(flat_ids(PVH, BUS(1)), NIC_IDS);
	ck_assert_uint_eq(world_read(PVH, BUS(1), PCI_COMMAND, 2), 0);
	ck_assert_uint_eq(world_read(PVH, BUS(1), PCI_BASE_ADDRESS_3, 4), 0);
	world_count("reset 0000:03:00.0", 1);
	/* a request of thousands of repetitions resets it once */
	q.addr += CONFIG(1, 0);
	q.data = PCI_BRIDGE_CTL_BUS_RESET;
	q.count = 512;
	ck_assert(fakexen_request(world->xen, PVH, &q));
	world_count("reset 0000:03:00.0", 1);
	world_count("reset 0000:04:00.0", 1);
	world_take(PVH, NIC);
	world_check();
}
END_TEST

/* Functions of one host slot share a guest slot; a placeholder is its function 0 if need be. */
START_TEST(a_slot_always_has_a_function_0)
{
	flat_start(PVH);
	flat_second();
	world_give(PVH, NIC_1);
	flat_at("01:00.1");
	flat_number(PVH, 1, 1);
	ck_assert_uint_eq(flat_read(PVH, 1, 0, 0), EC_PLACEHOLDER_IDS);
	ck_assert_uint_ne(flat_read(PVH, 1, 0, 0x0c) & 0x800000, 0);
	ck_assert_uint_eq(flat_read(PVH, 1, 1, 0), 0x00021234);
	/* a placeholder has no BARs */
	world_write(PVH, BUS(1), PCI_BASE_ADDRESS_0, 4, NOTHING);
	ck_assert_uint_eq(flat_read(PVH, 1, 0, PCI_BASE_ADDRESS_0), 0);
	/* a bus reset resets it too */
	world_write(PVH, BUS(1), EC_PLACEHOLDER_PM + PCI_PM_CTRL, 2, 3);
	ck_assert_uint_eq(flat_read(PVH, 1, 0, EC_PLACEHOLDER_PM + PCI_PM_CTRL) & 3, 3);
	world_write(PVH, 1, PCI_BRIDGE_CONTROL, 2, PCI_BRIDGE_CTL_BUS_RESET);
	world_write(PVH, 1, PCI_BRIDGE_CONTROL, 2, 0);
	ck_assert_uint_eq(flat_read(PVH, 1, 0, EC_PLACEHOLDER_PM + PCI_PM_CTRL) & 3, 0);
	world_give(PVH, NIC);
	flat_at("01:00.0");
	ck_assert_uint_eq(flat_read(PVH, 1, 0, 0), NIC_IDS);
	ck_assert_uint_ne(flat_read(PVH, 1, 0, 0x0c) & 0x800000, 0);
	ck_assert_uint_eq(flat_read(PVH, 1, 1, 0), 0x00021234);
	ck_assert_uint_eq(flat_read(PVH, 1, 2, 0), NOTHING);
	world_take(PVH, NIC);
	ck_assert_uint_eq(flat_read(PVH, 1, 0, 0), EC_PLACEHOLDER_IDS);
	ck_assert_uint_eq(flat_read(PVH, 1, 1, 0), 0x00021234);
	world_take(PVH, NIC_1);
	ck_assert_uint_eq(flat_read(PVH, 1, 0, 0), NOTHING);
	flat_gone(PVH);
}
END_TEST

/* hvmloader places the BARs of all functions of bus 0, bridges included. */
START_TEST(hvmloader_finds_no_bars_in_a_root_port)
{
	flat_start(HVM);
	world_give(HVM, NIC);
	for (uint32_t off = 0x10; off < 0x34; off += 4) {
		world_write(HVM, 0x10, off, 4, NOTHING);
		ck_assert_uint_eq(world_read(HVM, 0x10, off, 4), 0);
	}
	ck_assert_uint_eq(world_read(HVM, 0x10, PCI_HEADER_TYPE, 1) & 0x7f, 1);
	/* windows closed: base above limit */
	ck_assert_uint_gt(world_read(HVM, 0x10, PCI_MEMORY_BASE, 2),
			  world_read(HVM, 0x10, PCI_MEMORY_LIMIT, 2));
	ck_assert_uint_gt(world_read(HVM, 0x10, PCI_IO_BASE, 1) & 0xf0,
			  world_read(HVM, 0x10, PCI_IO_LIMIT, 1) & 0xf0);
	ck_assert_uint_eq(world_read(HVM, 0x10, PCI_PRIMARY_BUS, 4), 0);
}
END_TEST

/* Pin by pin, for device 0 of the secondary bus. */
START_TEST(intx_behind_a_root_port_is_that_of_its_slot)
{
	flat_start(HVM);
	flat_second();
	fakexen_poke(world->xen, NIC_1, PCI_INTERRUPT_PIN, 1, 2);
	world_give(HVM, NIC2);
	world_has("bind_intx d5 pirq 12 device 16 pin 0 add");
	world_give_as(HVM, "0000:03:00.1@15");
	world_has("bind_intx d5 pirq 11 device 21 pin 1 add");
	world_take(HVM, NIC_1);
	world_has("bind_intx d5 pirq 11 device 21 pin 1 remove");
	world_take(HVM, NIC2);
	world_check_clean();
}
END_TEST

/* After the guest has started, a root port stays without its function and sends hot-plug events. */
START_TEST(a_root_port_known_to_a_running_guest_stays_and_signals)
{
	const uint32_t status = EC_ROOT_PORT_EXP + PCI_EXP_SLTSTA, msi = EC_ROOT_PORT_MSI;

	flat_start(PVH);
	world_give(PVH, NIC);
	flat_number(PVH, 1, 1);
	flat_info->started = true;
	world_write(PVH, 1, msi + PCI_MSI_ADDRESS_LO, 4, 0xfee01000);
	world_write(PVH, 1, msi + PCI_MSI_DATA_64, 2, 0x4021);
	world_write(PVH, 1, msi + PCI_MSI_FLAGS, 2, PCI_MSI_FLAGS_ENABLE);
	world_write(PVH, 1, PCI_COMMAND, 2, PCI_COMMAND_MASTER);
	world_write(PVH, 1, EC_ROOT_PORT_EXP + PCI_EXP_SLTCTL, 2,
		    PCI_EXP_SLTCTL_HPIE | PCI_EXP_SLTCTL_PRSD | PCI_EXP_SLTCTL_LLCHG);
	world_count("inject_msi", 0);
	world_take(PVH, NIC);
	/* after the last function the root port still answers, and can be filled again */
	world_has("inject_msi d3 address fee01000 data 4021");
	ck_assert_uint_eq(world_read(PVH, 1, status, 2) &
				  (PCI_EXP_SLTSTA_PRES | PCI_EXP_SLTSTA_PRSD),
			  PCI_EXP_SLTSTA_PRSD);
	world_write(PVH, 1, status, 2, PCI_EXP_SLTSTA_PRSD | PCI_EXP_SLTSTA_LLCHG);
	fakexen_forget(world->xen);
	world_give(PVH, NIC);
	flat_at("01:00.0");
	ck_assert_uint_eq(flat_ids(PVH, BUS(1)), NIC_IDS);
	ck_assert_uint_ne(world_load(PVH, AT_ECAM, 4), NOTHING);
	world_has("inject_msi d3 address fee01000 data 4021");
	world_take(PVH, NIC);
	flat_gone(PVH);
	world_end();

	flat_start(PVH);
	flat_info->started = true;
	world_give(PVH, NIC2);
	world_give(PVH, NIC);
	flat_number(PVH, 1, 1);
	flat_number(PVH, 2, 2);
	world_write(PVH, 2, msi + PCI_MSI_ADDRESS_LO, 4, 0xfee01000);
	world_write(PVH, 2, msi + PCI_MSI_DATA_64, 2, 0x4021);
	world_write(PVH, 2, msi + PCI_MSI_FLAGS, 2, PCI_MSI_FLAGS_ENABLE);
	world_write(PVH, 2, PCI_COMMAND, 2, PCI_COMMAND_MASTER);
	world_write(PVH, 2, EC_ROOT_PORT_EXP + PCI_EXP_SLTCTL, 2,
		    PCI_EXP_SLTCTL_HPIE | PCI_EXP_SLTCTL_PRSD | PCI_EXP_SLTCTL_LLCHG);
	world_take(PVH, NIC);
	world_has("inject_msi d3 address fee01000 data 4021");
	ck_assert_uint_eq(flat_ids(PVH, BUS(2)), NOTHING);
	ck_assert_uint_eq(world_read(PVH, 2, status, 2) &
				  (PCI_EXP_SLTSTA_PRES | PCI_EXP_SLTSTA_PRSD),
			  PCI_EXP_SLTSTA_PRSD);
	world_write(PVH, 2, status, 2, PCI_EXP_SLTSTA_PRSD | PCI_EXP_SLTSTA_LLCHG);
	fakexen_forget(world->xen);
	/* a function that comes is put behind the empty root port, which takes its link */
	world_poke(CAP_EXPRESS + PCI_EXP_LNKCAP, 1, 0x83);
	world_poke(CAP_EXPRESS + PCI_EXP_LNKSTA, 1, 0x82);
	world_give(PVH, NIC);
	ck_assert_uint_eq(world_read(PVH, 2, EC_ROOT_PORT_EXP + PCI_EXP_LNKCAP, 1), 0x83);
	ck_assert_uint_eq(world_read(PVH, 2, EC_ROOT_PORT_EXP + PCI_EXP_LNKSTA, 1), 0x82);
	flat_at("02:00.0");
	ck_assert_uint_eq(flat_ids(PVH, BUS(2)), NIC_IDS);
	world_has("inject_msi d3 address fee01000 data 4021");
	ck_assert_uint_ne(world_read(PVH, 2, status, 2) & PCI_EXP_SLTSTA_PRES, 0);
}
END_TEST

/* Each call fails in turn. */
START_TEST(a_failed_attach_leaves_the_spare_root_port)
{
	flat_start(PVH);
	world_give(PVH, NIC2);
	world_give(PVH, NIC);
	flat_number(PVH, 2, 2);
	flat_info->started = true;
	world_take(PVH, NIC);
	for (unsigned int n = 1;; n++) {
		int rc;

		fakexen_fail(world->xen, n, EIO);
		rc = world_attach(PVH, NIC);
		ck_assert_uint_eq(world_read(PVH, 2, PCI_SECONDARY_BUS, 1), 2);
		if (fakexen_failing(world->xen)) {
			ck_assert_int_eq(rc, 0);
			break;
		}
		if (!rc)
			world_take(PVH, NIC);
		ck_assert_uint_eq(flat_ids(PVH, BUS(2)), NOTHING);
	}
	flat_at("02:00.0");
	ck_assert_uint_eq(flat_ids(PVH, BUS(2)), NIC_IDS);
}
END_TEST

Suite *suite_guest_downstream(void)
{
	Suite *s = suite_create("guest_downstream");
	TCase *t = tcase_create("service_ports");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, a_function_follows_the_secondary_bus_of_its_root_port, 0, 2);
	tcase_add_test(t, two_root_ports_swap_their_buses);
	tcase_add_test(t, a_request_numbers_a_bus_once);
	tcase_add_test(t, ecam_reaches_the_bus_with_all_4096_bytes);
	tcase_add_test(t, link_and_payload_of_both_ends_agree);
	tcase_add_test(t, a_bus_reset_resets_its_functions_once);
	tcase_add_test(t, a_slot_always_has_a_function_0);
	tcase_add_test(t, hvmloader_finds_no_bars_in_a_root_port);
	tcase_add_test(t, intx_behind_a_root_port_is_that_of_its_slot);
	tcase_add_test(t, a_root_port_known_to_a_running_guest_stays_and_signals);
	tcase_add_test(t, a_failed_attach_leaves_the_spare_root_port);
	suite_add_tcase(s, t);
	return s;
}
