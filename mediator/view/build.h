/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes a plan: the stages of a view in order. The stages know the plan's types (plan.h) and each
 * other's results, never this file.
 */
#ifndef EC_VIEW_BUILD_H
#define EC_VIEW_BUILD_H

#include "view/plan.h"

/**
 * ec_plan_build() - compile the view of @img.
 * @plan: written; nothing of what it held counts. @options: copied; region must outlive the call.
 * @diag: filled on error with why the function cannot be viewed.
 * Returns 0; -ENODATA: its header was not captured; -ENODEV: it reads all ones; -EOPNOTSUPP: a
 * header of another type than 0, or than 0 and 1 for the host topology and emulated functions;
 * -EINVAL: it is decided as it cannot be, which the tables alone never cause; blame says whose
 * decision that is, blame_set which. A broken chain is no error: see the chain's cuts and the
 * capabilities' faults. Rules do not count in the host topology.
 */
int ec_plan_build(struct ec_plan *plan, const struct ec_image *img,
		  const struct ec_plan_options *options, struct ec_diag *diag);

#endif
