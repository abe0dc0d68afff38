/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * 0x0002, Virtual Channel. The hidden 0x0008, MFVC, and 0x0009, Virtual Channel with MFVC, have the
 * same layout: port registers, twelve bytes per channel, and arbitration tables anywhere after
 * them. The tables belong to the body, because their offset depends on other registers; the length
 * includes them.
 */
#include "capabilities/table.h"

#define LNX .source = EC_SRC_LINUX

/* clang-format off */
#define PORT_CTRL (EC_VC_PORT_CTRL_LOAD | EC_VC_PORT_CTRL_SELECT)
#define RES_STATUS (EC_VC_RES_STATUS_TABLE | EC_VC_RES_STATUS_NEGOTIATION)
/* Traffic class 0 is always on channel 0, which is always enabled and has id 0. */
#define CTRL_FIRST (EC_VC_RES_CTRL_TC | EC_VC_RES_CTRL_LOAD | EC_VC_RES_CTRL_SELECT)
#define CTRL_MORE (CTRL_FIRST | EC_VC_RES_CTRL_TC0 | EC_VC_RES_CTRL_ID | EC_VC_RES_CTRL_ENABLE)

/* host: the mapping of traffic is the fabric's */
#define CHANNEL(n, writable, first) \
	{ 0x10 + 12 * n, 4, EC_FREEZE, "RES" #n "_CAP", LNX }, \
	{ 0x14 + 12 * n, 4, EC_READ,   "RES" #n "_CTRL", EC_HOST_RW(writable), .rsvdp = EC_OTHERS32(CTRL_MORE), .reset = first, LNX }, \
	{ 0x18 + 12 * n, 2, EC_FREEZE, "RES" #n "_RSVD", .rsvdp = EC_ALL16, LNX }, \
	{ 0x1a + 12 * n, 2, EC_READ,   "RES" #n "_STATUS", .rsvdz = EC_OTHERS16(RES_STATUS), LNX }
#define MORE(n) CHANNEL(n, CTRL_MORE, 0)

static const struct ec_reg rows[] = {
	{ 0x04, 4, EC_FREEZE, "PORT_CAP1", LNX },
	{ 0x08, 4, EC_FREEZE, "PORT_CAP2", LNX },
	{ 0x0c, 2, EC_READ,   "PORT_CTRL", EC_HOST_RW(PORT_CTRL), .rsvdp = EC_OTHERS16(PORT_CTRL), LNX },
	{ 0x0e, 2, EC_READ,   "PORT_STATUS", .rsvdz = EC_OTHERS16(EC_VC_PORT_STATUS_TABLE), LNX },
	CHANNEL(0, CTRL_FIRST, EC_VC_RES_CTRL_TC),
	MORE(1), MORE(2), MORE(3), MORE(4), MORE(5), MORE(6), MORE(7),
};
/* clang-format on */

static uint32_t channels(const struct ec_cap_at *at)
{
	return 1 + (ec_at_get(at, 4, 4) & 7);
}

static struct ec_reg_table table(const struct ec_cap_at *at)
{
	return (struct ec_reg_table){ rows, 4 + 4 * channels(at) };
}

/* Phases of the largest arbitration table that a capability byte offers. */
static uint32_t phases(uint32_t caps)
{
	if (caps & 0x20)
		return 256;
	if (caps & 0x18)
		return 128;
	if (caps & 0x04)
		return 64;
	return caps & 0x02 ? 32 : 0;
}

static uint32_t later(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/* The registers of all channels, and the arbitration tables wherever they are. */
static uint32_t length(const struct ec_cap_at *at)
{
	uint32_t cap1 = ec_at_get(at, 4, 4), cap2 = ec_at_get(at, 8, 4);
	uint32_t entry_bits = 1u << (cap1 >> 10 & 3);
	uint32_t len = 0x10 + 12 * channels(at);

	if (cap2 >> 24)
		len = later(len, (cap2 >> 24) * 16 + phases(cap2 & 0xff) / 2);
	for (uint32_t i = 0; i < channels(at); i++) {
		uint32_t cap = ec_at_get(at, 0x10 + 12 * i, 4);

		if (cap >> 24)
			len = later(len, (cap >> 24) * 16 + phases(cap & 0xff) * entry_bits / 8);
	}
	return len;
}

#define RULE "16 + 12 x virtual channels, and the arbitration tables"
/* PORT_CAP1, PORT_CAP2, and the capability register of each channel */
#define PROBE 0x02492496u

const struct ec_cap ec_cap_vc = {
	EC_EXT(0x02, "VC", "Virtual Channel", EC_READ, 0x1c, RULE, EC_SRC_LINUX),
	.probe = PROBE,
	.length = length,
	.table = table,
};

const struct ec_cap ec_cap_mfvc = {
	EC_EXT(0x08, "MFVC", "Multi-Function Virtual Channel", EC_HIDE, 0x1c, RULE, EC_SRC_VFIO),
	.probe = PROBE,
	.length = length,
	.table = table,
};

const struct ec_cap ec_cap_vc2 = {
	EC_EXT(0x09, "VC2", "Virtual Channel (with MFVC)", EC_HIDE, 0x1c, RULE, EC_SRC_LINUX),
	.probe = PROBE,
	.length = length,
	.table = table,
};
