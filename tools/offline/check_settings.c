/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tools/offline/check_settings.h"

#include <pci/header.h>
#include <stdio.h>
#include <string.h>

#include "core/bits.h"
#include "policy/edit_distance.h"
#include "view/rules.h"

/* The capability that a setting needs to decide anything. */
static const struct {
	bool asks;
	struct ec_cap_ref cap;
} needs[EC_VERBS] = {
	[EC_SET_EXPRESS_TYPE] = { true, { PCI_CAP_ID_EXP } },
	[EC_SET_EXPRESS_VERSION] = { true, { PCI_CAP_ID_EXP } },
	[EC_SET_LINK_SHOWN] = { true, { PCI_CAP_ID_EXP } },
	[EC_SET_MSI_VECTORS] = { true, { PCI_CAP_ID_MSI } },
	[EC_SET_MSI_MASKABLE] = { true, { PCI_CAP_ID_MSI } },
	[EC_SET_MSI_DISABLE] = { true, { PCI_CAP_ID_MSI } },
	[EC_SET_MSIX_VECTORS] = { true, { PCI_CAP_ID_MSIX } },
	[EC_SET_MSIX_DISABLE] = { true, { PCI_CAP_ID_MSIX } },
	[EC_SET_MSIX_PBA] = { true, { PCI_CAP_ID_MSIX } },
	[EC_SET_REBAR] = { true, { PCI_EXT_CAP_ID_REBAR, true } },
	[EC_SET_PM_D3] = { true, { PCI_CAP_ID_PM } },
	[EC_SET_PM_NO_SOFT_RESET] = { true, { PCI_CAP_ID_PM } },
	[EC_SET_PM_PME] = { true, { PCI_CAP_ID_PM } },
	[EC_SET_AER_UNCOR_MASK] = { true, { PCI_EXT_CAP_ID_AER, true } },
	[EC_SET_AER_COR_MASK] = { true, { PCI_EXT_CAP_ID_AER, true } },
	[EC_SET_DSN] = { true, { PCI_EXT_CAP_ID_DSN, true } },
	[EC_SET_VPD] = { true, { PCI_CAP_ID_VPD } },
};

/* The view with the decisions, if there is one. */
static struct ec_plan *view_of(const struct check_tried *t)
{
	return t->with ? t->with : t->without;
}

static bool has_cap(const struct ec_plan *p, const struct ec_cap_ref *ref)
{
	for (unsigned int i = 0; p && i < p->chain.n; i++)
		if (ec_ruled_is(p, ref, i))
			return true;
	return false;
}

/* Is capability @i hidden? Unknown without the view: the refused rule might show it. */
static bool is_hidden(const struct check_tried *t, unsigned int i)
{
	return t->with && t->with->cap[i].treatment == EC_HIDE;
}

static bool why_hidden(char why[CHECK_WHY_MAX])
{
	snprintf(why, CHECK_WHY_MAX, "the capability is hidden");
	return false;
}

static const char *name_of(const struct ec_cap_ref *ref)
{
	return ec_cap_find(ref->id, ref->extended)->name;
}

/* The register that @s names, or NULL. @near: a similar name. @seen: its capability is shown. */
static const struct ec_plan_reg *find_register(const struct check_tried *t,
					       const struct ec_setting *s, const char **near,
					       bool *seen)
{
	const struct ec_plan *p = view_of(t);
	unsigned int best = 3;

	for (unsigned int i = 0; i < p->n; i++) {
		const struct ec_plan_reg *r = p->reg + i;
		unsigned int d;

		if (s->in_cap ? !r->cap || !ec_ruled_is(p, &s->cap, r->cap - 1u) ||
					is_hidden(t, r->cap - 1u)
			      : r->cap)
			continue;
		*seen = true;
		d = ec_edit_distance(s->name, r->reg.name);
		if (!strcmp(s->name, r->reg.name))
			return r;
		if (d < best && !r->rest) {
			best = d;
			*near = r->reg.name;
		}
	}
	return NULL;
}

