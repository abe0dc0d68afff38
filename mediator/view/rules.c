/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/rules.h"

#include <pci/header.h>
#include <string.h>

/* Has @ref the id of that capability? */
static bool same_kind(const struct ec_cap_ref *ref, const struct ec_link *l)
{
	return ref->id == l->id && ref->extended == l->extended;
}

bool ec_ruled_is(const struct ec_plan *plan, const struct ec_cap_ref *ref, unsigned int i)
{
	unsigned int before = 0;

	if (!same_kind(ref, plan->chain.link + i) || plan->cap[i].moved_away)
		return false;
	if (!ref->instance)
		return true;
	for (unsigned int j = 0; j < i; j++)
		before += same_kind(ref, plan->chain.link + j) && !plan->cap[j].moved_away;
	return before + 1 == ref->instance;
}

void ec_ruled_hide_bar(struct ec_plan *p, unsigned int i, uint16_t origin)
{
	if (p->bar[i].kind == EC_BAR_UPPER && i > 0)
		ec_ruled_hide_bar(p, i - 1, origin);
	else if (p->bar[i].kind == EC_BAR_MEM64 && i + 1 < EC_BAR_ROM) {
		p->bar[i + 1] = (struct ec_bar){ .kind = EC_BAR_NONE };
		p->bar_by[i + 1] = origin;
	}
	p->bar[i] = (struct ec_bar){ .kind = EC_BAR_NONE };
	p->bar_by[i] = origin;
}

static void hide_bars(struct ec_plan *p, const struct ec_decisions *d)
{
	const struct ec_decision *by[EC_BAR_MAX] = { [EC_BAR_ROM] = p->last[EC_SET_ROM] };

	for (unsigned int i = 0; i < d->n; i++)
		if (d->decision[i].set->verb == EC_SET_BAR_HIDE &&
		    d->decision[i].set->offset < EC_BAR_ROM)
			by[d->decision[i].set->offset] = d->decision + i;
	/* "hide": true is 1 for a BAR; "rom": "none" is 0 */
	for (unsigned int i = 0; i < EC_BAR_MAX; i++)
		if (by[i] && (by[i]->set->number != 0) == (i != EC_BAR_ROM))
			ec_ruled_hide_bar(p, i, by[i]->origin);
}

void ec_ruled_begin(struct ec_plan *plan)
{
	const struct ec_decisions *d;

	if (plan->options.topology == EC_HOST)
		plan->options.rules = NULL;
	d = plan->options.rules;
	memset(plan->last, 0, sizeof(plan->last));
	memset(plan->named, 0, sizeof(plan->named));
	memset(plan->bar_by, 0, sizeof(plan->bar_by));
	if (!d)
		return;
	for (unsigned int i = 0; i < d->n; i++)
		if (d->decision[i].set->verb < EC_VERBS)
			plan->last[d->decision[i].set->verb] = d->decision + i;
	hide_bars(plan, d);
}

void ec_ruled_size(struct ec_plan *plan, unsigned int i)
{
	const struct ec_decisions *d = plan->options.rules;
	struct ec_plan_cap *c = plan->cap + i;
	/* always room for the header, which may have to link to the next capability */
	uint16_t room = plan->chain.link[i].room, least = plan->chain.link[i].extended ? 4 : 2;

	if (!plan->last[EC_SET_SIZE])
		return;
	for (unsigned int k = 0; k < d->n; k++) {
		const struct ec_setting *s = d->decision[k].set;

		if (s->verb != EC_SET_SIZE || !ec_ruled_is(plan, &s->cap, i))
			continue;
		c->length = s->length < room ? s->length : room;
		c->length = c->length < least ? least : c->length;
	}
}

void ec_ruled_express(const struct ec_plan *plan, uint32_t *version, uint8_t *type)
{
	const struct ec_decision *v = plan->last[EC_SET_EXPRESS_VERSION];
	const struct ec_decision *t = plan->last[EC_SET_EXPRESS_TYPE];

	if (v)
		*version = (uint32_t)v->set->number;
	if (t && t->set->number != EC_AUTO)
		*type = (uint8_t)t->set->number;
}

