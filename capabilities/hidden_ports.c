/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Root ports and switch ports: 0x001d, Downstream Port Containment; 0x0029, enclosure management.
 * host: the host contains errors of the physical ports, and their enclosures are its own.
 */
#include "capabilities/table.h"

#define SRC .source = EC_SRC_PCIUTILS
#define LNX .source = EC_SRC_LINUX

/* clang-format off */
#define CTRL_RW \
	(EC_DPC_CTL_TRIGGER | PCI_DPC_CTL_CMPL | PCI_DPC_CTL_INT | PCI_DPC_CTL_ERR_COR | \
	 PCI_DPC_CTL_TLP | PCI_DPC_CTL_DL_ACTIVE)
#define CTRL_BITS (CTRL_RW | PCI_DPC_CTL_SW_TRIGGER) /* the trigger reads 0 */
#define STATUS_W1C (PCI_DPC_STS_TRIGGER | PCI_DPC_STS_INT)
#define STATUS_BITS \
	(STATUS_W1C | EC_DPC_STS_REASON | PCI_DPC_STS_RP_BUSY | EC_DPC_STS_TRIGGER_EXT | EC_DPC_STS_PIO_FEP)
#define PIO (EC_DPC_PIO_CFG | EC_DPC_PIO_IO | EC_DPC_PIO_MEM)
#define LOG(off, name) \
	{ off, 4, EC_READ, name, LNX }

/* In Flit mode the header log continues after the prefix log. */
static const struct ec_reg dpc_rows[] = {
	{ 0x04, 2, EC_FREEZE, "CAP", LNX },
	{ 0x06, 2, EC_READ,   "CTRL", .rw = CTRL_RW, .host = CTRL_BITS, .rsvdp = EC_OTHERS16(CTRL_BITS),
	  .effect = EC_FX_DPC, .fx = PCI_DPC_CTL_SW_TRIGGER, SRC },
	{ 0x08, 2, EC_READ,   "STATUS", EC_HOST_W1C(STATUS_W1C), .rsvdz = EC_OTHERS16(STATUS_BITS),
	  .effect = EC_FX_DPC_END, .fx = PCI_DPC_STS_TRIGGER, LNX },
	{ 0x0a, 2, EC_READ,   "SOURCE_ID", LNX },
	{ 0x0c, 4, EC_READ,   "PIO_STATUS", EC_HOST_W1C(PIO), .rsvdz = EC_OTHERS32(PIO), LNX },
	{ 0x10, 4, EC_READ,   "PIO_MASK", EC_HOST_RW(PIO), .rsvdp = EC_OTHERS32(PIO), .reset = PIO, LNX },
	{ 0x14, 4, EC_READ,   "PIO_SEVERITY", EC_HOST_RW(PIO), .rsvdp = EC_OTHERS32(PIO), LNX },
	{ 0x18, 4, EC_READ,   "PIO_SYSERROR", EC_HOST_RW(PIO), .rsvdp = EC_OTHERS32(PIO), LNX },
	{ 0x1c, 4, EC_READ,   "PIO_EXCEPTION", EC_HOST_RW(PIO), .rsvdp = EC_OTHERS32(PIO), LNX },
	LOG(0x20, "PIO_HEADER0"), LOG(0x24, "PIO_HEADER1"), LOG(0x28, "PIO_HEADER2"), LOG(0x2c, "PIO_HEADER3"),
	LOG(0x30, "PIO_IMPSPEC"),
	LOG(0x34, "PIO_PREFIX0"), LOG(0x38, "PIO_PREFIX1"), LOG(0x3c, "PIO_PREFIX2"), LOG(0x40, "PIO_PREFIX3"),
	LOG(0x44, "PIO_HEADER8"), LOG(0x48, "PIO_HEADER9"), LOG(0x4c, "PIO_HEADER10"), LOG(0x50, "PIO_HEADER11"),
	LOG(0x54, "PIO_HEADER12"), LOG(0x58, "PIO_HEADER13"),
};

#define NPEM_CTRL (EC_NPEM_CTRL | EC_NPEM_VENDOR)
#define NPEM_STATUS (EC_NPEM_STATUS_CC | EC_NPEM_VENDOR)

/* Every write to the control register is a command. */
static const struct ec_reg npem_rows[] = {
	{ 0x04, 4, EC_FREEZE, "CAP", LNX },
	{ 0x08, 4, EC_READ,   "CTRL", EC_HOST_RW(NPEM_CTRL), .rsvdp = EC_OTHERS32(NPEM_CTRL), .exact = true, LNX },
	{ 0x0c, 4, EC_READ,   "STATUS", EC_HOST_W1C(EC_NPEM_STATUS_CC), .rsvdz = EC_OTHERS32(NPEM_STATUS), LNX },
};
/* clang-format on */

/* Root ports may have RP PIO registers and a log, whose size in dwords is in bits 13, 11:8. */
static uint32_t dpc_length(const struct ec_cap_at *at)
{
	uint32_t cap = ec_at_get(at, PCI_DPC_CAP, 2);

	if (!(cap & PCI_DPC_CAP_RP_EXT))
		return 12;
	return 0x20 + 4 * (PCI_DPC_CAP_RP_LOG(cap) | (cap >> 13 & 1) << 4);
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
