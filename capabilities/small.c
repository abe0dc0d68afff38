/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Standard capabilities of a few registers: SATA, AF, and those that no guest is shown. */
#include "capabilities/table.h"

#define SRC .source = EC_SRC_PCIUTILS
#define LNX .source = EC_SRC_LINUX
#define ANY 0xffffffffu

/* clang-format off */
static const struct ec_reg agp_rows[] = {
	{ 0x02, 1, EC_FREEZE, "VERSION", SRC },
	{ 0x03, 1, EC_FREEZE, "RFU", SRC },
	{ 0x04, 4, EC_FREEZE, "STATUS", SRC },
	{ 0x08, 4, EC_FREEZE, "COMMAND", .rw = 0xff00ffb7u, .host = ANY, SRC },
};

/*
 * A write to either starts or feeds an access to the device's ROM: the service makes it, through the
 * kernel, and what the guest has is a copy. Addresses are of dwords.
 */
static const struct ec_reg vpd_rows[] = {
	{ 0x02, 2, EC_EMULATE, "ADDR", .rw = 0xfffc, .clr = 0x0003, .effect = EC_FX_VPD, .exact = true, SRC },
	{ 0x04, 4, EC_EMULATE, "DATA", .rw = ANY, .exact = true, SRC },
};

static const struct ec_reg slotid_rows[] = {
	{ 0x02, 1, EC_FREEZE, "ESR", SRC },
	{ 0x03, 1, EC_FREEZE, "CHASSIS_NR", .rw = 0xff, SRC },
};

static const struct ec_reg pcix_rows[] = {
	{ 0x02, 2, EC_FREEZE, "COMMAND", .rw = 0x007f, .rsvdp = 0xcf80, SRC },
	{ 0x04, 4, EC_FREEZE, "STATUS", .w1c = 0x200c0000u, SRC },
	{ 0x08, 4, EC_FREEZE, "ECC_CSR", .rw = 0xffff0000u, LNX },
};

static const struct ec_reg pcix_bridge_rows[] = {
	{ 0x02, 2, EC_FREEZE, "SEC_STATUS", .w1c = 0x003c, LNX },
	{ 0x04, 4, EC_FREEZE, "BRIDGE_STATUS", .w1c = 0x003c0000u, .rsvdz = 0xffc00000u, SRC },
	{ 0x08, 4, EC_FREEZE, "UPSTREAM_SPLIT", .rw = 0xffff0000u, SRC },
	{ 0x0c, 4, EC_FREEZE, "DOWNSTREAM_SPLIT", .rw = 0xffff0000u, SRC },
};

/* The inline index and data pair is a way to the device's registers: shown, never written. */
static const struct ec_reg sata_rows[] = {
	{ 0x02, 2, EC_FREEZE, "REVISION", SRC },
	{ 0x04, 4, EC_FREEZE, "BARS", SRC },
	{ 0x08, 4, EC_READ,   "INDEX", .rw = ANY, .host = ANY, .exact = true, SRC },
	{ 0x0c, 4, EC_READ,   "DATA", .rw = ANY, .host = ANY, .exact = true, SRC },
};

/* A reset that the guest asks for is the service's to carry out. */
static const struct ec_reg af_rows[] = {
	{ 0x02, 1, EC_FREEZE,  "LENGTH", LNX },
	{ 0x03, 1, EC_FREEZE,  "AF_CAP", SRC },
	{ 0x04, 1, EC_EMULATE, "AF_CTRL", .rsvdp = 0xfe, .effect = EC_FX_AF_FLR, .fx = 0x01, .host = 0x01, SRC },
	{ 0x05, 1, EC_READ,    "AF_STATUS", SRC },
};

/* The entries behind this tell their own sizes: they are the body. */
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
	{ 0x02, 1, EC_FREEZE, "CSR", .rw = 0xff, LNX },
};

