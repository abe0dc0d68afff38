/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Capabilities that rules link, move, add and resize. */
#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "core/pci_bits.h"
#include "ruled_nic.h"
#include "suites.h"
#include "view/build.h"
#include "view/capture.h"

/* Places in no capability of the NIC, to which rules move capabilities or add them. */
enum {
	FREE_1 = 0x200,
	FREE_2 = 0x300,
	FREE_3 = 0x400,
	FREE_4 = 0x600,
	FREE_5 = 0x700,
};

/* Where functions other than the NIC have their capabilities, and a free place. */
enum {
	FIRST_AT = 0x40,
	SECOND_AT = 0x50,
	FREE_AT = 0x80,
};

/* ---- add ---- */

static uint16_t add(struct ec_cap_ref cap, uint16_t at, const void *bytes, uint16_t n)
{
	return ruled_add(&rules, (struct ec_setting){ .verb = EC_SET_ADD,
						      .cap = cap,
						      .offset = at,
						      .number = 3,
						      .bytes = bytes,
						      .n = n });
}

START_TEST(an_added_capability_is_linked_with_its_bytes)
{
	uint16_t by = add(vndr, NIC_GAP, "\x08\x11\x22\x33\x44\x55", 6);

	add(dsn, FREE_2, "ABCDEFGH", 8);
	nic_attach();
	ck_assert_uint_eq(nic_find(PCI_CAP_ID_VNDR, false), NIC_GAP);
	ck_assert_uint_eq(rig_read(nic, NIC_GAP, 4), 0x11080009);
	ck_assert_uint_eq(rig_read(nic, NIC_GAP + 4, 4), 0x55443322);
	ck_assert_uint_eq(nic_find(PCI_CAP_ID_VPD, false), NIC_VPD); /* unchanged */
	ck_assert_uint_eq(rig_read(nic, FREE_2, 4) & 0xfffff, 0x30003);
	ck_assert_uint_eq(rig_read(nic, FREE_2 + 4, 4), 0x44434241);
	/* the hardware's capability comes first in the chain */
	ck_assert_uint_eq(nic_find(PCI_EXT_CAP_ID_DSN, true), NIC_DSN);
	for (uint32_t at = NIC_GAP; at < NIC_GAP + 8; at++)
		ck_assert_int_eq(rig_write(nic, at, 1, 0xff), EC_V_DROPPED);
	ck_assert_uint_eq(rig_read(nic, NIC_GAP + 4, 4), 0x55443322);
	ck_assert_uint_eq(nic->n, 0);
	ck_assert_uint_eq(ec_plan_at(&nic->plan, NIC_GAP + 4)->origin, by);
	ck_assert_uint_eq(nic->plan.cap[nic->plan.chain.n - 1].from, 0);
}
END_TEST

/* Outside all bytes that the hardware may use. */
START_TEST(auto_takes_the_first_place_with_room)
{
	static const uint8_t long_one[0x1e] = { 0x20, 1, 2, 3, [0x1d] = 9 };

	fixture_put(&fixture, NIC_GAP, 4, 0);
	add(vndr, 0, "\x04\0", 2);
	add(vndr, 0, long_one, 0x1e);
	add(vsec, 0, NULL, 0);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, NIC_PM + 8, 4) & 0xff00ff, 0x040009);
	/* there is less room after PM and MSI */
	ck_assert_uint_eq(rig_read(nic, NIC_MSIX + 12, 1), PCI_CAP_ID_VNDR);
	ck_assert_uint_eq(rig_read(nic, NIC_GAP + 27, 1), 9);
	ck_assert_uint_eq(rig_read(nic, NIC_AER + 44, 4) & 0xfffff, 0x3000b);
	ck_assert_uint_eq(nic->plan.chain.n, 10 + 3);
}
END_TEST

