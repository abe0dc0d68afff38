/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules to measure with.
 */
#ifndef EC_BENCH_RULES_H
#define EC_BENCH_RULES_H

#include "policy/parse.h"
#include "world.h"

/** Rules that a site could have at most, and functions of a large machine. */
#define BENCH_RULES 10000
#define BENCH_FUNCTIONS 1000

/** rules_text() - a file of @n rules, of which a few match any one function. To be freed. */
char *rules_text(unsigned int n, size_t *len);

/** rules_ruled() - the reference function with a dozen decisions of each kind in force. */
struct bench_kind *rules_ruled(void);

#endif
