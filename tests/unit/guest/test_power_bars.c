/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * BARs of a function whose power state is the hardware's: the guest has them in D0 only. In D1 to
 * D3hot an access is an Unsupported Request (PCI Express 5.3.1), which a host may take for fatal.
 */
#include <errno.h>
#include <pci/header.h>
#include <stdio.h>

#include "core/bits.h"
#include "suites.h"
#include "world.h"

/* State of the card when its power state was written. */
static unsigned int removed, unbound;
static unsigned int slot;

static void hardware(const struct fakexen_access *a)
{
	if (a->at.bus != NIC.bus || !a->write || a->offset != PMCSR || !(a->value & 3))
		return;
	removed = fakexen_count(world->xen, "map_memory");
	unbound = fakexen_count(world->xen, "unbind_msi");
}

/* A card that keeps its registers, in use, with a vector. */
static void in_use(void)
{
	struct fixture x;

	removed = unbound = 0;
	world_new();
	world_guest(HVM);
	world_card(&x, NIC);
	fixture_put(&x, PMCSR, 2, PCI_PM_CTRL_NO_SOFT_RST);
	fixture_put(&x, CAP_PM + PCI_CAP_FLAGS, 2, 3 | PCI_PM_CAP_D1 | PCI_PM_CAP_D2);
	world_add(NIC, "nic", &x);
	world->rules = "{\"version\":1,\"rules\":[{\"set\":{\"pm\":{\"d3\":\"allow\"}}}]}";
	slot = world_give(HVM, NIC);
	world_place(HVM, slot);
	world_msix(HVM, slot, PCI_MSIX_ENABLE);
	world_entry(HVM, 0, 0xfee01000, 0x41, 0);
	*(uint32_t *)fakexen_mapped(world->xen, NIC, 3, 0x2800) = 0x12345678;
	fakexen_forget(world->xen);
	fakexen_watch(world->xen, hardware);
}

static void enter(unsigned int n)
{
	world_write(HVM, slot, PMCSR, 2, n);
}

static unsigned int state(void)
{
	return world_peek(PMCSR, 1) & PCI_PM_CTRL_STATE_MASK;
}

/* What the guest has after world_place(): memory twice for BAR 3, ports, two trapped pages. */
static const char *const mapped[] = {
	"map_memory d5 gfn e0000 mfn 40f8000 n 16 ", "map_memory d5 gfn e1000 mfn fe900 n 1 ",
	"map_memory d5 gfn e1003 mfn fe903 n 1 ",    "map_ports d5 gport c000 port e000 n 256 ",
	"range d5 memory e1001000 e1001fff ",        "range d5 memory e1002000 e1002fff ",
};

static void all_mapped(const char *verb)
{
	char line[FAKEXEN_LINE];

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(mapped); i++) {
		snprintf(line, sizeof(line), "%s%s", mapped[i], verb);
		world_count(line, 1);
	}
}

START_TEST(a_guest_has_bars_in_d0_only)
{
	unsigned int deep = (unsigned int)_i;

	in_use();
	enter(deep);
	ck_assert_uint_eq(state(), deep);
	all_mapped("remove");
	/* before the state changes: Xen masks a vector in the table, which is memory */
	ck_assert_uint_eq(removed, 3);
	ck_assert_uint_eq(unbound, 1);
	ck_assert_uint_eq(world_load(HVM, AT_PBA + 0x800, 4), UINT32_MAX);
	ck_assert_uint_eq(world_load(HVM, AT_DATA(0), 4), UINT32_MAX);
	/* its registers are served, and show where its BARs will be */
	ck_assert_uint_eq(world_read(HVM, slot, PCI_BASE_ADDRESS_0, 4), AT_BAR0 | 0xc);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_COMMAND, 2), 7);
	fakexen_forget(world->xen);
	enter(0);
	all_mapped("add");
	world_has("bind_msi d5 pirq 1023 vector 41");
	ck_assert_uint_eq(world_load(HVM, AT_PBA + 0x800, 4), 0x12345678);
	ck_assert_uint_eq(world_load(HVM, AT_DATA(0), 4), 0x41);
	world_take(HVM, NIC);
	world_check_clean();
}
END_TEST

