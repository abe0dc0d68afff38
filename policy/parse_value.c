/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/parse_value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/edit_distance.h"
#include "policy/parse_error.h"

/* The key that is most similar to @name; NULL: none is. */
static const char *nearest(const struct ec_key *keys, const char *name)
{
	struct ec_nearest n = ec_nearest_to(name);

	for (; keys->name; keys++)
		ec_nearest_try(&n, keys->name);
	return n.found;
}

int ec_parse_unknown(struct ec_parse *p, const struct ec_key *keys, const char *name)
{
	const char *near = nearest(keys, name);
	char known[320] = "";
	size_t len = 0;

	if (near)
		return ec_parse_wrong_key(p, "unknown key \"%.40s\"; did you mean \"%s\"?", name,
					  near);
	/* long enough for every table of keys; a longer one would be cut after a whole key */
	for (; keys->name; keys++) {
		bool fits = len + strlen(keys->name) + sizeof(", , ...") <= sizeof(known);

		len += (size_t)snprintf(known + len, sizeof(known) - len, "%s%s", len ? ", " : "",
					fits ? keys->name : "...");
		if (!fits)
			break;
	}
	return ec_parse_wrong_key(p, "unknown key \"%.40s\"; known are %s", name, known);
}

int ec_parse_comment(struct ec_parse *p, json_t *v)
{
	json_t *line;
	size_t i;
	int rc = 0;

	if (json_is_string(v))
		return 0;
	if (!json_is_array(v))
		return ec_parse_expected(p, v, "a string or an array of strings");
	json_array_foreach(v, i, line)
	{
		if (json_is_string(line))
			continue;
		ec_parse_push(p, NULL, i);
		rc = ec_parse_expected(p, line, "a string");
		ec_parse_pop(p);
		if (ec_parse_stops(p, rc))
			break;
	}
	return rc;
}

static int read_key(struct ec_parse *p, const struct ec_key *keys, const char *name, json_t *v)
{
	const struct ec_key *k = keys;

	if (!strcmp(name, "comment"))
		return ec_parse_comment(p, v);
	while (k->name && strcmp(k->name, name))
		k++;
	return k->name ? k->read(p, k, v) : ec_parse_unknown(p, keys, name);
}

int ec_parse_members(struct ec_parse *p, const struct ec_key *k, json_t *v,
		     int (*read)(struct ec_parse *p, const struct ec_key *k, const char *name,
				 json_t *v))
{
	const char *name;
	json_t *member;
	int rc = 0;

	json_object_foreach(v, name, member)
	{
		int one;

		ec_parse_push(p, name, 0);
		one = read(p, k, name, member);
		ec_parse_pop(p);
		rc = one ? one : rc;
		if (ec_parse_stops(p, one))
			break;
	}
	return rc;
}

int ec_parse_object(struct ec_parse *p, json_t *v, const struct ec_key *keys)
{
	int rc;

	if (!json_is_object(v))
		return ec_parse_expected(p, v, "an object");
	rc = ec_parse_members(p, keys, v, read_key);
	/* one that is wrong may be one that is missing, misspelt */
	if (rc)
		return rc;
	for (; !ec_parse_stops(p, rc) && keys->name; keys++)
		if (keys->required && !json_object_get(v, keys->name))
			rc = ec_parse_wrong(p, "\"%s\" is missing", keys->name);
	return rc;
}

int ec_parse_bool(struct ec_parse *p, json_t *v, bool *out)
{
	const char *text = json_string_value(v), *meant = "";
	int64_t i = -1;

	if (ec_parse_is_integer(v, &i) || text)
		meant = i == 1 || (text && (!strcmp(text, "true") || !strcmp(text, "yes"))) ? "true"
			: i == 0 || (text && (!strcmp(text, "false") || !strcmp(text, "no")))
				? "false"
				: "";
	if (!json_is_boolean(v))
		return ec_parse_meant(p, v, "true or false", meant);
	*out = json_is_true(v);
	return 0;
}

