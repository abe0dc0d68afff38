/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "access/function.h"

#include <stdlib.h>

void ec_function_free(struct ec_function *fn)
{
	/* const, because nothing changes a layout after it is compiled */
	free((void *)(uintptr_t)fn->layout);
	free(fn->shadow);
	fn->layout = NULL;
	fn->shadow = NULL;
}