START_TEST(what_a_guest_places_in_d3hot_is_mapped_in_d0)
{
	in_use();
	enter(3);
	fakexen_forget(world->xen);
	world_write(HVM, slot, PCI_BASE_ADDRESS_0, 4, 0xe8000000);
	world_write(HVM, slot, PCI_COMMAND, 2, 0);
	world_write(HVM, slot, PCI_COMMAND, 2, 2);
	world_count("map_", 0);
	world_count("range", 0);
	enter(0);
	world_count("map_memory d5 gfn e8000 mfn 40f8000 n 16 add", 1);
	world_count("map_memory", 3);
	/* its I/O decode is off */
	world_count("map_ports", 0);
	enter(3);
	world_write(HVM, slot, PCI_COMMAND, 2, 0);
	fakexen_forget(world->xen);
	enter(0);
	world_count("map_", 0);
	world_take(HVM, NIC);
	world_check_clean();
}
END_TEST

START_TEST(a_function_stays_in_d0_while_a_bar_cannot_be_taken)
{
	in_use();
	/* memory of BAR 0 is the first */
	fakexen_fail(world->xen, 1, EIO);
	enter(3);
	ck_assert_uint_eq(state(), 0);
	ck_assert_uint_eq(world_read(HVM, slot, PMCSR, 2) & 3, 0);
	ck_assert_uint_eq(world_load(HVM, AT_PBA + 0x800, 4), 0x12345678);
	enter(3);
	ck_assert_uint_eq(state(), 3);
	ck_assert_uint_eq(world_load(HVM, AT_PBA + 0x800, 4), UINT32_MAX);
	world_take(HVM, NIC);
	world_check_clean();
}
END_TEST

START_TEST(a_reset_in_d3hot_leaves_bars_that_can_be_mapped)
{
	in_use();
	enter(3);
	world_write(HVM, slot, EXP_DEVCTL + 1, 1, 0x80);
	ck_assert_uint_eq(state(), 0);
	fakexen_forget(world->xen);
	world_place(HVM, slot);
	all_mapped("add");
	world_take(HVM, NIC);
	world_check_clean();
}
END_TEST

/* Another virtual CPU's access is on its way when the state changes. */
START_TEST(an_access_that_comes_late_reads_all_ones)
{
	struct ec_ioreq sleep = { .type = EC_IOREQ_PCI_CONFIG,
				  .write = true,

				  .size = 1,
				  .count = 1,
				  .data = 3 };
	struct ec_ioreq load = {
		.type = EC_IOREQ_COPY, .addr = AT_PBA + 0x800, .size = 4, .count = 1
	};

	in_use();
	sleep.addr = (uint64_t)slot << 35 | PMCSR;
	ck_assert(fakexen_post(world->xen, HVM, &sleep));
	ck_assert(fakexen_post(world->xen, HVM, &load));
	ec_service_ready(world->service, world->fd[0]);
	ck_assert_uint_eq(state(), 3);
	ck_assert_uint_eq(load.data, UINT32_MAX);
}
END_TEST

Suite *suite_guest_power_bars(void)
{
	Suite *s = suite_create("guest_power_bars");
	TCase *t = tcase_create("guest_power_bars");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_add_loop_test(t, a_guest_has_bars_in_d0_only, 1, 4);
	tcase_add_test(t, what_a_guest_places_in_d3hot_is_mapped_in_d0);
	tcase_add_test(t, a_function_stays_in_d0_while_a_bar_cannot_be_taken);
	tcase_add_test(t, a_reset_in_d3hot_leaves_bars_that_can_be_mapped);
	tcase_add_test(t, an_access_that_comes_late_reads_all_ones);
	suite_add_tcase(s, t);
	return s;
}
