/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/topology_name.h"

#include <errno.h>
#include <string.h>

const char *const ec_topology_names[EC_TOPOLOGIES] = {
	[EC_BYPASSED] = "bypassed",
	[EC_FLATTENED] = "flattened",
	[EC_HOST] = "host",
};

static const char *const synonyms[EC_TOPOLOGIES] = {
	[EC_BYPASSED] = "bus0",
	[EC_FLATTENED] = "root-port",
};

int ec_topology_parse(const char *name)
{
	for (int t = 0; t < EC_TOPOLOGIES; t++)
		if (!strcmp(name, ec_topology_names[t]) ||
		    (synonyms[t] && !strcmp(name, synonyms[t])))
			return t;
	return -EINVAL;
}
