/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What settings decide of a function that `ecamctl check` tries them on.
 */
#ifndef EC_OFFLINE_CHECK_SETTINGS_H
#define EC_OFFLINE_CHECK_SETTINGS_H

#include "tools/offline/check.h"
#include "view/plan.h"

/** One function, where it was put and for a guest. */
struct check_tried {
	struct ec_plan *without; /* its view by the tables alone */
	struct ec_plan *with;    /* by the decisions too; NULL: that cannot be */
	const struct ec_subject *subject;
	const struct ec_decisions *decided;
};

/**
 * check_decides() - is there anything in the function that @s decides?
 * @why: filled if not, where more can be said than that there is not; else left alone.
 */
bool check_decides(const struct check_tried *t, const struct ec_setting *s,
		   char why[CHECK_WHY_MAX]);

/** check_lacking() - what a function has not of which @s decides nothing: "a BAR 3", "this". */
const char *check_lacking(const struct ec_setting *s);

/** check_odd() - warn of what is decided of the function but hardly meant; once a setting. */
void check_odd(struct check *c, const struct check_tried *t);

#endif
