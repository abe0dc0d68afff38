/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must hold for any view. */
#ifndef EC_VIEW_CHECK_H
#define EC_VIEW_CHECK_H

#include "view/plan.h"

/**
 * ec_plan_check() - enforce what must hold for any view, whatever was decided.
 * Hides the bodies of hidden capabilities, links the shown ones, and drops effects that lost bits
 * they need. @plan: hidden and link are written, registers changed. @diag: filled on error. Pure.
 * Returns 0; -EINVAL, with blame, which the tables alone never cause: a bit has no treatment or
 * two, a bit of the host is passed, bytes listed as one register are not hidden, or a dword has two
 * effects, two registers that are only accessed whole, or two places in the hardware.
 */
int ec_plan_check(struct ec_plan *plan, struct ec_diag *diag);

#endif
