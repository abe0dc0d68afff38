/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamctl show: the view of a function as registers, hex or JSON; or the tree of a machine. */
#include <inttypes.h>
#include <pci/header.h>
#include <stdio.h>

#include "core/bits.h"
#include "core/dump.h"
#include "host/names.h"
#include "tools/commands/commands.h"
#include "tools/offline/title.h"
#include "tools/offline/tree_print.h"
#include "tools/offline/view.h"
#include "tools/out.h"

/* State of the printers across functions. */
struct show {
	struct ec_names *names;
	unsigned int n; /* functions shown */
};

static void print_title(struct view *v, struct show *s, bool colour)
{
	title_print(s->names, colour, v->host->sbdf, view_read(v, PCI_VENDOR_ID, 4),
		    view_read(v, PCI_CLASS_REVISION, 4));
}

static void print_hex(struct view *v, const struct options *o, void *ctx)
{
	struct show *s = ctx;
	uint8_t bytes[16];
	char row[EC_DUMP_ROW_MAX];

	(void)o;
	print_title(v, s, false);
	for (uint32_t off = 0; off < v->plan.layout.size; off += 16) {
		/* only rows that the source has */
		if (!v->live && !ec_image_has(&v->host->image, off, 16))
			continue;
		for (unsigned int i = 0; i < 16; i += 4)
			ec_put_le(bytes + i, 4, view_read(v, off + i, 4));
		ec_dump_print_row(row, off, bytes);
		fputs(row, stdout);
	}
	putchar('\n');
}

static const char *treatment_colour(unsigned int t)
{
	static const enum out_colour colours[EC_TREATMENTS] = {
		[EC_HIDE] = OUT_DIM,       [EC_FREEZE] = OUT_BLUE, [EC_READ] = OUT_GREEN,
		[EC_EMULATE] = OUT_YELLOW, [EC_PASS] = OUT_RED,
	};

	return out_colour(colours[t]);
}

/*
 * Register lines are most of the output of a large dump. Composing them by hand takes a third of
 * the time of printf(). ROW_MAX has room for the longest name and all treatments.
 */
#define ROW_MAX 256

static char *put_text(char *p, const char *s)
{
	while (*s)
		*p++ = *s++;
	return p;
}

/* @s, padded with blanks to @width characters. */
static char *put_padded(char *p, const char *s, unsigned int width)
{
	char *end = p + width;

	p = put_text(p, s);
	while (p < end)
		*p++ = ' ';
	return p;
}

static char *put_hex(char *p, uint32_t v, unsigned int digits)
{
	for (unsigned int i = digits; i-- > 0; v >>= 4)
		p[i] = "0123456789abcdef"[v & 15];
	return p + digits;
}

static char *put_name(char *p, unsigned int t)
{
	p = put_text(p, treatment_colour(t));
	p = put_text(p, ec_treatment_names[t]);
	return put_text(p, out_colour(OUT_PLAIN));
}

/* The treatment of most bits, then each other treatment with its mask. */
static char *put_treatment(char *p, const struct ec_plan_reg *r)
{
	enum ec_treatment most = ec_reg_main(r->served);

	p = put_name(p, most);
	for (unsigned int t = 0; t < EC_TREATMENTS; t++) {
		if (t == most || !r->served[t])
			continue;
		p = put_text(p, ", ");
		p = put_hex(p, r->served[t], r->reg.len * 2u);
		*p++ = ' ';
		p = put_name(p, t);
	}
	*p++ = '\n';
	return p;
}

static void print_register(struct view *v, const struct ec_plan_reg *r)
{
	char line[ROW_MAX], value[9] = "", *p = line;

	*put_hex(value, view_read(v, r->offset, r->reg.len), r->reg.len * 2u) = 0;
	p = put_text(p, "\t\t");
	p = put_hex(p, r->offset, 3);
	p = put_text(p, "     ");
	p = put_padded(p, r->reg.name, 20);
	p = put_padded(p, value, 9);
	p = put_treatment(p, r);
	fwrite(line, 1, (size_t)(p - line), stdout);
}

/* Do all bits of @first and @r have one treatment? */
static bool same_treatment(const struct ec_plan_reg *first, const struct ec_plan_reg *r)
{
	enum ec_treatment t = ec_reg_main(first->served);

	return first->served[t] == (uint32_t)ec_ones(first->reg.len) &&
	       r->served[t] == (uint32_t)ec_ones(r->reg.len);
}

