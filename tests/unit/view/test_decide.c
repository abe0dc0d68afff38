/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decisions made by hand on a plan's registers: whoever decides what, the view holds together. */
#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "fixture.h"
#include "rig.h"
#include "suites.h"
#include "view/compile.h"
#include "view/decide.h"

#define ALL UINT32_MAX
#define RULE EC_ORIGINS /* whoever decides later */

static struct rig *r;
static struct fixture x;

static void setup(void)
{
	r = rig_new();
	fixture_nic(&x);
	rig_attach(r, &x.img, EC_FLATTENED,
		   (struct ec_region[EC_BAR_MAX]){ [0] = { 0x4000000, 0 }, [6] = { 0x80000, 0 } });
}

static void teardown(void)
{
	rig_free(r);
}

static struct ec_plan_reg *at(uint32_t offset)
{
	struct ec_plan_reg *reg = ec_plan_at(&r->plan, offset);

	ck_assert_ptr_nonnull(reg);
	return reg;
}

static void treat(uint32_t offset, uint32_t bits, enum ec_treatment t)
{
	ec_plan_treat(at(offset), bits, t, RULE);
}

/* The view by what is decided now; the rig's guest has the same layout and shadow. */
static void compile(void)
{
	struct ec_diag diag = { .text = "" };

	ck_assert_msg(!ec_plan_compile(&r->plan, &x.img, &diag), "%s", diag.text);
}

/* What is decided now is refused for @why, and nothing of it is served. */
static void refused(const char *why)
{
	struct ec_diag diag = { .text = "" };

	ck_assert_int_eq(ec_plan_compile(&r->plan, &x.img, &diag), -EINVAL);
	ck_assert_msg(strstr(diag.text, why) != NULL, "%s", diag.text);
	ck_assert_uint_eq(rig_read(r, 0, 4), 0);
	ck_assert_int_eq(rig_write(r, PCI_COMMAND, 4, ALL), EC_V_DROPPED);
	rig_attach(r, &x.img, EC_FLATTENED, NULL);
}

static const struct ec_effect_params *facts(void)
{
	return &r->plan.layout.params;
}

START_TEST(defaults_of_a_row)
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
	ck_assert_int_eq(ec_reg_main(who), EC_EMULATE); /* as many, but gives away less */
	same.second = EC_EMULATE;
	ec_reg_defaults(&same, who, &fixed);
	ck_assert_uint_eq(who[EC_EMULATE], 0xffff);
	ck_assert_int_eq(ec_reg_main((uint32_t[EC_TREATMENTS]){ 1, 2, 0xc, 0xf0, 0x700 }),
			 EC_EMULATE);
}
END_TEST

/* The later decision counts; the row's corrections stay, and what is hidden reads 0 all the same.
 */
START_TEST(later_wins)
{
	struct ec_plan_reg *pmcsr = at(0x44); /* No_Soft_Reset, bit 3, is set */

	treat(0x44, ALL, EC_HIDE);
	compile();
	ck_assert_uint_eq(rig_read(r, 0x44, 2), 0);
	treat(0x44, 0xff00, EC_READ);
	treat(0x44, 0x00ff, EC_FREEZE);
	ec_plan_fix(pmcsr, 0x00f00030, 0xffffff2f, RULE);
	ck_assert_uint_eq(pmcsr->fixed, 0x0038);
	compile();
	x.img.byte[0x44] = 0xff;
	ck_assert_uint_eq(rig_read(r, 0x44, 2), 0x2128);
	ck_assert_uint_eq(r->n, 1);
	ec_plan_constant(pmcsr, 0x12345678, RULE);
	compile();
	ck_assert_uint_eq(rig_read(r, 0x44, 2), 0x5678);
	ck_assert_uint_eq(r->n, 0);
	treat(0x44, ALL, EC_EMULATE);
	ck_assert_uint_eq(pmcsr->fixed, 0x0008);
	compile();
	ck_assert_uint_eq(rig_read(r, 0x44, 2) & 0x000f, 0x0008);
	/* a BAR's own bits are no host's address, whoever serves it: of less than a page, too */
	treat(PCI_BASE_ADDRESS_3, ALL, EC_FREEZE);
	treat(PCI_BASE_ADDRESS_2, ALL, EC_EMULATE);
	fixture_put(&x, PCI_BASE_ADDRESS_3, 4, 0xfe900a07);
	compile();
	ck_assert_uint_eq(rig_read(r, PCI_BASE_ADDRESS_3, 4), 0xfe900000);
	ck_assert_uint_eq(rig_read(r, PCI_BASE_ADDRESS_2, 4), 0x00000001);
}
END_TEST

