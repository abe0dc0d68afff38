/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must hold for MSI-X in any view. */
#ifndef EC_VIEW_MSIX_H
#define EC_VIEW_MSIX_H

#include "view/plan.h"

/** MSI-X whose pending bits end past their BAR, as the function has it. */
struct ec_msix_past {
	unsigned int bar;
	uint64_t size;          /* of the BAR */
	uint32_t offset, bytes; /* of the pending bits in it */
	bool fits;              /* they could be after the table */
	uint32_t free;          /* there */
};

/**
 * ec_plan_msix() - check that table and pending bits lie in memory BARs that the guest has.
 * @plan: all decisions must be made. If the hardware itself has them elsewhere, MSI-X is hidden.
 * Returns 0; -EINVAL, with @diag and blame: a rule gives more vectors than there are, hides the
 * BAR, or puts the pending bits past its end.
 */
int ec_plan_msix(struct ec_plan *plan, const struct ec_image *img, struct ec_diag *diag);

/**
 * ec_plan_msix_past() - is MSI-X hidden only because its pending bits end past their BAR?
 * @plan: as ec_plan_build() left it. @out: written if so; its place is a guess. Returns whether.
 */
bool ec_plan_msix_past(const struct ec_plan *plan, const struct ec_image *img,
		       struct ec_msix_past *out);

#endif
