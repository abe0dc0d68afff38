/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 0x05, MSI. */
#include <stddef.h>

#include "capabilities/table.h"

#define SRC .source = EC_SRC_XEN_PT

/* clang-format off */
/*
 * One vector, without per-vector masking: the mask and pending registers, where the device has them,
 * are not part of the capability that the guest sees. They are hidden.
 */
#define EXT_DATA (EC_MSI_FLAGS_EXT_DATA_CAP | EC_MSI_FLAGS_EXT_DATA_ENABLE)
#define FLAGS_RW (PCI_MSI_FLAGS_ENABLE | PCI_MSI_FLAGS_QSIZE)
#define ONE_VECTOR (PCI_MSI_FLAGS_QSIZE | PCI_MSI_FLAGS_QMASK | PCI_MSI_FLAGS_MASK_BIT | EXT_DATA)

/* host: the hardware's message is the one that Xen set up */
#define FLAGS \
	{ 0x02, 2, EC_EMULATE, "FLAGS", EC_HOST_RW(FLAGS_RW), .rsvdp = EC_OTHERS16(FLAGS_RW | ONE_VECTOR | PCI_MSI_FLAGS_64BIT), \
	  .effect = EC_FX_MSI, .fx = PCI_MSI_FLAGS_ENABLE, .clr = ONE_VECTOR, SRC } /* clr: Xen binds one vector */
#define LO \
	{ 0x04, 4, EC_EMULATE, "ADDRESS_LO", EC_HOST_RW(EC_MSI_ADDRESS_LO_MASK), .rsvdp = EC_OTHERS32(EC_MSI_ADDRESS_LO_MASK), .effect = EC_FX_MSI, SRC }
#define HI \
	{ 0x08, 4, EC_EMULATE, "ADDRESS_HI", EC_HOST_RW(EC_ALL32), .effect = EC_FX_MSI, SRC }
#define DATA(off) \
	{ off, 2, EC_EMULATE, "DATA", EC_HOST_RW(EC_ALL16), .effect = EC_FX_MSI, SRC }
#define MASK(off) \
	{ off - 2, 2, EC_HIDE, "EXT_DATA", EC_HOST_RW(EC_ALL16), SRC }, \
	{ off,     4, EC_HIDE, "MASK", EC_HOST_RW(EC_ALL32), SRC }, \
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

/* MSI without room for its whole message cannot work. */
static const char *msi_hide(const struct ec_cap_at *at)
{
	uint32_t flags = ec_at_get(at, PCI_MSI_FLAGS, 2);

	return at->room < 10u + (flags & PCI_MSI_FLAGS_64BIT ? 4 : 0)
		       ? "there is no room for its whole message"
		       : NULL;
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
