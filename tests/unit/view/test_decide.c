/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decisions made by hand on a plan's registers: what must hold for any view still holds. */
#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "ruled_nic.h"
#include "suites.h"
#include "view/compile.h"
#include "view/decide.h"

#define RULE EC_ORIGINS /* the origin of decisions here */

static void setup(void)
{
	nic_setup();
	rig_attach(nic, &fixture.img, EC_FLATTENED,
		   (struct ec_region[EC_BAR_MAX]){ [0] = { 0x4000000, 0 }, [6] = { 0x80000, 0 } });
}

static struct ec_plan_reg *at(uint32_t offset)
{
	struct ec_plan_reg *reg = ec_plan_at(&nic->plan, offset);

	ck_assert_ptr_nonnull(reg);
	return reg;
}

static void treat(uint32_t offset, uint32_t bits, enum ec_treatment t)
{
	ec_plan_treat(at(offset), bits, t, RULE);
}

/* Compiles the plan again; the rig's guest uses its layout and shadow. */
static void compile(void)
{
	struct ec_diag diag = { .text = "" };

	ck_assert_msg(!ec_plan_compile(&nic->plan, &fixture.img, &diag), "%s", diag.text);
}

/* Checks that the plan is refused for @why, and that nothing of it is served. */
static void refused(const char *why)
{
	struct ec_diag diag = { .text = "" };

	ck_assert_int_eq(ec_plan_compile(&nic->plan, &fixture.img, &diag), -EINVAL);
	ck_assert_msg(strstr(diag.text, why) != NULL, "%s", diag.text);
	ck_assert_uint_eq(rig_read(nic, 0, 4), 0);
	ck_assert_int_eq(rig_write(nic, PCI_COMMAND, 4, ALL), EC_V_DROPPED);
	rig_attach(nic, &fixture.img, EC_FLATTENED, NULL);
}

static const struct ec_effect_params *params(void)
{
	return &nic->plan.layout.params;
}

START_TEST(a_row_gives_the_default_treatments)
{
	static const struct ec_reg row = { .len = 2,
					   .treatment = EC_EMULATE,
					   .split = 0x0ff0,
					   .second = EC_PASS,
					   .clr = 0x0003,
					   .set = 0x8000 };
	struct ec_reg same = row;
	uint32_t who[EC_TREATMENTS], fixed;

	ec_reg_defaults(&row, who, &fixed);
	ck_assert_uint_eq(who[EC_EMULATE], 0xf00f);
	ck_assert_uint_eq(who[EC_PASS], 0x0ff0);
	ck_assert_uint_eq(who[EC_HIDE] | who[EC_FREEZE] | who[EC_READ], 0);
	ck_assert_uint_eq(fixed, 0x8003);
	ck_assert_int_eq(ec_reg_main(who), EC_EMULATE); /* as many bits, but exposes less */
	same.second = EC_EMULATE;
	ec_reg_defaults(&same, who, &fixed);
	ck_assert_uint_eq(who[EC_EMULATE], 0xffff);
	ck_assert_int_eq(ec_reg_main((uint32_t[EC_TREATMENTS]){ 1, 2, 0xc, 0xf0, 0x700 }),
			 EC_EMULATE);
}
END_TEST

