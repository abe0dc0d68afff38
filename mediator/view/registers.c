/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/registers.h"
#include "capabilities/header.h"

#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "view/decide.h"
#include "view/lengths.h"
#include "view/rules.h"

#define EXT_FIRST 0x100u

/* Bytes that no row names, and what becomes of them. */
struct rest {
	uint16_t cap;
	struct ec_rest as;
	bool cut;
};

/* Where a capability ends: what is shown of it, and all of it. */
struct ends {
	uint32_t shown, whole;
};

static struct ec_plan_reg *add_reg(struct ec_plan *p, uint32_t offset, uint16_t cap,
				   const struct ec_reg *row)
{
	struct ec_plan_reg *r = p->reg + p->n++;

	r->offset = r->from = (uint16_t)offset;
	if (cap)
		r->from = (uint16_t)(offset + p->cap[cap - 1].from - p->chain.link[cap - 1].offset);
	r->span = row->len;
	r->cap = cap;
	r->origin = EC_BY_TABLE;
	r->gap = r->rest = r->made = r->wanted = r->cut = false;
	r->reg = *row;
	r->held = r->permissive = r->start = 0;
	ec_reg_defaults(row, r->who, &r->fixed);
	r->value = row->set;
	return r;
}

static struct ec_plan_reg *add_piece(struct ec_plan *p, uint32_t offset, const struct rest *rest,
				     const struct ec_reg *row)
{
	struct ec_plan_reg *r = add_reg(p, offset, rest->cap, row);

	r->rest = true;
	r->cut = rest->cut;
	r->gap = !rest->cap;
	r->origin = rest->as.origin;
	if (rest->as.treatment == EC_PASS || rest->as.treatment == EC_EMULATE)
		r->reg.rw = (uint32_t)ec_ones(row->len);
	if (rest->as.permissive)
		r->permissive = r->reg.rw;
	r->wanted = rest->as.treatment == EC_EMULATE;
	return r;
}

/* The end of the first of [from, to) that is listed alone: with no byte that a range is about. */
static uint32_t unnamed(const struct ec_plan *p, uint32_t from, uint32_t to)
{
	while (from < to && !(p->named[from / 128] >> from / 4 % 32 & 1))
		from = p->named[from / 128] ? (from & ~3u) + 4 : (from & ~127u) + 128;
	return from < to ? from : to;
}

/* In aligned pieces; hidden ones as one, as far as nobody asks for less. */
static void add_rest(struct ec_plan *p, uint32_t from, uint32_t to, const struct rest *rest)
{
	enum ec_treatment t = (enum ec_treatment)rest->as.treatment;
	struct ec_reg row = { .name = rest->cap ? "body" : "gap",
			      .treatment = (uint8_t)t,
			      .second = (uint8_t)t };

	while (from < to) {
		uint32_t end = from;

		if (t == EC_HIDE && p->options.topology != EC_HOST)
			end = unnamed(p, from, to);
		row.len = end > from ? 1 : (uint8_t)ec_piece(from, to);
		if (end == from)
			end = from + row.len;
		add_piece(p, from, rest, &row)->span = (uint16_t)(end - from);
		from = end;
	}
}

/* The same, of which nothing is left behind what is shown of its capability. */
static void add_body(struct ec_plan *p, uint32_t from, uint32_t to, struct ends end,
		     const struct rest *rest)
{
	struct rest dead = *rest;

	if (from < end.shown)
		add_rest(p, from, to < end.shown ? to : end.shown, rest);
	if (to <= end.shown)
		return;
	dead.cut = true;
	dead.as = (struct ec_rest){ EC_HIDE, false, rest->as.origin };
	add_rest(p, from > end.shown ? from : end.shown, to, &dead);
}

/*
 * Adds the rows of @t, with what is between them; returns where it ended. A row that is only partly
 * there is dead, and what there is of it is nobody's body.
 */
static uint32_t add_rows(struct ec_plan *p, struct ec_reg_table t, uint32_t base, uint32_t pos,
			 struct ends end, const struct rest *rest)
{
	for (unsigned int i = 0; i < t.n; i++) {
		uint32_t at = base + t.row[i].offset, to = at + t.row[i].len;
		struct ec_plan_reg *r;

		if (at >= end.whole)
			break;
		add_body(p, pos, at, end, rest);
		if (to > end.whole) {
			end.shown = end.shown < at ? end.shown : at;
			add_body(p, at, end.whole, end, rest);
			return end.whole;
		}
		r = add_reg(p, at, rest->cap, t.row + i);
		pos = to;
		if (to <= end.shown)
			continue;
		r->cut = true;
		ec_plan_treat(r, UINT32_MAX, EC_HIDE, rest->as.origin);
	}
	return pos;
}

