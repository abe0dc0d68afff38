/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules that are measured.
 */
#ifndef EC_BENCH_RULES_H
#define EC_BENCH_RULES_H

#include "policy/parse.h"
#include "world.h"

/** A large number of rules for a site, and the functions of a large machine. */
#define BENCH_RULES 10000
#define BENCH_FUNCTIONS 1000

/** rules_text() - the text of @n rules, of which a few match each function; free() it. */
char *rules_text(unsigned int n, size_t *len);

/** rules_ruled() - the reference function with a dozen settings of each kind. */
struct bench_kind *rules_ruled(void);

#endif
