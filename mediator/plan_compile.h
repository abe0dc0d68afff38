/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what was decided to a layout: values, facts, masks. Called by plan.c alone. */
#ifndef EC_PLAN_COMPILE_H
#define EC_PLAN_COMPILE_H

#include "plan.h"

/**
 * ec_plan_compile() - from the plan's registers to its layout and shadow.
 * @plan: registers, chain, capabilities and BARs are decided; what must hold of them, values,
 *        layout and shadow are written. @img: the captured function. Pure.
 */
void ec_plan_compile(struct ec_plan *plan, const struct ec_image *img);

#endif
