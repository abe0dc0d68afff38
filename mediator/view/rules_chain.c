/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * There is room only where the physical list proves it: between the measured end of a capability
 * and the next capability. If a list is cut, or a capability's length is not known, nothing is
 * proven; a rule's "sizes" may give the length.
 *
 * A moved capability is twice in the chain: at its place in the hardware, hidden (moved_away), and
 * at the guest's place. The registers there keep the offset in the hardware (from), and the
 * layout's masks the difference (move), which costs nothing if no bit is live. The rest of its last
 * dword is hidden, because a dword has one place in the hardware.
 */
#include "view/rules_chain.h"

#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "core/pci_bits.h"
#include "view/lengths.h"
#include "view/rules.h"

/* What a stage changes. */
struct chain_edit {
	struct ec_plan *p;
	const struct ec_image *img;
	struct ec_diag *diag;
};

static int refuse(struct chain_edit *e, const struct ec_decision *d, uint32_t at, const char *why)
{
	const struct ec_cap_ref *ref = &d->set->cap;
	const struct ec_cap *cap = ec_cap_find(ref->id, ref->extended);

	if (at)
		ec_diag_set(e->diag, 0, "%s (%s %02x) at %x: %s", cap->name,
			    ref->extended ? "ext" : "std", ref->id, at, why);
	else
		ec_diag_set(e->diag, 0, "%s (%s %02x): %s", cap->name,
			    ref->extended ? "ext" : "std", ref->id, why);
	e->p->blame = d->origin;
	e->p->blame_set = d->set;
	return -EINVAL;
}

/* Where capabilities of a kind can be, from the result to @end. Empty if the function has no such
 * space. */
static uint32_t space(const struct ec_image *img, bool extended, uint32_t *end)
{
	*end = extended || img->size < EC_EXT_FIRST ? img->size : EC_EXT_FIRST;
	return extended ? EC_EXT_FIRST : EC_STD_FIRST;
}

/* The index of a capability with bytes in [from, to), or the chain's length. */
static unsigned int owner(const struct ec_plan *p, uint32_t from, uint32_t to)
{
	unsigned int i = 0;

	while (i < p->chain.n && (p->chain.link[i].offset >= to ||
				  p->chain.link[i].offset + (uint32_t)p->cap[i].whole <= from))
		i++;
	return i;
}

/* Why @len bytes at @at are not free for a capability; NULL: they are. */
static const char *why_not_free(const struct chain_edit *e, bool extended, uint32_t at,
				uint32_t len)
{
	uint32_t end, first = space(e->img, extended, &end);

	if (at % 4 || at < first || at >= end || len > end - at)
		return "no capability of its kind can be there";
	if (owner(e->p, at, at + len) < e->p->chain.n)
		return "another capability is there";
	return NULL;
}

/* Why a list proves no room: it is cut. NULL: it is not. */
static const char *cut_list(const struct ec_plan *p, bool extended)
{
	const struct ec_chain_cut *cut = extended ? &p->chain.ext_cut : &p->chain.std_cut;

	return cut->fault ? "the hardware's list of capabilities is cut, so no room is proven"
			  : NULL;
}

static void insert(struct chain_edit *e, unsigned int at, const struct ec_link *link,
		   const struct ec_plan_cap *cap)
{
	struct ec_plan *p = e->p;

	memmove(p->cap + at + 1, p->cap + at, (p->chain.n - at) * sizeof(*cap));
	p->cap[at] = *cap;
	ec_chain_insert(&p->chain, at, link, e->img->size);
}

/* An extended list starts at 0x100, so a null capability there leads to the first one. */
static void start_extended(struct chain_edit *e, uint32_t offset)
{
	struct ec_link stub = { .offset = EC_EXT_FIRST, .extended = true };
	struct ec_plan_cap cap = { .cap = ec_cap_find(0, true),
				   .length = 4,
				   .whole = 4,
				   .treatment = EC_HIDE,
				   .treat_all = EC_TREATMENTS,
				   .dead = true,
				   .moved_away = true,
				   .origin = EC_BY_TOPOLOGY,
				   .from = EC_EXT_FIRST };

	if (e->p->chain.n == e->p->chain.n_std && offset != EC_EXT_FIRST)
		insert(e, e->p->chain.n_std, &stub, &cap);
}

