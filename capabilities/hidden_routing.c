/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Routing: 0x000d, ACS; 0x000e, ARI; 0x0012, Multicast. host: the host isolates guests with ACS,
 * and multicast writes pass any isolation.
 */
#include "capabilities/table.h"

#define SRC .source = EC_SRC_PCIUTILS
#define LNX .source = EC_SRC_LINUX

/* clang-format off */
#define EGRESS(n) \
	{ 0x08 + 4 * n, 4, EC_READ, "EGRESS" #n, EC_HOST_RW(EC_ALL32), LNX }
#define ACS_CTRL \
	(PCI_ACS_CTRL_VALID | PCI_ACS_CTRL_BLOCK | PCI_ACS_CTRL_REQ_RED | PCI_ACS_CTRL_CMPLT_RED | \
	 PCI_ACS_CTRL_FORWARD | PCI_ACS_CTRL_EGRESS | PCI_ACS_CTRL_TRANS)

static const struct ec_reg acs_rows[] = {
	{ 0x04, 2, EC_FREEZE, "CAP", LNX },
	{ 0x06, 2, EC_READ,   "CTRL", EC_HOST_RW(ACS_CTRL), .rsvdp = EC_OTHERS16(ACS_CTRL), .lost = EC_LOST_SETUP, LNX },
	EC_TIMES_8(EGRESS),
};

/*
 * clr: the next function is the guest's, and a single function has none; function groups need hidden
 * capabilities, MFVC and ACS.
 */
#define ARI_CAP (PCI_ARI_CAP_MFVC | PCI_ARI_CAP_ACS | EC_ARI_CAP_NFN)
#define ARI_CTRL (PCI_ARI_CTRL_MFVC | PCI_ARI_CTRL_ACS | EC_ARI_CTRL_FG)

static const struct ec_reg ari_rows[] = {
	{ 0x04, 2, EC_FREEZE,  "CAP", .clr = ARI_CAP, LNX },
	{ 0x06, 2, EC_EMULATE, "CTRL", EC_HOST_RW(ARI_CTRL), .rsvdp = EC_OTHERS16(ARI_CTRL), .clr = ARI_CTRL, LNX },
};

#define MCAST_CTRL (EC_MCAST_CTRL_NUM_GROUP | PCI_MCAST_CTRL_ENABLE)
#define MCAST_BAR (EC_MCAST_BAR_INDEX_POS | EC_MCAST_BAR_LO_MASK)

static const struct ec_reg mcast_rows[] = {
	{ 0x04, 2, EC_FREEZE, "CAP", SRC },
	{ 0x06, 2, EC_READ,   "CTRL", EC_HOST_RW(MCAST_CTRL), .rsvdp = EC_OTHERS16(MCAST_CTRL), SRC },
	{ 0x08, 4, EC_READ,   "BAR_LO", EC_HOST_RW(MCAST_BAR), .rsvdp = EC_OTHERS32(MCAST_BAR), SRC },
	{ 0x0c, 4, EC_READ,   "BAR_HI", EC_HOST_RW(EC_ALL32), SRC },
	{ 0x10, 4, EC_READ,   "RECEIVE_LO", EC_HOST_RW(EC_ALL32), SRC },
	{ 0x14, 4, EC_READ,   "RECEIVE_HI", EC_HOST_RW(EC_ALL32), SRC },
	{ 0x18, 4, EC_READ,   "BLOCK_LO", EC_HOST_RW(EC_ALL32), SRC },
	{ 0x1c, 4, EC_READ,   "BLOCK_HI", EC_HOST_RW(EC_ALL32), SRC },
	{ 0x20, 4, EC_READ,   "BLOCK_UNTRANS_LO", EC_HOST_RW(EC_ALL32), SRC },
	{ 0x24, 4, EC_READ,   "BLOCK_UNTRANS_HI", EC_HOST_RW(EC_ALL32), SRC },
	{ 0x28, 4, EC_READ,   "OVERLAY_LO", EC_HOST_RW(EC_ALL32), SRC },
	{ 0x2c, 4, EC_READ,   "OVERLAY_HI", EC_HOST_RW(EC_ALL32), SRC },
};
/* clang-format on */

/* With egress control a bit per port, in whole dwords; 0 means 256 ports. */
static uint32_t acs_length(const struct ec_cap_at *at)
{
	uint32_t cap = ec_at_get(at, PCI_ACS_CAP, 2), ports = PCI_ACS_CAP_VECTOR(cap);

	ports = ports ? ports : 256;
	return cap & PCI_ACS_CAP_EGRESS ? 8 + (ports + 31) / 32 * 4 : 8;
}

/* Root ports and switch ports also have an overlay BAR. */
static uint32_t mcast_length(const struct ec_cap_at *at)
{
	bool port = at->pcie_type_known ? at->pcie_type >= PCI_EXP_TYPE_ROOT_PORT &&
						  at->pcie_type <= PCI_EXP_TYPE_DOWNSTREAM
					: at->header_type == PCI_HEADER_TYPE_BRIDGE;

	return port ? 48 : 40;
}

const struct ec_cap ec_cap_acs = {
	EC_EXT(0x0d, "ACS", "Access Control Services", EC_HIDE, 8,
	       "8, with egress control a bit a port (bits 15:8 of the word at +4; 0: 256)",
	       EC_SRC_VFIO),
	.probe = 1u << 1,
	.length = acs_length,
	.rows = EC_ROWS(acs_rows),
};

const struct ec_cap ec_cap_ari = {
	EC_EXT(0x0e, "ARI", "Alternative Routing-ID Interpretation", EC_HIDE, 8, "8", EC_SRC_LINUX),
	.rows = EC_ROWS(ari_rows),
};

const struct ec_cap ec_cap_mcast = {
	EC_EXT(0x12, "MCAST", "Multicast", EC_HIDE, 40, "40; of a port 48", EC_SRC_VFIO),
	.length = mcast_length,
	.rows = EC_ROWS(mcast_rows),
};
