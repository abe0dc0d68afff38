/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamctl policy-for: write a policy file that states the defaults, to be edited. */
#include <inttypes.h>
#include <pci/header.h>
#include <stdio.h>
#include <string.h>

#include "capabilities/registry.h"
#include "host/files.h"
#include "tools/commands/commands.h"
#include "tools/offline/vf.h"
#include "tools/offline/view.h"
#include "tools/out.h"
#include "view/msix.h"

/* Room for "ext:0x0023#1008". */
#define REF_MAX 40

/* Has a capability of the other kind the same name? */
static bool is_ambiguous(const struct ec_cap *cap)
{
	const struct ec_cap *c;

	for (unsigned int i = 0; (c = ec_cap_get(i)); i++)
		if (c->extended != cap->extended && !strcmp(c->name, cap->name))
			return true;
	return false;
}

/* Is capability @i one of the hardware, at its place in the view? */
static bool is_listed(const struct ec_plan *p, unsigned int i)
{
	return !p->cap[i].moved_away && !p->cap[i].added;
}

/* The name of capability @i in rules: "PM", "VNDR#2", "std:NULL", "ext:0x0042". */
static const char *ref(const struct ec_plan *p, unsigned int i, char out[REF_MAX])
{
	const struct ec_link *l = p->chain.link + i;
	const struct ec_cap *cap = p->cap[i].cap;
	const char *kind = l->extended ? "ext:" : "std:";
	unsigned int instance = 0, n = 0;
	char number[8] = "";

	for (unsigned int j = 0; j < p->chain.n; j++) {
		if (!is_listed(p, j) || p->chain.link[j].id != l->id ||
		    p->chain.link[j].extended != l->extended)
			continue;
		n++;
		instance += j <= i;
	}
	if (n > 1)
		snprintf(number, sizeof(number), "#%u", instance % 10000);
	/* unknown ids share an entry */
	if (cap->id != l->id || !*cap->source)
		snprintf(out, REF_MAX, "%s0x%0*x%s", kind, l->extended ? 4 : 2, l->id, number);
	else
		snprintf(out, REF_MAX, "%s%s%s", is_ambiguous(cap) ? kind : "", cap->name, number);
	return out;
}

/* The value that keeps capability @c as it is: a treatment would change all its registers. */
static const char *treatment(const struct ec_plan_cap *c)
{
	if (c->treatment == EC_HIDE)
		return ec_treatment_names[EC_HIDE];
	return c->treat_all < EC_TREATMENTS ? ec_treatment_names[c->treat_all] : "show";
}

static void print_match(const struct view *v)
{
	const struct ec_image *img = &v->host->image;
	uint32_t ids = source_ids(v->host),
		 subsystem = ec_image_get(img, PCI_SUBSYSTEM_VENDOR_ID, 4);
	char at[EC_SBDF_MAX];

	ec_sbdf_print(v->host->sbdf, true, at);
	printf("\t\t\t\"match\": {\n");
	/* a virtual function without known ids */
	if (ids == VF_NO_IDS) {
		printf("\t\t\t\t\"bdf\": \"%s\"\n\t\t\t},\n", at);
		return;
	}
	printf("\t\t\t\t\"comment\": \"all functions with these ids; for this one alone: "
	       "\\\"bdf\\\": \\\"%s\\\"\",\n",
	       at);
	printf("\t\t\t\t\"vendor\": \"0x%04x\",\n\t\t\t\t\"device\": \"0x%04x\",\n", ids & 0xffff,
	       ids >> 16);
	printf("\t\t\t\t\"subsystem_vendor\": \"0x%04x\",\n\t\t\t\t\"subsystem_device\": "
	       "\"0x%04x\"\n\t\t\t},\n",
	       subsystem & 0xffff, subsystem >> 16);
}

