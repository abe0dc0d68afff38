/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 0x000b, Vendor-Specific. Its body is read, never written. */
#include "capabilities/table.h"

/* clang-format off */
static const struct ec_reg vsec_rows[] = {
	{ 0x04, 4, EC_FREEZE, "VSEC_HEADER", .source = EC_SRC_PCIUTILS },
};
/* clang-format on */

static uint32_t vsec_length(const struct ec_cap_at *at)
{
	return ec_at_get(at, PCI_EVNDR_HEADER, 4) >> 20;
}

const struct ec_cap ec_cap_vsec = {
	.id = PCI_EXT_CAP_ID_VNDR,
	.extended = true,
	.treatment = EC_READ,
	.least = 8,
	.name = "VSEC",
	.title = "Vendor Specific Extended Capability",
	.length_text = "bits 31:20 of the dword at +4",
	.probe = 1u << 1,
	.length = vsec_length,
	.rows = EC_ROWS(vsec_rows),
	.source = EC_SRC_PCIUTILS,
};
