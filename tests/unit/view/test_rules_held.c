/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What rules cannot change, with any setting. */
#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "ruled_nic.h"
#include "suites.h"
#include "view/build.h"

/* ---- sizes ---- */

static uint16_t size(struct ec_cap_ref cap, uint16_t length)
{
	return ruled_add(&rules,
			 (struct ec_setting){ .verb = EC_SET_SIZE, .cap = cap, .length = length });
}

/* A setting that passes bytes that no row names. */
static void grab(int how)
{
	if (how == 0)
		ruled_treat(&rules, EC_SET_GAPS, EC_PASS);
	if (how == 1)
		ruled_number(&rules, EC_SET_PERMISSIVE, 1);
	if (how == 2)
		ruled_treat(&rules, EC_SET_BODIES, EC_PASS);
}

START_TEST(bytes_past_a_ruled_length_are_dead)
{
	size(msix, 2);
	size(sriov, 6);
	size(aer, 0x0a);
	grab(_i);
	nic_attach();
	ck_assert(!rig_has_cap(nic, PCI_CAP_ID_MSIX, false));
	nic_is_dead(NIC_MSIX, NIC_MSIX + 12);
	nic_is_dead(NIC_SRIOV, NIC_SRIOV + 64);
	nic_is_dead(NIC_AER + PCI_ERR_UNCOR_STATUS, NIC_AER + 44);
}
END_TEST

START_TEST(a_register_past_a_ruled_length_is_dead)
{
	uint16_t by;

	size(msix, 2);
	by = ruled_range(&rules, NULL, NIC_MSIX + PCI_CAP_FLAGS, 2, EC_PASS);
	ruled_refused(&rules, nic, &fixture.img, "MSI-X.FLAGS at b2: bits that the host", by);
	ruled_clear(&rules);
	/* a register that is only partly there is dead */
	size(msi, 0x12);
	ruled_range(&rules, NULL, NIC_MSI + PCI_MSI_MASK_BIT_64, 4, EC_EMULATE);
	ruled_register(&rules, &msi, "MASK", ALL, EC_EMULATE);
	nic_attach();
	ck_assert(rig_has_cap(nic, PCI_CAP_ID_MSI, false));
	nic_is_dead(NIC_MSI + PCI_MSI_MASK_BIT_64, NIC_MSI + 24);
}
END_TEST

/* Half a message would be sent to an address with the hardware's other half. */
START_TEST(msi_without_its_whole_message_is_hidden)
{
	size(msi, 12);
	grab(_i);
	nic_attach();
	ck_assert(!rig_has_cap(nic, PCI_CAP_ID_MSI, false));
	ck_assert_uint_eq(nic->plan.layout.params.msi, 0);
	nic_is_dead(NIC_MSI, NIC_MSI + 24);
	/* MSI works without its masks */
	size(msi, 14);
	nic_attach();
	ck_assert(rig_has_cap(nic, PCI_CAP_ID_MSI, false));
	ck_assert_uint_eq(nic->plan.layout.params.msi, NIC_MSI);
	nic_is_dead(NIC_MSI + 14, NIC_MSI + 24);
}
END_TEST

START_TEST(a_row_cut_by_the_next_capability_is_dead)
{
	fixture_init(&fixture, 256, 0);
	fixture_cap(&fixture, 0x40, PCI_CAP_ID_MSI);
	fixture_put(&fixture, 0x42, 2, 0x0180);
	fixture_cap(&fixture, 0x54, PCI_CAP_ID_VNDR);
	fixture_put(&fixture, 0x56, 2, 0x0008);
	size(msi, 0x12);
	ruled_treat(&rules, EC_SET_BODIES, EC_PASS);
	nic_attach();
	ck_assert(rig_has_cap(nic, PCI_CAP_ID_MSI, false));
	nic_is_dead(0x4e, 0x54);
}
END_TEST

/* Another rule may show it later. */
START_TEST(passing_bits_of_the_host_is_refused_even_if_hidden)
{
	uint16_t by = ruled_range(&rules, &sriov, 8, 2, EC_PASS);

	ruled_refused(&rules, nic, &fixture.img, "SR-IOV.CTRL at 168: bits that the host", by);
	ruled_clear(&rules);
	ruled_cap(&rules, msi, EC_HIDE);
	by = ruled_register(&rules, &msi, "DATA", 1, EC_READ);
	ruled_refused(&rules, nic, &fixture.img, "MSI.DATA at 5c: bits that the host", by);
	/* other settings of hidden capabilities are accepted */
	ruled_clear(&rules);
	ruled_cap(&rules, msi, EC_HIDE);
	ruled_register(&rules, &msi, "DATA", 1, EC_FREEZE);
	ruled_value(&rules, &msi, "FLAGS", 1, 1);
	nic_attach();
	nic_is_dead(NIC_MSI, NIC_MSI + 24);
}
END_TEST

START_TEST(bytes_past_a_ruled_length_are_no_room)
{
	size(msix, 8);
	ruled_refused(&rules, nic, &fixture.img, "another capability is there",
		      ruled_place(&rules, EC_SET_MOVE,
				  (struct ec_cap_ref){ PCI_CAP_ID_PM, false, 0 }, 0xb8));
}
END_TEST