static void print_caps(const struct ec_plan *p)
{
	char name[REF_MAX];

	printf(",\n\t\t\t\t\"capabilities\": {\n\t\t\t\t\t\"comment\": [\n");
	printf("\t\t\t\t\t\t\"show: as in the tables of ecamd; or hide, freeze, read, emulate, "
	       "pass\"");
	for (unsigned int i = 0; i < p->chain.n; i++) {
		char line[240];

		if (!is_listed(p, i))
			continue;
		snprintf(line, sizeof(line), "%s: %s at 0x%02x, %u bytes%s%s", ref(p, i, name),
			 p->cap[i].cap->title, p->chain.link[i].offset, p->cap[i].length,
			 p->cap[i].why ? ", hidden: " : "", p->cap[i].why ? p->cap[i].why : "");
		printf(",\n\t\t\t\t\t\t");
		out_json_string(line);
	}
	printf("\n\t\t\t\t\t]");
	for (unsigned int i = 0; i < p->chain.n; i++)
		if (is_listed(p, i))
			printf(",\n\t\t\t\t\t\"%s\": \"%s\"", ref(p, i, name),
			       treatment(p->cap + i));
	printf("\n\t\t\t\t}");
}

/* What would show MSI-X that only its pending bits hide, as a comment. */
static void print_msix(const struct view *v)
{
	struct ec_msix_past m;

	if (!ec_plan_msix_past(&v->plan, &v->host->image, &m))
		return;
	printf(",\n\t\t\t\t\"msix\": {\n\t\t\t\t\t\"comment\": [\n"
	       "\t\t\t\t\t\t\"MSI-X is hidden: its pending bits, %u bytes at 0x%x, end past BAR %u "
	       "of "
	       "0x%" PRIx64 " bytes.\",\n"
	       "\t\t\t\t\t\t\"To show it, state their real offset here, and show MSI-X below\"",
	       m.bytes, m.offset, m.bar, m.size);
	if (m.fits)
		printf(",\n\t\t\t\t\t\t\"(a guess, after the table): \\\"pba_offset\\\": "
		       "\\\"0x%x\\\"\"",
		       m.free);
	printf("\n\t\t\t\t\t]\n\t\t\t\t}");
}

static void print_policy(struct view *v, const struct options *o, void *ctx)
{
	uint32_t ids = source_ids(v->host);
	char at[EC_SBDF_MAX];

	(void)o;
	(void)ctx;
	ec_sbdf_print(v->host->sbdf, true, at);
	printf("{\n\t\"version\": 1,\n\t\"comment\": [\n"
	       "\t\t\"The view that a guest has of %s by default: change what should differ.\",\n"
	       "\t\t\"ecamd-policy(5) describes all keys; 'ecamctl check FILE' finds "
	       "errors.\"\n\t],\n\t\"rules\": [\n\t\t{\n",
	       at);
	printf("\t\t\t\"name\": \"%s %04x:%04x\",\n", at, ids & 0xffff, ids >> 16);
	print_match(v);
	printf("\t\t\t\"set\": {\n\t\t\t\t\"comment\": [\n"
	       "\t\t\t\t\t\"gaps: bytes outside all capabilities; frozen below 0x100, hidden "
	       "above\",\n"
	       "\t\t\t\t\t\"bodies: bytes of capabilities without a register; treated like the "
	       "capability\",\n"
	       "\t\t\t\t\t\"registers, ranges: single registers and bytes, as listed by 'ecamctl "
	       "show'\"\n"
	       "\t\t\t\t]");
	if (!ec_decisions_last(&v->decided, EC_SET_PERMISSIVE, 0))
		printf(",\n\t\t\t\t\"permissive\": false");
	if (!ec_decisions_last(&v->decided, EC_SET_UNKNOWN, 0))
		printf(",\n\t\t\t\t\"unknown_capabilities\": \"hide\"");
	print_msix(v);
	if (v->plan.chain.n)
		print_caps(&v->plan);
	printf("\n\t\t\t}\n\t\t}\n\t]\n}\n");
}

static int run(const struct options *o)
{
	return view_each(o, EC_CAPTURE_PLAN, print_policy, NULL);
}

const struct command cmd_policy_for = {
	.name = "policy-for",
	.args = "BDF [--dump FILE] [RULES]",
	.help = "write a policy file for a function that states the defaults",
	.notes = "The file has a rule for functions with the same ids, with an entry for each "
		 "capability.\n"
		 "Put it into " EC_POLICY_FOLDER
		 " and change what should differ.\n" OPTIONS_RULES_NOTES,
	.takes = TAKES_DUMP | TAKES_BDF | TAKES_RULES,
	.run = run,
};
