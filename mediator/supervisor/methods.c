/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "supervisor/methods.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "control/attach_spec.h"
#include "control/machine_json.h"
#include "control/rpc.h"
#include "supervisor/service.h"

/* A parameter that must be there, and be a text that is not empty. NULL: it is not. */
static const char *text_of(json_t *params, const char *key, struct ec_diag *diag)
{
	const char *text = json_string_value(json_object_get(params, key));

	if (text && *text)
		return text;
	ec_diag_set(diag, 0, "'%s' must be a text", key);
	return NULL;
}

/* @known: the keys there may be, NULL at the end. What is not understood is not ignored. */
static int check_keys(json_t *params, const char *const *known, struct ec_diag *diag)
{
	const char *key;
	json_t *value;

	if (params && !json_is_object(params)) {
		ec_diag_set(diag, 0, "parameters go by name, in an object");
		return EC_RPC_WRONG_PARAMS;
	}
	json_object_foreach(params, key, value)
	{
		const char *const *k = known;

		while (*k && strcmp(*k, key))
			k++;
		if (!*k) {
			ec_diag_set(diag, 0, "there is no parameter '%.64s'", key);
			return EC_RPC_WRONG_PARAMS;
		}
	}
	return 0;
}

/* What attach and detach take. */
static int read_params(json_t *params, const char **guest, const char **function,
		       struct ec_diag *diag)
{
	static const char *const known[] = { "guest", "function", NULL };

	if (check_keys(params, known, diag))
		return EC_RPC_WRONG_PARAMS;
	*guest = text_of(params, "guest", diag);
	*function = *guest ? text_of(params, "function", diag) : NULL;
	return *function ? 0 : EC_RPC_WRONG_PARAMS;
}

static json_t *address(struct ec_sbdf at)
{
	char text[EC_SBDF_MAX];

	return json_string(ec_sbdf_print(at, true, text));
}

static int attach(void *ctx, json_t *params, json_t **result, struct ec_diag *diag)
{
	const char *guest, *function;
	struct ec_service_attached at;
	struct ec_attach_spec spec;
	int rc;

	if (read_params(params, &guest, &function, diag) ||
	    ec_attach_spec_parse(function, &spec, diag))
		return EC_RPC_WRONG_PARAMS;
	rc = ec_service_attach(ctx, guest, &spec, &at, diag);
	if (rc)
		return rc;
	*result = json_pack("{s:o,s:o,s:o,s:o}", "host", address(at.function.host), "guest",
			    address(at.function.guest), "name", ec_rpc_string(at.guest.name),
			    "domid", ec_rpc_integer(at.guest.domid));
	return 0;
}

static int detach(void *ctx, json_t *params, json_t **result, struct ec_diag *diag)
{
	const char *guest, *function;
	struct ec_attach_spec spec;
	int rc;

	if (read_params(params, &guest, &function, diag) ||
	    ec_attach_spec_parse(function, &spec, diag))
		return EC_RPC_WRONG_PARAMS;
	if (spec.has_slot || spec.n_sets || spec.ecam != EC_ECAM_DEFAULT) {
		ec_diag_set(diag, 0, "'%.64s': a detach has no key but reset=none", function);
		return EC_RPC_WRONG_PARAMS;
	}
	rc = ec_service_detach(ctx, guest, &spec, diag);
	if (rc)
		return rc;
	*result = json_pack("{s:o}", "host", address(spec.host));
	return 0;
}

static json_t *functions_of(const struct ec_service *s, unsigned int guest, unsigned int n)
{
	json_t *list = json_array();

	for (unsigned int i = 0; list && i < n; i++) {
		struct ec_function_status f;
		json_t *json;

		ec_service_function(s, guest, i, &f);
		json = json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "host", address(f.host), "guest",
				 address(f.guest), "reads", ec_rpc_integer(f.reads), "writes",
				 ec_rpc_integer(f.writes), "hardware_reads",
				 ec_rpc_integer(f.hardware_reads), "hardware_writes",
				 ec_rpc_integer(f.hardware_writes), "permissive_writes",
				 ec_rpc_integer(f.permissive_writes));
		if (json_array_append_new(list, json)) {
			json_decref(list);
			list = NULL;
		}
	}
	return list;
}

static json_t *held_of(const struct ec_service *s, unsigned int guest, unsigned int n)
{
	json_t *list = json_array();

	for (unsigned int i = 0; list && i < n; i++) {
		struct ec_held_status h;

		ec_service_held(s, guest, i, &h);
		json_array_append_new(list, json_pack("{s:o,s:o}", "host", address(h.host), "why",
						      ec_rpc_string(h.why)));
	}
	return list;
}

static int guests(void *ctx, json_t *params, json_t **result, struct ec_diag *diag)
{
	static const char *const known[] = { NULL };
	const struct ec_service *s = ctx;
	json_t *list;

	if (check_keys(params, known, diag))
		return EC_RPC_WRONG_PARAMS;
	list = json_array();
	for (unsigned int i = 0, n = ec_service_guests(s); i < n; i++) {
		struct ec_guest_status g;

		ec_service_guest(s, i, &g);
		if (json_array_append_new(
			    list,
			    json_pack("{s:o,s:o,s:s,s:o,s:o,s:o,s:o}", "name",
				      ec_rpc_string(g.name), "domid", ec_rpc_integer(g.domid),
				      "kind", g.device_model ? "hvm" : "pvh", "ecam",
				      g.has_ecam ? ec_rpc_integer(g.ecam) : json_null(),
				      "functions", functions_of(s, i, g.functions), "held",
				      held_of(s, i, g.held), "delays", ec_rpc_integer(g.delays)))) {
			json_decref(list);
			return -ENOMEM;
		}
	}
	*result = json_pack("{s:i,s:o}", "version", 1, "guests", list);
	return *result ? 0 : -ENOMEM;
}

static int machine(void *ctx, json_t *params, json_t **result, struct ec_diag *diag)
{
	static const char *const known[] = { "guest", NULL };
	struct ec_service_machine *m;
	const char *guest;
	int rc;

	if (check_keys(params, known, diag) || !(guest = text_of(params, "guest", diag)))
		return EC_RPC_WRONG_PARAMS;
	m = calloc(1, sizeof(*m));
	if (!m)
		return -ENOMEM;
	rc = ec_service_machine(ctx, guest, m, diag);
	if (!rc) {
		*result = ec_machine_json_make(guest, &m->limits, m->fn, m->n);
		rc = *result ? 0 : -ENOMEM;
	}
	free(m);
	return rc;
}

const struct ec_rpc_method ec_service_methods[] = {
	{ "attach", attach },
	{ "detach", detach },
	{ "guests", guests },
	{ "machine", machine },
	{ 0 },
};
