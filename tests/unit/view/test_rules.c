/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What rules decide about capabilities, and about bytes that no row names. */
#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "ruled_nic.h"
#include "suites.h"

/* ---- capabilities ---- */

START_TEST(a_hidden_capability_is_unlinked_and_reads_0)
{
	uint16_t by = ruled_cap(&rules, msi, EC_HIDE);

	ruled_cap(&rules, aer, EC_HIDE);
	nic_attach();
	ck_assert(!rig_has_cap(nic, PCI_CAP_ID_MSI, false));
	ck_assert(rig_has_cap(nic, PCI_CAP_ID_PM, false));
	ck_assert(!rig_has_cap(nic, PCI_EXT_CAP_ID_AER, true));
	ck_assert(rig_has_cap(nic, PCI_EXT_CAP_ID_DSN, true));
	nic_is_dead(NIC_MSI, NIC_MSI + 24);
	nic_is_dead(NIC_AER + PCI_ERR_UNCOR_STATUS, NIC_AER + 44);
	ck_assert_uint_eq(nic->plan.cap[1].origin, by);
	ck_assert_uint_eq(nic_origin(NIC_MSI + PCI_MSI_ADDRESS_LO), by);
	ck_assert_uint_eq(nic->plan.layout.params.msi, 0);
}
END_TEST

/* Only what the tables show; bits of the host stay hidden. */
START_TEST(show_links_a_capability_as_the_tables_have_it)
{
	uint16_t by = ruled_cap(&rules, ari, EC_SHOW);

	ruled_cap(&rules, sriov, EC_SHOW);
	nic_attach();
	ck_assert(rig_has_cap(nic, PCI_EXT_CAP_ID_ARI, true));
	ck_assert(rig_has_cap(nic, PCI_EXT_CAP_ID_SRIOV, true));
	ck_assert_uint_eq(rig_read(nic, NIC_SRIOV + PCI_IOV_INITIALVF, 4),
			  0x00080008); /* INITIAL_VF, TOTAL_VF */
	ck_assert_int_eq(rig_write(nic, NIC_SRIOV + PCI_IOV_CTRL, 2, 1),
			 EC_V_DROPPED); /* VF enable */
	ck_assert_uint_eq(nic->plan.cap[7].origin, by);
	/* a second instance of a single capability stays hidden */
	fixture_put(&fixture, NIC_VPD + PCI_CAP_LIST_NEXT, 1, 0xe8);
	fixture_put(&fixture, NIC_VPD + 8, 4, 0xff030001);
	ruled_cap(&rules, (struct ec_cap_ref){ PCI_CAP_ID_PM, false, 2 }, EC_SHOW);
	nic_attach();
	ck_assert_uint_eq(nic->plan.chain.n_std, 6);
	ck_assert_uint_eq(nic->plan.cap[5].treatment, EC_HIDE);
	ck_assert_uint_eq(rig_read(nic, NIC_VPD + 8, 4), 0);
}
END_TEST

START_TEST(a_whole_capability_is_treated_except_bits_of_host_and_topology)
{
	static const struct {
		enum ec_treatment t;
		bool live, kept, reaches;
	} rows[] = { { EC_FREEZE, false, false, false },
		     { EC_READ, true, false, false },
		     { EC_EMULATE, false, true, false },
		     { EC_PASS, true, true, true } };

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(rows); i++) {
		ruled_clear(&rules);
		ruled_cap(&rules, vsec, rows[i].t);
		ruled_cap(&rules, express, rows[i].t);
		nic_attach();
		nic_poke(NIC_VSEC + 8, 0x12345678);
		ck_assert_uint_eq(rig_read(nic, NIC_VSEC + 8, 4),
				  rows[i].live ? 0x12345678 : 0xcafef00d);
		memset(nic->device.rw + NIC_VSEC + 8, 0xff, 4);
		rig_write(nic, NIC_VSEC + 8, 4, 0xa5a5a5a5);
		ck_assert_uint_eq(nic_peek(NIC_VSEC + 8, 4),
				  rows[i].reaches ? 0xa5a5a5a5 : 0x12345678);
		if (rows[i].kept)
			ck_assert_uint_eq(rig_read(nic, NIC_VSEC + 8, 4), 0xa5a5a5a5);
		/* its header is the chain's, its link the topology's, MPS the host's: that can be
		 * frozen */
		ck_assert(rig_has_cap(nic, PCI_EXT_CAP_ID_VNDR, true));
		nic_poke(NIC_EXP + PCI_EXP_LNKCAP, 0);
		ck_assert_uint_eq(rig_read(nic, NIC_EXP + PCI_EXP_LNKCAP, 4), 0x0047dc43);
		rig_write(nic, NIC_EXP + PCI_EXP_DEVCTL, 2, 0x00e0);
		ck_assert_uint_eq(nic_peek(NIC_EXP + PCI_EXP_DEVCTL, 2) & 0x00e0, 0x0020);
		ck_assert_uint_eq(rig_read(nic, NIC_EXP + PCI_EXP_DEVCTL, 2) & 0x00e0,
				  rows[i].t == EC_FREEZE ? 0x20 : 0x60);
	}
}
END_TEST

