/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The type 0 and type 1 headers, and the header that every capability has. */
#include "capabilities/header.h"

#include "capabilities/table.h"

#define SRC .source = EC_SRC_PCIUTILS

/* clang-format off */
/* The guest has a copy of most of COMMAND: the host keeps decoding. These bits reach the device. */
#define COMMAND_PASSED \
	(PCI_COMMAND_MASTER | PCI_COMMAND_SPECIAL | PCI_COMMAND_INVALIDATE | PCI_COMMAND_VGA_PALETTE)
#define COMMAND_EFFECT (PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_DISABLE_INTx)
/* The host's decode of BARs, its error reporting, and INTx, which it has to share. */
#define COMMAND_HOST (COMMAND_EFFECT | PCI_COMMAND_PARITY | PCI_COMMAND_SERR | PCI_COMMAND_FAST_BACK)

#define STATUS_ERRORS \
	(PCI_STATUS_PARITY | PCI_STATUS_SIG_TARGET_ABORT | PCI_STATUS_REC_TARGET_ABORT | \
	 PCI_STATUS_REC_MASTER_ABORT | PCI_STATUS_SIG_SYSTEM_ERROR | PCI_STATUS_DETECTED_PARITY)
#define STATUS_BOTH /* in the secondary status of a bridge, too */ \
	(STATUS_ERRORS | PCI_STATUS_66MHZ | PCI_STATUS_UDF | PCI_STATUS_FAST_BACK | PCI_STATUS_DEVSEL_MASK)

#define ROM_BITS (EC_BAR_ROM_MASK | PCI_ROM_ADDRESS_ENABLE)

#define BRIDGE_RW \
	(PCI_BRIDGE_CTL_PARITY | PCI_BRIDGE_CTL_SERR | PCI_BRIDGE_CTL_NO_ISA | PCI_BRIDGE_CTL_VGA | \
	 PCI_BRIDGE_CTL_VGA_16BIT | PCI_BRIDGE_CTL_MASTER_ABORT | PCI_BRIDGE_CTL_BUS_RESET | \
	 PCI_BRIDGE_CTL_FAST_BACK | PCI_BRIDGE_CTL_PRI_DISCARD_TIMER | \
	 PCI_BRIDGE_CTL_SEC_DISCARD_TIMER | PCI_BRIDGE_CTL_DISCARD_TIMER_SERR_EN)
#define BRIDGE_BITS (BRIDGE_RW | PCI_BRIDGE_CTL_DISCARD_TIMER_STATUS)

/* STATUS is the device's, but for the bit of the capability list, which follows the guest's list. */
#define COMMON_HEAD \
	{ 0x00, 2, EC_FREEZE,  "VENDOR_ID", SRC }, \
	{ 0x02, 2, EC_FREEZE,  "DEVICE_ID", SRC }, \
	{ 0x04, 2, EC_EMULATE, "COMMAND", .rw = COMMAND_HOST | COMMAND_PASSED, .rsvdp = EC_OTHERS16(COMMAND_HOST | COMMAND_PASSED), \
	  .split = COMMAND_PASSED, .second = EC_PASS, .effect = EC_FX_COMMAND, .fx = COMMAND_EFFECT, .host = COMMAND_HOST, SRC }, \
	{ 0x06, 2, EC_PASS,    "STATUS", .w1c = STATUS_ERRORS, .rsvdz = EC_OTHERS16(STATUS_BOTH | PCI_STATUS_INTx | PCI_STATUS_CAP_LIST), \
	  .split = PCI_STATUS_CAP_LIST, .second = EC_EMULATE, SRC }, \
	{ 0x08, 1, EC_FREEZE,  "REVISION", SRC }, \
	{ 0x09, 1, EC_FREEZE,  "CLASS_PROG", SRC }, \
	{ 0x0a, 2, EC_FREEZE,  "CLASS_DEVICE", SRC }, \
	{ 0x0c, 1, EC_EMULATE, "CACHE_LINE_SIZE", .rw = EC_ALL8, .lost = EC_LOST_SETUP, SRC }, \
	{ 0x0d, 1, EC_EMULATE, "LATENCY_TIMER", .rw = EC_ALL8, .lost = EC_LOST_SETUP, SRC }, \
	{ 0x0e, 1, EC_FREEZE,  "HEADER_TYPE", SRC }, \
	{ 0x0f, 1, EC_FREEZE,  "BIST", .rw = PCI_BIST_START, .rsvdp = EC_OTHERS8(PCI_BIST_START | PCI_BIST_CODE_MASK | PCI_BIST_CAPABLE), \
	  .host = PCI_BIST_START, SRC } /* host: a self-test takes the device away for seconds */
