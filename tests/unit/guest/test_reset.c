/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * After a reset the hardware has the host's values and the guest sees a function that was reset.
 * Advanced Features FLR (PCI, Advanced Capabilities ECN of 2007), the expansion ROM, and INTx.
 */
#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "suites.h"
#include "world.h"

#define AF 0xd0
#define RULE(set) "{\"version\":1,\"rules\":[{\"set\":{" set "}}]}"

static unsigned int slot;

/* A card with an Advanced Features capability whose AF Capabilities are @af. */
static void given(uint32_t domid, uint32_t af, const char *rules)
{
	struct fixture x;

	world_new();
	world_guest(domid);
	world_card(&x, NIC);
	fixture_cap(&x, AF, PCI_CAP_ID_AF);
	fixture_put(&x, AF + 2, 1, 6);
	fixture_put(&x, AF + PCI_AF_CAP, 1, af);
	fixture_put(&x, AF + PCI_AF_STATUS, 1, 0);
	world_add(NIC, "nic", &x);
	world->rules = rules;
	slot = world_give(domid, NIC);
	fakexen_forget(world->xen);
}

static void flr_by_byte(uint32_t domid)
{
	world_write(domid, slot, EXP_DEVCTL + 1, 1, PCI_EXP_DEVCTL_FLRESET >> 8);
}

START_TEST(advanced_features_flr_resets_the_function)
{
	uint32_t domid = _i ? HVM : PVH;

	given(domid, PCI_AF_CAP_TP | PCI_AF_CAP_FLR, NULL);
	world_place(domid, slot);
	fakexen_forget(world->xen);
	world_write(domid, slot, AF + PCI_AF_CTRL, 1, 0xfe);
	world_count("reset", 0);
	world_write(domid, slot, AF + PCI_AF_CTRL, 1, PCI_AF_CTRL_FLR);
	world_count("reset 0000:03:00.0", 1);
	world_count("map_memory", 3);
	/* the bit always reads 0, and is not written to the hardware */
	ck_assert_uint_eq(world_read(domid, slot, AF + PCI_AF_CTRL, 1), 0);
	ck_assert_uint_eq(world_peek(AF + PCI_AF_CTRL, 1), 0);
	ck_assert_uint_eq(world_read(domid, slot, PCI_COMMAND, 2), 0);
	ck_assert_uint_eq(world_read(domid, slot, PCI_BASE_ADDRESS_0, 4), 0xc);
	/* also by wider writes */
	world_write(domid, slot, AF + PCI_AF_CTRL, 2, PCI_AF_CTRL_FLR);
	world_write(domid, slot, AF + PCI_AF_CTRL, 4, PCI_AF_CTRL_FLR);
	world_count("reset 0000:03:00.0", 3);
	/* Transactions Pending is read from the hardware */
	world_poke(AF + PCI_AF_STATUS, 1, PCI_AF_STATUS_TP);
	ck_assert_uint_eq(world_read(domid, slot, AF + PCI_AF_STATUS, 1), PCI_AF_STATUS_TP);
	world_poke(AF + PCI_AF_STATUS, 1, 0);
	ck_assert_uint_eq(world_read(domid, slot, AF + PCI_AF_STATUS, 1), 0);
	world_take(domid, NIC);
	world_check_clean();
}
END_TEST

/* Even if the kernel could reset it. */
START_TEST(advanced_features_without_flr_reset_nothing)
{
	given(PVH, PCI_AF_CAP_TP, NULL);
	world_write(PVH, slot, AF + PCI_AF_CTRL, 1, PCI_AF_CTRL_FLR);
	world_count("reset", 0);
	ck_assert_uint_eq(world_peek(AF + PCI_AF_CTRL, 1), 0);
}
END_TEST

static void map_rom(void)
{
	world_write(HVM, slot, PCI_ROM_ADDRESS, 4, AT_ROM | 1);
	world_write(HVM, slot, PCI_COMMAND, 2, 2);
}

START_TEST(the_host_rom_decodes_only_while_the_guest_maps_it)
{
	given(HVM, 0, _i ? RULE("\"rom\":\"host\"") : NULL);
	world_write(HVM, slot, PCI_ROM_ADDRESS, 4, 0xfffffffe);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_ROM_ADDRESS, 4), 0xffff0000);
	for (unsigned int round = 0; round < 2; round++) {
		fakexen_forget(world->xen);
		map_rom();
		ck_assert_uint_eq(world_read(HVM, slot, PCI_ROM_ADDRESS, 4), AT_ROM | 1);
		world_count("map_memory d5 gfn e4000 mfn fe800 n 16 add", 1);
		/* it decodes only while it is mapped */
		ck_assert_uint_eq(world_peek(PCI_ROM_ADDRESS, 4), 0xfe800001);
		flr_by_byte(HVM);
		world_count("map_memory d5 gfn e4000 mfn fe800 n 16 remove", 1);
		ck_assert_uint_eq(world_read(HVM, slot, PCI_ROM_ADDRESS, 4), 0);
		ck_assert_uint_eq(world_peek(PCI_ROM_ADDRESS, 4), 0xfe800000);
	}
	map_rom();
	world_take(HVM, NIC);
	ck_assert_uint_eq(world_peek(PCI_ROM_ADDRESS, 4), 0xfe800000);
	world_check_clean();
}
END_TEST

