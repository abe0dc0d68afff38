/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/build.h"

static int stub_read(void *ctx, uint32_t offset, unsigned int len, uint32_t *value)
{
	struct bench_hw *hw = ctx;

	(void)offset;
	(void)len;
	hw->reads++;
	*value = 0x10;
	return 0;
}

static int stub_write(void *ctx, uint32_t offset, unsigned int len, uint32_t value)
{
	struct bench_hw *hw = ctx;

	(void)offset;
	(void)len;
	(void)value;
	hw->writes++;
	return 0;
}

static const struct ec_conf_ops stub_ops = { .read = stub_read, .write = stub_write };

void *bench_alloc(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (!p) {
		fputs("bench: out of memory\n", stderr);
		exit(EXIT_FAILURE);
	}
	return p;
}

void bench_keep(struct bench_kind *kind, const struct ec_plan *plan)
{
	kind->layout = bench_alloc(1, ec_layout_bytes(&plan->layout));
	memcpy(kind->layout, &plan->layout, ec_layout_bytes(&plan->layout));
	kind->shadow = bench_alloc(plan->layout.words, sizeof(*kind->shadow));
	memcpy(kind->shadow, plan->shadow, plan->layout.words * sizeof(*kind->shadow));
}

static void compile(struct bench_kind *kind, const struct ec_image *img)
{
	struct ec_plan *plan = bench_alloc(1, sizeof(*plan));
	struct ec_plan_options o = { .topology = EC_BYPASSED };
	struct ec_diag diag = { 0 };

	if (ec_plan_build(plan, img, &o, &diag)) {
		fprintf(stderr, "bench: %s\n", diag.text);
		exit(EXIT_FAILURE);
	}
	bench_keep(kind, plan);
	free(plan);
}

struct bench_kind *bench_nic(void)
{
	static struct bench_kind kind;
	struct fixture f;

	if (!kind.layout) {
		fixture_nic(&f);
		compile(&kind, &f.img);
	}
	return &kind;
}

struct bench_kind *bench_plain(void)
{
	static struct bench_kind kind;
	struct fixture f;

	if (!kind.layout) {
		fixture_init(&f, 256, 0);
		compile(&kind, &f.img);
	}
	return &kind;
}

struct ec_sbdf bench_sbdf(unsigned int i)
{
	return (struct ec_sbdf){ .bus = (uint8_t)(i / 256), .devfn = (uint8_t)i };
}

void world_add(struct world *w, struct bench_kind *kind)
{
	struct ec_function *fn = bench_alloc(1, sizeof(*fn));

	*fn = (struct ec_function){ .at = bench_sbdf(w->n++),
				    .layout = kind->layout,
				    .shadow = bench_alloc(kind->layout->words, sizeof(uint32_t)),
				    .hw = &stub_ops,
				    .hw_ctx = &w->hw };
	memcpy(fn->shadow, kind->shadow, kind->layout->words * sizeof(uint32_t));
	if (ec_bus_map_add(&w->guest, fn)) {
		fputs("bench: cannot add a function\n", stderr);
		exit(EXIT_FAILURE);
	}
}

struct world *world_new(struct bench_kind *kind, unsigned int n, unsigned int plain)
{
	struct world *w = bench_alloc(1, sizeof(*w));

	w->kind = kind;
	list_build(&w->list, w->kind->layout);
	while (w->n < n)
		world_add(w, w->n < n - plain ? w->kind : bench_plain());
	w->server = (struct bench_server){ .guest = &w->guest,
					   .list = &w->list,
					   .ecam_base = BENCH_ECAM_BASE,
					   .ecam_size = BENCH_ECAM_SIZE };
	return w;
}
