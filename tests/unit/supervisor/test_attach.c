/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Resets by the guest, the guest's death, functions that change or cannot be reset. */
#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "suites.h"
#include "world.h"

static unsigned int slot;

static void in_use(uint32_t domid)
{
	slot = world_in_use(domid);
}

static void hardware_is_whole(void)
{
	ck_assert_uint_eq(world_peek(PCI_BASE_ADDRESS_0, 4), 0xf800000c);
	ck_assert_uint_eq(world_peek(PCI_BASE_ADDRESS_1, 4), 0x40);
	ck_assert_uint_eq(world_peek(PCI_BASE_ADDRESS_2, 4), 0xe001);
	ck_assert_uint_eq(world_peek(PCI_BASE_ADDRESS_3, 4), BAR3);
	ck_assert_uint_eq(world_peek(PCI_COMMAND, 2) & 3, 3);
}

START_TEST(an_flr_unmaps_unbinds_and_restores_the_hardware)
{
	uint32_t domid = _i & 1 ? HVM : PVH;
	uint32_t view[64];

	slot = world_given(domid);
	for (uint32_t i = 0; i < 64; i++)
		view[i] = world_read(domid, slot, i * 4, 4);
	for (unsigned int round = 0; round < 3; round++) {
		fakexen_forget(world->xen);
		world_use(domid, slot);
		world_write(domid, slot, PCI_CACHE_LINE_SIZE, 1, 0x20);
		/* as a device does that resets itself, or whose firmware is hostile */
		world_poke(PCI_BASE_ADDRESS_0, 4, 0x1000000c);
		world_poke(PCI_BASE_ADDRESS_1, 4, 0);
		world_poke(PCI_ROM_ADDRESS, 4, 0x20000000);
		fakexen_forget(world->xen);
		if (_i & 2)
			world_write(domid, slot, CAP_EXPRESS + 9, 1, 0x80);
		else
			world_flr(domid, slot);
		world_count("reset 0000:03:00.0", 1);
		world_count("unbind_msi", 3);
		world_count("unmap_pirq", 3);
		world_count("map_memory", 4);
		ck_assert_int_gt(world_find(0, "reset"), world_find(0, "map_memory"));
		hardware_is_whole();
		for (uint32_t i = 0; i < 64; i++)
			ck_assert_msg(world_read(domid, slot, i * 4, 4) == view[i],
				      "%x: %lx, not %x", i * 4, world_read(domid, slot, i * 4, 4),
				      view[i]);
		ck_assert_uint_eq(world_peek(PCI_COMMAND, 2) & 4, 0);
		world_place(domid, slot);
		for (unsigned int i = 0; i < VECTORS; i++)
			ck_assert_uint_eq(world_load(domid, AT_CONTROL(i), 4), 1);
	}
	world_count("assign", 0);
	world_count("allow_memory", 0);
	world_take(domid, NIC);
	world_check_clean();
}
END_TEST

static void fail_reset(const char *op)
{
	if (!strcmp(op, "reset"))
		fakexen_fail(world->xen, 1, EIO);
}

START_TEST(a_failed_flr_still_ends_mappings_and_vectors)
{
	in_use(PVH);
	world->hook = fail_reset;
	world_flr(PVH, slot);
	world->hook = NULL;
	world_count("unbind_msi", 3);
	world_count("unmap_pirq", 3);
	ck_assert(world_log_has("03:00.0"));
	world_check();
	hardware_is_whole();
	world_take(PVH, NIC);
	world_check_clean();
}
END_TEST

/* What stays after the failure is taken at the detach. */
START_TEST(each_failing_call_of_an_flr_leaves_nothing_after_a_detach)
{
	for (unsigned int n = 1; n < 100; n++, world_end()) {
		in_use(_i ? HVM : PVH);
		fakexen_fail(world->xen, n, EIO);
		world_flr(_i ? HVM : PVH, slot);
		if (fakexen_failing(world->xen)) {
			ck_assert_uint_gt(n, 10);
			return;
		}
		world_check();
		world_use(_i ? HVM : PVH, slot);
		world_check();
		world_take(_i ? HVM : PVH, NIC);
		world_check_clean();
	}
}
END_TEST

