/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exact counts without callgrind: hardware accesses, allocations, memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "boot.h"
#include "cases.h"
#include "core/bits.h"

/*
 * Registers of the reference function that cannot change by the standard: ids, class, header type,
 * pin, capability headers and capability registers. Written by hand: a table that is tested must
 * not decide what is tested.
 */
static const struct {
	uint16_t offset, len;
} constant[] = {
	{ 0x00, 4 },  { 0x08, 4 },   { 0x0e, 1 },  { 0x28, 8 },  { 0x34, 1 },
	{ 0x3d, 3 },  { 0x40, 4 },   { 0x50, 2 },  { 0x70, 8 },  { 0x7c, 4 },
	{ 0x94, 4 },  { 0x9c, 4 },   { 0xb0, 2 },  { 0xb4, 8 },  { 0xe0, 2 },
	{ 0x100, 4 }, { 0x140, 12 }, { 0x150, 6 }, { 0x160, 8 }, { 0x1c0, 8 },
};

static uint64_t read_one(struct world *w, bench_serve_fn *serve, uint32_t offset, uint32_t len)
{
	struct ioreq req = bench_ecam_read(bench_sbdf(0), offset, len);

	return bench_drive(&w->server, serve, &req, 1, 1);
}

static void check_reads(struct world *w)
{
	unsigned long before = w->hw.reads, asked = 0;

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(constant); i++)
		for (uint32_t o = 0; o < constant[i].len; o++)
			for (uint32_t len = 1; len <= 8; len *= 2) {
				uint32_t at = constant[i].offset + o;

				if (at % len || o + len > constant[i].len)
					continue;
				read_one(w, bench_serve, at, len);
				asked++;
			}
	printf("row\thardware reads in %lu reads of constant registers\t%lu\t<=\t0\t-\n", asked,
	       w->hw.reads - before);
}

/* The requests of the mix; the share that reaches the hardware has no limit. */
static void check_boot(void)
{
	struct world *w = world_new(bench_nic(), BOOT_FUNCTIONS, BOOT_PLAIN);
	unsigned long reads = 0, header = 0;
	size_t len;
	struct ioreq *trace = boot_trace(&len);
	unsigned long n = len;

	for (size_t i = 0; i < len; i++) {
		if (!(trace[i].flags & IOREQ_DIR))
			continue;
		reads++;
		header += trace[i].addr % 256 < 0x40;
	}
	bench_sink += bench_drive(&w->server, bench_serve, trace, len, len);
	printf("note\tThe mix: %lu accesses, %lu %% reads; of these %lu %% of the header, "
	       "%lu %% reached the hardware;\n"
	       "note\t%lu actions asked of the service, which are not carried out here.\n",
	       n, reads * 100 / n, header * 100 / reads, w->hw.reads * 100 / reads,
	       w->server.actions);
	free(trace);
}

/* All cases, and reads of every width at every offset. */
static void check_allocations(struct world *w)
{
	unsigned int n;
	const struct bench_case *c = bench_cases(&n);
	unsigned long before = bench_allocations, asked = 0;
	void *volatile probe = malloc(1);

	free(probe);
	if (bench_allocations != before + 1) {
		fputs("bench: allocations are not counted\n", stderr);
		exit(EXIT_FAILURE);
	}
	before = bench_allocations;
	for (unsigned int i = 0; i < n; i++) {
		if (c[i].serve != bench_serve)
			continue;
		bench_run_case(c + i, c[i].count);
		asked += c[i].count;
	}
	for (uint32_t off = 0; off < EC_CONFIG_SIZE; off++)
		for (uint32_t len = 1; len <= 8; len *= 2, asked++)
			read_one(w, bench_serve, off, len);
	printf("row\tallocations in %lu accesses\t%lu\t<=\t0\t-\n", asked,
	       bench_allocations - before);
}

/* The baseline must return the same values as the path. */
static bool check_list(struct world *w)
{
	uint32_t end = list_build(&w->list, w->kind->layout) * 4;

	for (uint32_t len = 1; len <= 4; len *= 2)
		for (uint32_t off = 0; off < end; off += len)
			if (read_one(w, bench_serve, off, len) !=
			    read_one(w, bench_serve_list, off, len)) {
				fprintf(stderr, "bench: the baseline differs at %03x\n", off);
				return false;
			}
	printf("note\tThe baseline has %u rules: of the reference function's dwords below %03x. "
	       "Its layout has %u.\n",
	       w->list.n, end, w->kind->layout->n_masks);
	return true;
}

/* Anonymous memory of this process, in KiB. */
static unsigned long rss(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	unsigned long kib = 0;
	char line[128];

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "RssAnon: %lu", &kib) == 1)
			break;
	if (f)
		fclose(f);
	return kib;
}

static void check_memory(void)
{
	const unsigned int all = 65536;
	struct world *w = world_new(bench_nic(), BENCH_MANY, 0);
	const struct ec_layout *l = w->kind->layout;
	size_t own = l->words * sizeof(uint32_t) + sizeof(struct ec_function) +
		     sizeof(struct ec_bus) / 256;
	unsigned long before = rss();

	while (w->n < all)
		world_add(w, w->kind);
	printf("row\tbytes a function: %u shadow words, itself, its place\t%zu\t<=\t1024\t384\n",
	       l->words, own);
	printf("row\tbytes a function: RssAnon from 1,000 to 65,536\t%.0f\t<=\t1024\t384\n",
	       (double)(rss() - before) * 1024 / (all - BENCH_MANY));
	printf("note\tA layout takes %zu bytes; functions of a kind share one.\n",
	       ec_layout_bytes(l));
}

int bench_checks(void)
{
	struct world *w = world_new(bench_nic(), BENCH_MANY, 0);

	if (!check_list(w))
		return EXIT_FAILURE;
	check_reads(w);
	check_allocations(w);
	check_memory();
	check_boot();
	return EXIT_SUCCESS;
}
