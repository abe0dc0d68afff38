/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamctl diff: compare a guest's view of a function with the host's, or with other rules. */
#include <pci/header.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "tools/commands/commands.h"
#include "tools/offline/explain.h"
#include "tools/offline/rules.h"
#include "tools/offline/title.h"
#include "tools/offline/view.h"
#include "tools/out.h"

struct diff {
	struct ec_names *names;
	struct view *other; /* the same function by other rules; NULL: the host is compared */
	bool titled;
	unsigned int functions, differ, power_on; /* counts of all functions */
	int code;
	/* of the function: registers that differ, and what decided them in both views */
	bool listed[EC_CONFIG_SIZE], listed_other[EC_CONFIG_SIZE];
	struct explain why, why_other;
	struct byte_state guest[EC_CONFIG_SIZE], before[EC_CONFIG_SIZE];
	/* bytes without a row that the guest reads as 0: printed as one range */
	const struct ec_plan_reg *rest;
	uint32_t from, to, n;
};

static void print_title(struct view *v, struct diff *d, const struct options *o)
{
	const char *column = !d->other                       ? "host"
			     : strcmp(o->against, "default") ? "other"
							     : "default";

	if (d->titled)
		return;
	d->titled = true;
	title_print(d->names, true, v->host->sbdf, source_ids(v->host),
		    ec_image_get(&v->host->image, PCI_CLASS_REVISION, 4));
	printf("\t%-7s %-24s %-8s %-8s %s\n", "", "register", column, "guest", "treatment");
}

/* The last rule that changed register @reg of @e, or NULL. */
static const struct ec_decision *last_rule(const struct explain *e, unsigned int reg)
{
	for (unsigned int i = e->n; i-- > 0;)
		if (e->step[i].reg == reg && e->step[i].decided)
			return e->step[i].decided;
	return NULL;
}

/* Ends a line with the rule that is responsible for register @reg, if one is. */
static void print_rule(const struct view *v, const struct diff *d, unsigned int reg)
{
	const struct ec_plan_reg *r = v->plan.reg + reg;
	const struct ec_decision *by = last_rule(&d->why, reg);
	const struct ec_rules *rules = v->rules;
	const char *without = "";
	const struct ec_rule *rule;

	for (unsigned int i = 0; !by && d->other && i < d->other->plan.n; i++) {
		const struct ec_plan_reg *was = d->other->plan.reg + i;

		if (was->offset >= r->offset + r->span || was->offset + was->span <= r->offset)
			continue;
		by = last_rule(&d->why_other, i);
		rules = d->other->rules;
		without = "without ";
	}
	if (by) {
		rule = ec_rules_origin(rules, by->origin);
		printf(" [%s%s: %s: %s]", without, rule->file, rule->name, by->set->path);
	}
	putchar('\n');
}

/* ---- with the host ---- */

/* Calls @each for each piece of @r: whole, or a range without rows in aligned pieces. */
static void each_piece(const struct ec_plan_reg *r, void *ctx,
		       void (*each)(void *ctx, uint32_t offset, unsigned int len))
{
	uint32_t off = r->offset, end = off + r->span;

	while (off < end) {
		unsigned int len = r->span == r->reg.len ? r->reg.len : ec_piece(off, end);

		each(ctx, off, len);
		off += len;
	}
}

/* Values of a register or a piece. Bytes that must not be read from hardware are not compared. */
static uint32_t host_value(struct view *v, uint32_t offset, unsigned int len, uint32_t *guest)
{
	*guest = view_read(v, offset, len);
	return ec_image_has(&v->host->image, offset, len)
		       ? ec_image_get(&v->host->image, offset, len)
		       : *guest;
}

/* Bits that read as at power-on, whatever the host has there now. */
static uint32_t starting(const struct ec_plan_reg *r)
{
	struct ec_reg_masks m = ec_reg_serve(&r->reg, r->served, r->fixed);

	return (m.shadow_rw | m.shadow_w1c | m.hw_rw | m.hw_w1c) & ~r->start;
}

/* One register of the comparison. */
struct piece {
	struct view *v;
	struct diff *d;
	const struct options *o;
	const struct ec_plan_reg *r;
	bool listed, print;
};

static void flush_rest(struct view *v, struct diff *d)
{
	char name[VIEW_NAME_MAX];

	if (!d->rest)
		return;
	printf("\t%03x-%03x %-24s not 0    0        %s (%u %s)", d->from, d->to,
	       view_reg_name(&v->plan, d->rest, name),
	       ec_treatment_names[ec_reg_main(d->rest->served)], d->n,
	       d->n == 1 ? "place differs" : "places differ");
	print_rule(v, d, (unsigned int)(d->rest - v->plan.reg));
	d->rest = NULL;
}

