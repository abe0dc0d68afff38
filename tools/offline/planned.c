/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tools/offline/planned.h"

#include <errno.h>
#include <jansson.h>
#include <pci/header.h>
#include <stdlib.h>
#include <string.h>

#include "control/client.h"
#include "control/machine_json.h"
#include "machine/settings.h"
#include "tools/number.h"
#include "tools/offline/report.h"
#include "tools/offline/rules.h"
#include "tools/offline/view.h"
#include "tools/out.h"

#define MIB 0x100000ull

/* The settings of the machine that options and rules have in common. */
static int take_settings(const struct options *o, struct ec_machine_settings *out)
{
	int bridge = o->bridge ? ec_host_bridge_kind_parse(o->bridge) : 0;
	uint64_t ecam = EC_NO_ECAM, buses = 0;

	*out = (struct ec_machine_settings){ 0 };
	if (o->ecam && strcmp(o->ecam, "none") != 0 &&
	    !number_parse_hex(o->ecam, UINT64_MAX, &ecam)) {
		out_error("'%s' is not an address: write a hexadecimal number or none", o->ecam);
		return EXIT_USAGE;
	}
	if (o->buses && (!number_parse(o->buses, 10, EC_MACHINE_BUSES, &buses) || !buses)) {
		out_error("'%s' is not a number of buses: 1 to 256", o->buses);
		return EXIT_USAGE;
	}
	if (bridge < 0) {
		out_error("'%s' is not a host bridge: plain or q35", o->bridge);
		return EXIT_USAGE;
	}
	if (o->ecam)
		ec_machine_settings_set(out, EC_SETTING_ECAM, ecam);
	if (o->buses)
		ec_machine_settings_set(out, EC_SETTING_BUSES, buses);
	if (o->bus0)
		ec_machine_settings_set(out, EC_SETTING_BUS0, 1);
	if (o->bridge)
		ec_machine_settings_set(out, EC_SETTING_BRIDGE, (uint64_t)bridge);
	return 0;
}

/* The kind and the memory of the guest. */
static int take_limits(const struct options *o, struct ec_machine_limits *l)
{
	int kind = o->kind ? ec_machine_kind_parse(o->kind) : EC_MACHINE_HVM;
	uint64_t memory = 0;

	if (kind < 0) {
		out_error("'%s' is not a kind of guest: hvm or pvh", o->kind);
		return EXIT_USAGE;
	}
	ec_machine_defaults(kind, l);
	if (o->memory && (!number_parse(o->memory, 10, UINT32_MAX, &memory) || !memory)) {
		out_error("'%s' is not a memory size: write MiB", o->memory);
		return EXIT_USAGE;
	}
	l->memory = memory * MIB;
	return 0;
}

/* Adds the settings of the machine by the rules of the function, and by its ecam=, which wins. */
static int add_settings(struct planned *m, const struct view *v, const struct ec_attach_spec *with)
{
	struct ec_machine_settings one;
	char name[EC_SBDF_MAX];
	const char *differs;

	ec_machine_settings_of(&v->decided, &one);
	if (with->ecam != EC_ECAM_DEFAULT)
		ec_machine_settings_set(&one, EC_SETTING_ECAM,
					with->ecam == EC_ECAM_AT ? with->ecam_base : EC_NO_ECAM);
	/* options win over functions: no need to compare these */
	for (unsigned int i = 0; i < EC_SETTINGS; i++)
		one.setting[i].is_set &= !m->of_options.setting[i].is_set;
	differs = ec_machine_settings_join(&m->of_functions, &one);
	if (!differs)
		return 0;
	out_error("%s: %s differs from that of a function before it",
		  ec_sbdf_print(v->host->sbdf, false, name), differs);
	return EXIT_NO;
}

/* The attach specification of a function; @one: options for this function. */
static int take_spec(const char *text, struct options *one)
{
	struct ec_diag diag;

	if (!text)
		return 0;
	if (ec_attach_spec_parse(text, &one->with, &diag)) {
		out_error("%s: %s", text, diag.text);
		return EXIT_USAGE;
	}
	for (unsigned int i = 0; i < one->with.n_sets; i++)
		/* the setting of one function wins over the option for all */
		if (!strcmp(ec_attach_spec_key(&one->with, i), "topology"))
			one->has_topology = false;
	return 0;
}

/*
 * Opens the view of @of with its rules. Its decisions are valid until close_one().
 */
static int open_one(const struct source *s, struct view *v, struct ec_dump_function *of,
		    const struct options *one, struct ec_rules **rules)
{
	int rc = rules_load(rules, one);

	if (rc)
		return rc;
	v->rules = *rules;
	return view_open(v, s, of, one, EC_CAPTURE_PLAN);
}

/* Frees the rules; the view stays open, without its decisions. */
static void close_one(struct view *v, struct ec_rules *rules)
{
	v->rules = NULL;
	ec_rules_free(rules);
}

/* Arguments that are the same for all functions that are added. */
struct adding {
	const struct source *s;
	const struct options *o;
	struct view *v;
};

/*
 * Adds function @of, or if that is NULL the one that @text names. The guest's view of it has its
 * BARs and topology, @text may have its slot.
 */
