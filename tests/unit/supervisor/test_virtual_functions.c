/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Virtual functions. Their header follows PCI Express 9.3.4.1: ids read ffff, BARs, decode bits and
 * interrupt pin read 0; the physical function has the addresses.
 */
#include <errno.h>
#include <pci/header.h>
#include <stdio.h>
#include <string.h>

#include "suites.h"
#include "world.h"

static const struct ec_sbdf vf = { .bus = 3, .devfn = 0x81 };
#define PF NIC

#define VF_BAR0 0x4010004000ull /* 64-bit, 4 pages */
#define VF_BAR3 0x4020008000ull /* 64-bit, 4 pages, the MSI-X table in page 1 */
#define VF_EXPRESS 0x70
#define VF_MSIX 0xb0

static struct ec_host_facts *facts;
static unsigned int slot;

static void make_vf(struct fixture *x)
{
	fixture_init(x, EC_CONFIG_SIZE, PCI_HEADER_TYPE_NORMAL);
	fixture_put(x, PCI_VENDOR_ID, 4, 0xffffffff);
	fixture_put(x, PCI_COMMAND, 2, 0);
	fixture_put(x, PCI_CLASS_REVISION, 4, 0x02000007);
	fixture_put(x, PCI_INTERRUPT_LINE, 4, 0);
	fixture_put(x, PCI_SUBSYSTEM_VENDOR_ID, 4, 0x00a01234);
	fixture_express(x, VF_EXPRESS, 2, PCI_EXP_TYPE_ENDPOINT);
	fixture_cap(x, VF_MSIX, PCI_CAP_ID_MSIX);
	fixture_put(x, VF_MSIX + 2, 2, 3);
	fixture_put(x, VF_MSIX + 4, 4, 0x00001003);
	fixture_put(x, VF_MSIX + 8, 4, 0x00002003);
	fixture_ext(x, 0x100, PCI_EXT_CAP_ID_ARI, 1);
}

/* The physical function stays with the host's driver. */
static void make_world(void)
{
	struct ec_host_facts *of_pf;
	struct fixture x;

	world_new();
	world_guest(PVH);
	world_guest(HVM);
	world_card(&x, PF);
	fixture_put(&x, PCI_COMMAND, 2, 6);
	of_pf = world_add(PF, "nic", &x);
	of_pf->total_vfs = of_pf->num_vfs = 1;
	make_vf(&x);
	facts = fakexen_device(world->xen, vf, "nicvf", &x.img);
	facts->is_vf = true;
	facts->pf = PF;
	facts->vendor = 0x1234;
	facts->device = 0x0abc;
	facts->region[0] = (struct ec_region){ 0x4000, 0xc, VF_BAR0 };
	facts->region[3] = (struct ec_region){ 0x4000, 0x4, VF_BAR3 };
}

static void given(uint32_t domid)
{
	make_world();
	slot = world_give(domid, vf);
	fakexen_forget(world->xen);
}

static void place(uint32_t domid)
{
	world_write(domid, slot, PCI_BASE_ADDRESS_0, 4, AT_BAR0);
	world_write(domid, slot, PCI_BASE_ADDRESS_1, 4, 0);
	world_write(domid, slot, PCI_BASE_ADDRESS_3, 4, AT_BAR3);
	world_write(domid, slot, PCI_BASE_ADDRESS_4, 4, 0);
	world_write(domid, slot, PCI_COMMAND, 2, 6);
}

/* Only bus mastering of the header can be written. */
static void hardware_is_untouched(void)
{
	for (uint32_t off = 0x10; off <= 0x24; off += 4)
		ck_assert_uint_eq(fakexen_peek(world->xen, vf, off, 4), 0);
	ck_assert_uint_eq(fakexen_peek(world->xen, vf, PCI_ROM_ADDRESS, 4), 0);
	ck_assert_uint_eq(fakexen_peek(world->xen, vf, PCI_CACHE_LINE_SIZE, 2), 0);
	ck_assert_uint_eq(fakexen_peek(world->xen, vf, PCI_INTERRUPT_LINE, 4), 0);
	ck_assert_uint_eq(fakexen_peek(world->xen, vf, PCI_COMMAND, 2) & ~6u, 0);
}

