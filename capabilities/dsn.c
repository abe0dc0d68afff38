/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 0x0003, Device Serial Number. */
#include "capabilities/table.h"

#define SRC .source = EC_SRC_PCIUTILS

/* clang-format off */
static const struct ec_reg dsn_rows[] = {
	{ 0x04, 4, EC_FREEZE, "SERIAL_LO", SRC },
	{ 0x08, 4, EC_FREEZE, "SERIAL_HI", SRC },
};
/* clang-format on */

const struct ec_cap ec_cap_dsn = {
	EC_EXT(0x03, "DSN", "Device Serial Number", EC_FREEZE, 12, "12", EC_SRC_VFIO),
	.rows = EC_ROWS(dsn_rows),
};
