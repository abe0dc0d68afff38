/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The token bucket. */
#include "guest/budget.h"
#include "suites.h"

static const struct ec_budget_limits limits = { .burst = 3, .interval_ns = 100 };

static unsigned int take(struct ec_budget *b, uint64_t now, unsigned int tries)
{
	unsigned int n = 0;

	while (tries--)
		n += ec_budget_take(b, &limits, now);
	return n;
}

START_TEST(a_full_bucket_gives_its_burst_and_no_more)
{
	struct ec_budget b = { 0 };

	ck_assert_uint_eq(take(&b, 5000, 10), 3);
	ck_assert_uint_eq(b.refused, 7);
	ck_assert_uint_eq(take(&b, 5099, 10), 0);
}
END_TEST

START_TEST(one_token_comes_back_each_interval)
{
	struct ec_budget b = { 0 };

	take(&b, 5000, 3);
	ck_assert_uint_eq(take(&b, 5100, 10), 1);
	ck_assert_uint_eq(take(&b, 5250, 10), 1);
	/* the rest of an interval is not lost */
	ck_assert_uint_eq(take(&b, 5300, 10), 1);
	ck_assert_uint_eq(take(&b, 5900, 10), 3);
}
END_TEST

START_TEST(a_long_pause_fills_it_and_not_more)
{
	struct ec_budget b = { 0 };

	take(&b, 0, 3);
	ck_assert_uint_eq(take(&b, UINT64_MAX, 10), 3);
}
END_TEST

static const struct ec_debt_limits debts = { .most = 100, .per_second = 50, .wait_ns = 4000000000 };
#define SECOND 1000000000ull

START_TEST(a_debt_above_the_most_waits_until_it_is_paid_off)
{
	struct ec_debt d = { .since = SECOND };

	ck_assert(!ec_debt_add(&d, &debts, 100, SECOND));
	ck_assert(ec_debt_add(&d, &debts, 60, SECOND));
	ck_assert(ec_debt_add(&d, &debts, 0, 2 * SECOND));
	ck_assert(!ec_debt_add(&d, &debts, 0, 2 * SECOND + SECOND / 2));
	/* what is paid off does not become credit */
	ck_assert(!ec_debt_add(&d, &debts, 100, 3600 * SECOND));
	ck_assert(ec_debt_add(&d, &debts, 1, 3600 * SECOND));
}
END_TEST

START_TEST(no_debt_waits_longer_than_the_limit)
{
	struct ec_debt d = { .since = SECOND };

	ck_assert(ec_debt_add(&d, &debts, UINT64_MAX, SECOND));
	ck_assert(ec_debt_add(&d, &debts, UINT64_MAX, SECOND));
	ck_assert(!ec_debt_add(&d, &debts, 0, 5 * SECOND));
}
END_TEST

Suite *suite_guest_budget(void)
{
	Suite *s = suite_create("guest_budget");
	TCase *t = tcase_create("guest_budget");

	tcase_add_test(t, a_full_bucket_gives_its_burst_and_no_more);
	tcase_add_test(t, one_token_comes_back_each_interval);
	tcase_add_test(t, a_long_pause_fills_it_and_not_more);
	tcase_add_test(t, a_debt_above_the_most_waits_until_it_is_paid_off);
	tcase_add_test(t, no_debt_waits_longer_than_the_limit);
	suite_add_tcase(s, t);
	return s;
}
