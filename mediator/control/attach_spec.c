/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "control/attach_spec.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/bits.h"
#include "core/ecam.h"
#include "policy/edit_distance.h"

/* End the text at the first @c. Returns the text after it; NULL: there is no @c. */
static char *cut(char *text, char c)
{
	char *rest = strchr(text, c);

	if (rest)
		*rest++ = 0;
	return rest;
}

static int digit(char c, unsigned int base)
{
	int d = -1;

	if (c >= '0' && c <= '9')
		d = c - '0';
	else if (c >= 'a' && c <= 'f')
		d = c - 'a' + 10;
	else if (c >= 'A' && c <= 'F')
		d = c - 'A' + 10;
	return d < (int)base ? d : -1;
}

/* Digits only: strtoull(3) would accept a sign and spaces. */
static int number(const char *text, unsigned int base, uint64_t *out)
{
	uint64_t n = 0;

	if (!*text)
		return -EINVAL;
	for (; *text; text++) {
		int d = digit(*text, base);

		if (d < 0 || __builtin_mul_overflow(n, base, &n) ||
		    __builtin_add_overflow(n, (uint64_t)d, &n))
			return -EINVAL;
	}
	*out = n;
	return 0;
}

/* Hexadecimal, as every address: with 0x or without. */
static int address(const char *text, uint64_t *out)
{
	bool prefixed = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');

	return number(text + (prefixed ? 2 : 0), 16, out);
}

static int take_slot(const char *text, struct ec_attach_spec *s, struct ec_diag *diag)
{
	uint64_t slot;

	if (strlen(text) > 2 || number(text, 16, &slot) || slot > 0x1f) {
		ec_diag_set(diag, 0, "'@%s' is not a slot: write @0 to @1f", text);
		return -EINVAL;
	}
	s->has_slot = true;
	s->slot = (uint8_t)slot;
	return 0;
}

static int take_ecam(const char *value, struct ec_attach_spec *s, struct ec_diag *diag)
{
	if (!strcmp(value, "none")) {
		s->ecam = EC_ECAM_NONE;
		return 0;
	}
	if (address(value, &s->ecam_base)) {
		ec_diag_set(diag, 0, "'ecam=%s': must be a hexadecimal address or none", value);
		return -EINVAL;
	}
	if (s->ecam_base % EC_ECAM_BUS_SIZE) {
		ec_diag_set(diag, 0, "'ecam=%s': the address is not a multiple of 1 MiB", value);
		return -EINVAL;
	}
	s->ecam = EC_ECAM_AT;
	return 0;
}

static int take_reset(const char *value, struct ec_attach_spec *s, struct ec_diag *diag)
{
	s->no_reset = !strcmp(value, "none");
	if (s->no_reset || !strcmp(value, "auto"))
		return 0;
	ec_diag_set(diag, 0, "'reset=%s': must be auto or none", value);
	return -EINVAL;
}

/* A key with take() is an option of the attach itself; the others are settings of its rule. */
static const struct {
	const char *name;
	int (*take)(const char *value, struct ec_attach_spec *s, struct ec_diag *diag);
	bool often; /* may be given more than once */
} keys[] = {
	{ .name = "ecam", .take = take_ecam },
	{ .name = "reset", .take = take_reset },
	{ .name = "permissive" },
	{ .name = "rom" },
	{ .name = "rebar" },
	{ .name = "topology" },
	{ .name = "multifunction" },
	{ .name = "buses" },
	{ .name = "bus0" },
	{ .name = "bridge" },
	{ .name = "hide", .often = true },
};

_Static_assert(EC_ATTACH_SPEC_MAX / 6 < EC_ATTACH_SETS_MAX, "the shortest is ',rom=0'");

/* @key, @value: parts of the text of @s. */
static int take_setting(const char *key, const char *value, struct ec_attach_spec *s)
{
	s->set[s->n_sets].key = (uint8_t)(key - s->text);
	s->set[s->n_sets++].value = (uint8_t)(value - s->text);
	return 0;
}

static int refuse_key(const char *option, struct ec_diag *diag)
{
	struct ec_nearest near = ec_nearest_to(option);
	char known[128] = "";

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(keys); i++) {
		strcat(known, i ? ", " : "");
		strcat(known, keys[i].name);
		ec_nearest_try(&near, keys[i].name);
	}
	if (near.found) {
		ec_diag_set(diag, 0, "'%s' is not an option of an attach; did you mean '%s'?",
			    option, near.found);
		return -EINVAL;
	}
	ec_diag_set(diag, 0, "'%s' is not an option of an attach: %s", option, known);
	return -EINVAL;
}

