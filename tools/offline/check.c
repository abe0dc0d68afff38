/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tools/offline/check.h"

#include <errno.h>
#include <pci/header.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "tools/out.h"

/* A match as text, equal for equal matches. NULL: out of memory. */
static char *match_text(const struct ec_match *m)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return NULL;
	for (unsigned int k = 0; k < EC_MATCH_NUMBERS; k++)
		for (unsigned int i = 0; i < m->numbers[k].n; i++) {
			const struct ec_number_match *a = m->numbers[k].any + i;

			fprintf(f, "%u:%x-%x,%x/%x ", k, a->low, a->high, a->value, a->mask);
		}
	for (unsigned int i = 0; i < m->bdf.n; i++)
		fprintf(f, "bdf:%s ", m->bdf.any[i]);
	for (unsigned int i = 0; i < m->guest.n; i++)
		fprintf(f, "guest:%s ", m->guest.any[i]);
	for (unsigned int i = 0; i < m->has_cap.n; i++) {
		const struct ec_cap_ref *c = m->has_cap.all + i;

		fprintf(f, "cap:%x,%d,%u ", c->id, c->extended, c->instance);
	}
	if (m->vf || m->bus)
		fprintf(f, "vf:%u bus:%u", m->vf, m->bus);
	if (fclose(f)) {
		free(text);
		return NULL;
	}
	return text;
}

static uint32_t hash(const char *text)
{
	uint32_t h = 5381;

	while (*text)
		h = h * 33 + (unsigned char)*text++;
	return h;
}

int check_new(struct check *c, const struct ec_rules *set)
{
	c->set = set;
	c->rule = calloc(set->n + 1, sizeof(*c->rule));
	if (!c->rule)
		return -ENOMEM;
	for (unsigned int i = 0; i < set->n; i++) {
		c->rule[i].match = match_text(&set->rule[i].match);
		c->rule[i].setting = calloc(set->rule[i].n + 1, sizeof(*c->rule[i].setting));
		if (!c->rule[i].match || !c->rule[i].setting)
			return -ENOMEM;
		c->rule[i].hash = hash(c->rule[i].match);
	}
	return 0;
}

void check_free(struct check *c)
{
	for (unsigned int i = 0; c->rule && i < c->set->n; i++) {
		free(c->rule[i].match);
		free(c->rule[i].setting);
	}
	free(c->rule);
	free(c->conflict);
	for (unsigned int i = 0; i < c->n_refusals; i++)
		free(c->refusal[i]);
	free(c->refusal);
}

/* Room for "FILE:LINE:COLUMN". */
#define PLACE_MAX 320

/* The place of a rule or, unless it is NULL, of its setting. Returns @out. */
static const char *place_of(const struct ec_rule *rule, const struct ec_setting *set,
			    char out[PLACE_MAX])
{
	snprintf(out, PLACE_MAX, "%.280s:%u:%u", rule->file, set ? set->line : rule->line,
		 set ? set->column : rule->column);
	return out;
}

