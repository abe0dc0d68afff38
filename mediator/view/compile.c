/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/compile.h"

#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "view/bounds.h"
#include "view/check.h"
#include "view/decide.h"

/* A bit per power state, as PMCSR numbers them. */
enum { POWER_D0 = 1, POWER_D1 = 2, POWER_D2 = 4, POWER_D3 = 8 };

/* Bits without a captured value are hidden, unless they are constant or not needed. */
static void hide_uncaptured(struct ec_plan *p, const struct ec_image *img)
{
	if (p->options.capturing || ec_image_is_complete(img))
		return;
	for (unsigned int i = 0; i < p->n; i++) {
		struct ec_plan_reg *r = p->reg + i;
		bool needed =
			!p->options.live || ec_reg_needs_capture(&r->reg, r->served, r->fixed);

		if (needed && r->fixed != (uint32_t)ec_ones(r->reg.len) &&
		    !ec_image_has(img, r->from, r->reg.len))
			ec_plan_treat(r, UINT32_MAX, EC_HIDE, EC_BY_FUNCTION);
	}
}

/*
 * RO bits start as captured, RW bits of the shadow as at power-on. Reserved bits of the shadow and
 * bits that only start an effect read 0. Bytes that no row names start as captured, because their
 * power-on value is not known.
 */
static void set_value(struct ec_plan_reg *r, const struct ec_image *img)
{
	uint32_t v = ec_image_get(img, r->from, r->reg.len);
	uint32_t own = r->rest && r->capture
			       ? 0
			       : r->served[EC_EMULATE] & (r->reg.rw | r->reg.w1c | r->reg.rsvdp |
							  r->reg.rsvdz | r->reg.fx);

	v = (v & ~own) | (r->reg.reset & r->reg.rw & own);
	own = r->fixed | r->start;
	r->value = ((v & ~own) | (r->value & own)) & ~r->served[EC_HIDE];
}

static uint32_t value_at(struct ec_plan *p, unsigned int cap, uint32_t offset)
{
	const struct ec_plan_reg *r = ec_plan_row(p, cap, offset);

	return r ? r->value : 0;
}

/* Has the register at @offset of capability @cap effect @fx? */
static bool has_effect(struct ec_plan *p, unsigned int cap, uint32_t offset, enum ec_effect fx)
{
	const struct ec_plan_reg *r = ec_plan_row(p, cap, offset);

	return r && r->reg.effect == fx;
}

/* Are all RW bits of that register kept in the shadow? */
static bool is_copy(struct ec_plan *p, unsigned int cap, uint32_t offset)
{
	const struct ec_plan_reg *r = ec_plan_row(p, cap, offset);

	return r && !(r->reg.rw & (~r->served[EC_EMULATE] | r->fixed));
}

/* The parameters of the effects of capability @cap. */
static void set_cap_facts(struct ec_plan *p, unsigned int cap)
{
	uint16_t at = p->chain.link[cap - 1].offset;
	struct ec_effect_params *f = &p->layout.params;
	uint32_t flags = value_at(p, cap, at + PCI_CAP_FLAGS);
	const struct ec_decision *d3 = p->last[EC_SET_PM_D3], *vpd = p->last[EC_SET_VPD];

	switch (p->chain.link[cap - 1].id) {
	case PCI_CAP_ID_PM:
		if (!has_effect(p, cap, at + PCI_PM_CTRL, EC_FX_PM))
			break;
		f->power_states =
			(uint8_t)(POWER_D0 | POWER_D3 | (flags & PCI_PM_CAP_D1 ? POWER_D1 : 0) |
				  (flags & PCI_PM_CAP_D2 ? POWER_D2 : 0));
		if (d3 && d3->set->number == EC_PM_FORBID)
			f->power_states = POWER_D0;
		if (!d3 || d3->set->number != EC_PM_ALLOW)
			break;
		f->pm = at;
		f->pm_hw = p->cap[cap - 1].from;
		break;
	case PCI_CAP_ID_VPD:
		if (!is_copy(p, cap, at + PCI_VPD_ADDR) || !is_copy(p, cap, at + PCI_VPD_DATA) ||
		    !has_effect(p, cap, at + PCI_VPD_ADDR, EC_FX_VPD))
			break;
		f->vpd = at;
		f->vpd_write = vpd && vpd->set->number == EC_VPD_WRITE;
		break;
	case PCI_CAP_ID_MSI:
		if (!has_effect(p, cap, at + PCI_CAP_FLAGS, EC_FX_MSI))
			break;
		f->msi = at;
		f->msi_hw = p->cap[cap - 1].from;
		f->msi_64 = flags & PCI_MSI_FLAGS_64BIT;
		break;
	case PCI_CAP_ID_MSIX:
		if (!has_effect(p, cap, at + PCI_CAP_FLAGS, EC_FX_MSIX))
			break;
		f->msix = at;
		f->msix_hw = p->cap[cap - 1].from;
		f->msix_vectors = (uint16_t)((flags & PCI_MSIX_TABSIZE) + 1);
		f->msix_table = value_at(p, cap, at + PCI_MSIX_TABLE);
		f->msix_pba = value_at(p, cap, at + PCI_MSIX_PBA);
		break;
	default:
		break;
	}
}

