/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What must hold of every planned machine, functions to plan one with, and a fixture.
 */
#ifndef EC_TESTS_MACHINE_CHECK_H
#define EC_TESTS_MACHINE_CHECK_H

#include "machine/machine.h"

/** machine_function() - the function at @host, "03:00.0": flattened, PCI Express, without BARs. */
struct ec_machine_function machine_function(const char *host);

/**
 * machine_bar() - give @fn a BAR with the low bits @flags. A 64-bit BAR takes the next index too.
 */
void machine_bar(struct ec_machine_function *fn, unsigned int index, enum ec_bar_kind kind,
		 uint64_t size, uint32_t flags);

/**
 * machine_check() - check everything that a plan of @fn with @limits promises: slots, buses,
 * alignment, windows that contain what is behind them, and that no two ranges overlap. Written
 * without the planner's own code. Fails the test.
 */
void machine_check(const struct ec_machine_limits *limits, const struct ec_machine_function *fn,
		   const struct ec_machine_plan *plan);

#define KIB 0x400ull
#define MIB 0x100000ull
#define GIB 0x40000000ull
#define TIB 0x10000000000ull

/** What one plan is made with, and the plan. */
struct machine_fixture {
	struct ec_machine_plan plan;
	struct ec_machine_limits limits;
	struct ec_diag diag;
};

/** machine_expect() - plan @fn with m->limits, which must succeed, and check the plan. */
void machine_expect(struct machine_fixture *m, struct ec_machine_function *fn, unsigned int n);

/** machine_expect_refused() - the same must fail for lack of room, with the message @text. */
void machine_expect_refused(struct machine_fixture *m, struct ec_machine_function *fn,
			    unsigned int n, const char *text);

/** machine_check_range() - @r must be [@base, @base + @size). */
void machine_check_range(struct ec_machine_range r, uint64_t base, uint64_t size);

#endif
