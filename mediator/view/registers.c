/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/registers.h"

#include <pci/header.h>
#include <string.h>

#include "capabilities/header.h"
#include "core/bits.h"
#include "core/pci_bits.h"
#include "view/decide.h"
#include "view/lengths.h"
#include "view/rules.h"

/* Whose registers are listed: those of a capability, or of a gap. */
struct owner {
	uint16_t cap;          /* 0: none, else its index in the chain + 1 */
	struct ec_rest rest;   /* what becomes of bytes that no row names */
	bool cut;              /* past the end of what is shown: dead */
	uint32_t shown, whole; /* where what is shown of it ends, and where all of it does */
};

/* A part of the view: one chain's capabilities, and the gaps around them. */
struct space {
	unsigned int first, end; /* of the chain */
	uint32_t from, to;
	enum ec_treatment gap; /* of bytes in no capability, by the tables */
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
	r->gap = r->rest = r->added = r->capture = r->cut = false;
	r->reg = *row;
	r->held = r->permissive = r->start = 0;
	ec_reg_defaults(row, r->served, &r->fixed);
	r->value = row->set;
	return r;
}

static struct ec_plan_reg *add_piece(struct ec_plan *p, uint32_t offset, const struct owner *o,
				     const struct ec_reg *row)
{
	struct ec_plan_reg *r = add_reg(p, offset, o->cap, row);

	r->rest = true;
	r->cut = o->cut;
	r->gap = !o->cap;
	r->origin = o->rest.origin;
	if (o->rest.treatment == EC_PASS || o->rest.treatment == EC_EMULATE)
		r->reg.rw = (uint32_t)ec_ones(row->len);
	if (o->rest.permissive)
		r->permissive = r->reg.rw;
	r->capture = o->rest.treatment == EC_EMULATE;
	return r;
}

/* The end of the bytes at @from, up to @to, that are in no dword that a range of a rule names. */
static uint32_t unnamed(const struct ec_plan *p, uint32_t from, uint32_t to)
{
	while (from < to && !(p->named[from / 128] >> from / 4 % 32 & 1))
		from = p->named[from / 128] ? (from & ~3u) + 4 : (from & ~127u) + 128;
	return from < to ? from : to;
}

/*
 * Bytes that no row names, in aligned pieces. Hidden ones are one register up to the next dword
 * that a range of a rule names.
 */
static void add_rest(struct ec_plan *p, uint32_t from, uint32_t to, const struct owner *o)
{
	enum ec_treatment t = (enum ec_treatment)o->rest.treatment;
	struct ec_reg row = { .name = o->cap ? "body" : "gap",
			      .treatment = (uint8_t)t,
			      .second = (uint8_t)t };

	while (from < to) {
		uint32_t end = from;

		if (t == EC_HIDE && p->options.topology != EC_HOST)
			end = unnamed(p, from, to);
		row.len = end > from ? 1 : (uint8_t)ec_piece(from, to);
		if (end == from)
			end = from + row.len;
		add_piece(p, from, o, &row)->span = (uint16_t)(end - from);
		from = end;
	}
}

/* The same bytes of a capability: those past the end of what is shown of it are dead. */
static void add_body(struct ec_plan *p, uint32_t from, uint32_t to, const struct owner *o)
{
	struct owner dead = *o;

	if (from < o->shown)
		add_rest(p, from, to < o->shown ? to : o->shown, o);
	if (to <= o->shown)
		return;
	dead.cut = true;
	dead.rest = (struct ec_rest){ EC_HIDE, false, o->rest.origin };
	add_rest(p, from > o->shown ? from : o->shown, to, &dead);
}

/*
 * Adds the rows of @t and the bytes between them; returns where it ended. A row that is only partly
 * there is dead, and so are its bytes.
 */
static uint32_t add_rows(struct ec_plan *p, struct ec_reg_table t, uint32_t base, uint32_t pos,
			 const struct owner *o)
{
	for (unsigned int i = 0; i < t.n; i++) {
		uint32_t at = base + t.row[i].offset, to = at + t.row[i].len;
		struct ec_plan_reg *r;

		if (at >= o->whole)
			break;
		add_body(p, pos, at, o);
		if (to > o->whole) {
			struct owner partly = *o;

			partly.shown = o->shown < at ? o->shown : at;
			add_body(p, at, o->whole, &partly);
			return o->whole;
		}
		r = add_reg(p, at, o->cap, t.row + i);
		pos = to;
		if (to <= o->shown)
			continue;
		r->cut = true;
		ec_plan_treat(r, UINT32_MAX, EC_HIDE, o->rest.origin);
	}
	return pos;
}

