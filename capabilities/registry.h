/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All known capabilities. README.md lists them. */
#ifndef EC_CAPABILITIES_REGISTRY_H
#define EC_CAPABILITIES_REGISTRY_H

#include "capabilities/capability.h"

/** ec_cap_count() - number of known capabilities, standard and extended. */
unsigned int ec_cap_count(void);

/** ec_cap_get() - known capability @i, standard ones first, by rising id. NULL past the last. */
const struct ec_cap *ec_cap_get(unsigned int i);

/**
 * ec_cap_find() - the entry of a capability id.
 * Never NULL: an unknown id gives an entry without registers that is hidden in all its room.
 */
const struct ec_cap *ec_cap_find(uint16_t id, bool extended);

#endif