START_TEST(the_first_capability_can_be_an_added_one)
{
	fixture_init(&fixture, 4096, 0);
	add(vndr, 0, "\x04\x01", 2);
	add(dsn, FREE_1, "ABCDEFGH", 8);
	add(vsec, 0, "abcd", 4);
	nic_attach();
	ck_assert_uint_eq(nic_find(PCI_CAP_ID_VNDR, false), EC_STD_FIRST);
	ck_assert_uint_eq(rig_read(nic, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST, PCI_STATUS_CAP_LIST);
	/* an extended chain starts at 0x100, with a null capability */
	ck_assert_uint_eq(rig_read(nic, EC_EXT_FIRST, 4), 0x20000000);
	ck_assert_uint_eq(nic_find(PCI_EXT_CAP_ID_DSN, true), FREE_1);
	ck_assert_uint_eq(nic_find(PCI_EXT_CAP_ID_VNDR, true), EC_EXT_FIRST + 4);
	ck_assert_uint_eq(rig_read(nic, EC_EXT_FIRST + 4 + PCI_EVNDR_HEADER, 4), 0x64636261);
}
END_TEST

START_TEST(a_capability_without_room_is_refused)
{
	static const uint8_t bytes[256];
	static const struct {
		const struct ec_cap_ref *cap;
		uint16_t at, n;
		const char *why;
	} rows[] = {
		{ &vndr, NIC_PM + PCI_PM_CTRL, 2,
		  "VNDR (std 09) at 44: another capability is there" },
		{ &vndr, NIC_PM + PCI_PM_SIZEOF, 7,
		  "VNDR (std 09) at 48: another capability is there" },
		{ &vndr, PCI_INTERRUPT_LINE, 2, "at 3c: no capability of its kind" },
		{ &vndr, NIC_PM + PCI_CAP_FLAGS, 2, "at 42: no capability of its kind" },
		{ &vndr, FREE_1, 2, "at 200: no capability of its kind" },
		{ &dsn, NIC_GAP, 8, "DSN (ext 03) at c0: no capability of its kind" },
		{ &dsn, EC_CONFIG_SIZE - 8, 8, "at ff8: no capability of its kind" },
		{ &vndr, 0, 0x40, "VNDR (std 09): there is no room" },
	};

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(rows); i++) {
		ruled_clear(&rules);
		ruled_refused(&rules, nic, &fixture.img, rows[i].why,
			      add(*rows[i].cap, rows[i].at, bytes, rows[i].n));
	}
	ruled_clear(&rules);
	add(vndr, NIC_GAP, bytes, 6);
	ruled_refused(&rules, nic, &fixture.img, "another capability is there",
		      add(pm, NIC_GAP + 4, bytes, 6));
	/* a capability of unknown length has all bytes after it, unless a rule gives its length */
	ruled_clear(&rules);
	fixture_put(&fixture, NIC_VPD, 1, 0x7e);
	ruled_refused(&rules, nic, &fixture.img, "another capability is there",
		      add(vndr, NIC_VPD + 16, bytes, 6));
	ruled_add(&rules, (struct ec_setting){
				  .verb = EC_SET_SIZE, .cap = { 0x7e, false, 0 }, .length = 16 });
	nic_attach();
	/* a list that is cut proves no room */
	fixture_put(&fixture, NIC_VPD + PCI_CAP_LIST_NEXT, 1, NIC_PM);
	ruled_refused(&rules, nic, &fixture.img, "list of capabilities is cut", EC_FIRST_RULE);
	fixture_init(&fixture, 256, 0);
	ruled_clear(&rules);
	ruled_refused(&rules, nic, &fixture.img, "no capability of its kind",
		      add(dsn, EC_EXT_FIRST, bytes, 8));
	ruled_clear(&rules);
	ruled_refused(&rules, nic, &fixture.img, "there is no room", add(dsn, 0, bytes, 8));
	fixture_init(&fixture, 64, 0);
	ruled_clear(&rules);
	ruled_refused(&rules, nic, &fixture.img, "there is no room", add(vndr, 0, bytes, 8));
}
END_TEST

