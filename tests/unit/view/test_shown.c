/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Extended capabilities that are shown with changes. */
#include <pci/header.h>

#include "capabilities/bits.h"
#include "core/bits.h"
#include "ruled_nic.h"
#include "suites.h"

/* Where the functions have their capabilities. */
enum {
	EXP_AT = 0x40,

	AER_AT = 0x100,
	AER_END = AER_AT + 0x48, /* with root registers and the TLP prefix log */
	AER_DSN_AT = 0x150,

	REBAR_AT = 0x100,

	CXL_AT = 0x100,
	DVSEC_AT = 0x140,
};

/* Registers of an entry of Resizable BAR. */
#define REBAR_CAP(entry) (REBAR_AT + 4 + 8 * (entry))
#define REBAR_CTRL(entry) (REBAR_AT + EC_REBAR_CTRL + 8 * (entry))

/* The hardware has reported every error, and masks all of them. */
static void errors_everywhere(uint8_t type, uint32_t aer_caps)
{
	fixture_init(&fixture, 4096, 0);
	fixture_express(&fixture, EXP_AT, 2, type);
	fixture_put(&fixture, EXP_AT + PCI_EXP_DEVCAP2, 4, PCI_EXP_DEVCAP2_EE_TLP);
	fixture_ext(&fixture, AER_AT, PCI_EXT_CAP_ID_AER, 2);
	fixture_fill(&fixture, AER_AT + PCI_ERR_UNCOR_STATUS, 0x44, 0xff);
	fixture_put(&fixture, AER_AT + PCI_ERR_CAP, 4, aer_caps);
	fixture_ext(&fixture, AER_DSN_AT, PCI_EXT_CAP_ID_DSN, 1);
	rig_attach(nic, &fixture.img, EC_FLATTENED, NULL);
}

static enum ec_treatment treatment(uint32_t offset)
{
	return ec_reg_main(ec_plan_at(&nic->plan, offset)->served);
}

/* Source of the power-on values: QEMU pcie_regs.h, and most devices before they are written. */
START_TEST(aer_starts_as_at_power_on)
{
	errors_everywhere(PCI_EXP_TYPE_ENDPOINT, 0xffffffff);
	ck_assert(rig_has_cap(nic, PCI_EXT_CAP_ID_AER, true));
	ck_assert_uint_eq(rig_read(nic, AER_AT + PCI_ERR_UNCOR_STATUS, 4), 0);
	ck_assert_uint_eq(rig_read(nic, AER_AT + PCI_ERR_UNCOR_MASK, 4) & 0x00400000, 0x00400000);
	ck_assert_uint_eq(rig_read(nic, AER_AT + PCI_ERR_UNCOR_SEVER, 4), 0x00462030);
	ck_assert_uint_eq(rig_read(nic, AER_AT + PCI_ERR_COR_STATUS, 4), 0);
	ck_assert_uint_eq(rig_read(nic, AER_AT + PCI_ERR_COR_MASK, 4) & 0x2000, 0x2000);
	/* the hardware's capabilities, nothing enabled, no first error */
	ck_assert_uint_eq(rig_read(nic, AER_AT + PCI_ERR_CAP, 4) & 0x00000fff, 0x000002a0);
	for (uint32_t off = AER_AT + PCI_ERR_HEADER_LOG; off < AER_END; off += 4)
		ck_assert_uint_eq(rig_read(nic, off, 4), 0);
	ck_assert_uint_eq(nic->n, 0);
}
END_TEST

START_TEST(aer_keeps_writes_in_the_shadow)
{
	errors_everywhere(PCI_EXP_TYPE_ENDPOINT, 0xa0);
	for (uint32_t off = AER_AT + PCI_ERR_UNCOR_STATUS; off < AER_AT + PCI_ERR_ROOT_COMMAND;
	     off += 4) {
		rig_write(nic, off, 4, 0xffffffff);
		ck_assert_uint_eq(nic->n, 0);
	}
	ck_assert_uint_eq(rig_read(nic, AER_AT + PCI_ERR_UNCOR_STATUS, 4), 0);
	ck_assert_uint_eq(rig_read(nic, AER_AT + PCI_ERR_UNCOR_MASK, 4) & 0x03fff030, 0x03fff030);
	ck_assert_uint_eq(rig_read(nic, AER_AT + PCI_ERR_UNCOR_MASK, 4) & 0x00000fcf, 0);
	ck_assert_uint_eq(rig_read(nic, AER_AT + PCI_ERR_COR_MASK, 4), 0xf1c1);
	/* ECRC and multiple headers */
	ck_assert_uint_eq(rig_read(nic, AER_AT + PCI_ERR_CAP, 4), 0x1e0);
	rig_write(nic, AER_AT + PCI_ERR_UNCOR_MASK, 4, 0);
	ck_assert_uint_eq(rig_read(nic, AER_AT + PCI_ERR_UNCOR_MASK, 4), 0);
	/* the device keeps the host's values */
	ck_assert_uint_eq(ec_image_get(&nic->device.image, AER_AT + PCI_ERR_UNCOR_MASK, 4),
			  0xffffffff);
}
END_TEST

