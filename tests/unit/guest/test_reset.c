/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a reset leaves: the hardware as the host had it, the guest with a function that was reset.
 * Advanced Features' reset (PCI, Advanced Capabilities ECN of 2007), the expansion ROM, and INTx.
 */
#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "suites.h"
#include "world.h"

#define AF 0xd0
#define AT_ROM 0xe4000000u
#define RULE(set) "{\"version\":1,\"rules\":[{\"set\":{" set "}}]}"

static unsigned int slot;

/* A card with Advanced Features whose capabilities are @af. */
static void given(uint32_t domid, uint32_t af, const char *rules)
{
	struct fixture x;
	int rc;

	world_new();
	world_guest(domid);
	world_card(&x, NIC);
	fixture_cap(&x, AF, PCI_CAP_ID_AF);
	fixture_put(&x, AF + 2, 1, 6);
	fixture_put(&x, AF + PCI_AF_CAP, 1, af);
	fixture_put(&x, AF + PCI_AF_STATUS, 1, 0);
	world_add(NIC, "nic", &x);
	world->rules = rules;
	rc = world_attach(domid, NIC);
	ck_assert_msg(!rc, "%s", world->diag.text);
	slot = ec_sbdf_device(world->at.function.guest);
	fakexen_forget(world->xen);
}

static uint32_t hw(uint32_t off, unsigned int len)
{
	return fakexen_peek(world->xen, NIC, off, len);
}

static void by_express(uint32_t domid)
{
	world_write(domid, slot, CAP_EXPRESS + PCI_EXP_DEVCTL + 1, 1, 0x80);
}

START_TEST(af_flr)
{
	uint32_t domid = _i ? HVM : PVH;

	given(domid, PCI_AF_CAP_TP | PCI_AF_CAP_FLR, NULL);
	world_place(domid, slot);
	fakexen_forget(world->xen);
	world_write(domid, slot, AF + PCI_AF_CTRL, 1, 0xfe);
	world_count("reset", 0);
	world_write(domid, slot, AF + PCI_AF_CTRL, 1, PCI_AF_CTRL_FLR);
	world_count("reset 0000:03:00.0", 1);
	ck_assert_uint_eq(fakexen_count(world->xen, "map_memory"), 3);
	/* the bit reads 0 always, and the hardware's is nobody's */
	ck_assert_uint_eq(world_read(domid, slot, AF + PCI_AF_CTRL, 1), 0);
	ck_assert_uint_eq(hw(AF + PCI_AF_CTRL, 1), 0);
	ck_assert_uint_eq(world_read(domid, slot, PCI_COMMAND, 2), 0);
	ck_assert_uint_eq(world_read(domid, slot, 0x10, 4), 0xc);
	/* by a wider write of its registers */
	world_write(domid, slot, AF + PCI_AF_CTRL, 2, PCI_AF_CTRL_FLR);
	world_write(domid, slot, AF + PCI_AF_CTRL, 4, PCI_AF_CTRL_FLR);
	world_count("reset 0000:03:00.0", 3);
	/* whether it has transactions pending it says itself */
	fakexen_poke(world->xen, NIC, AF + PCI_AF_STATUS, 1, PCI_AF_STATUS_TP);
	ck_assert_uint_eq(world_read(domid, slot, AF + PCI_AF_STATUS, 1), PCI_AF_STATUS_TP);
	fakexen_poke(world->xen, NIC, AF + PCI_AF_STATUS, 1, 0);
	ck_assert_uint_eq(world_read(domid, slot, AF + PCI_AF_STATUS, 1), 0);
	ck_assert_int_eq(world_detach(domid, NIC), 0);
	world_check_clean();
}
END_TEST

/* A function that cannot is not reset by the bit, whatever the kernel could do. */
START_TEST(af_without_flr)
{
	given(PVH, PCI_AF_CAP_TP, NULL);
	world_write(PVH, slot, AF + PCI_AF_CTRL, 1, PCI_AF_CTRL_FLR);
	world_count("reset", 0);
	ck_assert_uint_eq(hw(AF + PCI_AF_CTRL, 1), 0);
}
END_TEST

