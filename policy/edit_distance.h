/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The similarity of two words, for "did you mean ...?" in messages. Pure. */
#ifndef EC_POLICY_EDIT_DISTANCE_H
#define EC_POLICY_EDIT_DISTANCE_H

/**
 * ec_edit_distance() - changes that lead from @a to @b, ignoring case; long words are far apart.
 */
unsigned int ec_edit_distance(const char *a, const char *b);

#endif
