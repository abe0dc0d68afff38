/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Emulated root ports: a guest's functions are behind them, one link below (topology flattened). A
 * port has no hardware: its view is made from the same tables as any other, its state is its
 * shadow. Pure; what has to be done outside is told in struct ec_root_port_event.
 *
 * How one is used: whoever serves a guest calls ec_access_handle() for each access, and for each
 * write to a port ec_root_ports_written() after it. What comes from outside (a card, an error) is
 * told by the functions below. All of them end alike: the link and the bus numbers count from then
 * on, and the event says whether a message is to be injected now.
 */
#ifndef EC_EMULATED_ROOT_PORT_EVENTS_H
#define EC_EMULATED_ROOT_PORT_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "emulated/root_ports.h"

/** What has to be done outside, in this order. */
struct ec_root_port_event {
	bool reset;  /* the functions behind the port are to be reset */
	bool moved;  /* other buses have functions than before: see ec_root_port_bus() */
	bool inject; /* this message is to be injected */
	uint32_t data;
	uint64_t address;
};

/**
 * ec_root_ports_written() - after a write to a port.
 * @actions: what the access asked for. @event: written whole.
 * A bus belongs to the first port by slot whose secondary bus it is, if its subordinate bus is not
 * less. Behind a port whose link is down, that is in reset or not in D0, nothing is found.
 */
void ec_root_ports_written(struct ec_root_ports *ports, struct ec_root_port *port,
			   const struct ec_action_list *actions, struct ec_root_port_event *event);

/**
 * ec_root_port_presence() - something was put behind the port, or taken away; the link follows.
 * @event: written whole, here and below.
 */
void ec_root_port_presence(struct ec_root_ports *ports, struct ec_root_port *port, bool present,
			   struct ec_root_port_event *event);

enum ec_root_port_error { EC_ERROR_CORRECTABLE, EC_ERROR_NONFATAL, EC_ERROR_FATAL };

/**
 * ec_root_port_error() - an error message of a function behind the port (0 to 7), or
 * EC_ROOT_PORT_SELF's. One from behind is lost, as Bridge Control says, if the guest has not set
 * SERR enable there. It is contained, and no error of AER, where the guest has turned that on for
 * it.
 */
void ec_root_port_error(struct ec_root_ports *ports, struct ec_root_port *port,
			unsigned int function, enum ec_root_port_error error,
			struct ec_root_port_event *event);

/** ec_root_port_pme() - a function behind the port, or the port itself, wants to be woken up. */
void ec_root_port_pme(struct ec_root_ports *ports, struct ec_root_port *port, unsigned int function,
		      struct ec_root_port_event *event);

#endif
