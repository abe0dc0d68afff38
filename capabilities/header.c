/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The type 0 and type 1 headers, and the header that every capability has. */
#include "capabilities/header.h"

#include "capabilities/table.h"

#define SRC .source = EC_SRC_PCIUTILS
#define CONST EC_FREEZE
#define BAR EC_EMULATE
#define ANY 0xffffffffu

/* clang-format off */
/*
 * COMMAND: decode, error reporting and INTx disable are the guest's own shadow, since the host's
 * decode stays on; bits 5:2 reach the device. STATUS is the device's, but for the capability list
 * bit, which follows the guest's list.
 */
#define COMMON_HEAD \
	{ 0x00, 2, CONST,      "VENDOR_ID", SRC }, \
	{ 0x02, 2, CONST,      "DEVICE_ID", SRC }, \
	{ 0x04, 2, EC_EMULATE, "COMMAND", .rw = 0x077f, .rsvdp = 0xf880, .split = 0x003c, .second = EC_PASS, \
	  .effect = EC_FX_COMMAND, .fx = 0x0403, .host = 0x0743, SRC }, \
	{ 0x06, 2, EC_PASS,    "STATUS", .w1c = 0xf900, .rsvdz = 0x0007, .split = 0x0010, .second = EC_EMULATE, SRC }, \
	{ 0x08, 1, CONST,      "REVISION", SRC }, \
	{ 0x09, 1, CONST,      "CLASS_PROG", SRC }, \
	{ 0x0a, 2, CONST,      "CLASS_DEVICE", SRC }, \
	{ 0x0c, 1, EC_EMULATE, "CACHE_LINE_SIZE", .rw = 0xff, .lost = EC_LOST_SETUP, SRC }, \
	{ 0x0d, 1, EC_EMULATE, "LATENCY_TIMER", .rw = 0xff, .lost = EC_LOST_SETUP, SRC }, \
	{ 0x0e, 1, CONST,      "HEADER_TYPE", SRC }, \
	{ 0x0f, 1, CONST,      "BIST", .rw = 0x40, .rsvdp = 0x30, .host = 0x40, SRC }
