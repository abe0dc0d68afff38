/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings of one function each, which are more specific than registers; and subjects. */
#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "ruled_nic.h"
#include "suites.h"
#include "view/subject.h"

static const struct ec_effect_params *params(void)
{
	return &nic->plan.layout.params;
}

/* ---- PCI Express ---- */

START_TEST(the_ruled_type_is_shown_and_an_rciep_has_no_link)
{
	enum ec_topology topology = (enum ec_topology)_i;

	ruled_number(&rules, EC_SET_EXPRESS_TYPE, PCI_EXP_TYPE_LEG_END);
	ruled_attach(&rules, nic, &fixture.img, topology);
	ck_assert_uint_eq(rig_read(nic, NIC_EXP + PCI_EXP_FLAGS, 2), 0x0212);
	ck_assert_uint_eq(ec_plan_at(&nic->plan, NIC_EXP + PCI_EXP_FLAGS)->origin, EC_FIRST_RULE);
	/* an integrated endpoint has no link */
	ruled_number(&rules, EC_SET_EXPRESS_TYPE, PCI_EXP_TYPE_ROOT_INT_EP);
	ruled_value(&rules, &express, "FLAGS", ALL, 0); /* less specific */
	ruled_attach(&rules, nic, &fixture.img, topology);
	ck_assert_uint_eq(rig_read(nic, NIC_EXP + PCI_EXP_FLAGS, 2) & 0xf0, 0x90);
	ck_assert_uint_eq(rig_read(nic, NIC_EXP + PCI_EXP_LNKCAP, 4) |
				  rig_read(nic, NIC_EXP + PCI_EXP_LNKCAP2, 4),
			  0);
	ck_assert_int_eq(rig_write(nic, NIC_EXP + PCI_EXP_LNKCTL, 2, 0xffff), EC_V_DROPPED);
	ruled_number(&rules, EC_SET_EXPRESS_TYPE, EC_AUTO);
	rules.all.n = 1;
	rules.set[0].number = EC_AUTO;
	ruled_attach(&rules, nic, &fixture.img, topology);
	ck_assert_uint_eq(rig_read(nic, NIC_EXP + PCI_EXP_FLAGS, 2) >> 4 & 15,
			  ec_topology_type(topology, PCI_EXP_TYPE_ENDPOINT));
}
END_TEST

START_TEST(the_ruled_link_is_shown)
{
	struct ec_setting s = {
		.verb = EC_SET_LINK_SHOWN, .number = EC_LINK_EXPLICIT, .width = 16, .speed = 4
	};
	enum ec_topology topology = (enum ec_topology)_i;

	ruled_add(&rules, s);
	ruled_attach(&rules, nic, &fixture.img, topology);
	ck_assert_uint_eq(rig_read(nic, NIC_EXP + PCI_EXP_LNKCAP, 4) & 0x3ff, 0x104);
	ck_assert_uint_eq(rig_read(nic, NIC_EXP + PCI_EXP_LNKCAP, 4) & ~0x3ffu,
			  topology == EC_FLATTENED ? 0x47dc00 : 0);
	ck_assert_uint_eq(rig_read(nic, NIC_EXP + PCI_EXP_LNKSTA, 2) & 0x3ff, 0x104);
	ck_assert_uint_eq(rig_read(nic, NIC_EXP + PCI_EXP_LNKCAP2, 4), 0x1e);
	ck_assert_uint_eq(rig_read(nic, NIC_EXP + PCI_EXP_LNKCTL2, 2) & 15, 4);
	rig_write(nic, NIC_EXP + PCI_EXP_LNKCTL, 2, 0x0040);
	ck_assert_uint_eq(rig_read(nic, NIC_EXP + PCI_EXP_LNKCTL, 2), 0x0040);
	s.number = EC_LINK_HIDE;
	ruled_add(&rules, s);
	ruled_attach(&rules, nic, &fixture.img, topology);
	ck_assert_uint_eq(rig_read(nic, NIC_EXP + PCI_EXP_LNKCAP, 4) |
				  rig_read(nic, NIC_EXP + PCI_EXP_LNKCTL, 4) |
				  rig_read(nic, NIC_EXP + PCI_EXP_LNKCAP2, 8),
			  0);
}
END_TEST

