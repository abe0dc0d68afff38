/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guests that are measured: functions compiled from fixtures that share their layouts, as the
 * virtual functions of a card do; the hardware is a stub that counts accesses.
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

/** A layout, and the initial shadow of its functions. */
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

/** bench_alloc() - calloc() that ends the program if it fails. */
void *bench_alloc(size_t n, size_t size);

/** world_add() - add a function of @kind with memory of its own, as in a service. */
void world_add(struct world *w, struct bench_kind *kind);

/** world_new() - a guest with @n functions: the last @plain are plain, the others of @kind. */
struct world *world_new(struct bench_kind *kind, unsigned int n, unsigned int plain);

/** bench_keep() - the kind of functions that @plan is a plan of. */
void bench_keep(struct bench_kind *kind, const struct ec_plan *plan);

/** bench_sbdf() - the guest address of function @i. */
struct ec_sbdf bench_sbdf(unsigned int i);

#endif