/* A register of all treatments, of which none knows of another. */
START_TEST(bits_of_all_treatments)
{
	struct ec_plan_reg *gap = at(0xc0); /* 0x11223344 */

	gap->reg.rw = ALL;
	for (unsigned int t = 0; t < EC_TREATMENTS; t++)
		treat(0xc0, 0x3fu << t * 6, (enum ec_treatment)t);
	treat(0xc0, 0xc0000000, EC_HIDE);
	compile();
	ec_put_le(r->device.image.byte + 0xc0, 4, ALL);
	ec_put_le(r->device.rw + 0xc0, 4, ALL);
	ck_assert_uint_eq(rig_read(r, 0xc0, 4), (0x11223344 & 0xfc0) | 0x3f03f000);
	rig_write(r, 0xc0, 4, 0xaaaaaaaa);
	ck_assert_uint_eq(rig_read(r, 0xc0, 4),
			  (0x11223344 & 0xfc0) | 0x0003f000 | (0xaaaaaaaa & 0x3ffc0000));
	ck_assert_uint_eq(ec_get_le(r->device.image.byte + 0xc0, 4),
			  0xc0ffffff | (0xaaaaaaaa & 0x3f000000));
}
END_TEST

/* Made again of the same decisions, it is the same. */
START_TEST(compiled_again)
{
	struct rig *other = rig_new();

	other->plan = r->plan;
	compile();
	ck_assert_mem_eq(&r->plan.layout, &other->plan.layout, ec_layout_bytes(&r->plan.layout));
	ck_assert_mem_eq(r->plan.shadow, other->plan.shadow, r->plan.layout.words * 4u);
	rig_free(other);
}
END_TEST

/* Hidden at the last moment, a capability is dead and unlinked, whoever was to serve its bits. */
START_TEST(hidden_is_dead)
{
	struct ec_plan_cap *c = r->plan.cap + _i;
	const struct ec_link *l = r->plan.chain.link + _i;

	for (uint32_t off = l->offset; off < l->offset + (uint32_t)c->length; off++)
		if (at(off)->span == at(off)->reg.len)
			treat(off, ALL, EC_READ);
	c->treatment = EC_HIDE;
	compile();
	ck_assert(!rig_has_cap(r, l->id, l->extended));
	for (uint32_t off = l->offset; off < l->offset + (uint32_t)c->length; off++) {
		bool stub = off >= 0x100 && off < 0x104;

		if (!stub)
			ck_assert_uint_eq(rig_read(r, off, 1), 0);
		ck_assert_int_eq(rig_write(r, off, 1, 0xff), EC_V_DROPPED);
		ck_assert_uint_eq(r->n, 0);
	}
	for (unsigned int i = 0; i < r->plan.chain.n; i++) {
		const struct ec_link *other = r->plan.chain.link + i;

		ck_assert(rig_has_cap(r, other->id, other->extended) ==
			  (r->plan.cap[i].treatment != EC_HIDE));
	}
}
END_TEST

