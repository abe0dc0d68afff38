/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tools/offline/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/bits.h"

static void read_register(const struct ec_plan *p, const struct ec_plan_reg *r,
			  struct byte_state *at)
{
	const struct ec_plan_cap *c = r->cap ? p->cap + r->cap - 1 : NULL;
	struct ec_reg_masks m = ec_reg_serve(&r->reg, r->served, r->fixed);
	const uint32_t write[] = { m.shadow_rw, m.shadow_w1c, m.hw_rw, m.hw_w1c };
	uint32_t own = m.shadow_rw | m.shadow_w1c | r->start;

	for (unsigned int b = 0; b < r->span; b++) {
		/* a range without rows is described by its first byte */
		unsigned int shift = r->span == r->reg.len ? b * 8 : 0;

		for (unsigned int t = 0; t < EC_TREATMENTS; t++)
			at[b].served[t] = (uint8_t)(r->served[t] >> shift);
		at[b].fixed = (uint8_t)(r->fixed >> shift);
		at[b].value = (uint8_t)((r->value & r->fixed) >> shift);
		for (unsigned int w = 0; w < EC_ARRAY_SIZE(write); w++)
			at[b].write[w] = (uint8_t)(write[w] >> shift);
		at[b].own = (uint8_t)(own >> shift);
		at[b].start = (uint8_t)((r->value & own) >> shift);
		at[b].reset = (uint8_t)(r->reg.reset >> shift);
		at[b].given = (uint8_t)(r->start >> shift);
		at[b].cap_treatment = c ? c->treatment : EC_TREATMENTS;
		at[b].cap = c ? c->cap->name : "";
		at[b].name = r->reg.name;
	}
}

void bytes_read(const struct ec_plan *p, struct byte_state *state)
{
	memset(state, 0, EC_CONFIG_SIZE * sizeof(*state));
	for (unsigned int i = 0; i < p->n; i++)
		read_register(p, p->reg + i, state + p->reg[i].offset);
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

bool bytes_same_writes(const struct byte_state *a, const struct byte_state *b)
{
	return !memcmp(a->write, b->write, sizeof(a->write));
}

bool bytes_same_service(const struct byte_state *a, const struct byte_state *b)
{
	return !memcmp(a->served, b->served, sizeof(a->served)) && a->fixed == b->fixed &&
	       a->value == b->value;
}

bool bytes_same_start(const struct byte_state *a, const struct byte_state *b)
{
	return !((a->start ^ b->start) & b->own) && !((a->given ^ b->given) & b->own);
}

bool bytes_same_name(const struct byte_state *a, const struct byte_state *b)
{
	return same_text(a->cap, b->cap) && same_text(a->name, b->name);
}

bool bytes_same(const struct byte_state *a, const struct byte_state *b)
{
	return bytes_same_service(a, b) && bytes_same_writes(a, b) && bytes_same_start(a, b) &&
	       a->cap_treatment == b->cap_treatment && bytes_same_name(a, b);
}

void bytes_add(char *text, const char *fmt, ...)
{
	size_t len = strlen(text);
	va_list args;

	va_start(args, fmt);
	vsnprintf(text + len, BYTES_TEXT_MAX - len, fmt, args);
	va_end(args);
}

/* "emulate, 003c pass, 0400 constant 0000" */
static void add_treatment(char *text, unsigned int len, const uint32_t who[EC_TREATMENTS],
			  uint32_t fixed, uint32_t value)
{
	enum ec_treatment most = ec_reg_main(who);
	int digits = (int)len * 2;

	bytes_add(text, "%s", ec_treatment_names[most]);
	for (unsigned int t = 0; t < EC_TREATMENTS; t++)
		if (t != most && who[t])
			bytes_add(text, ", %0*x %s", digits, who[t], ec_treatment_names[t]);
	/* hidden bits read 0, fixed or not */
	fixed &= ~who[EC_HIDE];
	if (fixed == (uint32_t)ec_ones(len))
		bytes_add(text, ", constant %0*x", digits, value);
	else if (fixed)
		bytes_add(text, ", %0*x constant %0*x", digits, fixed, digits, value & fixed);
}

void bytes_add_state(char *text, const struct byte_state *s, unsigned int len)
{
	uint32_t who[EC_TREATMENTS] = { 0 }, fixed = 0, value = 0;

	for (unsigned int b = 0; b < len; b++) {
		for (unsigned int t = 0; t < EC_TREATMENTS; t++)
			who[t] |= (uint32_t)s[b].served[t] << b * 8;
		fixed |= (uint32_t)s[b].fixed << b * 8;
		value |= (uint32_t)s[b].value << b * 8;
	}
	add_treatment(text, len, who, fixed, value);
}

void bytes_add_treatment(char *text, const struct ec_reg *r, const uint32_t who[EC_TREATMENTS],
			 uint32_t fixed)
{
	add_treatment(text, r->len, who, fixed, r->set);
}
