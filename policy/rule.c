/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/rule.h"

#include <string.h>

#include "core/bits.h"

const char *const ec_bus_kind_names[EC_BUS_KINDS] = {
	[EC_BUS_ROOT] = "root",
	[EC_BUS_PORT] = "port",
	[EC_BUS_CONVENTIONAL] = "conventional",
};

const char *const ec_reset_method_names[EC_RESET_METHODS] = {
	[EC_RESET_DEVICE_SPECIFIC] = "device_specific",
	[EC_RESET_ACPI] = "acpi",
	[EC_RESET_FLR] = "flr",
	[EC_RESET_AF_FLR] = "af_flr",
	[EC_RESET_PM] = "pm",
	[EC_RESET_BUS] = "bus",
	[EC_RESET_CXL_BUS] = "cxl_bus",
};

/* What makes two settings of a verb decide different properties. */
enum identity {
	ID_VERB,   /* nothing: a function has one */
	ID_CAP,    /* the capability */
	ID_PLACE,  /* the capability's id and offset */
	ID_OFFSET, /* the offset */
	ID_BITS,   /* the bits that they name */
};

static const uint8_t identities[EC_VERBS] = {
	[EC_SET_CAPABILITY] = ID_CAP, [EC_SET_RANGE] = ID_BITS,      [EC_SET_REGISTER] = ID_BITS,
	[EC_SET_ADD] = ID_PLACE,      [EC_SET_MOVE] = ID_CAP,        [EC_SET_LINK] = ID_PLACE,
	[EC_SET_SIZE] = ID_CAP,       [EC_SET_BAR_HIDE] = ID_OFFSET,
};

/* Do both name a common instance? */
static bool refs_overlap(const struct ec_cap_ref *a, const struct ec_cap_ref *b)
{
	return a->id == b->id && a->extended == b->extended &&
	       (!a->instance || !b->instance || a->instance == b->instance);
}

/* Only short ranges have masks and values. */
static bool has_bits(const struct ec_setting *s)
{
	return s->length == 1 || s->length == 2 || s->length == 4;
}

/* Byte @i of @bits of a range. */
static uint8_t byte_of(const struct ec_setting *s, uint32_t bits, unsigned int i)
{
	return has_bits(s) ? (uint8_t)(bits >> i * 8) : 0;
}

/* The bits of byte @at of the space, or of a capability, that @s decides. */
static uint8_t mask_at(const struct ec_setting *s, unsigned int at)
{
	if (at < s->offset || at - s->offset >= s->length)
		return 0;
	return has_bits(s) ? byte_of(s, s->mask, at - s->offset) : 0xff;
}

/* A treatment and a value of the same bits do not contradict each other. */
static bool kinds_overlap(const struct ec_setting *a, const struct ec_setting *b)
{
	return a->bits & b->bits & (EC_BITS_TREAT | EC_BITS_VALUE);
}

static bool bits_overlap(const struct ec_setting *a, const struct ec_setting *b)
{
	if (!kinds_overlap(a, b) || a->in_cap != b->in_cap ||
	    (a->in_cap && !refs_overlap(&a->cap, &b->cap)))
		return false;
	if (a->verb == EC_SET_REGISTER)
		return !strcmp(a->name, b->name) && (a->mask & b->mask);
	for (unsigned int i = 0; i < a->length; i++)
		if (mask_at(a, a->offset + i) & mask_at(b, a->offset + i))
			return true;
	return false;
}

bool ec_setting_same(const struct ec_setting *a, const struct ec_setting *b)
{
	if (a->verb != b->verb || a->verb >= EC_VERBS)
		return false;
	switch (identities[a->verb]) {
	case ID_CAP:
		return refs_overlap(&a->cap, &b->cap);
	case ID_PLACE:
		return refs_overlap(&a->cap, &b->cap) && a->offset == b->offset;
	case ID_OFFSET:
		return a->offset == b->offset;
	case ID_BITS:
		return bits_overlap(a, b);
	default:
		return true;
	}
}

static bool ref_in(const struct ec_cap_ref *ref, const struct ec_setting *s)
{
	for (unsigned int i = 0; i < s->n; i++)
		if (s->refs[i].id == ref->id && s->refs[i].extended == ref->extended &&
		    s->refs[i].instance == ref->instance)
			return true;
	return false;
}

/* The same references, in any order. */
static bool refs_equal(const struct ec_setting *a, const struct ec_setting *b)
{
	for (unsigned int i = 0; i < a->n; i++)
		if (!ref_in(a->refs + i, b))
			return false;
	for (unsigned int i = 0; i < b->n; i++)
		if (!ref_in(b->refs + i, a))
			return false;
	return true;
}

/* Do @a and @b agree on the bits of @common of a register or a byte? */
static bool bits_agree(const struct ec_setting *a, const struct ec_setting *b, uint32_t common,
		       uint32_t values, uint32_t w1c)
{
	if (!common)
		return true;
	if ((a->bits & b->bits & EC_BITS_TREAT) && (a->treatment != b->treatment || (w1c & common)))
		return false;
	return !(a->bits & b->bits & EC_BITS_VALUE) || !(values & common);
}

static bool bits_equal(const struct ec_setting *a, const struct ec_setting *b)
{
	if (a->verb == EC_SET_REGISTER)
		return bits_agree(a, b, a->mask & b->mask, a->value ^ b->value, 0);
	for (unsigned int i = 0; i < a->length; i++) {
		unsigned int at = a->offset + i, j = at - b->offset;

		if (at < b->offset || j >= b->length)
			continue;
		if (!bits_agree(a, b, mask_at(a, at) & mask_at(b, at),
				byte_of(a, a->value, i) ^ byte_of(b, b->value, j),
				byte_of(a, a->w1c, i) ^ byte_of(b, b->w1c, j)))
			return false;
	}
	return true;
}

bool ec_setting_equal(const struct ec_setting *a, const struct ec_setting *b)
{
	switch (a->verb) {
	case EC_SET_REGISTER:
	case EC_SET_RANGE:
		return bits_equal(a, b);
	case EC_SET_KEEP_ONLY:
		return refs_equal(a, b);
	case EC_SET_ADD:
		return a->number == b->number && a->n == b->n &&
		       (!a->n || !memcmp(a->bytes, b->bytes, a->n));
	default:
		/* members that a verb does not use are 0 */
		return a->treatment == b->treatment && a->number == b->number &&
		       a->width == b->width && a->speed == b->speed && a->offset == b->offset &&
		       a->length == b->length;
	}
}

const struct ec_decision *ec_decisions_last(const struct ec_decisions *d, enum ec_verb verb,
					    unsigned int offset)
{
	for (unsigned int i = d ? d->n : 0; i-- > 0;) {
		const struct ec_setting *s = d->decision[i].set;

		if (s->verb == verb && (verb != EC_SET_BAR_HIDE || s->offset == offset))
			return d->decision + i;
	}
	return NULL;
}
