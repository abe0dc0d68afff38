/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/printable.h"

#include <stdint.h>

/*
 * Bytes of the character at @s; 0: it is invalid or not printable.
 * Source: RFC 3629 section 4, for lead bytes and the ranges of second bytes.
 */
static unsigned int printable(const char *s)
{
	uint8_t c = (uint8_t)*s, next = c ? (uint8_t)s[1] : 0;
	unsigned int n = c < 0x80   ? 1
			 : c < 0xc2 ? 0
			 : c < 0xe0 ? 2
			 : c < 0xf0 ? 3
			 : c < 0xf5 ? 4
				    : 0;

	if (c < 0x20 || c == 0x7f)
		return 0;
	/* control characters of two bytes, overlong forms, halves of surrogate pairs */
	if ((c == 0xc2 && next < 0xa0) || (c == 0xe0 && next < 0xa0) ||
	    (c == 0xed && next >= 0xa0) || (c == 0xf0 && next < 0x90) ||
	    (c == 0xf4 && next >= 0x90))
		return 0;
	for (unsigned int i = 1; i < n; i++)
		if (((uint8_t)s[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

void ec_printable(char *text)
{
	while (*text) {
		unsigned int n = printable(text);

		if (!n)
			*text = '?';
		text += n ? n : 1;
	}
}
