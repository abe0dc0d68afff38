/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Standard capabilities of conventional PCI, of bridges and of slots. */
#include "capabilities/table.h"

#define SRC .source = EC_SRC_PCIUTILS
#define LNX .source = EC_SRC_LINUX

/* clang-format off */
#define AGP_COMMAND \
	(PCI_AGP_COMMAND_RQ_MASK | PCI_AGP_COMMAND_ARQSZ_MASK | PCI_AGP_COMMAND_CAL_MASK | \
	 PCI_AGP_COMMAND_SBA | PCI_AGP_COMMAND_AGP | PCI_AGP_COMMAND_GART64 | PCI_AGP_COMMAND_64BIT | \
	 PCI_AGP_COMMAND_FW | PCI_AGP_COMMAND_RATE4 | PCI_AGP_COMMAND_RATE2 | PCI_AGP_COMMAND_RATE1)

static const struct ec_reg agp_rows[] = {
	{ 0x02, 1, EC_FREEZE, "VERSION", SRC },
	{ 0x03, 1, EC_FREEZE, "RFU", SRC },
	{ 0x04, 4, EC_FREEZE, "STATUS", SRC },
	{ 0x08, 4, EC_FREEZE, "COMMAND", .rw = AGP_COMMAND, .host = EC_ALL32, SRC }, /* host: the bridge must agree */
};

static const struct ec_reg slotid_rows[] = {
	{ 0x02, 1, EC_FREEZE, "ESR", SRC },
	{ 0x03, 1, EC_FREEZE, "CHASSIS_NR", .rw = EC_ALL8, SRC },
};

#define PCIX_COMMAND \
	(PCI_PCIX_COMMAND_DPERE | PCI_PCIX_COMMAND_ERO | PCI_PCIX_COMMAND_MAX_MEM_READ_BYTE_COUNT | \
	 PCI_PCIX_COMMAND_MAX_OUTSTANDING_SPLIT_TRANS)
#define PCIX_ERRORS \
	(PCI_PCIX_STATUS_SC_DISCARDED | PCI_PCIX_STATUS_UNEXPECTED_SC | PCI_PCIX_STATUS_RCVD_SC_ERR_MESS)

static const struct ec_reg pcix_rows[] = {
	{ 0x02, 2, EC_FREEZE, "COMMAND", .rw = PCIX_COMMAND, .rsvdp = EC_OTHERS16(PCIX_COMMAND | EC_PCIX_COMMAND_VERSION), SRC },
	{ 0x04, 4, EC_FREEZE, "STATUS", .w1c = PCIX_ERRORS, SRC },
	{ 0x08, 4, EC_FREEZE, "ECC_CSR", .rw = EC_PCIX_ECC_CONTROL, LNX },
};

#define SECONDARY_ERRORS \
	(PCI_PCIX_BRIDGE_SEC_STATUS_SC_DISCARDED | PCI_PCIX_BRIDGE_SEC_STATUS_UNEXPECTED_SC | \
	 PCI_PCIX_BRIDGE_SEC_STATUS_SC_OVERRUN | PCI_PCIX_BRIDGE_SEC_STATUS_SPLIT_REQUEST_DELAYED)
#define BRIDGE_ERRORS \
	(PCI_PCIX_BRIDGE_STATUS_SC_DISCARDED | PCI_PCIX_BRIDGE_STATUS_UNEXPECTED_SC | \
	 PCI_PCIX_BRIDGE_STATUS_SC_OVERRUN | PCI_PCIX_BRIDGE_STATUS_SPLIT_REQUEST_DELAYED)

static const struct ec_reg pcix_bridge_rows[] = {
	{ 0x02, 2, EC_FREEZE, "SEC_STATUS", .w1c = SECONDARY_ERRORS, LNX },
	{ 0x04, 4, EC_FREEZE, "BRIDGE_STATUS", .w1c = BRIDGE_ERRORS, .rsvdz = PCI_PCIX_BRIDGE_STATUS_RESERVED, SRC },
	{ 0x08, 4, EC_FREEZE, "UPSTREAM_SPLIT", .rw = PCI_PCIX_BRIDGE_STR_COMMITMENT_LIMIT, SRC },
	{ 0x0c, 4, EC_FREEZE, "DOWNSTREAM_SPLIT", .rw = PCI_PCIX_BRIDGE_STR_COMMITMENT_LIMIT, SRC },
};

/* The entries that follow contain their own sizes: they belong to the body. */
static const struct ec_reg ea_rows[] = {
	{ 0x02, 1, EC_FREEZE, "NUM_ENT", LNX },
	{ 0x03, 1, EC_FREEZE, "RESERVED", LNX },
};

static const struct ec_reg ea_bridge_rows[] = {
	{ 0x02, 1, EC_FREEZE, "NUM_ENT", LNX },
	{ 0x03, 1, EC_FREEZE, "RESERVED", LNX },
	{ 0x04, 1, EC_FREEZE, "SECONDARY", SRC },
	{ 0x05, 1, EC_FREEZE, "SUBORDINATE", SRC },
	{ 0x06, 2, EC_FREEZE, "RESERVED_6", SRC },
};

static const struct ec_reg chswp_rows[] = {
	{ 0x02, 1, EC_FREEZE, "CSR", .rw = EC_ALL8, LNX },
};

/* DWORD_SELECT selects the controller's register that DWORD_DATA accesses. */
static const struct ec_reg shpc_rows[] = {
	{ 0x02, 1, EC_FREEZE, "DWORD_SELECT", .rw = EC_ALL8, .source = "Linux shpchp_hpc.c" },
	{ 0x04, 4, EC_FREEZE, "DWORD_DATA", .rw = EC_ALL32, .exact = true, .source = "Linux shpchp_hpc.c" },
};

