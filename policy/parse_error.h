/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports errors at the value being read. */
#ifndef EC_POLICY_PARSE_ERROR_H
#define EC_POLICY_PARSE_ERROR_H

#include "policy/parse_state.h"

/** ec_parse_wrong() - report wrong shape at the value of the last step. Returns -EINVAL. */
int ec_parse_wrong(struct ec_parse *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** ec_parse_wrong_key() - report wrong shape at the key of the last step. Returns -EINVAL. */
int ec_parse_wrong_key(struct ec_parse *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** ec_parse_semantic() - report a semantic error; reading goes on. Returns 0. */
int ec_parse_semantic(struct ec_parse *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** ec_parse_expected() - report wrong shape: '"key" must be WHAT; got VALUE'. Returns -EINVAL. */
int ec_parse_expected(struct ec_parse *p, json_t *got, const char *what);

/** ec_parse_meant() - the same, with "; did you mean MEANT?" unless @meant is "". */
int ec_parse_meant(struct ec_parse *p, json_t *got, const char *what, const char *meant);

#endif