/* Who serves pointers and ids does not change where they lead and what they say. */
START_TEST(chains_are_not_to_decide)
{
	enum ec_treatment t = (enum ec_treatment)_i;

	treat(PCI_STATUS, ALL, t);
	treat(PCI_CAPABILITY_LIST, ALL, t);
	for (unsigned int i = 0; i < r->plan.chain.n; i++) {
		const struct ec_link *l = r->plan.chain.link + i;

		treat(l->offset, ALL, t);
		treat(l->offset + (l->extended ? 2 : 1), ALL, t);
	}
	compile();
	ck_assert_uint_eq(rig_read(r, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST, PCI_STATUS_CAP_LIST);
	for (unsigned int i = 0; i < r->plan.chain.n; i++) {
		const struct ec_link *l = r->plan.chain.link + i;

		ck_assert(rig_has_cap(r, l->id, l->extended) ==
			  (r->plan.cap[i].treatment != EC_HIDE));
	}
}
END_TEST

/* An effect that has not all that it needs is none, and what it would look at is not told. */
START_TEST(half_an_effect)
{
	treat(0x58, 0x80000000, EC_FREEZE); /* a bit of MSI's address */
	treat(PCI_BASE_ADDRESS_1, ALL, EC_HIDE);
	treat(PCI_ROM_ADDRESS, PCI_ROM_ADDRESS_ENABLE, EC_HIDE);
	treat(0x44, PCI_PM_CTRL_STATE_MASK, EC_FREEZE);
	treat(0xb2, ALL, EC_READ);
	compile();
	ck_assert_uint_eq(facts()->msi, 0);
	ck_assert_uint_eq(facts()->msix, 0);
	ck_assert_uint_eq(facts()->power_states, 0);
	ck_assert_uint_eq(facts()->bar_kind[0] | facts()->bar_kind[1], EC_BAR_NONE);
	ck_assert_uint_eq(facts()->bar_kind[EC_BAR_ROM], EC_BAR_NONE);
	ck_assert_uint_eq(facts()->bar_kind[2], EC_BAR_IO);
	rig_write(r, PCI_COMMAND, 2, PCI_COMMAND_MEMORY);
	rig_write(r, PCI_BASE_ADDRESS_0, 4, 0x80000000);
	ck_assert_uint_eq(r->last.actions.n, 0);
	rig_write(r, PCI_ROM_ADDRESS, 4, 0xa0000001);
	ck_assert_uint_eq(r->last.actions.n, 0);
	rig_write(r, 0x52, 2, PCI_MSI_FLAGS_ENABLE);
	ck_assert_uint_eq(r->last.actions.n, 0);
	rig_write(r, 0x44, 2, 3);
	rig_write(r, 0xb2, 2, 0x8000);
	ck_assert_uint_eq(r->last.actions.n, 0);
}
END_TEST

/* Facts are what the guest sees, not what the hardware says. */
START_TEST(facts_follow_the_view)
{
	ck_assert_uint_eq(facts()->power_states, 0xf);
	ck_assert_uint_eq(facts()->msix_vectors, 64);
	ec_plan_fix(at(0x42), PCI_PM_CAP_D1 | PCI_PM_CAP_D2, PCI_PM_CAP_D2, RULE);
	ec_plan_fix(at(0xb2), PCI_MSIX_TABSIZE, 7, RULE);
	compile();
	ck_assert_uint_eq(facts()->power_states, 0xd);
	ck_assert_uint_eq(facts()->msix_vectors, 8);
	rig_write(r, 0x44, 2, 1);
	ck_assert_int_eq(r->last.verdict, EC_V_REFUSED);
	/* one bit of a register less: the others still start it */
	treat(PCI_COMMAND, PCI_COMMAND_DISABLE_INTx, EC_FREEZE);
	compile();
	rig_write(r, PCI_BASE_ADDRESS_3, 4, 0x80000000);
	rig_write(r, PCI_COMMAND, 2, 0xffff);
	ck_assert_uint_eq(r->last.actions.n, 1);
	ck_assert_uint_eq(r->last.actions.action[0].kind, EC_ACT_MAP_BAR);
}
END_TEST

START_TEST(bits_with_one_owner)
{
	at(0xc0)->served[EC_READ] |= 1;
	refused("gap at c0: a bit has no treatment, or two");
	at(0xc0)->served[EC_FREEZE] &= ~1u;
	refused("a bit has no treatment, or two");
	at(PCI_COMMAND)->served[EC_PASS] |= 0x10000;
	refused("a bit has no treatment, or two");
	/* hidden to the end of the space, and one byte of it is not */
	ck_assert_uint_gt(at(0x800)->span, 4);
	treat(0x800, 1, EC_FREEZE);
	refused("can only be hidden");
}
END_TEST

START_TEST(host_bits_are_not_passed)
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

/* A dword has room for one effect, and for one register that is only accessed whole. */
START_TEST(dword_of_two)
{
	at(0x42)->reg.rw = 0xffff; /* PMC, behind the capability's header */
	treat(0x42, ALL, EC_EMULATE);
	at(0x42)->reg.effect = EC_FX_PM;
	at(0x41)->reg.effect = EC_FX_FLR; /* constant: it has none */
	compile();
	at(PCI_STATUS)->reg.fx = 1;
	at(PCI_STATUS)->reg.effect = EC_FX_PM; /* beside COMMAND's */
	refused("STATUS at 6: its dword has another effect");
	at(PCI_STATUS)->reg.fx = 1;
	at(PCI_STATUS)->reg.effect = EC_FX_COMMAND;
	compile();
	at(0x42)->reg.exact = true;
	at(0x44)->reg.exact = true;
	compile();
	at(0x41)->reg.exact = true; /* adjacent */
	refused("PMC at 42: its dword has another register that is only accessed whole");
	at(0x40)->reg.exact = true; /* and not */
	at(0x42)->reg.exact = true;
	refused("PMC at 42: its dword has another register");
}
END_TEST

/* Of each register it is known who decided it last. */
START_TEST(origins)
{
	/* with FLAGS, LNKCAP and LNKCTL2 of PCI Express */
	static const uint16_t topology[] = {
		PCI_STATUS, PCI_BASE_ADDRESS_0, PCI_CAPABILITY_LIST, 0x3d, 0x41, 0x72, 0x7c, 0xa0,
		0x102
	};
	static const uint16_t table[] = {
		PCI_VENDOR_ID, PCI_COMMAND, 0x40, 0x44, 0x52, 0x78, 0xe4
	};

	treat(0xc0, 1, EC_HIDE);
	compile();
	ck_assert_uint_eq(at(0xc0)->origin, RULE);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(topology); i++)
		ck_assert_msg(at(topology[i])->origin == EC_BY_TOPOLOGY, "%x", topology[i]);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(table); i++)
		ck_assert_msg(at(table[i])->origin == EC_BY_TABLE, "%x", table[i]);
	treat(0x44, ALL, EC_FREEZE);
	r->plan.cap[0].treatment = EC_HIDE;
	r->plan.cap[0].origin = RULE + 1;
	compile();
	ck_assert_uint_eq(at(0x40)->origin, RULE + 1);
	ck_assert_uint_eq(at(0x44)->origin, RULE + 1);
	fixture_put(&x, 0x74, 4, 0); /* no FLR */
	rig_attach(r, &x.img, EC_FLATTENED, NULL);
	ck_assert_uint_eq(at(0x78)->origin, EC_BY_TOPOLOGY);
	rig_attach(r, &x.img, EC_HOST, NULL);
	ck_assert_uint_eq(at(PCI_COMMAND)->origin, EC_BY_TOPOLOGY);
	ck_assert_uint_eq(r->plan.cap[0].origin, EC_BY_TOPOLOGY);
}
END_TEST

Suite *suite_view_decide(void)
{
	Suite *s = suite_create("view_decide");
	TCase *t = tcase_create("decide");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, defaults_of_a_row);
	tcase_add_test(t, later_wins);
	tcase_add_test(t, bits_of_all_treatments);
	tcase_add_test(t, compiled_again);
	tcase_add_loop_test(t, hidden_is_dead, 0, 10);
	tcase_add_loop_test(t, chains_are_not_to_decide, 0, EC_TREATMENTS);
	tcase_add_test(t, half_an_effect);
	tcase_add_test(t, facts_follow_the_view);
	tcase_add_test(t, bits_with_one_owner);
	tcase_add_test(t, host_bits_are_not_passed);
	tcase_add_test(t, dword_of_two);
	tcase_add_test(t, origins);
	suite_add_tcase(s, t);
	return s;
}
