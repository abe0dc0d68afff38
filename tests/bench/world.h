/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guests that are measured: functions compiled from fixtures, which share their layouts as
 * the virtual functions of a card do, with hardware that is a stub and counts.
 */
#ifndef EC_BENCH_WORLD_H
#define EC_BENCH_WORLD_H

#include "access/access.h"
#include "fixture.h"
#include "ioreq.h"
#include "view/plan.h"

/** The hardware: every register reads 0x10. */
struct bench_hw {
	unsigned long reads, writes;
};

/** A layout, and the shadow that its functions start with. */
struct bench_kind {
	struct ec_layout *layout;
	uint32_t *shadow;
};

struct world {
	unsigned int n; /* functions: function i is at bus i / 256, devfn i % 256 */
	struct bench_kind *kind;
	struct ec_bus_map guest;
	struct bench_hw hw;
	struct list list; /* of the kind */
	struct bench_server server;
};

/** bench_nic() - the reference function, fixture_nic: 32 rules of the baseline. */
struct bench_kind *bench_nic(void);

/** bench_plain() - a conventional function of 256 bytes without capabilities. */
struct bench_kind *bench_plain(void);

/** bench_alloc() - calloc that does not fail: the program ends instead. */
void *bench_alloc(size_t n, size_t size);

/** world_add() - one more function of @kind; each takes its own memory, as in a service. */
void world_add(struct world *w, struct bench_kind *kind);

/** world_new() - a guest with @n functions of @kind, but for the last @plain, which are plain. */
struct world *world_new(struct bench_kind *kind, unsigned int n, unsigned int plain);

/** bench_keep() - the kind of functions that @plan is a plan of. */
void bench_keep(struct bench_kind *kind, const struct ec_plan *plan);

/** bench_sbdf() - where the guest sees function @i. */
struct ec_sbdf bench_sbdf(unsigned int i);

#endif
