/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <pci/header.h>
#include <string.h>

#include "access/access.h"
#include "core/chain.h"
#include "host/conf_dump.h"
#include "tests/fuzz/harness.h"

/* A function as a guest sees it. */
struct seen {
	struct ec_plan plan;
	struct ec_conf_dump device;
	unsigned int calls; /* accesses to the hardware of the last access */
	struct ec_function fn;
	struct ec_bus_map guest;
	struct ec_access a;
	struct ec_image view; /* the guest's view */
};

/* ---- the walk ---- */

static const char *name_of(bool ext)
{
	return ext ? "extended" : "standard";
}

/* The register that points to the first capability; the first extended one has a fixed place. */
static uint32_t head_of(const struct ec_image *img, bool ext)
{
	if (ext)
		return 0x100;
	return (ec_image_get(img, PCI_HEADER_TYPE, 1) & 0x7f) == PCI_HEADER_TYPE_CARDBUS
		       ? PCI_CB_CAPABILITY_LIST
		       : PCI_CAPABILITY_LIST;
}

/* The target of the next pointer of the capability at @at; 0: the start of the chain. */
static uint32_t leads_to(const struct ec_image *img, uint32_t at, bool ext)
{
	if (!at && ext)
		return ec_image_has(img, 0x100, 4) && ec_image_get(img, 0x100, 4) ? 0x100 : 0;
	if (!at && !(ec_image_get(img, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST))
		return 0;
	if (ext)
		return ec_image_get(img, at, 4) >> 20 & 0xffc;
	return ec_image_get(img, at ? at + PCI_CAP_LIST_NEXT : head_of(img, ext), 1) & 0xfc;
}

/* The links [from, n) of one chain of a function. */
struct part {
	const struct ec_image *img;
	const struct ec_chain *c;
	unsigned int from;
	bool ext;
};

/* The fault of a pointer to @to after links [from, n). */
static enum ec_chain_fault fault_at(const struct part *p, unsigned int n, uint32_t to)
{
	const struct ec_image *img = p->img;
	bool ext = p->ext;

	if (to < (ext ? 0x100 : 0x40))
		return EC_CHAIN_LOW;
	if (!ec_image_has(img, to, ext ? 4 : 2))
		return EC_CHAIN_OUTSIDE;
	for (unsigned int i = p->from; i < n; i++)
		if (p->c->link[i].offset == to)
			return EC_CHAIN_LOOP;
	if (ext && !ec_image_get(img, to, 4))
		return EC_CHAIN_EMPTY;
	return ec_image_get(img, to, ext ? 4 : 1) == (ext ? UINT32_MAX : 0xff) ? EC_CHAIN_ONES
									       : EC_CHAIN_OK;
}

static void check_link(const struct ec_image *img, const struct ec_link *l, bool ext)
{
	uint32_t header = ec_image_get(img, l->offset, ext ? 4 : 1);

	if (l->extended != ext || l->id != (header & 0xffff) ||
	    (ext && l->version != (header >> 16 & 15)))
		harness_fail("walk: header of the capability at %x", l->offset);
}

/* The room of each link is the distance to the next higher link of its chain. */
static void check_rooms(const struct ec_chain *c, unsigned int from, unsigned int n, uint32_t end)
{
	bool taken[EC_CONFIG_DWORDS + 1] = { false };

	for (unsigned int i = from; i < n; i++)
		taken[c->link[i].offset / 4] = true;
	for (unsigned int i = from; i < n; i++) {
		uint32_t to = c->link[i].offset + 4;

		while (to < end && !taken[to / 4])
			to += 4;
		if (c->link[i].room != to - c->link[i].offset)
			harness_fail("walk: room of the capability at %x", c->link[i].offset);
	}
}

/* One chain, walked again: slowly, and without state other than the links. */
static void check_chain(const struct ec_image *img, const struct ec_chain *c, bool ext)
{
	unsigned int from = ext ? c->n_std : 0, n = ext ? c->n : c->n_std;
	const struct ec_chain_cut *cut = ext ? &c->ext_cut : &c->std_cut;
	uint32_t end = !ext && img->size > 256 ? 256 : img->size;
	const struct part part = { img, c, from, ext };
	uint32_t to = leads_to(img, 0, ext), at = 0, reg;
	enum ec_chain_fault fault;

	for (unsigned int i = from; i < n; i++) {
		const struct ec_link *l = c->link + i;

		if (l->offset != to || fault_at(&part, i, to)) {
			harness_fail("walk: %s capability %u at %x, not %x", name_of(ext), i,
				     l->offset, to);
			return;
		}
		check_link(img, l, ext);
		at = to;
		to = leads_to(img, at, ext);
		if (l->next != (i + 1 < n ? to : 0))
			harness_fail("walk: the next of %x is %x", at, l->next);
	}
	fault = to ? fault_at(&part, n, to) : EC_CHAIN_OK;
	if (to && !fault)
		harness_fail("walk: the %s chain goes on at %x", name_of(ext), to);
	reg = at ? at + (ext ? 2 : PCI_CAP_LIST_NEXT) : head_of(img, ext);
	if (cut->fault != fault || (fault && (cut->to != to || cut->at != reg)))
		harness_fail("walk: the %s chain's cut is %u from %x to %x, not %u", name_of(ext),
			     cut->fault, cut->at, cut->to, fault);
	check_rooms(c, from, n, end);
}

static void check_walk(const struct ec_image *img, const struct ec_chain *c)
{
	if (c->n > EC_CHAIN_MAX || c->n_std > EC_CHAIN_STD_MAX || c->n_std > c->n ||
	    c->n - c->n_std > EC_CHAIN_EXT_MAX) {
		harness_fail("walk: %u capabilities, %u standard", c->n, c->n_std);
		return;
	}
	check_chain(img, c, false);
	check_chain(img, c, true);
}

/* ---- relinking ---- */

/* Following the pointers reaches the shown capabilities, in their order, and ends. */
static void check_relinked(const struct ec_chain *c, const bool *hidden,
			   const struct ec_relinked *r, bool ext)
{
	unsigned int from = ext ? c->n_std : 0, n = ext ? c->n : c->n_std;
	uint32_t at = r->first_std;

	if (ext) {
		if (r->stub != (from < n && hidden[from]))
			harness_fail("relink: the stub");
		at = r->stub ? r->stub_next : from < n ? 0x100 : 0;
	}
	for (unsigned int i = from; i < n; i++) {
		if (hidden[i])
			continue;
		if (at != c->link[i].offset)
			harness_fail("relink: %x is reached, not %x", at, c->link[i].offset);
		at = r->next[i];
	}
	if (at)
		harness_fail("relink: the %s chain ends at %x", name_of(ext), at);
}

static void check_relink(const struct ec_chain *c, uint64_t flags)
{
	static struct ec_relinked relinked;
	bool hidden[EC_CHAIN_MAX];

	for (unsigned int i = 0; i < c->n; i++)
		hidden[i] = flags >> i % 64 & 1;
	memset(&relinked, 0xa5, sizeof(relinked));
	ec_chain_relink(c, hidden, &relinked);
	check_relinked(c, hidden, &relinked, false);
	check_relinked(c, hidden, &relinked, true);
}

/* ---- the view ---- */

static int hw_read(void *ctx, uint32_t offset, unsigned int len, uint32_t *value)
{
	struct seen *s = ctx;

	s->calls++;
	return ec_conf_dump_ops.read(&s->device, offset, len, value);
}

static int hw_write(void *ctx, uint32_t offset, unsigned int len, uint32_t value)
{
	struct seen *s = ctx;

	s->calls++;
	return ec_conf_dump_ops.write(&s->device, offset, len, value);
}

static const struct ec_conf_ops hw_ops = { .read = hw_read, .write = hw_write };

#define READ(at, len) ((struct ec_access){ .offset = (at), .length = (len) })
#define WRITE(at, len, data)                                                                       \
	((struct ec_access){ .write = true, .offset = (at), .length = (len), .value = (data) })

static uint64_t serve(struct seen *s, struct ec_access a, enum ec_verdict want)
{
	s->calls = 0;
	ec_access_handle(&s->guest, &a);
	if (a.verdict != want)
		harness_fail("view, %s: %s of %x is %s",
			     ec_topology_names[s->plan.options.topology],
			     a.write ? "write" : "read", a.offset, ec_verdict_names[a.verdict]);
	return a.value;
}

/* A hidden capability reads 0 and drops writes, except for the header of a stub. */
static void check_hidden(struct seen *s, unsigned int i)
{
	uint32_t at = s->plan.chain.link[i].offset, end = at + s->plan.cap[i].length, len;

	for (; at < end; at += len) {
		uint32_t want = at == 0x100 ? (uint32_t)s->plan.link.stub_next << 20 : 0;

		len = at % 4 || end - at < 4 ? 1 : 4;
		serve(s, WRITE(at, len, UINT32_MAX), EC_V_DROPPED);
		if (s->calls || serve(s, READ(at, len), EC_V_SERVED) != want || s->calls)
			harness_fail("view: hidden capability %x is served at %x",
				     s->plan.chain.link[i].offset, at);
	}
}

/* The guest's chain has exactly the shown capabilities, and a stub if one is needed. */
static void check_visible(const struct seen *s, bool ext)
{
	static struct ec_chain c;
	const struct ec_plan *p = &s->plan;
	unsigned int n = ext ? p->chain.n : p->chain.n_std, i = ext ? p->chain.n_std : 0, at, end;

	ec_chain_walk(&s->view, &c);
	at = ext ? c.n_std : 0;
	end = ext ? c.n : c.n_std;
	if (ext ? c.ext_cut.fault : c.std_cut.fault)
		harness_fail("view: the %s chain is cut at %x", name_of(ext),
			     ext ? c.ext_cut.at : c.std_cut.at);
	if (ext && p->link.stub && p->link.stub_next) {
		if (at == end || c.link[at].id || c.link[at].version)
			harness_fail("view: no stub at 100");
		at++;
	}
	for (; i < n; i++) {
		if (p->hidden[i])
			continue;
		if (at >= end || c.link[at].offset != p->chain.link[i].offset ||
		    c.link[at].id != p->chain.link[i].id)
			harness_fail("view: capability %x is not in the chain",
				     p->chain.link[i].offset);
		at++;
	}
	if (at != end)
		harness_fail("view: a pointer leads to %x", c.link[at].offset);
}

static void check_view(struct seen *s, const struct ec_image *img)
{
	static uint8_t byte[EC_CONFIG_SIZE];
	bool host = s->plan.options.topology == EC_HOST;

	s->device.image = *img;
	ec_plan_attached(&s->plan, &s->device.image);
	ec_plan_semantics(&s->plan, s->device.rw, s->device.w1c);
	s->fn = (struct ec_function){
		.layout = &s->plan.layout, .shadow = s->plan.shadow, .hw = &hw_ops, .hw_ctx = s
	};
	if (ec_bus_map_add(&s->guest, &s->fn))
		harness_fail("view: no place for the function");
	for (uint32_t at = 0; at < img->size; at += 4) {
		uint32_t v = (uint32_t)serve(s, READ(at, 4), EC_V_SERVED);

		for (unsigned int i = 0; i < 4; i++)
			byte[at + i] = (uint8_t)(v >> i * 8);
	}
	ec_image_clear(&s->view);
	ec_image_put(&s->view, 0, byte, img->size);
	if (host && memcmp(s->view.byte, img->byte, img->size) != 0)
		harness_fail("view: the host topology shows other bytes");
	for (unsigned int i = 0; i < s->plan.chain.n; i++)
		if (s->plan.hidden[i])
			check_hidden(s, i);
	for (unsigned int ext = 0; ext < 2 && !host; ext++) {
		check_relinked(&s->plan.chain, s->plan.hidden, &s->plan.link, ext);
		check_visible(s, ext);
	}
	ec_bus_map_remove(&s->guest, s->fn.at);
}

/* A plan does not depend on the previous contents of its memory. */
static void check_again(const struct ec_plan *plan, const struct ec_image *img)
{
	static struct ec_plan again;

	memset(&again, 0xa5, sizeof(again));
	if (!harness_plan(&again, img, &plan->options))
		return;
	if (again.n != plan->n || again.chain.n != plan->chain.n ||
	    ec_layout_bytes(&again.layout) != ec_layout_bytes(&plan->layout) ||
	    memcmp(&again.layout, &plan->layout, ec_layout_bytes(&plan->layout)) != 0 ||
	    memcmp(again.shadow, plan->shadow, plan->layout.words * sizeof(*plan->shadow)) != 0)
		harness_fail("plan, %s: it differs when made again",
			     ec_topology_names[plan->options.topology]);
}

const char *harness_chain(const uint8_t *data, size_t size)
{
	struct harness_input in = { .at = data, .end = data + size };
	static struct ec_chain chain;
	static struct harness_regions regions;
	static struct ec_image img;
	static struct seen seen;
	struct ec_plan_options options = { 0 };
	uint64_t hidden;
	unsigned int how;

	harness_start();
	hidden = harness_take(&in, 8);
	how = (unsigned int)harness_take(&in, 1);
	options.multifunction = how & 1;
	harness_image(&in, &img, &regions);
	options.region = regions.given ? regions.region : NULL;
	memset(&chain, 0xa5, sizeof(chain));
	ec_chain_walk(&img, &chain);
	check_walk(&img, &chain);
	if (!harness_text())
		check_relink(&chain, hidden);
	for (; !harness_text() && options.topology < EC_TOPOLOGIES; options.topology++) {
		if (!harness_plan(&seen.plan, &img, &options))
			continue;
		check_view(&seen, &img);
		if (how & 2)
			check_again(&seen.plan, &img);
	}
	ec_bus_map_clear(&seen.guest);
	return harness_text();
}
