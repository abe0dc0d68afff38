/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings of rules that have a name of their own. A stage of build.c; see rules.h. */
#ifndef EC_VIEW_RULES_NAMED_H
#define EC_VIEW_RULES_NAMED_H

#include "view/plan.h"

/**
 * ec_ruled_named() - named settings: PCI Express, MSI, MSI-X, BARs, power, errors, serial number;
 * then what must hold of BARs whatever was decided.
 * Returns 0; -EINVAL as above.
 */
int ec_ruled_named(struct ec_plan *plan, const struct ec_image *img, struct ec_diag *diag);

#endif