START_TEST(the_ruled_version_hides_or_adds_registers)
{
	uint16_t by;

	ruled_number(&rules, EC_SET_EXPRESS_VERSION, 1);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, NIC_EXP + PCI_EXP_FLAGS, 2) & 15, 1);
	ck_assert_uint_eq(rig_read(nic, NIC_EXP + PCI_EXP_LNKSTA, 2) & 0x3ff, 0x042);
	for (uint32_t at = NIC_EXP + PCI_EXP_SLTCAP; at < NIC_EXP + 60; at += 4) {
		ck_assert_uint_eq(rig_read(nic, at, 4), 0);
		ck_assert_int_eq(rig_write(nic, at, 4, ALL), EC_V_DROPPED);
	}
	/* version 2 of a version 1 capability, if there is room: registers that the hardware lacks
	 * read 0 */
	fixture_init(&fixture, 256, 0);
	fixture_express(&fixture, 0x40, 1, PCI_EXP_TYPE_ENDPOINT);
	fixture_fill(&fixture, 0x54, 0x40, 0xee);
	ruled_clear(&rules);
	by = ruled_number(&rules, EC_SET_EXPRESS_VERSION, 2);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, 0x42, 2) & 15, 2);
	ck_assert_uint_eq(rig_read(nic, 0x64, 4), 0); /* DEVCAP2 */
	rig_write(nic, 0x68, 2, 0xffff);
	ck_assert_uint_eq(rig_read(nic, 0x68, 2) & 0x1f, 0); /* DEVCTL2 */
	ck_assert_uint_eq(rig_read(nic, 0x7c, 4), 0xeeeeeeee);
	fixture_cap(&fixture, 0x70, PCI_CAP_ID_PM);
	ruled_refused(&rules, nic, &fixture.img, "EXP.FLAGS at 42: there is no room", by);
}
END_TEST

/* ---- the header ---- */

START_TEST(vf_settings_change_virtual_functions_only)
{
	struct ec_plan_options o = {
		.vendor = 0x8086, .device = 0x10ed, .rules = &rules.all, .topology = EC_BYPASSED
	};

	fixture_put(&fixture, 0, 4, ALL);
	rig_attach_options(nic, &fixture.img, &o);
	ck_assert_uint_eq(rig_read(nic, 0, 4), 0x10ed8086);
	ruled_number(&rules, EC_SET_VF_IDS, 0);
	ruled_number(&rules, EC_SET_VF_MEMORY, 0);
	rig_attach_options(nic, &fixture.img, &o);
	ck_assert_uint_eq(rig_read(nic, 0, 4), ALL);
	rig_write(nic, PCI_COMMAND, 2, 0x7);
	ck_assert_uint_eq(rig_read(nic, PCI_COMMAND, 2), 0x5);
	ruled_number(&rules, EC_SET_VF_IDS, 1);
	ruled_number(&rules, EC_SET_VF_MEMORY, 1);
	ruled_value(&rules, NULL, "COMMAND", 2, 0);
	rig_attach_options(nic, &fixture.img, &o);
	ck_assert_uint_eq(rig_read(nic, 0, 4), 0x10ed8086);
	rig_write(nic, PCI_COMMAND, 2, 0x2);
	ck_assert_uint_eq(rig_read(nic, PCI_COMMAND, 2), 0x2);
	/* a function that is not virtual is not changed */
	fixture_put(&fixture, 0, 4, 0x11112222);
	rules.all.n = 0;
	ruled_number(&rules, EC_SET_VF_MEMORY, 0);
	rig_attach_options(nic, &fixture.img, &o);
	rig_write(nic, PCI_COMMAND, 2, 0x2);
	ck_assert_uint_eq(rig_read(nic, PCI_COMMAND, 2), 0x2);
}
END_TEST

