/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ecamctl attach, detach, guests: requests to ecamd. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>

#include "control/client.h"
#include "tools/commands/commands.h"
#include "tools/offline/rules.h"
#include "tools/out.h"

/* Calls the method; frees @params. Returns an exit code, after a message if it is not 0. */
static int call(const struct options *o, const char *method, json_t *params, json_t **result)
{
	struct ec_diag diag;
	int rc;

	if (!params) {
		/* json_pack(3) takes UTF-8 only */
		out_error("'%s' is not UTF-8", o->guest ? o->guest : "");
		return EXIT_USAGE;
	}
	rc = ec_client_call(&(struct ec_client){ .path = o->socket }, method, params, result,
			    &diag);
	json_decref(params);
	if (!rc)
		return EXIT_DONE;
	out_error("%s", diag.text);
	return rc == -EACCES ? EXIT_DENIED : EXIT_REFUSED;
}

/* The result of another version of ecamd. Frees @result. */
static int not_understood(json_t *result, const char *done)
{
	out_error("the answer of ecamd has an unknown form%s", done);
	json_decref(result);
	return EXIT_REFUSED;
}

/* What ecamd would refuse whatever the function is. Returns an exit code, after a message. */
static int check_spec(const struct options *o)
{
	struct ec_attach_spec spec;
	struct ec_rules *set = ec_rules_new();
	struct ec_diag diag;
	int rc;

	if (!set)
		return out_no_memory();
	rc = ec_attach_spec_parse(o->spec, &spec, &diag) ? EXIT_USAGE
							 : rules_add_attach(set, &spec);
	ec_rules_free(set);
	return rc;
}

static int attach(const struct options *o)
{
	const char *host, *at, *name;
	char place[EC_SBDF_MAX];
	struct ec_sbdf guest;
	json_int_t domid;
	json_t *result;
	int rc = check_spec(o);

	if (!rc)
		rc = call(o, "attach",
			  json_pack("{s:s,s:s}", "guest", o->guest, "function", o->spec), &result);
	if (rc)
		return rc;
	if (json_unpack(result, "{s:s,s:s,s:s,s:I}", "host", &host, "guest", &at, "name", &name,
			"domid", &domid) ||
	    ec_sbdf_parse(at, &guest))
		return not_understood(result, "; 'ecamctl guests' lists what is attached");
	printf("%s attached to %s (domain %" JSON_INTEGER_FORMAT ") at %s\n", host, name, domid,
	       ec_sbdf_print(guest, false, place));
	json_decref(result);
	return EXIT_DONE;
}

static int detach(const struct options *o)
{
	json_t *result;
	const char *host;
	int rc = call(o, "detach", json_pack("{s:s,s:s}", "guest", o->guest, "function", o->spec),
		      &result);

	if (rc)
		return rc;
	if (json_unpack(result, "{s:s}", "host", &host))
		return not_understood(result, "");
	printf("%s detached from %s\n", host, o->guest);
	json_decref(result);
	return EXIT_DONE;
}

static int print_function(json_t *function)
{
	json_int_t reads, writes, hw_reads, hw_writes, permissive;
	const char *host, *guest;

	if (json_unpack(function, "{s:s,s:s,s:I,s:I,s:I,s:I,s:I}", "host", &host, "guest", &guest,
			"reads", &reads, "writes", &writes, "hardware_reads", &hw_reads,
			"hardware_writes", &hw_writes, "permissive_writes", &permissive))
		return -EPROTO;
	printf("  %-13s %-13s %12" JSON_INTEGER_FORMAT " %12" JSON_INTEGER_FORMAT
	       " %12" JSON_INTEGER_FORMAT " %12" JSON_INTEGER_FORMAT " %12" JSON_INTEGER_FORMAT
	       "\n",
	       host, guest, reads, writes, hw_reads, hw_writes, permissive);
	return 0;
}

