/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snapshot.h"

#include <errno.h>
#include <string.h>

#include "core/bits.h"

/* One capture under way. */
struct capture {
	const struct ec_conf_ops *conf;
	void *ctx;
	struct ec_image *img;
	struct ec_captured *out;
	uint32_t tried[EC_CONFIG_DWORDS / 32]; /* a bit a dword: it was read, or that failed */
};

/* Reads the dword at @offset, once. Returns 0 or the port's error. */
static int fetch(struct capture *c, uint32_t offset)
{
	uint32_t d = offset / 4, bit = 1u << (d % 32), value;
	uint8_t bytes[4];
	int rc;

	if (c->tried[d / 32] & bit)
		return 0;
	c->tried[d / 32] |= bit;
	c->out->dwords++;
	rc = c->conf->read(c->ctx, d * 4, 4, &value);
	if (rc)
		return rc;
	ec_put_le(bytes, 4, value);
	return ec_image_put(c->img, d * 4, bytes, 4);
}

/* The header and the limit of the port. The space's size is 64 bytes until more is read. */
static int fetch_header(struct capture *c, struct ec_diag *diag)
{
	for (uint32_t off = 0; off < 64; off += 4) {
		int rc = fetch(c, off);

		if (rc) {
			ec_diag_set(diag, 0, "its header cannot be read: %s", strerror(-rc));
			return rc;
		}
		/* a function that is gone reads so everywhere; a virtual one only in its ids */
		if (off == 8 && ec_image_get(c->img, 0, 4) == 0xffffffffu &&
		    ec_image_get(c->img, 8, 4) == 0xffffffffu) {
			ec_diag_set(diag, 0, "reads all ones: no function, or one that is gone");
			return -ENODEV;
		}
	}
	return 0;
}

/* Follows a chain link by link: each read shows where the next capability is. */
static void fetch_chains(struct capture *c, struct ec_chain *chain)
{
	unsigned int links = 0, before;

	do {
		before = c->out->dwords;
		ec_chain_walk(c->img, chain);
		if (chain->std_cut.fault == EC_CHAIN_OUTSIDE)
			fetch(c, chain->std_cut.to);
		if (chain->ext_cut.fault == EC_CHAIN_OUTSIDE)
			fetch(c, chain->ext_cut.to);
	} while (c->out->dwords > before && links++ < EC_CHAIN_MAX);
}

/* Does a plan need to know these bits: are some constant for the guest, by what was captured? */
static bool needs_capture(const struct ec_reg *r)
{
	uint32_t width = (uint32_t)ec_ones(r->len), known = r->clr | r->set;

	for (unsigned int half = 0; half < 2; half++) {
		unsigned int t = half ? r->second : r->treatment;
		uint32_t bits = (half ? r->split : ~r->split) & width & ~known;

		if (t == EC_EMULATE)
			bits &= ~(r->rw | r->w1c | r->rsvdp | r->rsvdz | r->fx);
		if (bits && (t == EC_FREEZE || t == EC_EMULATE))
			return true;
	}
	return false;
}

static bool is_live(const struct ec_reg *r)
{
	return ec_reg_serve(r, r->treatment, r->second, 0).live;
}

/* Reads what the plan's registers want, by how much is captured. */
static void fetch_registers(struct capture *c, const struct ec_plan *plan, enum ec_capture how_much)
{
	for (unsigned int i = 0; i < plan->n; i++) {
		const struct ec_plan_reg *r = plan->reg + i;

		if (r->reg.exact)
			continue;
		if (!needs_capture(&r->reg) && how_much < EC_CAPTURE_ALL &&
		    !(how_much == EC_CAPTURE_SHOWN && is_live(&r->reg)))
			continue;
		for (uint32_t off = r->offset & ~3u; off < r->offset + (uint32_t)r->span; off += 4)
			fetch(c, off);
	}
}

/* What tells the length of each capability, and of what kind it is. */
static void fetch_probes(struct capture *c, const struct ec_chain *chain)
{
	for (unsigned int i = 0; i < chain->n; i++) {
		const struct ec_link *l = chain->link + i;
		const struct ec_cap *cap = ec_cap_find(l->id, l->extended);

		for (uint32_t d = 0; d < 32 && d * 4 < l->room; d++)
			if (cap->probe & 1u << d)
				fetch(c, l->offset + d * 4);
	}
}

/* In a plan of all that the hardware says, every register has its row: exact ones are known. */
static void fetch_all(struct capture *c, struct ec_plan *plan)
{
	struct ec_plan_options host = { .topology = EC_HOST, .live = true };

	if (!ec_plan_build(plan, c->img, &host, NULL))
		fetch_registers(c, plan, EC_CAPTURE_ALL);
}

int ec_snapshot_take(const struct ec_conf_ops *conf, void *ctx, enum ec_capture how_much,
		     const struct ec_plan_options *options, struct ec_plan *plan,
		     struct ec_image *img, struct ec_captured *captured, struct ec_diag *diag)
{
	struct ec_plan_options live = *options;
	struct capture c = { .conf = conf, .ctx = ctx, .img = img, .out = captured };
	int rc;

	*captured = (struct ec_captured){ 0 };
	ec_image_clear(img);
	rc = fetch_header(&c, diag);
	if (rc)
		return rc;
	/* the kernel gives an opener without privilege 64 bytes, and a conventional function has
	 * 256 */
	captured->limited = fetch(&c, 0x40) != 0;
	if (!captured->limited)
		fetch(&c, 0x100);
	fetch_chains(&c, &plan->chain);
	if (how_much == EC_CAPTURE_CHAINS)
		return 0;
	fetch_probes(&c, &plan->chain);
	if (how_much == EC_CAPTURE_ALL)
		fetch_all(&c, plan);
	live.live = true;
	rc = ec_plan_build(plan, img, &live, diag);
	if (rc)
		return rc;
	fetch_registers(&c, plan, how_much);
	return ec_plan_build(plan, img, &live, diag);
}