/* An endpoint with a prefix log has no root registers. */
START_TEST(aer_root_registers_of_an_endpoint_are_dead)
{
	errors_everywhere(PCI_EXP_TYPE_ENDPOINT, 0x800);
	ck_assert_uint_eq(treatment(AER_AT + PCI_ERR_ROOT_COMMAND), EC_HIDE);
	ck_assert_int_eq(rig_write(nic, AER_AT + PCI_ERR_ROOT_COMMAND, 4, 7), EC_V_DROPPED);
	ck_assert_uint_eq(rig_read(nic, AER_AT + PCI_ERR_ROOT_COMMAND, 4), 0);
	ck_assert_uint_eq(treatment(AER_END - 4), EC_EMULATE);
	errors_everywhere(PCI_EXP_TYPE_ROOT_EC, 0);
	ck_assert_uint_eq(treatment(AER_AT + PCI_ERR_ROOT_COMMAND), EC_EMULATE);
	ck_assert_uint_eq(rig_read(nic, AER_AT + PCI_ERR_ROOT_COMMAND, 4), 0);
	rig_write(nic, AER_AT + PCI_ERR_ROOT_COMMAND, 4, 0xffffffff);
	ck_assert_uint_eq(rig_read(nic, AER_AT + PCI_ERR_ROOT_COMMAND, 4), 7);
	ck_assert_uint_eq(rig_read(nic, AER_AT + PCI_ERR_ROOT_STATUS, 4), 0);
}
END_TEST

/* A function with one Resizable BAR capability of @n BARs, BAR i of 2^(20 + size[i]) bytes. */
static void resizable(unsigned int n, const uint32_t *size, uint32_t room)
{
	fixture_init(&fixture, 4096, 0);
	fixture_express(&fixture, EXP_AT, 2, PCI_EXP_TYPE_ENDPOINT);
	fixture_ext(&fixture, REBAR_AT, PCI_EXT_CAP_ID_REBAR, 1);
	for (unsigned int i = 0; i < n; i++) {
		fixture_put(&fixture, REBAR_CAP(i), 4, 0xfffffff0);
		fixture_put(&fixture, REBAR_CTRL(i), 4,
			    0xffff0000 | size[i] << 8 | i | (i ? 0 : (n & 7) << 5));
	}
	fixture_ext(&fixture, REBAR_AT + room, PCI_EXT_CAP_ID_DSN, 1);
	rig_attach(nic, &fixture.img, EC_BYPASSED, NULL);
}

/* Sizes 1 MiB to 128 TiB have bits 31:4 of CAP, larger ones bits 31:16 of CTRL. */
static const struct {
	uint32_t size, cap, ctrl;
} sizes[] = {
	{ 0, 0x00000010, 0x00000000 },  { 8, 0x00001000, 0x00000800 },
	{ 27, 0x80000000, 0x00001b00 }, { 28, 0x00000000, 0x00011c00 },
	{ 43, 0x00000000, 0x80002b00 },
};

START_TEST(rebar_shows_the_current_size_only)
{
	uint32_t size[2] = { sizes[_i].size, 0 };

	resizable(2, size, 0x20);
	ck_assert(rig_has_cap(nic, PCI_EXT_CAP_ID_REBAR, true));
	ck_assert_uint_eq(rig_read(nic, REBAR_CAP(0), 4), sizes[_i].cap);
	ck_assert_uint_eq(rig_read(nic, REBAR_CTRL(0), 4), sizes[_i].ctrl | 2 << 5);
	ck_assert_uint_eq(rig_read(nic, REBAR_CAP(1), 4), 0x10);
	ck_assert_uint_eq(rig_read(nic, REBAR_CTRL(1), 4), 0x1);
	ck_assert_int_eq(rig_write(nic, REBAR_CTRL(0), 4, 0x00000300), EC_V_DROPPED);
	ck_assert_uint_eq(nic->n, 0);
	ck_assert_uint_eq(rig_read(nic, REBAR_CTRL(0), 4), sizes[_i].ctrl | 2 << 5);
}
END_TEST

