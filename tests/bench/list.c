/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "list.h"

#include "core/bits.h"

/* Whether dword @d continues rule @r. */
static bool joins(const struct ec_layout *layout, const struct list_rule *r, uint32_t d)
{
	const struct ec_cell *first = layout->cell + r->first, *c = layout->cell + d;

	if (d != r->last + 1u || c->masks != first->masks)
		return false;
	return c->word == (r->slot ? r->slot + (d - r->first) : 0);
}

uint32_t list_build(struct list *l, const struct ec_layout *layout)
{
	l->n = 0;
	for (uint32_t d = 0; d < EC_CONFIG_DWORDS; d++) {
		const struct ec_cell *c = layout->cell + d;

		if (c->word == EC_WORD_ZERO && !c->masks)
			continue;
		if (l->n && joins(layout, l->rule + l->n - 1, d)) {
			l->rule[l->n - 1].last = (uint16_t)d;
			continue;
		}
		if (l->n == LIST_MAX)
			return d;
		l->rule[l->n++] = (struct list_rule){ .first = (uint16_t)d,
						      .last = (uint16_t)d,
						      .slot = c->word,
						      .r = *ec_layout_masks(layout, d) };
	}
	return EC_CONFIG_DWORDS;
}

static const struct list_rule *look_up(const struct list *l, uint32_t dword)
{
	for (const struct list_rule *r = l->rule; r < l->rule + l->n && r->first <= dword; r++)
		if (dword <= r->last)
			return r;
	return NULL;
}

/* Read the live bits within @lanes. Returns 0 or the hardware's errno. */
static int read_live(const struct ec_function *fn, const struct ec_dword_masks *r, uint32_t dword,
		     uint32_t lanes, uint32_t *hw)
{
	uint32_t live = r->m.live & lanes;
	struct ec_span run;
	int rc;

	if (!live)
		return 0;
	run = ec_span_covering(ec_byte_bits(live));
	rc = fn->hw->read(fn->hw_ctx, dword * 4 + run.first, run.len, hw);
	*hw <<= run.first * 8;
	return rc;
}

void list_access_handle(const struct ec_bus_map *g, const struct list *l, struct ec_access *a)
{
	const struct ec_bus *bus = g->bus[a->at.bus];
	const struct ec_function *fn = bus && !a->at.segment ? bus->function[a->at.devfn] : NULL;
	uint32_t dword = a->offset / 4, first = a->offset & 3, lanes, hw = 0, shadow = 0;
	const struct list_rule *r;

	a->actions.n = 0;
	a->value = ec_ones(a->length);
	a->verdict = EC_V_NO_FUNCTION;
	if (!fn)
		return;
	a->verdict = EC_V_MALFORMED;
	if (a->write || first + a->length > 4 || !(1u << a->length & 0x16))
		return;
	a->verdict = EC_V_SERVED;
	if (a->offset >= fn->layout->size)
		return;
	a->value = 0;
	r = look_up(l, dword);
	if (!r)
		return;
	if (r->slot)
		shadow = fn->shadow[r->slot + dword - r->first];
	lanes = ec_lanes(first, a->length);
	a->verdict = read_live(fn, &r->r, dword, lanes, &hw) ? EC_V_HW_ERROR : EC_V_SERVED;
	a->value = (ec_masks_read(&r->r, shadow, hw) & lanes) >> first * 8;
}
