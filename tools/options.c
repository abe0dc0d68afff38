/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "control/socket.h"
#include "host/files.h"
#include "out.h"
#include "policy/match.h"

/* clang-format off */
static const struct option longs[] = {
	{ "all", no_argument, NULL, 'a' },
	{ "bridge", required_argument, NULL, 'B' },
	{ "bus0", no_argument, NULL, '0' },
	{ "buses", required_argument, NULL, 'b' },
	{ "dump", required_argument, NULL, 'd' },
	{ "ecam", required_argument, NULL, 'e' },
	{ "guest", required_argument, NULL, 'g' },
	{ "help", no_argument, NULL, 'h' },
	{ "hex", no_argument, NULL, 'x' },
	{ "json", no_argument, NULL, 'j' },
	{ "kind", required_argument, NULL, 'k' },
	{ "memory", required_argument, NULL, 'm' },
	{ "no-intx", no_argument, NULL, 'i' },
	{ "numeric", no_argument, NULL, 'n' },
	{ "policy", required_argument, NULL, 'p' },
	{ "quirks", required_argument, NULL, 'q' },
	{ "socket", required_argument, NULL, 's' },
	{ "topology", required_argument, NULL, 't' },
	{ "tree", no_argument, NULL, 'T' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 },
};
/* clang-format on */

/* What each option is, for --help, and which commands have it. */
static const struct option_help {
	int key;
	unsigned int takes;
	const char *text;
} helps[] = {
	{ 'd', TAKES_DUMP,
	  "--dump FILE      read `lspci -xxxx` text from FILE (-: standard input), not this "
	  "machine" },
	{ 't', TAKES_TOPOLOGY, "--topology T     bypassed (default), flattened or host" },
	{ 'i', TAKES_NO_INTX,
	  "--no-intx        as a guest without an interrupt controller for INTx sees it (PVH)" },
	{ 'p', TAKES_RULES,
	  "--policy PATH    a file of rules, or a folder of them, in place of " EC_POLICY_FOLDER
	  ";\n                   none: no rules" },
	{ 'q', TAKES_RULES, "--quirks PATH    the same in place of " EC_QUIRKS_FOLDER },
	{ 'g', TAKES_RULES, "--guest G        NAME[,UUID] of the guest, for rules that ask" },
	{ 'k', TAKES_MACHINE, "--kind K         of the guest: hvm (default) or pvh" },
	{ 'm', TAKES_MACHINE,
	  "--memory MIB     that the guest is to have; without it as little as must be" },
	{ 'e', TAKES_MACHINE, "--ecam ADDRESS   of the ECAM window, or none: the default for hvm" },
	{ 'b', TAKES_MACHINE, "--buses N        that the ECAM window has, 1 to 256" },
	{ '0', TAKES_MACHINE, "--bus0           bus 0 is in it beside a device model, too (hvm)" },
	{ 'B', TAKES_MACHINE,
	  "--bridge B       the host bridge of a pvh guest: plain (default) or q35" },
	{ 'a', TAKES_ALL, "--all            all functions" },
	{ 'T', TAKES_TREE, "--tree           the guest's machine as a tree; see below" },
	{ 'x', TAKES_HEX, "--hex            hex text that `lspci -F` reads" },
	{ 'j', TAKES_JSON, "--json           JSON" },
	{ 'n', TAKES_NUMERIC, "-n, --numeric    numbers, no names" },
	{ 's', TAKES_SOCKET,
	  "--socket PATH    where ecamd listens, " EC_CONTROL_PATH " by default" },
	{ 'h', ~0u, "--help           this text" },
	{ 'V', ~0u, "--version        the version" },
};

static void print_help(const struct command *cmd)
{
	printf("Usage: ecamctl %s%s%s\n%s\n\n", cmd->name, *cmd->args ? " " : "", cmd->args,
	       cmd->help);
	for (unsigned int i = 0; i < sizeof(helps) / sizeof(helps[0]); i++)
		if (helps[i].takes & cmd->takes || helps[i].takes == ~0u)
			printf("  %s\n", helps[i].text);
	if (*cmd->notes)
		printf("\n%s\n", cmd->notes);
}

