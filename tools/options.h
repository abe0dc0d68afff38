/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A command of ecamctl, and its arguments.
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
	bool given; /* the installed rules are not read */
	unsigned int n;
	const char *path[OPTIONS_PATHS_MAX];
};

/** Characters of a UUID, "12345678-1234-1234-1234-123456789abc". */
#define OPTIONS_UUID 36

/** What a command takes; a bit each. */
enum {
	TAKES_DUMP = 1 << 0,
	TAKES_BDF = 1 << 1,
	TAKES_BDFS = 1 << 2, /* any number of addresses */
	TAKES_ALL = 1 << 3,
	TAKES_TREE = 1 << 4,     /* --tree, and then any number of addresses; none: all functions */
	TAKES_PLACE = 1 << 5,    /* a register, after the address */
	TAKES_PATHS = 1 << 6,    /* any number of files and folders of rules */
	TAKES_GUEST = 1 << 7,    /* before all other arguments */
	TAKES_SPEC = 1 << 8,     /* an attach specification */
	TAKES_RULES = 1 << 9,    /* options for rules; the address may be an attach specification */
	TAKES_MACHINE = 1 << 10, /* options for the machine of a guest */
	TAKES_ACPI = 1 << 11,    /* options for ACPI tables */
	TAKES_TOPOLOGY = 1 << 12,
	TAKES_NO_INTX = 1 << 13,
	TAKES_HEX = 1 << 14,
	TAKES_JSON = 1 << 15,
	TAKES_NUMERIC = 1 << 16,
	TAKES_SOCKET = 1 << 17,
	TAKES_RESET_ONLY = 1 << 18, /* of the keys of TAKES_SPEC only reset */
	TAKES_AGAINST = 1 << 19,
	TAKES_VERBOSE = 1 << 20,
};

/** Arguments of a command. Texts are as given, and NULL if they are not. */
struct options {
	const char *dump;   /* NULL: this machine */
	const char *socket; /* of ecamd; never NULL */
	bool all, hex, json, numeric, no_intx, tree, verbose;
	const char *against; /* of TAKES_AGAINST: host, default or a path */
	bool multifunction;  /* not an option: other functions share the slot */
	enum ec_topology topology;
	bool has_topology; /* --topology was given */
	/* operands */
	bool has_bdf;
	struct ec_sbdf bdf;
	struct ec_attach_spec with; /* of TAKES_RULES: the specification that has bdf */
	const char *spec;           /* of TAKES_SPEC; bdf is its address */
	const char *guest;          /* name or number */
	const char *place;          /* of TAKES_PLACE: a register */
	char **paths;               /* of TAKES_PATHS; NULL at the end */
	const char *format;         /* of TAKES_PATHS: of messages */
	char **bdfs;                /* of TAKES_BDFS and --tree; NULL at the end */
	/* TAKES_RULES */
	struct options_paths policy, quirks;
	const char *for_guest;           /* name of the guest that rules may match */
	char for_uuid[OPTIONS_UUID + 1]; /* its UUID in lower case, or "" */
	/* TAKES_MACHINE; kind, ecam and bus0 of TAKES_ACPI too */
	const char *kind, *memory, *ecam, *buses, *bridge;
	bool bus0;
	/* TAKES_ACPI */
	const char *io, *window32, *window64, *output;
};

/** Notes of a command with TAKES_RULES. */
#define OPTIONS_RULES_NOTES                                                                        \
	"RULES are --policy, --quirks and --guest. BDF may be an attach specification,\n"          \
	"BDF[@SLOT][,KEY=VALUE...]: see 'ecamctl attach --help'."

struct command {
	const char *name;
	const char *args;                    /* in the usage line, after the name */
	const char *help;                    /* one line */
	const char *notes;                   /* more lines for --help, or "" */
	unsigned int takes;                  /* TAKES_* */
	int (*run)(const struct options *o); /* returns an exit code */
};

/**
 * options_parse() - read the arguments of a command.
 * @argv[0] is the name of the program. Returns true; or false with the exit code in *@code, after
 * --help, --version, or a message about a wrong argument.
 */
bool options_parse(const struct command *cmd, int argc, char **argv, struct options *o, int *code);

/** options_say_help() - print on stderr how to get the help of @cmd. */
void options_say_help(const struct command *cmd);

/** options_has_machine() - is any option of TAKES_MACHINE given? */
bool options_has_machine(const struct options *o);

#endif