/* The hardware does not have it, so its bytes are the rule's. */
START_TEST(an_added_capability_is_constant)
{
	uint16_t by;

	add(vndr, NIC_GAP, "\x08\x11\x22\x33\x44\x55", 6);
	ruled_cap(&rules, vndr, EC_PASS);
	ruled_number(&rules, EC_SET_PERMISSIVE, 1);
	ruled_treat(&rules, EC_SET_BODIES, EC_PASS);
	ruled_range(&rules, NULL, NIC_GAP + 4, 1, EC_FREEZE);
	ruled_range(&rules, NULL, NIC_GAP + 5, 1, EC_HIDE);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, NIC_GAP + 4, 4), 0x55440022);
	ck_assert_int_eq(rig_write(nic, NIC_GAP + 4, 4, 0), EC_V_DROPPED);
	ck_assert_uint_eq(nic->n, 0);
	by = ruled_range(&rules, NULL, NIC_GAP + 4, 4, EC_READ);
	ruled_refused(&rules, nic, &fixture.img, "VNDR.body at c4: a rule added it", by);
	/* of two at one place the later counts; it can be hidden */
	ruled_clear(&rules);
	add(vndr, NIC_GAP, "\x08\x11", 2);
	add(vndr, NIC_GAP, "\x08\x99", 2);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, NIC_GAP + 3, 1), 0x99);
	ruled_cap(&rules, vndr, EC_HIDE);
	nic_attach();
	nic_is_dead(NIC_GAP, NIC_GAP + 4);
	ck_assert_uint_eq(nic_find(PCI_CAP_ID_VNDR, false), 0);
}
END_TEST

/* ---- move ---- */

START_TEST(a_moved_capability_is_served_from_its_place_in_the_hardware)
{
	uint16_t by = ruled_place(&rules, EC_SET_MOVE, pm, NIC_GAP);

	ruled_place(&rules, EC_SET_MOVE, msix, NIC_GAP + 16);
	nic_attach();
	ck_assert_uint_eq(nic_find(PCI_CAP_ID_PM, false), NIC_GAP);
	ck_assert_uint_eq(nic_find(PCI_CAP_ID_MSIX, false), NIC_GAP + 16);
	nic_is_dead(NIC_PM, NIC_PM + 8);
	nic_is_dead(NIC_MSIX, NIC_MSIX + 12);
	ck_assert_uint_eq(rig_read(nic, NIC_GAP + 2, 2), 0x0603);
	ck_assert_uint_eq(rig_read(nic, NIC_GAP + 20, 4), 0x00000003);
	/* live bits are read at the hardware's place */
	nic->device.image.byte[NIC_PM + PCI_PM_DATA_REGISTER] = 0x99;
	ck_assert_uint_eq(rig_read(nic, NIC_GAP + 7, 1), 0x99);
	ck_assert_uint_eq(nic->hw[0].offset, NIC_PM + PCI_PM_DATA_REGISTER);
	rig_write(nic, NIC_GAP + 4, 2, 0x1e00); /* Data_Select */
	ck_assert_uint_eq(nic->device.image.byte[NIC_PM + 5] & 0x1e, 0x1e);
	ck_assert_uint_eq(nic->device.image.byte[NIC_GAP + 5], 0);
	/* effects start at the guest's place, and write at the hardware's */
	rig_write(nic, NIC_GAP + 4, 2, 3);
	ck_assert_uint_eq(nic->last.actions.action[0].kind, EC_ACT_POWER_STATE);
	ck_assert_uint_eq(nic->plan.layout.params.msix, NIC_GAP + 16);
	ck_assert_uint_eq(nic->plan.layout.params.msix_hw, NIC_MSIX);
	ck_assert_uint_eq(nic->plan.layout.params.msix_vectors, 64);
	ck_assert_uint_eq(nic->plan.cap[0].origin, by);
}
END_TEST

