/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text of `lspci -x`, `-xxx` and `-xxxx`: reading and printing.
 *
 * A function starts with a line "[SSSS:]BB:DD.F text", has rows "OFF: hh hh …" of 16 bytes, and
 * ends before a blank line or another function. All of its lines may have one prefix: a quotation
 * mark, blanks, the mark of a list. Of the other lines, as `lspci -vvv` prints them, only `Region
 * N: … [size=…]` and `Expansion ROM at … [size=…]` (the size of a BAR) and `[vvvv:dddd]` in the
 * first line (the ids of a virtual function) are read.
 */
#ifndef EC_CORE_DUMP_H
#define EC_CORE_DUMP_H

#include <stddef.h>
#include <stdint.h>

#include "core/diag.h"
#include "core/image.h"
#include "core/sbdf.h"

/** BARs of a function with the expansion ROM's, and the index of that one. */
#define EC_BAR_MAX 7
#define EC_BAR_ROM 6

/** A BAR as a dump's text or sysfs describes it. */
struct ec_region {
	uint64_t size;  /* bytes; 0: not known */
	uint32_t flags; /* low bits as in the BAR register: I/O, 64-bit, prefetchable */
	uint64_t start; /* host address by sysfs; 0: not assigned, or not known */
	uint64_t most;  /* if the size is not known: bytes that it may have at most; 0: not known */
};

/** One function of a dump. */
struct ec_dump_function {
	struct ec_sbdf sbdf;
	unsigned int line;       /* its first line, from 1 */
	uint16_t vendor, device; /* from "[vvvv:dddd]"; both 0: there is none */
	struct ec_region region[EC_BAR_MAX];
	struct ec_image image;
};

/** A reader's position. The caller sets text and len, which it owns, and the rest to 0. */
struct ec_dump_reader {
	const char *text;
	size_t len;
	size_t pos;
	unsigned int line;
};

/**
 * ec_dump_next() - read the next function.
 * @r: moved past it. @fn: all of it is written. @diag: filled on error, with the line.
 * Returns 1; 0 at the end of the text; -EINVAL for a row that is not 16 whole bytes at a multiple
 * of 16 below 4096, for one that comes twice, and for a line that starts like an address and has
 * none. A function without rows has an image of size 0. Rows outside of functions are skipped.
 * Takes time linear in the text.
 * Source: pciutils lib/dump.c and lspci(8).
 */
int ec_dump_next(struct ec_dump_reader *r, struct ec_dump_function *fn, struct ec_diag *diag);

/** Bytes of a printed row with its newline and 0. */
#define EC_DUMP_ROW_MAX 56

/**
 * ec_dump_print_row() - print the row of 16 bytes at @offset as lspci does, with a newline.
 * Returns the number of characters, the terminating 0 not counted. Pure.
 */
size_t ec_dump_print_row(char out[EC_DUMP_ROW_MAX], uint32_t offset, const uint8_t bytes[16]);

#endif
