/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stage of rules for settings of one function each; see rules.h. */
#ifndef EC_VIEW_RULES_NAMED_H
#define EC_VIEW_RULES_NAMED_H

#include "view/plan.h"

/**
 * ec_ruled_named() - apply the settings of PCI Express, MSI, MSI-X, power, errors, serial number.
 * Then hide BARs that the guest cannot use any more.
 * Returns 0; -EINVAL, with @diag and blame: there is no room for a version's registers.
 */
int ec_ruled_named(struct ec_plan *plan, const struct ec_image *img, struct ec_diag *diag);

#endif
