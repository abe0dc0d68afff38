/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bits that the topology decided (held) are changed only by a rule that names them: permissive and
 * settings of whole capabilities leave them alone.
 */
#include "view/rules_bits.h"

#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "core/pci_bits.h"
#include "view/decide.h"
#include "view/rules.h"

/* The decision being applied. */
struct edit {
	struct ec_plan *p;
	const struct ec_decision *d;
	struct ec_diag *diag;
};

static int refuse(const struct edit *e, const struct ec_plan_reg *r, const char *why)
{
	const char *cap = r->cap ? e->p->cap[r->cap - 1].cap->name : "";

	ec_diag_set(e->diag, 0, "%s%s%s at %x: %s", cap, r->cap ? "." : "", r->reg.name, r->offset,
		    why);
	e->p->blame = e->d->origin;
	e->p->blame_set = e->d->set;
	return -EINVAL;
}

/* Is @r part of a list of capabilities: a pointer, or the id of a capability? */
static bool is_link(const struct ec_plan *p, const struct ec_plan_reg *r)
{
	const struct ec_link *l;

	/* without a capability at 0x100 that dword says that there are no extended ones */
	if (r->gap)
		return r->offset / 4 == EC_EXT_FIRST / 4;
	if (r->rest)
		return false;
	if (!r->cap)
		return r->offset == PCI_CAPABILITY_LIST;
	l = p->chain.link + (r->cap - 1);
	return r->offset - l->offset < (l->extended ? 4 : 2);
}

/*
 * Does @r say where the vectors or their pending bits are? No rule changes that, because the
 * service keeps the guest from those pages.
 */
static bool is_msix_place(const struct ec_plan *p, const struct ec_plan_reg *r)
{
	const struct ec_link *l;

	if (!r->cap || r->rest)
		return false;
	l = p->chain.link + (r->cap - 1);
	return !l->extended && l->id == PCI_CAP_ID_MSIX && r->offset >= l->offset + PCI_MSIX_TABLE;
}

static bool is_dead(const struct ec_plan *p, const struct ec_plan_reg *r)
{
	return r->cut || (r->cap && p->cap[r->cap - 1].treatment == EC_HIDE);
}

/* Bits of the header that a rule can only hide. */
static uint32_t required_bits(const struct ec_plan *p, const struct ec_plan_reg *r)
{
	if (r->cap)
		return 0;
	switch (r->offset) {
	case PCI_STATUS:
		return PCI_STATUS_CAP_LIST;
	case PCI_HEADER_TYPE:
		return EC_HEADER_TYPE_MASK;
	default:
		break;
	}
	for (unsigned int i = 0; i < EC_BAR_MAX; i++)
		if (r->offset == ec_bar_offset(i, p->header_type))
			return r->reg.clr | r->reg.set;
	return 0;
}

/*
 * For bytes that no row names the rule says what a write does. Bits that it does not name are
 * written back as read, because they may be anything.
 */
static void make_writable(struct ec_plan_reg *r, uint32_t bits, uint32_t w1c)
{
	uint32_t width = (uint32_t)ec_ones(r->reg.len);

	r->reg.w1c = (r->reg.w1c & ~bits) | (w1c & width);
	r->reg.rw = (r->reg.rw | (bits & width)) & ~r->reg.w1c;
	r->reg.rsvdp = width & ~(r->reg.rw | r->reg.w1c);
}

/* Bits that a range calls w1c are never written back, even if its mask does not name them. */
static void exclude_w1c(const struct edit *e, struct ec_plan_reg *r, uint32_t w1c)
{
	if (r->rest && w1c && !r->cut && e->d->set->bits & EC_BITS_W1C)
		make_writable(r, r->reg.rw & ~w1c, r->reg.w1c | w1c);
}

static void treat(struct ec_plan_reg *r, uint32_t bits, enum ec_treatment t, uint32_t w1c,
		  uint16_t origin)
{
	if (r->rest && (t == EC_PASS || t == EC_EMULATE))
		make_writable(r, bits, w1c);
	r->capture |= r->rest && t == EC_EMULATE;
	ec_plan_treat(r, bits, t, origin);
}

