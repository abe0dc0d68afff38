/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 0x13, PCI Advanced Features. */
#include "capabilities/table.h"

#define SRC .source = EC_SRC_PCIUTILS
#define LNX .source = EC_SRC_LINUX

/* clang-format off */
/* host: the service resets the function */
static const struct ec_reg af_rows[] = {
	{ 0x02, 1, EC_FREEZE,  "LENGTH", LNX },
	{ 0x03, 1, EC_FREEZE,  "AF_CAP", SRC },
	{ 0x04, 1, EC_EMULATE, "AF_CTRL", .rsvdp = EC_OTHERS8(PCI_AF_CTRL_FLR),
	  .effect = EC_FX_AF_FLR, .fx = PCI_AF_CTRL_FLR, .host = PCI_AF_CTRL_FLR, SRC },
	{ 0x05, 1, EC_READ,    "AF_STATUS", SRC },
};
/* clang-format on */

const struct ec_cap ec_cap_af = {
	EC_STD(PCI_CAP_ID_AF, "AF", "PCI Advanced Features", EC_EMULATE, 6, "6", EC_SRC_LINUX),
	.once = true,
	.probe = 1u << 0,
	.rows = EC_ROWS(af_rows),
};
