/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "fixture.h"
#include "rig.h"
#include "suites.h"

#define BAR(n) (PCI_BASE_ADDRESS_0 + (n)*4)
#define COMMAND_HIGH (PCI_COMMAND + 1)
#define IO_AND_MEMORY (PCI_COMMAND_IO | PCI_COMMAND_MEMORY)
#define PMCSR (NIC_PM + PCI_PM_CTRL)
#define MSI_FLAGS (NIC_MSI + PCI_MSI_FLAGS)
#define MSI_ADDRESS (NIC_MSI + PCI_MSI_ADDRESS_LO)
#define MSI_ADDRESS_HI (NIC_MSI + PCI_MSI_ADDRESS_HI)
#define MSI_DATA (NIC_MSI + PCI_MSI_DATA_64)
#define DEVCAP (NIC_EXP + PCI_EXP_DEVCAP)
#define DEVCTL (NIC_EXP + PCI_EXP_DEVCTL)
#define DEVSTA (NIC_EXP + PCI_EXP_DEVSTA)
#define MSIX_FLAGS (NIC_MSIX + PCI_CAP_FLAGS)
/* what the card's registers start with */
#define DEVCTL_START 0x2810
#define VECTORS 64

enum { D1 = 1, D2, D3HOT };

#define BAR0_SIZE (64u << 20)
#define BAR2_SIZE 32u
#define BAR3_SIZE (16u << 10)
#define ROM_SIZE (512u << 10)
/* where the guest places them */
#define AT_BAR0 0x2180000000ull
#define AT_BAR2 0xc000u
#define AT_BAR3 0xe0000000u
#define AT_ROM 0xd0000000u

/* address of an MSI */
#define MESSAGE 0x1fee01004ull

static struct rig *r;
static struct fixture x;

static void setup(void)
{
	r = rig_new();
	fixture_nic(&x);
	rig_attach(r, &x.img, EC_FLATTENED,
		   (struct ec_region[EC_BAR_MAX]){ [0] = { BAR0_SIZE, 0 },
						   [2] = { BAR2_SIZE, PCI_BASE_ADDRESS_SPACE_IO },
						   [3] = { BAR3_SIZE, 0 },
						   [EC_BAR_ROM] = { ROM_SIZE, 0 } });
}

static void teardown(void)
{
	rig_free(r);
}

/* The last access caused @want as its @i-th action. */
static void check_action(unsigned int i, struct ec_action want)
{
	const struct ec_action *a = r->last.actions.action + i;

	ck_assert_uint_lt(i, r->last.actions.n);
	ck_assert_str_eq(ec_action_info[a->kind].name, ec_action_info[want.kind].name);
	ck_assert_uint_eq(a->index, want.index);
	ck_assert_uint_eq(a->address, want.address);
	ck_assert_uint_eq(a->size, want.size);
	ck_assert_uint_eq(a->value, want.value);
}

static void check_value(unsigned int i, enum ec_action_kind kind, uint32_t value)
{
	check_action(i, (struct ec_action){ .kind = (uint8_t)kind, .value = value });
}

static void check_bar(unsigned int i, enum ec_action_kind kind, unsigned int index,
		      uint64_t address)
{
	static const uint64_t sizes[EC_BAR_MAX] = {
		[0] = BAR0_SIZE, [2] = BAR2_SIZE, [3] = BAR3_SIZE, [EC_BAR_ROM] = ROM_SIZE
	};

	check_action(i, (struct ec_action){ .kind = (uint8_t)kind,
					    .index = (uint8_t)index,
					    .address = address,
					    .size = sizes[index] });
}

static void check_actions(unsigned int n)
{
	ck_assert_uint_eq(r->last.actions.n, n);
}

static void place_bars(void)
{
	rig_write(r, BAR(0), 4, (uint32_t)AT_BAR0);
	rig_write(r, BAR(1), 4, AT_BAR0 >> 32);
	rig_write(r, BAR(2), 4, AT_BAR2);
	rig_write(r, BAR(3), 4, AT_BAR3);
	check_actions(0);
}