START_TEST(a_virtual_function_looks_like_a_function)
{
	uint32_t domid = _i ? HVM : PVH;

	given(domid);
	ck_assert_uint_eq(world_read(domid, slot, PCI_VENDOR_ID, 4), 0x0abc1234);
	ck_assert_uint_eq(world_read(domid, slot, PCI_CLASS_REVISION, 4), 0x02000007);
	ck_assert_uint_eq(world_read(domid, slot, PCI_HEADER_TYPE, 1), 0);
	ck_assert_uint_eq(world_read(domid, slot, PCI_SUBSYSTEM_VENDOR_ID, 4), 0x00a01234);
	ck_assert_uint_eq(world_read(domid, slot, PCI_INTERRUPT_PIN, 1), 0);
	ck_assert_uint_eq(world_read(domid, slot, PCI_COMMAND, 2), 0);
	for (uint32_t off = 0x10; off <= 0x24; off += 4)
		world_write(domid, slot, off, 4, 0xffffffff);
	world_write(domid, slot, PCI_ROM_ADDRESS, 4, 0xffffffff);
	ck_assert_uint_eq(world_read(domid, slot, PCI_BASE_ADDRESS_0, 4), 0xffffc00c);
	ck_assert_uint_eq(world_read(domid, slot, PCI_BASE_ADDRESS_1, 4), NOTHING);
	ck_assert_uint_eq(world_read(domid, slot, PCI_BASE_ADDRESS_2, 4), 0);
	ck_assert_uint_eq(world_read(domid, slot, PCI_BASE_ADDRESS_3, 4), 0xffffc004);
	ck_assert_uint_eq(world_read(domid, slot, PCI_BASE_ADDRESS_4, 4), NOTHING);
	ck_assert_uint_eq(world_read(domid, slot, PCI_BASE_ADDRESS_5, 4), 0);
	ck_assert_uint_eq(world_read(domid, slot, PCI_ROM_ADDRESS, 4), 0);
	hardware_is_untouched();
	world_count("map_irq", 0);
}
END_TEST

static void mapped(const char *verb)
{
	char line[FAKEXEN_LINE];

	snprintf(line, sizeof(line), "map_memory d5 gfn e0000 mfn 4010004 n 4 %s", verb);
	world_count(line, 1);
	snprintf(line, sizeof(line), "map_memory d5 gfn e1000 mfn 4020008 n 1 %s", verb);
	world_count(line, 1);
	snprintf(line, sizeof(line), "map_memory d5 gfn e1003 mfn 402000b n 1 %s", verb);
	world_count(line, 1);
	world_count("map_memory", 3);
	fakexen_forget(world->xen);
}

/* The hardware's bit reads 0. */
START_TEST(memory_enable_is_emulated)
{
	given(HVM);
	place(HVM);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_COMMAND, 2), 6);
	mapped("add");
	ck_assert_uint_eq(fakexen_peek(world->xen, vf, PCI_COMMAND, 2), 6);
	world_write(HVM, slot, PCI_COMMAND, 2, 0x400);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_COMMAND, 2), 0x400);
	mapped("remove");
	hardware_is_untouched();
	ck_assert_uint_eq(fakexen_peek(world->xen, vf, PCI_COMMAND, 2), 2);
	world_take(HVM, vf);
	world_check_clean();
}
END_TEST

static void use(uint32_t domid)
{
	place(domid);
	world_write(domid, slot, VF_MSIX + 2, 2, PCI_MSIX_ENABLE);
	for (unsigned int i = 0; i < 2; i++)
		world_entry(domid, i, 0xfee01000, 0x40 + i, 0);
}

START_TEST(vectors_are_mapped_by_the_address_of_the_physical_function)
{
	given(HVM);
	use(HVM);
	world_has("map_msi d5 0000:03:10.1 entry 0 table 4020008000 ");
	world_count("bind_msi", 2);
	world_take(HVM, vf);
	world_check_clean();
	hardware_is_untouched();
	/* bus mastering is left to the host */
	ck_assert_uint_eq(fakexen_peek(world->xen, vf, PCI_COMMAND, 2), 0);
}
END_TEST

START_TEST(an_flr_restores_the_view)
{
	uint32_t view[64];

	given(HVM);
	for (uint32_t i = 0; i < 64; i++)
		view[i] = (uint32_t)world_read(HVM, slot, i * 4, 4);
	for (unsigned int round = 0; round < 2; round++) {
		fakexen_forget(world->xen);
		use(HVM);
		mapped("add");
		world_write(HVM, slot, VF_EXPRESS + PCI_EXP_DEVCTL + 1, 1, 0x80);
		world_count("reset 0000:03:10.1", 1);
		world_count("unbind_msi", 2);
		world_count("map_memory", 3);
		for (uint32_t i = 0; i < 64; i++)
			ck_assert_uint_eq(world_read(HVM, slot, i * 4, 4), view[i]);
		hardware_is_untouched();
		ck_assert_uint_eq(fakexen_peek(world->xen, vf, PCI_COMMAND, 2), 2);
	}
	world_take(HVM, vf);
	world_check_clean();
}
END_TEST

