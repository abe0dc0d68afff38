/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The length and the default treatment of each capability. */
#ifndef EC_VIEW_LENGTHS_H
#define EC_VIEW_LENGTHS_H

#include "view/plan.h"

/** ec_plan_instance() - describe capability @i of the chain, as the hardware has it, for the
 * registry. */
struct ec_cap_at ec_plan_instance(const struct ec_plan *plan, const struct ec_image *img,
				  unsigned int i);

/**
 * ec_plan_measure() - find the length and the default treatment of each capability.
 * A rule's "sizes" replace the length by the tables. Also reads the PCI Express capability.
 * @plan: chain must be walked; express, express_type, lanes, flit and cap are written. Pure.
 */
void ec_plan_measure(struct ec_plan *plan, const struct ec_image *img);

#endif
