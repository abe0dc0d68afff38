/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Base address registers: what a function's BARs are, and what they answer to sizing.
 * Arithmetic only. Source: pciutils header.h (PCI_BASE_ADDRESS_*, PCI_ROM_ADDRESS_*).
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
	EC_BAR_MEM32, /* 32-bit memory (also "below 1 MiB") */
	EC_BAR_MEM64, /* low half of a 64-bit memory BAR */
	EC_BAR_UPPER, /* high half; addr and size are the low half's */
	EC_BAR_EXPROM,
};

struct ec_bar {
	uint8_t kind;   /* enum ec_bar_kind */
	bool guessed;   /* the size comes from the address's alignment, not from a fact */
	uint32_t flags; /* the register's read-only low bits */
	uint64_t addr;  /* host address, 0: not assigned */
	uint64_t size;  /* a power of two */
};

/** Names of the kinds for people, indexed by enum ec_bar_kind. */
extern const char *const ec_bar_kind_names[];

/**
 * ec_bar_offset() - offset of BAR @index in the header.
 * @index: 0 to 5, or EC_BAR_ROM. @type: header type, 0 or 1.
 * Returns 0 where the header has no such BAR (2 to 5 of a bridge).
 */
uint32_t ec_bar_offset(unsigned int index, unsigned int type);

/**
 * ec_bar_decode() - all BARs of a captured function.
 * @region: sizes told by a text or by sysfs, 0 where unknown; NULL: all unknown. A BAR whose
 *          register is 0 exists only if its size is told, with the flags told there (virtual
 *          functions). A size that such a register cannot decode is not believed.
 * @type: header type, 0 or 1. @bars: written whole.
 * An unknown size is guessed: the alignment of the address, or 4 KiB (I/O: 256 bytes) where none
 * is assigned; at most 256 bytes of I/O and 16 MiB of ROM.
 */
void ec_bar_decode(const struct ec_image *img, const struct ec_region *region, unsigned int type,
		   struct ec_bar bars[EC_BAR_MAX]);

/**
 * ec_bar_writable() - the bits of the register that hold an address: what sizing finds.
 * For EC_BAR_UPPER those of the high half. The ROM's enable bit is not among them.
 */
uint32_t ec_bar_writable(const struct ec_bar *bar);

#endif
