/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How often a guest may cause what is expensive: a token bucket. */
#ifndef EC_GUEST_BUDGET_H
#define EC_GUEST_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

/** What a budget allows. */
struct ec_budget_limits {
	unsigned int burst;   /* tokens of a full bucket */
	uint64_t interval_ns; /* after which one token comes back */
};

/** All 0: full. */
struct ec_budget {
	unsigned int used; /* tokens that are missing */
	uint64_t since;    /* when the last one came back, or the first one was used */
	uint64_t refused;  /* how often there was none */
};

/**
 * ec_budget_take() - take a token at @now, in ns of a clock that never goes back.
 * Returns whether there was one; @b counts it otherwise. Pure.
 */
bool ec_budget_take(struct ec_budget *b, const struct ec_budget_limits *limits, uint64_t now);

/** Debt of a guest that made more calls than its budget. All 0: none. */
struct ec_debt {
	uint64_t calls; /* that are not paid off */
	uint64_t since; /* until when they were */
	uint64_t delays;
};

/** What a debt may be, and how fast it is paid off. */
struct ec_debt_limits {
	uint64_t most;       /* calls; above, the guest waits */
	uint64_t per_second; /* calls that are paid off */
	uint64_t wait_ns;    /* the longest wait: further debt is forgiven */
};

/** ec_debt_add() - @calls more at @now, in ns. Returns whether the guest has to wait. Pure. */
bool ec_debt_add(struct ec_debt *d, const struct ec_debt_limits *limits, uint64_t calls,
		 uint64_t now);

#endif