/* Does the decision expose bits that the host must own? Hidden ones count, a later rule may show
 * them. */
static bool exposes_host_bits(const struct edit *e, const struct ec_plan_reg *r, uint32_t bits)
{
	const struct ec_setting *s = e->d->set;

	return s->bits & EC_BITS_TREAT && (s->treatment == EC_PASS || s->treatment == EC_READ) &&
	       bits & r->reg.host;
}

/* Applies a decision to the bits @bits of @r. @value, @w1c: the rule's, shifted to @r. */
static int decide(const struct edit *e, struct ec_plan_reg *r, uint32_t bits, uint32_t value,
		  uint32_t w1c)
{
	const struct ec_setting *s = e->d->set;
	enum ec_treatment t = (enum ec_treatment)s->treatment;
	bool treats = s->bits & EC_BITS_TREAT;

	if (exposes_host_bits(e, r, bits))
		return refuse(e, r, "bits that the host must own cannot be read or passed");
	/* not an error: a rule may match functions whose capability is hidden or shorter */
	if (is_dead(e->p, r))
		return 0;
	if (is_link(e->p, r))
		return refuse(e, r, "rules cannot change the lists of capabilities");
	if (is_msix_place(e->p, r))
		return refuse(e, r, "rules cannot change where the vectors are");
	if (treats && r->added && t >= EC_READ)
		return refuse(e, r, "a rule added it, the hardware does not have it");
	if (!treats || t != EC_HIDE)
		bits &= ~required_bits(e->p, r);
	if (!bits)
		return 0;
	if (treats && !(r->added && t == EC_FREEZE)) {
		treat(r, bits, t, w1c, e->d->origin);
		/* a rule that names bits replaces the corrections by the tables, too */
		r->fixed &= ~bits;
	}
	if (s->bits & EC_BITS_VALUE) {
		if (!treats)
			ec_plan_treat(r, bits & r->served[EC_HIDE], EC_FREEZE, e->d->origin);
		/* emulated bits start with the value, unless they start an effect */
		if (treats && t == EC_EMULATE && r->reg.effect == EC_FX_NONE)
			ec_plan_start(r, bits, value, e->d->origin);
		else
			ec_plan_fix(r, bits, value, e->d->origin);
	}
	return 0;
}

/* The 32 bits @bits, which start at byte @from, as seen from byte @offset. */
static uint32_t shifted(uint32_t bits, uint32_t from, uint32_t offset)
{
	if (from >= offset + 4 || offset >= from + 4)
		return 0;
	return from >= offset ? bits << (from - offset) * 8 : bits >> (offset - from) * 8;
}

/* The bits of register @r that are in the @len bytes at @from. */
static uint32_t covered(const struct ec_plan_reg *r, uint32_t from, uint32_t len)
{
	uint32_t lo = from > r->offset ? from - r->offset : 0;
	uint32_t hi = from + len - r->offset;

	if (hi > r->reg.len)
		hi = r->reg.len;
	return lo < hi ? (uint32_t)(ec_ones(hi) & ~ec_ones(lo)) : 0;
}

/* Applies a range to the @len bytes at @from of the view. */
static int range_at(const struct edit *e, uint32_t from, uint32_t len)
{
	const struct ec_setting *s = e->d->set;
	struct ec_plan_reg *r = ec_plan_at(e->p, from), *end = e->p->reg + e->p->n;
	int rc = 0;

	for (; !rc && r && r < end && r->offset < from + len; r++) {
		uint32_t bits = covered(r, from, len);

		if (s->length <= 4)
			bits &= shifted(s->mask, from, r->offset);
		/* hidden bytes listed as one register belong to a dead capability */
		if (r->span != r->reg.len)
			continue;
		if (!bits) {
			exclude_w1c(e, r, shifted(s->w1c, from, r->offset));
			continue;
		}
		rc = decide(e, r, bits, shifted(s->value, from, r->offset),
			    shifted(s->w1c, from, r->offset));
	}
	return rc;
}

