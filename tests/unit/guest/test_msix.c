/* SPDX-License-Identifier: GPL-2.0-or-later */
/* MSI-X: vectors, and the pages of the table and of the PBA. */
#include <errno.h>
#include <pci/header.h>
#include <stdio.h>
#include <string.h>

#include "core/bits.h"
#include "suites.h"
#include "world.h"

/* A message with all that Xen is told of it, and what it is told: vector 41, these flags. */
#define ADDRESS 0xfee41008u
#define DATA 0x8741u
#define FLAGS "flags f141"

/* The message by which Linux says that pirq @p is to come. */
#define PIRQ_ADDRESS(p) ((uint64_t)((p)&0xffffff00u) << 32 | 0xfee00000u | ((p)&0xffu) << 12)
#define PIRQ_DATA 0x4300u

static unsigned int slot;

static void begin(uint32_t domid)
{
	slot = world_given(domid);
	world_place(domid, slot);
	fakexen_forget(world->xen);
}

/* Two entries in use, of pirqs 1023 and 1022. */
static void two_bound(void)
{
	begin(PVH);
	world_msix(PVH, slot, 0x8000);
	world_entry(PVH, 0, ADDRESS, DATA, 0);
	world_entry(PVH, 1, ADDRESS, DATA + 1, 0);
	world_has("bind_msi d3 pirq 1023 vector 41 " FLAGS " table e1001000");
	world_has("bind_msi d3 pirq 1022 vector 42 " FLAGS " table e1001000");
	fakexen_forget(world->xen);
}

START_TEST(bound_at_unmask)
{
	begin(PVH);
	world_msix(PVH, slot, 0x8000);
	world_entry(PVH, 5, ADDRESS, DATA, 1);
	world_count("map_msi", 0);
	world_store(PVH, AT_TABLE + 5 * 16 + 12, 4, 0);
	world_has("map_msi d3 0000:03:00.0 entry 5 table fe900000 pirq -1");
	world_has("bind_msi d3 pirq 1023 vector 41 " FLAGS " table e1001000");
	world_store(PVH, AT_TABLE + 5 * 16 + 12, 4, 0);
	world_count("map_msi", 1);
	/* two of 8 bytes, as some guests do */
	world_store(PVH, AT_TABLE + 63 * 16, 8, ADDRESS);
	world_store(PVH, AT_TABLE + 63 * 16 + 8, 8, DATA);
	world_has("map_msi d3 0000:03:00.0 entry 63 table fe900000 pirq -1");
	world_has("bind_msi d3 pirq 1022 vector 41 " FLAGS " table e1001000");
	world_count("map_msi", 2);
}
END_TEST

START_TEST(bound_at_enable)
{
	begin(PVH);
	world_entry(PVH, 0, ADDRESS, DATA, 0);
	world_entry(PVH, 1, ADDRESS, DATA, 1);
	world_count("map_msi", 0);
	world_msix(PVH, slot, 0xc000);
	world_count("bind_msi", 0);
	world_msix(PVH, slot, 0x8000);
	world_has("bind_msi d3 pirq 1023 vector 41 " FLAGS " table e1001000");
	world_count("map_msi", 1);
	world_msix(PVH, slot, 0xc000);
	world_msix(PVH, slot, 0x8000);
	ck_assert_uint_eq(
		fakexen_count(world->xen, "map_msi") - fakexen_count(world->xen, "unmap_pirq"), 1);
	ck_assert_uint_ge(fakexen_count(world->xen, "bind_msi"),
			  fakexen_count(world->xen, "unbind_msi") + 1);
	world_msix(PVH, slot, 0);
	ck_assert_uint_eq(fakexen_count(world->xen, "map_msi"),
			  fakexen_count(world->xen, "unmap_pirq"));
}
END_TEST

/* A mask write that Xen did not take is done by us; one that it only tells of is not. */
START_TEST(mask_writes)
{
	struct fixture x;

	world_new();
	world_guest(PVH)->mask_writes = _i;
	world_card(&x, NIC);
	world_add(NIC, "nic", &x);
	ck_assert_int_eq(world_attach(PVH, NIC), 0);
	slot = ec_sbdf_device(world->at.function.guest);
	world_place(PVH, slot);
	world_msix(PVH, slot, 0x8000);
	world_entry(PVH, 0, ADDRESS, DATA, 0);
	world_count("bind_msi", 1);
	world_store(PVH, AT_TABLE + 12, 4, 1);
	ck_assert_uint_eq(world_load(PVH, AT_TABLE + 12, 4), 1);
	world_count("unbind_msi", _i ? 0 : 1);
	world_store(PVH, AT_TABLE + 12, 4, 0);
	ck_assert_uint_ge(fakexen_count(world->xen, "bind_msi"), _i ? 1 : 2);
	/* changed behind the mask */
	world_entry(PVH, 0, ADDRESS, DATA + 1, 1);
	world_store(PVH, AT_TABLE + 12, 4, 0);
	world_has("bind_msi d3 pirq 1023 vector 42 " FLAGS " table e1001000");
	ck_assert_uint_eq(
		fakexen_count(world->xen, "map_msi") - fakexen_count(world->xen, "unmap_pirq"), 1);
}
END_TEST