/* A capability that a rule added: after its header the rule's bytes, constant. */
static void add_made(struct ec_plan *p, unsigned int i)
{
	const struct ec_link *l = p->chain.link + i;
	const struct ec_plan_cap *c = p->cap + i;
	struct owner o = { .cap = (uint16_t)(i + 1),
			   .rest = { EC_FREEZE, false, c->origin },
			   .shown = l->offset + (uint32_t)c->length };
	unsigned int first = p->n;
	uint32_t pos;

	o.whole = o.shown;
	pos = add_rows(p, ec_cap_header_registers(l->extended), l->offset, l->offset, &o);
	add_rest(p, pos, o.whole, &o);
	for (unsigned int k = first; k < p->n; k++) {
		struct ec_plan_reg *r = p->reg + k;
		uint32_t value = l->id;

		if (r->rest)
			value = (uint32_t)ec_get_le(c->added->bytes + (r->offset - pos),
						    r->reg.len);
		r->added = true;
		r->from = r->offset;
		ec_plan_constant(r, value, c->origin);
	}
}

static void add_cap(struct ec_plan *p, const struct ec_image *img, unsigned int i)
{
	const struct ec_link *l = p->chain.link + i;
	struct ec_cap_at at = ec_plan_instance(p, img, i);
	struct ec_plan_cap *c = p->cap + i;
	struct owner o = { .cap = (uint16_t)(i + 1),
			   .rest = ec_ruled_rest(p, i),
			   .shown = (uint32_t)l->offset + c->length,
			   .whole = (uint32_t)l->offset + c->whole };
	uint32_t pos;

	if (c->added) {
		add_made(p, i);
		return;
	}
	pos = add_rows(p, ec_cap_header_registers(l->extended), l->offset, l->offset, &o);
	pos = add_rows(p, ec_cap_registers(c->cap, &at), l->offset, pos, &o);
	add_body(p, pos, o.whole, &o);
}

/*
 * Bytes in no capability, with the own registers of an emulated function that lie wholly in them.
 */
static void add_gap(struct ec_plan *p, uint32_t from, uint32_t to, const struct ec_rest *rest)
{
	struct owner o = { .rest = *rest, .shown = to, .whole = to };
	struct ec_reg_table own = { 0 };

	if (p->options.emulated)
		own = p->options.emulated->own;
	while (own.n && own.row->offset < from) {
		own.row++;
		own.n--;
	}
	while (own.n && own.row[own.n - 1].offset + (uint32_t)own.row[own.n - 1].len > to)
		own.n--;
	from = add_rows(p, own, 0, from, &o);
	add_rest(p, from, to, &o);
}

/* Registers of one space by rising offset. */
static void add_space(struct ec_plan *p, const struct ec_image *img, const struct space *s)
{
	static const struct owner dead = { .rest = { EC_HIDE, false, EC_BY_FUNCTION } };
	struct ec_rest rest = ec_ruled_gap(p, s->gap);
	uint16_t at[EC_CONFIG_DWORDS];
	uint32_t from = s->from;

	memset(at + from / 4, 0, (s->to - from) / 4 * sizeof(at[0]));
	for (unsigned int i = s->first; i < s->end; i++)
		at[p->chain.link[i].offset / 4] = (uint16_t)(i + 1);
	/* without a capability at 0x100 that dword says that there are no extended ones */
	if (from == EC_EXT_FIRST && !at[EC_EXT_FIRST / 4] && rest.treatment != EC_HIDE) {
		add_rest(p, from, from + 4, &dead);
		from += 4;
	}
	for (uint32_t off = from; off < s->to; off += 4) {
		unsigned int i = at[off / 4] - 1u;

		if (!at[off / 4])
			continue;
		add_gap(p, from, off, &rest);
		add_cap(p, img, i);
		from = off + p->cap[i].whole;
		/* a dword of the layout has one place in the hardware */
		if (p->cap[i].from != off && !p->cap[i].added) {
			add_rest(p, from, (from + 3) & ~3u, &dead);
			from = (from + 3) & ~3u;
		}
	}
	add_gap(p, from, s->to, &rest);
}

void ec_plan_list(struct ec_plan *plan, const struct ec_image *img)
{
	static const struct owner header = { .rest = { EC_FREEZE, false, EC_BY_TABLE },
					     .shown = EC_STD_FIRST,
					     .whole = EC_STD_FIRST };
	struct space std = { 0, plan->chain.n_std, EC_STD_FIRST, EC_EXT_FIRST, EC_FREEZE };
	struct space ext = { plan->chain.n_std, plan->chain.n, EC_EXT_FIRST, img->size, EC_HIDE };

	add_rows(plan, ec_header_registers(plan->header_type), 0, 0, &header);
	if (img->size > EC_STD_FIRST)
		add_space(plan, img, &std);
	if (img->size > EC_EXT_FIRST)
		add_space(plan, img, &ext);
}
