/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tools/offline/tree.h"

#include <pci/header.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "emulated/host_bridge.h"
#include "emulated/placeholder.h"
#include "emulated/root_ports.h"
#include "tools/out.h"
#include "view/build.h"

/* Intel 440FX, the host bridge of QEMU in a guest of xl. Source: QEMU hw/pci-host/i440fx.c */
#define MODEL_BRIDGE_IDS 0x12378086u
#define MODEL_BRIDGE_REVISION 2u

/* State of tree_new(); too large for the stack. */
struct work {
	struct tree *tree;
	const struct planned *planned;
	struct ec_bus_map buses; /* has the root ports */
	struct ec_root_ports ports;
	struct ec_plan plan; /* of an emulated function */
	struct ec_image img;
};

static void put(struct tree_node *node, uint32_t offset, unsigned int len, uint32_t value)
{
	ec_put_le(node->view.byte + offset, len, value);
}

static uint32_t get(const struct tree_node *node, uint32_t offset, unsigned int len)
{
	return ec_image_get(&node->view, offset, len);
}

/* Adds a node with @size bytes of 0. */
static struct tree_node *add_node(struct work *w, enum tree_what what, struct ec_sbdf at,
				  uint32_t size)
{
	static const uint8_t zero[EC_CONFIG_SIZE];
	struct tree_node *node = w->tree->node + w->tree->n++;

	*node = (struct tree_node){ .at = at, .what = what };
	ec_image_clear(&node->view);
	ec_image_put(&node->view, 0, zero, size);
	return node;
}

/* The initial values of the emulated function that w->plan has. */
static void put_plan(struct work *w, struct tree_node *node)
{
	for (uint32_t off = 0; off < node->view.size; off += 4)
		put(node, off, 4, ec_layout_shadow(&w->plan.layout, w->plan.shadow, off / 4));
}

/* An HVM guest has the host bridge of the device model. */
static int add_bridge(struct work *w, struct ec_diag *diag)
{
	const struct planned *m = w->planned;
	struct ec_plan_options options = { .emulated = ec_host_bridge_emulated(m->limits.bridge),
					   .no_intx = true };
	struct tree_node *node = add_node(w, TREE_BRIDGE, (struct ec_sbdf){ 0 }, 256);
	int rc;

	if (w->tree->kind == EC_MACHINE_HVM) {
		put(node, PCI_VENDOR_ID, 4, MODEL_BRIDGE_IDS);
		put(node, PCI_CLASS_REVISION, 4,
		    (uint32_t)PCI_CLASS_BRIDGE_HOST << 16 | MODEL_BRIDGE_REVISION);
		return 0;
	}
	ec_host_bridge_image(m->limits.bridge, m->plan.ecam.base,
			     m->plan.ecam.size ? m->plan.ecam_buses : 0, &w->img);
	rc = ec_plan_build(&w->plan, &w->img, &options, diag);
	if (!rc)
		put_plan(w, node);
	return rc;
}

static void put_bars(struct tree_node *node, const struct ec_machine_function *fn,
		     const struct ec_machine_place *place)
{
	for (unsigned int b = 0; b < EC_BAR_MAX; b++) {
		uint32_t offset = ec_bar_offset(b, PCI_HEADER_TYPE_NORMAL);
		uint32_t flags = fn->bar[b].flags;

		if (fn->bar[b].kind == EC_BAR_NONE)
			continue;
		if (fn->bar[b].kind == EC_BAR_UPPER)
			put(node, offset, 4, (uint32_t)(place->bar[b - 1] >> 32));
		else
			put(node, offset, 4,
			    (uint32_t)place->bar[b] |
				    (fn->bar[b].kind == EC_BAR_EXPROM ? 0 : flags));
	}
}

static void add_function(struct view *v, unsigned int i, void *ctx)
{
	struct work *w = ctx;
	const struct ec_machine_place *place = w->planned->plan.place + i;
	struct tree_node *node = add_node(w, TREE_FUNCTION, place->guest, v->plan.layout.size);

	node->host = v->host->sbdf;
	for (uint32_t off = 0; off < node->view.size; off += 4)
		put(node, off, 4, view_read(v, off, 4));
	for (unsigned int c = 0; c < v->plan.chain.n_std; c++)
		if (v->plan.chain.link[c].id == PCI_CAP_ID_EXP && !v->plan.hidden[c])
			node->exp = v->plan.chain.link[c].offset;
	put_bars(node, w->planned->fn + i, place);
}

/* A root port has the link and the payload size of its first function, as the service does it. */
static void take_link(const struct work *w, const struct ec_machine_port *port,
		      struct ec_root_port_config *c)
{
	const struct tree_node *first = NULL;

	for (unsigned int i = 0; i < w->tree->n; i++) {
		const struct tree_node *node = w->tree->node + i;

		if (node->what == TREE_FUNCTION && node->exp && node->at.bus == port->bus &&
		    (!first || node->at.devfn < first->at.devfn))
			first = node;
	}
	if (!first)
		return;
	c->payload = (uint8_t)(get(first, first->exp + PCI_EXP_DEVCAP, 1) & PCI_EXP_DEVCAP_PAYLOAD);
	c->link.cap = get(first, first->exp + PCI_EXP_LNKCAP, 4);
	c->link.sta = (uint16_t)get(first, first->exp + PCI_EXP_LNKSTA, 2);
	if ((get(first, first->exp + PCI_EXP_FLAGS, 2) & PCI_EXP_FLAGS_VERS) > 1)
		c->link.cap2 = get(first, first->exp + PCI_EXP_LNKCAP2, 4);
}

