/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/topology_rules.h"

#include <pci/header.h>

#include "capabilities/rebar.h"
#include "core/bits.h"
#include "core/pci_bits.h"
#include "view/decide.h"

#define PAGE 0x1000u

/* Makes a register constant: that of capability @cap (0: the header) at @offset. */
static void set_constant(struct ec_plan *p, unsigned int cap, uint32_t offset, uint32_t value)
{
	struct ec_plan_reg *r = ec_plan_row(p, cap, offset);

	if (!r)
		return;
	ec_plan_constant(r, value, EC_BY_TOPOLOGY);
	r->held = UINT32_MAX;
}

/* The same with a value that derives from captured registers, which may not be captured yet. */
static void set_derived(struct ec_plan *p, unsigned int cap, uint32_t offset, uint32_t value)
{
	struct ec_plan_reg *r = ec_plan_row(p, cap, offset);

	if (!r)
		return;
	ec_plan_treat(r, UINT32_MAX, EC_FREEZE, EC_BY_TOPOLOGY);
	r->held = UINT32_MAX;
	r->capture = true;
	if (!p->options.capturing)
		ec_plan_fix(r, UINT32_MAX, value, EC_BY_TOPOLOGY);
}

/* Sets the initial value of its RW bits. */
static void start_at(struct ec_plan_reg *r, uint32_t value)
{
	r->reg.reset = value;
	r->origin = EC_BY_TOPOLOGY;
}

static void drop_effect(struct ec_plan_reg *r)
{
	r->reg.effect = EC_FX_NONE;
	r->origin = EC_BY_TOPOLOGY;
}

static void plan_bar(struct ec_plan *p, unsigned int index)
{
	uint32_t offset = ec_bar_offset(index, p->header_type);
	struct ec_plan_reg *r = ec_plan_row(p, 0, offset);
	struct ec_bar *bar = p->bar + index;

	/* a bridge has fewer BARs */
	if (!offset || !r)
		return;
	/* Xen maps whole pages, so two BARs of a guest must not share one */
	if (bar->kind >= EC_BAR_MEM32 && bar->kind <= EC_BAR_UPPER && bar->size < PAGE)
		bar->size = PAGE;
	r->reg.rw = ec_bar_writable(bar);
	if (bar->kind == EC_BAR_EXPROM)
		r->reg.rw |= PCI_ROM_ADDRESS_ENABLE;
	/* as corrections of the row they outlast later decisions about the treatment */
	r->reg.set = bar->kind == EC_BAR_UPPER ? 0 : bar->flags;
	r->reg.clr = ~(r->reg.rw | r->reg.set);
	ec_plan_treat(r, UINT32_MAX, bar->kind == EC_BAR_NONE ? EC_FREEZE : EC_EMULATE,
		      EC_BY_TOPOLOGY);
	if (bar->kind == EC_BAR_NONE)
		drop_effect(r);
}

static void plan_header(struct ec_plan *p, const struct ec_image *img)
{
	uint32_t type = p->header_type | (p->options.multifunction ? EC_HEADER_TYPE_MULTI : 0);
	uint32_t pin = ec_image_get(img, PCI_INTERRUPT_PIN, 1);

	for (unsigned int i = 0; i < EC_BAR_MAX; i++)
		plan_bar(p, i);
	if (ec_image_get(img, PCI_VENDOR_ID, 4) == EC_ABSENT && p->options.vendor) {
		set_constant(p, 0, PCI_VENDOR_ID, p->options.vendor);
		set_constant(p, 0, PCI_DEVICE_ID, p->options.device);
	}
	set_constant(p, 0, PCI_HEADER_TYPE, type);
	/* INTA# to INTD# are 1 to 4; a device with another value has no working one */
	set_constant(p, 0, PCI_INTERRUPT_PIN, p->options.no_intx || pin > 4 ? 0 : pin);
}

