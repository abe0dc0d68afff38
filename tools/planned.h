/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest's machine as the options of a command ask for it: its functions as the guest sees them,
 * planned by ec_machine_build().
 */
#ifndef EC_TOOLS_PLANNED_H
#define EC_TOOLS_PLANNED_H

#include "host/names.h"
#include "machine_asked.h"
#include "options.h"
#include "source.h"

/** Large: static, or allocated. All 0 is one without functions. */
struct planned {
	struct ec_machine_limits limits;
	struct ec_machine_asked asked; /* for the functions */
	struct ec_machine_asked said;  /* by options, which count for more */
	struct ec_machine_function fn[EC_MACHINE_MAX];
	const struct ec_dump_function *of[EC_MACHINE_MAX]; /* the same, where it is from */
	unsigned int n;
	struct ec_machine_plan plan;
	struct ec_names *names; /* for who prints it; NULL: numbers alone */
};

/**
 * planned_limits() - what the options say of the guest: its kind, memory, ECAM window.
 * @limits: written. Returns 0, or EXIT_USAGE after a message.
 */
int planned_limits(const struct options *o, struct ec_machine_limits *limits);

/**
 * planned_build() - take the functions that the options name from @s, and plan the machine.
 * @m: its limits are set; functions and plan are written. Returns 0, or an exit code after a
 * message: EXIT_NO if not all have a place.
 */
int planned_build(struct planned *m, const struct source *s, const struct options *o);

#endif
