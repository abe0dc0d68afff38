/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * 0x0017, TPH; 0x001a, Protocol Multiplexing; 0x002e, DOE; 0x002f, Device 3; 0x0036, MMIO Register
 * Block Locator.
 */
#include "capabilities/table.h"

#define SRC .source = EC_SRC_PCIUTILS
#define LNX .source = EC_SRC_LINUX
#define Q35 .source = EC_SRC_Q35

/* clang-format off */
/* Steering tags name the host's caches. The table has 64 entries at most; more are the body. */
#define STEERING(n) \
	{ 0x0c + 2 * n, 2, EC_READ, "ST" #n, EC_HOST_RW(0xffff), LNX }

static const struct ec_reg tph_rows[] = {
	{ 0x04, 4, EC_FREEZE, "CAP", LNX },
	{ 0x08, 4, EC_READ,   "CTRL", EC_HOST_RW(0x307), .rsvdp = 0xfffffcf8u, LNX },
	EC_TIMES_64(STEERING),
};

/* Nothing public tells the bits. Protocols past the 32nd are the body. */
#define PROTOCOL(n) \
	{ 0x10 + 4 * n, 4, EC_FREEZE, "PROTOCOL" #n, Q35 }

static const struct ec_reg pmux_rows[] = {
	{ 0x04, 4, EC_FREEZE, "CAP", Q35 },
	{ 0x08, 4, EC_READ,   "CTRL", .rsvdp = 0xffffffffu, .host = 0xffffffffu, Q35 },
	{ 0x0c, 4, EC_READ,   "STATUS", .rsvdz = 0xffffffffu, .host = 0xffffffffu, Q35 },
	EC_TIMES_32(PROTOCOL),
};

/* Reading the read mailbox, or writing it, takes a dword of the response away. */
static const struct ec_reg doe_rows[] = {
	{ 0x04, 4, EC_FREEZE, "CAP", LNX },
	{ 0x08, 4, EC_READ,   "CTL", EC_HOST_RW(0x80000003u), .rsvdp = 0x7ffffffc, LNX },
	{ 0x0c, 4, EC_READ,   "STATUS", EC_HOST_W1C(0x2), .rsvdz = 0x7ffffff8, LNX },
	{ 0x10, 4, EC_READ,   "WRITE_MAILBOX", EC_HOST_RW(0xffffffffu), .exact = true, LNX },
	{ 0x14, 4, EC_READ,   "READ_MAILBOX", EC_HOST_RW(0xffffffffu), .exact = true, LNX },
};

static const struct ec_reg dev3_rows[] = {
	{ 0x04, 4, EC_FREEZE, "DEVCAP3", SRC },
	{ 0x08, 4, EC_READ,   "DEVCTL3", EC_HOST_RW(0x000001ffu), .rsvdp = 0xfffffe00u, SRC },
	{ 0x0c, 4, EC_READ,   "DEVSTA3", .rsvdz = 0xffffffe0u, SRC },
};

/* Where in a BAR which registers are. */
#define LOCATOR(n) \
	{ 0x08 + 8 * n, 4, EC_FREEZE, "LOCATOR" #n "_LO", SRC }, \
	{ 0x0c + 8 * n, 4, EC_FREEZE, "LOCATOR" #n "_HI", SRC }

static const struct ec_reg rbl_rows[] = {
	{ 0x04, 4, EC_FREEZE, "CAP", SRC },
	EC_TIMES_16(LOCATOR),
};
/* clang-format on */

/* Two bytes an entry, if the table is here and not in MSI-X or nowhere. */
static uint32_t tph_length(const struct ec_cap_at *at)
{
	uint32_t cap = ec_at_get(at, PCI_TPH_CAPABILITIES, 4);

	return (cap & PCI_TPH_ST_LOC_MASK) == PCI_TPH_ST_CAP ? 12 + 2 * ((cap >> 16 & 0x7ff) + 1)
							     : 12;
}

static uint32_t pmux_length(const struct ec_cap_at *at)
{
	return 16 + 4 * (ec_at_get(at, 4, 4) & 0x3f);
}

static uint32_t rbl_length(const struct ec_cap_at *at)
{
	return ec_at_get(at, 4, 4) & 0xfff;
}

const struct ec_cap ec_cap_tph = {
	EC_EXT(0x17, "TPH", "TPH Requester", EC_HIDE, 12,
	       "12; with the table 2 an entry more (bits 26:16 of the dword at +4, + 1)",
	       EC_SRC_LINUX),
	.probe = 1u << 1,
	.length = tph_length,
	.rows = EC_ROWS(tph_rows),
};

const struct ec_cap ec_cap_pmux = {
	EC_EXT(0x1a, "PMUX", "Protocol Multiplexing", EC_HIDE, 16,
	       "16 + 4 x protocols (bits 5:0 of the dword at +4)", EC_SRC_Q35),
	.probe = 1u << 1,
	.length = pmux_length,
	.rows = EC_ROWS(pmux_rows),
};

const struct ec_cap ec_cap_doe = {
	EC_EXT(0x2e, "DOE", "Data Object Exchange", EC_HIDE, 24, "24", EC_SRC_LINUX),
	.rows = EC_ROWS(doe_rows),
};

const struct ec_cap ec_cap_dev3 = {
	EC_EXT(0x2f, "DEV3", "Device 3", EC_HIDE, 16, "16", EC_SRC_PCIUTILS),
	.rows = EC_ROWS(dev3_rows),
};

const struct ec_cap ec_cap_rbl = {
	EC_EXT(0x36, "MMIO-RBL", "MMIO Register Block Locator", EC_HIDE, 8,
	       "bits 11:0 of the dword at +4", EC_SRC_PCIUTILS),
	.probe = 1u << 1,
	.length = rbl_length,
	.rows = EC_ROWS(rbl_rows),
};
