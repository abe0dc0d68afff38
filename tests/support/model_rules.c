/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model_rules.h"

#include <check.h>
#include <errno.h>
#include <string.h>

#include "capabilities/header.h"
#include "core/bits.h"
#include "view/build.h"
#include "view/subject.h"

/* The decisions being made. */
struct maker {
	struct ec_model_rng *rng;
	const struct ec_image *img;
	struct ec_chain chain;
	struct ec_model_rules *rules;
};

static uint32_t below(struct maker *w, uint32_t n)
{
	return ec_model_below(w->rng, n);
}

static bool one_in(struct maker *w, uint32_t n)
{
	return below(w, n) == 0;
}

static uint32_t bits(struct maker *w)
{
	uint32_t v = (uint32_t)ec_model_random(w->rng);

	if (one_in(w, 3))
		return UINT32_MAX;
	return one_in(w, 2) ? v & (uint32_t)ec_model_random(w->rng) : 1u << (v & 31) | 1;
}

/* Mostly a capability that the function has. */
static struct ec_cap_ref any_cap(struct maker *w)
{
	struct ec_cap_ref ref = { .instance = (uint16_t)(one_in(w, 3) ? 1 + below(w, 3) : 0) };
	const struct ec_cap *cap = ec_cap_get(below(w, ec_cap_count()));

	ref.id = cap->id;
	ref.extended = cap->extended;
	if (w->chain.n && !one_in(w, 8)) {
		const struct ec_link *l = &w->chain.link[below(w, w->chain.n)];

		ref.id = l->id;
		ref.extended = l->extended;
	}
	return ref;
}

/* The name of a register of @ref, or of the header. */
static const char *any_name(struct maker *w, const struct ec_cap_ref *ref)
{
	struct ec_cap_at at = { .img = w->img, .room = 64 };
	struct ec_reg_table t = ec_header_registers(0);

	if (ref)
		t = one_in(w, 16) ? ec_cap_header_registers(ref->extended)
				  : ec_cap_registers(ec_cap_find(ref->id, ref->extended), &at);
	return t.n ? t.row[below(w, t.n < 24 ? t.n : 24)].name : "none";
}

static uint16_t any_place(struct maker *w, bool extended)
{
	if (one_in(w, 16))
		return (uint16_t)below(w, 0x1000);
	/* after another capability, where there may be room */
	if (w->chain.n && one_in(w, 2)) {
		const struct ec_link *l = &w->chain.link[below(w, w->chain.n)];

		return (uint16_t)(l->offset + 4 * below(w, l->room / 4u + 1));
	}
	return (uint16_t)(extended ? 0x100 + 4 * below(w, 960) : 0x40 + 4 * below(w, 48));
}

static void make_bits(struct maker *w, struct ec_setting *s)
{
	static const uint8_t lengths[] = { 1, 2, 4, 4, 3, 8, 64 };

	s->in_cap = !one_in(w, 3);
	s->name = any_name(w, s->in_cap ? &s->cap : NULL);
	s->bits = (uint8_t)(1 + below(w, 7));
	if (s->bits == EC_BITS_W1C)
		s->bits = EC_BITS_TREAT;
	s->length = lengths[below(w, EC_ARRAY_SIZE(lengths))];
	s->offset = s->in_cap ? (uint16_t)(4 + below(w, 64)) : any_place(w, one_in(w, 2));
	s->mask = s->length <= 4 ? bits(w) : UINT32_MAX;
	s->value = (uint32_t)ec_model_random(w->rng) & s->mask;
	s->w1c = s->bits & EC_BITS_W1C ? bits(w) & bits(w) : 0;
	if (s->length != 1 && s->length != 2 && s->length != 4) {
		s->bits = EC_BITS_TREAT;
		s->w1c = 0;
	}
}

/* For a few verbs a number that the language allows; for others any small one. */
static uint64_t any_number(struct maker *w, unsigned int verb)
{
	static const uint8_t types[] = { 0, 1, 9 };

	switch (verb) {
	case EC_SET_EXPRESS_TYPE:
		return one_in(w, 4) ? EC_AUTO : types[below(w, 3)];
	case EC_SET_EXPRESS_VERSION:
		return 1 + below(w, 2);
	case EC_SET_LINK_SHOWN:
		return below(w, 3);
	case EC_SET_MSI_VECTORS:
		return 1u << below(w, 6);
	case EC_SET_MSIX_VECTORS:
		return 1 + below(w, 2048);
	case EC_SET_MSIX_PBA:
	case EC_SET_DSN:
	case EC_SET_AER_COR_MASK:
	case EC_SET_AER_UNCOR_MASK:
		return (uint32_t)ec_model_random(w->rng) & ~7u;
	default:
		return below(w, 2);
	}
}

