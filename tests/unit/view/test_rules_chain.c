/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Capabilities that rules link, move, add and resize: where they may be, and what is read of them.
 */
#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "fixture.h"
#include "rig.h"
#include "ruled.h"
#include "suites.h"
#include "view/build.h"
#include "view/capture.h"

#define ALL UINT32_MAX

static const struct ec_cap_ref pm = { PCI_CAP_ID_PM, false, 0 };
static const struct ec_cap_ref msi = { PCI_CAP_ID_MSI, false, 0 };
static const struct ec_cap_ref express = { PCI_CAP_ID_EXP, false, 0 };
static const struct ec_cap_ref msix = { PCI_CAP_ID_MSIX, false, 0 };
static const struct ec_cap_ref aer = { PCI_EXT_CAP_ID_AER, true, 0 };
static const struct ec_cap_ref dsn = { PCI_EXT_CAP_ID_DSN, true, 0 };
static const struct ec_cap_ref vsec = { PCI_EXT_CAP_ID_VNDR, true, 0 };
static const struct ec_cap_ref vndr = { PCI_CAP_ID_VNDR, false, 0 };

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

/* Where the guest finds a capability; 0: nowhere. */
static uint32_t find(uint16_t id, bool extended)
{
	uint32_t at = extended ? 0x100 : (uint32_t)rig_read(r, PCI_CAPABILITY_LIST, 1);

	for (unsigned int hops = 0; at && hops < EC_CHAIN_MAX; hops++) {
		uint32_t header = (uint32_t)rig_read(r, at, 4);

		if ((header & (extended ? 0xffffu : 0xffu)) == id)
			return at;
		at = extended ? header >> 20 : header >> 8 & 0xff;
	}
	return 0;
}

static void is_dead(uint32_t from, uint32_t to)
{
	for (uint32_t at = from; at < to; at++) {
		ck_assert_msg(rig_read(r, at, 1) == 0, "%x", at);
		ck_assert_int_eq(rig_write(r, at, 1, 0xff), EC_V_DROPPED);
	}
}

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

START_TEST(added)
{
	uint16_t by = add(vndr, 0xc0, "\x08\x11\x22\x33\x44\x55", 6);

	add(dsn, 0x300, "ABCDEFGH", 8);
	attach();
	ck_assert_uint_eq(find(PCI_CAP_ID_VNDR, false), 0xc0);
	ck_assert_uint_eq(rig_read(r, 0xc0, 4), 0x11080009);
	ck_assert_uint_eq(rig_read(r, 0xc4, 4), 0x55443322);
	ck_assert_uint_eq(find(PCI_CAP_ID_VPD, false), 0xe0); /* as ever */
	ck_assert_uint_eq(rig_read(r, 0x300, 4) & 0xfffff, 0x30003);
	ck_assert_uint_eq(rig_read(r, 0x304, 4), 0x44434241);
	/* the hardware's own is before it in the chain */
	ck_assert_uint_eq(find(PCI_EXT_CAP_ID_DSN, true), 0x140);
	for (uint32_t at = 0xc0; at < 0xc8; at++)
		ck_assert_int_eq(rig_write(r, at, 1, 0xff), EC_V_DROPPED);
	ck_assert_uint_eq(rig_read(r, 0xc4, 4), 0x55443322);
	ck_assert_uint_eq(r->n, 0);
	ck_assert_uint_eq(ec_plan_at(&r->plan, 0xc4)->origin, by);
	ck_assert_uint_eq(r->plan.cap[r->plan.chain.n - 1].from, 0);
}
END_TEST

/* Somewhere, but in nothing that the hardware may have. */
START_TEST(added_anywhere)
{
	static const uint8_t long_one[0x1e] = { 0x20, 1, 2, 3, [0x1d] = 9 };

	add(vndr, 0, "\x04\0", 2);
	add(vndr, 0, long_one, 0x1e);
	add(vsec, 0, NULL, 0);
	attach();
	ck_assert_uint_eq(rig_read(r, 0x48, 4) & 0xff00ff, 0x040009);
	/* 0x4c and 0x68 have less room */
	ck_assert_uint_eq(rig_read(r, 0xbc, 1), PCI_CAP_ID_VNDR);
	ck_assert_uint_eq(rig_read(r, 0xdb, 1), 9);
	ck_assert_uint_eq(rig_read(r, 0x12c, 4) & 0xfffff, 0x3000b);
	ck_assert_uint_eq(r->plan.chain.n, 10 + 3);
}
END_TEST

