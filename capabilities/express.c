/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 0x10, PCI Express. */
#include "capabilities/express.h"

#include "capabilities/table.h"

/* clang-format off */
/*
 * Device Control is the guest's own shadow: payload size, error reporting and reset of the device
 * are the host's. What a topology makes of FLAGS and the link registers is view/topology.c's.
 */
#define SRC .source = EC_SRC_PCIUTILS
#define LNX .source = EC_SRC_LINUX
#define PT .source = EC_SRC_XEN_PT
#define DEVICE \
	{ 0x02, 2, EC_FREEZE,  "FLAGS", SRC }, \
	{ 0x04, 4, EC_FREEZE,  "DEVCAP", .clr = 0x00000018, PT }, \
	{ 0x08, 2, EC_EMULATE, "DEVCTL", .lost = EC_LOST_SETUP, .rw = 0x7fff, .reset = 0x2810, .effect = EC_FX_FLR, .fx = 0x8000, \
	  .host = 0x86ef, .clr = 0x0400, PT }, \
	{ 0x0a, 2, EC_PASS,    "DEVSTA", .w1c = 0x000f, .rsvdz = 0xffc0, PT }
#define DEVICE2 \
	{ 0x24, 4, EC_FREEZE,  "DEVCAP2", SRC }
#define LINK2(clear, sta_w1c) \
	{ 0x2a, 2, EC_FREEZE,  "DEVSTA2", .rsvdz = 0xffff, SRC }, \
	{ 0x2c, 4, EC_FREEZE,  "LNKCAP2", SRC }, \
	{ 0x30, 2, EC_EMULATE, "LNKCTL2", .lost = EC_LOST_SETUP, .rw = 0xffbf, .clr = clear, PT }, \
	{ 0x32, 2, EC_FREEZE,  "LNKSTA2", .w1c = sta_w1c, SRC }

static const struct ec_reg endpoint[] = {
	DEVICE,
	{ 0x0c, 4, EC_FREEZE,  "LNKCAP", SRC },
	{ 0x10, 2, EC_EMULATE, "LNKCTL", .lost = EC_LOST_SETUP, .rw = 0x03cb, .rsvdp = 0xfc34, .host = 0x03cb, PT },
	{ 0x12, 2, EC_FREEZE,  "LNKSTA", .rsvdz = 0xc000, SRC },
	{ 0x14, 4, EC_HIDE,    "SLTCAP", .rsvdp = 0xffffffffu, SRC },
	{ 0x18, 2, EC_HIDE,    "SLTCTL", .rsvdp = 0xffff, SRC },
	{ 0x1a, 2, EC_HIDE,    "SLTSTA", .rsvdz = 0xffff, SRC },
	{ 0x1c, 2, EC_HIDE,    "RTCTL", .rsvdp = 0xffff, SRC },
	{ 0x1e, 2, EC_HIDE,    "RTCAP", .rsvdp = 0xffff, SRC },
	{ 0x20, 4, EC_HIDE,    "RTSTA", .rsvdz = 0xffffffffu, SRC },
	DEVICE2,
	{ 0x28, 2, EC_EMULATE, "DEVCTL2", .lost = EC_LOST_SETUP, .rw = 0x7f5f, .rsvdp = 0x80a0, .host = 0x7f40, .clr = 0x7f40, PT },
	LINK2(0xe040, 0x0020),
	{ 0x34, 4, EC_HIDE,    "SLTCAP2", .rsvdp = 0xffffffffu, SRC },
	{ 0x38, 2, EC_HIDE,    "SLTCTL2", .rsvdp = 0xffff, SRC },
	{ 0x3a, 2, EC_HIDE,    "SLTSTA2", .rsvdz = 0xffff, SRC },
};

static const struct ec_reg port[] = {
	DEVICE,
	{ 0x0c, 4, EC_FREEZE,  "LNKCAP", SRC },
	{ 0x10, 2, EC_EMULATE, "LNKCTL", .lost = EC_LOST_SETUP, .rw = 0x0fdb, .rsvdp = 0xf004, .host = 0x0fdb, SRC },
	{ 0x12, 2, EC_EMULATE, "LNKSTA", .w1c = 0xc000, .host = 0xc000, SRC },
	{ 0x14, 4, EC_FREEZE,  "SLTCAP", SRC },
	{ 0x18, 2, EC_EMULATE, "SLTCTL", .rw = 0x77ff, .rsvdp = 0x8000, .effect = EC_FX_SLOT, .fx = 0x7fff, .host = 0x7fff, LNX },
	{ 0x1a, 2, EC_EMULATE, "SLTSTA", .w1c = 0x011f, .rsvdz = 0xfe00, .host = 0x011f, SRC },
	{ 0x1c, 2, EC_EMULATE, "RTCTL", .rw = 0x001f, .rsvdp = 0xffe0, .effect = EC_FX_ROOT, .host = 0x001f, SRC },
	{ 0x1e, 2, EC_FREEZE,  "RTCAP", SRC },
	{ 0x20, 4, EC_EMULATE, "RTSTA", .w1c = 0x00010000, .rsvdz = 0xfffc0000u, .host = 0x00010000, SRC },
	DEVICE2,
	{ 0x28, 2, EC_EMULATE, "DEVCTL2", .lost = EC_LOST_SETUP, .rw = 0xffff, .host = 0xffff, SRC },
	LINK2(0, 0x8020),
	{ 0x34, 4, EC_FREEZE,  "SLTCAP2", SRC },
	{ 0x38, 2, EC_FREEZE,  "SLTCTL2", .rsvdp = 0xffff, SRC },
	{ 0x3a, 2, EC_FREEZE,  "SLTSTA2", .rsvdz = 0xffff, SRC },
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
	.probe = 1u << 1 | 1u << 3, /* the lanes tell the length of others */
	.length = length,
	.table = table,
	.source = EC_SRC_VFIO,
};
