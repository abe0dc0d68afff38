/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "capabilities/express.h"
#include "core/bits.h"
#include "ruled_nic.h"
#include "suites.h"
#include "view/build.h"

/* Where functions other than the NIC have their capabilities. */
enum {
	SHORT_EXP_AT = 0x40, /* version 1: 20 bytes */
	LONG_VNDR_AT = SHORT_EXP_AT + 20,
	GAP_AT = 0xc0, /* in none */

	EXP_AT = 0x70,

	SRIOV_AT = 0x100,
	ATS_AT = 0x140,
	DSN_AT = 0x150,

	CXL_AT = 0x100,
	DVSEC_AT = 0x140,

	SLOTID_AT = 0x40,
	HT_AT = 0x50,

	CUT_MSI_AT = 0x50,
	PM_AT = CUT_MSI_AT + PCI_MSI_DATA_64,

	FIRST_AT = 0x40, /* two of one kind, and another between them */
	VNDR_AT = 0x80,
	SECOND_AT = 0xa0,
};

/* Every byte of the view belongs to exactly one register. */
static void check_cover(void)
{
	uint32_t pos = 0;

	for (unsigned int i = 0; i < nic->plan.n; i++) {
		ck_assert_uint_eq(nic->plan.reg[i].offset, pos);
		pos += nic->plan.reg[i].span;
		ck_assert_ptr_eq(ec_plan_at(&nic->plan, nic->plan.reg[i].offset),
				 nic->plan.reg + i);
		ck_assert_ptr_eq(ec_plan_at(&nic->plan, pos - 1), nic->plan.reg + i);
	}
	ck_assert_uint_eq(pos, nic->plan.layout.size);
	ck_assert_ptr_null(ec_plan_at(&nic->plan, pos));
	ck_assert_ptr_null(ec_plan_at(&nic->plan, UINT32_MAX));
}

/* A capability that is too short lacks the register. */
START_TEST(a_register_is_found_by_its_offset)
{
	struct ec_plan *p = &nic->plan;

	fixture_init(&fixture, 256, 0);
	fixture_express(&fixture, SHORT_EXP_AT, 1, PCI_EXP_TYPE_ENDPOINT);
	fixture_cap(&fixture, LONG_VNDR_AT, PCI_CAP_ID_VNDR);
	fixture_put(&fixture, LONG_VNDR_AT + PCI_VNDR_LENGTH, 1, 0x40);
	rig_attach(nic, &fixture.img, EC_FLATTENED, NULL);
	check_cover();
	ck_assert_str_eq(ec_plan_row(p, 0, PCI_COMMAND)->reg.name, "COMMAND");
	ck_assert_str_eq(ec_plan_row(p, 1, SHORT_EXP_AT + PCI_EXP_LNKSTA)->reg.name, "LNKSTA");
	ck_assert_ptr_null(ec_plan_row(p, 0, PCI_COMMAND + 1)); /* within a register */
	ck_assert_ptr_null(ec_plan_row(p, 0, SHORT_EXP_AT + PCI_EXP_LNKSTA)); /* of a capability */
	/* body of the next capability */
	ck_assert_ptr_null(ec_plan_row(p, 1, SHORT_EXP_AT + PCI_EXP_LNKCTL2));
	ck_assert_ptr_null(ec_plan_row(p, 2, SHORT_EXP_AT + PCI_EXP_LNKCTL2));
	ck_assert_ptr_null(ec_plan_row(p, 0, GAP_AT));
}
END_TEST

START_TEST(the_header_is_as_at_power_on)
{
	rig_attach(nic, &fixture.img, EC_BYPASSED, NULL);
	check_cover();
	ck_assert_uint_eq(rig_read(nic, PCI_VENDOR_ID, 4), 0x00011234);
	ck_assert_uint_eq(rig_read(nic, PCI_COMMAND, 2), 0);
	ck_assert_uint_eq(rig_read(nic, PCI_STATUS, 2), 0x0018);
	ck_assert_uint_eq(rig_read(nic, PCI_CLASS_REVISION, 4), 0x02000003);
	ck_assert_uint_eq(rig_read(nic, PCI_CACHE_LINE_SIZE, 4),
			  0); /* cache line 0, one function */
	ck_assert_uint_eq(rig_read(nic, PCI_BASE_ADDRESS_0, 4), 0x0000000c);
	ck_assert_uint_eq(rig_read(nic, PCI_BASE_ADDRESS_1, 4), 0);
	ck_assert_uint_eq(rig_read(nic, PCI_BASE_ADDRESS_2, 4), 0x00000001);
	ck_assert_uint_eq(rig_read(nic, PCI_BASE_ADDRESS_3, 4), 0);
	ck_assert_uint_eq(rig_read(nic, PCI_SUBSYSTEM_VENDOR_ID, 4), 0x00a01234);
	ck_assert_uint_eq(rig_read(nic, PCI_ROM_ADDRESS, 4), 0);
	ck_assert_uint_eq(rig_read(nic, PCI_INTERRUPT_LINE, 4), 0x00000100); /* line 0, INTA# */
}
END_TEST

