/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan.h"

#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "plan_compile.h"
#include "plan_topology.h"

static int check_viewable(struct ec_plan *p, const struct ec_image *img, struct ec_diag *diag)
{
	uint32_t type = ec_image_get(img, PCI_HEADER_TYPE, 1) & 0x7f;

	if (!ec_image_has(img, 0, 64)) {
		ec_diag_set(diag, 0, "its header (00 to 3f) was not captured");
		return -ENODATA;
	}
	if (ec_image_is_absent(img)) {
		ec_diag_set(diag, 0, "reads all ones: no function, or one that is gone");
		return -ENODEV;
	}
	if (type > PCI_HEADER_TYPE_BRIDGE) {
		ec_diag_set(diag, 0, "header type %u is not supported", type);
		return -EOPNOTSUPP;
	}
	if (type == PCI_HEADER_TYPE_BRIDGE && p->options.topology != EC_HOST) {
		ec_diag_set(diag, 0, "is a bridge, which no guest is given (see --topology host)");
		return -EOPNOTSUPP;
	}
	p->header_type = (uint8_t)type;
	return 0;
}

static struct ec_cap_at instance(const struct ec_plan *p, const struct ec_image *img,
				 unsigned int i)
{
	const struct ec_link *l = p->chain.link + i;

	return (struct ec_cap_at){ .img = img,
				   .offset = l->offset,
				   .room = l->room,
				   .header_type = p->header_type,
				   .version = l->version,
				   .pcie_type_known = p->express,
				   .pcie_type = p->express_type,
				   .lanes = p->lanes,
				   .flit = p->flit };
}

/* Bit 15 of FLAGS, reserved before PCI Express 6.0: Flit mode supported. */
#define FLAGS_FLIT 0x8000u

static void read_express(struct ec_plan *p, const struct ec_image *img, const struct ec_link *l)
{
	uint32_t flags = ec_image_get(img, l->offset + PCI_EXP_FLAGS, 2), lanes = 0;

	p->express_type = (uint8_t)((flags & PCI_EXP_FLAGS_TYPE) >> 4);
	p->flit = flags & FLAGS_FLIT;
	if (l->room >= PCI_EXP_LNKCAP + 4)
		lanes = (ec_image_get(img, l->offset + PCI_EXP_LNKCAP, 4) & PCI_EXP_LNKCAP_WIDTH) >>
			4;
	p->lanes = (uint8_t)(lanes > 32 ? 32 : lanes);
}

static void find_express(struct ec_plan *p, const struct ec_image *img)
{
	p->express = p->flit = false;
	p->lanes = 0;
	for (unsigned int i = 0; i < p->chain.n_std && !p->express; i++) {
		const struct ec_link *l = p->chain.link + i;

		if (l->id != PCI_CAP_ID_EXP)
			continue;
		p->express = true;
		read_express(p, img, l);
	}
}

/*
 * A guest topology may give a capability registers that the hardware's type has not. Where there
 * is no room for them, that is a fault of the view.
 */
static void present_express(const struct ec_plan *p, const struct ec_cap_at *at,
			    struct ec_plan_cap *c)
{
	uint32_t version = ec_image_get(at->img, at->offset + PCI_EXP_FLAGS, 1) & 15;
	uint32_t as = ec_express_length(
		version, ec_topology_type(p->options.topology, p->express_type), false);

	if (as > at->room) {
		as = at->room;
		c->fault = EC_CAP_OVERLAP;
	}
	if (as > c->length)
		c->length = (uint16_t)as;
}

/* Is there an instance of the same capability before link @i? */
static bool repeated(const struct ec_plan *p, unsigned int i)
{
	for (unsigned int j = 0; j < i; j++)
		if (p->cap[j].cap == p->cap[i].cap)
			return true;
	return false;
}