START_TEST(decode_maps_and_unmaps_bars)
{
	place_bars();
	rig_write(r, PCI_COMMAND, 2, IO_AND_MEMORY);
	check_actions(3);
	check_bar(0, EC_ACT_MAP_BAR, 0, AT_BAR0);
	check_bar(1, EC_ACT_MAP_BAR, 2, AT_BAR2);
	check_bar(2, EC_ACT_MAP_BAR, 3, AT_BAR3);
	rig_write(r, PCI_COMMAND, 2, IO_AND_MEMORY);
	check_actions(0);
	rig_write(r, PCI_COMMAND, 1, PCI_COMMAND_IO);
	check_actions(2);
	check_bar(0, EC_ACT_UNMAP_BAR, 0, AT_BAR0);
	check_bar(1, EC_ACT_UNMAP_BAR, 3, AT_BAR3);
}
END_TEST

START_TEST(decode_never_reaches_the_device)
{
	for (uint32_t v = 0; v < 0x800; v++) {
		rig_write(r, PCI_COMMAND, 2, v);
		for (unsigned int i = 0; i < r->n; i++)
			if (r->hw[i].write)
				ck_assert_uint_eq(r->hw[i].value & 0x43, 0x03);
		ck_assert_uint_eq(ec_image_get(&r->device.image, 4, 2) & 0x0743, 0x0503);
		ck_assert_uint_eq(ec_image_get(&r->device.image, 4, 2) & 0x3c, v & 0x3c);
		ck_assert_uint_eq(rig_read(r, 4, 2), v & 0x077f);
	}
}
END_TEST

START_TEST(a_bar_that_decodes_moves)
{
	place_bars();
	rig_write(r, PCI_COMMAND, 2, PCI_COMMAND_MEMORY);
	rig_write(r, BAR(1), 4, (AT_BAR0 >> 32) + 1);
	check_actions(2);
	check_bar(0, EC_ACT_UNMAP_BAR, 0, AT_BAR0);
	check_bar(1, EC_ACT_MAP_BAR, 0, AT_BAR0 + (1ull << 32));
	/* sizing while it decodes: it is nowhere, then back */
	rig_write(r, BAR(3), 4, 0xffffffff);
	check_actions(1);
	check_bar(0, EC_ACT_UNMAP_BAR, 3, AT_BAR3);
	rig_write(r, BAR(3), 4, AT_BAR3);
	check_actions(1);
	check_bar(0, EC_ACT_MAP_BAR, 3, AT_BAR3);
	/* I/O does not decode */
	rig_write(r, BAR(2), 4, 0x0000d000);
	check_actions(0);
}
END_TEST

START_TEST(unplaced_bars_are_not_mapped)
{
	rig_write(r, PCI_COMMAND, 2, IO_AND_MEMORY);
	check_actions(0);
}
END_TEST

START_TEST(the_rom_needs_both_enables)
{
	rig_write(r, PCI_COMMAND, 2, PCI_COMMAND_MEMORY);
	rig_write(r, PCI_ROM_ADDRESS, 4, AT_ROM);
	check_actions(0);
	rig_write(r, PCI_ROM_ADDRESS, 1, PCI_ROM_ADDRESS_ENABLE);
	check_actions(1);
	check_bar(0, EC_ACT_MAP_BAR, EC_BAR_ROM, AT_ROM);
	rig_write(r, PCI_COMMAND, 2, 0);
	check_actions(1);
	check_bar(0, EC_ACT_UNMAP_BAR, EC_BAR_ROM, AT_ROM);
	ck_assert_uint_eq(ec_image_get(&r->device.image, PCI_ROM_ADDRESS, 4), 0xfe800000);
}
END_TEST

START_TEST(intx_follows_its_disable_bit)
{
	rig_write(r, COMMAND_HIGH, 1, PCI_COMMAND_DISABLE_INTx >> 8);
	check_actions(1);
	check_value(0, EC_ACT_INTX, 0);
	rig_write(r, COMMAND_HIGH, 1, 0x00);
	check_actions(1);
	check_value(0, EC_ACT_INTX, 1);
}
END_TEST