/* host: the hardware's BARs never move */
#define BAR_ROW(off, n) \
	{ off, 4, EC_EMULATE, "BASE_ADDRESS_" #n, EC_HOST_RW(EC_ALL32), .effect = EC_FX_BAR, .lost = EC_LOST_SETUP, SRC }
#define ROM_ROW(off) \
	{ off, 4, EC_EMULATE, "ROM_ADDRESS", .rw = ROM_BITS, .rsvdp = EC_OTHERS32(ROM_BITS), \
	  .host = EC_ALL32, .effect = EC_FX_ROM, .lost = EC_LOST_SETUP, SRC }

static const struct ec_reg type0[] = {
	COMMON_HEAD,
	BAR_ROW(0x10, 0),
	BAR_ROW(0x14, 1),
	BAR_ROW(0x18, 2),
	BAR_ROW(0x1c, 3),
	BAR_ROW(0x20, 4),
	BAR_ROW(0x24, 5),
	{ 0x28, 4, EC_FREEZE,  "CARDBUS_CIS", SRC },
	{ 0x2c, 2, EC_FREEZE,  "SUBSYSTEM_VENDOR_ID", SRC },
	{ 0x2e, 2, EC_FREEZE,  "SUBSYSTEM_ID", SRC },
	ROM_ROW(0x30),
	{ 0x34, 1, EC_FREEZE,  "CAPABILITY_LIST", SRC },
	{ 0x35, 1, EC_FREEZE,  "RESERVED_35", .rsvdp = EC_ALL8, SRC },
	{ 0x36, 2, EC_FREEZE,  "RESERVED_36", .rsvdp = EC_ALL16, SRC },
	{ 0x38, 4, EC_FREEZE,  "RESERVED_38", .rsvdp = EC_ALL32, SRC },
	{ 0x3c, 1, EC_EMULATE, "INTERRUPT_LINE", .rw = EC_ALL8, .lost = EC_LOST_SETUP, SRC },
	{ 0x3d, 1, EC_FREEZE,  "INTERRUPT_PIN", SRC },
	{ 0x3e, 1, EC_FREEZE,  "MIN_GNT", SRC },
	{ 0x3f, 1, EC_FREEZE,  "MAX_LAT", SRC },
};

/* host: the host routes what its bridges forward */
#define IO_RANGE EC_OTHERS8(PCI_IO_RANGE_TYPE_MASK)
#define MEMORY_RANGE EC_OTHERS16(PCI_MEMORY_RANGE_TYPE_MASK)
#define PREF_RANGE EC_OTHERS16(PCI_PREF_RANGE_TYPE_MASK)

static const struct ec_reg type1[] = {
	COMMON_HEAD,
	BAR_ROW(0x10, 0),
	BAR_ROW(0x14, 1),
	{ 0x18, 1, EC_EMULATE, "PRIMARY_BUS", EC_HOST_RW(EC_ALL8), .effect = EC_FX_BUS, SRC },
	{ 0x19, 1, EC_EMULATE, "SECONDARY_BUS", EC_HOST_RW(EC_ALL8), .effect = EC_FX_BUS, SRC },
	{ 0x1a, 1, EC_EMULATE, "SUBORDINATE_BUS", EC_HOST_RW(EC_ALL8), .effect = EC_FX_BUS, SRC },
	{ 0x1b, 1, EC_EMULATE, "SEC_LATENCY_TIMER", .rw = EC_ALL8, SRC },
	{ 0x1c, 1, EC_EMULATE, "IO_BASE", EC_HOST_RW(IO_RANGE), SRC },
	{ 0x1d, 1, EC_EMULATE, "IO_LIMIT", EC_HOST_RW(IO_RANGE), SRC },
	{ 0x1e, 2, EC_EMULATE, "SEC_STATUS", EC_HOST_W1C(STATUS_ERRORS), .rsvdz = EC_OTHERS16(STATUS_BOTH), SRC },
	{ 0x20, 2, EC_EMULATE, "MEMORY_BASE", EC_HOST_RW(MEMORY_RANGE), .rsvdp = PCI_MEMORY_RANGE_TYPE_MASK, SRC },
	{ 0x22, 2, EC_EMULATE, "MEMORY_LIMIT", EC_HOST_RW(MEMORY_RANGE), .rsvdp = PCI_MEMORY_RANGE_TYPE_MASK, SRC },
	{ 0x24, 2, EC_EMULATE, "PREF_MEMORY_BASE", EC_HOST_RW(PREF_RANGE), SRC },
	{ 0x26, 2, EC_EMULATE, "PREF_MEMORY_LIMIT", EC_HOST_RW(PREF_RANGE), SRC },
	{ 0x28, 4, EC_EMULATE, "PREF_BASE_UPPER32", EC_HOST_RW(EC_ALL32), SRC },
	{ 0x2c, 4, EC_EMULATE, "PREF_LIMIT_UPPER32", EC_HOST_RW(EC_ALL32), SRC },
	{ 0x30, 2, EC_EMULATE, "IO_BASE_UPPER16", EC_HOST_RW(EC_ALL16), SRC },
	{ 0x32, 2, EC_EMULATE, "IO_LIMIT_UPPER16", EC_HOST_RW(EC_ALL16), SRC },
	{ 0x34, 1, EC_FREEZE,  "CAPABILITY_LIST", SRC },
	{ 0x35, 1, EC_FREEZE,  "RESERVED_35", .rsvdp = EC_ALL8, SRC },
	{ 0x36, 2, EC_FREEZE,  "RESERVED_36", .rsvdp = EC_ALL16, SRC },
	ROM_ROW(0x38),
	{ 0x3c, 1, EC_EMULATE, "INTERRUPT_LINE", .rw = EC_ALL8, .lost = EC_LOST_SETUP, SRC },
	{ 0x3d, 1, EC_FREEZE,  "INTERRUPT_PIN", SRC },
	{ 0x3e, 2, EC_EMULATE, "BRIDGE_CONTROL", .rw = BRIDGE_RW, .w1c = PCI_BRIDGE_CTL_DISCARD_TIMER_STATUS, .rsvdp = EC_OTHERS16(BRIDGE_BITS),
	  .effect = EC_FX_BRIDGE, .fx = PCI_BRIDGE_CTL_BUS_RESET, .host = BRIDGE_BITS, SRC },
};

static const struct ec_reg std_header[] = {
	{ 0x00, 1, EC_FREEZE, "CAP_ID", SRC },
	{ 0x01, 1, EC_FREEZE, "CAP_NEXT", SRC },
};

static const struct ec_reg ext_header[] = {
	{ 0x00, 2, EC_FREEZE, "CAP_ID", SRC },
	{ 0x02, 2, EC_FREEZE, "CAP_NEXT", SRC }, /* 15:4 next, 3:0 version */
};
/* clang-format on */

struct ec_reg_table ec_header_registers(unsigned int type)
{
	if (type == PCI_HEADER_TYPE_NORMAL)
		return EC_TABLE(type0);
	if (type == PCI_HEADER_TYPE_BRIDGE)
		return EC_TABLE(type1);
	return (struct ec_reg_table){ 0 };
}

struct ec_reg_table ec_cap_header_registers(bool extended)
{
	return extended ? EC_TABLE(ext_header) : EC_TABLE(std_header);
}
