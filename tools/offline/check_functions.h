/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tries rules on functions: each in both topologies, and for each guest that a rule names.
 */
#ifndef EC_OFFLINE_CHECK_FUNCTIONS_H
#define EC_OFFLINE_CHECK_FUNCTIONS_H

#include "tools/offline/check.h"
#include "tools/offline/source.h"

/**
 * check_functions() - check rules against the functions of @s.
 * Reports conflicts, rules that match no function, settings that decide nothing and views that
 * cannot be built. @name: of the source, for messages. Returns 0 or an exit code.
 */
int check_functions(struct check *c, const struct source *s, const char *name);

#endif
