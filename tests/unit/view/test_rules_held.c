/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What rules do not get hold of, whichever way they ask for it. */
#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "fixture.h"
#include "rig.h"
#include "ruled.h"
#include "suites.h"
#include "view/build.h"

#define ALL UINT32_MAX

static const struct ec_cap_ref msi = { PCI_CAP_ID_MSI, false, 0 };
static const struct ec_cap_ref msix = { PCI_CAP_ID_MSIX, false, 0 };
static const struct ec_cap_ref aer = { PCI_EXT_CAP_ID_AER, true, 0 };
static const struct ec_cap_ref sriov = { PCI_EXT_CAP_ID_SRIOV, true, 0 };

static struct rig *r;
static struct ruled rules;
static struct fixture x;

static void setup(void)
{
	r = rig_new();
	fixture_nic(&x);
	ruled_clear(&rules);
}

static void teardown(void)
{
	rig_free(r);
}

static void attach(void)
{
	ruled_attach(&rules, r, &x.img, EC_FLATTENED);
}

/* Nothing of [from, to) is read or written. */
static void is_dead(uint32_t from, uint32_t to)
{
	for (uint32_t at = from; at < to; at++) {
		ck_assert_msg(rig_read(r, at, 1) == 0, "%x", at);
		ck_assert_msg(rig_write(r, at, 1, 0xff) == EC_V_DROPPED, "%x", at);
		ck_assert_msg(rig_read(r, at, 1) == 0, "%x", at);
	}
}

/* ---- sizes ---- */

static uint16_t size(struct ec_cap_ref cap, uint16_t length)
{
	return ruled_add(&rules,
			 (struct ec_setting){ .verb = EC_SET_SIZE, .cap = cap, .length = length });
}

/* What gives away all that nobody claims. */
static void grab(int how)
{
	if (how == 0)
		ruled_treat(&rules, EC_SET_GAPS, EC_PASS);
	if (how == 1)
		ruled_number(&rules, EC_SET_PERMISSIVE, 1);
	if (how == 2)
		ruled_treat(&rules, EC_SET_BODIES, EC_PASS);
}

/* What is behind the length that a rule gives is the capability's still, and dead. */
START_TEST(cut)
{
	size(msix, 2);
	size(sriov, 6);
	size(aer, 0x0a);
	grab(_i);
	attach();
	ck_assert(!rig_has_cap(r, PCI_CAP_ID_MSIX, false));
	is_dead(0xb0, 0xbc);
	is_dead(0x160, 0x1a0);
	is_dead(0x104, 0x12c);
}
END_TEST

START_TEST(cut_and_passed)
{
	uint16_t by;

	size(msix, 2);
	by = ruled_range(&rules, NULL, 0xb2, 2, EC_PASS);
	ruled_refused(&rules, r, &x.img, "MSI-X.FLAGS at b2: bits that the host", by);
	ruled_clear(&rules);
	/* a register that is only partly there is none */
	size(msi, 0x12);
	ruled_range(&rules, NULL, 0x60, 4, EC_EMULATE);
	ruled_register(&rules, &msi, "MASK", ALL, EC_EMULATE);
	attach();
	ck_assert(rig_has_cap(r, PCI_CAP_ID_MSI, false));
	is_dead(0x60, 0x68);
}
END_TEST

/* Half a message is none: it would go where the hardware's other half says. */
START_TEST(cut_message)
{
	size(msi, 12);
	grab(_i);
	attach();
	ck_assert(!rig_has_cap(r, PCI_CAP_ID_MSI, false));
	ck_assert_uint_eq(r->plan.layout.params.msi, 0);
	is_dead(0x50, 0x68);
	/* its masks it can do without */
	size(msi, 14);
	attach();
	ck_assert(rig_has_cap(r, PCI_CAP_ID_MSI, false));
	ck_assert_uint_eq(r->plan.layout.params.msi, 0x50);
	is_dead(0x5e, 0x68);
}
END_TEST

/* Where another capability follows too early, what there is of a register is nobody's. */
START_TEST(half_a_row)
{
	fixture_init(&x, 256, 0);
	fixture_cap(&x, 0x40, PCI_CAP_ID_MSI);
	fixture_put(&x, 0x42, 2, 0x0180);
	fixture_cap(&x, 0x54, PCI_CAP_ID_VNDR);
	fixture_put(&x, 0x56, 2, 0x0008);
	size(msi, 0x12);
	ruled_treat(&rules, EC_SET_BODIES, EC_PASS);
	attach();
	ck_assert(rig_has_cap(r, PCI_CAP_ID_MSI, false));
	is_dead(0x4e, 0x54);
}
END_TEST

