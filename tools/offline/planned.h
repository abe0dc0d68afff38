/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest's machine as the options of a command ask for it: its functions as the guest sees them,
 * planned by ec_machine_build().
 */
#ifndef EC_OFFLINE_PLANNED_H
#define EC_OFFLINE_PLANNED_H

#include "host/names.h"
#include "machine/settings.h"
#include "tools/offline/source.h"
#include "tools/offline/view.h"
#include "tools/options.h"

/** Large: static, or allocated. All 0 is one without functions. */
struct planned {
	struct ec_machine_limits limits;
	struct ec_machine_settings asked; /* for the functions */
	struct ec_machine_settings said;  /* by options, which count for more */
	struct ec_machine_function fn[EC_MACHINE_MAX];
	struct ec_dump_function
		*of[EC_MACHINE_MAX];      /* the same, where it is from; NULL: a guest's */
	const char *text[EC_MACHINE_MAX]; /* as it was named; NULL: it was not */
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
 * @m: its limits are set; functions and plan are written. If the options name none, all that can be
 * viewed are taken; the others are named on stderr. Returns 0, or an exit code after a message:
 * EXIT_NO if not all have a place.
 */
int planned_build(struct planned *m, const struct source *s, const struct options *o);

/**
 * planned_guest() - the machine of guest @o->guest, as ecamd serves it.
 * @m: written, but for what is known of its functions elsewhere: "of" and "text" are NULL. Returns
 * 0, or an exit code after a message.
 */
int planned_guest(struct planned *m, const struct options *o);

/**
 * planned_each() - open the view of each function of a machine that is planned, as it is there:
 * told what shares its slot.
 * @m, @s, @o: as planned_build() left them. @each: called for each view, with its number in the
 * plan. Returns 0, or an exit code after a message.
 */
int planned_each(const struct planned *m, const struct source *s, const struct options *o,
		 void (*each)(struct view *v, unsigned int i, void *ctx), void *ctx);

#endif