/* Consecutive bytes without rows: one line. Returns the number of their last register. */
static unsigned int print_rest(struct view *v, unsigned int i)
{
	const struct ec_plan_reg *first = v->plan.reg + i, *r = first;
	char line[ROW_MAX] = "";
	bool zero = true;
	uint32_t end;

	do {
		zero = zero && (r->span != r->reg.len || !view_read(v, r->offset, r->reg.len));
		end = r->offset + r->span;
		r++;
		i++;
	} while (i < v->plan.n && r->cap == first->cap && r->reg.name == first->reg.name &&
		 same_treatment(first, r));
	printf("\t\t%03x-%03x %-19s %u bytes, %s ", first->offset, end - 1, first->reg.name,
	       end - first->offset, zero ? "0" : "see --hex");
	*put_treatment(line, first) = 0;
	fputs(line, stdout);
	return i - 1;
}

static void print_cap_title(const struct view *v, unsigned int cap)
{
	const struct ec_link *l = v->plan.chain.link + cap;
	const struct ec_plan_cap *c = v->plan.cap + cap;

	printf("\t%s: [%02x] %s (%0*x)", c->treatment == EC_HIDE ? "Hidden" : "Capabilities",
	       l->offset, c->cap->title, l->extended ? 4 : 2, l->id);
	if (l->extended)
		printf(" v%u", l->version);
	printf(", %u bytes, %s%s%s\n", c->length, treatment_colour(c->treatment),
	       ec_treatment_names[c->treatment], out_colour(OUT_PLAIN));
}

static void print_bars(const struct view *v)
{
	for (unsigned int i = 0; i < EC_BAR_MAX; i++) {
		const struct ec_bar *b = v->plan.bar + i;
		char size[OUT_SIZE_MAX], number[2] = { (char)('0' + i), 0 };

		if (b->kind == EC_BAR_NONE || b->kind == EC_BAR_UPPER)
			continue;
		printf("\tRegion %s: %s%s [size=%s]%s\n", i == EC_BAR_ROM ? "ROM" : number,
		       ec_bar_kind_names[b->kind],
		       b->kind <= EC_BAR_UPPER && b->flags & PCI_BASE_ADDRESS_MEM_PREFETCH
			       ? ", prefetchable"
			       : "",
		       out_size(b->size, size), b->guessed ? OUT_GUESSED : "");
	}
}

static void print_text(struct view *v, const struct options *o, void *ctx)
{
	struct show *s = ctx;
	enum ec_topology topology = v->plan.options.topology;
	unsigned int last_cap = 0;
	bool in_gap = false;

	(void)o;
	if (s->n++)
		putchar('\n');
	print_title(v, s, true);
	printf("\tView: %s%s, %u bytes\n", ec_topology_names[topology],
	       topology == EC_FLATTENED && !v->plan.express ? " (conventional: on bus 0)" : "",
	       v->plan.layout.size);
	print_bars(v);
	printf("\tHeader: type %u\n", v->plan.header_type);
	for (unsigned int i = 0; i < v->plan.n; i++) {
		const struct ec_plan_reg *r = v->plan.reg + i;

		if (r->cap && r->cap != last_cap)
			print_cap_title(v, r->cap - 1u);
		else if (r->gap && !in_gap)
			printf("\tUnclaimed:\n");
		last_cap = r->cap;
		in_gap = r->gap;
		if (r->cap && v->plan.hidden[r->cap - 1] && ec_reg_main(r->served) == EC_HIDE)
			continue;
		if (r->rest) {
			i = print_rest(v, i);
			continue;
		}
		print_register(v, r);
	}
}

static void json_caps(const struct view *v)
{
	for (unsigned int i = 0; i < v->plan.chain.n; i++) {
		const struct ec_link *l = v->plan.chain.link + i;
		const struct ec_plan_cap *c = v->plan.cap + i;

		printf("%s{\"id\":%u,\"extended\":%s,\"offset\":%u,\"length\":%u", i ? "," : "",
		       l->id, out_json_bool(l->extended), l->offset, c->length);
		out_json_member("name", c->cap->name);
		printf(",\"treatment\":\"%s\"}", ec_treatment_names[c->treatment]);
	}
}

/* The treatment of most bits; "bits" has the others, if there are any. */
static void json_treatment(const struct ec_plan_reg *r)
{
	enum ec_treatment most = ec_reg_main(r->served);
	const char *before = ",\"bits\":[", *end = "";

	printf("\"treatment\":\"%s\"", ec_treatment_names[most]);
	for (unsigned int t = 0; t < EC_TREATMENTS; t++) {
		if (t == most || !r->served[t])
			continue;
		printf("%s{\"mask\":%u,\"treatment\":\"%s\"}", before, r->served[t],
		       ec_treatment_names[t]);
		before = ",";
		end = "]";
	}
	fputs(end, stdout);
}

