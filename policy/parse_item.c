/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lists of "set": registers, ranges, capabilities that are added, moved or linked. */
#include "policy/parse_item.h"

#include <errno.h>
#include <string.h>

#include "capabilities/header.h"
#include "core/bits.h"
#include "core/image.h"
#include "core/pci_bits.h"
#include "policy/parse_error.h"
#include "policy/parse_ref.h"
#include "policy/parse_value.h"
#include "policy/setpci.h"

#define BYTES_MAX 256u

static const struct ec_word treatments[] = {
	{ "hide", EC_HIDE },       { "freeze", EC_FREEZE }, { "read", EC_READ },
	{ "emulate", EC_EMULATE }, { "pass", EC_PASS },     { NULL },
};

/* Members of an element that are numbers. */
enum member { OFFSET, LENGTH, MASK, VALUE, W1C, VERSION };

int ec_parse_items(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	json_t *element;
	size_t i;
	int rc = 0;

	if (!json_is_array(v))
		return ec_parse_expected(p, v, "an array");
	json_array_foreach(v, i, element)
	{
		int one;

		p->item = (struct ec_setting){ .verb = (uint8_t)k->what };
		p->has_mask = p->has_version = false;
		p->place = NULL;
		ec_parse_push(p, NULL, i);
		one = ec_parse_object(p, element, k->keys);
		if (!one)
			one = k->finish(p, element);
		if (!one)
			one = ec_parse_add(p, &p->item);
		ec_parse_pop(p);
		rc = one ? one : rc;
		if (ec_parse_stops(p, one))
			break;
	}
	return rc;
}

static void put(struct ec_parse *p, enum member m, uint64_t v)
{
	switch (m) {
	case OFFSET:
		p->item.offset = (uint16_t)v;
		break;
	case LENGTH:
		p->item.length = (uint16_t)v;
		break;
	case MASK:
		p->item.mask = (uint32_t)v;
		p->has_mask = true;
		break;
	case VALUE:
		p->item.value = (uint32_t)v;
		p->item.bits |= EC_BITS_VALUE;
		break;
	case W1C:
		p->item.w1c = (uint32_t)v;
		p->item.bits |= EC_BITS_W1C;
		break;
	case VERSION:
		p->item.number = v;
		p->has_version = true;
		break;
	}
}

static int item_number(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	uint64_t n;
	int rc = ec_parse_number(p, k, v, &n);

	if (!rc)
		put(p, k->what, n);
	return rc;
}

static int item_treatment(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	uint32_t t;
	int rc = ec_parse_word(p, v, k->words, &t);

	if (rc)
		return rc;
	p->item.treatment = (uint8_t)t;
	p->item.bits |= EC_BITS_TREAT;
	return 0;
}

static int item_cap(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	p->item.in_cap = p->item.verb == EC_SET_RANGE;
	return ec_parse_ref_value(p, v, k->what, &p->item.cap);
}

/* A number, or "auto" (if k->words): the first place with room. */
static int item_place(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	p->place = k->name;
	if (k->words && json_is_string(v) && !strcmp(json_string_value(v), k->words->name))
		return 0;
	return item_number(p, k, v);
}

/* A place as setpci names it: bytes of a capability. */
static int item_setpci(struct ec_parse *p, const struct ec_setpci *place, bool known)
{
	if (!known)
		ec_parse_semantic(p, "setpci has no capability of this name or id");
	p->item.verb = EC_SET_RANGE;
	p->item.in_cap = true;
	p->item.cap = place->cap;
	p->item.offset = place->offset;
	p->item.length = place->width;
	return 0;
}

/* "[CAPREF.]NAME", or setpci's "CAP_EXP+8.w" */
static int item_register(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	const char *text = json_string_value(v), *dot, *name;
	size_t len;
	struct ec_setpci place;
	int rc;

	(void)k;
	if (!text)
		return ec_parse_expected(p, v, "a register's name, as \"EXP.DEVCTL2\"");
	rc = ec_setpci_parse(text, &place);
	if (rc != -EINVAL)
		return item_setpci(p, &place, !rc);
	rc = 0;
	dot = strchr(text, '.');
	name = dot ? dot + 1 : text;
	len = strlen(name);
	if (!len || len > 32 || strspn(name, letters) != len)
		return ec_parse_expected(p, v, "a register's name, as \"EXP.DEVCTL2\"");
	if (dot)
		rc = ec_parse_ref(
			p, &(struct ec_ref_text){ .text = text, .len = (size_t)(dot - text) },
			&p->item.cap);
	if (rc)
		return rc;
	p->item.in_cap = dot;
	p->item.name = ec_parse_copy(p, name);
	return p->item.name ? 0 : -ENOMEM;
}

