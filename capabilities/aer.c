/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * 0x0001, Advanced Error Reporting. The registers are the guest's copy. They start as at power-on,
 * whatever the hardware holds: another guest's errors, and masks that the host has set, would be
 * news of the host. What a guest writes changes the errors that it sees, not those that the host
 * sees. It can set bits that the device does not implement; no error will use them.
 */
#include "capabilities/table.h"

#define LNX .source = EC_SRC_LINUX
#define QEMU .source = EC_SRC_QEMU

/* clang-format off */
#define UNCOR \
	(PCI_ERR_UNC_DLP | PCI_ERR_UNC_SDES | PCI_ERR_UNC_POISON_TLP | PCI_ERR_UNC_FCP | \
	 PCI_ERR_UNC_COMP_TIME | PCI_ERR_UNC_COMP_ABORT | PCI_ERR_UNC_UNX_COMP | PCI_ERR_UNC_RX_OVER | \
	 PCI_ERR_UNC_MALF_TLP | PCI_ERR_UNC_ECRC | PCI_ERR_UNC_UNSUP | PCI_ERR_UNC_ACS_VIOL | \
	 EC_ERR_UNC_INTN | EC_ERR_UNC_MCBTLP | EC_ERR_UNC_ATOMEG | EC_ERR_UNC_TLPPRE | \
	 EC_ERR_UNC_POISON_BLK | EC_ERR_UNC_DMWR_BLK | EC_ERR_UNC_IDE_CHECK | EC_ERR_UNC_IDE_MISR | \
	 EC_ERR_UNC_PCRC | EC_ERR_UNC_XLAT_BLK)
#define UNCOR_BITS (UNCOR | PCI_ERR_UNC_TRAIN)
#define UNCOR_FATAL /* by default */ \
	(PCI_ERR_UNC_DLP | PCI_ERR_UNC_SDES | PCI_ERR_UNC_FCP | PCI_ERR_UNC_RX_OVER | \
	 PCI_ERR_UNC_MALF_TLP | EC_ERR_UNC_INTN)
#define COR_MASKED /* by default */ \
	(PCI_ERR_COR_REP_ANFE | EC_ERR_COR_INTERNAL | EC_ERR_COR_LOG_OVER)
#define COR \
	(PCI_ERR_COR_RCVR | PCI_ERR_COR_BAD_TLP | PCI_ERR_COR_BAD_DLLP | PCI_ERR_COR_REP_ROLL | \
	 PCI_ERR_COR_REP_TIMER | COR_MASKED)
#define CAP_RW (PCI_ERR_CAP_ECRC_GENE | PCI_ERR_CAP_ECRC_CHKE | PCI_ERR_CAP_MULT_HDRE)

/*
 * host: the host handles the hardware's errors.
 * clr: PCI_ERR_UNC_TRAIN is undefined; pointers and logs are 0 without an error of the guest's own.
 */
#define ERRORS \
	{ 0x04, 4, EC_EMULATE, "UNCOR_STATUS", EC_HOST_W1C(UNCOR), .rsvdz = EC_OTHERS32(UNCOR_BITS), .clr = PCI_ERR_UNC_TRAIN, .source = EC_SRC_PCIUTILS }, \
	{ 0x08, 4, EC_EMULATE, "UNCOR_MASK", EC_HOST_RW(UNCOR), .rsvdp = EC_OTHERS32(UNCOR_BITS), .clr = PCI_ERR_UNC_TRAIN, .reset = EC_ERR_UNC_INTN, \
	  .lost = EC_LOST_ERRORS, .source = EC_SRC_STANDARD }, \
	{ 0x0c, 4, EC_EMULATE, "UNCOR_SEVER", EC_HOST_RW(UNCOR), .rsvdp = EC_OTHERS32(UNCOR_BITS), .clr = PCI_ERR_UNC_TRAIN, .reset = UNCOR_FATAL, \
	  .lost = EC_LOST_ERRORS, QEMU }, \
	{ 0x10, 4, EC_EMULATE, "COR_STATUS", EC_HOST_W1C(COR), .rsvdz = EC_OTHERS32(COR), LNX }, \
	{ 0x14, 4, EC_EMULATE, "COR_MASK", EC_HOST_RW(COR), .rsvdp = EC_OTHERS32(COR), .reset = COR_MASKED, .lost = EC_LOST_ERRORS, QEMU }, \
	{ 0x18, 4, EC_EMULATE, "CAP", EC_HOST_RW(CAP_RW), .clr = EC_ERR_CAP_FEP | PCI_ERR_CAP_TLP_PFX | EC_ERR_CAP_TLP_LOG_SIZE, .lost = EC_LOST_ERRORS, LNX }, \
	LOG(0x1c, "HEADER_LOG0"), LOG(0x20, "HEADER_LOG1"), LOG(0x24, "HEADER_LOG2"), LOG(0x28, "HEADER_LOG3")
