/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "access/effect.h"

#include <pci/header.h>

#include "core/bar.h"
#include "core/ecam.h"
#include "core/pci_bits.h"

const struct ec_action_info ec_action_info[EC_ACTIONS] = {
	[EC_ACT_MAP_BAR] = { "map_bar", EC_ARG_INDEX | EC_ARG_ADDRESS | EC_ARG_SIZE },
	[EC_ACT_UNMAP_BAR] = { "unmap_bar", EC_ARG_INDEX | EC_ARG_ADDRESS | EC_ARG_SIZE },
	[EC_ACT_INTX] = { "intx", EC_ARG_VALUE },
	[EC_ACT_MSI_ENABLE] = { "msi_enable", EC_ARG_ADDRESS | EC_ARG_VALUE },
	[EC_ACT_MSI_UPDATE] = { "msi_update", EC_ARG_ADDRESS | EC_ARG_VALUE },
	[EC_ACT_MSI_DISABLE] = { "msi_disable", 0 },
	[EC_ACT_MSIX_ENABLE] = { "msix_enable", EC_ARG_VALUE },
	[EC_ACT_MSIX_MASK] = { "msix_mask", EC_ARG_VALUE },
	[EC_ACT_MSIX_DISABLE] = { "msix_disable", 0 },
	[EC_ACT_POWER_STATE] = { "power_state", EC_ARG_VALUE },
	[EC_ACT_FLR] = { "flr", 0 },
	[EC_ACT_BUS_NUMBERS] = { "bus_numbers", EC_ARG_VALUE },
	[EC_ACT_BUS_RESET] = { "bus_reset", EC_ARG_VALUE },
	[EC_ACT_SLOT_CONTROL] = { "slot_control", EC_ARG_VALUE },
	[EC_ACT_ROOT_CONTROL] = { "root_control", EC_ARG_VALUE },
	[EC_ACT_VPD] = { "vpd", EC_ARG_VALUE },
	[EC_ACT_CONTAIN] = { "contain", EC_ARG_VALUE },
	[EC_ACT_ECAM] = { "ecam", EC_ARG_ADDRESS | EC_ARG_SIZE },
};

static void act(struct ec_effect_write *w, struct ec_action a)
{
	if (w->actions->n < EC_ACTIONS_MAX)
		w->actions->action[w->actions->n++] = a;
}

static void act_value(struct ec_effect_write *w, enum ec_action_kind kind, uint32_t value)
{
	act(w, (struct ec_action){ .kind = (uint8_t)kind, .value = value });
}

/* The dword at @offset as the guest sees it, before or after this write. */
static uint32_t word(const struct ec_effect_write *w, uint32_t offset, bool after)
{
	uint32_t d = offset / 4;

	if (d == w->dword)
		return after ? w->now : w->old;
	return ec_layout_shadow(w->layout, w->shadow, d);
}

/* The bit of COMMAND that lets BAR @i decode. */
static uint32_t decode_bit(const struct ec_effect_params *f, unsigned int i)
{
	return f->bar_kind[i] == EC_BAR_IO ? PCI_COMMAND_IO : PCI_COMMAND_MEMORY;
}

/* Where BAR @i decodes if COMMAND lets it; 0: not placed, being sized, or a disabled ROM. */
static uint64_t placed_at(const struct ec_effect_write *w, unsigned int i, bool after)
{
	const struct ec_effect_params *f = &w->layout->params;
	uint32_t off = i == EC_BAR_ROM ? f->rom_offset : PCI_BASE_ADDRESS_0 + i * 4;
	uint32_t low = word(w, off, after);
	uint64_t addr, all = UINT32_MAX;

	switch (f->bar_kind[i]) {
	case EC_BAR_IO:
		addr = low & EC_BAR_IO_MASK;
		break;
	case EC_BAR_EXPROM:
		addr = low & PCI_ROM_ADDRESS_ENABLE ? low & EC_BAR_ROM_MASK : 0;
		break;
	case EC_BAR_MEM64:
		addr = (low & EC_BAR_MEM_MASK) | (uint64_t)word(w, off + 4, after) << 32;
		all = UINT64_MAX;
		break;
	case EC_BAR_MEM32:
		addr = low & EC_BAR_MEM_MASK;
		break;
	default:
		return 0;
	}
	return addr == (all & ~(f->bar_size[i] - 1)) ? 0 : addr;
}

static void act_bar(struct ec_effect_write *w, enum ec_action_kind kind, unsigned int i,
		    uint64_t address)
{
	if (address)
		act(w, (struct ec_action){ .kind = (uint8_t)kind,
					   .index = (uint8_t)i,
					   .address = address,
					   .size = w->layout->params.bar_size[i] });
}

