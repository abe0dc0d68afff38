/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the control socket offers of the service:
 *
 *	attach {"guest","function"}	{"host","guest","name","domid"}
 *	detach {"guest","function"}	{"host"}
 *	guests {}			{"version":1,"guests":[{"name","domid","kind","ecam",
 *					 "functions":[{"host","guest","reads","writes",
 *					 "hardware_reads","hardware_writes",
 *					 "permissive_writes"}],
 *					 "held":[{"host","why"}],"delays"}]}
 *	machine {"guest"}		see machine_json.h
 *
 * A parameter "guest" is a name or a number; "function" is a specification
 * (attach_spec.h); detach's has no key but reset. "kind" is "pvh" or "hvm", "ecam" an integer or
 *null. Addresses are written with their segment.
 */
#ifndef EC_SUPERVISOR_METHODS_H
#define EC_SUPERVISOR_METHODS_H

#include "control/rpc.h"

/** The methods, for ec_control_open(); their context is a struct ec_service. */
extern const struct ec_rpc_method ec_service_methods[];

#endif
