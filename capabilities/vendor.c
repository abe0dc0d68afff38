/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 0x09, Vendor-Specific. Its body is read, never written. */
#include "capabilities/table.h"

/* clang-format off */
static const struct ec_reg vndr_rows[] = {
	{ 0x02, 1, EC_FREEZE, "LENGTH", .source = EC_SRC_PCIUTILS },
};
/* clang-format on */

static uint32_t vndr_length(const struct ec_cap_at *at)
{
	return ec_at_get(at, PCI_VNDR_LENGTH, 1);
}

const struct ec_cap ec_cap_vndr = {
	.id = PCI_CAP_ID_VNDR,
	.treatment = EC_READ,
	.least = 3,
	.name = "VNDR",
	.title = "Vendor Specific Information",
	.length_text = "byte at +2",
	.length = vndr_length,
	.rows = EC_ROWS(vndr_rows),
	.source = EC_SRC_PCIUTILS,
};
