/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Power and time: 0x0016, DPA; 0x0018, LTR; 0x001e, L1 PM substates; 0x001f, PTM; 0x0021 and
 * 0x0022, readiness. host: both ends of a link must agree on these, and the other end is the
 * host's.
 */
#include "capabilities/table.h"

#define LNX .source = EC_SRC_LINUX
#define STD .source = EC_SRC_STANDARD

/* clang-format off */
#define SUBSTATE(n) \
	{ 0x10 + n, 1, EC_FREEZE, "POWER" #n, LNX }
#define DPA_STATUS (EC_DPA_SUBSTATE | EC_DPA_STATUS_CTRL_EN)

static const struct ec_reg dpa_rows[] = {
	{ 0x04, 4, EC_FREEZE, "CAP", LNX },
	{ 0x08, 4, EC_FREEZE, "LATENCY", STD },
	{ 0x0c, 2, EC_READ,   "STATUS", EC_HOST_W1C(EC_DPA_STATUS_CTRL_EN), .rsvdz = EC_OTHERS16(DPA_STATUS), STD },
	{ 0x0e, 2, EC_READ,   "CTRL", EC_HOST_RW(EC_DPA_SUBSTATE), .rsvdp = EC_OTHERS16(EC_DPA_SUBSTATE), STD },
	EC_TIMES_32(SUBSTATE),
};

/* Writes stay in the guest's copy: the limits are those of the host's root complex. */
#define LATENCY (PCI_LTR_VALUE_MASK | PCI_LTR_SCALE_MASK << PCI_LTR_SCALE_SHIFT)

static const struct ec_reg ltr_rows[] = {
	{ 0x04, 2, EC_EMULATE, "MAX_SNOOP", EC_HOST_RW(LATENCY), .rsvdp = EC_OTHERS16(LATENCY), .lost = EC_LOST_SETUP, LNX },
	{ 0x06, 2, EC_EMULATE, "MAX_NOSNOOP", EC_HOST_RW(LATENCY), .rsvdp = EC_OTHERS16(LATENCY), .lost = EC_LOST_SETUP, LNX },
};

#define L1SS_CTRL1 \
	(PCI_L1PM_SUBSTAT_CTL1_PM_L12 | PCI_L1PM_SUBSTAT_CTL1_PM_L11 | PCI_L1PM_SUBSTAT_CTL1_ASPM_L12 | \
	 PCI_L1PM_SUBSTAT_CTL1_ASPM_L11 | EC_L1PM_CTL1_CM_RESTORE | EC_L1PM_CTL1_THRESHOLD)

static const struct ec_reg l1ss_rows[] = {
	{ 0x04, 4, EC_FREEZE, "CAP", LNX },
	{ 0x08, 4, EC_READ,   "CTRL1", EC_HOST_RW(L1SS_CTRL1), .rsvdp = EC_OTHERS32(L1SS_CTRL1), LNX },
	{ 0x0c, 4, EC_READ,   "CTRL2", EC_HOST_RW(EC_L1PM_CTL2_T_POWER_ON), .rsvdp = EC_OTHERS32(EC_L1PM_CTL2_T_POWER_ON), LNX },
	{ 0x10, 4, EC_READ,   "STATUS", EC_HOST_W1C(EC_L1PM_STS_LINK_ACT), .rsvdz = EC_OTHERS32(EC_L1PM_STS_LINK_ACT), STD },
};

#define PTM_CTRL (EC_PTM_CTRL_ENABLE | EC_PTM_CTRL_ROOT | EC_PTM_CTRL_GRANULARITY)

static const struct ec_reg ptm_rows[] = {
	{ 0x04, 4, EC_FREEZE, "CAP", LNX },
	{ 0x08, 4, EC_READ,   "CTRL", EC_HOST_RW(PTM_CTRL), .rsvdp = EC_OTHERS32(PTM_CTRL), .source = EC_SRC_LSPCI },
};

/* A write to the queue removes its oldest message. */
#define FRS_STATUS (EC_FRS_STATUS_RECEIVED | EC_FRS_STATUS_OVERFLOW)

static const struct ec_reg frs_rows[] = {
	{ 0x04, 4, EC_FREEZE, "CAP", STD },
	{ 0x08, 2, EC_READ,   "STATUS", EC_HOST_W1C(FRS_STATUS), .rsvdz = EC_OTHERS16(FRS_STATUS), STD },
	{ 0x0a, 2, EC_READ,   "CTRL", EC_HOST_RW(EC_FRS_CTRL_INT), .rsvdp = EC_OTHERS16(EC_FRS_CTRL_INT), STD },
	{ 0x0c, 4, EC_READ,   "QUEUE", EC_HOST_RW(EC_ALL32), .exact = true, STD },
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
