/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the planner is told of a guest's machine, as JSON: the answer of the method "machine". Who
 * reads it and calls ec_machine_build() has the plan that the service has.
 *
 *	{"version":1,"guest","kind","bridge","memory","hole","address_bits","taken","spare",
 *	 "hotplug","model_mmio","model_io","ecam":{"base","buses","bus0"},
 *	 "functions":[{"host","express","vf","class","topology","slot",
 *	  "bars":[{"bar","kind","size","flags"}]}]}
 *
 * "memory" and what the device model needs are bytes, "hole" MiB; 0: not known. "taken" and "spare"
 * have a bit for each slot. "ecam" is null if there is no window; its "base" is null where the
 * planner chooses. "slot" is the one that the function has; a BAR of 64 bits is listed once.
 */
#ifndef EC_CONTROL_MACHINE_JSON_H
#define EC_CONTROL_MACHINE_JSON_H

#include "machine/machine.h"

struct json_t;

/**
 * ec_machine_json_make() - @n functions and the rest of guest @guest, as it was asked for.
 * Each of @fn has a slot that is kept. Returns a new reference, or NULL: out of memory.
 */
struct json_t *ec_machine_json_make(const char *guest, const struct ec_machine_limits *limits,
				    const struct ec_machine_function *fn, unsigned int n);

/**
 * ec_machine_json_read() - the reverse.
 * @limits: written. @fn: has room for EC_MACHINE_MAX; *@n are written. Keys that are not known are
 * passed over. Returns 0, or -EPROTO if it is no machine: what is read can be planned.
 */
int ec_machine_json_read(const struct json_t *json, struct ec_machine_limits *limits,
			 struct ec_machine_function *fn, unsigned int *n);

#endif
