/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tools/offline/view.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/resolve.h"
#include "tools/offline/report.h"
#include "tools/offline/rules.h"
#include "tools/out.h"
#include "view/build.h"

struct view *view_new(void)
{
	struct view *v = calloc(1, sizeof(*v));

	if (!v)
		out_error("out of memory");
	return v;
}

void view_free(struct view *v)
{
	if (v) {
		ec_bus_map_clear(&v->buses);
		ec_decisions_free(&v->decided);
	}
	free(v);
}

/*
 * The hardware of this machine as after an attach, which resets it: bits that the guest may write
 * there read their value at power-on. Nothing is reset or written.
 */
static int read_attached(void *ctx, uint32_t offset, unsigned int len, uint32_t *value)
{
	const struct view *v = ctx;
	int rc;

	/* a read of this register has a side effect: show 0 */
	if (v->hardware.exact[offset]) {
		*value = 0;
		return 0;
	}
	rc = v->hardware.conf->read(v->hardware.ctx, offset, len, value);
	if (!rc)
		*value = (*value & ec_image_get(&v->hardware.keep, offset, len)) |
			 ec_image_get(&v->hardware.set, offset, len);
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

/* Has @fn accessed through a copy of its image. */
static void set_copy(struct view *v, const struct ec_dump_function *fn)
{
	v->function = (struct ec_function){ .layout = &v->plan.layout, .shadow = v->plan.shadow };
	v->device.image = fn->image;
	ec_plan_attached(&v->plan, &v->device.image);
	ec_plan_semantics(&v->plan, v->device.rw, v->device.w1c);
	v->function.hw = &ec_conf_dump_ops;
	v->function.hw_ctx = &v->device;
}

/* Sets what @fn is accessed through: its image, or the hardware of this machine. */
static void set_device(struct view *v, const struct source *s, const struct ec_dump_function *fn)
{
	v->function = (struct ec_function){ .layout = &v->plan.layout, .shadow = v->plan.shadow };
	if (v->live) {
		v->hardware.conf = source_conf(s, fn, &v->hardware.ctx);
		memset(v->hardware.keep.byte, 0xff, sizeof(v->hardware.keep.byte));
		memset(v->hardware.set.byte, 0, sizeof(v->hardware.set.byte));
		ec_plan_attached(&v->plan, &v->hardware.keep);
		ec_plan_attached(&v->plan, &v->hardware.set);
		memset(v->hardware.exact, 0, sizeof(v->hardware.exact));
		for (unsigned int i = 0; i < v->plan.n; i++)
			if (v->plan.reg[i].reg.exact && !v->plan.reg[i].added)
				memset(v->hardware.exact + v->plan.reg[i].from, 1,
				       v->plan.reg[i].span);
		v->function.hw = &attached_ops;
		v->function.hw_ctx = v;
		return;
	}
	set_copy(v, fn);
}

static bool has_rules(const struct view *v, const struct options *o)
{
	return v->rules && v->rules->n && o->topology != EC_HOST;
}

/* Resolves the rules for the function of @v, whose chains are captured. */
static int resolve(struct view *v, const struct options *o, struct ec_plan_options *opt)
{
	struct ec_subject subject;

	ec_subject_read(&v->host->image, opt, &v->chain, &subject);
	subject.bdf = v->host->sbdf;
	subject.vf = v->vf;
	subject.guest_name = o->for_guest;
	subject.guest_uuid = *o->for_uuid ? o->for_uuid : NULL;
	return rules_decide(v->rules, &subject, o->has_topology ? (int)o->topology : -1, opt,
			    &v->decided);
}

/* Decides @fn by rules. For a function of this machine, that needs its chains captured. */
static int decide(struct view *v, const struct source *s, struct ec_dump_function *fn,
		  const struct options *o, struct ec_plan_options *opt)
{
	struct source_capture c = { EC_CAPTURE_CHAINS, opt, .plan = &v->plan };

	v->decided.n = 0;
	if (!has_rules(v, o))
		return 0;
	if (source_capture(s, fn, &c)) {
		rules_say_why(NULL, fn->sbdf, &v->plan, &c.diag);
		return EXIT_INPUT;
	}
	return resolve(v, o, opt);
}

/*
 * Is the hardware shown, not a copy? Also by explain: it captures more only for the plans of
 * explain_make(), not for the one that it shows.
 */
static bool shows_hardware(const struct source *s, const struct options *o,
			   enum ec_capture how_much)
{
	return s->machine && (how_much == EC_CAPTURE_PLAN || o->place);
}

int view_open(struct view *v, const struct source *s, struct ec_dump_function *fn,
	      const struct options *o, enum ec_capture how_much)
{
	struct ec_plan_options opt = { .topology = o->topology,
				       .no_intx = o->no_intx,
				       .multifunction = o->multifunction,
				       .vendor = fn->vendor,
				       .device = fn->device,
				       .region = fn->region };
	struct source_capture c = { how_much, &opt, .plan = &v->plan };
	int rc;

	ec_bus_map_remove(&v->buses, v->function.at);
	v->host = fn;
	v->vf = source_is_vf(s, fn);
	v->live = shows_hardware(s, o, how_much);
	v->without = opt;
	v->without.live = v->live;
	rc = decide(v, s, fn, o, &opt);
	if (rc)
		return rc;
	v->plan.blame = EC_BY_TABLE;
	v->plan.blame_set = NULL;
	rc = source_capture(s, fn, &c);
	if (!rc) {
		source_say_captured(fn, &c.captured);
		/* a copy has only the captured bytes, hardware has all */
		opt.live = v->live;
		rc = ec_plan_build(&v->plan, &fn->image, &opt, &c.diag);
	}
	if (rc) {
		rules_say_why(v->rules, fn->sbdf, &v->plan, &c.diag);
		return EXIT_INPUT;
	}
	if (!c.captured.limited)
		report_plan(fn, &v->plan, s->machine);
	set_device(v, s, fn);
	if (ec_bus_map_add(&v->buses, &v->function)) {
		out_error("out of memory");
		return EXIT_REFUSED;
	}
	return 0;
}

int view_again(struct view *v, const struct view *of, const struct options *o)
{
	struct ec_plan_options opt = of->without;
	struct ec_diag diag;
	int rc = 0;

	ec_bus_map_remove(&v->buses, v->function.at);
	v->host = of->host;
	v->vf = of->vf;
	v->without = opt;
	v->decided.n = 0;
	if (has_rules(v, o))
		rc = resolve(v, o, &opt);
	if (rc)
		return rc;
	v->plan.blame = EC_BY_TABLE;
	v->plan.blame_set = NULL;
	if (ec_plan_build(&v->plan, &v->host->image, &opt, &diag)) {
		rules_say_why(v->rules, v->host->sbdf, &v->plan, &diag);
		return EXIT_INPUT;
	}
	set_copy(v, v->host);
	return ec_bus_map_add(&v->buses, &v->function) ? out_no_memory() : 0;
}

int view_build(const struct view *v, const struct options *o, unsigned int n,
	       struct view_partial *out)
{
	struct ec_plan_options opt = v->without;
	struct ec_diag diag;

	out->first = (struct ec_decisions){ .n = n, .decision = v->decided.decision };
	if (n)
		rules_let(&out->first, o->has_topology ? (int)o->topology : -1, &opt);
	return ec_plan_build(&out->plan, &v->host->image, &opt, &diag);
}

uint32_t view_read(struct view *v, uint32_t offset, unsigned int len)
{
	/* static: its list of actions is too large to be cleared for every register */
	static struct ec_access a;

	a.at = v->function.at;
	a.write = false;
	a.offset = offset;
	a.length = len;
	ec_access_handle(&v->buses, &a);
	return (uint32_t)a.value;
}

/* The arguments of view_each(). */
struct each {
	const struct options *o;
	enum ec_capture how_much;
	void (*call)(struct view *v, const struct options *o, void *ctx);
	void *ctx;
};

static int one(struct view *v, const struct source *s, const struct each *e)
{
	struct ec_dump_function *fn = source_find(s, e->o->bdf, e->o->dump);
	int rc = fn ? view_open(v, s, fn, e->o, e->how_much) : EXIT_INPUT;

	if (!rc)
		e->call(v, e->o, e->ctx);
	return rc;
}

static int all(struct view *v, const struct source *s, const struct each *e)
{
	unsigned int viewed = 0;

	for (unsigned int i = 0; i < s->n; i++) {
		if (view_open(v, s, s->fn + i, e->o, e->how_much))
			continue;
		e->call(v, e->o, e->ctx);
		viewed++;
	}
	return viewed ? EXIT_DONE : source_none_viewed(e->o->dump);
}

int view_each(const struct options *o, enum ec_capture how_much,
	      void (*each)(struct view *v, const struct options *o, void *ctx), void *ctx)
{
	const struct each e = { o, how_much, each, ctx };
	struct source s = { 0 };
	struct view *v = NULL;
	struct ec_rules *rules;
	int rc = rules_load(&rules, o);

	if (!rc)
		rc = source_load(&s, o->dump);
	if (!rc && !(v = view_new()))
		rc = EXIT_REFUSED;
	if (!rc) {
		v->rules = rules;
		rc = (o->has_bdf ? one : all)(v, &s, &e);
	}
	view_free(v);
	source_free(&s);
	ec_rules_free(rules);
	return rc;
}

const char *view_reg_name(const struct ec_plan *plan, const struct ec_plan_reg *r,
			  char out[VIEW_NAME_MAX])
{
	if (r->cap)
		snprintf(out, VIEW_NAME_MAX, "%s.%s", plan->cap[r->cap - 1].cap->name, r->reg.name);
	else
		snprintf(out, VIEW_NAME_MAX, "%s", r->reg.name);
	return out;
}
