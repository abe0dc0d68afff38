/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The registers of the configuration header, and those that every capability starts with. */
#ifndef EC_CAPABILITIES_HEADER_H
#define EC_CAPABILITIES_HEADER_H

#include <stdbool.h>

#include "core/reg.h"

/** ec_header_registers() - the registers of a header. @type: 0 or 1; others give none. */
struct ec_reg_table ec_header_registers(unsigned int type);

/**
 * ec_cap_header_registers() - id and next pointer of a capability: CAP_ID and CAP_NEXT, one byte
 * each; two bytes each if @extended.
 */
struct ec_reg_table ec_cap_header_registers(bool extended);

#endif
