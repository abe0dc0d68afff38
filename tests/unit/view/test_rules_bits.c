/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What ranges and registers of rules decide about bits, and in which order. */
#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "ruled_nic.h"
#include "suites.h"
#include "view/build.h"

/* ---- ranges ---- */

START_TEST(a_range_passes_its_bits_and_clears_w1c_only_if_written)
{
	struct ec_setting s = { .verb = EC_SET_RANGE,
				.bits = EC_BITS_TREAT | EC_BITS_W1C,
				.treatment = EC_PASS,
				.offset = NIC_EXT_GAP + 2,
				.length = 2,
				.mask = 0xff0f,
				.w1c = 0x0300 };
	uint16_t by = ruled_add(&rules, s);

	nic_attach();
	ck_assert_uint_eq(rig_read(nic, NIC_EXT_GAP, 4), 0x990a0000 & 0xff0f0000);
	ck_assert_uint_eq(nic_origin(NIC_EXT_GAP), by);
	memset(nic->device.rw + NIC_EXT_GAP, 0xff, 4);
	nic->device.rw[NIC_EXT_GAP + 3] = 0xfc;
	nic->device.w1c[NIC_EXT_GAP + 3] = 0x03;
	rig_write(nic, NIC_EXT_GAP, 4, 0x02ffffff);
	/* bits 5:0 of byte 3 that are not w1c are 0, of bits 1:0 the one that was written is
	 * cleared */
	ck_assert_uint_eq(nic_peek(NIC_EXT_GAP, 4), 0x01afbbcc);
	ck_assert_uint_eq(rig_read(nic, 0x7fc, 4), 0);
	ck_assert_uint_eq(rig_read(nic, NIC_EXT_GAP + 4, 4), 0);
	ck_assert_uint_eq(nic->function.permissive_writes, 0);
}
END_TEST

START_TEST(bits_outside_the_mask_are_written_back_except_w1c)
{
	struct ec_setting s = { .verb = EC_SET_RANGE,
				.bits = EC_BITS_TREAT | EC_BITS_W1C,
				.treatment = EC_PASS,
				.offset = NIC_EXT_GAP,
				.length = 4,
				.mask = 0x000f000f,
				.w1c = 0x0f00f000 };

	ruled_add(&rules, s);
	nic_attach();
	memset(nic->device.rw + NIC_EXT_GAP, 0xff, 4);
	nic->device.rw[NIC_EXT_GAP + 1] = 0x0f;
	nic->device.w1c[NIC_EXT_GAP + 1] = 0xf0;
	nic->device.rw[NIC_EXT_GAP + 3] = 0xf0;
	nic->device.w1c[NIC_EXT_GAP + 3] = 0x0f;
	rig_write(nic, NIC_EXT_GAP, 4, 0);
	/* 0x99aabbcc: bits in w1c are unchanged, and so are those in neither */
	ck_assert_uint_eq(nic_peek(NIC_EXT_GAP, 4), 0x99a0bbc0);
	rig_write(nic, NIC_EXT_GAP, 4, ALL);
	ck_assert_uint_eq(nic_peek(NIC_EXT_GAP, 4), 0x99afbbcf);
	ck_assert_uint_eq(rig_read(nic, NIC_EXT_GAP, 4) & 0xfff0fff0, 0);
}
END_TEST

START_TEST(a_range_of_a_capability_ends_with_it)
{
	ruled_range(&rules, &vsec, 8, 4, EC_EMULATE);
	ruled_range(&rules, &vsec, 0x10, 0x100, EC_HIDE); /* ends with the capability */
	ruled_range(&rules, &sriov, 0x0c, 4, EC_EMULATE); /* hidden: dead */
	fixture_put(&fixture, NIC_VSEC + 20, 4, 0x77777777);
	fixture_put(&fixture, NIC_VSEC + 24, 4, 0x66666666);
	ruled_range(&rules, NULL, NIC_VSEC + 24, 4, EC_FREEZE);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, NIC_VSEC + 8, 4), 0xcafef00d);
	rig_write(nic, NIC_VSEC + 8, 4, 0x01020304);
	ck_assert_uint_eq(rig_read(nic, NIC_VSEC + 8, 4), 0x01020304);
	ck_assert_uint_eq(nic_peek(NIC_VSEC + 8, 4), 0xcafef00d);
	ck_assert_uint_eq(rig_read(nic, NIC_VSEC + 20, 4), 0);
	ck_assert_uint_eq(rig_read(nic, NIC_VSEC + 24, 4), 0x66666666);
	ck_assert_uint_eq(rig_read(nic, NIC_SRIOV + PCI_IOV_INITIALVF, 4), 0);
}
END_TEST

