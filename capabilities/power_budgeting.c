/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 0x0004, Power Budgeting. DATA shows the entry that DSR selects: the guest reads the host's. */
#include "capabilities/table.h"

#define LNX .source = EC_SRC_LINUX

/* clang-format off */
static const struct ec_reg budget_rows[] = {
	{ 0x04, 4, EC_READ,   "DSR", .rw = EC_PWR_DSR_INDEX, .rsvdp = EC_OTHERS32(EC_PWR_DSR_INDEX), LNX },
	{ 0x08, 4, EC_READ,   "DATA", LNX },
	{ 0x0c, 4, EC_FREEZE, "BUDGET_CAP", LNX },
};
/* clang-format on */

const struct ec_cap ec_cap_power_budgeting = {
	EC_EXT(0x04, "PB", "Power Budgeting", EC_READ, 16, "16", EC_SRC_LINUX),
	.rows = EC_ROWS(budget_rows),
};
