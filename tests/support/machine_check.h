/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What must hold of every planned machine, and functions to plan one of.
 */
#ifndef EC_TESTS_MACHINE_CHECK_H
#define EC_TESTS_MACHINE_CHECK_H

#include "machine/machine.h"

/** machine_function() - the function at @host, "03:00.0": flattened, PCI Express, without BARs. */
struct ec_machine_function machine_function(const char *host);

/** machine_bar() - give it a BAR. @flags: 8 is prefetchable. A 64-bit one takes the next too. */
void machine_bar(struct ec_machine_function *fn, unsigned int index, enum ec_bar_kind kind,
		 uint64_t size, uint32_t flags);

/**
 * machine_check() - everything that a plan of @fn, made with @limits, promises: places, numbers,
 * alignment, windows that hold their children, and that nothing is where anything else is. Written
 * without the planner's own code. Fails the test.
 */
void machine_check(const struct ec_machine_limits *limits, const struct ec_machine_function *fn,
		   const struct ec_machine_plan *plan);

#endif
