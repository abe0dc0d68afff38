/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reports the faults of a function on stderr, a line each, after its address.
 */
#ifndef EC_OFFLINE_REPORT_H
#define EC_OFFLINE_REPORT_H

#include "core/chain.h"
#include "core/dump.h"
#include "view/plan.h"

/** report_segment() - report a function that Xen cannot name. Returns whether it can. */
bool report_segment(struct ec_sbdf at);

/** report_chain() - report where the chains were cut. */
void report_chain(struct ec_sbdf at, const struct ec_chain *chain);

/**
 * report_plan() - report cut chains, wrong capability lengths and bytes of @fn without a value.
 * @live: a function of this machine; bytes that were not captured are not reported.
 */
void report_plan(const struct ec_dump_function *fn, const struct ec_plan *plan, bool live);

#endif
