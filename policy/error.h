/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors of rule files. */
#ifndef EC_POLICY_ERROR_H
#define EC_POLICY_ERROR_H

#include <stdbool.h>

/** An error and its place. */
struct ec_rules_error {
	unsigned int line, column; /* from 1; 0: no place in the text */
	char path[160]; /* "rules[3].match.vendor"; "" for the whole text or a syntax error */
	char text[400]; /* the fault and what is expected; ends with "..." if cut */
	bool semantic;  /* the shape is right, so the schema accepts the file */
};

#endif
