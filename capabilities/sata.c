/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 0x12, SATA. */
#include "capabilities/table.h"

#define SRC .source = EC_SRC_PCIUTILS

/* clang-format off */
/* host: the index and data pair is a way to all registers of the device's BAR */
static const struct ec_reg sata_rows[] = {
	{ 0x02, 2, EC_FREEZE, "REVISION", SRC },
	{ 0x04, 4, EC_FREEZE, "BARS", SRC },
	{ 0x08, 4, EC_READ,   "INDEX", EC_HOST_RW(EC_ALL32), .exact = true, SRC },
	{ 0x0c, 4, EC_READ,   "DATA", EC_HOST_RW(EC_ALL32), .exact = true, SRC },
};
/* clang-format on */

/* Bits 3:0 of BARS are the place of the index and data pair; 0xf: in the capability. */
static uint32_t sata_length(const struct ec_cap_at *at)
{
	return (ec_at_get(at, PCI_SATA_HBA_BARS, 4) & 0xf) == 0xf ? 16 : 8;
}

const struct ec_cap ec_cap_sata = {
	EC_STD(PCI_CAP_ID_SATA, "SATA", "SATA HBA", EC_READ, 8,
	       "8; 16 if bits 3:0 of the dword at +4 are f", EC_SRC_PCIUTILS),
	.probe = 1u << 1,
	.length = sata_length,
	.rows = EC_ROWS(sata_rows),
};
