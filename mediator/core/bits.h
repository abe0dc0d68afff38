/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Masks and little-endian loads and stores. Offsets and lengths are in bytes. All pure.
 */
#ifndef EC_CORE_BITS_H
#define EC_CORE_BITS_H

#include <stdbool.h>
#include <stdint.h>

/** Number of elements of a true array. */
#define EC_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/**
 * ec_ones() - the value of @len bytes of all ones.
 * @len: 0 to 8; more counts as 8.
 */
static inline uint64_t ec_ones(unsigned int len)
{
	return len >= 8 ? UINT64_MAX : (1ull << (len * 8)) - 1;
}

/**
 * ec_lanes() - the bits of a dword that an access of @len bytes at byte @first of it touches.
 * @first: 0 to 3. @len: 1 to 4, and @first + @len <= 4.
 */
static inline uint32_t ec_lanes(unsigned int first, unsigned int len)
{
	return (uint32_t)(ec_ones(len) << (first * 8));
}

/** ec_piece() - length of the largest aligned piece (4, 2 or 1) at the start of [@from, @to). */
static inline unsigned int ec_piece(uint32_t from, uint32_t to)
{
	if (from % 4 == 0 && to - from >= 4)
		return 4;
	return from % 2 == 0 && to - from >= 2 ? 2 : 1;
}

/** ec_get_le() - little-endian value of @len bytes (0 to 8) at @p. */
static inline uint64_t ec_get_le(const uint8_t *p, unsigned int len)
{
	uint64_t v = 0;

	for (unsigned int i = 0; i < len; i++)
		v |= (uint64_t)p[i] << (i * 8);
	return v;
}

/** ec_put_le() - store the low @len bytes (0 to 8) of @v at @p, little-endian. */
static inline void ec_put_le(uint8_t *p, unsigned int len, uint64_t v)
{
	for (unsigned int i = 0; i < len; i++)
		p[i] = (uint8_t)(v >> (i * 8));
}

/** ec_low_bit() - the lowest set bit of @v; 0 if @v is 0. */
static inline uint64_t ec_low_bit(uint64_t v)
{
	return v & (~v + 1);
}

#endif
