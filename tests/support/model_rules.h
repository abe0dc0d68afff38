/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Random decisions over random functions. */
#ifndef EC_TESTS_MODEL_RULES_H
#define EC_TESTS_MODEL_RULES_H

#include "model.h"
#include "ruled.h"

/** The most random decisions for one function. */
#define EC_MODEL_RULES 16

/** Random decisions, and the memory that they use. */
struct ec_model_rules {
	struct ruled ruled;
	struct ec_cap_ref refs[4];
	uint8_t bytes[256];
	unsigned int refused; /* decisions that were refused */
};

/**
 * ec_model_rules() - make random decisions of all kinds.
 * Most are about what @img has, some about what it lacks, and some are invalid. Decisions that a
 * plan refuses are removed one by one, by its blame. Fails the test if it blames none, or gives no
 * message. @rules: written whole. @plan: built with them. @options: rules is set.
 */
void ec_model_rules(struct ec_model_rng *rng, const struct ec_image *img,
		    struct ec_plan_options *options, struct ec_model_rules *rules,
		    struct ec_plan *plan);

#endif