static int item_bytes(struct ec_parse *p, const struct ec_key *k, json_t *v)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *text = json_string_value(v);
	size_t len = json_string_length(v);
	uint8_t *bytes;

	(void)k;
	if (!text || len % 2 || len / 2 > BYTES_MAX || strspn(text, digits) != len)
		return ec_parse_expected(p, v, "0 to 256 bytes, each as two hex digits");
	bytes = ec_arena_take(p->arena, len / 2);
	if (!bytes)
		return -ENOMEM;
	for (size_t i = 0; i < len; i++) {
		unsigned int d = (unsigned int)(strchr(digits, text[i]) - digits);

		bytes[i / 2] = (uint8_t)(bytes[i / 2] << 4 | (d < 16 ? d : d - 6));
	}
	p->item.bytes = bytes;
	p->item.n = (uint16_t)(len / 2);
	return 0;
}

static const struct ec_word automatic[] = { { "auto", 0 }, { NULL } };

/* clang-format off */
#define TREATMENT { "treatment", item_treatment, .words = treatments }
#define MASK_OF_BITS { "mask", item_number, MASK, .low = 1, .high = UINT32_MAX }
#define VALUE_OF_BITS { "value", item_number, VALUE, .high = UINT32_MAX }
#define CAPABILITY(form) { "capability", item_cap, form, .required = true }
#define PLACE(key, ...) \
	{ key, item_place, OFFSET, .low = EC_STD_FIRST, .high = EC_CONFIG_SIZE - 1, .required = true, __VA_ARGS__ }

const struct ec_key ec_register_keys[] = {
	{ "register", item_register, .required = true },
	TREATMENT, MASK_OF_BITS, VALUE_OF_BITS, { NULL },
};

const struct ec_key ec_range_keys[] = {
	{ "capability", item_cap, EC_REF_ANY },
	{ "offset", item_number, OFFSET, .high = EC_CONFIG_SIZE - 1, .required = true },
	{ "length", item_number, LENGTH, .low = 1, .high = EC_CONFIG_SIZE, .required = true },
	TREATMENT, MASK_OF_BITS, VALUE_OF_BITS,
	{ "w1c", item_number, W1C, .high = UINT32_MAX },
	{ NULL },
};

const struct ec_key ec_add_keys[] = {
	CAPABILITY(EC_REF_KIND),
	PLACE("at", .words = automatic),
	{ "version", item_number, VERSION, .low = 1, .high = 15, .plain = true },
	{ "bytes", item_bytes, .required = true },
	{ NULL },
};

const struct ec_key ec_move_keys[] = { CAPABILITY(EC_REF_ANY), PLACE("to"), { NULL } };
const struct ec_key ec_link_keys[] = { CAPABILITY(EC_REF_KIND), PLACE("at"), { NULL } };
/* clang-format on */

/* A semantic error at a member of the element. */
static void semantic_at(struct ec_parse *p, const char *key, const char *text)
{
	ec_parse_push(p, key, 0);
	ec_parse_semantic(p, "%s", text);
	ec_parse_pop(p);
}

/* Checks that an element decides something, about bits that exist. */
static int check_bits(struct ec_parse *p, uint32_t bits)
{
	struct ec_setting *s = &p->item;

	if (!(s->bits & (EC_BITS_TREAT | EC_BITS_VALUE)))
		return ec_parse_wrong(p, "\"treatment\" or \"value\" is missing");
	if (!p->has_mask)
		s->mask = bits;
	if (s->mask & ~bits)
		semantic_at(p, "mask", "\"mask\" has more bits than the range");
	if (s->value & ~s->mask)
		semantic_at(p, "value", "\"value\" has bits outside the mask");
	/* may have bits outside the mask: those are not written back */
	if (s->w1c & ~bits)
		semantic_at(p, "w1c", "\"w1c\" has more bits than the range");
	return 0;
}