static bool is_unknown(const struct ec_plan *p, unsigned int i)
{
	return p->cap[i].cap->id != p->chain.link[i].id;
}

static bool is_permissive(const struct ec_plan *p)
{
	return p->last[EC_SET_PERMISSIVE] && p->last[EC_SET_PERMISSIVE]->set->number;
}

static void decide(struct ec_plan_cap *c, uint8_t treatment, uint8_t asked, uint16_t origin)
{
	c->treatment = treatment;
	c->treat_all = asked;
	c->permissive = false;
	c->origin = origin;
}

static bool is_kept(const struct ec_plan *p, const struct ec_setting *s, unsigned int i)
{
	for (unsigned int k = 0; k < s->n; k++)
		if (ec_ruled_is(p, s->refs + k, i))
			return true;
	return false;
}

static void decide_cap(struct ec_plan *p, unsigned int i)
{
	const struct ec_decisions *d = p->options.rules;
	const struct ec_decision *unknown = p->last[EC_SET_UNKNOWN];
	const struct ec_decision *keep = p->last[EC_SET_KEEP_ONLY];
	struct ec_plan_cap *c = p->cap + i;

	if (is_unknown(p, i) && !c->added) {
		if (unknown) {
			decide(c, unknown->set->treatment, EC_TREATMENTS, unknown->origin);
		} else if (is_permissive(p) && !p->chain.link[i].extended) {
			decide(c, EC_PASS, EC_TREATMENTS, p->last[EC_SET_PERMISSIVE]->origin);
			c->permissive = true;
		}
	}
	if (keep && !is_kept(p, keep->set, i))
		decide(c, EC_HIDE, EC_TREATMENTS, keep->origin);
	for (unsigned int k = 0; p->last[EC_SET_CAPABILITY] && k < d->n; k++) {
		const struct ec_setting *s = d->decision[k].set;

		if (s->verb != EC_SET_CAPABILITY || !ec_ruled_is(p, &s->cap, i))
			continue;
		if (s->treatment == EC_SHOW)
			decide(c, c->cap->treatment ? c->cap->treatment : EC_FREEZE, EC_TREATMENTS,
			       d->decision[k].origin);
		else
			decide(c, s->treatment, s->treatment, d->decision[k].origin);
	}
}

/* Does a rule that comes after @d hide capability @i? */
static bool hidden_since(const struct ec_plan *p, unsigned int i, const struct ec_decision *d)
{
	const struct ec_decisions *all = p->options.rules;
	const struct ec_decision *keep = p->last[EC_SET_KEEP_ONLY], *last = NULL;

	for (unsigned int k = 0; p->last[EC_SET_CAPABILITY] && k < all->n; k++)
		if (all->decision[k].set->verb == EC_SET_CAPABILITY &&
		    ec_ruled_is(p, &all->decision[k].set->cap, i))
			last = all->decision + k;
	return (last && last > d && last->set->treatment == EC_HIDE) ||
	       (keep && keep > d && !is_kept(p, keep->set, i));
}

/*
 * Gives the capabilities @cap a treatment if the setting @verb is @number. One that is hidden is
 * shown again, unless a later rule hides it.
 */
static void switch_caps(struct ec_plan *p, enum ec_verb verb, uint64_t number,
			const struct ec_cap *cap, uint8_t treatment)
{
	const struct ec_decision *d = p->last[verb];

	if (!d || d->set->number != number)
		return;
	for (unsigned int i = 0; i < p->chain.n; i++)
		if (p->cap[i].cap == cap && !p->cap[i].dead && !p->cap[i].moved_away &&
		    (treatment == EC_HIDE ||
		     (p->cap[i].treatment == EC_HIDE && !hidden_since(p, i, d))))
			decide(p->cap + i, treatment, EC_TREATMENTS, d->origin);
}

static void mark_named(struct ec_plan *p, uint32_t from, uint32_t to)
{
	for (uint32_t d = from / 4; d * 4 < to && d < EC_CONFIG_DWORDS; d++)
		p->named[d / 32] |= 1u << d % 32;
}

