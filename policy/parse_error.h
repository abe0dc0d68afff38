/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors at the value that is read. */
#ifndef EC_POLICY_PARSE_ERROR_H
#define EC_POLICY_PARSE_ERROR_H

#include "policy/parse_state.h"

/** ec_parse_wrong() - wrong shape at the value of the last step, printf-like. Returns -EINVAL. */
int ec_parse_wrong(struct ec_parse *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** ec_parse_wrong_key() - the same at its key. */
int ec_parse_wrong_key(struct ec_parse *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** ec_parse_semantic() - a semantic error; the first one counts. Returns 0. */
int ec_parse_semantic(struct ec_parse *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** ec_parse_expected() - wrong shape: '"key" is WHAT; got VALUE'. Returns -EINVAL. */
int ec_parse_expected(struct ec_parse *p, json_t *got, const char *what);

#endif
