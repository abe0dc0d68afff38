/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Random decisions over random functions. */
#ifndef EC_TESTS_MODEL_RULES_H
#define EC_TESTS_MODEL_RULES_H

#include "model.h"
#include "ruled.h"

/** Most decisions that are made at random for one function. */
#define EC_MODEL_RULES 16

/** Random decisions, and what they point to. */
struct ec_model_rules {
	struct ruled ruled;
	struct ec_cap_ref refs[4];
	uint8_t bytes[256];
	unsigned int refused; /* of the decisions that were made */
};

/**
 * ec_model_rules() - decisions of all sorts, most of them about what @img has, some about what it
 * has not, some that cannot be. Those that a plan refuses are taken away one by one: whom it
 * blames. Fails the test if that is nobody, or if no message says why.
 * @rules: written whole. @plan: as built with them. @options: rules is set.
 */
void ec_model_rules(struct ec_model_rng *rng, const struct ec_image *img,
		    struct ec_plan_options *options, struct ec_model_rules *rules,
		    struct ec_plan *plan);

#endif