/* A capability that a rule added: behind its header what the rule says, for ever. */
static void add_made(struct ec_plan *p, unsigned int i)
{
	const struct ec_link *l = p->chain.link + i;
	const struct ec_plan_cap *c = p->cap + i;
	struct rest rest = { (uint16_t)(i + 1), { EC_FREEZE, false, c->origin }, false };
	uint32_t end = l->offset + c->length, pos;
	unsigned int first = p->n;

	pos = add_rows(p, ec_cap_header_registers(l->extended), l->offset, l->offset,
		       (struct ends){ end, end }, &rest);
	add_rest(p, pos, end, &rest);
	for (unsigned int k = first; k < p->n; k++) {
		struct ec_plan_reg *r = p->reg + k;
		uint32_t value = l->id;

		if (r->rest)
			value = (uint32_t)ec_get_le(c->added->bytes + (r->offset - pos),
						    r->reg.len);
		r->made = true;
		r->from = r->offset;
		ec_plan_constant(r, value, c->origin);
	}
}

static void add_cap(struct ec_plan *p, const struct ec_image *img, unsigned int i)
{
	const struct ec_link *l = p->chain.link + i;
	struct ec_cap_at at = ec_plan_instance(p, img, i);
	struct ec_plan_cap *c = p->cap + i;
	struct ends end = { (uint32_t)l->offset + c->length, (uint32_t)l->offset + c->whole };
	struct rest rest = { (uint16_t)(i + 1), ec_ruled_rest(p, i), false };
	uint32_t pos;

	if (c->added) {
		add_made(p, i);
		return;
	}
	pos = add_rows(p, ec_cap_header_registers(l->extended), l->offset, l->offset, end, &rest);
	pos = add_rows(p, ec_cap_registers(c->cap, &at), l->offset, pos, end, &rest);
	add_body(p, pos, end.whole, end, &rest);
}

/* What no capability has, with an emulated function's own registers that are whole in it. */
static void add_gap(struct ec_plan *p, uint32_t from, uint32_t to, const struct rest *rest)
{
	struct ec_reg_table own = { 0 };

	if (p->options.emulated)
		own = p->options.emulated->own;
	while (own.n && own.row->offset < from) {
		own.row++;
		own.n--;
	}
	while (own.n && own.row[own.n - 1].offset + (uint32_t)own.row[own.n - 1].len > to)
		own.n--;
	from = add_rows(p, own, 0, from, (struct ends){ to, to }, rest);
	add_rest(p, from, to, rest);
}

/* The capabilities of one chain and the gaps around them, by rising offset. */
static void add_space(struct ec_plan *p, const struct ec_image *img, unsigned int first,
		      unsigned int n, uint32_t from, uint32_t to, enum ec_treatment gap)
{
	static const struct rest dead = { 0, { EC_HIDE, false, EC_BY_TOPOLOGY }, false };
	struct rest rest = { 0, ec_ruled_gap(p, gap), false };
	uint16_t at[EC_CONFIG_DWORDS];

	memset(at + from / 4, 0, (to - from) / 4 * sizeof(at[0]));
	for (unsigned int i = first; i < n; i++)
		at[p->chain.link[i].offset / 4] = (uint16_t)(i + 1);
	/* with no capability there it says that there are no extended ones */
	if (from == EXT_FIRST && !at[EXT_FIRST / 4] && rest.as.treatment != EC_HIDE) {
		add_rest(p, from, from + 4, &dead);
		from += 4;
	}
	for (uint32_t off = from; off < to; off += 4) {
		unsigned int i = at[off / 4] - 1u;

		if (!at[off / 4])
			continue;
		add_gap(p, from, off, &rest);
		add_cap(p, img, i);
		from = off + p->cap[i].whole;
		/* a dword is at one place of the hardware */
		if (p->cap[i].from != off && !p->cap[i].added) {
			add_rest(p, from, (from + 3) & ~3u, &dead);
			from = (from + 3) & ~3u;
		}
	}
	add_gap(p, from, to, &rest);
}

void ec_plan_list(struct ec_plan *plan, const struct ec_image *img)
{
	static const struct rest none = { 0, { EC_FREEZE, false, EC_BY_TABLE }, false };

	add_rows(plan, ec_header_registers(plan->header_type), 0, 0, (struct ends){ 64, 64 },
		 &none);
	if (img->size > 64)
		add_space(plan, img, 0, plan->chain.n_std, 64, 256, EC_FREEZE);
	if (img->size > 256)
		add_space(plan, img, plan->chain.n_std, plan->chain.n, 256, img->size, EC_HIDE);
}