/* ---- no extended list ---- */

/* That dword says that there are no extended capabilities; in a gap a guest would find what it
 * wrote. */
START_TEST(no_rule_changes_the_end_of_an_empty_extended_list)
{
	static const enum ec_treatment all[] = { EC_HIDE, EC_FREEZE, EC_EMULATE, EC_PASS };
	uint16_t by;

	fixture_init(&fixture, EC_CONFIG_SIZE, 0);
	fixture_fill(&fixture, 0x104, 8, 0x5a);
	grab(_i);
	nic_attach();
	nic_is_dead(0x100, 0x104);
	if (_i < 2)
		ck_assert_uint_eq(rig_read(nic, 0x104, 4), 0x5a5a5a5a);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(all); i++) {
		ruled_clear(&rules);
		by = ruled_range(&rules, NULL, 0xfe, 4, all[i]);
		ruled_refused(&rules, nic, &fixture.img,
			      "gap at 100: rules cannot change the lists of capabilities", by);
	}
	ruled_clear(&rules);
	by = ruled_add(&rules, (struct ec_setting){ .verb = EC_SET_RANGE,
						    .bits = EC_BITS_VALUE,
						    .offset = 0x100,
						    .length = 4,
						    .mask = ALL,
						    .value = 0x00010003 });
	ruled_refused(&rules, nic, &fixture.img,
		      "gap at 100: rules cannot change the lists of capabilities", by);
	ruled_clear(&rules);
	ruled_range(&rules, NULL, 0x104, 4, EC_PASS);
	nic_attach();
	nic_is_dead(0x100, 0x104);
	ck_assert_uint_eq(rig_read(nic, 0x104, 4), 0x5a5a5a5a);
}
END_TEST

START_TEST(no_rule_changes_the_null_capability_at_100)
{
	ruled_cap(&rules, aer, EC_HIDE);
	ruled_range(&rules, NULL, NIC_AER, 4, EC_EMULATE);
	grab(_i);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, NIC_AER, 4), 0x14000000);
	ck_assert_int_eq(rig_write(nic, NIC_AER, 4, ALL), EC_V_DROPPED);
	ruled_clear(&rules);
	ruled_place(&rules, EC_SET_MOVE, aer, 0x400);
	ruled_range(&rules, NULL, NIC_AER, 4, EC_EMULATE);
	grab(_i);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, NIC_AER, 2), 0);
	ck_assert_int_eq(rig_write(nic, NIC_AER, 4, ALL), EC_V_DROPPED);
	nic_is_dead(NIC_AER + PCI_ERR_UNCOR_STATUS, NIC_AER + 44);
}
END_TEST

/* ---- BARs ---- */

static void no_bars(unsigned int first, unsigned int last, uint16_t by)
{
	for (unsigned int i = first; i <= last; i++) {
		uint32_t at = ec_bar_offset(i, 0);

		ck_assert_uint_eq(nic->plan.bar[i].kind, EC_BAR_NONE);
		ck_assert_uint_eq(nic->plan.bar[i].size, 0);
		ck_assert_uint_eq(nic->plan.bar_by[i], by);
		nic_is_dead(at, at + 4);
	}
}

/* The service maps nothing of it. */
START_TEST(a_bar_is_hidden_with_both_halves)
{
	static const struct {
		const char *name;
		uint32_t mask;
		enum ec_treatment t;
		unsigned int first, last;
	} rows[] = {
		{ "BASE_ADDRESS_0", ALL, EC_HIDE, 0, 1 },
		{ "BASE_ADDRESS_0", 0x4, EC_HIDE, 0, 1 },
		{ "BASE_ADDRESS_1", ALL, EC_FREEZE, 0, 1 },
		{ "BASE_ADDRESS_2", 0x1000, EC_FREEZE, 2, 2 },
		{ "ROM_ADDRESS", ALL, EC_HIDE, EC_BAR_ROM, EC_BAR_ROM },
	};
	uint16_t by = ruled_register(&rules, NULL, rows[_i].name, rows[_i].mask, rows[_i].t);

	nic_attach();
	no_bars(rows[_i].first, rows[_i].last, by);
	ck_assert_uint_eq(nic->plan.bar[3].kind, EC_BAR_MEM32);
	ruled_clear(&rules);
	by = ruled_range(&rules, NULL, (uint16_t)ec_bar_offset(rows[_i].first, 0), 4, EC_FREEZE);
	nic_attach();
	no_bars(rows[_i].first, rows[_i].last, by);
}
END_TEST

/* ---- MSI-X ---- */

static uint16_t take_bar(unsigned int i)
{
	return ruled_add(
		&rules,
		(struct ec_setting){ .verb = EC_SET_BAR_HIDE, .offset = (uint16_t)i, .number = 1 });
}

