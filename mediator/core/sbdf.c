/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/sbdf.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int ec_sbdf_compare(struct ec_sbdf a, struct ec_sbdf b)
{
	if (a.segment != b.segment)
		return a.segment < b.segment ? -1 : 1;
	if (a.bus != b.bus)
		return a.bus < b.bus ? -1 : 1;
	return (int)a.devfn - (int)b.devfn;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Reads up to @most hex digits. Returns their number. */
static size_t scan_hex(const char *text, size_t len, size_t most, uint32_t *out)
{
	size_t n = 0;

	*out = 0;
	while (n < len && n < most && hex_digit(text[n]) >= 0)
		*out = *out << 4 | (uint32_t)hex_digit(text[n++]);
	return n;
}

/* Reads "BB:DD.F". Returns 7, or 0 if it is something else. */
static size_t scan_bdf(const char *text, size_t len, struct ec_sbdf *out)
{
	uint32_t bus, dev, fn;

	if (len < 7 || scan_hex(text, 2, 2, &bus) != 2 || text[2] != ':' ||
	    scan_hex(text + 3, 2, 2, &dev) != 2 || text[5] != '.' ||
	    scan_hex(text + 6, 1, 1, &fn) != 1 || dev > 31 || fn > 7)
		return 0;
	out->bus = (uint8_t)bus;
	out->devfn = (uint8_t)(dev << 3 | fn);
	return 7;
}

size_t ec_sbdf_scan(const char *text, size_t len, struct ec_sbdf *out)
{
	struct ec_sbdf s = { 0 };
	size_t n;

	n = scan_hex(text, len, 8, &s.segment);
	if (n >= 4 && n < len && text[n] == ':') {
		if (!scan_bdf(text + n + 1, len - n - 1, &s))
			return 0;
		*out = s;
		return n + 8;
	}
	s.segment = 0;
	if (!scan_bdf(text, len, &s))
		return 0;
	*out = s;
	return 7;
}

int ec_sbdf_parse(const char *text, struct ec_sbdf *out)
{
	struct ec_sbdf s;
	size_t len = strlen(text);

	if (!len || ec_sbdf_scan(text, len, &s) != len)
		return -EINVAL;
	*out = s;
	return 0;
}

char *ec_sbdf_print(struct ec_sbdf s, bool full, char out[EC_SBDF_MAX])
{
	if (full || s.segment)
		snprintf(out, EC_SBDF_MAX, "%04x:%02x:%02x.%x", s.segment, s.bus, ec_sbdf_device(s),
			 ec_sbdf_function(s));
	else
		snprintf(out, EC_SBDF_MAX, "%02x:%02x.%x", s.bus, ec_sbdf_device(s),
			 ec_sbdf_function(s));
	return out;
}