START_TEST(the_ruled_multifunction_bit_is_shown_unless_forced)
{
	struct ec_plan_options o = { .topology = EC_FLATTENED };

	ruled_number(&rules, EC_SET_MULTIFUNCTION, 1);
	ruled_number(&rules, EC_SET_TOPOLOGY, EC_BYPASSED);
	ec_plan_options_rules(&o, &rules.all, false);
	ck_assert(o.multifunction);
	ck_assert_int_eq(o.topology, EC_BYPASSED);
	rig_attach_options(nic, &fixture.img, &o);
	ck_assert_uint_eq(rig_read(nic, PCI_HEADER_TYPE, 1), 0x80);
	ck_assert_uint_eq(ec_plan_at(&nic->plan, PCI_HEADER_TYPE)->origin, EC_FIRST_RULE);
	/* the user's choice counts */
	o = (struct ec_plan_options){ .topology = EC_FLATTENED };
	ec_plan_options_rules(&o, &rules.all, true);
	ck_assert(!o.multifunction);
	ck_assert_int_eq(o.topology, EC_FLATTENED);
	ck_assert_ptr_eq(o.rules, &rules.all);
	rig_attach_options(nic, &fixture.img, &o);
	ck_assert_uint_eq(rig_read(nic, PCI_HEADER_TYPE, 1), 0);
	ruled_number(&rules, EC_SET_MULTIFUNCTION, EC_AUTO);
	o.multifunction = true;
	ec_plan_options_rules(&o, &rules.all, false);
	ck_assert(o.multifunction);
	ec_plan_options_rules(&o, NULL, false);
	ck_assert_ptr_null(o.rules);
}
END_TEST

START_TEST(a_hidden_bar_has_no_kind_and_no_action)
{
	ruled_add(&rules, (struct ec_setting){ .verb = EC_SET_BAR_HIDE, .offset = 1, .number = 1 });
	ruled_add(&rules, (struct ec_setting){ .verb = EC_SET_BAR_HIDE, .offset = 3, .number = 1 });
	ruled_add(&rules, (struct ec_setting){ .verb = EC_SET_BAR_HIDE, .offset = 3, .number = 0 });
	ruled_number(&rules, EC_SET_ROM, 0);
	ruled_register(&rules, NULL, "BASE_ADDRESS_0", ALL, EC_FREEZE); /* less specific */
	nic_attach();
	for (uint32_t at = PCI_BASE_ADDRESS_0; at <= PCI_BASE_ADDRESS_1; at += 4) {
		ck_assert_int_eq(rig_write(nic, at, 4, ALL), EC_V_DROPPED);
		ck_assert_uint_eq(rig_read(nic, at, 4), 0);
		ck_assert_uint_eq(ec_plan_at(&nic->plan, at)->origin, EC_FIRST_RULE);
	}
	ck_assert_int_eq(rig_write(nic, PCI_ROM_ADDRESS, 4, ALL), EC_V_DROPPED);
	ck_assert_uint_eq(rig_read(nic, PCI_ROM_ADDRESS, 4), 0);
	ck_assert_uint_eq(params()->bar_kind[0] | params()->bar_kind[1], EC_BAR_NONE);
	ck_assert_uint_eq(params()->bar_kind[EC_BAR_ROM], EC_BAR_NONE);
	ck_assert_uint_eq(params()->bar_kind[3], EC_BAR_MEM32);
	rig_write(nic, PCI_BASE_ADDRESS_3, 4, 0x80000000);
	rig_write(nic, PCI_COMMAND, 2, 2);
	ck_assert_uint_eq(nic->last.actions.n, 1);
	ck_assert_uint_eq(nic->last.actions.action[0].index, 3);
	ruled_number(&rules, EC_SET_ROM, 1);
	nic_attach();
	ck_assert_uint_eq(params()->bar_kind[EC_BAR_ROM], EC_BAR_EXPROM);
}
END_TEST

