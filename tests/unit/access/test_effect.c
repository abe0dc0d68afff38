/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "fixture.h"
#include "rig.h"
#include "suites.h"

static struct rig *r;
static struct fixture x;

static void setup(void)
{
	r = rig_new();
	fixture_nic(&x);
	rig_attach(r, &x.img, EC_FLATTENED,
		   (struct ec_region[EC_BAR_MAX]){ [0] = { 0x4000000, 0 },
						   [2] = { 32, 1 },
						   [3] = { 0x4000, 0 },
						   [6] = { 0x80000, 0 } });
}

static void teardown(void)
{
	rig_free(r);
}

/* The last access caused exactly this action as its @i-th. */
static void check_action(unsigned int i, enum ec_action_kind kind, unsigned int index,
			 uint64_t address, uint64_t size, uint32_t value)
{
	const struct ec_action *a = r->last.actions.action + i;

	ck_assert_uint_lt(i, r->last.actions.n);
	ck_assert_str_eq(ec_action_info[a->kind].name, ec_action_info[kind].name);
	ck_assert_uint_eq(a->index, index);
	ck_assert_uint_eq(a->address, address);
	ck_assert_uint_eq(a->size, size);
	ck_assert_uint_eq(a->value, value);
}

static void check_actions(unsigned int n)
{
	ck_assert_uint_eq(r->last.actions.n, n);
}

static void place_bars(void)
{
	rig_write(r, 0x10, 4, 0x80000000);
	rig_write(r, 0x14, 4, 0x00000021);
	rig_write(r, 0x18, 4, 0x0000c000);
	rig_write(r, 0x1c, 4, 0xe0000000);
	check_actions(0);
}

START_TEST(decode_maps_bars)
{
	place_bars();
	rig_write(r, 0x04, 2, 0x0003);
	check_actions(3);
	check_action(0, EC_ACT_MAP_BAR, 0, 0x2180000000, 0x4000000, 0);
	check_action(1, EC_ACT_MAP_BAR, 2, 0xc000, 32, 0);
	check_action(2, EC_ACT_MAP_BAR, 3, 0xe0000000, 0x4000, 0);
	rig_write(r, 0x04, 2, 0x0003);
	check_actions(0);
	rig_write(r, 0x04, 1, 0x01);
	check_actions(2);
	check_action(0, EC_ACT_UNMAP_BAR, 0, 0x2180000000, 0x4000000, 0);
	check_action(1, EC_ACT_UNMAP_BAR, 3, 0xe0000000, 0x4000, 0);
}
END_TEST

/* The host's decode stays on, whatever the guest does. */
START_TEST(decode_never_reaches_the_device)
{
	for (uint32_t v = 0; v < 0x800; v++) {
		rig_write(r, 0x04, 2, v);
		for (unsigned int i = 0; i < r->n; i++)
			if (r->hw[i].write)
				ck_assert_uint_eq(r->hw[i].value & 0x43, 0x03);
		ck_assert_uint_eq(ec_image_get(&r->device.image, 4, 2) & 0x0743, 0x0503);
		ck_assert_uint_eq(ec_image_get(&r->device.image, 4, 2) & 0x3c, v & 0x3c);
		ck_assert_uint_eq(rig_read(r, 4, 2), v & 0x077f);
	}
}
END_TEST

START_TEST(bar_moves_while_decoding)
{
	place_bars();
	rig_write(r, 0x04, 2, 0x0002);
	rig_write(r, 0x14, 4, 0x00000022);
	check_actions(2);
	check_action(0, EC_ACT_UNMAP_BAR, 0, 0x2180000000, 0x4000000, 0);
	check_action(1, EC_ACT_MAP_BAR, 0, 0x2280000000, 0x4000000, 0);
	/* sizing while decoding: it is nowhere, then back */
	rig_write(r, 0x1c, 4, 0xffffffff);
	check_actions(1);
	check_action(0, EC_ACT_UNMAP_BAR, 3, 0xe0000000, 0x4000, 0);
	rig_write(r, 0x1c, 4, 0xe0000000);
	check_actions(1);
	check_action(0, EC_ACT_MAP_BAR, 3, 0xe0000000, 0x4000, 0);
	/* I/O does not decode */
	rig_write(r, 0x18, 4, 0x0000d000);
	check_actions(0);
}
END_TEST

START_TEST(unplaced_bars_are_not_mapped)
{
	rig_write(r, 0x04, 2, 0x0003);
	check_actions(0);
}
END_TEST

