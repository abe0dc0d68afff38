/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamctl plan: where a guest finds functions, and the address space that they need. */
#include <inttypes.h>
#include <pci/header.h>
#include <stdio.h>
#include <string.h>

#include "core/ecam.h"
#include "host/names.h"
#include "tools/commands/commands.h"
#include "tools/offline/planned.h"
#include "tools/offline/title.h"
#include "tools/out.h"

/* mmio_hole of xl by default, MiB */
#define HOLE_DEFAULT 256

/* Names of windows in text and JSON. */
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
/* The last window of the host bridge is not only for prefetchable BARs. */
static const char *const above_title = "above 4 GiB", *const above_key = "high";

static void print_noted(const char *title, struct ec_machine_range r, unsigned int depth,
			const char *note)
{
	char size[OUT_SIZE_MAX];

	if (!r.size)
		return;
	printf("%*s    %-13s%" PRIx64 "-%" PRIx64 " [size=%s]%s\n", depth, "", title, r.base,
	       r.base + r.size - 1, out_size(r.size, size), note);
}

static void print_range(const char *title, struct ec_machine_range r, unsigned int depth)
{
	print_noted(title, r, depth, "");
}

static void print_hole(const struct planned *m)
{
	const struct ec_machine_plan *p = &m->plan;

	if (m->limits.kind == EC_MACHINE_HVM)
		printf("    %-13smmio_hole=%u%s\n", "hole", p->hole,
		       p->hole == HOLE_DEFAULT ? ", as it is by default" : "");
	else if (p->memory_max)
		printf("    %-13smemory= and maxmem= of at most %u\n", "hole", p->memory_max);
	else
		printf("    %-13sany memory=\n", "hole");
}

/* The part of the ECAM window that the guest has: next to a device model it starts at bus 1. */
static struct ec_machine_range registered(const struct ec_machine_plan *p)
{
	struct ec_machine_range r = p->ecam;

	r.base += p->ecam_first * EC_ECAM_BUS_SIZE;
	r.size -= p->ecam_first * EC_ECAM_BUS_SIZE;
	return r;
}

static void print_bridge(const struct planned *m)
{
	const struct ec_machine_plan *p = &m->plan;
	struct ec_machine_range ecam = registered(p);
	char size[OUT_SIZE_MAX];

	printf("00:00.0 host bridge%s\n", m->limits.kind == EC_MACHINE_HVM ? " of the device model"
					  : m->limits.bridge == EC_BRIDGE_PLAIN ? ""
										: " q35");
	for (unsigned int w = 0; w < EC_WINDOWS; w++)
		print_range(w == EC_WINDOW_PREFETCH ? above_title : window_titles[w], p->window[w],
			    0);
	if (ecam.size)
		printf("    %-13s%" PRIx64 "-%" PRIx64 " [size=%s], buses %02x-%02x\n", "ECAM",
		       ecam.base, ecam.base + ecam.size - 1, out_size(ecam.size, size),
		       p->ecam_first, p->ecam_buses - 1);
	print_hole(m);
}

/* Only the class of a running guest's function is known. */
static void print_name(const struct planned *m, unsigned int i)
{
	const struct ec_dump_function *of = m->of[i];
	uint16_t class = m->fn[i].class;
	char name[EC_NAME_MAX], host[EC_SBDF_MAX];

	if (of)
		title_print(m->names, false, of->sbdf, source_ids(of),
			    ec_image_get(&of->image, PCI_CLASS_REVISION, 4));
	else if (m->names)
		printf("%s %s [%04x]\n", ec_sbdf_print(m->fn[i].host, false, host),
		       ec_names_class(m->names, class, name), class);
	else
		printf("%s %04x\n", ec_sbdf_print(m->fn[i].host, false, host), class);
}

static void print_function(const struct planned *m, unsigned int i, unsigned int depth)
{
	const struct ec_machine_place *place = m->plan.place + i;
	char at[EC_SBDF_MAX], title[24];

	printf("%*s%s is ", depth, "", ec_sbdf_print(place->guest, false, at));
	print_name(m, i);
	for (unsigned int b = 0; b < EC_BAR_MAX; b++) {
		const struct ec_bar *bar = m->fn[i].bar + b;
		struct ec_machine_range r = { place->bar[b], bar->size };

		if (bar->kind == EC_BAR_NONE || bar->kind == EC_BAR_UPPER)
			continue;
		if (b == EC_BAR_ROM)
			strcpy(title, "ROM");
		else
			snprintf(title, sizeof(title), "BAR %u %s", b,
				 ec_bar_kind_names[bar->kind]);
		print_noted(title, r, depth, bar->guessed ? OUT_GUESSED : "");
	}
}