START_TEST(added_to_nothing)
{
	fixture_init(&x, 4096, 0);
	add(vndr, 0, "\x04\x01", 2);
	add(dsn, 0x200, "ABCDEFGH", 8);
	add(vsec, 0, "abcd", 4);
	attach();
	ck_assert_uint_eq(find(PCI_CAP_ID_VNDR, false), 0x40);
	ck_assert_uint_eq(rig_read(r, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST, PCI_STATUS_CAP_LIST);
	/* an extended chain starts at 0x100: a null capability leads on */
	ck_assert_uint_eq(rig_read(r, 0x100, 4), 0x20000000);
	ck_assert_uint_eq(find(PCI_EXT_CAP_ID_DSN, true), 0x200);
	ck_assert_uint_eq(find(PCI_EXT_CAP_ID_VNDR, true), 0x104);
	ck_assert_uint_eq(rig_read(r, 0x108, 4), 0x64636261);
}
END_TEST

START_TEST(no_room)
{
	static const uint8_t bytes[256];
	static const struct {
		const struct ec_cap_ref *cap;
		uint16_t at, n;
		const char *why;
	} rows[] = {
		{ &vndr, 0x44, 2, "VNDR (std 09) at 44: another capability is there" },
		{ &vndr, 0x48, 7, "VNDR (std 09) at 48: another capability is there" },
		{ &vndr, 0x3c, 2, "at 3c: no capability of its kind" },
		{ &vndr, 0x42, 2, "at 42: no capability of its kind" },
		{ &vndr, 0x200, 2, "at 200: no capability of its kind" },
		{ &dsn, 0xc0, 8, "DSN (ext 03) at c0: no capability of its kind" },
		{ &dsn, 0xff8, 8, "at ff8: no capability of its kind" },
		{ &vndr, 0, 0x40, "VNDR (std 09): there is no room" },
	};

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(rows); i++) {
		ruled_clear(&rules);
		ruled_refused(&rules, r, &x.img, rows[i].why,
			      add(*rows[i].cap, rows[i].at, bytes, rows[i].n));
	}
	ruled_clear(&rules);
	add(vndr, 0xc0, bytes, 6);
	ruled_refused(&rules, r, &x.img, "another capability is there", add(pm, 0xc4, bytes, 6));
	/* what has no known length has all that follows, unless a rule says how long it is */
	ruled_clear(&rules);
	fixture_put(&x, 0xe0, 1, 0x7e);
	ruled_refused(&rules, r, &x.img, "another capability is there", add(vndr, 0xf0, bytes, 6));
	ruled_add(&rules, (struct ec_setting){
				  .verb = EC_SET_SIZE, .cap = { 0x7e, false, 0 }, .length = 16 });
	attach();
	/* and of a list that is cut nobody knows what it leads to */
	fixture_put(&x, 0xe1, 1, 0x40);
	ruled_refused(&rules, r, &x.img, "list of capabilities is cut", EC_FIRST_RULE);
	fixture_init(&x, 256, 0);
	ruled_clear(&rules);
	ruled_refused(&rules, r, &x.img, "no capability of its kind", add(dsn, 0x100, bytes, 8));
	ruled_clear(&rules);
	ruled_refused(&rules, r, &x.img, "there is no room", add(dsn, 0, bytes, 8));
	fixture_init(&x, 64, 0);
	ruled_clear(&rules);
	ruled_refused(&rules, r, &x.img, "there is no room", add(vndr, 0, bytes, 8));
}
END_TEST

