/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamctl explain: which table, topology and rules decided what a guest sees of a register. */
#include <pci/header.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/bits.h"
#include "host/names.h"
#include "tools/commands/commands.h"
#include "tools/offline/explain.h"
#include "tools/offline/place.h"
#include "tools/offline/title.h"
#include "tools/offline/view.h"
#include "tools/out.h"

struct job {
	struct ec_names *names;
	struct place place;
	int code;
};

/* No register matches: suggest one with a similar name. */
static int say_none(const struct view *v, const struct options *o, const struct job *j)
{
	const struct ec_plan_reg *r =
		*j->place.name ? place_nearest(&v->plan, j->place.name) : NULL;
	char at[EC_SBDF_MAX], name[VIEW_NAME_MAX];

	ec_sbdf_print(v->host->sbdf, false, at);
	if (j->place.in_cap)
		out_error("%s: no capability of '%s': 'ecamctl show' lists them", at, o->place);
	else if (!*j->place.name)
		out_error("%s: the view has %u bytes", at, v->plan.layout.size);
	else if (r)
		out_error("%s: no register '%s': do you mean %s?", at, o->place,
			  view_reg_name(&v->plan, r, name));
	else
		out_error("%s: no register or capability '%s': 'ecamctl show' lists them", at,
			  o->place);
	return EXIT_INPUT;
}

/* Effect of a write on a bit. */
enum write_to { DROPPED, KEPT, CLEARED, PASSED, PASSED_CLEAR, WRITES };

static const struct {
	const char *name, *text;
} writes[WRITES] = {
	[DROPPED] = { "dropped", "a write is dropped" },
	[KEPT] = { "kept", "a write changes the guest's copy" },
	[CLEARED] = { "cleared", "a written 1 clears it in the guest's copy" },
	[PASSED] = { "passed", "a write reaches the hardware" },
	[PASSED_CLEAR] = { "passed_clear", "a written 1 reaches the hardware and clears it there" },
};

static const char *const reads[EC_TREATMENTS] = {
	[EC_HIDE] = "reads 0",
	[EC_FREEZE] = "reads as captured",
	[EC_READ] = "reads the hardware",
	[EC_EMULATE] = "reads the guest's copy",
	[EC_PASS] = "reads the hardware",
};

/* Bits with the same treatment and effect of a write. */
struct bits {
	uint32_t mask;
	enum ec_treatment treatment;
	enum write_to write;
	bool constant;
};

#define BITS_MAX (EC_TREATMENTS * WRITES * 2)

static unsigned int list_bits(const struct ec_plan_reg *r, struct bits out[BITS_MAX])
{
	struct ec_reg_masks m = ec_reg_serve(&r->reg, r->served, r->fixed);
	uint32_t by_write[WRITES] = { [KEPT] = m.shadow_rw,
				      [CLEARED] = m.shadow_w1c,
				      [PASSED] = m.hw_rw,
				      [PASSED_CLEAR] = m.hw_w1c };
	unsigned int n = 0;

	by_write[DROPPED] = ~(m.shadow_rw | m.shadow_w1c | m.hw_rw | m.hw_w1c);
	for (unsigned int t = 0; t < EC_TREATMENTS; t++)
		for (unsigned int w = 0; w < WRITES; w++)
			for (unsigned int constant = 0; constant < 2; constant++) {
				uint32_t fixed = t == EC_HIDE ? 0 : r->fixed;
				uint32_t mask =
					r->served[t] & by_write[w] & (constant ? fixed : ~fixed);

				if (mask)
					out[n++] = (struct bits){ mask, (enum ec_treatment)t,
								  (enum write_to)w, constant };
			}
	return n;
}

static uint32_t value_of(struct view *v, const struct ec_plan_reg *r)
{
	return r->span == r->reg.len ? view_read(v, r->offset, r->reg.len) : 0;
}

static void print_step(const struct view *v, const struct explain_step *s)
{
	const struct ec_rule *rule;

	printf("\t\t%-9s %s [", explain_by_names[s->by], s->text);
	if (!s->decided) {
		printf("%s]\n", s->source);
		return;
	}
	rule = ec_rules_origin(v->rules, s->decided->origin);
	printf("%s: %s: %s]\n", rule->file, rule->name, s->decided->set->path);
}

static void print_register(struct view *v, unsigned int reg, const struct explain *e)
{
	const struct ec_plan_reg *r = v->plan.reg + reg;
	int digits = r->reg.len * 2;
	char name[VIEW_NAME_MAX], place[16];
	struct bits bits[BITS_MAX];
	unsigned int n = list_bits(r, bits);

	snprintf(place, sizeof(place), r->span == r->reg.len ? "%03x" : "%03x-%03x", r->offset,
		 r->offset + r->span - 1u);
	printf("\t%-7s %-24s %0*x\n", place, view_reg_name(&v->plan, r, name), digits,
	       value_of(v, r));
	for (unsigned int i = 0; i < n; i++)
		printf("\t\t%0*x %s: %s, %s\n", digits, bits[i].mask,
		       ec_treatment_names[bits[i].treatment],
		       bits[i].constant ? "constant" : reads[bits[i].treatment],
		       writes[bits[i].write].text);
	for (unsigned int i = 0; i < e->n; i++)
		if (e->step[i].reg == reg)
			print_step(v, e->step + i);
}