static void map_rom(void)
{
	world_write(HVM, slot, PCI_ROM_ADDRESS, 4, AT_ROM | 1);
	world_write(HVM, slot, PCI_COMMAND, 2, 2);
}

START_TEST(rom_of_the_host)
{
	given(HVM, 0, _i ? RULE("\"rom\":\"host\"") : NULL);
	world_write(HVM, slot, PCI_ROM_ADDRESS, 4, 0xfffffffe);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_ROM_ADDRESS, 4), 0xffff0000);
	for (unsigned int round = 0; round < 2; round++) {
		fakexen_forget(world->xen);
		map_rom();
		ck_assert_uint_eq(world_read(HVM, slot, PCI_ROM_ADDRESS, 4), AT_ROM | 1);
		world_count("map_memory d5 gfn e4000 mfn fe800 n 16 add", 1);
		/* it decodes only while the guest has it */
		ck_assert_uint_eq(hw(PCI_ROM_ADDRESS, 4), 0xfe800001);
		by_express(HVM);
		world_count("map_memory d5 gfn e4000 mfn fe800 n 16 remove", 1);
		ck_assert_uint_eq(world_read(HVM, slot, PCI_ROM_ADDRESS, 4), 0);
		ck_assert_uint_eq(hw(PCI_ROM_ADDRESS, 4), 0xfe800000);
	}
	map_rom();
	ck_assert_int_eq(world_detach(HVM, NIC), 0);
	ck_assert_uint_eq(hw(PCI_ROM_ADDRESS, 4), 0xfe800000);
	world_check_clean();
}
END_TEST

START_TEST(no_rom)
{
	given(HVM, 0, RULE("\"rom\":\"none\""));
	for (unsigned int round = 0; round < 2; round++) {
		world_write(HVM, slot, PCI_ROM_ADDRESS, 4, 0xffffffff);
		ck_assert_uint_eq(world_read(HVM, slot, PCI_ROM_ADDRESS, 4), 0);
		map_rom();
		ck_assert_uint_eq(world_read(HVM, slot, PCI_ROM_ADDRESS, 4), 0);
		ck_assert_uint_eq(hw(PCI_ROM_ADDRESS, 4), 0xfe800000);
		by_express(HVM);
	}
	ck_assert_uint_eq(fakexen_count(world->xen, "map_memory"), 0);
	ck_assert_int_eq(world_detach(HVM, NIC), 0);
	ck_assert_int_eq(world_find(0, "allow_memory d5 mfn fe800"), -1);
	world_check_clean();
}
END_TEST

/* INTx is as after a reset: the guest may be interrupted, whatever it had said. */
START_TEST(intx)
{
	given(HVM, 0, NULL);
	ck_assert_uint_eq(hw(PCI_COMMAND, 2) & PCI_COMMAND_DISABLE_INTx, 0);
	world_write(HVM, slot, PCI_COMMAND, 2, PCI_COMMAND_DISABLE_INTx | 7);
	ck_assert_uint_ne(hw(PCI_COMMAND, 2) & PCI_COMMAND_DISABLE_INTx, 0);
	world_write(HVM, slot, PCI_INTERRUPT_LINE, 1, 5);
	fakexen_forget(world->xen);
	by_express(HVM);
	ck_assert_uint_eq(hw(PCI_COMMAND, 2) & PCI_COMMAND_DISABLE_INTx, 0);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_INTERRUPT_LINE, 1), 0);
	ck_assert_uint_eq(hw(PCI_INTERRUPT_LINE, 1), 0x0b);
	world_count("bind_intx", 0);
	world_count("unmap_pirq", 0);
}
END_TEST

