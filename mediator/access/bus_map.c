/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "access/bus_map.h"

#include <errno.h>
#include <stdlib.h>

#include "core/bits.h"

int ec_bus_map_add(struct ec_bus_map *map, struct ec_function *fn)
{
	if (fn->at.segment)
		return -ERANGE;
	if (!map->bus[fn->at.bus])
		map->bus[fn->at.bus] = calloc(1, sizeof(*map->bus[0]));
	if (!map->bus[fn->at.bus])
		return -ENOMEM;
	if (map->bus[fn->at.bus]->function[fn->at.devfn])
		return -EBUSY;
	map->bus[fn->at.bus]->function[fn->at.devfn] = fn;
	return 0;
}

void ec_bus_map_remove(struct ec_bus_map *map, struct ec_sbdf at)
{
	if (!at.segment && map->bus[at.bus])
		map->bus[at.bus]->function[at.devfn] = NULL;
}

void ec_bus_map_clear(struct ec_bus_map *map)
{
	for (unsigned int b = 0; b < EC_ARRAY_SIZE(map->bus); b++) {
		free(map->bus[b]);
		map->bus[b] = NULL;
	}
}
