/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The placeholder: function 0 of a device of which the guest has only other functions. */
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "emulated/placeholder.h"
#include "ported.h"
#include "suites.h"

#define BUS 1u

static struct ported *p;

static void setup(void)
{
	p = ported_new(EC_MACHINE_PVH);
	ported_card(p, "05:00.2", 0);
	ported_build(p, false);
	ported_write(p, ported_at(0, p->machine.port[0].slot << 3), PCI_PRIMARY_BUS, 4, 0x00010100);
}

static void teardown(void)
{
	ported_free(p);
}

/* Values after a reset, and bits that a guest can change. Source: PCI PM and PCIe specifications.
 */
static const struct {
	uint32_t offset, len, reset, rw;
	const char *what;
} registers[] = {
	{ PCI_VENDOR_ID, 4, 0x145a1022, 0, "ids" },
	{ PCI_COMMAND, 2, 0, 0x0140,
	  "command: errors may be reported, nothing is decoded or requested" },
	{ PCI_STATUS, 2, 0x0010, 0, "status" },
	{ PCI_CLASS_REVISION, 4, 0x13000000, 0, "class" },
	{ PCI_CACHE_LINE_SIZE, 2, 0, 0x00ff, "cache line, latency" },
	{ PCI_HEADER_TYPE, 2, 0x0080, 0, "header type: there are other functions" },
	{ PCI_BASE_ADDRESS_0, 4, 0, 0, "BAR 0" },
	{ PCI_BASE_ADDRESS_1, 4, 0, 0, "BAR 1" },
	{ PCI_BASE_ADDRESS_2, 4, 0, 0, "BAR 2" },
	{ PCI_BASE_ADDRESS_3, 4, 0, 0, "BAR 3" },
	{ PCI_BASE_ADDRESS_4, 4, 0, 0, "BAR 4" },
	{ PCI_BASE_ADDRESS_5, 4, 0, 0, "BAR 5" },
	{ PCI_CARDBUS_CIS, 4, 0, 0, "CIS" },
	{ PCI_SUBSYSTEM_VENDOR_ID, 4, 0x145a1022, 0, "subsystem" },
	{ PCI_ROM_ADDRESS, 4, 0, 0, "ROM" },
	{ PCI_CAPABILITY_LIST, 4, 0x40, 0, "capabilities" },
	{ 0x38, 4, 0, 0, "reserved" },
	{ PCI_INTERRUPT_LINE, 4, 0, 0, "interrupt" },
	{ EC_PLACEHOLDER_PM, 4, 0x00036001, 0, "PM" },
	{ EC_PLACEHOLDER_PM + PCI_PM_CTRL, 2, 0x0008, 0x0003, "PMCSR" },
	{ EC_PLACEHOLDER_PM + PCI_PM_PPB_EXTENSIONS, 2, 0, 0, "PM data" },
	{ EC_PLACEHOLDER_EXP, 4, 0x00020010, 0, "EXP: an endpoint" },
	{ EC_PLACEHOLDER_EXP + PCI_EXP_DEVCAP, 4, 0x00008001, 0,
	  "device capabilities: the payload of the port" },
	{ EC_PLACEHOLDER_EXP + PCI_EXP_DEVCTL, 2, 0x2810, 0x78ff, "device control: no reset" },
	{ EC_PLACEHOLDER_EXP + PCI_EXP_DEVSTA, 2, 0, 0, "device status" },
	{ EC_PLACEHOLDER_EXP + PCI_EXP_LNKCAP, 4, 0x00000043, 0, "link capabilities" },
	{ EC_PLACEHOLDER_EXP + PCI_EXP_LNKCTL, 2, 0, 0x00cb, "link control" },
	{ EC_PLACEHOLDER_EXP + PCI_EXP_LNKSTA, 2, 0x1042, 0, "link status" },
	{ EC_PLACEHOLDER_EXP + PCI_EXP_DEVCAP2, 4, 0, 0, "device capabilities 2" },
	{ EC_PLACEHOLDER_EXP + PCI_EXP_DEVCTL2, 4, 0, 0, "device control 2" },
	{ EC_PLACEHOLDER_EXP + PCI_EXP_LNKCAP2, 4, 0x0000000e, 0, "link capabilities 2" },
	{ 0x100, 4, 0, 0, "no extended capabilities" },
	{ 0xffc, 4, 0, 0, "the end" },
};

/* Bits are flipped one by one, because D1 and D2 cannot be entered. */
START_TEST(a_register_has_this_value_and_these_rw_bits)
{
	uint32_t at = registers[_i].offset, len = registers[_i].len, reset = registers[_i].reset;
	uint32_t changed = 0;

	ck_assert_msg(ported_read(p, ported_at(BUS, 0), at, len) == reset, "%s: %x",
		      registers[_i].what, ported_read(p, ported_at(BUS, 0), at, len));
	for (unsigned int bit = 0; bit < len * 8; bit++) {
		/* the power state has two bits that change together */
		uint32_t pair = at == EC_PLACEHOLDER_PM + PCI_PM_CTRL && bit < 2 ? 3 : 1u << bit;

		ported_write(p, ported_at(BUS, 0), at, len, reset ^ pair);
		changed |= (ported_read(p, ported_at(BUS, 0), at, len) ^ reset) & pair;
		ported_write(p, ported_at(BUS, 0), at, len, reset);
	}
	ck_assert_msg(changed == registers[_i].rw, "%s: %x", registers[_i].what, changed);
}
END_TEST

