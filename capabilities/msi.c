/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 0x05, MSI. The host owns the vectors. */
#include "capabilities/table.h"

/* clang-format off */
/*
 * One vector, no per-vector masking: the mask and pending registers, where the device has them,
 * are not part of the capability that the guest sees, and are dead.
 */
#define SRC .source = EC_SRC_XEN_PT
#define FLAGS \
	{ 0x02, 2, EC_EMULATE, "FLAGS", .rw = 0x0071, .rsvdp = 0xf800, .effect = EC_FX_MSI, .fx = 0x0001, \
	  .host = 0x0071, .clr = 0x070e, SRC }
#define LO \
	{ 0x04, 4, EC_EMULATE, "ADDRESS_LO", .rw = 0xfffffffcu, .rsvdp = 0x3, .effect = EC_FX_MSI, \
	  .host = 0xfffffffcu, SRC }
#define HI \
	{ 0x08, 4, EC_EMULATE, "ADDRESS_HI", .rw = 0xffffffffu, .effect = EC_FX_MSI, .host = 0xffffffffu, SRC }
#define DATA(off) \
	{ off, 2, EC_EMULATE, "DATA", .rw = 0xffff, .effect = EC_FX_MSI, .host = 0xffff, SRC }
#define MASK(off) \
	{ off - 2, 2, EC_HIDE, "EXT_DATA", .rw = 0xffff, .host = 0xffff, SRC }, \
	{ off,     4, EC_HIDE, "MASK", .rw = 0xffffffffu, .host = 0xffffffffu, SRC }, \
	{ off + 4, 4, EC_HIDE, "PENDING", SRC }

static const struct ec_reg msi_32[] = { FLAGS, LO, DATA(0x08) };
static const struct ec_reg msi_64[] = { FLAGS, LO, HI, DATA(0x0c) };
static const struct ec_reg msi_32_mask[] = { FLAGS, LO, DATA(0x08), MASK(0x0c) };
static const struct ec_reg msi_64_mask[] = { FLAGS, LO, HI, DATA(0x0c), MASK(0x10) };

/* clang-format on */

static struct ec_reg_table msi_table(const struct ec_cap_at *at)
{
	uint32_t flags = ec_at_get(at, PCI_MSI_FLAGS, 2);

	if (flags & PCI_MSI_FLAGS_MASK_BIT)
		return flags & PCI_MSI_FLAGS_64BIT ? EC_TABLE(msi_64_mask) : EC_TABLE(msi_32_mask);
	return flags & PCI_MSI_FLAGS_64BIT ? EC_TABLE(msi_64) : EC_TABLE(msi_32);
}

static uint32_t msi_length(const struct ec_cap_at *at)
{
	uint32_t flags = ec_at_get(at, PCI_MSI_FLAGS, 2);

	return 10u + (flags & PCI_MSI_FLAGS_64BIT ? 4 : 0) +
	       (flags & PCI_MSI_FLAGS_MASK_BIT ? 10 : 0);
}

/* Without room for its message MSI cannot work, and half of it must not be shown. */
static bool msi_hide(const struct ec_cap_at *at)
{
	uint32_t flags = ec_at_get(at, PCI_MSI_FLAGS, 2);

	return at->room < 10u + (flags & PCI_MSI_FLAGS_64BIT ? 4 : 0);
}

const struct ec_cap ec_cap_msi = {
	.id = PCI_CAP_ID_MSI,
	.treatment = EC_EMULATE,
	.once = true,
	.least = 10,
	.name = "MSI",
	.title = "Message Signaled Interrupts",
	.length_text = "10, with 64-bit addresses 4 more, with per-vector masking 10 more",
	.length = msi_length,
	.table = msi_table,
	.hide = msi_hide,
	.source = EC_SRC_VFIO,
};
