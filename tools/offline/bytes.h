/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How each byte of a view is served. Views are compared by bytes, because their registers differ: a
 * rule may add a capability, or name bytes that were a gap.
 */
#ifndef EC_OFFLINE_BYTES_H
#define EC_OFFLINE_BYTES_H

#include "view/plan.h"

/** How a byte is served. */
struct byte_state {
	uint8_t served[EC_TREATMENTS], fixed, value;
	uint8_t write[4];   /* bits that a write changes, in the shadow or the hardware */
	uint8_t own, start; /* bits in the shadow, and their initial value */
	uint8_t given;      /* bits whose initial value a rule has set */
	uint8_t reset;      /* value at power-on, by the row or a rule */
	uint8_t cap_treatment;
	const char *cap, *name;
};

/** bytes_read() - read all bytes of a plan. @state: EC_CONFIG_SIZE of them, written whole. */
void bytes_read(const struct ec_plan *p, struct byte_state *state);

/** bytes_same() - are both served in the same way, and part of the same register? */
bool bytes_same(const struct byte_state *a, const struct byte_state *b);

/** bytes_same_service() - have both the same treatments, and the same constant bits? */
bool bytes_same_service(const struct byte_state *a, const struct byte_state *b);

/** bytes_same_writes() - does a write change the same bits? */
bool bytes_same_writes(const struct byte_state *a, const struct byte_state *b);

/** bytes_same_start() - have the bits that @b has in the shadow the same initial value in @a? */
bool bytes_same_start(const struct byte_state *a, const struct byte_state *b);

/** bytes_same_name() - are both in a register of the same name? */
bool bytes_same_name(const struct byte_state *a, const struct byte_state *b);

/** Room for a description. */
#define BYTES_TEXT_MAX 256

/**
 * bytes_add_treatment() - append "emulate, 003c pass, 0400 constant 0000" to @text, which has room
 * for BYTES_TEXT_MAX characters. @r: the row whose length, defaults and constant bits are described
 * as @who and @fixed say.
 */
void bytes_add_treatment(char *text, const struct ec_reg *r, const uint32_t who[EC_TREATMENTS],
			 uint32_t fixed);

/** bytes_add_state() - the same for @len bytes, at most 4, of which the first is @s. */
void bytes_add_state(char *text, const struct byte_state *s, unsigned int len);

/** bytes_add() - append a formatted text. */
void bytes_add(char *text, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
