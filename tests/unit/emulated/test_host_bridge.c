/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Host bridges: their registers, and how PCIEXBAR places the ECAM window. */
#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "core/pci_bits.h"
#include "emulated/host_bridge.h"
#include "rig.h"
#include "suites.h"

#define LOW EC_PCIEXBAR
#define HIGH (EC_PCIEXBAR + 4)
#define MIB 0x100000ull

static struct rig *r;

static void bridge(enum ec_host_bridge_kind kind, uint64_t ecam, unsigned int buses)
{
	struct ec_plan_options o = { .no_intx = true, .emulated = ec_host_bridge_emulated(kind) };
	struct ec_image img;

	ec_host_bridge_image(kind, ecam, buses, &img);
	rig_attach_options(r, &img, &o);
}

static void setup(void)
{
	r = rig_new();
}

static void teardown(void)
{
	rig_free(r);
}

static uint32_t get(uint32_t offset, uint32_t len)
{
	return (uint32_t)rig_read(r, offset, len);
}

static uint64_t pciexbar(void)
{
	return get(LOW, 4) | (uint64_t)get(HIGH, 4) << 32;
}

static void check_no_window(void)
{
	ck_assert_uint_eq(r->last.actions.n, 0);
}

static void check_window(uint64_t address, uint64_t size)
{
	ck_assert_uint_eq(r->last.actions.n, 1);
	ck_assert_uint_eq(r->last.actions.action[0].kind, EC_ACT_ECAM);
	ck_assert_uint_eq(r->last.actions.action[0].address, address);
	ck_assert_uint_eq(r->last.actions.action[0].size, size);
}

/* Values at the start, and bits that a guest can change; without a window. */
static const struct {
	enum ec_host_bridge_kind kind;
	uint32_t offset, value, rw;
} registers[] = {
	{ EC_BRIDGE_PLAIN, PCI_VENDOR_ID, 0x00081b36, 0 },
	{ EC_BRIDGE_PLAIN, PCI_COMMAND, 0x00000000, 0x00000147 },
	{ EC_BRIDGE_PLAIN, PCI_CLASS_REVISION, 0x06000000, 0 },
	{ EC_BRIDGE_PLAIN, PCI_CACHE_LINE_SIZE, 0x00000000, 0x000000ff },
	{ EC_BRIDGE_PLAIN, PCI_BASE_ADDRESS_0, 0, 0 },
	{ EC_BRIDGE_PLAIN, PCI_SUBSYSTEM_VENDOR_ID, 0, 0 },
	{ EC_BRIDGE_PLAIN, PCI_ROM_ADDRESS, 0, 0 },
	{ EC_BRIDGE_PLAIN, PCI_CAPABILITY_LIST, 0, 0 },
	{ EC_BRIDGE_PLAIN, PCI_INTERRUPT_LINE, 0, 0x000000ff },
	{ EC_BRIDGE_PLAIN, 0x40, 0, 0 },
	{ EC_BRIDGE_PLAIN, EC_PCIEXBAR, 0, 0 },
	{ EC_BRIDGE_PLAIN, EC_PCIEXBAR + 4, 0, 0 },
	{ EC_BRIDGE_PLAIN, 0xfc, 0, 0 },
	{ EC_BRIDGE_Q35, PCI_VENDOR_ID, 0x29c08086, 0 },
	{ EC_BRIDGE_Q35, PCI_COMMAND, 0x00800006, 0x00000140 },
	{ EC_BRIDGE_Q35, PCI_CLASS_REVISION, 0x06000000, 0 },
	{ EC_BRIDGE_Q35, PCI_CACHE_LINE_SIZE, 0, 0 },
	{ EC_BRIDGE_Q35, PCI_BASE_ADDRESS_0, 0, 0 },
	{ EC_BRIDGE_Q35, PCI_SUBSYSTEM_VENDOR_ID, 0, 0 },
	{ EC_BRIDGE_Q35, PCI_ROM_ADDRESS, 0, 0 },
	{ EC_BRIDGE_Q35, PCI_CAPABILITY_LIST, 0, 0 },
	{ EC_BRIDGE_Q35, PCI_INTERRUPT_LINE, 0, 0 },
	{ EC_BRIDGE_Q35, EC_PCIEXBAR - 4, 0, 0 },
	{ EC_BRIDGE_Q35, EC_PCIEXBAR, 0xe0000000, 0xfc000004 },
	{ EC_BRIDGE_Q35, EC_PCIEXBAR + 4, 0, 0x0000000f },
	{ EC_BRIDGE_Q35, EC_PCIEXBAR + 8, 0, 0 },
	{ EC_BRIDGE_Q35, 0xfc, 0, 0 },
};

