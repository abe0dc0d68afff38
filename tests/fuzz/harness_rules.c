/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "policy/match.h"
#include "policy/parse.h"
#include "policy/resolve.h"
#include "tests/fuzz/harness.h"

#define SUBJECTS 4

/* A card, a virtual function, a conventional function, and one of which little is known. */
static const struct ec_subject *subjects(void)
{
	static struct ec_subject all[SUBJECTS];
	static struct ec_chain card, none;
	struct fixture f;

	if (card.n)
		return all;
	fixture_nic(&f);
	ec_chain_walk(&f.img, &card);
	all[0] = (struct ec_subject){ .bdf = { .bus = 1 },
				      .vendor = 0x8086,
				      .device = 0x1521,
				      .class_code = 0x020000,
				      .chain = &card,
				      .guest_name = "web-1",
				      .guest_uuid = "6f1a7b5c-0123-4567-89ab-cdef01234567" };
	all[1] = all[0];
	all[1].vf = true;
	all[1].bus = EC_BUS_PORT;
	all[1].vendor = all[1].device = 0xffff;
	all[2] = (struct ec_subject){ .bdf = { 0x10000, 0xff, 0xff },
				      .pcie_type = -1,
				      .bus = EC_BUS_CONVENTIONAL,
				      .chain = &none };
	all[3] = (struct ec_subject){ .vendor = 0x1234 };
	return all;
}

static bool printable(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return false;
	return true;
}

static void check_error(int rc, const struct ec_rules *r, const struct ec_rules_error *e,
			const uint8_t *data, size_t size)
{
	unsigned int lines = 1;

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	if (rc != -EINVAL)
		harness_fail("returns %d", rc);
	if (r->n)
		harness_fail("rules of a wrong file");
	if (!*e->text || !printable(e->text) || !printable(e->path))
		harness_fail("text '%s' of path '%s'", e->text, e->path);
	if (!e->line || !e->column || e->line > lines || e->column > size + 1)
		harness_fail("'%s' at %u:%u", e->text, e->line, e->column);
}

static void check_setting(const struct ec_setting *s)
{
	if (s->verb >= EC_VERBS || s->treatment > EC_SHOW || !s->path ||
	    strncmp(s->path, "set.", 4))
		harness_fail("setting %u, %s", s->verb, s->path ? s->path : "without a path");
	if (s->verb == EC_SET_RANGE &&
	    (!s->length || s->offset + s->length > EC_CONFIG_SIZE || (s->value & ~s->mask)))
		harness_fail("range %x, %x bytes", s->offset, s->length);
	if (s->verb == EC_SET_REGISTER && (!s->name || !*s->name || !s->mask))
		harness_fail("register without a name or bits");
	if ((s->verb == EC_SET_KEEP_ONLY && !s->refs) || (s->verb == EC_SET_ADD && !s->bytes))
		harness_fail("%s of nothing", s->path);
	if (s->verb == EC_SET_MOVE && (s->offset % 4 || s->offset < 0x40))
		harness_fail("moved to %x", s->offset);
	if (!ec_setting_same(s, s) || !ec_setting_equal(s, s))
		harness_fail("%s differs from itself", s->path);
}

/* The result of resolving must follow from every rule by itself. */
static void check_resolved(const struct ec_rules *r, const struct ec_subject *s,
			   const struct ec_decisions *d)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < r->n; i++) {
		const struct ec_rule *rule = r->rule + i;

		if (!ec_match_holds(&rule->match, s))
			continue;
		for (unsigned int k = 0; k < rule->n; k++, n++) {
			if (n >= d->n || d->decision[n].set != rule->setting + k)
				harness_fail("decision %u is not setting %u of rule %u", n, k, i);
			else if (ec_rules_origin(r, d->decision[n].origin) != rule)
				harness_fail("decision %u has not rule %u's origin", n, i);
		}
		if (rule->final)
			break;
	}
	if (n != d->n)
		harness_fail("%u decisions, not %u", d->n, n);
}

static void check_rules(const struct ec_rules *r)
{
	struct ec_decisions d = { 0 };

	for (unsigned int i = 0; i < r->n; i++) {
		if (!r->rule[i].name || !*r->rule[i].name || strcmp(r->rule[i].file, "fuzz"))
			harness_fail("rule %u has no name or file", i);
		for (unsigned int k = 0; k < r->rule[i].n; k++)
			check_setting(r->rule[i].setting + k);
	}
	for (unsigned int i = 0; i < SUBJECTS; i++) {
		if (ec_rules_resolve(r, subjects() + i, &d))
			harness_fail("cannot resolve");
		else
			check_resolved(r, subjects() + i, &d);
	}
	ec_decisions_free(&d);
}

const char *harness_rules(const uint8_t *data, size_t size)
{
	struct ec_rules *r = ec_rules_new();
	struct ec_rules_error err;
	const struct ec_rules_text text = { "fuzz", EC_LAYER_POLICY, (const char *)data, size };
	int rc;

	harness_start();
	if (!r)
		return NULL;
	memset(&err, 0xa5, sizeof(err));
	rc = ec_rules_add_text(r, &text, &err);
	if (rc)
		check_error(rc, r, &err, data, size);
	else
		check_rules(r);
	ec_rules_free(r);
	return harness_text();
}