START_TEST(a_hidden_rom_is_never_mapped)
{
	given(HVM, 0, RULE("\"rom\":\"none\""));
	for (unsigned int round = 0; round < 2; round++) {
		world_write(HVM, slot, PCI_ROM_ADDRESS, 4, 0xffffffff);
		ck_assert_uint_eq(world_read(HVM, slot, PCI_ROM_ADDRESS, 4), 0);
		map_rom();
		ck_assert_uint_eq(world_read(HVM, slot, PCI_ROM_ADDRESS, 4), 0);
		ck_assert_uint_eq(world_peek(PCI_ROM_ADDRESS, 4), 0xfe800000);
		flr_by_byte(HVM);
	}
	world_count("map_memory", 0);
	world_take(HVM, NIC);
	ck_assert_int_eq(world_find(0, "allow_memory d5 mfn fe800"), -1);
	world_check_clean();
}
END_TEST

/* INTx disable is 0 after a reset, although the guest had set it. */
START_TEST(a_reset_enables_intx)
{
	given(HVM, 0, NULL);
	ck_assert_uint_eq(world_peek(PCI_COMMAND, 2) & PCI_COMMAND_DISABLE_INTx, 0);
	world_write(HVM, slot, PCI_COMMAND, 2, PCI_COMMAND_DISABLE_INTx | 7);
	ck_assert_uint_ne(world_peek(PCI_COMMAND, 2) & PCI_COMMAND_DISABLE_INTx, 0);
	world_write(HVM, slot, PCI_INTERRUPT_LINE, 1, 5);
	fakexen_forget(world->xen);
	flr_by_byte(HVM);
	ck_assert_uint_eq(world_peek(PCI_COMMAND, 2) & PCI_COMMAND_DISABLE_INTx, 0);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_INTERRUPT_LINE, 1), 0);
	ck_assert_uint_eq(world_peek(PCI_INTERRUPT_LINE, 1), 0x0b);
	world_count("bind_intx", 0);
	world_count("unmap_pirq", 0);
}
END_TEST

/* As a driver does after a reset: the BARs read 0 until then. */
START_TEST(bars_are_placed_again_after_a_reset)
{
	given(HVM, 0, NULL);
	for (unsigned int round = 0; round < 3; round++) {
		world_place(HVM, slot);
		world_msix(HVM, slot, PCI_MSIX_ENABLE);
		world_entry(HVM, 0, 0xfee01000, 0x41, 0);
		ck_assert_uint_eq(world_load(HVM, AT_DATA(0), 4), 0x41);
		flr_by_byte(HVM);
		for (uint32_t off = 0x10; off <= 0x24; off += 4)
			ck_assert_uint_eq(world_read(HVM, slot, off, 4) & ~0xfu, 0);
		ck_assert_uint_eq(world_read(HVM, slot, MSIX_FLAGS, 2), VECTORS - 1);
		ck_assert_uint_eq(world_peek(MSIX_FLAGS, 2), VECTORS - 1);
		/* nothing is at the old address */
		ck_assert_uint_eq(world_load(HVM, AT_TABLE, 4), NOTHING);
		world_write(HVM, slot, PCI_COMMAND, 2, 7);
		ck_assert_uint_eq(world_load(HVM, AT_TABLE, 4), NOTHING);
		world_write(HVM, slot, PCI_COMMAND, 2, 0);
		world_place(HVM, slot);
		for (unsigned int i = 0; i < VECTORS; i++) {
			ck_assert_uint_eq(world_load(HVM, AT_ENTRY(i), 8), 0);
			ck_assert_uint_eq(world_load(HVM, AT_DATA(i), 8), 1ull << 32);
		}
		world_count("map_memory d5 gfn e0000 mfn 40f8000 n 16 add", 2 * round + 2);
		flr_by_byte(HVM);
	}
	world_check();
}
END_TEST

static unsigned int wide, beside;

