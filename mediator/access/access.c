/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "access/access.h"

#include <errno.h>
#include <stdlib.h>

#include "core/bits.h"

const char *const ec_verdict_names[EC_VERDICTS] = {
	[EC_V_DROPPED] = "dropped",         [EC_V_SERVED] = "served",
	[EC_V_REFUSED] = "refused",         [EC_V_HW_ERROR] = "hw_error",
	[EC_V_NO_FUNCTION] = "no_function", [EC_V_MALFORMED] = "malformed",
};

int ec_bus_map_add(struct ec_bus_map *g, struct ec_function *fn)
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

void ec_bus_map_remove(struct ec_bus_map *g, struct ec_sbdf at)
{
	if (!at.segment && g->bus[at.bus])
		g->bus[at.bus]->function[at.devfn] = NULL;
}

void ec_bus_map_clear(struct ec_bus_map *g)
{
	for (unsigned int b = 0; b < EC_ARRAY_SIZE(g->bus); b++) {
		free(g->bus[b]);
		g->bus[b] = NULL;
	}
}

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* All bits, and a bit a byte, of accesses of 1, 2 and 4 bytes; 0 for what is no width. */
static const uint32_t width_mask[5] = { [1] = 0xff, [2] = 0xffff, [4] = 0xffffffffu };
static const uint8_t width_bytes[5] = { [1] = 0x1, [2] = 0x3, [4] = 0xf };

static inline struct ec_function *find(const struct ec_bus_map *g, struct ec_sbdf at)
{
	const struct ec_bus *bus = g->bus[at.bus];

	return bus && !at.segment ? bus->function[at.devfn] : NULL;
}

/* Where the hardware has byte @offset of the view, which is served by @r. */
static inline uint32_t hw_offset(const struct ec_dword_masks *r, uint32_t offset)
{
	return offset + (uint32_t)(int32_t)r->move;
}

/* One access to the hardware; the value comes in its place within the dword. */
static inline int hw_read(const struct ec_function *fn, const struct ec_dword_masks *r,
			  uint32_t dword, struct ec_span run, uint32_t *hw)
{
	uint32_t v = 0;
	int rc = fn->hw->read(fn->hw_ctx, hw_offset(r, dword * 4 + run.first), run.len, &v);

	if (!rc)
		*hw |= v << run.first * 8;
	return rc;
}

/*
 * The narrowest accesses that cover just the bytes @bytes; but a register whose access has a side
 * effect is accessed whole, and alone.
 */
static inline unsigned int runs_of(const struct ec_dword_masks *r, unsigned int bytes,
				   struct ec_span run[4])
{
	unsigned int n;

	if (likely(!(bytes & r->exact)))
		return ec_spans(bytes, run);
	n = ec_spans(bytes & ~(unsigned int)r->exact, run);
	return n + ec_spans(r->exact, run + n);
}

/*
 * Reads the bytes @bytes of a dword: with one access where that stays within the guest's own,
 * which are @own.
 */
static int hw_read_bytes(const struct ec_function *fn, const struct ec_dword_masks *r,
			 uint32_t dword, unsigned int bytes, unsigned int own, uint32_t *hw)
{
	struct ec_span run[4] = { ec_span_covering(bytes) };
	unsigned int n;

	*hw = 0;
	if (!r->exact && !(((1u << run[0].len) - 1) << run[0].first & ~own))
		return hw_read(fn, r, dword, run[0], hw);
	n = runs_of(r, bytes, run);
	for (unsigned int i = 0; i < n; i++) {
		int rc = hw_read(fn, r, dword, run[i], hw);

		if (rc)
			return rc;
	}
	return 0;
}

/* Reads the bytes @bytes of dword @dword into their places. Returns the verdict. */
static enum ec_verdict read_dword(const struct ec_function *fn, uint32_t dword, unsigned int bytes,
				  uint32_t *value)
{
	const struct ec_dword_masks *r = ec_layout_masks(fn->layout, dword);
	uint32_t shadow = ec_layout_shadow(fn->layout, fn->shadow, dword), hw = 0;
	unsigned int live = r->live_bytes & bytes;

	if (live && hw_read_bytes(fn, r, dword, live, bytes, &hw)) {
		*value = 0xffffffffu;
		return EC_V_HW_ERROR;
	}
	*value = ec_masks_read(r, shadow, hw);
	return EC_V_SERVED;
}

