/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamctl diff: compare a function's configuration space on the host with the guest's view. */
#include <pci/header.h>
#include <stdio.h>

#include "core/bits.h"
#include "tools/commands/commands.h"
#include "tools/offline/title.h"
#include "tools/offline/view.h"
#include "tools/out.h"

struct diff {
	struct ec_names *names;
	bool titled, any;
	/* bytes without a row that the guest reads as 0: printed as one range */
	const struct ec_plan_reg *rest;
	uint32_t from, to, n;
};

static void print_title(struct view *v, struct diff *d)
{
	const struct ec_image *img = &v->host->image;

	if (!d->titled) {
		title_print(d->names, true, v->host->sbdf, ec_image_get(img, PCI_VENDOR_ID, 4),
			    ec_image_get(img, PCI_CLASS_REVISION, 4));
		printf("\t%-7s %-24s %-8s %-8s %s\n", "", "register", "host", "guest", "treatment");
	}
	d->titled = d->any = true;
}

static void flush_rest(struct view *v, struct diff *d)
{
	char name[VIEW_NAME_MAX];

	if (!d->rest)
		return;
	printf("\t%03x-%03x %-24s not 0    0        %s (%u %s)\n", d->from, d->to,
	       view_reg_name(&v->plan, d->rest, name),
	       ec_treatment_names[ec_reg_main(d->rest->served)], d->n,
	       d->n == 1 ? "place differs" : "places differ");
	d->rest = NULL;
}

static bool same_rest(const struct ec_plan_reg *a, const struct ec_plan_reg *b)
{
	return a && a->cap == b->cap && a->gap == b->gap;
}

static void compare(struct view *v, struct diff *d, uint32_t offset, unsigned int len,
		    const struct ec_plan_reg *r)
{
	uint32_t guest = view_read(v, offset, len);
	/* bytes that must not be read from hardware are not compared */
	uint32_t host = ec_image_has(&v->host->image, offset, len)
				? ec_image_get(&v->host->image, offset, len)
				: guest;
	char name[VIEW_NAME_MAX];

	if (!same_rest(d->rest, r))
		flush_rest(v, d);
	if (host == guest)
		return;
	print_title(v, d);
	if (r->span != r->reg.len) {
		if (!d->rest) {
			d->from = offset;
			d->n = 0;
		}
		d->rest = r;
		d->to = offset + len - 1;
		d->n++;
		return;
	}
	printf("\t%03x     %-24s %0*x%*s %0*x%*s %s\n", offset, view_reg_name(&v->plan, r, name),
	       len * 2, host, 8 - (int)len * 2, "", len * 2, guest, 8 - (int)len * 2, "",
	       ec_treatment_names[ec_reg_main(r->served)]);
}

static void diff(struct view *v, const struct options *o, void *ctx)
{
	struct diff *d = ctx;

	(void)o;
	d->titled = false;
	for (unsigned int i = 0; i < v->plan.n; i++) {
		const struct ec_plan_reg *r = v->plan.reg + i;
		uint32_t off = r->offset, end = off + r->span;

		/* a range without rows in aligned pieces, any other register whole */
		while (off < end) {
			unsigned int len = r->reg.len;

			if (r->span != r->reg.len)
				len = ec_piece(off, end);
			compare(v, d, off, len, r);
			off += len;
		}
	}
	flush_rest(v, d);
}

static int run(const struct options *o)
{
	struct diff d = { .names = o->numeric ? NULL : ec_names_open() };
	int rc = view_each(o, EC_CAPTURE_ALL, diff, &d);

	ec_names_close(d.names);
	return rc ? rc : d.any ? EXIT_NO : EXIT_DONE;
}

const struct command cmd_diff = {
	.name = "diff",
	.args = "BDF|--all [--dump FILE] [--topology T] [--no-intx] [RULES] [-n]",
	.help = "show the registers that the host and a guest read differently",
	.notes = "Exits 1 if anything differs, else 0. Registers that must not be read, such as "
		 "VPD's data,\n"
		 "are not compared.\n" OPTIONS_RULES_NOTES,
	.takes = TAKES_DUMP | TAKES_BDF | TAKES_ALL | TAKES_TOPOLOGY | TAKES_NO_INTX | TAKES_RULES |
		 TAKES_NUMERIC,
	.run = run,
};
