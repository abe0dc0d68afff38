/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Power and time: 0x0016, DPA; 0x0018, LTR; 0x001e, L1 PM substates; 0x001f, PTM; 0x0021 and
 * 0x0022, readiness. What both ends of a link must agree on is the host's.
 */
#include "capabilities/table.h"

#define LNX .source = EC_SRC_LINUX
#define STD .source = EC_SRC_STANDARD

/* clang-format off */
#define SUBSTATE(n) \
	{ 0x10 + n, 1, EC_FREEZE, "POWER" #n, LNX }

static const struct ec_reg dpa_rows[] = {
	{ 0x04, 4, EC_FREEZE, "CAP", LNX },
	{ 0x08, 4, EC_FREEZE, "LATENCY", STD },
	{ 0x0c, 2, EC_READ,   "STATUS", EC_HOST_W1C(0x0100), .rsvdz = 0xfee0, STD },
	{ 0x0e, 2, EC_READ,   "CTRL", EC_HOST_RW(0x001f), .rsvdp = 0xffe0, STD },
	EC_TIMES_32(SUBSTATE),
};

/* What the guest writes stays with it: the limits are those of the host's root complex. */
static const struct ec_reg ltr_rows[] = {
	{ 0x04, 2, EC_EMULATE, "MAX_SNOOP", .lost = EC_LOST_SETUP, EC_HOST_RW(0x1fff), .rsvdp = 0xe000, LNX },
	{ 0x06, 2, EC_EMULATE, "MAX_NOSNOOP", .lost = EC_LOST_SETUP, EC_HOST_RW(0x1fff), .rsvdp = 0xe000, LNX },
};

static const struct ec_reg l1ss_rows[] = {
	{ 0x04, 4, EC_FREEZE, "CAP", LNX },
	{ 0x08, 4, EC_READ,   "CTRL1", EC_HOST_RW(0xe3ffff0fu), .rsvdp = 0x1c0000f0u, LNX },
	{ 0x0c, 4, EC_READ,   "CTRL2", EC_HOST_RW(0x000000fbu), .rsvdp = 0xffffff04u, LNX },
	{ 0x10, 4, EC_READ,   "STATUS", EC_HOST_W1C(0x1), .rsvdz = 0xfffffffeu, STD },
};

static const struct ec_reg ptm_rows[] = {
	{ 0x04, 4, EC_FREEZE, "CAP", LNX },
	{ 0x08, 4, EC_READ,   "CTRL", EC_HOST_RW(0x0000ff03u), .rsvdp = 0xffff00fcu, .source = EC_SRC_LSPCI },
};

/* A write to the queue takes its oldest message away. */
static const struct ec_reg frs_rows[] = {
	{ 0x04, 4, EC_FREEZE, "CAP", STD },
	{ 0x08, 2, EC_READ,   "STATUS", EC_HOST_W1C(0x0003), .rsvdz = 0xfffc, STD },
	{ 0x0a, 2, EC_READ,   "CTRL", EC_HOST_RW(0x0001), .rsvdp = 0xfffe, STD },
	{ 0x0c, 4, EC_READ,   "QUEUE", EC_HOST_RW(0xffffffffu), .exact = true, STD },
};

static const struct ec_reg rtr_rows[] = {
	{ 0x04, 4, EC_FREEZE, "TIME1", STD },
	{ 0x08, 4, EC_FREEZE, "TIME2", STD },
};
/* clang-format on */

static uint32_t dpa_length(const struct ec_cap_at *at)
{
	return 16 + (ec_at_get(at, 4, 4) & 0x1f) + 1;
}

static uint32_t l1ss_length(const struct ec_cap_at *at)
{
	return at->version >= 2 ? 20 : 16;
}

const struct ec_cap ec_cap_dpa = {
	EC_EXT(0x16, "DPA", "Dynamic Power Allocation", EC_HIDE, 17,
	       "16 + substates (bits 4:0 of the dword at +4) + 1", EC_SRC_VFIO),
	.probe = 1u << 1,
	.length = dpa_length,
	.rows = EC_ROWS(dpa_rows),
};

const struct ec_cap ec_cap_ltr = {
	EC_EXT(0x18, "LTR", "Latency Tolerance Reporting", EC_HIDE, 8, "8", EC_SRC_LINUX),
	.rows = EC_ROWS(ltr_rows),
};

const struct ec_cap ec_cap_l1ss = {
	EC_EXT(0x1e, "L1SS", "L1 PM Substates", EC_HIDE, 16, "16; version 2: 20", EC_SRC_LINUX),
	.length = l1ss_length,
	.rows = EC_ROWS(l1ss_rows),
};

const struct ec_cap ec_cap_ptm = {
	EC_EXT(0x1f, "PTM", "Precision Time Measurement", EC_HIDE, 12, "12", EC_SRC_LINUX),
	.rows = EC_ROWS(ptm_rows),
};

const struct ec_cap ec_cap_frs = {
	EC_EXT(0x21, "FRS", "FRS Queueing", EC_HIDE, 16, "16", EC_SRC_Q35),
	.rows = EC_ROWS(frs_rows),
};

const struct ec_cap ec_cap_rtr = {
	EC_EXT(0x22, "RTR", "Readiness Time Reporting", EC_HIDE, 12, "12", EC_SRC_Q35),
	.rows = EC_ROWS(rtr_rows),
};
