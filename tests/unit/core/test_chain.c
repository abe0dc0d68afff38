/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "core/chain.h"
#include "fixture.h"
#include "suites.h"

/* Where the extended chain starts, and two of its next pointers. */
#define EXT_FIRST 0x100
#define AER_NEXT (NIC_AER + 2)
#define DSN_NEXT (NIC_DSN + 2)

static struct ec_chain c;
static struct ec_relinked l;
static bool hidden[EC_CHAIN_MAX];

START_TEST(both_chains_of_a_card_are_found)
{
	struct fixture x;

	fixture_nic(&x);
	ec_chain_walk(&x.img, &c);
	ck_assert_uint_eq(c.n_std, 5);
	ck_assert_uint_eq(c.n, 10);
	ck_assert(!c.std_cut.fault && !c.ext_cut.fault);
	ck_assert(c.link[1].offset == NIC_MSI && c.link[1].id == PCI_CAP_ID_MSI &&
		  c.link[1].next == NIC_EXP);
	ck_assert(!c.link[1].extended && c.link[1].room == NIC_EXP - NIC_MSI);
	ck_assert(c.link[4].next == 0 && c.link[4].room == EXT_FIRST - NIC_VPD);
	ck_assert(c.link[5].offset == NIC_AER && c.link[5].id == PCI_EXT_CAP_ID_AER &&
		  c.link[5].version == 2);
	ck_assert(c.link[5].extended && c.link[5].room == NIC_DSN - NIC_AER);
	ck_assert(c.link[9].id == PCI_EXT_CAP_ID_VNDR &&
		  c.link[9].room == EC_CONFIG_SIZE - NIC_VSEC);
}
END_TEST

START_TEST(room_is_to_the_next_higher_capability)
{
	struct fixture x;

	fixture_init(&x, 256, 0);
	fixture_cap(&x, 0xc0, PCI_CAP_ID_PM);
	fixture_cap(&x, 0x40, PCI_CAP_ID_VNDR);
	fixture_cap(&x, 0x80, PCI_CAP_ID_VNDR);
	ec_chain_walk(&x.img, &c);
	ck_assert_uint_eq(c.n, 3);
	ck_assert(c.link[0].room == 0x40 && c.link[1].room == 0x40 && c.link[2].room == 0x40);
}
END_TEST

START_TEST(no_list_is_an_empty_chain)
{
	struct fixture x;

	fixture_nic(&x);
	fixture_put(&x, PCI_STATUS, 2, 0);
	ec_chain_walk(&x.img, &c);
	ck_assert_uint_eq(c.n_std, 0);
	ck_assert_uint_eq(c.n, 5);
	fixture_put(&x, EXT_FIRST, 4, 0);
	ec_chain_walk(&x.img, &c);
	ck_assert(c.n == 0 && !c.ext_cut.fault);
}
END_TEST

static const struct {
	uint32_t at, len, value; /* written to the card */
	unsigned int std, ext;   /* capabilities found */
	struct ec_chain_cut std_cut, ext_cut;
} broken[] = {
	{ PCI_CAPABILITY_LIST, 1, 0x3c, 0, 5, { EC_CHAIN_LOW, PCI_CAPABILITY_LIST, 0x3c }, { 0 } },
	{ NIC_PM + 1, 1, NIC_PM | 1, 1, 5, { EC_CHAIN_LOOP, NIC_PM + 1, NIC_PM }, { 0 } },
	{ NIC_VPD + 1, 1, NIC_MSI, 5, 5, { EC_CHAIN_LOOP, NIC_VPD + 1, NIC_MSI }, { 0 } },
	{ NIC_EXP + 1, 1, 3, 3, 5, { 0 }, { 0 } }, /* the low bits are reserved: the end */
	{ NIC_EXP, 2, 0xffff, 2, 5, { EC_CHAIN_ONES, NIC_MSI + 1, NIC_EXP }, { 0 } },
	{ NIC_EXP, 1, 0xff, 2, 5, { EC_CHAIN_ONES, NIC_MSI + 1, NIC_EXP }, { 0 } },
	{ AER_NEXT, 2, 0x1001, 5, 1, { 0 }, { EC_CHAIN_LOOP, AER_NEXT, NIC_AER } },
	{ AER_NEXT, 2, 0x0ff1, 5, 1, { 0 }, { EC_CHAIN_LOW, AER_NEXT, 0x0fc } },
	{ AER_NEXT, 2, 0xffc1, 5, 1, { 0 }, { EC_CHAIN_EMPTY, AER_NEXT, 0xffc } },
	{ NIC_ARI, 4, 0xffffffff, 5, 2, { 0 }, { EC_CHAIN_ONES, DSN_NEXT, NIC_ARI } },
	{ NIC_AER, 4, 0xffffffff, 5, 0, { 0 }, { EC_CHAIN_ONES, NIC_AER, NIC_AER } },
	{ NIC_ARI, 4, NIC_SRIOV << 20, 5, 5, { 0 }, { 0 } }, /* a null capability stays */
};

