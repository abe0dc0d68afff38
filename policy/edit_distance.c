/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/edit_distance.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

/* No key or name is longer. */
#define WORD_MAX 24

/* Bit 5 is the case of a letter, which does not count. */
static bool same(char a, char b)
{
	return (a | 0x20) == (b | 0x20);
}

unsigned int ec_edit_distance(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);
	uint8_t row[3][WORD_MAX + 1]; /* of the last three characters of @a, in turns */

	if (n > WORD_MAX || m > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= m; j++)
		row[0][j] = (uint8_t)j;
	for (size_t i = 1; i <= n; i++) {
		const uint8_t *up = row[(i - 1) % 3], *before = row[(i + 1) % 3];
		uint8_t *now = row[i % 3];

		now[0] = (uint8_t)i;
		for (size_t j = 1; j <= m; j++) {
			uint8_t best = up[j - 1] + !same(a[i - 1], b[j - 1]);

			best = up[j] + 1 < best ? up[j] + 1 : best;
			best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) &&
			    same(a[i - 2], b[j - 1]) && before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			now[j] = best;
		}
	}
	return row[n % 3][m];
}

/* Fewer characters are no abbreviation. */
#define SHORT 3u

struct ec_nearest ec_nearest_to(const char *word)
{
	size_t len = strlen(word);

	/* as many changes make another word */
	return (struct ec_nearest){ .word = word, .best = len < 2 ? 1 : len < 5 ? 2 : 3 };
}

void ec_nearest_try(struct ec_nearest *n, const char *word)
{
	unsigned int d = ec_edit_distance(n->word, word);

	if (d > 1 && strlen(n->word) >= SHORT && !strncasecmp(n->word, word, strlen(n->word)))
		d = 1;
	if (d >= n->best)
		return;
	n->best = d;
	n->found = word;
}
