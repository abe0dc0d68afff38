/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of each capability by the tables: its length, and whether it is shown. */
#ifndef EC_VIEW_LENGTHS_H
#define EC_VIEW_LENGTHS_H

#include "view/plan.h"

/** ec_plan_instance() - capability @i of the chain as the hardware has it, for the registry. */
struct ec_cap_at ec_plan_instance(const struct ec_plan *plan, const struct ec_image *img,
				  unsigned int i);

/**
 * ec_plan_measure() - what the hardware's PCI Express capability says, and for each capability of
 * the chain its length and treatment by the tables, the length by a rule where one says it.
 * @plan: its chain is walked; express, express_type, lanes, flit and cap are written. Pure.
 */
void ec_plan_measure(struct ec_plan *plan, const struct ec_image *img);

#endif
