/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors of rule files. */
#ifndef EC_POLICY_ERROR_H
#define EC_POLICY_ERROR_H

#include <stdbool.h>

/** Where an error is. */
struct ec_rules_error {
	unsigned int line, column; /* from 1; 0: of no place in the text */
	char path[160]; /* "rules[3].match.vendor"; "" for the whole text or a syntax error */
	char text[400]; /* what is wrong, and what was expected; cut, it ends with "..." */
	bool semantic;  /* the shape is right, which is all that the schema can tell */
};

#endif