START_TEST(a_register_has_this_value_and_these_rw_bits)
{
	uint32_t offset = registers[_i].offset, value = registers[_i].value, rw = registers[_i].rw;
	/* not the enable bit of PCIEXBAR, nor the reserved length */
	uint32_t all =
		registers[_i].kind == EC_BRIDGE_Q35 && offset == LOW ? 0xfffffffcu : 0xffffffffu;

	bridge(registers[_i].kind, 0, 0);
	ck_assert_uint_eq(get(offset, 4), value);
	rig_write(r, offset, 4, all);
	ck_assert_uint_eq(get(offset, 4), value | rw);
	rig_write(r, offset, 4, 0);
	ck_assert_uint_eq(get(offset, 4), value & ~rw);
	ck_assert_uint_eq(r->n, 0);
}
END_TEST

START_TEST(a_bridge_is_conventional_and_has_no_hardware)
{
	bridge((enum ec_host_bridge_kind)_i, 0xe0000000, 256);
	ck_assert_uint_eq(get(0x100, 4), 0xffffffff);
	ck_assert_uint_eq(get(PCI_HEADER_TYPE, 1), 0);
	for (uint32_t d = 0; d < 64; d++) {
		const struct ec_dword_masks *rule = ec_layout_masks(&r->plan.layout, d);

		ck_assert_uint_eq(rule->live_bytes | rule->hw_bytes | rule->exact, 0);
	}
}
END_TEST

/* A window, and PCIEXBAR: bit 0 enable, 2:1 length, 35:26 base. */
static const struct {
	uint64_t base;
	unsigned int buses;
	uint64_t reg;
} windows[] = {
	{ 0xe0000000, 256, 0x0e0000001 },  { 0xb0000000, 256, 0x0b0000001 },
	{ 0xf0000000, 128, 0x0f0000003 },  { 0xd8000000, 128, 0x0d8000003 },
	{ 0xf8000000, 64, 0x0f8000005 },   { 0xe4000000, 64, 0x0e4000005 },
	{ 0x840000000, 256, 0x840000001 }, { 0xffc000000, 64, 0xffc000005 },
	{ 0x100000000, 128, 0x100000003 },
};

/* Writes to a window that is enabled. */
static const struct {
	uint32_t offset, len, value;
} hostile[] = {
	{ LOW, 4, 0 },          { LOW, 4, 0xffffffff },     { LOW, 4, 0xc0000001 },
	{ LOW, 1, 0 },          { LOW, 1, 0x06 },           { LOW, 1, 0xff },
	{ LOW, 2, 0 },          { LOW + 2, 2, 0x1000 },     { LOW + 3, 1, 0x10 },
	{ LOW + 3, 1, 0xff },   { HIGH, 4, 0xffffffff },    { HIGH, 4, 0x00000003 },
	{ HIGH, 1, 0x0a },      { LOW + 3, 4, 0x55555555 }, { LOW + 2, 4, 0x00050000 },
	{ LOW - 1, 4, 0x5500 },
};