START_TEST(constants_need_no_hardware_access)
{
	static const uint32_t constant[] = {
		PCI_VENDOR_ID,
		PCI_CLASS_REVISION,
		PCI_CACHE_LINE_SIZE,
		PCI_BASE_ADDRESS_0,
		PCI_SUBSYSTEM_VENDOR_ID,
		PCI_CAPABILITY_LIST,
		NIC_PM,
		NIC_MSI,
		NIC_MSI + PCI_MSI_ADDRESS_LO,
		NIC_EXP,
		NIC_EXP + PCI_EXP_DEVCAP,
		NIC_MSIX,
		NIC_MSIX + PCI_MSIX_TABLE,
		NIC_MSIX + PCI_MSIX_PBA,
		NIC_GAP,
		NIC_AER,
		NIC_DSN,
		NIC_DSN + 4,
		NIC_DSN + 8,
		NIC_VSEC,
		NIC_VSEC + PCI_EVNDR_HEADER,
	};

	rig_attach(nic, &fixture.img, EC_FLATTENED, NULL);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(constant); i++) {
		rig_read(nic, constant[i], 4);
		ck_assert_msg(nic->n == 0, "%x reads the hardware", constant[i]);
	}
}
END_TEST

START_TEST(hidden_bytes_read_0_and_drop_writes)
{
	static const struct {
		uint16_t from, to;
	} dead[] = {
		{ NIC_MSI + PCI_MSI_MASK_BIT_64, NIC_MSI + PCI_MSI_PENDING_64 + 4 },
		{ NIC_ARI, NIC_ARI + 8 },
		{ NIC_SRIOV, NIC_SRIOV + 64 },
		{ NIC_VSEC + 24, EC_CONFIG_SIZE },
	};

	fixture_fill(&fixture, NIC_SRIOV + 4, 0x3c, 0xff);
	rig_attach(nic, &fixture.img, _i ? EC_FLATTENED : EC_BYPASSED, NULL);
	ck_assert(!rig_has_cap(nic, PCI_EXT_CAP_ID_SRIOV, true));
	ck_assert(!rig_has_cap(nic, PCI_EXT_CAP_ID_ARI, true));
	ck_assert(rig_has_cap(nic, PCI_EXT_CAP_ID_VNDR, true));
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(dead); i++)
		for (uint32_t off = dead[i].from; off < dead[i].to; off++) {
			ck_assert_int_eq(rig_write(nic, off, 1, 0xff), EC_V_DROPPED);
			ck_assert_uint_eq(nic->n, 0);
			ck_assert_uint_eq(rig_read(nic, off, 1), 0);
			ck_assert_uint_eq(nic->n, 0);
		}
}
END_TEST

START_TEST(standard_gaps_are_frozen_and_extended_ones_hidden)
{
	rig_attach(nic, &fixture.img, EC_BYPASSED, NULL);
	ck_assert_uint_eq(rig_read(nic, NIC_GAP, 4), 0x11223344);
	ck_assert_int_eq(rig_write(nic, NIC_GAP, 4, 0), EC_V_DROPPED);
	ck_assert_uint_eq(rig_read(nic, NIC_EXT_GAP, 4), 0);
}
END_TEST