/* Bytes are numbered across registers, and hidden ones are shown. */
START_TEST(a_value_is_constant_across_registers)
{
	struct ec_setting s = { .verb = EC_SET_RANGE,
				.bits = EC_BITS_VALUE,
				.offset = PCI_SUBSYSTEM_ID,
				.length = 4,
				.mask = 0x00ffff00,
				.value = 0x00123400 };

	ruled_add(&rules, s);
	s.offset = 0x900;
	s.mask = 0xff;
	s.value = 0x5a;
	ruled_add(&rules, s);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, PCI_SUBSYSTEM_VENDOR_ID, 4), 0x34a01234);
	ck_assert_uint_eq(rig_read(nic, 0x900, 4), 0x5a);
	ck_assert_int_eq(rig_write(nic, 0x900, 4, 0), EC_V_DROPPED);
	/* an address that cannot be written is not shown */
	ck_assert_uint_eq(rig_read(nic, PCI_ROM_ADDRESS, 4), 0);
}
END_TEST

/* ---- registers ---- */

START_TEST(a_rule_that_names_a_register_replaces_the_tables_corrections)
{
	uint16_t by = ruled_register(&rules, NULL, "SUBSYSTEM_ID", ALL, EC_HIDE);

	ruled_value(&rules, &pm, "PMC", PCI_PM_CAP_D1 | 0xf800, 0x4800);
	ruled_register(&rules, &express, "DEVCAP", 0x18, EC_FREEZE);
	ruled_register(&rules, &express, "DEVCTL2", 0x000f, EC_PASS);
	ruled_register(&rules, &sriov, "TOTAL_VF", ALL, EC_FREEZE); /* hidden: dead */
	ruled_register(&rules, &pm, "NO_SUCH", ALL, EC_PASS);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, PCI_SUBSYSTEM_VENDOR_ID, 4), 0x1234);
	ck_assert_uint_eq(nic_origin(PCI_SUBSYSTEM_ID), by);
	/* the table corrects PME support and phantom functions, the rule replaces that */
	ck_assert_uint_eq(rig_read(nic, NIC_PM + PCI_CAP_FLAGS, 2), 0x4c03);
	ck_assert_uint_eq(rig_read(nic, NIC_EXP + PCI_EXP_DEVCAP, 4) & 0x18, 0x18);
	rig_write(nic, NIC_EXP + PCI_EXP_DEVCTL2, 2, 0x0009);
	ck_assert_uint_eq(nic_peek(NIC_EXP + PCI_EXP_DEVCTL2, 2) & 0xf, 0x9);
	ck_assert_uint_eq(rig_read(nic, NIC_SRIOV + PCI_IOV_TOTALVF, 2), 0);
	ck_assert_uint_eq(nic->plan.layout.params.power_states, 0xd);
}
END_TEST

START_TEST(rules_do_not_break_what_holds_for_any_view)
{
	ruled_number(&rules, EC_SET_MSIX_DISABLE, 1); /* it needs BAR 3 */
	ruled_value(&rules, NULL, "HEADER_TYPE", 0xff, 0x81);
	ruled_value(&rules, NULL, "STATUS", PCI_STATUS_CAP_LIST, 0);
	ruled_value(&rules, NULL, "BASE_ADDRESS_2", 0xff, 0x0c);
	ruled_register(&rules, NULL, "BASE_ADDRESS_1", 0xf0, EC_FREEZE);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, PCI_HEADER_TYPE, 1), 0x80);
	ck_assert_uint_eq(rig_read(nic, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST, PCI_STATUS_CAP_LIST);
	ck_assert_uint_eq(rig_read(nic, PCI_BASE_ADDRESS_2, 4), 1);
	ck_assert_uint_eq(nic->plan.layout.params.bar_kind[2], EC_BAR_IO);
	/* a BAR without all of its address is hidden, with its other half */
	nic_is_dead(PCI_BASE_ADDRESS_0, PCI_BASE_ADDRESS_2);
	ck_assert_uint_eq(nic->plan.layout.params.bar_kind[0], EC_BAR_NONE);
	rig_write(nic, PCI_BASE_ADDRESS_3, 4, ALL);
	ck_assert_uint_ne(rig_read(nic, PCI_BASE_ADDRESS_3, 4), 0);
	ruled_value(&rules, NULL, "BASE_ADDRESS_3", 0x80000000, 0x80000000);
	nic_attach();
	nic_is_dead(PCI_BASE_ADDRESS_3, PCI_BASE_ADDRESS_4);
}
END_TEST

