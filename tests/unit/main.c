/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All tests in one program: `make check` ends with its summary line. */
#include <stdlib.h>

#include "core/bits.h"
#include "suites.h"

#define CREATE(name) suite_##name,

static Suite *(*const suites[])(void) = { EC_SUITES(CREATE) };

int main(void)
{
	SRunner *runner = srunner_create(NULL);
	int failed;

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(suites); i++)
		srunner_add_suite(runner, suites[i]());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
