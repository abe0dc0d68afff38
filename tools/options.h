/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands of ecamctl, and the options that they share.
 */
#ifndef EC_TOOLS_OPTIONS_H
#define EC_TOOLS_OPTIONS_H

#include <stdbool.h>

#include "control/attach_spec.h"
#include "core/sbdf.h"
#include "view/topology.h"

#ifndef EC_VERSION
#define EC_VERSION "unknown"
#endif

/** Files or folders of rules. */
#define OPTIONS_PATHS_MAX 64
struct options_paths {
	bool given; /* what is installed does not count */
	unsigned int n;
	const char *path[OPTIONS_PATHS_MAX];
};

/** Characters of a uuid, "12345678-1234-1234-1234-123456789abc". */
#define OPTIONS_UUID 36

struct options {
	const char *dump;
	enum ec_topology topology;
	bool has_topology; /* it was asked for */
	bool all, hex, json, numeric, no_intx, tree;
	bool multifunction; /* no option: it shows that its slot has other functions */
	bool has_bdf;
	struct ec_sbdf bdf;
	struct ec_attach_spec with; /* of TAKES_RULES: what the address came with */
	struct options_paths policy, quirks;
	const char *for_guest;           /* that rules may ask for; NULL: none */
	char for_uuid[OPTIONS_UUID + 1]; /* its uuid in lower case, or "" */
	const char *place;               /* of TAKES_PLACE: a register, not yet parsed */
	char **paths;                    /* of TAKES_PATHS, one at least; NULL at the end */
	char **bdfs; /* of TAKES_BDFS and --tree, not yet parsed; NULL at the end */
	const char *kind, *memory, *ecam; /* of TAKES_MACHINE, not yet parsed; NULL: not given */
	const char *buses, *bridge;       /* likewise */
	bool bus0;                        /* likewise: it was asked for */
	const char *socket;               /* of ecamd */
	const char *guest;                /* name or number */
	const char *spec;                 /* of TAKES_SPEC; its address is bdf */
};

/** What a command takes. */
enum {
	TAKES_DUMP = 1,
	TAKES_BDF = 2,
	TAKES_ALL = 4,
	TAKES_TOPOLOGY = 8,
	TAKES_HEX = 16,
	TAKES_JSON = 32,
	TAKES_NUMERIC = 64,
	TAKES_BDFS = 128, /* any number of addresses */
	TAKES_NO_INTX = 256,
	TAKES_SOCKET = 512,
	TAKES_GUEST = 1024, /* before all other arguments */
	TAKES_SPEC = 2048,  /* what a function is attached with */
	TAKES_RULES = 4096, /* rules decide, and the address may be what it is attached with */
	TAKES_PLACE = 8192, /* behind the address */
	TAKES_PATHS = 16384,
	TAKES_MACHINE = 32768, /* what a guest's machine is to be */
	TAKES_TREE = 65536,    /* --tree; then any number of addresses, none: all */
};

/** What a command that TAKES_RULES says of them in its notes. */
#define OPTIONS_RULES_NOTES                                                                        \
	"RULES are --policy, --quirks and --guest. BDF may be what the function is attached\n"     \
	"with, BDF[@SLOT][,KEY=VALUE...]: see 'ecamctl attach --help'."

struct command {
	const char *name;
	const char *args;  /* after the name, in its usage line */
	const char *help;  /* one line */
	const char *notes; /* more lines for its own --help, or "" */
	unsigned int takes;
	int (*run)(const struct options *o); /* returns an exit code */
	/* the same for a command that reads its arguments itself; it has no notes, takes, run */
	int (*run_own)(int argc, char **argv);
};

/**
 * options_parse() - read a command's arguments.
 * @argv[0] is the command's name. Returns true, or false with the exit code in *@code: after
 * --help, or after a message about a wrong argument.
 */
bool options_parse(const struct command *cmd, int argc, char **argv, struct options *o, int *code);

/** options_say_help() - on stderr: where to read how @cmd is used. */
void options_say_help(const struct command *cmd);

#endif
