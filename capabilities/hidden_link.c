/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The physical link: 0x0019, Secondary PCI Express (8 GT/s); 0x0025, Data Link Feature; 0x0026,
 * 0x002a and 0x0031, 16, 32 and 64 GT/s; 0x0027, Lane Margining; 0x0032, Flit Logging; 0x0034, Flit
 * Error Injection. host: the link is the host's.
 */
#include "capabilities/table.h"

#define SRC .source = EC_SRC_PCIUTILS
#define LNX .source = EC_SRC_LINUX
#define STD .source = EC_SRC_STANDARD

/* clang-format off */
#define LANE2(n) \
	{ 0x0c + 2 * n, 2, EC_READ, "LANE" #n "_EQ", LNX }
#define LANE1(n) \
	{ 0x20 + n, 1, EC_READ, "LANE" #n "_EQ", LNX }
#define MARGIN(n) \
	{ 0x08 + 4 * n, 2, EC_READ, "LANE" #n "_CTRL", EC_HOST_RW(EC_OTHERS16(EC_LMR_RSVD)), .rsvdp = EC_LMR_RSVD, .reset = EC_LMR_NO_COMMAND, STD }, \
	{ 0x0a + 4 * n, 2, EC_READ, "LANE" #n "_STATUS", .rsvdz = EC_LMR_RSVD, STD }

#define LNKCTL3 \
	(PCI_SEC_LNKCTL3_PERFORM_LINK_EQU | PCI_SEC_LNKCTL3_LNK_EQU_REQ_INTR_EN | EC_SEC_LNKCTL3_LOWER_SKP)

static const struct ec_reg secpci_rows[] = {
	{ 0x04, 4, EC_READ,   "LNKCTL3", EC_HOST_RW(LNKCTL3), .rsvdp = EC_OTHERS32(LNKCTL3), SRC },
	{ 0x08, 4, EC_READ,   "LANE_ERROR", EC_HOST_W1C(EC_ALL32), SRC },
	EC_TIMES_32(LANE2),
};

static const struct ec_reg dlf_rows[] = {
	{ 0x04, 4, EC_READ,   "CAP", EC_HOST_RW(EC_DLF_CAP_EXCHANGE), .rsvdp = EC_OTHERS32(EC_DLF_CAP_EXCHANGE | EC_DLF_CAP_LOCAL), LNX },
	{ 0x08, 4, EC_READ,   "STATUS", .rsvdz = EC_OTHERS32(EC_DLF_STS_VALID | EC_DLF_STS_REMOTE), STD },
};

#define STATUS16 (EC_GT_STS_EQU | EC_GT_STS_EQU_REQ)
#define STATUS32 (STATUS16 | EC_GT32_STS_MORE)
#define STATUS64 (STATUS16 | EC_GT64_STS_MORE)

static const struct ec_reg gt16_rows[] = {
	{ 0x04, 4, EC_FREEZE, "CAP", SRC },
	{ 0x08, 4, EC_READ,   "CTRL", .rsvdp = EC_ALL32, SRC },
	{ 0x0c, 4, EC_READ,   "STATUS", EC_HOST_W1C(EC_GT_STS_EQU_REQ), .rsvdz = EC_OTHERS32(STATUS16), SRC },
	{ 0x10, 4, EC_READ,   "LOCAL_PARITY", EC_HOST_W1C(EC_ALL32), SRC },
	{ 0x14, 4, EC_READ,   "RETIMER1_PARITY", EC_HOST_W1C(EC_ALL32), SRC },
	{ 0x18, 4, EC_READ,   "RETIMER2_PARITY", EC_HOST_W1C(EC_ALL32), SRC },
	EC_TIMES_32(LANE1),
};

#define CTRL32 (EC_GT32_CTRL_BYPASS_DIS | EC_GT32_CTRL_NO_EQU_DIS | EC_GT32_CTRL_TS_USAGE)

static const struct ec_reg gt32_rows[] = {
	{ 0x04, 4, EC_FREEZE, "CAP", SRC },
	{ 0x08, 4, EC_READ,   "CTRL", EC_HOST_RW(CTRL32), .rsvdp = EC_OTHERS32(CTRL32), SRC },
	{ 0x0c, 4, EC_READ,   "STATUS", EC_HOST_W1C(EC_GT_STS_EQU_REQ), .rsvdz = EC_OTHERS32(STATUS32), SRC },
	{ 0x10, 4, EC_READ,   "RECEIVED_TS1", SRC },
	{ 0x14, 4, EC_READ,   "RECEIVED_TS2", SRC },
	{ 0x18, 4, EC_READ,   "SENT_TS1", SRC },
	{ 0x1c, 4, EC_READ,   "SENT_TS2", SRC },
	EC_TIMES_32(LANE1),
};

static const struct ec_reg gt64_rows[] = {
	{ 0x04, 4, EC_FREEZE, "CAP", SRC },
	{ 0x08, 4, EC_READ,   "CTRL", .rsvdp = EC_ALL32, SRC },
	{ 0x0c, 4, EC_READ,   "STATUS", EC_HOST_W1C(EC_GT_STS_EQU_REQ), .rsvdz = EC_OTHERS32(STATUS64), SRC },
	EC_TIMES_32(LANE1),
};

static const struct ec_reg margin_rows[] = {
	{ 0x04, 2, EC_FREEZE, "PORT_CAP", SRC },
	{ 0x06, 2, EC_READ,   "PORT_STATUS", SRC },
	EC_TIMES_32(MARGIN),
};

static const struct ec_reg log_rows[] = {
	{ 0x04, 4, EC_READ,   "ERROR_LOG1", EC_HOST_W1C(EC_FLIT_LOG_VALID), SRC },
	{ 0x08, 4, EC_READ,   "ERROR_LOG2", SRC },
	{ 0x0c, 2, EC_READ,   "COUNTER_CTRL", EC_HOST_RW(EC_FLIT_COUNTER_CTRL), .rsvdp = EC_OTHERS16(EC_FLIT_COUNTER_CTRL), SRC },
	{ 0x0e, 2, EC_READ,   "COUNTER_STATUS", SRC },
	{ 0x10, 4, EC_READ,   "FBER_CTRL", EC_HOST_RW(EC_FLIT_FBER_CTRL), .rsvdp = EC_OTHERS32(EC_FLIT_FBER_CTRL), SRC },
	{ 0x14, 4, EC_READ,   "FBER_STATUS1", SRC },
	{ 0x18, 4, EC_READ,   "FBER_STATUS2", SRC },
	{ 0x1c, 4, EC_READ,   "FBER_STATUS3", SRC },
	{ 0x20, 4, EC_READ,   "FBER_STATUS4", SRC },
	{ 0x24, 4, EC_READ,   "FBER_STATUS5", SRC },
	{ 0x28, 4, EC_READ,   "FBER_STATUS6", SRC },
	{ 0x2c, 4, EC_READ,   "FBER_STATUS7", SRC },
	{ 0x30, 4, EC_READ,   "FBER_STATUS8", SRC },
	{ 0x34, 4, EC_READ,   "FBER_STATUS9", SRC },
	{ 0x38, 4, EC_READ,   "FBER_STATUS10", SRC },
};

static const struct ec_reg inject_rows[] = {
	{ 0x04, 4, EC_FREEZE, "CAP", SRC },
	{ 0x08, 4, EC_READ,   "CTRL1", EC_HOST_RW(EC_OTHERS32(EC_FLIT_EI_CTRL1_RSVD)), .rsvdp = EC_FLIT_EI_CTRL1_RSVD, SRC },
	{ 0x0c, 4, EC_READ,   "CTRL2", EC_HOST_RW(EC_FLIT_EI_CTRL2), .rsvdp = EC_OTHERS32(EC_FLIT_EI_CTRL2), SRC },
	{ 0x10, 4, EC_READ,   "STATUS", SRC },
	{ 0x14, 4, EC_READ,   "ORDERED_CTRL1", EC_HOST_RW(EC_FLIT_EI_ORDERED_CTRL1), .rsvdp = EC_OTHERS32(EC_FLIT_EI_ORDERED_CTRL1), SRC },
	{ 0x18, 4, EC_READ,   "ORDERED_CTRL2", EC_HOST_RW(EC_ALL32), SRC },
	{ 0x1c, 4, EC_READ,   "ORDERED_TX_STATUS", SRC },
	{ 0x20, 4, EC_READ,   "ORDERED_RX_STATUS", SRC },
};
/* clang-format on */

static uint32_t secpci_length(const struct ec_cap_at *at)
{
	return ec_lane_bytes(at, 12, 2);
}

static uint32_t gt_length(const struct ec_cap_at *at)
{
	return ec_lane_bytes(at, 32, 1);
}

static uint32_t margin_length(const struct ec_cap_at *at)
{
	return ec_lane_bytes(at, 8, 4);
}

#define GT_RULE "32 + 1 a lane, in dwords"

const struct ec_cap ec_cap_secpci = {
	EC_EXT(0x19, "SECPCI", "Secondary PCI Express", EC_HIDE, 12, "12 + 2 a lane, in dwords",
	       EC_SRC_LINUX),
	.length = secpci_length,
	.rows = EC_ROWS(secpci_rows),
};

const struct ec_cap ec_cap_dlf = {
	EC_EXT(0x25, "DLF", "Data Link Feature", EC_HIDE, 12, "12", EC_SRC_LINUX),
	.rows = EC_ROWS(dlf_rows),
};

const struct ec_cap ec_cap_16gt = {
	EC_EXT(0x26, "16GT", "Physical Layer 16.0 GT/s", EC_HIDE, 32, GT_RULE, EC_SRC_LINUX),
	.length = gt_length,
	.rows = EC_ROWS(gt16_rows),
};

const struct ec_cap ec_cap_margin = {
	EC_EXT(0x27, "LMR", "Lane Margining at the Receiver", EC_HIDE, 8, "8 + 4 a lane",
	       EC_SRC_PCIUTILS),
	.length = margin_length,
	.rows = EC_ROWS(margin_rows),
};

const struct ec_cap ec_cap_32gt = {
	EC_EXT(0x2a, "32GT", "Physical Layer 32.0 GT/s", EC_HIDE, 32, GT_RULE, EC_SRC_LINUX),
	.length = gt_length,
	.rows = EC_ROWS(gt32_rows),
};

const struct ec_cap ec_cap_64gt = {
	EC_EXT(0x31, "64GT", "Physical Layer 64.0 GT/s", EC_HIDE, 16, GT_RULE, EC_SRC_LINUX),
	.length = gt_length,
	.rows = EC_ROWS(gt64_rows),
};

const struct ec_cap ec_cap_flit_log = {
	EC_EXT(0x32, "FLIT-LOG", "Flit Logging", EC_HIDE, 60, "60", EC_SRC_PCIUTILS),
	.rows = EC_ROWS(log_rows),
};

const struct ec_cap ec_cap_flit_inject = {
	EC_EXT(0x34, "FLIT-EI", "Flit Error Injection", EC_HIDE, 36, "36", EC_SRC_PCIUTILS),
	.rows = EC_ROWS(inject_rows),
};
