/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happens at an emulated root port: guest writes, cards, errors and PMEs. Each function
 * changes the port's registers, updates its link and routes, and returns in struct
 * ec_root_port_event what the service has to do. Pure.
 *
 * After each write of a guest to a root port call ec_root_ports_written().
 */
#ifndef EC_EMULATED_ROOT_PORT_EVENTS_H
#define EC_EMULATED_ROOT_PORT_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "emulated/root_ports.h"

/** What the service has to do, in this order. */
struct ec_root_port_event {
	bool reset;  /* reset the functions behind the port */
	bool moved;  /* ec_root_port_bus() of some port has changed */
	bool inject; /* inject this message */
	uint32_t data;
	uint64_t address;
};

/**
 * ec_root_ports_written() - a guest has written to a register of @port.
 * @actions: those of the access. @event: written whole, here and below.
 */
void ec_root_ports_written(struct ec_root_ports *ports, struct ec_root_port *port,
			   const struct ec_action_list *actions, struct ec_root_port_event *event);

/** ec_root_port_presence() - a card is behind @port now, or no longer; the link follows. */
void ec_root_port_presence(struct ec_root_ports *ports, struct ec_root_port *port, bool present,
			   struct ec_root_port_event *event);

enum ec_root_port_error { EC_ERROR_CORRECTABLE, EC_ERROR_NONFATAL, EC_ERROR_FATAL };

/**
 * ec_root_port_error() - an error message of @function behind @port, 0 to 7, or EC_ROOT_PORT_SELF.
 * If the guest has enabled DPC for it, it is contained and not reported by AER. Otherwise one from
 * behind the port is reported only if SERR# Enable of Bridge Control is set.
 */
void ec_root_port_error(struct ec_root_ports *ports, struct ec_root_port *port,
			unsigned int function, enum ec_root_port_error error,
			struct ec_root_port_event *event);

/** ec_root_port_pme() - @function behind @port, or EC_ROOT_PORT_SELF, has sent a PME. */
void ec_root_port_pme(struct ec_root_ports *ports, struct ec_root_port *port, unsigned int function,
		      struct ec_root_port_event *event);

#endif
