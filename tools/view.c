/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/*
 * This machine's hardware as attach would leave it: bits that the guest may write in it start at
 * their value at power-on. Nothing is written.
 */
static int read_attached(void *ctx, uint32_t offset, unsigned int len, uint32_t *value)
{
	const struct view *v = ctx;
	int rc;

	/* a register whose reading has a side effect is shown as 0 */
	if (v->exact[offset]) {
		*value = 0;
		return 0;
	}
	rc = v->conf->read(v->conf_ctx, offset, len, value);
	if (!rc)
		*value = (*value & ec_image_get(&v->keep, offset, len)) |
			 ec_image_get(&v->set, offset, len);
	return rc;
}

static int write_never(void *ctx, uint32_t offset, unsigned int len, uint32_t value)
{
	(void)ctx;
	(void)offset;
	(void)len;
	(void)value;
	return -EPERM;
}

static const struct ec_conf_ops attached_ops = { .read = read_attached, .write = write_never };

/* What @fn is played by: its image, or this machine's hardware. */
static void set_device(struct view *v, const struct source *s, const struct ec_dump_function *fn)
{
	v->function = (struct ec_function){ .layout = &v->plan.layout, .shadow = v->plan.shadow };
	if (v->live) {
		v->conf = source_conf(s, fn, &v->conf_ctx);
		memset(v->keep.byte, 0xff, sizeof(v->keep.byte));
		memset(v->set.byte, 0, sizeof(v->set.byte));
		ec_plan_attached(&v->plan, &v->keep);
		ec_plan_attached(&v->plan, &v->set);
		memset(v->exact, 0, sizeof(v->exact));
		for (unsigned int i = 0; i < v->plan.n; i++)
			if (v->plan.reg[i].reg.exact)
				memset(v->exact + v->plan.reg[i].from, 1, v->plan.reg[i].span);
		v->function.hw = &attached_ops;
		v->function.hw_ctx = v;
		return;
	}
	v->device.image = fn->image;
	ec_plan_attached(&v->plan, &v->device.image);
	ec_plan_semantics(&v->plan, v->device.rw, v->device.w1c);
	v->function.hw = &ec_conf_dump_ops;
	v->function.hw_ctx = &v->device;
}

int view_open(struct view *v, const struct source *s, struct ec_dump_function *fn,
	      const struct options *o, enum ec_capture how_much)
{
	struct ec_plan_options opt = { .topology = o->topology,
				       .no_intx = o->no_intx,
				       .vendor = fn->vendor,
				       .device = fn->device,
				       .region = fn->region };
	struct ec_captured captured;
	char name[EC_SBDF_MAX];
	struct ec_diag diag;

	ec_guest_remove(&v->guest, v->function.at);
	v->host = fn;
	v->live = s->machine && how_much == EC_CAPTURE_PLAN;
	if (source_capture(s, fn, how_much, &opt, &v->plan, &captured))
		return EXIT_INPUT;
	/* a snapshot has no more than was captured; hardware has all of it */
	opt.live = v->live;
	if (ec_plan_build(&v->plan, &fn->image, &opt, &diag)) {
		out_error("%s: %s", ec_sbdf_print(fn->sbdf, false, name), diag.text);
		return EXIT_INPUT;
	}
	if (!captured.limited)
		report_plan(fn, &v->plan, s->machine);
	set_device(v, s, fn);
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

typedef void (*each_fn)(struct view *v, const struct options *o, void *ctx);

static int one(struct view *v, const struct options *o, enum ec_capture how_much,
	       const struct source *s, each_fn each, void *ctx)
{
	struct ec_dump_function *fn = source_find(s, o->bdf, o->dump);
	int rc = fn ? view_open(v, s, fn, o, how_much) : EXIT_INPUT;

	if (!rc)
		each(v, o, ctx);
	return rc;
}

static int all(struct view *v, const struct options *o, enum ec_capture how_much,
	       const struct source *s, each_fn each, void *ctx)
{
	unsigned int viewed = 0;

	for (unsigned int i = 0; i < s->n; i++) {
		if (view_open(v, s, s->fn + i, o, how_much))
			continue;
		each(v, o, ctx);
		viewed++;
	}
	if (viewed)
		return EXIT_DONE;
	out_error("%s: none of its functions can be viewed", o->dump ? o->dump : "this machine");
	return EXIT_INPUT;
}

int view_each(const struct options *o, enum ec_capture how_much,
	      void (*each)(struct view *v, const struct options *o, void *ctx), void *ctx)
{
	struct source s;
	struct view *v = NULL;
	int rc = source_load(&s, o->dump);

	if (!rc && !(v = view_new()))
		rc = EXIT_REFUSED;
	if (!rc)
		rc = (o->has_bdf ? one : all)(v, o, how_much, &s, each, ctx);
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
