/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/edit_distance.h"

#include <stdint.h>
#include <string.h>

/* No key or name is longer. */
#define WORD_MAX 24

unsigned int ec_edit_distance(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);
	uint8_t row[WORD_MAX + 1];

	if (n > WORD_MAX || m > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= m; j++)
		row[j] = (uint8_t)j;
	for (size_t i = 1; i <= n; i++) {
		uint8_t corner = row[0];

		row[0] = (uint8_t)i;
		for (size_t j = 1; j <= m; j++) {
			/* bit 5 is the case of a letter, which does not count */
			uint8_t best = corner + ((a[i - 1] | 0x20) != (b[j - 1] | 0x20));

			corner = row[j];
			best = row[j] + 1 < best ? row[j] + 1 : best;
			best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
			row[j] = best;
		}
	}
	return row[m];
}
