/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function attached to a guest that has nothing else: what show, diff and replay look at. Reads
 * and writes go through ec_access_handle(), as a guest's do. The device is a dump's image, this
 * machine's hardware (only ever read), or a snapshot of that.
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
	struct ec_bus_map guest;
	const struct ec_dump_function *host;
	const struct ec_rules *rules;   /* NULL: the tables alone decide */
	struct ec_chain chain;          /* the hardware's, for rules to ask for */
	struct ec_decisions decided;    /* by rules, of this function */
	struct ec_plan_options without; /* what its plan was asked, before rules decided */
	/* this machine's hardware, and how a reset would change what is read of it */
	bool live;
	const struct ec_conf_ops *conf;
	void *conf_ctx;
	struct ec_image keep, set;
	bool exact[EC_CONFIG_SIZE]; /* bytes of the hardware that are never read */
};

/** view_new() - an empty view, or NULL after a message. Large: use it again. */
struct view *view_new(void);

/** view_free() - free it, but not its rules; NULL is allowed. */
void view_free(struct view *v);

/**
 * view_open() - attach @fn of @s, in the place of what was attached before.
 * @o: its topology, no_intx and guest count; the rules are those of @v, if it has some. None count
 *          for the host's topology.
 * @how_much: how much of this machine's function is captured. With EC_CAPTURE_PLAN, or for explain,
 *          the hardware is attached, else a copy.
 * What is broken in the function's chains is said on stderr. Returns 0, or EXIT_INPUT after a
 * message if the function cannot be viewed.
 */
int view_open(struct view *v, const struct source *s, struct ec_dump_function *fn,
	      const struct options *o, enum ec_capture how_much);

/** view_read() - what the guest reads of the @len (1, 2 or 4) bytes at @offset. */
uint32_t view_read(struct view *v, uint32_t offset, unsigned int len);

/**
 * view_each() - open the functions that the options ask for, one after the other.
 * Loads the rules that they name, too. @how_much: as for view_open(). @each: called for each view.
 * Functions that cannot be viewed are named on stderr and left out. Returns EXIT_DONE if there was
 * any, EXIT_INPUT if not or if the dump or a rule is bad.
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

/** view_reg_name() - "COMMAND", "EXP.DEVCTL", "gap"; written to @out. Returns @out. */
#define VIEW_NAME_MAX 48
const char *view_reg_name(const struct ec_plan *plan, const struct ec_plan_reg *r,
			  char out[VIEW_NAME_MAX]);

#endif
