/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Random functions, and random registers made from theirs. */
#include <pci/header.h>
#include <string.h>

#include "capabilities/express.h"
#include "core/bits.h"
#include "model.h"
#include "view/decide.h"

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

/* Write a standard capability's flags at @at. Returns its size, at random with some bytes more. */
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

static void shuffle(struct ec_model_rng *rng, uint16_t *v, unsigned int n)
{
	for (unsigned int i = n; i > 1; i--) {
		unsigned int j = ec_model_below(rng, i);
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
	uint16_t place[EC_CHAIN_STD_MAX] = { 0 };
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
	shuffle(w->rng, place, n);
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
	shuffle(w->rng, order + 1, n - 1);
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

void ec_model_decide(struct ec_model_rng *rng, struct ec_plan *plan)
{
	for (unsigned int i = 0; i < plan->chain.n; i++)
		if (ec_model_below(rng, 8) == 0)
			plan->cap[i].treatment = EC_HIDE;
	for (unsigned int i = 0; i < plan->n; i++) {
		struct ec_plan_reg *r = &plan->reg[i];

		if (r->span != r->reg.len)
			continue;
		for (unsigned int n = ec_model_below(rng, 4); n > 0; n--) {
			enum ec_treatment t = (enum ec_treatment)ec_model_below(rng, EC_TREATMENTS);
			uint32_t bits = (uint32_t)ec_model_random(rng);

			if (ec_model_below(rng, 4) == 0)
				bits = UINT32_MAX;
			if (t == EC_PASS)
				bits &= ~r->reg.host;
			ec_plan_treat(r, bits, t, EC_ORIGINS);
		}
		if (ec_model_below(rng, 4) == 0)
			ec_plan_fix(r, (uint32_t)(ec_model_random(rng) & ec_model_random(rng)),
				    (uint32_t)ec_model_random(rng), EC_ORIGINS);
	}
}

/* Divide the bits @ones among one to five treatments. */
static void share_out(struct ec_model_rng *rng, uint32_t who[EC_TREATMENTS], uint32_t ones)
{
	unsigned int owners = 1 + ec_model_below(rng, EC_TREATMENTS);
	uint16_t owner[EC_TREATMENTS];

	for (unsigned int t = 0; t < EC_TREATMENTS; t++) {
		owner[t] = (uint16_t)t;
		who[t] = 0;
	}
	shuffle(rng, owner, EC_TREATMENTS);
	for (unsigned int i = 0; i < 32; i++)
		who[owner[ec_model_below(rng, owners)]] |= ones & 1u << i;
}

/* One random register. */
static void scramble(struct ec_model_rng *rng, struct ec_plan_reg *r, bool exact)
{
	struct ec_reg *reg = &r->reg;
	uint32_t ones = (uint32_t)ec_ones(reg->len), a, b, c;

	a = (uint32_t)ec_model_random(rng);
	b = (uint32_t)ec_model_random(rng);
	c = (uint32_t)ec_model_random(rng);
	share_out(rng, r->served, ones);
	reg->effect = EC_FX_NONE;
	reg->exact = exact && reg->len > 1 && r->offset % 4 == 0 && ec_model_below(rng, 4) == 0;
	if (ec_model_below(rng, 2)) {
		reg->rw = a & b & ones;
		reg->w1c = a & ~b & ones;
		reg->rsvdp = ~a & b & c & ones;
		reg->rsvdz = ~a & b & ~c & ones;
	}
	r->fixed = ec_model_below(rng, 4) ? 0 : (a ^ c) & (b ^ c * 5) & ones;
	r->value = (uint32_t)ec_model_random(rng) & ones & ~r->served[EC_HIDE];
}

static void add_rule(struct ec_dword_masks *rule, const struct ec_plan_reg *r)
{
	unsigned int shift = r->offset % 4 * 8;
	struct ec_reg_masks m = ec_reg_serve(&r->reg, r->served, r->fixed);

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
	static struct ec_dword_masks rule[EC_CONFIG_DWORDS];
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
