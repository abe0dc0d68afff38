/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view.h"

#include <stdio.h>
#include <stdlib.h>

#include "out.h"
#include "report.h"

struct view *view_new(void)
{
	struct view *v = calloc(1, sizeof(*v));

	if (!v)
		out_error("out of memory");
	return v;
}

void view_free(struct view *v)
{
	if (v)
		ec_guest_clear(&v->guest);
	free(v);
}

int view_open(struct view *v, const struct ec_dump_function *fn, enum ec_topology topology)
{
	struct ec_plan_options opt = { .topology = topology,
				       .vendor = fn->vendor,
				       .device = fn->device,
				       .region = fn->region };
	char name[EC_SBDF_MAX];
	struct ec_diag diag;

	ec_guest_remove(&v->guest, v->function.at);
	v->host = fn;
	if (ec_plan_build(&v->plan, &fn->image, &opt, &diag)) {
		out_error("%s: %s", ec_sbdf_print(fn->sbdf, false, name), diag.text);
		return EXIT_INPUT;
	}
	report_plan(fn, &v->plan);
	v->device.image = fn->image;
	ec_plan_attached(&v->plan, &v->device.image);
	ec_plan_semantics(&v->plan, v->device.rw, v->device.w1c);
	v->function = (struct ec_function){ .layout = &v->plan.layout,
					    .shadow = v->plan.shadow,
					    .hw = &ec_conf_dump_ops,
					    .hw_ctx = &v->device };
	if (ec_guest_add(&v->guest, &v->function)) {
		out_error("out of memory");
		return EXIT_REFUSED;
	}
	return 0;
}

uint32_t view_read(struct view *v, uint32_t offset, unsigned int len)
{
	/* static: the room for an answer's actions is too much to clear for every register */
	static struct ec_access a;

	a.at = v->function.at;
	a.write = false;
	a.offset = offset;
	a.length = len;
	ec_access_handle(&v->guest, &a);
	return (uint32_t)a.value;
}

static int one(struct view *v, const struct options *o, const struct source *s,
	       void (*each)(struct view *v, const struct options *o, void *ctx), void *ctx)
{
	const struct ec_dump_function *fn = source_find(s, o->bdf);
	char name[EC_SBDF_MAX];
	int rc;

	if (!fn) {
		out_error("%s: there is no function %s", o->dump,
			  ec_sbdf_print(o->bdf, false, name));
		return EXIT_INPUT;
	}
	rc = view_open(v, fn, o->topology);
	if (!rc)
		each(v, o, ctx);
	return rc;
}

int view_each(const struct options *o,
	      void (*each)(struct view *v, const struct options *o, void *ctx), void *ctx)
{
	struct source s;
	struct view *v = NULL;
	unsigned int viewed = 0;
	int rc = source_load(&s, o->dump);

	if (!rc && !(v = view_new()))
		rc = EXIT_REFUSED;
	if (!rc && o->has_bdf) {
		rc = one(v, o, &s, each, ctx);
	} else if (!rc) {
		for (unsigned int i = 0; i < s.n; i++) {
			if (view_open(v, s.fn + i, o->topology))
				continue;
			each(v, o, ctx);
			viewed++;
		}
		if (!viewed) {
			out_error("%s: none of its functions can be viewed", o->dump);
			rc = EXIT_INPUT;
		}
	}
	view_free(v);
	source_free(&s);
	return rc;
}

const char *view_reg_name(const struct view *v, const struct ec_plan_reg *r,
			  char out[VIEW_NAME_MAX])
{
	if (r->cap)
		snprintf(out, VIEW_NAME_MAX, "%s.%s", v->plan.cap[r->cap - 1].cap->name,
			 r->reg.name);
	else
		snprintf(out, VIEW_NAME_MAX, "%s", r->reg.name);
	return out;
}