static bool decides_register(const struct check_tried *t, const struct ec_setting *s,
			     char why[CHECK_WHY_MAX])
{
	const char *near = NULL;
	bool seen = false;

	if (find_register(t, s, &near, &seen))
		return true;
	if (!s->in_cap || !has_cap(view_of(t), &s->cap))
		return false;
	if (!seen)
		return why_hidden(why);
	snprintf(why, CHECK_WHY_MAX, "no such register in %s%s%s%s", name_of(&s->cap),
		 near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
	return false;
}

/* Bytes of the function, in a capability or not. */
static bool decides_bytes(const struct check_tried *t, const struct ec_setting *s,
			  char why[CHECK_WHY_MAX])
{
	const struct ec_plan *p = view_of(t);

	if (s->offset >= p->layout.size) {
		snprintf(why, CHECK_WHY_MAX, "is past the end of the configuration space");
		return false;
	}
	for (unsigned int i = 0; i < p->n; i++) {
		const struct ec_plan_reg *r = p->reg + i;

		if (r->offset < s->offset + s->length && r->offset + r->span > s->offset &&
		    !(r->cap && is_hidden(t, r->cap - 1u)))
			return true;
	}
	return why_hidden(why);
}

static bool decides_range(const struct check_tried *t, const struct ec_setting *s,
			  char why[CHECK_WHY_MAX])
{
	const struct ec_plan *p = view_of(t);
	bool there = false, shown = false, begins = false;

	if (!s->in_cap)
		return decides_bytes(t, s, why);
	for (unsigned int i = 0; i < p->chain.n; i++) {
		if (!ec_ruled_is(p, &s->cap, i))
			continue;
		there = true;
		if (is_hidden(t, i))
			continue;
		shown = true;
		begins |= s->offset < p->cap[i].length;
		if (s->offset + s->length <= p->cap[i].length)
			return true;
	}
	if (there && !shown)
		return why_hidden(why);
	if (there)
		snprintf(why, CHECK_WHY_MAX, "%s past the end of %s", begins ? "reaches" : "is",
			 name_of(&s->cap));
	return false;
}

bool check_decides(const struct check_tried *t, const struct ec_setting *s, char why[CHECK_WHY_MAX])
{
	const struct ec_cap_ref *cap = &needs[s->verb].cap;

	switch (s->verb) {
	case EC_SET_REGISTER:
		return decides_register(t, s, why);
	case EC_SET_RANGE:
		return decides_range(t, s, why);
	case EC_SET_CAPABILITY:
	case EC_SET_MOVE:
	case EC_SET_SIZE:
		cap = &s->cap;
		break;
	case EC_SET_BAR_HIDE:
		return t->without->bar[s->offset].kind != EC_BAR_NONE;
	case EC_SET_ROM:
		return t->without->bar[EC_BAR_ROM].kind != EC_BAR_NONE;
	case EC_SET_VF_IDS:
	case EC_SET_VF_MEMORY:
		return t->subject->vf;
	default:
		if (!needs[s->verb].asks)
			return true;
	}
	/* one view has what a rule hides, the other what it adds */
	return has_cap(t->without, cap) || has_cap(t->with, cap);
}

const char *check_lacking(const struct ec_setting *s)
{
	static const char *const bars[] = { "a BAR 0", "a BAR 1", "a BAR 2",
					    "a BAR 3", "a BAR 4", "a BAR 5" };

	if (s->verb == EC_SET_ROM)
		return "an expansion ROM";
	if (s->verb == EC_SET_BAR_HIDE && s->offset < EC_ARRAY_SIZE(bars))
		return bars[s->offset];
	return "this";
}

static void warn_once(struct check *c, const struct ec_decision *d, const char *text)
{
	const struct ec_rule *rule = ec_rules_origin(c->set, d->origin);
	struct check_setting *found =
		c->rule[rule - c->set->rule].setting + (d->set - rule->setting);

	if (!found->warned)
		check_warn(c, rule, d->set, "%s", text);
	found->warned = true;
}

/* The parser checks this only for tables that do not depend on the instance. */
static void check_width(struct check *c, const struct check_tried *t, const struct ec_decision *d)
{
	const struct ec_setting *s = d->set;
	const char *near = NULL;
	bool seen = false;
	const struct ec_plan_reg *r = find_register(t, s, &near, &seen);
	uint32_t past = r ? ~(uint32_t)ec_ones(r->reg.len) : 0;

	if (s->mask != UINT32_MAX && s->mask & past)
		warn_once(c, d, "\"mask\" has more bits than the register");
	else if (s->bits & EC_BITS_VALUE && s->value & past)
		warn_once(c, d, "\"value\" has more bits than the register");
}

/* The last decision with one of @verbs, or NULL. */
static const struct ec_decision *last_of(const struct ec_decisions *d, uint64_t verbs)
{
	for (unsigned int i = d->n; i-- > 0;)
		if (verbs >> d->decision[i].set->verb & 1)
			return d->decision + i;
	return NULL;
}

#define VERB(v) (1ull << (v))

static void check_reset(struct check *c, const struct check_tried *t)
{
	const struct ec_decision *use = ec_decisions_last(t->decided, EC_SET_RESET_METHODS, 0);
	const struct ec_decision *forbid = ec_decisions_last(t->decided, EC_SET_RESET_FORBID, 0);
	uint64_t all = VERB(EC_RESET_METHODS) - 1;

	if ((use || forbid) &&
	    !((use ? use->set->number : all) & ~(forbid ? forbid->set->number : 0)))
		warn_once(
			c,
			last_of(t->decided, VERB(EC_SET_RESET_METHODS) | VERB(EC_SET_RESET_FORBID)),
			"no reset method is left: the function cannot be attached");
}

/* Can the function interrupt? */
static bool interrupts(struct ec_plan *p)
{
	const struct ec_plan_reg *pin = ec_plan_row(p, 0, PCI_INTERRUPT_PIN);

	for (unsigned int i = 0; i < p->chain.n_std; i++)
		if ((p->chain.link[i].id == PCI_CAP_ID_MSI ||
		     p->chain.link[i].id == PCI_CAP_ID_MSIX) &&
		    p->cap[i].treatment != EC_HIDE)
			return true;
	return pin && pin->value;
}

static void check_interrupts(struct check *c, const struct check_tried *t)
{
	const struct ec_decision *d =
		last_of(t->decided, VERB(EC_SET_MSI_DISABLE) | VERB(EC_SET_MSIX_DISABLE) |
					    VERB(EC_SET_INTX_DISABLE));

	if (!d)
		d = last_of(t->decided, VERB(EC_SET_CAPABILITY) | VERB(EC_SET_KEEP_ONLY));
	if (d && t->with && interrupts(t->without) && !interrupts(t->with))
		warn_once(c, d, "no interrupt is left");
}

void check_odd(struct check *c, const struct check_tried *t)
{
	for (unsigned int i = 0; i < t->decided->n; i++) {
		const struct ec_decision *d = t->decided->decision + i;

		if (d->set->verb == EC_SET_ADD && has_cap(t->without, &d->set->cap))
			warn_once(c, d, "the device has this capability already");
		if (d->set->verb == EC_SET_REGISTER)
			check_width(c, t, d);
	}
	check_reset(c, t);
	check_interrupts(c, t);
}
