/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model.h"

#include <errno.h>
#include <string.h>

#include "core/bits.h"

/* Bits above a register's width. */
static bool fits(const struct ec_reg *reg, uint32_t mask)
{
	for (unsigned int i = reg->len * 8u; i < 32; i++) {
		if (mask >> i & 1)
			return false;
	}
	return true;
}

/* Whether each bit of the register, and no other, has exactly one treatment. */
static bool sane_owners(const struct ec_plan_reg *r)
{
	for (unsigned int i = 0; i < 32; i++) {
		unsigned int owners = 0;

		for (unsigned int t = 0; t < EC_TREATMENTS; t++)
			owners += r->served[t] >> i & 1;
		if (owners != (i < r->reg.len * 8u))
			return false;
	}
	return true;
}

static bool sane_masks(const struct ec_plan_reg *r)
{
	const struct ec_reg *reg = &r->reg;

	for (unsigned int i = 0; i < 32; i++) {
		unsigned int kinds = (reg->rw >> i & 1) + (reg->w1c >> i & 1) +
				     (reg->rsvdp >> i & 1) + (reg->rsvdz >> i & 1);

		if (kinds > 1)
			return false;
	}
	return fits(reg, reg->rw) && fits(reg, reg->w1c) && fits(reg, reg->rsvdp) &&
	       fits(reg, reg->rsvdz) && fits(reg, r->fixed) && sane_owners(r);
}

int ec_model_init(struct ec_model *m, const struct ec_plan *plan, const struct ec_conf_dump *device)
{
	uint32_t end = 0;

	memset(m, 0, sizeof(*m));
	m->plan = plan;
	m->device = *device;
	for (unsigned int i = 0; i < plan->n; i++) {
		const struct ec_plan_reg *r = &plan->reg[i];

		if (r->offset != end || !r->span || r->offset + r->span > EC_CONFIG_SIZE)
			return -EINVAL;
		if (r->served[EC_HIDE] != (uint32_t)ec_ones(r->reg.len) &&
		    (r->span != r->reg.len || r->offset % r->reg.len))
			return -EINVAL;
		if (!sane_masks(r))
			return -EINVAL;
		for (uint32_t b = 0; b < r->span; b++)
			m->reg_at[r->offset + b] = (uint16_t)i;
		for (uint32_t b = 0; b < r->span * 8u && b < 32; b++)
			m->shadow[r->offset * 8u + b] = r->value >> b & 1;
		end += r->span;
	}
	/* they differ if a rule moved a capability; its old place is then hidden */
	for (uint32_t at = 0; at < EC_CONFIG_SIZE; at++)
		m->seen_at[at] = (uint16_t)at;
	for (uint32_t at = 0; at < end; at++)
		if (ec_model_home(m, at) != at)
			m->seen_at[ec_model_home(m, at)] = (uint16_t)at;
	return end == plan->layout.size ? 0 : -EINVAL;
}

struct ec_model_bit ec_model_bit(const struct ec_model *m, uint32_t offset, unsigned int n)
{
	const struct ec_plan_reg *r = &m->plan->reg[m->reg_at[offset]];
	unsigned int pos = (offset - r->offset) * 8 + n;
	struct ec_model_bit bit = { .reg = r, .pos = pos, .kind = EC_KIND_RO, .who = EC_HIDE };
	const struct ec_reg *reg = &r->reg;
	bool writable;

	if (pos >= 32) /* far inside a gap */
		return bit;
	if (reg->rw >> pos & 1)
		bit.kind = EC_KIND_RW;
	else if (reg->w1c >> pos & 1)
		bit.kind = EC_KIND_RW1C;
	else if (reg->rsvdp >> pos & 1)
		bit.kind = EC_KIND_RSVDP;
	else if (reg->rsvdz >> pos & 1)
		bit.kind = EC_KIND_RSVDZ;
	for (unsigned int t = 0; t < EC_TREATMENTS; t++) {
		if (r->served[t] >> pos & 1)
			bit.who = (enum ec_treatment)t;
	}
	bit.fixed = r->fixed >> pos & 1;
	bit.live = !bit.fixed && (bit.who == EC_READ || bit.who == EC_PASS);
	writable = !bit.fixed && (bit.kind == EC_KIND_RW || bit.kind == EC_KIND_RW1C);
	bit.kept = writable && bit.who == EC_EMULATE;
	bit.owned = writable && bit.who == EC_PASS;
	if (reg->effect != EC_FX_NONE && !bit.fixed &&
	    (bit.who == EC_EMULATE || bit.who == EC_PASS))
		bit.starts = (reg->fx ? reg->fx : reg->rw) >> pos & 1;
	/* bits of an effect reach the device by its action, or not at all */
	bit.owned = bit.owned && !bit.starts;
	return bit;
}

uint32_t ec_model_home(const struct ec_model *m, uint32_t offset)
{
	const struct ec_plan_reg *r = &m->plan->reg[m->reg_at[offset]];

	return offset - r->offset + r->from;
}

uint32_t ec_model_seen(const struct ec_model *m, uint32_t at, unsigned int len, uint32_t offset,
		       unsigned int length)
{
	for (uint32_t b = at; b < at + len && b < m->plan->layout.size; b++) {
		if (b / 4 >= offset / 4 && b / 4 <= ((uint64_t)offset + length - 1) / 4 &&
		    ec_model_home(m, b) == b && ec_model_live(m, b))
			return at;
	}
	return m->seen_at[at];
}