START_TEST(a_null_capability_takes_the_place_of_a_hidden_head)
{
	fixture_init(&fixture, 4096, 0);
	fixture_ext(&fixture, SRIOV_AT, PCI_EXT_CAP_ID_SRIOV, 1);
	fixture_fill(&fixture, SRIOV_AT + 4, 0x3c, 0x77);
	fixture_ext(&fixture, ATS_AT, PCI_EXT_CAP_ID_ATS, 1);
	fixture_ext(&fixture, DSN_AT, PCI_EXT_CAP_ID_DSN, 1);
	rig_attach(nic, &fixture.img, EC_BYPASSED, NULL);
	ck_assert_uint_eq(rig_read(nic, SRIOV_AT, 4), 0x15000000);
	ck_assert_uint_eq(rig_read(nic, SRIOV_AT + 4, 4), 0);
	ck_assert_uint_eq(rig_read(nic, ATS_AT, 4), 0);
	ck_assert_uint_eq(rig_read(nic, DSN_AT, 4), 0x00010003);
}
END_TEST

START_TEST(without_shown_capabilities_both_lists_are_empty)
{
	fixture_init(&fixture, 4096, 0);
	fixture_cap(&fixture, SLOTID_AT, PCI_CAP_ID_SLOTID);
	fixture_cap(&fixture, HT_AT, PCI_CAP_ID_HT);
	fixture_ext(&fixture, SRIOV_AT, PCI_EXT_CAP_ID_SRIOV, 1);
	fixture_ext(&fixture, ATS_AT, PCI_EXT_CAP_ID_ATS, 1);
	rig_attach(nic, &fixture.img, EC_BYPASSED, NULL);
	ck_assert_uint_eq(rig_read(nic, PCI_CAPABILITY_LIST, 1), 0);
	ck_assert_uint_eq(rig_read(nic, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST, 0);
	ck_assert_uint_eq(rig_read(nic, SRIOV_AT, 4), 0);
	ck_assert_uint_eq(rig_read(nic, ATS_AT, 4), 0);
}
END_TEST

/* topology, hardware's type and version; type and version shown; LNKCAP, LNKSTA, LNKCAP2 */
static const struct {
	enum ec_topology topology;
	uint8_t type, version, shown, shown_version;
	uint32_t cap, sta, cap2;
} link_rows[] = {
	{ EC_BYPASSED, 0, 2, 9, 2, 0, 0, 0 },
	{ EC_BYPASSED, 1, 2, 9, 2, 0, 0, 0 },
	{ EC_BYPASSED, 9, 2, 9, 2, 0, 0, 0 },
	{ EC_BYPASSED, 10, 2, 9, 2, 0, 0, 0 },
	{ EC_BYPASSED, 0, 1, 9, 1, 0, 0, 0 },
	{ EC_BYPASSED, 0, 0, 9, 1, 0, 0, 0 },
	{ EC_FLATTENED, 0, 2, 0, 2, 0x0047dc43, 0x1042, 0xe },
	{ EC_FLATTENED, 1, 2, 1, 2, 0x0047dc43, 0x1042, 0xe },
	{ EC_FLATTENED, 9, 2, 0, 2, 0x11, 0x11, 2 },
	{ EC_FLATTENED, 9, 1, 0, 1, 0x11, 0x11, 0 },
	{ EC_FLATTENED, 10, 2, 0, 2, 0x11, 0x11, 2 },
	{ EC_FLATTENED, 0, 0, 0, 1, 0x0047dc43, 0x1042, 0 },
	{ EC_FLATTENED, 4, 2, 0, 2, 0x0047dc43, 0x1042, 0xe }, /* invalid in a type 0 header */
	{ EC_HOST, 0, 2, 0, 2, 0x0047dc43, 0x1042, 0xe },
	{ EC_HOST, 9, 0, 9, 0, 0x0047dc43, 0x1042, 0 },
};

START_TEST(the_topology_decides_type_and_link)
{
	bool second = link_rows[_i].version == 2;
	uint32_t target = link_rows[_i].cap & 15;

	fixture_init(&fixture, 4096, 0);
	fixture_express(&fixture, EXP_AT, link_rows[_i].version, link_rows[_i].type);
	fixture_put(&fixture, EXP_AT + PCI_EXP_FLAGS, 2,
		    fixture_get(&fixture, EXP_AT + PCI_EXP_FLAGS, 2) | PCI_EXP_FLAGS_SLOT);
	if (link_rows[_i].topology == EC_HOST)
		fixture_express(&fixture, EXP_AT, link_rows[_i].version, link_rows[_i].type);
	rig_attach(nic, &fixture.img, link_rows[_i].topology, NULL);
	ck_assert_uint_eq(rig_read(nic, EXP_AT + PCI_EXP_FLAGS, 2),
			  0x0200 | link_rows[_i].shown << 4 | link_rows[_i].shown_version);
	if (link_rows[_i].topology == EC_HOST)
		return;
	ck_assert_uint_eq(rig_read(nic, EXP_AT + PCI_EXP_LNKCAP, 4), link_rows[_i].cap);
	ck_assert_uint_eq(rig_read(nic, EXP_AT + PCI_EXP_LNKCTL, 2), 0);
	ck_assert_uint_eq(rig_read(nic, EXP_AT + PCI_EXP_LNKSTA, 2), link_rows[_i].sta);
	if (second && link_rows[_i].topology == EC_FLATTENED) {
		ck_assert_uint_eq(rig_read(nic, EXP_AT + PCI_EXP_LNKCAP2, 4), link_rows[_i].cap2);
		ck_assert_uint_eq(rig_read(nic, EXP_AT + PCI_EXP_LNKCTL2, 2), target);
	}
	if (second && link_rows[_i].topology == EC_BYPASSED)
		for (uint32_t off = EXP_AT + PCI_EXP_LNKCAP2; off < EXP_AT + PCI_EXP_SLTCAP2;
		     off += 2)
			if (off < EXP_AT + ec_express_length(2, link_rows[_i].type, false))
				ck_assert_uint_eq(rig_read(nic, off, 2), 0);
}
END_TEST

START_TEST(a_link_in_training_is_shown_at_its_maximum)
{
	struct ec_express_link hw = { 0x0047dc43, 0x1042, 0xe }, link;

	link = ec_topology_link(EC_HOST, PCI_EXP_TYPE_ENDPOINT, hw);
	ck_assert(link.cap == hw.cap && link.sta == hw.sta && link.cap2 == hw.cap2);
	link = ec_topology_link(EC_BYPASSED, PCI_EXP_TYPE_ENDPOINT, hw);
	ck_assert(!link.cap && !link.sta && !link.cap2);
}
END_TEST

START_TEST(a_link_that_is_down_is_shown_at_its_maximum)
{
	fixture_init(&fixture, 4096, 0);
	fixture_express(&fixture, EXP_AT, 2, PCI_EXP_TYPE_ENDPOINT);
	fixture_put(&fixture, EXP_AT + PCI_EXP_LNKSTA, 2, 0x0800);
	rig_attach(nic, &fixture.img, EC_FLATTENED, NULL);
	ck_assert_uint_eq(rig_read(nic, EXP_AT + PCI_EXP_LNKSTA, 2), 0x0043);
}
END_TEST

START_TEST(the_host_topology_shows_all_bytes)
{
	uint8_t seen[EC_CONFIG_SIZE];

	rig_attach(nic, &fixture.img, EC_HOST, NULL);
	check_cover();
	for (uint32_t off = 0; off < EC_CONFIG_SIZE; off += 4)
		ec_put_le(seen + off, 4, rig_read(nic, off, 4));
	ck_assert_mem_eq(seen, fixture.img.byte, sizeof(seen));
	for (uint32_t off = 0; off < EC_CONFIG_SIZE; off += 4)
		ck_assert_int_eq(rig_write(nic, off, 4, 0xffffffff), EC_V_DROPPED);
	ck_assert_mem_eq(nic->device.image.byte, fixture.img.byte, sizeof(seen));
}
END_TEST

START_TEST(cxl_capabilities_are_hidden)
{
	fixture_init(&fixture, 4096, 0);
	fixture_ext(&fixture, CXL_AT, PCI_EXT_CAP_ID_DVSEC, 1);
	fixture_put(&fixture, CXL_AT + PCI_DVSEC_HEADER1, 4, 0x03811e98);
	fixture_ext(&fixture, DVSEC_AT, PCI_EXT_CAP_ID_DVSEC, 1);
	fixture_put(&fixture, DVSEC_AT + PCI_DVSEC_HEADER1, 4, 0x01818086);
	fixture_put(&fixture, DVSEC_AT + PCI_DVSEC_HEADER2, 4, 0xbeef0007);
	rig_attach(nic, &fixture.img, EC_BYPASSED, NULL);
	ck_assert_uint_eq(rig_read(nic, CXL_AT, 4), 0x14000000);
	ck_assert_uint_eq(rig_read(nic, CXL_AT + PCI_DVSEC_HEADER1, 4), 0);
	ck_assert_uint_eq(rig_read(nic, DVSEC_AT + PCI_DVSEC_HEADER2, 4), 0xbeef0007);
	ck_assert_int_eq(rig_write(nic, DVSEC_AT + 12, 4, 1), EC_V_DROPPED);
}
END_TEST

START_TEST(msi_cut_before_its_message_is_hidden)
{
	fixture_init(&fixture, 256, 0);
	fixture_cap(&fixture, CUT_MSI_AT, PCI_CAP_ID_MSI);
	fixture_put(&fixture, CUT_MSI_AT + PCI_MSI_FLAGS, 2, 0x0080);
	fixture_cap(&fixture, PM_AT, PCI_CAP_ID_PM);
	rig_attach(nic, &fixture.img, EC_BYPASSED, NULL);
	ck_assert_uint_eq(rig_read(nic, PCI_CAPABILITY_LIST, 1), PM_AT);
	ck_assert_uint_eq(rig_read(nic, CUT_MSI_AT, 4), 0);
	ck_assert_uint_eq(nic->plan.cap[0].fault, EC_CAP_OVERLAP);
}
END_TEST

/* The standard allows one per function, so a second one has no meaning. */
START_TEST(a_second_instance_of_a_single_capability_is_hidden)
{
	static const uint8_t ids[] = { PCI_CAP_ID_PM, PCI_CAP_ID_MSI, PCI_CAP_ID_MSIX,
				       PCI_CAP_ID_EXP, PCI_CAP_ID_AF };

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(ids); i++) {
		fixture_init(&fixture, 256, 0);
		fixture_put(&fixture, PCI_BASE_ADDRESS_0, 4, 0xfe900000);
		fixture_cap(&fixture, FIRST_AT, ids[i]);
		fixture_cap(&fixture, VNDR_AT, PCI_CAP_ID_VNDR);
		fixture_put(&fixture, VNDR_AT + PCI_VNDR_LENGTH, 1, 4);
		fixture_cap(&fixture, SECOND_AT, ids[i]);
		rig_attach(nic, &fixture.img, EC_BYPASSED, NULL);
		ck_assert_uint_eq(rig_read(nic, FIRST_AT + PCI_CAP_LIST_NEXT, 1), VNDR_AT);
		ck_assert_uint_eq(rig_read(nic, VNDR_AT + PCI_CAP_LIST_NEXT, 1), 0);
		/* PMCSR too, although the row sets bits of it */
		ck_assert_uint_eq(rig_read(nic, SECOND_AT, 8), 0);
	}
}
END_TEST

