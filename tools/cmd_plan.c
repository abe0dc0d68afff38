/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamctl plan: where a guest would find functions, and what is to be left free for that. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/names.h"
#include "machine.h"
#include "options.h"
#include "out.h"
#include "rules.h"
#include "title.h"
#include "view.h"

#define MIB 0x100000ull
/* What a hole of nobody's asking has */
#define HOLE_DEFAULT 256

/* Windows, as text and JSON call them. */
static const char *const window_titles[EC_WINDOWS] = {
	[EC_WINDOW_IO] = "I/O",
	[EC_WINDOW_MEMORY] = "memory",
	[EC_WINDOW_PREFETCH] = "prefetchable",
};
static const char *const window_keys[EC_WINDOWS] = {
	[EC_WINDOW_IO] = "io",
	[EC_WINDOW_MEMORY] = "memory",
	[EC_WINDOW_PREFETCH] = "prefetchable",
};
/* The host bridge's last window takes more than what is prefetchable. */
static const char *const above_title = "above 4 GiB", *const above_key = "high";

struct job {
	struct ec_machine_limits limits;
	struct ec_machine_function fn[EC_MACHINE_MAX];
	const struct ec_dump_function *of[EC_MACHINE_MAX]; /* the same, where it is from */
	unsigned int n;
	struct ec_machine_plan plan;
	struct ec_names *names;
};

/* All of @text as a number, in C's notation if @base is 0. */
static bool number(const char *text, int base, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, base);
	return *text >= '0' && *text <= '9' && !*end && !errno;
}

static int take_limits(const struct options *o, struct ec_machine_limits *l)
{
	int kind = o->kind ? ec_machine_kind_parse(o->kind) : EC_MACHINE_HVM;
	uint64_t memory = 0;

	if (kind < 0) {
		out_error("'%s' is no kind of guest: hvm or pvh", o->kind);
		return EXIT_USAGE;
	}
	ec_machine_defaults(kind, l);
	if (o->memory && (!number(o->memory, 10, &memory) || !memory || memory >= 1ull << 32)) {
		out_error("'%s' is no memory: write MiB", o->memory);
		return EXIT_USAGE;
	}
	l->memory = memory * MIB;
	if (!o->ecam)
		return 0;
	l->ecam = strcmp(o->ecam, "none") != 0;
	l->has_ecam_base = l->ecam;
	if (l->ecam && !number(o->ecam, 0, &l->ecam_base)) {
		out_error("'%s' is no address: write a number or none", o->ecam);
		return EXIT_USAGE;
	}
	return 0;
}

/* The guest's view of one function says what its BARs are, and where it wants to be. */
static int add_function(struct job *j, const struct source *s, struct view *v,
			const struct options *o, const char *text)
{
	struct ec_machine_function *fn = j->fn + j->n;
	struct options one = *o;
	struct ec_dump_function *of;
	struct ec_rules *rules;
	struct ec_diag diag;
	int rc;

	if (ec_attach_spec_parse(text, &one.with, &diag)) {
		out_error("%s: %s", text, diag.text);
		return EXIT_USAGE;
	}
	if (j->n == EC_MACHINE_MAX) {
		out_error("more than %u functions", EC_MACHINE_MAX);
		return EXIT_USAGE;
	}
	of = source_find(s, one.with.host, o->dump);
	if (!of)
		return EXIT_INPUT;
	for (unsigned int i = 0; i < one.with.n_sets; i++)
		/* what is said of one function counts for more than what is said of all */
		if (!strcmp(ec_attach_spec_key(&one.with, i), "topology"))
			one.has_topology = false;
	rc = rules_load(&rules, &one);
	if (rc)
		return rc;
	v->rules = rules;
	rc = view_open(v, s, of, &one, EC_CAPTURE_PLAN);
	v->rules = NULL;
	if (!rc) {
		*fn = (struct ec_machine_function){
			.host = of->sbdf,
			.express = v->plan.express,
			.is_vf = source_is_vf(s, of),
			.class = (uint16_t)ec_image_get(&of->image, 10, 2),
			.topology = v->plan.options.topology,
			.has_slot = one.with.has_slot,
			.slot = one.with.slot,
		};
		memcpy(fn->bar, v->plan.bar, sizeof(fn->bar));
		j->of[j->n++] = of;
	}
	ec_rules_free(rules);
	return rc;
}

static void print_range(const char *title, struct ec_machine_range r, unsigned int depth)
{
	char size[OUT_SIZE_MAX];

	if (!r.size)
		return;
	printf("%*s    %-13s%" PRIx64 "-%" PRIx64 " [size=%s]\n", depth, "", title, r.base,
	       r.base + r.size - 1, out_size(r.size, size));
}

