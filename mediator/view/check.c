/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/check.h"

#include <errno.h>
#include <pci/header.h>

#include "core/bits.h"
#include "core/pci_bits.h"
#include "view/decide.h"

/* offset of the upper half of an extended capability's header */
#define EXT_NEXT 2u
/* the dword is not read or written in the hardware */
#define NOWHERE INT16_MAX

/* A hidden capability reads 0 everywhere, past its length too, whatever rules say. */
static void hide_bodies(struct ec_plan *p)
{
	for (unsigned int i = 0; i < p->n; i++)
		if ((p->reg[i].cut && p->options.topology != EC_HOST) ||
		    (p->reg[i].cap && p->hidden[p->reg[i].cap - 1]))
			ec_plan_treat(p->reg + i, UINT32_MAX, EC_HIDE,
				      p->cap[p->reg[i].cap - 1].origin);
}

static void set_pointer(struct ec_plan *p, unsigned int cap, uint32_t offset, uint32_t value)
{
	struct ec_plan_reg *r = ec_plan_row(p, cap, offset);

	if (r)
		ec_plan_constant(r, value, EC_BY_TOPOLOGY);
}

/* The id and the next pointer of a shown capability. */
static void link_cap(struct ec_plan *p, unsigned int i)
{
	const struct ec_link *l = p->chain.link + i;
	struct ec_plan_reg *id = ec_plan_row(p, i + 1, l->offset);

	if (id && id->served[EC_FREEZE] != (uint32_t)ec_ones(id->reg.len))
		ec_plan_treat(id, UINT32_MAX, EC_FREEZE, EC_BY_TOPOLOGY);
	if (l->extended)
		set_pointer(p, i + 1, l->offset + EXT_NEXT,
			    (uint32_t)p->link.next[i] << 4 | l->version);
	else
		set_pointer(p, i + 1, l->offset + PCI_CAP_LIST_NEXT, p->link.next[i]);
}

/* Both chains lead to the shown capabilities and nowhere else. */
static void link_chains(struct ec_plan *p)
{
	struct ec_plan_reg *status = ec_plan_row(p, 0, PCI_STATUS);

	for (unsigned int i = 0; i < p->chain.n; i++)
		p->hidden[i] = p->cap[i].treatment == EC_HIDE;
	ec_chain_relink(&p->chain, p->hidden, &p->link);
	hide_bodies(p);
	if (p->options.topology == EC_HOST)
		return;
	for (unsigned int i = 0; i < p->chain.n; i++)
		if (!p->hidden[i])
			link_cap(p, i);
	/* the chain must start at 0x100: a null capability keeps the place of a hidden head */
	if (p->link.stub && p->link.stub_next) {
		set_pointer(p, p->chain.n_std + 1, EC_EXT_FIRST, 0);
		set_pointer(p, p->chain.n_std + 1, EC_EXT_FIRST + EXT_NEXT,
			    (uint32_t)p->link.stub_next << 4);
	}
	set_pointer(p, 0, PCI_CAPABILITY_LIST, p->link.first_std);
	if (status) {
		ec_plan_treat(status, PCI_STATUS_CAP_LIST, EC_EMULATE, EC_BY_TOPOLOGY);
		ec_plan_fix(status, PCI_STATUS_CAP_LIST,
			    p->link.first_std ? PCI_STATUS_CAP_LIST : 0, EC_BY_TOPOLOGY);
	}
}

/*
 * An effect is lost if no bit is left with which the guest can start it. An effect that composes an
 * address needs all bits of the address, because the others would hold the host's.
 */
static bool effect_lost(const struct ec_plan_reg *r)
{
	uint32_t starts = ec_plan_starts(r);

	if (!(r->served[EC_EMULATE] | r->served[EC_PASS]))
		return true;
	switch (r->reg.effect) {
	case EC_FX_VPD:
		/* the hardware itself serves a passed access */
		return !starts || r->reg.rw & r->served[EC_PASS];
	case EC_FX_BAR:
	case EC_FX_ROM:
	case EC_FX_MSI:
		/* starts is 0 for the low half of a BAR of 4 GiB or more, which is no loss */
		return starts != (r->reg.fx ? r->reg.fx : r->reg.rw);
	default:
		return !starts;
	}
}