/* Hidden bits read 0, corrected or not. */
START_TEST(the_later_decision_counts_and_corrections_stay)
{
	struct ec_plan_reg *pmcsr = at(NIC_PM + PCI_PM_CTRL); /* No_Soft_Reset, bit 3, is set */

	treat(NIC_PM + PCI_PM_CTRL, ALL, EC_HIDE);
	compile();
	ck_assert_uint_eq(rig_read(nic, NIC_PM + PCI_PM_CTRL, 2), 0);
	treat(NIC_PM + PCI_PM_CTRL, 0xff00, EC_READ);
	treat(NIC_PM + PCI_PM_CTRL, 0x00ff, EC_FREEZE);
	ec_plan_fix(pmcsr, 0x00f00030, 0xffffff2f, RULE);
	ck_assert_uint_eq(pmcsr->fixed, 0x0038);
	compile();
	fixture.img.byte[NIC_PM + PCI_PM_CTRL] = 0xff;
	ck_assert_uint_eq(rig_read(nic, NIC_PM + PCI_PM_CTRL, 2), 0x2128);
	ck_assert_uint_eq(nic->n, 1);
	ec_plan_constant(pmcsr, 0x12345678, RULE);
	compile();
	ck_assert_uint_eq(rig_read(nic, NIC_PM + PCI_PM_CTRL, 2), 0x5678);
	ck_assert_uint_eq(nic->n, 0);
	treat(NIC_PM + PCI_PM_CTRL, ALL, EC_EMULATE);
	ck_assert_uint_eq(pmcsr->fixed, 0x0008);
	compile();
	ck_assert_uint_eq(rig_read(nic, NIC_PM + PCI_PM_CTRL, 2) & 0x000f, 0x0008);
	/* a BAR never shows the host's address, whatever its treatment; also one smaller than a
	 * page */
	treat(PCI_BASE_ADDRESS_3, ALL, EC_FREEZE);
	treat(PCI_BASE_ADDRESS_2, ALL, EC_EMULATE);
	fixture_put(&fixture, PCI_BASE_ADDRESS_3, 4, 0xfe900a07);
	compile();
	ck_assert_uint_eq(rig_read(nic, PCI_BASE_ADDRESS_3, 4), 0xfe900000);
	ck_assert_uint_eq(rig_read(nic, PCI_BASE_ADDRESS_2, 4), 0x00000001);
}
END_TEST

START_TEST(a_register_can_have_all_treatments)
{
	struct ec_plan_reg *gap = at(NIC_GAP); /* 0x11223344 */

	gap->reg.rw = ALL;
	for (unsigned int t = 0; t < EC_TREATMENTS; t++)
		treat(NIC_GAP, 0x3fu << t * 6, (enum ec_treatment)t);
	treat(NIC_GAP, 0xc0000000, EC_HIDE);
	compile();
	ec_put_le(nic->device.image.byte + NIC_GAP, 4, ALL);
	ec_put_le(nic->device.rw + NIC_GAP, 4, ALL);
	ck_assert_uint_eq(rig_read(nic, NIC_GAP, 4), (0x11223344 & 0xfc0) | 0x3f03f000);
	rig_write(nic, NIC_GAP, 4, 0xaaaaaaaa);
	ck_assert_uint_eq(rig_read(nic, NIC_GAP, 4),
			  (0x11223344 & 0xfc0) | 0x0003f000 | (0xaaaaaaaa & 0x3ffc0000));
	ck_assert_uint_eq(ec_get_le(nic->device.image.byte + NIC_GAP, 4),
			  0xc0ffffff | (0xaaaaaaaa & 0x3f000000));
}
END_TEST

START_TEST(compiling_again_gives_the_same_view)
{
	struct rig *other = rig_new();

	other->plan = nic->plan;
	compile();
	ck_assert_mem_eq(&nic->plan.layout, &other->plan.layout,
			 ec_layout_bytes(&nic->plan.layout));
	ck_assert_mem_eq(nic->plan.shadow, other->plan.shadow, nic->plan.layout.words * 4u);
	rig_free(other);
}
END_TEST

