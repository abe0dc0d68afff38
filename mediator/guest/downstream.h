/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions behind the root ports of a guest: the ports, placeholders for a function 0 that the
 * guest was not given, and the accesses that Xen sends to ecamd, which follow the bus numbers that
 * the guest gives.
 */
#ifndef EC_GUEST_DOWNSTREAM_H
#define EC_GUEST_DOWNSTREAM_H

#include "core/diag.h"
#include "emulated/root_ports.h"
#include "guest/device.h"
#include "guest/guest.h"

/** ec_downstream_ports_new() - the guest has no root ports. NULL: out of memory. */
struct ec_downstream_ports *ec_downstream_ports_new(struct ec_guest *g);

/** ec_downstream_ports_free() - remove all root ports and placeholders. NULL is allowed. */
void ec_downstream_ports_free(struct ec_downstream_ports *p);

/** ec_downstream_new() - a device's part; it is behind no port yet. NULL: out of memory. */
struct ec_downstream *ec_downstream_new(void);

/** What a root port shows of the device behind it, so that both ends of the link agree. */
struct ec_downstream_link {
	struct ec_express_link link; /* as the guest sees it */
	uint8_t payload;             /* bits 2:0 of the Device Capabilities that it sees */
};

/** ec_downstream_set_link() - what the root port shows of @d. */
void ec_downstream_set_link(struct ec_device *d, const struct ec_downstream_link *link);

/** ec_downstream_port_at() - the root port that the guest finds at @at; NULL: there is none. */
struct ec_root_port *ec_downstream_port_at(const struct ec_guest *g, struct ec_sbdf at);

/** ec_downstream_spare() - slots, bit n for slot n, whose empty root ports the guest knows. */
uint32_t ec_downstream_spare(const struct ec_guest *g);

/**
 * ec_downstream_add_port() - make the root port for @d, in @d->place.slot, or fit
 * an empty one to it. @physical_slot: as its Slot Capabilities show.
 * Returns 0, or a negative errno with @diag.
 */
int ec_downstream_add_port(struct ec_device *d, uint16_t physical_slot, struct ec_diag *diag);

/**
 * ec_downstream_drop_port() - @d is no longer behind its root port: the port goes if nothing else
 * is behind it. It stays, empty, if the guest runs and has found it.
 */
void ec_downstream_drop_port(struct ec_device *d);

/**
 * ec_downstream_serve() - the guest finds @d behind its root port, at @d->function.at.devfn, and
 * the port reports a card. Returns 0, or a negative errno with @diag: it does not.
 */
int ec_downstream_serve(struct ec_device *d, struct ec_diag *diag);

/** ec_downstream_unserve() - and no longer; a placeholder follows where function 0 is missing. */
void ec_downstream_unserve(struct ec_device *d);

/** ec_downstream_written() - the guest has written to @port: do what follows. @a: that access. */
void ec_downstream_written(struct ec_guest *g, struct ec_root_port *port,
			   const struct ec_access *a);

/**
 * ec_downstream_flush() - a request ends: send the last message of each root port that wants to
 * interrupt, and, if functions are found on other buses than before, claim these. Failures are
 * logged.
 */
void ec_downstream_flush(struct ec_guest *g);

/** ec_downstream_address() - where the guest finds @d now; bus 0 if its port has no bus yet. */
struct ec_sbdf ec_downstream_address(const struct ec_device *d);

#endif