/* XSA-337: no address is derived from the hardware after the capture. */
static void lie(const char *op)
{
	if (strcmp(op, "assign"))
		return;
	for (uint32_t off = 0x10; off < 0x28; off += 4)
		if (off != 0x1c) /* Xen reads this one */
			world_poke(off, 4, world_peek(off, 4) + 0x00010000);
	world_poke(PCI_ROM_ADDRESS, 4, 0x20000000);
	world_poke(MSIX_FLAGS, 2, 0x7ff);
	world_poke(MSIX_TABLE, 4, 0x00003003);
	world_poke(MSIX_PBA, 4, 0x00000003);
	world_poke(MSI_FLAGS, 2, 0);
	world_poke(PCI_VENDOR_ID, 4, 0x99998888);
	world_poke(PCI_HEADER_TYPE, 1, 1);
	world_poke(PCI_CLASS_DEVICE, 2, 0x0604);
	world_poke(PCI_INTERRUPT_PIN, 1, 4);
}

START_TEST(registers_that_change_after_the_capture_are_not_believed)
{
	static const char *const same[] = {
		"map_memory d5 gfn e0000 mfn 40f8000 n 16 add",
		"map_memory d5 gfn e1000 mfn fe900 n 1 add",
		"map_memory d5 gfn e1003 mfn fe903 n 1 add",
		"map_memory d5 gfn e4000 mfn fe800 n 16 add",
		"map_ports d5 gport c000 port e000 n 256 add",
		"map_msi d5 0000:03:00.0 entry 0 table fe900000 pirq -1",
		"bind_msi d5 pirq 1023 vector 40 flags 1 table e1001000",
	};

	world_typical();
	world->hook = lie;
	slot = world_give(HVM, NIC);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_VENDOR_ID, 4), NIC_IDS);
	ck_assert_uint_eq(world_read(HVM, slot, MSIX_TABLE, 4), 0x1003);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_INTERRUPT_PIN, 1), 1);
	world_use(HVM, slot);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(same); i++)
		world_has(same[i]);
	/* entries after the end of the captured table do not exist */
	world_store(HVM, AT_TABLE + VECTORS * 16 + 12, 4, 0);
	world_count("map_msi", 3);
	lie("assign");
	world_write(HVM, slot, PCI_COMMAND, 2, 0);
	world->hook = NULL;
	/* a reset restores these */
	world_poke(MSIX_FLAGS, 2, VECTORS - 1);
	world_poke(MSIX_TABLE, 4, 0x00001003);
	world_poke(PCI_VENDOR_ID, 4, NIC_IDS);
	world_poke(PCI_HEADER_TYPE, 1, 0x80);
	world_poke(PCI_CLASS_DEVICE, 2, 0x0200);
	world_take(HVM, NIC);
	world_check_clean();
	hardware_is_whole();
}
END_TEST

/* After its death a domain is only asked whether it exists. */
static void after_death(const char *death)
{
	int at = world_find(0, death);
	const char *line;

	ck_assert_int_ge(at, 0);
	while ((line = fakexen_line(world->xen, (unsigned int)++at)))
		ck_assert_msg(!strstr(line, death + 5) || !strncmp(line, "destroy", 7) ||
				      !strncmp(line, "guest_info", 10) ||
				      !strncmp(line, "name", 4) || !strncmp(line, "dispatch", 8),
			      "dead: \"%s\"", line);
}