/* The length of the longest register of that name in @t; 0: none. */
static uint32_t length_in(struct ec_reg_table t, const char *name)
{
	uint32_t len = 0;

	for (unsigned int i = 0; i < t.n; i++)
		if (!strcmp(t.row[i].name, name) && t.row[i].len > len)
			len = t.row[i].len;
	return len;
}

/*
 * The length of the register of that name; 0: it cannot exist. If the table depends on the
 * instance, the name may exist: 4, the longest.
 */
static uint32_t register_length(const struct ec_setting *s)
{
	const struct ec_cap *cap;
	uint32_t len;

	if (!s->in_cap) {
		len = length_in(ec_header_registers(0), s->name);
		return len ? len : length_in(ec_header_registers(1), s->name);
	}
	cap = ec_cap_find(s->cap.id, s->cap.extended);
	len = length_in(cap->rows, s->name);
	len = len ? len : length_in(ec_cap_header_registers(s->cap.extended), s->name);
	return !len && cap->table ? 4 : len;
}

int ec_item_register(struct ec_parse *p, json_t *v)
{
	bool range = p->item.verb == EC_SET_RANGE;
	uint32_t len = range ? p->item.length : register_length(&p->item);
	uint32_t bits = (uint32_t)ec_ones(len);

	(void)v;
	/* a mask of all ones means all bits of the register */
	if (range) {
		p->item.mask = p->item.mask == UINT32_MAX ? bits : p->item.mask;
		return check_bits(p, bits);
	}
	if (!len)
		semantic_at(p, "register", "there is no such register; see `ecamctl show`");
	else if (p->has_mask && p->item.mask != UINT32_MAX && p->item.mask & ~bits)
		semantic_at(p, "mask", "\"mask\" has more bits than the register");
	else if (p->item.value & ~bits)
		semantic_at(p, "value", "\"value\" has more bits than the register");
	return check_bits(p, UINT32_MAX);
}

int ec_item_range(struct ec_parse *p, json_t *v)
{
	static const char *const keys[] = { "mask", "value", "w1c" };
	const struct ec_setting *s = &p->item;
	bool small = s->length == 1 || s->length == 2 || s->length == 4;

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(keys) && !small; i++)
		if (json_object_get(v, keys[i]))
			return ec_parse_wrong(p, "\"%s\" needs a \"length\" of 1, 2 or 4", keys[i]);
	if (s->offset + s->length > EC_CONFIG_SIZE)
		semantic_at(p, "length", "\"offset\" and \"length\" lead beyond 4096");
	return check_bits(p, small ? (uint32_t)ec_ones(s->length) : UINT32_MAX);
}

/* Checks that a capability of that kind can be at that offset. */
static void check_place(struct ec_parse *p)
{
	const char *key = p->place;
	const struct ec_setting *s = &p->item;

	if (s->offset % 4)
		semantic_at(p, key, "a capability must be at a multiple of 4");
	else if (s->cap.extended && s->offset < EC_EXT_FIRST)
		semantic_at(p, key, "an extended capability must be at 0x100 to 0xffc");
	else if (!s->cap.extended && s->offset >= EC_EXT_FIRST)
		semantic_at(p, key, "a standard capability must be at 0x40 to 0xfc");
}

int ec_item_add(struct ec_parse *p, json_t *v)
{
	struct ec_setting *s = &p->item;
	uint32_t end = s->cap.extended ? EC_CONFIG_SIZE : EC_EXT_FIRST;
	uint32_t first = s->cap.extended ? EC_EXT_FIRST : EC_STD_FIRST;
	uint32_t header = s->cap.extended ? 4 : 2;

	(void)v;
	if (s->offset)
		check_place(p);
	if (p->has_version && !s->cap.extended)
		semantic_at(p, "version", "a standard capability has no \"version\"");
	if (!p->has_version && s->cap.extended)
		s->number = 1;
	if ((s->offset ? s->offset : first) + header + s->n > end)
		semantic_at(p, "bytes", "there is no room for so many \"bytes\"");
	return 0;
}

int ec_item_place(struct ec_parse *p, json_t *v)
{
	(void)v;
	check_place(p);
	return 0;
}