START_TEST(a_capability_hidden_last_is_dead_and_unlinked)
{
	struct ec_plan_cap *c = nic->plan.cap + _i;
	const struct ec_link *l = nic->plan.chain.link + _i;

	for (uint32_t off = l->offset; off < l->offset + (uint32_t)c->length; off++)
		if (at(off)->span == at(off)->reg.len)
			treat(off, ALL, EC_READ);
	c->treatment = EC_HIDE;
	compile();
	ck_assert(!rig_has_cap(nic, l->id, l->extended));
	for (uint32_t off = l->offset; off < l->offset + (uint32_t)c->length; off++) {
		bool stub = off >= 0x100 && off < 0x104;

		if (!stub)
			ck_assert_uint_eq(rig_read(nic, off, 1), 0);
		ck_assert_int_eq(rig_write(nic, off, 1, 0xff), EC_V_DROPPED);
		ck_assert_uint_eq(nic->n, 0);
	}
	for (unsigned int i = 0; i < nic->plan.chain.n; i++) {
		const struct ec_link *other = nic->plan.chain.link + i;

		ck_assert(rig_has_cap(nic, other->id, other->extended) ==
			  (nic->plan.cap[i].treatment != EC_HIDE));
	}
}
END_TEST

START_TEST(decisions_do_not_change_pointers_and_ids)
{
	enum ec_treatment t = (enum ec_treatment)_i;

	treat(PCI_STATUS, ALL, t);
	treat(PCI_CAPABILITY_LIST, ALL, t);
	for (unsigned int i = 0; i < nic->plan.chain.n; i++) {
		const struct ec_link *l = nic->plan.chain.link + i;

		treat(l->offset, ALL, t);
		treat(l->offset + (l->extended ? 2 : 1), ALL, t);
	}
	compile();
	ck_assert_uint_eq(rig_read(nic, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST, PCI_STATUS_CAP_LIST);
	for (unsigned int i = 0; i < nic->plan.chain.n; i++) {
		const struct ec_link *l = nic->plan.chain.link + i;

		ck_assert(rig_has_cap(nic, l->id, l->extended) ==
			  (nic->plan.cap[i].treatment != EC_HIDE));
	}
}
END_TEST

START_TEST(an_effect_that_lost_bits_is_dropped_with_its_parameters)
{
	treat(NIC_MSI + PCI_MSI_ADDRESS_HI, 0x80000000, EC_FREEZE); /* a bit of MSI's address */
	treat(PCI_BASE_ADDRESS_1, ALL, EC_HIDE);
	treat(PCI_ROM_ADDRESS, PCI_ROM_ADDRESS_ENABLE, EC_HIDE);
	treat(NIC_PM + PCI_PM_CTRL, PCI_PM_CTRL_STATE_MASK, EC_FREEZE);
	treat(NIC_MSIX + PCI_CAP_FLAGS, ALL, EC_READ);
	compile();
	ck_assert_uint_eq(params()->msi, 0);
	ck_assert_uint_eq(params()->msix, 0);
	ck_assert_uint_eq(params()->power_states, 0);
	ck_assert_uint_eq(params()->bar_kind[0] | params()->bar_kind[1], EC_BAR_NONE);
	ck_assert_uint_eq(params()->bar_kind[EC_BAR_ROM], EC_BAR_NONE);
	ck_assert_uint_eq(params()->bar_kind[2], EC_BAR_IO);
	rig_write(nic, PCI_COMMAND, 2, PCI_COMMAND_MEMORY);
	rig_write(nic, PCI_BASE_ADDRESS_0, 4, 0x80000000);
	ck_assert_uint_eq(nic->last.actions.n, 0);
	rig_write(nic, PCI_ROM_ADDRESS, 4, 0xa0000001);
	ck_assert_uint_eq(nic->last.actions.n, 0);
	rig_write(nic, NIC_MSI + PCI_MSI_FLAGS, 2, PCI_MSI_FLAGS_ENABLE);
	ck_assert_uint_eq(nic->last.actions.n, 0);
	rig_write(nic, NIC_PM + PCI_PM_CTRL, 2, 3);
	rig_write(nic, NIC_MSIX + PCI_CAP_FLAGS, 2, 0x8000);
	ck_assert_uint_eq(nic->last.actions.n, 0);
}
END_TEST

START_TEST(parameters_of_effects_follow_the_view)
{
	ck_assert_uint_eq(params()->power_states, 0xf);
	ck_assert_uint_eq(params()->msix_vectors, 64);
	ec_plan_fix(at(NIC_PM + PCI_CAP_FLAGS), PCI_PM_CAP_D1 | PCI_PM_CAP_D2, PCI_PM_CAP_D2, RULE);
	ec_plan_fix(at(NIC_MSIX + PCI_CAP_FLAGS), PCI_MSIX_TABSIZE, 7, RULE);
	compile();
	ck_assert_uint_eq(params()->power_states, 0xd);
	ck_assert_uint_eq(params()->msix_vectors, 8);
	rig_write(nic, NIC_PM + PCI_PM_CTRL, 2, 1);
	ck_assert_int_eq(nic->last.verdict, EC_V_REFUSED);
	/* without one bit: the others still start the effect */
	treat(PCI_COMMAND, PCI_COMMAND_DISABLE_INTx, EC_FREEZE);
	compile();
	rig_write(nic, PCI_BASE_ADDRESS_3, 4, 0x80000000);
	rig_write(nic, PCI_COMMAND, 2, 0xffff);
	ck_assert_uint_eq(nic->last.actions.n, 1);
	ck_assert_uint_eq(nic->last.actions.action[0].kind, EC_ACT_MAP_BAR);
}
END_TEST

START_TEST(a_bit_without_exactly_one_treatment_is_refused)
{
	at(NIC_GAP)->served[EC_READ] |= 1;
	refused("gap at c0: a bit has no treatment, or two");
	at(NIC_GAP)->served[EC_FREEZE] &= ~1u;
	refused("a bit has no treatment, or two");
	at(PCI_COMMAND)->served[EC_PASS] |= 0x10000;
	refused("a bit has no treatment, or two");
	/* listed as one hidden register, of which one byte is not hidden */
	ck_assert_uint_gt(at(NIC_EXT_GAP)->span, 4);
	treat(NIC_EXT_GAP, 1, EC_FREEZE);
	refused("can only be hidden");
}
END_TEST

START_TEST(passing_a_bit_of_the_host_is_refused)
{
	static const struct {
		uint16_t offset;
		uint32_t bit;
	} bits[] = { { PCI_COMMAND, PCI_COMMAND_MEMORY },
		     { PCI_BASE_ADDRESS_0, 0x80000000 },
		     { PCI_ROM_ADDRESS, PCI_ROM_ADDRESS_ENABLE },
		     { 0x44, PCI_PM_CTRL_PME_ENABLE },
		     { 0x52, PCI_MSI_FLAGS_ENABLE },
		     { 0x78, PCI_EXP_DEVCTL_FLRESET },
		     { 0xb2, PCI_MSIX_ENABLE } };

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(bits); i++) {
		treat(bits[i].offset, bits[i].bit, EC_PASS);
		refused("bits that the host must own are passed");
		treat(bits[i].offset, bits[i].bit, EC_FREEZE);
		compile();
	}
}
END_TEST

