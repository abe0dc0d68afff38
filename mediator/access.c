/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "access.h"

#include <errno.h>
#include <stdlib.h>

#include "core/bits.h"

const char *const ec_verdict_names[EC_VERDICTS] = {
	[EC_V_DROPPED] = "dropped",         [EC_V_SERVED] = "served",
	[EC_V_REFUSED] = "refused",         [EC_V_HW_ERROR] = "hw_error",
	[EC_V_NO_FUNCTION] = "no_function", [EC_V_MALFORMED] = "malformed",
};

int ec_guest_add(struct ec_guest *g, struct ec_function *fn)
{
	if (fn->at.segment)
		return -ERANGE;
	if (!g->bus[fn->at.bus])
		g->bus[fn->at.bus] = calloc(1, sizeof(*g->bus[0]));
	if (!g->bus[fn->at.bus])
		return -ENOMEM;
	if (g->bus[fn->at.bus]->function[fn->at.devfn])
		return -EBUSY;
	g->bus[fn->at.bus]->function[fn->at.devfn] = fn;
	return 0;
}

void ec_guest_remove(struct ec_guest *g, struct ec_sbdf at)
{
	if (!at.segment && g->bus[at.bus])
		g->bus[at.bus]->function[at.devfn] = NULL;
}

void ec_guest_clear(struct ec_guest *g)
{
	for (unsigned int b = 0; b < EC_ARRAY_SIZE(g->bus); b++) {
		free(g->bus[b]);
		g->bus[b] = NULL;
	}
}

static const struct ec_function *find(const struct ec_guest *g, struct ec_sbdf at)
{
	const struct ec_guest_bus *bus = g->bus[at.bus];

	return bus && !at.segment ? bus->function[at.devfn] : NULL;
}

/* One access to the hardware; the value comes in its place within the dword. */
static int hw_read(const struct ec_function *fn, uint32_t dword, struct ec_run run, uint32_t *hw)
{
	uint32_t v = 0;
	int rc = fn->hw->read(fn->hw_ctx, dword * 4 + run.first, run.len, &v);

	if (!rc)
		*hw |= v << run.first * 8;
	return rc;
}

/*
 * The narrowest accesses that cover just the bytes @bytes; but a register whose access has a side
 * effect is accessed whole, and alone.
 */
static unsigned int runs_of(const struct ec_rule *r, unsigned int bytes, struct ec_run run[4])
{
	unsigned int n = ec_runs(bytes & ~(unsigned int)r->exact, run);

	return bytes & r->exact ? n + ec_runs(r->exact, run + n) : n;
}

/*
 * Reads the bytes @bytes of a dword: with one access where that stays within the guest's own,
 * which are @lanes.
 */
static int hw_read_bytes(const struct ec_function *fn, const struct ec_rule *r, uint32_t dword,
			 unsigned int bytes, uint32_t lanes, uint32_t *hw)
{
	struct ec_run run[4] = { ec_run_covering(bytes) };
	unsigned int n;

	*hw = 0;
	if (!r->exact && !(ec_lanes(run[0].first, run[0].len) & ~lanes))
		return hw_read(fn, dword, run[0], hw);
	n = runs_of(r, bytes, run);
	for (unsigned int i = 0; i < n; i++) {
		int rc = hw_read(fn, dword, run[i], hw);

		if (rc)
			return rc;
	}
	return 0;
}

/* @lanes: the bits of the dword that are read. Returns the verdict. */
static enum ec_verdict read_dword(const struct ec_function *fn, uint32_t dword, uint32_t lanes,
				  uint32_t *value)
{
	const struct ec_rule *r = ec_layout_rule(fn->layout, dword);
	uint32_t shadow = ec_layout_shadow(fn->layout, fn->shadow, dword);
	uint32_t live = r->m.live & lanes, hw = 0;

	if (live && hw_read_bytes(fn, r, dword, ec_byte_bits(live), lanes, &hw)) {
		*value = 0xffffffffu;
		return EC_V_HW_ERROR;
	}
	*value = ec_rule_read(r, shadow, hw);
	return EC_V_SERVED;
}

/*
 * Writes the bytes @bytes of a dword, each with what the guest may change of it. Everything is
 * read before anything is written, so that no write follows a failed read.
 */
