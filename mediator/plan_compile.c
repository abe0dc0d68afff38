/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan_compile.h"

#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "plan_decide.h"

#define PAGE 0x1000u
/* of an extended capability: the upper half of its header */
#define EXT_NEXT 2u

/*
 * RO bits start as captured, bits that the guest owns in its shadow as at power-on. Reserved bits
 * of a shadow read 0, and so do bits that only start an effect.
 */
static void set_value(struct ec_plan_reg *r, const struct ec_image *img)
{
	uint32_t v = ec_image_get(img, r->offset, r->reg.len);
	uint32_t own = r->who[EC_EMULATE] &
		       (r->reg.rw | r->reg.w1c | r->reg.rsvdp | r->reg.rsvdz | r->reg.fx);

	v = (v & ~own) | (r->reg.reset & r->reg.rw & own);
	r->value = ((v & ~r->fixed) | (r->value & r->fixed)) & ~r->who[EC_HIDE];
}

/* Makes all of a register constant: that of capability @cap, 0 the header, at @offset. */
static void set_constant(struct ec_plan *p, unsigned int cap, uint32_t offset, uint32_t value)
{
	struct ec_plan_reg *r = ec_plan_row(p, cap, offset);

	if (r)
		ec_plan_constant(r, value);
}

/* The same by what was captured; before that it is what is to be captured. */
static void set_derived(struct ec_plan *p, unsigned int cap, uint32_t offset, uint32_t value)
{
	struct ec_plan_reg *r = ec_plan_row(p, cap, offset);

	if (!r)
		return;
	ec_plan_treat(r, UINT32_MAX, EC_FREEZE);
	if (!p->options.capturing)
		ec_plan_fix(r, UINT32_MAX, value);
}

static void plan_bar(struct ec_plan *p, unsigned int index, uint32_t offset)
{
	struct ec_plan_reg *r = ec_plan_row(p, 0, offset);
	struct ec_bar *bar = p->bar + index;

	/* Xen maps pages: a guest must not place two BARs on one */
	if (bar->kind >= EC_BAR_MEM32 && bar->kind <= EC_BAR_UPPER && bar->size < PAGE)
		bar->size = PAGE;
	p->layout.facts.bar_kind[index] = bar->kind;
	p->layout.facts.bar_size[index] = bar->kind ? bar->size : 0;
	r->reg.rw = ec_bar_writable(bar);
	if (bar->kind == EC_BAR_EXPROM)
		r->reg.rw |= PCI_ROM_ADDRESS_ENABLE;
	if (bar->kind == EC_BAR_NONE) {
		ec_plan_treat(r, UINT32_MAX, EC_FREEZE);
		r->reg.effect = EC_FX_NONE;
	}
	ec_plan_fix(r, ~r->reg.rw, bar->kind == EC_BAR_UPPER ? 0 : bar->flags);
}

static void plan_header(struct ec_plan *p, const struct ec_image *img)
{
	uint32_t type = p->header_type | (p->options.multifunction ? 0x80u : 0);
	uint32_t pin = ec_image_get(img, PCI_INTERRUPT_PIN, 1);

	for (unsigned int i = 0; i < EC_BAR_MAX; i++)
		if (ec_bar_offset(i, p->header_type))
			plan_bar(p, i, ec_bar_offset(i, p->header_type));
	if (ec_image_get(img, PCI_VENDOR_ID, 4) == 0xffffffffu && p->options.vendor) {
		set_constant(p, 0, PCI_VENDOR_ID, p->options.vendor);
		set_constant(p, 0, PCI_DEVICE_ID, p->options.device);
	}
	set_constant(p, 0, PCI_HEADER_TYPE, type);
	set_constant(p, 0, PCI_CAPABILITY_LIST, p->link.first_std);
	/* INTA# to INTD# are 1 to 4; a device that says otherwise has none that works */
	set_constant(p, 0, PCI_INTERRUPT_PIN, p->options.no_intx || pin > 4 ? 0 : pin);
	ec_plan_fix(ec_plan_row(p, 0, PCI_STATUS), PCI_STATUS_CAP_LIST,
		    p->link.first_std ? PCI_STATUS_CAP_LIST : 0);
}

