/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 0x03, Vital Product Data. */
#include "capabilities/table.h"

#define SRC .source = EC_SRC_PCIUTILS

/* clang-format off */
/*
 * A write to either register starts or feeds an access to the device's ROM. The service makes it
 * through the kernel, and the guest has a copy. clr: VPD is read in dwords.
 */
static const struct ec_reg vpd_rows[] = {
	{ 0x02, 2, EC_EMULATE, "ADDR", .rw = EC_OTHERS16(EC_VPD_ADDR_BYTE), .clr = EC_VPD_ADDR_BYTE, .effect = EC_FX_VPD, .exact = true, SRC },
	{ 0x04, 4, EC_EMULATE, "DATA", .rw = EC_ALL32, .exact = true, SRC },
};
/* clang-format on */

const struct ec_cap ec_cap_vpd = {
	EC_STD(PCI_CAP_ID_VPD, "VPD", "Vital Product Data", EC_EMULATE, 8, "8", EC_SRC_VFIO),
	.rows = EC_ROWS(vpd_rows),
};
