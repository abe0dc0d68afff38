/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamctl: show and explain the view that a guest gets of a function, and control ecamd. */
#include <stdio.h>
#include <string.h>

#include "policy/edit_distance.h"
#include "tools/commands/commands.h"
#include "tools/out.h"

static const struct command *const commands[] = {
	&cmd_list, &cmd_show, &cmd_explain, &cmd_diff,   &cmd_replay, &cmd_check,  &cmd_policy_for,
	&cmd_plan, &cmd_dump, &cmd_caps,    &cmd_attach, &cmd_detach, &cmd_guests, &cmd_acpi,
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void print_help(FILE *to)
{
	fputs("Usage: ecamctl COMMAND [ARGUMENTS]\n"
	      "Shows the PCI configuration space that a guest sees of a host function.\n"
	      "Attaches functions to guests.\n\n",
	      to);
	for (unsigned int i = 0; i < COMMANDS; i++)
		fprintf(to, "  %-10s %s\n", commands[i]->name, commands[i]->help);
	fputs("\n'ecamctl COMMAND --help' prints the options of a command, --version the version.\n"
	      "See ecamctl(1).\n",
	      to);
}

static int say_unknown(const char *name)
{
	struct ec_nearest near = ec_nearest_to(name);

	for (unsigned int i = 0; i < COMMANDS; i++)
		ec_nearest_try(&near, commands[i]->name);
	if (near.found)
		out_error("'%s' is not a command; did you mean '%s'?", name, near.found);
	else
		out_error("'%s' is not a command", name);
	fputs("Try 'ecamctl --help'.\n", stderr);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	struct options o;
	int code;

	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		print_help(stdout);
		return out_flush(EXIT_DONE);
	}
	if (!strcmp(argv[1], "--version")) {
		puts("ecamctl " EC_VERSION);
		return out_flush(EXIT_DONE);
	}
	for (unsigned int i = 0; i < COMMANDS; i++) {
		if (strcmp(argv[1], commands[i]->name))
			continue;
		/* messages of getopt_long() start with argv[0] */
		argv[1] = (char[]){ "ecamctl" };
		if (!options_parse(commands[i], argc - 1, argv + 1, &o, &code))
			return code;
		code = commands[i]->run(&o);
		if (code == EXIT_USAGE)
			options_say_help(commands[i]);
		return out_flush(code);
	}
	return say_unknown(argv[1]);
}
