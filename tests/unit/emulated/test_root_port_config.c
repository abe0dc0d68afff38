/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A root port's registers: what they are after a reset, what a guest may change, the veil. */
#include <errno.h>
#include <pci/header.h>

#include "core/bits.h"
#include "ported.h"
#include "suites.h"

#define SLOT 4u
#define DEVFN (SLOT << 3)

static struct ported *p;

static void setup(void)
{
	p = ported_new(EC_MACHINE_PVH);
	p->limits.taken = 0xf; /* the first port is in slot 4 */
	ported_card(p, "03:00.0", 0);
	ported_build(p, false);
}

static void teardown(void)
{
	ported_free(p);
}

static uint32_t get(uint32_t offset, uint32_t len)
{
	return ported_read(p, 0, DEVFN, offset, len);
}

/* After a reset, and which bits a guest can change: PCI Express, PCI-to-PCI bridges, lab. */
static const struct {
	uint32_t offset, len, reset, rw;
	const char *what;
} registers[] = {
	{ 0x00, 4, 0x000c1b36, 0, "ids" },
	{ 0x04, 2, 0x0000, 0x0547, "command" },
	{ 0x06, 2, 0x0010, 0, "status" },
	{ 0x08, 4, 0x06040000, 0, "class" },
	{ 0x0c, 4, 0x00010000, 0x000000ff, "header type, cache line" },
	{ 0x10, 4, 0, 0, "BAR 0" },
	{ 0x14, 4, 0, 0, "BAR 1" },
	{ 0x18, 4, 0, 0x00ffffff, "bus numbers" },
	{ 0x1c, 2, 0x00f0, 0xf0f0, "I/O window" },
	{ 0x1e, 2, 0, 0, "secondary status" },
	{ 0x20, 4, 0x0000fff0, 0xfff0fff0, "memory window" },
	{ 0x24, 4, 0x0001fff1, 0xfff0fff0, "prefetchable window" },
	{ 0x28, 4, 0xffffffff, 0xffffffff, "its base's upper half" },
	{ 0x2c, 4, 0, 0xffffffff, "its limit's upper half" },
	{ 0x30, 4, 0, 0, "I/O upper halves" },
	{ 0x34, 4, 0x40, 0, "capabilities" },
	{ 0x38, 4, 0, 0, "ROM" },
	{ 0x3c, 2, 0, 0x00ff, "interrupt" },
	{ 0x3e, 2, 0, 0x005f, "bridge control" },
	{ 0x40, 4, 0xc8034801, 0, "PM" },
	{ 0x44, 2, 0x0008, 0x0100, "PMCSR" }, /* its state is not just bits */
	{ 0x48, 2, 0x6005, 0, "MSI" },
	{ 0x4a, 2, 0x0080, 0x0001, "MSI control" },
	{ 0x4c, 4, 0, 0xfffffffc, "MSI address" },
	{ 0x50, 4, 0, 0xffffffff, "MSI address, upper half" },
	{ 0x54, 4, 0, 0x0000ffff, "MSI data" },
	{ 0x60, 4, 0x01420010, 0, "EXP" },
	{ 0x64, 4, 0x00008001, 0, "device capabilities" },
	{ 0x68, 2, 0x2810, 0x78ff, "device control" },
	{ 0x6a, 2, 0, 0, "device status" },
	{ 0x6c, 4, 0x04100043, 0, "link capabilities" },
	{ 0x70, 2, 0, 0x00cb, "link control" }, /* without disable */
	{ 0x72, 2, 0x3042, 0, "link status" },
	{ 0x74, 4, 0x01240060, 0, "slot capabilities" }, /* physical slot 32 and 4 */
	{ 0x78, 2, 0, 0x1028, "slot control" },
	{ 0x7a, 2, 0x0040, 0, "slot status" },
	{ 0x7c, 2, 0, 0x001f, "root control" },
	{ 0x7e, 2, 0x0001, 0, "root capabilities" },
	{ 0x80, 4, 0, 0, "root status" },
	{ 0x84, 4, 0, 0, "device capabilities 2" },
	{ 0x88, 4, 0, 0, "device control 2" },
	{ 0x8c, 4, 0x0000000e, 0, "link capabilities 2" },
	{ 0x90, 2, 0x0003, 0xffbf, "link control 2" },
	{ 0x94, 4, 0, 0, "slot capabilities 2" },
	{ 0x98, 4, 0, 0, "slot control 2" },
	{ 0x100, 4, 0x14020001, 0, "AER" },
	{ 0x104, 4, 0, 0, "uncorrectable status" },
	{ 0x108, 4, 0x00400000, 0xfffff030, "uncorrectable mask" },
	{ 0x10c, 4, 0x00462030, 0xfffff030, "uncorrectable severity" },
	{ 0x110, 4, 0, 0, "correctable status" },
	{ 0x114, 4, 0x0000e000, 0x0000f1c1, "correctable mask" },
	{ 0x118, 4, 0, 0, "AER capabilities" },
	{ 0x12c, 4, 0, 0x00000007, "root error command" },
	{ 0x130, 4, 0, 0, "root error status" },
	{ 0x134, 4, 0, 0, "error sources" },
	{ 0x140, 4, 0x1601000d, 0, "ACS" },
	{ 0x144, 4, 0x0000001d, 0x001d0000, "ACS control" },
	{ 0x160, 4, 0x0001001d, 0, "DPC" },
	{ 0x164, 2, 0x0080, 0, "DPC capability" },
	{ 0x166, 2, 0, 0x000f, "DPC control" },
	{ 0x168, 4, 0, 0, "DPC status, source" },
	{ 0x800, 4, 0, 0, "nothing" },
};