/* An integrated endpoint has no link; any other endpoint has the link that its root port shows. */
static void plan_link(struct ec_plan *p, unsigned int cap, uint32_t base, uint32_t hw,
		      const struct ec_image *img)
{
	static const uint8_t regs[] = { PCI_EXP_LNKCAP,  PCI_EXP_LNKCTL,  PCI_EXP_LNKSTA,
					PCI_EXP_LNKCAP2, PCI_EXP_LNKCTL2, PCI_EXP_LNKSTA2 };
	struct ec_express_link link = {
		.cap = ec_image_get(img, hw + PCI_EXP_LNKCAP, 4),
		.sta = (uint16_t)ec_image_get(img, hw + PCI_EXP_LNKSTA, 2),
		.cap2 = ec_image_get(img, hw + PCI_EXP_LNKCAP2, 4),
	};
	struct ec_plan_reg *r;

	if (p->options.topology == EC_BYPASSED) {
		for (unsigned int i = 0; i < EC_ARRAY_SIZE(regs); i++) {
			if (!(r = ec_plan_row(p, cap, base + regs[i])))
				continue;
			ec_plan_treat(r, UINT32_MAX, EC_HIDE, EC_BY_TOPOLOGY);
			r->held = UINT32_MAX;
		}
		return;
	}
	link = ec_topology_link(p->options.topology, p->express_type, link);
	set_derived(p, cap, base + PCI_EXP_LNKCAP, link.cap);
	set_derived(p, cap, base + PCI_EXP_LNKSTA, link.sta);
	set_derived(p, cap, base + PCI_EXP_LNKCAP2, link.cap2);
	/* the target speed starts as the highest */
	r = ec_plan_row(p, cap, base + PCI_EXP_LNKCTL2);
	if (r)
		start_at(r, link.cap & PCI_EXP_LNKCAP_SPEED);
}

/* Without function level reset its bit in Device Control (@r) has no effect. */
static void plan_flr(struct ec_plan_reg *r, uint32_t devcap)
{
	if (r && !(devcap & PCI_EXP_DEVCAP_FLRESET))
		drop_effect(r);
}

static void plan_express(struct ec_plan *p, unsigned int i, const struct ec_image *img)
{
	uint32_t base = p->chain.link[i].offset, hw = p->cap[i].from;
	uint32_t flags = ec_image_get(img, hw + PCI_EXP_FLAGS, 2);
	uint32_t version = flags & PCI_EXP_FLAGS_VERS;
	uint8_t type = ec_topology_type(p->options.topology, p->express_type);

	flags &= ~(uint32_t)(PCI_EXP_FLAGS_VERS | PCI_EXP_FLAGS_TYPE | PCI_EXP_FLAGS_SLOT);
	/* version 0 is an erratum of the 82599's virtual functions */
	set_constant(p, i + 1, base + PCI_EXP_FLAGS,
		     flags | (version ? version : 1) | (uint32_t)type << 4);
	plan_link(p, i + 1, base, hw, img);
	plan_flr(ec_plan_row(p, i + 1, base + PCI_EXP_DEVCTL),
		 ec_image_get(img, hw + PCI_EXP_DEVCAP, 4));
}

/* The host topology shows the function unchanged. */
static void plan_host(struct ec_plan *p)
{
	for (unsigned int i = 0; i < p->n; i++) {
		struct ec_plan_reg *r = p->reg + i;

		r->reg.clr = r->reg.set = 0;
		ec_plan_treat(r, UINT32_MAX, EC_READ, EC_BY_TOPOLOGY);
	}
}

/*
 * An emulated function has no hardware to read or write, and needs none of the rows' corrections of
 * hardware.
 */
