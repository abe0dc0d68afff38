/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "policy/parse_internal.h"

void ec_parse_push(struct ec_parse *p, const char *key, size_t index)
{
	p->step[p->depth++] = (struct ec_step){ key, index };
}

void ec_parse_pop(struct ec_parse *p)
{
	p->depth--;
}

void ec_parse_path(const struct ec_parse *p, unsigned int from, char *out, size_t room)
{
	size_t len = 0;

	*out = 0;
	for (unsigned int i = from; i < p->depth && len < room; i++) {
		const struct ec_step *s = p->step + i;

		len += (size_t)(s->key ? snprintf(out + len, room - len, "%s%s", len ? "." : "",
						  s->key)
				       : snprintf(out + len, room - len, "[%zu]", s->index));
	}
	ec_parse_tidy(out);
}

/* Bytes of the character at @s; 0: it is no valid one, or none to print. */
static unsigned int printable(const char *s)
{
	uint8_t c = (uint8_t)*s, next = c ? (uint8_t)s[1] : 0;
	unsigned int n = c < 0x80   ? 1
			 : c < 0xc2 ? 0
			 : c < 0xe0 ? 2
			 : c < 0xf0 ? 3
			 : c < 0xf5 ? 4
				    : 0;

	if (c < 0x20 || c == 0x7f)
		return 0;
	/* control characters of two bytes; overlong forms and halves of pairs */
	if ((c == 0xc2 && next < 0xa0) || (c == 0xe0 && next < 0xa0) ||
	    (c == 0xed && next >= 0xa0) || (c == 0xf0 && next < 0x90) ||
	    (c == 0xf4 && next >= 0x90))
		return 0;
	for (unsigned int i = 1; i < n; i++)
		if (((uint8_t)s[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

void ec_parse_tidy(char *text)
{
	while (*text) {
		unsigned int n = printable(text);

		if (!n)
			*text = '?';
		text += n ? n : 1;
	}
}

static void tell(struct ec_parse *p, bool at_key, const char *fmt, va_list args)
{
	struct ec_rules_error *e = p->err;
	struct ec_position at = { 0 };

	memset(e, 0, sizeof(*e));
	if (vsnprintf(e->text, sizeof(e->text), fmt, args) >= (int)sizeof(e->text))
		memcpy(e->text + sizeof(e->text) - sizeof("..."), "...", sizeof("..."));
	ec_parse_tidy(e->text);
	ec_parse_path(p, 0, e->path, sizeof(e->path));
	if (p->text)
		at = ec_position_find(p->text, p->len, p->step, p->depth, at_key);
	e->line = at.line;
	e->column = at.column;
}

int ec_parse_wrong(struct ec_parse *p, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	tell(p, false, fmt, args);
	va_end(args);
	return -EINVAL;
}

int ec_parse_wrong_key(struct ec_parse *p, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	tell(p, true, fmt, args);
	va_end(args);
	return -EINVAL;
}

int ec_parse_senseless(struct ec_parse *p, const char *fmt, ...)
{
	va_list args;

	if (p->semantic)
		return 0;
	va_start(args, fmt);
	tell(p, false, fmt, args);
	va_end(args);
	p->semantic = p->err->semantic = true;
	return 0;
}

/* What was found instead, shortly. */
static void describe(json_t *v, char *out, size_t room)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		snprintf(out, room, "an object");
		break;
	case JSON_ARRAY:
		snprintf(out, room, json_array_size(v) ? "an array" : "an empty array");
		break;
	case JSON_STRING:
		snprintf(out, room, "\"%.40s\"%s", json_string_value(v),
			 json_string_length(v) > 40 ? "..." : "");
		break;
	case JSON_INTEGER:
		snprintf(out, room, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
		break;
	case JSON_REAL:
		snprintf(out, room, "%.17g", json_real_value(v));
		break;
	default:
		snprintf(out, room, json_is_true(v) ? "true" : json_is_false(v) ? "false" : "null");
		break;
	}
}

int ec_parse_expected(struct ec_parse *p, json_t *got, const char *what)
{
	const struct ec_step *last = p->depth ? p->step + p->depth - 1 : NULL;
	char is[64];

	describe(got, is, sizeof(is));
	if (!last)
		return ec_parse_wrong(p, "the text is %s; got %s", what, is);
	if (last->key)
		return ec_parse_wrong(p, "\"%.40s\" is %s; got %s", last->key, what, is);
	return ec_parse_wrong(p, "an element of \"%.40s\" is %s; got %s",
			      p->depth > 1 && last[-1].key ? last[-1].key : "", what, is);
}
