/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An emulated root port: its registers, its link, and the functions behind it. root_port_config.h
 * makes its configuration space, root_port_events.h has what happens at it. Pure.
 */
#ifndef EC_EMULATED_ROOT_PORT_H
#define EC_EMULATED_ROOT_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "access/access.h"

/** Offsets of its capabilities. */
enum {
	EC_ROOT_PORT_PM = 0x40,
	EC_ROOT_PORT_MSI = 0x48,
	EC_ROOT_PORT_EXP = 0x60,
	EC_ROOT_PORT_AER = 0x100,
	EC_ROOT_PORT_ACS = 0x140,
	EC_ROOT_PORT_DPC = 0x160,
};

/** Most functions behind a root port: all of device 0. */
#define EC_ROOT_PORT_FUNCTIONS 8u
/** As the function that an error or a PME comes from: the root port itself. */
#define EC_ROOT_PORT_SELF EC_ROOT_PORT_FUNCTIONS

/** A root port of a guest. */
struct ec_root_port {
	struct ec_function function; /* the port itself, on bus 0 */
	struct ec_bus behind;        /* its secondary bus: functions of device 0 */
	const struct ec_layout *layout;
	struct ec_layout *veiled; /* used until the header type is read; NULL: none */
	uint8_t bus;              /* that leads to it now: ec_root_port_bus() */
	bool present, contained;
	uint8_t raised;    /* sources that request an interrupt: root_port_events.c */
	bool pme_waits;    /* a second PME is pending, */
	uint16_t pme_next; /* from this requester */
	uint32_t sta;      /* LNKSTA while the link is up */
};

/** ec_root_port_reg() - the @len (1, 2 or 4) bytes at @offset, which is a multiple of @len. */
uint32_t ec_root_port_reg(const struct ec_root_port *port, uint32_t offset, unsigned int len);

/**
 * ec_root_port_change() - clear the bits @clear of the register at @offset, then set @set.
 * Registers that are RO for the guest change, too.
 */
void ec_root_port_change(struct ec_root_port *port, uint32_t offset, uint32_t clear, uint32_t set);

/**
 * ec_root_port_update_link() - the link is up if something is present, the port contains no error
 * and the guest has not disabled it. Changes Link Status; reports the change in Slot Status unless
 * @quiet.
 */
void ec_root_port_update_link(struct ec_root_port *port, bool quiet);

/**
 * ec_root_port_attach() - put @fn behind @port, at @fn->at.devfn, 0 to 7; the guest chooses the
 * bus. Returns 0, -ERANGE or -EBUSY. @fn stays the caller's.
 */
int ec_root_port_attach(struct ec_root_port *port, struct ec_function *fn);

/** ec_root_port_detach() - remove the function behind @port at @devfn, if any. */
void ec_root_port_detach(struct ec_root_port *port, uint8_t devfn);

/** ec_root_port_bus() - the bus that leads to the functions behind @port; 0: none does. */
static inline uint8_t ec_root_port_bus(const struct ec_root_port *port)
{
	return port->bus;
}

/**
 * ec_root_port_secondary() - the bus that @port forwards accesses to by its registers.
 * 0: none, because the numbers are wrong, the link is down, or it is in reset or not in D0.
 */
uint8_t ec_root_port_secondary(const struct ec_root_port *port);

#endif