START_TEST(rom)
{
	rig_write(r, 0x04, 2, 0x0002);
	rig_write(r, 0x30, 4, 0xd0000000);
	check_actions(0);
	rig_write(r, 0x30, 1, 0x01);
	check_actions(1);
	check_action(0, EC_ACT_MAP_BAR, 6, 0xd0000000, 0x80000, 0);
	rig_write(r, 0x04, 2, 0);
	check_actions(1);
	check_action(0, EC_ACT_UNMAP_BAR, 6, 0xd0000000, 0x80000, 0);
	ck_assert_uint_eq(ec_image_get(&r->device.image, 0x30, 4), 0xfe800000);
}
END_TEST

START_TEST(intx)
{
	rig_write(r, 0x05, 1, 0x04);
	check_actions(1);
	check_action(0, EC_ACT_INTX, 0, 0, 0, 0);
	rig_write(r, 0x05, 1, 0x00);
	check_actions(1);
	check_action(0, EC_ACT_INTX, 0, 0, 0, 1);
}
END_TEST

START_TEST(msi)
{
	/* one vector, no masking, 64-bit: whatever the device could */
	ck_assert_uint_eq(rig_read(r, 0x52, 2), 0x0080);
	rig_write(r, 0x54, 4, 0xfee01004);
	rig_write(r, 0x58, 4, 1);
	rig_write(r, 0x5c, 2, 0x4041);
	check_actions(0);
	rig_write(r, 0x52, 2, 0x0001);
	check_actions(1);
	check_action(0, EC_ACT_MSI_ENABLE, 0, 0x1fee01004, 0, 0x4041);
	rig_write(r, 0x5c, 2, 0x4042);
	check_actions(1);
	check_action(0, EC_ACT_MSI_UPDATE, 0, 0x1fee01004, 0, 0x4042);
	rig_write(r, 0x5c, 2, 0x4042);
	check_actions(0);
	rig_write(r, 0x52, 1, 0x00);
	check_actions(1);
	check_action(0, EC_ACT_MSI_DISABLE, 0, 0, 0, 0);
	ck_assert_uint_eq(ec_image_get(&r->device.image, 0x52, 2), 0x0187);
}
END_TEST

START_TEST(msi_32)
{
	fixture_init(&x, 256, 0);
	fixture_cap(&x, 0x50, PCI_CAP_ID_MSI);
	rig_attach(r, &x.img, EC_BYPASSED, NULL);
	rig_write(r, 0x54, 8, 0x1234fee00003);
	ck_assert_uint_eq(rig_read(r, 0x54, 4), 0xfee00000);
	rig_write(r, 0x52, 2, 1);
	check_actions(1);
	check_action(0, EC_ACT_MSI_ENABLE, 0, 0xfee00000, 0, 0x1234);
}
END_TEST

START_TEST(msix)
{
	ck_assert_uint_eq(rig_read(r, 0xb2, 2), 0x003f);
	rig_write(r, 0xb2, 2, 0xc000);
	check_actions(1);
	check_action(0, EC_ACT_MSIX_ENABLE, 0, 0, 0, 1);
	rig_write(r, 0xb3, 1, 0x80);
	check_actions(1);
	check_action(0, EC_ACT_MSIX_MASK, 0, 0, 0, 0);
	rig_write(r, 0xb2, 2, 0x4000);
	check_actions(1);
	check_action(0, EC_ACT_MSIX_DISABLE, 0, 0, 0, 0);
	rig_write(r, 0xb2, 2, 0x0000);
	check_actions(0);
	ck_assert_uint_eq(r->plan.layout.params.msix_vectors, 64);
}
END_TEST

/* The fixture's function supports D1 and D2. */
START_TEST(power_states)
{
	rig_write(r, 0x44, 2, 3);
	check_actions(1);
	check_action(0, EC_ACT_POWER_STATE, 0, 0, 0, 3);
	ck_assert_uint_eq(rig_read(r, 0x44, 1), 0x0b);
	rig_write(r, 0x44, 2, 3);
	check_actions(0);
	ck_assert_int_eq(rig_write(r, 0x44, 1, 1), EC_V_SERVED);
	check_action(0, EC_ACT_POWER_STATE, 0, 0, 0, 1);
}
END_TEST

START_TEST(power_state_not_supported)
{
	fixture_put(&x, 0x42, 2, 0x0003);
	rig_attach(r, &x.img, EC_FLATTENED, NULL);
	ck_assert_int_eq(rig_write(r, 0x44, 2, 0x0002), EC_V_REFUSED);
	check_actions(0);
	ck_assert_uint_eq(rig_read(r, 0x44, 1), 0x08);
	ck_assert_int_eq(rig_write(r, 0x44, 2, 0x0003), EC_V_SERVED);
	ck_assert_int_eq(rig_write(r, 0x44, 2, 0x0001), EC_V_REFUSED);
	ck_assert_uint_eq(rig_read(r, 0x44, 1), 0x0b);
}
END_TEST

