/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * 0x0001, Advanced Error Reporting. Its registers are the guest's own: they start as at power-on,
 * so that the hardware's errors, masks and severities stay the host's, and what a guest writes
 * changes what it is told, not what the host is.
 */
#include "capabilities/table.h"

#define LNX .source = EC_SRC_LINUX
#define QEMU .source = EC_SRC_QEMU

/* Uncorrectable errors that header.h names, and correctable ones. Bit 0 is undefined. */
#define UNCOR 0xfffff030u
#define COR 0x0000f1c1u

/* clang-format off */
#define ERRORS \
	{ 0x04, 4, EC_EMULATE, "UNCOR_STATUS", EC_HOST_W1C(UNCOR), .rsvdz = ~UNCOR & ~1u, .clr = 1, .source = EC_SRC_PCIUTILS }, \
	{ 0x08, 4, EC_EMULATE, "UNCOR_MASK", .lost = EC_LOST_ERRORS, EC_HOST_RW(UNCOR), .rsvdp = ~UNCOR & ~1u, .clr = 1, .reset = 0x00400000, .source = EC_SRC_STANDARD }, \
	{ 0x0c, 4, EC_EMULATE, "UNCOR_SEVER", .lost = EC_LOST_ERRORS, EC_HOST_RW(UNCOR), .rsvdp = ~UNCOR & ~1u, .clr = 1, .reset = 0x00462030, QEMU }, \
	{ 0x10, 4, EC_EMULATE, "COR_STATUS", EC_HOST_W1C(COR), .rsvdz = ~COR, LNX }, \
	{ 0x14, 4, EC_EMULATE, "COR_MASK", .lost = EC_LOST_ERRORS, EC_HOST_RW(COR), .rsvdp = ~COR, .reset = 0x0000e000, QEMU }, \
	{ 0x18, 4, EC_EMULATE, "CAP", .lost = EC_LOST_ERRORS, EC_HOST_RW(0x540), .clr = 0x00fc001f, LNX }, \
	LOG(0x1c, "HEADER_LOG0"), LOG(0x20, "HEADER_LOG1"), LOG(0x24, "HEADER_LOG2"), LOG(0x28, "HEADER_LOG3")
/* Of a TLP; without an error of the guest's own it is 0. */
#define LOG(off, name) \
	{ off, 4, EC_EMULATE, name, .clr = 0xffffffffu, LNX }
/* The prefix log holds four dwords; in Flit mode it goes on with the header. */
#define LOGS \
	LOG(0x38, "PREFIX_LOG0"), LOG(0x3c, "PREFIX_LOG1"), LOG(0x40, "PREFIX_LOG2"), LOG(0x44, "PREFIX_LOG3"), \
	LOG(0x48, "HEADER_LOG8"), LOG(0x4c, "HEADER_LOG9"), LOG(0x50, "HEADER_LOG10"), LOG(0x54, "HEADER_LOG11"), \
	LOG(0x58, "HEADER_LOG12"), LOG(0x5c, "HEADER_LOG13")

/* Others have nothing where root ports and event collectors have the root registers. */
static const struct ec_reg other[] = {
	ERRORS,
	{ 0x2c, 4, EC_HIDE,    "ROOT_COMMAND", .rsvdp = 0xffffffffu, LNX },
	{ 0x30, 4, EC_HIDE,    "ROOT_STATUS", .rsvdz = 0xffffffffu, LNX },
	{ 0x34, 4, EC_HIDE,    "ROOT_ERR_SRC", LNX },
	LOGS,
};

static const struct ec_reg root[] = {
	ERRORS,
	{ 0x2c, 4, EC_EMULATE, "ROOT_COMMAND", EC_HOST_RW(0x7), .rsvdp = 0xfffffff8u, LNX },
	{ 0x30, 4, EC_EMULATE, "ROOT_STATUS", EC_HOST_W1C(0x7f), .rsvdz = 0x07ffff80u, .clr = 0xf8000000u, LNX },
	{ 0x34, 4, EC_EMULATE, "ROOT_ERR_SRC", .clr = 0xffffffffu, LNX },
	LOGS,
};
/* clang-format on */

static bool is_root(const struct ec_cap_at *at)
{
	return at->pcie_type_known &&
	       (at->pcie_type == PCI_EXP_TYPE_ROOT_PORT || at->pcie_type == PCI_EXP_TYPE_ROOT_EC);
}

static struct ec_reg_table table(const struct ec_cap_at *at)
{
	return is_root(at) ? EC_TABLE(root) : EC_TABLE(other);
}

/* Where CAP bit 11 says so there is a prefix log; from version 3 on, Flit mode logs 14 dwords. */
static uint32_t length(const struct ec_cap_at *at)
{
	if (at->version > 2 && at->flit)
		return 0x60;
	if (at->version > 1 && ec_at_get(at, 0x18, 4) & 0x800)
		return 0x48;
	return is_root(at) ? 0x38 : 0x2c;
}

const struct ec_cap ec_cap_aer = {
	EC_EXT(0x01, "AER", "Advanced Error Reporting", EC_EMULATE, 0x2c,
	       "44; of a root port or event collector 56; with TLP prefix log 72; version 3 with "
	       "Flit mode 96",
	       EC_SRC_LINUX),
	.probe = 1u << 6,
	.length = length,
	.table = table,
};
