/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Root complexes: 0x0005, 0x0006, 0x0007, 0x000a, 0x000c. host: no guest has the host's root
 * complex.
 */
#include "capabilities/table.h"

#define SRC .source = EC_SRC_PCIUTILS
#define LNX .source = EC_SRC_LINUX
#define STD .source = EC_SRC_STANDARD

/* clang-format off */
/* Links after the sixteenth belong to the body. */
#define LINK(n) \
	{ 0x10 + 16 * n, 4, EC_FREEZE, "LINK" #n "_DESC", SRC }, \
	{ 0x18 + 16 * n, 4, EC_FREEZE, "LINK" #n "_ADDR_LO", SRC }, \
	{ 0x1c + 16 * n, 4, EC_FREEZE, "LINK" #n "_ADDR_HI", SRC }

static const struct ec_reg rclink_rows[] = {
	{ 0x04, 4, EC_FREEZE, "ESD", SRC },
	EC_TIMES_16(LINK),
};

#define LNKCTL (PCI_EXP_LNKCTL_ASPM | PCI_EXP_LNKCTL_XSYNCH)

static const struct ec_reg rcilink_rows[] = {
	{ 0x04, 4, EC_FREEZE, "LNKCAP", STD },
	{ 0x08, 2, EC_READ,   "LNKCTL", EC_HOST_RW(LNKCTL), .rsvdp = EC_OTHERS16(LNKCTL), STD },
	{ 0x0a, 2, EC_READ,   "LNKSTA", STD },
};

static const struct ec_reg rcec_rows[] = {
	{ 0x04, 4, EC_FREEZE, "RCIEP_BITMAP", LNX },
	{ 0x08, 4, EC_FREEZE, "BUSN", .rsvdp = EC_OTHERS32(EC_RCEC_BUSN_NEXT | EC_RCEC_BUSN_LAST), LNX },
};

static const struct ec_reg rcrb_rows[] = {
	{ 0x04, 2, EC_FREEZE, "VENDOR_ID", STD },
	{ 0x06, 2, EC_FREEZE, "DEVICE_ID", STD },
	{ 0x08, 4, EC_FREEZE, "RCRB_CAP", STD },
	{ 0x0c, 4, EC_READ,   "RCRB_CTRL", EC_HOST_RW(EC_RCRB_CTRL_CRSVIS), .rsvdp = EC_OTHERS32(EC_RCRB_CTRL_CRSVIS), STD },
};
/* clang-format on */

static uint32_t rclink_length(const struct ec_cap_at *at)
{
	return 16 + 16 * (ec_at_get(at, 4, 4) >> 8 & 0xff);
}

static uint32_t rcec_length(const struct ec_cap_at *at)
{
	return at->version >= 2 ? 12 : 8;
}

const struct ec_cap ec_cap_rclink = {
	EC_EXT(0x05, "RCLINK", "Root Complex Link Declaration", EC_HIDE, 16,
	       "16 + 16 x links (bits 15:8 of the dword at +4)", EC_SRC_PCIUTILS),
	.probe = 1u << 1,
	.length = rclink_length,
	.rows = EC_ROWS(rclink_rows),
};

const struct ec_cap ec_cap_rcilink = {
	EC_EXT(0x06, "RCILINK", "Root Complex Internal Link Control", EC_HIDE, 12, "12",
	       EC_SRC_Q35),
	.rows = EC_ROWS(rcilink_rows),
};

const struct ec_cap ec_cap_rcec = {
	EC_EXT(0x07, "RCEC", "Root Complex Event Collector Endpoint Association", EC_HIDE, 8,
	       "8; version 2: 12", EC_SRC_LINUX),
	.length = rcec_length,
	.rows = EC_ROWS(rcec_rows),
};

const struct ec_cap ec_cap_rcrb = {
	EC_EXT(0x0a, "RCRB", "Root Complex Register Block Header", EC_HIDE, 20, "20", EC_SRC_Q35),
	.rows = EC_ROWS(rcrb_rows),
};

const struct ec_cap ec_cap_cac = {
	EC_EXT(0x0c, "CAC", "Configuration Access Correlation", EC_HIDE, 8, "8", EC_SRC_Q35),
};
