/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stage of rules that decides the treatment of bits; see rules.h. */
#ifndef EC_VIEW_RULES_BITS_H
#define EC_VIEW_RULES_BITS_H

#include "view/plan.h"

/**
 * ec_ruled_bits() - apply permissive, capabilities, ranges and registers, in this order.
 * Returns 0; -EINVAL, with @diag and blame: a rule would read or pass a bit of the host, change a
 * register of the chain, or the hardware has no such bytes.
 */
int ec_ruled_bits(struct ec_plan *plan, struct ec_diag *diag);

#endif