static void print_hole(const struct job *j)
{
	const struct ec_machine_plan *p = &j->plan;

	if (j->limits.kind == EC_MACHINE_HVM)
		printf("    %-13smmio_hole=%u%s\n", "hole", p->hole,
		       p->hole == HOLE_DEFAULT ? ", as it is by default" : "");
	else if (p->memory_max)
		printf("    %-13smemory= and maxmem= of at most %u\n", "hole", p->memory_max);
	else
		printf("    %-13sany memory=\n", "hole");
}

static void print_bridge(const struct job *j)
{
	const struct ec_machine_plan *p = &j->plan;
	char size[OUT_SIZE_MAX];

	printf("00:00.0 host bridge%s\n",
	       j->limits.kind == EC_MACHINE_HVM ? " of the device model" : "");
	for (unsigned int w = 0; w < EC_WINDOWS; w++)
		print_range(w == EC_WINDOW_PREFETCH ? above_title : window_titles[w], p->window[w],
			    0);
	if (p->ecam.size)
		printf("    %-13s%" PRIx64 "-%" PRIx64 " [size=%s], buses 00-%02x\n", "ECAM",
		       p->ecam.base, p->ecam.base + p->ecam.size - 1, out_size(p->ecam.size, size),
		       p->ecam_buses - 1);
	print_hole(j);
}

static void print_function(const struct job *j, unsigned int i, unsigned int depth)
{
	const struct ec_machine_place *place = j->plan.place + i;
	const struct ec_dump_function *of = j->of[i];
	char at[EC_SBDF_MAX], title[24];

	printf("%*s%s is ", depth, "", ec_sbdf_print(place->guest, false, at));
	title_print(j->names, false, of->sbdf, source_ids(of), ec_image_get(&of->image, 8, 4));
	for (unsigned int b = 0; b < EC_BAR_MAX; b++) {
		const struct ec_bar *bar = j->fn[i].bar + b;
		struct ec_machine_range r = { place->bar[b], bar->size };

		if (bar->kind == EC_BAR_NONE || bar->kind == EC_BAR_UPPER)
			continue;
		if (b == EC_BAR_ROM)
			strcpy(title, "ROM");
		else
			snprintf(title, sizeof(title), "BAR %u %s", b,
				 ec_bar_kind_names[bar->kind]);
		print_range(title, r, depth);
	}
}

static void print_port(const struct job *j, unsigned int port)
{
	const struct ec_machine_port *p = j->plan.port + port;

	printf("00:%02x.0 root port of bus %02x, physical slot %u\n", p->slot, p->bus,
	       p->physical_slot);
	for (unsigned int w = 0; w < EC_WINDOWS; w++)
		print_range(window_titles[w], p->window[w], 0);
	if (p->placeholder)
		printf("  %02x:00.0 placeholder: function 0 is not given\n", p->bus);
	for (unsigned int devfn = 0; devfn < 8; devfn++)
		for (unsigned int i = 0; i < j->n; i++)
			if (j->plan.place[i].guest.bus == p->bus &&
			    j->plan.place[i].guest.devfn == devfn)
				print_function(j, i, 2);
}

static void print_text(const struct job *j)
{
	print_bridge(j);
	for (unsigned int slot = 0; slot < EC_MACHINE_SLOTS; slot++) {
		for (unsigned int port = 0; port < j->plan.ports; port++)
			if (j->plan.port[port].slot == slot)
				print_port(j, port);
		for (unsigned int i = 0; i < j->n; i++)
			if (!j->plan.place[i].behind && j->plan.place[i].slot == slot)
				print_function(j, i, 0);
	}
}

static void json_range(const char *key, struct ec_machine_range r)
{
	printf("\"%s\":", key);
	if (r.size)
		printf("{\"base\":%" PRIu64 ",\"size\":%" PRIu64 "}", r.base, r.size);
	else
		printf("null");
}

static void json_windows(const struct ec_machine_range window[EC_WINDOWS], const char *last)
{
	printf("\"windows\":{");
	for (unsigned int w = 0; w < EC_WINDOWS; w++) {
		json_range(w == EC_WINDOW_PREFETCH ? last : window_keys[w], window[w]);
		if (w + 1 < EC_WINDOWS)
			putchar(',');
	}
	putchar('}');
}

static void json_limit(const char *key, unsigned int value)
{
	if (value)
		printf(",\"%s\":%u", key, value);
	else
		printf(",\"%s\":null", key);
}

