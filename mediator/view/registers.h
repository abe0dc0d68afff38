/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The registers of a view. */
#ifndef EC_VIEW_REGISTERS_H
#define EC_VIEW_REGISTERS_H

#include "view/plan.h"

/**
 * ec_plan_list() - list the view's registers by rising offset, with the defaults of their rows.
 * @plan: chain and cap must be decided; n and reg are written.
 * Together the registers cover the view. Bytes that no row names become aligned pieces of at most
 * 4 bytes; if they are hidden, one register up to the next dword that a range of a rule names.
 * Pure.
 */
void ec_plan_list(struct ec_plan *plan, const struct ec_image *img);

#endif