static const struct ec_reg ssvid_rows[] = {
	{ 0x02, 2, EC_FREEZE, "RESERVED", SRC },
	{ 0x04, 2, EC_FREEZE, "SSVID_VENDOR", SRC },
	{ 0x06, 2, EC_FREEZE, "SSVID_DEVICE", SRC },
};

/* pciutils ls-caps.c: bits 15:13 BAR, 12:0 offset */
static const struct ec_reg dbg_rows[] = {
	{ 0x02, 2, EC_FREEZE, "DEBUG_PORT", .source = "pciutils ls-caps.c" },
};
/* clang-format on */

static struct ec_reg_table ea_table(const struct ec_cap_at *at)
{
	return at->header_type == PCI_HEADER_TYPE_BRIDGE ? EC_TABLE(ea_bridge_rows)
							 : EC_TABLE(ea_rows);
}

static struct ec_reg_table pcix_table(const struct ec_cap_at *at)
{
	return at->header_type == PCI_HEADER_TYPE_BRIDGE ? EC_TABLE(pcix_bridge_rows)
							 : EC_TABLE(pcix_rows);
}

/* Version 0 has no ECC registers. */
static uint32_t pcix_length(const struct ec_cap_at *at)
{
	bool ecc = ec_at_get(at, PCI_PCIX_COMMAND, 2) & EC_PCIX_COMMAND_VERSION;

	if (at->header_type == PCI_HEADER_TYPE_BRIDGE)
		return ecc ? 32 : 16;
	return ecc ? 24 : 8;
}

/* A header (with the fixed bus numbers of a bridge), then entries with their own sizes. */
static uint32_t ea_length(const struct ec_cap_at *at)
{
	uint32_t len = at->header_type == PCI_HEADER_TYPE_BRIDGE ? 8 : 4;

	for (uint32_t n = ec_at_get(at, 2, 1) & 0x3f; n && len < at->room; n--)
		len += 4 + 4 * (ec_at_get(at, len, 4) & 7);
	return len;
}

const struct ec_cap ec_cap_agp = {
	EC_STD(PCI_CAP_ID_AGP, "AGP", "Accelerated Graphics Port", EC_HIDE, 12, "12",
	       EC_SRC_PCIUTILS),
	.rows = EC_ROWS(agp_rows),
};

const struct ec_cap ec_cap_slotid = {
	EC_STD(PCI_CAP_ID_SLOTID, "SLOTID", "Slot Identification", EC_HIDE, 4, "4",
	       EC_SRC_PCIUTILS),
	.rows = EC_ROWS(slotid_rows),
};

const struct ec_cap ec_cap_pcix = {
	EC_STD(PCI_CAP_ID_PCIX, "PCI-X", "PCI-X", EC_HIDE, 8,
	       "8, with ECC 24; of a bridge 16, with ECC 32", EC_SRC_VFIO),
	.length = pcix_length,
	.table = pcix_table,
};

const struct ec_cap ec_cap_agp3 = {
	EC_STD(PCI_CAP_ID_AGP3, "AGP3", "AGP 8x", EC_HIDE, 12, "unknown: all its room",
	       EC_SRC_XEN_PT),
	.length = ec_length_room,
	.rows = EC_ROWS(agp_rows),
};

const struct ec_cap ec_cap_ea = {
	EC_STD(PCI_CAP_ID_EA, "EA", "Enhanced Allocation", EC_HIDE, 4,
	       "4, of a bridge 8, and each entry 4 + 4 x its bits 2:0", EC_SRC_LINUX),
	.probe = 0xffffffffu,
	.length = ea_length,
	.table = ea_table,
};

const struct ec_cap ec_caps_hidden_std[] = {
	{ EC_STD(0x00, "NULL", "Null Capability", EC_HIDE, 2, "2", EC_SRC_PCIUTILS) },
	{ EC_STD(0x06, "CHSWP", "CompactPCI hot-swap", EC_HIDE, 4, "4", EC_SRC_PCIUTILS),
	  .rows = EC_ROWS(chswp_rows) },
	{ EC_STD(0x0a, "DBG", "Debug port", EC_HIDE, 4, "4", EC_SRC_PCIUTILS),
	  .rows = EC_ROWS(dbg_rows) },
	{ EC_STD(0x0b, "CCRC", "CompactPCI central resource control", EC_HIDE, 4,
		 "unknown: all its room", EC_SRC_PCIUTILS),
	  .length = ec_length_room },
	{ EC_STD(0x0c, "SHPC", "PCI Standard Hot-Plug Controller", EC_HIDE, 8, "8", EC_SRC_XEN_PT),
	  .rows = EC_ROWS(shpc_rows) },
	{ EC_STD(0x0d, "SSVID", "Bridge subsystem vendor and device ID", EC_HIDE, 8, "8",
		 EC_SRC_PCIUTILS),
	  .rows = EC_ROWS(ssvid_rows) },
	{ EC_STD(0x0f, "SECURE", "Secure device", EC_HIDE, 4, "unknown: all its room",
		 EC_SRC_PCIUTILS),
	  .length = ec_length_room },
	{ EC_STD(0x15, "FPB", "Flattening Portal Bridge", EC_HIDE, 36, "36", EC_SRC_PCIUTILS) },
};
const unsigned int ec_caps_hidden_std_n = EC_ARRAY_SIZE(ec_caps_hidden_std);