START_TEST(after_a_reset)
{
	ck_assert_msg(get(registers[_i].offset, registers[_i].len) == registers[_i].reset, "%s: %x",
		      registers[_i].what, get(registers[_i].offset, registers[_i].len));
}
END_TEST

START_TEST(what_can_be_written)
{
	uint32_t at = registers[_i].offset, len = registers[_i].len, rw = registers[_i].rw, all;

	/* what else is in a link's or a power state's bits is not tried here */
	all = at == 0x44 ? 0xfffc : at == 0x70 ? 0xffef : (uint32_t)ec_ones(len);
	ported_write(p, 0, DEVFN, at, len, all);
	ck_assert_msg(get(at, len) == (registers[_i].reset | rw), "%s: %x", registers[_i].what,
		      get(at, len));
	ported_write(p, 0, DEVFN, at, len, 0);
	ck_assert_msg(get(at, len) == (registers[_i].reset & ~rw), "%s: %x", registers[_i].what,
		      get(at, len));
}
END_TEST

/* Speed, width and payload are those of what is behind the port, whatever it is. */
START_TEST(both_ends_agree)
{
	uint32_t speed_width = PCI_EXP_LNKSTA_SPEED | PCI_EXP_LNKSTA_WIDTH;

	ported_free(p);
	p = ported_new(EC_MACHINE_PVH);
	p->limits.taken = 0xf;
	ported_card(p, "03:00.0", (unsigned int)_i);
	ported_build(p, false);
	ported_write(p, 0, DEVFN, PCI_PRIMARY_BUS, 4, 0x00010100);
	ck_assert_uint_eq(get(EC_ROOT_PORT_EXP + PCI_EXP_LNKCAP, 4) & speed_width,
			  ported_read(p, 1, 0, 0x7c, 4) & speed_width);
	ck_assert_uint_eq(get(EC_ROOT_PORT_EXP + PCI_EXP_LNKSTA, 2) &
				  ~(uint32_t)PCI_EXP_LNKSTA_DL_ACT,
			  ported_read(p, 1, 0, 0x82, 2));
	ck_assert_uint_eq(get(EC_ROOT_PORT_EXP + PCI_EXP_DEVCAP, 4) & 7,
			  ported_read(p, 1, 0, 0x74, 4) & 7);
	/* a list of speeds that ends with the link's */
	ck_assert_uint_eq(get(EC_ROOT_PORT_EXP + PCI_EXP_LNKCAP2, 4),
			  (2u << (get(EC_ROOT_PORT_EXP + PCI_EXP_LNKCAP, 1) & 15)) - 2);
}
END_TEST

START_TEST(empty_slot)
{
	struct ec_root_port_config c = { .slot = 9, .physical_slot = 41 };
	struct ec_diag diag = { 0 };

	ck_assert_int_eq(ec_root_ports_add(&p->ports, &c, &p->plan, &p->img, &diag), 0);
	ck_assert_uint_eq(ported_read(p, 0, 9 << 3, EC_ROOT_PORT_EXP + PCI_EXP_LNKSTA, 2), 0x0001);
	ck_assert_uint_eq(ported_read(p, 0, 9 << 3, EC_ROOT_PORT_EXP + PCI_EXP_SLTSTA, 2), 0);
	ck_assert_uint_eq(ported_read(p, 0, 9 << 3, EC_ROOT_PORT_EXP + PCI_EXP_LNKCAP, 4),
			  0x09100011);
	ck_assert_int_eq(ec_root_ports_add(&p->ports, &c, &p->plan, &p->img, &diag), -EBUSY);
	ck_assert_str_ne(diag.text, "");
	c.slot = 32;
	ck_assert_int_eq(ec_root_ports_add(&p->ports, &c, &p->plan, &p->img, &diag), -ERANGE);
	ec_root_ports_remove(&p->ports, 9);
	ec_root_ports_remove(&p->ports, 9);
	ec_root_ports_remove(&p->ports, 99);
	ck_assert_uint_eq(ported_read(p, 0, 9 << 3, 0, 4), 0xffffffff);
}
END_TEST