START_TEST(an_enabled_window_is_locked)
{
	uint64_t reg = windows[_i].reg;
	struct ec_diag diag = { 0 };

	ck_assert_int_eq(ec_host_bridge_check(EC_BRIDGE_Q35, true, windows[_i].base,
					      windows[_i].buses, &diag),
			 0);
	bridge(EC_BRIDGE_Q35, windows[_i].base, windows[_i].buses);
	ck_assert_uint_eq(pciexbar(), reg);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(hostile); i++) {
		rig_write(r, hostile[i].offset, hostile[i].len, hostile[i].value);
		check_no_window();
		ck_assert_uint_eq(pciexbar(), reg);
	}
	rig_write(r, LOW, 8, ~reg);
	check_no_window();
	ck_assert_uint_eq(rig_read(r, LOW, 8), reg);
	/* a write that would change it is refused, one of the same value is not */
	ck_assert_int_eq(rig_write(r, LOW, 4, (uint32_t)reg ^ 0x80000000), EC_V_REFUSED);
	ck_assert_int_eq(rig_write(r, LOW, 4, (uint32_t)reg), EC_V_SERVED);
	check_no_window();
}
END_TEST

/* The upper half first, then the lower one with the enable bit. */
START_TEST(firmware_can_place_a_window_once)
{
	uint64_t reg = windows[_i].reg, size = windows[_i].buses * MIB;

	bridge(EC_BRIDGE_Q35, 0, 0);
	ck_assert_uint_eq(pciexbar(), 0xe0000000);
	ck_assert_int_eq(rig_write(r, HIGH, 4, reg >> 32), EC_V_SERVED);
	check_no_window();
	ck_assert_int_eq(rig_write(r, LOW, 4, (uint32_t)reg), EC_V_SERVED);
	check_window(windows[_i].base, size);
	ck_assert_uint_eq(pciexbar(), reg);
	/* once */
	ck_assert_int_eq(rig_write(r, LOW, 4, 0xc0000001), EC_V_REFUSED);
	check_no_window();
	rig_write(r, LOW, 1, 0);
	rig_write(r, HIGH, 4, 7);
	check_no_window();
	ck_assert_uint_eq(pciexbar(), reg);
}
END_TEST

START_TEST(only_the_enable_bit_places_a_window)
{
	uint64_t reg = windows[_i].reg;

	bridge(EC_BRIDGE_Q35, 0, 0);
	/* the length first, because it decides which bits of the base are RW */
	rig_write(r, LOW, 1, reg & 6);
	for (uint32_t i = 1; i < 8; i++) {
		rig_write(r, LOW + i, 1, reg >> i * 8 & 0xff);
		check_no_window();
	}
	rig_write(r, LOW, 1, reg & 0xff);
	check_window(windows[_i].base, windows[_i].buses * MIB);
	ck_assert_uint_eq(pciexbar(), reg);
}
END_TEST

/* Bits 27 and 26 are RO 0 if the length covers them. */
START_TEST(the_base_is_aligned_to_the_length)
{
	static const uint32_t bases[] = { 0xf0000000, 0xf8000000, 0xfc000000 };

	bridge(EC_BRIDGE_Q35, 0, 0);
	for (uint32_t code = 0; code < 3; code++) {
		rig_write(r, LOW, 4, 0xfffffff8 | code << 1);
		ck_assert_uint_eq(get(LOW, 4), bases[code] | code << 1);
		check_no_window();
	}
	/* a larger length clears bits of the base */
	ck_assert_int_eq(rig_write(r, LOW, 1, 0x01), EC_V_REFUSED);
	check_window(0xf0000000, 256 * MIB);
	ck_assert_uint_eq(pciexbar(), 0xf0000001);
}
END_TEST

