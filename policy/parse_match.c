/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of "match". */
#include "policy/parse_match.h"

#include <errno.h>
#include <pci/header.h>
#include <stdio.h>
#include <string.h>

#include "policy/match.h"
#include "policy/parse_error.h"
#include "policy/parse_ref.h"
#include "policy/parse_value.h"

static const struct ec_word pcie_types[] = {
	{ "endpoint", PCI_EXP_TYPE_ENDPOINT },
	{ "legacy", PCI_EXP_TYPE_LEG_END },
	{ "root_port", PCI_EXP_TYPE_ROOT_PORT },
	{ "upstream", PCI_EXP_TYPE_UPSTREAM },
	{ "downstream", PCI_EXP_TYPE_DOWNSTREAM },
	{ "pcie_to_pci", PCI_EXP_TYPE_PCI_BRIDGE },
	{ "pci_to_pcie", PCI_EXP_TYPE_PCIE_BRIDGE },
	{ "rciep", PCI_EXP_TYPE_ROOT_INT_EP },
	{ "rcec", PCI_EXP_TYPE_ROOT_EC },
	{ "none", EC_PCIE_NONE },
	{ NULL },
};

static const struct ec_word buses[] = {
	{ "root", EC_BUS_ROOT },
	{ "port", EC_BUS_PORT },
	{ "conventional", EC_BUS_CONVENTIONAL },
	{ NULL },
};

/* What may be one value or an array of them, read as an array. */
struct list {
	int (*read)(struct ec_parse *p, const struct ec_key *k, json_t *v, void *out);
	size_t size;    /* of an element */
	unsigned int n; /* out */
	void *element;  /* out: n of them, in the arena */
};

static int one_or_more(struct ec_parse *p, const struct ec_key *k, json_t *v, struct list *l)
{
	size_t count = json_is_array(v) ? json_array_size(v) : 1;
	int rc = 0;

	if (!count)
		return ec_parse_wrong(p, "\"%s\" is an empty array: nothing would match", k->name);
	l->element = ec_arena_take(p->arena, count * l->size);
	if (!l->element)
		return -ENOMEM;
	l->n = (unsigned int)count;
	if (!json_is_array(v))
		return l->read(p, k, v, l->element);
	for (size_t i = 0; i < count && !ec_parse_stops(p, rc); i++) {
		int one;

		ec_parse_push(p, NULL, i);
		one = l->read(p, k, json_array_get(v, i), (char *)l->element + i * l->size);
		ec_parse_pop(p);
		rc = one ? one : rc;
	}
	return rc;
}

/* Decimal digits without leading zeros, not more than the largest number has. */
static bool read_decimal(const char *text, size_t len, uint64_t high, uint64_t *out)
{
	char widest[24];

	if (!len ||
	    len > (size_t)snprintf(widest, sizeof(widest), "%llu", (unsigned long long)high) ||
	    (*text == '0' && len > 1))
		return false;
	*out = 0;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*out = *out * 10 + (uint64_t)(text[i] - '0');
	}
	return true;
}

/* An end of a range. Too large a decimal number with few enough digits is a semantic error. */
static bool read_end(const char *text, size_t len, uint64_t high, uint64_t *out)
{
	if (ec_parse_hex(text, len, out))
		return *out <= high;
	return read_decimal(text, len, high, out);
}

/* "LO-HI" or "VALUE/MASK". Returns -EINVAL, without a report, if @text is neither. */
static int read_pair(struct ec_parse *p, const char *text, uint64_t high,
		     struct ec_number_match *out)
{
	const char *sep = strpbrk(text, "-/");
	uint64_t a, b;

	if (!sep)
		return -EINVAL;
	if (*sep == '/') {
		if (!ec_parse_hex(text, (size_t)(sep - text), &a) ||
		    !ec_parse_hex(sep + 1, strlen(sep + 1), &b) || a > high || b > high || !b)
			return -EINVAL;
		*out = (struct ec_number_match){ .value = (uint32_t)a, .mask = (uint32_t)b };
		return a & ~b ? ec_parse_semantic(p,
						  "\"%.40s\" can never match: the value has "
						  "bits outside the mask",
						  text)
			      : 0;
	}
	if (!read_end(text, (size_t)(sep - text), high, &a) ||
	    !read_end(sep + 1, strlen(sep + 1), high, &b))
		return -EINVAL;
	*out = (struct ec_number_match){ .low = (uint32_t)a, .high = (uint32_t)b };
	if (a > high || b > high)
		return ec_parse_semantic(p, "\"%.40s\" goes beyond 0x%llx", text,
					 (unsigned long long)high);
	return a > b ? ec_parse_semantic(p, "\"%.40s\" is an empty range", text) : 0;
}

/* What a text was meant to match: "10de" 0x10de, and the class "0300", as lspci -nn prints it. */
static void meant_match(const struct ec_key *k, const char *text, char out[EC_MEANT_MAX])
{
	ec_parse_meant_number(k, text, out);
	if (*out && k->what == EC_MATCH_CLASS && strlen(text) == 4)
		snprintf(out, EC_MEANT_MAX, "\"0x%s00/0xffff00\"", text);
}

