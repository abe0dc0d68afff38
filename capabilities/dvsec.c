/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 0x0023, Designated Vendor-Specific. Its body is read, never written. */
#include <stddef.h>

#include "capabilities/table.h"

#define SRC .source = EC_SRC_PCIUTILS

/* clang-format off */
#define DVSEC_HEADER \
	{ 0x04, 4, EC_FREEZE, "DVSEC_HEADER1", .source = EC_SRC_LINUX }, \
	{ 0x08, 2, EC_FREEZE, "DVSEC_HEADER2", .source = EC_SRC_LINUX }

static const struct ec_reg dvsec_rows[] = {
	DVSEC_HEADER,
};

/* CXL's DVSEC 0, of a device. host: caches and memory ranges are part of the host's memory map */
#define CTRL_RW \
	(PCI_CXL_DEV_CTRL_CACHE | PCI_CXL_DEV_CTRL_IO | PCI_CXL_DEV_CTRL_MEM | EC_CXL_CTRL_SF_COV | \
	 EC_CXL_CTRL_SF_GRAN | PCI_CXL_DEV_CTRL_CACHE_CLN | PCI_CXL_DEV_CTRL_VIRAL)

static const struct ec_reg cxl_rows[] = {
	DVSEC_HEADER,
	{ 0x0a, 2, EC_FREEZE, "CXL_CAP", SRC },
	{ 0x0c, 2, EC_READ,   "CXL_CTRL", EC_HOST_RW(CTRL_RW), .rsvdp = EC_OTHERS16(CTRL_RW), SRC },
	{ 0x0e, 2, EC_READ,   "CXL_STATUS", EC_HOST_W1C(PCI_CXL_DEV_STATUS_VIRAL), .rsvdz = EC_OTHERS16(PCI_CXL_DEV_STATUS_VIRAL), SRC },
	{ 0x10, 2, EC_READ,   "CXL_CTRL2", EC_HOST_RW(EC_ALL16), SRC },
	{ 0x12, 2, EC_READ,   "CXL_STATUS2", SRC },
	{ 0x14, 2, EC_READ,   "CXL_LOCK", EC_HOST_RW(EC_CXL_LOCK_CONFIG), .rsvdp = EC_OTHERS16(EC_CXL_LOCK_CONFIG), .source = "CXL specification" },
	{ 0x16, 2, EC_FREEZE, "CXL_CAP2", SRC },
	{ 0x18, 4, EC_READ,   "RANGE1_SIZE_HI", SRC },
	{ 0x1c, 4, EC_READ,   "RANGE1_SIZE_LO", SRC },
	{ 0x20, 4, EC_READ,   "RANGE1_BASE_HI", EC_HOST_RW(EC_ALL32), SRC },
	{ 0x24, 4, EC_READ,   "RANGE1_BASE_LO", EC_HOST_RW(EC_CXL_RANGE_BASE_LO), .rsvdp = EC_OTHERS32(EC_CXL_RANGE_BASE_LO), SRC },
	{ 0x28, 4, EC_READ,   "RANGE2_SIZE_HI", SRC },
	{ 0x2c, 4, EC_READ,   "RANGE2_SIZE_LO", SRC },
	{ 0x30, 4, EC_READ,   "RANGE2_BASE_HI", EC_HOST_RW(EC_ALL32), SRC },
	{ 0x34, 4, EC_READ,   "RANGE2_BASE_LO", EC_HOST_RW(EC_CXL_RANGE_BASE_LO), .rsvdp = EC_OTHERS32(EC_CXL_RANGE_BASE_LO), SRC },
	{ 0x38, 4, EC_FREEZE, "CXL_CAP3", SRC },
};
/* clang-format on */

/* DVSECs of CXL are hidden: their locks and ranges are the host's. */
static bool is_cxl(const struct ec_cap_at *at)
{
	return ec_at_get(at, PCI_DVSEC_HEADER1, 2) == PCI_DVSEC_VENDOR_ID_CXL;
}

static const char *dvsec_hide(const struct ec_cap_at *at)
{
	return is_cxl(at) ? "it is one of CXL, whose locks and ranges are the host's" : NULL;
}

static struct ec_reg_table dvsec_table(const struct ec_cap_at *at)
{
	return is_cxl(at) && ec_at_get(at, PCI_DVSEC_HEADER2, 2) == PCI_DVSEC_ID_CXL
		       ? EC_TABLE(cxl_rows)
		       : EC_TABLE(dvsec_rows);
}

static uint32_t dvsec_length(const struct ec_cap_at *at)
{
	return ec_at_get(at, PCI_DVSEC_HEADER1, 4) >> 20;
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
	.length = dvsec_length,
	.table = dvsec_table,
	.hide = dvsec_hide,
	.source = EC_SRC_LINUX,
};