START_TEST(a_dead_guest_gives_its_function_back)
{
	uint32_t domid = _i ? HVM : PVH;

	in_use(domid);
	ck_assert_uint_eq(ec_service_tick(world->service), 0);
	ck_assert_uint_eq(ec_service_guests(world->service), 1);
	fakexen_forget(world->xen);
	fakexen_kill(world->xen, domid);
	ec_service_ready(world->service, world->fd[0]);
	ck_assert_uint_eq(ec_service_tick(world->service), 0);
	ck_assert_uint_eq(ec_service_guests(world->service), 0);
	ck_assert_uint_eq(world->fds, 0);
	after_death(_i ? "death d5" : "death d3");
	ck_assert_int_gt(world_find(0, "reset"), world_find(0, "death"));
	ck_assert_str_eq(world_driver(NIC), "nic");
	world_check_clean();
	hardware_is_whole();
	ck_assert_uint_eq(world_peek(MSIX_FLAGS, 2) & 0x8000, 0);
	ck_assert_uint_eq(ec_service_tick(world->service), 0);
	ck_assert_int_eq(world_detach(domid, NIC), -ENOENT);
	ck_assert_int_eq(world_attach(_i ? PVH : HVM, NIC), 0);
}
END_TEST

/* Xen begins to destroy an HVM guest: it unbinds its interrupts. */
static void die(struct ec_guest_info *g)
{
	struct ec_msi_binding b = { .flags = 1, .table = AT_TABLE };

	g->dying = true;
	for (int i = 0; i < 3; i++) {
		b.vector = (uint8_t)(0x40 + i);
		ck_assert_int_eq(fakexen_priv_ops.unbind_msi(world->xen, HVM, 1023 - i, &b), 0);
	}
	ck_assert_int_eq(fakexen_priv_ops.bind_intx(world->xen, HVM, 11,
						    (struct ec_intx){ (uint8_t)slot, 0 }, false),
			 0);
	fakexen_forget(world->xen);
}

/* References to its memory end at once: they would keep it from being freed. */
START_TEST(a_dying_guest_is_released_before_it_is_gone)
{
	struct ec_guest_info *g;

	world_new();
	world_guest(PVH);
	g = world_guest(HVM);
	world_add_card(NIC, "nic");
	world_add_card(NIC2, "");
	world_give(PVH, NIC2);
	slot = world_give(HVM, NIC);
	world_use(HVM, slot);
	die(g);
	ck_assert_uint_eq(ec_service_tick(world->service), 1);
	world_count("destroy d5", 1);
	world_count("unmap_pirq d5", 4);
	ck_assert_uint_eq(world->fds, 1);
	world_count("give_back", 0);
	ck_assert_int_lt(world_attach(HVM, NIC), 0);
	ck_assert_uint_eq(ec_service_tick(world->service), 1);
	world_count("destroy d5", 1);
	ck_assert_uint_eq(world_read(PVH, 1, PCI_VENDOR_ID, 4), NIC_IDS);
	for (int at = 0; (at = world_find(at, "map_")) >= 0; at++)
		ck_assert_ptr_null(strstr(fakexen_line(world->xen, (unsigned int)at), " add"));
	fakexen_kill(world->xen, HVM);
	ck_assert_uint_eq(ec_service_tick(world->service), 0);
	ck_assert_uint_eq(ec_service_guests(world->service), 1);
	ck_assert_str_eq(world_driver(NIC), "nic");
	world_take(PVH, NIC2);
	world_check_clean();
}
END_TEST

/* Or the service ends. */
START_TEST(a_function_of_a_dying_guest_can_be_detached)
{
	struct ec_guest_info *g;

	world_new();
	g = world_guest(HVM);
	world_add_card(NIC, "nic");
	slot = world_give(HVM, NIC);
	world_use(HVM, slot);
	die(g);
	ck_assert_uint_eq(ec_service_tick(world->service), 1);
	if (_i)
		world_detach(HVM, NIC);
	world_stop();
	fakexen_kill(world->xen, HVM);
	world_check_clean();
	ck_assert_str_eq(world_driver(NIC), "nic");
}
END_TEST

static unsigned int resets;

static void is_quiet(const char *op)
{
	if (strcmp(op, "reset"))
		return;
	resets++;
	ck_assert_uint_eq(world_peek(PCI_COMMAND, 2) & PCI_COMMAND_MASTER, 0);
}

