/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A root port's registers: their values after a reset, what a guest can change, and the veil. */
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
	return ported_read(p, ported_at(0, DEVFN), offset, len);
}

/* Values after a reset, and bits that a guest can change. Source: PCIe and PCI-to-PCI Bridge
 * specifications; QEMU's root port. */
static const struct {
	uint32_t offset, len, reset, rw;
	const char *what;
} registers[] = {
	{ PCI_VENDOR_ID, 4, 0x000c1b36, 0, "ids" },
	{ PCI_COMMAND, 2, 0x0000, 0x0547, "command" },
	{ PCI_STATUS, 2, 0x0010, 0, "status" },
	{ PCI_CLASS_REVISION, 4, 0x06040000, 0, "class" },
	{ PCI_CACHE_LINE_SIZE, 4, 0x00010000, 0x000000ff, "header type, cache line" },
	{ PCI_BASE_ADDRESS_0, 4, 0, 0, "BAR 0" },
	{ PCI_BASE_ADDRESS_1, 4, 0, 0, "BAR 1" },
	{ PCI_PRIMARY_BUS, 4, 0, 0x00ffffff, "bus numbers" },
	{ PCI_IO_BASE, 2, 0x00f0, 0xf0f0, "I/O window" },
	{ PCI_SEC_STATUS, 2, 0, 0, "secondary status" },
	{ PCI_MEMORY_BASE, 4, 0x0000fff0, 0xfff0fff0, "memory window" },
	{ PCI_PREF_MEMORY_BASE, 4, 0x0001fff1, 0xfff0fff0, "prefetchable window" },
	{ PCI_PREF_BASE_UPPER32, 4, 0xffffffff, 0xffffffff, "its base's upper half" },
	{ PCI_PREF_LIMIT_UPPER32, 4, 0, 0xffffffff, "its limit's upper half" },
	{ PCI_IO_BASE_UPPER16, 4, 0, 0, "I/O upper halves" },
	{ PCI_CAPABILITY_LIST, 4, 0x40, 0, "capabilities" },
	{ PCI_ROM_ADDRESS1, 4, 0, 0, "ROM" },
	{ PCI_INTERRUPT_LINE, 2, 0, 0x00ff, "interrupt" },
	{ PCI_BRIDGE_CONTROL, 2, 0, 0x005f, "bridge control" },
	{ EC_ROOT_PORT_PM, 4, 0xc8034801, 0, "PM" },
	{ EC_ROOT_PORT_PM + PCI_PM_CTRL, 2, 0x0008, 0x0100, "PMCSR" }, /* and a power state */
	{ EC_ROOT_PORT_MSI, 2, 0x6005, 0, "MSI" },
	{ EC_ROOT_PORT_MSI + PCI_MSI_FLAGS, 2, 0x0080, 0x0001, "MSI control" },
	{ EC_ROOT_PORT_MSI + PCI_MSI_ADDRESS_LO, 4, 0, 0xfffffffc, "MSI address" },
	{ EC_ROOT_PORT_MSI + PCI_MSI_ADDRESS_HI, 4, 0, 0xffffffff, "MSI address, upper half" },
	{ EC_ROOT_PORT_MSI + PCI_MSI_DATA_64, 4, 0, 0x0000ffff, "MSI data" },
	{ EC_ROOT_PORT_EXP, 4, 0x01420010, 0, "EXP" },
	{ EC_ROOT_PORT_EXP + PCI_EXP_DEVCAP, 4, 0x00008001, 0, "device capabilities" },
	{ EC_ROOT_PORT_EXP + PCI_EXP_DEVCTL, 2, 0x2810, 0x78ff, "device control" },
	{ EC_ROOT_PORT_EXP + PCI_EXP_DEVSTA, 2, 0, 0, "device status" },
	{ EC_ROOT_PORT_EXP + PCI_EXP_LNKCAP, 4, 0x04100043, 0, "link capabilities" },
	{ EC_ROOT_PORT_EXP + PCI_EXP_LNKCTL, 2, 0, 0x00cb, "link control" }, /* and Link Disable */
	{ EC_ROOT_PORT_EXP + PCI_EXP_LNKSTA, 2, 0x3042, 0, "link status" },
	{ EC_ROOT_PORT_EXP + PCI_EXP_SLTCAP, 4, 0x01240060, 0,
	  "slot capabilities" }, /* physical slot 32 and 4 */
	{ EC_ROOT_PORT_EXP + PCI_EXP_SLTCTL, 2, 0, 0x1028, "slot control" },
	{ EC_ROOT_PORT_EXP + PCI_EXP_SLTSTA, 2, 0x0040, 0, "slot status" },
	{ EC_ROOT_PORT_EXP + PCI_EXP_RTCTL, 2, 0, 0x001f, "root control" },
	{ EC_ROOT_PORT_EXP + PCI_EXP_RTCAP, 2, 0x0001, 0, "root capabilities" },
	{ EC_ROOT_PORT_EXP + PCI_EXP_RTSTA, 4, 0, 0, "root status" },
	{ EC_ROOT_PORT_EXP + PCI_EXP_DEVCAP2, 4, 0, 0, "device capabilities 2" },
	{ EC_ROOT_PORT_EXP + PCI_EXP_DEVCTL2, 4, 0, 0, "device control 2" },
	{ EC_ROOT_PORT_EXP + PCI_EXP_LNKCAP2, 4, 0x0000000e, 0, "link capabilities 2" },
	{ EC_ROOT_PORT_EXP + PCI_EXP_LNKCTL2, 2, 0x0003, 0xffbf, "link control 2" },
	{ EC_ROOT_PORT_EXP + PCI_EXP_SLTCAP2, 4, 0, 0, "slot capabilities 2" },
	{ EC_ROOT_PORT_EXP + PCI_EXP_SLTCTL2, 4, 0, 0, "slot control 2" },
	{ EC_ROOT_PORT_AER, 4, 0x14020001, 0, "AER" },
	{ EC_ROOT_PORT_AER + PCI_ERR_UNCOR_STATUS, 4, 0, 0, "uncorrectable status" },
	{ EC_ROOT_PORT_AER + PCI_ERR_UNCOR_MASK, 4, 0x00400000, 0xfffff030, "uncorrectable mask" },
	{ EC_ROOT_PORT_AER + PCI_ERR_UNCOR_SEVER, 4, 0x00462030, 0xfffff030,
	  "uncorrectable severity" },
	{ EC_ROOT_PORT_AER + PCI_ERR_COR_STATUS, 4, 0, 0, "correctable status" },
	{ EC_ROOT_PORT_AER + PCI_ERR_COR_MASK, 4, 0x0000e000, 0x0000f1c1, "correctable mask" },
	{ EC_ROOT_PORT_AER + PCI_ERR_CAP, 4, 0, 0, "AER capabilities" },
	{ EC_ROOT_PORT_AER + PCI_ERR_ROOT_COMMAND, 4, 0, 0x00000007, "root error command" },
	{ EC_ROOT_PORT_AER + PCI_ERR_ROOT_STATUS, 4, 0, 0, "root error status" },
	{ EC_ROOT_PORT_AER + PCI_ERR_ROOT_COR_SRC, 4, 0, 0, "error sources" },
	{ EC_ROOT_PORT_ACS, 4, 0x1601000d, 0, "ACS" },
	{ EC_ROOT_PORT_ACS + PCI_ACS_CAP, 4, 0x0000001d, 0x001d0000, "ACS control" },
	{ EC_ROOT_PORT_DPC, 4, 0x0001001d, 0, "DPC" },
	{ EC_ROOT_PORT_DPC + PCI_DPC_CAP, 2, 0x0080, 0, "DPC capability" },
	{ EC_ROOT_PORT_DPC + PCI_DPC_CTL, 2, 0, 0x000f, "DPC control" },
	{ EC_ROOT_PORT_DPC + PCI_DPC_STATUS, 4, 0, 0, "DPC status, source" },
	{ 0x800, 4, 0, 0, "nothing" },
};

