/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Capabilities that rules link, move and add. A stage of build.c; see rules.h. */
#ifndef EC_VIEW_RULES_CHAIN_H
#define EC_VIEW_RULES_CHAIN_H

#include "view/plan.h"

/**
 * ec_ruled_chain() - capabilities that rules link, move and add.
 * @plan: chain and cap are changed. A moved capability stays where it was, too, but is dead there.
 * Returns 0; -EINVAL: one has no room there, or is not there; @diag names it, blame is set.
 */
int ec_ruled_chain(struct ec_plan *plan, const struct ec_image *img, struct ec_diag *diag);

#endif
