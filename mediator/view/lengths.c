/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/lengths.h"

#include <pci/header.h>

#include "capabilities/bits.h"
#include "capabilities/express.h"
#include "capabilities/registry.h"
#include "core/pci_bits.h"
#include "view/rules.h"

struct ec_cap_at ec_plan_instance(const struct ec_plan *plan, const struct ec_image *img,
				  unsigned int i)
{
	const struct ec_link *l = plan->chain.link + i;
	const struct ec_plan_cap *c = plan->cap + i;

	return (struct ec_cap_at){ .img = img,
				   .offset = c->from,
				   .room = c->from == l->offset ? l->room : c->whole,
				   .header_type = plan->header_type,
				   .version = l->version,
				   .pcie_type_known = plan->express,
				   .pcie_type = plan->express_type,
				   .lanes = plan->lanes,
				   .flit = plan->flit,
				   .prefixes = plan->prefixes };
}

static void read_express(struct ec_plan *p, const struct ec_image *img, const struct ec_link *l)
{
	uint32_t flags = ec_image_get(img, l->offset + PCI_EXP_FLAGS, 2), lanes = 0;

	p->express_type = (uint8_t)((flags & PCI_EXP_FLAGS_TYPE) >> 4);
	p->flit = flags & EC_EXP_FLAGS_FLIT;
	/* of version 1 DEVCAP2 is another capability's */
	p->prefixes = (flags & PCI_EXP_FLAGS_VERS) > 1 && l->room >= PCI_EXP_DEVCAP2 + 4 &&
		      ec_image_get(img, l->offset + PCI_EXP_DEVCAP2, 4) & PCI_EXP_DEVCAP2_EE_TLP;
	if (l->room >= PCI_EXP_LNKCAP + 4)
		lanes = (ec_image_get(img, l->offset + PCI_EXP_LNKCAP, 4) & PCI_EXP_LNKCAP_WIDTH) >>
			4;
	p->lanes = (uint8_t)(lanes > 32 ? 32 : lanes);
}

static void find_express(struct ec_plan *p, const struct ec_image *img)
{
	p->express = p->flit = p->prefixes = false;
	p->lanes = 0;
	for (unsigned int i = 0; i < p->chain.n_std && !p->express; i++) {
		const struct ec_link *l = p->chain.link + i;

		if (l->id != PCI_CAP_ID_EXP)
			continue;
		p->express = true;
		read_express(p, img, l);
	}
}

/*
 * The type and version that the guest sees may have registers that the hardware's do not have.
 * If there is no room for them, the view has a fault.
 */
static void present_express(const struct ec_plan *p, const struct ec_cap_at *at,
			    struct ec_plan_cap *c)
{
	uint32_t version =
		ec_image_get(at->img, at->offset + PCI_EXP_FLAGS, 1) & PCI_EXP_FLAGS_VERS;
	uint8_t type = ec_topology_type(p->options.topology, p->express_type);
	uint32_t as;

	ec_ruled_express(p, &version, &type);
	as = ec_express_length(version, type, false);
	if (as > at->room) {
		as = at->room;
		c->fault = EC_CAP_OVERLAP;
	}
	if (as > c->length)
		c->length = (uint16_t)as;
}

/* Is there another instance of the same capability before link @i? */
static bool repeated(const struct ec_plan *p, unsigned int i)
{
	for (unsigned int j = 0; j < i; j++)
		if (p->cap[j].cap == p->cap[i].cap)
			return true;
	return false;
}

/*
 * A capability is never shorter in the hardware than it was measured, whatever length a rule gives
 * it: else the bytes past that length would be a gap, and a gap holds no state of the host. If no
 * length is published, the rule's length counts, but not less than the registers of the tables.
 */
static void set_whole(struct ec_plan_cap *c, const struct ec_cap_at *at)
{
	struct ec_reg_table t = ec_cap_registers(c->cap, at);
	uint32_t measured = c->whole, rows = c->length;

	for (unsigned int i = 0; i < t.n && t.row[i].offset < measured; i++)
		if (t.row[i].offset + (uint32_t)t.row[i].len > rows)
			rows = t.row[i].offset + (uint32_t)t.row[i].len;
	if (c->cap->length == ec_length_room)
		c->whole = (uint16_t)(rows < measured ? rows : measured);
	if (c->whole < c->length)
		c->whole = c->length;
}

/*
 * Does the length that a rule gives cut off a register with an effect? Then the rest cannot work.
 */
static bool cut_short(const struct ec_plan_cap *c, const struct ec_cap_at *at)
{
	struct ec_reg_table t = ec_cap_registers(c->cap, at);

	for (unsigned int i = 0; c->length < c->whole && i < t.n; i++)
		if (t.row[i].effect != EC_FX_NONE && t.row[i].offset < c->whole &&
		    t.row[i].offset + t.row[i].len > c->length)
			return true;
	return false;
}

/* Why capability @i cannot work, as it is in the hardware or with a rule's length; NULL: it can. */
static const char *why_dead(const struct ec_plan *p, unsigned int i, const struct ec_cap_at *at)
{
	const struct ec_plan_cap *c = p->cap + i;
	const char *why = NULL;

	if (c->length < c->cap->least)
		return "it is shorter than the registers that it must have";
	if (cut_short(c, at))
		return "its length cuts off a register that it needs";
	if (c->cap->hide)
		why = c->cap->hide(at);
	if (!why && c->cap->once && repeated(p, i))
		why = "another capability of this id is before it";
	return why;
}

static void measure(struct ec_plan *p, const struct ec_image *img, unsigned int i)
{
	const struct ec_link *l = p->chain.link + i;
	struct ec_plan_cap *c = p->cap + i;
	uint32_t end = l->extended || img->size < EC_EXT_FIRST ? img->size : EC_EXT_FIRST;
	struct ec_cap_at at;
	enum ec_cap_fault fault;

	*c = (struct ec_plan_cap){ .cap = ec_cap_find(l->id, l->extended),
				   .treat_all = EC_TREATMENTS,
				   .origin = EC_BY_TABLE,
				   .from = l->offset };
	at = ec_plan_instance(p, img, i);
	c->length = (uint16_t)ec_cap_measure(c->cap, &at, end, &fault);
	c->fault = (uint8_t)fault;
	c->whole = c->length;
	ec_ruled_size(p, i);
	c->treatment = c->cap->treatment;
	set_whole(c, &at);
	/* the tables hide the host's capabilities; an emulated function has only those meant for
	 * the guest */
	if (p->options.emulated && c->treatment == EC_HIDE)
		c->treatment = EC_EMULATE;
	c->why = why_dead(p, i, &at);
	if (c->why) {
		c->treatment = EC_HIDE;
		c->dead = true;
		c->origin = EC_BY_FUNCTION;
	}
	if (p->options.topology == EC_HOST) {
		c->treatment = EC_READ;
		c->origin = EC_BY_TOPOLOGY;
	} else if (c->cap->id == PCI_CAP_ID_EXP && !l->extended && !p->options.emulated) {
		present_express(p, &at, c);
	}
	if (c->whole < c->length)
		c->whole = c->length;
}

void ec_plan_measure(struct ec_plan *plan, const struct ec_image *img)
{
	find_express(plan, img);
	for (unsigned int i = 0; i < plan->chain.n; i++)
		measure(plan, img, i);
}
