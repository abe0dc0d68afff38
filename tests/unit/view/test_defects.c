/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Known defects of QEMU's xen-pt, one test each. */
#include <pci/header.h>

#include "core/bits.h"
#include "ruled_nic.h"
#include "suites.h"

/* 1. It showed nothing above 0xff, and did not adapt the PCI Express type to the topology. */
START_TEST(xen_pt_1_no_extended_space_and_wrong_type)
{
	rig_attach(nic, &fixture.img, EC_BYPASSED, NULL);
	ck_assert_uint_eq(rig_read(nic, NIC_AER, 4) & 0xffff, PCI_EXT_CAP_ID_AER);
	ck_assert_uint_eq(rig_read(nic, NIC_DSN + 4, 4), 0x89abcdef);
	ck_assert_uint_eq(rig_read(nic, NIC_EXP + PCI_EXP_FLAGS, 2) >> 4 & 15,
			  PCI_EXP_TYPE_ROOT_INT_EP);
	rig_attach(nic, &fixture.img, EC_FLATTENED, NULL);
	ck_assert_uint_eq(rig_read(nic, NIC_EXP + PCI_EXP_FLAGS, 2) >> 4 & 15,
			  PCI_EXP_TYPE_ENDPOINT);
}
END_TEST

/* 2. The next pointer of a second instance was the host's, and led to hidden capabilities. */
START_TEST(xen_pt_2_second_instance_leaks_hidden_capabilities)
{
	fixture_init(&fixture, 256, 0);
	fixture_cap(&fixture, 0x40, PCI_CAP_ID_VNDR);
	fixture_put(&fixture, 0x42, 1, 0x10);
	fixture_cap(&fixture, 0x50, PCI_CAP_ID_VNDR);
	fixture_put(&fixture, 0x52, 1, 0x10);
	fixture_cap(&fixture, 0x60, PCI_CAP_ID_HT);
	fixture_cap(&fixture, 0x90, PCI_CAP_ID_VNDR);
	fixture_put(&fixture, 0x92, 1, 0x10);
	fixture_cap(&fixture, 0xa0, PCI_CAP_ID_SLOTID);
	rig_attach(nic, &fixture.img, EC_BYPASSED, NULL);
	ck_assert_uint_eq(rig_read(nic, 0x34, 1), 0x40);
	ck_assert_uint_eq(rig_read(nic, 0x41, 1), 0x50);
	ck_assert_uint_eq(rig_read(nic, 0x51, 1), 0x90);
	ck_assert_uint_eq(rig_read(nic, 0x91, 1), 0);
	ck_assert_uint_eq(rig_read(nic, 0x60, 4), 0);
	ck_assert_uint_eq(rig_read(nic, 0xa0, 4), 0);
}
END_TEST

/* 3. It set up LNKCTL2 and DEVCTL2 of a version 1 capability in the bytes after it. */
START_TEST(xen_pt_3_registers_past_a_short_capability)
{
	fixture_init(&fixture, 256, 0);
	fixture_express(&fixture, 0x40, 1, PCI_EXP_TYPE_ROOT_INT_EP); /* 12 bytes */
	fixture_cap(&fixture, 0x4c, PCI_CAP_ID_VNDR);
	fixture_put(&fixture, 0x4e, 1, 0x34);
	fixture_fill(&fixture, 0x4f, 0x31, 0xc3);
	rig_attach(nic, &fixture.img, _i ? EC_FLATTENED : EC_BYPASSED, NULL);
	ck_assert_uint_eq(rig_read(nic, 0x4c, 1), PCI_CAP_ID_VNDR);
	for (uint32_t off = 0x4f; off < 0x80; off++) {
		ck_assert_uint_eq(rig_read(nic, off, 1), 0xc3);
		ck_assert_int_eq(rig_write(nic, off, 1, 0), EC_V_DROPPED);
	}
}
END_TEST

/* 4. It lost No_Soft_Reset if the host's PMCSR had bits in Data_Scale. */
START_TEST(xen_pt_4_initial_bits_lost)
{
	for (uint32_t pmcsr = 0; pmcsr < 0x10000; pmcsr += 0x1109) {
		fixture_init(&fixture, 256, 0);
		fixture_cap(&fixture, 0x40, PCI_CAP_ID_PM);
		fixture_put(&fixture, 0x42, 2, 0x0003);
		fixture_put(&fixture, 0x44, 2, pmcsr);
		rig_attach(nic, &fixture.img, EC_BYPASSED, NULL);
		/* D0, no soft reset, PME off; the hardware's data scale */
		ck_assert_uint_eq(rig_read(nic, 0x44, 2) & 0xe10f, 0x0008 | (pmcsr & 0x6000));
	}
}
END_TEST

