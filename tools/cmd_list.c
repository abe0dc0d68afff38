/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamctl list: the functions of a dump and their capabilities. */
#include <stdio.h>
#include <stdlib.h>

#include "capabilities/registry.h"
#include "core/chain.h"
#include "options.h"
#include "out.h"
#include "report.h"
#include "source.h"
#include "title.h"

static void print_chain(const struct ec_chain *c)
{
	const char *before = "\t";

	for (unsigned int i = 0; i < c->n; i++) {
		const struct ec_link *l = c->link + i;
		const struct ec_cap *cap = ec_cap_find(l->id, l->extended);

		if (i == c->n_std)
			before = c->n_std ? " | " : "\t| ";
		printf("%s%s", before, cap->name);
		if (cap->id != l->id)
			printf("-%02x", l->id);
		printf("@%02x", l->offset);
		before = " ";
	}
	if (c->std_cut.fault || c->ext_cut.fault)
		printf("%s(cut)", c->n ? " " : "\t");
	if (c->n || c->std_cut.fault || c->ext_cut.fault)
		putchar('\n');
}

static int run(const struct options *o)
{
	struct ec_names *names = o->numeric ? NULL : ec_names_open();
	struct ec_chain *chain = malloc(sizeof(*chain));
	struct source s = { 0 };
	int rc = source_load(&s, o->dump);

	if (!rc && !chain) {
		out_error("out of memory");
		rc = EXIT_REFUSED;
	}
	for (unsigned int i = 0; !rc && i < s.n; i++) {
		const struct ec_dump_function *fn = s.fn + i;
		uint32_t ids = ec_image_get(&fn->image, 0, 4);

		/* a virtual function shows its ids nowhere but in the dump's text */
		if (ids == 0xffffffffu && fn->vendor)
			ids = fn->vendor | (uint32_t)fn->device << 16;
		title_print(names, true, fn->sbdf, ids, ec_image_get(&fn->image, 8, 4));
		if (ec_image_is_absent(&fn->image)) {
			puts("\t(reads all ones: no function, or one that is gone)");
			continue;
		}
		ec_chain_walk(&fn->image, chain);
		print_chain(chain);
		report_chain(fn->sbdf, chain);
	}
	source_free(&s);
	free(chain);
	ec_names_close(names);
	return rc;
}

const struct command cmd_list = {
	.name = "list",
	.args = "--dump FILE [-n]",
	.help = "list the functions: address, class, name, ids, capabilities",
	.notes = "Capabilities are NAME@OFFSET; extended ones stand behind the bar.",
	.takes = TAKES_DUMP | TAKES_NUMERIC,
	.run = run,
};
