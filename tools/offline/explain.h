/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Everything that decided the treatment of a register, in the order of the cascade.
 */
#ifndef EC_OFFLINE_EXPLAIN_H
#define EC_OFFLINE_EXPLAIN_H

#include "tools/offline/bytes.h"
#include "tools/offline/view.h"

enum explain_by { EXPLAIN_TABLE, EXPLAIN_TOPOLOGY, EXPLAIN_FUNCTION, EXPLAIN_RULE, EXPLAIN_BY };

/** Their names in the output. */
extern const char *const explain_by_names[EXPLAIN_BY];

/** Room for the text of a step. */
#define EXPLAIN_TEXT_MAX BYTES_TEXT_MAX

/** A table, the topology, the function's own values or a rule that changed a register. */
struct explain_step {
	unsigned int reg; /* of the view's plan */
	enum explain_by by;
	const char *source; /* of the table or the values; the topology; NULL: a rule */
	const struct ec_decision *decided; /* of the rule, else NULL */
	char text[EXPLAIN_TEXT_MAX];       /* its treatment from then on */
};

/** Steps of several registers; those of each register are in order. */
struct explain {
	unsigned int n, room;
	struct explain_step *step;
};

/**
 * explain_make() - find what changed registers of a view.
 * @v: opened with EC_CAPTURE_ALL: a register that was not captured would seem to be hidden until a
 * decision unfreezes it. @o: as for view_open(). @wanted: a flag for each register of the plan.
 * @out: written; free its steps. Returns 0 or -ENOMEM.
 */
int explain_make(const struct view *v, const struct options *o, const bool *wanted,
		 struct explain *out);

#endif
