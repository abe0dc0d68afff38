/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cases.h"

#include <string.h>

#include "boot.h"
#include "core/bits.h"
#include "core/dump.h"
#include "rules.h"
#include "text.h"

volatile uint64_t bench_sink;

static struct world *many(void)
{
	static struct world *w;

	if (!w)
		w = world_new(bench_nic(), BENCH_MANY, 0);
	return w;
}

static struct ioreq *requests(size_t n, const struct ioreq *req)
{
	struct ioreq *trace = bench_alloc(n, sizeof(*trace));

	memcpy(trace, req, n * sizeof(*trace));
	return trace;
}

static struct bench_case one(const char *name, const char *title, struct ioreq req,
			     unsigned int must, unsigned int goal)
{
	return (struct bench_case){ .name = name,
				    .title = title,
				    .world = many(),
				    .serve = bench_serve,
				    .trace = requests(1, &req),
				    .len = 1,
				    .count = 1000,
				    .must = must,
				    .goal = goal };
}

/* The same requests as a case of the path, served by something else. */
static struct bench_case with(struct bench_case c, const char *name, const char *title,
			      bench_serve_fn *serve)
{
	c.name = name;
	c.title = title;
	c.serve = serve;
	c.must = c.goal = 0;
	return c;
}

static struct bench_case scan(void)
{
	struct bench_case c = { .name = "scan",
				.title = "scan of all 1,024 dwords, each",
				.world = many(),
				.serve = bench_serve,
				.trace = bench_alloc(EC_CONFIG_DWORDS, sizeof(struct ioreq)),
				.len = EC_CONFIG_DWORDS,
				.count = EC_CONFIG_DWORDS };

	for (unsigned int d = 0; d < EC_CONFIG_DWORDS; d++)
		c.trace[d] = bench_ecam_read(bench_sbdf(0), d * 4, 4);
	return c;
}

/* All offsets are read in the same way, with any rules. */
static struct bench_case ruled(void)
{
	struct bench_case c = one("ruled", "emulated dword read, rules in force",
				  bench_ecam_read(bench_sbdf(0), 0x10, 4), 150, 110);

	c.world = world_new(rules_ruled(), BENCH_MANY, 0);
	return c;
}

static struct bench_case boot(void)
{
	struct bench_case c = { .name = "boot",
				.title = "boot-like mix over 68 functions",
				.world = world_new(bench_nic(), BOOT_FUNCTIONS, BOOT_PLAIN),
				.serve = bench_serve,
				.must = 170,
				.goal = 125 };

	c.trace = boot_trace(&c.len);
	c.count = c.len;
	return c;
}

/* Two values in turn with decode off, as a guest writes them to size a BAR. */
static struct bench_case write_bar(void)
{
	struct ioreq req = bench_ecam_read(bench_sbdf(1), 0x10, 4);
	struct ioreq both[2] = { bench_as_write(req, ~0u), bench_as_write(req, 8u << 28) };
	struct bench_case c = one("write-bar", "write to a BAR, an effect", req, 0, 0);

	c.trace = requests(2, both);
	c.len = 2;
	return c;
}

static char *text;
static size_t text_len;

static void parse(unsigned long n)
{
	static struct ec_dump_function fn;
	struct ec_diag diag;

	for (; n; n -= text_len) {
		struct ec_dump_reader r = { .text = text, .len = text_len };

		while (ec_dump_next(&r, &fn, &diag) > 0)
			bench_sink += fn.image.byte[0];
	}
}

struct bench_case bench_dump_case(void)
{
	text = text_make(TEXT_FUNCTIONS, &text_len);
	return (struct bench_case){ .name = "dump",
				    .title = "dump text, 1,000 functions, a byte",
				    .run = parse,
				    .count = text_len,
				    .must = 20 };
}

struct bench_case *bench_cases(unsigned int *n)
{
	struct ec_sbdf first = bench_sbdf(0), last = bench_sbdf(BENCH_MANY - 1);
	struct ec_sbdf none = bench_sbdf(BENCH_MANY), no_bus = bench_sbdf(0x8000);
	struct ioreq bar = bench_ecam_read(first, 0x10, 4);
	static struct bench_case all[16];
	struct bench_case made[] = {
		one("emulated", "emulated dword read", bar, 150, 110),
		one("config", "the same by PCI_CONFIG", bench_config_read(first, 0x10, 4), 150,
		    110),
		one("partly", "partly live read, stub hardware", bench_ecam_read(first, 4, 4), 165,
		    120),
		one("live", "live read, stub hardware", bench_ecam_read(first, 0x104, 4), 0, 0),
		one("write", "emulated write",
		    bench_as_write(bench_ecam_read(first, 0x3c, 4), 0x0b), 180, 125),
		write_bar(),
		one("write-live", "write to stub hardware, an effect",
		    bench_as_write(bench_ecam_read(bench_sbdf(2), 0x78, 4), 0x00090010), 0, 0),
		one("absent", "absent function", bench_ecam_read(none, 0, 4), 100, 85),
		one("no-bus", "absent function of an absent bus", bench_ecam_read(no_bus, 0, 4),
		    100, 85),
		one("last", "last of 1,000 functions", bench_ecam_read(last, 0x10, 4), 0, 0),
		boot(),
		ruled(),
		scan(),
		with(scan(), "list", "the same by the baseline, 32 rules", bench_serve_list),
		with(one("", "", bar, 0, 0), "loop", "the harness loop's own share",
		     bench_serve_none),
	};

	_Static_assert(sizeof(made) <= sizeof(all), "room for all cases");
	memcpy(all, made, sizeof(made));
	*n = EC_ARRAY_SIZE(made);
	return all;
}

struct bench_case bench_offset_case(unsigned int dword)
{
	struct bench_case c = one("offset", "", bench_ecam_read(bench_sbdf(0), dword * 4, 4), 0, 0);

	c.count = 4;
	return c;
}

void bench_run_case(const struct bench_case *c, unsigned long n)
{
	if (c->run)
		c->run(n);
	else
		bench_sink += bench_drive(&c->world->server, c->serve, c->trace, c->len, n);
}
