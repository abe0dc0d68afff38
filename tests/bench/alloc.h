/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts all allocations of the program, including the C library's. */
#ifndef EC_BENCH_ALLOC_H
#define EC_BENCH_ALLOC_H

/** Volatile: the compiler assumes that malloc changes no variable. */
extern volatile unsigned long bench_allocations;

#endif
