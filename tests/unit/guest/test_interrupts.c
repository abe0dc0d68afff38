/* SPDX-License-Identifier: GPL-2.0-or-later */
/* INTx and MSI, and how they exclude MSI-X. */
#include <errno.h>
#include <pci/header.h>
#include <stdio.h>
#include <string.h>

#include "core/bits.h"
#include "guest/message.h"
#include "suites.h"
#include "world.h"

static unsigned int slot;

static void msi(uint32_t domid, uint64_t address, uint32_t data, uint32_t flags)
{
	world_write(domid, slot, MSI_ADDRESS, 4, address & 0xffffffff);
	world_write(domid, slot, MSI_ADDRESS + 4, 4, address >> 32);
	world_write(domid, slot, MSI_DATA, 2, data);
	world_write(domid, slot, MSI_FLAGS, 2, flags);
}

START_TEST(msi_is_bound_moved_and_unbound)
{
	slot = world_placed(PVH);
	msi(PVH, ADDRESS, DATA, 0);
	world_count("map_msi", 0);
	msi(PVH, ADDRESS, DATA, 1);
	world_has("map_msi d3 0000:03:00.0 entry 0 table 0 pirq -1");
	world_has("bind_msi d3 pirq 1023 vector 41 " FLAGS " table 0");
	world_write(PVH, slot, MSI_DATA, 2, DATA + 1);
	world_has("bind_msi d3 pirq 1023 vector 42 " FLAGS " table 0");
	world_write(PVH, slot, MSI_ADDRESS, 4, 0xfee02004);
	world_has("bind_msi d3 pirq 1023 vector 42 flags f202 table 0");
	ck_assert_uint_eq(
		fakexen_count(world->xen, "map_msi") - fakexen_count(world->xen, "unmap_pirq"), 1);
	fakexen_forget(world->xen);
	world_write(PVH, slot, MSI_FLAGS, 2, 0);
	world_has("unbind_msi d3 pirq 1023 vector 42 flags f202 table 0");
	world_has("unmap_pirq d3 pirq 1023");
	world_write(PVH, slot, MSI_FLAGS, 2, 0);
	world_count("unmap_pirq", 1);
	/* a failed enable leaves nothing */
	for (unsigned int n = 1; n <= 2; n++) {
		fakexen_forget(world->xen);
		fakexen_fail(world->xen, n, n == 1 ? EPERM : ENOMEM);
		world_write(PVH, slot, MSI_FLAGS, 2, 1);
		world_count("unmap_pirq", n - 1);
		world_write(PVH, slot, MSI_FLAGS, 2, 0);
		world_count("unmap_pirq", n - 1);
	}
}
END_TEST

/* The hardware would send the host's message. */
START_TEST(msi_that_xen_does_not_bind_stays_off)
{
	slot = world_placed(PVH);
	fakexen_fail(world->xen, _i + 1, ENOMEM);
	msi(PVH, ADDRESS, DATA, 1);
	ck_assert(!fakexen_failing(world->xen));
	ck_assert_uint_eq(world_peek(MSI_FLAGS, 2) & 1, 0);
	world_write(PVH, slot, MSI_FLAGS, 2, 0);
	world_write(PVH, slot, MSI_FLAGS, 2, 1);
	world_has("bind_msi d3 pirq 1023 vector 41 " FLAGS " table 0");
}
END_TEST

START_TEST(a_linux_guest_binds_msi_to_its_pirq)
{
	slot = world_placed(HVM);
	for (unsigned int p = 0x40; p < 0x400; p += 0x111) {
		char line[FAKEXEN_LINE];

		msi(HVM, PIRQ_ADDRESS(p), PIRQ_DATA, 1);
		snprintf(line, sizeof(line), "map_msi d5 0000:03:00.0 entry 0 table 0 pirq %u", p);
		world_has(line);
		snprintf(line, sizeof(line), "bind_msi d5 pirq %u vector 0 ", p);
		world_has(line);
		world_write(HVM, slot, MSI_FLAGS, 2, 0);
		snprintf(line, sizeof(line), "unmap_pirq d5 pirq %u", p);
		world_has(line);
	}
	/* another pirq while MSI is enabled */
	msi(HVM, PIRQ_ADDRESS(0x50), PIRQ_DATA, 1);
	world_write(HVM, slot, MSI_ADDRESS, 4, PIRQ_ADDRESS(0x51) & 0xffffffff);
	world_has("bind_msi d5 pirq 81 vector 0 ");
	world_has("unmap_pirq d5 pirq 80");
}
END_TEST

