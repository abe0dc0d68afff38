/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The planner's input for a guest's machine as JSON, the result of the method "machine".
 * ec_machine_build() makes the same plan from it as the service did.
 *
 *	{"version":1,"guest","kind","bridge","memory","hole","address_bits","taken","spare",
 *	 "hotplug","model_mmio","model_io","ecam":{"base","buses","bus0"},
 *	 "functions":[{"host","express","vf","class","topology","slot",
 *	  "bars":[{"bar","kind","size","flags"}]}]}
 *
 * "memory" and "model_*" are in bytes, "hole" is in MiB; 0: not known. "taken" and "spare" have one
 * bit per slot. "ecam" is null if there is no window; its "base" is null if the planner chooses it.
 * "slot" is the slot of the function; a 64-bit BAR is listed once.
 */
#ifndef EC_CONTROL_MACHINE_JSON_H
#define EC_CONTROL_MACHINE_JSON_H

#include "machine/machine.h"

struct json_t;

/**
 * ec_machine_json_make() - the machine of guest @guest: @limits and @n functions.
 * @fn: each has a previous slot. Returns a new reference; NULL: out of memory.
 */
struct json_t *ec_machine_json_make(const char *guest, const struct ec_machine_limits *limits,
				    const struct ec_machine_function *fn, unsigned int n);

/**
 * ec_machine_json_read() - the reverse.
 * @fn: room for EC_MACHINE_MAX; *@n are written. Unknown keys are ignored. Returns 0, or -EPROTO
 * if a key is missing or its value is out of range: ec_machine_build() accepts what was read.
 */
int ec_machine_json_read(const struct json_t *json, struct ec_machine_limits *limits,
			 struct ec_machine_function *fn, unsigned int *n);

#endif
