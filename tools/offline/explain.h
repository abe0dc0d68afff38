/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a register is seen as it is: everybody who changed it, in the order of the cascade.
 */
#ifndef EC_OFFLINE_EXPLAIN_H
#define EC_OFFLINE_EXPLAIN_H

#include "tools/offline/view.h"

enum explain_by { EXPLAIN_TABLE, EXPLAIN_TOPOLOGY, EXPLAIN_RULE, EXPLAIN_BY };

/** Their names, as output has them. */
extern const char *const explain_by_names[EXPLAIN_BY];

/** Room for what became of a register. */
#define EXPLAIN_TEXT_MAX 256

/** One who changed a register. */
struct explain_step {
	unsigned int reg; /* of the view's plan */
	enum explain_by by;
	const char *source;                /* where a table is from; the topology; NULL: a rule */
	const struct ec_decision *decided; /* by a rule, else NULL */
	char text[EXPLAIN_TEXT_MAX];       /* how it was treated from then on */
};

/** Steps of several registers, those of one in their order. */
struct explain {
	unsigned int n, room;
	struct explain_step *step;
};

/**
 * explain_make() - who changed registers of a view.
 * The plan is made anew with none, one, two and more of its decisions; a decision after which a
 * register or its capability is treated otherwise than before it has changed that. What cannot be
 * built so far is charged to the next decision with which it can.
 * @v: with all captured, or what a decision no longer freezes would seem to have been hidden.
 * @wanted: a flag for each register of the view's plan. @o: as the view was opened with.
 * @out: written; free its steps. Returns 0 or -ENOMEM.
 */
int explain_make(const struct view *v, const struct options *o, const bool *wanted,
		 struct explain *out);

#endif