/* Off is off, for all of them; the table is as it was, and on again is on again. */
START_TEST(disabled)
{
	two_bound();
	world_msix(PVH, slot, 0);
	world_count("unbind_msi", 2);
	world_count("unmap_pirq", 2);
	ck_assert_uint_eq(world_load(PVH, AT_TABLE + 8, 4), DATA);
	world_store(PVH, AT_TABLE + 16 + 8, 4, DATA + 7);
	world_count("map_msi", 0);
	world_msix(PVH, slot, 0x8000);
	world_has("bind_msi d3 pirq 1023 vector 41 " FLAGS " table e1001000");
	world_has("bind_msi d3 pirq 1022 vector 48 " FLAGS " table e1001000");
}
END_TEST

static void moved_to(const char *table)
{
	char line[FAKEXEN_LINE];

	for (unsigned int i = 0; i < 2; i++) {
		snprintf(line, sizeof(line), "bind_msi d3 pirq %u vector %x " FLAGS " table %s",
			 1023 - i, 0x41 + i, table);
		world_has(line);
	}
	fakexen_forget(world->xen);
}

/* Xen looks for the table where the guest has it. */
START_TEST(table_moved)
{
	two_bound();
	world_write(PVH, slot, 0x1c, 4, 0xe2000000);
	moved_to("e2001000");
	ck_assert_uint_eq(world_load(PVH, 0xe2001008, 4), DATA);
	ck_assert_uint_eq(world_load(PVH, AT_TABLE + 8, 4), 0xffffffff);
	world_write(PVH, slot, PCI_COMMAND, 2, 0);
	ck_assert_uint_eq(world_load(PVH, 0xe2001008, 4), 0xffffffff);
	world_write(PVH, slot, 0x1c, 4, 0xe3000000);
	world_write(PVH, slot, PCI_COMMAND, 2, 6);
	moved_to("e3001000");
}
END_TEST

START_TEST(table_page)
{
	uint8_t *hw;

	begin(PVH);
	hw = fakexen_mapped(world->xen, NIC, 3, 0x1000);
	ck_assert_ptr_nonnull(hw);
	memset(hw, 0x5a, 0x1000);
	for (unsigned int i = 0; i < VECTORS; i++)
		ck_assert_uint_eq(world_load(PVH, AT_TABLE + i * 16 + 12, 4) & 1, 1);
	world_entry(PVH, 3, 0x123456789abcdef0, 0x11223344, 1);
	ck_assert_uint_eq(world_load(PVH, AT_TABLE + 48, 8), 0x123456789abcdef0);
	ck_assert_uint_eq(world_load(PVH, AT_TABLE + 52, 4), 0x12345678);
	ck_assert_uint_eq(world_load(PVH, AT_TABLE + 56, 8) & 0x1ffffffff, 0x111223344);
	/* no other width writes */
	for (unsigned int len = 1; len <= 2; len++)
		for (unsigned int off = 48; off < 64; off += len)
			world_store(PVH, AT_TABLE + off, len, 0);
	ck_assert_uint_eq(world_load(PVH, AT_TABLE + 48, 8), 0x123456789abcdef0);
	ck_assert_uint_eq(world_load(PVH, AT_TABLE + 60, 4) & 1, 1);
	for (unsigned int i = 0; i < VECTORS * 16; i++)
		ck_assert_uint_eq(hw[i], 0x5a);
	/* its neighbours are the device's */
	ck_assert_uint_eq(world_load(PVH, AT_TABLE + 0x400, 4), 0x5a5a5a5a);
	world_store(PVH, AT_TABLE + 0xffc, 4, 0x12345678);
	ck_assert_uint_eq(ec_get_le(hw + 0xffc, 4), 0x12345678);
	world_store(PVH, AT_TABLE + 0x401, 1, 0x77);
	ck_assert_uint_eq(hw[0x401], 0x77);
	ck_assert_uint_eq(world_load(PVH, AT_TABLE + 0x400, 2), 0x775a);
}
END_TEST

