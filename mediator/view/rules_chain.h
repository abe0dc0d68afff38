/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stage of rules that changes the chain; see rules.h. */
#ifndef EC_VIEW_RULES_CHAIN_H
#define EC_VIEW_RULES_CHAIN_H

#include "view/plan.h"

/**
 * ec_ruled_chain() - link, move and add capabilities as rules say.
 * @plan: chain and cap are changed.
 * Returns 0; -EINVAL, with @diag and blame: there is no room for a capability, or the hardware does
 * not have it there.
 */
int ec_ruled_chain(struct ec_plan *plan, const struct ec_image *img, struct ec_diag *diag);

#endif
