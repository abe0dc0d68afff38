/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest's machine, planned by ec_machine_build() for the functions and options of a command.
 */
#ifndef EC_OFFLINE_PLANNED_H
#define EC_OFFLINE_PLANNED_H

#include "host/names.h"
#include "machine/settings.h"
#include "tools/offline/source.h"
#include "tools/offline/view.h"
#include "tools/options.h"

/** Large: make it static or allocate it. All 0: no functions. */
struct planned {
	struct ec_machine_limits limits;
	struct ec_machine_settings of_functions; /* by rules and attach specifications */
	struct ec_machine_settings of_options;   /* by options, which win */
	struct ec_machine_function fn[EC_MACHINE_MAX];
	struct ec_dump_function *of[EC_MACHINE_MAX]; /* of the source; NULL: ecamd reported it */
	const char *text[EC_MACHINE_MAX];            /* its attach specification, or NULL */
	unsigned int n;
	struct ec_machine_plan plan;
	struct ec_names *names; /* for printing; NULL: numbers only */
};

/**
 * planned_load() - plan a machine with the functions that the options name.
 * If they name none, with all functions that can be viewed; the others are reported on stderr.
 * @m: all 0 before. @s: loaded; call source_free() in any case. Returns 0, or an exit code after a
 * message: EXIT_NO if a function has no place.
 */
int planned_load(struct planned *m, struct source *s, const struct options *o);

/**
 * planned_guest() - the machine that ecamd serves to guest @o->guest.
 * @m: written; "of" and "text" of its functions are NULL. Returns 0, or an exit code after a
 * message.
 */
int planned_guest(struct planned *m, const struct options *o);

/**
 * planned_each() - open the view that each function of a planned machine has in its slot.
 * @m, @s, @o: as planned_load() left them. @each: called for each view, with its number in the
 * plan. Returns 0, or an exit code after a message.
 */
int planned_each(const struct planned *m, const struct source *s, const struct options *o,
		 void (*each)(struct view *v, unsigned int i, void *ctx), void *ctx);

#endif
