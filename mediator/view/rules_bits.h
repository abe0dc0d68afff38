/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which treatment rules give to which bits. A stage of build.c; see rules.h. */
#ifndef EC_VIEW_RULES_BITS_H
#define EC_VIEW_RULES_BITS_H

#include "view/plan.h"

/**
 * ec_ruled_bits() - who serves which bits, but for named settings.
 * Returns 0; -EINVAL: a bit of the host's would be given away, a register is the chain's, or the
 * hardware has no such bytes; @diag names it, blame is set.
 */
int ec_ruled_bits(struct ec_plan *plan, struct ec_diag *diag);

#endif