static bool same_rest(const struct ec_plan_reg *a, const struct ec_plan_reg *b)
{
	return a && a->cap == b->cap && a->gap == b->gap;
}

static void print_piece(const struct piece *p, uint32_t offset, unsigned int len, uint32_t host,
			uint32_t guest)
{
	struct diff *d = p->d;
	char name[VIEW_NAME_MAX];

	print_title(p->v, d, p->o);
	if (p->r->span != p->r->reg.len) {
		if (!d->rest) {
			d->from = offset;
			d->n = 0;
		}
		d->rest = p->r;
		d->to = offset + len - 1;
		d->n++;
		return;
	}
	printf("\t%03x     %-24s %0*x%*s %0*x%*s %s", offset,
	       view_reg_name(&p->v->plan, p->r, name), len * 2, host, 8 - (int)len * 2, "", len * 2,
	       guest, 8 - (int)len * 2, "", ec_treatment_names[ec_reg_main(p->r->served)]);
	print_rule(p->v, d, (unsigned int)(p->r - p->v->plan.reg));
}

/* Counts a piece that differs, or prints it. */
static void compare_piece(void *ctx, uint32_t offset, unsigned int len)
{
	struct piece *p = ctx;
	uint32_t guest, host = host_value(p->v, offset, len, &guest);
	bool power_on = p->r->span == p->r->reg.len && !((host ^ guest) & ~starting(p->r));

	if (p->print && !same_rest(p->d->rest, p->r))
		flush_rest(p->v, p->d);
	if (host == guest)
		return;
	if (power_on && !p->o->verbose) {
		p->d->power_on += !p->print;
		return;
	}
	p->listed = true;
	if (p->print)
		print_piece(p, offset, len, host, guest);
	else
		p->d->differ++;
}

/* Marks the registers that differ from the host's, or prints them. */
static void with_host(struct view *v, const struct options *o, struct diff *d, bool print)
{
	for (unsigned int i = 0; i < v->plan.n; i++) {
		struct piece p = { v, d, o, v->plan.reg + i, .print = print };

		each_piece(p.r, &p, compare_piece);
		d->listed[i] = p.listed;
	}
	if (print)
		flush_rest(v, d);
}

/* ---- with other rules ---- */

/* Is byte @at served as in the other view? */
static bool same_byte(const struct diff *d, uint32_t at)
{
	return bytes_same(d->before + at, d->guest + at);
}

static bool same_value(struct view *v, struct diff *d, const struct ec_plan_reg *r)
{
	return r->span != r->reg.len ||
	       view_read(v, r->offset, r->reg.len) == view_read(d->other, r->offset, r->reg.len);
}

/* Marks the registers that differ from those of the other view, and all of the other view. */
static void with_rules(struct view *v, struct diff *d)
{
	bytes_read(&v->plan, d->guest);
	bytes_read(&d->other->plan, d->before);
	for (unsigned int i = 0; i < v->plan.n; i++) {
		const struct ec_plan_reg *r = v->plan.reg + i;

		d->listed[i] = !same_value(v, d, r);
		for (unsigned int k = 0; k < r->span && !d->listed[i]; k++)
			d->listed[i] = !same_byte(d, r->offset + k);
	}
	for (unsigned int i = 0; i < d->other->plan.n; i++)
		d->listed_other[i] = true;
}

/* Prints how @len bytes were served and are served, and the rule. */
static void print_served(struct view *v, struct diff *d, unsigned int reg, uint32_t from,
			 unsigned int len)
{
	char was[BYTES_TEXT_MAX] = "", now[BYTES_TEXT_MAX] = "";

	bytes_add_state(was, d->before + from, len);
	bytes_add_state(now, d->guest + from, len);
	printf("%s%s%s", strcmp(was, now) ? was : "", strcmp(was, now) ? " -> " : "", now);
	print_rule(v, d, reg);
	d->differ++;
}

/* Prints the range of bytes without a row that was collected, if any. */
static void flush_range(struct view *v, struct diff *d)
{
	char name[VIEW_NAME_MAX];

	if (!d->rest)
		return;
	printf("\t%03x-%03x %-24s %-8s %-8s ", d->from, d->to,
	       view_reg_name(&v->plan, d->rest, name), "", "");
	print_served(v, d, (unsigned int)(d->rest - v->plan.reg), d->from, 1);
	d->rest = NULL;
}

/* Adds the bytes of @r that differ to the range, which they may end. */
static void add_range(struct view *v, struct diff *d, const struct ec_plan_reg *r)
{
	for (uint32_t at = r->offset; at < (uint32_t)r->offset + r->span; at++) {
		if (same_byte(d, at))
			continue;
		if (d->rest && (at != d->to + 1 || !bytes_same(d->before + d->to, d->before + at) ||
				!bytes_same(d->guest + d->to, d->guest + at)))
			flush_range(v, d);
		if (!d->rest) {
			d->rest = r;
			d->from = at;
		}
		d->to = at;
	}
}

