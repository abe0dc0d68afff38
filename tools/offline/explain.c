/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tools/offline/explain.h"

#include <errno.h>
#include <inttypes.h>
#include <pci/header.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capabilities/header.h"
#include "core/bits.h"
#include "view/msix.h"

const char *const explain_by_names[EXPLAIN_BY] = {
	[EXPLAIN_TABLE] = "table",
	[EXPLAIN_TOPOLOGY] = "topology",
	[EXPLAIN_FUNCTION] = "function",
	[EXPLAIN_RULE] = "rule",
};

/*
 * The treatment of a byte in a plan. Plans are compared by bytes, because their registers differ: a
 * rule may add a capability, or name bytes that were a gap.
 */
struct byte_state {
	uint8_t served[EC_TREATMENTS], fixed, value;
	uint8_t write[4];   /* bits that a write changes, in the shadow or the hardware */
	uint8_t own, start; /* bits in the shadow, and their initial value */
	uint8_t given;      /* bits whose initial value a rule has set */
	uint8_t reset;      /* value at power-on, by the row or a rule */
	uint8_t cap_treatment;
	const char *cap, *name;
};

/* State of explain_make(); too large for the stack. */
struct work {
	struct view_partial partial;
	struct byte_state before[EC_CONFIG_SIZE], after[EC_CONFIG_SIZE];
};

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

static void read_plan(const struct ec_plan *p, struct byte_state *state)
{
	memset(state, 0, EC_CONFIG_SIZE * sizeof(*state));
	for (unsigned int i = 0; i < p->n; i++)
		read_register(p, p->reg + i, state + p->reg[i].offset);
}