START_TEST(no_write_has_an_action_except_power_states)
{
	static const uint32_t values[] = { 0xffffffff, 0, 0x55555555, 0xaaaaaaaa, 0x80008000 };

	for (unsigned int v = 0; v < EC_ARRAY_SIZE(values); v++)
		for (uint32_t at = 0; at < EC_CONFIG_SIZE; at += 4) {
			ported_write(p, ported_at(BUS, 0), at, 4, values[v]);
			for (unsigned int i = 0; i < p->last.actions.n; i++) {
				ck_assert_uint_eq(p->last.actions.action[i].kind,
						  EC_ACT_POWER_STATE);
				ck_assert_uint_eq(at, EC_PLACEHOLDER_PM + PCI_PM_CTRL);
			}
			ck_assert_uint_eq(p->last.verdict == EC_V_HW_ERROR, 0);
		}
	ck_assert_uint_eq(ported_read(p, ported_at(BUS, 0), 0, 4), EC_PLACEHOLDER_IDS);
	ck_assert_uint_eq(ported_read(p, ported_at(BUS, 0), PCI_CLASS_REVISION, 4),
			  EC_PLACEHOLDER_CLASS);
}
END_TEST

/* Links as hardware reports them, some incomplete. */
START_TEST(both_ends_of_the_link_agree)
{
	static const struct ec_express_link links[] = {
		{ 0 },
		{ 0x43, 0x1042, 0xe },
		{ 0x0400dc82, 0x0082, 0 }, /* Express capability of version 1 */
		{ 0x11, 0x0800, 0x2 },     /* in training */
		{ 0xffffffff, 0xffff, 0xffffffff },
	};
	static struct ec_image img, port;
	struct ec_root_port_config c = { .slot = 5, .physical_slot = 37, .present = true };

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(links); i++) {
		c.link = links[i];
		c.payload = (uint8_t)(i + 3); /* has three bits */
		ec_placeholder_image(&c, &img);
		ec_root_port_image(&c, &port);
		ck_assert_uint_eq(ec_image_get(&img, EC_PLACEHOLDER_EXP + PCI_EXP_LNKCAP, 4),
				  ec_image_get(&port, EC_ROOT_PORT_EXP + PCI_EXP_LNKCAP, 4) &
					  (PCI_EXP_LNKCAP_SPEED | PCI_EXP_LNKCAP_WIDTH));
		ck_assert_uint_eq(ec_image_get(&img, EC_PLACEHOLDER_EXP + PCI_EXP_LNKCAP2, 4),
				  ec_image_get(&port, EC_ROOT_PORT_EXP + PCI_EXP_LNKCAP2, 4));
		ck_assert_uint_eq(ec_image_get(&img, EC_PLACEHOLDER_EXP + PCI_EXP_LNKCTL2, 2),
				  ec_image_get(&port, EC_ROOT_PORT_EXP + PCI_EXP_LNKCTL2, 2));
		ck_assert_uint_eq(ec_image_get(&img, EC_PLACEHOLDER_EXP + PCI_EXP_DEVCAP, 1) &
					  PCI_EXP_DEVCAP_PAYLOAD,
				  ec_image_get(&port, EC_ROOT_PORT_EXP + PCI_EXP_DEVCAP, 1) &
					  PCI_EXP_DEVCAP_PAYLOAD);
		/* it has a speed, and is not in training */
		ck_assert_uint_ne(ec_image_get(&img, EC_PLACEHOLDER_EXP + PCI_EXP_LNKSTA, 1) &
					  PCI_EXP_LNKSTA_SPEED,
				  0);
		ck_assert_uint_eq(ec_image_get(&img, EC_PLACEHOLDER_EXP + PCI_EXP_LNKSTA, 2) &
					  ~(PCI_EXP_LNKSTA_SPEED | PCI_EXP_LNKSTA_WIDTH |
					    PCI_EXP_LNKSTA_SL_CLK),
				  0);
	}
}
END_TEST

START_TEST(a_guest_finds_it_as_function_0)
{
	unsigned int port = p->machine.port[0].slot * 8u;

	ck_assert(p->machine.port[0].placeholder);
	ck_assert_uint_eq(ported_read(p, ported_at(BUS, 0), EC_PLACEHOLDER_EXP + PCI_EXP_LNKSTA, 2),
			  ported_read(p, ported_at(0, port), EC_ROOT_PORT_EXP + PCI_EXP_LNKSTA, 2) &
				  ~(uint32_t)PCI_EXP_LNKSTA_DL_ACT);
	ck_assert_uint_eq(ported_read(p, ported_at(BUS, 2), 0, 4), 0x01001234);
	ck_assert_uint_eq(ported_read(p, ported_at(BUS, 1), 0, 4), 0xffffffff);
}
END_TEST

Suite *suite_emulated_placeholder(void)
{
	Suite *s = suite_create("emulated_placeholder");
	TCase *t = tcase_create("placeholder");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, a_register_has_this_value_and_these_rw_bits, 0,
			    EC_ARRAY_SIZE(registers));
	tcase_add_test(t, no_write_has_an_action_except_power_states);
	tcase_add_test(t, both_ends_of_the_link_agree);
	tcase_add_test(t, a_guest_finds_it_as_function_0);
	suite_add_tcase(s, t);
	return s;
}
