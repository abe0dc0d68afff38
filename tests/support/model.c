/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model.h"

#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"

/* Bits that a register must not have behind its end. */
static bool fits(const struct ec_reg *reg, uint32_t mask)
{
	for (unsigned int i = reg->len * 8u; i < 32; i++) {
		if (mask >> i & 1)
			return false;
	}
	return true;
}

static bool sane_masks(const struct ec_reg *reg)
{
	for (unsigned int i = 0; i < 32; i++) {
		unsigned int kinds = (reg->rw >> i & 1) + (reg->w1c >> i & 1) +
				     (reg->rsvdp >> i & 1) + (reg->rsvdz >> i & 1);

		if (kinds > 1)
			return false;
	}
	return fits(reg, reg->rw) && fits(reg, reg->w1c) && fits(reg, reg->rsvdp) &&
	       fits(reg, reg->rsvdz) && fits(reg, reg->clr) && fits(reg, reg->set);
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
		if (r->reg.treatment != EC_HIDE &&
		    (r->span != r->reg.len || r->offset % r->reg.len))
			return -EINVAL;
		if (!sane_masks(&r->reg))
			return -EINVAL;
		for (uint32_t b = 0; b < r->span; b++)
			m->reg_at[r->offset + b] = (uint16_t)i;
		for (uint32_t b = 0; b < r->span * 8u && b < 32; b++)
			m->shadow[r->offset * 8u + b] = r->value >> b & 1;
		end += r->span;
	}
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
	bit.who = reg->split >> pos & 1 ? reg->second : reg->treatment;
	bit.fixed = reg->clr >> pos & 1 || reg->set >> pos & 1;
	bit.live = !bit.fixed && (bit.who == EC_READ || bit.who == EC_PASS);
	writable = !bit.fixed && (bit.kind == EC_KIND_RW || bit.kind == EC_KIND_RW1C);
	bit.kept = writable && bit.who == EC_EMULATE;
	bit.owned = writable && bit.who == EC_PASS;
	if (reg->effect != EC_FX_NONE)
		bit.starts = (reg->fx ? reg->fx : reg->rw) >> pos & 1;
	return bit;
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
		return m->device.image.byte[offset] >> n & 1;
	if (bit.who == EC_HIDE && !bit.fixed)
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

/* Is the register at @r written whole by [offset, offset + length)? */
static bool whole(const struct ec_plan_reg *r, uint32_t offset, unsigned int length)
{
	return r->offset >= offset && r->offset + r->span <= (uint64_t)offset + length;
}

/* PowerState is bits 1:0 of PMCSR; it stays what it was if the function lacks the new state. */
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
		if (bit.kept ? data >> n & 1 : m->shadow[at * 8 + n])
			state |= 1u << n;
	}
	return started && !(m->plan->layout.facts.power_states >> state & 1);
}

