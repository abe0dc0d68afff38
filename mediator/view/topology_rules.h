/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the topology and the platform decide of a plan's registers. Called by build.c alone. */
#ifndef EC_VIEW_TOPOLOGY_RULES_H
#define EC_VIEW_TOPOLOGY_RULES_H

#include "view/plan.h"

/**
 * ec_plan_topology() - decide what depends on where the guest sees the function, and on what Xen
 * can do: ids, BARs, interrupt pin, PCI Express type and link, whether there is a reset.
 * @plan: its registers are as their rows have them. @img: the captured function. Pure.
 * What follows from which capabilities are shown is not decided here, but by ec_plan_check().
 */
void ec_plan_topology(struct ec_plan *plan, const struct ec_image *img);

#endif
