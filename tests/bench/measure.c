/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts for callgrind, and interleaved times. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cases.h"
#include "core/bits.h"

/*
 * callgrind resets its counts at the first and writes a part at the second. They must remain calls
 * of functions with these names: see bench.sh.
 */
void bench_mark_zero(void);
void bench_mark_part(void);

__attribute__((noinline)) void bench_mark_zero(void)
{
	__asm__ volatile("" ::: "memory");
}

__attribute__((noinline)) void bench_mark_part(void)
{
	__asm__ volatile("" ::: "memory");
}

static __attribute__((noinline)) void count_part(const struct bench_case *c, unsigned long n)
{
	bench_mark_zero();
	bench_run_case(c, n);
	bench_mark_part();
}

/* The cost of the harness and of the marks is in both parts, so it is not in their difference. */
static void count_case(const struct bench_case *c, unsigned long n)
{
	bench_run_case(c, n);
	count_part(c, n);
	count_part(c, n * 2);
	printf("%s\t%s\t%lu\t%u\t%u\n", c->name, c->title, n, c->must, c->goal);
}

int bench_count(const char *name, unsigned long n)
{
	bool all = !strcmp(name, "all"), found = false;
	const struct bench_case *c;
	struct bench_case dump;
	unsigned int cases;

	if (!strcmp(name, "offsets")) {
		for (unsigned int d = 0; d < EC_CONFIG_DWORDS; d++) {
			struct bench_case o = bench_offset_case(d);

			count_case(&o, o.count);
			free(o.trace);
		}
		return EXIT_SUCCESS;
	}
	c = bench_cases(&cases);
	for (unsigned int i = 0; i < cases; i++) {
		if (!all && strcmp(name, c[i].name))
			continue;
		found = true;
		count_case(c + i, n ? (n + c[i].len - 1) / c[i].len * c[i].len : c[i].count);
	}
	if (all || !strcmp(name, "dump")) {
		found = true;
		dump = bench_dump_case();
		count_case(&dump, dump.count);
	}
	if (!found)
		fprintf(stderr, "bench: no such case: %s\n", name);
	return found ? EXIT_SUCCESS : 2;
}

#define ROUNDS 33
#define ROUND_NS 2000000

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double time_of(const struct bench_case *c, unsigned long n)
{
	double start = now();

	bench_run_case(c, n);
	return now() - start;
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The lower limit: a word of an array, after a check of its index. */
static const uint32_t words[EC_CONFIG_DWORDS] = { 1, 2, 3 };

static void bench_serve_load(struct bench_server *s, struct ioreq *req)
{
	uint64_t i = req->addr;

	(void)s;
	req->data = i < EC_ARRAY_SIZE(words) ? words[i] : 0xffffffffu;
}

/* Medians of the rounds of each case; each round runs all cases. */
static void time_cases(const struct bench_case *c, unsigned int cases, double *ns)
{
	double *t = bench_alloc(cases * ROUNDS, sizeof(*t));
	unsigned long *n = bench_alloc(cases, sizeof(*n));

	for (unsigned int i = 0; i < cases; i++) {
		unsigned long step = c[i].len;

		for (n[i] = step; time_of(c + i, n[i]) < ROUND_NS; n[i] *= 2)
			;
	}
	for (unsigned int r = 0; r < ROUNDS; r++)
		for (unsigned int i = 0; i < cases; i++)
			t[i * ROUNDS + r] = time_of(c + i, n[i]) / (double)n[i];
	for (unsigned int i = 0; i < cases; i++) {
		qsort(t + i * ROUNDS, ROUNDS, sizeof(*t), compare);
		ns[i] = t[i * ROUNDS + ROUNDS / 2];
	}
	free(t);
	free(n);
}

int bench_time(void)
{
	unsigned int all, cases = 1;
	const struct bench_case *from = bench_cases(&all);
	struct bench_case *c = bench_alloc(all + 1, sizeof(*c));
	double *ns = bench_alloc(all + 1, sizeof(*ns)), scan = 0, list = 0;

	c[0] = from[0];
	c[0].name = "load";
	c[0].title = "bare bounds-checked load in the same loop";
	c[0].serve = bench_serve_load;
	c[0].trace = bench_alloc(1, sizeof(*c->trace));
	c[0].trace->addr = 1;
	for (unsigned int i = 0; i < all; i++)
		c[cases++] = from[i];
	time_cases(c, cases, ns);
	for (unsigned int i = 0; i < cases; i++) {
		printf("time\t%s\t%.1f\t%.1f\n", c[i].title, ns[i], ns[i] / ns[0]);
		if (!strcmp(c[i].name, "scan"))
			scan = ns[i];
		if (!strcmp(c[i].name, "list"))
			list = ns[i];
	}
	printf("row\t1,024-dword scan, times faster than the baseline\t%.2f\t>=\t2\t4\n",
	       list / scan);
	return EXIT_SUCCESS;
}
