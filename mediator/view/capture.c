/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/capture.h"

#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "core/pci_bits.h"
#include "view/build.h"

/* The state of a capture. */
struct capture {
	const struct ec_conf_ops *conf;
	void *ctx;
	struct ec_image *img;
	struct ec_captured *out;
	uint32_t tried[EC_CONFIG_DWORDS / 32]; /* a bit per dword: it was read, or must not be */
	bool ones; /* a dword read all ones, so the function may be gone */
};

/* Reads the dword at @offset if it was not read yet. Returns 0 or the callback's error. */
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
	if (rc) {
		c->out->failed++;
		return rc;
	}
	c->ones = c->ones || value == EC_ABSENT;
	ec_put_le(bytes, 4, value);
	return ec_image_put(c->img, d * 4, bytes, 4);
}

/*
 * Checks that the function is still there, if a dword read all ones. The ids of a virtual function
 * read all ones, but its class and revision do not.
 */
static int check_there(struct capture *c, struct ec_diag *diag)
{
	uint32_t class_rev = 0;

	if (!c->ones)
		return 0;
	c->out->dwords++;
	if (c->conf->read(c->ctx, PCI_CLASS_REVISION, 4, &class_rev) || class_rev != EC_ABSENT)
		return 0;
	ec_diag_set(diag, 0, "reads all ones: no function, or one that is gone");
	return -ENODEV;
}

/* Reads the header. The image's size is 64 bytes until more is read. */
static int fetch_header(struct capture *c, struct ec_diag *diag)
{
	for (uint32_t off = 0; off < EC_STD_FIRST; off += 4) {
		int rc = fetch(c, off);

		if (rc) {
			ec_diag_set(diag, 0, "its header cannot be read: %s", strerror(-rc));
			return rc;
		}
	}
	return check_there(c, diag);
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

static bool is_linked(const struct ec_chain *chain, uint32_t offset)
{
	for (unsigned int i = 0; i < chain->n; i++)
		if (chain->link[i].offset == offset)
			return true;
	return false;
}

/* Adds capabilities that only a rule links to the chain, so that they are captured too. */
static void fetch_ruled(struct capture *c, struct ec_chain *chain,
			const struct ec_plan_options *options)
{
	const struct ec_decisions *d = options->topology == EC_HOST ? NULL : options->rules;

	for (unsigned int i = 0; d && i < d->n; i++) {
		const struct ec_setting *s = d->decision[i].set;
		struct ec_link link = { .offset = s->offset,
					.id = s->cap.id,
					.extended = s->cap.extended };

		if (s->verb != EC_SET_LINK || s->offset % 4 || s->offset >= c->img->size ||
		    s->offset < (link.extended ? EC_EXT_FIRST : EC_STD_FIRST) ||
		    (!link.extended && s->offset >= EC_EXT_FIRST) || is_linked(chain, s->offset))
			continue;
		fetch(c, s->offset);
		link.version = EC_EXT_CAP_VERSION(ec_image_get(c->img, s->offset, 4));
		if (ec_image_get(c->img, s->offset, link.extended ? 2 : 1) == link.id)
			ec_chain_insert(chain, link.extended ? chain->n : chain->n_std, &link,
					c->img->size);
	}
}

static bool is_live(const struct ec_plan_reg *r)
{
	return ec_reg_serve(&r->reg, r->served, r->fixed).live;
}

/* Reads the registers of which the plan needs values. */
static void fetch_registers(struct capture *c, const struct ec_plan *plan, enum ec_capture how_much)
{
	for (unsigned int i = 0; i < plan->n; i++) {
		const struct ec_plan_reg *r = plan->reg + i;

		if (r->reg.exact)
			continue;
		if (!r->capture && !ec_reg_needs_capture(&r->reg, r->served, r->fixed) &&
		    !(how_much == EC_CAPTURE_SHOWN && is_live(r)))
			continue;
		for (uint32_t off = r->from & ~3u; off < r->from + (uint32_t)r->span; off += 4)
			fetch(c, off);
	}
}

static struct ec_cap_at instance(const struct capture *c, const struct ec_link *l)
{
	return (struct ec_cap_at){ .img = c->img,
				   .offset = l->offset,
				   .room = l->room,
				   .header_type = ec_image_get(c->img, PCI_HEADER_TYPE, 1) &
						  EC_HEADER_TYPE_MASK,
				   .version = l->version };
}

/* Follows a list in a capability; each step must lead further on. */
static void fetch_missing(struct capture *c, const struct ec_cap *cap, const struct ec_link *l)
{
	struct ec_cap_at at = instance(c, l);
	uint32_t before = 0, off;

	while (cap->missing && (off = cap->missing(&at)) > before) {
		fetch(c, l->offset + off);
		before = off;
	}
}

/* Reads the registers that determine each capability's length and kind. */
static void fetch_probes(struct capture *c, const struct ec_chain *chain)
{
	for (unsigned int i = 0; i < chain->n; i++) {
		const struct ec_link *l = chain->link + i;
		const struct ec_cap *cap = ec_cap_find(l->id, l->extended);

		for (uint32_t d = 0; d < 32 && d * 4 < l->room; d++)
			if (cap->probe & 1u << d)
				fetch(c, l->offset + d * 4);
		fetch_missing(c, cap, l);
	}
}

/* Excludes the registers of a capability whose read has a side effect. */
static void skip_exact(struct capture *c, const struct ec_chain *chain, unsigned int i)
{
	const struct ec_link *l = chain->link + i;
	const struct ec_cap *cap = ec_cap_find(l->id, l->extended);
	struct ec_cap_at at = instance(c, l);
	struct ec_reg_table t = ec_cap_registers(cap, &at);

	for (unsigned int r = 0; r < t.n; r++) {
		uint32_t d = (l->offset + t.row[r].offset) / 4u;

		/* only at the start of a dword: VPD's address follows the id and may be read */
		if (t.row[r].exact && t.row[r].offset % 4 == 0)
			c->tried[d / 32] |= 1u << d % 32;
	}
}

static void fetch_all(struct capture *c, const struct ec_chain *chain)
{
	for (unsigned int i = 0; i < chain->n; i++)
		skip_exact(c, chain, i);
	for (uint32_t off = 0; off < c->img->size; off += 4)
		fetch(c, off);
}

/* Reads the places of capabilities that a rule adds where there is room. Returns their number. */
static unsigned int fetch_places(struct capture *c, const struct ec_plan *plan)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < plan->chain.n; i++) {
		uint32_t at = plan->chain.link[i].offset, end = at + plan->cap[i].length;

		if (!plan->cap[i].added || plan->cap[i].added->offset)
			continue;
		n++;
		for (; at < end; at += 4)
			fetch(c, at);
	}
	return n;
}

