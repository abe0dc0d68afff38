/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "control/machine_json.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "control/rpc.h"

/* The bits of a BAR register below its address */
#define FLAGS 0xfu

static json_t *bars_of(const struct ec_machine_function *fn)
{
	json_t *list = json_array();

	for (unsigned int b = 0; list && b < EC_BAR_MAX; b++) {
		const struct ec_bar *bar = fn->bar + b;

		if (bar->kind == EC_BAR_NONE || bar->kind == EC_BAR_UPPER)
			continue;
		if (json_array_append_new(list,
					  json_pack("{s:i,s:s,s:o,s:o}", "bar", (int)b, "kind",
						    ec_bar_kind_names[bar->kind], "size",
						    ec_rpc_integer(bar->size), "flags",
						    ec_rpc_integer(bar->flags & FLAGS)))) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *functions_of(const struct ec_machine_function *fn, unsigned int n)
{
	json_t *list = json_array();

	for (unsigned int i = 0; list && i < n; i++) {
		char host[EC_SBDF_MAX];

		if (json_array_append_new(
			    list,
			    json_pack("{s:s,s:b,s:b,s:i,s:s,s:i,s:o}", "host",
				      ec_sbdf_print(fn[i].host, true, host), "express",
				      fn[i].express, "vf", fn[i].is_vf, "class", (int)fn[i].class,
				      "topology", ec_topology_names[fn[i].topology], "slot",
				      (int)fn[i].previous_slot, "bars", bars_of(fn + i)))) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *ecam_of(const struct ec_machine_limits *l)
{
	if (!l->ecam)
		return json_null();
	return json_pack("{s:o,s:i,s:b}", "base",
			 l->has_ecam_base ? ec_rpc_integer(l->ecam_base) : json_null(), "buses",
			 (int)l->ecam_buses, "bus0", l->ecam_bus0);
}

json_t *ec_machine_json_make(const char *guest, const struct ec_machine_limits *l,
			     const struct ec_machine_function *fn, unsigned int n)
{
	return json_pack("{s:i,s:o,s:s,s:s,s:o,s:i,s:i,s:o,s:o,s:b,s:o,s:o,s:o,s:o}", "version", 1,
			 "guest", ec_rpc_string(guest), "kind", ec_machine_kind_names[l->kind],
			 "bridge", ec_host_bridge_kind_names[l->bridge], "memory",
			 ec_rpc_integer(l->memory), "hole", (int)l->hole, "address_bits",
			 (int)l->address_bits, "taken", ec_rpc_integer(l->taken), "spare",
			 ec_rpc_integer(l->spare), "hotplug", l->hotplug, "model_mmio",
			 ec_rpc_integer(l->model_mmio), "model_io", ec_rpc_integer(l->model_io),
			 "ecam", ecam_of(l), "functions", functions_of(fn, n));
}

/* An integer from 0 to @most. */
static bool number(const json_t *object, const char *key, uint64_t most, uint64_t *v)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return false;
	*v = (uint64_t)json_integer_value(value);
	return *v <= most;
}

static bool truth(const json_t *object, const char *key, bool *v)
{
	const json_t *value = json_object_get(object, key);

	*v = json_is_true(value);
	return json_is_boolean(value);
}

/* EC_BAR_NONE if the kind is unknown. */
static enum ec_bar_kind bar_kind(const json_t *object)
{
	static const enum ec_bar_kind kinds[] = { EC_BAR_IO, EC_BAR_MEM32, EC_BAR_MEM64,
						  EC_BAR_EXPROM };
	const char *name = json_string_value(json_object_get(object, "kind"));

	for (unsigned int i = 0; name && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(name, ec_bar_kind_names[kinds[i]]))
			return kinds[i];
	return EC_BAR_NONE;
}

static bool read_bar(const json_t *object, struct ec_machine_function *fn)
{
	enum ec_bar_kind kind = bar_kind(object);
	uint64_t index, size, flags;
	struct ec_bar *bar;

	if (kind == EC_BAR_NONE || !number(object, "bar", EC_BAR_ROM, &index) ||
	    !number(object, "size", INT64_MAX, &size) || !number(object, "flags", FLAGS, &flags))
		return false;
	/* the ROM is the last BAR, and a 64-bit BAR needs a second register before it */
	if ((kind == EC_BAR_EXPROM) != (index == EC_BAR_ROM) || !size || size & (size - 1) ||
	    (kind == EC_BAR_MEM64 && index + 1 >= EC_BAR_ROM) ||
	    (kind != EC_BAR_MEM64 && size > UINT32_MAX))
		return false;
	bar = fn->bar + index;
	if (bar->kind != EC_BAR_NONE || (kind == EC_BAR_MEM64 && bar[1].kind != EC_BAR_NONE))
		return false;
	*bar = (struct ec_bar){ .kind = (uint8_t)kind, .flags = (uint32_t)flags, .size = size };
	if (kind == EC_BAR_MEM64)
		bar[1] = (struct ec_bar){ .kind = EC_BAR_UPPER, .size = size };
	return true;
}

static bool read_function(const json_t *object, struct ec_machine_function *fn)
{
	const char *host = json_string_value(json_object_get(object, "host"));
	const char *topology = json_string_value(json_object_get(object, "topology"));
	const json_t *bars = json_object_get(object, "bars");
	uint64_t class, slot;
	int t = topology ? ec_topology_parse(topology) : -EINVAL;

	*fn = (struct ec_machine_function){ .has_previous_slot = true };
	if (!host || ec_sbdf_parse(host, &fn->host) || t < 0 || t == EC_HOST ||
	    !truth(object, "express", &fn->express) || !truth(object, "vf", &fn->is_vf) ||
	    !number(object, "class", UINT16_MAX, &class) ||
	    !number(object, "slot", EC_MACHINE_SLOTS - 1, &slot) || !json_is_array(bars))
		return false;
	fn->topology = (enum ec_topology)t;
	fn->class = (uint16_t) class;
	fn->previous_slot = (uint8_t)slot;
	for (size_t i = 0; i < json_array_size(bars); i++)
		if (!read_bar(json_array_get(bars, i), fn))
			return false;
	return true;
}

static bool read_ecam(const json_t *ecam, struct ec_machine_limits *l)
{
	uint64_t buses;

	l->ecam = json_is_object(ecam);
	if (!l->ecam)
		return json_is_null(ecam);
	l->has_ecam_base = !json_is_null(json_object_get(ecam, "base"));
	if ((l->has_ecam_base && !number(ecam, "base", INT64_MAX, &l->ecam_base)) ||
	    !number(ecam, "buses", EC_MACHINE_BUSES, &buses) || !truth(ecam, "bus0", &l->ecam_bus0))
		return false;
	l->ecam_buses = (uint16_t)buses;
	return true;
}

static bool read_limits(const json_t *json, struct ec_machine_limits *l)
{
	const char *name = json_string_value(json_object_get(json, "kind"));
	const char *bridge_name = json_string_value(json_object_get(json, "bridge"));
	int kind = name ? ec_machine_kind_parse(name) : -EINVAL;
	int bridge = bridge_name ? ec_host_bridge_kind_parse(bridge_name) : -EINVAL;
	uint64_t taken, spare, hole, bits, io;

	if (kind < 0 || bridge < 0)
		return false;
	*l = (struct ec_machine_limits){ .kind = (enum ec_machine_kind)kind,
					 .bridge = (enum ec_host_bridge_kind)bridge };
	if (!number(json, "taken", UINT32_MAX, &taken) ||
	    !number(json, "spare", UINT32_MAX, &spare) || !truth(json, "hotplug", &l->hotplug) ||
	    !number(json, "memory", INT64_MAX, &l->memory) ||
	    !number(json, "hole", UINT16_MAX, &hole) || !number(json, "address_bits", 64, &bits) ||
	    !number(json, "model_mmio", INT64_MAX, &l->model_mmio) ||
	    !number(json, "model_io", UINT32_MAX, &io) ||
	    !read_ecam(json_object_get(json, "ecam"), l))
		return false;
	l->taken = (uint32_t)taken;
	l->spare = (uint32_t)spare;
	l->hole = (uint16_t)hole;
	l->address_bits = (uint8_t)bits;
	l->model_io = (uint32_t)io;
	return true;
}

int ec_machine_json_read(const json_t *json, struct ec_machine_limits *limits,
			 struct ec_machine_function *fn, unsigned int *n)
{
	const json_t *functions = json_object_get(json, "functions");
	uint64_t version;

	if (!number(json, "version", 1, &version) || !version || !read_limits(json, limits) ||
	    !json_is_array(functions) || json_array_size(functions) > EC_MACHINE_MAX)
		return -EPROTO;
	*n = (unsigned int)json_array_size(functions);
	for (unsigned int i = 0; i < *n; i++)
		if (!read_function(json_array_get(functions, i), fn + i))
			return -EPROTO;
	return 0;
}