/*
 * Writes the bytes @bytes of a dword, each with what the guest may change of it. Everything is
 * read before anything is written, so that no write follows a failed read.
 */
static inline int hw_write_bytes(const struct ec_function *fn, const struct ec_dword_masks *r,
				 uint32_t dword, unsigned int bytes, uint32_t data)
{
	struct ec_span run[4];
	unsigned int n = runs_of(r, bytes, run);
	uint32_t hw = 0;
	int rc;

	for (unsigned int i = 0; i < n; i++) {
		if (!(r->m.keep & width_mask[run[i].len] << run[i].first * 8))
			continue;
		rc = hw_read(fn, r, dword, run[i], &hw);
		if (rc)
			return rc;
	}
	data = ec_masks_hardware(r, hw, data);
	for (unsigned int i = 0; i < n; i++) {
		uint32_t v = data >> run[i].first * 8 & width_mask[run[i].len];

		rc = fn->hw->write(fn->hw_ctx, hw_offset(r, dword * 4 + run[i].first), run[i].len,
				   v);
		if (rc)
			return rc;
	}
	return 0;
}

/* Runs the dword's effect on @now, the shadow word after the write. Returns the verdict. */
static enum ec_verdict run_effect(const struct ec_function *fn, const struct ec_dword_masks *r,
				  uint32_t dword, uint32_t old, uint32_t data, uint32_t *now,
				  struct ec_action_list *actions)
{
	struct ec_effect_write w = { .layout = fn->layout,
				     .shadow = fn->shadow,
				     .dword = dword,
				     .old = old,
				     .now = *now,
				     .data = data,
				     .actions = actions };
	bool whole = ec_effect_run(r->effect, &w);

	*now = w.now;
	return whole ? EC_V_SERVED : EC_V_REFUSED;
}

/* Writes @data to the bytes @bytes, whose bits are @lanes, of dword @dword. */
static enum ec_verdict write_dword(struct ec_function *fn, uint32_t dword, unsigned int bytes,
				   uint32_t lanes, uint32_t data, struct ec_action_list *actions)
{
	const struct ec_cell *cell = fn->layout->cell + dword;
	const struct ec_dword_masks *r = fn->layout->masks + cell->masks;
	uint32_t *word = fn->shadow + cell->word, now;
	enum ec_verdict v = EC_V_SERVED;

	/* part of a register that is only ever written whole */
	if (r->exact & ~bytes)
		lanes &= ~ec_byte_lanes(r->exact);
	if (!(ec_masks_writable(r) & lanes))
		return EC_V_DROPPED;
	data &= lanes;
	/* the bytes that still have bits of the hardware's in the lanes */
	if (r->hw_bytes & bytes) {
		bytes = ec_byte_bits((r->m.hw_rw | r->m.hw_w1c) & lanes);
		if (bytes && hw_write_bytes(fn, r, dword, bytes, data))
			return EC_V_HW_ERROR;
		fn->permissive_writes += (r->permissive & bytes) != 0;
	}
	if (cell->word == EC_WORD_ZERO)
		return EC_V_SERVED;
	now = ec_masks_shadow(r, *word, data, lanes);
	if (r->fx & lanes)
		v = run_effect(fn, r, dword, *word, data, &now, actions);
	*word = now;
	return v;
}

/* The part of an access that lies in dword @dword; @first is the part's first byte there. */
static enum ec_verdict part(struct ec_function *fn, struct ec_access *a, uint64_t dword,
			    unsigned int first, unsigned int len, unsigned int done)
{
	unsigned int bytes = ((1u << len) - 1) << first;
	uint32_t value = 0xffffffffu;
	enum ec_verdict v = EC_V_SERVED;

	if (a->write) {
		if (dword * 4 >= fn->layout->size)
			return EC_V_DROPPED;
		return write_dword(fn, (uint32_t)dword, bytes, ec_lanes(first, len),
				   (uint32_t)(a->value >> done * 8 << first * 8), &a->actions);
	}
	if (dword * 4 < fn->layout->size)
		v = read_dword(fn, (uint32_t)dword, bytes, &value);
	a->value |= (uint64_t)((value & ec_lanes(first, len)) >> first * 8) << done * 8;
	return v;
}

