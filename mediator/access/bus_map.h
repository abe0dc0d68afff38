/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The functions that a guest finds, by bus, device and function. The access path looks one up in
 * two index steps, however many there are.
 */
#ifndef EC_ACCESS_BUS_MAP_H
#define EC_ACCESS_BUS_MAP_H

#include "access/function.h"
#include "core/sbdf.h"

/** All 0: no functions. Only emulated/root_ports.h sets buses behind root ports. */
struct ec_bus_map {
	struct ec_bus {
		struct ec_function *function[256];
	} * bus[256];
};

/**
 * ec_bus_map_add() - show @fn to the guest at @fn->at.
 * @fn stays the caller's and must exist until it is removed. Returns 0; -EBUSY: the address is
 * taken; -ERANGE: the segment is not 0; -ENOMEM.
 */
int ec_bus_map_add(struct ec_bus_map *map, struct ec_function *fn);

/** ec_bus_map_remove() - remove the function at @at, if there is one. */
void ec_bus_map_remove(struct ec_bus_map *map, struct ec_sbdf at);

/** ec_bus_map_clear() - remove all functions, and free the map's memory. */
void ec_bus_map_clear(struct ec_bus_map *map);

/** ec_bus_map_find() - the function at @at; NULL: none. Any address is allowed. Pure. */
static inline struct ec_function *ec_bus_map_find(const struct ec_bus_map *map, struct ec_sbdf at)
{
	const struct ec_bus *bus = map->bus[at.bus];

	return bus && !at.segment ? bus->function[at.devfn] : NULL;
}

#endif