/* ---- interrupts ---- */

START_TEST(disabled_interrupts_are_hidden)
{
	ruled_number(&rules, EC_SET_INTX_DISABLE, 1);
	ruled_number(&rules, EC_SET_MSI_DISABLE, 1);
	ruled_number(&rules, EC_SET_MSIX_DISABLE, 1);
	ruled_cap(&rules, msi, EC_SHOW);
	ruled_cap(&rules, msix, EC_EMULATE);
	ruled_register(&rules, NULL, "INTERRUPT_PIN", ALL, EC_READ);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, PCI_INTERRUPT_PIN, 1), 0);
	ck_assert_uint_eq(nic->n, 0);
	ck_assert(!rig_has_cap(nic, PCI_CAP_ID_MSI, false));
	ck_assert(!rig_has_cap(nic, PCI_CAP_ID_MSIX, false));
	ck_assert_uint_eq(params()->msi | params()->msix, 0);
	ruled_number(&rules, EC_SET_INTX_DISABLE, 0);
	ruled_number(&rules, EC_SET_MSI_DISABLE, 0);
	nic_attach();
	ck_assert(rig_has_cap(nic, PCI_CAP_ID_MSI, false));
	ck_assert_uint_eq(rig_read(nic, PCI_INTERRUPT_PIN, 1), 1);
}
END_TEST

START_TEST(one_msi_vector_is_shown_whatever_a_rule_allows)
{
	static const struct {
		uint32_t want, shown;
	} rows[] = { { 1, 0 }, { 2, 0 }, { 8, 0 }, { 32, 0 } };

	/* the service serves one vector */

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(rows); i++) {
		ruled_number(&rules, EC_SET_MSI_VECTORS, rows[i].want);
		nic_attach();
		ck_assert_uint_eq(rig_read(nic, NIC_MSI + PCI_MSI_FLAGS, 2) >> 1 & 7,
				  rows[i].shown);
	}
}
END_TEST

START_TEST(msi_masks_are_hidden_whatever_a_rule_allows)
{
	ruled_register(&rules, &msi, "MASK", ALL, EC_EMULATE);
	ruled_number(&rules, EC_SET_MSI_MASKABLE, 0);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, NIC_MSI + PCI_MSI_FLAGS, 2) & 0x100, 0);
	ck_assert_int_eq(rig_write(nic, NIC_MSI + PCI_MSI_MASK_BIT_64, 4, ALL), EC_V_DROPPED);
	/* allowed, but the service serves no masks */
	ruled_number(&rules, EC_SET_MSI_MASKABLE, 1);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, NIC_MSI + PCI_MSI_FLAGS, 2) & 0x100, 0);
	ck_assert_int_eq(rig_write(nic, NIC_MSI + PCI_MSI_MASK_BIT_64, 4, ALL), EC_V_DROPPED);
	ck_assert_uint_eq(rig_read(nic, NIC_MSI + PCI_MSI_MASK_BIT_64, 4), 0);
}
END_TEST

START_TEST(msix_has_fewer_vectors_never_more)
{
	uint16_t by;

	ruled_number(&rules, EC_SET_MSIX_VECTORS, 16);
	ruled_number(&rules, EC_SET_MSIX_PBA, 0x8000);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, NIC_MSIX + PCI_CAP_FLAGS, 2) & 0x7ff, 15);
	ck_assert_uint_eq(params()->msix_vectors, 16);
	ck_assert_uint_eq(rig_read(nic, NIC_MSIX + PCI_MSIX_PBA, 4), 0x8003);
	ck_assert_uint_eq(params()->msix_pba, 0x8003);
	ck_assert_uint_eq(params()->msix_table, 3);
	ruled_number(&rules, EC_SET_MSIX_VECTORS, 2048);
	nic_attach();
	ck_assert_uint_eq(params()->msix_vectors, 64);
	rules.all.n = 0;
	by = ruled_value(&rules, &msix, "FLAGS", 0x7ff, 64);
	ruled_refused(&rules, nic, &fixture.img,
		      "MSI-X.FLAGS at b2: the hardware has fewer vectors", by);
}
END_TEST

