/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 0x10, PCI Express. */
#include "capabilities/express.h"

#include "capabilities/table.h"

#define SRC .source = EC_SRC_PCIUTILS
#define LNX .source = EC_SRC_LINUX
#define PT .source = EC_SRC_XEN_PT

/* clang-format off */
/*
 * Device Control is the guest's copy. Payload size, error reporting and phantom functions are the
 * host's; FLR is an action of the service.
 */
#define DEVCTL_ERRORS \
	(PCI_EXP_DEVCTL_CERE | PCI_EXP_DEVCTL_NFERE | PCI_EXP_DEVCTL_FERE | PCI_EXP_DEVCTL_URRE)
#define DEVCTL_HOST_RW \
	(DEVCTL_ERRORS | PCI_EXP_DEVCTL_PAYLOAD | PCI_EXP_DEVCTL_PHANTOM | PCI_EXP_DEVCTL_AUX_PME)
#define DEVCTL_RW \
	(DEVCTL_HOST_RW | PCI_EXP_DEVCTL_RELAXED | PCI_EXP_DEVCTL_EXT_TAG | PCI_EXP_DEVCTL_NOSNOOP | \
	 PCI_EXP_DEVCTL_READRQ)
#define DEVCTL_RESET (PCI_EXP_DEVCTL_RELAXED | PCI_EXP_DEVCTL_NOSNOOP | EC_EXP_DEVCTL_READRQ_512)
#define DEVSTA_ERRORS \
	(PCI_EXP_DEVSTA_CED | PCI_EXP_DEVSTA_NFED | PCI_EXP_DEVSTA_FED | PCI_EXP_DEVSTA_URD)
#define DEVSTA_BITS (DEVSTA_ERRORS | PCI_EXP_DEVSTA_AUXPD | PCI_EXP_DEVSTA_TRPND)

/* view/topology.c changes FLAGS and the link registers to fit the guest's topology. */
#define DEVICE \
	{ 0x02, 2, EC_FREEZE,  "FLAGS", SRC }, \
	{ 0x04, 4, EC_FREEZE,  "DEVCAP", .clr = PCI_EXP_DEVCAP_PHANTOM, PT }, /* clr: their numbers are not the guest's */ \
	{ 0x08, 2, EC_EMULATE, "DEVCTL", .rw = DEVCTL_RW, .reset = DEVCTL_RESET, .effect = EC_FX_FLR, .fx = PCI_EXP_DEVCTL_FLRESET, \
	  .host = DEVCTL_HOST_RW | PCI_EXP_DEVCTL_FLRESET, .clr = PCI_EXP_DEVCTL_PHANTOM | PCI_EXP_DEVCTL_AUX_PME, .lost = EC_LOST_SETUP, PT }, /* clr: as in DEVCAP; no PME reaches a guest */ \
	{ 0x0a, 2, EC_PASS,    "DEVSTA", .w1c = DEVSTA_ERRORS, .rsvdz = EC_OTHERS16(DEVSTA_BITS), PT }
#define DEVICE2 \
	{ 0x24, 4, EC_FREEZE,  "DEVCAP2", .clr = DEVCAP2_HOST, SRC } /* clr: what DEVCTL2 cannot turn on */
#define DEVCAP2_HOST \
	(PCI_EXP_DEVCAP2_LTR | PCI_EXP_DEVCAP2_10BIT_TAG_REQ | EC_EXP_DEVCAP2_OBFF | EC_EXP_DEVCAP2_EPR)
#define LINK2(clear, sta_w1c) \
	{ 0x2a, 2, EC_FREEZE,  "DEVSTA2", .rsvdz = EC_ALL16, SRC }, \
	{ 0x2c, 4, EC_FREEZE,  "LNKCAP2", SRC }, \
	{ 0x30, 2, EC_EMULATE, "LNKCTL2", .rw = EC_OTHERS16(EC_EXP_LNKCTL2_DEEMPHASIS), .clr = clear, .lost = EC_LOST_SETUP, PT }, \
	{ 0x32, 2, EC_FREEZE,  "LNKSTA2", .w1c = sta_w1c, SRC }

/* host: both ends of a link must agree on these, and the other end is the host's */
#define LNKCTL_BOTH \
	(PCI_EXP_LNKCTL_ASPM | PCI_EXP_LNKCTL_RCB | PCI_EXP_LNKCTL_CLOCK | PCI_EXP_LNKCTL_XSYNCH | \
	 PCI_EXP_LNKCTL_CLOCKPM | PCI_EXP_LNKCTL_HWAUTWD)
#define LNKCTL_PORT \
	(LNKCTL_BOTH | PCI_EXP_LNKCTL_DISABLE | PCI_EXP_LNKCTL_BWMIE | PCI_EXP_LNKCTL_AUTBWIE)
