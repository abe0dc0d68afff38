/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 0x0023, designated vendors' own. Read as it is, never written. */
#include "capabilities/table.h"

#define SRC .source = EC_SRC_PCIUTILS
#define CXL_VENDOR 0x1e98

/* clang-format off */
#define DVSEC_HEADER \
	{ 0x04, 4, EC_FREEZE, "DVSEC_HEADER1", .source = EC_SRC_LINUX }, \
	{ 0x08, 2, EC_FREEZE, "DVSEC_HEADER2", .source = EC_SRC_LINUX }

static const struct ec_reg dvsec_rows[] = {
	DVSEC_HEADER,
};

static const struct ec_reg cxl_rows[] = {
	DVSEC_HEADER,
	{ 0x0a, 2, EC_FREEZE, "CXL_CAP", SRC },
	{ 0x0c, 2, EC_READ,   "CXL_CTRL", EC_HOST_RW(0x4fff), .rsvdp = 0xb000, SRC },
	{ 0x0e, 2, EC_READ,   "CXL_STATUS", EC_HOST_W1C(0x4000), .rsvdz = 0xbfff, SRC },
	{ 0x10, 2, EC_READ,   "CXL_CTRL2", EC_HOST_RW(0xffff), SRC },
	{ 0x12, 2, EC_READ,   "CXL_STATUS2", SRC },
	{ 0x14, 2, EC_READ,   "CXL_LOCK", EC_HOST_RW(0x0001), .rsvdp = 0xfffe, .source = "CXL specification" },
	{ 0x16, 2, EC_FREEZE, "CXL_CAP2", SRC },
	{ 0x18, 4, EC_READ,   "RANGE1_SIZE_HI", SRC },
	{ 0x1c, 4, EC_READ,   "RANGE1_SIZE_LO", SRC },
	{ 0x20, 4, EC_READ,   "RANGE1_BASE_HI", EC_HOST_RW(0xffffffffu), SRC },
	{ 0x24, 4, EC_READ,   "RANGE1_BASE_LO", EC_HOST_RW(0xf0000000u), .rsvdp = 0x0fffffff, SRC },
	{ 0x28, 4, EC_READ,   "RANGE2_SIZE_HI", SRC },
	{ 0x2c, 4, EC_READ,   "RANGE2_SIZE_LO", SRC },
	{ 0x30, 4, EC_READ,   "RANGE2_BASE_HI", EC_HOST_RW(0xffffffffu), SRC },
	{ 0x34, 4, EC_READ,   "RANGE2_BASE_LO", EC_HOST_RW(0xf0000000u), .rsvdp = 0x0fffffff, SRC },
	{ 0x38, 4, EC_FREEZE, "CXL_CAP3", SRC },
};
/* clang-format on */

/* CXL's DVSECs hold locks and ranges that are the host's. */
static bool is_cxl(const struct ec_cap_at *at)
{
	return ec_at_get(at, 4, 2) == CXL_VENDOR;
}

static struct ec_reg_table dvsec_table(const struct ec_cap_at *at)
{
	return is_cxl(at) && !ec_at_get(at, 8, 2) ? EC_TABLE(cxl_rows) : EC_TABLE(dvsec_rows);
}

/* VSEC and DVSEC have their length at the same place. */
static uint32_t sec_length(const struct ec_cap_at *at)
{
	return ec_at_get(at, 4, 4) >> 20;
}

const struct ec_cap ec_cap_dvsec = {
	.id = PCI_EXT_CAP_ID_DVSEC,
	.extended = true,
	.treatment = EC_READ,
	.least = 10,
	.name = "DVSEC",
	.title = "Designated Vendor-Specific Extended Capability",
	.length_text = "bits 31:20 of the dword at +4",
	.probe = 3u << 1,
	.length = sec_length,
	.table = dvsec_table,
	.hide = is_cxl,
	.source = EC_SRC_LINUX,
};