static void json_regs(struct view *v)
{
	char name[VIEW_NAME_MAX];

	for (unsigned int i = 0; i < v->plan.n; i++) {
		const struct ec_plan_reg *r = v->plan.reg + i;
		/* a longer span is a hidden one: it reads 0 */
		uint32_t value = r->span == r->reg.len ? view_read(v, r->offset, r->reg.len) : 0;

		printf("%s{\"offset\":%u,\"length\":%u", i ? "," : "", r->offset, r->span);
		out_json_member("name", view_reg_name(&v->plan, r, name));
		printf(",\"value\":%u,", value);
		json_treatment(r);
		putchar('}');
	}
}

static void json_bars(const struct view *v)
{
	const char *comma = "";

	for (unsigned int i = 0; i < EC_BAR_MAX; i++) {
		const struct ec_bar *b = v->plan.bar + i;

		if (b->kind == EC_BAR_NONE || b->kind == EC_BAR_UPPER)
			continue;
		printf("%s{\"bar\":%u,\"kind\":\"%s\",\"size\":%" PRIu64 ",\"guessed\":%s}", comma,
		       i, ec_bar_kind_names[b->kind], b->size, out_json_bool(b->guessed));
		comma = ",";
	}
}

static void print_json(struct view *v, const struct options *o, void *ctx)
{
	struct show *s = ctx;
	char at[EC_SBDF_MAX];

	(void)o;
	ec_sbdf_print(v->host->sbdf, true, at);
	printf("%s{\"host\":\"%s\",\"guest\":\"%s\",\"topology\":\"%s\",\"size\":%u,"
	       "\"capabilities\":[",
	       s->n++ ? "," : "{\"version\":1,\"functions\":[", at, at,
	       ec_topology_names[v->plan.options.topology], v->plan.layout.size);
	json_caps(v);
	printf("],\"registers\":[");
	json_regs(v);
	printf("],\"bars\":[");
	json_bars(v);
	printf("]}");
}

/* The machine of a guest with the functions. */
static int run_tree(const struct options *o)
{
	static struct planned m;
	struct tree *t = NULL;
	struct source s;
	int rc = planned_load(&m, &s, o);

	if (!rc)
		rc = tree_new(&m, &s, o, &t);
	if (!rc)
		tree_print(t, o);
	tree_free(t);
	source_free(&s);
	return rc;
}

static int run(const struct options *o)
{
	struct show s = { 0 };
	int rc;

	if (o->tree)
		return run_tree(o);
	if (options_has_machine(o)) {
		out_error("options for the machine of a guest need --tree");
		return EXIT_USAGE;
	}
	s.names = o->numeric || o->json ? NULL : ec_names_open();
	rc = view_each(o, EC_CAPTURE_PLAN,
		       o->hex    ? print_hex
		       : o->json ? print_json
				 : print_text,
		       &s);
	if (o->json && s.n)
		puts("]}");
	ec_names_close(s.names);
	return rc;
}

const struct command cmd_show = {
	.name = "show",
	.args = "BDF|--all [--dump FILE] [--topology T] [--no-intx] [RULES] [--hex|--json] [-n]\n"
		"       ecamctl show --tree [BDF...] [--kind K] [--memory MIB] [--ecam ADDRESS]\n"
		"       [--buses N] [--bus0] [--bridge B] [--dump FILE] [--topology T] [RULES]\n"
		"       [--hex|--json] [-n]",
	.help = "show the view that a guest has of a function at power-on",
	.notes = "Each register is printed with its treatment: hide (reads 0), freeze (reads the "
		 "value at\n"
		 "attach), read (reads the hardware), emulate (the guest has a copy), pass (reads "
		 "and\n"
		 "writes the hardware).\n"
		 "--tree prints the machine of a guest that has the named functions, or all "
		 "functions,\n"
		 "like lspci -tv; with --hex, the text from which lspci -F draws the same "
		 "tree.\n" OPTIONS_RULES_NOTES,
	.takes = TAKES_DUMP | TAKES_BDF | TAKES_ALL | TAKES_TOPOLOGY | TAKES_NO_INTX | TAKES_RULES |
		 TAKES_HEX | TAKES_JSON | TAKES_NUMERIC | TAKES_TREE | TAKES_MACHINE,
	.run = run,
};