/* Parameters are set only for effects that were not dropped. */
static void set_facts(struct ec_plan *p)
{
	struct ec_effect_params *f = &p->layout.params;

	f->header_type = p->header_type;
	f->rom_offset = (uint8_t)ec_bar_offset(EC_BAR_ROM, p->header_type);
	for (unsigned int i = 0; i < EC_BAR_MAX; i++) {
		enum ec_effect fx = i == EC_BAR_ROM ? EC_FX_ROM : EC_FX_BAR;

		if (!has_effect(p, 0, ec_bar_offset(i, p->header_type), fx))
			continue;
		f->bar_kind[i] = p->bar[i].kind;
		f->bar_size[i] = p->bar[i].size;
	}
	for (unsigned int i = 0; i < p->chain.n_std; i++)
		if (!p->hidden[i])
			set_cap_facts(p, i + 1);
}

/* Bits that start an effect reach the hardware by its actions only, never by the masks. */
static void add_effect(const struct ec_plan_reg *r, unsigned int shift, struct ec_dword_masks *rule,
		       struct ec_reg_masks *m)
{
	uint32_t fx = ec_plan_starts(r);

	if (r->reg.effect == EC_FX_NONE)
		return;
	rule->effect = r->reg.effect;
	rule->fx |= fx << shift;
	m->hw_rw &= ~fx;
	m->hw_w1c &= ~fx;
	m->keep |= r->reg.rw & fx;
}

static void add_to_rule(struct ec_plan *p, const struct ec_plan_reg *r)
{
	struct ec_dword_masks *rule = p->rule + r->offset / 4;
	unsigned int shift = r->offset % 4 * 8;
	struct ec_reg_masks m = ec_reg_serve(&r->reg, r->served, r->fixed);
	uint32_t kept = (uint32_t)ec_ones(r->reg.len) & ~m.live;

	add_effect(r, shift, rule, &m);
	rule->m.live |= m.live << shift;
	rule->m.shadow_rw |= m.shadow_rw << shift;
	rule->m.shadow_w1c |= m.shadow_w1c << shift;
	rule->m.hw_rw |= m.hw_rw << shift;
	rule->m.hw_w1c |= m.hw_w1c << shift;
	/* the access path counts writes that only a permissive rule allows */
	if (r->permissive & (m.hw_rw | m.hw_w1c))
		rule->permissive |= (uint16_t)(ec_byte_bits(r->permissive & (m.hw_rw | m.hw_w1c))
					       << r->offset % 4);
	if (m.live)
		rule->move = (int16_t)(r->from - r->offset);
	/* keep matters only if some bit of the register is written to the hardware */
	if (m.hw_rw | m.hw_w1c)
		rule->m.keep |= m.keep << shift;
	if (r->reg.exact)
		rule->exact |= (uint8_t)(((1u << r->reg.len) - 1) << r->offset % 4);
	if (kept & ~r->served[EC_HIDE])
		p->shown[r->offset / 4] = true;
	p->word[r->offset / 4] |= (r->value & kept) << shift;
}

static void pack(struct ec_plan *p)
{
	static const struct ec_dword_masks hidden;
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

int ec_plan_compile(struct ec_plan *plan, const struct ec_image *img, struct ec_diag *diag)
{
	int rc;

	ec_layout_init(&plan->layout, img->size);
	plan->shadow[EC_WORD_ZERO] = 0;
	hide_uncaptured(plan, img);
	rc = ec_plan_check(plan, diag);
	if (rc)
		return rc;
	for (unsigned int i = 0; i < plan->n; i++)
		set_value(plan->reg + i, img);
	ec_plan_bounds(plan);
	set_facts(plan);
	pack(plan);
	return 0;
}
