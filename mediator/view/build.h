/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes a plan: runs the stages of a view in order. README.md describes the stages. They include
 * plan.h, never this header.
 */
#ifndef EC_VIEW_BUILD_H
#define EC_VIEW_BUILD_H

#include "view/plan.h"

/**
 * ec_plan_build() - compile the view of @img.
 * @plan: written whole. @options: copied; what it points to must outlive the plan. @diag: filled on
 * error with the reason.
 * Returns 0; -ENODATA: the header was not captured; -ENODEV: the function reads all ones;
 * -EOPNOTSUPP: the header's type is not 0 (nor 1 in the host topology or of an emulated function);
 * -EINVAL: a rule's decision is refused, see blame and blame_set. The tables alone never cause
 * -EINVAL. A broken chain is not an error: see the chain's cuts and the capabilities' faults. Rules
 * are ignored in the host topology.
 */
int ec_plan_build(struct ec_plan *plan, const struct ec_image *img,
		  const struct ec_plan_options *options, struct ec_diag *diag);

#endif
