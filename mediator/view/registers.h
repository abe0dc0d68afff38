/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which registers a view has. Called by build.c alone. */
#ifndef EC_VIEW_REGISTERS_H
#define EC_VIEW_REGISTERS_H

#include "view/plan.h"

/**
 * ec_plan_list() - list the view's registers by rising offset, as their rows have them.
 * @plan: which capabilities there are is decided; n and reg are written. Bytes that no row names
 *        are listed in aligned pieces of 4 bytes at most; hidden ones of them as one register
 *        each, but for those that a range of a rule is about. Pure.
 */
void ec_plan_list(struct ec_plan *plan, const struct ec_image *img);

#endif
