/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The emulated root ports of a guest, and which bus leads to which of them.
 */
#ifndef EC_EMULATED_ROOT_PORTS_H
#define EC_EMULATED_ROOT_PORTS_H

#include <stdbool.h>

#include "core/diag.h"
#include "core/image.h"
#include "emulated/root_port_config.h"
#include "view/plan.h"

/** Device numbers of bus 0. */
#define EC_ROOT_PORTS_MAX 32u

/** The root ports by slot. All 0 except @guest: none. */
struct ec_root_ports {
	struct ec_bus_map *guest; /* buses that follow the registers of root ports */
	struct ec_root_port *port[EC_ROOT_PORTS_MAX];
};

/**
 * ec_root_ports_add() - add a root port to bus 0.
 * @plan, @img: scratch.
 * veiled: registers 10 to 33 read 0 and ignore writes until the header type is read, so firmware
 * that takes every function of bus 0 for type 0 (hvmloader) finds no BARs. Returns 0; -ERANGE: no
 * such slot; -EBUSY: the slot is taken; -ENOMEM; or what ec_plan_build() returns. @diag is filled
 * on failure.
 */
int ec_root_ports_add(struct ec_root_ports *ports, const struct ec_root_port_config *config,
		      struct ec_plan *plan, struct ec_image *img, struct ec_diag *diag);

/** ec_root_ports_remove() - remove the root port in @slot, if any; no bus leads to it then. */
void ec_root_ports_remove(struct ec_root_ports *ports, unsigned int slot);

/** ec_root_ports_clear() - remove all; call it before ec_bus_map_clear(). */
void ec_root_ports_clear(struct ec_root_ports *ports);

/** ec_root_ports_at() - the root port at guest address @at, or NULL. */
struct ec_root_port *ec_root_ports_at(const struct ec_root_ports *ports, struct ec_sbdf at);

/**
 * ec_root_ports_route() - make each bus lead to the first root port by slot that forwards to it.
 * Returns whether the functions behind any root port are on another bus than before.
 */
bool ec_root_ports_route(struct ec_root_ports *ports);

#endif
