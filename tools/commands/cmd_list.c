/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamctl list: the functions of a dump or of this machine, with their capabilities. */
#include <pci/header.h>
#include <stdio.h>
#include <stdlib.h>

#include "capabilities/registry.h"
#include "core/chain.h"
#include "tools/commands/commands.h"
#include "tools/offline/report.h"
#include "tools/offline/source.h"
#include "tools/offline/title.h"
#include "tools/out.h"

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

/* The line of facts that the kernel has about a function of this machine. */
static void print_facts(const struct source *s, const struct ec_dump_function *fn)
{
	struct ec_host_facts f;
	char name[EC_SBDF_MAX];

	if (!s->machine || source_facts(s, fn, &f))
		return;
	printf("\tdriver %s", *f.driver ? f.driver : "none");
	if (f.iommu_group >= 0)
		printf(", IOMMU group %d", f.iommu_group);
	else
		printf(", no IOMMU group");
	printf(", reset %s", *f.reset_methods ? f.reset_methods : "none known");
	if (f.irq > 0)
		printf(", IRQ %d", f.irq);
	if (f.numa_node >= 0)
		printf(", NUMA node %d", f.numa_node);
	if (*f.slot)
		printf(", slot %s", f.slot);
	if (f.is_vf)
		printf(", virtual function of %s", ec_sbdf_print(f.pf, false, name));
	if (f.total_vfs)
		printf(", %u of %u virtual functions", f.num_vfs, f.total_vfs);
	putchar('\n');
}

/* @plan: scratch. */
static void print_function(const struct source *s, struct ec_dump_function *fn,
			   struct ec_names *names, struct ec_plan *plan)
{
	static const struct ec_plan_options options;
	struct source_capture c = { EC_CAPTURE_CHAINS, &options, .plan = plan };
	char name[EC_SBDF_MAX];

	if (source_capture(s, fn, &c)) {
		out_error("%s: %s", ec_sbdf_print(fn->sbdf, false, name), c.diag.text);
		return;
	}
	source_say_captured(fn, &c.captured);
	title_print(names, true, fn->sbdf, source_ids(fn),
		    ec_image_get(&fn->image, PCI_CLASS_REVISION, 4));
	print_facts(s, fn);
	if (ec_image_is_absent(&fn->image)) {
		printf("\t(reads %s: absent, or removed)\n",
		       ec_image_get(&fn->image, 0, 4) ? "all ones" : "zeros");
		return;
	}
	if (c.captured.limited) {
		puts("\t(capabilities: only root can read them)");
		return;
	}
	ec_chain_walk(&fn->image, &plan->chain);
	print_chain(&plan->chain);
	report_chain(fn->sbdf, &plan->chain);
}

static int run(const struct options *o)
{
	struct ec_names *names = o->numeric ? NULL : ec_names_open();
	struct ec_plan *plan = malloc(sizeof(*plan));
	struct source s = { 0 };
	int rc = source_load(&s, o->dump);

	if (!rc && !plan) {
		out_error("out of memory");
		rc = EXIT_REFUSED;
	}
	for (unsigned int i = 0; !rc && i < s.n; i++)
		print_function(&s, s.fn + i, names, plan);
	source_free(&s);
	free(plan);
	ec_names_close(names);
	return rc;
}

const struct command cmd_list = {
	.name = "list",
	.args = "[--dump FILE] [-n]",
	.help = "list functions: address, class, name, ids, capabilities",
	.notes = "Capabilities are NAME@OFFSET; extended ones follow the bar. For functions of "
		 "this machine\n"
		 "also driver, IOMMU group and reset methods.",
	.takes = TAKES_DUMP | TAKES_NUMERIC,
	.run = run,
};
