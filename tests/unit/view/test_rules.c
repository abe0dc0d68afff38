/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What rules decide of capabilities, of bytes that no row names, and of bits; and in which order.
 */
#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "fixture.h"
#include "rig.h"
#include "ruled.h"
#include "suites.h"

#define ALL UINT32_MAX

static const struct ec_cap_ref pm = { PCI_CAP_ID_PM, false, 0 };
static const struct ec_cap_ref msi = { PCI_CAP_ID_MSI, false, 0 };
static const struct ec_cap_ref express = { PCI_CAP_ID_EXP, false, 0 };
static const struct ec_cap_ref vpd = { PCI_CAP_ID_VPD, false, 0 };
static const struct ec_cap_ref aer = { PCI_EXT_CAP_ID_AER, true, 0 };
static const struct ec_cap_ref ari = { PCI_EXT_CAP_ID_ARI, true, 0 };
static const struct ec_cap_ref sriov = { PCI_EXT_CAP_ID_SRIOV, true, 0 };
static const struct ec_cap_ref vsec = { PCI_EXT_CAP_ID_VNDR, true, 0 };

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

static uint16_t origin(uint32_t offset)
{
	const struct ec_plan_reg *reg = ec_plan_at(&r->plan, offset);

	ck_assert_ptr_nonnull(reg);
	return reg->origin;
}

/* What the device holds there, changed behind the guest's back; all bits writable. */
static void poke(uint32_t offset, uint32_t value)
{
	ec_put_le(r->device.image.byte + offset, 4, value);
}

static uint32_t peek(uint32_t offset, unsigned int len)
{
	return (uint32_t)ec_get_le(r->device.image.byte + offset, len);
}

static void none_but(uint32_t from, uint32_t to)
{
	for (uint32_t off = from; off < to; off += 4) {
		ck_assert_msg(rig_read(r, off, 4) == 0, "%x", off);
		ck_assert_int_eq(rig_write(r, off, 4, ALL), EC_V_DROPPED);
	}
}

/* ---- capabilities ---- */

START_TEST(hidden)
{
	uint16_t by = ruled_cap(&rules, msi, EC_HIDE);

	ruled_cap(&rules, aer, EC_HIDE);
	attach();
	ck_assert(!rig_has_cap(r, PCI_CAP_ID_MSI, false));
	ck_assert(rig_has_cap(r, PCI_CAP_ID_PM, false));
	ck_assert(!rig_has_cap(r, PCI_EXT_CAP_ID_AER, true));
	ck_assert(rig_has_cap(r, PCI_EXT_CAP_ID_DSN, true));
	none_but(0x50, 0x68);
	none_but(0x104, 0x12c);
	ck_assert_uint_eq(r->plan.cap[1].origin, by);
	ck_assert_uint_eq(origin(0x54), by);
	ck_assert_uint_eq(r->plan.layout.params.msi, 0);
}
END_TEST

/* As the tables say, though hidden by default; and nothing of the host's comes with it. */
START_TEST(shown)
{
	uint16_t by = ruled_cap(&rules, ari, EC_SHOW);

	ruled_cap(&rules, sriov, EC_SHOW);
	attach();
	ck_assert(rig_has_cap(r, PCI_EXT_CAP_ID_ARI, true));
	ck_assert(rig_has_cap(r, PCI_EXT_CAP_ID_SRIOV, true));
	ck_assert_uint_eq(rig_read(r, 0x16c, 4), 0x00080008);      /* INITIAL_VF, TOTAL_VF */
	ck_assert_int_eq(rig_write(r, 0x168, 2, 1), EC_V_DROPPED); /* VF enable */
	ck_assert_uint_eq(r->plan.cap[7].origin, by);
	/* the second of what a function has once is none */
	fixture_put(&x, 0xe1, 1, 0xe8);
	fixture_put(&x, 0xe8, 4, 0xff030001);
	ruled_cap(&rules, (struct ec_cap_ref){ PCI_CAP_ID_PM, false, 2 }, EC_SHOW);
	attach();
	ck_assert_uint_eq(r->plan.chain.n_std, 6);
	ck_assert_uint_eq(r->plan.cap[5].treatment, EC_HIDE);
	ck_assert_uint_eq(rig_read(r, 0xe8, 4), 0);
}
END_TEST