#define LNKSTA_BANDWIDTH (PCI_EXP_LNKSTA_BWMGMT | PCI_EXP_LNKSTA_AUTBW)

/* host, clr: traffic that the host's fabric may not support */
#define DEVCTL2_HOST \
	(PCI_EXP_DEVCTL2_ATOMICOP_REQUESTER_EN | EC_EXP_DEVCTL2_IDO_REQ | EC_EXP_DEVCTL2_IDO_CMP | \
	 PCI_EXP_DEVCTL2_LTR | EC_EXP_DEVCTL2_EPR_REQ | PCI_EXP_DEVCTL2_10BIT_TAG_REQ | EC_EXP_DEVCTL2_OBFF)
#define DEVCTL2_RW (DEVCTL2_HOST | EC_EXP_DEVCTL2_TIMEOUT | PCI_EXP_DEVCTL2_TIMEOUT_DIS)

static const struct ec_reg endpoint[] = {
	DEVICE,
	{ 0x0c, 4, EC_FREEZE,  "LNKCAP", SRC },
	{ 0x10, 2, EC_EMULATE, "LNKCTL", EC_HOST_RW(LNKCTL_BOTH), .rsvdp = EC_OTHERS16(LNKCTL_BOTH), .lost = EC_LOST_SETUP, PT },
	{ 0x12, 2, EC_FREEZE,  "LNKSTA", .rsvdz = LNKSTA_BANDWIDTH, SRC },
	{ 0x14, 4, EC_HIDE,    "SLTCAP", .rsvdp = EC_ALL32, SRC },
	{ 0x18, 2, EC_HIDE,    "SLTCTL", .rsvdp = EC_ALL16, SRC },
	{ 0x1a, 2, EC_HIDE,    "SLTSTA", .rsvdz = EC_ALL16, SRC },
	{ 0x1c, 2, EC_HIDE,    "RTCTL", .rsvdp = EC_ALL16, SRC },
	{ 0x1e, 2, EC_HIDE,    "RTCAP", .rsvdp = EC_ALL16, SRC },
	{ 0x20, 4, EC_HIDE,    "RTSTA", .rsvdz = EC_ALL32, SRC },
	DEVICE2,
	{ 0x28, 2, EC_EMULATE, "DEVCTL2", .rw = DEVCTL2_RW, .rsvdp = EC_OTHERS16(DEVCTL2_RW),
	  .host = DEVCTL2_HOST, .clr = DEVCTL2_HOST, .lost = EC_LOST_SETUP, PT },
	LINK2(EC_EXP_LNKCTL2_PRESET_3_1 | EC_EXP_LNKCTL2_DEEMPHASIS, PCI_EXP_LINKSTA2_EQU_REQ), /* clr: as xen-pt, whose copy is PCIe 2.0's */
	{ 0x34, 4, EC_HIDE,    "SLTCAP2", .rsvdp = EC_ALL32, SRC },
	{ 0x38, 2, EC_HIDE,    "SLTCTL2", .rsvdp = EC_ALL16, SRC },
	{ 0x3a, 2, EC_HIDE,    "SLTSTA2", .rsvdz = EC_ALL16, SRC },
};

/* host: slot, link and root events of a physical port are the host's */
#define SLTCTL_RW \
	(PCI_EXP_SLTCTL_ATNB | PCI_EXP_SLTCTL_PWRF | PCI_EXP_SLTCTL_MRLS | PCI_EXP_SLTCTL_PRSD | \
	 PCI_EXP_SLTCTL_CMDC | PCI_EXP_SLTCTL_HPIE | PCI_EXP_SLTCTL_ATNI | PCI_EXP_SLTCTL_PWRI | \
	 PCI_EXP_SLTCTL_PWRC | PCI_EXP_SLTCTL_LLCHG | EC_EXP_SLTCTL_ASPL_DIS | EC_EXP_SLTCTL_IBPD_DIS)
#define SLTCTL_BITS (SLTCTL_RW | PCI_EXP_SLTCTL_INTERLOCK)
#define SLTSTA_EVENTS \
	(PCI_EXP_SLTSTA_ATNB | PCI_EXP_SLTSTA_PWRF | PCI_EXP_SLTSTA_MRLS | PCI_EXP_SLTSTA_PRSD | \
	 PCI_EXP_SLTSTA_CMDC | PCI_EXP_SLTSTA_LLCHG)
#define SLTSTA_BITS \
	(SLTSTA_EVENTS | PCI_EXP_SLTSTA_MRL_ST | PCI_EXP_SLTSTA_PRES | PCI_EXP_SLTSTA_INTERLOCK)
#define RTCTL_RW \
	(PCI_EXP_RTCTL_SECEE | PCI_EXP_RTCTL_SENFEE | PCI_EXP_RTCTL_SEFEE | PCI_EXP_RTCTL_PMEIE | \
	 PCI_EXP_RTCTL_CRSVIS)