START_TEST(in_every_order_one_kind_of_interrupt_is_on)
{
	static const struct {
		uint32_t off, value;
	} what[] = { { MSI_FLAGS, 1 },      { MSI_FLAGS, 0 },   { MSIX_FLAGS, 0x8000 },
		     { MSIX_FLAGS, 0 },     { PCI_COMMAND, 6 }, { PCI_COMMAND, 4 },
		     { PCI_COMMAND, 0x406 } };

	slot = world_placed(HVM);
	msi(HVM, ADDRESS, DATA, 0);
	world_entry(HVM, 0, ADDRESS, DATA, 0);
	for (unsigned int i = 0; i < 16807; i++) {
		unsigned int rest = i;

		for (unsigned int k = 0; k < 5; k++, rest /= 7)
			world_write(HVM, slot, what[rest % 7].off, 2, what[rest % 7].value);
		ck_assert_msg(!fakexen_violation(world->xen, 0), "order %u: %s", i,
			      fakexen_violation(world->xen, 0));
		fakexen_forget(world->xen);
	}
	world_write(HVM, slot, MSI_FLAGS, 2, 0);
	world_write(HVM, slot, MSIX_FLAGS, 2, 0);
	world_write(HVM, slot, PCI_COMMAND, 2, 6);
	fakexen_forget(world->xen);
	world_msix(HVM, slot, PCI_MSIX_ENABLE);
	world_has("bind_msi d5 pirq 1023 vector 41 " FLAGS " table e1001000");
	world_take(HVM, NIC);
	world_check_clean();
}
END_TEST

START_TEST(intx_is_bound_to_the_pin_of_the_slot)
{
	static const char *const undone[] = { "bind_intx d5 pirq 11 device 18 pin 2 remove",
					      "unmap_pirq d5 pirq 11", NULL };
	struct fixture x;

	world_new();
	world_guest(HVM);
	world_card(&x, NIC);
	fixture_put(&x, PCI_INTERRUPT_PIN, 1, 3);
	world_add(NIC, "nic", &x);
	ck_assert_int_eq(world_attach_as(HVM, &(struct ec_attach_spec){ .host = NIC,
									.has_slot = true,
									.slot = 0x12 }),
			 0);
	slot = 0x12;
	world_place(HVM, slot);
	world_has("map_irq d5 irq 11 ");
	world_has("allow_irq d5 irq 11 add");
	world_has("bind_intx d5 pirq 11 device 18 pin 2 add");
	ck_assert_uint_eq(world_read(HVM, slot, PCI_INTERRUPT_PIN, 1), 3);
	/* the host's driver had disabled INTx */
	ck_assert_uint_eq(world_peek(PCI_COMMAND, 2) & PCI_COMMAND_DISABLE_INTx, 0);
	for (unsigned int i = 0; i < 3; i++) {
		world_write(HVM, slot, PCI_COMMAND, 2, 0x407);
		world_write(HVM, slot, PCI_COMMAND, 2, 7);
	}
	ck_assert_uint_eq(world_peek(PCI_COMMAND, 2) & PCI_COMMAND_DISABLE_INTx, 0);
	fakexen_forget(world->xen);
	world_take(HVM, NIC);
	world_order(undone);
	world_has("allow_irq d5 irq 11 remove");
	world_check_clean();
}
END_TEST

enum { INTX_PVH, INTX_SHARED, INTX_NONE, INTX_WAYS };

/* Nothing is mapped, and INTx is disabled in the hardware. */
START_TEST(without_usable_intx_there_is_no_pin)
{
	uint32_t domid = _i == INTX_PVH ? PVH : HVM;
	struct ec_host_facts *facts;

	world_new();
	world_guest(domid);
	world_add_card(NIC2, "");
	facts = world_add_card(NIC, "nic");
	if (_i == INTX_SHARED)
		fakexen_share(world->xen, NIC, NIC2, false);
	if (_i == INTX_NONE)
		facts->irq = 0;
	slot = world_give(domid, NIC);
	world_place(domid, slot);
	ck_assert_uint_eq(world_read(domid, slot, PCI_INTERRUPT_PIN, 1), 0);
	world_write(domid, slot, PCI_COMMAND, 2, 0x407);
	world_write(domid, slot, PCI_COMMAND, 2, 7);
	world_count("map_irq", 0);
	world_count("allow_irq", 0);
	world_count("bind_intx", 0);
	ck_assert(world_peek(PCI_COMMAND, 2) & PCI_COMMAND_DISABLE_INTx);
}
END_TEST

Suite *suite_guest_interrupts(void)
{
	Suite *s = suite_create("guest_interrupts");
	TCase *t = tcase_create("service_irq");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, msi_is_bound_moved_and_unbound);
	tcase_add_loop_test(t, msi_that_xen_does_not_bind_stays_off, 0, 2);
	tcase_add_test(t, a_linux_guest_binds_msi_to_its_pirq);
	tcase_add_test(t, in_every_order_one_kind_of_interrupt_is_on);
	tcase_add_test(t, intx_is_bound_to_the_pin_of_the_slot);
	tcase_add_loop_test(t, without_usable_intx_there_is_no_pin, 0, INTX_WAYS);
	suite_add_tcase(s, t);
	return s;
}