START_TEST(bits_of_host_and_chain_are_refused)
{
	static const struct {
		const struct ec_cap_ref *cap;
		const char *name, *why;
		enum ec_treatment t;
		uint32_t mask;
	} rows[] = {
		{ NULL, "COMMAND", "COMMAND at 4: bits that the host", EC_PASS, 0x2 },
		{ NULL, "COMMAND", "COMMAND at 4: bits that the host", EC_READ, ALL },
		{ NULL, "BASE_ADDRESS_0", "BASE_ADDRESS_0 at 10: bits that", EC_PASS, 0xf0 },
		{ &msi, "FLAGS", "MSI.FLAGS at 52: bits that the host", EC_PASS, 1 },
		{ &aer, "UNCOR_MASK", "AER.UNCOR_MASK at 108: bits", EC_READ, ALL },
		{ NULL, "CAPABILITY_LIST", "CAPABILITY_LIST at 34: rules cannot", EC_FREEZE, ALL },
		{ &pm, "CAP_ID", "PM.CAP_ID at 40: rules cannot", EC_HIDE, ALL },
		{ &dsn, "CAP_NEXT", "DSN.CAP_NEXT at 142: rules cannot", EC_READ, 0xf },
		{ &msix, "TABLE", "MSI-X.TABLE at b4: rules cannot change where the vectors",
		  EC_HIDE, ALL },
		{ &msix, "PBA", "MSI-X.PBA at b8: rules cannot change where the vectors", EC_FREEZE,
		  0x8 },
	};

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(rows); i++) {
		ruled_clear(&rules);
		ruled_number(&rules, EC_SET_PERMISSIVE, 1);
		ruled_refused(
			&rules, nic, &fixture.img, rows[i].why,
			ruled_register(&rules, rows[i].cap, rows[i].name, rows[i].mask, rows[i].t));
	}
	ruled_clear(&rules);
	ruled_refused(&rules, nic, &fixture.img, "rules cannot change the lists of capabilities",
		      ruled_range(&rules, NULL, PCI_INTERRUPT_LINE, 8, EC_FREEZE));
	ruled_clear(&rules);
	ruled_refused(&rules, nic, &fixture.img, "COMMAND at 4: bits",
		      ruled_range(&rules, NULL, 5, 1, EC_PASS));
	/* they may be hidden or frozen, and a whole capability may be passed */
	ruled_clear(&rules);
	ruled_register(&rules, &msi, "FLAGS", 1, EC_FREEZE);
	ruled_register(&rules, NULL, "COMMAND", PCI_COMMAND_MEMORY, EC_HIDE);
	ruled_cap(&rules, aer, EC_PASS);
	nic_attach();
	ck_assert_uint_eq(nic->plan.layout.params.msi, 0);
	rig_write(nic, NIC_AER + PCI_ERR_UNCOR_MASK, 4, ALL);
	ck_assert_uint_eq(nic_peek(NIC_AER + PCI_ERR_UNCOR_MASK, 4), 0);
}
END_TEST

/* ---- order ---- */

START_TEST(a_specific_setting_counts_in_any_order)
{
	static const enum ec_treatment want[] = { EC_PASS,    EC_FREEZE, EC_READ,
						  EC_EMULATE, EC_HIDE,   EC_READ };

	for (unsigned int level = 0; level < EC_ARRAY_SIZE(want); level++)
		for (unsigned int turn = 0; turn < 2; turn++) {
			ruled_clear(&rules);
			for (unsigned int k = 0; k <= level; k++) {
				unsigned int i = turn ? level - k : k;

				if (i == 0)
					ruled_number(&rules, EC_SET_PERMISSIVE, 1);
				else if (i == 1)
					ruled_treat(&rules, EC_SET_BODIES, EC_FREEZE);
				else if (i == 2)
					ruled_cap(&rules, vsec, EC_READ);
				else if (i == 3)
					ruled_range(&rules, &vsec, 4, 8, EC_EMULATE);
				else if (i == 4)
					ruled_range(&rules, NULL, NIC_VSEC + 4, 8, EC_HIDE);
				else
					ruled_register(&rules, &vsec, "VSEC_HEADER", ALL, EC_READ);
			}
			/* both are ranges: the later counts */
			if (level >= 4 && turn)
				continue;
			nic_attach();
			ck_assert_msg(ec_plan_at(&nic->plan, level < 5 ? 0x1c8 : 0x1c4)
						      ->served[want[level]] == ALL,
				      "level %u turn %u", level, turn);
		}
}
END_TEST

START_TEST(of_two_settings_of_a_kind_the_later_counts)
{
	ruled_register(&rules, NULL, "SUBSYSTEM_ID", ALL, EC_READ);
	ruled_value(&rules, NULL, "SUBSYSTEM_ID", 0x00ff, 0x0055);
	ruled_value(&rules, NULL, "SUBSYSTEM_ID", 0x000f, 0x0003);
	ruled_register(&rules, NULL, "SUBSYSTEM_ID", 0x00c0, EC_HIDE);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, PCI_SUBSYSTEM_ID, 2), 0x0013);
	ck_assert_uint_eq(nic_origin(PCI_SUBSYSTEM_ID), EC_FIRST_RULE + 3);
	ruled_register(&rules, NULL, "SUBSYSTEM_ID", ALL, EC_FREEZE);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, PCI_SUBSYSTEM_ID, 2), 0x00a0);
}
END_TEST

