/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamctl caps: list the table of capabilities. */
#include <stdio.h>

#include "capabilities/registry.h"
#include "tools/commands/commands.h"
#include "tools/out.h"

static void print_json(void)
{
	const struct ec_cap *c;

	printf("{\"version\":1,\"capabilities\":[");
	for (unsigned int i = 0; (c = ec_cap_get(i)); i++) {
		printf("%s{\"id\":%u,\"extended\":%s", i ? "," : "", c->id,
		       out_json_bool(c->extended));
		out_json_member("name", c->name);
		out_json_member("title", c->title);
		printf(",\"least\":%u", c->least);
		out_json_member("length", c->length_text);
		printf(",\"treatment\":\"%s\"", ec_treatment_names[c->treatment]);
		out_json_member("source", c->source);
		putchar('}');
	}
	puts("]}");
}

static int run(const struct options *o)
{
	const struct ec_cap *c;

	if (o->json) {
		print_json();
		return EXIT_DONE;
	}
	printf("%s%-4s %-9s %-8s %-50s %s%s\n", out_colour(OUT_BOLD), "id", "name", "default",
	       "capability: length", "source", out_colour(OUT_PLAIN));
	for (unsigned int i = 0; (c = ec_cap_get(i)); i++) {
		char text[160];

		snprintf(text, sizeof(text), "%s: %s", c->title, c->length_text);
		printf("%0*x%s %-9s %-8s %-50s %s\n", c->extended ? 4 : 2, c->id,
		       c->extended ? "" : "  ", c->name, ec_treatment_names[c->treatment], text,
		       c->source);
	}
	return EXIT_DONE;
}

const struct command cmd_caps = {
	.name = "caps",
	.args = "[--json]",
	.help = "list all known capabilities: length, default treatment, source",
	.notes = "Ids with two digits are standard capabilities, with four extended. Other ids are "
		 "hidden.",
	.takes = TAKES_JSON,
	.run = run,
};