START_TEST(of_several_instances_one_is_hidden)
{
	static const struct ec_cap_ref second = { PCI_CAP_ID_VNDR, false, 2 };

	fixture_init(&fixture, 256, 0);
	for (uint32_t i = 0; i < 3; i++) {
		fixture_cap(&fixture, 0x40 + i * 16, PCI_CAP_ID_VNDR);
		fixture_put(&fixture, 0x42 + i * 16, 2, 0x0008);
	}
	ruled_cap(&rules, second, EC_HIDE);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, 0x41, 1), 0x60);
	nic_is_dead(0x50, 0x58);
	ck_assert_uint_eq(rig_read(nic, 0x62, 1), 8);
}
END_TEST

START_TEST(keep_only_hides_all_others)
{
	static const struct ec_cap_ref some[] = { { PCI_CAP_ID_MSIX, false, 0 },
						  { PCI_EXT_CAP_ID_DSN, true, 1 },
						  { PCI_EXT_CAP_ID_SRIOV, true, 0 } };
	uint16_t by = ruled_add(
		&rules, (struct ec_setting){ .verb = EC_SET_KEEP_ONLY, .refs = some, .n = 3 });

	ruled_cap(&rules, vpd, EC_READ); /* more specific, in any order */
	nic_attach();
	ck_assert(rig_has_cap(nic, PCI_CAP_ID_MSIX, false));
	ck_assert(rig_has_cap(nic, PCI_CAP_ID_VPD, false));
	ck_assert(rig_has_cap(nic, PCI_EXT_CAP_ID_DSN, true));
	ck_assert(!rig_has_cap(nic, PCI_CAP_ID_PM, false));
	ck_assert(!rig_has_cap(nic, PCI_EXT_CAP_ID_AER, true));
	/* keeping it leaves its default, which is hidden */
	ck_assert(!rig_has_cap(nic, PCI_EXT_CAP_ID_SRIOV, true));
	ck_assert_uint_eq(nic->plan.cap[0].origin, by);
	/* more specific, although it is earlier in the cascade */
	ruled_clear(&rules);
	ruled_cap(&rules, pm, EC_SHOW);
	ruled_add(&rules, (struct ec_setting){ .verb = EC_SET_KEEP_ONLY, .refs = some, .n = 1 });
	nic_attach();
	ck_assert(rig_has_cap(nic, PCI_CAP_ID_PM, false));
	ck_assert(!rig_has_cap(nic, PCI_EXT_CAP_ID_DSN, true));
}
END_TEST

