/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bits and offsets that <pci/header.h> does not define and that more than one folder uses.
 */
#ifndef EC_CORE_PCI_BITS_H
#define EC_CORE_PCI_BITS_H

/** The first offsets of a standard and of an extended capability, where the former end. */
#define EC_STD_FIRST 0x40u
#define EC_EXT_FIRST 0x100u

/** The version in an extended capability's header: id 15:0, version 19:16, next offset 31:20. */
#define EC_EXT_CAP_VERSION(header) ((header) >> 16 & 0xf)

/** A dword of an absent function. The ids of a virtual function read so, too. */
#define EC_ABSENT 0xffffffffu

/** The layout in PCI_HEADER_TYPE; the other bit is the multi-function bit. */
#define EC_HEADER_TYPE_MASK 0x7fu
#define EC_HEADER_TYPE_MULTI 0x80u

/** Address bits of a BAR's dword; header.h has them as 64-bit masks. */
#define EC_BAR_IO_MASK 0xfffffffcu
#define EC_BAR_MEM_MASK 0xfffffff0u
#define EC_BAR_ROM_MASK 0xfffff800u

/** Primary, secondary and subordinate bus number in the dword at PCI_PRIMARY_BUS. */
#define EC_BUS_NUMBERS_MASK 0x00ffffffu

/**
 * PCIEXBAR of a Q35's host bridge, 8 bytes: where the ECAM window is.
 *	63:36	RO 0
 *	35:28	base
 *	27	base, if the length is 128 or 64 MiB; else RO 0
 *	26	base, if the length is 64 MiB; else RO 0
 *	25:3	RO 0
 *	2:1	length: 0 256 MiB, 1 128 MiB, 2 64 MiB, 3 reserved
 *	0	enable
 * Source: Intel 3 Series Express Chipset Family datasheet, DRAM controller registers (D0:F0).
 */
#define EC_PCIEXBAR 0x60u
#define EC_PCIEXBAR_ENABLE 0x00000001u
#define EC_PCIEXBAR_LENGTH 0x00000006u
#define EC_PCIEXBAR_BASE 0xfc000000u
/** Base, in the upper dword. */
#define EC_PCIEXBAR_BASE_UPPER 0x0000000fu

#endif