START_TEST(a_register_has_this_value_after_a_reset)
{
	ck_assert_msg(get(registers[_i].offset, registers[_i].len) == registers[_i].reset, "%s: %x",
		      registers[_i].what, get(registers[_i].offset, registers[_i].len));
}
END_TEST

START_TEST(a_guest_changes_only_these_bits)
{
	uint32_t at = registers[_i].offset, len = registers[_i].len, rw = registers[_i].rw, all;

	/* not the power state, nor Link Disable: they are more than bits */
	all = at == EC_ROOT_PORT_PM + PCI_PM_CTRL       ? 0xfffc
	      : at == EC_ROOT_PORT_EXP + PCI_EXP_LNKCTL ? 0xffef
							: (uint32_t)ec_ones(len);
	ported_write(p, ported_at(0, DEVFN), at, len, all);
	ck_assert_msg(get(at, len) == (registers[_i].reset | rw), "%s: %x", registers[_i].what,
		      get(at, len));
	ported_write(p, ported_at(0, DEVFN), at, len, 0);
	ck_assert_msg(get(at, len) == (registers[_i].reset & ~rw), "%s: %x", registers[_i].what,
		      get(at, len));
}
END_TEST

START_TEST(both_ends_of_the_link_agree)
{
	uint32_t speed_width = PCI_EXP_LNKSTA_SPEED | PCI_EXP_LNKSTA_WIDTH;

	ported_free(p);
	p = ported_new(EC_MACHINE_PVH);
	p->limits.taken = 0xf;
	ported_card(p, "03:00.0", (unsigned int)_i);
	ported_build(p, false);
	ported_write(p, ported_at(0, DEVFN), PCI_PRIMARY_BUS, 4, 0x00010100);
	ck_assert_uint_eq(get(EC_ROOT_PORT_EXP + PCI_EXP_LNKCAP, 4) & speed_width,
			  ported_read(p, ported_at(1, 0), PORTED_EXP + PCI_EXP_LNKCAP, 4) &
				  speed_width);
	ck_assert_uint_eq(get(EC_ROOT_PORT_EXP + PCI_EXP_LNKSTA, 2) &
				  ~(uint32_t)PCI_EXP_LNKSTA_DL_ACT,
			  ported_read(p, ported_at(1, 0), PORTED_EXP + PCI_EXP_LNKSTA, 2));
	ck_assert_uint_eq(get(EC_ROOT_PORT_EXP + PCI_EXP_DEVCAP, 4) & PCI_EXP_DEVCAP_PAYLOAD,
			  ported_read(p, ported_at(1, 0), PORTED_EXP + PCI_EXP_DEVCAP, 4) &
				  PCI_EXP_DEVCAP_PAYLOAD);
	/* all speeds up to the link's */
	ck_assert_uint_eq(
		get(EC_ROOT_PORT_EXP + PCI_EXP_LNKCAP2, 4),
		(2u << (get(EC_ROOT_PORT_EXP + PCI_EXP_LNKCAP, 1) & PCI_EXP_LNKCAP_SPEED)) - 2);
}
END_TEST

