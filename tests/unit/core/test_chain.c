/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/bits.h"
#include "core/chain.h"
#include "fixture.h"
#include "suites.h"

static struct ec_chain c;
static struct ec_relinked l;
static bool hidden[EC_CHAIN_MAX];

START_TEST(both)
{
	struct fixture x;

	fixture_nic(&x);
	ec_chain_walk(&x.img, &c);
	ck_assert_uint_eq(c.n_std, 5);
	ck_assert_uint_eq(c.n, 10);
	ck_assert(!c.std_cut.fault && !c.ext_cut.fault);
	ck_assert(c.link[1].offset == 0x50 && c.link[1].id == 5 && c.link[1].next == 0x70);
	ck_assert(!c.link[1].extended && c.link[1].room == 0x20);
	ck_assert(c.link[4].next == 0 && c.link[4].room == 0x20);
	ck_assert(c.link[5].offset == 0x100 && c.link[5].id == 1 && c.link[5].version == 2);
	ck_assert(c.link[5].extended && c.link[5].room == 0x40);
	ck_assert(c.link[9].id == 0x0b && c.link[9].room == 0xe40);
}
END_TEST

/* Links may lead backwards: the room is to the next higher one, not to the next in the chain. */
START_TEST(backwards)
{
	struct fixture x;

	fixture_init(&x, 256, 0);
	fixture_cap(&x, 0xc0, 1);
	fixture_cap(&x, 0x40, 9);
	fixture_cap(&x, 0x80, 9);
	ec_chain_walk(&x.img, &c);
	ck_assert_uint_eq(c.n, 3);
	ck_assert(c.link[0].room == 0x40 && c.link[1].room == 0x40 && c.link[2].room == 0x40);
}
END_TEST

START_TEST(no_list)
{
	struct fixture x;

	fixture_nic(&x);
	fixture_put(&x, 0x06, 2, 0);
	ec_chain_walk(&x.img, &c);
	ck_assert_uint_eq(c.n_std, 0);
	ck_assert_uint_eq(c.n, 5);
	fixture_put(&x, 0x100, 4, 0);
	ec_chain_walk(&x.img, &c);
	ck_assert(c.n == 0 && !c.ext_cut.fault);
}
END_TEST

static const struct {
	uint32_t at, len, value; /* what is broken */
	unsigned int std, ext;   /* capabilities found */
	struct ec_chain_cut std_cut, ext_cut;
} broken[] = {
	{ 0x34, 1, 0x3c, 0, 5, { EC_CHAIN_LOW, 0x34, 0x3c }, { 0 } },
	{ 0x41, 1, 0x41, 1, 5, { EC_CHAIN_LOOP, 0x41, 0x40 }, { 0 } },
	{ 0xe1, 1, 0x50, 5, 5, { EC_CHAIN_LOOP, 0xe1, 0x50 }, { 0 } },
	{ 0x71, 1, 0x03, 3, 5, { 0 }, { 0 } }, /* the low bits are reserved: 0, the end */
	{ 0x70, 2, 0xffff, 2, 5, { EC_CHAIN_ONES, 0x51, 0x70 }, { 0 } },
	{ 0x70, 2, 0xb0ff, 2, 5, { EC_CHAIN_ONES, 0x51, 0x70 }, { 0 } },
	{ 0x102, 2, 0x1001, 5, 1, { 0 }, { EC_CHAIN_LOOP, 0x102, 0x100 } },
	{ 0x102, 2, 0x0ff1, 5, 1, { 0 }, { EC_CHAIN_LOW, 0x102, 0x0fc } },
	{ 0x102, 2, 0xffc1, 5, 1, { 0 }, { EC_CHAIN_EMPTY, 0x102, 0xffc } },
	{ 0x150, 4, 0xffffffff, 5, 2, { 0 }, { EC_CHAIN_ONES, 0x142, 0x150 } },
	{ 0x100, 4, 0xffffffff, 5, 0, { 0 }, { EC_CHAIN_ONES, 0x100, 0x100 } },
	{ 0x150, 4, 0x16000000, 5, 5, { 0 }, { 0 } }, /* a null capability keeps its place */
};

START_TEST(cut)
{
	struct fixture x;

	fixture_nic(&x);
	fixture_put(&x, broken[_i].at, broken[_i].len, broken[_i].value);
	ec_chain_walk(&x.img, &c);
	ck_assert_uint_eq(c.n_std, broken[_i].std);
	ck_assert_uint_eq(c.n - c.n_std, broken[_i].ext);
	ck_assert(c.std_cut.fault == broken[_i].std_cut.fault);
	ck_assert(c.std_cut.at == broken[_i].std_cut.at && c.std_cut.to == broken[_i].std_cut.to);
	ck_assert(c.ext_cut.fault == broken[_i].ext_cut.fault);
	ck_assert(c.ext_cut.at == broken[_i].ext_cut.at && c.ext_cut.to == broken[_i].ext_cut.to);
	if (c.std_cut.fault && c.n_std)
		ck_assert_uint_eq(c.link[c.n_std - 1].next, 0);
	if (c.ext_cut.fault && c.n > c.n_std)
		ck_assert_uint_eq(c.link[c.n - 1].next, 0);
}
END_TEST