static bool run_command(struct ec_effect_write *w)
{
	uint32_t changed = w->old ^ w->now;

	for (unsigned int i = 0; changed & (PCI_COMMAND_IO | PCI_COMMAND_MEMORY) && i < EC_BAR_MAX;
	     i++) {
		uint32_t bit = decode_bit(&w->layout->params, i);

		if (changed & bit)
			act_bar(w, w->now & bit ? EC_ACT_MAP_BAR : EC_ACT_UNMAP_BAR, i,
				placed_at(w, i, true));
	}
	if (changed & PCI_COMMAND_DISABLE_INTx)
		act_value(w, EC_ACT_INTX, !(w->now & PCI_COMMAND_DISABLE_INTx));
	return true;
}

/* BAR @i was written: it moves if it decodes. While a guest sizes and places it, it does not. */
static bool move_bar(struct ec_effect_write *w, unsigned int i)
{
	uint32_t command = ec_layout_shadow(w->layout, w->shadow, PCI_COMMAND / 4);
	uint64_t before, after;

	if (!(command & decode_bit(&w->layout->params, i)))
		return true;
	before = placed_at(w, i, false);
	after = placed_at(w, i, true);
	if (before != after) {
		act_bar(w, EC_ACT_UNMAP_BAR, i, before);
		act_bar(w, EC_ACT_MAP_BAR, i, after);
	}
	return true;
}

static bool run_bar(struct ec_effect_write *w)
{
	unsigned int i = (w->dword * 4 - PCI_BASE_ADDRESS_0) / 4;

	return move_bar(w, w->layout->params.bar_kind[i] == EC_BAR_UPPER ? i - 1 : i);
}

static bool run_rom(struct ec_effect_write *w)
{
	return move_bar(w, EC_BAR_ROM);
}

static bool run_msi(struct ec_effect_write *w)
{
	const struct ec_effect_params *f = &w->layout->params;
	uint32_t data_at = f->msi + (uint32_t)(f->msi_64 ? PCI_MSI_DATA_64 : PCI_MSI_DATA_32);
	struct ec_action a = { 0 };
	bool was = word(w, f->msi, false) >> 16 & PCI_MSI_FLAGS_ENABLE;
	bool is = word(w, f->msi, true) >> 16 & PCI_MSI_FLAGS_ENABLE;

	if (was && !is)
		act_value(w, EC_ACT_MSI_DISABLE, 0);
	if (!is || (was && w->old == w->now))
		return true;
	a.kind = was ? EC_ACT_MSI_UPDATE : EC_ACT_MSI_ENABLE;
	a.address = word(w, f->msi + (uint32_t)PCI_MSI_ADDRESS_LO, true);
	if (f->msi_64)
		a.address |= (uint64_t)word(w, f->msi + (uint32_t)PCI_MSI_ADDRESS_HI, true) << 32;
	a.value = (uint16_t)word(w, data_at, true);
	act(w, a);
	return true;
}

static bool run_msix(struct ec_effect_write *w)
{
	uint32_t was = w->old >> 16, is = w->now >> 16;
	uint32_t mask = is & PCI_MSIX_MASK ? 1 : 0;

	if (!((was ^ is) & (PCI_MSIX_ENABLE | PCI_MSIX_MASK)))
		return true;
	if (!(is & PCI_MSIX_ENABLE)) {
		if (was & PCI_MSIX_ENABLE)
			act_value(w, EC_ACT_MSIX_DISABLE, 0);
	} else {
		act_value(w, was & PCI_MSIX_ENABLE ? EC_ACT_MSIX_MASK : EC_ACT_MSIX_ENABLE, mask);
	}
	return true;
}

/* The register keeps the old state if the function does not support the new one. */
static bool run_pm(struct ec_effect_write *w)
{
	uint32_t state = w->now & PCI_PM_CTRL_STATE_MASK;

	if (!(w->layout->params.power_states & 1u << state)) {
		w->now = (w->now & ~(uint32_t)PCI_PM_CTRL_STATE_MASK) |
			 (w->old & PCI_PM_CTRL_STATE_MASK);
		return false;
	}
	if (state != (w->old & PCI_PM_CTRL_STATE_MASK))
		act_value(w, EC_ACT_POWER_STATE, state);
	return true;
}

static bool run_flr(struct ec_effect_write *w)
{
	if (w->data & PCI_EXP_DEVCTL_FLRESET)
		act_value(w, EC_ACT_FLR, 0);
	return true;
}

static bool run_af_flr(struct ec_effect_write *w)
{
	if (w->data & PCI_AF_CTRL_FLR)
		act_value(w, EC_ACT_FLR, 0);
	return true;
}

static bool run_bus(struct ec_effect_write *w)
{
	if ((w->old ^ w->now) & EC_BUS_NUMBERS_MASK)
		act_value(w, EC_ACT_BUS_NUMBERS, w->now & EC_BUS_NUMBERS_MASK);
	return true;
}

