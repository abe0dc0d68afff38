/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function attached to a guest without other functions: the subject of show, diff, replay and
 * explain. Accesses go through ec_access_handle(), as those of a guest do. The device is the image
 * of a dump, the hardware of this machine (which is only read), or a copy of it.
 */
#ifndef EC_OFFLINE_VIEW_H
#define EC_OFFLINE_VIEW_H

#include "access/access.h"
#include "host/conf_dump.h"
#include "policy/parse.h"
#include "tools/offline/source.h"
#include "tools/options.h"
#include "view/plan.h"

struct view {
	struct ec_plan plan;
	struct ec_conf_dump device;
	struct ec_function function;
	struct ec_bus_map buses;
	const struct ec_dump_function *host;
	const struct ec_rules *rules;   /* NULL: only the tables decide */
	struct ec_chain chain;          /* of the hardware, for matches */
	struct ec_decisions decided;    /* by rules, for this function */
	struct ec_plan_options without; /* options of the plan before rules decided */
	bool vf;                        /* an SR-IOV virtual function */
	bool live;                      /* the hardware of this machine, not a copy */
	struct view_hardware {
		const struct ec_conf_ops *conf;
		void *ctx;
		struct ec_image keep, set;  /* masks for the value after a reset */
		bool exact[EC_CONFIG_SIZE]; /* bytes that are never read */
	} hardware;                         /* if live; used by view.c only */
};

/** view_new() - an empty view, or NULL after a message. Large: reuse it. */
struct view *view_new(void);

/** view_free() - free @v, but not its rules. NULL is allowed. */
void view_free(struct view *v);

/**
 * view_open() - attach @fn of @s, instead of the function that was attached before.
 * @o: its topology, no_intx and guest are used. The rules of @v apply, except in topology "host".
 * @how_much: to capture of a function of this machine. With EC_CAPTURE_PLAN, and for explain, the
 *          hardware is attached, else a copy.
 * Reports broken chains on stderr. Returns 0, or EXIT_INPUT after a message if the function cannot
 * be viewed.
 */
int view_open(struct view *v, const struct source *s, struct ec_dump_function *fn,
	      const struct options *o, enum ec_capture how_much);

/**
 * view_again() - attach the function of @of with the rules of @v, instead of what @v had before.
 * @of: opened with EC_CAPTURE_ALL, so that it shows a copy. @o: as for view_open(). Returns 0, or
 * an exit code after a message.
 */
int view_again(struct view *v, const struct view *of, const struct options *o);

/** view_read() - read @len (1, 2 or 4) bytes at @offset as the guest. */
uint32_t view_read(struct view *v, uint32_t offset, unsigned int len);

/**
 * view_each() - load the rules, and open the functions that the options name, one at a time.
 * @how_much: as for view_open(). @each: called for each view. Reports functions that cannot be
 * viewed on stderr. Returns EXIT_DONE if there was a view, EXIT_INPUT if not or if the dump or a
 * rule is bad.
 */
int view_each(const struct options *o, enum ec_capture how_much,
	      void (*each)(struct view *v, const struct options *o, void *ctx), void *ctx);

/** The plan of a view with only the first of its decisions. */
struct view_partial {
	struct ec_plan plan;
	struct ec_decisions first; /* the plan refers to them */
};

/**
 * view_build() - plan the function of @v with only the first @n of its decisions.
 * @o: as for view_open(). @out: written. Returns as ec_plan_build().
 */
int view_build(const struct view *v, const struct options *o, unsigned int n,
	       struct view_partial *out);

/** view_reg_name() - write "COMMAND", "EXP.DEVCTL" or "gap" to @out. Returns @out. */
#define VIEW_NAME_MAX 48
const char *view_reg_name(const struct ec_plan *plan, const struct ec_plan_reg *r,
			  char out[VIEW_NAME_MAX]);

#endif
