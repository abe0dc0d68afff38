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

static void pay_off(struct ec_debt *d, const struct ec_debt_limits *limits, uint64_t now)
{
	uint64_t second = 1000000000;
	uint64_t paid = (now - d->since) / second * limits->per_second +
			(now - d->since) % second * limits->per_second / second;

	if (!paid)
		return;
	d->calls = d->calls > paid ? d->calls - paid : 0;
	d->since = now;
}

bool ec_debt_add(struct ec_debt *d, const struct ec_debt_limits *limits, uint64_t calls,
		 uint64_t now)
{
	uint64_t cap = limits->most + limits->wait_ns / 1000000000 * limits->per_second;

	pay_off(d, limits, now);
	d->calls = calls > cap - d->calls ? cap : d->calls + calls;
	return d->calls > limits->most;
}