static bool run_bridge(struct ec_effect_write *w)
{
	uint32_t bit = (uint32_t)PCI_BRIDGE_CTL_BUS_RESET << 16;

	if ((w->old ^ w->now) & bit)
		act_value(w, EC_ACT_BUS_RESET, w->now & bit ? 1 : 0);
	return true;
}

/* A write is a command to the slot, even if no bit changes: PCI Express 6.7.3.2. */
static bool run_slot(struct ec_effect_write *w)
{
	act_value(w, EC_ACT_SLOT_CONTROL, (uint16_t)w->now);
	return true;
}

static bool run_root(struct ec_effect_write *w)
{
	if ((uint16_t)(w->old ^ w->now))
		act_value(w, EC_ACT_ROOT_CONTROL, (uint16_t)w->now);
	return true;
}

static bool run_vpd(struct ec_effect_write *w)
{
	act_value(w, EC_ACT_VPD, w->data >> 16);
	return true;
}

/* The software trigger works only while DPC is enabled. */
static bool run_dpc(struct ec_effect_write *w)
{
	if (w->data >> 16 & PCI_DPC_CTL_SW_TRIGGER && PCI_DPC_CTL_TRIGGER(w->now >> 16))
		act_value(w, EC_ACT_CONTAIN, 1);
	return true;
}

static bool run_dpc_end(struct ec_effect_write *w)
{
	if (w->old & ~w->now & PCI_DPC_STS_TRIGGER)
		act_value(w, EC_ACT_CONTAIN, 0);
	return true;
}

/*
 * PCIEXBAR is locked once it is enabled. Before that the upper half is only stored, and
 * the length decides which bits of the lower half are address.
 */
static bool run_pciexbar(struct ec_effect_write *w)
{
	/* by the field of the length; 0: reserved */
	static const uint32_t buses_of[] = { 256, 128, 64, 0 };
	uint32_t asked = w->now, buses = buses_of[(asked & EC_PCIEXBAR_LENGTH) >> 1];
	bool lower = w->dword == EC_PCIEXBAR / 4;

	if (word(w, EC_PCIEXBAR, false) & EC_PCIEXBAR_ENABLE || (lower && !buses)) {
		w->now = w->old;
		return w->now == asked;
	}
	if (!lower)
		return true;
	/* the base is aligned: address bits within the window are RO 0 */
	w->now &= ~((buses * EC_ECAM_BUS_SIZE - 1) & EC_PCIEXBAR_BASE);
	if (w->now & EC_PCIEXBAR_ENABLE)
		act(w,
		    (struct ec_action){ .kind = EC_ACT_ECAM,
					.address = (w->now & EC_PCIEXBAR_BASE) |
						   (uint64_t)word(w, EC_PCIEXBAR + 4, true) << 32,
					.size = (uint64_t)buses * EC_ECAM_BUS_SIZE });
	return w->now == asked;
}

static bool (*const effects[EC_EFFECTS])(struct ec_effect_write *w) = {
	[EC_FX_COMMAND] = run_command,   [EC_FX_BAR] = run_bar,       [EC_FX_ROM] = run_rom,
	[EC_FX_MSI] = run_msi,           [EC_FX_MSIX] = run_msix,     [EC_FX_PM] = run_pm,
	[EC_FX_FLR] = run_flr,           [EC_FX_AF_FLR] = run_af_flr, [EC_FX_BUS] = run_bus,
	[EC_FX_BRIDGE] = run_bridge,     [EC_FX_SLOT] = run_slot,     [EC_FX_ROOT] = run_root,
	[EC_FX_VPD] = run_vpd,           [EC_FX_DPC] = run_dpc,       [EC_FX_DPC_END] = run_dpc_end,
	[EC_FX_PCIEXBAR] = run_pciexbar,
};

bool ec_effect_run(enum ec_effect effect, struct ec_effect_write *w)
{
	return effects[effect] ? effects[effect](w) : true;
}

void ec_effect_reset(const struct ec_layout *layout, const uint32_t *shadow,
		     struct ec_action_list *actions)
{
	const struct ec_effect_params *f = &layout->params;
	uint32_t command = ec_layout_shadow(layout, shadow, PCI_COMMAND / 4);
	struct ec_effect_write w = { .layout = layout,
				     .shadow = shadow,
				     .dword = PCI_COMMAND / 4,
				     .old = command,
				     .now = command,
				     .actions = actions };

	if (f->msi && word(&w, f->msi, false) >> 16 & PCI_MSI_FLAGS_ENABLE)
		act_value(&w, EC_ACT_MSI_DISABLE, 0);
	if (f->msix && word(&w, f->msix, false) >> 16 & PCI_MSIX_ENABLE)
		act_value(&w, EC_ACT_MSIX_DISABLE, 0);
	for (unsigned int i = 0; i < EC_BAR_MAX; i++)
		if (command & decode_bit(f, i))
			act_bar(&w, EC_ACT_UNMAP_BAR, i, placed_at(&w, i, false));
}
