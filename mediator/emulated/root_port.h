/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An emulated root port: its registers and what is behind it. Its configuration space is made in
 * root_port_config.h, what happens at it is in root_port_events.h. Pure.
 */
#ifndef EC_EMULATED_ROOT_PORT_H
#define EC_EMULATED_ROOT_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "access/access.h"

/** Where a port has its capabilities. */
enum {
	EC_ROOT_PORT_PM = 0x40,
	EC_ROOT_PORT_MSI = 0x48,
	EC_ROOT_PORT_EXP = 0x60,
	EC_ROOT_PORT_AER = 0x100,
	EC_ROOT_PORT_ACS = 0x140,
	EC_ROOT_PORT_DPC = 0x160,
};

/** Functions behind a port: all of device 0. */
#define EC_ROOT_PORT_FUNCTIONS 8u
/** As the function that an error or a PME comes from: the root port itself. */
#define EC_ROOT_PORT_SELF EC_ROOT_PORT_FUNCTIONS

/** A root port of a guest. */
struct ec_root_port {
	struct ec_function function; /* on bus 0 */
	struct ec_bus behind;        /* functions of device 0 */
	const struct ec_layout *layout;
	struct ec_layout *veiled; /* until the header type is read; NULL: there is no veil */
	uint8_t bus;              /* where the functions behind are now; 0: nowhere */
	bool present, contained;
	uint8_t raised; /* sources of interrupts that ask for one: ASKS_* of root_port_events.c */
	bool pme_waits; /* a second PME, */
	uint16_t pme_next; /* whose requester this is */
	uint32_t sta;      /* LNKSTA of a link that is up */
};

/** ec_root_port_reg() - the @len (1, 2 or 4) bytes at @offset, which is a multiple of @len. */
uint32_t ec_root_port_reg(const struct ec_root_port *port, uint32_t offset, unsigned int len);

/** ec_root_port_change() - clear the bits @clear of the register at @offset, then set @set. */
void ec_root_port_change(struct ec_root_port *port, uint32_t offset, uint32_t clear, uint32_t set);

/**
 * ec_root_port_update_link() - the link is up if something is present, the port contains no error
 * and the guest has not disabled it. Changes Link Status; reports the change in Slot Status unless
 * @quiet.
 */
void ec_root_port_update_link(struct ec_root_port *port, bool quiet);

/**
 * ec_root_port_attach() - let functions be found behind a port. Of @fn->at devfn counts, 0 to 7:
 * the guest gives the bus its number. Returns 0, -ERANGE or -EBUSY. @fn stays the caller's.
 */
int ec_root_port_attach(struct ec_root_port *port, struct ec_function *fn);

/** ec_root_port_detach() - take a function away from behind a port; nothing if there is none. */
void ec_root_port_detach(struct ec_root_port *port, uint8_t devfn);

/** ec_root_port_bus() - the bus where a guest finds now what is behind @port; 0: nowhere. */
static inline uint8_t ec_root_port_bus(const struct ec_root_port *port)
{
	return port->bus;
}

/** ec_root_port_secondary() - the bus that the port forwards accesses to; 0: none now. Pure. */
uint8_t ec_root_port_secondary(const struct ec_root_port *port);

#endif