/* Of nothing that the hardware has nothing can be read; but a rule may say what it reads. */
START_TEST(added_is_constant)
{
	uint16_t by;

	add(vndr, 0xc0, "\x08\x11\x22\x33\x44\x55", 6);
	ruled_cap(&rules, vndr, EC_PASS);
	ruled_number(&rules, EC_SET_PERMISSIVE, 1);
	ruled_treat(&rules, EC_SET_BODIES, EC_PASS);
	ruled_range(&rules, NULL, 0xc4, 1, EC_FREEZE);
	ruled_range(&rules, NULL, 0xc5, 1, EC_HIDE);
	attach();
	ck_assert_uint_eq(rig_read(r, 0xc4, 4), 0x55440022);
	ck_assert_int_eq(rig_write(r, 0xc4, 4, 0), EC_V_DROPPED);
	ck_assert_uint_eq(r->n, 0);
	by = ruled_range(&rules, NULL, 0xc4, 4, EC_READ);
	ruled_refused(&rules, r, &x.img, "VNDR.body at c4: a rule added it", by);
	/* it can be hidden again, and what is later counts of two at one place */
	ruled_clear(&rules);
	add(vndr, 0xc0, "\x08\x11", 2);
	add(vndr, 0xc0, "\x08\x99", 2);
	attach();
	ck_assert_uint_eq(rig_read(r, 0xc3, 1), 0x99);
	ruled_cap(&rules, vndr, EC_HIDE);
	attach();
	is_dead(0xc0, 0xc4);
	ck_assert_uint_eq(find(PCI_CAP_ID_VNDR, false), 0);
}
END_TEST

/* ---- move ---- */

START_TEST(moved)
{
	uint16_t by = ruled_place(&rules, EC_SET_MOVE, pm, 0xc0);

	ruled_place(&rules, EC_SET_MOVE, msix, 0xd0);
	attach();
	ck_assert_uint_eq(find(PCI_CAP_ID_PM, false), 0xc0);
	ck_assert_uint_eq(find(PCI_CAP_ID_MSIX, false), 0xd0);
	is_dead(0x40, 0x48);
	is_dead(0xb0, 0xbc);
	ck_assert_uint_eq(rig_read(r, 0xc2, 2), 0x0603);
	ck_assert_uint_eq(rig_read(r, 0xd4, 4), 0x00000003);
	/* live bits are where the hardware has them */
	r->device.image.byte[0x47] = 0x99;
	ck_assert_uint_eq(rig_read(r, 0xc7, 1), 0x99);
	ck_assert_uint_eq(r->hw[0].offset, 0x47);
	rig_write(r, 0xc4, 2, 0x1e00); /* Data_Select */
	ck_assert_uint_eq(r->device.image.byte[0x45] & 0x1e, 0x1e);
	ck_assert_uint_eq(r->device.image.byte[0xc5], 0);
	/* its effects are where the guest has it, what they write where the hardware has it */
	rig_write(r, 0xc4, 2, 3);
	ck_assert_uint_eq(r->last.actions.action[0].kind, EC_ACT_POWER_STATE);
	ck_assert_uint_eq(r->plan.layout.params.msix, 0xd0);
	ck_assert_uint_eq(r->plan.layout.params.msix_hw, 0xb0);
	ck_assert_uint_eq(r->plan.layout.params.msix_vectors, 64);
	ck_assert_uint_eq(r->plan.cap[0].origin, by);
}
END_TEST

/* The first extended one leaves a pointer where it was. */
START_TEST(moved_extended)
{
	ruled_place(&rules, EC_SET_MOVE, aer, 0x400);
	ruled_place(&rules, EC_SET_MOVE, vsec, 0x200);
	ruled_cap(&rules, vsec, EC_PASS);
	ruled_register(&rules, &aer, "UNCOR_MASK", ALL, EC_FREEZE);
	attach();
	ck_assert_uint_eq(rig_read(r, 0x100, 4), 0x40000000);
	ck_assert_uint_eq(find(PCI_EXT_CAP_ID_AER, true), 0x400);
	ck_assert_uint_eq(find(PCI_EXT_CAP_ID_VNDR, true), 0x200);
	is_dead(0x104, 0x12c);
	is_dead(0x1c0, 0x1d8);
	memset(r->device.rw + 0x1c8, 0xff, 4);
	rig_write(r, 0x209, 1, 0xab);
	ck_assert_uint_eq(r->device.image.byte[0x1c9], 0xab);
	ck_assert_uint_eq(rig_read(r, 0x208, 4), 0xcafeab0d);
	for (unsigned int i = 0; i < r->n; i++)
		ck_assert(!r->hw[i].write);
}
END_TEST