START_TEST(the_reserved_length_is_refused)
{
	bridge(EC_BRIDGE_Q35, 0, 0);
	ck_assert_int_eq(rig_write(r, LOW, 4, 0xc0000007), EC_V_REFUSED);
	check_no_window();
	ck_assert_int_eq(rig_write(r, LOW, 1, 0x06), EC_V_REFUSED);
	ck_assert_int_eq(rig_write(r, LOW, 4, 0xffffffff), EC_V_REFUSED);
	check_no_window();
	ck_assert_uint_eq(pciexbar(), 0xe0000000);
	/* a valid length works afterwards */
	ck_assert_int_eq(rig_write(r, LOW, 4, 0xc0000003), EC_V_SERVED);
	check_window(0xc0000000, 128 * MIB);
}
END_TEST

/* The service cannot carry out the action. */
START_TEST(a_refused_window_is_disabled_and_can_be_moved)
{
	bridge(EC_BRIDGE_Q35, 0, 0);
	rig_write(r, LOW, 4, 0x10000005);
	check_window(0x10000000, 64 * MIB);
	ec_host_bridge_refuse(&r->function);
	ck_assert_uint_eq(pciexbar(), 0x10000004);
	rig_write(r, LOW, 4, 0xf8000005);
	check_window(0xf8000000, 64 * MIB);
	ck_assert_uint_eq(pciexbar(), 0xf8000005);
	/* a plain bridge has no PCIEXBAR */
	bridge(EC_BRIDGE_PLAIN, 0xe0000000, 256);
	rig_write(r, PCI_COMMAND, 2, 0x0007);
	ec_host_bridge_refuse(&r->function);
	ck_assert_uint_eq(get(PCI_COMMAND, 2), 0x0007);
	ck_assert_uint_eq(pciexbar(), 0);
}
END_TEST

/* Random writes around PCIEXBAR. */
START_TEST(random_writes_place_one_aligned_window)
{
	static const uint32_t widths[] = { 1, 2, 4, 8 };
	uint64_t state = (uint64_t)_i * 0x9e3779b97f4a7c15ull + 1, placed = 0;

	bridge(EC_BRIDGE_Q35, 0, 0);
	for (unsigned int i = 0; i < 500; i++) {
		state = state * 6364136223846793005ull + 1442695040888963407ull;
		rig_write(r, EC_PCIEXBAR - 4 + (state >> 33) % 16, widths[state >> 61 & 3],
			  state ^ state >> 17);
		ck_assert_uint_le(r->last.actions.n, 1);
		if (r->last.actions.n) {
			struct ec_action a = r->last.actions.action[0];

			ck_assert_uint_eq(placed, 0);
			ck_assert(a.size == 64 * MIB || a.size == 128 * MIB || a.size == 256 * MIB);
			ck_assert_uint_eq(a.address % a.size, 0);
			placed = rig_read(r, LOW, 8);
			ck_assert_uint_eq(placed & 0xffffffff8ull, a.address);
			ck_assert_uint_eq(256 * MIB >> (placed >> 1 & 3), a.size);
		}
		ck_assert_uint_eq(pciexbar() & 1, placed != 0);
		if (placed)
			ck_assert_uint_eq(pciexbar(), placed);
	}
	ck_assert_uint_ne(placed, 0);
}
END_TEST