START_TEST(msi_is_enabled_updated_and_disabled)
{
	/* one vector, no masking, 64-bit, unlike the device */
	ck_assert_uint_eq(rig_read(r, MSI_FLAGS, 2), PCI_MSI_FLAGS_64BIT);
	rig_write(r, MSI_ADDRESS, 4, (uint32_t)MESSAGE);
	rig_write(r, MSI_ADDRESS_HI, 4, MESSAGE >> 32);
	rig_write(r, MSI_DATA, 2, 0x4041);
	check_actions(0);
	rig_write(r, MSI_FLAGS, 2, PCI_MSI_FLAGS_ENABLE);
	check_actions(1);
	check_action(0, (struct ec_action){
				.kind = EC_ACT_MSI_ENABLE, .address = MESSAGE, .value = 0x4041 });
	rig_write(r, MSI_DATA, 2, 0x4042);
	check_actions(1);
	check_action(0, (struct ec_action){
				.kind = EC_ACT_MSI_UPDATE, .address = MESSAGE, .value = 0x4042 });
	rig_write(r, MSI_DATA, 2, 0x4042);
	check_actions(0);
	rig_write(r, MSI_FLAGS, 1, 0x00);
	check_actions(1);
	check_value(0, EC_ACT_MSI_DISABLE, 0);
	ck_assert_uint_eq(ec_image_get(&r->device.image, MSI_FLAGS, 2), 0x0187);
}
END_TEST

/* Multiple Message Enable is no more than Multiple Message Capable (PCI 3.0 6.8.1.3). */
START_TEST(msi_has_one_message_whatever_is_written)
{
	for (uint32_t enabled = 1; enabled < 8; enabled++) {
		rig_write(r, MSI_FLAGS, 2, PCI_MSI_FLAGS_ENABLE | enabled << 4);
		ck_assert_uint_eq(rig_read(r, MSI_FLAGS, 2),
				  PCI_MSI_FLAGS_64BIT | PCI_MSI_FLAGS_ENABLE);
	}
}
END_TEST

START_TEST(a_32_bit_msi_has_its_data_after_the_address)
{
	fixture_init(&x, 256, 0);
	fixture_cap(&x, 0x50, PCI_CAP_ID_MSI);
	rig_attach(r, &x.img, EC_BYPASSED, NULL);
	rig_write(r, MSI_ADDRESS, 8, 0x1234fee00003);
	ck_assert_uint_eq(rig_read(r, MSI_ADDRESS, 4), 0xfee00000);
	rig_write(r, MSI_FLAGS, 2, PCI_MSI_FLAGS_ENABLE);
	check_actions(1);
	check_action(0, (struct ec_action){ .kind = EC_ACT_MSI_ENABLE,
					    .address = 0xfee00000,
					    .value = 0x1234 });
}
END_TEST

START_TEST(msix_is_enabled_masked_and_disabled)
{
	ck_assert_uint_eq(rig_read(r, MSIX_FLAGS, 2), VECTORS - 1);
	rig_write(r, MSIX_FLAGS, 2, PCI_MSIX_ENABLE | PCI_MSIX_MASK);
	check_actions(1);
	check_value(0, EC_ACT_MSIX_ENABLE, 1);
	rig_write(r, MSIX_FLAGS + 1, 1, PCI_MSIX_ENABLE >> 8);
	check_actions(1);
	check_value(0, EC_ACT_MSIX_MASK, 0);
	rig_write(r, MSIX_FLAGS, 2, PCI_MSIX_MASK);
	check_actions(1);
	check_value(0, EC_ACT_MSIX_DISABLE, 0);
	rig_write(r, MSIX_FLAGS, 2, 0);
	check_actions(0);
	ck_assert_uint_eq(r->plan.layout.params.msix_vectors, VECTORS);
}
END_TEST

/* The fixture's function supports D1 and D2. */
START_TEST(a_supported_power_state_is_entered_once)
{
	rig_write(r, PMCSR, 2, D3HOT);
	check_actions(1);
	check_value(0, EC_ACT_POWER_STATE, D3HOT);
	ck_assert_uint_eq(rig_read(r, PMCSR, 1), PCI_PM_CTRL_NO_SOFT_RST | D3HOT);
	rig_write(r, PMCSR, 2, D3HOT);
	check_actions(0);
	ck_assert_int_eq(rig_write(r, PMCSR, 1, D1), EC_V_SERVED);
	check_value(0, EC_ACT_POWER_STATE, D1);
}
END_TEST

