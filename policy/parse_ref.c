/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/parse_ref.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "capabilities/registry.h"
#include "policy/edit_distance.h"
#include "policy/parse_error.h"
#include "policy/parse_value.h"

#define REF_MAX 40

/* The parts of a reference. */
struct parts {
	char name[REF_MAX]; /* or digits */
	int kind;           /* 0: standard, 1: extended, -1: not given */
	unsigned int instance;
};

static bool read_instance(const char *text, size_t len, unsigned int *out)
{
	unsigned int v = 0;

	if (!len || len > 3 || *text == '0')
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		v = v * 10 + (unsigned int)(text[i] - '0');
	}
	*out = v;
	return true;
}

/* Takes a reference apart. Returns what is wrong with its form; NULL: nothing. */
static const char *take_apart(const struct ec_ref_text *ref, struct parts *out)
{
	const char *text = ref->text, *hash = memchr(text, '#', ref->len);
	size_t end = hash ? (size_t)(hash - text) : ref->len;

	*out = (struct parts){ .kind = -1 };
	if (hash && ref->form == EC_REF_KIND)
		return "#N is not allowed here";
	if (hash && !read_instance(hash + 1, ref->len - end - 1, &out->instance))
		return "# must be followed by a number from 1 to 999";
	if (end >= 4 && (!memcmp(text, "std:", 4) || !memcmp(text, "ext:", 4))) {
		out->kind = *text == 'e';
		text += 4;
		end -= 4;
	}
	if (!end || end >= sizeof(out->name))
		return "not a capability's name";
	memcpy(out->name, text, end);
	return NULL;
}

/* Lists all known capabilities, once per text, because the registry finds them by id only. */
static int list_caps(struct ec_parse *p)
{
	unsigned int n = ec_cap_count();

	if (p->caps)
		return 0;
	p->caps = ec_arena_take(p->arena, n * sizeof(const struct ec_cap *));
	if (!p->caps)
		return -ENOMEM;
	for (unsigned int extended = 0; extended < 2; extended++) {
		const struct ec_cap *unknown = ec_cap_find(UINT16_MAX, extended);

		for (uint16_t id = 0; id < 0x100 && p->caps_n < n; id++) {
			const struct ec_cap *cap = ec_cap_find(id, extended);

			if (cap != unknown)
				p->caps[p->caps_n++] = cap;
		}
	}
	return 0;
}

static bool kind_fits(const struct parts *r, const struct ec_cap *cap)
{
	return r->kind < 0 || r->kind == cap->extended;
}

/* The capability of that name; NULL: none. @both: a standard and an extended one have it. */
static const struct ec_cap *by_name(const struct ec_parse *p, const struct parts *r, bool *both)
{
	const struct ec_cap *found = NULL;

	*both = false;
	for (unsigned int i = 0; i < p->caps_n; i++) {
		if (!kind_fits(r, p->caps[i]) || strcmp(r->name, p->caps[i]->name))
			continue;
		*both = found;
		found = p->caps[i];
	}
	return found;
}

static int wrong(struct ec_parse *p, bool at_key, const char *ref, const char *text)
{
	return at_key ? ec_parse_wrong_key(p, "\"%.40s\": %s", ref, text)
		      : ec_parse_wrong(p, "\"%.40s\": %s", ref, text);
}

static int unknown_name(struct ec_parse *p, bool at_key, const char *ref, const struct parts *r)
{
	unsigned int best = strlen(r->name) < 4 ? 2 : 3;
	const char *near = NULL;
	char text[80];

	for (unsigned int i = 0; i < p->caps_n; i++) {
		unsigned int d = ec_edit_distance(r->name, p->caps[i]->name);

		/* of two that are equally near the longer one: "MSIX" lacks a character of "MSI-X"
		 */
		if (kind_fits(r, p->caps[i]) &&
		    (d < best || (near && d == best && strlen(p->caps[i]->name) > strlen(near)))) {
			best = d;
			near = p->caps[i]->name;
		}
	}
	if (!near)
		return wrong(p, at_key, ref,
			     "no capability has this name; `ecamctl caps` lists them");
	snprintf(text, sizeof(text), "no capability has this name; did you mean \"%s\"?", near);
	return wrong(p, at_key, ref, text);
}

/* Reads an id in digits, of a known capability or not. */
static const char *read_id(const struct parts *r, struct ec_cap_ref *out)
{
	size_t most = r->kind ? 4 : 2, len = strlen(r->name);
	uint64_t id;

	if (r->kind < 0)
		return "an id must have std: or ext: before it";
	if (!ec_parse_hex(r->name, len, &id) || len - 2 > most)
		return r->kind ? "an id must be 0x and 1 to 4 hex digits"
			       : "an id must be 0x and 1 or 2 hex digits";
	out->id = (uint16_t)id;
	out->extended = r->kind;
	return NULL;
}

int ec_parse_ref(struct ec_parse *p, const struct ec_ref_text *ref, struct ec_cap_ref *out)
{
	char shown[REF_MAX + 1];
	const struct ec_cap *cap;
	const char *bad;
	struct parts r;
	bool both;

	snprintf(shown, sizeof(shown), "%.*s", (int)(ref->len < REF_MAX ? ref->len : REF_MAX),
		 ref->text);
	bad = take_apart(ref, &r);
	if (bad)
		return wrong(p, ref->at_key, shown, bad);
	*out = (struct ec_cap_ref){ .instance = (uint16_t)r.instance };
	if (!strncmp(r.name, "0x", 2)) {
		bad = read_id(&r, out);
		return bad ? wrong(p, ref->at_key, shown, bad) : 0;
	}
	if (list_caps(p))
		return -ENOMEM;
	cap = by_name(p, &r, &both);
	if (!cap)
		return unknown_name(p, ref->at_key, shown, &r);
	if (both)
		return wrong(p, ref->at_key, shown,
			     "a standard and an extended capability have this name: prefix std: "
			     "or ext:");
	out->id = cap->id;
	out->extended = cap->extended;
	return 0;
}

int ec_parse_ref_value(struct ec_parse *p, json_t *v, enum ec_ref_form form, struct ec_cap_ref *out)
{
	if (!json_is_string(v))
		return ec_parse_expected(p, v, "a capability, as \"MSI-X\"");
	return ec_parse_ref(p,
			    &(struct ec_ref_text){ .text = json_string_value(v),
						   .len = json_string_length(v),
						   .form = form },
			    out);
}
