/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tests/fuzz/harness.h"

#define ROW 16u
/* a first line, one line per BAR, the rows, each with more room than it needs */
#define PRINTED_MAX (128u * (1 + EC_BAR_MAX) + EC_CONFIG_SIZE / ROW * EC_DUMP_ROW_MAX)

/* Lines of the text before @pos; a byte order mark at its start belongs to none. */
static unsigned int lines_before(const struct ec_dump_reader *r, size_t pos)
{
	size_t from = r->len >= 3 && !memcmp(r->text, "\xef\xbb\xbf", 3) ? 3 : 0;
	unsigned int n = 0;

	for (size_t i = from; i < pos; i++)
		n += r->text[i] == '\n';
	return n + (pos > from && r->text[pos - 1] != '\n');
}

/* The invariants of core/image.h, and that rows are complete. */
static void check_image(const struct ec_image *img)
{
	static const uint8_t zero[ROW];
	uint32_t end = 0;

	for (uint32_t at = 0; at < EC_CONFIG_SIZE; at += ROW) {
		uint32_t dwords = img->present[at / 128] >> at / 4 % 32 & 15;

		if (dwords == 15)
			end = at + ROW;
		else if (dwords)
			harness_fail("image: part of row %x", at);
		else if (memcmp(img->byte + at, zero, ROW) != 0)
			harness_fail("image: row %x was not captured and is not 0", at);
		if (ec_image_has(img, at, ROW) != (dwords == 15))
			harness_fail("image: ec_image_has() of row %x", at);
	}
	end = !end ? 0 : end <= 64 ? 64 : end <= 256 ? 256 : EC_CONFIG_SIZE;
	if (!end || img->size != end)
		harness_fail("image: size %u, not %u", img->size, end);
}

/* A line of `lspci -v` with a BAR's size. */
static int print_region(char *out, size_t room, unsigned int i, const struct ec_region *r)
{
	static const char *const units[] = { "", "K", "M", "G", "T", "P", "E" };
	uint64_t size = r->size;
	unsigned int unit = 0;
	char name[32];

	if (i == EC_BAR_ROM)
		snprintf(name, sizeof(name), "Expansion ROM at 0");
	else
		snprintf(name, sizeof(name), "Region %u: %s", i, r->flags & 1 ? "" : "Memory");
	for (; size % 1024 == 0 && unit < 6; unit++)
		size /= 1024;
	return snprintf(out, room, "\t%s%s (%s%s) [size=%llu%s]\n", name,
			r->flags & 1 ? " I/O ports" : "", r->flags & 4 ? "64-bit" : "32-bit",
			r->flags & 8 ? ", prefetchable" : "", (unsigned long long)size,
			units[unit]);
}

static size_t print(const struct ec_dump_function *fn, char *out, size_t room)
{
	char name[EC_SBDF_MAX];
	size_t n;

	n = (size_t)snprintf(out, room, "%s Class: any", ec_sbdf_print(fn->sbdf, false, name));
	if (fn->vendor || fn->device)
		n += (size_t)snprintf(out + n, room - n, " [%04x:%04x]", fn->vendor, fn->device);
	out[n++] = '\n';
	for (unsigned int i = 0; i < EC_BAR_MAX; i++)
		if (fn->region[i].size)
			n += (size_t)print_region(out + n, room - n, i, &fn->region[i]);
	for (uint32_t at = 0; at < EC_CONFIG_SIZE; at += ROW)
		if (ec_image_has(&fn->image, at, ROW))
			n += ec_dump_print_row(out + n, at, fn->image.byte + at);
	return n;
}

/* A function that is printed and read again is the same. */
static void check_round_trip(const struct ec_dump_function *fn)
{
	static char text[PRINTED_MAX];
	static struct ec_dump_function again;
	struct ec_dump_reader r = { .text = text };
	struct ec_diag diag = { .text = "" };

	r.len = print(fn, text, sizeof(text));
	if (ec_dump_next(&r, &again, &diag) != 1)
		harness_fail("printed, it is not read again: line %u: %s", diag.line, diag.text);
	else if (memcmp(&fn->image, &again.image, sizeof(again.image)) != 0)
		harness_fail("printed, its image is another");
	else if (ec_sbdf_compare(fn->sbdf, again.sbdf) || fn->vendor != again.vendor ||
		 fn->device != again.device || again.line != 1)
		harness_fail("printed, its first line is another");
	for (unsigned int i = 0; i < EC_BAR_MAX; i++)
		if (fn->region[i].size != again.region[i].size ||
		    fn->region[i].flags != again.region[i].flags)
			harness_fail("printed, region %u is another", i);
	if (ec_dump_next(&r, &again, &diag) != 0)
		harness_fail("printed, something follows");
}

/* Plan with the sizes of the text, in every topology. */
static void check_plans(const struct ec_dump_function *fn)
{
	static struct ec_plan plan;
	struct ec_plan_options options = { .vendor = fn->vendor,
					   .device = fn->device,
					   .region = fn->region };

	for (options.topology = 0; options.topology < EC_TOPOLOGIES; options.topology++)
		harness_plan(&plan, &fn->image, &options);
}

/* The position of the reader, which was @was before it returned @rc. */
static void check_reader(const struct ec_dump_reader *was, const struct ec_dump_reader *r, int rc,
			 const struct ec_dump_function *fn, const struct ec_diag *diag)
{
	if (rc != 1 && rc != 0 && rc != -EINVAL)
		harness_fail("reader: returns %d", rc);
	if (r->pos > r->len || r->text != was->text || r->len != was->len)
		harness_fail("reader: past the end");
	else if (rc ? r->pos <= was->pos : r->pos != r->len)
		harness_fail("reader: from %zu to %zu of %zu", was->pos, r->pos, r->len);
	else if (r->line != lines_before(r, r->pos))
		harness_fail("reader: %u lines, not %u", r->line, lines_before(r, r->pos));
	if (rc == 1 && (fn->line <= was->line || fn->line > r->line))
		harness_fail("reader: function of line %u in %u to %u", fn->line, was->line,
			     r->line);
	if (rc < 0 && (!diag->text[0] || diag->line <= was->line || diag->line > r->line))
		harness_fail("reader: error of line %u in %u to %u: \"%s\"", diag->line, was->line,
			     r->line, diag->text);
}

const char *harness_dump(const uint8_t *data, size_t size)
{
	struct ec_dump_reader r = { .text = (const char *)data, .len = size };
	static struct ec_dump_function fn;
	int rc;

	harness_start();
	do {
		struct ec_dump_reader was = r;
		struct ec_diag diag = { .text = "" };

		memset(&fn, 0xa5, sizeof(fn));
		rc = ec_dump_next(&r, &fn, &diag);
		check_reader(&was, &r, rc, &fn, &diag);
		if (rc != 1)
			break;
		if (!fn.image.size)
			continue;
		check_image(&fn.image);
		check_round_trip(&fn);
		check_plans(&fn);
	} while (!harness_text());
	return harness_text();
}