START_TEST(an_unsupported_power_state_is_refused)
{
	fixture_put(&x, NIC_PM + PCI_CAP_FLAGS, 2, 3); /* version 3, no D1, no D2 */
	rig_attach(r, &x.img, EC_FLATTENED, NULL);
	ck_assert_int_eq(rig_write(r, PMCSR, 2, D2), EC_V_REFUSED);
	check_actions(0);
	ck_assert_uint_eq(rig_read(r, PMCSR, 1), PCI_PM_CTRL_NO_SOFT_RST);
	ck_assert_int_eq(rig_write(r, PMCSR, 2, D3HOT), EC_V_SERVED);
	ck_assert_int_eq(rig_write(r, PMCSR, 2, D1), EC_V_REFUSED);
	ck_assert_uint_eq(rig_read(r, PMCSR, 1), PCI_PM_CTRL_NO_SOFT_RST | D3HOT);
}
END_TEST

START_TEST(flr_is_asked_for_and_reads_0)
{
	ck_assert_uint_eq(rig_read(r, DEVCTL, 2), DEVCTL_START);
	rig_write(r, DEVCTL, 2, DEVCTL_START | PCI_EXP_DEVCTL_FLRESET);
	check_actions(1);
	check_value(0, EC_ACT_FLR, 0);
	ck_assert_uint_eq(rig_read(r, DEVCTL, 2), DEVCTL_START);
	ck_assert_uint_eq(r->n, 0);
	/* a function without FLR */
	fixture_put(&x, DEVCAP, 4, fixture_get(&x, DEVCAP, 4) & ~(uint32_t)PCI_EXP_DEVCAP_FLRESET);
	rig_attach(r, &x.img, EC_FLATTENED, NULL);
	rig_write(r, DEVCTL, 2, PCI_EXP_DEVCTL_FLRESET);
	check_actions(0);
}
END_TEST

/* It does not see data above the width, and no other lanes. */
START_TEST(an_effect_sees_only_written_bits)
{
	rig_write(r, DEVCTL, 1, PCI_EXP_DEVCTL_FLRESET | 0x10);
	check_actions(0);
	rig_write(r, DEVSTA, 2, PCI_EXP_DEVCTL_FLRESET);
	check_actions(0);
	rig_write(r, DEVCTL + 1, 1, PCI_EXP_DEVCTL_FLRESET >> 8);
	check_actions(1);
	check_value(0, EC_ACT_FLR, 0);
	place_bars();
	rig_write(r, PCI_COMMAND, 2, PCI_COMMAND_MEMORY);
	rig_write(r, PCI_STATUS, 2, 0x0000);
	check_actions(0);
	rig_write(r, COMMAND_HIGH, 1, 0x00);
	check_actions(0);
	rig_write(r, NIC_MSIX, 2, 0xffff);
	check_actions(0);
	rig_write(r, PMCSR + 2, 2, D3HOT);
	check_actions(0);
}
END_TEST

START_TEST(af_flr_is_asked_for_if_the_function_has_it)
{
	fixture_init(&x, 256, 0);
	fixture_cap(&x, 0xe0, PCI_CAP_ID_AF);
	fixture_put(&x, 0xe2, 2, 0x0306);
	rig_attach(r, &x.img, EC_BYPASSED, NULL);
	rig_write(r, 0xe4, 1, 1);
	check_actions(1);
	check_value(0, EC_ACT_FLR, 0);
	ck_assert_uint_eq(rig_read(r, 0xe4, 1), 0);
	ck_assert(r->n == 0);
	fixture_put(&x, 0xe2, 2, 0x0106);
	rig_attach(r, &x.img, EC_BYPASSED, NULL);
	ck_assert_int_eq(rig_write(r, 0xe4, 1, 1), EC_V_DROPPED);
	check_actions(0);
}
END_TEST

