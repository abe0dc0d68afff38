/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The function 0 that answers where only other functions are given, and does nothing. */
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
	ported_write(p, 0, p->machine.port[0].slot << 3, PCI_PRIMARY_BUS, 4, 0x00010100);
}

static void teardown(void)
{
	ported_free(p);
}

/* PCI Local Bus, PCI PM and PCI Express: what an endpoint without any need of its own has. */
static const struct {
	uint32_t offset, len, reset, rw;
	const char *what;
} registers[] = {
	{ 0x00, 4, 0x145a1022, 0, "ids" },
	{ 0x04, 2, 0, 0x0140, "command: errors may be reported, nothing is decoded or requested" },
	{ 0x06, 2, 0x0010, 0, "status" },
	{ 0x08, 4, 0x13000000, 0, "class" },
	{ 0x0c, 2, 0, 0x00ff, "cache line, latency" },
	{ 0x0e, 2, 0x0080, 0, "header type: there are other functions" },
	{ 0x10, 4, 0, 0, "BAR 0" },
	{ 0x14, 4, 0, 0, "BAR 1" },
	{ 0x18, 4, 0, 0, "BAR 2" },
	{ 0x1c, 4, 0, 0, "BAR 3" },
	{ 0x20, 4, 0, 0, "BAR 4" },
	{ 0x24, 4, 0, 0, "BAR 5" },
	{ 0x28, 4, 0, 0, "CIS" },
	{ 0x2c, 4, 0x145a1022, 0, "subsystem" },
	{ 0x30, 4, 0, 0, "ROM" },
	{ 0x34, 4, 0x40, 0, "capabilities" },
	{ 0x38, 4, 0, 0, "reserved" },
	{ 0x3c, 4, 0, 0, "interrupt" },
	{ 0x40, 4, 0x00036001, 0, "PM" },
	{ 0x44, 2, 0x0008, 0x0003, "PMCSR" },
	{ 0x46, 2, 0, 0, "PM data" },
	{ 0x60, 4, 0x00020010, 0, "EXP: an endpoint" },
	{ 0x64, 4, 0x00008001, 0, "device capabilities: the payload of the port" },
	{ 0x68, 2, 0x2810, 0x78ff, "device control: no reset" },
	{ 0x6a, 2, 0, 0, "device status" },
	{ 0x6c, 4, 0x00000043, 0, "link capabilities" },
	{ 0x70, 2, 0, 0x00cb, "link control" },
	{ 0x72, 2, 0x1042, 0, "link status" },
	{ 0x84, 4, 0, 0, "device capabilities 2" },
	{ 0x88, 4, 0, 0, "device control 2" },
	{ 0x8c, 4, 0x0000000e, 0, "link capabilities 2" },
	{ 0x100, 4, 0, 0, "no extended capabilities" },
	{ 0xffc, 4, 0, 0, "the end" },
};

/* D1 and D2 are not there: a write of all ones leaves the state, one of D3 does not. */
START_TEST(register_is)
{
	uint32_t at = registers[_i].offset, len = registers[_i].len, reset = registers[_i].reset;
	uint32_t changed = 0;

	ck_assert_msg(ported_read(p, BUS, 0, at, len) == reset, "%s: %x", registers[_i].what,
		      ported_read(p, BUS, 0, at, len));
	for (unsigned int bit = 0; bit < len * 8; bit++) {
		/* a power state has two bits, which count together */
		uint32_t pair = at == 0x44 && bit < 2 ? 3 : 1u << bit;

		ported_write(p, BUS, 0, at, len, reset ^ pair);
		changed |= (ported_read(p, BUS, 0, at, len) ^ reset) & pair;
		ported_write(p, BUS, 0, at, len, reset);
	}
	ck_assert_msg(changed == registers[_i].rw, "%s: %x", registers[_i].what, changed);
}
END_TEST