START_TEST(flr)
{
	ck_assert_uint_eq(rig_read(r, 0x78, 2), 0x2810);
	rig_write(r, 0x78, 2, 0xa810);
	check_actions(1);
	check_action(0, EC_ACT_FLR, 0, 0, 0, 0);
	ck_assert_uint_eq(rig_read(r, 0x78, 2), 0x2810);
	ck_assert_uint_eq(r->n, 0);
	/* nothing to be asked of a function that cannot */
	fixture_put(&x, 0x74, 4, 0x00008fda);
	rig_attach(r, &x.img, EC_FLATTENED, NULL);
	rig_write(r, 0x78, 2, 0x8000);
	check_actions(0);
}
END_TEST

/* An effect sees what was written, nothing else: not what lies above the width, not other lanes. */
START_TEST(only_written_bits)
{
	rig_write(r, 0x78, 1, 0x8010);
	check_actions(0);
	rig_write(r, 0x7a, 2, 0x8000);
	check_actions(0);
	rig_write(r, 0x79, 1, 0x80);
	check_actions(1);
	check_action(0, EC_ACT_FLR, 0, 0, 0, 0);
	place_bars();
	rig_write(r, 0x04, 2, 0x0002);
	rig_write(r, 0x06, 2, 0x0000);
	check_actions(0);
	rig_write(r, 0x05, 1, 0x00);
	check_actions(0);
	rig_write(r, 0xb0, 2, 0xffff);
	check_actions(0);
	rig_write(r, 0x46, 2, 0x0003);
	check_actions(0);
}
END_TEST

START_TEST(af_flr)
{
	fixture_init(&x, 256, 0);
	fixture_cap(&x, 0xe0, PCI_CAP_ID_AF);
	fixture_put(&x, 0xe2, 2, 0x0306);
	rig_attach(r, &x.img, EC_BYPASSED, NULL);
	rig_write(r, 0xe4, 1, 1);
	check_actions(1);
	check_action(0, EC_ACT_FLR, 0, 0, 0, 0);
	ck_assert_uint_eq(rig_read(r, 0xe4, 1), 0);
	ck_assert(r->n == 0);
	fixture_put(&x, 0xe2, 2, 0x0106);
	rig_attach(r, &x.img, EC_BYPASSED, NULL);
	ck_assert_int_eq(rig_write(r, 0xe4, 1, 1), EC_V_DROPPED);
	check_actions(0);
}
END_TEST

/* The effects of a port and of VPD, which no default shows, on a dword each. */
static const struct {
	enum ec_effect effect;
	uint32_t dword, old, now, data;
	enum ec_action_kind kind;
	uint32_t value;
	unsigned int n;
} others[] = {
	{ EC_FX_BUS, 0x18, 0, 0x00030201, 0x00030201, EC_ACT_BUS_NUMBERS, 0x030201, 1 },
	{ EC_FX_BUS, 0x18, 0x30201, 0x40030201, 0x40000000, EC_ACT_BUS_NUMBERS, 0, 0 },
	{ EC_FX_BRIDGE, 0x3c, 0, 0x00400000, 0x00400000, EC_ACT_BUS_RESET, 1, 1 },
	{ EC_FX_BRIDGE, 0x3c, 0x00400000, 0, 0, EC_ACT_BUS_RESET, 0, 1 },
	{ EC_FX_BRIDGE, 0x3c, 0x00400000, 0x00430000, 0x00430000, EC_ACT_BUS_RESET, 0, 0 },
	{ EC_FX_SLOT, 0x58, 0x03c0, 0x03c0, 0x03c0, EC_ACT_SLOT_CONTROL, 0x03c0, 1 },
	{ EC_FX_ROOT, 0x5c, 0, 0x0008, 0x0008, EC_ACT_ROOT_CONTROL, 8, 1 },
	{ EC_FX_ROOT, 0x5c, 8, 8, 8, EC_ACT_ROOT_CONTROL, 8, 0 },
	{ EC_FX_VPD, 0xe0, 3, 0x80040003, 0x80040000, EC_ACT_VPD, 0x8004, 1 },
	{ EC_FX_DPC, 0x164, 0x00010080, 0x00010080, 0x00410000, EC_ACT_CONTAIN, 1, 1 },
	{ EC_FX_DPC, 0x164, 0x00000080, 0x00020080, 0x00420000, EC_ACT_CONTAIN, 1, 1 },
	{ EC_FX_DPC, 0x164, 0x00010080, 0x00000080, 0x00400000, EC_ACT_CONTAIN, 0, 0 },
	{ EC_FX_DPC, 0x164, 0x00010080, 0x00010080, 0x00010000, EC_ACT_CONTAIN, 0, 0 },
	{ EC_FX_DPC_END, 0x168, 0x01000009, 0x01000008, 0x00000001, EC_ACT_CONTAIN, 0, 1 },
	{ EC_FX_DPC_END, 0x168, 0x01000009, 0x01000001, 0x00000008, EC_ACT_CONTAIN, 0, 0 },
	{ EC_FX_DPC_END, 0x168, 0x01000000, 0x01000000, 0x00000001, EC_ACT_CONTAIN, 0, 0 },
};