static int add_function(struct planned *m, const struct adding *a, struct ec_dump_function *of,
			const char *text)
{
	struct ec_machine_function *fn = m->fn + m->n;
	struct ec_rules *rules = NULL;
	struct options one = *a->o;
	int rc = take_spec(text, &one);

	if (rc)
		return rc;
	if (m->n == EC_MACHINE_MAX) {
		out_error("more than %u functions", EC_MACHINE_MAX);
		return EXIT_USAGE;
	}
	if (!of)
		of = source_find(a->s, one.with.host, a->o->dump);
	if (of && !report_segment(of->sbdf))
		return EXIT_NO;
	rc = of ? open_one(a->s, a->v, of, &one, &rules) : EXIT_INPUT;
	if (!rc)
		rc = add_settings(m, a->v, &one.with);
	close_one(a->v, rules);
	if (rc)
		return rc;
	*fn = (struct ec_machine_function){
		.host = of->sbdf,
		.express = a->v->plan.express,
		.is_vf = source_is_vf(a->s, of),
		.class = (uint16_t)ec_image_get(&of->image, PCI_CLASS_DEVICE, 2),
		.topology = a->v->plan.options.topology,
		.has_slot = one.with.has_slot,
		.slot = one.with.slot,
	};
	memcpy(fn->bar, a->v->plan.bar, sizeof(fn->bar));
	m->text[m->n] = text;
	m->of[m->n++] = of;
	return 0;
}

/* All functions that can be viewed, which bridges cannot, and attached. */
static int add_all(struct planned *m, const struct adding *a)
{
	for (unsigned int i = 0; i < a->s->n; i++) {
		int rc;

		if (!report_segment(a->s->fn[i].sbdf))
			continue;
		rc = add_function(m, a, a->s->fn + i, NULL);

		if (rc && rc != EXIT_INPUT)
			return rc;
	}
	return m->n ? 0 : source_none_viewed(a->o->dump);
}

/* Functions and limits are set. */
static int build(struct planned *m)
{
	struct ec_diag diag;

	if (!ec_machine_build(&m->limits, m->fn, m->n, &m->plan, &diag))
		return 0;
	out_error("%s", diag.text);
	return EXIT_NO;
}

static int add_functions(struct planned *m, const struct source *s, const struct options *o)
{
	const struct adding a = { s, o, view_new() };
	int rc = a.v ? take_settings(o, &m->of_options) : EXIT_REFUSED;

	if (!rc && !*o->bdfs)
		rc = add_all(m, &a);
	for (char **text = o->bdfs; *text && !rc; text++)
		rc = add_function(m, &a, NULL, *text);
	view_free(a.v);
	return rc;
}

int planned_load(struct planned *m, struct source *s, const struct options *o)
{
	int rc = take_limits(o, &m->limits);

	*s = (struct source){ 0 };
	if (rc)
		return rc;
	if (o->topology == EC_HOST) {
		out_error("the topology of a guest is bypassed or flattened");
		return EXIT_USAGE;
	}
	rc = source_load(s, o->dump);
	if (!rc)
		rc = add_functions(m, s, o);
	if (rc)
		return rc;
	ec_machine_settings_limits(&m->of_functions, &m->limits);
	ec_machine_settings_limits(&m->of_options, &m->limits);
	return build(m);
}

int planned_guest(struct planned *m, const struct options *o)
{
	json_t *params = json_pack("{s:s}", "guest", o->guest), *result = NULL;
	struct ec_diag diag;
	int rc;

	if (!params) {
		/* json_pack(3) takes UTF-8 only */
		out_error("'%s' is not UTF-8", o->guest);
		return EXIT_USAGE;
	}
	rc = ec_client_call(&(struct ec_client){ .path = o->socket }, "machine", params, &result,
			    &diag);
	json_decref(params);
	if (rc) {
		out_error("%s", diag.text);
		return rc == -EACCES ? EXIT_DENIED : EXIT_REFUSED;
	}
	rc = ec_machine_json_read(result, &m->limits, m->fn, &m->n);
	json_decref(result);
	if (rc) {
		out_error("the answer of ecamd has an unknown form");
		return EXIT_REFUSED;
	}
	return build(m);
}

int planned_each(const struct planned *m, const struct source *s, const struct options *o,
		 void (*each)(struct view *v, unsigned int i, void *ctx), void *ctx)
{
	struct view *v = view_new();
	int rc = v ? 0 : EXIT_REFUSED;

	for (unsigned int i = 0; i < m->n && !rc; i++) {
		struct ec_rules *rules = NULL;
		struct options one = *o;

		rc = take_spec(m->text[i], &one);
		one.multifunction = ec_topology_shared(
			m->fn[i].topology, m->fn[i].express, m->fn[i].is_vf,
			(uint8_t)ec_image_get(&m->of[i]->image, PCI_HEADER_TYPE, 1));
		one.no_intx = o->no_intx || m->limits.kind == EC_MACHINE_PVH;
		if (!rc)
			rc = open_one(s, v, m->of[i], &one, &rules);
		if (!rc)
			each(v, i, ctx);
		close_one(v, rules);
	}
	view_free(v);
	return rc;
}