START_TEST(a_dead_guest_leaves_the_hardware_untouched)
{
	given(HVM);
	use(HVM);
	fakexen_kill(world->xen, HVM);
	ck_assert_uint_eq(ec_service_tick(world->service), 0);
	world_check_clean();
	hardware_is_untouched();
	ck_assert_uint_eq(fakexen_peek(world->xen, vf, PCI_COMMAND, 2), 0);
}
END_TEST

/* Xen does not prepare MSI-X then. */
START_TEST(without_memory_decode_of_the_physical_function_the_attach_fails)
{
	make_world();
	fakexen_poke(world->xen, PF, PCI_COMMAND, 2, 0);
	ck_assert_int_eq(world_attach(HVM, vf), -ENXIO);
	ck_assert_msg(strstr(world->diag.text, "preparing MSI-X"), "%s", world->diag.text);
	world->undecoded = 0;
	world_check_clean();
	hardware_is_untouched();
}
END_TEST

/* The kernel reports none, or one within a page. */
START_TEST(a_bar_without_an_address_is_refused)
{
	make_world();
	facts->region[_i ? 3 : 0].start = _i == 2 ? 0x4020000800 : 0;
	ck_assert_int_eq(world_attach(HVM, vf), -EINVAL);
	ck_assert_msg(strstr(world->diag.text, _i == 0   ? "no address"
					       : _i == 1 ? "BAR 3"
							 : "within a page"),
		      "%s", world->diag.text);
	world_check_clean();
}
END_TEST

/* The kernel does not report its BARs. */
START_TEST(without_regions_an_attach_harms_nothing)
{
	make_world();
	memset(facts->region, 0, sizeof(facts->region));
	if (world_attach(HVM, vf))
		ck_assert_uint_ne(world->diag.text[0], 0);
	else
		world_take(HVM, vf);
	world_check_clean();
}
END_TEST

START_TEST(rules_show_the_hardware_ids_and_memory_enable)
{
	make_world();
	world->rules =
		_i ? "{\"version\":1,\"rules\":[{\"set\":{\"vf\":{\"memory_enable\":false}}}]}"
		   : "{\"version\":1,\"rules\":[{\"set\":{\"vf\":{\"ids\":false}}}]}";
	slot = world_give(HVM, vf);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_VENDOR_ID, 4), _i ? 0x0abc1234 : 0xffffffff);
	fakexen_forget(world->xen);
	place(HVM);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_COMMAND, 2), _i ? 4 : 6);
	world_count("map_memory", _i ? 0 : 3);
	world_take(HVM, vf);
	world_check_clean();
}
END_TEST

START_TEST(a_physical_function_with_virtual_ones_is_refused)
{
	given(HVM);
	ck_assert_int_eq(world_attach(PVH, PF), -EBUSY);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_VENDOR_ID, 4), 0x0abc1234);
}
END_TEST

/* Linux refuses to remove a virtual function that xen-pciback holds, no other. */
START_TEST(an_attach_warns_if_xen_pciback_does_not_hold_it)
{
	static const struct {
		bool pciback, is_vf, warns;
	} rows[] = { { true, true, false }, { false, true, true }, { false, false, false } };

	make_world();
	fakexen_pciback(world->xen, rows[_i].pciback);
	facts->is_vf = rows[_i].is_vf;
	world_attach(PVH, vf);
	ck_assert_msg(!!strstr(world->text,
			       "held by pci-stub: while a guest has it, leave "
			       "sriov_numvfs of its physical function alone") == rows[_i].warns,
		      "%s", world->text);
}
END_TEST

Suite *suite_supervisor_virtual_functions(void)
{
	Suite *s = suite_create("supervisor_virtual_functions");
	TCase *t = tcase_create("service_vf");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_add_loop_test(t, a_virtual_function_looks_like_a_function, 0, 2);
	tcase_add_test(t, memory_enable_is_emulated);
	tcase_add_test(t, vectors_are_mapped_by_the_address_of_the_physical_function);
	tcase_add_test(t, an_flr_restores_the_view);
	tcase_add_test(t, a_dead_guest_leaves_the_hardware_untouched);
	tcase_add_test(t, without_memory_decode_of_the_physical_function_the_attach_fails);
	tcase_add_loop_test(t, a_bar_without_an_address_is_refused, 0, 3);
	tcase_add_test(t, without_regions_an_attach_harms_nothing);
	tcase_add_loop_test(t, rules_show_the_hardware_ids_and_memory_enable, 0, 2);
	tcase_add_loop_test(t, an_attach_warns_if_xen_pciback_does_not_hold_it, 0, 3);
	tcase_add_test(t, a_physical_function_with_virtual_ones_is_refused);
	suite_add_tcase(s, t);
	return s;
}
