/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A port's registers, as the files of mediator/port*.c read and change them, past what a guest may.
 */
#ifndef EC_EMULATED_ROOT_PORT_STATE_H
#define EC_EMULATED_ROOT_PORT_STATE_H

#include "emulated/root_port_events.h"

/** ec_root_port_reg() - the @len (1, 2 or 4) bytes at @offset, which is a multiple of @len. */
uint32_t ec_root_port_reg(const struct ec_root_port *port, uint32_t offset, unsigned int len);

/** ec_root_port_change() - clear the bits @clear of the register at @offset, then set @set. */
void ec_root_port_change(struct ec_root_port *port, uint32_t offset, uint32_t clear, uint32_t set);

/** ec_root_port_start() - the state of a port that was just made; nothing of it is news. */
void ec_root_port_start(struct ec_root_port *port, const struct ec_root_port_config *config);

/** ec_root_port_contain() - as an action says: 1 software triggers containment, 0 it ends it. */
void ec_root_port_contain(struct ec_root_port *port, uint32_t value);

/** ec_root_port_secondary() - the bus that the port forwards accesses to; 0: none now. Pure. */
uint8_t ec_root_port_secondary(const struct ec_root_port *port);

/** ec_root_ports_update() - what follows from the registers as they are now. @event: added to. */
void ec_root_ports_update(struct ec_root_ports *ports, struct ec_root_port *port,
			  struct ec_root_port_event *event);

/** ec_root_port_update() - the same of a port by itself: link, waiting PME, interrupts. */
void ec_root_port_update(struct ec_root_port *port, struct ec_root_port_event *event);

#endif