START_TEST(moving_the_first_extended_capability_leaves_a_null_one)
{
	ruled_place(&rules, EC_SET_MOVE, aer, FREE_3);
	ruled_place(&rules, EC_SET_MOVE, vsec, FREE_1);
	ruled_cap(&rules, vsec, EC_PASS);
	ruled_register(&rules, &aer, "UNCOR_MASK", ALL, EC_FREEZE);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, NIC_AER, 4), 0x40000000);
	ck_assert_uint_eq(nic_find(PCI_EXT_CAP_ID_AER, true), FREE_3);
	ck_assert_uint_eq(nic_find(PCI_EXT_CAP_ID_VNDR, true), FREE_1);
	nic_is_dead(NIC_AER + PCI_ERR_UNCOR_STATUS, NIC_AER + 44);
	nic_is_dead(NIC_VSEC, NIC_VSEC + 24);
	memset(nic->device.rw + NIC_VSEC + 8, 0xff, 4);
	rig_write(nic, FREE_1 + 9, 1, 0xab);
	ck_assert_uint_eq(nic->device.image.byte[NIC_VSEC + 9], 0xab);
	ck_assert_uint_eq(rig_read(nic, FREE_1 + 8, 4), 0xcafeab0d);
	for (unsigned int i = 0; i < nic->n; i++)
		ck_assert(!nic->hw[i].write);
}
END_TEST

START_TEST(a_move_needs_a_free_place_and_one_instance)
{
	static const struct {
		uint16_t at;
		const char *why;
	} rows[] = { { NIC_PM + PCI_PM_CTRL, "PM (std 01) at 44: another capability is there" },
		     { NIC_MSI - 4, "another capability is there" },
		     { EC_EXT_FIRST - 4, "no capability of its kind" },
		     { EC_EXT_FIRST, "no capability of its kind" } };

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(rows); i++) {
		ruled_clear(&rules);
		ruled_refused(&rules, nic, &fixture.img, rows[i].why,
			      ruled_place(&rules, EC_SET_MOVE, pm, rows[i].at));
	}
	/* a move to its own place, and of a capability that the function lacks, do nothing */
	ruled_clear(&rules);
	ruled_place(&rules, EC_SET_MOVE, pm, NIC_PM);
	ruled_place(&rules, EC_SET_MOVE, vndr, NIC_PM + PCI_PM_CTRL);
	nic_attach();
	ck_assert_uint_eq(nic_find(PCI_CAP_ID_PM, false), NIC_PM);
	ck_assert_uint_eq(rig_read(nic, NIC_PM + PCI_PM_CTRL, 1), 0x08);
	/* the last move counts */
	ruled_place(&rules, EC_SET_MOVE, pm, NIC_PM + PCI_PM_CTRL);
	ruled_place(&rules, EC_SET_MOVE, pm, NIC_GAP);
	nic_attach();
	ck_assert_uint_eq(nic_find(PCI_CAP_ID_PM, false), NIC_GAP);
	fixture_put(&fixture, NIC_MSIX, 1, PCI_CAP_ID_PM);
	ruled_refused(&rules, nic, &fixture.img, "there are several", EC_FIRST_RULE + 3);
}
END_TEST