/* ---- power, errors, serial number ---- */

START_TEST(pm_settings_decide_states_and_pme)
{
	ruled_number(&rules, EC_SET_PM_D3, 0);
	ruled_number(&rules, EC_SET_PM_NO_SOFT_RESET, 0);
	ruled_number(&rules, EC_SET_PM_PME, 1);
	nic_attach();
	rig_write(nic, NIC_PM + PCI_PM_CTRL, 2, 3);
	ck_assert_uint_eq(rig_read(nic, NIC_PM + PCI_PM_CTRL, 2) & 0xb, 0);
	ck_assert_uint_eq(nic->last.actions.n, 0);
	ck_assert_uint_eq(params()->power_states & 0xe, 0);
	ck_assert_uint_eq(rig_read(nic, NIC_PM + PCI_CAP_FLAGS, 2), 0xf9cb); /* neither D1 nor D2 */
	rig_write(nic, NIC_PM + PCI_PM_CTRL, 2, 0x100);
	ck_assert_uint_eq(rig_read(nic, NIC_PM + PCI_PM_CTRL, 2) & 0x100, 0x100);
	ruled_number(&rules, EC_SET_PM_D3, 1);
	ruled_number(&rules, EC_SET_PM_NO_SOFT_RESET, 1);
	ruled_number(&rules, EC_SET_PM_PME, 0);
	ruled_register(&rules, &pm, "PMCSR", 0x0003, EC_FREEZE);
	nic_attach();
	rig_write(nic, NIC_PM + PCI_PM_CTRL, 2, 0x103);
	ck_assert_uint_eq(rig_read(nic, NIC_PM + PCI_PM_CTRL, 2) & 0x10b, 0xb);
	ck_assert_uint_eq(rig_read(nic, NIC_PM + PCI_CAP_FLAGS, 2), 0x0603);
}
END_TEST

START_TEST(allowed_d3_has_the_hardwares_no_soft_reset)
{
	ruled_number(&rules, EC_SET_PM_D3, EC_PM_EMULATE);
	nic_attach();
	ck_assert_uint_eq(params()->pm_hw, 0);
	for (unsigned int nsr = 0; nsr < 2; nsr++) {
		rules.all.n = 0;
		ruled_number(&rules, EC_SET_PM_D3, EC_PM_ALLOW);
		fixture_put(&fixture, NIC_PM + PCI_PM_CTRL, 1, nsr ? PCI_PM_CTRL_NO_SOFT_RST : 0);
		nic_attach();
		ck_assert_uint_eq(rig_read(nic, NIC_PM + PCI_PM_CTRL, 2) & 0xb, nsr ? 8 : 0);
		ck_assert_uint_eq(params()->pm, NIC_PM);
		ck_assert_uint_eq(params()->pm_hw, NIC_PM);
		ck_assert_uint_eq(params()->power_states, 0xf);
		rig_write(nic, NIC_PM + PCI_PM_CTRL, 2, 3);
		ck_assert_uint_eq(nic->last.actions.n, 1);
		ck_assert_uint_eq(nic->last.actions.action[0].value, 3);
		ruled_number(&rules, EC_SET_PM_NO_SOFT_RESET, !nsr);
		nic_attach();
		ck_assert_uint_eq(rig_read(nic, NIC_PM + PCI_PM_CTRL, 2) & 0xb, nsr ? 0 : 8);
	}
	/* without a state to enter nothing is done */
	ruled_number(&rules, EC_SET_PM_D3, EC_PM_FORBID);
	nic_attach();
	ck_assert_uint_eq(params()->pm_hw, 0);
	/* as a state that the function does not have */
	for (unsigned int state = 1; state < 4; state++)
		ck_assert_int_eq(rig_write(nic, NIC_PM + PCI_PM_CTRL, 2, state), EC_V_REFUSED);
	ck_assert_uint_eq(rig_read(nic, NIC_PM + PCI_PM_CTRL, 2) & PCI_PM_CTRL_STATE_MASK, 0);
}
END_TEST

