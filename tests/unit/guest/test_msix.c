/* SPDX-License-Identifier: GPL-2.0-or-later */
/* MSI-X vectors, and the pages of the table and of the PBA. */
#include <errno.h>
#include <pci/header.h>
#include <stdio.h>
#include <string.h>

#include "core/bits.h"
#include "guest/message.h"
#include "suites.h"
#include "world.h"

static unsigned int slot;

/* Two vectors bound, to pirqs 1023 and 1022. */
static void two_bound(void)
{
	slot = world_placed(PVH);
	world_msix(PVH, slot, PCI_MSIX_ENABLE);
	world_entry(PVH, 0, ADDRESS, DATA, 0);
	world_entry(PVH, 1, ADDRESS, DATA + 1, 0);
	world_has("bind_msi d3 pirq 1023 vector 41 " FLAGS " table e1001000");
	world_has("bind_msi d3 pirq 1022 vector 42 " FLAGS " table e1001000");
	fakexen_forget(world->xen);
}

START_TEST(a_vector_is_bound_when_it_is_unmasked)
{
	slot = world_placed(PVH);
	world_msix(PVH, slot, PCI_MSIX_ENABLE);
	world_entry(PVH, 5, ADDRESS, DATA, 1);
	world_count("map_msi", 0);
	world_store(PVH, AT_CONTROL(5), 4, 0);
	world_has("map_msi d3 0000:03:00.0 entry 5 table fe900000 pirq -1");
	world_has("bind_msi d3 pirq 1023 vector 41 " FLAGS " table e1001000");
	world_store(PVH, AT_CONTROL(5), 4, 0);
	world_count("map_msi", 1);
	/* two writes of 8 bytes, as some guests do */
	world_store(PVH, AT_ENTRY(63), 8, ADDRESS);
	world_store(PVH, AT_DATA(63), 8, DATA);
	world_has("map_msi d3 0000:03:00.0 entry 63 table fe900000 pirq -1");
	world_has("bind_msi d3 pirq 1022 vector 41 " FLAGS " table e1001000");
	world_count("map_msi", 2);
}
END_TEST

START_TEST(unmasked_vectors_are_bound_at_enable)
{
	slot = world_placed(PVH);
	world_entry(PVH, 0, ADDRESS, DATA, 0);
	world_entry(PVH, 1, ADDRESS, DATA, 1);
	world_count("map_msi", 0);
	world_msix(PVH, slot, PCI_MSIX_ENABLE | PCI_MSIX_MASK);
	world_count("bind_msi", 0);
	world_msix(PVH, slot, PCI_MSIX_ENABLE);
	world_has("bind_msi d3 pirq 1023 vector 41 " FLAGS " table e1001000");
	world_count("map_msi", 1);
	world_msix(PVH, slot, PCI_MSIX_ENABLE | PCI_MSIX_MASK);
	world_msix(PVH, slot, PCI_MSIX_ENABLE);
	ck_assert_uint_eq(
		fakexen_count(world->xen, "map_msi") - fakexen_count(world->xen, "unmap_pirq"), 1);
	ck_assert_uint_ge(fakexen_count(world->xen, "bind_msi"),
			  fakexen_count(world->xen, "unbind_msi") + 1);
	world_msix(PVH, slot, 0);
	ck_assert_uint_eq(fakexen_count(world->xen, "map_msi"),
			  fakexen_count(world->xen, "unmap_pirq"));
}
END_TEST

/* If Xen forwards mask writes, it has handled them itself. */
START_TEST(a_mask_write_that_xen_handled_is_not_repeated)
{
	world_new();
	world_guest(PVH)->mask_writes = _i;
	world_add_card(NIC, "nic");
	slot = world_give(PVH, NIC);
	world_place(PVH, slot);
	world_msix(PVH, slot, PCI_MSIX_ENABLE);
	world_entry(PVH, 0, ADDRESS, DATA, 0);
	world_count("bind_msi", 1);
	world_store(PVH, AT_CONTROL(0), 4, 1);
	ck_assert_uint_eq(world_load(PVH, AT_CONTROL(0), 4), 1);
	world_count("unbind_msi", _i ? 0 : 1);
	world_store(PVH, AT_CONTROL(0), 4, 0);
	ck_assert_uint_ge(fakexen_count(world->xen, "bind_msi"), _i ? 1 : 2);
	/* changed while masked */
	world_entry(PVH, 0, ADDRESS, DATA + 1, 1);
	world_store(PVH, AT_CONTROL(0), 4, 0);
	world_has("bind_msi d3 pirq 1023 vector 42 " FLAGS " table e1001000");
	ck_assert_uint_eq(
		fakexen_count(world->xen, "map_msi") - fakexen_count(world->xen, "unmap_pirq"), 1);
}
END_TEST