START_TEST(an_empty_slot_has_a_link_that_is_down)
{
	struct ec_root_port_config c = { .slot = 9, .physical_slot = 41 };
	struct ec_diag diag = { 0 };

	ck_assert_int_eq(ec_root_ports_add(&p->ports, &c, &p->plan, &p->img, &diag), 0);
	ck_assert_uint_eq(
		ported_read(p, ported_at(0, 9 << 3), EC_ROOT_PORT_EXP + PCI_EXP_LNKSTA, 2), 0x0001);
	ck_assert_uint_eq(
		ported_read(p, ported_at(0, 9 << 3), EC_ROOT_PORT_EXP + PCI_EXP_SLTSTA, 2), 0);
	ck_assert_uint_eq(
		ported_read(p, ported_at(0, 9 << 3), EC_ROOT_PORT_EXP + PCI_EXP_LNKCAP, 4),
		0x09100011);
	ck_assert_int_eq(ec_root_ports_add(&p->ports, &c, &p->plan, &p->img, &diag), -EBUSY);
	ck_assert_str_ne(diag.text, "");
	c.slot = 32;
	ck_assert_int_eq(ec_root_ports_add(&p->ports, &c, &p->plan, &p->img, &diag), -ERANGE);
	ec_root_ports_remove(&p->ports, 9);
	ec_root_ports_remove(&p->ports, 9);
	ec_root_ports_remove(&p->ports, 99);
	ck_assert_uint_eq(ported_read(p, ported_at(0, 9 << 3), 0, 4), 0xffffffff);
}
END_TEST

START_TEST(no_access_reaches_hardware)
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