/* The instances keep their numbers. */
START_TEST(of_several_instances_one_is_moved)
{
	static const struct ec_cap_ref first = { PCI_CAP_ID_VNDR, false, 1 },
				       second = { PCI_CAP_ID_VNDR, false, 2 };

	fixture_init(&fixture, 256, 0);
	for (uint32_t i = 0; i < 2; i++) {
		fixture_cap(&fixture, FIRST_AT + i * 16, PCI_CAP_ID_VNDR);
		fixture_put(&fixture, FIRST_AT + PCI_VNDR_LENGTH + i * 16, 2, 0x0106 + i * 0x100);
		fixture_put(&fixture, FIRST_AT + 4 + i * 16, 4, 0xa0a0a0a0 + i * 0x01010101);
	}
	fixture_fill(&fixture, FREE_AT, 8, 0xee);
	ruled_treat(&rules, EC_SET_GAPS, EC_PASS);
	ruled_place(&rules, EC_SET_MOVE, first, FREE_AT);
	ruled_cap(&rules, second, EC_HIDE);
	ruled_range(&rules, &first, 4, 1, EC_HIDE);
	nic_attach();
	ck_assert_uint_eq(nic_find(PCI_CAP_ID_VNDR, false), FREE_AT);
	ck_assert_uint_eq(rig_read(nic, FREE_AT, 4), 0x01060009);
	ck_assert_uint_eq(rig_read(nic, FREE_AT + 4, 2), 0xa000);
	nic_is_dead(FIRST_AT, FIRST_AT + 6);
	nic_is_dead(SECOND_AT, SECOND_AT + 6);
	/* 6 bytes: a dword has one place in the hardware, so the last two are hidden */
	nic_is_dead(FREE_AT + 6, FREE_AT + 8);
	ruled_refused(&rules, nic, &fixture.img, "gap at 86: its dword has two places",
		      ruled_range(&rules, NULL, FREE_AT + 6, 2, EC_READ));
}
END_TEST

START_TEST(an_unknown_capability_is_moved_whole)
{
	fixture_init(&fixture, 256, 0);
	fixture_cap(&fixture, FIRST_AT, 0x7e);
	fixture_fill(&fixture, FIRST_AT + 2, 6, 0x5a);
	fixture_cap(&fixture, SECOND_AT, PCI_CAP_ID_VNDR);
	fixture_put(&fixture, SECOND_AT + PCI_VNDR_LENGTH, 2, 0x0008);
	ruled_add(&rules, (struct ec_setting){
				  .verb = EC_SET_SIZE, .cap = { 0x7e, false, 0 }, .length = 8 });
	ruled_place(&rules, EC_SET_MOVE, (struct ec_cap_ref){ 0x7e, false, 0 }, FREE_AT);
	ruled_treat(&rules, EC_SET_UNKNOWN, EC_READ);
	nic_attach();
	ck_assert_uint_eq(nic_find(0x7e, false), FREE_AT);
	ck_assert_uint_eq(rig_read(nic, FREE_AT + 4, 4), 0x5a5a5a5a);
	ck_assert_uint_eq(nic->hw[0].offset, FIRST_AT + 4);
	nic_is_dead(FIRST_AT, FIRST_AT + 8);
}
END_TEST

/* ---- link, size ---- */

START_TEST(a_capability_is_linked_if_its_id_is_there)
{
	uint16_t by;

	fixture_put(&fixture, NIC_MSIX + PCI_CAP_LIST_NEXT, 1, 0); /* no longer links VPD */
	fixture_put(&fixture, FREE_1, 4, 0x00010003);
	fixture_put(&fixture, FREE_1 + 4, 4, 0x11111111);
	fixture_put(&fixture, FREE_1 + 8, 4, 0x22222222);
	ruled_place(&rules, EC_SET_LINK, (struct ec_cap_ref){ PCI_CAP_ID_VPD, false, 0 }, NIC_VPD);
	ruled_cap(&rules, (struct ec_cap_ref){ PCI_CAP_ID_VPD, false, 0 }, EC_READ);
	ruled_cap(&rules, (struct ec_cap_ref){ PCI_EXT_CAP_ID_DSN, true, 1 }, EC_HIDE);
	by = ruled_place(&rules, EC_SET_LINK, dsn, FREE_1);
	nic_attach();
	ck_assert_uint_eq(nic_find(PCI_CAP_ID_VPD, false), NIC_VPD);
	ck_assert_uint_eq(nic_find(PCI_EXT_CAP_ID_DSN, true), FREE_1);
	ck_assert_uint_eq(rig_read(nic, FREE_1 + 4, 4), 0x11111111);
	ck_assert_uint_eq(nic->plan.cap[nic->plan.chain.n - 1].length, 12);
	fixture_put(&fixture, FREE_1, 2, 0x0004);
	ruled_refused(&rules, nic, &fixture.img, "DSN (ext 03) at 200: the hardware has no such id",
		      by);
	ruled_clear(&rules);
	ruled_refused(&rules, nic, &fixture.img, "PM (std 01) at 74: another capability is there",
		      ruled_place(&rules, EC_SET_LINK, pm, NIC_EXP + PCI_EXP_DEVCAP));
	/* a linked capability can be linked again */
	ruled_clear(&rules);
	ruled_place(&rules, EC_SET_LINK, pm, NIC_PM);
	nic_attach();
	ck_assert_uint_eq(nic->plan.chain.n, 9);
}
END_TEST