/* Three entries in the middle of a page, the PBA behind them: XSA-164. */
START_TEST(small_table)
{
	uint64_t page = AT_BAR3 + 0x1000;
	struct fixture x;
	uint8_t *hw;

	world_new();
	world_guest(PVH);
	world_card(&x, NIC);
	fixture_put(&x, CAP_MSIX + 2, 2, 2);
	fixture_put(&x, CAP_MSIX + 4, 4, 0x1203);
	fixture_put(&x, CAP_MSIX + 8, 4, 0x1803);
	world_add(NIC, "nic", &x);
	ck_assert_int_eq(world_attach(PVH, NIC), 0);
	world_place(PVH, 1);
	world_has("map_memory d3 gfn e1000 mfn fe900 n 1 add");
	world_has("map_memory d3 gfn e1002 mfn fe902 n 2 add");
	hw = fakexen_mapped(world->xen, NIC, 3, 0x1000);
	memset(hw, 0x5a, 0x1000);
	world_msix(PVH, 1, 0x8000);
	for (unsigned int len = 1; len <= 8; len *= 2)
		for (unsigned int off = 0; off < 0x1000; off++) {
			uint64_t v = world_load(PVH, page + off, len);
			bool inside = off + len > 0x200 && off < 0x230;

			if (off % len == 0 && !inside)
				ck_assert_uint_eq(v, 0x5a5a5a5a5a5a5a5a & ec_ones(len));
			world_store(PVH, page + off, len, 0x5a5a5a5a5a5a5a5a);
		}
	for (unsigned int off = 0; off < 0x1000; off++)
		ck_assert_uint_eq(hw[off], 0x5a);
	world_store(PVH, page + 0x800, 8, 0);
	ck_assert_uint_eq(hw[0x800], 0x5a);
	world_store(PVH, page + 0x7f8, 8, 0);
	ck_assert_uint_eq(hw[0x7f8], 0);
	/* those writes have unmasked all three, and reached behind none */
	world_count("map_msi", 3);
	world_store(PVH, page + 0x220, 8, ADDRESS);
	world_store(PVH, page + 0x228, 8, DATA);
	world_has("map_msi d3 0000:03:00.0 entry 2 table fe900000 pirq -1");
	world_has("bind_msi d3 pirq 1021 vector 41 " FLAGS " table e1001200");
	world_store(PVH, page + 0x23c, 4, 0);
	world_count("map_msi", 3);
}
END_TEST

START_TEST(pba_page)
{
	uint8_t *hw;

	begin(HVM);
	hw = fakexen_mapped(world->xen, NIC, 3, 0x2000);
	ck_assert_ptr_nonnull(hw);
	ck_assert_ptr_null(fakexen_mapped(world->xen, NIC, 3, 0));
	ck_assert_ptr_null(fakexen_mapped(world->xen, NIC, 3, 0x3000));
	ck_assert_ptr_null(fakexen_mapped(world->xen, NIC, 0, 0));
	ec_put_le(hw, 8, 0x8000000000000021);
	ck_assert_uint_eq(world_load(HVM, AT_PBA, 8), 0x8000000000000021);
	ck_assert_uint_eq(world_load(HVM, AT_PBA + 4, 4), 0x80000000);
	ck_assert_uint_eq(world_load(HVM, AT_PBA, 1), 0x21);
	for (unsigned int len = 1; len <= 8; len *= 2)
		world_store(HVM, AT_PBA, len, 0);
	ck_assert_uint_eq(ec_get_le(hw, 8), 0x8000000000000021);
	/* what reaches over its end */
	world_store(HVM, AT_PBA + 4, 8, 0);
	ck_assert_uint_eq(ec_get_le(hw, 8), 0x8000000000000021);
	world_store(HVM, AT_PBA + 8, 4, 0x12345678);
	ck_assert_uint_eq(ec_get_le(hw + 8, 4), 0x12345678);
	world_store(HVM, AT_PBA + 0xfff, 1, 0x99);
	ck_assert_uint_eq(hw[0xfff], 0x99);
	world_count("map_msi", 0);
}
END_TEST

/* An HVM Linux: function masked, entries written, no mask bit ever, other numbers each time. */
START_TEST(pirqs)
{
	begin(HVM);
	for (unsigned int round = 0; round < 3; round++) {
		unsigned int first = 0x130 + round * 4;
		char line[FAKEXEN_LINE];

		fakexen_forget(world->xen);
		world_msix(HVM, slot, 0xc000);
		for (unsigned int i = 0; i < 2; i++) {
			uint64_t at = AT_TABLE + i * 16;

			world_store(HVM, at, 4, PIRQ_ADDRESS(first + i) & 0xffffffff);
			world_store(HVM, at + 4, 4, PIRQ_ADDRESS(first + i) >> 32);
			world_store(HVM, at + 8, 4, PIRQ_DATA);
		}
		world_msix(HVM, slot, 0x8000);
		for (unsigned int i = 0; i < 2; i++) {
			snprintf(line, sizeof(line),
				 "map_msi d5 0000:03:00.0 entry %u table fe900000 pirq %u", i,
				 first + i);
			world_has(line);
			snprintf(line, sizeof(line), "bind_msi d5 pirq %u vector 0 ", first + i);
			world_has(line);
		}
		world_count("map_msi", 2); /* the others have no pirq */
		world_msix(HVM, slot, 0);
		world_count("unbind_msi", 2);
		world_count("unmap_pirq", 2);
	}
}
END_TEST

