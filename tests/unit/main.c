/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All tests in one program: `make check` ends with its summary line. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "suites.h"

#define CREATE(name) suite_##name,

static Suite *(*const suites[])(void) = { EC_SUITES(CREATE) };

#define NAME(name) #name,

static const char *const names[] = { EC_SUITES(NAME) };

/* Check runs nothing, and calls that a success, if it does not know the suite. */
static bool is_known(const char *name)
{
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(names); i++)
		if (!strcmp(names[i], name))
			return true;
	fprintf(stderr, "there is no suite '%s'; suites.h lists them\n", name);
	return false;
}

int main(void)
{
	SRunner *runner = srunner_create(NULL);
	const char *one = getenv("CK_RUN_SUITE");
	int failed;

	if (one && !is_known(one))
		return EXIT_FAILURE;
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(suites); i++)
		srunner_add_suite(runner, suites[i]());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
