/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamctl acpi: the ACPI tables with the ECAM window and the root bridge of a guest. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "acpi/tables.h"
#include "core/bits.h"
#include "tools/commands/commands.h"
#include "tools/number.h"
#include "tools/out.h"

/* default size of the window: as many buses fit below the I/O APIC */
#define BUSES 4

/* The options of the command, parsed. */
struct wanted {
	enum ec_acpi_kind kind;
	uint64_t ecam;
	unsigned int buses;
	struct ec_acpi_window io, mem32, mem64;
};

static bool take_kind(const char *text, struct wanted *w)
{
	bool pvh = !strcmp(text, "pvh");

	if (!pvh && strcmp(text, "hvm") != 0) {
		out_error("'%s' is not a kind of guest: hvm or pvh", text);
		return false;
	}
	w->kind = pvh ? EC_ACPI_PVH : EC_ACPI_HVM;
	return true;
}

/* ADDRESS[,BUSES] */
static bool take_ecam(const char *text, struct wanted *w)
{
	const char *at = text;
	uint64_t buses = BUSES;
	bool good = number_read_hex(&at, &w->ecam);

	if (good && *at == ',') {
		at++;
		good = number_read(&at, 0, &buses);
	}
	if (!good || *at || !buses || buses > 256) {
		out_error("'%s' is not a window: write ADDRESS[,BUSES], 1 to 256 buses", text);
		return false;
	}
	w->buses = (unsigned int)buses;
	return true;
}

/* FIRST-LAST; NULL: no window. */
static bool take_window(const char *text, struct ec_acpi_window *w)
{
	const char *at = text;

	if (!text)
		return true;
	if (number_read_hex(&at, &w->first) && *at++ == '-' &&
	    number_parse_hex(at, UINT64_MAX, &w->last) && w->last)
		return true;
	out_error("'%s' is not a window: write FIRST-LAST", text);
	return false;
}

/* Returns false after a message. */
static bool take_all(const struct options *o, struct wanted *w)
{
	if (!o->kind || !o->ecam) {
		out_error("acpi needs --kind and --ecam");
		return false;
	}
	return take_kind(o->kind, w) && take_ecam(o->ecam, w) && take_window(o->io, &w->io) &&
	       take_window(o->window32, &w->mem32) && take_window(o->window64, &w->mem64);
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
	FILE *f;
	bool bad;

	/* main() reports what is wrong with it */
	if (!strcmp(file, "-")) {
		fwrite(tables, 1, len, stdout);
		return EXIT_DONE;
	}
	f = fopen(file, "we");
	bad = !f || fwrite(tables, 1, len, f) != len;

	if ((f && fclose(f)) || bad) {
		out_error("%s: %s", file, strerror(errno));
		return EXIT_REFUSED;
	}
	return EXIT_DONE;
}

static int run(const struct options *o)
{
	struct wanted w = { 0 };
	struct ec_acpi_machine m;
	struct ec_diag diag;
	uint8_t tables[EC_ACPI_MAX];
	int len;

	if (!take_all(o, &w))
		return EXIT_USAGE;
	m = ec_acpi_default(w.kind, w.ecam, w.buses, o->bus0);
	m.io = w.io;
	m.mem32 = w.mem32;
	m.mem64 = w.mem64;
	len = ec_acpi_tables(&m, tables, sizeof(tables), &diag);
	if (len < 0) {
		out_error("%s", diag.text);
		return len == -EINVAL ? EXIT_USAGE : EXIT_REFUSED;
	}
	if (o->output)
		return put(o->output, tables, (size_t)len);
	list(&m, tables, (uint32_t)len);
	return EXIT_DONE;
}

const struct command cmd_acpi = {
	.name = "acpi",
	.args = "--kind hvm|pvh --ecam ADDRESS[,BUSES] [WINDOWS] [-o FILE]",
	.help = "make the ACPI tables that describe the ECAM window to a guest",
	.notes = "WINDOWS are --bus0, --io, --window32 and --window64. See ecamctl(1).",
	.takes = TAKES_ACPI,
	.run = run,
};
