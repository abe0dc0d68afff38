/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamctl explain: which table, topology and rules decided what a guest sees of a register. */
#include <pci/header.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "host/names.h"
#include "policy/edit_distance.h"
#include "tools/commands/commands.h"
#include "tools/number.h"
#include "tools/offline/explain.h"
#include "tools/offline/title.h"
#include "tools/offline/view.h"
#include "tools/out.h"
#include "view/rules.h"

struct job {
	struct ec_names *names;
	bool by_name;
	uint32_t from, to; /* bytes [from, to), if not by name */
	int code;
};

/* "0x..." or decimal, as in rules. A leading 0, octal in C, is refused. */
static bool number(const char *s, uint32_t most, uint32_t *out)
{
	bool hex = s[0] == '0' && (s[1] == 'x' || s[1] == 'X');
	uint64_t v = 0;
	bool good = (hex || *s != '0' || !s[1]) &&
		    number_parse(hex ? s + 2 : s, hex ? 16 : 10, most, &v);

	*out = (uint32_t)v;
	return good;
}

/* OFFSET[:LENGTH] or a name. Returns false after a message. */
static bool read_place(const char *place, struct job *j)
{
	const char *colon = strchr(place, ':');
	size_t len = colon ? (size_t)(colon - place) : strlen(place);
	char offset[32];
	uint32_t n = 1;

	snprintf(offset, sizeof(offset), "%.*s", (int)len, place);
	if (number(offset, EC_CONFIG_SIZE - 1, &j->from)) {
		if (colon && (!number(colon + 1, EC_CONFIG_SIZE, &n) || !n)) {
			out_error("'%s' is not a length: 1 to 4096, decimal or with 0x", colon + 1);
			return false;
		}
		j->to = j->from + n;
		return true;
	}
	/* a name may start with a digit too: 16GT.CTL */
	j->by_name = (*place < '0' || *place > '9') || strchr(place, '.');
	if (!j->by_name)
		out_error("'%s' is not a register: its name, or an offset below 4096, decimal or "
			  "with "
			  "0x",
			  place);
	return j->by_name;
}

/* Is @r called @name: "COMMAND", "EXP.DEVCTL", "VNDR#2.LENGTH", "std:NULL.CAP_ID"? */
static bool is_called(const struct ec_plan *p, const struct ec_plan_reg *r, const char *name)
{
	const struct ec_cap *cap;
	struct ec_cap_ref ref;
	char text[VIEW_NAME_MAX + 16];

	if (!r->cap)
		return !strcmp(name, r->reg.name);
	cap = p->cap[r->cap - 1].cap;
	if (!strncmp(name, cap->extended ? "ext:" : "std:", 4))
		name += 4;
	if (!strcmp(name, view_reg_name(p, r, text)))
		return true;
	ref = (struct ec_cap_ref){ p->chain.link[r->cap - 1].id, cap->extended, 1 };
	while (ref.instance <= r->cap && !ec_ruled_is(p, &ref, r->cap - 1u))
		ref.instance++;
	snprintf(text, sizeof(text), "%s#%u.%s", cap->name, ref.instance, r->reg.name);
	return !strcmp(name, text);
}

/* Marks the registers at the place of @j. Returns their number. */
static unsigned int choose(const struct view *v, const struct options *o, const struct job *j,
			   bool *wanted)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < v->plan.n; i++) {
		const struct ec_plan_reg *r = v->plan.reg + i;

		wanted[i] = j->by_name ? is_called(&v->plan, r, o->place)
				       : r->offset < j->to && r->offset + r->span > j->from;
		n += wanted[i];
	}
	return n;
}

/* A register of the capability @name, in any case, with or without #N; or NULL. */
static const struct ec_plan_reg *of_cap(const struct ec_plan *p, const char *name)
{
	const struct ec_plan_reg *found = NULL;
	char cap[VIEW_NAME_MAX];

	snprintf(cap, sizeof(cap), "%.*s", (int)strcspn(name, "#"), name);
	for (unsigned int i = 0; i < p->n; i++) {
		const struct ec_plan_reg *r = p->reg + i;
		const struct ec_link *l = r->cap ? p->chain.link + r->cap - 1 : NULL;

		if (!l || r->rest || ec_edit_distance(cap, p->cap[r->cap - 1].cap->name))
			continue;
		/* a register of the header is the last choice */
		if (r->offset - l->offset >= (l->extended ? 4 : 2))
			return r;
		found = found ? found : r;
	}
	return found;
}

/* The register with the name most similar to @name, with or without capability; or NULL. */
static const struct ec_plan_reg *nearest(const struct ec_plan *p, const char *name)
{
	const struct ec_plan_reg *found = NULL;
	unsigned int best = strlen(name) < 5 ? 2 : 3;
	char full[VIEW_NAME_MAX];

	for (unsigned int i = 0; i < p->n; i++) {
		const struct ec_plan_reg *r = p->reg + i;
		unsigned int with = ec_edit_distance(name, view_reg_name(p, r, full));
		unsigned int without = ec_edit_distance(name, r->reg.name);
		unsigned int d = with < without ? with : without;

		if (!r->rest && d < best) {
			best = d;
			found = r;
		}
	}
	return found;
}

/* No register matches: suggest one with a similar name. */
static int say_none(const struct view *v, const struct options *o, const struct job *j)
{
	const struct ec_plan_reg *r;
	char at[EC_SBDF_MAX], name[VIEW_NAME_MAX];

	ec_sbdf_print(v->host->sbdf, false, at);
	if (!j->by_name) {
		out_error("%s: the view has %u bytes", at, v->plan.layout.size);
	} else if ((r = of_cap(&v->plan, o->place))) {
		out_error("%s: '%s' is a capability: name a register, such as %s", at, o->place,
			  view_reg_name(&v->plan, r, name));
	} else if ((r = nearest(&v->plan, o->place))) {
		out_error("%s: no register '%s': do you mean %s?", at, o->place,
			  view_reg_name(&v->plan, r, name));
	} else {
		out_error("%s: no register '%s': 'ecamctl show' lists them", at, o->place);
	}
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

	if (!choose(v, o, j, wanted)) {
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
	int rc;

	if (!read_place(o->place, &j))
		return EXIT_USAGE;
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
	.help = "explain what decided the treatment of a register",
	.notes = "OFFSET is decimal or has 0x. NAME is a register as show prints it, after its "
		 "capability:\n"
		 "EXP.DEVCTL. For each register: the treatment of its bits; then the entry of the "
		 "table,\n"
		 "the topology and the rules that changed it, each with the treatment from then "
		 "on.\n" OPTIONS_RULES_NOTES,
	.takes = TAKES_DUMP | TAKES_BDF | TAKES_PLACE | TAKES_TOPOLOGY | TAKES_NO_INTX |
		 TAKES_RULES | TAKES_JSON | TAKES_NUMERIC,
	.run = run,
};