static bool has_option(const struct command *cmd, int key)
{
	for (unsigned int i = 0; i < sizeof(helps) / sizeof(helps[0]); i++)
		if (helps[i].key == key)
			return helps[i].takes & cmd->takes || helps[i].takes == ~0u;
	return false;
}

void options_say_help(const struct command *cmd)
{
	fprintf(stderr, "Try 'ecamctl %s --help'.\n", cmd->name);
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
		out_error("'%s' is no topology: bypassed, flattened or host", optarg);
		return false;
	}
	o->topology = (enum ec_topology)t;
	o->has_topology = true;
	return true;
}

/* The first path takes the place of the installed folder, "none" of all before it. */
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
		out_error("'%s' is no uuid: 8, 4, 4, 4 and 12 hexadecimal digits", comma + 1);
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

/* Options that are kept as they are: what they set, or where their argument goes. */
static void keep(int key, struct options *o)
{
	const struct {
		int key;
		bool *flag;
		const char **text;
	} kept[] = {
		{ 'a', &o->all, NULL },   { 'x', &o->hex, NULL },     { 'j', &o->json, NULL },
		{ 'T', &o->tree, NULL },  { 'n', &o->numeric, NULL }, { 'i', &o->no_intx, NULL },
		{ '0', &o->bus0, NULL },  { 'd', NULL, &o->dump },    { 's', NULL, &o->socket },
		{ 'k', NULL, &o->kind },  { 'm', NULL, &o->memory },  { 'e', NULL, &o->ecam },
		{ 'b', NULL, &o->buses }, { 'B', NULL, &o->bridge },
	};

	for (unsigned int i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		if (kept[i].key != key)
			continue;
		if (kept[i].flag)
			*kept[i].flag = true;
		else
			*kept[i].text = optarg;
	}
}

/* One option. Returns false if it is wrong; a message is printed then. */
static bool take(const struct command *cmd, int key, struct options *o)
{
	if (key == '?')
		return false;
	if (!has_option(cmd, key)) {
		out_error("%s takes no such option", cmd->name);
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
		keep(key, o);
		return true;
	}
}

/* The guest, and what is attached to it. */
static bool take_guest(const struct command *cmd, int argc, char **argv, struct options *o)
{
	struct ec_attach_spec spec;
	struct ec_diag diag;

	if (cmd->takes & TAKES_GUEST) {
		if (optind >= argc || !*argv[optind]) {
			out_error("%s needs a guest's name or number", cmd->name);
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
		o->bdf = spec.host;
	}
	return true;
}

/* The function's address; where rules decide, what it is attached with. */
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

/* Operands of which there may be any number. */
static bool take_many(const struct command *cmd, int argc, char **argv, struct options *o)
{
	if (cmd->takes & TAKES_PATHS)
		o->paths = argv + optind;
	else
		o->bdfs = argv + optind;
	if (cmd->takes & TAKES_PATHS && optind >= argc) {
		out_error("%s needs a file or a folder", cmd->name);
		return false;
	}
	if (o->all && optind < argc) {
		out_error("%s takes an address or --all, not both", cmd->name);
		return false;
	}
	return one_format(o);
}

/* What is left after the options. */
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
	int key;

	memset(o, 0, sizeof(*o));
	o->socket = EC_CONTROL_PATH;
	optind = 1;
	while ((key = getopt_long(argc, argv, "hn", longs, NULL)) != -1) {
		if (key == 'h' || key == 'V') {
			if (key == 'h')
				print_help(cmd);
			else
				puts("ecamctl " EC_VERSION);
			*code = out_flush(EXIT_DONE);
			return false;
		}
		if (!take(cmd, key, o))
			return usage_error(cmd, code);
	}
	return take_operands(cmd, argc, argv, o) || usage_error(cmd, code);
}
