/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what was decided to a layout: values, facts, masks. Called by build.c alone. */
#ifndef EC_VIEW_COMPILE_H
#define EC_VIEW_COMPILE_H

#include "view/plan.h"

/**
 * ec_plan_compile() - from the plan's registers to its layout and shadow.
 * @plan: registers, chain, capabilities and BARs are decided; what must hold of them, values,
 *        layout and shadow are written. @img: the captured function. @diag: filled on error. Pure.
 * Returns 0; -EINVAL if what was decided cannot be: see ec_plan_check(). Then all is hidden.
 */
int ec_plan_compile(struct ec_plan *plan, const struct ec_image *img, struct ec_diag *diag);

#endif
