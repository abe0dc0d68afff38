/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/match.h"

#include <fnmatch.h>
#include <string.h>

bool ec_cap_ref_matches(const struct ec_cap_ref *ref, const struct ec_chain *chain, unsigned int i)
{
	unsigned int instance = 0;

	if (i >= chain->n || chain->link[i].id != ref->id ||
	    chain->link[i].extended != ref->extended)
		return false;
	if (!ref->instance)
		return true;
	for (unsigned int k = 0; k <= i; k++)
		if (chain->link[k].id == ref->id && chain->link[k].extended == ref->extended)
			instance++;
	return instance == ref->instance;
}

/* Has the chain a capability that @ref names? */
static bool chain_has(const struct ec_chain *chain, const struct ec_cap_ref *ref)
{
	unsigned int wanted = ref->instance ? ref->instance : 1;

	for (unsigned int i = 0; i < chain->n; i++)
		if (chain->link[i].id == ref->id && chain->link[i].extended == ref->extended &&
		    --wanted == 0)
			return true;
	return false;
}

static bool number_matches(const struct ec_number_match *any, unsigned int n, uint32_t v)
{
	for (unsigned int i = 0; i < n; i++) {
		if (any[i].mask ? (v & any[i].mask) == any[i].value
				: v >= any[i].low && v <= any[i].high)
			return true;
	}
	return false;
}

bool ec_uuid_is(const char *text)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

	if (strlen(text) != sizeof(form) - 1)
		return false;
	for (unsigned int i = 0; i < sizeof(form) - 1; i++)
		if (form[i] == '-' ? text[i] != '-' : !strchr("0123456789abcdefABCDEF", text[i]))
			return false;
	return true;
}

/* The text before the first wildcard is compared here, because fnmatch() is slow. */
static bool glob_matches(const char *glob, const char *text)
{
	while (*glob && !strchr("*?[\\", *glob))
		if (*glob++ != *text++)
			return false;
	return *glob ? !fnmatch(glob, text, 0) : !*text;
}

static bool bdf_matches(const char *const *any, unsigned int n, struct ec_match_input *a)
{
	if (!*a->bdf)
		ec_sbdf_print(a->s->bdf, true, a->bdf);
	for (unsigned int i = 0; i < n; i++)
		if (glob_matches(any[i], a->bdf))
			return true;
	return false;
}

static bool guest_matches(const char *const *any, unsigned int n, const struct ec_subject *s)
{
	for (unsigned int i = 0; i < n; i++) {
		if (ec_uuid_is(any[i])) {
			if (s->guest_uuid && !strcmp(any[i], s->guest_uuid))
				return true;
		} else if (s->guest_name && glob_matches(any[i], s->guest_name)) {
			return true;
		}
	}
	return false;
}

void ec_match_prepare(const struct ec_subject *s, struct ec_match_input *out)
{
	*out = (struct ec_match_input){
		.s = s,
		.number = {
			[EC_MATCH_VENDOR] = s->vendor,
			[EC_MATCH_DEVICE] = s->device,
			[EC_MATCH_SUBSYSTEM_VENDOR] = s->subsystem_vendor,
			[EC_MATCH_SUBSYSTEM_DEVICE] = s->subsystem_device,
			[EC_MATCH_CLASS] = s->class_code,
			[EC_MATCH_REVISION] = s->revision,
			[EC_MATCH_PCIE_TYPE] =
				s->pcie_type < 0 ? EC_PCIE_NONE : (uint32_t)s->pcie_type,
		},
	};
}

bool ec_match_holds_for(const struct ec_match *m, struct ec_match_input *a)
{
	const struct ec_subject *s = a->s;

	for (unsigned int i = 0; i < EC_MATCH_NUMBERS; i++)
		if (m->numbers[i].n &&
		    !number_matches(m->numbers[i].any, m->numbers[i].n, a->number[i]))
			return false;
	if (m->vf && (m->vf == 2) != s->vf)
		return false;
	if (m->bus && !(m->bus >> s->bus & 1))
		return false;
	if (m->bdf.n && !bdf_matches(m->bdf.any, m->bdf.n, a))
		return false;
	if (m->guest.n && !guest_matches(m->guest.any, m->guest.n, s))
		return false;
	for (unsigned int i = 0; i < m->has_cap.n; i++)
		if (!s->chain || !chain_has(s->chain, m->has_cap.all + i))
			return false;
	return true;
}

bool ec_match_holds(const struct ec_match *m, const struct ec_subject *s)
{
	struct ec_match_input a;

	ec_match_prepare(s, &a);
	return ec_match_holds_for(m, &a);
}

/* A match of one 16-bit number as value and mask; the mask is 0 for any other match. */
static struct ec_match_probe probe_one(const struct ec_match *m, enum ec_match_number which)
{
	const struct ec_number_match *any = m->numbers[which].any;

	if (m->numbers[which].n != 1)
		return (struct ec_match_probe){ 0 };
	if (any->mask)
		return (struct ec_match_probe){ any->value, any->mask };
	if (any->low == any->high)
		return (struct ec_match_probe){ any->low, UINT16_MAX };
	return (struct ec_match_probe){ 0 };
}

struct ec_match_probe ec_match_probe(const struct ec_match *m)
{
	struct ec_match_probe vendor = probe_one(m, EC_MATCH_VENDOR);
	struct ec_match_probe device = probe_one(m, EC_MATCH_DEVICE);

	return (struct ec_match_probe){ .value = vendor.value | device.value << 16,
					.mask = vendor.mask | device.mask << 16 };
}
