/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/parse_error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "policy/position.h"
#include "policy/printable.h"

enum kind { AT_VALUE, AT_KEY, SEMANTIC };

/* The first error of shape counts; without one the first semantic error. */
static void report(struct ec_parse *p, enum kind kind, const char *fmt, va_list args)
{
	struct ec_rules_error e = { .semantic = kind == SEMANTIC };
	struct ec_position at = { 0 };

	if (p->errors++ >= EC_PARSE_ERRORS_MAX)
		return;
	if (vsnprintf(e.text, sizeof(e.text), fmt, args) >= (int)sizeof(e.text))
		memcpy(e.text + sizeof(e.text) - sizeof("..."), "...", sizeof("..."));
	ec_printable(e.text);
	ec_parse_path(p, 0, e.path, sizeof(e.path));
	if (p->text)
		at = ec_position_find(p->text, p->len, p->step, p->depth, kind == AT_KEY);
	e.line = at.line;
	e.column = at.column;
	if (p->each)
		p->each(p->each_ctx, &e);
	if (!p->wrong && (!e.semantic || !p->semantic))
		*p->err = e;
	p->wrong |= !e.semantic;
	p->semantic |= e.semantic;
}

int ec_parse_wrong(struct ec_parse *p, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	report(p, AT_VALUE, fmt, args);
	va_end(args);
	return -EINVAL;
}

int ec_parse_wrong_key(struct ec_parse *p, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	report(p, AT_KEY, fmt, args);
	va_end(args);
	return -EINVAL;
}

int ec_parse_semantic(struct ec_parse *p, const char *fmt, ...)
{
	va_list args;

	if (p->semantic && !p->each)
		return 0;
	va_start(args, fmt);
	report(p, SEMANTIC, fmt, args);
	va_end(args);
	return 0;
}

/* Describes a value in short. */
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

int ec_parse_meant(struct ec_parse *p, json_t *got, const char *what, const char *meant)
{
	const struct ec_step *last = p->depth ? p->step + p->depth - 1 : NULL;
	char is[64], ask[80] = "";

	describe(got, is, sizeof(is));
	if (*meant)
		snprintf(ask, sizeof(ask), "; did you mean %.40s?", meant);
	if (!last)
		return ec_parse_wrong(p, "the text must be %s; got %s%s", what, is, ask);
	if (last->key)
		return ec_parse_wrong(p, "\"%.40s\" must be %s; got %s%s", last->key, what, is,
				      ask);
	return ec_parse_wrong(p, "an element of \"%.40s\" must be %s; got %s%s",
			      p->depth > 1 && last[-1].key ? last[-1].key : "", what, is, ask);
}

int ec_parse_expected(struct ec_parse *p, json_t *got, const char *what)
{
	return ec_parse_meant(p, got, what, "");
}