/* All of its registers, but for what is the host's and for what the topology decides. */
START_TEST(treated_whole)
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
		attach();
		poke(0x1c8, 0x12345678);
		ck_assert_uint_eq(rig_read(r, 0x1c8, 4), rows[i].live ? 0x12345678 : 0xcafef00d);
		memset(r->device.rw + 0x1c8, 0xff, 4);
		rig_write(r, 0x1c8, 4, 0xa5a5a5a5);
		ck_assert_uint_eq(peek(0x1c8, 4), rows[i].reaches ? 0xa5a5a5a5 : 0x12345678);
		if (rows[i].kept)
			ck_assert_uint_eq(rig_read(r, 0x1c8, 4), 0xa5a5a5a5);
		/* its header is the chain's, its link the topology's, MPS the host's: that can be
		 * frozen */
		ck_assert(rig_has_cap(r, PCI_EXT_CAP_ID_VNDR, true));
		poke(0x7c, 0);
		ck_assert_uint_eq(rig_read(r, 0x7c, 4), 0x0047dc43);
		rig_write(r, 0x78, 2, 0x00e0);
		ck_assert_uint_eq(peek(0x78, 2) & 0x00e0, 0x0020);
		ck_assert_uint_eq(rig_read(r, 0x78, 2) & 0x00e0,
				  rows[i].t == EC_FREEZE ? 0x20 : 0xe0);
	}
}
END_TEST

START_TEST(of_several_one)
{
	static const struct ec_cap_ref second = { PCI_CAP_ID_VNDR, false, 2 };

	fixture_init(&x, 256, 0);
	for (uint32_t i = 0; i < 3; i++) {
		fixture_cap(&x, 0x40 + i * 16, PCI_CAP_ID_VNDR);
		fixture_put(&x, 0x42 + i * 16, 2, 0x0008);
	}
	ruled_cap(&rules, second, EC_HIDE);
	attach();
	ck_assert_uint_eq(rig_read(r, 0x41, 1), 0x60);
	none_but(0x50, 0x58);
	ck_assert_uint_eq(rig_read(r, 0x62, 1), 8);
}
END_TEST

START_TEST(kept_only)
{
	static const struct ec_cap_ref some[] = { { PCI_CAP_ID_MSIX, false, 0 },
						  { PCI_EXT_CAP_ID_DSN, true, 1 },
						  { PCI_EXT_CAP_ID_SRIOV, true, 0 } };
	uint16_t by = ruled_add(
		&rules, (struct ec_setting){ .verb = EC_SET_KEEP_ONLY, .refs = some, .n = 3 });

	ruled_cap(&rules, vpd, EC_READ); /* more special, whatever the order */
	attach();
	ck_assert(rig_has_cap(r, PCI_CAP_ID_MSIX, false));
	ck_assert(rig_has_cap(r, PCI_CAP_ID_VPD, false));
	ck_assert(rig_has_cap(r, PCI_EXT_CAP_ID_DSN, true));
	ck_assert(!rig_has_cap(r, PCI_CAP_ID_PM, false));
	ck_assert(!rig_has_cap(r, PCI_EXT_CAP_ID_AER, true));
	/* kept as it is, and that is hidden */
	ck_assert(!rig_has_cap(r, PCI_EXT_CAP_ID_SRIOV, true));
	ck_assert_uint_eq(r->plan.cap[0].origin, by);
	/* before it in the cascade, and more special all the same */
	ruled_clear(&rules);
	ruled_cap(&rules, pm, EC_SHOW);
	ruled_add(&rules, (struct ec_setting){ .verb = EC_SET_KEEP_ONLY, .refs = some, .n = 1 });
	attach();
	ck_assert(rig_has_cap(r, PCI_CAP_ID_PM, false));
	ck_assert(!rig_has_cap(r, PCI_EXT_CAP_ID_DSN, true));
}
END_TEST