/* Unless a rule hides MSI-X, too. */
START_TEST(msix_whose_vectors_a_rule_takes_is_refused)
{
	static struct ec_region region[EC_BAR_MAX] = { [3] = { .size = 0x4000 } };
	struct ec_plan_options o = { .region = region, .rules = &rules.all };
	uint16_t by = take_bar(3);

	ruled_refused(&rules, nic, &fixture.img, "MSI-X.TABLE at b4: a rule hides its BAR", by);
	ruled_number(&rules, EC_SET_MSIX_DISABLE, 1);
	nic_attach();
	ruled_clear(&rules);
	by = ruled_register(&rules, NULL, "BASE_ADDRESS_3", ALL, EC_FREEZE);
	ruled_refused(&rules, nic, &fixture.img, "MSI-X.TABLE at b4: a rule hides its BAR", by);
	ruled_clear(&rules);
	fixture_put(&fixture, NIC_MSIX + PCI_MSIX_PBA, 4, 0x2000);
	by = take_bar(0);
	ruled_refused(&rules, nic, &fixture.img, "MSI-X.PBA at b8: a rule hides its BAR", by);
	/* past the end of the BAR, if its size is known */
	ruled_clear(&rules);
	fixture_put(&fixture, NIC_MSIX + PCI_MSIX_PBA, 4, 0x2003);
	by = ruled_number(&rules, EC_SET_MSIX_PBA, 0x4000);
	nic_attach();
	ck_assert_int_eq(ec_plan_build(&nic->plan, &fixture.img, &o, &rules.diag), -EINVAL);
	ck_assert_uint_eq(nic->plan.blame, by);
	ck_assert_str_eq(rules.diag.text, "MSI-X.PBA at b8: it would be past the end of its BAR");
	ruled_number(&rules, EC_SET_MSIX_PBA, 0x3ff8);
	ck_assert_int_eq(ec_plan_build(&nic->plan, &fixture.img, &o, &rules.diag), 0);
	ck_assert_uint_eq(nic->plan.layout.params.msix_pba, 0x3ffb);
}
END_TEST

START_TEST(msix_without_vectors_in_a_bar_is_hidden)
{
	static struct ec_region region[EC_BAR_MAX] = { [3] = { .size = 0x4000 } };
	static const struct {
		uint32_t table, pba;
		bool shown;
	} rows[] = {
		{ 0x00000003, 0x00002003, true },  { 0x00003c03, 0x00002003, true },
		{ 0x00003c13, 0x00002003, false }, { 0x00000003, 0x00003ff8 | 3, true },
		{ 0x00000003, 0x00004003, false }, { 0x00000006, 0x00002003, false },
		{ 0x00000003, 0x00002007, false }, { 0x00000002, 0x00002003, false },
		{ 0x00000001, 0x00002003, false }, { 0x00000003, 0x00002004, false },
	};
	struct ec_plan_options o = { .region = region };

	fixture_put(&fixture, NIC_MSIX + PCI_MSIX_TABLE, 4, rows[_i].table);
	fixture_put(&fixture, NIC_MSIX + PCI_MSIX_PBA, 4, rows[_i].pba);
	rig_attach_options(nic, &fixture.img, &o);
	ck_assert_int_eq(rig_has_cap(nic, PCI_CAP_ID_MSIX, false), rows[_i].shown);
	ck_assert_uint_eq(nic->plan.layout.params.msix, rows[_i].shown ? 0xb0 : 0);
	if (!rows[_i].shown)
		nic_is_dead(NIC_MSIX, NIC_MSIX + 12);
	/* a rule that shows it does not change that */
	ruled_cap(&rules, msix, EC_SHOW);
	o.rules = &rules.all;
	rig_attach_options(nic, &fixture.img, &o);
	ck_assert_int_eq(rig_has_cap(nic, PCI_CAP_ID_MSIX, false), rows[_i].shown);
}
END_TEST

Suite *suite_view_rules_held(void)
{
	Suite *s = suite_create("view_rules_held");
	TCase *t = tcase_create("held");

	tcase_add_checked_fixture(t, nic_setup, nic_teardown);
	tcase_add_loop_test(t, bytes_past_a_ruled_length_are_dead, 0, 3);
	tcase_add_test(t, a_register_past_a_ruled_length_is_dead);
	tcase_add_loop_test(t, msi_without_its_whole_message_is_hidden, 0, 3);
	tcase_add_test(t, a_row_cut_by_the_next_capability_is_dead);
	tcase_add_test(t, passing_bits_of_the_host_is_refused_even_if_hidden);
	tcase_add_test(t, bytes_past_a_ruled_length_are_no_room);
	tcase_add_loop_test(t, no_rule_changes_the_end_of_an_empty_extended_list, 0, 3);
	tcase_add_loop_test(t, no_rule_changes_the_null_capability_at_100, 0, 3);
	tcase_add_loop_test(t, a_bar_is_hidden_with_both_halves, 0, 5);
	tcase_add_test(t, msix_whose_vectors_a_rule_takes_is_refused);
	tcase_add_loop_test(t, msix_without_vectors_in_a_bar_is_hidden, 0, 10);
	suite_add_tcase(s, t);
	return s;
}
