/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tools/offline/check_settings.h"

#include <pci/header.h>
#include <stdio.h>
#include <string.h>

#include "core/bits.h"
#include "policy/edit_distance.h"
#include "policy/rule_set.h"
#include "view/rules.h"

/* The capability that a setting needs to decide anything. */
static const struct {
	bool asks;
	struct ec_cap_ref cap;
	bool hides;    /* the setting itself hides the capability, */
	uint64_t hide; /* with this number */
} needs[EC_VERBS] = {
	[EC_SET_EXPRESS_TYPE] = { true, { PCI_CAP_ID_EXP } },
	[EC_SET_EXPRESS_VERSION] = { true, { PCI_CAP_ID_EXP } },
	[EC_SET_LINK_SHOWN] = { true, { PCI_CAP_ID_EXP } },
	[EC_SET_MSI_VECTORS] = { true, { PCI_CAP_ID_MSI } },
	[EC_SET_MSI_MASKABLE] = { true, { PCI_CAP_ID_MSI } },
	[EC_SET_MSI_DISABLE] = { true, { PCI_CAP_ID_MSI }, true, 1 },
	[EC_SET_MSIX_VECTORS] = { true, { PCI_CAP_ID_MSIX } },
	[EC_SET_MSIX_DISABLE] = { true, { PCI_CAP_ID_MSIX }, true, 1 },
	[EC_SET_MSIX_PBA] = { true, { PCI_CAP_ID_MSIX } },
	[EC_SET_REBAR] = { true, { PCI_EXT_CAP_ID_REBAR, true }, true, 0 },
	[EC_SET_PM_D3] = { true, { PCI_CAP_ID_PM } },
	[EC_SET_PM_NO_SOFT_RESET] = { true, { PCI_CAP_ID_PM } },
	[EC_SET_PM_PME] = { true, { PCI_CAP_ID_PM } },
	[EC_SET_AER_UNCOR_MASK] = { true, { PCI_EXT_CAP_ID_AER, true } },
	[EC_SET_AER_COR_MASK] = { true, { PCI_EXT_CAP_ID_AER, true } },
	[EC_SET_DSN] = { true, { PCI_EXT_CAP_ID_DSN, true } },
	[EC_SET_VPD] = { true, { PCI_CAP_ID_VPD }, true, EC_VPD_HIDE },
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

static const char *name_of(const struct ec_cap_ref *ref)
{
	const struct ec_cap *cap = ec_cap_find(ref->id, ref->extended);

	return cap->id == ref->id ? cap->name : "this capability";
}

/* Writes that capability @i of the view with the decisions is hidden, and what hides it. */
static bool why_hidden(const struct check_tried *t, unsigned int i, char why[CHECK_WHY_MAX])
{
	const struct ec_plan_cap *c = t->with->cap + i;
	const struct ec_rule *rule = ec_rules_origin(t->set, c->origin);
	const char *by = "by default; \"capabilities\" can show it";

	if (c->why)
		snprintf(why, CHECK_WHY_MAX, "the capability is hidden: %s", c->why);
	else if (rule)
		snprintf(why, CHECK_WHY_MAX, "the capability is hidden by %s: %s", rule->file,
			 rule->name);
	else
		snprintf(why, CHECK_WHY_MAX, "the capability is hidden %s", by);
	return false;
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

/* Are capabilities @ref shown? If none is, writes what hides the last. */
static bool why_none_shown(const struct check_tried *t, const struct ec_cap_ref *ref,
			   char why[CHECK_WHY_MAX])
{
	for (unsigned int i = 0; t->with && i < t->with->chain.n; i++) {
		if (!ec_ruled_is(t->with, ref, i))
			continue;
		if (t->with->cap[i].treatment != EC_HIDE)
			return true;
		why_hidden(t, i, why);
	}
	return !t->with;
}

static bool decides_register(const struct check_tried *t, const struct ec_setting *s,
			     char why[CHECK_WHY_MAX])
{
	const char *near = NULL;
	bool seen = false;
	const struct ec_plan_reg *r = find_register(t, s, &near, &seen);

	if (r && !r->cut)
		return true;
	if (!s->in_cap || !has_cap(view_of(t), &s->cap))
		return false;
	if (!seen)
		return why_none_shown(t, &s->cap, why);
	if (r) {
		snprintf(why, CHECK_WHY_MAX, "is past the end of %s", name_of(&s->cap));
		return false;
	}
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

		if (r->offset >= s->offset + s->length || r->offset + r->span <= s->offset)
			continue;
		if (!r->cap || !is_hidden(t, r->cap - 1u))
			return true;
		why_hidden(t, r->cap - 1u, why);
	}
	return false;
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
		return why_none_shown(t, &s->cap, why);
	if (there)
		snprintf(why, CHECK_WHY_MAX, "%s past the end of %s", begins ? "reaches" : "is",
			 name_of(&s->cap));
	return false;
}

/* Does a later decision replace that of @s? Then check_conflict() warns, if they differ. */
static bool is_replaced(const struct check_tried *t, const struct ec_setting *s)
{
	const struct ec_decision *last = NULL;

	for (unsigned int i = 0; i < t->decided->n; i++)
		if (ec_setting_same(t->decided->decision[i].set, s))
			last = t->decided->decision + i;
	return last && last->set != s;
}

/* Is @s about capability @cap, which the function has and the guest sees, unless @s hides it? */
static bool decides_cap(const struct check_tried *t, const struct ec_setting *s,
			const struct ec_cap_ref *cap, char why[CHECK_WHY_MAX])
{
	bool hides = s->verb == EC_SET_CAPABILITY
			     ? s->treatment == EC_HIDE
			     : needs[s->verb].hides && s->number == needs[s->verb].hide;

	/* one view has what a rule hides, the other what it adds */
	if (!has_cap(t->without, cap) && !has_cap(t->with, cap))
		return false;
	/* the length of a hidden capability says which bytes are hidden */
	if (hides || s->verb == EC_SET_SIZE || is_replaced(t, s))
		return true;
	if (!why_none_shown(t, cap, why))
		return false;
	if ((s->verb != EC_SET_MSI_VECTORS || s->number == 1) &&
	    (s->verb != EC_SET_MSI_MASKABLE || !s->number))
		return true;
	snprintf(why, CHECK_WHY_MAX, "a guest gets one vector, without mask bits, in any case");
	return false;
}

/* A conventional function is never behind a root port. */
static bool decides_topology(const struct check_tried *t, const struct ec_setting *s,
			     char why[CHECK_WHY_MAX])
{
	if (s->number != EC_FLATTENED || t->subject->pcie_type >= 0)
		return true;
	snprintf(why, CHECK_WHY_MAX, "a conventional function is on bus 0 in any case");
	return false;
}

static bool has_pin(struct ec_plan *p)
{
	const struct ec_plan_reg *pin = ec_plan_row(p, 0, PCI_INTERRUPT_PIN);

	return pin && pin->value;
}

static bool has_unknown(const struct ec_plan *p)
{
	for (unsigned int i = 0; i < p->chain.n; i++)
		if (p->cap[i].cap->id != p->chain.link[i].id)
			return true;
	return false;
}

bool check_decides(const struct check_tried *t, const struct ec_setting *s, char why[CHECK_WHY_MAX])
{
	switch (s->verb) {
	case EC_SET_REGISTER:
		return decides_register(t, s, why);
	case EC_SET_RANGE:
		return decides_range(t, s, why);
	case EC_SET_CAPABILITY:
	case EC_SET_LINK:
	case EC_SET_MOVE:
	case EC_SET_SIZE:
		return decides_cap(t, s, &s->cap, why);
	case EC_SET_BAR_HIDE:
		return t->without->bar[s->offset].kind != EC_BAR_NONE;
	case EC_SET_ROM:
		return t->without->bar[EC_BAR_ROM].kind != EC_BAR_NONE;
	case EC_SET_VF_IDS:
	case EC_SET_VF_MEMORY:
		return t->subject->vf;
	case EC_SET_TOPOLOGY:
		return decides_topology(t, s, why);
	case EC_SET_INTX_DISABLE:
		return !s->number || has_pin(t->without);
	case EC_SET_UNKNOWN:
		return s->treatment == EC_HIDE || has_unknown(t->without);
	default:
		return !needs[s->verb].asks || decides_cap(t, s, &needs[s->verb].cap, why);
	}
}

const char *check_lacking(const struct ec_setting *s)
{
	static const char *const bars[] = { "a BAR 0", "a BAR 1", "a BAR 2",
					    "a BAR 3", "a BAR 4", "a BAR 5" };

	switch (s->verb) {
	case EC_SET_ROM:
		return "an expansion ROM";
	case EC_SET_INTX_DISABLE:
		return "an interrupt pin";
	case EC_SET_UNKNOWN:
		return "a capability of an unknown id";
	case EC_SET_BAR_HIDE:
		return s->offset < EC_ARRAY_SIZE(bars) ? bars[s->offset] : "this";
	case EC_SET_REGISTER:
	case EC_SET_RANGE:
		return s->in_cap ? name_of(&s->cap) : "this";
	case EC_SET_CAPABILITY:
	case EC_SET_LINK:
	case EC_SET_MOVE:
	case EC_SET_SIZE:
		return name_of(&s->cap);
	default:
		return needs[s->verb].asks ? name_of(&needs[s->verb].cap) : "this";
	}
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

/* Initial values count only for bits that a guest can set. */
static void check_errors(struct check *c, const struct check_tried *t, const struct ec_decision *d)
{
	struct ec_setting s = { .in_cap = true, .cap = { PCI_EXT_CAP_ID_AER, true } };
	const struct ec_plan_reg *r;
	const char *near;
	bool seen;

	s.name = d->set->verb == EC_SET_AER_COR_MASK ? "COR_MASK" : "UNCOR_MASK";
	r = find_register(t, &s, &near, &seen);
	if (r && d->set->number & ~(uint64_t)r->reg.rw)
		warn_once(c, d, "has bits that are not in the register");
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

/* Does a register of the standard capability @id have @bits? */
static bool has_bits(struct ec_plan *p, uint8_t id, uint32_t offset, uint32_t bits)
{
	for (unsigned int i = 0; i < p->chain.n_std; i++) {
		const struct ec_plan_reg *r =
			ec_plan_row(p, i + 1, p->chain.link[i].offset + offset);

		if (p->chain.link[i].id == id && r && r->value & bits)
			return true;
	}
	return false;
}

/* The reset methods that the function may have; its configuration space excludes some. */
static uint64_t possible_resets(struct ec_plan *p)
{
	static const struct ec_cap_ref pm = { PCI_CAP_ID_PM };
	uint64_t all = VERB(EC_RESET_METHODS) - 1;

	if (!has_bits(p, PCI_CAP_ID_EXP, PCI_EXP_DEVCAP, PCI_EXP_DEVCAP_FLRESET))
		all &= ~VERB(EC_RESET_FLR);
	if (!has_bits(p, PCI_CAP_ID_AF, PCI_AF_CAP, PCI_AF_CAP_FLR))
		all &= ~VERB(EC_RESET_AF_FLR);
	if (!has_cap(p, &pm))
		all &= ~VERB(EC_RESET_PM);
	return all;
}

static void check_reset(struct check *c, const struct check_tried *t)
{
	const struct ec_decision *use = ec_decisions_last(t->decided, EC_SET_RESET_METHODS, 0);
	const struct ec_decision *forbid = ec_decisions_last(t->decided, EC_SET_RESET_FORBID, 0);
	uint64_t all = possible_resets(t->without);

	if ((use || forbid) &&
	    !(all & (use ? use->set->number : all) & ~(forbid ? forbid->set->number : 0)))
		warn_once(
			c,
			last_of(t->decided, VERB(EC_SET_RESET_METHODS) | VERB(EC_SET_RESET_FORBID)),
			"no reset method is left: the function cannot be attached");
}

/* Can the function interrupt? */
static bool interrupts(struct ec_plan *p)
{
	for (unsigned int i = 0; i < p->chain.n_std; i++)
		if ((p->chain.link[i].id == PCI_CAP_ID_MSI ||
		     p->chain.link[i].id == PCI_CAP_ID_MSIX) &&
		    p->cap[i].treatment != EC_HIDE)
			return true;
	return has_pin(p);
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
		if (d->set->verb == EC_SET_AER_COR_MASK || d->set->verb == EC_SET_AER_UNCOR_MASK)
			check_errors(c, t, d);
	}
	check_reset(c, t);
	check_interrupts(c, t);
}