static int apply_range(const struct edit *e)
{
	const struct ec_setting *s = e->d->set;
	int rc = 0;

	if (!s->in_cap)
		return range_at(e, s->offset, s->length);
	for (unsigned int i = 0; !rc && i < e->p->chain.n; i++) {
		uint32_t len = e->p->cap[i].whole;

		if (s->offset >= len || !ec_ruled_is(e->p, &s->cap, i))
			continue;
		len -= s->offset;
		rc = range_at(e, e->p->chain.link[i].offset + (uint32_t)s->offset,
			      s->length < len ? s->length : len);
	}
	return rc;
}

/* Applies a decision to the register of its name in @cap (0: the header), from @r on. */
static int apply_name(const struct edit *e, struct ec_plan_reg *r, unsigned int cap)
{
	const struct ec_setting *s = e->d->set;
	struct ec_plan_reg *end = e->p->reg + e->p->n;

	for (; r < end && r->cap == cap && !r->gap; r++)
		if (!r->rest && !strcmp(r->reg.name, s->name))
			return decide(e, r, s->mask & (uint32_t)ec_ones(r->reg.len), s->value,
				      s->w1c);
	return 0;
}

static int apply_register(const struct edit *e)
{
	const struct ec_setting *s = e->d->set;
	int rc = 0;

	if (!s->in_cap)
		return apply_name(e, e->p->reg, 0);
	for (unsigned int i = 0; !rc && i < e->p->chain.n; i++)
		if (ec_ruled_is(e->p, &s->cap, i))
			rc = apply_name(e, ec_plan_at(e->p, e->p->chain.link[i].offset), i + 1);
	return rc;
}

static int apply_all(struct ec_plan *p, enum ec_verb verb, struct ec_diag *diag,
		     int (*apply)(const struct edit *e))
{
	const struct ec_decisions *d = p->options.rules;
	int rc = 0;

	for (unsigned int k = 0; p->last[verb] && !rc && k < d->n; k++) {
		struct edit e = { .p = p, .d = d->decision + k, .diag = diag };

		if (e.d->set->verb == verb)
			rc = apply(&e);
	}
	return rc;
}

/*
 * Treats all registers of a capability as a rule says. Bits of the host can only be frozen; with
 * any other treatment they stay as in the tables.
 */
static void treat_caps(struct ec_plan *p)
{
	for (unsigned int i = 0; i < p->n; i++) {
		struct ec_plan_reg *r = p->reg + i;
		const struct ec_plan_cap *c = r->cap ? p->cap + r->cap - 1 : NULL;

		if (!c || c->treat_all >= EC_TREATMENTS || c->treatment == EC_HIDE || r->rest ||
		    r->cut || r->added || is_link(p, r))
			continue;
		treat(r, ~r->held & (c->treat_all == EC_FREEZE ? UINT32_MAX : ~r->reg.host),
		      (enum ec_treatment)c->treat_all, 0, c->origin);
	}
}

/* Passes frozen and read bits, so that writes to their RW and RW1C bits reach the hardware. */
static void apply_permissive(struct ec_plan *p)
{
	const struct ec_decision *d = p->last[EC_SET_PERMISSIVE];

	if (!d || !d->set->number)
		return;
	for (unsigned int i = 0; i < p->n; i++) {
		struct ec_plan_reg *r = p->reg + i;
		uint32_t bits = (r->served[EC_FREEZE] | r->served[EC_READ]) & ~r->reg.host &
				~r->held & ~r->fixed;

		if (!bits || r->rest || r->added || is_dead(p, r) || is_link(p, r) ||
		    (r->cap && p->cap[r->cap - 1].treat_all < EC_TREATMENTS))
			continue;
		ec_plan_treat(r, bits, EC_PASS, d->origin);
		r->permissive = bits;
	}
}

int ec_ruled_bits(struct ec_plan *plan, struct ec_diag *diag)
{
	int rc;

	if (!plan->options.rules)
		return 0;
	apply_permissive(plan);
	treat_caps(plan);
	rc = apply_all(plan, EC_SET_RANGE, diag, apply_range);
	return rc ? rc : apply_all(plan, EC_SET_REGISTER, diag, apply_register);
}
