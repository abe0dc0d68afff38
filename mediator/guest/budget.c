/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/budget.h"

bool ec_budget_take(struct ec_budget *b, const struct ec_budget_limits *limits, uint64_t now)
{
	uint64_t back = (now - b->since) / limits->interval_ns;

	if (back >= b->used) {
		b->used = 0;
		b->since = now;
	} else {
		b->used -= (unsigned int)back;
		b->since += back * limits->interval_ns;
	}
	if (b->used >= limits->burst) {
		b->refused++;
		return false;
	}
	b->used++;
	return true;
}