static void measure_caps(struct ec_plan *p, const struct ec_image *img)
{
	for (unsigned int i = 0; i < p->chain.n; i++) {
		const struct ec_link *l = p->chain.link + i;
		struct ec_cap_at at = instance(p, img, i);
		struct ec_plan_cap *c = p->cap + i;
		uint32_t end = l->extended || img->size < 256 ? img->size : 256;
		enum ec_cap_fault fault;

		c->cap = ec_cap_find(l->id, l->extended);
		c->length = (uint16_t)ec_cap_measure(c->cap, &at, end, &fault);
		c->fault = (uint8_t)fault;
		c->treatment = c->cap->treatment;
		c->origin = EC_BY_TABLE;
		if (c->length < c->cap->least || (c->cap->hide && c->cap->hide(&at)) ||
		    (c->cap->once && repeated(p, i)))
			c->treatment = EC_HIDE;
		if (p->options.topology == EC_HOST) {
			c->treatment = EC_READ;
			c->origin = EC_BY_TOPOLOGY;
		} else if (c->cap->id == PCI_CAP_ID_EXP && !l->extended) {
			present_express(p, &at, c);
		}
	}
}

static struct ec_plan_reg *add_reg(struct ec_plan *p, uint32_t offset, uint16_t cap,
				   const struct ec_reg *row)
{
	struct ec_plan_reg *r = p->reg + p->n++;

	r->offset = (uint16_t)offset;
	r->span = row->len;
	r->cap = cap;
	r->origin = EC_BY_TABLE;
	r->gap = r->rest = false;
	r->reg = *row;
	ec_reg_defaults(row, r->who, &r->fixed);
	r->value = row->set;
	return r;
}

static struct ec_plan_reg *add_piece(struct ec_plan *p, uint32_t offset, uint16_t cap,
				     const struct ec_reg *row)
{
	struct ec_plan_reg *r = add_reg(p, offset, cap, row);

	r->rest = true;
	r->gap = !cap;
	return r;
}

/* Bytes that no row claims, in aligned pieces: the rest of a capability, or a gap. */
static void add_rest(struct ec_plan *p, uint32_t from, uint32_t to, uint16_t cap,
		     enum ec_treatment treatment)
{
	struct ec_reg row = { .name = cap ? "body" : "gap",
			      .treatment = (uint8_t)treatment,
			      .second = (uint8_t)treatment };

	if (treatment == EC_HIDE && p->options.topology != EC_HOST && from < to) {
		row.len = 1;
		add_piece(p, from, cap, &row)->span = (uint16_t)(to - from);
		return;
	}
	while (from < to) {
		row.len = (uint8_t)ec_piece(from, to);
		add_piece(p, from, cap, &row);
		from += row.len;
	}
}

/* Of bytes that no row names: an emulated capability keeps nothing where no row says how. */
static enum ec_treatment rest_treatment(const struct ec_plan *p, uint16_t cap)
{
	enum ec_treatment t = cap ? p->cap[cap - 1].treatment : EC_FREEZE;

	return t == EC_EMULATE ? EC_FREEZE : t;
}

/* Adds the rows of @t that lie before @end, with what is between them; returns where it ended. */
static uint32_t add_rows(struct ec_plan *p, struct ec_reg_table t, uint32_t base, uint32_t pos,
			 uint32_t end, uint16_t cap)
{
	enum ec_treatment body = rest_treatment(p, cap);

	for (unsigned int i = 0; i < t.n; i++) {
		uint32_t at = base + t.row[i].offset;

		if (at + t.row[i].len > end)
			break;
		add_rest(p, pos, at, cap, body);
		add_reg(p, at, cap, t.row + i);
		pos = at + t.row[i].len;
	}
	return pos;
}

static void add_cap(struct ec_plan *p, const struct ec_image *img, unsigned int i)
{
	const struct ec_link *l = p->chain.link + i;
	struct ec_cap_at at = instance(p, img, i);
	struct ec_plan_cap *c = p->cap + i;
	uint32_t end = l->offset + c->length, pos;
	uint16_t cap = (uint16_t)(i + 1);

	pos = add_rows(p, ec_cap_header_registers(l->extended), l->offset, l->offset, end, cap);
	pos = add_rows(p, ec_cap_registers(c->cap, &at), l->offset, pos, end, cap);
	add_rest(p, pos, end, cap, rest_treatment(p, cap));
}