/* A policy that shows it later is no surprise. */
START_TEST(hidden_is_refused)
{
	uint16_t by = ruled_range(&rules, &sriov, 8, 2, EC_PASS);

	ruled_refused(&rules, r, &x.img, "SR-IOV.CTRL at 168: bits that the host", by);
	ruled_clear(&rules);
	ruled_cap(&rules, msi, EC_HIDE);
	by = ruled_register(&rules, &msi, "DATA", 1, EC_READ);
	ruled_refused(&rules, r, &x.img, "MSI.DATA at 5c: bits that the host", by);
	/* what is not given away may be said of what is hidden */
	ruled_clear(&rules);
	ruled_cap(&rules, msi, EC_HIDE);
	ruled_register(&rules, &msi, "DATA", 1, EC_FREEZE);
	ruled_value(&rules, &msi, "FLAGS", 1, 1);
	attach();
	is_dead(0x50, 0x68);
}
END_TEST

/* Nothing takes the place of what is only not shown. */
START_TEST(cut_is_no_room)
{
	size(msix, 8);
	ruled_refused(&rules, r, &x.img, "another capability is there",
		      ruled_place(&rules, EC_SET_MOVE,
				  (struct ec_cap_ref){ PCI_CAP_ID_PM, false, 0 }, 0xb8));
}
END_TEST

/* ---- no extended list ---- */

/* What says that there are none is no gap: a guest would find what it wrote there, or a rule says.
 */
START_TEST(no_list)
{
	static const enum ec_treatment all[] = { EC_HIDE, EC_FREEZE, EC_EMULATE, EC_PASS };
	uint16_t by;

	fixture_init(&x, EC_CONFIG_SIZE, 0);
	fixture_fill(&x, 0x104, 8, 0x5a);
	grab(_i);
	attach();
	is_dead(0x100, 0x104);
	if (_i < 2)
		ck_assert_uint_eq(rig_read(r, 0x104, 4), 0x5a5a5a5a);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(all); i++) {
		ruled_clear(&rules);
		by = ruled_range(&rules, NULL, 0xfe, 4, all[i]);
		ruled_refused(&rules, r, &x.img,
			      "gap at 100: rules cannot change the lists of capabilities", by);
	}
	ruled_clear(&rules);
	by = ruled_add(&rules, (struct ec_setting){ .verb = EC_SET_RANGE,
						    .bits = EC_BITS_VALUE,
						    .offset = 0x100,
						    .length = 4,
						    .mask = ALL,
						    .value = 0x00010003 });
	ruled_refused(&rules, r, &x.img,
		      "gap at 100: rules cannot change the lists of capabilities", by);
	ruled_clear(&rules);
	ruled_range(&rules, NULL, 0x104, 4, EC_PASS);
	attach();
	is_dead(0x100, 0x104);
	ck_assert_uint_eq(rig_read(r, 0x104, 4), 0x5a5a5a5a);
}
END_TEST

/* Nor is it where the first one was hidden, or moved away. */
START_TEST(no_head)
{
	ruled_cap(&rules, aer, EC_HIDE);
	ruled_range(&rules, NULL, 0x100, 4, EC_EMULATE);
	grab(_i);
	attach();
	ck_assert_uint_eq(rig_read(r, 0x100, 4), 0x14000000);
	ck_assert_int_eq(rig_write(r, 0x100, 4, ALL), EC_V_DROPPED);
	ruled_clear(&rules);
	ruled_place(&rules, EC_SET_MOVE, aer, 0x400);
	ruled_range(&rules, NULL, 0x100, 4, EC_EMULATE);
	grab(_i);
	attach();
	ck_assert_uint_eq(rig_read(r, 0x100, 2), 0);
	ck_assert_int_eq(rig_write(r, 0x100, 4, ALL), EC_V_DROPPED);
	is_dead(0x104, 0x12c);
}
END_TEST

/* ---- BARs ---- */

static void no_bars(unsigned int first, unsigned int last, uint16_t by)
{
	for (unsigned int i = first; i <= last; i++) {
		uint32_t at = ec_bar_offset(i, 0);

		ck_assert_uint_eq(r->plan.bar[i].kind, EC_BAR_NONE);
		ck_assert_uint_eq(r->plan.bar[i].size, 0);
		ck_assert_uint_eq(r->plan.bar_by[i], by);
		is_dead(at, at + 4);
	}
}