#define BAR_ROW(off, n) \
	{ off, 4, BAR, "BASE_ADDRESS_" #n, .rw = ANY, .host = ANY, .effect = EC_FX_BAR, .lost = EC_LOST_SETUP, SRC }
#define ROM_ROW(off) \
	{ off, 4, BAR, "ROM_ADDRESS", .rw = 0xfffff801u, .rsvdp = 0x7fe, .host = ANY, .effect = EC_FX_ROM, .lost = EC_LOST_SETUP, SRC }

static const struct ec_reg type0[] = {
	COMMON_HEAD,
	BAR_ROW(0x10, 0),
	BAR_ROW(0x14, 1),
	BAR_ROW(0x18, 2),
	BAR_ROW(0x1c, 3),
	BAR_ROW(0x20, 4),
	BAR_ROW(0x24, 5),
	{ 0x28, 4, CONST,      "CARDBUS_CIS", SRC },
	{ 0x2c, 2, CONST,      "SUBSYSTEM_VENDOR_ID", SRC },
	{ 0x2e, 2, CONST,      "SUBSYSTEM_ID", SRC },
	ROM_ROW(0x30),
	{ 0x34, 1, CONST,      "CAPABILITY_LIST", SRC },
	{ 0x35, 1, CONST,      "RESERVED_35", .rsvdp = 0xff, SRC },
	{ 0x36, 2, CONST,      "RESERVED_36", .rsvdp = 0xffff, SRC },
	{ 0x38, 4, CONST,      "RESERVED_38", .rsvdp = ANY, SRC },
	{ 0x3c, 1, EC_EMULATE, "INTERRUPT_LINE", .rw = 0xff, .lost = EC_LOST_SETUP, SRC },
	{ 0x3d, 1, CONST,      "INTERRUPT_PIN", SRC },
	{ 0x3e, 1, CONST,      "MIN_GNT", SRC },
	{ 0x3f, 1, CONST,      "MAX_LAT", SRC },
};

static const struct ec_reg type1[] = {
	COMMON_HEAD,
	BAR_ROW(0x10, 0),
	BAR_ROW(0x14, 1),
	{ 0x18, 1, EC_EMULATE, "PRIMARY_BUS", .rw = 0xff, .host = 0xff, .effect = EC_FX_BUS, SRC },
	{ 0x19, 1, EC_EMULATE, "SECONDARY_BUS", .rw = 0xff, .host = 0xff, .effect = EC_FX_BUS, SRC },
	{ 0x1a, 1, EC_EMULATE, "SUBORDINATE_BUS", .rw = 0xff, .host = 0xff, .effect = EC_FX_BUS, SRC },
	{ 0x1b, 1, EC_EMULATE, "SEC_LATENCY_TIMER", .rw = 0xff, SRC },
	{ 0x1c, 1, EC_EMULATE, "IO_BASE", .rw = 0xf0, .host = 0xf0, SRC },
	{ 0x1d, 1, EC_EMULATE, "IO_LIMIT", .rw = 0xf0, .host = 0xf0, SRC },
	{ 0x1e, 2, EC_EMULATE, "SEC_STATUS", .w1c = 0xf900, .rsvdz = 0x001f, .host = 0xf900, SRC },
	{ 0x20, 2, EC_EMULATE, "MEMORY_BASE", .rw = 0xfff0, .rsvdp = 0x000f, .host = 0xfff0, SRC },
	{ 0x22, 2, EC_EMULATE, "MEMORY_LIMIT", .rw = 0xfff0, .rsvdp = 0x000f, .host = 0xfff0, SRC },
	{ 0x24, 2, EC_EMULATE, "PREF_MEMORY_BASE", .rw = 0xfff0, .host = 0xfff0, SRC },
	{ 0x26, 2, EC_EMULATE, "PREF_MEMORY_LIMIT", .rw = 0xfff0, .host = 0xfff0, SRC },
	{ 0x28, 4, EC_EMULATE, "PREF_BASE_UPPER32", .rw = ANY, .host = ANY, SRC },
	{ 0x2c, 4, EC_EMULATE, "PREF_LIMIT_UPPER32", .rw = ANY, .host = ANY, SRC },
	{ 0x30, 2, EC_EMULATE, "IO_BASE_UPPER16", .rw = 0xffff, .host = 0xffff, SRC },
	{ 0x32, 2, EC_EMULATE, "IO_LIMIT_UPPER16", .rw = 0xffff, .host = 0xffff, SRC },
	{ 0x34, 1, CONST,      "CAPABILITY_LIST", SRC },
	{ 0x35, 1, CONST,      "RESERVED_35", .rsvdp = 0xff, SRC },
	{ 0x36, 2, CONST,      "RESERVED_36", .rsvdp = 0xffff, SRC },
	ROM_ROW(0x38),
	{ 0x3c, 1, EC_EMULATE, "INTERRUPT_LINE", .rw = 0xff, .lost = EC_LOST_SETUP, SRC },
	{ 0x3d, 1, CONST,      "INTERRUPT_PIN", SRC },
	{ 0x3e, 2, EC_EMULATE, "BRIDGE_CONTROL", .rw = 0x0bff, .w1c = 0x0400, .rsvdp = 0xf000,
	  .effect = EC_FX_BRIDGE, .fx = 0x0040, .host = 0x0fff, SRC },
};

static const struct ec_reg std_header[] = {
	{ 0x00, 1, CONST, "CAP_ID", SRC },
	{ 0x01, 1, CONST, "CAP_NEXT", SRC },
};

static const struct ec_reg ext_header[] = {
	{ 0x00, 2, CONST, "CAP_ID", SRC },
	{ 0x02, 2, CONST, "CAP_NEXT", SRC }, /* 15:4 next, 3:0 version */
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
