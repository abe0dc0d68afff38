/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Macros and helpers for the files that define tables and entries. */
#ifndef EC_CAPABILITIES_TABLE_H
#define EC_CAPABILITIES_TABLE_H

#include <pci/header.h>

#include "capabilities/bits.h"
#include "capabilities/capability.h"
#include "capabilities/entries.h"
#include "core/bits.h"
#include "core/pci_bits.h"

/** The array @rows as a struct ec_reg_table. */
#define EC_TABLE(rows) ((struct ec_reg_table){ rows, EC_ARRAY_SIZE(rows) })

/** The same as an initializer. */
#define EC_ROWS(rows)                                                                              \
	{                                                                                          \
		rows, EC_ARRAY_SIZE(rows)                                                          \
	}

/** The start of a standard capability's entry. */
#define EC_STD(n, nm, ttl, t, l, rl, src)                                                          \
	.id = n, .treatment = t, .least = l, .name = nm, .title = ttl, .length_text = rl,          \
	.source = src

/** The start of an extended capability's entry. */
#define EC_EXT(n, nm, ttl, t, l, rl, src)                                                          \
	.id = n, .extended = true, .treatment = t, .least = l, .name = nm, .title = ttl,           \
	.length_text = rl, .source = src

/** All bits of a register. */
#define EC_ALL8 0xffu
#define EC_ALL16 0xffffu
#define EC_ALL32 0xffffffffu

/** All bits of a register but @bits: the reserved ones, if @bits are all that are defined. */
#define EC_OTHERS8(bits) (EC_ALL8 & ~(uint32_t)(bits))
#define EC_OTHERS16(bits) (EC_ALL16 & ~(uint32_t)(bits))
#define EC_OTHERS32(bits) (EC_ALL32 & ~(uint32_t)(bits))

/** Writable bits that the host owns: no rule may pass them. */
#define EC_HOST_RW(bits) .rw = bits, .host = bits
#define EC_HOST_W1C(bits) .w1c = bits, .host = bits

/** Repeated registers: @m(0), @m(1), ... Literal numbers, because they become part of names. */
#define EC_TIMES_8(m) m(0), m(1), m(2), m(3), m(4), m(5), m(6), m(7)
#define EC_TIMES_16(m) EC_TIMES_8(m), m(8), m(9), m(10), m(11), m(12), m(13), m(14), m(15)
#define EC_TIMES_32(m)                                                                             \
	EC_TIMES_16(m), m(16), m(17), m(18), m(19), m(20), m(21), m(22), m(23), m(24), m(25),      \
		m(26), m(27), m(28), m(29), m(30), m(31)
#define EC_TIMES_64(m)                                                                             \
	EC_TIMES_32(m), m(32), m(33), m(34), m(35), m(36), m(37), m(38), m(39), m(40), m(41),      \
		m(42), m(43), m(44), m(45), m(46), m(47), m(48), m(49), m(50), m(51), m(52),       \
		m(53), m(54), m(55), m(56), m(57), m(58), m(59), m(60), m(61), m(62), m(63)

/** ec_at_get() - value of the @len (1, 2 or 4) bytes at @off of an instance; 0 if not captured. */
static inline uint32_t ec_at_get(const struct ec_cap_at *at, uint32_t off, unsigned int len)
{
	return ec_image_get(at->img, at->offset + off, len);
}

/**
 * ec_lane_bytes() - length of a capability with @each bytes per lane from @from on, in whole
 * dwords. An unknown number of lanes counts as 32, or as the room: a length may be too long, never
 * too short.
 */
static inline uint32_t ec_lane_bytes(const struct ec_cap_at *at, uint32_t from, uint32_t each)
{
	uint32_t most = from + 32 * each;

	if (!at->lanes)
		return at->room < most ? at->room : most;
	return from + (at->lanes * each + 3u) / 4u * 4u;
}

#endif
