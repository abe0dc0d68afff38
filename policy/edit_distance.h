/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The similarity of two words, for "did you mean ...?" in messages. Pure. */
#ifndef EC_POLICY_EDIT_DISTANCE_H
#define EC_POLICY_EDIT_DISTANCE_H

/**
 * ec_edit_distance() - changes that lead from @a to @b, ignoring case; long words are far apart.
 * Two neighbours that changed places are one change.
 */
unsigned int ec_edit_distance(const char *a, const char *b);

/** A search for the word that is most similar to another. */
struct ec_nearest {
	const char *word, *found; /* found NULL: none is similar */
	unsigned int best;
};

/** ec_nearest_to() - start a search. @word is not copied, nor are the words below. */
struct ec_nearest ec_nearest_to(const char *word);

/** ec_nearest_try() - look at one more word. Words that @n->word abbreviates are similar. */
void ec_nearest_try(struct ec_nearest *n, const char *word);

#endif
