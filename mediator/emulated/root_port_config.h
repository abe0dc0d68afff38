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

/** What a root port is made from. */
struct ec_root_port_config {
	uint8_t slot;           /* device number on bus 0, 0 to 31 */
	uint16_t physical_slot; /* in Slot Capabilities, 0 to 8191 */
	bool present;           /* something is behind it, so the link is up */
	bool veiled;            /* see ec_root_ports_add() */
	uint8_t payload;        /* bits 2:0 of Device Capabilities of the card behind it */
	struct ec_express_link
		link; /* that the card shows: ec_topology_link(); 0: x1 at 2.5 GT/s */
};

/**
 * ec_root_port_image() - a root port after a reset: windows are closed, bus numbers are 0.
 * @img: written whole.
 */
void ec_root_port_image(const struct ec_root_port_config *config, struct ec_image *img);

/** ec_root_port_emulated() - how a plan treats such an image: ec_plan_options.emulated. */
const struct ec_emulated *ec_root_port_emulated(void);

/** ec_root_port_start() - the first state of a root port; nothing is reported as changed. */
void ec_root_port_start(struct ec_root_port *port, const struct ec_root_port_config *config);

/**
 * ec_root_port_refit() - give @port link and payload of another card, while nothing is behind it.
 * @img: scratch. Changes the port's shadow.
 */
void ec_root_port_refit(struct ec_root_port *port, const struct ec_root_port_config *config,
			struct ec_image *img);

#endif