/* Counts writes wider than the byte that the guest may write, and writes of 1 to Initiate FLR. */
static void hardware(const struct fakexen_access *a)
{
	if (!a->write || a->offset > CAP_EXPRESS + 11 ||
	    a->offset + a->len <= CAP_EXPRESS + PCI_EXP_DEVCTL)
		return;
	/* error bits are cleared when the host gets it back */
	if (a->offset == CAP_EXPRESS + PCI_EXP_DEVSTA && a->len == 2 && a->value == 3)
		return;
	wide += a->len != 1 || a->offset != CAP_EXPRESS + PCI_EXP_DEVCTL + 1;
	beside += (a->value & 0x80) != 0;
}

/*
 * A register that a rule passes has its previous value after a reset and after a detach, although
 * the kernel restores what the guest has written.
 */
START_TEST(registers_passed_by_a_rule_are_restored)
{
	static const char *const rules[] = {
		RULE("\"registers\":[{\"register\":\"EXP.DEVCTL\",\"mask\":\"0x7000\","
		     "\"treatment\":\"pass\"}]"),
		NULL,
	};
	struct ec_attach_spec spec = { .host = NIC, .no_reset = _i == 2 };
	const uint32_t devctl = CAP_EXPRESS + PCI_EXP_DEVCTL;
	struct fixture x;
	uint32_t before;

	world_new();
	world_guest(HVM);
	world_card(&x, NIC);
	fixture_put(&x, CAP_EXPRESS + PCI_EXP_DEVSTA, 2, 0x0003);
	world_add(NIC, "nic", &x);
	world->rules = rules[_i == 1];
	ck_assert_int_eq(world_attach_as(HVM, &spec), 0);
	slot = ec_sbdf_device(world->at.function.guest);
	before = world_peek(devctl, 2);
	wide = beside = 0;
	fakexen_watch(world->xen, hardware);
	for (unsigned int round = 0; round < 2; round++) {
		world_write(HVM, slot, devctl, 2, (before & ~0x7000u) | 0x5000);
		ck_assert_uint_eq(world_peek(devctl, 2),
				  _i == 1 ? before : (before & ~0x7000u) | 0x5000);
		if (round)
			world_take(HVM, NIC);
		else
			flr_by_byte(HVM);
		ck_assert_uint_eq(world_peek(devctl, 2), before);
	}
	ck_assert_uint_eq(world_peek(CAP_EXPRESS + PCI_EXP_DEVSTA, 2), 0x0003);
	ck_assert_uint_eq(wide, 0);
	ck_assert_uint_eq(beside, 0);
	world_check_clean();
}
END_TEST

static unsigned int cleared;

static void status(const struct fakexen_access *a)
{
	if (a->write && a->offset == CAP_EXPRESS + PCI_EXP_DEVSTA) {
		ck_assert_uint_eq(a->len, 2);
		ck_assert_uint_eq(a->value, PCI_EXP_DEVSTA_CED | PCI_EXP_DEVSTA_FED);
		cleared++;
	}
}

/* As after an error that made the kernel reset it: nothing of this is restored by the kernel. */
START_TEST(what_a_reset_by_the_host_lost_is_restored_at_detach)
{
	const uint32_t devctl = CAP_EXPRESS + PCI_EXP_DEVCTL;
	uint32_t before;

	slot = world_given(PVH);
	before = world_peek(devctl, 2);
	ck_assert_uint_ne(before, 0);
	world_poke(devctl, 2, 0);
	world_poke(CAP_EXPRESS + PCI_EXP_DEVSTA, 2,
		   PCI_EXP_DEVSTA_CED | PCI_EXP_DEVSTA_FED | PCI_EXP_DEVSTA_TRPND);
	cleared = 0;
	fakexen_watch(world->xen, status);
	world_take(PVH, NIC);
	ck_assert_uint_eq(world_peek(devctl, 2), before);
	ck_assert_uint_eq(cleared, 1);
	world_check_clean();
}
END_TEST

Suite *suite_guest_reset(void)
{
	Suite *s = suite_create("guest_reset");
	TCase *t = tcase_create("service_reset");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_add_loop_test(t, advanced_features_flr_resets_the_function, 0, 2);
	tcase_add_test(t, advanced_features_without_flr_reset_nothing);
	tcase_add_loop_test(t, the_host_rom_decodes_only_while_the_guest_maps_it, 0, 2);
	tcase_add_test(t, a_hidden_rom_is_never_mapped);
	tcase_add_test(t, a_reset_enables_intx);
	tcase_add_test(t, bars_are_placed_again_after_a_reset);
	tcase_add_loop_test(t, registers_passed_by_a_rule_are_restored, 0, 3);
	tcase_add_test(t, what_a_reset_by_the_host_lost_is_restored_at_detach);
	suite_add_tcase(s, t);
	return s;
}