static void print_text(struct view *v, const bool *wanted, const struct explain *e,
		       const struct job *j)
{
	title_print(j->names, true, v->host->sbdf, view_read(v, PCI_VENDOR_ID, 4),
		    view_read(v, PCI_CLASS_REVISION, 4));
	for (unsigned int i = 0; i < v->plan.n; i++)
		if (wanted[i])
			print_register(v, i, e);
}

static void json_step(const struct view *v, const struct explain_step *s, const char *comma)
{
	printf("%s{\"by\":\"%s\"", comma, explain_by_names[s->by]);
	if (s->decided) {
		const struct ec_rule *rule = ec_rules_origin(v->rules, s->decided->origin);

		out_json_member("file", rule->file);
		out_json_member("rule", rule->name);
		out_json_member("path", s->decided->set->path);
	} else {
		out_json_member("source", s->source);
	}
	out_json_member("text", s->text);
	putchar('}');
}

static void json_register(struct view *v, unsigned int reg, const struct explain *e,
			  const char *comma)
{
	const struct ec_plan_reg *r = v->plan.reg + reg;
	struct bits bits[BITS_MAX];
	char name[VIEW_NAME_MAX];
	unsigned int n = list_bits(r, bits);

	printf("%s{\"offset\":%u,\"length\":%u", comma, r->offset, r->span);
	out_json_member("name", view_reg_name(&v->plan, r, name));
	printf(",\"value\":%u,\"bits\":[", value_of(v, r));
	for (unsigned int i = 0; i < n; i++)
		printf("%s{\"mask\":%u,\"treatment\":\"%s\",\"write\":\"%s\",\"constant\":%s}",
		       i ? "," : "", bits[i].mask, ec_treatment_names[bits[i].treatment],
		       writes[bits[i].write].name, out_json_bool(bits[i].constant));
	printf("],\"decisions\":[");
	comma = "";
	for (unsigned int i = 0; i < e->n; i++) {
		if (e->step[i].reg != reg)
			continue;
		json_step(v, e->step + i, comma);
		comma = ",";
	}
	printf("]}");
}

static void print_json(struct view *v, const bool *wanted, const struct explain *e)
{
	const char *comma = "";
	char at[EC_SBDF_MAX];

	printf("{\"version\":1,\"host\":\"%s\",\"registers\":[",
	       ec_sbdf_print(v->host->sbdf, true, at));
	for (unsigned int i = 0; i < v->plan.n; i++) {
		if (!wanted[i])
			continue;
		json_register(v, i, e, comma);
		comma = ",";
	}
	puts("]}");
}

static void explain(struct view *v, const struct options *o, void *ctx)
{
	static bool wanted[EC_CONFIG_SIZE];
	struct job *j = ctx;
	struct explain e;

	if (!place_choose(&v->plan, &j->place, wanted)) {
		j->code = say_none(v, o, j);
		return;
	}
	if (explain_make(v, o, wanted, &e)) {
		j->code = out_no_memory();
		return;
	}
	if (o->json)
		print_json(v, wanted, &e);
	else
		print_text(v, wanted, &e, j);
	free(e.step);
}

static int run(const struct options *o)
{
	struct job j = { .code = EXIT_DONE };
	const char *wrong = place_parse(o->place, &j.place);
	int rc;

	if (wrong) {
		out_error("'%s' %s", o->place, wrong);
		return EXIT_USAGE;
	}
	j.names = o->numeric || o->json ? NULL : ec_names_open();
	/* plans with fewer decisions freeze registers that the complete plan does not */
	rc = view_each(o, EC_CAPTURE_ALL, explain, &j);
	ec_names_close(j.names);
	return rc ? rc : j.code;
}

const struct command cmd_explain = {
	.name = "explain",
	.args = "BDF OFFSET[:LENGTH]|NAME [--dump FILE] [--topology T] [--no-intx] [RULES]\n"
		"       [--json] [-n]",
	.help = "explain what decided the treatment of registers",
	.notes = "OFFSET is hexadecimal, LENGTH decimal or with 0x. NAME is a register as show "
		 "prints "
		 "it, after\n"
		 "its capability: EXP.DEVCTL; or a capability as a whole: AER; or as in setpci(8): "
		 "CAP_EXP+8.w.\n"
		 "For each register: the treatment of its bits; then the entry of the table, the "
		 "topology, the\n"
		 "function's own values and the rules that changed it, each with the treatment "
		 "from then on.\n" OPTIONS_RULES_NOTES,
	.takes = TAKES_DUMP | TAKES_BDF | TAKES_PLACE | TAKES_TOPOLOGY | TAKES_NO_INTX |
		 TAKES_RULES | TAKES_JSON | TAKES_NUMERIC,
	.run = run,
};