START_TEST(unknown_ids)
{
	fixture_init(&x, 4096, 0);
	fixture_cap(&x, 0x40, 0x7e);
	fixture_put(&x, 0x44, 4, 0x11111111);
	fixture_cap(&x, 0x60, PCI_CAP_ID_PM);
	fixture_ext(&x, 0x100, 0x0777, 1);
	fixture_put(&x, 0x104, 4, 0x22222222);
	fixture_ext(&x, 0x120, PCI_EXT_CAP_ID_DSN, 1);
	attach();
	ck_assert(!rig_has_cap(r, 0x7e, false));
	ruled_treat(&rules, EC_SET_UNKNOWN, EC_READ);
	attach();
	ck_assert(rig_has_cap(r, 0x7e, false));
	ck_assert(rig_has_cap(r, 0x0777, true));
	ck_assert_uint_eq(rig_read(r, 0x44, 4), 0x11111111);
	ck_assert_uint_eq(r->n, 1);
	ck_assert_uint_eq(rig_read(r, 0x104, 4), 0x22222222);
	/* permissive passes the standard ones alone */
	ruled_clear(&rules);
	ruled_number(&rules, EC_SET_PERMISSIVE, 1);
	attach();
	ck_assert(rig_has_cap(r, 0x7e, false));
	ck_assert(!rig_has_cap(r, 0x0777, true));
	memset(r->device.rw + 0x44, 0xff, 4);
	rig_write(r, 0x44, 4, 0x33333333);
	ck_assert_uint_eq(peek(0x44, 4), 0x33333333);
	ck_assert_uint_eq(r->function.permissive_writes, 1);
	/* said so by a rule, it is not counted */
	ruled_treat(&rules, EC_SET_UNKNOWN, EC_PASS);
	attach();
	rig_write(r, 0x44, 4, 0x33333333);
	ck_assert_uint_eq(r->function.permissive_writes, 0);
}
END_TEST

/* ---- bytes that no row names ---- */

START_TEST(gaps)
{
	static const uint32_t at[] = { 0xc0, 0x800 };
	static const uint32_t was[] = { 0x11223344, 0x99aabbcc };

	for (unsigned int i = 0; i < 2; i++) {
		ruled_clear(&rules);
		ruled_treat(&rules, EC_SET_GAPS, EC_PASS);
		attach();
		poke(at[i], 0x01020304);
		ck_assert_uint_eq(rig_read(r, at[i], 4), 0x01020304);
		memset(r->device.rw + at[i], 0xff, 4);
		rig_write(r, at[i] + 1, 1, 0xff);
		ck_assert_uint_eq(peek(at[i], 4), 0x0102ff04);
		ck_assert_uint_eq(r->hw[r->n - 1].len, 1);
		ck_assert_uint_eq(r->function.permissive_writes, 0);
		ruled_treat(&rules, EC_SET_GAPS, EC_FREEZE);
		attach();
		poke(at[i], 0);
		ck_assert_uint_eq(rig_read(r, at[i], 4), was[i]);
		ruled_treat(&rules, EC_SET_GAPS, EC_READ);
		attach();
		poke(at[i], 0x5a5a5a5a);
		ck_assert_uint_eq(rig_read(r, at[i], 4), 0x5a5a5a5a);
		ck_assert_int_eq(rig_write(r, at[i], 4, 0), EC_V_DROPPED);
		ruled_treat(&rules, EC_SET_GAPS, EC_HIDE);
		attach();
		ck_assert_uint_eq(rig_read(r, at[i], 4), 0);
		ck_assert_uint_eq(origin(at[i]), EC_FIRST_RULE + 3);
	}
	/* no capability's bytes are among them */
	none_but(0x104 + 0x200, 0x7f0);
	ck_assert_uint_eq(rig_read(r, 0x1c8, 4), 0xcafef00d);
}
END_TEST

