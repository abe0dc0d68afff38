/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tools/offline/explain.h"

#include <errno.h>
#include <inttypes.h>
#include <pci/header.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capabilities/header.h"
#include "tools/offline/bytes.h"
#include "view/msix.h"

const char *const explain_by_names[EXPLAIN_BY] = {
	[EXPLAIN_TABLE] = "table",
	[EXPLAIN_TOPOLOGY] = "topology",
	[EXPLAIN_FUNCTION] = "function",
	[EXPLAIN_RULE] = "rule",
};

/* State of explain_make(); too large for the stack. */
struct work {
	struct view_partial partial;
	struct byte_state before[EC_CONFIG_SIZE], after[EC_CONFIG_SIZE];
};

/* Was the initial value decided, not only that there is a copy now? */
static bool start_decided(const struct byte_state *a, const struct byte_state *b)
{
	return !bytes_same_start(a, b) &&
	       (bytes_same_service(a, b) || a->reset != b->reset || (a->given ^ b->given) & b->own);
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
		writes |= bytes_same_service(a + i, b + i) && !bytes_same_writes(a + i, b + i);
	}
	if (starts)
		bytes_add(text, ", starts as %0*x", (int)len * 2, start);
	if (writes)
		bytes_add(text, ", writable %0*x", (int)len * 2, writable);
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
		bytes_add(s->text, "%s %s", c->cap->name, ec_treatment_names[c->cap->treatment]);
		return;
	}
	if (r->rest)
		bytes_add(s->text, "%s%s ", r->gap ? "" : c->cap->name, r->gap ? "gap" : " body");
	ec_reg_defaults(row, who, &fixed);
	bytes_add_treatment(s->text, row, who, fixed);
}

/* Adds why the function's own values hide @r of the plan without rules. */
static void add_why(struct explain_step *s, const struct view *v, const struct ec_plan *p,
		    const struct ec_plan_reg *r)
{
	const struct ec_plan_cap *c = r->cap ? p->cap + r->cap - 1 : NULL;
	struct ec_msix_past m;

	s->source = "captured values";
	bytes_add(s->text, "hide: %s", ec_plan_why(p, r));
	if (c && c->cap->id == PCI_CAP_ID_MSIX && !c->cap->extended &&
	    ec_plan_msix_past(p, &v->host->image, &m))
		bytes_add(s->text, ": %u bytes at %x of BAR %u, which has %" PRIx64, m.bytes,
			  m.offset, m.bar, m.size);
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
	bytes_add_state(s->text, w->before + now->offset, now->reg.len);
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
		changed = !bytes_same(a + i, b + i);
	if (!changed)
		return 0;
	s = new_step(out, reg, EXPLAIN_RULE);
	if (!s)
		return -ENOMEM;
	s->decided = decided;
	if (b->name && !bytes_same_name(a, b))
		bytes_add(s->text, "%s%s%s ", b->cap, *b->cap ? "." : "", b->name);
	bytes_add_state(s->text, b, r->reg.len);
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
			bytes_read(&w->partial.plan, w->before);
			rc = each_wanted(v, wanted, w, NULL, out);
			continue;
		}
		bytes_read(&w->partial.plan, w->after);
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
