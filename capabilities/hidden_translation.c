/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device's side of an IOMMU: 0x000f, ATS; 0x0013, PRI; 0x001b, PASID. host: a device that sends
 * translated requests passes the IOMMU.
 */
#include "capabilities/table.h"

#define LNX .source = EC_SRC_LINUX

/* clang-format off */
#define ATS_CTRL (EC_ATS_CTRL_STU | PCI_ATS_CTRL_ENABLE)

static const struct ec_reg ats_rows[] = {
	{ 0x04, 2, EC_FREEZE, "CAP", LNX },
	{ 0x06, 2, EC_READ,   "CTRL", EC_HOST_RW(ATS_CTRL), .rsvdp = EC_OTHERS16(ATS_CTRL), .lost = EC_LOST_SETUP, LNX },
};

#define PRI_CTRL (PCI_PRI_CTRL_ENABLE | PCI_PRI_CTRL_RESET)
#define PRI_ERRORS (PCI_PRI_STATUS_RF | PCI_PRI_STATUS_UPRGI)
#define PRI_STATUS (PRI_ERRORS | PCI_PRI_STATUS_STOPPED | EC_PRI_STATUS_PASID)

static const struct ec_reg pri_rows[] = {
	{ 0x04, 2, EC_READ,   "CTRL", EC_HOST_RW(PRI_CTRL), .rsvdp = EC_OTHERS16(PRI_CTRL), LNX },
	{ 0x06, 2, EC_READ,   "STATUS", EC_HOST_W1C(PRI_ERRORS), .rsvdz = EC_OTHERS16(PRI_STATUS), LNX },
	{ 0x08, 4, EC_FREEZE, "MAX_REQUESTS", LNX },
	{ 0x0c, 4, EC_READ,   "ALLOCATED_REQUESTS", EC_HOST_RW(EC_ALL32), LNX },
};

#define PASID_CTRL (PCI_PASID_CTRL_ENABLE | PCI_PASID_CTRL_EXEC | PCI_PASID_CTRL_PRIV)

static const struct ec_reg pasid_rows[] = {
	{ 0x04, 2, EC_FREEZE, "CAP", LNX },
	{ 0x06, 2, EC_READ,   "CTRL", EC_HOST_RW(PASID_CTRL), .rsvdp = EC_OTHERS16(PASID_CTRL), LNX },
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