START_TEST(aer_masks_start_as_ruled)
{
	uint16_t by = ruled_number(&rules, EC_SET_AER_UNCOR_MASK, 0x00100010);

	ruled_number(&rules, EC_SET_AER_COR_MASK, 0);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, NIC_AER + PCI_ERR_UNCOR_MASK, 4), 0x00100010);
	ck_assert_uint_eq(rig_read(nic, NIC_AER + PCI_ERR_COR_MASK, 4), 0);
	rig_write(nic, NIC_AER + PCI_ERR_COR_MASK, 4, 0x40);
	ck_assert_uint_eq(rig_read(nic, NIC_AER + PCI_ERR_COR_MASK, 4), 0x40);
	ck_assert_uint_eq(ec_plan_at(&nic->plan, NIC_AER + PCI_ERR_UNCOR_MASK)->origin, by);
}
END_TEST

START_TEST(dsn_is_the_ruled_or_the_hosts)
{
	ruled_number(&rules, EC_SET_DSN, 0x0011223344556677);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, NIC_DSN + 4, 4), 0x44556677);
	ck_assert_uint_eq(rig_read(nic, NIC_DSN + 8, 4), 0x00112233);
	ruled_number(&rules, EC_SET_DSN, 0);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, NIC_DSN + 4, 4) | rig_read(nic, NIC_DSN + 8, 4), 0);
	ruled_add(&rules, (struct ec_setting){ .verb = EC_SET_DSN, .treatment = EC_SHOW });
	ruled_value(&rules, &dsn, "SERIAL_LO", ALL, 0);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, NIC_DSN + 4, 4), 0x89abcdef);
}
END_TEST

START_TEST(of_rules_that_hide_and_show_rebar_the_later_counts)
{
	static const struct ec_cap_ref ref = { PCI_EXT_CAP_ID_REBAR, true, 0 };

	fixture_ext(&fixture, 0x200, PCI_EXT_CAP_ID_REBAR, 1);
	fixture_put(&fixture, 0x204, 4, 0x000003f0);
	fixture_put(&fixture, 0x208, 4, 0x00000420);
	ruled_number(&rules, EC_SET_REBAR, 1);
	nic_attach();
	ck_assert(rig_has_cap(nic, PCI_EXT_CAP_ID_REBAR, true));
	ck_assert_uint_eq(rig_read(nic, 0x204, 4), 0x00000100);
	ruled_number(&rules, EC_SET_REBAR, 0);
	ruled_cap(&rules, ref, EC_SHOW);
	nic_attach();
	ck_assert(!rig_has_cap(nic, PCI_EXT_CAP_ID_REBAR, true));
	ruled_cap(&rules, ref, EC_HIDE);
	ruled_number(&rules, EC_SET_REBAR, 1);
	nic_attach();
	ck_assert_uint_eq(rig_read(nic, 0x204, 4), 0x00000100);
	ruled_cap(&rules, ref, EC_HIDE);
	nic_attach();
	ck_assert(!rig_has_cap(nic, PCI_EXT_CAP_ID_REBAR, true));
	ruled_clear(&rules);
	ruled_number(&rules, EC_SET_REBAR, 1);
	ruled_add(&rules, (struct ec_setting){ .verb = EC_SET_KEEP_ONLY, .refs = &pm, .n = 1 });
	nic_attach();
	ck_assert(!rig_has_cap(nic, PCI_EXT_CAP_ID_REBAR, true));
	ruled_number(&rules, EC_SET_REBAR, 1);
	nic_attach();
	ck_assert(rig_has_cap(nic, PCI_EXT_CAP_ID_REBAR, true));
}
END_TEST

