/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Base address registers: decoding them, and the bits that sizing finds writable. Pure.
 * Source: pciutils header.h (PCI_BASE_ADDRESS_*, PCI_ROM_ADDRESS_*).
 */
#ifndef EC_CORE_BAR_H
#define EC_CORE_BAR_H

#include <stdbool.h>
#include <stdint.h>

#include "core/dump.h"
#include "core/image.h"

enum ec_bar_kind {
	EC_BAR_NONE,  /* not implemented: reads 0 */
	EC_BAR_IO,    /* I/O space */
	EC_BAR_MEM32, /* 32-bit memory, "below 1 MiB" included */
	EC_BAR_MEM64, /* low half of a 64-bit memory BAR */
	EC_BAR_UPPER, /* high half; addr and size are the low half's */
	EC_BAR_EXPROM,
};

struct ec_bar {
	uint8_t kind;   /* enum ec_bar_kind */
	bool guessed;   /* the size is a guess by the address's alignment */
	uint32_t flags; /* the register's read-only low bits */
	uint64_t addr;  /* host address, 0: not assigned */
	uint64_t size;  /* a power of two */
};

/** Names of the kinds for messages, indexed by enum ec_bar_kind. */
extern const char *const ec_bar_kind_names[];

/**
 * ec_bar_offset() - offset of BAR @index in the header.
 * @index: 0 to 5, or EC_BAR_ROM. @type: header type, 0 or 1.
 * Returns 0 if the header has no such BAR (2 to 5 of a bridge).
 */
uint32_t ec_bar_offset(unsigned int index, unsigned int type);

/**
 * ec_bar_decode() - decode all BARs of a captured function.
 * @region: sizes from a dump or sysfs, 0 for unknown; NULL: all unknown. A BAR whose register is
 *          0 exists only if its size is known; its flags then come from @region (virtual
 *          functions). A size that such a register cannot decode counts as unknown.
 * @type: header type, 0 or 1. @bars: all EC_BAR_MAX entries are written.
 * An unknown size is guessed by the alignment of the address, or is 4 KiB if none is assigned; at
 * most that of @region, 256 bytes for I/O and 16 MiB for the ROM. BARs that read 0 of an IDE
 * controller in compatibility mode do not exist.
 */
void ec_bar_decode(const struct ec_image *img, const struct ec_region *region, unsigned int type,
		   struct ec_bar bars[EC_BAR_MAX]);

/**
 * ec_bar_writable() - the register's address bits, which sizing finds writable.
 * For EC_BAR_UPPER the bits of the high half. The ROM's enable bit is not included.
 */
uint32_t ec_bar_writable(const struct ec_bar *bar);

#endif
