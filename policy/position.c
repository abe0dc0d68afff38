/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/position.h"

#include <stdint.h>
#include <string.h>

struct scan {
	const char *text;
	size_t at, len;
};

static char peek(const struct scan *s)
{
	return s->at < s->len ? s->text[s->at] : 0;
}

/* Skips white space, and @what if it is next. Returns whether it was. */
static bool skip(struct scan *s, char what)
{
	while (s->at < s->len && memchr(" \t\r\n", s->text[s->at], 4))
		s->at++;
	if (!what || peek(s) != what)
		return false;
	s->at++;
	return true;
}

/* Skips a string. */
static void skip_string(struct scan *s)
{
	s->at++;
	while (s->at < s->len && s->text[s->at] != '"')
		s->at += s->text[s->at] == '\\' ? 2 : 1;
	s->at++;
}

/* Skips a value, however deep it is. */
static void skip_value(struct scan *s)
{
	size_t depth = 0;

	while (s->at < s->len) {
		char c = s->text[s->at];

		if (c == '"')
			skip_string(s);
		else
			s->at++;
		if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && depth)
			depth--;
		/* a number or a word ends before a character that can follow a value */
		if (!depth &&
		    (memchr("\"}]", c, 3) || !peek(s) || memchr(",]} \t\r\n", peek(s), 7)))
			return;
	}
}

static uint32_t hex4(const struct scan *s, size_t at)
{
	static const char digits[] = "0123456789abcdef";
	uint32_t v = 0;

	for (size_t i = at; i < at + 4; i++) {
		const char *d = i < s->len ? memchr(digits, s->text[i] | 0x20, 16) : NULL;

		v = v << 4 | (d ? (uint32_t)(d - digits) : 0);
	}
	return v;
}

/* Writes a character as UTF-8: a lead byte, then 6 bits per byte. Returns its bytes. */
static unsigned int put_utf8(uint32_t c, char out[4])
{
	unsigned int n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const uint8_t lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (unsigned int i = n; i-- > 1; c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(lead[n] | c);
	return n;
}

/* Skips an escape and writes its character to @out. Returns the bytes written. */
static unsigned int unescape(struct scan *s, char out[4])
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	char c = s->at + 1 < s->len ? s->text[s->at + 1] : 0;
	const char *plain = c ? strchr(from, c) : NULL;
	uint32_t v;

	s->at += 2;
	if (plain) {
		*out = to[plain - from];
		return 1;
	}
	v = hex4(s, s->at);
	s->at += 4;
	/* the first half of a surrogate pair: 10 bits in each half */
	if (v >= 0xd800 && v < 0xdc00) {
		v = 0x10000 + ((v & 0x3ff) << 10) + (hex4(s, s->at + 2) & 0x3ff);
		s->at += 6;
	}
	return put_utf8(v, out);
}

/* Skips a string. Returns whether it is @key. */
static bool string_is(struct scan *s, const char *key)
{
	size_t left = strlen(key);
	bool same = true;

	s->at++;
	while (s->at < s->len && s->text[s->at] != '"') {
		char c[4] = { s->text[s->at] };
		unsigned int n = 1;

		if (*c == '\\')
			n = unescape(s, c);
		else
			s->at++;
		same = same && left >= n && !memcmp(key, c, n);
		key += same ? n : 0;
		left -= same ? n : 0;
	}
	s->at++;
	return same && !left;
}

/* Enters the value of @key in an object. @where: the place of the key. */
static bool enter_key(struct scan *s, const char *key, size_t *where)
{
	if (!skip(s, '{'))
		return false;
	do {
		bool found;

		skip(s, 0);
		*where = s->at;
		if (peek(s) != '"')
			return false;
		found = string_is(s, key);
		if (!skip(s, ':'))
			return false;
		skip(s, 0);
		if (found)
			return true;
		skip_value(s);
	} while (skip(s, ','));
	return false;
}

static bool enter_element(struct scan *s, size_t index)
{
	if (!skip(s, '['))
		return false;
	for (skip(s, 0); index; index--, skip(s, 0)) {
		skip_value(s);
		if (!skip(s, ','))
			return false;
	}
	return true;
}

struct ec_position ec_position_at(const char *text, size_t len, size_t at)
{
	struct ec_position p = { 1, 1 };

	for (size_t i = 0; i < at && i < len; i++) {
		uint8_t c = (uint8_t)text[i];

		if (c == '\n')
			p = (struct ec_position){ p.line + 1, 1 };
		else if ((c & 0xc0) != 0x80) /* not the rest of a character */
			p.column++;
	}
	return p;
}

struct ec_position ec_position_after(struct ec_position first, struct ec_position then)
{
	if (!then.line)
		return then;
	return (struct ec_position){ first.line + then.line - 1,
				     then.line > 1 ? then.column : first.column + then.column - 1 };
}

size_t ec_position_next(const char *text, size_t len, size_t at)
{
	struct scan s = { .text = text, .at = at, .len = len };

	skip_value(&s);
	if (!skip(&s, ','))
		return len;
	skip(&s, 0);
	return s.at;
}

/* Follows the steps. @key: the place of the last step's key. Returns whether there is a value. */
static bool follow(struct scan *s, const struct ec_step *step, unsigned int n, size_t *key)
{
	bool found = true;

	skip(s, 0);
	for (unsigned int i = 0; i < n && found; i++)
		found = step[i].key ? enter_key(s, step[i].key, key)
				    : enter_element(s, step[i].index);
	return found;
}

size_t ec_position_byte(const char *text, size_t len, const struct ec_step *step, unsigned int n)
{
	struct scan s = { .text = text, .len = len };
	size_t key = 0;

	return follow(&s, step, n, &key) ? s.at : len;
}

struct ec_position ec_position_find(const char *text, size_t len, const struct ec_step *step,
				    unsigned int n, bool at_key)
{
	struct scan s = { .text = text, .len = len };
	size_t key = 0;

	if (!follow(&s, step, n, &key))
		return (struct ec_position){ 0, 0 };
	return ec_position_at(text, len, at_key && n && step[n - 1].key ? key : s.at);
}