/* Registers of a root port, for effects that no default view of the card has. */
enum { SLTCTL = 0x58, RTCTL = 0x5c, DPC_CAP = 0x164, DPC_STS = 0x168 };

#define BUSES 0x00030201u
#define BUS_RESET ((uint32_t)PCI_BRIDGE_CTL_BUS_RESET << 16)
#define OTHER_BITS ((uint32_t)(PCI_BRIDGE_CTL_PARITY | PCI_BRIDGE_CTL_SERR) << 16)
#define RT_PME PCI_EXP_RTCTL_PMEIE
#define VPD_WRITE 0x80040000u /* of dword 4 */
/* DPC Control in the upper half: triggered by fatal errors, or by non-fatal ones too */
#define FATAL 0x00010000u
#define NON_FATAL 0x00020000u
#define SW ((uint32_t)PCI_DPC_CTL_SW_TRIGGER << 16)
/* DPC Status and error source */
#define SOURCE 0x01000000u
#define TRIGGER PCI_DPC_STS_TRIGGER
#define INTERRUPT PCI_DPC_STS_INT

static const struct {
	enum ec_effect effect;
	uint32_t dword, old, now, data;
	enum ec_action_kind kind;
	uint32_t value;
	unsigned int n;
} others[] = {
	{ EC_FX_BUS, PCI_PRIMARY_BUS, 0, BUSES, BUSES, EC_ACT_BUS_NUMBERS, BUSES, 1 },
	/* the latency timer is in the same dword */
	{ EC_FX_BUS, PCI_PRIMARY_BUS, BUSES, 0x40000000 | BUSES, 0x40000000, EC_ACT_BUS_NUMBERS, 0,
	  0 },
	{ EC_FX_BRIDGE, PCI_INTERRUPT_LINE, 0, BUS_RESET, BUS_RESET, EC_ACT_BUS_RESET, 1, 1 },
	{ EC_FX_BRIDGE, PCI_INTERRUPT_LINE, BUS_RESET, 0, 0, EC_ACT_BUS_RESET, 0, 1 },
	{ EC_FX_BRIDGE, PCI_INTERRUPT_LINE, BUS_RESET, BUS_RESET | OTHER_BITS,
	  BUS_RESET | OTHER_BITS, EC_ACT_BUS_RESET, 0, 0 },
	{ EC_FX_SLOT, SLTCTL, 0x03c0, 0x03c0, 0x03c0, EC_ACT_SLOT_CONTROL, 0x03c0, 1 },
	{ EC_FX_ROOT, RTCTL, 0, RT_PME, RT_PME, EC_ACT_ROOT_CONTROL, RT_PME, 1 },
	{ EC_FX_ROOT, RTCTL, RT_PME, RT_PME, RT_PME, EC_ACT_ROOT_CONTROL, RT_PME, 0 },
	{ EC_FX_VPD, NIC_VPD, PCI_CAP_ID_VPD, VPD_WRITE | PCI_CAP_ID_VPD, VPD_WRITE, EC_ACT_VPD,
	  VPD_WRITE >> 16, 1 },
	{ EC_FX_DPC, DPC_CAP, FATAL, FATAL, SW | FATAL, EC_ACT_CONTAIN, 1, 1 },
	{ EC_FX_DPC, DPC_CAP, 0, NON_FATAL, SW | NON_FATAL, EC_ACT_CONTAIN, 1, 1 },
	/* disabled by the same write; and not triggered by software */
	{ EC_FX_DPC, DPC_CAP, FATAL, 0, SW, EC_ACT_CONTAIN, 0, 0 },
	{ EC_FX_DPC, DPC_CAP, FATAL, FATAL, FATAL, EC_ACT_CONTAIN, 0, 0 },
	{ EC_FX_DPC_END, DPC_STS, SOURCE | INTERRUPT | TRIGGER, SOURCE | INTERRUPT, TRIGGER,
	  EC_ACT_CONTAIN, 0, 1 },
	{ EC_FX_DPC_END, DPC_STS, SOURCE | INTERRUPT | TRIGGER, SOURCE | TRIGGER, INTERRUPT,
	  EC_ACT_CONTAIN, 0, 0 },
	{ EC_FX_DPC_END, DPC_STS, SOURCE, SOURCE, TRIGGER, EC_ACT_CONTAIN, 0, 0 },
};

