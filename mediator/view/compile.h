/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The layout and the initial shadow of a plan. */
#ifndef EC_VIEW_COMPILE_H
#define EC_VIEW_COMPILE_H

#include "view/plan.h"

/**
 * ec_plan_compile() - make the layout and the initial shadow from the plan's registers.
 * @plan: registers, chain, capabilities and BARs must be decided; ec_plan_check() is applied, then
 * values, layout and shadow are written. @img: the captured function. @diag: filled on error. Pure.
 * Returns 0; -EINVAL as ec_plan_check(), the layout is then all hidden.
 */
int ec_plan_compile(struct ec_plan *plan, const struct ec_image *img, struct ec_diag *diag);

#endif
