/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Resizable BAR, reduced to the current size. */
#ifndef EC_CAPABILITIES_REBAR_H
#define EC_CAPABILITIES_REBAR_H

#include <stdbool.h>
#include <stdint.h>

#include "capabilities/capability.h"

/**
 * ec_rebar_single() - one BAR of a Resizable BAR capability, reduced to its current size.
 * @cap, @ctrl: in: the BAR's registers as captured; out: with the current size alone.
 * Returns false, and changes nothing, if the control register has no defined size.
 */
bool ec_rebar_single(uint32_t *cap, uint32_t *ctrl);

/** ec_rebar_count() - BARs of the Resizable BAR capability at @at; 0 if it is malformed. */
unsigned int ec_rebar_count(const struct ec_cap_at *at);

#endif
