/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "access/access.h"

#include "core/bits.h"

const char *const ec_verdict_names[EC_VERDICTS] = {
	[EC_V_DROPPED] = "dropped",         [EC_V_SERVED] = "served",
	[EC_V_REFUSED] = "refused",         [EC_V_HW_ERROR] = "hw_error",
	[EC_V_NO_FUNCTION] = "no_function", [EC_V_MALFORMED] = "malformed",
};

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* All bits, and one bit per byte, of accesses of 1, 2 and 4 bytes; 0 for what is no width. */
static const uint32_t width_mask[5] = { [1] = UINT8_MAX, [2] = UINT16_MAX, [4] = UINT32_MAX };
static const uint8_t width_bytes[5] = { [1] = 0x1, [2] = 0x3, [4] = 0xf };

/* Offset in the hardware of byte @offset of the view, which @r serves. */
static inline uint32_t hw_offset(const struct ec_dword_masks *r, uint32_t offset)
{
	return offset + (uint32_t)(int32_t)r->move;
}

/* One access to the hardware. The value is added to *@hw at its place in the dword. */
static inline int hw_read(const struct ec_function *fn, const struct ec_dword_masks *r,
			  uint32_t dword, struct ec_span span, uint32_t *hw)
{
	uint32_t v = 0;
	int rc = fn->hw->read(fn->hw_ctx, hw_offset(r, dword * 4 + span.first), span.len, &v);

	if (!rc)
		*hw |= v << span.first * 8;
	return rc;
}

/*
 * The narrowest accesses that cover the bytes @bytes and no others; but a register whose access has
 * a side effect is accessed whole, and alone.
 */
static inline unsigned int spans_of(const struct ec_dword_masks *r, unsigned int bytes,
				    struct ec_span span[4])
{
	unsigned int n;

	if (likely(!(bytes & r->exact)))
		return ec_spans(bytes, span);
	n = ec_spans(bytes & ~(unsigned int)r->exact, span);
	return n + ec_spans(r->exact, span + n);
}

/* Reads the bytes @bytes of a dword, and no others, into their places. */
static int hw_read_bytes(const struct ec_function *fn, const struct ec_dword_masks *r,
			 uint32_t dword, unsigned int bytes, uint32_t *hw)
{
	struct ec_span span[4];
	unsigned int n = spans_of(r, bytes, span);

	for (unsigned int i = 0; i < n; i++) {
		int rc = hw_read(fn, r, dword, span[i], hw);

		if (rc)
			return rc;
	}
	return 0;
}

/*
 * Reads the live bytes among the bytes @bytes of a dword, which the guest reads: with one access if
 * that stays within the guest's own.
 */
static int hw_read_live(const struct ec_function *fn, const struct ec_dword_masks *r,
			uint32_t dword, unsigned int bytes, uint32_t *hw)
{
	unsigned int live = r->live_bytes & bytes;
	struct ec_span one = ec_span_covering(live);

	if (r->exact || ((1u << one.len) - 1) << one.first & ~bytes)
		return hw_read_bytes(fn, r, dword, live, hw);
	return hw_read(fn, r, dword, one, hw);
}

/* Reads the bytes @bytes of dword @dword into their places. */
static enum ec_verdict read_dword(const struct ec_function *fn, uint32_t dword, unsigned int bytes,
				  uint32_t *value)
{
	const struct ec_dword_masks *r = ec_layout_masks(fn->layout, dword);
	uint32_t shadow = ec_layout_shadow(fn->layout, fn->shadow, dword), hw = 0;

	if (r->live_bytes & bytes && hw_read_live(fn, r, dword, bytes, &hw)) {
		*value = UINT32_MAX;
		return EC_V_HW_ERROR;
	}
	*value = ec_masks_read(r, shadow, hw);
	return EC_V_SERVED;
}

/*
 * Writes what the guest may change of the bytes @bytes of a dword. All reads come before the first
 * write: no write follows a failed read.
 */
static inline int hw_write_bytes(const struct ec_function *fn, const struct ec_dword_masks *r,
				 uint32_t dword, unsigned int bytes, uint32_t data)
{
	struct ec_span span[4];
	unsigned int n = spans_of(r, bytes, span);
	uint32_t hw = 0;
	int rc;

	for (unsigned int i = 0; i < n; i++) {
		if (!(r->m.keep & width_mask[span[i].len] << span[i].first * 8))
			continue;
		rc = hw_read(fn, r, dword, span[i], &hw);
		if (rc)
			return rc;
	}
	data = ec_masks_hardware(r, hw, data);
	for (unsigned int i = 0; i < n; i++) {
		uint32_t v = data >> span[i].first * 8 & width_mask[span[i].len];

		rc = fn->hw->write(fn->hw_ctx, hw_offset(r, dword * 4 + span[i].first), span[i].len,
				   v);
		if (rc)
			return rc;
	}
	return 0;
}

