/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tools/options.h"

#include <getopt.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "control/socket.h"
#include "core/bits.h"
#include "host/files.h"
#include "policy/edit_distance.h"
#include "policy/match.h"
#include "tools/out.h"

#define ANY (~0u)

#define FIELD(member) offsetof(struct options, member)
#define NO_FIELD SIZE_MAX /* take() reads it */

/* No command takes two rows with the same key. */
static const struct row {
	const char *name, *arg; /* arg NULL: a flag */
	int key;
	unsigned int takes; /* the commands that have it take one of these */
	size_t field;       /* of struct options: a bool for a flag, else a text */
	const char *text;
} rows[] = {
	{ "dump", "FILE", 'd', TAKES_DUMP, FIELD(dump),
	  "read `lspci -xxxx` text from FILE (-: standard input) instead of this machine" },
	{ "topology", "T", 't', TAKES_TOPOLOGY, NO_FIELD, "bypassed (default), flattened or host" },
	{ "no-intx", NULL, 'i', TAKES_NO_INTX, FIELD(no_intx),
	  "the guest has no interrupt controller for INTx (PVH)" },
	{ "policy", "PATH", 'p', TAKES_RULES, NO_FIELD,
	  "read rules from a file or folder instead of " EC_POLICY_FOLDER "; none: no rules" },
	{ "quirks", "PATH", 'q', TAKES_RULES, NO_FIELD, "the same instead of " EC_QUIRKS_FOLDER },
	{ "guest", "G", 'g', TAKES_RULES, NO_FIELD,
	  "NAME[,UUID] of the guest, for rules that match a guest" },
	{ "kind", "K", 'k', TAKES_MACHINE, FIELD(kind), "kind of guest: hvm (default) or pvh" },
	{ "memory", "MIB", 'm', TAKES_MACHINE, FIELD(memory),
	  "memory of the guest; default: as little as the plan needs" },
	{ "ecam", "ADDRESS", 'e', TAKES_MACHINE, FIELD(ecam),
	  "address of the ECAM window, or none (default for hvm)" },
	{ "buses", "N", 'b', TAKES_MACHINE, FIELD(buses), "buses in the ECAM window, 1 to 256" },
	{ "bus0", NULL, '0', TAKES_MACHINE, FIELD(bus0),
	  "hvm: the ECAM window contains bus 0 too" },
	{ "bridge", "B", 'B', TAKES_MACHINE, FIELD(bridge),
	  "pvh: the host bridge, plain (default) or q35" },
	{ "kind", "K", 'k', TAKES_ACPI, FIELD(kind),
	  "hvm: tables for acpi_firmware= of xl.cfg(5);\n"
	  "pvh: the tables that ecamd writes into such a guest" },
	{ "ecam", "ADDRESS[,BUSES]", 'e', TAKES_ACPI, FIELD(ecam),
	  "address of bus 0 in the ECAM window, present or not,\n"
	  "and the number of buses (default 4)" },
	{ "bus0", NULL, '0', TAKES_ACPI, FIELD(bus0), "hvm: the window contains bus 0 too" },
	{ "io", "A-B", 'I', TAKES_ACPI, FIELD(io),
	  "pvh: I/O ports of the root bridge, first to last" },
	{ "window32", "A-B", '3', TAKES_ACPI, FIELD(window32),
	  "pvh: its memory below 4 GiB, first to last address" },
	{ "window64", "A-B", '6', TAKES_ACPI, FIELD(window64), "pvh: its memory above 4 GiB" },
	{ "format", "F", 'F', TAKES_PATHS, FIELD(format), "gcc: messages as those of a compiler" },
	{ "output", "FILE", 'o', TAKES_ACPI, FIELD(output),
	  "write the tables to FILE (-: standard output) instead of listing them" },
	{ "all", NULL, 'a', TAKES_ALL, FIELD(all), "all functions" },
	{ "tree", NULL, 'T', TAKES_TREE, FIELD(tree), "the guest's machine as a tree; see below" },
	{ "against", "A", 'A', TAKES_AGAINST, FIELD(against),
	  "host (default), default: the view without rules,\n"
	  "or a file or folder of other rules than those of --policy" },
	{ "verbose", NULL, 'v', TAKES_VERBOSE, FIELD(verbose),
	  "also what differs only because a guest starts at power-on" },
	{ "hex", NULL, 'x', TAKES_HEX, FIELD(hex), "hex text that `lspci -F` reads" },
	{ "json", NULL, 'j', TAKES_JSON, FIELD(json), "JSON" },
	{ "numeric", NULL, 'n', TAKES_NUMERIC, FIELD(numeric), "numbers instead of names" },
	{ "socket", "PATH", 's', TAKES_SOCKET, FIELD(socket),
	  "control socket of ecamd, " EC_CONTROL_PATH " by default" },
	{ "help", NULL, 'h', ANY, NO_FIELD, "this text" },
	{ "version", NULL, 'V', ANY, NO_FIELD, "the version" },
};