/* Whatever a guest writes: no action but its power state, and the ids stay. */
START_TEST(does_nothing)
{
	static const uint32_t values[] = { 0xffffffff, 0, 0x55555555, 0xaaaaaaaa, 0x80008000 };

	for (unsigned int v = 0; v < EC_ARRAY_SIZE(values); v++)
		for (uint32_t at = 0; at < EC_CONFIG_SIZE; at += 4) {
			ported_write(p, BUS, 0, at, 4, values[v]);
			for (unsigned int i = 0; i < p->last.actions.n; i++) {
				ck_assert_uint_eq(p->last.actions.action[i].kind,
						  EC_ACT_POWER_STATE);
				ck_assert_uint_eq(at, EC_PLACEHOLDER_PM + 4);
			}
			ck_assert_uint_eq(p->last.verdict == EC_V_HW_ERROR, 0);
		}
	ck_assert_uint_eq(ported_read(p, BUS, 0, 0, 4), EC_PLACEHOLDER_IDS);
	ck_assert_uint_eq(ported_read(p, BUS, 0, 8, 4), EC_PLACEHOLDER_CLASS);
}
END_TEST

/* Both ends of a link say the same of it, whatever is known of it. */
START_TEST(link)
{
	static const struct ec_express_link links[] = {
		{ 0 },
		{ 0x43, 0x1042, 0xe },
		{ 0x0400dc82, 0x0082, 0 }, /* of the first version */
		{ 0x11, 0x0800, 0x2 },     /* in training */
		{ 0xffffffff, 0xffff, 0xffffffff },
	};
	static struct ec_image img, port;
	struct ec_root_port_config c = { .slot = 5, .physical_slot = 37, .present = true };

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(links); i++) {
		c.link = links[i];
		c.payload = (uint8_t)(i + 3); /* 7 at most is a register's */
		ec_placeholder_image(&c, &img);
		ec_root_port_image(&c, &port);
		ck_assert_uint_eq(ec_image_get(&img, EC_PLACEHOLDER_EXP + PCI_EXP_LNKCAP, 4),
				  ec_image_get(&port, EC_ROOT_PORT_EXP + PCI_EXP_LNKCAP, 4) &
					  (PCI_EXP_LNKCAP_SPEED | PCI_EXP_LNKCAP_WIDTH));
		ck_assert_uint_eq(ec_image_get(&img, EC_PLACEHOLDER_EXP + PCI_EXP_LNKCAP2, 4),
				  ec_image_get(&port, EC_ROOT_PORT_EXP + PCI_EXP_LNKCAP2, 4));
		ck_assert_uint_eq(ec_image_get(&img, EC_PLACEHOLDER_EXP + PCI_EXP_LNKCTL2, 2),
				  ec_image_get(&port, EC_ROOT_PORT_EXP + PCI_EXP_LNKCTL2, 2));
		ck_assert_uint_eq(ec_image_get(&img, EC_PLACEHOLDER_EXP + PCI_EXP_DEVCAP, 1) & 7,
				  ec_image_get(&port, EC_ROOT_PORT_EXP + PCI_EXP_DEVCAP, 1) & 7);
		/* a link has a speed and lanes, not all of it is training */
		ck_assert_uint_ne(ec_image_get(&img, EC_PLACEHOLDER_EXP + PCI_EXP_LNKSTA, 1) & 15,
				  0);
		ck_assert_uint_eq(
			ec_image_get(&img, EC_PLACEHOLDER_EXP + PCI_EXP_LNKSTA, 2) & ~0x13ffu, 0);
	}
}
END_TEST

/* It and the port agree after all, in a guest. */
START_TEST(beside_its_port)
{
	unsigned int port = p->machine.port[0].slot * 8u;

	ck_assert(p->machine.port[0].placeholder);
	ck_assert_uint_eq(ported_read(p, BUS, 0, EC_PLACEHOLDER_EXP + PCI_EXP_LNKSTA, 2),
			  ported_read(p, 0, port, EC_ROOT_PORT_EXP + PCI_EXP_LNKSTA, 2) &
				  ~(uint32_t)PCI_EXP_LNKSTA_DL_ACT);
	ck_assert_uint_eq(ported_read(p, BUS, 2, 0, 4), 0x01001234);
	ck_assert_uint_eq(ported_read(p, BUS, 1, 0, 4), 0xffffffff);
}
END_TEST

Suite *suite_placeholder(void)
{
	Suite *s = suite_create("placeholder");
	TCase *t = tcase_create("placeholder");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, register_is, 0, EC_ARRAY_SIZE(registers));
	tcase_add_test(t, does_nothing);
	tcase_add_test(t, link);
	tcase_add_test(t, beside_its_port);
	suite_add_tcase(s, t);
	return s;
}