START_TEST(unknown_capabilities_are_shown_only_by_a_rule)
{
	fixture_init(&fixture, 4096, 0);
	fixture_cap(&fixture, 0x40, 0x7e);
	fixture_put(&fixture, 0x44, 4, 0x11111111);
	fixture_cap(&fixture, 0x60, PCI_CAP_ID_PM);
	fixture_ext(&fixture, 0x100, 0x0777, 1);
	fixture_put(&fixture, 0x104, 4, 0x22222222);
	fixture_ext(&fixture, 0x120, PCI_EXT_CAP_ID_DSN, 1);
	nic_attach();
	ck_assert(!rig_has_cap(nic, 0x7e, false));
	ruled_treat(&rules, EC_SET_UNKNOWN, EC_READ);
	nic_attach();
	ck_assert(rig_has_cap(nic, 0x7e, false));
	ck_assert(rig_has_cap(nic, 0x0777, true));
	ck_assert_uint_eq(rig_read(nic, 0x44, 4), 0x11111111);
	ck_assert_uint_eq(nic->n, 1);
	ck_assert_uint_eq(rig_read(nic, 0x104, 4), 0x22222222);
	/* permissive passes standard ones only */
	ruled_clear(&rules);
	ruled_number(&rules, EC_SET_PERMISSIVE, 1);
	nic_attach();
	ck_assert(rig_has_cap(nic, 0x7e, false));
	ck_assert(!rig_has_cap(nic, 0x0777, true));
	memset(nic->device.rw + 0x44, 0xff, 4);
	rig_write(nic, 0x44, 4, 0x33333333);
	ck_assert_uint_eq(nic_peek(0x44, 4), 0x33333333);
	ck_assert_uint_eq(nic->function.permissive_writes, 1);
	/* what a rule passes is not counted */
	ruled_treat(&rules, EC_SET_UNKNOWN, EC_PASS);
	nic_attach();
	rig_write(nic, 0x44, 4, 0x33333333);
	ck_assert_uint_eq(nic->function.permissive_writes, 0);
}
END_TEST

/* ---- bytes that no row names ---- */

START_TEST(gaps_have_the_treatment_of_the_rule)
{
	static const uint32_t at[] = { 0xc0, 0x800 };
	static const uint32_t was[] = { 0x11223344, 0x99aabbcc };

	for (unsigned int i = 0; i < 2; i++) {
		ruled_clear(&rules);
		ruled_treat(&rules, EC_SET_GAPS, EC_PASS);
		nic_attach();
		nic_poke(at[i], 0x01020304);
		ck_assert_uint_eq(rig_read(nic, at[i], 4), 0x01020304);
		memset(nic->device.rw + at[i], 0xff, 4);
		rig_write(nic, at[i] + 1, 1, 0xff);
		ck_assert_uint_eq(nic_peek(at[i], 4), 0x0102ff04);
		ck_assert_uint_eq(nic->hw[nic->n - 1].len, 1);
		ck_assert_uint_eq(nic->function.permissive_writes, 0);
		ruled_treat(&rules, EC_SET_GAPS, EC_FREEZE);
		nic_attach();
		nic_poke(at[i], 0);
		ck_assert_uint_eq(rig_read(nic, at[i], 4), was[i]);
		ruled_treat(&rules, EC_SET_GAPS, EC_READ);
		nic_attach();
		nic_poke(at[i], 0x5a5a5a5a);
		ck_assert_uint_eq(rig_read(nic, at[i], 4), 0x5a5a5a5a);
		ck_assert_int_eq(rig_write(nic, at[i], 4, 0), EC_V_DROPPED);
		ruled_treat(&rules, EC_SET_GAPS, EC_HIDE);
		nic_attach();
		ck_assert_uint_eq(rig_read(nic, at[i], 4), 0);
		ck_assert_uint_eq(nic_origin(at[i]), EC_FIRST_RULE + 3);
	}
	/* bytes of capabilities are no gaps */
	nic_is_dead(NIC_AER + PCI_ERR_UNCOR_STATUS + 0x200, 0x7f0);
	ck_assert_uint_eq(rig_read(nic, NIC_VSEC + 8, 4), 0xcafef00d);
}
END_TEST

START_TEST(bodies_have_the_treatment_of_the_rule)
{
	ruled_treat(&rules, EC_SET_BODIES, EC_PASS);
	nic_attach();
	memset(nic->device.rw + NIC_VSEC + 8, 0xff, 4);
	rig_write(nic, NIC_VSEC + 8, 4, 0);
	ck_assert_uint_eq(nic_peek(NIC_VSEC + 8, 4), 0);
	ck_assert_int_eq(rig_write(nic, NIC_GAP, 4, 0), EC_V_DROPPED); /* a gap */
	ck_assert_int_eq(rig_write(nic, NIC_SRIOV + PCI_IOV_INITIALVF, 4, 0),
			 EC_V_DROPPED); /* hidden */
	ruled_treat(&rules, EC_SET_BODIES, EC_HIDE);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, NIC_VSEC + 8, 4), 0);
	ck_assert_uint_eq(rig_read(nic, NIC_VSEC + 4, 4), 0x01810042); /* a row */
	/* a setting of the capability is more specific */
	ruled_cap(&rules, vsec, EC_FREEZE);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, NIC_VSEC + 8, 4), 0xcafef00d);
}
END_TEST

