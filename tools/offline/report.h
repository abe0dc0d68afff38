/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is broken in a function, told on stderr: a line a fault, named by the function's address.
 */
#ifndef EC_OFFLINE_REPORT_H
#define EC_OFFLINE_REPORT_H

#include "core/chain.h"
#include "core/dump.h"
#include "view/plan.h"

/** report_chain() - where the chains were cut. */
void report_chain(struct ec_sbdf at, const struct ec_chain *chain);

/**
 * report_plan() - that, capabilities of a wrong length, and what of @fn was not captured.
 * @live: a function of this machine, of which no more is captured than needed.
 */
void report_plan(const struct ec_dump_function *fn, const struct ec_plan *plan, bool live);

#endif