/* ---- what functions there are ---- */

START_TEST(rules_apply_to_functions_without_extended_space)
{
	fixture_init(&fixture, _i ? 256 : 64, 0);
	if (_i)
		fixture_cap(&fixture, 0x40, PCI_CAP_ID_PM);
	ruled_number(&rules, EC_SET_PERMISSIVE, 1);
	ruled_treat(&rules, EC_SET_GAPS, EC_PASS);
	ruled_cap(&rules, aer, EC_SHOW);
	ruled_range(&rules, NULL, 0x100, 4, EC_PASS);
	ruled_range(&rules, NULL, 0xfff, 1, EC_READ);
	ruled_range(&rules, &aer, 0, 4096, EC_PASS);
	ruled_value(&rules, NULL, "SUBSYSTEM_ID", ALL, 0x1af4);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, 0x2e, 2), 0x1af4);
	ck_assert_uint_eq(rig_read(nic, 0x100, 4), ALL);
	ck_assert_uint_eq(nic->plan.layout.size, _i ? 256 : 64);
}
END_TEST

/* A bridge can be viewed in the host topology only. */
START_TEST(rules_are_ignored_in_the_host_topology)
{
	struct ec_plan_options o = { .topology = EC_HOST, .rules = &rules.all };

	ruled_cap(&rules, pm, EC_HIDE);
	ruled_register(&rules, NULL, "COMMAND", ALL, EC_PASS);
	ruled_place(&rules, EC_SET_ADD, dsn, 0x200);
	rig_attach_options(nic, &fixture.img, &o);
	ck_assert(rig_has_cap(nic, PCI_CAP_ID_PM, false));
	ck_assert_uint_eq(rig_read(nic, PCI_COMMAND, 2), 0x0507);
	fixture_init(&fixture, 256, PCI_HEADER_TYPE_BRIDGE);
	fixture_cap(&fixture, 0x40, PCI_CAP_ID_PM);
	rig_attach_options(nic, &fixture.img, &o);
	ck_assert(rig_has_cap(nic, PCI_CAP_ID_PM, false));
	o.topology = EC_BYPASSED;
	ck_assert_int_eq(ec_plan_build(&nic->plan, &fixture.img, &o, NULL), -EOPNOTSUPP);
}
END_TEST

START_TEST(bytes_not_captured_read_0_unless_a_rule_gives_a_value)
{
	ruled_range(&rules, NULL, NIC_EXT_GAP, 4, EC_FREEZE);
	ruled_range(&rules, NULL, NIC_EXT_GAP + 4, 4, EC_EMULATE);
	ruled_range(&rules, NULL, NIC_EXT_GAP + 8, 4, EC_READ);
	ruled_add(&rules, (struct ec_setting){ .verb = EC_SET_RANGE,
					       .bits = EC_BITS_VALUE,
					       .offset = NIC_EXT_GAP + 12,
					       .length = 4,
					       .mask = ALL,
					       .value = 0x1234 });
	fixture.img.present[0x800 / 128] &= ~0xfu;
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, NIC_EXT_GAP, 4) | rig_read(nic, NIC_EXT_GAP + 4, 4) |
				  rig_read(nic, NIC_EXT_GAP + 8, 4),
			  0);
	ck_assert_uint_eq(rig_read(nic, NIC_EXT_GAP + 12, 4), 0x1234);
}
END_TEST

Suite *suite_view_rules_bits(void)
{
	Suite *s = suite_create("view_rules_bits");
	TCase *t = tcase_create("bits");

	tcase_add_checked_fixture(t, nic_setup, nic_teardown);
	tcase_add_test(t, a_range_passes_its_bits_and_clears_w1c_only_if_written);
	tcase_add_test(t, bits_outside_the_mask_are_written_back_except_w1c);
	tcase_add_test(t, a_range_of_a_capability_ends_with_it);
	tcase_add_test(t, a_value_is_constant_across_registers);
	tcase_add_test(t, a_rule_that_names_a_register_replaces_the_tables_corrections);
	tcase_add_test(t, rules_do_not_break_what_holds_for_any_view);
	tcase_add_test(t, bits_of_host_and_chain_are_refused);
	tcase_add_test(t, a_specific_setting_counts_in_any_order);
	tcase_add_test(t, of_two_settings_of_a_kind_the_later_counts);
	tcase_add_loop_test(t, rules_apply_to_functions_without_extended_space, 0, 2);
	tcase_add_test(t, rules_are_ignored_in_the_host_topology);
	tcase_add_test(t, bytes_not_captured_read_0_unless_a_rule_gives_a_value);
	suite_add_tcase(s, t);
	return s;
}