#define LOG(off, name) \
	{ off, 4, EC_EMULATE, name, .clr = EC_ALL32, LNX }
/* Four dwords of prefix log; in Flit mode the header log continues there. */
#define LOGS \
	LOG(0x38, "PREFIX_LOG0"), LOG(0x3c, "PREFIX_LOG1"), LOG(0x40, "PREFIX_LOG2"), LOG(0x44, "PREFIX_LOG3"), \
	LOG(0x48, "HEADER_LOG8"), LOG(0x4c, "HEADER_LOG9"), LOG(0x50, "HEADER_LOG10"), LOG(0x54, "HEADER_LOG11"), \
	LOG(0x58, "HEADER_LOG12"), LOG(0x5c, "HEADER_LOG13")

/* Functions other than root ports and event collectors have no root registers. */
static const struct ec_reg other[] = {
	ERRORS,
	{ 0x2c, 4, EC_HIDE,    "ROOT_COMMAND", .rsvdp = EC_ALL32, LNX },
	{ 0x30, 4, EC_HIDE,    "ROOT_STATUS", .rsvdz = EC_ALL32, LNX },
	{ 0x34, 4, EC_HIDE,    "ROOT_ERR_SRC", LNX },
	LOGS,
};

/* clr: the guest has one vector, number 0 */
#define ROOT_COMMAND \
	(PCI_ERR_ROOT_CMD_COR_EN | PCI_ERR_ROOT_CMD_NONFATAL_EN | PCI_ERR_ROOT_CMD_FATAL_EN)
#define ROOT_STATUS \
	(PCI_ERR_ROOT_COR_RCV | PCI_ERR_ROOT_MULTI_COR_RCV | PCI_ERR_ROOT_UNCOR_RCV | \
	 PCI_ERR_ROOT_MULTI_UNCOR_RCV | PCI_ERR_ROOT_FIRST_FATAL | PCI_ERR_ROOT_NONFATAL_RCV | \
	 PCI_ERR_ROOT_FATAL_RCV)

static const struct ec_reg root[] = {
	ERRORS,
	{ 0x2c, 4, EC_EMULATE, "ROOT_COMMAND", EC_HOST_RW(ROOT_COMMAND), .rsvdp = EC_OTHERS32(ROOT_COMMAND), LNX },
	{ 0x30, 4, EC_EMULATE, "ROOT_STATUS", EC_HOST_W1C(ROOT_STATUS), .rsvdz = EC_OTHERS32(ROOT_STATUS | EC_ERR_ROOT_MSG_NUM),
	  .clr = EC_ERR_ROOT_MSG_NUM, LNX },
	{ 0x34, 4, EC_EMULATE, "ROOT_ERR_SRC", .clr = EC_ALL32, LNX },
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

/*
 * The prefix log is there if End-End TLP prefixes are supported (PCI Express 7.8.4.12). That CAP
 * reports one means that an error has filled it. From version 3 on, Flit mode logs 14 dwords.
 */
static uint32_t length(const struct ec_cap_at *at)
{
	if (at->version > 2 && at->flit)
		return 0x60;
	if (at->version > 1 && at->prefixes)
		return 0x48;
	return is_root(at) ? 0x38 : 0x2c;
}

const struct ec_cap ec_cap_aer = {
	EC_EXT(0x01, "AER", "Advanced Error Reporting", EC_EMULATE, 0x2c,
	       "44; of a root port or event collector 56; with End-End TLP prefixes 72; version 3 "
	       "with "
	       "Flit mode 96",
	       EC_SRC_LINUX),
	.length = length,
	.table = table,
};
