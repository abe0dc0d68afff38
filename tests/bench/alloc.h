/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every allocation of the program is counted, the C library's own too. */
#ifndef EC_BENCH_ALLOC_H
#define EC_BENCH_ALLOC_H

/** Volatile: the compiler knows that malloc changes no variable. */
extern volatile unsigned long bench_allocations;

#endif
