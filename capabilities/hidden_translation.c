/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device's side of an IOMMU: 0x000f, ATS; 0x0013, PRI; 0x001b, PASID. A device that sends
 * translated requests is trusted: all of it is the host's.
 */
#include "capabilities/table.h"

#define LNX .source = EC_SRC_LINUX

/* clang-format off */
static const struct ec_reg ats_rows[] = {
	{ 0x04, 2, EC_FREEZE, "CAP", LNX },
	{ 0x06, 2, EC_READ,   "CTRL", EC_HOST_RW(0x801f), .lost = EC_LOST_SETUP, .rsvdp = 0x7fe0, LNX },
};

static const struct ec_reg pri_rows[] = {
	{ 0x04, 2, EC_READ,   "CTRL", EC_HOST_RW(0x0003), .rsvdp = 0xfffc, LNX },
	{ 0x06, 2, EC_READ,   "STATUS", EC_HOST_W1C(0x0003), .rsvdz = 0x7efc, LNX },
	{ 0x08, 4, EC_FREEZE, "MAX_REQUESTS", LNX },
	{ 0x0c, 4, EC_READ,   "ALLOCATED_REQUESTS", EC_HOST_RW(0xffffffffu), LNX },
};

static const struct ec_reg pasid_rows[] = {
	{ 0x04, 2, EC_FREEZE, "CAP", LNX },
	{ 0x06, 2, EC_READ,   "CTRL", EC_HOST_RW(0x0007), .rsvdp = 0xfff8, LNX },
};
/* clang-format on */

const struct ec_cap ec_cap_ats = {
	EC_EXT(0x0f, "ATS", "Address Translation Service", EC_HIDE, 8, "8", EC_SRC_LINUX),
	.rows = EC_ROWS(ats_rows),
};

const struct ec_cap ec_cap_pri = {
	EC_EXT(0x13, "PRI", "Page Request Interface", EC_HIDE, 16, "16", EC_SRC_LINUX),
	.rows = EC_ROWS(pri_rows),
};

const struct ec_cap ec_cap_pasid = {
	EC_EXT(0x1b, "PASID", "Process Address Space ID", EC_HIDE, 8, "8", EC_SRC_LINUX),
	.rows = EC_ROWS(pasid_rows),
};