/* Reads what a guest's plan needs. A plan made of the headers alone lists that. */
static int fetch_plan(struct capture *c, const struct ec_capture_request *request,
		      struct ec_plan *plan, struct ec_diag *diag)
{
	struct ec_plan_options opt = *request->options;
	unsigned int places, before;
	int rc;

	opt.capturing = true;
	/* a place turns out to be in use: the next one is tried, and so to the end of the space */
	do {
		before = c->out->dwords;
		rc = ec_plan_build(plan, c->img, &opt, diag);
		if (rc)
			return rc;
		places = fetch_places(c, plan);
		fetch_registers(c, plan, request->how_much);
	} while (places && c->out->dwords > before);
	opt.capturing = false;
	opt.live = true;
	return ec_plan_build(plan, c->img, &opt, diag);
}

int ec_capture_take(const struct ec_capture_request *request, struct ec_plan *plan,
		    struct ec_image *img, struct ec_captured *captured, struct ec_diag *diag)
{
	struct capture c = {
		.conf = request->conf, .ctx = request->ctx, .img = img, .out = captured
	};
	enum ec_capture how_much = request->how_much;
	int rc;

	*captured = (struct ec_captured){ 0 };
	ec_image_clear(img);
	rc = fetch_header(&c, diag);
	if (rc)
		return rc;
	/* without privilege the kernel returns 64 bytes; a conventional function has 256 */
	captured->limited = fetch(&c, EC_STD_FIRST) == -EACCES;
	if (!captured->limited)
		fetch(&c, EC_EXT_FIRST);
	captured->failed = 0;
	fetch_chains(&c, &plan->chain);
	if (how_much > EC_CAPTURE_CHAINS) {
		fetch_ruled(&c, &plan->chain, request->options);
		fetch_probes(&c, &plan->chain);
	}
	if (how_much == EC_CAPTURE_ALL)
		fetch_all(&c, &plan->chain);
	else if (how_much > EC_CAPTURE_CHAINS)
		rc = fetch_plan(&c, request, plan, diag);
	if (captured->limited)
		captured->failed = 0;
	return check_there(&c, diag) ? -ENODEV : rc;
}