/* No access of a port reaches any hardware but the read that ends the veil. */
START_TEST(no_hardware)
{
	const struct ec_root_port *port = ported_port(p, SLOT);

	for (uint32_t d = 0; d < EC_CONFIG_DWORDS; d++) {
		const struct ec_dword_masks *r = ec_layout_masks(port->layout, d);

		ck_assert_uint_eq(r->live_bytes | r->hw_bytes | r->exact, 0);
	}
}
END_TEST

static void veiled_port(void)
{
	ported_free(p);
	p = ported_new(EC_MACHINE_HVM);
	ported_card(p, "03:00.0", 0);
	ported_card(p, "04:00.0", 1);
	ported_build(p, true);
}

/* Registers 10 to 33 are not there until a read covers the header type, however wide it is. */
START_TEST(veil)
{
	static const struct {
		uint32_t offset, len;
		bool ends;
	} reads[] = {
		{ 0x0c, 1, false }, { 0x0c, 2, false }, { 0x0d, 1, false }, { 0x0f, 1, false },
		{ 0x08, 4, false }, { 0x0e, 1, true },  { 0x0e, 2, true },  { 0x0c, 4, true },
		{ 0x0d, 4, true },  { 0x08, 8, true },  { 0x0c, 8, true },
	};
	struct ec_sbdf at = { .devfn = 0x10 << 3 };
	uint64_t expected;

	veiled_port();
	for (uint32_t off = 0x10; off < 0x34; off += 4) {
		ported_write(p, 0, at.devfn, off, 4, 0xffffffff);
		ck_assert_uint_eq(ported_read(p, 0, at.devfn, off, 4), 0);
	}
	ck_assert_uint_eq(ported_read(p, 0, at.devfn, 0x34, 4), EC_ROOT_PORT_PM);
	/* as if there were no veil */
	expected = ported_access(p, at, reads[_i].offset, reads[_i].len, false, 0);
	ck_assert_uint_eq(ported_read(p, 0, at.devfn, 0x20, 4), reads[_i].ends ? 0xfff0 : 0);
	ported_read(p, 0, at.devfn, 0x0e, 1);
	ck_assert_uint_eq(ported_access(p, at, reads[_i].offset, reads[_i].len, false, 0),
			  expected);
	ck_assert_uint_eq(ported_read(p, 0, at.devfn, 0x24, 4), 0x0001fff1);
	/* of each function by itself */
	ck_assert_uint_eq(ported_read(p, 0, 0x11 << 3, 0x20, 4), 0);
	ported_write(p, 0, at.devfn, 0x18, 4, 0x00010100);
	ck_assert_uint_eq(ported_read(p, 0, at.devfn, 0x18, 4), 0x00010100);
}
END_TEST

/* Writing the header type is not reading it. */
START_TEST(veil_written)
{
	veiled_port();
	ported_write(p, 0, 0x80, 0x0c, 4, 0xffffffff);
	ck_assert_uint_eq(p->last.verdict, EC_V_SERVED);
	ck_assert_uint_eq(ported_read(p, 0, 0x80, 0x20, 4), 0);
	ck_assert_uint_eq(ported_read(p, 0, 0x80, 0x0c, 4), 0x000100ff);
	ck_assert_uint_eq(ported_read(p, 0, 0x80, 0x20, 4), 0xfff0);
}
END_TEST

Suite *suite_port(void)
{
	Suite *s = suite_create("port");
	TCase *t = tcase_create("port");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, after_a_reset, 0, EC_ARRAY_SIZE(registers));
	tcase_add_loop_test(t, what_can_be_written, 0, EC_ARRAY_SIZE(registers));
	tcase_add_loop_test(t, both_ends_agree, 0, 4);
	tcase_add_test(t, empty_slot);
	tcase_add_test(t, no_hardware);
	tcase_add_loop_test(t, veil, 0, 11);
	tcase_add_test(t, veil_written);
	suite_add_tcase(s, t);
	return s;
}