START_TEST(a_virtual_function_has_the_ids_of_the_options)
{
	struct ec_plan_options o = { .vendor = 0x8086, .device = 0x10ed };

	fixture_init(&fixture, 4096, 0);
	fixture_put(&fixture, PCI_VENDOR_ID, 4, 0xffffffff);
	ck_assert_int_eq(ec_plan_build(&nic->plan, &fixture.img, &o, NULL), 0);
	ck_assert_uint_eq(ec_plan_at(&nic->plan, PCI_VENDOR_ID)->value, 0x8086);
	ck_assert_uint_eq(ec_plan_at(&nic->plan, PCI_DEVICE_ID)->value, 0x10ed);
	o.multifunction = true;
	fixture_put(&fixture, PCI_VENDOR_ID, 4, 0x00011234);
	ck_assert_int_eq(ec_plan_build(&nic->plan, &fixture.img, &o, NULL), 0);
	ck_assert_uint_eq(ec_plan_at(&nic->plan, PCI_VENDOR_ID)->value, 0x1234);
	ck_assert_uint_eq(ec_plan_at(&nic->plan, PCI_HEADER_TYPE)->value, 0x80);
}
END_TEST

START_TEST(a_function_that_cannot_be_viewed_is_refused)
{
	struct ec_plan_options guest = { 0 }, host = { .topology = EC_HOST };
	struct ec_diag diag;

	fixture_init(&fixture, 256, PCI_HEADER_TYPE_BRIDGE);
	ck_assert_int_eq(ec_plan_build(&nic->plan, &fixture.img, &guest, &diag), -EOPNOTSUPP);
	ck_assert(strstr(diag.text, "bridge") != NULL);
	ck_assert_int_eq(ec_plan_build(&nic->plan, &fixture.img, &host, &diag), 0);
	fixture_init(&fixture, 256, PCI_HEADER_TYPE_CARDBUS);
	ck_assert_int_eq(ec_plan_build(&nic->plan, &fixture.img, &host, &diag), -EOPNOTSUPP);
	fixture_init(&fixture, 256, 0x7f);
	ck_assert_int_eq(ec_plan_build(&nic->plan, &fixture.img, &guest, &diag), -EOPNOTSUPP);
	fixture_fill(&fixture, 0, 256, 0xff);
	ck_assert_int_eq(ec_plan_build(&nic->plan, &fixture.img, &host, &diag), -ENODEV);
	fixture_init(&fixture, 256, 0);
	fixture.img.present[0] &= ~1u;
	ck_assert_int_eq(ec_plan_build(&nic->plan, &fixture.img, &guest, &diag), -ENODATA);
}
END_TEST