/* The masks of a dword have one effect, and one register that is only accessed whole. */
START_TEST(two_effects_or_two_exact_registers_in_a_dword_are_refused)
{
	at(NIC_PM + PCI_CAP_FLAGS)->reg.rw = 0xffff; /* PMC, after the capability's header */
	treat(NIC_PM + PCI_CAP_FLAGS, ALL, EC_EMULATE);
	at(NIC_PM + PCI_CAP_FLAGS)->reg.effect = EC_FX_PM;
	at(NIC_PM + PCI_CAP_LIST_NEXT)->reg.effect =
		EC_FX_FLR; /* constant, so the effect is dropped */
	compile();
	at(PCI_STATUS)->reg.fx = 1;
	at(PCI_STATUS)->reg.effect = EC_FX_PM; /* COMMAND has another in this dword */
	refused("STATUS at 6: its dword has another effect");
	at(PCI_STATUS)->reg.fx = 1;
	at(PCI_STATUS)->reg.effect = EC_FX_COMMAND;
	compile();
	at(NIC_PM + PCI_CAP_FLAGS)->reg.exact = true;
	at(NIC_PM + PCI_PM_CTRL)->reg.exact = true;
	compile();
	at(NIC_PM + PCI_CAP_LIST_NEXT)->reg.exact = true; /* adjacent */
	refused("PMC at 42: its dword has another register that is only accessed whole");
	at(NIC_PM)->reg.exact = true; /* not adjacent */
	at(NIC_PM + PCI_CAP_FLAGS)->reg.exact = true;
	refused("PMC at 42: its dword has another register");
}
END_TEST