static const struct {
	enum ec_host_bridge_kind kind;
	bool ecam;
	uint64_t base;
	unsigned int buses;
	const char *why; /* NULL: accepted */
} checks[] = {
	{ EC_BRIDGE_PLAIN, true, 0xfd000000, 1, NULL },
	{ EC_BRIDGE_PLAIN, true, 0xfd000000, 28, NULL },
	{ EC_BRIDGE_PLAIN, true, 0xfd000000, 256, NULL },
	{ EC_BRIDGE_PLAIN, true, 0xfd000000, 0, "1 to 256 buses, not 0" },
	{ EC_BRIDGE_PLAIN, true, 0xfd000000, 257, "1 to 256 buses, not 257" },
	{ EC_BRIDGE_PLAIN, false, 0xfd000000, 257, NULL },
	{ EC_BRIDGE_Q35, false, 1, 3, NULL },
	{ EC_BRIDGE_Q35, true, 0xe0000000, 1, "64, 128 or 256 buses, not 1" },
	{ EC_BRIDGE_Q35, true, 0xe0000000, 63, "64, 128 or 256 buses, not 63" },
	{ EC_BRIDGE_Q35, true, 0xe0000000, 96, "64, 128 or 256 buses, not 96" },
	{ EC_BRIDGE_Q35, true, 0xe0000000, 0, "1 to 256 buses, not 0" },
	{ EC_BRIDGE_Q35, true, 0xe0000000, 512, "1 to 256 buses, not 512" },
	{ EC_BRIDGE_Q35, true, 0xe4000000, 64, NULL },
	{ EC_BRIDGE_Q35, true, 0xe4000000, 128,
	  "multiple of its size, 128 MiB, not at 0xe4000000" },
	{ EC_BRIDGE_Q35, true, 0xe8000000, 256,
	  "multiple of its size, 256 MiB, not at 0xe8000000" },
	{ EC_BRIDGE_Q35, true, 0xe0100000, 64, "multiple of its size, 64 MiB, not at 0xe0100000" },
	{ EC_BRIDGE_Q35, true, 0xffc000000, 64, NULL },
	{ EC_BRIDGE_Q35, true, 0x1000000000, 64, "below 64 GiB, not at 0x1000000000" },
	{ EC_BRIDGE_Q35, true, 0xfffffffff0000000, 256, "below 64 GiB" },
};

START_TEST(this_window_is_accepted_or_refused)
{
	struct ec_diag diag = { 0 };
	int rc = ec_host_bridge_check(checks[_i].kind, checks[_i].ecam, checks[_i].base,
				      checks[_i].buses, &diag);

	ck_assert_msg(rc == (checks[_i].why ? -EINVAL : 0), "%s", diag.text);
	if (checks[_i].why)
		ck_assert_msg(strstr(diag.text, checks[_i].why), "%s", diag.text);
}
END_TEST

START_TEST(kinds_are_parsed)
{
	ck_assert_int_eq(ec_host_bridge_kind_parse("plain"), EC_BRIDGE_PLAIN);
	ck_assert_int_eq(ec_host_bridge_kind_parse("q35"), EC_BRIDGE_Q35);
	ck_assert_int_eq(ec_host_bridge_kind_parse("Q35"), -EINVAL);
	ck_assert_int_eq(ec_host_bridge_kind_parse(""), -EINVAL);
	ck_assert_str_eq(ec_host_bridge_kind_names[EC_BRIDGE_Q35], "q35");
}
END_TEST

Suite *suite_emulated_host_bridge(void)
{
	Suite *s = suite_create("emulated_host_bridge");
	TCase *tc = tcase_create("bridge");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, a_register_has_this_value_and_these_rw_bits, 0,
			    EC_ARRAY_SIZE(registers));
	tcase_add_loop_test(tc, a_bridge_is_conventional_and_has_no_hardware, 0, EC_BRIDGE_KINDS);
	tcase_add_loop_test(tc, an_enabled_window_is_locked, 0, EC_ARRAY_SIZE(windows));
	tcase_add_loop_test(tc, firmware_can_place_a_window_once, 0, EC_ARRAY_SIZE(windows));
	tcase_add_loop_test(tc, only_the_enable_bit_places_a_window, 0, EC_ARRAY_SIZE(windows));
	tcase_add_test(tc, the_base_is_aligned_to_the_length);
	tcase_add_test(tc, the_reserved_length_is_refused);
	tcase_add_test(tc, a_refused_window_is_disabled_and_can_be_moved);
	tcase_add_loop_test(tc, random_writes_place_one_aligned_window, 0, 8);
	tcase_add_loop_test(tc, this_window_is_accepted_or_refused, 0, EC_ARRAY_SIZE(checks));
	tcase_add_test(tc, kinds_are_parsed);
	suite_add_tcase(s, tc);
	return s;
}