/* Base and limit of a memory window: bits 31:20 of each, in the upper 12 bits of a word. */
static uint32_t memory_bounds(const struct ec_machine_range *r)
{
	uint32_t base = (uint32_t)r->base, last = (uint32_t)(r->base + r->size - 1);
	uint32_t mask = (uint32_t)PCI_MEMORY_RANGE_MASK & 0xffff; /* of a word */

	return (base >> 16 & mask) | (last & mask << 16);
}

/* Sets the window registers of a root port. */
static void put_windows(struct tree_node *node, const struct ec_machine_range w[EC_WINDOWS])
{
	const struct ec_machine_range *io = w + EC_WINDOW_IO, *mem = w + EC_WINDOW_MEMORY;
	const struct ec_machine_range *pref = w + EC_WINDOW_PREFETCH;
	uint64_t last;

	if (io->size) {
		last = io->base + io->size - 1;
		/* bits 15:12 of an address are in the upper half of a byte */
		put(node, PCI_IO_BASE, 1, (uint32_t)(io->base >> 8 & 0xf0));
		put(node, PCI_IO_LIMIT, 1, (uint32_t)(last >> 8 & 0xf0));
	}
	if (mem->size)
		put(node, PCI_MEMORY_BASE, 4, memory_bounds(mem));
	if (!pref->size)
		return;
	last = pref->base + pref->size - 1;
	put(node, PCI_PREF_MEMORY_BASE, 4,
	    memory_bounds(pref) | PCI_PREF_RANGE_TYPE_64 << 16 | PCI_PREF_RANGE_TYPE_64);
	put(node, PCI_PREF_BASE_UPPER32, 4, (uint32_t)(pref->base >> 32));
	put(node, PCI_PREF_LIMIT_UPPER32, 4, (uint32_t)(last >> 32));
}

static int add_placeholder(struct work *w, const struct ec_machine_port *port,
			   const struct ec_root_port_config *c, struct ec_diag *diag)
{
	struct ec_plan_options options = { .emulated = ec_placeholder_emulated(),
					   .multifunction = true };
	struct tree_node *node;
	int rc;

	ec_placeholder_image(c, &w->img);
	rc = ec_plan_build(&w->plan, &w->img, &options, diag);
	if (rc)
		return rc;
	node = add_node(w, TREE_PLACEHOLDER, (struct ec_sbdf){ .bus = port->bus },
			w->plan.layout.size);
	put_plan(w, node);
	return 0;
}

static int add_port(struct work *w, const struct ec_machine_port *port, struct ec_diag *diag)
{
	struct ec_root_port_config c = { .slot = port->slot,
					 .physical_slot = port->physical_slot,
					 .present = port->functions > 0 };
	struct ec_access a = { .at.devfn = (uint8_t)(port->slot << 3), .length = 4 };
	struct tree_node *node;
	int rc;

	take_link(w, port, &c);
	rc = ec_root_ports_add(&w->ports, &c, &w->plan, &w->img, diag);
	if (rc)
		return rc;
	node = add_node(w, TREE_PORT, a.at, EC_CONFIG_SIZE);
	node->bus = port->bus;
	for (; a.offset < EC_CONFIG_SIZE; a.offset += 4) {
		ec_access_handle(&w->buses, &a);
		put(node, a.offset, 4, (uint32_t)a.value);
	}
	put(node, PCI_SECONDARY_BUS, 1, port->bus);
	put(node, PCI_SUBORDINATE_BUS, 1, port->bus);
	put_windows(node, port->window);
	return port->placeholder ? add_placeholder(w, port, &c, diag) : 0;
}

static int compare(const void *a, const void *b)
{
	const struct tree_node *x = a, *y = b;

	return ec_sbdf_compare(x->at, y->at);
}

static int make(struct work *w, const struct source *s, const struct options *o)
{
	const struct planned *m = w->planned;
	struct ec_diag diag;
	int rc;

	/* at most the host bridge, and for each root port a placeholder */
	w->tree->node = calloc(1 + m->n + 2 * m->plan.ports, sizeof(*w->tree->node));
	if (!w->tree->node)
		return out_no_memory();
	rc = planned_each(m, s, o, add_function, w);
	if (rc)
		return rc;
	rc = add_bridge(w, &diag);
	for (unsigned int i = 0; i < m->plan.ports && !rc; i++)
		rc = add_port(w, m->plan.port + i, &diag);
	if (rc) {
		out_error("%s", diag.text);
		return EXIT_REFUSED;
	}
	qsort(w->tree->node, w->tree->n, sizeof(*w->tree->node), compare);
	return 0;
}

int tree_new(const struct planned *m, const struct source *s, const struct options *o,
	     struct tree **out)
{
	struct work *w = calloc(1, sizeof(*w));
	struct tree *t = calloc(1, sizeof(*t));
	int rc;

	*out = NULL;
	if (!w || !t) {
		free(w);
		free(t);
		return out_no_memory();
	}
	t->kind = m->limits.kind;
	w->tree = t;
	w->planned = m;
	w->ports.guest = &w->buses;
	rc = make(w, s, o);
	ec_root_ports_clear(&w->ports);
	ec_bus_map_clear(&w->buses);
	free(w);
	if (rc)
		tree_free(t);
	else
		*out = t;
	return rc;
}

void tree_free(struct tree *t)
{
	if (t)
		free(t->node);
	free(t);
}
