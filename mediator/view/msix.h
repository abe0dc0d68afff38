/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must hold for MSI-X in any view. */
#ifndef EC_VIEW_MSIX_H
#define EC_VIEW_MSIX_H

#include "view/plan.h"

/**
 * ec_plan_msix() - check that table and pending bits lie in memory BARs that the guest has.
 * @plan: all decisions must be made. If the hardware itself has them elsewhere, MSI-X is hidden.
 * Returns 0; -EINVAL, with @diag and blame: a rule gives more vectors than there are, hides the
 * BAR, or puts the pending bits past its end.
 */
int ec_plan_msix(struct ec_plan *plan, const struct ec_image *img, struct ec_diag *diag);

#endif
