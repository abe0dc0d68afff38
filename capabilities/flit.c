/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 0x0032, Flit Logging, and 0x0034, Flit Error Injection, which acts on the host's link. */
#include "capabilities/table.h"

#define SRC .source = EC_SRC_PCIUTILS

/* clang-format off */
static const struct ec_reg log_rows[] = {
	{ 0x04, 4, EC_READ,   "ERROR_LOG1", EC_HOST_W1C(0x1), SRC },
	{ 0x08, 4, EC_READ,   "ERROR_LOG2", SRC },
	{ 0x0c, 2, EC_READ,   "COUNTER_CTRL", EC_HOST_RW(0x0fff), .rsvdp = 0xf000, SRC },
	{ 0x0e, 2, EC_READ,   "COUNTER_STATUS", SRC },
	{ 0x10, 4, EC_READ,   "FBER_CTRL", EC_HOST_RW(0xf), .rsvdp = 0xfffffff0u, SRC },
	{ 0x14, 4, EC_READ,   "FBER_STATUS1", SRC },
	{ 0x18, 4, EC_READ,   "FBER_STATUS2", SRC },
	{ 0x1c, 4, EC_READ,   "FBER_STATUS3", SRC },
	{ 0x20, 4, EC_READ,   "FBER_STATUS4", SRC },
	{ 0x24, 4, EC_READ,   "FBER_STATUS5", SRC },
	{ 0x28, 4, EC_READ,   "FBER_STATUS6", SRC },
	{ 0x2c, 4, EC_READ,   "FBER_STATUS7", SRC },
	{ 0x30, 4, EC_READ,   "FBER_STATUS8", SRC },
	{ 0x34, 4, EC_READ,   "FBER_STATUS9", SRC },
	{ 0x38, 4, EC_READ,   "FBER_STATUS10", SRC },
};

static const struct ec_reg inject_rows[] = {
	{ 0x04, 4, EC_FREEZE, "CAP", SRC },
	{ 0x08, 4, EC_READ,   "CTRL1", EC_HOST_RW(0x7fff0fc7u), .rsvdp = 0x8000f038u, SRC },
	{ 0x0c, 4, EC_READ,   "CTRL2", EC_HOST_RW(0x000fffffu), .rsvdp = 0xfff00000u, SRC },
	{ 0x10, 4, EC_READ,   "STATUS", SRC },
	{ 0x14, 4, EC_READ,   "ORDERED_CTRL1", EC_HOST_RW(0x3fffffffu), .rsvdp = 0xc0000000u, SRC },
	{ 0x18, 4, EC_READ,   "ORDERED_CTRL2", EC_HOST_RW(0xffffffffu), SRC },
	{ 0x1c, 4, EC_READ,   "ORDERED_TX_STATUS", SRC },
	{ 0x20, 4, EC_READ,   "ORDERED_RX_STATUS", SRC },
};
/* clang-format on */

const struct ec_cap ec_cap_flit_log = {
	EC_EXT(0x32, "FLIT-LOG", "Flit Logging", EC_HIDE, 60, "60", EC_SRC_PCIUTILS),
	.rows = EC_ROWS(log_rows),
};

const struct ec_cap ec_cap_flit_inject = {
	EC_EXT(0x34, "FLIT-EI", "Flit Error Injection", EC_HIDE, 36, "36", EC_SRC_PCIUTILS),
	.rows = EC_ROWS(inject_rows),
};
