/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads JSON values by their kinds. */
#ifndef EC_POLICY_PARSE_VALUE_H
#define EC_POLICY_PARSE_VALUE_H

#include "policy/parse_state.h"

/** Room for what was meant. */
#define EC_MEANT_MAX 40

/** ec_parse_object() - read an object with @keys, each at most once, and comments. */
int ec_parse_object(struct ec_parse *p, json_t *v, const struct ec_key *keys);

/** ec_parse_members() - call @read for each member of the object @v, with @k. */
int ec_parse_members(struct ec_parse *p, const struct ec_key *k, json_t *v,
		     int (*read)(struct ec_parse *p, const struct ec_key *k, const char *name,
				 json_t *v));

/** ec_parse_unknown() - report that @name is none of @keys, with the most similar one. */
int ec_parse_unknown(struct ec_parse *p, const struct ec_key *keys, const char *name);

/** ec_parse_comment() - check a comment: a string or an array of strings. */
int ec_parse_comment(struct ec_parse *p, json_t *v);

/** ec_parse_bool() - read true or false. */
int ec_parse_bool(struct ec_parse *p, json_t *v, bool *out);

/** ec_parse_word() - read one of @words. */
int ec_parse_word(struct ec_parse *p, json_t *v, const struct ec_word *words, uint32_t *out);

/** ec_parse_number() - read a number from k->low to k->high; unless k->plain also as "0x1f". */
int ec_parse_number(struct ec_parse *p, const struct ec_key *k, json_t *v, uint64_t *out);

/**
 * ec_parse_hex() - read @len bytes of @text as 0x and digits. Returns false if they are not that.
 */
bool ec_parse_hex(const char *text, size_t len, uint64_t *out);

/**
 * ec_parse_meant_number() - the number that a text was meant for: hexadecimal digits without 0x.
 * @k: its range, and whether it must be plain. @out: written, "" if there is none.
 */
void ec_parse_meant_number(const struct ec_key *k, const char *text, char out[EC_MEANT_MAX]);

/** ec_parse_is_integer() - is @v an integer that fits? 1.0 is one, as in JSON Schema. */
bool ec_parse_is_integer(json_t *v, int64_t *out);

#endif
