/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamctl acpi: the tables that tell a guest of its ECAM window and root bridge. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acpi/tables.h"
#include "core/bits.h"
#include "tools/commands/commands.h"
#include "tools/out.h"

/* buses of a window whose number of them is not told: what fits below the I/O APIC */
#define BUSES 4

struct wanted {
	bool has_kind, has_ecam, bus0;
	enum ec_acpi_kind kind;
	uint64_t ecam;
	unsigned int buses;
	struct ec_acpi_window io, mem32, mem64;
	const char *file;
};

static const struct option longs[] = {
	{ "kind", required_argument, NULL, 'k' },     { "ecam", required_argument, NULL, 'e' },
	{ "bus0", no_argument, NULL, '0' },           { "io", required_argument, NULL, 'i' },
	{ "window32", required_argument, NULL, '3' }, { "window64", required_argument, NULL, '6' },
	{ "output", required_argument, NULL, 'o' },   { "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },        { 0 },
};

static void print_help(void)
{
	printf("Usage: ecamctl %s %s\n%s\n\n", cmd_acpi.name, cmd_acpi.args, cmd_acpi.help);
	fputs("  --kind K               hvm: the file is for acpi_firmware= of xl.cfg(5);\n"
	      "                         pvh: what ecamd writes into such a guest\n"
	      "  --ecam ADDRESS[,BUSES] where bus 0 is or would be, and how many buses, 4 by "
	      "default\n"
	      "  --bus0                 hvm: bus 0 is in the window too, not with CF8 alone\n"
	      "  --io A-B               pvh: the root bridge's ports,\n"
	      "  --window32 A-B         its memory below 4 GiB\n"
	      "  --window64 A-B         and above, from the first to the last address\n"
	      "  -o, --output FILE      write the tables to FILE; without it they are listed\n"
	      "  --help                 this text\n"
	      "  --version              the version\n",
	      stdout);
}

/* A number up to @end, which is what follows it. */
static bool number(const char **text, char end, uint64_t *v)
{
	char *stop;

	/* strtoull() takes a sign and blanks */
	if (**text < '0' || **text > '9')
		return false;
	errno = 0;
	*v = strtoull(*text, &stop, 0);
	if (errno || *stop != end)
		return false;
	*text = stop + (end != 0);
	return true;
}

static bool take_kind(const char *text, struct wanted *w)
{
	w->has_kind = !strcmp(text, "hvm") || !strcmp(text, "pvh");
	w->kind = strcmp(text, "hvm") ? EC_ACPI_PVH : EC_ACPI_HVM;
	if (!w->has_kind)
		out_error("'%s' is no kind: hvm or pvh", text);
	return w->has_kind;
}

static bool take_ecam(const char *text, struct wanted *w)
{
	bool told = strchr(text, ',') != NULL;
	const char *at = text;
	uint64_t buses = BUSES;

	w->has_ecam = number(&at, told ? ',' : 0, &w->ecam) && (!told || number(&at, 0, &buses)) &&
		      buses && buses <= 256;
	w->buses = (unsigned int)buses;
	if (!w->has_ecam)
		out_error("'%s' is no window: write ADDRESS[,BUSES], 1 to 256 of them", text);
	return w->has_ecam;
}

static bool take_window(const char *text, struct ec_acpi_window *w)
{
	const char *at = text;

	if (number(&at, '-', &w->first) && number(&at, 0, &w->last) && w->last)
		return true;
	out_error("'%s' is no window: write FIRST-LAST", text);
	return false;
}

static bool take(int key, struct wanted *w)
{
	switch (key) {
	case 'k':
		return take_kind(optarg, w);
	case 'e':
		return take_ecam(optarg, w);
	case '0':
		w->bus0 = true;
		return true;
	case 'i':
		return take_window(optarg, &w->io);
	case '3':
		return take_window(optarg, &w->mem32);
	case '6':
		return take_window(optarg, &w->mem64);
	case 'o':
		w->file = optarg;
		return true;
	default:
		return false;
	}
}

/* All arguments. *@done: --help or --version, which is printed. */
static bool take_all(int argc, char **argv, struct wanted *w, bool *done)
{
	int key;

	optind = 1;
	while ((key = getopt_long(argc, argv, "ho:", longs, NULL)) != -1) {
		*done = key == 'h' || key == 'V';
		if (key == 'h')
			print_help();
		else if (key == 'V')
			puts("ecamctl " EC_VERSION);
		if (*done)
			return true;
		if (!take(key, w))
			return false;
	}
	if (optind < argc) {
		out_error("'%s' is one argument too many", argv[optind]);
		return false;
	}
	if (!w->has_kind || !w->has_ecam) {
		out_error("acpi needs --kind and --ecam");
		return false;
	}
	return true;
}

static void list_window(const char *name, struct ec_acpi_window w)
{
	if (w.last)
		printf("%-14s %#" PRIx64 "-%#" PRIx64 "\n", name, w.first, w.last);
}

static void list(const struct ec_acpi_machine *m, const uint8_t *tables, uint32_t len)
{
	list_window("ECAM window", ec_acpi_ecam(m));
	printf("%-14s %02x to %02x\n", "ECAM buses", m->first_bus, m->last_bus);
	if (m->kind == EC_ACPI_PVH)
		printf("%-14s %02x to %02x\n", "root buses", m->root_first, m->root_last);
	list_window("I/O window", m->io);
	list_window("32-bit window", m->mem32);
	list_window("64-bit window", m->mem64);
	for (uint32_t at = 0, n; at < len; at += n) {
		n = (uint32_t)ec_get_le(tables + at + 4, 4);
		printf("%-14.4s %u bytes, %.8s\n", (const char *)tables + at, n,
		       (const char *)tables + at + 16);
	}
}

static int put(const char *file, const uint8_t *tables, size_t len)
{
	FILE *f = fopen(file, "we");
	bool bad = !f || fwrite(tables, 1, len, f) != len;

	if ((f && fclose(f)) || bad) {
		out_error("%s: %s", file, strerror(errno));
		return EXIT_REFUSED;
	}
	return EXIT_DONE;
}

static int run(int argc, char **argv)
{
	struct wanted w = { 0 };
	struct ec_acpi_machine m;
	struct ec_diag diag;
	uint8_t tables[EC_ACPI_MAX];
	bool done = false;
	int len;

	if (!take_all(argc, argv, &w, &done)) {
		fputs("Try 'ecamctl acpi --help'.\n", stderr);
		return EXIT_USAGE;
	}
	if (done)
		return EXIT_DONE;
	m = ec_acpi_default(w.kind, w.ecam, w.buses, w.bus0);
	m.io = w.io;
	m.mem32 = w.mem32;
	m.mem64 = w.mem64;
	len = ec_acpi_tables(&m, tables, sizeof(tables), &diag);
	if (len < 0) {
		out_error("%s", diag.text);
		return len == -EINVAL ? EXIT_USAGE : EXIT_REFUSED;
	}
	if (w.file)
		return put(w.file, tables, (size_t)len);
	list(&m, tables, (uint32_t)len);
	return EXIT_DONE;
}

const struct command cmd_acpi = {
	.name = "acpi",
	.args = "--kind hvm|pvh --ecam ADDRESS[,BUSES] [WINDOWS] [-o FILE]",
	.help = "make the ACPI tables that tell a guest of its ECAM window",
	.run_own = run,
};