/* Writes @data to the bytes @bytes of dword @dword. */
static enum ec_verdict write_dword(struct ec_function *fn, uint32_t dword, unsigned int bytes,
				   uint32_t data, struct ec_action_list *actions)
{
	const struct ec_cell *cell = fn->layout->cell + dword;
	const struct ec_dword_masks *r = fn->layout->masks + cell->masks;
	uint32_t *word = fn->shadow + cell->word, now, lanes = ec_byte_lanes(bytes);
	enum ec_verdict v = EC_V_SERVED;

	/* part of a register that is only written whole */
	if (r->exact & ~bytes)
		lanes &= ~ec_byte_lanes(r->exact);
	if (!(ec_masks_writable(r) & lanes))
		return EC_V_DROPPED;
	data &= lanes;
	/* the bytes that still have bits of the hardware in the lanes */
	if (r->hw_bytes & bytes) {
		bytes = ec_byte_bits((r->m.hw_rw | r->m.hw_w1c) & lanes);
		if (bytes && hw_write_bytes(fn, r, dword, bytes, data))
			return EC_V_HW_ERROR;
		fn->permissive_writes += (r->permissive & bytes) != 0;
	}
	if (cell->word == EC_WORD_ZERO)
		return EC_V_SERVED;
	now = ec_masks_shadow(r, *word, data, lanes);
	if (r->fx & lanes) {
		struct ec_effect_write w = { .layout = fn->layout,
					     .shadow = fn->shadow,
					     .dword = dword,
					     .old = *word,
					     .now = now,
					     .data = data,
					     .actions = actions };

		if (!ec_effect_run(r->effect, &w))
			v = EC_V_REFUSED;
		now = w.now;
	}
	*word = now;
	return v;
}

/* Serves the @len bytes of an access that follow its first @done ones, all in one dword. */
static enum ec_verdict part(struct ec_function *fn, struct ec_access *a, unsigned int len,
			    unsigned int done)
{
	uint64_t at = (uint64_t)a->offset + done, dword = at / 4;
	unsigned int first = at % 4, bytes = ((1u << len) - 1) << first;
	uint32_t value = UINT32_MAX;
	enum ec_verdict v = EC_V_SERVED;

	if (a->write) {
		if (dword * 4 >= fn->layout->size)
			return EC_V_DROPPED;
		return write_dword(fn, (uint32_t)dword, bytes,
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
	a->verdict = EC_V_DROPPED;
	if (!a->write)
		a->value = 0;
	for (unsigned int done = 0; done < a->length;) {
		unsigned int len = 4 - (a->offset + done) % 4;
		enum ec_verdict v;

		if (len > a->length - done)
			len = a->length - done;
		v = part(fn, a, len, done);
		if (v > a->verdict)
			a->verdict = (uint8_t)v;
		/* no write follows a failure; bytes that were not read are ff */
		if (v == EC_V_HW_ERROR) {
			if (!a->write)
				a->value |= ec_ones(a->length) & ~ec_ones(done);
			return;
		}
		done += len;
	}
}

/* An access that is not aligned, or not within the function's space. Out of the common path. */
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

/* An aligned read of a dword that has registers with side effects. */
static void __attribute__((noinline)) read_exact(const struct ec_function *fn, struct ec_access *a)
{
	uint32_t value;

	a->verdict = (uint8_t)read_dword(
		fn, a->offset / 4, (unsigned int)width_bytes[a->length] << (a->offset & 3), &value);
	a->value = value >> (a->offset & 3) * 8 & width_mask[a->length];
}

/*
 * An aligned read whose bytes @bytes, counted from the guest's first, have live bits. The access
 * that covers them is within the guest's own.
 */
static void __attribute__((noinline))
read_live(const struct ec_function *fn, const struct ec_dword_masks *r, struct ec_access *a,
	  uint32_t live, unsigned int bytes)
{
	struct ec_span span = ec_span_covering(bytes);
	uint32_t hw;

	if (unlikely(fn->hw->read(fn->hw_ctx, hw_offset(r, a->offset + span.first), span.len,
				  &hw))) {
		a->verdict = EC_V_HW_ERROR;
		a->value = width_mask[a->length];
		return;
	}
	a->value |= hw << span.first * 8 & live;
}

static void __attribute__((noinline)) write_aligned(struct ec_function *fn, struct ec_access *a)
{
	unsigned int first = a->offset & 3;

	a->verdict = (uint8_t)write_dword(fn, a->offset / 4,
					  (unsigned int)width_bytes[a->length] << first,
					  (uint32_t)a->value << first * 8, &a->actions);
}

/*
 * The common path, inlined twice, once with constants: an aligned access within the space, in a
 * straight line without a stack frame. Everything rare is out of line. @mask, @own: its bits and
 * bytes, counted from its first; @shift: the bit of the dword where it starts.
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

void ec_access_handle(const struct ec_bus_map *map, struct ec_access *a)
{
	struct ec_function *fn = ec_bus_map_find(map, a->at);
	uint32_t len = a->length;

	a->actions.n = 0;
	if (!fn)
		handle_absent(a);
	else if (unlikely(a->offset >= fn->layout->size))
		handle_rare(fn, a);
	else if (len == 4 && !(a->offset & 3))
		serve(fn, a, UINT32_MAX, 0xf, 0);
	else if (len - 1 < 2 && !(a->offset & (len - 1)))
		serve(fn, a, width_mask[len], width_bytes[len], (a->offset & 3) * 8);
	else
		handle_rare(fn, a);
}
