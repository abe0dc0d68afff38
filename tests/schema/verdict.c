/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parses texts, one per line of standard input. Writes one line for each: "ok", "shape" or
 * "semantic", the path in the text and the error, separated by tabs. check.py compares them with
 * the schema's verdicts.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "policy/parse.h"

static int judge(const char *text, size_t len)
{
	struct ec_rules *r = ec_rules_new();
	struct ec_rules_error e;
	const struct ec_rules_text line = { "line", EC_LAYER_POLICY, text, len };
	int rc = r ? ec_rules_add_text(r, &line, &e) : -ENOMEM;

	ec_rules_free(r);
	if (rc == -ENOMEM)
		return rc;
	printf("%s\t%s\t%s\n", !rc ? "ok" : e.semantic ? "semantic" : "shape", e.path, e.text);
	return 0;
}

int main(void)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t len;
	int rc = 0;

	while (!rc && (len = getline(&line, &room, stdin)) > 0)
		rc = judge(line, (size_t)len);
	free(line);
	return rc ? EXIT_FAILURE : EXIT_SUCCESS;
}