static int read_number(struct ec_parse *p, const struct ec_key *k, json_t *v, void *out)
{
	struct ec_number_match *m = out;
	char what[120], meant[EC_MEANT_MAX] = "";
	uint64_t n;
	int64_t i;

	if (json_is_string(v)) {
		const char *text = json_string_value(v);

		if (read_pair(p, text, k->high, m) != -EINVAL)
			return 0;
		if (ec_parse_hex(text, strlen(text), &n) && n <= k->high)
			goto one;
	} else if (ec_parse_is_integer(v, &i) && i >= 0 && (uint64_t)i <= k->high) {
		n = (uint64_t)i;
		goto one;
	}
	snprintf(what, sizeof(what),
		 "a number from 0 to 0x%llx, \"0x1f\", \"0x10-0x1f\" or \"0x10/0xf0\"",
		 (unsigned long long)k->high);
	if (json_is_string(v))
		meant_match(k, json_string_value(v), meant);
	return ec_parse_meant(p, v, what, meant);
one:
	m->low = m->high = (uint32_t)n;
	return 0;
}

static int read_type(struct ec_parse *p, const struct ec_key *k, json_t *v, void *out)
{
	struct ec_number_match *m = out;
	int rc = ec_parse_word(p, v, k->words, &m->low);

	m->high = m->low;
	return rc;
}

static int match_number(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	struct list l = { .read = k->words ? read_type : read_number,
			  .size = sizeof(struct ec_number_match) };
	int rc = one_or_more(p, k, v, &l);

	p->match.numbers[k->what].n = l.n;
	p->match.numbers[k->what].any = l.element;
	return rc;
}

static void lower(char *text)
{
	for (; *text; text++)
		if (*text >= 'A' && *text <= 'Z')
			*text |= 0x20;
}

static int read_bdf(struct ec_parse *p, const struct ec_key *k, json_t *v, void *out)
{
	const char *text = json_string_value(v), *colon;
	size_t len = json_string_length(v);
	char *glob;

	(void)k;
	if (!len || strspn(text, "0123456789abcdefABCDEF:.*?[]-!") != len)
		return ec_parse_expected(p, v, "an address such as \"0000:01:00.0\", with * ? []");
	glob = ec_arena_take(p->arena, len + sizeof("0000:"));
	if (!glob)
		return -ENOMEM;
	colon = strchr(text, ':');
	sprintf(glob, "%s%s", colon && !strchr(colon + 1, ':') ? "0000:" : "", text);
	lower(glob);
	*(const char **)out = glob;
	return 0;
}

static int match_bdf(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	struct list l = { .read = read_bdf, .size = sizeof(char *) };
	int rc = one_or_more(p, k, v, &l);

	p->match.bdf.n = l.n;
	p->match.bdf.any = l.element;
	return rc;
}

static int read_guest(struct ec_parse *p, const struct ec_key *k, json_t *v, void *out)
{
	const char *text = json_string_value(v);
	char *glob;

	(void)k;
	if (!text || !*text)
		return ec_parse_expected(p, v, "a guest's name, with * ? [], or its UUID");
	glob = ec_arena_copy(p->arena, text, strlen(text) + 1);
	if (!glob)
		return -ENOMEM;
	if (ec_uuid_is(glob))
		lower(glob);
	*(const char **)out = glob;
	return 0;
}

static int match_guest(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	struct list l = { .read = read_guest, .size = sizeof(char *) };
	int rc = one_or_more(p, k, v, &l);

	p->match.guest.n = l.n;
	p->match.guest.any = l.element;
	return rc;
}

static int read_cap(struct ec_parse *p, const struct ec_key *k, json_t *v, void *out)
{
	(void)k;
	return ec_parse_ref_value(p, v, EC_REF_ANY, out);
}

static int match_has_cap(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	struct list l = { .read = read_cap, .size = sizeof(struct ec_cap_ref) };
	int rc = one_or_more(p, k, v, &l);

	p->match.has_cap.n = l.n;
	p->match.has_cap.all = l.element;
	return rc;
}

static int match_vf(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	bool vf;
	int rc = ec_parse_bool(p, v, &vf);

	(void)k;
	if (!rc)
		p->match.vf = vf ? 2 : 1;
	return rc;
}

static int read_bus(struct ec_parse *p, const struct ec_key *k, json_t *v, void *out)
{
	int rc = ec_parse_word(p, v, k->words, out);

	if (!rc)
		p->match.bus |= (uint8_t)(1u << *(uint32_t *)out);
	return rc;
}

static int match_bus(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	struct list l = { .read = read_bus, .size = sizeof(uint32_t) };

	return one_or_more(p, k, v, &l);
}

#define NUMBER(key, which, most)                                                                   \
	{                                                                                          \
		.name = key, .read = match_number, .what = which, .high = most                     \
	}

const struct ec_key ec_match_keys[] = {
	{ .name = "bdf", .read = match_bdf },
	NUMBER("vendor", EC_MATCH_VENDOR, UINT16_MAX),
	NUMBER("device", EC_MATCH_DEVICE, UINT16_MAX),
	NUMBER("subsystem_vendor", EC_MATCH_SUBSYSTEM_VENDOR, UINT16_MAX),
	NUMBER("subsystem_device", EC_MATCH_SUBSYSTEM_DEVICE, UINT16_MAX),
	NUMBER("class", EC_MATCH_CLASS, (1u << 24) - 1),
	NUMBER("revision", EC_MATCH_REVISION, UINT8_MAX),
	{ "pcie_type", match_number, EC_MATCH_PCIE_TYPE, .words = pcie_types },
	{ .name = "vf", .read = match_vf },
	{ .name = "has_cap", .read = match_has_cap },
	{ .name = "guest", .read = match_guest },
	{ .name = "bus", .read = match_bus, .words = buses },
	{ NULL },
};