/* XSA-302. */
START_TEST(bus_mastering_ends_before_the_reset)
{
	in_use(HVM);
	ck_assert(world_peek(PCI_COMMAND, 2) & PCI_COMMAND_MASTER);
	resets = 0;
	world->hook = is_quiet;
	if (_i) {
		fakexen_kill(world->xen, HVM);
		ec_service_reap(world->service);
	} else {
		world_detach(HVM, NIC);
	}
	world->hook = NULL;
	ck_assert_uint_eq(resets, 1);
	ck_assert_uint_eq(world_peek(PCI_COMMAND, 2) & PCI_COMMAND_MASTER, 0);
	world_check_clean();
}
END_TEST

/* The service was killed with vectors bound; then the guest, of which Xen takes the function. */
START_TEST(a_function_of_a_killed_service_can_be_attached_again)
{
	slot = world_given(PVH);
	world_place(PVH, slot);
	world_msix(PVH, slot, PCI_MSIX_ENABLE);
	world_entry(PVH, 0, 0xfee01000, 0x4041, 0);
	world_kill();
	ck_assert_int_eq(world_attach(HVM, NIC), -EBUSY);
	fakexen_kill(world->xen, PVH);
	fakexen_forget(world->xen);
	ck_assert_msg(world_attach(HVM, NIC) == 0, "%s", world->diag.text);
	world_count("prepare_msix 0000:03:00.0 add", 2);
	world_count("prepare_msix 0000:03:00.0 remove", 1);
	world_take(HVM, NIC);
	world_check();
}
END_TEST

/* The driver before, how it is attached, and bus mastering after the detach. */
static const struct {
	const char *driver, *as;
	bool master;
} mastering[] = {
	{ "", "03:00.0", true },
	{ "pci-stub", "03:00.0", true },
	{ "nic", "03:00.0", false },         /* its driver turns it on */
	{ "", "03:00.0,reset=none", false }, /* what the guest started may go on */
	{ "pci-stub", "03:00.0,reset=none", false },
};

START_TEST(bus_mastering_is_restored_if_no_driver_does_it)
{
	const uint16_t command = PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;

	world_new();
	world_guest(PVH);
	world_add_card(NIC, mastering[_i].driver);
	fakexen_poke(world->xen, NIC, PCI_COMMAND, 2, command);
	world_give_as(PVH, mastering[_i].as);
	ck_assert_uint_eq(fakexen_peek(world->xen, NIC, PCI_COMMAND, 2) & PCI_COMMAND_MASTER, 0);
	world_take(PVH, NIC);
	ck_assert_uint_eq(!!(fakexen_peek(world->xen, NIC, PCI_COMMAND, 2) & PCI_COMMAND_MASTER),
			  mastering[_i].master);
	world_check_clean();
}
END_TEST

Suite *suite_supervisor_attach(void)
{
	Suite *s = suite_create("supervisor_attach");
	TCase *t = tcase_create("service_life");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, an_flr_unmaps_unbinds_and_restores_the_hardware, 0, 4);
	tcase_add_test(t, a_failed_flr_still_ends_mappings_and_vectors);
	tcase_add_loop_test(t, each_failing_call_of_an_flr_leaves_nothing_after_a_detach, 0, 2);
	tcase_add_test(t, registers_that_change_after_the_capture_are_not_believed);
	tcase_add_loop_test(t, a_dead_guest_gives_its_function_back, 0, 2);
	tcase_add_test(t, a_dying_guest_is_released_before_it_is_gone);
	tcase_add_loop_test(t, a_function_of_a_dying_guest_can_be_detached, 0, 2);
	tcase_add_loop_test(t, bus_mastering_ends_before_the_reset, 0, 2);
	tcase_add_loop_test(t, bus_mastering_is_restored_if_no_driver_does_it, 0,
			    EC_ARRAY_SIZE(mastering));
	tcase_add_test(t, a_function_of_a_killed_service_can_be_attached_again);
	suite_add_tcase(s, t);
	return s;
}
