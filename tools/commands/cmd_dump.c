/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamctl dump: write functions as text that --dump and lspci -F read. */
#include <inttypes.h>
#include <pci/header.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/bar.h"
#include "core/dump.h"
#include "tools/commands/commands.h"
#include "tools/offline/source.h"
#include "tools/offline/title.h"
#include "tools/out.h"

/* Bits of the header type besides the multi-function bit. */
#define HEADER_LAYOUT 0x7fu

/* One BAR, as `lspci -v` prints it. @virtual: the BAR register of the function reads 0. */
static void print_region(unsigned int i, const struct ec_bar *b, bool virtual)
{
	char size[OUT_SIZE_MAX];

	if (i == EC_BAR_ROM)
		printf("\tExpansion ROM at %08" PRIx64, b->addr);
	else if (b->kind == EC_BAR_IO)
		printf("\tRegion %u: I/O ports at %04" PRIx64, i, b->addr);
	else
		printf("\tRegion %u: Memory at %08" PRIx64 " (%s, %sprefetchable)", i, b->addr,
		       b->kind == EC_BAR_MEM64 ? "64-bit" : "32-bit",
		       b->flags & PCI_BASE_ADDRESS_MEM_PREFETCH ? "" : "non-");
	printf("%s [size=%s]\n", virtual ? " [virtual]" : "", out_size(b->size, size));
}

static void print_regions(const struct ec_dump_function *fn)
{
	uint32_t type = ec_image_get(&fn->image, PCI_HEADER_TYPE, 1) & HEADER_LAYOUT;
	struct ec_bar bar[EC_BAR_MAX];

	if (type > PCI_HEADER_TYPE_BRIDGE)
		return;
	ec_bar_decode(&fn->image, fn->region, type, bar);
	for (unsigned int i = 0; i < EC_BAR_MAX; i++) {
		uint32_t offset = ec_bar_offset(i, type);

		/* a guessed size would look like a known one */
		if (bar[i].kind != EC_BAR_NONE && bar[i].kind != EC_BAR_UPPER && !bar[i].guessed)
			print_region(i, bar + i, !ec_image_get(&fn->image, offset, 4));
	}
}

static int print_function(const struct source *s, struct ec_dump_function *fn,
			  struct ec_names *names, struct ec_plan *plan)
{
	static const struct ec_plan_options options = { .topology = EC_HOST };
	struct source_capture c = { EC_CAPTURE_ALL, &options, .plan = plan };
	char row[EC_DUMP_ROW_MAX], name[EC_SBDF_MAX];

	if (source_capture(s, fn, &c)) {
		out_error("%s: %s", ec_sbdf_print(fn->sbdf, false, name), c.diag.text);
		return EXIT_INPUT;
	}
	source_say_captured(fn, &c.captured);
	title_print(names, false, fn->sbdf, source_ids(fn),
		    ec_image_get(&fn->image, PCI_CLASS_REVISION, 4));
	print_regions(fn);
	for (uint32_t off = 0; off < fn->image.size; off += 16) {
		bool any = false;

		for (uint32_t d = 0; d < 16; d += 4)
			any = any || ec_image_has(&fn->image, off + d, 4);
		if (!any)
			continue;
		ec_dump_print_row(row, off, fn->image.byte + off);
		fputs(row, stdout);
	}
	putchar('\n');
	return 0;
}

/* Is @at one of the addresses given, or none given? */
static bool wanted(const struct options *o, struct ec_sbdf at)
{
	struct ec_sbdf named;

	for (char **a = o->bdfs; *a; a++)
		if (!ec_sbdf_parse(*a, &named) && !ec_sbdf_compare(named, at))
			return true;
	return !*o->bdfs;
}

/* All addresses are checked before anything is printed. */
static int check_addresses(const struct options *o, const struct source *s)
{
	struct ec_sbdf at;

	for (char **a = o->bdfs; *a; a++)
		if (!ec_sbdf_parse(*a, &at) && !source_find(s, at, o->dump))
			return EXIT_INPUT;
	return 0;
}

static int print_all(const struct options *o, const struct source *s)
{
	struct ec_names *names = ec_names_open();
	struct ec_plan *plan = malloc(sizeof(*plan));
	unsigned int printed = 0, failed = 0;

	for (unsigned int i = 0; plan && i < s->n; i++) {
		if (!wanted(o, s->fn[i].sbdf))
			continue;
		if (print_function(s, s->fn + i, names, plan))
			failed++;
		else
			printed++;
	}
	if (!plan)
		out_error("out of memory");
	ec_names_close(names);
	free(plan);
	if (!plan)
		return EXIT_REFUSED;
	/* a function that was named must be printed */
	return printed && !(failed && *o->bdfs) ? EXIT_DONE : EXIT_INPUT;
}

static int run(const struct options *o)
{
	struct source s = { 0 };
	struct ec_sbdf at;
	int rc = 0;

	for (char **a = o->bdfs; *a && !rc; a++)
		if (ec_sbdf_parse(*a, &at)) {
			out_error("'%s' is not an address: write [SSSS:]BB:DD.F", *a);
			rc = EXIT_USAGE;
		}
	if (!rc)
		rc = source_load(&s, o->dump);
	if (!rc)
		rc = check_addresses(o, &s);
	if (!rc)
		rc = print_all(o, &s);
	source_free(&s);
	return rc;
}

const struct command cmd_dump = {
	.name = "dump",
	.args = "[BDF...] [--dump FILE]",
	.help = "write functions as text for --dump, with the sizes of their BARs",
	.notes = "Without an address, all functions. Registers that must not be read, such as "
		 "VPD's data\n"
		 "and DOE's mailboxes, are written as 0.",
	.takes = TAKES_DUMP | TAKES_BDFS,
	.run = run,
};