START_TEST(moved_elsewhere)
{
	static const struct {
		uint16_t at;
		const char *why;
	} rows[] = { { 0x44, "PM (std 01) at 44: another capability is there" },
		     { 0x4c, "another capability is there" },
		     { 0xfc, "no capability of its kind" },
		     { 0x100, "no capability of its kind" } };

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(rows); i++) {
		ruled_clear(&rules);
		ruled_refused(&rules, r, &x.img, rows[i].why,
			      ruled_place(&rules, EC_SET_MOVE, pm, rows[i].at));
	}
	/* to where it is; and one that the function has not */
	ruled_clear(&rules);
	ruled_place(&rules, EC_SET_MOVE, pm, 0x40);
	ruled_place(&rules, EC_SET_MOVE, vndr, 0x44);
	attach();
	ck_assert_uint_eq(find(PCI_CAP_ID_PM, false), 0x40);
	ck_assert_uint_eq(rig_read(r, 0x44, 1), 0x08);
	/* the last one that says where counts */
	ruled_place(&rules, EC_SET_MOVE, pm, 0x44);
	ruled_place(&rules, EC_SET_MOVE, pm, 0xc0);
	attach();
	ck_assert_uint_eq(find(PCI_CAP_ID_PM, false), 0xc0);
	fixture_put(&x, 0xb0, 1, PCI_CAP_ID_PM);
	ruled_refused(&rules, r, &x.img, "there are several", EC_FIRST_RULE + 3);
}
END_TEST

/* Of several the one that is meant, and it is counted as before. */
START_TEST(moved_of_several)
{
	static const struct ec_cap_ref first = { PCI_CAP_ID_VNDR, false, 1 },
				       second = { PCI_CAP_ID_VNDR, false, 2 };

	fixture_init(&x, 256, 0);
	for (uint32_t i = 0; i < 2; i++) {
		fixture_cap(&x, 0x40 + i * 16, PCI_CAP_ID_VNDR);
		fixture_put(&x, 0x42 + i * 16, 2, 0x0106 + i * 0x100);
		fixture_put(&x, 0x44 + i * 16, 4, 0xa0a0a0a0 + i * 0x01010101);
	}
	fixture_fill(&x, 0x80, 8, 0xee);
	ruled_treat(&rules, EC_SET_GAPS, EC_PASS);
	ruled_place(&rules, EC_SET_MOVE, first, 0x80);
	ruled_cap(&rules, second, EC_HIDE);
	ruled_range(&rules, &first, 4, 1, EC_HIDE);
	attach();
	ck_assert_uint_eq(find(PCI_CAP_ID_VNDR, false), 0x80);
	ck_assert_uint_eq(rig_read(r, 0x80, 4), 0x01060009);
	ck_assert_uint_eq(rig_read(r, 0x84, 2), 0xa000);
	is_dead(0x40, 0x46);
	is_dead(0x50, 0x56);
	/* 6 bytes: a dword is at one place, and so the last two have nothing */
	is_dead(0x86, 0x88);
	ruled_refused(&rules, r, &x.img, "gap at 86: its dword has two places",
		      ruled_range(&rules, NULL, 0x86, 2, EC_READ));
}
END_TEST

/* Of what is not known, too, nothing is left where it was. */
START_TEST(moved_unknown)
{
	fixture_init(&x, 256, 0);
	fixture_cap(&x, 0x40, 0x7e);
	fixture_fill(&x, 0x42, 6, 0x5a);
	fixture_cap(&x, 0x50, PCI_CAP_ID_VNDR);
	fixture_put(&x, 0x52, 2, 0x0008);
	ruled_add(&rules, (struct ec_setting){
				  .verb = EC_SET_SIZE, .cap = { 0x7e, false, 0 }, .length = 8 });
	ruled_place(&rules, EC_SET_MOVE, (struct ec_cap_ref){ 0x7e, false, 0 }, 0x80);
	ruled_treat(&rules, EC_SET_UNKNOWN, EC_READ);
	attach();
	ck_assert_uint_eq(find(0x7e, false), 0x80);
	ck_assert_uint_eq(rig_read(r, 0x84, 4), 0x5a5a5a5a);
	ck_assert_uint_eq(r->hw[0].offset, 0x44);
	is_dead(0x40, 0x48);
}
END_TEST