/* Reads of different widths, and whether they cover the header type. */
START_TEST(the_veil_ends_when_the_header_type_is_read)
{
	static const struct {
		uint32_t offset, len;
		bool ends;
	} reads[] = {
		{ PCI_CACHE_LINE_SIZE, 1, false }, { PCI_CACHE_LINE_SIZE, 2, false },
		{ PCI_LATENCY_TIMER, 1, false },   { PCI_BIST, 1, false },
		{ PCI_CLASS_REVISION, 4, false },  { PCI_HEADER_TYPE, 1, true },
		{ PCI_HEADER_TYPE, 2, true },      { PCI_CACHE_LINE_SIZE, 4, true },
		{ PCI_LATENCY_TIMER, 4, true },    { PCI_CLASS_REVISION, 8, true },
		{ PCI_CACHE_LINE_SIZE, 8, true },
	};
	struct ec_sbdf at = { .devfn = 0x10 << 3 };
	uint64_t expected;

	veiled_port();
	for (uint32_t off = PCI_BASE_ADDRESS_0; off < PCI_CAPABILITY_LIST; off += 4) {
		ported_write(p, ported_at(0, at.devfn), off, 4, 0xffffffff);
		ck_assert_uint_eq(ported_read(p, ported_at(0, at.devfn), off, 4), 0);
	}
	ck_assert_uint_eq(ported_read(p, ported_at(0, at.devfn), PCI_CAPABILITY_LIST, 4),
			  EC_ROOT_PORT_PM);
	/* the read itself returns what it does without a veil */
	expected = ported_read_wide(p, at, reads[_i].offset, reads[_i].len);
	ck_assert_uint_eq(ported_read(p, ported_at(0, at.devfn), PCI_MEMORY_BASE, 4),
			  reads[_i].ends ? 0xfff0 : 0);
	ported_read(p, ported_at(0, at.devfn), PCI_HEADER_TYPE, 1);
	ck_assert_uint_eq(ported_read_wide(p, at, reads[_i].offset, reads[_i].len), expected);
	ck_assert_uint_eq(ported_read(p, ported_at(0, at.devfn), PCI_PREF_MEMORY_BASE, 4),
			  0x0001fff1);
	/* other root ports keep their veil */
	ck_assert_uint_eq(ported_read(p, ported_at(0, 0x11 << 3), PCI_MEMORY_BASE, 4), 0);
	ported_write(p, ported_at(0, at.devfn), PCI_PRIMARY_BUS, 4, 0x00010100);
	ck_assert_uint_eq(ported_read(p, ported_at(0, at.devfn), PCI_PRIMARY_BUS, 4), 0x00010100);
}
END_TEST

START_TEST(a_write_does_not_end_the_veil)
{
	veiled_port();
	ported_write(p, ported_at(0, 0x80), PCI_CACHE_LINE_SIZE, 4, 0xffffffff);
	ck_assert_uint_eq(p->last.verdict, EC_V_SERVED);
	ck_assert_uint_eq(ported_read(p, ported_at(0, 0x80), PCI_MEMORY_BASE, 4), 0);
	ck_assert_uint_eq(ported_read(p, ported_at(0, 0x80), PCI_CACHE_LINE_SIZE, 4), 0x000100ff);
	ck_assert_uint_eq(ported_read(p, ported_at(0, 0x80), PCI_MEMORY_BASE, 4), 0xfff0);
}
END_TEST

Suite *suite_emulated_root_port_config(void)
{
	Suite *s = suite_create("emulated_root_port_config");
	TCase *t = tcase_create("port");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, a_register_has_this_value_after_a_reset, 0,
			    EC_ARRAY_SIZE(registers));
	tcase_add_loop_test(t, a_guest_changes_only_these_bits, 0, EC_ARRAY_SIZE(registers));
	tcase_add_loop_test(t, both_ends_of_the_link_agree, 0, 4);
	tcase_add_test(t, an_empty_slot_has_a_link_that_is_down);
	tcase_add_test(t, no_access_reaches_hardware);
	tcase_add_loop_test(t, the_veil_ends_when_the_header_type_is_read, 0, 11);
	tcase_add_test(t, a_write_does_not_end_the_veil);
	suite_add_tcase(s, t);
	return s;
}
