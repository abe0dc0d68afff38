/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A device for each example of policy/examples: capabilities at the offsets of such devices, with
 * the registers of the standard. Written by hand, not dumps of devices.
 */
#ifndef EC_TESTS_DEVICES_H
#define EC_TESTS_DEVICES_H

#include <stdint.h>

struct device_put {
	uint16_t offset; /* 0: the last */
	uint8_t len;
	uint32_t value;
};

struct device_cap {
	uint16_t offset; /* 0: the last */
	uint8_t version; /* of an extended one */
	uint16_t id;
};

struct device {
	const char *title;
	uint32_t ids, class_revision, subsystem;
	uint16_t express; /* offset of PCI Express, 0: none */
	uint8_t version;  /* of it */
	uint8_t type;     /* PCI_EXP_TYPE_* */
	struct device_cap std[8], ext[12];
	struct device_put put[40];
};

/* clang-format off */
static const struct device devices[] = {
	{ "00:02.0 VGA compatible controller: an integrated graphics device (rev 01)\n"
	  "\tRegion 0: Memory at 6000000000 (64-bit, non-prefetchable) [size=16M]\n"
	  "\tRegion 2: Memory at 4000000000 (64-bit, prefetchable) [size=256M]\n"
	  "\tRegion 4: I/O ports at 5000 [size=64]\n"
	  "\tExpansion ROM at 000c0000 [virtual] [disabled] [size=128K]\n",
	  0x9a498086, 0x03000001, 0x00108086, 0x70, 2, 0x9,
	  { { 0x40, 0, 0x09 }, { 0xac, 0, 0x05 }, { 0xd0, 0, 0x01 } },
	  { { 0x100, 1, 0x1b }, { 0x200, 1, 0x0f }, { 0x300, 1, 0x13 } },
	  { { 0x10, 4, 0x00000004 }, { 0x14, 4, 0x60 }, { 0x18, 4, 0x0000000c }, { 0x1c, 4, 0x40 },
	    { 0x20, 4, 0x00005001 }, { 0x3d, 1, 1 },
	    { 0x42, 1, 0x0c }, { 0x44, 4, 0x12345678 }, { 0x50, 2, 0x02c1 },
	    { 0xd2, 2, 0x0003 }, { 0xc0, 4, 0x7c800001 }, { 0xfc, 4, 0x7b4a3018 },
	    { 0x104, 2, 0x1402 }, { 0x204, 2, 0x0060 }, { 0x308, 4, 0x8000 } } },
	{ "03:00.0 Non-Volatile memory controller: a disk (rev 01)\n"
	  "\tRegion 0: Memory at fd800000 (64-bit, non-prefetchable) [size=16K]\n",
	  0xa80a144d, 0x01080201, 0xa801144d, 0x70, 2, 0x0,
	  { { 0x40, 0, 0x01 }, { 0x50, 0, 0x05 }, { 0xb0, 0, 0x11 } },
	  { { 0x100, 2, 0x01 }, { 0x148, 1, 0x03 }, { 0x158, 1, 0x04 }, { 0x168, 1, 0x19 },
	    { 0x188, 1, 0x26 }, { 0x1ac, 1, 0x27 }, { 0x1c4, 1, 0x18 }, { 0x1cc, 1, 0x1e } },
	  { { 0x10, 4, 0xfd800004 }, { 0x3d, 1, 1 }, { 0x42, 2, 0x0003 }, { 0x52, 2, 0x018a },
	    { 0xb2, 2, 0x0081 }, { 0xb4, 4, 0x00003000 }, { 0xb8, 4, 0x00002000 },
	    { 0x10c, 4, 0x00462030 }, { 0x114, 4, 0x0000e000 }, { 0x118, 4, 0x000000a0 },
	    { 0x14c, 4, 0x5a81b2c3 }, { 0x150, 4, 0x00253851 }, { 0x194, 4, 0x0f },
	    { 0x1c8, 4, 0x10031003 }, { 0x1d0, 4, 0x0028281f }, { 0x1d4, 4, 0x0000280f } } },
	{ "04:10.0 Ethernet controller [0200]: a virtual function [8086:154c] (rev 02)\n",
	  0xffffffff, 0x02000002, 0x00008086, 0xa0, 2, 0x0,
	  { { 0x70, 0, 0x11 } },
	  { { 0x100, 2, 0x01 }, { 0x150, 1, 0x0e }, { 0x1a0, 1, 0x17 }, { 0x1d0, 1, 0x0d } },
	  { { 0x72, 2, 0x0004 }, { 0x74, 4, 0x00000003 }, { 0x78, 4, 0x00002003 },
	    { 0x10c, 4, 0x00462030 }, { 0x1a4, 4, 0x00000005 } } },
	{ "05:00.0 Network controller: a wireless card with windows onto its own bus (rev 01)\n"
	  "\tRegion 0: Memory at f7400000 (64-bit, non-prefetchable) [size=16K]\n",
	  0x432b14e4, 0x02800001, 0x008d106b, 0xd0, 1, 0x1,
	  { { 0x40, 0, 0x01 }, { 0x58, 0, 0x09 }, { 0xe8, 0, 0x05 } },
	  { { 0x100, 1, 0x01 }, { 0x13c, 1, 0x02 }, { 0x160, 1, 0x03 } },
	  { { 0x10, 4, 0xf7400004 }, { 0x3d, 1, 1 }, { 0x42, 2, 0xce03 }, { 0x5a, 1, 0x78 },
	    { 0x80, 4, 0x18001000 }, { 0xac, 4, 0x18002000 }, { 0xea, 2, 0x0080 },
	    { 0x10c, 4, 0x00062011 }, { 0x164, 4, 0xff4ab2c3 }, { 0x168, 4, 0x001f5bff } } },
	{ "0a:00.0 VGA compatible controller: a graphics card (rev a1)\n"
	  "\tRegion 0: Memory at f6000000 (32-bit, non-prefetchable) [size=16M]\n"
	  "\tRegion 1: Memory at 38000000000 (64-bit, prefetchable) [size=256M]\n"
	  "\tRegion 3: Memory at 38010000000 (64-bit, prefetchable) [size=32M]\n"
	  "\tRegion 5: I/O ports at e000 [size=128]\n"
	  "\tExpansion ROM at f7000000 [disabled] [size=512K]\n",
	  0x220410de, 0x030000a1, 0x147d10de, 0x78, 2, 0x1,
	  { { 0x60, 0, 0x01 }, { 0x68, 0, 0x05 }, { 0xb4, 0, 0x09 } },
	  { { 0x100, 1, 0x02 }, { 0x128, 1, 0x04 }, { 0x250, 1, 0x18 }, { 0x258, 1, 0x1e },
	    { 0x420, 2, 0x01 }, { 0x600, 1, 0x0b }, { 0x900, 1, 0x19 }, { 0xbb0, 1, 0x15 },
	    { 0xc1c, 1, 0x26 }, { 0xd00, 1, 0x27 } },
	  { { 0x10, 4, 0xf6000000 }, { 0x14, 4, 0x0000000c }, { 0x18, 4, 0x380 }, { 0x1c, 4, 0x1000000c },
	    { 0x20, 4, 0x380 }, { 0x24, 4, 0x0000e001 }, { 0x30, 4, 0xf7000000 }, { 0x3d, 1, 1 },
	    { 0x0e, 1, 0x80 }, { 0x62, 2, 0x4803 }, { 0x64, 2, 0x0008 }, { 0x6a, 2, 0x0080 },
	    { 0xb6, 1, 0x14 }, { 0xb8, 4, 0x00000001 },
	    { 0x254, 4, 0x10031003 }, { 0x25c, 4, 0x0028ff1f }, { 0x42c, 4, 0x00462030 },
	    { 0x438, 4, 0x000000a0 }, { 0x604, 4, 0x02010001 },
	    { 0xbb4, 4, 0x007fffc0 }, { 0xbb8, 4, 0x00000821 }, { 0xc28, 4, 0x0000000f } } },
	{ "0a:00.1 Audio device: of the graphics card (rev a1)\n"
	  "\tRegion 0: Memory at f7080000 (32-bit, non-prefetchable) [size=16K]\n",
	  0x1aef10de, 0x040300a1, 0x147d10de, 0x78, 2, 0x0,
	  { { 0x60, 0, 0x01 }, { 0x68, 0, 0x05 } },
	  { { 0x100, 2, 0x01 }, { 0x160, 1, 0x25 } },
	  { { 0x10, 4, 0xf7080000 }, { 0x3d, 1, 2 }, { 0x0e, 1, 0x80 }, { 0x62, 2, 0x0003 },
	    { 0x64, 2, 0x0008 }, { 0x6a, 2, 0x0080 }, { 0x10c, 4, 0x00462030 } } },
};
/* clang-format on */

#endif
