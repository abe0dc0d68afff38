/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must hold of a view, whoever decided what. Called by plan_compile.c alone. */
#ifndef EC_VIEW_CHECK_H
#define EC_VIEW_CHECK_H

#include "view/plan.h"

/**
 * ec_plan_check() - make a plan whose registers are decided hold together.
 * Hidden capabilities are dead and unlinked, shown ones linked; an effect that lost what it needs
 * is none. @plan: hidden and link are written, registers changed. @diag: filled on error. Pure.
 * Returns 0; -EINVAL: a bit is served by none or by two, one of the host's is passed, bytes that
 * are hidden as one register are not hidden, or a dword has two effects, two registers that are
 * only accessed whole, or two places in the hardware; blame says who decided it so. The tables
 * alone cause none of that.
 */
int ec_plan_check(struct ec_plan *plan, struct ec_diag *diag);

#endif