/* ---- link, size ---- */

START_TEST(linked)
{
	uint16_t by;

	fixture_put(&x, 0xb1, 1, 0); /* VPD is not linked any more */
	fixture_put(&x, 0x200, 4, 0x00010003);
	fixture_put(&x, 0x204, 4, 0x11111111);
	fixture_put(&x, 0x208, 4, 0x22222222);
	ruled_place(&rules, EC_SET_LINK, (struct ec_cap_ref){ PCI_CAP_ID_VPD, false, 0 }, 0xe0);
	ruled_cap(&rules, (struct ec_cap_ref){ PCI_CAP_ID_VPD, false, 0 }, EC_READ);
	ruled_cap(&rules, (struct ec_cap_ref){ PCI_EXT_CAP_ID_DSN, true, 1 }, EC_HIDE);
	by = ruled_place(&rules, EC_SET_LINK, dsn, 0x200);
	attach();
	ck_assert_uint_eq(find(PCI_CAP_ID_VPD, false), 0xe0);
	ck_assert_uint_eq(find(PCI_EXT_CAP_ID_DSN, true), 0x200);
	ck_assert_uint_eq(rig_read(r, 0x204, 4), 0x11111111);
	ck_assert_uint_eq(r->plan.cap[r->plan.chain.n - 1].length, 12);
	fixture_put(&x, 0x200, 2, 0x0004);
	ruled_refused(&rules, r, &x.img, "DSN (ext 03) at 200: the hardware has no such id", by);
	ruled_clear(&rules);
	ruled_refused(&rules, r, &x.img, "PM (std 01) at 74: another capability is there",
		      ruled_place(&rules, EC_SET_LINK, pm, 0x74));
	/* what is linked already is no news */
	ruled_clear(&rules);
	ruled_place(&rules, EC_SET_LINK, pm, 0x40);
	attach();
	ck_assert_uint_eq(r->plan.chain.n, 9);
}
END_TEST

/* A function becomes PCI Express by it. */
START_TEST(linked_express)
{
	fixture_put(&x, 0x51, 1, 0xb0);
	ruled_place(&rules, EC_SET_LINK, express, 0x70);
	attach();
	ck_assert_uint_eq(find(PCI_CAP_ID_EXP, false), 0x70);
	ck_assert(r->plan.express);
	ck_assert_uint_eq(rig_read(r, 0x72, 2) >> 4 & 15, PCI_EXP_TYPE_ENDPOINT);
	ck_assert_uint_eq(r->plan.cap[4].length, 0x3c);
}
END_TEST