START_TEST(a_register_keeps_the_origin_of_its_last_decision)
{
	/* with FLAGS, LNKCAP and LNKCTL2 of PCI Express */
	static const uint16_t topology[] = {
		PCI_STATUS, PCI_BASE_ADDRESS_0, PCI_CAPABILITY_LIST, 0x3d, 0x41, 0x72, 0x7c, 0xa0,
		0x102
	};
	static const uint16_t table[] = {
		PCI_VENDOR_ID, PCI_COMMAND, 0x40, 0x44, 0x52, 0x78, 0xe4
	};

	treat(NIC_GAP, 1, EC_HIDE);
	compile();
	ck_assert_uint_eq(at(NIC_GAP)->origin, RULE);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(topology); i++)
		ck_assert_msg(at(topology[i])->origin == EC_BY_TOPOLOGY, "%x", topology[i]);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(table); i++)
		ck_assert_msg(at(table[i])->origin == EC_BY_TABLE, "%x", table[i]);
	treat(NIC_PM + PCI_PM_CTRL, ALL, EC_FREEZE);
	nic->plan.cap[0].treatment = EC_HIDE;
	nic->plan.cap[0].origin = RULE + 1;
	compile();
	ck_assert_uint_eq(at(NIC_PM)->origin, RULE + 1);
	ck_assert_uint_eq(at(NIC_PM + PCI_PM_CTRL)->origin, RULE + 1);
	fixture_put(&fixture, NIC_EXP + PCI_EXP_DEVCAP, 4, 0); /* no FLR */
	rig_attach(nic, &fixture.img, EC_FLATTENED, NULL);
	ck_assert_uint_eq(at(NIC_EXP + PCI_EXP_DEVCTL)->origin, EC_BY_TOPOLOGY);
	rig_attach(nic, &fixture.img, EC_HOST, NULL);
	ck_assert_uint_eq(at(PCI_COMMAND)->origin, EC_BY_TOPOLOGY);
	ck_assert_uint_eq(nic->plan.cap[0].origin, EC_BY_TOPOLOGY);
}
END_TEST

Suite *suite_view_decide(void)
{
	Suite *s = suite_create("view_decide");
	TCase *t = tcase_create("decide");

	tcase_add_checked_fixture(t, setup, nic_teardown);
	tcase_add_test(t, a_row_gives_the_default_treatments);
	tcase_add_test(t, the_later_decision_counts_and_corrections_stay);
	tcase_add_test(t, a_register_can_have_all_treatments);
	tcase_add_test(t, compiling_again_gives_the_same_view);
	tcase_add_loop_test(t, a_capability_hidden_last_is_dead_and_unlinked, 0, 10);
	tcase_add_loop_test(t, decisions_do_not_change_pointers_and_ids, 0, EC_TREATMENTS);
	tcase_add_test(t, an_effect_that_lost_bits_is_dropped_with_its_parameters);
	tcase_add_test(t, parameters_of_effects_follow_the_view);
	tcase_add_test(t, a_bit_without_exactly_one_treatment_is_refused);
	tcase_add_test(t, passing_a_bit_of_the_host_is_refused);
	tcase_add_test(t, two_effects_or_two_exact_registers_in_a_dword_are_refused);
	tcase_add_test(t, a_register_keeps_the_origin_of_its_last_decision);
	suite_add_tcase(s, t);
	return s;
}