/* The values of constants are not in the layout. */
START_TEST(functions_of_one_kind_have_equal_layouts)
{
	struct ec_plan_options o = { .topology = EC_BYPASSED };
	struct rig *other = rig_new();

	ck_assert_int_eq(ec_plan_build(&nic->plan, &fixture.img, &o, NULL), 0);
	fixture_put(&fixture, PCI_SUBSYSTEM_VENDOR_ID, 4, 0);
	fixture_put(&fixture, NIC_GAP, 4, 0);
	fixture_put(&fixture, NIC_GAP + 4, 4, 1);
	fixture_put(&fixture, NIC_DSN + 4, 4, 0);
	ck_assert_int_eq(ec_plan_build(&other->plan, &fixture.img, &o, NULL), 0);
	ck_assert_uint_eq(ec_layout_bytes(&nic->plan.layout), ec_layout_bytes(&other->plan.layout));
	ck_assert_mem_eq(&nic->plan.layout, &other->plan.layout,
			 ec_layout_bytes(&nic->plan.layout));
	rig_free(other);
}
END_TEST

START_TEST(rows_missing_in_a_dump_read_0)
{
	fixture.img.present[0] &= ~(0xfu << NIC_PM / 4); /* PM and its neighbours */
	fixture.img.present[NIC_VSEC / 4 / 32] &= ~(0xfu << NIC_VSEC / 4 % 32);
	rig_attach(nic, &fixture.img, EC_BYPASSED, NULL);
	check_cover();
	for (uint32_t off = NIC_PM; off < NIC_PM + 16; off += 4) {
		ck_assert_uint_eq(rig_read(nic, off, 4), 0);
		ck_assert_int_eq(nic->last.verdict, EC_V_SERVED);
	}
}
END_TEST

