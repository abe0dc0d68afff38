/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A function's interrupts: INTx and MSI, and those beside MSI-X. */
#include <errno.h>
#include <pci/header.h>
#include <stdio.h>
#include <string.h>

#include "core/bits.h"
#include "suites.h"
#include "world.h"

/* A message with all that Xen is told of it, and what it is told: vector 41, these flags. */
#define ADDRESS 0xfee41008u
#define DATA 0x8741u
#define FLAGS "flags f141"

/* The message by which Linux says that pirq @p is to come. */
#define PIRQ_ADDRESS(p) ((uint64_t)((p)&0xffffff00u) << 32 | 0xfee00000u | ((p)&0xffu) << 12)
#define PIRQ_DATA 0x4300u

static unsigned int slot;

static void begin(uint32_t domid)
{
	slot = world_given(domid);
	world_place(domid, slot);
	fakexen_forget(world->xen);
}

static void msi(uint32_t domid, uint64_t address, uint32_t data, uint32_t flags)
{
	world_write(domid, slot, CAP_MSI + 4, 4, address & 0xffffffff);
	world_write(domid, slot, CAP_MSI + 8, 4, address >> 32);
	world_write(domid, slot, CAP_MSI + 12, 2, data);
	world_write(domid, slot, CAP_MSI + 2, 2, flags);
}

START_TEST(msi_life)
{
	begin(PVH);
	msi(PVH, ADDRESS, DATA, 0);
	world_count("map_msi", 0);
	msi(PVH, ADDRESS, DATA, 1);
	world_has("map_msi d3 0000:03:00.0 entry 0 table 0 pirq -1");
	world_has("bind_msi d3 pirq 1023 vector 41 " FLAGS " table 0");
	world_write(PVH, slot, CAP_MSI + 12, 2, DATA + 1);
	world_has("bind_msi d3 pirq 1023 vector 42 " FLAGS " table 0");
	world_write(PVH, slot, CAP_MSI + 4, 4, 0xfee02004);
	world_has("bind_msi d3 pirq 1023 vector 42 flags f202 table 0");
	ck_assert_uint_eq(
		fakexen_count(world->xen, "map_msi") - fakexen_count(world->xen, "unmap_pirq"), 1);
	fakexen_forget(world->xen);
	world_write(PVH, slot, CAP_MSI + 2, 2, 0);
	world_has("unbind_msi d3 pirq 1023 vector 42 flags f202 table 0");
	world_has("unmap_pirq d3 pirq 1023");
	world_write(PVH, slot, CAP_MSI + 2, 2, 0);
	world_count("unmap_pirq", 1);
	/* what fails is as if it had not been tried */
	for (unsigned int n = 1; n <= 2; n++) {
		fakexen_forget(world->xen);
		fakexen_fail(world->xen, n, n == 1 ? EPERM : ENOMEM);
		world_write(PVH, slot, CAP_MSI + 2, 2, 1);
		world_count("unmap_pirq", n - 1);
		world_write(PVH, slot, CAP_MSI + 2, 2, 0);
		world_count("unmap_pirq", n - 1);
	}
}
END_TEST

/* Without a message from Xen the hardware sends none. */
START_TEST(msi_needs_a_message)
{
	begin(PVH);
	fakexen_fail(world->xen, _i + 1, ENOMEM);
	msi(PVH, ADDRESS, DATA, 1);
	ck_assert(!fakexen_failing(world->xen));
	ck_assert_uint_eq(fakexen_peek(world->xen, NIC, CAP_MSI + 2, 2) & 1, 0);
	world_write(PVH, slot, CAP_MSI + 2, 2, 0);
	world_write(PVH, slot, CAP_MSI + 2, 2, 1);
	world_has("bind_msi d3 pirq 1023 vector 41 " FLAGS " table 0");
}
END_TEST

START_TEST(msi_pirq)
{
	begin(HVM);
	for (unsigned int p = 0x40; p < 0x400; p += 0x111) {
		char line[FAKEXEN_LINE];

		msi(HVM, PIRQ_ADDRESS(p), PIRQ_DATA, 1);
		snprintf(line, sizeof(line), "map_msi d5 0000:03:00.0 entry 0 table 0 pirq %u", p);
		world_has(line);
		snprintf(line, sizeof(line), "bind_msi d5 pirq %u vector 0 ", p);
		world_has(line);
		world_write(HVM, slot, CAP_MSI + 2, 2, 0);
		snprintf(line, sizeof(line), "unmap_pirq d5 pirq %u", p);
		world_has(line);
	}
	/* another one while enabled */
	msi(HVM, PIRQ_ADDRESS(0x50), PIRQ_DATA, 1);
	world_write(HVM, slot, CAP_MSI + 4, 4, PIRQ_ADDRESS(0x51) & 0xffffffff);
	world_has("bind_msi d5 pirq 81 vector 0 ");
	world_has("unmap_pirq d5 pirq 80");
}
END_TEST