static int hw_write_bytes(const struct ec_function *fn, const struct ec_rule *r, uint32_t dword,
			  unsigned int bytes, uint32_t data)
{
	struct ec_run run[4];
	unsigned int n = runs_of(r, bytes, run);
	uint32_t hw = 0;
	int rc;

	for (unsigned int i = 0; i < n; i++) {
		if (!(r->m.keep & ec_lanes(run[i].first, run[i].len)))
			continue;
		rc = hw_read(fn, dword, run[i], &hw);
		if (rc)
			return rc;
	}
	data = ec_rule_hardware(r, hw, data);
	for (unsigned int i = 0; i < n; i++) {
		uint32_t v = data >> run[i].first * 8 & ec_lanes(0, run[i].len);

		rc = fn->hw->write(fn->hw_ctx, dword * 4 + run[i].first, run[i].len, v);
		if (rc)
			return rc;
	}
	return 0;
}

static enum ec_verdict write_dword(const struct ec_function *fn, uint32_t dword, uint32_t lanes,
				   uint32_t data, struct ec_action_list *actions)
{
	const struct ec_cell *cell = fn->layout->cell + dword;
	const struct ec_rule *r = fn->layout->rule + cell->rule;
	unsigned int bytes;
	uint32_t now;
	bool whole = true;

	/* part of a register that is only ever written whole */
	if (r->exact & ~ec_byte_bits(lanes))
		lanes &= ~ec_byte_lanes(r->exact);
	if (!(ec_rule_writable(r) & lanes))
		return EC_V_DROPPED;
	data &= lanes;
	bytes = ec_byte_bits((r->m.hw_rw | r->m.hw_w1c) & lanes);
	if (bytes && hw_write_bytes(fn, r, dword, bytes, data))
		return EC_V_HW_ERROR;
	if (cell->slot == EC_SLOT_ZERO)
		return EC_V_SERVED;
	now = ec_rule_shadow(r, fn->shadow[cell->slot], data, lanes);
	if (r->fx & lanes) {
		struct ec_effect_write w = { .layout = fn->layout,
					     .shadow = fn->shadow,
					     .dword = dword,
					     .old = fn->shadow[cell->slot],
					     .now = now,
					     .data = data,
					     .actions = actions };

		whole = ec_effect_run(r->effect, &w);
		now = w.now;
	}
	fn->shadow[cell->slot] = now;
	return whole ? EC_V_SERVED : EC_V_REFUSED;
}

/* The part of an access that lies in dword @dword; @first is the part's first byte there. */
static enum ec_verdict part(const struct ec_function *fn, struct ec_access *a, uint64_t dword,
			    unsigned int first, unsigned int len, unsigned int done)
{
	uint32_t lanes = ec_lanes(first, len), value = 0xffffffffu;
	enum ec_verdict v;

	if (a->write) {
		if (dword * 4 >= fn->layout->size)
			return EC_V_DROPPED;
		return write_dword(fn, (uint32_t)dword, lanes,
				   (uint32_t)(a->value >> done * 8 << first * 8), &a->actions);
	}
	v = EC_V_SERVED;
	if (dword * 4 < fn->layout->size)
		v = read_dword(fn, (uint32_t)dword, lanes, &value);
	a->value |= (uint64_t)((value & lanes) >> first * 8) << done * 8;
	return v;
}

void ec_access_handle(const struct ec_guest *g, struct ec_access *a)
{
	const struct ec_function *fn;
	uint64_t at = a->offset;

	a->actions.n = 0;
	fn = find(g, a->at);
	if (!fn || a->length > 8 || !(1u << a->length & 0x116)) {
		a->verdict = fn ? EC_V_MALFORMED : EC_V_NO_FUNCTION;
		a->value = a->write ? a->value : ec_ones(a->length);
		return;
	}
	a->verdict = EC_V_DROPPED;
	if (!a->write)
		a->value = 0;
	for (unsigned int done = 0; done < a->length;) {
		unsigned int first = (unsigned int)(at & 3), len = 4 - first;
		enum ec_verdict v;

		if (len > a->length - done)
			len = a->length - done;
		v = part(fn, a, at / 4, first, len, done);
		if (v > a->verdict)
			a->verdict = (uint8_t)v;
		/* no write follows a failure, and what was not read is all ones */
		if (v == EC_V_HW_ERROR) {
			if (!a->write)
				a->value |= ec_ones(a->length) & ~ec_ones(done);
			return;
		}
		at += len;
		done += len;
	}
}
