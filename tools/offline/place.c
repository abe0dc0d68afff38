/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tools/offline/place.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/bits.h"
#include "policy/edit_distance.h"
#include "policy/setpci.h"
#include "tools/number.h"
#include "view/rules.h"

#define NOT_A_PLACE                                                                                \
	"is not a register: its name, or an offset below 1000, hexadecimal, with or without 0x"
#define NOT_A_LENGTH "has no good length: 1 to 4096, decimal or with 0x"
#define TOO_LONG "reaches past the end of the configuration space"

/* Names of setpci for registers of the headers that differ from those of the tables. */
static const struct {
	const char *name, *here;
} registers[] = {
	{ "CAPABILITIES", "CAPABILITY_LIST" },
	{ "BRIDGE_ROM_ADDRESS", "ROM_ADDRESS" },
};

/* Cuts ".b", ".w" or ".l" off the end of @text. */
static void cut_width(char *text, struct place *out)
{
	size_t len = strlen(text);
	char c = len > 2 && text[len - 2] == '.' ? (char)tolower((unsigned char)text[len - 1]) : 0;

	out->length = c == 'b' ? 1 : c == 'w' ? 2 : c == 'l' ? 4 : 0;
	out->part = out->length;
	if (out->part)
		text[len - 2] = 0;
}

/* Cuts "+OFFSET" off the end of @text. Returns what is wrong, or NULL. */
static const char *cut_offset(char *text, struct place *out)
{
	char *plus = strchr(text, '+');
	const char *at = plus ? plus + 1 : NULL;
	uint64_t n;

	if (!plus)
		return NULL;
	if (!number_read_hex(&at, &n) || *at || n >= EC_CONFIG_SIZE)
		return "has no good offset after +: hexadecimal, below 1000";
	*plus = 0;
	out->offset += (uint32_t)n;
	out->part = true;
	return NULL;
}

/* Cuts "@NUMBER", which counts from 0, off the end of @text. */
static const char *cut_number(char *text, struct place *out)
{
	char *sign = strchr(text, '@');
	const char *at = sign ? sign + 1 : NULL;
	uint64_t n = 0;

	if (sign && (!number_read_hex(&at, &n) || *at || n >= EC_CHAIN_MAX))
		return "has no good number after @: of the capability, from 0 on";
	if (sign)
		*sign = 0;
	out->cap.instance = (uint16_t)(n + 1);
	return NULL;
}

/* "CAP_EXP", "ECAP_AER", "CAP10", "ECAP0001". */
static bool is_setpci_cap(const char *text, struct place *out)
{
	bool extended = *text == 'e' || *text == 'E';
	const char *at = text + (extended ? 4 : 3);
	uint64_t id;

	if (strncasecmp(text + extended, "CAP", 3) != 0)
		return false;
	if (*at == '_')
		return ec_setpci_cap(at + 1, extended, &out->cap);
	if (!number_parse(at, 16, extended ? UINT16_MAX : UINT8_MAX, &id))
		return false;
	out->cap.id = (uint16_t)id;
	out->cap.extended = extended;
	return true;
}

/* OFFSET or OFFSET:LENGTH, without what setpci appends. @is: it is this form, right or wrong. */
static const char *read_bytes(const char *text, struct place *out, bool *is)
{
	uint64_t offset, n;

	*is = number_read_hex(&text, &offset) && (!*text || *text == ':');
	if (!*is)
		return NULL;
	if (offset >= EC_CONFIG_SIZE)
		return NOT_A_PLACE;
	out->offset += (uint32_t)offset;
	if (!*text)
		return NULL;
	text++;
	if (out->part ||
	    !number_parse(text, *text == '0' && text[1] ? 0 : 10, EC_CONFIG_SIZE, &n) || !n)
		return NOT_A_LENGTH;
	out->length = (uint32_t)n;
	return NULL;
}

const char *place_parse(const char *text, struct place *out)
{
	char copy[PLACE_NAME_MAX];
	const char *wrong;
	bool bytes;

	*out = (struct place){ 0 };
	if (!*text || strlen(text) >= sizeof(copy))
		return NOT_A_PLACE;
	strcpy(copy, text);
	wrong = cut_number(copy, out);
	if (wrong)
		return wrong;
	cut_width(copy, out);
	wrong = cut_offset(copy, out);
	if (!wrong)
		wrong = read_bytes(copy, out, &bytes);
	if (wrong)
		return wrong;
	if (bytes)
		return out->offset + (out->length ? out->length : 1) > EC_CONFIG_SIZE ? TOO_LONG
										      : NULL;
	if (is_setpci_cap(copy, out)) {
		out->in_cap = true;
		return NULL;
	}
	/* a name may start with a digit too: 16GT.CTL */
	if (!isalnum((unsigned char)*copy) || strchr(text, '@') ||
	    (isdigit((unsigned char)*copy) && !strcasestr(copy, "GT")))
		return NOT_A_PLACE;
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(registers); i++)
		if (!strcasecmp(copy, registers[i].name))
			strcpy(copy, registers[i].here);
	strcpy(out->name, copy);
	return NULL;
}

