/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules from files, for ecamd and ecamctl.
 */
#ifndef EC_CONTROL_RULE_FILES_H
#define EC_CONTROL_RULE_FILES_H

#include <stdbool.h>

#include "policy/parse.h"

/** Rules that are being loaded. */
struct ec_rule_files {
	struct ec_rules *rules; /* the rules are added here */
	/* Called for each error with a line "FILE:LINE:COLUMN: PATH: TEXT" without a newline. */
	void (*report)(void *ctx, const char *text);
	void *ctx;
	bool trusted; /* files that another user can change are wrong; else there is a warning */
	bool places;  /* as in struct ec_rules_text */
	bool gcc;     /* lines as a compiler's: "FILE:LINE:COLUMN: error: TEXT" */
	unsigned int n, errors; /* files read, of which a missing path is one; errors in them */
};

/**
 * ec_rule_files_add() - add a file, or the files of a folder whose names end in ".json", in byte
 * order of their names.
 * @optional: it is no error if @path does not exist.
 * Each error is reported; a file with one is left out. Returns 0; -ENOMEM; -EINVAL if a file was
 * wrong.
 */
int ec_rule_files_add(struct ec_rule_files *files, const char *path, enum ec_layer layer,
		      bool optional);

#endif