void check_warn(struct check *c, const struct ec_rule *rule, const struct ec_setting *set,
		const char *fmt, ...)
{
	const char *path = set ? set->path : "", *colon = set ? ": " : "";
	char text[768], place[PLACE_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	place_of(rule, set, place);
	if (c->gcc)
		fprintf(stderr, "%s: warning: %s: %s%s%s\n", place, rule->name, path, colon, text);
	else
		out_error("warning: %s: %s: %s%s%s", place, rule->name, path, colon, text);
	c->warnings++;
}

/* A refusal without the function; without a rule it is about one function. NULL: out of memory. */
static char *refusal(const struct check *c, const struct ec_rule *rule,
		     const struct ec_setting *set, const char *name, const char *text)
{
	const char *path = set ? set->path : "", *colon = set ? ": " : "";
	const char *error = c->gcc ? "error: " : "";
	char place[PLACE_MAX], *said;
	int rc;

	if (rule)
		rc = asprintf(&said, "%s: %s%s: %s%s%s", place_of(rule, set, place), error,
			      rule->name, path, colon, text);
	else
		rc = asprintf(&said, "%s: %s%s", name, error, text);
	return rc < 0 ? NULL : said;
}

int check_refused(struct check *c, const struct ec_rule *rule, const struct ec_setting *set,
		  const char *name, const char *text)
{
	char *said = refusal(c, rule, set, name, text);
	void *more;

	if (!said)
		return -ENOMEM;
	for (unsigned int i = 0; i < c->n_refusals; i++)
		if (!strcmp(c->refusal[i], said)) {
			free(said);
			return 0;
		}
	more = realloc(c->refusal, (c->n_refusals + 1) * sizeof(*c->refusal));
	if (!more) {
		free(said);
		return -ENOMEM;
	}
	c->refusal = more;
	c->refusal[c->n_refusals++] = said;
	c->errors++;
	if (c->gcc)
		fprintf(stderr, rule ? "%s (%s)\n" : "%s\n", said, name);
	else
		out_error("%s%s%s", rule ? name : "", rule ? ": " : "", said);
	return 0;
}

int check_conflict(struct check *c, const struct ec_rule *first, const struct ec_setting *a,
		   const struct ec_rule *later, const struct ec_setting *b)
{
	char place[PLACE_MAX];

	if (first == later || first->layer != later->layer || !ec_setting_same(a, b) ||
	    ec_setting_equal(a, b))
		return 0;
	for (unsigned int i = 0; i < c->n_conflicts; i++)
		if (c->conflict[i].a == a && c->conflict[i].b == b)
			return 0;
	if (c->n_conflicts == c->room_conflicts) {
		unsigned int room = c->room_conflicts * 2 + 16;
		struct check_pair *more = realloc(c->conflict, room * sizeof(*more));

		if (!more)
			return -ENOMEM;
		c->conflict = more;
		c->room_conflicts = room;
	}
	c->conflict[c->n_conflicts++] = (struct check_pair){ a, b };
	check_warn(c, later, b, "overrides a different value of %s: %s: %s",
		   place_of(first, a, place), first->name, a->path);
	return 0;
}

static bool same_match(const struct check *c, unsigned int i, unsigned int j)
{
	return c->rule[i].hash == c->rule[j].hash && !strcmp(c->rule[i].match, c->rule[j].match);
}

static bool matches_all(const struct check *c, unsigned int i)
{
	return !*c->rule[i].match;
}

/* A final rule before @j that obviously matches all that @j matches; or NULL. */
static const struct ec_rule *final_before(const struct check *c, unsigned int j)
{
	for (unsigned int i = 0; i < j; i++)
		if (c->set->rule[i].final && (matches_all(c, i) || same_match(c, i, j)))
			return c->set->rule + i;
	return NULL;
}

#define TYPES_ALL ((1u << (PCI_EXP_TYPE_ROOT_EC + 1)) - 1)
#define TYPE_NONE (1u << (PCI_EXP_TYPE_ROOT_EC + 1))
#define TYPES_BRIDGE                                                                               \
	(1u << PCI_EXP_TYPE_ROOT_PORT | 1u << PCI_EXP_TYPE_UPSTREAM |                              \
	 1u << PCI_EXP_TYPE_DOWNSTREAM | 1u << PCI_EXP_TYPE_PCI_BRIDGE |                           \
	 1u << PCI_EXP_TYPE_PCIE_BRIDGE)

/* The PCI Express types that @m matches, a bit each. */
static uint32_t types_of(const struct ec_match *m)
{
	uint32_t types = 0;

	if (!m->numbers[EC_MATCH_PCIE_TYPE].n)
		return TYPES_ALL | TYPE_NONE;
	for (unsigned int i = 0; i < m->numbers[EC_MATCH_PCIE_TYPE].n; i++) {
		const struct ec_number_match *a = m->numbers[EC_MATCH_PCIE_TYPE].any + i;

		for (uint32_t t = 0; t <= PCI_EXP_TYPE_ROOT_EC; t++)
			if (a->mask ? (t & a->mask) == a->value : t >= a->low && t <= a->high)
				types |= 1u << t;
		if (a->mask ? (EC_PCIE_NONE & a->mask) == a->value
			    : EC_PCIE_NONE >= a->low && EC_PCIE_NONE <= a->high)
			types |= TYPE_NONE;
	}
	return types;
}

static bool asks_express(const struct ec_match *m)
{
	for (unsigned int i = 0; i < m->has_cap.n; i++)
		if (m->has_cap.all[i].extended || m->has_cap.all[i].id == PCI_CAP_ID_EXP)
			return true;
	return false;
}

static bool asks_vf(const struct ec_match *m)
{
	return m->vf == 2;
}

static bool asks_express_bus(const struct ec_match *m)
{
	return m->bus && !(m->bus & 1u << EC_BUS_CONVENTIONAL);
}

static bool asks_conventional(const struct ec_match *m)
{
	return m->bus == 1u << EC_BUS_CONVENTIONAL;
}

static bool asks_anything(const struct ec_match *m)
{
	(void)m;
	return true;
}

/* A match of only @types that also has the condition @and can never match. */
static const struct {
	uint32_t types;
	bool (*and)(const struct ec_match *m);
	const char *why;
} never[] = {
	{ TYPES_BRIDGE, asks_anything, "bridges cannot be attached" },
	{ TYPE_NONE, asks_express, "a conventional function has no such capability" },
	{ TYPE_NONE, asks_vf, "a virtual function is PCI Express" },
	{ TYPE_NONE, asks_express_bus, "a conventional function is on the conventional bus" },
	{ TYPES_ALL, asks_conventional, "a PCI Express function is not on the conventional bus" },
};

/* Why rule @i can never match, or NULL. */
static const char *contradiction(const struct check *c, unsigned int i)
{
	const struct ec_match *m = &c->set->rule[i].match;
	uint32_t types = types_of(m);

	for (unsigned int k = 0; k < EC_ARRAY_SIZE(never); k++)
		if (!(types & ~never[k].types) && never[k].and (m))
			return never[k].why;
	return NULL;
}

/*
 * A class as lspci -nn prints it has 16 bits, but one of rules 24: "0x0300" would be 00, 03, 00.
 * Base class 00 has 000000 and 000100 only, and the latter has not been made since 1993.
 */
static void check_class(struct check *c, const struct ec_rule *rule)
{
	for (unsigned int i = 0; i < rule->match.numbers[EC_MATCH_CLASS].n; i++) {
		const struct ec_number_match *a = rule->match.numbers[EC_MATCH_CLASS].any + i;
		uint32_t first = a->mask ? a->value : a->low, last = a->mask ? a->mask : a->high;
		char meant[32];

		if (last > 0xffff || !(first & 0xff00))
			continue;
		if (!a->mask && first != last)
			snprintf(meant, sizeof(meant), "0x%04x00-0x%04xff", first, last);
		else
			snprintf(meant, sizeof(meant), "0x%04x00/0x%04x00", first,
				 a->mask ? last : 0xffff);
		check_warn(c, rule, NULL,
			   "match.class: a class has 24 bits: did you mean \"%s\" instead of "
			   "0x%06x?",
			   meant, first);
	}
}

/* Is @glob, without wildcards, the address of a function? */
static bool is_address(const char *glob)
{
	struct ec_sbdf at;
	char name[EC_SBDF_MAX];

	return !ec_sbdf_parse(glob, &at) && !strcmp(ec_sbdf_print(at, true, name), glob);
}

static void check_addresses(struct check *c, const struct ec_rule *rule)
{
	for (unsigned int i = 0; i < rule->match.bdf.n; i++) {
		const char *glob = rule->match.bdf.any[i];

		if (!strpbrk(glob, "*?[") && !is_address(glob))
			check_warn(c, rule, NULL,
				   "match.bdf: '%s' is not an address: write SSSS:BB:DD.F, or a "
				   "pattern such as %s*",
				   glob, glob);
	}
}

static void check_reach(struct check *c, unsigned int i)
{
	const struct ec_rule *rule = c->set->rule + i, *before = final_before(c, i);
	const char *why = contradiction(c, i);
	char place[PLACE_MAX];

	c->rule[i].never = before || why;
	if (before)
		check_warn(c, rule, NULL, "is never reached: %s: %s before it is final",
			   place_of(before, NULL, place), before->name);
	else if (why)
		check_warn(c, rule, NULL, "can never match: %s", why);
}

static int compare_rules(struct check *c, unsigned int i, unsigned int j)
{
	const struct ec_rule *first = c->set->rule + i, *later = c->set->rule + j;
	int rc = 0;

	for (unsigned int a = 0; a < first->n && !rc; a++)
		for (unsigned int b = 0; b < later->n && !rc; b++)
			rc = check_conflict(c, first, first->setting + a, later,
					    later->setting + b);
	return rc;
}

int check_rules(struct check *c)
{
	int rc = 0;

	for (unsigned int j = 0; j < c->set->n; j++) {
		check_class(c, c->set->rule + j);
		check_addresses(c, c->set->rule + j);
		check_reach(c, j);
	}
	for (unsigned int j = 0; j < c->set->n && !rc; j++)
		for (unsigned int i = 0; i < j && !rc; i++)
			if (!c->rule[i].never && !c->rule[j].never && !c->set->rule[i].final &&
			    (same_match(c, i, j) || matches_all(c, i) || matches_all(c, j)))
				rc = compare_rules(c, i, j);
	return rc;
}