static void print_register(struct view *v, struct diff *d, unsigned int reg)
{
	const struct ec_plan_reg *r = v->plan.reg + reg;
	char name[VIEW_NAME_MAX];
	int digits = r->reg.len * 2, blanks = 8 - digits;

	printf("\t%03x     %-24s %0*x%*s %0*x%*s ", r->offset, view_reg_name(&v->plan, r, name),
	       digits, view_read(d->other, r->offset, r->reg.len), blanks, "", digits,
	       view_read(v, r->offset, r->reg.len), blanks, "");
	print_served(v, d, reg, r->offset, r->reg.len);
}

static void print_rules(struct view *v, const struct options *o, struct diff *d)
{
	for (unsigned int i = 0; i < v->plan.n; i++) {
		const struct ec_plan_reg *r = v->plan.reg + i;

		if (!d->listed[i])
			continue;
		print_title(v, d, o);
		if (r->rest && same_value(v, d, r)) {
			add_range(v, d, r);
			continue;
		}
		flush_range(v, d);
		print_register(v, d, i);
	}
	flush_range(v, d);
}

static int explain_both(struct view *v, const struct options *o, struct diff *d)
{
	int rc = v->decided.n ? explain_make(v, o, d->listed, &d->why) : 0;

	if (!rc && d->other && d->other->decided.n)
		rc = explain_make(d->other, o, d->listed_other, &d->why_other);
	return rc;
}

static void diff(struct view *v, const struct options *o, void *ctx)
{
	struct diff *d = ctx;
	int rc = d->other ? view_again(d->other, v, o) : 0;

	if (rc || d->code) {
		d->code = rc ? rc : d->code;
		return;
	}
	d->titled = false;
	d->functions++;
	if (d->other)
		with_rules(v, d);
	else
		with_host(v, o, d, false);
	if (explain_both(v, o, d))
		d->code = out_no_memory();
	else if (d->other)
		print_rules(v, o, d);
	else
		with_host(v, o, d, true);
	free(d->why.step);
	free(d->why_other.step);
	d->why = d->why_other = (struct explain){ 0 };
}

/* ---- the command ---- */

static void print_summary(const struct diff *d)
{
	printf("%u function%s: %u %s", d->functions, d->functions == 1 ? "" : "s", d->differ,
	       d->differ == 1 ? "place differs" : "places differ");
	if (d->power_on)
		printf(", and %u only because a guest starts at power-on (see -v)", d->power_on);
	putchar('\n');
}

/* Loads the rules of --against. Returns an exit code. */
static int load_other(const struct options *o, struct view *other, struct ec_rules **rules)
{
	struct options with = *o;

	*rules = NULL;
	if (strcmp(o->against, "default") != 0) {
		int rc;

		with.policy = (struct options_paths){ .given = true, .n = 1 };
		with.policy.path[0] = o->against;
		rc = rules_load(rules, &with);
		if (rc)
			return rc;
	}
	other->rules = *rules;
	return 0;
}

static int run(const struct options *o)
{
	struct diff *d = calloc(1, sizeof(*d));
	struct ec_rules *rules = NULL;
	int rc = d ? 0 : out_no_memory();

	if (!rc && o->against && strcmp(o->against, "host") != 0) {
		d->other = view_new();
		rc = d->other ? load_other(o, d->other, &rules) : EXIT_REFUSED;
	}
	if (!rc) {
		d->names = o->numeric ? NULL : ec_names_open();
		rc = view_each(o, EC_CAPTURE_ALL, diff, d);
		ec_names_close(d->names);
	}
	if (!rc)
		rc = d->code;
	if (!rc) {
		print_summary(d);
		rc = d->differ ? EXIT_NO : EXIT_DONE;
	}
	if (d)
		view_free(d->other);
	ec_rules_free(rules);
	free(d);
	return rc;
}

const struct command cmd_diff = {
	.name = "diff",
	.args = "BDF|--all [--against A] [--dump FILE] [--topology T] [--no-intx] [RULES]\n"
		"       [-v] [-n]",
	.help = "compare a guest's view with the host, with the view without rules, or other rules",
	.notes = "Exits 1 if anything that it lists differs, else 0. With the host, values are "
		 "compared;\n"
		 "registers that must not be read, such as VPD's data, are not. With a view, the "
		 "treatments\n"
		 "are compared too. The rule responsible for a difference is in "
		 "brackets.\n" OPTIONS_RULES_NOTES,
	.takes = TAKES_DUMP | TAKES_BDF | TAKES_ALL | TAKES_TOPOLOGY | TAKES_NO_INTX | TAKES_RULES |
		 TAKES_NUMERIC | TAKES_AGAINST | TAKES_VERBOSE,
	.run = run,
};