static void plan_chain(struct ec_plan *p)
{
	for (unsigned int i = 0; i < p->chain.n; i++) {
		const struct ec_link *l = p->chain.link + i;

		if (p->hidden[i])
			continue;
		if (l->extended)
			set_constant(p, i + 1, l->offset + EXT_NEXT,
				     (uint32_t)p->link.next[i] << 4 | l->version);
		else
			set_constant(p, i + 1, l->offset + PCI_CAP_LIST_NEXT, p->link.next[i]);
	}
	/* the chain must start at 0x100: a null capability keeps the place of a hidden head */
	if (p->link.stub && p->link.stub_next) {
		set_constant(p, p->chain.n_std + 1, 0x100, 0);
		set_constant(p, p->chain.n_std + 1, 0x100 + EXT_NEXT,
			     (uint32_t)p->link.stub_next << 4);
	}
}

/* An integrated endpoint has no link, and any other one the link that its port shows. */
static void plan_link(struct ec_plan *p, unsigned int cap, uint32_t base,
		      const struct ec_image *img)
{
	static const uint8_t regs[] = { PCI_EXP_LNKCAP,  PCI_EXP_LNKCTL,  PCI_EXP_LNKSTA,
					PCI_EXP_LNKCAP2, PCI_EXP_LNKCTL2, PCI_EXP_LNKSTA2 };
	struct ec_express_link link = {
		.cap = ec_image_get(img, base + PCI_EXP_LNKCAP, 4),
		.sta = (uint16_t)ec_image_get(img, base + PCI_EXP_LNKSTA, 2),
		.cap2 = ec_image_get(img, base + PCI_EXP_LNKCAP2, 4),
	};
	struct ec_plan_reg *r;

	if (p->options.topology == EC_BYPASSED) {
		for (unsigned int i = 0; i < EC_ARRAY_SIZE(regs); i++)
			if ((r = ec_plan_row(p, cap, base + regs[i])))
				ec_plan_treat(r, UINT32_MAX, EC_HIDE);
		return;
	}
	link = ec_topology_link(p->options.topology, p->express_type, link);
	set_derived(p, cap, base + PCI_EXP_LNKCAP, link.cap);
	set_derived(p, cap, base + PCI_EXP_LNKSTA, link.sta);
	set_derived(p, cap, base + PCI_EXP_LNKCAP2, link.cap2);
	/* the target speed is at first the highest */
	r = ec_plan_row(p, cap, base + PCI_EXP_LNKCTL2);
	if (r)
		r->reg.reset = link.cap & PCI_EXP_LNKCAP_SPEED;
}

static void plan_express(struct ec_plan *p, unsigned int i, const struct ec_image *img)
{
	uint32_t base = p->chain.link[i].offset;
	uint32_t flags = ec_image_get(img, base + PCI_EXP_FLAGS, 2);
	uint32_t version = flags & PCI_EXP_FLAGS_VERS;
	uint8_t type = ec_topology_type(p->options.topology, p->express_type);
	struct ec_plan_reg *r;

	flags &= ~(uint32_t)(PCI_EXP_FLAGS_VERS | PCI_EXP_FLAGS_TYPE | PCI_EXP_FLAGS_SLOT);
	/* version 0 is an erratum of the 82599's virtual functions */
	set_constant(p, i + 1, base + PCI_EXP_FLAGS,
		     flags | (version ? version : 1) | (uint32_t)type << 4);
	plan_link(p, i + 1, base, img);
	r = ec_plan_row(p, i + 1, base + PCI_EXP_DEVCTL);
	if (r && !(ec_image_get(img, base + PCI_EXP_DEVCAP, 4) & PCI_EXP_DEVCAP_FLRESET))
		r->reg.effect = EC_FX_NONE;
}

static void plan_cap(struct ec_plan *p, unsigned int i, const struct ec_image *img)
{
	uint16_t at = p->chain.link[i].offset;
	struct ec_facts *f = &p->layout.facts;
	struct ec_plan_reg *r;
	uint32_t pmc;

	switch (p->chain.link[i].id) {
	case PCI_CAP_ID_PM:
		pmc = ec_image_get(img, at + PCI_CAP_FLAGS, 2);
		f->power_states = (uint8_t)(0x9 | (pmc & PCI_PM_CAP_D1 ? 2 : 0) |
					    (pmc & PCI_PM_CAP_D2 ? 4 : 0));
		break;
	case PCI_CAP_ID_MSI:
		f->msi = at;
		f->msi_64 = ec_image_get(img, at + PCI_MSI_FLAGS, 2) & PCI_MSI_FLAGS_64BIT;
		break;
	case PCI_CAP_ID_MSIX:
		f->msix = at;
		f->msix_vectors =
			(uint16_t)((ec_image_get(img, at + 2u, 2) & PCI_MSIX_TABSIZE) + 1);
		f->msix_table = ec_image_get(img, at + PCI_MSIX_TABLE, 4);
		f->msix_pba = ec_image_get(img, at + PCI_MSIX_PBA, 4);
		break;
	case PCI_CAP_ID_EXP:
		plan_express(p, i, img);
		break;
	case PCI_CAP_ID_AF:
		r = ec_plan_row(p, i + 1, at + PCI_AF_CTRL);
		if (r && !(ec_image_get(img, at + PCI_AF_CAP, 1) & PCI_AF_CAP_FLR))
			r->reg.effect = EC_FX_NONE;
		break;
	default:
		break;
	}
}

