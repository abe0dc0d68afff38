/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/diag.h"

#include <stdarg.h>
#include <stdio.h>

void ec_diag_set(struct ec_diag *diag, unsigned int line, const char *fmt, ...)
{
	va_list args;

	if (!diag)
		return;
	diag->line = line;
	va_start(args, fmt);
	vsnprintf(diag->text, sizeof(diag->text), fmt, args);
	va_end(args);
}