/* A 64-bit BAR needs the effects of both halves. */
static void drop_half_bar(struct ec_plan *p, unsigned int i)
{
	struct ec_plan_reg *low = ec_plan_row(p, 0, ec_bar_offset(i, p->header_type));
	struct ec_plan_reg *high = ec_plan_row(p, 0, ec_bar_offset(i + 1, p->header_type));

	if (low && high && (effect_lost(low) || effect_lost(high)))
		low->reg.effect = high->reg.effect = EC_FX_NONE;
}

/* MSI needs the effects of all its registers, because all of them make up the message. */
static void drop_partial_msi(struct ec_plan *p, unsigned int cap)
{
	struct ec_plan_reg *first = ec_plan_at(p, p->chain.link[cap - 1].offset);
	struct ec_plan_reg *end = p->reg + p->n;
	bool lost = false;

	for (struct ec_plan_reg *r = first; r < end && r->cap == cap; r++)
		lost |= r->reg.effect == EC_FX_MSI && effect_lost(r);
	for (struct ec_plan_reg *r = first; lost && r < end && r->cap == cap; r++)
		r->reg.effect = EC_FX_NONE;
}

static void drop_lost_effects(struct ec_plan *p)
{
	for (unsigned int i = 0; i < EC_BAR_ROM; i++)
		if (p->bar[i].kind == EC_BAR_MEM64)
			drop_half_bar(p, i);
	for (unsigned int i = 0; i < p->chain.n_std; i++)
		if (p->chain.link[i].id == PCI_CAP_ID_MSI)
			drop_partial_msi(p, i + 1);
	for (unsigned int i = 0; i < p->n; i++)
		if (p->reg[i].reg.effect != EC_FX_NONE && effect_lost(p->reg + i))
			p->reg[i].reg.effect = EC_FX_NONE;
}

/* What is wrong with @r alone; NULL: nothing. */
static const char *fault_of(const struct ec_plan_reg *r)
{
	uint32_t width = (uint32_t)ec_ones(r->reg.len), once = 0, twice = 0;

	for (unsigned int t = 0; t < EC_TREATMENTS; t++) {
		twice |= once & r->served[t];
		once |= r->served[t];
	}
	if (twice || once != width)
		return "a bit has no treatment, or two";
	if (r->served[EC_PASS] & r->reg.host)
		return "bits that the host must own are passed";
	if (r->span != r->reg.len && r->served[EC_HIDE] != width)
		return "bytes that are listed as one register can only be hidden";
	return NULL;
}

/*
 * What is wrong with @r in its dword; NULL: nothing. The masks of a dword have one effect, one move
 * and one set of exact bytes, so two registers with such bytes would be accessed as one.
 * @effect, @exact, @move: those of the dword's registers before @r.
 */
static const char *clash_of(const struct ec_plan_reg *r, uint8_t *effect, bool *exact, int *move)
{
	int by = r->from - r->offset;

	if ((r->served[EC_READ] | r->served[EC_PASS]) & ~r->fixed) {
		if (*move != NOWHERE && *move != by)
			return "its dword has two places in the hardware";
		*move = by;
	}
	if (*effect && r->reg.effect && *effect != r->reg.effect)
		return "its dword has another effect";
	if (*exact && r->reg.exact)
		return "its dword has another register that is only accessed whole";
	*effect = r->reg.effect ? r->reg.effect : *effect;
	*exact |= r->reg.exact;
	return NULL;
}

/* Refuses a plan with a register that is wrong. */
static int refuse(struct ec_plan *p, struct ec_diag *diag)
{
	uint32_t dword = UINT32_MAX;
	uint8_t effect = EC_FX_NONE;
	bool exact = false;
	int move = NOWHERE;

	for (unsigned int i = 0; i < p->n; i++) {
		const struct ec_plan_reg *r = p->reg + i;
		const char *why = fault_of(r);

		if (r->offset / 4 != dword) {
			effect = EC_FX_NONE;
			exact = false;
			move = NOWHERE;
		}
		dword = r->offset / 4;
		if (!why)
			why = clash_of(r, &effect, &exact, &move);
		if (why) {
			p->blame = r->origin;
			ec_diag_set(diag, 0, "%s at %x: %s", r->reg.name, r->offset, why);
			return -EINVAL;
		}
	}
	return 0;
}

int ec_plan_check(struct ec_plan *plan, struct ec_diag *diag)
{
	link_chains(plan);
	drop_lost_effects(plan);
	return refuse(plan, diag);
}