START_TEST(linking_pci_express_makes_a_function_express)
{
	fixture_put(&fixture, NIC_MSI + PCI_CAP_LIST_NEXT, 1, NIC_MSIX);
	ruled_place(&rules, EC_SET_LINK, express, NIC_EXP);
	nic_attach();
	ck_assert_uint_eq(nic_find(PCI_CAP_ID_EXP, false), NIC_EXP);
	ck_assert(nic->plan.express);
	ck_assert_uint_eq(rig_read(nic, NIC_EXP + PCI_EXP_FLAGS, 2) >> 4 & 15,
			  PCI_EXP_TYPE_ENDPOINT);
	ck_assert_uint_eq(nic->plan.cap[4].length, 0x3c);
}
END_TEST

START_TEST(a_size_replaces_the_measured_length)
{
	ruled_add(&rules, (struct ec_setting){ .verb = EC_SET_SIZE, .cap = vsec, .length = 0x0c });
	ruled_add(&rules, (struct ec_setting){ .verb = EC_SET_SIZE, .cap = dsn, .length = 4096 });
	ruled_add(&rules, (struct ec_setting){ .verb = EC_SET_SIZE, .cap = msi, .length = 0x0e });
	fixture_put(&fixture, NIC_VSEC + 12, 4, 0x55555555);
	fixture_put(&fixture, NIC_DSN + 12, 4, 0x44444444);
	nic_attach();
	ck_assert_uint_eq(nic->plan.cap[9].length, 0x0c);
	ck_assert_uint_eq(rig_read(nic, NIC_VSEC + 8, 4), 0xcafef00d);
	ck_assert_uint_eq(rig_read(nic, NIC_VSEC + 12, 4), 0); /* dead */
	ck_assert_uint_eq(nic->plan.cap[6].length, 0x10);
	ck_assert_uint_eq(rig_read(nic, NIC_DSN + 12, 4), 0x44444444);
	ck_assert_uint_eq(nic->plan.cap[1].length, 0x0e);
	ck_assert_uint_eq(rig_read(nic, NIC_MSI + PCI_MSI_MASK_BIT_64, 4), 0);
	ck_assert_uint_eq(nic->plan.layout.params.msi, NIC_MSI);
	/* too short for MSI */
	ruled_add(&rules, (struct ec_setting){ .verb = EC_SET_SIZE, .cap = msi, .length = 8 });
	nic_attach();
	ck_assert_uint_eq(nic_find(PCI_CAP_ID_MSI, false), 0);
}
END_TEST

/* ---- capture ---- */

static unsigned int reads_of[EC_CONFIG_DWORDS];

static int read_device(void *ctx, uint32_t offset, unsigned int len, uint32_t *value)
{
	const struct fixture *f = ctx;

	reads_of[offset / 4]++;
	*value = fixture_get(f, offset, len);
	return 0;
}