static void print_port(const struct planned *m, unsigned int port)
{
	const struct ec_machine_port *p = m->plan.port + port;

	printf("00:%02x.0 root port of bus %02x, physical slot %u\n", p->slot, p->bus,
	       p->physical_slot);
	for (unsigned int w = 0; w < EC_WINDOWS; w++)
		print_range(window_titles[w], p->window[w], 0);
	if (p->placeholder)
		printf("  %02x:00.0 placeholder: function 0 is not given\n", p->bus);
	for (unsigned int devfn = 0; devfn < 8; devfn++)
		for (unsigned int i = 0; i < m->n; i++)
			if (m->plan.place[i].guest.bus == p->bus &&
			    m->plan.place[i].guest.devfn == devfn)
				print_function(m, i, 2);
}

static void print_text(const struct planned *m)
{
	print_bridge(m);
	for (unsigned int slot = 0; slot < EC_MACHINE_SLOTS; slot++) {
		for (unsigned int port = 0; port < m->plan.ports; port++)
			if (m->plan.port[port].slot == slot)
				print_port(m, port);
		for (unsigned int i = 0; i < m->n; i++)
			if (!m->plan.place[i].behind && m->plan.place[i].slot == slot)
				print_function(m, i, 0);
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

static void json_function(const struct planned *m, unsigned int i)
{
	const struct ec_machine_place *place = m->plan.place + i;
	char host[EC_SBDF_MAX], guest[EC_SBDF_MAX];
	const char *comma = "";

	printf("{\"host\":\"%s\",\"guest\":\"%s\",\"topology\":\"%s\",\"slot\":%u,\"bars\":[",
	       ec_sbdf_print(m->fn[i].host, true, host), ec_sbdf_print(place->guest, true, guest),
	       ec_topology_names[place->behind ? EC_FLATTENED : EC_BYPASSED], place->slot);
	for (unsigned int b = 0; b < EC_BAR_MAX; b++) {
		const struct ec_bar *bar = m->fn[i].bar + b;

		if (bar->kind == EC_BAR_NONE || bar->kind == EC_BAR_UPPER)
			continue;
		printf("%s{\"bar\":%u,\"kind\":\"%s\",\"size\":%" PRIu64
		       ",\"guessed\":%s,\"address\":%" PRIu64 "}",
		       comma, b, ec_bar_kind_names[bar->kind], bar->size,
		       out_json_bool(bar->guessed), place->bar[b]);
		comma = ",";
	}
	printf("]}");
}

static void json_ecam(const struct ec_machine_plan *p)
{
	if (!p->ecam.size) {
		printf("null");
		return;
	}
	printf("{\"base\":%" PRIu64 ",\"size\":%" PRIu64 ",\"buses\":%u,\"first_bus\":%u,",
	       p->ecam.base, p->ecam.size, p->ecam_buses, p->ecam_first);
	json_range("registered", registered(p));
	putchar('}');
}

static void print_json(const struct planned *m)
{
	const struct ec_machine_plan *p = &m->plan;

	printf("{\"version\":1,\"kind\":\"%s\"", ec_machine_kind_names[m->limits.kind]);
	json_limit("mmio_hole", p->hole);
	json_limit("memory_max", p->memory_max);
	printf(",\"ecam\":");
	json_ecam(p);
	printf(",\"bridge\":");
	if (m->limits.kind == EC_MACHINE_HVM)
		printf("null,");
	else
		printf("\"%s\",", ec_host_bridge_kind_names[m->limits.bridge]);
	json_windows(p->window, above_key);
	printf(",\"ports\":[");
	for (unsigned int i = 0; i < p->ports; i++) {
		printf("%s{\"guest\":\"0000:00:%02x.0\",\"bus\":%u,\"physical_slot\":%u,"
		       "\"placeholder\":%s,",
		       i ? "," : "", p->port[i].slot, p->port[i].bus, p->port[i].physical_slot,
		       out_json_bool(p->port[i].placeholder));
		json_windows(p->port[i].window, window_keys[EC_WINDOW_PREFETCH]);
		putchar('}');
	}
	printf("],\"functions\":[");
	for (unsigned int i = 0; i < m->n; i++) {
		if (i)
			putchar(',');
		json_function(m, i);
	}
	puts("]}");
}

/* Next to a device model, functions on bus 0 are outside the window: easily overlooked. */
static void say_outside(const struct planned *m)
{
	char host[EC_SBDF_MAX];

	for (unsigned int i = 0; i < m->n && m->plan.ecam_first; i++)
		if (!m->plan.place[i].behind && m->fn[i].express)
			out_error(
				"%s: it is on bus 0, which is in the ECAM window with bus0=1 only",
				ec_sbdf_print(m->fn[i].host, false, host));
}

static void say_guessed(const struct planned *m)
{
	bool guessed = false;

	for (unsigned int i = 0; i < m->n; i++)
		for (unsigned int b = 0; b < EC_BAR_MAX; b++)
			guessed |= m->fn[i].bar[b].kind != EC_BAR_NONE && m->fn[i].bar[b].guessed;
	if (guessed)
		out_error("sizes of BARs are guesses: a dump made with -vvv states them");
}

static int print(struct planned *m, const struct options *o)
{
	say_outside(m);
	if (o->json) {
		print_json(m);
		return EXIT_DONE;
	}
	m->names = o->numeric ? NULL : ec_names_open();
	print_text(m);
	say_guessed(m);
	ec_names_close(m->names);
	return EXIT_DONE;
}

static int plan_functions(struct planned *m, const struct options *o)
{
	struct source s;
	int rc = planned_load(m, &s, o);

	if (!rc)
		rc = print(m, o);
	source_free(&s);
	return rc;
}

/* The machine that ecamd serves: options that would change it are refused. */
static int plan_guest(struct planned *m, const struct options *o)
{
	struct options of = *o;
	int rc;

	of.guest = *o->bdfs;
	if (o->bdfs[1]) {
		out_error("'%s' is not an address, and only one guest can be named", of.guest);
		return EXIT_USAGE;
	}
	if (options_has_machine(o) || o->has_topology || o->policy.given || o->quirks.given ||
	    o->for_guest) {
		out_error("'%s' is not an address, and no option changes the machine of a guest",
			  of.guest);
		return EXIT_USAGE;
	}
	rc = planned_guest(m, &of);
	return rc ? rc : print(m, o);
}

/* An address has a colon. A guest with a colon in its name is named by its number. */
static bool is_guest(const struct options *o)
{
	return !o->dump && !strchr(*o->bdfs, ':');
}

static int run(const struct options *o)
{
	static struct planned m;

	if (!*o->bdfs) {
		out_error("plan needs an address or a guest");
		return EXIT_USAGE;
	}
	return is_guest(o) ? plan_guest(&m, o) : plan_functions(&m, o);
}

const struct command cmd_plan = {
	.name = "plan",
	.args = "BDF[@SLOT][,KEY=VALUE...]... [--kind K] [--topology T] [--memory MIB]\n"
		"       [--ecam ADDRESS] [--buses N] [--bus0] [--bridge B] [--dump FILE] [RULES]\n"
		"       [--json] [-n]\n"
		"       ecamctl plan GUEST [--json] [-n] [--socket PATH]",
	.help = "show where a guest would find functions, and the address space they need",
	.notes = "Prints the tree, the windows of the host bridge and the root ports, and an "
		 "address for\n"
		 "each BAR; firmware and the guest's kernel may choose others. 'hole' is what the "
		 "guest's\n"
		 "configuration needs. Exits 1 if a function has no place.\n"
		 "For GUEST, a number or a name without a colon, prints the machine that ecamd "
		 "serves.\n" OPTIONS_RULES_NOTES,
	.takes = TAKES_DUMP | TAKES_BDFS | TAKES_TOPOLOGY | TAKES_RULES | TAKES_MACHINE |
		 TAKES_JSON | TAKES_NUMERIC | TAKES_SOCKET,
	.run = run,
};