START_TEST(bodies)
{
	ruled_treat(&rules, EC_SET_BODIES, EC_PASS);
	attach();
	memset(r->device.rw + 0x1c8, 0xff, 4);
	rig_write(r, 0x1c8, 4, 0);
	ck_assert_uint_eq(peek(0x1c8, 4), 0);
	ck_assert_int_eq(rig_write(r, 0xc0, 4, 0), EC_V_DROPPED);  /* a gap */
	ck_assert_int_eq(rig_write(r, 0x16c, 4, 0), EC_V_DROPPED); /* hidden */
	ruled_treat(&rules, EC_SET_BODIES, EC_HIDE);
	attach();
	ck_assert_uint_eq(rig_read(r, 0x1c8, 4), 0);
	ck_assert_uint_eq(rig_read(r, 0x1c4, 4), 0x01810042); /* a row */
	/* what is said of the capability is more special */
	ruled_cap(&rules, vsec, EC_FREEZE);
	attach();
	ck_assert_uint_eq(rig_read(r, 0x1c8, 4), 0xcafef00d);
}
END_TEST

/* ---- permissive ---- */

START_TEST(permissive)
{
	uint16_t by = ruled_number(&rules, EC_SET_PERMISSIVE, 1);

	attach();
	/* a gap, and counted */
	memset(r->device.rw + 0xc0, 0xff, 4);
	rig_write(r, 0xc0, 2, 0xbeef);
	ck_assert_uint_eq(peek(0xc0, 4), 0x1122beef);
	ck_assert_uint_eq(r->function.permissive_writes, 1);
	ck_assert_uint_eq(origin(0xc0), by);
	/* what the tables pass is not counted */
	rig_write(r, PCI_COMMAND, 2, PCI_COMMAND_MASTER);
	ck_assert_uint_eq(r->function.permissive_writes, 1);
	/* hidden, emulated, the host's and the topology's stay so */
	ck_assert(!rig_has_cap(r, PCI_EXT_CAP_ID_SRIOV, true));
	none_but(0x164, 0x1a0);
	rig_write(r, PCI_COMMAND, 2, 0);
	ck_assert_uint_eq(peek(PCI_COMMAND, 2) & 3, 3);
	rig_write(r, 0x78, 2, 0);
	ck_assert_uint_eq(peek(0x78, 2), 0x5937);
	ck_assert_uint_eq(rig_read(r, 0x72, 2) >> 4 & 15, PCI_EXP_TYPE_ENDPOINT);
	ck_assert_uint_eq(rig_read(r, 0x42, 2) & 0xf800, 0); /* PME support is corrected */
	/* a constant is read from the hardware */
	poke(0x2c, 0xabcd1234);
	ck_assert_uint_eq(rig_read(r, 0x2e, 2), 0xabcd);
	/* what another rule passes is not counted either */
	ruled_range(&rules, NULL, 0xc0, 1, EC_PASS);
	attach();
	rig_write(r, 0xc0, 1, 0xbe);
	ck_assert_uint_eq(r->function.permissive_writes, 0);
	rig_write(r, 0xc0, 4, 0xbe);
	ck_assert_uint_eq(r->function.permissive_writes, 1);
	rules.all.n = 1;
	/* turned off by a later rule */
	ruled_number(&rules, EC_SET_PERMISSIVE, 0);
	attach();
	ck_assert_int_eq(rig_write(r, 0xc0, 2, 0xbeef), EC_V_DROPPED);
	ck_assert_uint_eq(origin(0xc0), EC_BY_TABLE);
}
END_TEST

Suite *suite_view_rules(void)
{
	Suite *s = suite_create("view_rules");
	TCase *t = tcase_create("rules");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, hidden);
	tcase_add_test(t, shown);
	tcase_add_test(t, treated_whole);
	tcase_add_test(t, of_several_one);
	tcase_add_test(t, kept_only);
	tcase_add_test(t, unknown_ids);
	tcase_add_test(t, gaps);
	tcase_add_test(t, bodies);
	tcase_add_test(t, permissive);
	suite_add_tcase(s, t);
	return s;
}