/* It has no size, no BAR, a BAR twice, too few or too many entries, or is cut. */
START_TEST(rebar_with_invalid_values_is_hidden)
{
	uint32_t size[7] = { 8, 8, 8, 8, 8, 8, 8 };

	resizable(6, size, 0x40);
	ck_assert(rig_has_cap(nic, PCI_EXT_CAP_ID_REBAR, true));
	resizable(6, size, 0x30);
	ck_assert(!rig_has_cap(nic, PCI_EXT_CAP_ID_REBAR, true));
	resizable(7, size, 0x40);
	ck_assert(!rig_has_cap(nic, PCI_EXT_CAP_ID_REBAR, true));
	resizable(0, size, 0x40);
	ck_assert(!rig_has_cap(nic, PCI_EXT_CAP_ID_REBAR, true));
	resizable(2, size, 0x40);
	ck_assert(rig_has_cap(nic, PCI_EXT_CAP_ID_REBAR, true));
	fixture_put(&fixture, REBAR_CTRL(1), 1, 0x00);
	rig_attach(nic, &fixture.img, EC_BYPASSED, NULL);
	ck_assert(!rig_has_cap(nic, PCI_EXT_CAP_ID_REBAR, true));
	fixture_put(&fixture, REBAR_CTRL(1), 1, 0x06);
	rig_attach(nic, &fixture.img, EC_BYPASSED, NULL);
	ck_assert(!rig_has_cap(nic, PCI_EXT_CAP_ID_REBAR, true));
	size[0] = 44;
	resizable(1, size, 0x40);
	ck_assert(!rig_has_cap(nic, PCI_EXT_CAP_ID_REBAR, true));
	ck_assert_uint_eq(rig_read(nic, REBAR_CAP(0), 4), 0);
}
END_TEST

START_TEST(dvsec_of_cxl_is_hidden_and_of_others_shown)
{
	fixture_init(&fixture, 4096, 0);
	fixture_express(&fixture, EXP_AT, 2, PCI_EXP_TYPE_ENDPOINT);
	fixture_ext(&fixture, CXL_AT, PCI_EXT_CAP_ID_DVSEC, 1);
	fixture_put(&fixture, CXL_AT + PCI_DVSEC_HEADER1, 4, 0x03c21e98);
	fixture_put(&fixture, CXL_AT + PCI_CXL_DEV_CTRL, 2, 0x0007);
	fixture_ext(&fixture, DVSEC_AT, PCI_EXT_CAP_ID_DVSEC, 1);
	fixture_put(&fixture, DVSEC_AT + PCI_DVSEC_HEADER1, 4, 0x01008086);
	fixture_put(&fixture, DVSEC_AT + PCI_DVSEC_HEADER2, 4, 0x12340000);
	rig_attach(nic, &fixture.img, EC_BYPASSED, NULL);
	ck_assert_uint_eq(rig_read(nic, CXL_AT + PCI_DVSEC_HEADER1, 4), 0);
	ck_assert_uint_eq(rig_read(nic, CXL_AT + PCI_CXL_DEV_CTRL, 2), 0);
	ck_assert_uint_eq(rig_read(nic, DVSEC_AT + PCI_DVSEC_HEADER1, 4), 0x01008086);
	rig_attach(nic, &fixture.img, EC_HOST, NULL);
	ck_assert_uint_eq(treatment(CXL_AT + PCI_CXL_DEV_CTRL), EC_READ);
}
END_TEST

Suite *suite_view_shown(void)
{
	Suite *s = suite_create("view_shown");
	TCase *v = tcase_create("views");

	tcase_add_checked_fixture(v, nic_setup, nic_teardown);
	tcase_add_test(v, aer_starts_as_at_power_on);
	tcase_add_test(v, aer_keeps_writes_in_the_shadow);
	tcase_add_test(v, aer_root_registers_of_an_endpoint_are_dead);
	tcase_add_loop_test(v, rebar_shows_the_current_size_only, 0, EC_ARRAY_SIZE(sizes));
	tcase_add_test(v, rebar_with_invalid_values_is_hidden);
	tcase_add_test(v, dvsec_of_cxl_is_hidden_and_of_others_shown);
	suite_add_tcase(s, v);
	return s;
}