START_TEST(an_effect_of_a_port_or_vpd_gives_its_action)
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

/* Puts the actions of a reset into r->last. The shadow does not change. */
static void reset(void)
{
	uint32_t before[EC_SHADOW_MAX];
	size_t len = r->plan.layout.words * sizeof(before[0]);

	memcpy(before, r->plan.shadow, len);
	r->last.actions.n = 0;
	ec_effect_reset(&r->plan.layout, r->plan.shadow, &r->last.actions);
	ck_assert_mem_eq(before, r->plan.shadow, len);
}

START_TEST(a_reset_of_an_unused_function_ends_nothing)
{
	place_bars();
	reset();
	check_actions(0);
}
END_TEST

START_TEST(a_reset_ends_mappings_and_interrupts)
{
	uint32_t at = r->plan.layout.params.msi, table = r->plan.layout.params.msix;

	place_bars();
	rig_write(r, PCI_COMMAND, 2, PCI_COMMAND_MEMORY);
	rig_write(r, at + 2, 2, PCI_MSI_FLAGS_ENABLE);
	rig_write(r, table + 2, 2, PCI_MSIX_ENABLE);
	reset();
	check_actions(4);
	check_value(0, EC_ACT_MSI_DISABLE, 0);
	check_value(1, EC_ACT_MSIX_DISABLE, 0);
	check_bar(2, EC_ACT_UNMAP_BAR, 0, AT_BAR0);
	check_bar(3, EC_ACT_UNMAP_BAR, 3, AT_BAR3);
}
END_TEST

START_TEST(a_reset_ends_io_ports_and_the_rom)
{
	place_bars();
	rig_write(r, PCI_ROM_ADDRESS, 4, AT_ROM | PCI_ROM_ADDRESS_ENABLE);
	rig_write(r, PCI_COMMAND, 2, PCI_COMMAND_IO);
	reset();
	check_actions(1);
	check_bar(0, EC_ACT_UNMAP_BAR, 2, AT_BAR2);
	rig_write(r, PCI_COMMAND, 2, PCI_COMMAND_MEMORY);
	reset();
	check_actions(3);
	check_bar(2, EC_ACT_UNMAP_BAR, EC_BAR_ROM, AT_ROM);
}
END_TEST

Suite *suite_access_effect(void)
{
	Suite *s = suite_create("access_effect");
	TCase *t = tcase_create("effect");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, decode_maps_and_unmaps_bars);
	tcase_add_test(t, decode_never_reaches_the_device);
	tcase_add_test(t, a_bar_that_decodes_moves);
	tcase_add_test(t, unplaced_bars_are_not_mapped);
	tcase_add_test(t, the_rom_needs_both_enables);
	tcase_add_test(t, intx_follows_its_disable_bit);
	tcase_add_test(t, msi_is_enabled_updated_and_disabled);
	tcase_add_test(t, msi_has_one_message_whatever_is_written);
	tcase_add_test(t, a_32_bit_msi_has_its_data_after_the_address);
	tcase_add_test(t, msix_is_enabled_masked_and_disabled);
	tcase_add_test(t, a_supported_power_state_is_entered_once);
	tcase_add_test(t, an_unsupported_power_state_is_refused);
	tcase_add_test(t, flr_is_asked_for_and_reads_0);
	tcase_add_test(t, an_effect_sees_only_written_bits);
	tcase_add_test(t, af_flr_is_asked_for_if_the_function_has_it);
	tcase_add_test(t, a_reset_of_an_unused_function_ends_nothing);
	tcase_add_test(t, a_reset_ends_mappings_and_interrupts);
	tcase_add_test(t, a_reset_ends_io_ports_and_the_rom);
	tcase_add_loop_test(t, an_effect_of_a_port_or_vpd_gives_its_action, 0,
			    EC_ARRAY_SIZE(others));
	suite_add_tcase(s, t);
	return s;
}
