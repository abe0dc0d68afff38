/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules from files: how the service and ecamctl load what is installed or named.
 */
#ifndef EC_CONTROL_RULE_FILES_H
#define EC_CONTROL_RULE_FILES_H

#include <stdbool.h>

#include "policy/parse.h"

/** Where it goes what is wrong with a file: a line "FILE:LINE:COLUMN: PATH: TEXT" without its end.
 */
struct ec_rule_files_say {
	void (*line)(void *ctx, const char *text);
	void *ctx;
};

/** How many files there were. A path that is not there counts as one. */
struct ec_rule_files_count {
	unsigned int n, wrong;
};

/**
 * ec_rule_files_add() - add a file, or the files of a folder whose names end in ".json", by rising
 * bytes of their names.
 * @installed: there need not be any. @count: added to; may be NULL.
 * Every wrong file is said and left out. Returns 0; -ENOMEM; -EINVAL if anything was wrong.
 */
int ec_rule_files_add(struct ec_rules *set, const char *path, enum ec_layer layer, bool installed,
		      struct ec_rule_files_count *count, struct ec_rule_files_say say);

#endif