Suite *suite_view_build(void)
{
	Suite *s = suite_create("view_build");
	TCase *t = tcase_create("plan");

	tcase_add_checked_fixture(t, nic_setup, nic_teardown);
	tcase_add_test(t, a_register_is_found_by_its_offset);
	tcase_add_test(t, the_header_is_as_at_power_on);
	tcase_add_test(t, constants_need_no_hardware_access);
	tcase_add_loop_test(t, hidden_bytes_read_0_and_drop_writes, 0, 2);
	tcase_add_test(t, standard_gaps_are_frozen_and_extended_ones_hidden);
	tcase_add_test(t, a_null_capability_takes_the_place_of_a_hidden_head);
	tcase_add_test(t, without_shown_capabilities_both_lists_are_empty);
	tcase_add_loop_test(t, the_topology_decides_type_and_link, 0, EC_ARRAY_SIZE(link_rows));
	tcase_add_test(t, a_link_in_training_is_shown_at_its_maximum);
	tcase_add_test(t, a_link_that_is_down_is_shown_at_its_maximum);
	tcase_add_test(t, the_host_topology_shows_all_bytes);
	tcase_add_test(t, cxl_capabilities_are_hidden);
	tcase_add_test(t, msi_cut_before_its_message_is_hidden);
	tcase_add_test(t, a_second_instance_of_a_single_capability_is_hidden);
	tcase_add_test(t, a_virtual_function_has_the_ids_of_the_options);
	tcase_add_test(t, a_function_that_cannot_be_viewed_is_refused);
	tcase_add_test(t, functions_of_one_kind_have_equal_layouts);
	tcase_add_test(t, rows_missing_in_a_dump_read_0);
	suite_add_tcase(s, t);
	return s;
}