/* A CardBus bridge has its list elsewhere; what is at 34 is an I/O window. */
START_TEST(cardbus)
{
	struct fixture x;

	fixture_init(&x, 256, 2);
	fixture_put(&x, 0x06, 2, 0x10);
	fixture_put(&x, 0x34, 4, 0x000010c0);
	fixture_put(&x, 0x14, 1, 0xdc);
	fixture_put(&x, 0xdc, 2, 0x0001);
	ec_chain_walk(&x.img, &c);
	ck_assert(c.n == 1 && c.link[0].offset == 0xdc);
}
END_TEST

START_TEST(not_captured)
{
	struct fixture x;

	fixture_init(&x, 64, 0);
	fixture_put(&x, 0x06, 2, 0x10);
	fixture_put(&x, 0x34, 1, 0x40);
	ec_chain_walk(&x.img, &c);
	ck_assert(c.n == 0 && c.std_cut.fault == EC_CHAIN_OUTSIDE);
	/* captured, but for the rows with the second capability */
	fixture_nic(&x);
	x.img.present[0] &= ~(0xfu << 0x50 / 4);
	x.img.present[0x140 / 4 / 32] &= ~(0xfu << 0x140 / 4 % 32);
	ec_chain_walk(&x.img, &c);
	ck_assert(c.n_std == 1 && c.std_cut.fault == EC_CHAIN_OUTSIDE);
	ck_assert(c.n == 2 && c.ext_cut.fault == EC_CHAIN_OUTSIDE && c.ext_cut.to == 0x140);
}
END_TEST

/* The longest chains that fit, which lead downwards. */
START_TEST(longest)
{
	struct fixture x;

	fixture_init(&x, 4096, 0);
	for (uint32_t at = 0xfc; at >= 0x40; at -= 4)
		fixture_cap(&x, at, 9);
	fixture_ext(&x, 0x100, 0x0b, 1);
	for (uint32_t at = 0xffc; at > 0x100; at -= 4)
		fixture_ext(&x, at, 0x0b, 1);
	ec_chain_walk(&x.img, &c);
	ck_assert_uint_eq(c.n_std, EC_CHAIN_STD_MAX);
	ck_assert_uint_eq(c.n, EC_CHAIN_MAX);
	for (unsigned int i = 0; i < c.n; i++)
		ck_assert_uint_eq(c.link[i].room, 4);
}
END_TEST

/* Follows the relinked pointers; returns a bit for every link that is reached. */
static uint32_t reached(void)
{
	uint32_t seen = 0, at = l.first_std;

	for (unsigned int pass = 0; pass < 2; pass++) {
		if (pass)
			at = l.stub ? l.stub_next : c.n > c.n_std ? 0x100 : 0;
		for (unsigned int i = 0; at && i < c.n; i++)
			if (c.link[i].offset == at) {
				ck_assert(!(seen & 1u << i));
				seen |= 1u << i;
				at = l.next[i];
			}
	}
	ck_assert_uint_eq(at, 0);
	return seen;
}

/* Every way to hide some of five standard and five extended capabilities. */
START_TEST(relink_any)
{
	struct fixture x;

	fixture_nic(&x);
	ec_chain_walk(&x.img, &c);
	for (uint32_t hide = 0; hide < 1u << c.n; hide++) {
		for (unsigned int i = 0; i < c.n; i++)
			hidden[i] = hide & 1u << i;
		ec_chain_relink(&c, hidden, &l);
		ck_assert_uint_eq(reached(), ~hide & ((1u << c.n) - 1));
		ck_assert_uint_eq(l.stub, hidden[c.n_std]);
	}
}
END_TEST

START_TEST(relink_all_hidden)
{
	struct fixture x;

	fixture_nic(&x);
	ec_chain_walk(&x.img, &c);
	memset(hidden, 1, sizeof(hidden));
	ec_chain_relink(&c, hidden, &l);
	ck_assert(l.first_std == 0 && l.stub && l.stub_next == 0);
}
END_TEST

START_TEST(relink_nothing)
{
	struct fixture x;

	fixture_init(&x, 4096, 0);
	ec_chain_walk(&x.img, &c);
	ec_chain_relink(&c, hidden, &l);
	ck_assert(l.first_std == 0 && !l.stub);
}
END_TEST

Suite *suite_core_chain(void)
{
	Suite *s = suite_create("core_chain");
	TCase *t = tcase_create("chain");

	tcase_add_test(t, both);
	tcase_add_test(t, backwards);
	tcase_add_test(t, no_list);
	tcase_add_loop_test(t, cut, 0, EC_ARRAY_SIZE(broken));
	tcase_add_test(t, cardbus);
	tcase_add_test(t, not_captured);
	tcase_add_test(t, longest);
	tcase_add_test(t, relink_any);
	tcase_add_test(t, relink_all_hidden);
	tcase_add_test(t, relink_nothing);
	suite_add_tcase(s, t);
	return s;
}