bool ec_model_fits(const struct ec_model *m)
{
	for (uint32_t i = 0; i < m->plan->layout.size * 8; i++) {
		struct ec_model_bit b = ec_model_bit(m, i / 8, i % 8);
		uint32_t home = ec_model_home(m, i / 8);

		if (b.owned && ((m->device.rw[home] >> i % 8 & 1) != (b.kind == EC_KIND_RW) ||
				(m->device.w1c[home] >> i % 8 & 1) != (b.kind == EC_KIND_RW1C)))
			return false;
	}
	return true;
}

bool ec_model_live(const struct ec_model *m, uint32_t offset)
{
	for (unsigned int n = 0; n < 8; n++) {
		if (ec_model_bit(m, offset, n).live)
			return true;
	}
	return false;
}

bool ec_model_owned(const struct ec_model *m, uint32_t offset)
{
	for (unsigned int n = 0; n < 8; n++) {
		if (ec_model_bit(m, offset, n).owned)
			return true;
	}
	return false;
}

const struct ec_plan_reg *ec_model_exact(const struct ec_model *m, uint32_t offset)
{
	const struct ec_plan_reg *r;

	if (offset >= m->plan->layout.size)
		return NULL;
	r = &m->plan->reg[m->reg_at[offset]];
	return r->reg.exact ? r : NULL;
}

static bool read_bit(const struct ec_model *m, uint32_t offset, unsigned int n)
{
	struct ec_model_bit bit = ec_model_bit(m, offset, n);

	if (bit.live)
		return m->device.image.byte[ec_model_home(m, offset)] >> n & 1;
	if (bit.who == EC_HIDE)
		return false;
	return m->shadow[offset * 8 + n];
}

uint64_t ec_model_read(const struct ec_model *m, uint32_t offset, unsigned int length)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < length; i++) {
		uint64_t at = (uint64_t)offset + i;

		for (unsigned int n = 0; n < 8; n++) {
			if (at >= m->plan->layout.size || read_bit(m, (uint32_t)at, n))
				value |= 1ull << (i * 8 + n);
		}
	}
	return value;
}

/* Whether [offset, offset + length) writes the whole register. */
static bool whole(const struct ec_plan_reg *r, uint32_t offset, unsigned int length)
{
	return r->offset >= offset && r->offset + r->span <= (uint64_t)offset + length;
}

/* PowerState, PMCSR 1:0, does not change if the function lacks the new state. */
static bool refuses(const struct ec_model *m, const struct ec_plan_reg *r, uint32_t at,
		    uint8_t data)
{
	unsigned int state = 0;
	bool started = false;

	if (r->reg.effect != EC_FX_PM || at != r->offset)
		return false;
	for (unsigned int n = 0; n < 2; n++) {
		struct ec_model_bit bit = ec_model_bit(m, at, n);

		started |= bit.starts && bit.kept;
		if (bit.kept ? data >> n & 1 : !bit.live && m->shadow[at * 8 + n])
			state |= 1u << n;
	}
	return started && !(m->plan->layout.params.power_states >> state & 1);
}

static void write_bit(struct ec_model *m, uint32_t at, unsigned int n, bool one)
{
	struct ec_model_bit bit = ec_model_bit(m, at, n);
	uint8_t mask = (uint8_t)(1u << n), *byte = &m->device.image.byte[ec_model_home(m, at)];

	if (bit.kept && bit.kind == EC_KIND_RW)
		m->shadow[at * 8 + n] = one;
	if (bit.kept && bit.kind == EC_KIND_RW1C && one)
		m->shadow[at * 8 + n] = 0;
	if (bit.owned && bit.kind == EC_KIND_RW && one)
		*byte |= mask;
	if (bit.owned && (bit.kind == EC_KIND_RW ? !one : one))
		*byte &= (uint8_t)~mask;
}

struct ec_model_outcome ec_model_write(struct ec_model *m, uint32_t offset, unsigned int length,
				       uint64_t data)
{
	struct ec_model_outcome out = { 0 };

	for (unsigned int i = 0; i < length; i++) {
		uint64_t far = (uint64_t)offset + i;
		uint32_t at = (uint32_t)far;
		uint8_t byte = (uint8_t)(data >> (i * 8));
		const struct ec_plan_reg *r;
		bool refused;

		if (far >= m->plan->layout.size)
			break;
		r = &m->plan->reg[m->reg_at[at]];
		if (r->reg.exact && !whole(r, offset, length))
			continue;
		refused = refuses(m, r, at, byte);
		out.refused |= refused;
		for (unsigned int n = 0; n < 8; n++) {
			struct ec_model_bit bit = ec_model_bit(m, at, n);

			out.writable |= bit.kept || bit.owned;
			out.starts |= bit.starts;
			if (!(refused && bit.pos < 2))
				write_bit(m, at, n, byte >> n & 1);
		}
	}
	return out;
}

void ec_model_poke(struct ec_model *m, uint32_t offset, uint8_t byte)
{
	m->device.image.byte[offset] = byte;
}