#define RTSTA_BITS \
	(PCI_EXP_RTSTA_PME_REQID | PCI_EXP_RTSTA_PME_STATUS | PCI_EXP_RTSTA_PME_PENDING)

static const struct ec_reg port[] = {
	DEVICE,
	{ 0x0c, 4, EC_FREEZE,  "LNKCAP", SRC },
	{ 0x10, 2, EC_EMULATE, "LNKCTL", EC_HOST_RW(LNKCTL_PORT), .rsvdp = EC_OTHERS16(LNKCTL_PORT | PCI_EXP_LNKCTL_RETRAIN), .lost = EC_LOST_SETUP, SRC },
	{ 0x12, 2, EC_EMULATE, "LNKSTA", EC_HOST_W1C(LNKSTA_BANDWIDTH), SRC },
	{ 0x14, 4, EC_FREEZE,  "SLTCAP", SRC },
	{ 0x18, 2, EC_EMULATE, "SLTCTL", .rw = SLTCTL_RW, .rsvdp = EC_OTHERS16(SLTCTL_BITS),
	  .effect = EC_FX_SLOT, .fx = SLTCTL_BITS, .host = SLTCTL_BITS, LNX },
	{ 0x1a, 2, EC_EMULATE, "SLTSTA", EC_HOST_W1C(SLTSTA_EVENTS), .rsvdz = EC_OTHERS16(SLTSTA_BITS), SRC },
	{ 0x1c, 2, EC_EMULATE, "RTCTL", EC_HOST_RW(RTCTL_RW), .rsvdp = EC_OTHERS16(RTCTL_RW), .effect = EC_FX_ROOT, SRC },
	{ 0x1e, 2, EC_FREEZE,  "RTCAP", SRC },
	{ 0x20, 4, EC_EMULATE, "RTSTA", EC_HOST_W1C(PCI_EXP_RTSTA_PME_STATUS), .rsvdz = EC_OTHERS32(RTSTA_BITS), SRC },
	DEVICE2,
	{ 0x28, 2, EC_EMULATE, "DEVCTL2", EC_HOST_RW(EC_ALL16), .lost = EC_LOST_SETUP, SRC },
	LINK2(0, PCI_EXP_LINKSTA2_EQU_REQ | PCI_EXP_LINKSTA2_DRS_RCVD),
	{ 0x34, 4, EC_FREEZE,  "SLTCAP2", SRC },
	{ 0x38, 2, EC_FREEZE,  "SLTCTL2", .rsvdp = EC_ALL16, SRC },
	{ 0x3a, 2, EC_FREEZE,  "SLTSTA2", .rsvdz = EC_ALL16, SRC },
};
/* clang-format on */

static bool is_port(unsigned int type)
{
	return type >= PCI_EXP_TYPE_ROOT_PORT && type <= PCI_EXP_TYPE_PCIE_BRIDGE;
}

static struct ec_reg_table table(const struct ec_cap_at *at)
{
	return at->header_type == PCI_HEADER_TYPE_BRIDGE ? EC_TABLE(port) : EC_TABLE(endpoint);
}

uint32_t ec_express_length(unsigned int version, unsigned int type, bool slot)
{
	bool integrated = type == PCI_EXP_TYPE_ROOT_INT_EP || type == PCI_EXP_TYPE_ROOT_EC;

	if (version >= 2)
		return integrated ? 0x2c : 0x3c;
	if (type == PCI_EXP_TYPE_ROOT_PORT || type == PCI_EXP_TYPE_ROOT_EC)
		return 0x24;
	if (is_port(type) && slot)
		return 0x1c;
	return integrated ? 0x0c : 0x14;
}

static uint32_t length(const struct ec_cap_at *at)
{
	uint32_t flags = ec_at_get(at, PCI_EXP_FLAGS, 2);

	return ec_express_length(flags & PCI_EXP_FLAGS_VERS, (flags & PCI_EXP_FLAGS_TYPE) >> 4,
				 flags & PCI_EXP_FLAGS_SLOT);
}

const struct ec_cap ec_cap_express = {
	.id = PCI_CAP_ID_EXP,
	.treatment = EC_EMULATE,
	.once = true,
	.least = 0x0c,
	.name = "EXP",
	.title = "PCI Express",
	.length_text = "version 1: 20, integrated 12, with slot 28, root port 36; version 2: 60, "
		       "integrated 44",
	/* LNKCAP and DEVCAP2: other lengths depend on the lanes and on TLP prefixes */
	.probe = 1u << 1 | 1u << 3 | 1u << 9,
	.length = length,
	.table = table,
	.source = EC_SRC_VFIO,
};