/* Inserts a capability after the last of its kind. */
static void append(struct chain_edit *e, const struct ec_link *link, const struct ec_plan_cap *cap)
{
	if (link->extended)
		start_extended(e, link->offset);
	insert(e, link->extended ? e->p->chain.n : e->p->chain.n_std, link, cap);
}

/* Is there a later decision about the same capability? @by_place: two of one kind may have two
 * places. */
static bool superseded(const struct ec_plan *p, const struct ec_decision *d, bool by_place)
{
	const struct ec_decisions *all = p->options.rules;

	for (const struct ec_decision *k = d + 1; k < all->decision + all->n; k++)
		if (k->set->verb == d->set->verb && k->set->cap.id == d->set->cap.id &&
		    k->set->cap.extended == d->set->cap.extended &&
		    (by_place ? d->set->offset && k->set->offset == d->set->offset
			      : k->set->cap.instance == d->set->cap.instance))
			return true;
	return false;
}

/* Links a capability that the hardware has, but does not link. */
static int link_one(struct chain_edit *e, const struct ec_decision *d)
{
	const struct ec_setting *s = d->set;
	struct ec_link link = { .offset = s->offset, .id = s->cap.id, .extended = s->cap.extended };
	struct ec_plan_cap cap = { .cap = ec_cap_find(link.id, link.extended),
				   .length = link.extended ? 4 : 2 };
	unsigned int at = owner(e->p, s->offset, s->offset + 1u);
	uint32_t header = ec_image_get(e->img, s->offset, 4);
	const char *why;

	if (at < e->p->chain.n && e->p->chain.link[at].offset == s->offset &&
	    e->p->chain.link[at].id == link.id && e->p->chain.link[at].extended == link.extended)
		return 0;
	why = why_not_free(e, link.extended, s->offset, cap.length);
	if (why)
		return refuse(e, d, s->offset, why);
	/* an id has 16 bits in an extended header, else 8 */
	if (ec_image_has(e->img, s->offset, 4) &&
	    (header & (link.extended ? 0xffffu : 0xffu)) != link.id)
		return refuse(e, d, s->offset, "the hardware has no such id there");
	link.version = EC_EXT_CAP_VERSION(header);
	append(e, &link, &cap);
	/* the lengths of the capabilities around it may change */
	ec_plan_measure(e->p, e->img);
	return 0;
}

static int move_one(struct chain_edit *e, const struct ec_decision *d)
{
	struct ec_plan *p = e->p;
	unsigned int from = p->chain.n, found = 0;
	const char *why = cut_list(p, d->set->cap.extended);
	struct ec_plan_cap cap;
	struct ec_link link;

	for (unsigned int i = 0; i < p->chain.n; i++)
		if (ec_ruled_is(p, &d->set->cap, i) && ++found == 1)
			from = i;
	if (!found || p->chain.link[from].offset == d->set->offset)
		return 0;
	if (found > 1)
		return refuse(e, d, d->set->offset, "there are several: say which one to move");
	link = p->chain.link[from];
	cap = p->cap[from];
	if (!why)
		why = why_not_free(e, link.extended, d->set->offset, cap.whole);
	if (why)
		return refuse(e, d, d->set->offset, why);
	link.offset = d->set->offset;
	p->cap[from].moved_away = true;
	p->cap[from].treatment = EC_HIDE;
	p->cap[from].origin = d->origin;
	/* next to its old place, so the numbers of other instances stay */
	insert(e, from + 1, &link, &cap);
	return 0;
}

