/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decisions about the bits of a register. A later decision replaces an earlier one, bit by bit, and
 * becomes the register's origin. Nothing is derived from a register before all decisions are made.
 */
#ifndef EC_VIEW_DECIDE_H
#define EC_VIEW_DECIDE_H

#include "view/plan.h"

/**
 * ec_plan_treat() - give bits of a register treatment @t.
 * They are no longer constant, except those that the row corrects (clr and set). Hidden bits read
 * 0, constant or not. @bits: those past the register's end are ignored.
 */
void ec_plan_treat(struct ec_plan_reg *r, uint32_t bits, enum ec_treatment t, uint16_t origin);

/**
 * ec_plan_fix() - make bits of a register constant for the guest, as in @value.
 * Their treatment stays. @bits: those past the register's end are ignored.
 */
void ec_plan_fix(struct ec_plan_reg *r, uint32_t bits, uint32_t value, uint16_t origin);

/**
 * ec_plan_start() - set the initial value of bits of a register.
 * Emulated bits start as in @value; the others are constant. @bits: those past the register's end
 * are ignored.
 */
void ec_plan_start(struct ec_plan_reg *r, uint32_t bits, uint32_t value, uint16_t origin);

/**
 * ec_plan_starts() - the bits of @r that start its effect, if it has one.
 * They are those of the row's fx (all RW bits if it has none) that the guest may write. Pure.
 */
uint32_t ec_plan_starts(const struct ec_plan_reg *r);

/** ec_plan_constant() - freeze all of @r, with @value. */
void ec_plan_constant(struct ec_plan_reg *r, uint32_t value, uint16_t origin);

#endif