START_TEST(a_chain_ends_at_a_bad_pointer)
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

/* At 34 it has an I/O window. */
START_TEST(a_cardbus_bridge_has_its_pointer_elsewhere)
{
	struct fixture x;

	fixture_init(&x, 256, PCI_HEADER_TYPE_CARDBUS);
	fixture_put(&x, PCI_STATUS, 2, PCI_STATUS_CAP_LIST);
	fixture_put(&x, PCI_CAPABILITY_LIST, 4, 0x000010c0);
	fixture_put(&x, PCI_CB_CAPABILITY_LIST, 1, 0xdc);
	fixture_put(&x, 0xdc, 2, PCI_CAP_ID_PM);
	ec_chain_walk(&x.img, &c);
	ck_assert(c.n == 1 && c.link[0].offset == 0xdc);
}
END_TEST

static void drop_row(struct fixture *x, uint32_t offset)
{
	x->img.present[offset / 4 / 32] &= ~(0xfu << offset / 4 % 32);
}

START_TEST(a_chain_ends_at_bytes_that_were_not_captured)
{
	struct fixture x;

	fixture_init(&x, 64, 0);
	fixture_put(&x, PCI_STATUS, 2, PCI_STATUS_CAP_LIST);
	fixture_put(&x, PCI_CAPABILITY_LIST, 1, 0x40);
	ec_chain_walk(&x.img, &c);
	ck_assert(c.n == 0 && c.std_cut.fault == EC_CHAIN_OUTSIDE);
	/* all but the row of 16 bytes with the second capability of each chain */
	fixture_nic(&x);
	drop_row(&x, NIC_MSI);
	drop_row(&x, NIC_DSN);
	ec_chain_walk(&x.img, &c);
	ck_assert(c.n_std == 1 && c.std_cut.fault == EC_CHAIN_OUTSIDE);
	ck_assert(c.n == 2 && c.ext_cut.fault == EC_CHAIN_OUTSIDE && c.ext_cut.to == NIC_DSN);
}
END_TEST

/* They lead downwards. */
START_TEST(the_longest_chains_fit)
{
	struct fixture x;

	fixture_init(&x, 4096, 0);
	for (uint32_t at = 0xfc; at >= 0x40; at -= 4)
		fixture_cap(&x, at, PCI_CAP_ID_VNDR);
	fixture_ext(&x, EXT_FIRST, PCI_EXT_CAP_ID_VNDR, 1);
	for (uint32_t at = 0xffc; at > EXT_FIRST; at -= 4)
		fixture_ext(&x, at, PCI_EXT_CAP_ID_VNDR, 1);
	ec_chain_walk(&x.img, &c);
	ck_assert_uint_eq(c.n_std, EC_CHAIN_STD_MAX);
	ck_assert_uint_eq(c.n, EC_CHAIN_MAX);
	for (unsigned int i = 0; i < c.n; i++)
		ck_assert_uint_eq(c.link[i].room, 4);
}
END_TEST

/* Follows the relinked pointers. Returns a bit for every link that is reached. */
static uint32_t reached(void)
{
	uint32_t seen = 0, at = l.first_std;

	for (unsigned int pass = 0; pass < 2; pass++) {
		if (pass)
			at = l.stub ? l.stub_next : c.n > c.n_std ? EXT_FIRST : 0;
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

/* All sets of hidden ones of five standard and five extended capabilities. */
START_TEST(any_hidden_set_is_linked_around)
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

START_TEST(a_fully_hidden_extended_chain_is_a_stub)
{
	struct fixture x;

	fixture_nic(&x);
	ec_chain_walk(&x.img, &c);
	memset(hidden, 1, sizeof(hidden));
	ec_chain_relink(&c, hidden, &l);
	ck_assert(l.first_std == 0 && l.stub && l.stub_next == 0);
}
END_TEST

START_TEST(an_empty_chain_stays_empty)
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

	tcase_add_test(t, both_chains_of_a_card_are_found);
	tcase_add_test(t, room_is_to_the_next_higher_capability);
	tcase_add_test(t, no_list_is_an_empty_chain);
	tcase_add_loop_test(t, a_chain_ends_at_a_bad_pointer, 0, EC_ARRAY_SIZE(broken));
	tcase_add_test(t, a_cardbus_bridge_has_its_pointer_elsewhere);
	tcase_add_test(t, a_chain_ends_at_bytes_that_were_not_captured);
	tcase_add_test(t, the_longest_chains_fit);
	tcase_add_test(t, any_hidden_set_is_linked_around);
	tcase_add_test(t, a_fully_hidden_extended_chain_is_a_stub);
	tcase_add_test(t, an_empty_chain_stays_empty);
	suite_add_tcase(s, t);
	return s;
}
