/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fields whose values another register limits. */
#ifndef EC_VIEW_BOUNDS_H
#define EC_VIEW_BOUNDS_H

#include "view/plan.h"

/**
 * ec_plan_bounds() - bits that the function cannot set, by what the guest sees of it, read 0 and
 * drop writes, as in the hardware. A payload size is limited to the bits of its maximum.
 * @plan: registers must have their values. Pure.
 * Source: PCI Express 7.5.3.3 to 7.5.3.16, 7.8.4.7.
 */
void ec_plan_bounds(struct ec_plan *plan);

#endif