static void plan_emulated(struct ec_plan *p, const struct ec_image *img)
{
	const struct ec_emulated *e = p->options.emulated;

	for (unsigned int i = 0; i < p->n; i++) {
		struct ec_plan_reg *r = p->reg + i;
		bool constant = r->served[EC_FREEZE] == (uint32_t)ec_ones(r->reg.len);

		r->reg.clr = r->reg.set = 0;
		if (r->cap && p->cap[r->cap - 1].treatment == EC_HIDE)
			continue;
		if (r->span == r->reg.len)
			ec_plan_treat(r, UINT32_MAX, constant ? EC_FREEZE : EC_EMULATE,
				      EC_BY_TOPOLOGY);
		start_at(r, ec_image_get(img, r->from, r->reg.len));
	}
	for (unsigned int i = 0; i < e->n; i++) {
		struct ec_plan_reg *r = ec_plan_at(p, e->row[i].offset);

		if (!r)
			continue;
		r->reg.rw &= ~e->row[i].bits;
		r->reg.w1c &= ~e->row[i].bits;
		/* fx of 0 would mean all RW bits */
		if (r->reg.fx && !(r->reg.fx &= ~e->row[i].bits))
			drop_effect(r);
	}
	for (unsigned int i = 0; i < p->chain.n_std; i++) {
		uint32_t base = p->chain.link[i].offset;

		if (p->chain.link[i].id == PCI_CAP_ID_EXP)
			plan_flr(ec_plan_row(p, i + 1, base + PCI_EXP_DEVCTL),
				 ec_image_get(img, base + PCI_EXP_DEVCAP, 4));
	}
	plan_header(p, img);
}

/* The guest sees each BAR's current size as the only one. */
static void plan_rebar(struct ec_plan *p, unsigned int cap, const struct ec_image *img)
{
	uint32_t base = p->chain.link[cap - 1].offset, hw = p->cap[cap - 1].from;
	uint32_t bars = ec_image_get(img, hw + 8, 4) >> 5 & 7;

	for (uint32_t i = 0; i < bars && i < 6; i++) {
		uint32_t at = base + 4 + 8 * i, sizes = 0;
		uint32_t ctrl = ec_image_get(img, hw + 8 + 8 * i, 4);

		if (!ec_rebar_single(&sizes, &ctrl))
			continue;
		set_derived(p, cap, at, sizes);
		set_derived(p, cap, at + 4, ctrl);
	}
}

/*
 * The parameters of effects derive from the place of the vectors, so rules for the whole capability
 * do not change these registers.
 */
static void hold_msix(struct ec_plan *p, unsigned int i)
{
	static const uint8_t regs[] = { PCI_MSIX_TABLE, PCI_MSIX_PBA };

	for (unsigned int k = 0; k < EC_ARRAY_SIZE(regs); k++) {
		struct ec_plan_reg *r =
			ec_plan_row(p, i + 1, p->chain.link[i].offset + (uint32_t)regs[k]);

		if (!r)
			continue;
		r->held = UINT32_MAX;
		r->capture = true;
	}
}

void ec_plan_topology(struct ec_plan *plan, const struct ec_image *img)
{
	struct ec_plan_reg *r;

	if (plan->options.emulated) {
		plan_emulated(plan, img);
		return;
	}
	for (unsigned int i = plan->chain.n_std; i < plan->chain.n; i++)
		if (plan->options.topology != EC_HOST && plan->cap[i].treatment != EC_HIDE &&
		    !plan->cap[i].added && plan->chain.link[i].id == PCI_EXT_CAP_ID_REBAR)
			plan_rebar(plan, i + 1, img);
	if (plan->options.topology == EC_HOST) {
		plan_host(plan);
		return;
	}
	plan_header(plan, img);
	for (unsigned int i = 0; i < plan->chain.n_std; i++) {
		uint16_t at = plan->chain.link[i].offset;

		if (plan->cap[i].treatment == EC_HIDE || plan->cap[i].added)
			continue;
		if (plan->chain.link[i].id == PCI_CAP_ID_EXP)
			plan_express(plan, i, img);
		if (plan->chain.link[i].id == PCI_CAP_ID_MSIX)
			hold_msix(plan, i);
		if (plan->chain.link[i].id != PCI_CAP_ID_AF)
			continue;
		r = ec_plan_row(plan, i + 1, at + PCI_AF_CTRL);
		if (r && !(ec_image_get(img, plan->cap[i].from + PCI_AF_CAP, 1) & PCI_AF_CAP_FLR))
			drop_effect(r);
	}
}