/*
 * An effect runs only where the guest may change the register at all. Its bits reach the hardware
 * by what the effect has done, never by the masks too.
 */
static void add_effect(const struct ec_plan_reg *r, unsigned int shift, struct ec_rule *rule,
		       struct ec_reg_masks *m)
{
	uint32_t fx = r->reg.fx ? r->reg.fx : r->reg.rw;

	if (r->reg.effect == EC_FX_NONE || !(r->who[EC_EMULATE] | r->who[EC_PASS]))
		return;
	rule->effect = r->reg.effect;
	rule->fx |= fx << shift;
	m->hw_rw &= ~fx;
	m->hw_w1c &= ~fx;
	m->keep |= r->reg.rw & fx;
}

static void add_to_rule(struct ec_plan *p, const struct ec_plan_reg *r)
{
	struct ec_rule *rule = p->rule + r->offset / 4;
	unsigned int shift = r->offset % 4 * 8;
	struct ec_reg_masks m = ec_reg_serve(&r->reg, r->who, r->fixed);
	uint32_t kept = (uint32_t)ec_ones(r->reg.len) & ~m.live;

	add_effect(r, shift, rule, &m);
	rule->m.live |= m.live << shift;
	rule->m.shadow_rw |= m.shadow_rw << shift;
	rule->m.shadow_w1c |= m.shadow_w1c << shift;
	rule->m.hw_rw |= m.hw_rw << shift;
	rule->m.hw_w1c |= m.hw_w1c << shift;
	/* what is kept matters only where something of the register is written */
	if (m.hw_rw | m.hw_w1c)
		rule->m.keep |= m.keep << shift;
	if (r->reg.exact)
		rule->exact |= (uint8_t)(((1u << r->reg.len) - 1) << r->offset % 4);
	if (kept & ~r->who[EC_HIDE])
		p->shown[r->offset / 4] = true;
	p->word[r->offset / 4] |= (r->value & kept) << shift;
}

static void pack(struct ec_plan *p)
{
	static const struct ec_rule hidden;
	uint32_t dwords = p->layout.size / 4;

	memset(p->rule, 0, dwords * sizeof(p->rule[0]));
	memset(p->word, 0, dwords * sizeof(p->word[0]));
	memset(p->shown, 0, dwords * sizeof(p->shown[0]));
	for (unsigned int i = 0; i < p->n; i++)
		if (p->reg[i].span == p->reg[i].reg.len)
			add_to_rule(p, p->reg + i);
	for (uint32_t d = 0; d < dwords; d++)
		if (p->shown[d] || memcmp(p->rule + d, &hidden, sizeof(hidden)))
			ec_layout_set(&p->layout, p->shadow, d, p->rule + d, p->word[d]);
}

/* What was not captured is not made up; what is fixed need not be captured. */
static void hide_uncaptured(struct ec_plan *p, const struct ec_image *img)
{
	if (p->options.capturing || ec_image_is_complete(img))
		return;
	for (unsigned int i = 0; i < p->n; i++) {
		struct ec_plan_reg *r = p->reg + i;
		bool needed = !p->options.live || ec_reg_needs_capture(&r->reg, r->who, r->fixed);

		if (needed && r->fixed != (uint32_t)ec_ones(r->reg.len) &&
		    !ec_image_has(img, r->offset, r->reg.len))
			ec_plan_treat(r, UINT32_MAX, EC_HIDE);
	}
}

void ec_plan_compile(struct ec_plan *plan, const struct ec_image *img)
{
	plan->shadow[EC_SLOT_ZERO] = 0;
	plan->layout.facts.header_type = plan->header_type;
	plan->layout.facts.rom_offset = (uint8_t)ec_bar_offset(EC_BAR_ROM, plan->header_type);
	if (plan->options.topology != EC_HOST) {
		plan_header(plan, img);
		plan_chain(plan);
		for (unsigned int i = 0; i < plan->chain.n_std; i++)
			if (!plan->hidden[i])
				plan_cap(plan, i, img);
	}
	hide_uncaptured(plan, img);
	for (unsigned int i = 0; i < plan->n; i++)
		set_value(plan->reg + i, img);
	pack(plan);
}