/* An access of 1, 2, 4 or 8 bytes that is not aligned, crosses dwords, or lies past the end. */
static void handle_parts(struct ec_function *fn, struct ec_access *a)
{
	uint64_t at = a->offset;

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

/* Whatever is not one aligned access within the space of a function. Apart, to keep that short. */
static void __attribute__((noinline)) handle_rare(struct ec_function *fn, struct ec_access *a)
{
	if (a->length == 8 || (a->length <= 4 && width_mask[a->length])) {
		handle_parts(fn, a);
		return;
	}
	a->verdict = EC_V_MALFORMED;
	if (!a->write)
		a->value = ec_ones(a->length);
}

static void __attribute__((noinline)) handle_absent(struct ec_access *a)
{
	a->verdict = EC_V_NO_FUNCTION;
	if (!a->write)
		a->value = ec_ones(a->length);
}

/* An aligned read that meets a register with side effects. */
static void __attribute__((noinline)) read_exact(const struct ec_function *fn, struct ec_access *a)
{
	uint32_t value;

	a->verdict = (uint8_t)read_dword(
		fn, a->offset / 4, (unsigned int)width_bytes[a->length] << (a->offset & 3), &value);
	a->value = value >> (a->offset & 3) * 8 & width_mask[a->length];
}

/*
 * An aligned read of which the bytes @bytes have live bits, counted from the guest's first: the
 * access that covers them lies within the guest's own.
 */
static void __attribute__((noinline))
read_live(const struct ec_function *fn, const struct ec_dword_masks *r, struct ec_access *a,
	  uint32_t live, unsigned int bytes)
{
	struct ec_span run = ec_span_covering(bytes);
	uint32_t hw;

	if (unlikely(fn->hw->read(fn->hw_ctx, hw_offset(r, a->offset + run.first), run.len, &hw))) {
		a->verdict = EC_V_HW_ERROR;
		a->value = width_mask[a->length];
		return;
	}
	a->value |= hw << run.first * 8 & live;
}

static void __attribute__((noinline)) write_aligned(struct ec_function *fn, struct ec_access *a)
{
	unsigned int first = a->offset & 3;

	a->verdict = (uint8_t)write_dword(
		fn, a->offset / 4, (unsigned int)width_bytes[a->length] << first,
		width_mask[a->length] << first * 8, (uint32_t)a->value << first * 8, &a->actions);
}

/*
 * An aligned access within the space: the bits @mask, which start at bit @shift of the dword and
 * are the bytes @own, all from the access's first on. Inlined twice, once with constants.
 */
static inline void __attribute__((always_inline))
serve(struct ec_function *fn, struct ec_access *a, uint32_t mask, unsigned int own, uint32_t shift)
{
	const struct ec_cell *cell = fn->layout->cell + a->offset / 4;
	const struct ec_dword_masks *r = fn->layout->masks + cell->masks;
	uint32_t *word = fn->shadow + cell->word, live, lanes = mask << shift;
	unsigned int bytes;

	if (a->write) {
		if (r->hw_bytes | r->exact || r->fx & lanes) {
			write_aligned(fn, a);
			return;
		}
		a->verdict =
			(r->m.shadow_rw | r->m.shadow_w1c) & lanes ? EC_V_SERVED : EC_V_DROPPED;
		if (a->verdict)
			*word = ec_masks_shadow(r, *word, (uint32_t)a->value << shift, lanes);
		return;
	}
	bytes = r->live_bytes >> shift / 8 & own;
	a->verdict = EC_V_SERVED;
	if (!bytes) {
		a->value = *word >> shift & mask;
		return;
	}
	if (unlikely(r->exact)) {
		read_exact(fn, a);
		return;
	}
	live = r->m.live >> shift & mask;
	a->value = *word >> shift & mask & ~live;
	read_live(fn, r, a, live, bytes);
}

void ec_access_handle(const struct ec_bus_map *g, struct ec_access *a)
{
	struct ec_function *fn = find(g, a->at);
	uint32_t len = a->length;

	a->actions.n = 0;
	if (!fn)
		handle_absent(a);
	else if (unlikely(a->offset >= fn->layout->size))
		handle_rare(fn, a);
	else if (len == 4 && !(a->offset & 3))
		serve(fn, a, 0xffffffffu, 0xf, 0);
	else if (len - 1 < 2 && !(a->offset & (len - 1)))
		serve(fn, a, width_mask[len], width_bytes[len], (a->offset & 3) * 8);
	else
		handle_rare(fn, a);
}
