/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must hold of MSI-X, whoever decided what. */
#ifndef EC_VIEW_MSIX_H
#define EC_VIEW_MSIX_H

#include "view/plan.h"

/**
 * ec_plan_msix() - MSI-X is shown only with its vectors in a memory BAR that is left.
 * @plan: all have decided; a capability that cannot work by the hardware's own say is hidden.
 * Returns 0; -EINVAL: a rule gives it more vectors than there are, hides their BAR or puts the
 * pending bits where that is not; @diag says so, blame is set. Never without rules.
 */
int ec_plan_msix(struct ec_plan *plan, const struct ec_image *img, struct ec_diag *diag);

#endif