static void make_one(struct maker *w)
{
	/* half of them are specific: bits and capabilities */
	static const uint8_t usual[] = { EC_SET_RANGE, EC_SET_REGISTER, EC_SET_CAPABILITY,
					 EC_SET_ADD,   EC_SET_MOVE,     EC_SET_LINK,
					 EC_SET_SIZE,  EC_SET_RANGE,    EC_SET_REGISTER };
	static const uint8_t rest[] = { EC_HIDE, EC_FREEZE, EC_READ, EC_PASS };
	struct ec_setting s = { .cap = any_cap(w) };
	unsigned int verb =
		one_in(w, 2) ? below(w, EC_VERBS) : usual[below(w, EC_ARRAY_SIZE(usual))];

	s.verb = (uint8_t)verb;
	s.treatment = (uint8_t)below(w, EC_TREATMENTS);
	s.number = any_number(w, verb);
	s.width = (uint8_t)(1u << below(w, 5));
	s.speed = (uint8_t)(1 + below(w, 6));
	if (verb == EC_SET_GAPS || verb == EC_SET_BODIES || verb == EC_SET_UNKNOWN)
		s.treatment = rest[below(w, 4)];
	if ((verb == EC_SET_CAPABILITY || verb == EC_SET_DSN) && one_in(w, 2))
		s.treatment = EC_SHOW;
	if (verb == EC_SET_RANGE || verb == EC_SET_REGISTER)
		make_bits(w, &s);
	if (verb == EC_SET_ADD || verb == EC_SET_MOVE || verb == EC_SET_LINK)
		s.offset = any_place(w, s.cap.extended);
	if (verb == EC_SET_ADD && one_in(w, 2))
		s.offset = 0;
	if (verb == EC_SET_ADD) {
		s.number = 1 + below(w, 15);
		s.bytes = w->rules->bytes;
		s.n = (uint16_t)below(w, one_in(w, 8) ? 257 : 20);
	}
	if (verb == EC_SET_SIZE)
		s.length = (uint16_t)(2 + below(w, one_in(w, 4) ? 4095 : 64));
	if (verb == EC_SET_BAR_HIDE)
		s.offset = (uint16_t)below(w, 6);
	if (verb == EC_SET_KEEP_ONLY) {
		s.refs = w->rules->refs;
		s.n = 4;
	}
	ruled_add(&w->rules->ruled, s);
}

/* Makes a capability short, and passes all bytes past its end in some way. */
static void make_grab(struct maker *w)
{
	static const uint8_t verbs[] = { EC_SET_GAPS, EC_SET_BODIES, EC_SET_PERMISSIVE,
					 EC_SET_RANGE };
	struct ec_cap_ref cap = any_cap(w);
	struct ec_setting s = { .verb = verbs[below(w, EC_ARRAY_SIZE(verbs))],
				.treatment = EC_PASS,
				.number = 1,
				.bits = EC_BITS_TREAT,
				.offset = (uint16_t)(below(w, 2) ? 0x100 : 0x40),
				.length = 0xc0,
				.mask = UINT32_MAX };

	ruled_add(&w->rules->ruled, (struct ec_setting){ .verb = EC_SET_SIZE,
							 .cap = cap,
							 .length = (uint16_t)(2 + below(w, 20)) });
	if (s.verb == EC_SET_RANGE && one_in(w, 2)) {
		s.in_cap = true;
		s.cap = cap;
		s.offset = (uint16_t)(4 + below(w, 12));
		s.length = 8;
	}
	ruled_add(&w->rules->ruled, s);
}

/* Removes the decision of @origin. */
static void take_away(struct ec_model_rules *rules, uint16_t origin)
{
	struct ec_decisions *all = &rules->ruled.all;
	unsigned int i = 0;

	while (i < all->n && all->decision[i].origin != origin)
		i++;
	ck_assert_msg(i < all->n, "%u is to blame for: %s", origin, rules->ruled.diag.text);
	memmove(all->decision + i, all->decision + i + 1,
		(all->n - i - 1) * sizeof(all->decision[0]));
	all->n--;
	rules->refused++;
}

void ec_model_rules(struct ec_model_rng *rng, const struct ec_image *img,
		    struct ec_plan_options *options, struct ec_model_rules *rules,
		    struct ec_plan *plan)
{
	static struct maker maker;
	struct maker *w = &maker;
	unsigned int n = 1 + ec_model_below(rng, EC_MODEL_RULES);
	int rc;

	memset(rules, 0, sizeof(*rules));
	ruled_clear(&rules->ruled);
	w->rng = rng;
	w->img = img;
	w->rules = rules;
	ec_chain_walk(img, &w->chain);
	for (unsigned int i = 0; i < sizeof(rules->bytes); i++)
		rules->bytes[i] = (uint8_t)ec_model_random(rng);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(rules->refs); i++)
		rules->refs[i] = any_cap(w);
	for (unsigned int i = 0; i < n; i++)
		make_one(w);
	if (one_in(w, 3))
		make_grab(w);
	ec_plan_options_rules(options, &rules->ruled.all, true);
	rules->ruled.diag.text[0] = 0;
	while ((rc = ec_plan_build(plan, img, options, &rules->ruled.diag)) == -EINVAL) {
		ck_assert(rules->ruled.diag.text[0] != 0);
		take_away(rules, plan->blame);
		rules->ruled.diag.text[0] = 0;
	}
	ck_assert_msg(rc == 0, "%s", rules->ruled.diag.text);
}
