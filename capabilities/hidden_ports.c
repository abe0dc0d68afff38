/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What ports have: 0x001d, Downstream Port Containment; 0x0029, enclosure management. */
#include "capabilities/table.h"

#define SRC .source = EC_SRC_PCIUTILS
#define LNX .source = EC_SRC_LINUX

/* Kinds of request and completion that RP PIO tells apart: three each of config, I/O, memory. */
#define PIO 0x00070707u

/* clang-format off */
#define LOG(off, name) \
	{ off, 4, EC_READ, name, LNX }

/* Trigger by software reads as 0. In Flit mode the prefix log goes on with the header. */
static const struct ec_reg dpc_rows[] = {
	{ 0x04, 2, EC_FREEZE, "CAP", LNX },
	{ 0x06, 2, EC_READ,   "CTRL", .rw = 0x00bf, .host = 0x00ff, .rsvdp = 0xff00, .effect = EC_FX_DPC, .fx = 0x0040, SRC },
	{ 0x08, 2, EC_READ,   "STATUS", EC_HOST_W1C(0x0009), .rsvdz = 0xe080, .effect = EC_FX_DPC_END, .fx = 0x0001, LNX },
	{ 0x0a, 2, EC_READ,   "SOURCE_ID", LNX },
	{ 0x0c, 4, EC_READ,   "PIO_STATUS", EC_HOST_W1C(PIO), .rsvdz = ~PIO, LNX },
	{ 0x10, 4, EC_READ,   "PIO_MASK", EC_HOST_RW(PIO), .rsvdp = ~PIO, .reset = PIO, LNX },
	{ 0x14, 4, EC_READ,   "PIO_SEVERITY", EC_HOST_RW(PIO), .rsvdp = ~PIO, LNX },
	{ 0x18, 4, EC_READ,   "PIO_SYSERROR", EC_HOST_RW(PIO), .rsvdp = ~PIO, LNX },
	{ 0x1c, 4, EC_READ,   "PIO_EXCEPTION", EC_HOST_RW(PIO), .rsvdp = ~PIO, LNX },
	LOG(0x20, "PIO_HEADER0"), LOG(0x24, "PIO_HEADER1"), LOG(0x28, "PIO_HEADER2"), LOG(0x2c, "PIO_HEADER3"),
	LOG(0x30, "PIO_IMPSPEC"),
	LOG(0x34, "PIO_PREFIX0"), LOG(0x38, "PIO_PREFIX1"), LOG(0x3c, "PIO_PREFIX2"), LOG(0x40, "PIO_PREFIX3"),
	LOG(0x44, "PIO_HEADER8"), LOG(0x48, "PIO_HEADER9"), LOG(0x4c, "PIO_HEADER10"), LOG(0x50, "PIO_HEADER11"),
	LOG(0x54, "PIO_HEADER12"), LOG(0x58, "PIO_HEADER13"),
};

/* Every write to the control register is a command. */
static const struct ec_reg npem_rows[] = {
	{ 0x04, 4, EC_FREEZE, "CAP", LNX },
	{ 0x08, 4, EC_READ,   "CTRL", EC_HOST_RW(0xff000fffu), .rsvdp = 0x00fff000u, .exact = true, LNX },
	{ 0x0c, 4, EC_READ,   "STATUS", EC_HOST_W1C(0x1), .rsvdz = 0x00fffffeu, LNX },
};
/* clang-format on */

/* Root ports may have RP PIO registers and a log of as many dwords as they say. */
static uint32_t dpc_length(const struct ec_cap_at *at)
{
	uint32_t cap = ec_at_get(at, PCI_DPC_CAP, 2);

	if (!(cap & PCI_DPC_CAP_RP_EXT))
		return 12;
	return 0x20 + 4 * ((cap >> 8 & 0xf) | (cap >> 13 & 1) << 4);
}

const struct ec_cap ec_cap_dpc = {
	EC_EXT(0x1d, "DPC", "Downstream Port Containment", EC_HIDE, 12,
	       "12; with root port extensions 32 + 4 x log size (bits 13, 11:8 of the word at +4)",
	       EC_SRC_LINUX),
	.probe = 1u << 1,
	.length = dpc_length,
	.rows = EC_ROWS(dpc_rows),
};

const struct ec_cap ec_cap_npem = {
	EC_EXT(0x29, "NPEM", "Native PCIe Enclosure Management", EC_HIDE, 16, "16", EC_SRC_LINUX),
	.rows = EC_ROWS(npem_rows),
};
