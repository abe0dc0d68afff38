/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration space of an emulated root port after a reset. Pure.
 */
#ifndef EC_EMULATED_ROOT_PORT_CONFIG_H
#define EC_EMULATED_ROOT_PORT_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "core/image.h"
#include "emulated/root_port.h"
#include "view/plan.h"
#include "view/topology.h"

/** What a port is to be. */
struct ec_root_port_config {
	uint8_t slot;                /* device number on bus 0, 0 to 31 */
	uint16_t physical_slot;      /* as its slot capabilities say, up to 8191 */
	bool present;                /* something is behind it */
	bool veiled;                 /* see ec_root_ports_add() */
	uint8_t payload;             /* 2:0 of the Device Capabilities of what is behind it */
	struct ec_express_link link; /* of what is behind it: ec_topology_link(); 0: the least */
};

/**
 * ec_root_port_image() - a port as it is after a reset. Its windows are closed, base above limit;
 * it has no bus. Link and payload are those of what is behind it, so that both ends agree.
 * @img: written whole. Pure.
 */
void ec_root_port_image(const struct ec_root_port_config *config, struct ec_image *img);

/** ec_root_port_emulated() - what a plan must know of such an image: ec_plan_options.emulated. */
const struct ec_emulated *ec_root_port_emulated(void);

/** ec_root_port_start() - the state of a port that was just made; nothing is reported as changed.
 */
void ec_root_port_start(struct ec_root_port *port, const struct ec_root_port_config *config);

/**
 * ec_root_port_refit() - another card is going to be behind @port, which nothing is behind now: its
 * link and payload become those of @config.
 * @img: written; of no use afterwards. Changes the port's shadow.
 */
void ec_root_port_refit(struct ec_root_port *port, const struct ec_root_port_config *config,
			struct ec_image *img);

#endif