/* ---- subjects ---- */

START_TEST(a_subject_has_the_ids_and_the_bus_of_the_image)
{
	struct ec_sbdf bdf = { .bus = 3, .devfn = 8 };
	struct ec_plan_options o = { .topology = EC_FLATTENED, .vendor = 0x8086, .device = 1 };
	static struct ec_chain chain;
	struct ec_subject s;

	ec_subject_read(&fixture.img, &o, &chain, &s);
	s.bdf = bdf;
	ck_assert_uint_eq(s.vendor, 0x1234);
	ck_assert_uint_eq(s.device, 0x0001);
	ck_assert_uint_eq(s.subsystem_vendor, 0x1234);
	ck_assert_uint_eq(s.subsystem_device, 0x00a0);
	ck_assert_uint_eq(s.class_code, 0x020000);
	ck_assert_uint_eq(s.revision, 3);
	ck_assert_int_eq(s.pcie_type, PCI_EXP_TYPE_ENDPOINT);
	ck_assert(!s.vf && s.bus == EC_BUS_PORT && s.bdf.bus == 3);
	ck_assert_ptr_eq(s.chain, &chain);
	ck_assert_uint_eq(chain.n, 10);
	ck_assert(!s.guest_name && !s.guest_uuid);
	o.topology = EC_BYPASSED;
	fixture_put(&fixture, 0, 4, ALL);
	ec_subject_read(&fixture.img, &o, &chain, &s);
	s.bdf = bdf;
	s.vf = true;
	ck_assert(s.vf && s.bus == EC_BUS_ROOT && s.vendor == 0x8086 && s.device == 1);
	fixture_init(&fixture, 256, PCI_HEADER_TYPE_BRIDGE);
	fixture_put(&fixture, 0x2c, 4,
		    0x11111111); /* a bridge has the upper half of an address there */
	ec_subject_read(&fixture.img, &o, &chain, &s);
	s.bdf = bdf;
	ck_assert_int_eq(s.pcie_type, -1);
	ck_assert(s.bus == EC_BUS_CONVENTIONAL && !s.subsystem_vendor && s.vendor == 0x1234);
}
END_TEST

Suite *suite_view_rules_named(void)
{
	Suite *s = suite_create("view_rules_named");
	TCase *t = tcase_create("named");

	tcase_add_checked_fixture(t, nic_setup, nic_teardown);
	tcase_add_loop_test(t, the_ruled_type_is_shown_and_an_rciep_has_no_link, EC_BYPASSED,
			    EC_HOST);
	tcase_add_loop_test(t, the_ruled_link_is_shown, EC_BYPASSED, EC_HOST);
	tcase_add_test(t, the_ruled_version_hides_or_adds_registers);
	tcase_add_test(t, vf_settings_change_virtual_functions_only);
	tcase_add_test(t, the_ruled_multifunction_bit_is_shown_unless_forced);
	tcase_add_test(t, a_hidden_bar_has_no_kind_and_no_action);
	tcase_add_test(t, disabled_interrupts_are_hidden);
	tcase_add_test(t, one_msi_vector_is_shown_whatever_a_rule_allows);
	tcase_add_test(t, msi_masks_are_hidden_whatever_a_rule_allows);
	tcase_add_test(t, msix_has_fewer_vectors_never_more);
	tcase_add_test(t, pm_settings_decide_states_and_pme);
	tcase_add_test(t, allowed_d3_has_the_hardwares_no_soft_reset);
	tcase_add_test(t, aer_masks_start_as_ruled);
	tcase_add_test(t, dsn_is_the_ruled_or_the_hosts);
	tcase_add_test(t, of_rules_that_hide_and_show_rebar_the_later_counts);
	tcase_add_test(t, a_subject_has_the_ids_and_the_bus_of_the_image);
	suite_add_tcase(s, t);
	return s;
}
