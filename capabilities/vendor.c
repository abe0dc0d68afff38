/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Vendors' own: 0x09, and extended 0x000b and 0x0023. Read as they are, never written. */
#include "capabilities/table.h"

#define CXL_VENDOR 0x1e98

/* clang-format off */
static const struct ec_reg vndr_rows[] = {
	{ 0x02, 1, EC_FREEZE, "LENGTH", .source = EC_SRC_PCIUTILS },
};

static const struct ec_reg vsec_rows[] = {
	{ 0x04, 4, EC_FREEZE, "VSEC_HEADER", .source = EC_SRC_PCIUTILS },
};

static const struct ec_reg dvsec_rows[] = {
	{ 0x04, 4, EC_FREEZE, "DVSEC_HEADER1", .source = EC_SRC_LINUX },
	{ 0x08, 2, EC_FREEZE, "DVSEC_HEADER2", .source = EC_SRC_LINUX },
};
/* clang-format on */

static struct ec_reg_table vndr_table(const struct ec_cap_at *at)
{
	(void)at;
	return EC_TABLE(vndr_rows);
}

static struct ec_reg_table vsec_table(const struct ec_cap_at *at)
{
	(void)at;
	return EC_TABLE(vsec_rows);
}

static struct ec_reg_table dvsec_table(const struct ec_cap_at *at)
{
	(void)at;
	return EC_TABLE(dvsec_rows);
}

static uint32_t vndr_length(const struct ec_cap_at *at)
{
	return ec_at_get(at, PCI_VNDR_LENGTH, 1);
}

/* VSEC and DVSEC have their length at the same place. */
static uint32_t sec_length(const struct ec_cap_at *at)
{
	return ec_at_get(at, 4, 4) >> 20;
}

/* CXL's DVSECs hold locks and ranges that are the host's. */
static bool dvsec_hide(const struct ec_cap_at *at)
{
	return ec_at_get(at, 4, 2) == CXL_VENDOR;
}

const struct ec_cap ec_cap_vndr = {
	.id = PCI_CAP_ID_VNDR,
	.treatment = EC_READ,
	.least = 3,
	.name = "VNDR",
	.title = "Vendor Specific Information",
	.rule = "byte at +2",
	.length = vndr_length,
	.table = vndr_table,
	.source = EC_SRC_PCIUTILS,
};

const struct ec_cap ec_cap_vsec = {
	.id = PCI_EXT_CAP_ID_VNDR,
	.extended = true,
	.treatment = EC_READ,
	.least = 8,
	.name = "VSEC",
	.title = "Vendor Specific Extended Capability",
	.rule = "bits 31:20 of the dword at +4",
	.probe = 1u << 1,
	.length = sec_length,
	.table = vsec_table,
	.source = EC_SRC_PCIUTILS,
};

const struct ec_cap ec_cap_dvsec = {
	.id = PCI_EXT_CAP_ID_DVSEC,
	.extended = true,
	.treatment = EC_READ,
	.least = 10,
	.name = "DVSEC",
	.title = "Designated Vendor-Specific Extended Capability",
	.rule = "bits 31:20 of the dword at +4",
	.probe = 1u << 1,
	.length = sec_length,
	.table = dvsec_table,
	.hide = dvsec_hide,
	.source = EC_SRC_LINUX,
};