/* 5. A chain with a loop hung the device model. */
START_TEST(xen_pt_5_unbounded_chain_walk)
{
	fixture_put(&fixture, NIC_VPD + PCI_CAP_LIST_NEXT, 1, 0x40);
	fixture_put(&fixture, NIC_VSEC, 4, 0x1001000b);
	rig_attach(nic, &fixture.img, EC_BYPASSED, NULL);
	ck_assert(!rig_has_cap(nic, 0xfe, false) && !rig_has_cap(nic, 0xfffe, true));
	ck_assert_uint_eq(rig_read(nic, NIC_VPD + PCI_CAP_LIST_NEXT, 1), 0);
	ck_assert_uint_eq(rig_read(nic, NIC_VSEC + 2, 2) >> 4, 0);
}
END_TEST

/* 6. The capability list bit depended on 16 bits at 0x34. */
START_TEST(xen_pt_6_status_tests_sixteen_bits)
{
	fixture_init(&fixture, 256, 0);
	fixture_put(&fixture, 0x06, 2, 0x0010);
	fixture_put(&fixture, 0x34, 2, 0x5500);
	rig_attach(nic, &fixture.img, EC_BYPASSED, NULL);
	ck_assert_uint_eq(rig_read(nic, 0x06, 2) & PCI_STATUS_CAP_LIST, 0);
	ck_assert_uint_eq(rig_read(nic, 0x34, 1), 0);
}
END_TEST

/* 9. It showed the host's multi-function bit, although functions get slots of their own. */
START_TEST(xen_pt_9_multi_function_bit_of_the_host)
{
	ck_assert_uint_eq(fixture_get(&fixture, 0x0e, 1), 0x80);
	rig_attach(nic, &fixture.img, _i ? EC_FLATTENED : EC_BYPASSED, NULL);
	ck_assert_uint_eq(rig_read(nic, 0x0e, 1), 0);
	ck_assert_int_eq(rig_write(nic, 0x0e, 1, 0x80), EC_V_DROPPED);
}
END_TEST

/* 11. It dropped HT, AF, SATA and EA from the chain without a message, their bodies readable. */
START_TEST(xen_pt_11_silently_dropped_capabilities)
{
	static const struct {
		uint8_t id;
		bool shown;
	} caps[] = { { PCI_CAP_ID_HT, false },
		     { PCI_CAP_ID_AF, true },
		     { PCI_CAP_ID_SATA, true },
		     { PCI_CAP_ID_SSVID, false },
		     { 0x14, false } };
	fixture_init(&fixture, 256, 0);
	for (uint32_t i = 0; i < EC_ARRAY_SIZE(caps); i++) {
		fixture_fill(&fixture, 0x40 + i * 0x20, 6, 0x21);
		fixture_cap(&fixture, 0x40 + i * 0x20, caps[i].id);
	}
	rig_attach(nic, &fixture.img, EC_BYPASSED, NULL);
	for (uint32_t i = 0; i < EC_ARRAY_SIZE(caps); i++) {
		ck_assert_uint_eq(rig_has_cap(nic, caps[i].id, false), caps[i].shown);
		/* named in the plan, whether shown or not */
		ck_assert_uint_eq(nic->plan.cap[i].cap->id, caps[i].id);
		ck_assert_uint_eq(nic->plan.cap[i].treatment != EC_HIDE, caps[i].shown);
		if (!caps[i].shown)
			ck_assert_uint_eq(rig_read(nic, 0x40 + i * 0x20, 4), 0);
	}
}
END_TEST

/* 14. It refused all PCI Express types except three kinds of endpoints. */
START_TEST(xen_pt_14_other_express_types_refused)
{
	for (uint8_t type = 0; type < 16; type++)
		for (uint8_t version = 0; version < 16; version++) {
			fixture_init(&fixture, 4096, 0);
			fixture_express(&fixture, 0x40, version, type);
			rig_attach(nic, &fixture.img, _i ? EC_FLATTENED : EC_BYPASSED, NULL);
			ck_assert(rig_has_cap(nic, PCI_CAP_ID_EXP, false));
			ck_assert_uint_eq(rig_read(nic, 0x42, 2) >> 4 & 15,
					  _i ? type == 1 : PCI_EXP_TYPE_ROOT_INT_EP);
		}
}
END_TEST

Suite *suite_view_defects(void)
{
	Suite *s = suite_create("view_defects");
	TCase *t = tcase_create("xen-pt");

	tcase_add_checked_fixture(t, nic_setup, nic_teardown);
	tcase_add_test(t, xen_pt_1_no_extended_space_and_wrong_type);
	tcase_add_test(t, xen_pt_2_second_instance_leaks_hidden_capabilities);
	tcase_add_loop_test(t, xen_pt_3_registers_past_a_short_capability, 0, 2);
	tcase_add_test(t, xen_pt_4_initial_bits_lost);
	tcase_add_test(t, xen_pt_5_unbounded_chain_walk);
	tcase_add_test(t, xen_pt_6_status_tests_sixteen_bits);
	tcase_add_loop_test(t, xen_pt_9_multi_function_bit_of_the_host, 0, 2);
	tcase_add_test(t, xen_pt_11_silently_dropped_capabilities);
	tcase_add_loop_test(t, xen_pt_14_other_express_types_refused, 0, 2);
	suite_add_tcase(s, t);
	return s;
}
