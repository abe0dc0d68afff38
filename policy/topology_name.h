/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest topologies and their names; what each one means is in view/topology.h. Pure. */
#ifndef EC_POLICY_TOPOLOGY_NAME_H
#define EC_POLICY_TOPOLOGY_NAME_H

enum ec_topology { EC_BYPASSED, EC_FLATTENED, EC_HOST, EC_TOPOLOGIES };

/** Their names in output. */
extern const char *const ec_topology_names[EC_TOPOLOGIES];

/**
 * ec_topology_parse() - the topology of that name, or -EINVAL.
 * "bus0" is a synonym of "bypassed", "root-port" of "flattened". Rules, options, attach
 * specifications and messages all accept the same names, because all of them call this.
 */
int ec_topology_parse(const char *name);

#endif
