/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/dump.h"

#include <errno.h>
#include <pci/header.h>
#include <stdbool.h>
#include <string.h>

#define ROW 16

/* A line of the text, without its end. */
struct line {
	const char *s;
	size_t len;
	unsigned int number;
};

/* What a mail or a list puts before each line of a function: "> ", blanks, "- ". */
#define PREFIX_MAX 16
struct prefix {
	const char *s;
	size_t len;
};

/* The start of a line "OFF: hh hh …". */
struct row {
	size_t colon; /* its position */
	uint32_t offset;
};

/* The value of a hex digit with the bit HEX, 0 for any other character: the reader's inner loop. */
#define HEX 16
/* clang-format off */
#define LETTERS HEX | 10, HEX | 11, HEX | 12, HEX | 13, HEX | 14, HEX | 15
static const uint8_t digits[256] = {
	['0'] = HEX | 0, HEX | 1, HEX | 2, HEX | 3, HEX | 4, HEX | 5, HEX | 6, HEX | 7, HEX | 8, HEX | 9,
	['a'] = LETTERS,
	['A'] = LETTERS,
};
/* clang-format on */

static unsigned int digit(char c)
{
	return digits[(unsigned char)c];
}

static bool next_line(struct ec_dump_reader *r, struct line *l)
{
	const char *end;

	if (r->pos >= r->len)
		return false;
	l->s = r->text + r->pos;
	end = memchr(l->s, '\n', r->len - r->pos);
	l->len = end ? (size_t)(end - l->s) : r->len - r->pos;
	r->pos += l->len + (end ? 1 : 0);
	l->number = ++r->line;
	if (l->len && l->s[l->len - 1] == '\r')
		l->len--;
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void skip(struct line *l, size_t n)
{
	l->s += n;
	l->len -= n;
}

/*
 * Is the line "OFF: hh" with 2 to 8 hex digits? A byte must follow: "ad: hello" and "Cc: somebody"
 * are words.
 */
static bool is_row(const struct line *l, struct row *row)
{
	size_t n = 0;

	*row = (struct row){ 0 };
	while (n < l->len && n < 8 && digit(l->s[n]))
		row->offset = row->offset << 4 | (digit(l->s[n++]) & 15);
	if (n < 2 || n >= l->len || l->s[n] != ':')
		return false;
	row->colon = n++;
	while (n < l->len && is_blank(l->s[n]))
		n++;
	return n > row->colon + 1 && n + 1 < l->len && digit(l->s[n]) & digit(l->s[n + 1]) & HEX &&
	       (n + 2 == l->len || is_blank(l->s[n + 2]));
}

/* The bytes after the colon. Returns their number, or -1 if there is anything but bytes. */
static int row_bytes(const struct line *l, size_t pos, uint8_t bytes[ROW])
{
	int n = 0;

	while (pos + 2 < l->len && is_blank(l->s[pos]) && n < ROW) {
		unsigned int hi = digit(l->s[pos + 1]), lo = digit(l->s[pos + 2]);

		if (hi & lo & HEX) {
			bytes[n++] = (uint8_t)(hi << 4 | (lo & 15));
			pos += 3;
		} else if (is_blank(l->s[pos + 1])) {
			pos++;
		} else {
			break;
		}
	}
	while (pos < l->len && is_blank(l->s[pos]))
		pos++;
	return pos == l->len ? n : -1;
}

static int read_row(const struct line *l, const struct row *row, struct ec_image *img,
		    struct ec_diag *diag)
{
	unsigned int line = l->number;
	uint32_t offset = row->offset;
	uint8_t bytes[ROW];
	int n = row_bytes(l, row->colon + 1, bytes);

	if (n < 0)
		ec_diag_set(diag, line, "row %02x is not 16 bytes of two hex digits", offset);
	else if (n != ROW)
		ec_diag_set(diag, line, "row %02x is truncated: %d bytes, not 16", offset, n);
	else if (offset % ROW || offset >= EC_CONFIG_SIZE)
		ec_diag_set(diag, line, "row offset %02x is not a multiple of 10 below 1000",
			    offset);
	else if (ec_image_has(img, offset, ROW))
		ec_diag_set(diag, line, "row %02x comes twice", offset);
	else
		return ec_image_put(img, offset, bytes, ROW);
	return -EINVAL;
}

static const char *find(const char *s, size_t len, const char *needle)
{
	return memmem(s, len, needle, strlen(needle));
}

/* The size in "[size=16K]"; 0 if there is none or it is too large. */
static uint64_t region_size(const struct line *l)
{
	static const char units[] = "KMGTPE";
	const char *end = l->s + l->len, *p = find(l->s, l->len, "[size="), *unit;
	uint64_t v = 0;
	unsigned int shift = 0;

	if (!p)
		return 0;
	for (p += 6; p < end && *p >= '0' && *p <= '9'; p++)
		v = v > UINT32_MAX ? v : v * 10 + (uint64_t)(*p - '0');
	if (p < end && *p != ']') {
		unit = memchr(units, *p, sizeof(units) - 1);
		if (!unit)
			return 0;
		shift = 10 * (unsigned int)(unit - units + 1);
	}
	return v <= UINT32_MAX && v << shift >> shift == v ? v << shift : 0;
}

/* A line of `lspci -v` that may have a BAR's size. The first size of a BAR counts. */
static void read_region(const struct line *l, struct ec_region region[EC_BAR_MAX])
{
	struct ec_region got = { .size = region_size(l) };
	unsigned int index = EC_BAR_ROM;
	const char *p;

	if (!got.size)
		return;
	p = find(l->s, l->len, "Region ");
	if (p && (size_t)(p - l->s) + 8 < l->len && p[7] >= '0' && p[7] <= '5' && p[8] == ':')
		index = (unsigned int)(p[7] - '0');
	else if (!find(l->s, l->len, "Expansion ROM at "))
		return;
	if (region[index].size)
		return;
	if (find(l->s, l->len, "I/O ports"))
		got.flags |= PCI_BASE_ADDRESS_SPACE_IO;
	if (find(l->s, l->len, "(64-bit"))
		got.flags |= PCI_BASE_ADDRESS_MEM_TYPE_64;
	if (find(l->s, l->len, ", prefetchable"))
		got.flags |= PCI_BASE_ADDRESS_MEM_PREFETCH;
	region[index] = got;
}

/* Reads four hex digits at @p; false if they are not. */
static bool read_id(const char *p, uint16_t *id)
{
	uint32_t v = 0;

	for (int i = 0; i < 4; i++) {
		if (!digit(p[i]))
			return false;
		v = v << 4 | (digit(p[i]) & 15);
	}
	*id = (uint16_t)v;
	return true;
}

/* The last "[vvvv:dddd]" of a function's first line, as `lspci -nn` prints it. */
static void read_ids(const struct line *l, struct ec_dump_function *fn)
{
	for (size_t i = l->len; i-- > 10;) {
		const char *p = l->s + i - 10;
		uint16_t vendor, device;

		if (p[0] != '[' || p[5] != ':' || p[10] != ']' || !read_id(p + 1, &vendor) ||
		    !read_id(p + 6, &device))
			continue;
		fn->vendor = vendor;
		fn->device = device;
		return;
	}
}

/* Does the line start a function? That needs an address and a blank, or the end, after it. */
static bool read_start(const struct line *l, struct ec_sbdf *s)
{
	size_t n = ec_sbdf_scan(l->s, l->len, s);

	return n && (n == l->len || l->s[n] == ' ');
}

/* The same after a prefix, whose length is *@len. */
static bool read_prefixed_start(const struct line *l, struct ec_sbdf *s, size_t *len)
{
	struct line rest = *l;

	for (*len = 0; *len < PREFIX_MAX && rest.len; ++*len) {
		if (digit(*rest.s))
			return read_start(&rest, s);
		if (!memchr(" \t>|*-", *rest.s, 7))
			return false;
		skip(&rest, 1);
	}
	return false;
}

/*
 * Takes the prefix off a line. False: the line has another one. Of a list's item, blanks take the
 * place of the mark; a blank line may lack blanks at the end.
 */
static bool strip(struct line *l, const struct prefix *p)
{
	size_t n = 0;

	while (n < p->len && n < l->len &&
	       (l->s[n] == p->s[n] || (l->s[n] == ' ' && memchr("*-", p->s[n], 2))))
		n++;
	if (n < p->len && n < l->len)
		return false;
	skip(l, n);
	return true;
}

/* "00:20.0 …" looks like an address, and is none. */
static bool is_bad_address(const struct line *l)
{
	size_t n = 0, colons = 0;
	struct ec_sbdf s;

	while (n < l->len && (digit(l->s[n]) || l->s[n] == ':'))
		colons += l->s[n++] == ':';
	return colons && colons < 3 && n + 1 < l->len && l->s[n] == '.' && digit(l->s[n + 1]) &&
	       (n + 2 == l->len || l->s[n + 2] == ' ') && n >= 5 && l->s[n - 3] == ':' &&
	       !ec_sbdf_scan(l->s, l->len, &s);
}

static int refuse_address(const struct line *l, struct ec_diag *diag)
{
	ec_diag_set(diag, l->number, "bad address at the start of a line: %.*s",
		    (int)(l->len < 12 ? l->len : 12), l->s);
	return -EINVAL;
}

/* Moves to the line that starts the next function. Returns 1, 0 at the end, or -EINVAL. */
static int find_start(struct ec_dump_reader *r, struct ec_dump_function *fn, struct prefix *p,
		      struct ec_diag *diag)
{
	struct line l;

	/* some editors write a byte order mark */
	if (!r->pos && r->len >= 3 && !memcmp(r->text, "\xef\xbb\xbf", 3))
		r->pos = 3;
	while (next_line(r, &l)) {
		p->s = l.s;
		if (read_prefixed_start(&l, &fn->sbdf, &p->len)) {
			fn->line = r->line;
			read_ids(&l, fn);
			return 1;
		}
		if (is_bad_address(&l))
			return refuse_address(&l, diag);
	}
	return 0;
}

/* A line of a function. Returns 0, 1: it is the first one of something else; or -EINVAL. */
static int read_line(struct line *l, const struct prefix *p, struct ec_dump_function *fn,
		     struct ec_diag *diag)
{
	struct ec_sbdf next;
	struct row row;
	size_t len;

	/* most lines: no row starts a function */
	if (!p->len && is_row(l, &row))
		return read_row(l, &row, &fn->image, diag);
	if (read_prefixed_start(l, &next, &len) || !strip(l, p))
		return 1;
	if (p->len && is_row(l, &row))
		return read_row(l, &row, &fn->image, diag);
	if (is_bad_address(l))
		return refuse_address(l, diag);
	if (l->len && is_blank(*l->s))
		read_region(l, fn->region);
	return !l->len;
}

int ec_dump_next(struct ec_dump_reader *r, struct ec_dump_function *fn, struct ec_diag *diag)
{
	struct ec_dump_reader before;
	struct prefix p;
	struct line l;
	int rc;

	memset(fn, 0, sizeof(*fn));
	rc = find_start(r, fn, &p, diag);
	if (rc <= 0)
		return rc;
	for (before = *r; next_line(r, &l); before = *r) {
		rc = read_line(&l, &p, fn, diag);
		if (rc < 0)
			return rc;
		if (rc) {
			*r = before;
			break;
		}
	}
	return 1;
}

size_t ec_dump_print_row(char out[EC_DUMP_ROW_MAX], uint32_t offset, const uint8_t bytes[16])
{
	static const char hex[] = "0123456789abcdef";
	char *p = out;

	if (offset > UINT8_MAX)
		*p++ = hex[offset >> 8 & 15];
	*p++ = hex[offset >> 4 & 15];
	*p++ = hex[offset & 15];
	*p++ = ':';
	for (int i = 0; i < ROW; i++) {
		*p++ = ' ';
		*p++ = hex[bytes[i] >> 4];
		*p++ = hex[bytes[i] & 15];
	}
	*p++ = '\n';
	*p = 0;
	return (size_t)(p - out);
}
