/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is measured. A case runs its work n times; the work is done the same way every time.
 */
#ifndef EC_BENCH_CASES_H
#define EC_BENCH_CASES_H

#include <stddef.h>

#include "ioreq.h"
#include "world.h"

struct bench_case {
	const char *name;  /* for the command line */
	const char *title; /* for people */
	struct world *world;
	bench_serve_fn *serve; /* NULL: run is called instead */
	struct ioreq *trace;
	size_t len; /* of the trace; counts are multiples of it */
	void (*run)(unsigned long n);
	unsigned long count;     /* units to count over */
	unsigned int must, goal; /* instructions a unit, 0: no figure is set */
};

/** Kept from the optimizer. */
extern volatile uint64_t bench_sink;

/** bench_cases() - those of the path. @n: how many. */
struct bench_case *bench_cases(unsigned int *n);

/** bench_offset_case() - the case that reads dword @dword (0 to 1023). */
struct bench_case bench_offset_case(unsigned int dword);

/** bench_dump_case() - the one that reads a dump's text; its unit is a byte. */
struct bench_case bench_dump_case(void);

/** bench_run_case() - @n units of work; a multiple of len, or for a dump of count. */
void bench_run_case(const struct bench_case *c, unsigned long n);

/** How many functions the guest has in which a single function is asked. */
#define BENCH_MANY 1000

/* The program's modes: what main calls. Each returns an exit status. */
int bench_count(const char *name, unsigned long n);
int bench_time(void);
int bench_checks(void);
int bench_rules(char **files);
int bench_run(char **argv);

#endif
