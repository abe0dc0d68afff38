/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Extended capabilities without a public definition of their registers. */
#include "capabilities/table.h"

/* The length is public, or may be all the room. */
#define FIXED(n, nm, l, ttl, src)                                                                  \
	{                                                                                          \
		EC_EXT(n, nm, ttl, EC_HIDE, l, #l, src)                                            \
	}
#define NAMED(n, nm, ttl, src)                                                                     \
	{                                                                                          \
		EC_EXT(n, nm, ttl, EC_HIDE, 4, "unknown: all its room", src),                      \
			.length = ec_length_room                                                   \
	}

/* clang-format off */
const struct ec_cap ec_caps_hidden_ext[] = {
	FIXED(0x00, "NULL",      4, "Null Capability", EC_SRC_PCIUTILS),
	NAMED(0x11, "MR-IOV",   "Multi-Root I/O Virtualization", EC_SRC_PCIUTILS),
	NAMED(0x14, "AMD",      "Reserved for AMD", EC_SRC_LINUX),
	FIXED(0x1c, "LNR",       8, "LN Requester", EC_SRC_Q35),
	FIXED(0x20, "M-PCIE",   28, "PCI Express over M-PHY", EC_SRC_Q35),
	NAMED(0x28, "HIER-ID",  "Hierarchy ID", EC_SRC_PCIUTILS),
	NAMED(0x2b, "ALT-PROT", "Alternate Protocol", EC_SRC_PCIUTILS),
	NAMED(0x2c, "SFI",      "System Firmware Intermediary", EC_SRC_PCIUTILS),
	NAMED(0x2d, "SF",       "Shadow Functions", "name only: no public header has it"),
	NAMED(0x33, "FLIT-PM",  "Flit Performance Measurement", EC_SRC_PCIUTILS),
	NAMED(0x35, "SVC",      "Streamlined Virtual Channel", EC_SRC_PCIUTILS),
	NAMED(0x37, "NOP-FLIT", "NOP Flit", EC_SRC_PCIUTILS),
	NAMED(0x38, "SIOV",     "Scalable I/O Virtualization", EC_SRC_PCIUTILS),
	NAMED(0x39, "128GT",    "Physical Layer 128.0 GT/s", EC_SRC_PCIUTILS),
	NAMED(0x3a, "CAPT-D",   "Captured Data", EC_SRC_PCIUTILS),
};
/* clang-format on */
const unsigned int ec_caps_hidden_ext_n = EC_ARRAY_SIZE(ec_caps_hidden_ext);
