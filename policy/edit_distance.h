/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How alike two words are, for "is it ...?" in messages. Pure.
 */
#ifndef EC_POLICY_EDIT_DISTANCE_H
#define EC_POLICY_EDIT_DISTANCE_H

/** ec_edit_distance() - how many changes lead from @a to @b, of any case; long texts are far apart.
 */
unsigned int ec_edit_distance(const char *a, const char *b);

#endif