/* One KEY=VALUE. @seen: one bit per key that was given before. */
static int take_option(char *option, unsigned int *seen, struct ec_attach_spec *s,
		       struct ec_diag *diag)
{
	char *value = cut(option, '=');
	unsigned int i = 0;

	if (!*option && value) {
		ec_diag_set(diag, 0, "'=%s' has no key", value);
		return -EINVAL;
	}
	if (!*option) {
		ec_diag_set(diag, 0, "no option after a comma");
		return -EINVAL;
	}
	while (i < EC_ARRAY_SIZE(keys) && strcmp(option, keys[i].name))
		i++;
	if (i == EC_ARRAY_SIZE(keys))
		return refuse_key(option, diag);
	if (*seen & 1u << i && !keys[i].often) {
		ec_diag_set(diag, 0, "'%s' is given twice", option);
		return -EINVAL;
	}
	*seen |= 1u << i;
	if (!value || !*value) {
		ec_diag_set(diag, 0, "'%s' needs a value", option);
		return -EINVAL;
	}
	return keys[i].take ? keys[i].take(value, s, diag) : take_setting(option, value, s);
}

/* Errors quote the text: it must be short, and safe to print on a terminal. */
static int check_text(const char *text, struct ec_diag *diag)
{
	size_t len = strnlen(text, EC_ATTACH_SPEC_MAX);

	if (len == EC_ATTACH_SPEC_MAX) {
		ec_diag_set(diag, 0, "longer than %u characters", EC_ATTACH_SPEC_MAX - 1);
		return -EINVAL;
	}
	for (size_t i = 0; i < len; i++) {
		if (text[i] < 0x20 || text[i] > 0x7e) {
			ec_diag_set(diag, 0, "character %zu is not printable ASCII", i + 1);
			return -EINVAL;
		}
	}
	return 0;
}

int ec_attach_spec_parse(const char *text, struct ec_attach_spec *out, struct ec_diag *diag)
{
	struct ec_attach_spec s = { 0 };
	char *options, *slot;
	unsigned int seen = 0;

	if (check_text(text, diag))
		return -EINVAL;
	memcpy(s.text, text, strlen(text));
	options = cut(s.text, ',');
	slot = cut(s.text, '@');
	if (ec_sbdf_parse(s.text, &s.host)) {
		ec_diag_set(diag, 0, "'%s' is not an address: write [SSSS:]BB:DD.F", s.text);
		return -EINVAL;
	}
	if (slot && take_slot(slot, &s, diag))
		return -EINVAL;
	while (options) {
		char *option = options;

		options = cut(option, ',');
		if (take_option(option, &seen, &s, diag))
			return -EINVAL;
	}
	*out = s;
	return 0;
}

/* Append to @out. Returns false if there is no room. */
static bool append(char out[EC_ATTACH_SPEC_MAX], const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static bool append(char out[EC_ATTACH_SPEC_MAX], const char *fmt, ...)
{
	size_t used = strlen(out);
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(out + used, EC_ATTACH_SPEC_MAX - used, fmt, args);
	va_end(args);
	return len >= 0 && (size_t)len < EC_ATTACH_SPEC_MAX - used;
}

int ec_attach_spec_print(const struct ec_attach_spec *s, char out[EC_ATTACH_SPEC_MAX])
{
	bool fits = true;

	ec_sbdf_print(s->host, false, out);
	if (s->has_slot)
		fits = append(out, "@%x", s->slot);
	if (s->ecam == EC_ECAM_NONE)
		fits = fits && append(out, ",ecam=none");
	if (s->ecam == EC_ECAM_AT)
		fits = fits && append(out, ",ecam=0x%" PRIx64, s->ecam_base);
	if (s->no_reset)
		fits = fits && append(out, ",reset=none");
	for (unsigned int i = 0; i < s->n_sets; i++)
		fits = fits &&
		       append(out, ",%s=%s", ec_attach_spec_key(s, i), ec_attach_spec_value(s, i));
	return fits ? 0 : -ENOSPC;
}

const char *ec_attach_spec_key(const struct ec_attach_spec *s, unsigned int i)
{
	return s->text + s->set[i].key;
}

const char *ec_attach_spec_value(const struct ec_attach_spec *s, unsigned int i)
{
	return s->text + s->set[i].value;
}

bool ec_attach_spec_has(const struct ec_attach_spec *s, const char *key)
{
	for (unsigned int i = 0; i < s->n_sets; i++)
		if (!strcmp(ec_attach_spec_key(s, i), key))
			return true;
	return false;
}
