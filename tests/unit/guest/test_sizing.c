/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a guest's sizing of BARs costs. Linux turns decode off meanwhile: up to 6.14 for each BAR,
 * later once for a function (Linux 4453f360862e, "PCI: Batch BAR sizing operations").
 */
#include <pci/header.h>

#include "core/pci_bits.h"
#include "enumerate.h"
#include "suites.h"
#include "world.h"

/* Calls of one mapping, or one unmapping, of the card: BAR 0, BAR 3 around its trapped pages, I/O
 * ports; the trapped pages. */
#define CALLS 6u

static unsigned int slot;

static uint64_t config_access(void *ctx, const struct ec_access *a)
{
	struct ec_ioreq q = { .type = EC_IOREQ_PCI_CONFIG,
			      .write = a->write,
			      .addr = (uint64_t)(a->at.bus << 8 | a->at.devfn) << 32 | a->offset,
			      .size = a->length,
			      .count = 1,
			      .data = a->value };

	(void)ctx;
	fakexen_request(world->xen, HVM, &q);
	return q.data;
}

static const struct guest_config config = { .access = config_access };

static unsigned int calls(void)
{
	return fakexen_count(world->xen, "map_memory") + fakexen_count(world->xen, "map_ports") +
	       fakexen_count(world->xen, "range");
}

/* A card that firmware has placed and turned on. */
static void after_firmware(void)
{
	slot = world_given(HVM);
	ck_assert_uint_eq(enumerate_hvmloader(&config, AT_BAR0, AT_BAR2), 4);
	world_count("populated", 0);
	ck_assert_uint_eq(calls(), CALLS);
	fakexen_forget(world->xen);
}

static void probe(uint32_t offset)
{
	uint32_t was = (uint32_t)world_read(HVM, slot, offset, 4);

	world_write(HVM, slot, offset, 4, offset == PCI_ROM_ADDRESS ? EC_BAR_ROM_MASK : UINT32_MAX);
	world_read(HVM, slot, offset, 4);
	world_write(HVM, slot, offset, 4, was);
}

/* One BAR as Linux up to 6.14 sizes it (__pci_read_base()). Returns the next. */
static uint32_t size_bar(uint32_t offset)
{
	uint32_t command = (uint32_t)world_read(HVM, slot, PCI_COMMAND, 2);
	uint32_t low = (uint32_t)world_read(HVM, slot, offset, 4);
	bool wide = offset != PCI_ROM_ADDRESS && !(low & PCI_BASE_ADDRESS_SPACE_IO) &&
		    (low & PCI_BASE_ADDRESS_MEM_TYPE_MASK) == PCI_BASE_ADDRESS_MEM_TYPE_64;

	world_write(HVM, slot, PCI_COMMAND, 2,
		    command & ~(uint32_t)(PCI_COMMAND_IO | PCI_COMMAND_MEMORY));
	/* a guest that looks there in between reads all ones */
	ck_assert_uint_eq(world_load(HVM, AT_BAR0, 4), UINT32_MAX);
	probe(offset);
	if (wide)
		probe(offset + 4);
	world_write(HVM, slot, PCI_COMMAND, 2, command);
	return offset + (wide ? 8 : 4);
}

START_TEST(each_bar_costs_one_unmapping_and_one_mapping)
{
	unsigned int rounds = 1;

	after_firmware();
	for (uint32_t off = PCI_BASE_ADDRESS_0; off <= PCI_BASE_ADDRESS_5; rounds++)
		off = size_bar(off);
	size_bar(PCI_ROM_ADDRESS);
	ck_assert_uint_eq(rounds, 6);
	ck_assert_uint_eq(calls(), rounds * 2 * CALLS);
	world_take(HVM, NIC);
	world_check_clean();
}
END_TEST

START_TEST(a_kernel_that_sizes_a_function_at_once_costs_one_of_both)
{
	static const struct ec_machine_range root[EC_WINDOWS] = {
		[EC_WINDOW_IO] = { AT_BAR2, 0x1000 },
		[EC_WINDOW_MEMORY] = { AT_BAR0, 0x10000000 },
	};
	struct enumerated found;

	after_firmware();
	enumerate_linux(&config, root, &found);
	ck_assert_uint_eq(found.n, 1);
	/* it keeps the addresses, and decode stays on */
	ck_assert_uint_eq(calls(), 2 * CALLS);
	world_take(HVM, NIC);
	world_check_clean();
}
END_TEST

Suite *suite_guest_sizing(void)
{
	Suite *s = suite_create("guest_sizing");
	TCase *t = tcase_create("guest_sizing");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_add_test(t, each_bar_costs_one_unmapping_and_one_mapping);
	tcase_add_test(t, a_kernel_that_sizes_a_function_at_once_costs_one_of_both);
	suite_add_tcase(s, t);
	return s;
}