int ec_parse_word(struct ec_parse *p, json_t *v, const struct ec_word *words, uint32_t *out)
{
	const char *text = json_string_value(v);
	char list[160] = "one of ", meant[EC_MEANT_MAX] = "";
	size_t len = strlen(list);
	struct ec_nearest near = ec_nearest_to(text ? text : "");

	for (const struct ec_word *w = words; text && w->name; w++)
		if (!strcmp(w->name, text)) {
			*out = w->value;
			return 0;
		}
	for (const struct ec_word *w = words; w->name && len < sizeof(list); w++) {
		len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s",
					w == words ? "" : ", ", w->name);
		if (text)
			ec_nearest_try(&near, w->name);
	}
	if (near.found)
		snprintf(meant, sizeof(meant), "\"%s\"", near.found);
	return ec_parse_meant(p, v, list, meant);
}

bool ec_parse_is_integer(json_t *v, int64_t *out)
{
	double real = json_real_value(v);

	if (json_is_integer(v)) {
		*out = json_integer_value(v);
		return true;
	}
	/* no number here needs more than the 53 bits of a double */
	if (!json_is_real(v) || real < -9007199254740992.0 || real > 9007199254740992.0)
		return false;
	*out = (int64_t)real;
	return (double)*out == real;
}

bool ec_parse_hex(const char *text, size_t len, uint64_t *out)
{
	static const char digits[] = "0123456789abcdef";
	uint64_t v = 0;

	if (len < 3 || text[0] != '0' || text[1] != 'x')
		return false;
	for (size_t i = 2; i < len; i++) {
		/* bit 5 makes a letter lower case */
		char c = text[i] >= 'A' && text[i] <= 'F' ? (char)(text[i] | 0x20) : text[i];
		const char *d = memchr(digits, c, 16);

		if (!d || v >> 60)
			return false;
		v = v << 4 | (uint64_t)(d - digits);
	}
	*out = v;
	return true;
}

static bool in_range(const struct ec_key *k, uint64_t n)
{
	return n >= k->low && n <= k->high;
}

void ec_parse_meant_number(const struct ec_key *k, const char *text, char out[EC_MEANT_MAX])
{
	bool prefixed = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	size_t len = strlen(text);
	char *end;
	uint64_t n;

	*out = 0;
	if (prefixed) {
		text += 2;
		len -= 2;
	}
	if (!len || len > 16 || strspn(text, "0123456789abcdefABCDEF") != len)
		return;
	/* a plain number is a count, so its digits are decimal */
	n = strtoull(text, &end, k->plain && !prefixed ? 10 : 16);
	if (*end || !in_range(k, n))
		return;
	if (k->plain)
		snprintf(out, EC_MEANT_MAX, "%llu", (unsigned long long)n);
	else
		snprintf(out, EC_MEANT_MAX, "\"0x%s\"", text);
}

/* Reports which number @k must have. */
static int expected_number(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	const char *fmt = "a number from %llu to %llu, or as \"0x1f\"";
	char what[120], meant[EC_MEANT_MAX] = "";

	if (json_is_string(v))
		ec_parse_meant_number(k, json_string_value(v), meant);
	if (k->plain)
		fmt = k->low == k->high ? "%llu" : "a number from %llu to %llu";
	else if (k->high > 0xffff) /* too many digits to read in decimal */
		fmt = "a number from 0x%llx to 0x%llx, or as \"0x1f\"";
	snprintf(what, sizeof(what), fmt, (unsigned long long)k->low, (unsigned long long)k->high);
	return ec_parse_meant(p, v, what, meant);
}

int ec_parse_number(struct ec_parse *p, const struct ec_key *k, json_t *v, uint64_t *out)
{
	int64_t i;

	if (ec_parse_is_integer(v, &i) && i >= 0 && in_range(k, (uint64_t)i)) {
		*out = (uint64_t)i;
		return 0;
	}
	if (!k->plain && json_is_string(v) &&
	    ec_parse_hex(json_string_value(v), json_string_length(v), out) && in_range(k, *out))
		return 0;
	return expected_number(p, k, v);
}