START_TEST(a_capture_with_rules_gives_the_same_view)
{
	static const struct ec_conf_ops ops = { .read = read_device };
	struct ec_plan_options o = { .topology = (enum ec_topology)_i, .rules = &rules.all };
	struct rig *other = rig_new();
	struct ec_captured got;
	struct ec_image img;

	fixture_put(&fixture, NIC_MSIX + PCI_CAP_LIST_NEXT, 1, 0);
	fixture_ext(&fixture, FREE_2, PCI_EXT_CAP_ID_DVSEC, 1);
	fixture_put(&fixture, FREE_2 + PCI_DVSEC_HEADER1, 4, 0x02001234);
	fixture_put(&fixture, FREE_2 + 16, 4, 0x10101010);
	fixture_put(&fixture, NIC_VSEC + 2, 2, 1); /* not linked */
	ruled_place(&rules, EC_SET_LINK, (struct ec_cap_ref){ PCI_EXT_CAP_ID_DVSEC, true, 0 },
		    FREE_2);
	ruled_place(&rules, EC_SET_MOVE, aer, FREE_3);
	ruled_place(&rules, EC_SET_MOVE, (struct ec_cap_ref){ PCI_EXT_CAP_ID_DVSEC, true, 0 },
		    FREE_4);
	ruled_cap(&rules, (struct ec_cap_ref){ PCI_EXT_CAP_ID_DVSEC, true, 0 }, EC_FREEZE);
	ruled_place(&rules, EC_SET_MOVE, express, NIC_GAP);
	ruled_cap(&rules, express, EC_READ);
	ruled_cap(&rules, msix, EC_READ);
	ruled_range(&rules, NULL, NIC_EXT_GAP, 4, EC_EMULATE);
	ruled_register(&rules, &express, "LNKCAP", ALL, EC_READ);
	add(dsn, FREE_5, "ABCDEFGH", 8);
	memset(reads_of, 0, sizeof(reads_of));
	ck_assert_int_eq(
		ec_capture_take(&(struct ec_capture_request){ &ops, &fixture, EC_CAPTURE_PLAN, &o },
				&nic->plan, &img, &got, &rules.diag),
		0);
	for (unsigned int i = 0; i < EC_CONFIG_DWORDS; i++)
		ck_assert_uint_le(reads_of[i], 1);
	ck_assert_uint_le(got.dwords, 72);
	rig_attach_options(nic, &fixture.img, &o);
	o.live = true;
	ck_assert_int_eq(ec_plan_build(&other->plan, &img, &o, NULL), 0);
	ck_assert_mem_eq(&other->plan.layout, &nic->plan.layout,
			 ec_layout_bytes(&nic->plan.layout));
	ck_assert_mem_eq(other->plan.shadow, nic->plan.shadow, nic->plan.layout.words * 4u);
	rig_free(other);
	ck_assert_uint_eq(rig_read(nic, FREE_4 + 16, 4), 0x10101010);
	ck_assert_uint_eq(nic->plan.layout.params.msix_table, 3);
}
END_TEST

Suite *suite_view_rules_chain(void)
{
	Suite *s = suite_create("view_rules_chain");
	TCase *t = tcase_create("chain");

	tcase_add_checked_fixture(t, nic_setup, nic_teardown);
	tcase_add_test(t, an_added_capability_is_linked_with_its_bytes);
	tcase_add_test(t, auto_takes_the_first_place_with_room);
	tcase_add_test(t, the_first_capability_can_be_an_added_one);
	tcase_add_test(t, a_capability_without_room_is_refused);
	tcase_add_test(t, an_added_capability_is_constant);
	tcase_add_test(t, a_moved_capability_is_served_from_its_place_in_the_hardware);
	tcase_add_test(t, moving_the_first_extended_capability_leaves_a_null_one);
	tcase_add_test(t, a_move_needs_a_free_place_and_one_instance);
	tcase_add_test(t, of_several_instances_one_is_moved);
	tcase_add_test(t, an_unknown_capability_is_moved_whole);
	tcase_add_test(t, a_capability_is_linked_if_its_id_is_there);
	tcase_add_test(t, linking_pci_express_makes_a_function_express);
	tcase_add_test(t, a_size_replaces_the_measured_length);
	tcase_add_loop_test(t, a_capture_with_rules_gives_the_same_view, EC_BYPASSED, EC_HOST);
	suite_add_tcase(s, t);
	return s;
}