/* The same for getopt_long(3). */
static void fill_longs(struct option longs[EC_ARRAY_SIZE(rows) + 1])
{
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(rows); i++)
		longs[i] = (struct option){ rows[i].name,
					    rows[i].arg ? required_argument : no_argument, NULL,
					    rows[i].key };
	longs[EC_ARRAY_SIZE(rows)] = (struct option){ 0 };
}

static bool has_row(const struct command *cmd, const struct row *row)
{
	return row->takes == ANY || row->takes & cmd->takes;
}

/* The row of @cmd with @key; NULL: it has none. */
static const struct row *find_row(const struct command *cmd, int key)
{
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(rows); i++)
		if (rows[i].key == key && has_row(cmd, rows + i))
			return rows + i;
	return NULL;
}

/* Columns of an option and its argument. */
#define LEFT 16

static void print_row(const struct row *row)
{
	char left[64];
	const char *text = row->text;

	snprintf(left, sizeof(left), "%s--%s%s%s",
		 row->key == 'n'   ? "-n, "
		 : row->key == 'v' ? "-v, "
		 : row->key == 'o' ? "-o, "
				   : "",
		 row->name, row->arg ? " " : "", row->arg ? row->arg : "");
	/* a text starts in the next line if there is no room */
	if (strlen(left) > LEFT)
		printf("  %s\n  %-*s ", left, LEFT, "");
	else
		printf("  %-*s ", LEFT, left);
	for (; *text; text++) {
		putchar(*text);
		if (*text == '\n')
			printf("  %-*s ", LEFT, "");
	}
	putchar('\n');
}

static void print_help(const struct command *cmd)
{
	printf("Usage: ecamctl %s%s%s\n%s\n\n", cmd->name, *cmd->args ? " " : "", cmd->args,
	       cmd->help);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(rows); i++)
		if (has_row(cmd, rows + i))
			print_row(rows + i);
	if (*cmd->notes)
		printf("\n%s\n", cmd->notes);
}

void options_say_help(const struct command *cmd)
{
	fprintf(stderr, "Try 'ecamctl %s --help'.\n", cmd->name);
}

bool options_has_machine(const struct options *o)
{
	return o->kind || o->memory || o->ecam || o->buses || o->bus0 || o->bridge;
}

static bool usage_error(const struct command *cmd, int *code)
{
	options_say_help(cmd);
	*code = EXIT_USAGE;
	return false;
}

static bool take_topology(struct options *o)
{
	int t = ec_topology_parse(optarg);

	if (t < 0) {
		out_error("'%s' is not a topology: bypassed, flattened or host", optarg);
		return false;
	}
	o->topology = (enum ec_topology)t;
	o->has_topology = true;
	return true;
}

/* The first path replaces the installed folder; "none" removes all paths before it. */
static bool take_path(struct options_paths *p)
{
	p->given = true;
	if (!strcmp(optarg, "none")) {
		p->n = 0;
		return true;
	}
	if (p->n == OPTIONS_PATHS_MAX) {
		out_error("more than %d paths of one kind: put the files into a folder",
			  OPTIONS_PATHS_MAX);
		return false;
	}
	p->path[p->n++] = optarg;
	return true;
}

/* NAME[,UUID] */
static bool take_for_guest(struct options *o)
{
	char *comma = strchr(optarg, ',');

	o->for_uuid[0] = 0;
	if (comma && !ec_uuid_is(comma + 1)) {
		out_error("'%s' is not a UUID: 8, 4, 4, 4 and 12 hexadecimal digits", comma + 1);
		return false;
	}
	for (unsigned int i = 0; comma && i <= OPTIONS_UUID; i++) {
		char c = comma[1 + i];

		o->for_uuid[i] = c >= 'A' && c <= 'F' ? (char)(c - 'A' + 'a') : c;
	}
	if (comma)
		*comma = 0;
	if (!*optarg) {
		out_error("--guest needs a name");
		return false;
	}
	o->for_guest = optarg;
	return true;
}

/* getopt_long(3) has said that @text is no option: "--topolgy=host". */
static void suggest(const struct command *cmd, const char *text)
{
	char name[24];
	struct ec_nearest near;

	if (strncmp(text, "--", 2) != 0)
		return;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(text + 2, "="), text + 2);
	near = ec_nearest_to(name);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(rows); i++)
		if (has_row(cmd, rows + i))
			ec_nearest_try(&near, rows[i].name);
	if (near.found)
		out_error("did you mean --%s?", near.found);
}