/* Enabling binds them again, as the table says then. */
START_TEST(disabling_unbinds_all_and_keeps_the_table)
{
	two_bound();
	world_msix(PVH, slot, 0);
	world_count("unbind_msi", 2);
	world_count("unmap_pirq", 2);
	ck_assert_uint_eq(world_load(PVH, AT_DATA(0), 4), DATA);
	world_store(PVH, AT_DATA(1), 4, DATA + 7);
	world_count("map_msi", 0);
	world_msix(PVH, slot, PCI_MSIX_ENABLE);
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

/* Xen finds entries by the guest's address of the table. */
START_TEST(a_moved_table_is_bound_at_its_new_address)
{
	two_bound();
	world_write(PVH, slot, PCI_BASE_ADDRESS_3, 4, 0xe2000000);
	moved_to("e2001000");
	ck_assert_uint_eq(world_load(PVH, 0xe2001008, 4), DATA);
	ck_assert_uint_eq(world_load(PVH, AT_DATA(0), 4), NOTHING);
	world_write(PVH, slot, PCI_COMMAND, 2, 0);
	ck_assert_uint_eq(world_load(PVH, 0xe2001008, 4), NOTHING);
	world_write(PVH, slot, PCI_BASE_ADDRESS_3, 4, 0xe3000000);
	world_write(PVH, slot, PCI_COMMAND, 2, 6);
	moved_to("e3001000");
}
END_TEST

START_TEST(the_table_is_emulated_and_its_page_is_the_device)
{
	uint8_t *hw;

	slot = world_placed(PVH);
	hw = fakexen_mapped(world->xen, NIC, 3, 0x1000);
	ck_assert_ptr_nonnull(hw);
	memset(hw, 0x5a, 0x1000);
	for (unsigned int i = 0; i < VECTORS; i++)
		ck_assert_uint_eq(world_load(PVH, AT_CONTROL(i), 4) & 1, 1);
	world_entry(PVH, 3, 0x123456789abcdef0, 0x11223344, 1);
	ck_assert_uint_eq(world_load(PVH, AT_TABLE + 48, 8), 0x123456789abcdef0);
	ck_assert_uint_eq(world_load(PVH, AT_TABLE + 52, 4), 0x12345678);
	ck_assert_uint_eq(world_load(PVH, AT_TABLE + 56, 8) & 0x1ffffffff, 0x111223344);
	/* only 4- and 8-byte writes reach the table */
	for (unsigned int len = 1; len <= 2; len++)
		for (unsigned int off = 48; off < 64; off += len)
			world_store(PVH, AT_TABLE + off, len, 0);
	ck_assert_uint_eq(world_load(PVH, AT_TABLE + 48, 8), 0x123456789abcdef0);
	ck_assert_uint_eq(world_load(PVH, AT_TABLE + 60, 4) & 1, 1);
	for (unsigned int i = 0; i < VECTORS * 16; i++)
		ck_assert_uint_eq(hw[i], 0x5a);
	/* the rest of the page is the device's */
	ck_assert_uint_eq(world_load(PVH, AT_TABLE + 0x400, 4), 0x5a5a5a5a);
	world_store(PVH, AT_TABLE + 0xffc, 4, 0x12345678);
	ck_assert_uint_eq(ec_get_le(hw + 0xffc, 4), 0x12345678);
	world_store(PVH, AT_TABLE + 0x401, 1, 0x77);
	ck_assert_uint_eq(hw[0x401], 0x77);
	ck_assert_uint_eq(world_load(PVH, AT_TABLE + 0x400, 2), 0x775a);
}
END_TEST

/* Three entries in the middle of a page, the PBA after them: XSA-164. */
START_TEST(a_small_table_does_not_hide_its_page)
{
	uint64_t page = AT_BAR3 + 0x1000;
	struct fixture x;
	uint8_t *hw;

	world_new();
	world_guest(PVH);
	world_card(&x, NIC);
	fixture_put(&x, MSIX_FLAGS, 2, 2);
	fixture_put(&x, MSIX_TABLE, 4, 0x1203);
	fixture_put(&x, MSIX_PBA, 4, 0x1803);
	world_add(NIC, "nic", &x);
	world_give(PVH, NIC);
	world_place(PVH, 1);
	world_has("map_memory d3 gfn e1000 mfn fe900 n 1 add");
	world_has("map_memory d3 gfn e1002 mfn fe902 n 2 add");
	hw = fakexen_mapped(world->xen, NIC, 3, 0x1000);
	memset(hw, 0x5a, 0x1000);
	world_msix(PVH, 1, PCI_MSIX_ENABLE);
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
	/* those writes have unmasked all three, and nothing beyond them */
	world_count("map_msi", 3);
	world_store(PVH, page + 0x220, 8, ADDRESS);
	world_store(PVH, page + 0x228, 8, DATA);
	world_has("map_msi d3 0000:03:00.0 entry 2 table fe900000 pirq -1");
	world_has("bind_msi d3 pirq 1021 vector 41 " FLAGS " table e1001200");
	world_store(PVH, page + 0x23c, 4, 0);
	world_count("map_msi", 3);
}
END_TEST

START_TEST(the_pba_is_read_only_and_its_page_is_the_device)
{
	uint8_t *hw;

	slot = world_placed(HVM);
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
	/* a write across its end is dropped */
	world_store(HVM, AT_PBA + 4, 8, 0);
	ck_assert_uint_eq(ec_get_le(hw, 8), 0x8000000000000021);
	world_store(HVM, AT_PBA + 8, 4, 0x12345678);
	ck_assert_uint_eq(ec_get_le(hw + 8, 4), 0x12345678);
	world_store(HVM, AT_PBA + 0xfff, 1, 0x99);
	ck_assert_uint_eq(hw[0xfff], 0x99);
	world_count("map_msi", 0);
}
END_TEST

/* Linux masks the function and writes the entries, but never their mask bits. */
START_TEST(a_linux_guest_binds_other_pirqs_each_time)
{
	slot = world_placed(HVM);
	for (unsigned int round = 0; round < 3; round++) {
		unsigned int first = 0x130 + round * 4;
		char line[FAKEXEN_LINE];

		fakexen_forget(world->xen);
		world_msix(HVM, slot, PCI_MSIX_ENABLE | PCI_MSIX_MASK);
		for (unsigned int i = 0; i < 2; i++) {
			uint64_t at = AT_ENTRY(i);

			world_store(HVM, at, 4, PIRQ_ADDRESS(first + i) & 0xffffffff);
			world_store(HVM, at + 4, 4, PIRQ_ADDRESS(first + i) >> 32);
			world_store(HVM, at + 8, 4, PIRQ_DATA);
		}
		world_msix(HVM, slot, PCI_MSIX_ENABLE);
		for (unsigned int i = 0; i < 2; i++) {
			snprintf(line, sizeof(line),
				 "map_msi d5 0000:03:00.0 entry %u table fe900000 pirq %u", i,
				 first + i);
			world_has(line);
			snprintf(line, sizeof(line), "bind_msi d5 pirq %u vector 0 ", first + i);
			world_has(line);
		}
		world_count("map_msi", 2); /* the other entries name no pirq */
		world_msix(HVM, slot, 0);
		world_count("unbind_msi", 2);
		world_count("unmap_pirq", 2);
	}
}
END_TEST

START_TEST(a_message_with_a_wrong_pirq_binds_nothing)
{
	slot = world_placed(HVM);
	world_msix(HVM, slot, PCI_MSIX_ENABLE);
	world_count("map_msi", 0);
	world_store(HVM, AT_TABLE + 32, 4, PIRQ_ADDRESS(0x135) & 0xffffffff);
	world_store(HVM, AT_TABLE + 36, 4, PIRQ_ADDRESS(0x135) >> 32);
	world_store(HVM, AT_TABLE + 40, 4, PIRQ_DATA);
	world_has("bind_msi d5 pirq 309 vector 0 ");
	ck_assert_uint_eq(
		fakexen_count(world->xen, "map_msi") - fakexen_count(world->xen, "unmap_pirq"), 1);
	/* pirqs of other kinds, or of nothing */
	world_entry(HVM, 3, PIRQ_ADDRESS(7), PIRQ_DATA, 0);
	world_entry(HVM, 4, PIRQ_ADDRESS(0xffffff00u), PIRQ_DATA, 0);
	world_entry(HVM, 5, PIRQ_ADDRESS(0), PIRQ_DATA, 0);
	world_check();
	world_msix(HVM, slot, 0);
	ck_assert_uint_ge(fakexen_count(world->xen, "unbind_msi"), 1);
	world_take(HVM, NIC);
	world_check_clean();
}
END_TEST

/* _i & 1: the map fails (0) or the bind (1); _i / 2: the errno. */
START_TEST(a_vector_that_fails_leaves_the_others)
{
	static const int errs[] = { ENOMEM, EPERM, EEXIST, EIO };
	unsigned int lines;

	two_bound();
	lines = world->lines;
	world_entry(PVH, 2, ADDRESS, DATA + 2, 1);
	fakexen_fail(world->xen, _i & 1 ? 2 : 1, errs[_i / 2]);
	world_store(PVH, AT_CONTROL(2), 4, 0);
	ck_assert(!fakexen_failing(world->xen));
	world_count("unbind_msi", 0);
	world_count("unmap_pirq", _i & 1);
	if (_i & 1)
		world_has("unmap_pirq d3 pirq 1021");
	ck_assert_uint_gt(world->lines, lines);
	world_entry(PVH, 3, ADDRESS, DATA + 3, 0);
	world_has("bind_msi d3 pirq 1021 vector 44 " FLAGS " table e1001000");
	world_store(PVH, AT_CONTROL(2), 4, 1);
	world_store(PVH, AT_CONTROL(2), 4, 0);
	world_has("bind_msi d3 pirq 1020 vector 43 " FLAGS " table e1001000");
	fakexen_forget(world->xen);
	world_msix(PVH, slot, 0);
	world_count("unbind_msi", 4);
	world_count("unmap_pirq", 4);
	/* one of many at the enable */
	fakexen_forget(world->xen);
	fakexen_fail(world->xen, 2, ENOMEM);
	world_msix(PVH, slot, PCI_MSIX_ENABLE);
	ck_assert_uint_ge(fakexen_count(world->xen, "bind_msi"), 3);
	world_count("map_msi", 4);
}
END_TEST

START_TEST(failures_do_not_fill_the_log)
{
	unsigned int lines;

	slot = world_placed(HVM);
	world_msix(HVM, slot, PCI_MSIX_ENABLE);
	lines = world->lines;
	for (unsigned int i = 0; i < 20000; i++)
		world_entry(HVM, i % VECTORS, PIRQ_ADDRESS(5 + i % 3), PIRQ_DATA, i & 1);
	ck_assert_uint_le(world->lines - lines, 100);
}
END_TEST

Suite *suite_guest_msix(void)
{
	Suite *s = suite_create("guest_msix");
	TCase *t = tcase_create("service_msix");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, a_vector_is_bound_when_it_is_unmasked);
	tcase_add_test(t, unmasked_vectors_are_bound_at_enable);
	tcase_add_loop_test(t, a_mask_write_that_xen_handled_is_not_repeated, 0, 2);
	tcase_add_test(t, disabling_unbinds_all_and_keeps_the_table);
	tcase_add_test(t, a_moved_table_is_bound_at_its_new_address);
	tcase_add_test(t, the_table_is_emulated_and_its_page_is_the_device);
	tcase_add_test(t, a_small_table_does_not_hide_its_page);
	tcase_add_test(t, the_pba_is_read_only_and_its_page_is_the_device);
	tcase_add_test(t, a_linux_guest_binds_other_pirqs_each_time);
	tcase_add_test(t, a_message_with_a_wrong_pirq_binds_nothing);
	tcase_add_loop_test(t, a_vector_that_fails_leaves_the_others, 0, 8);
	tcase_add_test(t, failures_do_not_fill_the_log);
	suite_add_tcase(s, t);
	return s;
}
