/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/setpci.h"

#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "capabilities/registry.h"
#include "core/bits.h"

#define NAME_MAX_LEN 16
static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
static const char digits[] = "0123456789abcdef";

/* Names that differ in more than signs from those of the tables. */
static const struct {
	const char *name;
	struct ec_cap_ref cap;
} caps[] = {
	{ "HOTPLUG", { PCI_CAP_ID_HOTPLUG } },
	{ "RBCB", { PCI_EXT_CAP_ID_RCRB, true } },
	{ "VNDR", { PCI_EXT_CAP_ID_VNDR, true } },
	{ "L1PM", { PCI_EXT_CAP_ID_L1PM, true } },
};

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* Are the names equal but for case and the signs - and _? */
static bool same_letters(const char *a, const char *b)
{
	for (;; a++, b++) {
		a += strspn(a, "-_");
		b += strspn(b, "-_");
		if (upper(*a) != upper(*b))
			return false;
		if (!*a)
			return true;
	}
}

bool ec_setpci_cap(const char *name, bool extended, struct ec_cap_ref *out)
{
	const struct ec_cap *c;

	out->extended = extended;
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(caps); i++)
		if (caps[i].cap.extended == extended && same_letters(name, caps[i].name)) {
			out->id = caps[i].cap.id;
			return true;
		}
	for (unsigned int i = 0; (c = ec_cap_get(i)); i++)
		if (c->extended == extended && same_letters(name, c->name)) {
			out->id = c->id;
			return true;
		}
	return false;
}

/* 1 to @most hexadecimal digits at *@text, which moves to their end. */
static bool read_hex(const char **text, unsigned int most, uint16_t *out)
{
	unsigned int n = 0;

	*out = 0;
	for (; n <= most; n++) {
		char c = **text >= 'A' && **text <= 'F' ? (char)(**text | 0x20) : **text;
		const char *d = c ? strchr(digits, c) : NULL;

		if (!d)
			break;
		*out = (uint16_t)(*out << 4 | (d - digits));
		(*text)++;
	}
	return n && n <= most;
}

/* "_NAME" or "ID" at *@text. */
static int read_cap(const char **text, struct ec_cap_ref *out)
{
	char name[NAME_MAX_LEN + 1] = "";
	size_t len;

	if (**text != '_') {
		if (!read_hex(text, 4, &out->id))
			return -EINVAL;
		return out->extended || out->id <= UINT8_MAX ? 0 : -ENOENT;
	}
	len = strspn(++*text, letters);
	if (!len || len > NAME_MAX_LEN)
		return -EINVAL;
	memcpy(name, *text, len);
	*text += len;
	return ec_setpci_cap(name, out->extended, out) ? 0 : -ENOENT;
}

int ec_setpci_parse(const char *text, struct ec_setpci *out)
{
	static const char widths[] = "bwlBWL";
	uint16_t number = 0;
	const char *width;
	int rc;

	*out = (struct ec_setpci){ .cap.extended = *text == 'E' };
	text += *text == 'E';
	if (strncmp(text, "CAP", 3) != 0)
		return -EINVAL;
	text += 3;
	rc = read_cap(&text, &out->cap);
	if (rc == -EINVAL)
		return rc;
	if (*text == '+') {
		text++;
		if (!read_hex(&text, 3, &out->offset))
			return -EINVAL;
	}
	if (*text++ != '.' || !*text)
		return -EINVAL;
	width = strchr(widths, *text++);
	if (!width)
		return -EINVAL;
	out->width = (uint8_t)(1u << (width - widths) % 3);
	if (*text == '@') {
		text++;
		if (!read_hex(&text, 2, &number))
			return -EINVAL;
	}
	out->cap.instance = (uint16_t)(number + 1);
	return *text ? -EINVAL : rc;
}
