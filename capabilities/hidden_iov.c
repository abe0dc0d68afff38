/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * 0x0010, SR-IOV. host: the host creates and places the virtual functions, and its registers show
 * where.
 */
#include "capabilities/table.h"

#define SRC .source = EC_SRC_PCIUTILS
#define LNX .source = EC_SRC_LINUX

/* clang-format off */
#define CTRL \
	(PCI_IOV_CTRL_VFE | PCI_IOV_CTRL_VFME | PCI_IOV_CTRL_VFMIE | PCI_IOV_CTRL_MSE | \
	 PCI_IOV_CTRL_ARI | PCI_IOV_CTRL_VF_10BIT_TAG_REQ_EN)
#define VF_BAR(n) \
	{ 0x24 + 4 * n, 4, EC_READ, "VF_BAR" #n, EC_HOST_RW(EC_BAR_MEM_MASK), LNX }

static const struct ec_reg sriov_rows[] = {
	{ 0x04, 4, EC_FREEZE, "CAP", LNX },
	{ 0x08, 2, EC_READ,   "CTRL", EC_HOST_RW(CTRL), .rsvdp = EC_OTHERS16(CTRL), SRC },
	{ 0x0a, 2, EC_READ,   "STATUS", EC_HOST_W1C(PCI_IOV_STATUS_MS), .rsvdz = EC_OTHERS16(PCI_IOV_STATUS_MS), LNX },
	{ 0x0c, 2, EC_FREEZE, "INITIAL_VF", LNX },
	{ 0x0e, 2, EC_FREEZE, "TOTAL_VF", LNX },
	{ 0x10, 2, EC_READ,   "NUM_VF", EC_HOST_RW(EC_ALL16), LNX },
	{ 0x12, 1, EC_FREEZE, "FUNC_LINK", LNX },
	{ 0x14, 2, EC_READ,   "VF_OFFSET", LNX },
	{ 0x16, 2, EC_READ,   "VF_STRIDE", LNX },
	{ 0x1a, 2, EC_FREEZE, "VF_DID", LNX },
	{ 0x1c, 4, EC_FREEZE, "SUP_PGSIZE", LNX },
	{ 0x20, 4, EC_READ,   "SYS_PGSIZE", EC_HOST_RW(EC_ALL32), .reset = EC_IOV_SYSPS_4K, LNX },
	VF_BAR(0), VF_BAR(1), VF_BAR(2), VF_BAR(3), VF_BAR(4), VF_BAR(5),
	{ 0x3c, 4, EC_FREEZE, "VF_MIGRATION", LNX },
};
/* clang-format on */

const struct ec_cap ec_cap_sriov = {
	EC_EXT(0x10, "SR-IOV", "Single Root I/O Virtualization", EC_HIDE, 64, "64", EC_SRC_LINUX),
	.rows = EC_ROWS(sriov_rows),
};