/* An ecamd before 0.2 reports none. */
static int print_held(json_t *held)
{
	const char *host, *why;
	json_t *h;

	for (size_t i = 0; (h = json_array_get(held, i)); i++) {
		if (json_unpack(h, "{s:s,s:s}", "host", &host, "why", &why))
			return -EPROTO;
		printf("  %-13s held: %s\n", host, why);
	}
	return 0;
}

static int print_guest(json_t *guest)
{
	json_t *ecam, *functions, *f;
	const char *name, *kind;
	char window[24] = "none";
	json_int_t domid;
	size_t i;
	int rc = 0;

	if (json_unpack(guest, "{s:s,s:I,s:s,s:o,s:o}", "name", &name, "domid", &domid, "kind",
			&kind, "ecam", &ecam, "functions", &functions))
		return -EPROTO;
	if (json_is_integer(ecam))
		snprintf(window, sizeof(window), "%#llx",
			 (unsigned long long)json_integer_value(ecam));
	printf("%-32s %6" JSON_INTEGER_FORMAT "  %-4s  %s\n", name, domid, kind, window);
	for (i = 0; !rc && (f = json_array_get(functions, i)); i++)
		rc = print_function(f);
	return rc ? rc : print_held(json_object_get(guest, "held"));
}

static int guests(const struct options *o)
{
	json_t *result, *list, *guest;
	int rc = call(o, "guests", json_object(), &result);
	size_t i;

	if (rc)
		return rc;
	list = json_object_get(result, "guests");
	if (!json_is_array(list))
		return not_understood(result, "");
	if (o->json) {
		json_dumpf(result, stdout, JSON_COMPACT);
		putchar('\n');
	} else {
		printf("%-32s %6s  %-4s  %s\n  %-13s %-13s %12s %12s %12s %12s %12s\n", "GUEST",
		       "DOMAIN", "KIND", "ECAM", "FUNCTION", "AT", "READS", "WRITES", "HW-READS",
		       "HW-WRITES", "PERMISSIVE");
		json_array_foreach(list, i, guest)
		{
			if (print_guest(guest))
				return not_understood(result, "");
		}
	}
	json_decref(result);
	return EXIT_DONE;
}

const struct command cmd_attach = {
	.name = "attach",
	.args = "GUEST BDF[@SLOT][,KEY=VALUE...] [--socket PATH]",
	.help = "attach a function to a guest",
	.notes =
		"GUEST is a name or a number. SLOT is the device number in the guest, 0 to 1f. "
		"Keys:\n"
		"ecam=ADDRESS|none, the ECAM window, a multiple of 1 MiB; reset=auto|none; and "
		"with\n"
		"the meaning that they have in rules permissive=0|1, hide=CAPABILITY "
		"(repeatable),\n"
		"rom=host|none, rebar=single|hide, topology=bypassed|flattened,\n"
		"multifunction=auto|clear|set, and for the guest's machine buses=1-256, bus0=0|1,\n"
		"bridge=plain|q35.",
	.takes = TAKES_GUEST | TAKES_SPEC | TAKES_SOCKET,
	.run = attach,
};

const struct command cmd_detach = {
	.name = "detach",
	.args = "GUEST BDF[,reset=none] [--socket PATH]",
	.help = "detach a function from a guest",
	.notes = "For a function that `ecamctl guests` lists as held, this tries again what "
		 "failed.\n"
		 "reset=none: without a reset, so the host gets it as the guest left it.",
	.takes = TAKES_GUEST | TAKES_SPEC | TAKES_RESET_ONLY | TAKES_SOCKET,
	.run = detach,
};

const struct command cmd_guests = {
	.name = "guests",
	.args = "[--json] [--socket PATH]",
	.help = "list the guests that have functions, with their accesses",
	.notes =
		"READS and WRITES are accesses of the guest, HW-READS and HW-WRITES those of the\n"
		"hardware that they caused, PERMISSIVE writes that only a permissive rule allowed.",
	.takes = TAKES_JSON | TAKES_SOCKET,
	.run = guests,
};
