/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers in arguments and scripts.
 */
#ifndef EC_TOOLS_NUMBER_H
#define EC_TOOLS_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/**
 * number_read() - read the number at the start of *@text, and move *@text to its end.
 * @base: 10, 16, or 0 for C notation. Returns false, with *@text as it was, if there is no digit
 * (a sign or a blank is none) or if the number needs more than 64 bits.
 */
bool number_read(const char **text, int base, uint64_t *value);

/** number_read_hex() - the same for a hexadecimal number, with 0x before it or without. */
bool number_read_hex(const char **text, uint64_t *value);

/** number_parse_hex() - the same for all of @text. Also returns false if it exceeds @most. */
bool number_parse_hex(const char *text, uint64_t most, uint64_t *value);

/** number_parse() - number_read() for all of @text. Also returns false if the number exceeds @most.
 */
bool number_parse(const char *text, int base, uint64_t most, uint64_t *value);

#endif
