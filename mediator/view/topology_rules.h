/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decisions that depend on the guest topology and on the platform. */
#ifndef EC_VIEW_TOPOLOGY_RULES_H
#define EC_VIEW_TOPOLOGY_RULES_H

#include "view/plan.h"

/**
 * ec_plan_topology() - decide ids, BARs, interrupt pin, PCI Express type and link, and resets.
 * They depend on where the guest sees the function and on what Xen can do.
 * @plan: registers must be listed. @img: the captured function. Pure.
 * The links between capabilities are decided later, by ec_plan_check().
 */
void ec_plan_topology(struct ec_plan *plan, const struct ec_image *img);

#endif
