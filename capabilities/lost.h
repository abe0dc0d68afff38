/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The registers whose host values do not survive a reset or D3hot: rows with ec_reg.lost. The
 * service reads them before a guest has the function and writes them back afterwards.
 */
#ifndef EC_CAPABILITIES_LOST_H
#define EC_CAPABILITIES_LOST_H

#include <stdint.h>

#include "capabilities/capability.h"

/** Most that ec_lost_header() and ec_lost_registers() return: their arrays' sizes. */
#define EC_LOST_HEADER_MAX 9u
#define EC_LOST_REGISTERS_MAX 20u

/** A register, or two adjacent ones in a dword, of a capability. */
struct ec_lost_register {
	const struct ec_cap *cap;
	uint16_t offset; /* in the capability */
	uint8_t len;     /* 2 or 4 */
};

/**
 * ec_lost_header() - dwords of a type 0 header with lost registers.
 * @offset: set to their offsets, rising. Returns their number. Pure.
 */
unsigned int ec_lost_header(uint8_t offset[EC_LOST_HEADER_MAX]);

/**
 * ec_lost_registers() - lost registers of capabilities, as an endpoint has them.
 * @reg: set to them, in the order in which they are restored (enum ec_lost). An instance may end
 * before some of them. Returns their number. Pure.
 */
unsigned int ec_lost_registers(struct ec_lost_register reg[EC_LOST_REGISTERS_MAX]);

#endif
