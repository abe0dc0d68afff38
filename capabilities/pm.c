/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 0x01, Power Management. */
#include "capabilities/table.h"

/* clang-format off */
/*
 * The power state is the guest's copy, unless a rule lets it have states of the hardware. Data_Select,
 * Data_Scale and Data are the device's.
 */
#define PME \
	(PCI_PM_CAP_PME_D0 | PCI_PM_CAP_PME_D1 | PCI_PM_CAP_PME_D2 | PCI_PM_CAP_PME_D3_HOT | \
	 PCI_PM_CAP_PME_D3_COLD)
#define DATA (PCI_PM_CTRL_DATA_SEL_MASK | PCI_PM_CTRL_DATA_SCALE_MASK)
#define HOST_RW (PCI_PM_CTRL_STATE_MASK | PCI_PM_CTRL_PME_ENABLE)
#define BITS (HOST_RW | DATA | PCI_PM_CTRL_PME_STATUS | PCI_PM_CTRL_NO_SOFT_RST)

static const struct ec_reg rows[] = {
	{ 0x02, 2, EC_FREEZE,  "PMC", .clr = PME | PCI_PM_CAP_AUX_C_MASK | PCI_PM_CAP_PME_CLOCK, .source = EC_SRC_XEN_PT }, /* clr: no PME reaches a guest */
	{ 0x04, 2, EC_EMULATE, "PMCSR", .rw = HOST_RW | PCI_PM_CTRL_DATA_SEL_MASK, .w1c = PCI_PM_CTRL_PME_STATUS, .rsvdp = EC_OTHERS16(BITS),
	  .split = DATA, .second = EC_PASS, .effect = EC_FX_PM, .fx = PCI_PM_CTRL_STATE_MASK,
	  .host = HOST_RW | PCI_PM_CTRL_PME_STATUS, /* the kernel takes the function for one in D0 */
	  .set = PCI_PM_CTRL_NO_SOFT_RST, .source = EC_SRC_XEN_PT }, /* a guest need not restore what it never lost */
	{ 0x06, 1, EC_FREEZE,  "PPB_EXTENSIONS", .source = EC_SRC_PCIUTILS },
	{ 0x07, 1, EC_READ,    "DATA", .source = EC_SRC_PCIUTILS },
};
/* clang-format on */

const struct ec_cap ec_cap_pm = {
	.id = PCI_CAP_ID_PM,
	.treatment = EC_EMULATE,
	.once = true,
	.least = 8,
	.name = "PM",
	.title = "Power Management",
	.length_text = "8",
	.rows = EC_ROWS(rows),
	.source = EC_SRC_PCIUTILS,
};