static void write_bit(struct ec_model *m, uint32_t at, unsigned int n, bool one)
{
	struct ec_model_bit bit = ec_model_bit(m, at, n);
	uint8_t mask = (uint8_t)(1u << n);

	if (bit.kept && bit.kind == EC_KIND_RW)
		m->shadow[at * 8 + n] = one;
	if (bit.kept && bit.kind == EC_KIND_RW1C && one)
		m->shadow[at * 8 + n] = 0;
	if (bit.owned && bit.kind == EC_KIND_RW && one)
		m->device.image.byte[at] |= mask;
	if (bit.owned && (bit.kind == EC_KIND_RW ? !one : one))
		m->device.image.byte[at] &= (uint8_t)~mask;
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

/* ---- random functions ---- */

struct maker {
	struct ec_model_rng *rng;
	struct ec_region *region;
	uint8_t byte[EC_CONFIG_SIZE];
};

uint64_t ec_model_random(struct ec_model_rng *rng)
{
	uint64_t z = rng->state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

uint32_t ec_model_below(struct ec_model_rng *rng, uint32_t n)
{
	return (uint32_t)(ec_model_random(rng) >> 32) % n;
}

static uint32_t below(struct maker *w, uint32_t n)
{
	return ec_model_below(w->rng, n);
}

static bool one_in(struct maker *w, uint32_t n)
{
	return below(w, n) == 0;
}

static void put(struct maker *w, uint32_t offset, unsigned int len, uint32_t value)
{
	ec_put_le(w->byte + offset, len, value);
}

/* BARs of all kinds at aligned addresses; returns without a place for an upper half as they come.
 */
static void make_bars(struct maker *w, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		uint32_t at = PCI_BASE_ADDRESS_0 + i * 4, kind = below(w, 4);
		unsigned int shift = kind == 1 ? 2 + below(w, 7) : 4 + below(w, 26);
		uint32_t flags = kind == 1 ? 1 : kind == 3 ? 4 | below(w, 2) << 3 : 0;
		uint32_t addr = (uint32_t)ec_model_random(w->rng) & ~((1u << shift) - 1);

		put(w, at, 4, kind ? addr | flags : 0);
		if (kind && one_in(w, 8))
			put(w, at, 4, 0);
		if (kind)
			w->region[i] = (struct ec_region){ .size = 1ull << shift, .flags = flags };
		if (kind == 3 && i + 1 < n)
			put(w, PCI_BASE_ADDRESS_0 + ++i * 4, 4, below(w, 0x100));
	}
	if (one_in(w, 2))
		w->region[EC_BAR_ROM] = (struct ec_region){ .size = 0x800u << below(w, 12) };
}

static void make_header(struct maker *w, unsigned int type)
{
	uint8_t *b = w->byte;

	put(w, PCI_VENDOR_ID, 2, 1 + below(w, 0xfffe));
	b[PCI_HEADER_TYPE] = (uint8_t)(type | below(w, 2) << 7);
	b[PCI_STATUS] |= PCI_STATUS_CAP_LIST;
	if (one_in(w, 32))
		b[PCI_STATUS] &= (uint8_t)~PCI_STATUS_CAP_LIST;
	make_bars(w, type ? 2 : 6);
}

static const struct ec_cap *any_cap(struct maker *w, bool extended)
{
	for (;;) {
		const struct ec_cap *cap = ec_cap_get(below(w, ec_cap_count()));

		if (one_in(w, 64))
			return ec_cap_find((uint16_t)(extended ? 0x100 + below(w, 0x1000) : 0xf0),
					   extended);
		if (cap->extended == extended)
			return cap;
	}
}

/* A standard capability's flags, written at @at; returns the bytes it takes, at random more. */
static uint32_t make_std(struct maker *w, uint32_t at, uint8_t id, unsigned int type)
{
	static const uint8_t ends[] = { 0, 0, 1, 9 };
	uint32_t len = ec_cap_find(id, false)->least, kind, version;
	bool slot = one_in(w, 2);

	if (id == PCI_CAP_ID_VNDR)
		put(w, at + 2, 1, len = 3 + below(w, 30));
	else if (id == PCI_CAP_ID_AF)
		put(w, at + 2, 1, len = 6);
	else if (id == PCI_CAP_ID_MSI)
		len = 10u + 4 * below(w, 5);
	if (id != PCI_CAP_ID_EXP)
		return len + below(w, 3) * 4;
	kind = type ? 4 + below(w, 5) : ends[below(w, 4)];
	if (one_in(w, 16))
		kind = below(w, 16);
	version = one_in(w, 32) ? below(w, 16) : 1 + below(w, 2);
	put(w, at + 2, 2, version | kind << 4 | (slot ? 0x100u : 0));
	return ec_express_length(version, kind, slot) + below(w, 2) * 4;
}

static void shuffle(struct maker *w, uint16_t *v, unsigned int n)
{
	for (unsigned int i = n; i > 1; i--) {
		unsigned int j = below(w, i);
		uint16_t t = v[i - 1];

		v[i - 1] = v[j];
		v[j] = t;
	}
}

static void make_std_chain(struct maker *w, unsigned int type)
{
	static const uint8_t usual[] = { PCI_CAP_ID_EXP,  PCI_CAP_ID_PM,   PCI_CAP_ID_MSI,
					 PCI_CAP_ID_MSIX, PCI_CAP_ID_VNDR, PCI_CAP_ID_VPD,
					 PCI_CAP_ID_AF,   PCI_CAP_ID_SATA, PCI_CAP_ID_EXP };
	uint16_t place[EC_CHAIN_STD_MAX];
	unsigned int n = 0;
	uint32_t at = 0x40 + 4 * below(w, 5);

	while (at < 0xf8 && n < EC_CHAIN_STD_MAX && !(n > 3 && one_in(w, 12))) {
		uint8_t id = (uint8_t)(one_in(w, 5) ? any_cap(w, false)->id
						    : usual[below(w, sizeof(usual))]);

		put(w, at, 1, id);
		place[n++] = (uint16_t)at;
		at = (at + make_std(w, at, id, type) + 3) & ~3u;
		if (one_in(w, 3))
			at += 4 * below(w, 6);
	}
	shuffle(w, place, n);
	put(w, PCI_CAPABILITY_LIST, 1, place[0]);
	for (unsigned int i = 0; i < n; i++)
		put(w, place[i] + 1u, 1, i + 1 < n ? place[i + 1] : 0);
}

static void make_ext_chain(struct maker *w)
{
	static const uint8_t usual[] = { PCI_EXT_CAP_ID_AER,  PCI_EXT_CAP_ID_VC,
					 PCI_EXT_CAP_ID_DSN,  PCI_EXT_CAP_ID_PB,
					 PCI_EXT_CAP_ID_VNDR, PCI_EXT_CAP_ID_DVSEC,
					 PCI_EXT_CAP_ID_SRIOV };
	uint16_t place[64], id[64], order[64];
	unsigned int n = 0, most = 1 + below(w, 24);
	uint32_t at = 0x100;

	while (n < most && at < 0xfc0) {
		const struct ec_cap *cap = any_cap(w, true);
		uint32_t len;

		if (one_in(w, 2))
			cap = ec_cap_find(usual[below(w, sizeof(usual))], true);
		len = ((cap->least + 3u) & ~3u) + 4 * below(w, 12);
		order[n] = (uint16_t)n;
		id[n] = cap->id;
		place[n++] = (uint16_t)at;
		put(w, at + 4, 4, (uint32_t)ec_model_random(w->rng));
		if (cap->id == PCI_EXT_CAP_ID_VNDR || cap->id == PCI_EXT_CAP_ID_DVSEC)
			put(w, at + 4, 4, len << 20 | below(w, 0x100000));
		at += len + (one_in(w, 2) ? 4 * below(w, 64) : 0);
	}
	shuffle(w, order + 1, n - 1);
	for (unsigned int i = 0; i < n; i++) {
		uint32_t next = i + 1 < n ? place[order[i + 1]] : 0;

		put(w, place[order[i]], 4, id[order[i]] | (1 + below(w, 2)) << 16 | next << 20);
	}
}

void ec_model_image(struct ec_model_rng *rng, unsigned int type, struct ec_image *img,
		    struct ec_region region[EC_BAR_MAX])
{
	static const uint16_t sizes[] = { 64, 256, 256, 4096, 4096, 4096, 4096, 4096 };
	struct maker maker = { .rng = rng, .region = region }, *w = &maker;

	memset(region, 0, EC_BAR_MAX * sizeof(*region));
	for (uint32_t i = 0; i < EC_CONFIG_SIZE; i += 4)
		put(w, i, 4,
		    one_in(w, 3) ? 0 : (uint32_t)(ec_model_random(rng) & ec_model_random(rng)));
	make_header(w, type);
	make_std_chain(w, type);
	make_ext_chain(w);
	ec_image_clear(img);
	ec_image_put(img, 0, w->byte, sizes[below(w, EC_ARRAY_SIZE(sizes))]);
}

/* One register of any sort. */
static void scramble(struct ec_model_rng *rng, struct ec_plan_reg *r, bool exact)
{
	struct ec_reg *reg = &r->reg;
	uint32_t ones = (uint32_t)ec_ones(reg->len), a, b, c;

	a = (uint32_t)ec_model_random(rng);
	b = (uint32_t)ec_model_random(rng);
	c = (uint32_t)ec_model_random(rng);
	reg->treatment = (uint8_t)ec_model_below(rng, EC_TREATMENTS);
	reg->second = (uint8_t)ec_model_below(rng, EC_TREATMENTS);
	reg->split = ec_model_below(rng, 2) ? (a ^ b * 3) & ones : 0;
	reg->effect = EC_FX_NONE;
	reg->exact = exact && reg->len > 1 && r->offset % 4 == 0 && ec_model_below(rng, 4) == 0;
	if (ec_model_below(rng, 2)) {
		reg->rw = a & b & ones;
		reg->w1c = a & ~b & ones;
		reg->rsvdp = ~a & b & c & ones;
		reg->rsvdz = ~a & b & ~c & ones;
	}
	if (ec_model_below(rng, 4) == 0)
		reg->clr = (a ^ c) & (b ^ c * 5) & ones;
	r->value = (uint32_t)ec_model_random(rng) & ones;
	for (unsigned int i = 0; i < 32; i++) {
		bool second = reg->split >> i & 1;

		if ((second ? reg->second : reg->treatment) == EC_HIDE && !(reg->clr >> i & 1))
			r->value &= ~(1u << i);
	}
}

static void add_rule(struct ec_rule *rule, const struct ec_plan_reg *r)
{
	unsigned int shift = r->offset % 4 * 8;
	struct ec_reg_masks m =
		ec_reg_serve(&r->reg, r->reg.treatment, r->reg.second, r->reg.clr | r->reg.set);

	rule->m.live |= m.live << shift;
	rule->m.shadow_rw |= m.shadow_rw << shift;
	rule->m.shadow_w1c |= m.shadow_w1c << shift;
	rule->m.hw_rw |= m.hw_rw << shift;
	rule->m.hw_w1c |= m.hw_w1c << shift;
	rule->m.keep |= m.keep << shift;
	if (r->reg.exact)
		rule->exact |= (uint8_t)(((1u << r->reg.len) - 1) << r->offset % 4);
}

void ec_model_scramble(struct ec_model_rng *rng, struct ec_plan *plan, struct ec_conf_dump *device,
		       bool exact)
{
	static struct ec_rule rule[EC_CONFIG_DWORDS];
	uint32_t value[EC_CONFIG_DWORDS] = { 0 };

	memset(rule, 0, sizeof(rule));
	for (unsigned int i = 0; i < plan->n; i++) {
		struct ec_plan_reg *r = &plan->reg[i];

		if (r->span != r->reg.len)
			continue;
		scramble(rng, r, exact);
		ec_put_le(device->rw + r->offset, r->reg.len, r->reg.rw);
		ec_put_le(device->w1c + r->offset, r->reg.len, r->reg.w1c);
		add_rule(&rule[r->offset / 4], r);
		value[r->offset / 4] |= r->value << r->offset % 4 * 8;
	}
	ec_layout_init(&plan->layout, plan->layout.size);
	memset(plan->shadow, 0, sizeof(plan->shadow));
	for (uint32_t i = 0; i < plan->layout.size / 4; i++)
		ec_layout_set(&plan->layout, plan->shadow, i, &rule[i], value[i]);
}
