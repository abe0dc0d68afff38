/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cases that are measured. A case runs its work n times, each time in the same way.
 */
#ifndef EC_BENCH_CASES_H
#define EC_BENCH_CASES_H

#include <stddef.h>

#include "ioreq.h"
#include "world.h"

struct bench_case {
	const char *name;  /* for the command line */
	const char *title; /* for the table */
	struct world *world;
	bench_serve_fn *serve; /* NULL: run is called instead */
	struct ioreq *trace;
	size_t len; /* length of the trace; counts are multiples of it */
	void (*run)(unsigned long n);
	unsigned long count;     /* units to count over */
	unsigned int must, goal; /* instructions per unit; 0: no limit */
};

/** Keeps results from being optimized away. */
extern volatile uint64_t bench_sink;

/** bench_cases() - the cases of the path. @n: their number. */
struct bench_case *bench_cases(unsigned int *n);

/** bench_offset_case() - the case that reads dword @dword (0 to 1023). */
struct bench_case bench_offset_case(unsigned int dword);

/** bench_dump_case() - the case that reads a dump's text; its unit is a byte. */
struct bench_case bench_dump_case(void);

/** bench_run_case() - run @n units of work; a multiple of len, or for a dump of count. */
void bench_run_case(const struct bench_case *c, unsigned long n);

/** Functions of the guest in which one function is accessed. */
#define BENCH_MANY 1000

/* The program's modes. Each returns an exit status. */
int bench_count(const char *name, unsigned long n);
int bench_time(void);
int bench_checks(void);
int bench_rules(char **files);
int bench_run(char **argv);

#endif