/* Every order of turning things on and off: one kind of interrupt in the hardware at a time. */
START_TEST(all_orders)
{
	static const struct {
		uint32_t off, value;
	} what[] = { { CAP_MSI + 2, 1 },    { CAP_MSI + 2, 0 }, { CAP_MSIX + 2, 0x8000 },
		     { CAP_MSIX + 2, 0 },   { PCI_COMMAND, 6 }, { PCI_COMMAND, 4 },
		     { PCI_COMMAND, 0x406 } };

	begin(HVM);
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
	world_write(HVM, slot, CAP_MSI + 2, 2, 0);
	world_write(HVM, slot, CAP_MSIX + 2, 2, 0);
	world_write(HVM, slot, PCI_COMMAND, 2, 6);
	fakexen_forget(world->xen);
	world_msix(HVM, slot, 0x8000);
	world_has("bind_msi d5 pirq 1023 vector 41 " FLAGS " table e1001000");
	ck_assert_int_eq(world_detach(HVM, NIC), 0);
	world_check_clean();
}
END_TEST

START_TEST(intx)
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
	/* what the driver of the host had turned off */
	ck_assert_uint_eq(fakexen_peek(world->xen, NIC, PCI_COMMAND, 2) & PCI_COMMAND_DISABLE_INTx,
			  0);
	for (unsigned int i = 0; i < 3; i++) {
		world_write(HVM, slot, PCI_COMMAND, 2, 0x407);
		world_write(HVM, slot, PCI_COMMAND, 2, 7);
	}
	ck_assert_uint_eq(fakexen_peek(world->xen, NIC, PCI_COMMAND, 2) & PCI_COMMAND_DISABLE_INTx,
			  0);
	fakexen_forget(world->xen);
	ck_assert_int_eq(world_detach(HVM, NIC), 0);
	world_order(undone);
	world_has("allow_irq d5 irq 11 remove");
	world_check_clean();
}
END_TEST

enum { INTX_PVH, INTX_SHARED, INTX_NONE, INTX_WAYS };

/* Nobody to take it: no pin, nothing mapped, and the hardware kept from raising it. */
START_TEST(no_intx)
{
	uint32_t domid = _i == INTX_PVH ? PVH : HVM;
	struct ec_host_facts *facts;
	struct fixture x;

	world_new();
	world_guest(domid);
	world_card(&x, NIC2);
	world_add(NIC2, "", &x);
	world_card(&x, NIC);
	facts = world_add(NIC, "nic", &x);
	if (_i == INTX_SHARED)
		fakexen_share(world->xen, NIC, NIC2, false);
	if (_i == INTX_NONE)
		facts->irq = 0;
	ck_assert_int_eq(world_attach(domid, NIC), 0);
	slot = ec_sbdf_device(world->at.function.guest);
	world_place(domid, slot);
	ck_assert_uint_eq(world_read(domid, slot, PCI_INTERRUPT_PIN, 1), 0);
	world_write(domid, slot, PCI_COMMAND, 2, 0x407);
	world_write(domid, slot, PCI_COMMAND, 2, 7);
	world_count("map_irq", 0);
	world_count("allow_irq", 0);
	world_count("bind_intx", 0);
	ck_assert(fakexen_peek(world->xen, NIC, PCI_COMMAND, 2) & PCI_COMMAND_DISABLE_INTx);
}
END_TEST

Suite *suite_service_irq(void)
{
	Suite *s = suite_create("service_irq");
	TCase *t = tcase_create("service_irq");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, msi_life);
	tcase_add_loop_test(t, msi_needs_a_message, 0, 2);
	tcase_add_test(t, msi_pirq);
	tcase_add_test(t, all_orders);
	tcase_add_test(t, intx);
	tcase_add_loop_test(t, no_intx, 0, INTX_WAYS);
	suite_add_tcase(s, t);
	return s;
}
