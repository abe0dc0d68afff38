/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checks of the settings that apply to a function.
 */
#ifndef EC_OFFLINE_CHECK_SETTINGS_H
#define EC_OFFLINE_CHECK_SETTINGS_H

#include "tools/offline/check.h"
#include "view/plan.h"

/** A function in one topology and for one guest. */
struct check_tried {
	struct ec_plan *without; /* its view by the tables only */
	struct ec_plan *with;    /* and by the decisions; NULL: cannot be built */
	const struct ec_subject *subject;
	const struct ec_decisions *decided;
	const struct ec_rules *set; /* whose decisions they are */
};

/**
 * check_decides() - does the function have what @s decides?
 * @why: written if not and the reason is known.
 */
bool check_decides(const struct check_tried *t, const struct ec_setting *s,
		   char why[CHECK_WHY_MAX]);

/** check_lacking() - what a function must have for @s: "a BAR 3", or "this". */
const char *check_lacking(const struct ec_setting *s);

/** check_odd() - warn of decisions that are hardly meant, once for each setting. */
void check_odd(struct check *c, const struct check_tried *t);

#endif