/* ---- permissive ---- */

START_TEST(permissive_passes_what_is_frozen_or_read)
{
	uint16_t by = ruled_number(&rules, EC_SET_PERMISSIVE, 1);

	nic_attach();
	/* writes to a gap are counted */
	memset(nic->device.rw + NIC_GAP, 0xff, 4);
	rig_write(nic, NIC_GAP, 2, 0xbeef);
	ck_assert_uint_eq(nic_peek(NIC_GAP, 4), 0x1122beef);
	ck_assert_uint_eq(nic->function.permissive_writes, 1);
	ck_assert_uint_eq(nic_origin(NIC_GAP), by);
	/* what the tables pass is not counted */
	rig_write(nic, PCI_COMMAND, 2, PCI_COMMAND_MASTER);
	ck_assert_uint_eq(nic->function.permissive_writes, 1);
	/* hidden and emulated bits, those of the host and of the topology stay as they are */
	ck_assert(!rig_has_cap(nic, PCI_EXT_CAP_ID_SRIOV, true));
	nic_is_dead(NIC_SRIOV + 4, NIC_SRIOV + 64);
	rig_write(nic, PCI_COMMAND, 2, 0);
	ck_assert_uint_eq(nic_peek(PCI_COMMAND, 2) & 3, 3);
	rig_write(nic, NIC_EXP + PCI_EXP_DEVCTL, 2, 0);
	ck_assert_uint_eq(nic_peek(NIC_EXP + PCI_EXP_DEVCTL, 2), 0x5937);
	ck_assert_uint_eq(rig_read(nic, NIC_EXP + PCI_EXP_FLAGS, 2) >> 4 & 15,
			  PCI_EXP_TYPE_ENDPOINT);
	ck_assert_uint_eq(rig_read(nic, NIC_PM + PCI_CAP_FLAGS, 2) & 0xf800,
			  0); /* PME support is corrected */
	/* a constant becomes live */
	nic_poke(PCI_SUBSYSTEM_VENDOR_ID, 0xabcd1234);
	ck_assert_uint_eq(rig_read(nic, PCI_SUBSYSTEM_ID, 2), 0xabcd);
	/* what another rule passes is not counted either */
	ruled_range(&rules, NULL, NIC_GAP, 1, EC_PASS);
	nic_attach();
	rig_write(nic, NIC_GAP, 1, 0xbe);
	ck_assert_uint_eq(nic->function.permissive_writes, 0);
	rig_write(nic, NIC_GAP, 4, 0xbe);
	ck_assert_uint_eq(nic->function.permissive_writes, 1);
	rules.all.n = 1;
	/* turned off by a later rule */
	ruled_number(&rules, EC_SET_PERMISSIVE, 0);
	nic_attach();
	ck_assert_int_eq(rig_write(nic, NIC_GAP, 2, 0xbeef), EC_V_DROPPED);
	ck_assert_uint_eq(nic_origin(NIC_GAP), EC_BY_TABLE);
}
END_TEST

Suite *suite_view_rules(void)
{
	Suite *s = suite_create("view_rules");
	TCase *t = tcase_create("rules");

	tcase_add_checked_fixture(t, nic_setup, nic_teardown);
	tcase_add_test(t, a_hidden_capability_is_unlinked_and_reads_0);
	tcase_add_test(t, show_links_a_capability_as_the_tables_have_it);
	tcase_add_test(t, a_whole_capability_is_treated_except_bits_of_host_and_topology);
	tcase_add_test(t, of_several_instances_one_is_hidden);
	tcase_add_test(t, keep_only_hides_all_others);
	tcase_add_test(t, unknown_capabilities_are_shown_only_by_a_rule);
	tcase_add_test(t, gaps_have_the_treatment_of_the_rule);
	tcase_add_test(t, bodies_have_the_treatment_of_the_rule);
	tcase_add_test(t, permissive_passes_what_is_frozen_or_read);
	suite_add_tcase(s, t);
	return s;
}