/* Does a rule decide about byte @at, which is in no capability, and so mean the hardware's? */
static bool is_ruled(const struct ec_plan *p, uint32_t at)
{
	const struct ec_decisions *d = p->options.rules;
	uint8_t gap = ec_ruled_gap(p, EC_FREEZE).treatment;

	if (gap != EC_FREEZE && gap != EC_HIDE)
		return true;
	for (unsigned int k = 0; p->last[EC_SET_RANGE] && k < d->n; k++) {
		const struct ec_setting *s = d->decision[k].set;

		if (s->verb == EC_SET_RANGE && !s->in_cap && at - s->offset < s->length)
			return true;
	}
	return false;
}

/*
 * May the hardware or a rule use byte @at, which is in no capability? A register that no capability
 * claims is likely not 0. The capture reads the place that is chosen without its values.
 */
static bool is_used(const struct chain_edit *e, uint32_t at)
{
	if (ec_image_has(e->img, at, 1) ? ec_image_get(e->img, at, 1) : !e->p->options.capturing)
		return true;
	return is_ruled(e->p, at);
}

/* The first offset with @len free bytes; 0: none, and *@used: there is room, but in use. */
static uint32_t find_room(const struct chain_edit *e, bool extended, uint32_t len, bool *used)
{
	const struct ec_plan *p = e->p;
	uint32_t end, at = space(e->img, extended, &end);

	*used = false;
	while (at + len <= end) {
		unsigned int i = owner(p, at, at + len);
		uint32_t n = 0;

		if (i < p->chain.n) {
			at = (p->chain.link[i].offset + (uint32_t)p->cap[i].whole + 3) & ~3u;
			continue;
		}
		while (n < len && !is_used(e, at + n))
			n++;
		if (n == len)
			return at;
		*used = true;
		at = (at + n + 4) & ~3u;
	}
	return 0;
}

static int add_one(struct chain_edit *e, const struct ec_decision *d)
{
	const struct ec_setting *s = d->set;
	struct ec_link link = { .offset = s->offset,
				.id = s->cap.id,
				.extended = s->cap.extended,
				.version = s->number ? (uint8_t)s->number : 1 };
	struct ec_plan_cap cap = { .cap = ec_cap_find(link.id, link.extended),
				   .length = (uint16_t)((link.extended ? 4 : 2) + s->n),
				   .treatment = EC_FREEZE,
				   .treat_all = EC_TREATMENTS,
				   .origin = d->origin,
				   .added = s };
	const char *why = cut_list(e->p, link.extended);
	bool used;

	if (!why && !link.offset) {
		link.offset = (uint16_t)find_room(e, link.extended, cap.length, &used);
		if (!link.offset)
			why = used ? "where there is room, the hardware has bytes that are not 0, "
				     "or a rule opens or names them: give an offset"
				   : "there is no room for it";
	}
	if (!why)
		why = why_not_free(e, link.extended, link.offset, cap.length);
	if (why)
		return refuse(e, d, link.offset, why);
	cap.whole = cap.length;
	append(e, &link, &cap);
	return 0;
}

/* The decisions of one verb. */
struct stage {
	enum ec_verb verb;
	bool by_place;
	int (*one)(struct chain_edit *e, const struct ec_decision *d);
};

static int run(struct chain_edit *e, const struct stage *stage)
{
	const struct ec_decisions *d = e->p->options.rules;
	int rc = 0;

	for (unsigned int k = 0; e->p->last[stage->verb] && !rc && k < d->n; k++)
		if (d->decision[k].set->verb == stage->verb &&
		    !superseded(e->p, d->decision + k, stage->by_place))
			rc = stage->one(e, d->decision + k);
	return rc;
}

int ec_ruled_chain(struct ec_plan *plan, const struct ec_image *img, struct ec_diag *diag)
{
	static const struct stage stages[] = { { EC_SET_LINK, true, link_one },
					       { EC_SET_MOVE, false, move_one },
					       { EC_SET_ADD, true, add_one } };
	struct chain_edit e = { .p = plan, .img = img, .diag = diag };
	int rc = 0;

	for (unsigned int i = 0; !rc && i < EC_ARRAY_SIZE(stages); i++)
		rc = run(&e, stages + i);
	return rc;
}
