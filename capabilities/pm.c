/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 0x01, Power Management. */
#include "capabilities/table.h"

/* clang-format off */
/*
 * PMC: no PME support, aux current or PME clock, since no PME reaches a guest. PMCSR: the power
 * state is virtual and No_Soft_Reset set, so that a guest need not restore what it never lost;
 * Data_Select, Data_Scale and Data are the device's.
 */
static const struct ec_reg rows[] = {
	{ 0x02, 2, EC_FREEZE,  "PMC", .clr = 0xf9c8, .source = EC_SRC_XEN_PT },
	{ 0x04, 2, EC_EMULATE, "PMCSR", .rw = 0x1f03, .w1c = 0x8000, .rsvdp = 0x00f4, .split = 0x7e00,
	  .second = EC_PASS, .effect = EC_FX_PM, .fx = 0x0003, .host = 0x8103, .set = 0x0008, .source = EC_SRC_XEN_PT },
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