/* Bytes that ranges name are listed as registers of their own, hidden or not. */
static void mark_ranges(struct ec_plan *p)
{
	const struct ec_decisions *d = p->options.rules;

	for (unsigned int k = 0; k < d->n; k++) {
		const struct ec_setting *s = d->decision[k].set;

		if (s->verb != EC_SET_RANGE)
			continue;
		if (!s->in_cap)
			mark_named(p, s->offset, (uint32_t)s->offset + s->length);
		for (unsigned int i = 0; s->in_cap && i < p->chain.n; i++) {
			uint32_t at = (uint32_t)p->chain.link[i].offset + s->offset;

			if (ec_ruled_is(p, &s->cap, i))
				mark_named(p, at, at + s->length);
		}
	}
}

void ec_ruled_caps(struct ec_plan *plan)
{
	if (!plan->options.rules)
		return;
	for (unsigned int i = 0; i < plan->chain.n; i++) {
		decide_cap(plan, i);
		/* for instance half a message, or a second place for the power state, cannot work
		 */
		if (plan->cap[i].dead || plan->cap[i].moved_away)
			plan->cap[i].treatment = EC_HIDE;
		if (plan->cap[i].why)
			plan->cap[i].origin = EC_BY_FUNCTION;
	}
	switch_caps(plan, EC_SET_MSI_DISABLE, 1, ec_cap_find(PCI_CAP_ID_MSI, false), EC_HIDE);
	switch_caps(plan, EC_SET_MSIX_DISABLE, 1, ec_cap_find(PCI_CAP_ID_MSIX, false), EC_HIDE);
	switch_caps(plan, EC_SET_REBAR, 0, ec_cap_find(PCI_EXT_CAP_ID_REBAR, true), EC_HIDE);
	switch_caps(plan, EC_SET_REBAR, 1, ec_cap_find(PCI_EXT_CAP_ID_REBAR, true), EC_FREEZE);
	switch_caps(plan, EC_SET_VPD, EC_VPD_HIDE, ec_cap_find(PCI_CAP_ID_VPD, false), EC_HIDE);
	switch_caps(plan, EC_SET_VPD, EC_VPD_READ, ec_cap_find(PCI_CAP_ID_VPD, false), EC_EMULATE);
	switch_caps(plan, EC_SET_VPD, EC_VPD_WRITE, ec_cap_find(PCI_CAP_ID_VPD, false), EC_EMULATE);
	if (plan->last[EC_SET_RANGE])
		mark_ranges(plan);
}

struct ec_rest ec_ruled_rest(const struct ec_plan *plan, unsigned int i)
{
	const struct ec_plan_cap *c = plan->cap + i;
	const struct ec_decision *bodies = plan->last[EC_SET_BODIES];

	if (c->treatment == EC_HIDE)
		return (struct ec_rest){ EC_HIDE, false, c->origin };
	if (c->treat_all != EC_TREATMENTS)
		return (struct ec_rest){ c->treat_all, false, c->origin };
	if (is_unknown(plan, i))
		return (struct ec_rest){ c->treatment, c->permissive, c->origin };
	if (bodies)
		return (struct ec_rest){ bodies->set->treatment, false, bodies->origin };
	if (is_permissive(plan))
		return (struct ec_rest){ EC_PASS, true, plan->last[EC_SET_PERMISSIVE]->origin };
	/* without a row nothing says which bits of an emulated capability to keep */
	return (struct ec_rest){ c->treatment == EC_EMULATE ? EC_FREEZE : c->treatment, false,
				 c->origin };
}

struct ec_rest ec_ruled_gap(const struct ec_plan *plan, enum ec_treatment table)
{
	const struct ec_decision *gaps = plan->last[EC_SET_GAPS];

	if (gaps)
		return (struct ec_rest){ gaps->set->treatment, false, gaps->origin };
	if (is_permissive(plan))
		return (struct ec_rest){ EC_PASS, true, plan->last[EC_SET_PERMISSIVE]->origin };
	return (struct ec_rest){ (uint8_t)table, false, EC_BY_TABLE };
}