static void json_function(const struct job *j, unsigned int i)
{
	const struct ec_machine_place *place = j->plan.place + i;
	char host[EC_SBDF_MAX], guest[EC_SBDF_MAX];
	const char *comma = "";

	printf("{\"host\":\"%s\",\"guest\":\"%s\",\"topology\":\"%s\",\"slot\":%u,\"bars\":[",
	       ec_sbdf_print(j->fn[i].host, true, host), ec_sbdf_print(place->guest, true, guest),
	       ec_topology_names[place->behind ? EC_FLATTENED : EC_BYPASSED], place->slot);
	for (unsigned int b = 0; b < EC_BAR_MAX; b++) {
		const struct ec_bar *bar = j->fn[i].bar + b;

		if (bar->kind == EC_BAR_NONE || bar->kind == EC_BAR_UPPER)
			continue;
		printf("%s{\"bar\":%u,\"kind\":\"%s\",\"size\":%" PRIu64
		       ",\"guessed\":%s,\"address\":%" PRIu64 "}",
		       comma, b, ec_bar_kind_names[bar->kind], bar->size,
		       bar->guessed ? "true" : "false", place->bar[b]);
		comma = ",";
	}
	printf("]}");
}

static void print_json(const struct job *j)
{
	const struct ec_machine_plan *p = &j->plan;

	printf("{\"version\":1,\"kind\":\"%s\"", ec_machine_kind_names[j->limits.kind]);
	json_limit("mmio_hole", p->hole);
	json_limit("memory_max", p->memory_max);
	printf(",\"ecam\":");
	if (p->ecam.size)
		printf("{\"base\":%" PRIu64 ",\"size\":%" PRIu64 ",\"buses\":%u},", p->ecam.base,
		       p->ecam.size, p->ecam_buses);
	else
		printf("null,");
	json_windows(p->window, above_key);
	printf(",\"ports\":[");
	for (unsigned int i = 0; i < p->ports; i++) {
		printf("%s{\"guest\":\"0000:00:%02x.0\",\"bus\":%u,\"physical_slot\":%u,"
		       "\"placeholder\":%s,",
		       i ? "," : "", p->port[i].slot, p->port[i].bus, p->port[i].physical_slot,
		       p->port[i].placeholder ? "true" : "false");
		json_windows(p->port[i].window, window_keys[EC_WINDOW_PREFETCH]);
		putchar('}');
	}
	printf("],\"functions\":[");
	for (unsigned int i = 0; i < j->n; i++) {
		if (i)
			putchar(',');
		json_function(j, i);
	}
	puts("]}");
}

static int plan(struct job *j, const struct source *s, const struct options *o)
{
	struct view *v = view_new();
	struct ec_diag diag;
	int rc = v ? 0 : EXIT_REFUSED;

	for (char **text = o->bdfs; *text && !rc; text++)
		rc = add_function(j, s, v, o, *text);
	view_free(v);
	if (rc)
		return rc;
	if (ec_machine_build(&j->limits, j->fn, j->n, &j->plan, &diag)) {
		out_error("%s", diag.text);
		return EXIT_NO;
	}
	if (o->json) {
		print_json(j);
		return EXIT_DONE;
	}
	j->names = o->numeric ? NULL : ec_names_open();
	print_text(j);
	ec_names_close(j->names);
	return EXIT_DONE;
}

static int run(const struct options *o)
{
	static struct job j;
	struct source s = { 0 };
	int rc = take_limits(o, &j.limits);

	if (rc)
		return rc;
	if (!*o->bdfs) {
		out_error("plan needs an address");
		return EXIT_USAGE;
	}
	if (o->topology == EC_HOST) {
		out_error("a guest's topology is bypassed or flattened");
		return EXIT_USAGE;
	}
	rc = source_load(&s, o->dump);
	if (!rc)
		rc = plan(&j, &s, o);
	source_free(&s);
	return rc;
}

const struct command cmd_plan = {
	.name = "plan",
	.args = "BDF[@SLOT][,KEY=VALUE...]... [--kind K] [--topology T] [--memory MIB]\n"
		"       [--ecam ADDRESS] [--dump FILE] [RULES] [--json] [-n]",
	.help = "tell where a guest would find functions, and what must be free for them",
	.notes = "Prints the tree, the windows of host bridge and ports, and an address for each "
		 "BAR.\n"
		 "Firmware and the guest's kernel may place them anew. 'hole' is what the guest's\n"
		 "configuration must have. Exits 1 if there is no place for "
		 "all.\n" OPTIONS_RULES_NOTES,
	.takes = TAKES_DUMP | TAKES_BDFS | TAKES_TOPOLOGY | TAKES_RULES | TAKES_MACHINE |
		 TAKES_JSON | TAKES_NUMERIC,
	.run = run,
};
