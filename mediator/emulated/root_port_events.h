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

#include "access/access.h"
#include "view/plan.h"
#include "view/topology.h"

/** Where a port has its capabilities. */
enum {
	EC_ROOT_PORT_PM = 0x40,
	EC_ROOT_PORT_MSI = 0x48,
	EC_ROOT_PORT_EXP = 0x60,
	EC_ROOT_PORT_AER = 0x100,
	EC_ROOT_PORT_ACS = 0x140,
	EC_ROOT_PORT_DPC = 0x160,
};

/** Device numbers of bus 0, each may be a port's. */
#define EC_ROOT_PORTS_MAX 32u
/** Functions behind a port: all of device 0. */
#define EC_ROOT_PORT_FUNCTIONS 8u
/** Of an error or a PME: it is the port's own. */
#define EC_ROOT_PORT_SELF EC_ROOT_PORT_FUNCTIONS

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

/** What has to be done outside, in this order. */
struct ec_root_port_event {
	bool reset;  /* the functions behind the port are to be reset */
	bool moved;  /* other buses have functions than before: see ec_root_port_bus() */
	bool inject; /* this message is to be injected */
	uint32_t data;
	uint64_t address;
};

/** A port of a guest. */
struct ec_root_port {
	struct ec_function function; /* on bus 0 */
	struct ec_bus behind;        /* functions of device 0 */
	const struct ec_layout *layout;
	struct ec_layout *veiled; /* until the header type is read; NULL: there is no veil */
	uint8_t bus;              /* where the functions behind are now; 0: nowhere */
	bool present, contained;
	uint8_t raised;    /* sources of interrupts that ask for one: ASKS_* of port.c */
	bool pme_waits;    /* a second PME, */
	uint16_t pme_next; /* whose requester this is */
	uint32_t sta;      /* LNKSTA of a link that is up */
};

/** The ports of a guest, by slot. All 0 but @guest is a guest without any. */
struct ec_root_ports {
	struct ec_bus_map *guest; /* whose buses lead where the ports' registers say */
	struct ec_root_port *port[EC_ROOT_PORTS_MAX];
};

/**
 * ec_root_ports_add() - let the guest see a port.
 * @plan, @img: written; of no use afterwards.
 * veiled: the registers 10 to 33 read 0 and ignore writes until the header type is read. Firmware
 * that takes every function of bus 0 for one of type 0 (hvmloader) places no BARs there then.
 * Returns 0; -ERANGE: no such slot; -EBUSY: the slot is taken; -ENOMEM; or what ec_plan_build()
 * returns. @diag is filled on failure.
 */
int ec_root_ports_add(struct ec_root_ports *ports, const struct ec_root_port_config *config,
		      struct ec_plan *plan, struct ec_image *img, struct ec_diag *diag);

/**
 * ec_root_port_refit() - another card is going to be behind @port, which nothing is behind now: its
 * link and payload become those of @config.
 * @img: written; of no use afterwards. Changes the port's shadow.
 */
void ec_root_port_refit(struct ec_root_port *port, const struct ec_root_port_config *config,
			struct ec_image *img);

/** ec_root_ports_remove() - take a port away; what is behind it is found nowhere. Nothing if none.
 */
void ec_root_ports_remove(struct ec_root_ports *ports, unsigned int slot);

/** ec_root_ports_clear() - take all ports away. To be called before ec_bus_map_clear(). */
void ec_root_ports_clear(struct ec_root_ports *ports);

/** ec_root_ports_at() - the port that a guest finds at @at; NULL: there is none. */
struct ec_root_port *ec_root_ports_at(const struct ec_root_ports *ports, struct ec_sbdf at);

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