/* One option. Returns false after a message if it is wrong. */
static bool take(const struct command *cmd, int key, struct options *o)
{
	const struct row *row = find_row(cmd, key);

	if (key == '?')
		return false;
	if (!row) {
		out_error("%s has no such option", cmd->name);
		return false;
	}
	switch (key) {
	case 't':
		return take_topology(o);
	case 'p':
		return take_path(&o->policy);
	case 'q':
		return take_path(&o->quirks);
	case 'g':
		return take_for_guest(o);
	default:
		if (row->arg)
			*(const char **)((char *)o + row->field) = optarg;
		else
			*(bool *)((char *)o + row->field) = true;
		return true;
	}
}

/* The guest, and an attach specification. */
static bool take_guest(const struct command *cmd, int argc, char **argv, struct options *o)
{
	struct ec_attach_spec spec;
	struct ec_diag diag;

	if (cmd->takes & TAKES_GUEST) {
		if (optind >= argc || !*argv[optind]) {
			out_error("%s needs the name or number of a guest", cmd->name);
			return false;
		}
		o->guest = argv[optind++];
	}
	if (cmd->takes & TAKES_SPEC) {
		if (optind >= argc) {
			out_error("%s needs a guest and an address", cmd->name);
			return false;
		}
		o->spec = argv[optind++];
		if (ec_attach_spec_parse(o->spec, &spec, &diag)) {
			out_error("%s: %s", o->spec, diag.text);
			return false;
		}
		if (cmd->takes & TAKES_RESET_ONLY &&
		    (spec.has_slot || spec.n_sets || spec.ecam != EC_ECAM_DEFAULT)) {
			out_error("%s: %s has no key but reset=none", o->spec, cmd->name);
			return false;
		}
		o->bdf = spec.host;
	}
	return true;
}

/* The address of the function, or if the command reads rules its attach specification. */
static bool take_bdf(const struct command *cmd, const char *text, struct options *o)
{
	struct ec_diag diag;

	if (!(cmd->takes & TAKES_RULES)) {
		if (ec_sbdf_parse(text, &o->bdf)) {
			out_error("'%s' is not an address: write [SSSS:]BB:DD.F", text);
			return false;
		}
	} else {
		if (ec_attach_spec_parse(text, &o->with, &diag)) {
			out_error("%s", diag.text);
			return false;
		}
		o->bdf = o->with.host;
	}
	o->has_bdf = true;
	return true;
}

static bool one_format(const struct options *o)
{
	if (o->hex && o->json)
		out_error("--hex and --json exclude each other");
	return !(o->hex && o->json);
}

/* Any number of operands of one kind. */
static bool take_many(const struct command *cmd, int argc, char **argv, struct options *o)
{
	if (cmd->takes & TAKES_PATHS)
		o->paths = argv + optind;
	else
		o->bdfs = argv + optind;
	if (o->all && optind < argc) {
		out_error("%s takes an address or --all, not both", cmd->name);
		return false;
	}
	return one_format(o);
}

/* The arguments after the options. */
static bool take_operands(const struct command *cmd, int argc, char **argv, struct options *o)
{
	if (cmd->takes & (TAKES_BDFS | TAKES_PATHS) || o->tree)
		return take_many(cmd, argc, argv, o);
	if (!take_guest(cmd, argc, argv, o))
		return false;
	if (cmd->takes & TAKES_BDF && optind < argc && !take_bdf(cmd, argv[optind++], o))
		return false;
	if (cmd->takes & TAKES_PLACE) {
		if (optind >= argc) {
			out_error("%s needs an address and a register", cmd->name);
			return false;
		}
		o->place = argv[optind++];
	}
	if (optind < argc) {
		out_error("'%s' is one argument too many", argv[optind]);
		return false;
	}
	if (cmd->takes & TAKES_BDF && o->has_bdf == o->all) {
		out_error(o->all                   ? "%s takes an address or --all, not both"
			  : cmd->takes & TAKES_ALL ? "%s needs an address or --all"
						   : "%s needs an address",
			  cmd->name);
		return false;
	}
	return one_format(o);
}

bool options_parse(const struct command *cmd, int argc, char **argv, struct options *o, int *code)
{
	struct option longs[EC_ARRAY_SIZE(rows) + 1];
	int key;

	fill_longs(longs);
	memset(o, 0, sizeof(*o));
	o->socket = EC_CONTROL_PATH;
	optind = 1;
	while ((key = getopt_long(argc, argv, "hno:v", longs, NULL)) != -1) {
		if (key == 'h' || key == 'V') {
			if (key == 'h')
				print_help(cmd);
			else
				puts("ecamctl " EC_VERSION);
			*code = out_flush(EXIT_DONE);
			return false;
		}
		/* optopt: a known option, or a letter */
		if (key == '?' && !optopt)
			suggest(cmd, argv[optind - 1]);
		if (!take(cmd, key, o))
			return usage_error(cmd, code);
	}
	return take_operands(cmd, argc, argv, o) || usage_error(cmd, code);
}
