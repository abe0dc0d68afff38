/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ruled.h"

#include <check.h>
#include <errno.h>
#include <string.h>

#include "view/build.h"

void ruled_clear(struct ruled *r)
{
	memset(r, 0, sizeof(*r));
	r->all.decision = r->decision;
	r->all.room = RULED_MAX;
}

uint16_t ruled_add(struct ruled *r, struct ec_setting set)
{
	unsigned int i = r->all.n++;

	ck_assert_uint_lt(i, RULED_MAX);
	r->set[i] = set;
	r->decision[i] =
		(struct ec_decision){ .set = &r->set[i], .origin = (uint16_t)(EC_FIRST_RULE + i) };
	return r->decision[i].origin;
}

uint16_t ruled_number(struct ruled *r, enum ec_verb verb, uint64_t number)
{
	return ruled_add(r, (struct ec_setting){ .verb = (uint8_t)verb, .number = number });
}

uint16_t ruled_treat(struct ruled *r, enum ec_verb verb, enum ec_treatment t)
{
	return ruled_add(r, (struct ec_setting){ .verb = (uint8_t)verb, .treatment = (uint8_t)t });
}

uint16_t ruled_cap(struct ruled *r, struct ec_cap_ref cap, unsigned int treatment)
{
	return ruled_add(r, (struct ec_setting){ .verb = EC_SET_CAPABILITY,
						 .cap = cap,
						 .treatment = (uint8_t)treatment });
}

static struct ec_setting named(const struct ec_cap_ref *cap, const char *name, uint32_t mask)
{
	struct ec_setting s = { .verb = EC_SET_REGISTER, .name = name, .mask = mask };

	s.in_cap = cap;
	if (cap)
		s.cap = *cap;
	return s;
}

uint16_t ruled_register(struct ruled *r, const struct ec_cap_ref *cap, const char *name,
			uint32_t mask, enum ec_treatment t)
{
	struct ec_setting s = named(cap, name, mask);

	s.bits = EC_BITS_TREAT;
	s.treatment = (uint8_t)t;
	return ruled_add(r, s);
}

uint16_t ruled_value(struct ruled *r, const struct ec_cap_ref *cap, const char *name, uint32_t mask,
		     uint32_t value)
{
	struct ec_setting s = named(cap, name, mask);

	s.bits = EC_BITS_VALUE;
	s.value = value;
	return ruled_add(r, s);
}

uint16_t ruled_range(struct ruled *r, const struct ec_cap_ref *cap, uint16_t offset,
		     uint16_t length, enum ec_treatment t)
{
	struct ec_setting s = { .verb = EC_SET_RANGE,
				.bits = EC_BITS_TREAT,
				.treatment = (uint8_t)t,
				.offset = offset,
				.length = length,
				.mask = UINT32_MAX };

	s.in_cap = cap;
	if (cap)
		s.cap = *cap;
	return ruled_add(r, s);
}

uint16_t ruled_place(struct ruled *r, enum ec_verb verb, struct ec_cap_ref cap, uint16_t offset)
{
	return ruled_add(
		r, (struct ec_setting){ .verb = (uint8_t)verb, .cap = cap, .offset = offset });
}

void ruled_attach(struct ruled *r, struct rig *rig, const struct ec_image *img,
		  enum ec_topology topology)
{
	struct ec_plan_options o = { .topology = topology, .rules = &r->all };

	rig_attach_options(rig, img, &o);
}

void ruled_refused(struct ruled *r, struct rig *rig, const struct ec_image *img, const char *why,
		   uint16_t origin)
{
	struct ec_plan_options o = { .topology = EC_FLATTENED, .rules = &r->all };

	ck_assert_int_eq(ec_plan_build(&rig->plan, img, &o, &r->diag), -EINVAL);
	ck_assert_msg(strstr(r->diag.text, why) != NULL, "%s", r->diag.text);
	ck_assert_msg(rig->plan.blame == origin, "%u is to blame for: %s", rig->plan.blame,
		      r->diag.text);
}