/* Whoever takes a BAR away takes both halves, and what the service would map of it. */
START_TEST(bar_taken)
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

	attach();
	no_bars(rows[_i].first, rows[_i].last, by);
	ck_assert_uint_eq(r->plan.bar[3].kind, EC_BAR_MEM32);
	ruled_clear(&rules);
	by = ruled_range(&rules, NULL, (uint16_t)ec_bar_offset(rows[_i].first, 0), 4, EC_FREEZE);
	attach();
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

/* A rule does not take away what MSI-X is served from, unless it takes that, too. */
START_TEST(vectors_taken)
{
	static struct ec_region region[EC_BAR_MAX] = { [3] = { .size = 0x4000 } };
	struct ec_plan_options o = { .region = region, .rules = &rules.all };
	uint16_t by = take_bar(3);

	ruled_refused(&rules, r, &x.img, "MSI-X.TABLE at b4: a rule hides its BAR", by);
	ruled_number(&rules, EC_SET_MSIX_DISABLE, 1);
	attach();
	ruled_clear(&rules);
	by = ruled_register(&rules, NULL, "BASE_ADDRESS_3", ALL, EC_FREEZE);
	ruled_refused(&rules, r, &x.img, "MSI-X.TABLE at b4: a rule hides its BAR", by);
	ruled_clear(&rules);
	fixture_put(&x, 0xb8, 4, 0x2000);
	by = take_bar(0);
	ruled_refused(&rules, r, &x.img, "MSI-X.PBA at b8: a rule hides its BAR", by);
	/* beyond the end of the BAR, where that is known */
	ruled_clear(&rules);
	fixture_put(&x, 0xb8, 4, 0x2003);
	by = ruled_number(&rules, EC_SET_MSIX_PBA, 0x4000);
	attach();
	ck_assert_int_eq(ec_plan_build(&r->plan, &x.img, &o, &rules.diag), -EINVAL);
	ck_assert_uint_eq(r->plan.blame, by);
	ck_assert_str_eq(rules.diag.text, "MSI-X.PBA at b8: it would be past the end of its BAR");
	ruled_number(&rules, EC_SET_MSIX_PBA, 0x3ff8);
	ck_assert_int_eq(ec_plan_build(&r->plan, &x.img, &o, &rules.diag), 0);
	ck_assert_uint_eq(r->plan.layout.params.msix_pba, 0x3ffb);
}
END_TEST

/* Where the hardware itself has no place for them there is no MSI-X. */
START_TEST(vectors_nowhere)
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

	fixture_put(&x, 0xb4, 4, rows[_i].table);
	fixture_put(&x, 0xb8, 4, rows[_i].pba);
	rig_attach_options(r, &x.img, &o);
	ck_assert_int_eq(rig_has_cap(r, PCI_CAP_ID_MSIX, false), rows[_i].shown);
	ck_assert_uint_eq(r->plan.layout.params.msix, rows[_i].shown ? 0xb0 : 0);
	if (!rows[_i].shown)
		is_dead(0xb0, 0xbc);
	/* nor does a rule that shows it change that */
	ruled_cap(&rules, msix, EC_SHOW);
	o.rules = &rules.all;
	rig_attach_options(r, &x.img, &o);
	ck_assert_int_eq(rig_has_cap(r, PCI_CAP_ID_MSIX, false), rows[_i].shown);
}
END_TEST

Suite *suite_view_rules_held(void)
{
	Suite *s = suite_create("view_rules_held");
	TCase *t = tcase_create("held");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, cut, 0, 3);
	tcase_add_test(t, cut_and_passed);
	tcase_add_loop_test(t, cut_message, 0, 3);
	tcase_add_test(t, half_a_row);
	tcase_add_test(t, hidden_is_refused);
	tcase_add_test(t, cut_is_no_room);
	tcase_add_loop_test(t, no_list, 0, 3);
	tcase_add_loop_test(t, no_head, 0, 3);
	tcase_add_loop_test(t, bar_taken, 0, 5);
	tcase_add_test(t, vectors_taken);
	tcase_add_loop_test(t, vectors_nowhere, 0, 10);
	suite_add_tcase(s, t);
	return s;
}