/* A driver after a reset: it finds BARs that are nowhere, places them again, and they are there. */
START_TEST(placed_again)
{
	given(HVM, 0, NULL);
	for (unsigned int round = 0; round < 3; round++) {
		world_place(HVM, slot);
		world_msix(HVM, slot, PCI_MSIX_ENABLE);
		world_entry(HVM, 0, 0xfee01000, 0x41, 0);
		ck_assert_uint_eq(world_load(HVM, AT_TABLE + 8, 4), 0x41);
		by_express(HVM);
		for (uint32_t off = 0x10; off <= 0x24; off += 4)
			ck_assert_uint_eq(world_read(HVM, slot, off, 4) & ~0xfu, 0);
		ck_assert_uint_eq(world_read(HVM, slot, CAP_MSIX + 2, 2), VECTORS - 1);
		ck_assert_uint_eq(hw(CAP_MSIX + 2, 2), VECTORS - 1);
		/* nobody is there any more */
		ck_assert_uint_eq(world_load(HVM, AT_TABLE, 4), 0xffffffff);
		world_write(HVM, slot, PCI_COMMAND, 2, 7);
		ck_assert_uint_eq(world_load(HVM, AT_TABLE, 4), 0xffffffff);
		world_write(HVM, slot, PCI_COMMAND, 2, 0);
		world_place(HVM, slot);
		for (unsigned int i = 0; i < VECTORS; i++) {
			ck_assert_uint_eq(world_load(HVM, AT_TABLE + i * 16, 8), 0);
			ck_assert_uint_eq(world_load(HVM, AT_TABLE + i * 16 + 8, 8), 1ull << 32);
		}
		world_count("map_memory d5 gfn e0000 mfn 40f8000 n 16 add", 2 * round + 2);
		by_express(HVM);
	}
	world_check();
}
END_TEST

static unsigned int wide, beside;

/* Only the byte with the bits that the guest may write is written, and nothing else with a 1. */
static void hardware(struct fakexen *f, struct ec_sbdf at, uint32_t off, unsigned int len,
		     bool write, uint32_t value)
{
	(void)f;
	(void)at;
	if (!write || off > CAP_EXPRESS + 11 || off + len <= CAP_EXPRESS + PCI_EXP_DEVCTL)
		return;
	wide += len != 1 || off != CAP_EXPRESS + PCI_EXP_DEVCTL + 1;
	beside += (value & 0x80) != 0;
}

/*
 * What a rule lets the guest write in the hardware is as before after a reset, though the kernel
 * restores what the guest has written; and after the guest.
 */
START_TEST(passed_by_rule)
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
	before = hw(devctl, 2);
	wide = beside = 0;
	fakexen_watch(world->xen, hardware);
	for (unsigned int round = 0; round < 2; round++) {
		world_write(HVM, slot, devctl, 2, (before & ~0x7000u) | 0x5000);
		ck_assert_uint_eq(hw(devctl, 2), _i == 1 ? before : (before & ~0x7000u) | 0x5000);
		if (round)
			ck_assert_int_eq(world_detach(HVM, NIC), 0);
		else
			by_express(HVM);
		ck_assert_uint_eq(hw(devctl, 2), before);
	}
	ck_assert_uint_eq(hw(CAP_EXPRESS + PCI_EXP_DEVSTA, 2), 0x0003);
	ck_assert_uint_eq(wide, 0);
	ck_assert_uint_eq(beside, 0);
	world_check_clean();
}
END_TEST

Suite *suite_service_reset(void)
{
	Suite *s = suite_create("service_reset");
	TCase *t = tcase_create("service_reset");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_add_loop_test(t, af_flr, 0, 2);
	tcase_add_test(t, af_without_flr);
	tcase_add_loop_test(t, rom_of_the_host, 0, 2);
	tcase_add_test(t, no_rom);
	tcase_add_test(t, intx);
	tcase_add_test(t, placed_again);
	tcase_add_loop_test(t, passed_by_rule, 0, 3);
	suite_add_tcase(s, t);
	return s;
}