static bool same_name(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool same_writes(const struct byte_state *a, const struct byte_state *b)
{
	return !memcmp(a->write, b->write, sizeof(a->write));
}

static bool same_service(const struct byte_state *a, const struct byte_state *b)
{
	return !memcmp(a->served, b->served, sizeof(a->served)) && a->fixed == b->fixed &&
	       a->value == b->value;
}

/* Have the bits that @b has in the shadow the same initial value in @a? */
static bool same_start(const struct byte_state *a, const struct byte_state *b)
{
	return !((a->start ^ b->start) & b->own) && !((a->given ^ b->given) & b->own);
}

/* Was the initial value decided, not only that there is a copy now? */
static bool start_decided(const struct byte_state *a, const struct byte_state *b)
{
	return !same_start(a, b) &&
	       (same_service(a, b) || a->reset != b->reset || (a->given ^ b->given) & b->own);
}

static bool same(const struct byte_state *a, const struct byte_state *b)
{
	return same_service(a, b) && same_writes(a, b) && same_start(a, b) &&
	       a->cap_treatment == b->cap_treatment && same_name(a->cap, b->cap) &&
	       same_name(a->name, b->name);
}

static void add(char *text, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void add(char *text, const char *fmt, ...)
{
	size_t len = strlen(text);
	va_list args;

	va_start(args, fmt);
	vsnprintf(text + len, EXPLAIN_TEXT_MAX - len, fmt, args);
	va_end(args);
}

/* "emulate, 003c pass, 0400 constant 0000" */
static void add_treatment(char *text, unsigned int len, const uint32_t who[EC_TREATMENTS],
			  uint32_t fixed, uint32_t value)
{
	enum ec_treatment most = ec_reg_main(who);
	int digits = (int)len * 2;

	add(text, "%s", ec_treatment_names[most]);
	for (unsigned int t = 0; t < EC_TREATMENTS; t++)
		if (t != most && who[t])
			add(text, ", %0*x %s", digits, who[t], ec_treatment_names[t]);
	/* hidden bits read 0, fixed or not */
	fixed &= ~who[EC_HIDE];
	if (fixed == (uint32_t)ec_ones(len))
		add(text, ", constant %0*x", digits, value);
	else if (fixed)
		add(text, ", %0*x constant %0*x", digits, fixed, digits, value & fixed);
}

/* The same for @len (at most 4) bytes, which may be in several registers of another plan. */
static void add_state(char *text, const struct byte_state *s, unsigned int len)
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

/* Adds what the treatment does not show: the initial value, and the writable bits. */
static void add_rest(char *text, const struct byte_state *a, const struct byte_state *b,
		     unsigned int len)
{
	uint32_t start = 0, writable = 0;
	bool starts = false, writes = false;

	for (unsigned int i = 0; i < len; i++) {
		start |= (uint32_t)b[i].start << i * 8;
		starts |= start_decided(a + i, b + i);
		for (unsigned int w = 0; w < sizeof(b->write); w++)
			writable |= (uint32_t)b[i].write[w] << i * 8;
		writes |= same_service(a + i, b + i) && !same_writes(a + i, b + i);
	}
	if (starts)
		add(text, ", starts as %0*x", (int)len * 2, start);
	if (writes)
		add(text, ", writable %0*x", (int)len * 2, writable);
}

static struct explain_step *new_step(struct explain *e, unsigned int reg, enum explain_by by)
{
	struct explain_step *s;

	if (e->n == e->room) {
		unsigned int room = e->room * 2 + 64;

		s = realloc(e->step, room * sizeof(*s));
		if (!s)
			return NULL;
		e->step = s;
		e->room = room;
	}
	s = e->step + e->n++;
	*s = (struct explain_step){ .reg = reg, .by = by };
	return s;
}

/* The row of @r in the tables. Its copy in the plan of a BAR has constant bits corrected. */
static const struct ec_reg *row_of(const struct ec_plan *p, const struct ec_plan_reg *r)
{
	struct ec_reg_table t = ec_header_registers(p->header_type);

	for (unsigned int i = 0; !r->cap && i < t.n; i++)
		if (t.row[i].offset == r->offset)
			return t.row + i;
	return &r->reg;
}

/* The entry of the tables for @r. */
static void add_table(struct explain_step *s, const struct ec_plan *p, const struct ec_plan_reg *r)
{
	const struct ec_plan_cap *c = r->cap ? p->cap + r->cap - 1 : NULL;
	const struct ec_reg *row = row_of(p, r);
	uint32_t who[EC_TREATMENTS], fixed;

	s->source = row->source;
	if (c && (!s->source || c->treatment == EC_HIDE))
		s->source = c->cap->source;
	if (!s->source || !*s->source)
		s->source = "in no table";
	if (c && c->treatment == EC_HIDE) {
		add(s->text, "%s %s", c->cap->name, ec_treatment_names[c->cap->treatment]);
		return;
	}
	if (r->rest)
		add(s->text, "%s%s ", r->gap ? "" : c->cap->name, r->gap ? "gap" : " body");
	ec_reg_defaults(row, who, &fixed);
	add_treatment(s->text, row->len, who, fixed, row->set);
}

/* Adds why the function's own values hide @r of the plan without rules. */
static void add_why(struct explain_step *s, const struct view *v, const struct ec_plan *p,
		    const struct ec_plan_reg *r)
{
	const struct ec_plan_cap *c = r->cap ? p->cap + r->cap - 1 : NULL;
	struct ec_msix_past m;

	s->source = "captured values";
	add(s->text, "hide: %s", ec_plan_why(p, r));
	if (c && c->cap->id == PCI_CAP_ID_MSIX && !c->cap->extended &&
	    ec_plan_msix_past(p, &v->host->image, &m))
		add(s->text, ": %u bytes at %x of BAR %u, which has %" PRIx64, m.bytes, m.offset,
		    m.bar, m.size);
}

/* The steps of tables, topology and the function, whose result is w->before. */
static int explain_default(const struct view *v, struct work *w, unsigned int reg,
			   struct explain *out)
{
	const struct ec_plan_reg *now = v->plan.reg + reg;
	struct ec_plan *plan = &w->partial.plan;
	const struct ec_plan_reg *r = ec_plan_at(plan, now->offset);
	struct explain_step *s = new_step(out, reg, EXPLAIN_TABLE);

	if (!s)
		return -ENOMEM;
	if (!r)
		return 0;
	add_table(s, plan, r);
	if (r->origin != EC_BY_TOPOLOGY && r->origin != EC_BY_FUNCTION)
		return 0;
	s = new_step(out, reg, r->origin == EC_BY_FUNCTION ? EXPLAIN_FUNCTION : EXPLAIN_TOPOLOGY);
	if (!s)
		return -ENOMEM;
	if (r->origin == EC_BY_FUNCTION) {
		add_why(s, v, plan, r);
		return 0;
	}
	s->source = ec_topology_names[plan->options.topology];
	add_state(s->text, w->before + now->offset, now->reg.len);
	return 0;
}

/* The step of @decided, if it changed bytes of @reg: w->before and w->after are around it. */
static int explain_rule(const struct view *v, const struct work *w, unsigned int reg,
			const struct ec_decision *decided, struct explain *out)
{
	const struct ec_plan_reg *r = v->plan.reg + reg;
	const struct byte_state *a = w->before + r->offset, *b = w->after + r->offset;
	struct explain_step *s;
	bool changed = false;

	for (unsigned int i = 0; i < r->span && !changed; i++)
		changed = !same(a + i, b + i);
	if (!changed)
		return 0;
	s = new_step(out, reg, EXPLAIN_RULE);
	if (!s)
		return -ENOMEM;
	s->decided = decided;
	if (b->name && (!same_name(a->name, b->name) || !same_name(a->cap, b->cap)))
		add(s->text, "%s%s%s ", b->cap, *b->cap ? "." : "", b->name);
	add_state(s->text, b, r->reg.len);
	add_rest(s->text, a, b, r->reg.len);
	return 0;
}

static int each_wanted(const struct view *v, const bool *wanted, struct work *w,
		       const struct ec_decision *decided, struct explain *out)
{
	int rc = 0;

	for (unsigned int i = 0; i < v->plan.n && !rc; i++)
		if (wanted[i])
			rc = decided ? explain_rule(v, w, i, decided, out)
				     : explain_default(v, w, i, out);
	return rc;
}

/*
 * The plan is built with none, one, two and more of the decisions. A decision after which a byte is
 * treated differently has changed it. A plan that cannot be built is skipped: its change is that of
 * the next decision with which it can. Nothing else records who decided, so the answer is right
 * however plans are built.
 */
int explain_make(const struct view *v, const struct options *o, const bool *wanted,
		 struct explain *out)
{
	struct work *w = malloc(sizeof(*w));
	int rc = w ? 0 : -ENOMEM;

	*out = (struct explain){ 0 };
	for (unsigned int n = 0; n <= v->decided.n && !rc; n++) {
		if (view_build(v, o, n, &w->partial))
			continue;
		if (!n) {
			read_plan(&w->partial.plan, w->before);
			rc = each_wanted(v, wanted, w, NULL, out);
			continue;
		}
		read_plan(&w->partial.plan, w->after);
		rc = each_wanted(v, wanted, w, v->decided.decision + n - 1, out);
		memcpy(w->before, w->after, sizeof(w->before));
	}
	free(w);
	if (rc) {
		free(out->step);
		*out = (struct explain){ 0 };
	}
	return rc;
}
