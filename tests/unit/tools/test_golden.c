/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The views of tests/data are those of tests/golden; `make golden` makes both again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "run.h"
#include "suites.h"

static const char *const dumps[] = { "demo",   "qemu",   "standard", "extended",
				     "broken", "tables", "devices" };

START_TEST(fixtures)
{
	struct run r = run_shell(
		"mkdir $T/d && ${E%/*}/fixtures $T/d && diff -r -x rules $T/d tests/data", NULL);

	ck_assert_msg(r.code == 0, "tests/data is not what the generator writes: %.2000s%s", r.out,
		      r.err);
	run_free(&r);
}
END_TEST

/* The same commands as in tests/golden/make.sh. */
START_TEST(views)
{
	char line[512];
	struct run r;

	snprintf(line, sizeof(line), "tests/golden/view.sh $E %s | diff tests/golden/%s.view -",
		 dumps[_i], dumps[_i]);
	r = run_shell(line, NULL);
	ck_assert_msg(r.code == 0, "tests/golden/%s.view differs:\n%.4000s%s", dumps[_i], r.out,
		      r.err);
	run_free(&r);
}
END_TEST

/* What rules make of them: tests/golden/rules.table. */
START_TEST(rules)
{
	struct run r = run_shell("mkdir $T/r && tests/golden/rules.sh $E $T/r && "
				 "diff -r tests/golden/rules $T/r",
				 NULL);

	ck_assert_msg(r.code == 0, "tests/golden/rules differs:\n%.4000s%s", r.out, r.err);
	run_free(&r);
}
END_TEST

/* Where guests would find them. */
START_TEST(plans)
{
	struct run r = run_shell("tests/golden/plan.sh $E | diff tests/golden/plan.txt -", NULL);

	ck_assert_msg(r.code == 0, "tests/golden/plan.txt differs:\n%.4000s%s", r.out, r.err);
	run_free(&r);
}
END_TEST

Suite *suite_golden(void)
{
	Suite *s = suite_create("golden");
	TCase *t = tcase_create("golden");

	tcase_set_timeout(t, 120);
	tcase_add_test(t, fixtures);
	tcase_add_test(t, rules);
	tcase_add_test(t, plans);
	tcase_add_loop_test(t, views, 0, EC_ARRAY_SIZE(dumps));
	suite_add_tcase(s, t);
	return s;
}