START_TEST(pirqs_while_enabled)
{
	begin(HVM);
	world_msix(HVM, slot, 0x8000);
	world_count("map_msi", 0);
	world_store(HVM, AT_TABLE + 32, 4, PIRQ_ADDRESS(0x135) & 0xffffffff);
	world_store(HVM, AT_TABLE + 36, 4, PIRQ_ADDRESS(0x135) >> 32);
	world_store(HVM, AT_TABLE + 40, 4, PIRQ_DATA);
	world_has("bind_msi d5 pirq 309 vector 0 ");
	ck_assert_uint_eq(
		fakexen_count(world->xen, "map_msi") - fakexen_count(world->xen, "unmap_pirq"), 1);
	/* numbers of interrupts that are no MSIs, or nobody's */
	world_entry(HVM, 3, PIRQ_ADDRESS(7), PIRQ_DATA, 0);
	world_entry(HVM, 4, PIRQ_ADDRESS(0xffffff00u), PIRQ_DATA, 0);
	world_entry(HVM, 5, PIRQ_ADDRESS(0), PIRQ_DATA, 0);
	world_check();
	world_msix(HVM, slot, 0);
	ck_assert_uint_ge(fakexen_count(world->xen, "unbind_msi"), 1);
	ck_assert_int_eq(world_detach(HVM, NIC), 0);
	world_check_clean();
}
END_TEST

/* What fails is undone, and nothing else: _i: the map or the bind, with what. */
START_TEST(vector_fails)
{
	static const int errs[] = { ENOMEM, EPERM, EEXIST, EIO };
	unsigned int lines;

	two_bound();
	lines = world->lines;
	world_entry(PVH, 2, ADDRESS, DATA + 2, 1);
	fakexen_fail(world->xen, _i & 1 ? 2 : 1, errs[_i / 2]);
	world_store(PVH, AT_TABLE + 2 * 16 + 12, 4, 0);
	ck_assert(!fakexen_failing(world->xen));
	world_count("unbind_msi", 0);
	world_count("unmap_pirq", _i & 1);
	if (_i & 1)
		world_has("unmap_pirq d3 pirq 1021");
	ck_assert_uint_gt(world->lines, lines);
	world_entry(PVH, 3, ADDRESS, DATA + 3, 0);
	world_has("bind_msi d3 pirq 1021 vector 44 " FLAGS " table e1001000");
	world_store(PVH, AT_TABLE + 2 * 16 + 12, 4, 1);
	world_store(PVH, AT_TABLE + 2 * 16 + 12, 4, 0);
	world_has("bind_msi d3 pirq 1020 vector 43 " FLAGS " table e1001000");
	fakexen_forget(world->xen);
	world_msix(PVH, slot, 0);
	world_count("unbind_msi", 4);
	world_count("unmap_pirq", 4);
	/* one of many at the enable */
	fakexen_forget(world->xen);
	fakexen_fail(world->xen, 2, ENOMEM);
	world_msix(PVH, slot, 0x8000);
	ck_assert_uint_ge(fakexen_count(world->xen, "bind_msi"), 3);
	world_count("map_msi", 4);
}
END_TEST

/* A retry of what failed must not fill the log. */
START_TEST(failures_are_bounded)
{
	unsigned int lines;

	begin(HVM);
	world_msix(HVM, slot, 0x8000);
	lines = world->lines;
	for (unsigned int i = 0; i < 20000; i++)
		world_entry(HVM, i % VECTORS, PIRQ_ADDRESS(5 + i % 3), PIRQ_DATA, i & 1);
	ck_assert_uint_le(world->lines - lines, 100);
}
END_TEST

Suite *suite_service_msix(void)
{
	Suite *s = suite_create("service_msix");
	TCase *t = tcase_create("service_msix");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, bound_at_unmask);
	tcase_add_test(t, bound_at_enable);
	tcase_add_loop_test(t, mask_writes, 0, 2);
	tcase_add_test(t, disabled);
	tcase_add_test(t, table_moved);
	tcase_add_test(t, table_page);
	tcase_add_test(t, small_table);
	tcase_add_test(t, pba_page);
	tcase_add_test(t, pirqs);
	tcase_add_test(t, pirqs_while_enabled);
	tcase_add_loop_test(t, vector_fails, 0, 8);
	tcase_add_test(t, failures_are_bounded);
	suite_add_tcase(s, t);
	return s;
}