START_TEST(sized)
{
	ruled_add(&rules, (struct ec_setting){ .verb = EC_SET_SIZE, .cap = vsec, .length = 0x0c });
	ruled_add(&rules, (struct ec_setting){ .verb = EC_SET_SIZE, .cap = dsn, .length = 4096 });
	ruled_add(&rules, (struct ec_setting){ .verb = EC_SET_SIZE, .cap = msi, .length = 0x0e });
	fixture_put(&x, 0x1cc, 4, 0x55555555);
	fixture_put(&x, 0x14c, 4, 0x44444444);
	attach();
	ck_assert_uint_eq(r->plan.cap[9].length, 0x0c);
	ck_assert_uint_eq(rig_read(r, 0x1c8, 4), 0xcafef00d);
	ck_assert_uint_eq(rig_read(r, 0x1cc, 4), 0); /* dead */
	ck_assert_uint_eq(r->plan.cap[6].length, 0x10);
	ck_assert_uint_eq(rig_read(r, 0x14c, 4), 0x44444444);
	ck_assert_uint_eq(r->plan.cap[1].length, 0x0e);
	ck_assert_uint_eq(rig_read(r, 0x60, 4), 0);
	ck_assert_uint_eq(r->plan.layout.params.msi, 0x50);
	/* too short to be one */
	ruled_add(&rules, (struct ec_setting){ .verb = EC_SET_SIZE, .cap = msi, .length = 8 });
	attach();
	ck_assert_uint_eq(find(PCI_CAP_ID_MSI, false), 0);
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

/* The view made of what was captured for it is the one made of all bytes. */
START_TEST(captured)
{
	static const struct ec_conf_ops ops = { .read = read_device };
	struct ec_plan_options o = { .topology = (enum ec_topology)_i, .rules = &rules.all };
	struct rig *other = rig_new();
	struct ec_captured got;
	struct ec_image img;

	fixture_put(&x, 0xb1, 1, 0);
	fixture_ext(&x, 0x300, PCI_EXT_CAP_ID_DVSEC, 1);
	fixture_put(&x, 0x304, 4, 0x02001234);
	fixture_put(&x, 0x310, 4, 0x10101010);
	fixture_put(&x, 0x1c2, 2, 1); /* not linked */
	ruled_place(&rules, EC_SET_LINK, (struct ec_cap_ref){ PCI_EXT_CAP_ID_DVSEC, true, 0 },
		    0x300);
	ruled_place(&rules, EC_SET_MOVE, aer, 0x400);
	ruled_place(&rules, EC_SET_MOVE, (struct ec_cap_ref){ PCI_EXT_CAP_ID_DVSEC, true, 0 },
		    0x600);
	ruled_cap(&rules, (struct ec_cap_ref){ PCI_EXT_CAP_ID_DVSEC, true, 0 }, EC_FREEZE);
	ruled_place(&rules, EC_SET_MOVE, express, 0xc0);
	ruled_cap(&rules, express, EC_READ);
	ruled_cap(&rules, msix, EC_READ);
	ruled_range(&rules, NULL, 0x800, 4, EC_EMULATE);
	ruled_register(&rules, &express, "LNKCAP", ALL, EC_READ);
	add(dsn, 0x700, "ABCDEFGH", 8);
	memset(reads_of, 0, sizeof(reads_of));
	ck_assert_int_eq(
		ec_capture_take(&(struct ec_capture_request){ &ops, &x, EC_CAPTURE_PLAN, &o },
				&r->plan, &img, &got, &rules.diag),
		0);
	for (unsigned int i = 0; i < EC_CONFIG_DWORDS; i++)
		ck_assert_uint_le(reads_of[i], 1);
	ck_assert_uint_le(got.dwords, 72);
	rig_attach_options(r, &x.img, &o);
	o.live = true;
	ck_assert_int_eq(ec_plan_build(&other->plan, &img, &o, NULL), 0);
	ck_assert_mem_eq(&other->plan.layout, &r->plan.layout, ec_layout_bytes(&r->plan.layout));
	ck_assert_mem_eq(other->plan.shadow, r->plan.shadow, r->plan.layout.words * 4u);
	rig_free(other);
	ck_assert_uint_eq(rig_read(r, 0x610, 4), 0x10101010);
	ck_assert_uint_eq(r->plan.layout.params.msix_table, 3);
}
END_TEST

Suite *suite_view_rules_chain(void)
{
	Suite *s = suite_create("view_rules_chain");
	TCase *t = tcase_create("chain");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, added);
	tcase_add_test(t, added_anywhere);
	tcase_add_test(t, added_to_nothing);
	tcase_add_test(t, no_room);
	tcase_add_test(t, added_is_constant);
	tcase_add_test(t, moved);
	tcase_add_test(t, moved_extended);
	tcase_add_test(t, moved_elsewhere);
	tcase_add_test(t, moved_of_several);
	tcase_add_test(t, moved_unknown);
	tcase_add_test(t, linked);
	tcase_add_test(t, linked_express);
	tcase_add_test(t, sized);
	tcase_add_loop_test(t, captured, EC_BYPASSED, EC_HOST);
	suite_add_tcase(s, t);
	return s;
}