/* Which of the controller's registers DATA is. */
static const struct ec_reg shpc_rows[] = {
	{ 0x02, 1, EC_FREEZE, "DWORD_SELECT", .rw = 0xff, .source = "Linux shpchp_hpc.c" },
	{ 0x04, 4, EC_FREEZE, "DWORD_DATA", .rw = ANY, .exact = true, .source = "Linux shpchp_hpc.c" },
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

#define TABLE_FN(name) \
	static struct ec_reg_table name##_table(const struct ec_cap_at *at) \
	{ \
		(void)at; \
		return EC_TABLE(name##_rows); \
	}
/* clang-format on */

TABLE_FN(agp)
TABLE_FN(vpd)
TABLE_FN(slotid)
TABLE_FN(sata)
TABLE_FN(af)
TABLE_FN(chswp)
TABLE_FN(shpc)
TABLE_FN(ssvid)
TABLE_FN(dbg)

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

/* Bits 13:12 of the register at +2 say which ECC registers there are. */
static uint32_t pcix_length(const struct ec_cap_at *at)
{
	bool ecc = ec_at_get(at, PCI_PCIX_COMMAND, 2) & 0x3000;

	if (at->header_type == PCI_HEADER_TYPE_BRIDGE)
		return ecc ? 32 : 16;
	return ecc ? 24 : 8;
}

/* The low four bits of BARS say where the index and data pair is; 0xf: here, behind it. */
static uint32_t sata_length(const struct ec_cap_at *at)
{
	return (ec_at_get(at, PCI_SATA_HBA_BARS, 4) & 0xf) == 0xf ? 16 : 8;
}

/* A header (with the fixed bus numbers of a bridge), then entries that tell their own size. */
static uint32_t ea_length(const struct ec_cap_at *at)
{
	uint32_t len = at->header_type == PCI_HEADER_TYPE_BRIDGE ? 8 : 4;

	for (uint32_t n = ec_at_get(at, 2, 1) & 0x3f; n && len < at->room; n--)
		len += 4 + 4 * (ec_at_get(at, len, 4) & 7);
	return len;
}

/* clang-format off */
#define STD(n, sym, nm, ttl, t, l, rl) \
	.id = n, .treatment = t, .least = l, .name = nm, .title = ttl, .rule = rl, .source = sym

const struct ec_cap ec_cap_agp = {
	STD(PCI_CAP_ID_AGP, EC_SRC_PCIUTILS, "AGP", "Accelerated Graphics Port", EC_HIDE, 12, "12"),
	.table = agp_table };
const struct ec_cap ec_cap_vpd = {
	STD(PCI_CAP_ID_VPD, EC_SRC_VFIO, "VPD", "Vital Product Data", EC_EMULATE, 8, "8"),
	.table = vpd_table };
const struct ec_cap ec_cap_slotid = {
	STD(PCI_CAP_ID_SLOTID, EC_SRC_PCIUTILS, "SLOTID", "Slot Identification", EC_HIDE, 4, "4"),
	.table = slotid_table };
const struct ec_cap ec_cap_pcix = {
	STD(PCI_CAP_ID_PCIX, EC_SRC_VFIO, "PCI-X", "PCI-X", EC_HIDE, 8,
	    "8, with ECC 24; of a bridge 16, with ECC 32"),
	.length = pcix_length, .table = pcix_table };
const struct ec_cap ec_cap_agp3 = {
	STD(PCI_CAP_ID_AGP3, EC_SRC_XEN_PT, "AGP3", "AGP 8x", EC_HIDE, 12, "unknown: all its room"),
	.length = ec_length_room, .table = agp_table };
const struct ec_cap ec_cap_sata = {
	STD(PCI_CAP_ID_SATA, EC_SRC_PCIUTILS, "SATA", "SATA HBA", EC_READ, 8,
	    "8; 16 if bits 3:0 of the dword at +4 are f"),
	.probe = 1u << 1, .length = sata_length, .table = sata_table };
const struct ec_cap ec_cap_af = {
	STD(PCI_CAP_ID_AF, EC_SRC_LINUX, "AF", "PCI Advanced Features", EC_EMULATE, 6, "6"),
	.once = true, .probe = 1u << 0, .table = af_table };
const struct ec_cap ec_cap_ea = {
	STD(PCI_CAP_ID_EA, EC_SRC_LINUX, "EA", "Enhanced Allocation", EC_HIDE, 4,
	    "4, of a bridge 8, and each entry 4 + 4 x its bits 2:0"),
	.probe = 0xffffffffu, .length = ea_length, .table = ea_table };

const struct ec_cap ec_caps_hidden_std[] = {
	{ STD(0x00, EC_SRC_PCIUTILS, "NULL", "Null Capability", EC_HIDE, 2, "2") },
	{ STD(0x06, EC_SRC_PCIUTILS, "CHSWP", "CompactPCI hot-swap", EC_HIDE, 4, "4"), .table = chswp_table },
	{ STD(0x0a, EC_SRC_PCIUTILS, "DBG", "Debug port", EC_HIDE, 4, "4"), .table = dbg_table },
	{ STD(0x0b, EC_SRC_PCIUTILS, "CCRC", "CompactPCI central resource control", EC_HIDE, 4,
	      "unknown: all its room"), .length = ec_length_room },
	{ STD(0x0c, EC_SRC_XEN_PT, "SHPC", "PCI Standard Hot-Plug Controller", EC_HIDE, 8, "8"),
	  .table = shpc_table },
	{ STD(0x0d, EC_SRC_PCIUTILS, "SSVID", "Bridge subsystem vendor and device ID", EC_HIDE, 8, "8"),
	  .table = ssvid_table },
	{ STD(0x0f, EC_SRC_PCIUTILS, "SECURE", "Secure device", EC_HIDE, 4, "unknown: all its room"),
	  .length = ec_length_room },
	{ STD(0x15, EC_SRC_PCIUTILS, "FPB", "Flattening Portal Bridge", EC_HIDE, 36, "36") },
};
/* clang-format on */
const unsigned int ec_caps_hidden_std_n = EC_ARRAY_SIZE(ec_caps_hidden_std);