/* The capabilities of one chain and the gaps around them, by rising offset. */
static void add_space(struct ec_plan *p, const struct ec_image *img, unsigned int first,
		      unsigned int n, uint32_t from, uint32_t to, enum ec_treatment gap)
{
	uint16_t at[EC_CONFIG_DWORDS];

	memset(at + from / 4, 0, (to - from) / 4 * sizeof(at[0]));
	for (unsigned int i = first; i < n; i++)
		at[p->chain.link[i].offset / 4] = (uint16_t)(i + 1);
	for (uint32_t off = from; off < to; off += 4) {
		if (!at[off / 4])
			continue;
		add_rest(p, from, off, 0, gap);
		add_cap(p, img, at[off / 4] - 1u);
		from = off + p->cap[at[off / 4] - 1].length;
	}
	add_rest(p, from, to, 0, gap);
}

static void list_registers(struct ec_plan *p, const struct ec_image *img)
{
	add_rows(p, ec_header_registers(p->header_type), 0, 0, 64, 0);
	if (img->size > 64)
		add_space(p, img, 0, p->chain.n_std, 64, 256, EC_FREEZE);
	if (img->size > 256)
		add_space(p, img, p->chain.n_std, p->chain.n, 256, img->size, EC_HIDE);
}

struct ec_plan_reg *ec_plan_at(struct ec_plan *plan, uint32_t offset)
{
	unsigned int first = 0, n = plan->n;

	/* halves: the one asked for is among the n from first on */
	while (n > 1) {
		unsigned int half = n / 2;

		if (plan->reg[first + half].offset <= offset) {
			first += half;
			n -= half;
		} else {
			n = half;
		}
	}
	if (!n || offset >= (uint32_t)plan->reg[first].offset + plan->reg[first].span)
		return NULL;
	return plan->reg + first;
}

struct ec_plan_reg *ec_plan_row(struct ec_plan *plan, unsigned int cap, uint32_t offset)
{
	struct ec_plan_reg *r = ec_plan_at(plan, offset);

	return r && r->offset == offset && r->cap == cap && !r->rest ? r : NULL;
}

int ec_plan_build(struct ec_plan *plan, const struct ec_image *img,
		  const struct ec_plan_options *options, struct ec_diag *diag)
{
	int rc;

	plan->options = *options;
	plan->n = 0;
	rc = check_viewable(plan, img, diag);
	if (rc)
		return rc;
	ec_bar_decode(img, options->region, plan->header_type, plan->bar);
	ec_chain_walk(img, &plan->chain);
	find_express(plan, img);
	measure_caps(plan, img);
	/* a rule that shows, hides, moves or resizes a capability belongs here */
	list_registers(plan, img);
	ec_plan_topology(plan, img);
	/* a rule that treats or fixes bits belongs here, with plan_decide.h */
	return ec_plan_compile(plan, img, diag);
}

void ec_plan_attached(const struct ec_plan *plan, struct ec_image *img)
{
	for (unsigned int i = 0; i < plan->n; i++) {
		const struct ec_plan_reg *r = plan->reg + i;
		struct ec_reg_masks m = ec_reg_serve(&r->reg, r->who, r->fixed);
		uint32_t v = ec_image_get(img, r->offset, r->reg.len);

		if (m.hw_rw)
			ec_put_le(img->byte + r->offset, r->reg.len,
				  (v & ~m.hw_rw) | (r->reg.reset & m.hw_rw));
	}
}

void ec_plan_semantics(const struct ec_plan *plan, uint8_t *rw, uint8_t *w1c)
{
	memset(rw, 0, EC_CONFIG_SIZE);
	memset(w1c, 0, EC_CONFIG_SIZE);
	for (unsigned int i = 0; i < plan->n; i++) {
		const struct ec_plan_reg *r = plan->reg + i;

		ec_put_le(rw + r->offset, r->reg.len, r->reg.rw);
		ec_put_le(w1c + r->offset, r->reg.len, r->reg.w1c);
	}
}
