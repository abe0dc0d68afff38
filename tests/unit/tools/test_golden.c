/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Output for tests/data is that in tests/golden; `make golden` writes both. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"
#include "suites.h"

START_TEST(dumps_are_what_the_generator_writes)
{
	struct run r = run_shell(
		"mkdir $T/d && ${E%/*}/fixtures $T/d && diff -r -x rules $T/d tests/data", NULL);

	ck_assert_msg(r.code == 0, "tests/data is not what the generator writes: %.2000s%s", r.out,
		      r.err);
	run_free(&r);
}
END_TEST

START_TEST(views_are_as_expected)
{
	char line[512];
	struct run r;

	snprintf(line, sizeof(line), "tests/golden/view.sh $E %s | diff tests/golden/%s.view -",
		 run_dumps[_i], run_dumps[_i]);
	r = run_shell(line, NULL);
	ck_assert_msg(r.code == 0, "tests/golden/%s.view differs:\n%.4000s%s", run_dumps[_i], r.out,
		      r.err);
	run_free(&r);
}
END_TEST

/* The lines of tests/golden/rules.table. */
START_TEST(views_with_rules_are_as_expected)
{
	struct run r = run_shell("mkdir $T/r && tests/golden/rules.sh $E $T/r && "
				 "diff -r tests/golden/rules $T/r",
				 NULL);

	ck_assert_msg(r.code == 0, "tests/golden/rules differs:\n%.4000s%s", r.out, r.err);
	run_free(&r);
}
END_TEST

START_TEST(plans_are_as_expected)
{
	struct run r = run_shell("tests/golden/plan.sh $E | diff tests/golden/plan.txt -", NULL);

	ck_assert_msg(r.code == 0, "tests/golden/plan.txt differs:\n%.4000s%s", r.out, r.err);
	run_free(&r);
}
END_TEST

Suite *suite_tools_golden(void)
{
	Suite *s = suite_create("tools_golden");
	TCase *t = tcase_create("golden");

	tcase_set_timeout(t, 120);
	tcase_add_test(t, dumps_are_what_the_generator_writes);
	tcase_add_test(t, views_with_rules_are_as_expected);
	tcase_add_test(t, plans_are_as_expected);
	tcase_add_loop_test(t, views_are_as_expected, 0, RUN_DUMPS);
	suite_add_tcase(s, t);
	return s;
}
