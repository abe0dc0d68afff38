/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the place of a value in a JSON text, which the parser does not keep. Pure. */
#ifndef EC_POLICY_POSITION_H
#define EC_POLICY_POSITION_H

#include <stdbool.h>
#include <stddef.h>

/** A step down into a value: a key of an object, or an element of an array. */
struct ec_step {
	const char *key; /* UTF-8; NULL: an element */
	size_t index;    /* of the element */
};

/** A place in a text, both counted from 1; 0: nowhere. */
struct ec_position {
	unsigned int line, column; /* column: in characters, not bytes */
};

/** ec_position_at() - the place of byte @at of a text. */
struct ec_position ec_position_at(const char *text, size_t len, size_t at);

/** ec_position_after() - the place @then of a text that begins at @first in a longer one. */
struct ec_position ec_position_after(struct ec_position first, struct ec_position then);

/**
 * ec_position_next() - the first byte of the element of an array after the one at byte @at.
 * @text, @len: valid JSON, as for the functions below. Returns @len if there is none.
 */
size_t ec_position_next(const char *text, size_t len, size_t at);

/** ec_position_byte() - the first byte of the value that @n steps lead to; @len: none. */
size_t ec_position_byte(const char *text, size_t len, const struct ec_step *step, unsigned int n);

/**
 * ec_position_find() - the place of the value that @n steps lead to.
 * @text, @len: valid JSON; for any other text the result is meaningless. @at_key: find the last
 * step's key, not its value. Returns 0, 0 if the steps lead nowhere.
 */
struct ec_position ec_position_find(const char *text, size_t len, const struct ec_step *step,
				    unsigned int n, bool at_key);

#endif
