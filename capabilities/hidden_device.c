/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Further registers of devices: 0x0017, TPH; 0x001a, Protocol Multiplexing; 0x002e, DOE; 0x002f,
 * Device 3; 0x0036, MMIO Register Block Locator. host: they reach the host's caches and firmware.
 */
#include "capabilities/table.h"

#define SRC .source = EC_SRC_PCIUTILS
#define LNX .source = EC_SRC_LINUX
#define Q35 .source = EC_SRC_Q35

/* clang-format off */
/* Steering tags name the host's caches. A row each for 64; later ones belong to the body. */
#define STEERING(n) \
	{ 0x0c + 2 * n, 2, EC_READ, "ST" #n, EC_HOST_RW(EC_ALL16), LNX }

#define TPH_CTRL (EC_TPH_CTRL_MODE | EC_TPH_CTRL_REQ_EN)

static const struct ec_reg tph_rows[] = {
	{ 0x04, 4, EC_FREEZE, "CAP", LNX },
	{ 0x08, 4, EC_READ,   "CTRL", EC_HOST_RW(TPH_CTRL), .rsvdp = EC_OTHERS32(TPH_CTRL), LNX },
	EC_TIMES_64(STEERING),
};

/* No public source defines the bits. Protocols after the 32nd belong to the body. */
#define PROTOCOL(n) \
	{ 0x10 + 4 * n, 4, EC_FREEZE, "PROTOCOL" #n, Q35 }

static const struct ec_reg pmux_rows[] = {
	{ 0x04, 4, EC_FREEZE, "CAP", Q35 },
	{ 0x08, 4, EC_READ,   "CTRL", .rsvdp = EC_ALL32, .host = EC_ALL32, Q35 },
	{ 0x0c, 4, EC_READ,   "STATUS", .rsvdz = EC_ALL32, .host = EC_ALL32, Q35 },
	EC_TIMES_32(PROTOCOL),
};

/* A read or write of READ_MAILBOX removes a dword of the response. */
#define DOE_CTL (PCI_DOE_CTL_ABORT | PCI_DOE_CTL_INT | PCI_DOE_CTL_GO)
#define DOE_STATUS \
	(PCI_DOE_STS_BUSY | PCI_DOE_STS_INT | EC_DOE_STS_ERROR | PCI_DOE_STS_OBJECT_READY)

static const struct ec_reg doe_rows[] = {
	{ 0x04, 4, EC_FREEZE, "CAP", LNX },
	{ 0x08, 4, EC_READ,   "CTL", EC_HOST_RW(DOE_CTL), .rsvdp = EC_OTHERS32(DOE_CTL), LNX },
	{ 0x0c, 4, EC_READ,   "STATUS", EC_HOST_W1C(PCI_DOE_STS_INT), .rsvdz = EC_OTHERS32(DOE_STATUS), LNX },
	{ 0x10, 4, EC_READ,   "WRITE_MAILBOX", EC_HOST_RW(EC_ALL32), .exact = true, LNX },
	{ 0x14, 4, EC_READ,   "READ_MAILBOX", EC_HOST_RW(EC_ALL32), .exact = true, LNX },
};

static const struct ec_reg dev3_rows[] = {
	{ 0x04, 4, EC_FREEZE, "DEVCAP3", SRC },
	{ 0x08, 4, EC_READ,   "DEVCTL3", EC_HOST_RW(EC_DEV3_CTL), .rsvdp = EC_OTHERS32(EC_DEV3_CTL), SRC },
	{ 0x0c, 4, EC_READ,   "DEVSTA3", .rsvdz = EC_OTHERS32(EC_DEV3_STA), SRC },
};

/* The BARs and offsets of register blocks. */
#define LOCATOR(n) \
	{ 0x08 + 8 * n, 4, EC_FREEZE, "LOCATOR" #n "_LO", SRC }, \
	{ 0x0c + 8 * n, 4, EC_FREEZE, "LOCATOR" #n "_HI", SRC }

static const struct ec_reg rbl_rows[] = {
	{ 0x04, 4, EC_FREEZE, "CAP", SRC },
	EC_TIMES_16(LOCATOR),
};
/* clang-format on */

/* Two bytes per entry, if the table is in this capability and not in that of MSI-X. */
static uint32_t tph_length(const struct ec_cap_at *at)
{
	uint32_t cap = ec_at_get(at, PCI_TPH_CAPABILITIES, 4);

	return (cap & PCI_TPH_ST_LOC_MASK) == PCI_TPH_ST_CAP
		       ? 12 + 2 * ((cap >> PCI_TPH_ST_SIZE_SHIFT & 0x7ff) + 1)
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
