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

/* Is the line "OFF:" with 2 to 8 hex digits, and bytes or nothing after it? */
static bool is_row(const struct line *l, struct row *row)
{
	size_t n = 0;

	*row = (struct row){ 0 };
	while (n < l->len && n < 8 && digit(l->s[n]))
		row->offset = row->offset << 4 | (digit(l->s[n++]) & 15);
	if (n < 2 || n >= l->len || l->s[n] != ':' || (n + 1 < l->len && l->s[n + 1] != ' '))
		return false;
	row->colon = n;
	return true;
}

/* The bytes after the colon. Returns their number, or -1 if there is anything but bytes. */
static int row_bytes(const struct line *l, size_t pos, uint8_t bytes[ROW])
{
	int n = 0;

	while (pos + 2 < l->len && l->s[pos] == ' ' && n < ROW) {
		unsigned int hi = digit(l->s[pos + 1]), lo = digit(l->s[pos + 2]);

		if (!(hi & lo & HEX))
			break;
		bytes[n++] = (uint8_t)(hi << 4 | (lo & 15));
		pos += 3;
	}
	while (pos < l->len && (l->s[pos] == ' ' || l->s[pos] == '\t'))
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

static bool read_start(const struct line *l, struct ec_sbdf *s)
{
	size_t n = ec_sbdf_scan(l->s, l->len, s);

	return n && (n == l->len || l->s[n] == ' ');
}

/* Moves to the line that starts the next function. Returns 1, 0 at the end, or -EINVAL. */
static int find_start(struct ec_dump_reader *r, struct ec_dump_function *fn, struct ec_diag *diag)
{
	struct line l;
	struct row row;

	/* some editors write a byte order mark */
	if (!r->pos && r->len >= 3 && !memcmp(r->text, "\xef\xbb\xbf", 3))
		r->pos = 3;
	while (next_line(r, &l)) {
		if (read_start(&l, &fn->sbdf)) {
			fn->line = r->line;
			read_ids(&l, fn);
			return 1;
		}
		if (is_row(&l, &row)) {
			ec_diag_set(diag, l.number, "row %02x comes before any function",
				    row.offset);
			return -EINVAL;
		}
	}
	return 0;
}

int ec_dump_next(struct ec_dump_reader *r, struct ec_dump_function *fn, struct ec_diag *diag)
{
	struct ec_dump_reader before;
	struct ec_sbdf next;
	struct line l;
	struct row row;
	int rc;

	memset(fn, 0, sizeof(*fn));
	rc = find_start(r, fn, diag);
	if (rc <= 0)
		return rc;
	for (before = *r; next_line(r, &l); before = *r) {
		if (is_row(&l, &row)) {
			rc = read_row(&l, &row, &fn->image, diag);
			if (rc)
				return rc;
		} else if (l.len && (l.s[0] == '\t' || l.s[0] == ' ')) {
			read_region(&l, fn->region);
		} else if (read_start(&l, &next)) {
			*r = before;
			break;
		}
	}
	if (!fn->image.size) {
		char name[EC_SBDF_MAX];

		ec_diag_set(diag, fn->line, "function %s has no hex rows (made without -x?)",
			    ec_sbdf_print(fn->sbdf, false, name));
		return -EINVAL;
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