/* Is capability @i called @name: "EXP", "VNDR#2", "std:NULL", "ext:0x000b"? */
static bool is_cap(const struct ec_plan *p, unsigned int i, const char *name)
{
	const struct ec_link *l = p->chain.link + i;
	const struct ec_cap *cap = p->cap[i].cap;
	struct ec_cap_ref ref = { l->id, l->extended, 0 };
	size_t len = strcspn(name, "#");
	uint64_t n;

	if (name[len] && (!number_parse(name + len + 1, 10, UINT16_MAX, &n) || !n))
		return false;
	if (name[len])
		ref.instance = (uint16_t)n;
	if (!ec_ruled_is(p, &ref, i) && ref.instance)
		return false;
	if (!strncasecmp(name, l->extended ? "ext:" : "std:", 4)) {
		name += 4;
		len -= 4;
		if (!strncasecmp(name, "0x", 2) && number_read(&name, 0, &n))
			return n == l->id && (!*name || *name == '#');
	}
	return strlen(cap->name) == len && !strncasecmp(name, cap->name, len);
}

/* Is @r called @name: "COMMAND", "EXP.DEVCTL", "VNDR#2.LENGTH", or is it of a capability @name? */
static bool is_called(const struct ec_plan *p, const struct ec_plan_reg *r, const char *name)
{
	char cap[PLACE_NAME_MAX];
	const char *dot = strrchr(name, '.');

	if (!r->cap)
		return !strcasecmp(name, r->reg.name);
	if (is_cap(p, r->cap - 1u, name))
		return true;
	if (!dot || strcasecmp(dot + 1, r->reg.name) != 0)
		return false;
	snprintf(cap, sizeof(cap), "%.*s", (int)(dot - name), name);
	return is_cap(p, r->cap - 1u, cap);
}

static bool overlaps(const struct ec_plan_reg *r, uint32_t from, uint32_t len)
{
	return r->offset < from + len && r->offset + (uint32_t)r->span > from;
}

/* The start of what @place names: of a capability, a register or the configuration space. */
static bool find_base(const struct ec_plan *p, const struct place *place, uint32_t *base)
{
	unsigned int i = 0;

	*base = 0;
	if (place->in_cap) {
		while (i < p->chain.n && !ec_ruled_is(p, &place->cap, i))
			i++;
		if (i < p->chain.n)
			*base = p->chain.link[i].offset;
		return i < p->chain.n;
	}
	if (!*place->name)
		return true;
	while (i < p->n && !is_called(p, p->reg + i, place->name))
		i++;
	if (i < p->n)
		*base = p->reg[i].offset;
	return i < p->n;
}

unsigned int place_choose(const struct ec_plan *p, const struct place *place, bool *wanted)
{
	bool whole = !place->part && (place->in_cap || *place->name), there;
	uint32_t base, len = place->length ? place->length : 1;
	unsigned int n = 0;

	there = find_base(p, place, &base);
	for (unsigned int i = 0; i < p->n; i++) {
		const struct ec_plan_reg *r = p->reg + i;

		if (!there)
			wanted[i] = false;
		else if (!whole)
			wanted[i] = overlaps(r, base + place->offset, len);
		else if (place->in_cap)
			wanted[i] = r->cap && p->chain.link[r->cap - 1].offset == base;
		else
			wanted[i] = is_called(p, r, place->name);
		n += wanted[i];
	}
	return n;
}

bool place_at(const struct ec_plan *p, const struct place *place, uint32_t *offset, uint32_t *width)
{
	if (!find_base(p, place, offset))
		return false;
	*offset += place->offset;
	*width = place->length;
	for (unsigned int i = 0; i < p->n && !*width && (place->in_cap || *place->name); i++)
		if (p->reg[i].offset == *offset && !p->reg[i].rest)
			*width = p->reg[i].reg.len;
	return true;
}

const struct ec_plan_reg *place_nearest(const struct ec_plan *p, const char *name)
{
	const struct ec_plan_reg *found = NULL;
	unsigned int best = strlen(name) < 5 ? 2 : 3;
	char full[VIEW_NAME_MAX];

	for (unsigned int i = 0; i < p->n; i++) {
		const struct ec_plan_reg *r = p->reg + i;
		unsigned int with = ec_edit_distance(name, view_reg_name(p, r, full));
		unsigned int without = ec_edit_distance(name, r->reg.name);
		unsigned int d = with < without ? with : without;

		if (!r->rest && d < best) {
			best = d;
			found = r;
		}
	}
	return found;
}
