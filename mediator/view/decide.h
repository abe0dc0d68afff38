/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How it is decided who serves a register's bits. Whoever decides later wins, bit by bit, and is
 * the register's origin. Nothing is derived from a register before all have decided.
 */
#ifndef EC_VIEW_DECIDE_H
#define EC_VIEW_DECIDE_H

#include "view/plan.h"

/**
 * ec_plan_treat() - the bits @bits of @r are treated as @t from now on.
 * What was fixed of them no longer is, but for what the row corrects (clr and set). Bits behind
 * the register's end are ignored. Hidden bits read 0, fixed or not.
 */
void ec_plan_treat(struct ec_plan_reg *r, uint32_t bits, enum ec_treatment t, uint16_t origin);

/**
 * ec_plan_fix() - the bits @bits of @r are constant for the guest, as @value has them, whoever
 * serves them. Bits behind the register's end are ignored.
 */
void ec_plan_fix(struct ec_plan_reg *r, uint32_t bits, uint32_t value, uint16_t origin);

/**
 * ec_plan_start() - of the bits @bits of @r those that are emulated start as @value has them; the
 * others are constant. Bits behind the register's end are ignored.
 */
void ec_plan_start(struct ec_plan_reg *r, uint32_t bits, uint32_t value, uint16_t origin);

/**
 * ec_plan_starts() - the bits of @r that start its effect, if it has one: of those that the row
 * names (fx) the ones that the guest may still write. Pure.
 */
uint32_t ec_plan_starts(const struct ec_plan_reg *r);

/** ec_plan_constant() - all of @r is frozen, as @value. */
void ec_plan_constant(struct ec_plan_reg *r, uint32_t value, uint16_t origin);

#endif
