/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the steps of planning share.
 */
#ifndef EC_MACHINE_WORK_H
#define EC_MACHINE_WORK_H

#include "core/diag.h"
#include "machine/free_space.h"
#include "machine/types.h"

/** Ranges to place: BARs of bus 0, three windows of each root port, two of the device model. */
#define EC_MACHINE_WINDOWS (EC_MACHINE_SLOTS * (EC_BAR_MAX + EC_WINDOWS) + 2)
_Static_assert(EC_MACHINE_WINDOWS + 16 <= EC_FREE_SPACE_MAX, "a space holds all that is placed");

/** The address spaces that a range may be placed in. */
enum ec_machine_pool { EC_POOL_IO, EC_POOL_LOW, EC_POOL_HIGH };

/** A range to place: a BAR on bus 0, or a window of a root port with the BARs inside. */
struct ec_machine_window {
	uint64_t size, align, base;
	uint16_t fn;    /* whose BAR it is, or whose largest BAR is in it; EC_MACHINE_MAX: none */
	uint8_t bar;    /* that BAR */
	uint8_t port;   /* index of the root port; EC_MACHINE_SLOTS: a BAR on bus 0 */
	uint8_t kind;   /* enum ec_machine_window_kind, of a root port's window */
	uint8_t pool;   /* enum ec_machine_pool */
	uint32_t order; /* among equals */
};

struct ec_machine_work {
	const struct ec_machine_limits *limits;
	const struct ec_machine_function *fn;
	struct ec_machine_plan *plan;
	struct ec_diag *diag;
	uint16_t order[EC_MACHINE_MAX]; /* indices of functions in the order of placing */
	unsigned int windows;
	struct ec_machine_window window[EC_MACHINE_WINDOWS]; /* largest first */
	struct ec_free_space io, memory;
	struct ec_free_space fixed; /* memory that is taken in every guest of the kind, and ECAM */
};

#endif