START_TEST(port_and_vpd)
{
	struct ec_action_list list = { 0 };
	struct ec_effect_write w = { .layout = &r->plan.layout,
				     .shadow = r->plan.shadow,
				     .dword = others[_i].dword / 4,
				     .old = others[_i].old,
				     .now = others[_i].now,
				     .data = others[_i].data,
				     .actions = &list };

	ck_assert(ec_effect_run(others[_i].effect, &w));
	ck_assert_uint_eq(w.now, others[_i].now);
	ck_assert_uint_eq(list.n, others[_i].n);
	if (list.n) {
		ck_assert_uint_eq(list.action[0].kind, others[_i].kind);
		ck_assert_uint_eq(list.action[0].value, others[_i].value);
	}
}
END_TEST

/* What a reset asks for now; the shadow is as it was. */
static void reset(void)
{
	uint32_t before[EC_SHADOW_MAX];
	size_t len = r->plan.layout.words * sizeof(before[0]);

	memcpy(before, r->plan.shadow, len);
	r->last.actions.n = 0;
	ec_effect_reset(&r->plan.layout, r->plan.shadow, &r->last.actions);
	ck_assert_mem_eq(before, r->plan.shadow, len);
}

START_TEST(reset_of_what_was_not_used)
{
	place_bars();
	reset();
	check_actions(0);
}
END_TEST

START_TEST(reset_ends_mappings_and_interrupts)
{
	uint32_t at = r->plan.layout.params.msi, table = r->plan.layout.params.msix;

	place_bars();
	rig_write(r, 0x04, 2, 0x0002);
	rig_write(r, at + 2, 2, PCI_MSI_FLAGS_ENABLE);
	rig_write(r, table + 2, 2, PCI_MSIX_ENABLE);
	reset();
	check_actions(4);
	check_action(0, EC_ACT_MSI_DISABLE, 0, 0, 0, 0);
	check_action(1, EC_ACT_MSIX_DISABLE, 0, 0, 0, 0);
	check_action(2, EC_ACT_UNMAP_BAR, 0, 0x2180000000, 0x4000000, 0);
	check_action(3, EC_ACT_UNMAP_BAR, 3, 0xe0000000, 0x4000, 0);
}
END_TEST

START_TEST(reset_ends_ports_and_rom)
{
	place_bars();
	rig_write(r, 0x30, 4, 0xf0080001);
	rig_write(r, 0x04, 2, 0x0001);
	reset();
	check_actions(1);
	check_action(0, EC_ACT_UNMAP_BAR, 2, 0xc000, 32, 0);
	rig_write(r, 0x04, 2, 0x0002);
	reset();
	check_actions(3);
	check_action(2, EC_ACT_UNMAP_BAR, 6, 0xf0080000, 0x80000, 0);
}
END_TEST

Suite *suite_access_effect(void)
{
	Suite *s = suite_create("access_effect");
	TCase *t = tcase_create("effect");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, decode_maps_bars);
	tcase_add_test(t, decode_never_reaches_the_device);
	tcase_add_test(t, bar_moves_while_decoding);
	tcase_add_test(t, unplaced_bars_are_not_mapped);
	tcase_add_test(t, rom);
	tcase_add_test(t, intx);
	tcase_add_test(t, msi);
	tcase_add_test(t, msi_32);
	tcase_add_test(t, msix);
	tcase_add_test(t, power_states);
	tcase_add_test(t, power_state_not_supported);
	tcase_add_test(t, flr);
	tcase_add_test(t, only_written_bits);
	tcase_add_test(t, af_flr);
	tcase_add_test(t, reset_of_what_was_not_used);
	tcase_add_test(t, reset_ends_mappings_and_interrupts);
	tcase_add_test(t, reset_ends_ports_and_rom);
	tcase_add_loop_test(t, port_and_vpd, 0, EC_ARRAY_SIZE(others));
	suite_add_tcase(s, t);
	return s;
}
