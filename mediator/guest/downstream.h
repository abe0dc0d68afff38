/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is behind a guest's root ports: the ports themselves, the functions below them, and where
 * Xen sends the accesses to those as the guest numbers its buses.
 */
#ifndef EC_GUEST_DOWNSTREAM_H
#define EC_GUEST_DOWNSTREAM_H

#include "guest/device.h"

/**
 * ec_downstream_port() - see to it that the port that @d is to be behind is there.
 * @port: as it was planned. Returns 0 or a negative errno with @diag filled.
 */
int ec_downstream_port(struct ec_device *d, const struct ec_machine_port *port,
		       struct ec_diag *diag);

/**
 * ec_downstream_leave() - @d is behind its port no longer. A port without functions goes, too; of a
 * guest that has started it stays, empty, and the guest is told so by its slot; so the guest is
 * served on, even if that was its last function.
 */
void ec_downstream_leave(struct ec_device *d);

/** ec_downstream_serve() - let the guest find @d behind its port, ec_downstream_unserve() - no
 * longer. */
int ec_downstream_serve(struct ec_device *d, struct ec_diag *diag);
void ec_downstream_unserve(struct ec_device *d);

/** ec_downstream_written() - carry out what the write @a to @port asks for. */
void ec_downstream_written(struct ec_guest *g, struct ec_root_port *port,
			   const struct ec_access *a);

/**
 * ec_downstream_update_ranges() - have accesses sent for the buses as they are numbered now. To be
 * called once a request: one may number them thousands of times, and each time takes calls of Xen.
 */
void ec_downstream_update_ranges(struct ec_guest *g);

/** ec_downstream_at() - where the guest finds @d now; as planned, while its bus has no number. */
struct ec_sbdf ec_downstream_at(const struct ec_device *d);

/** ec_downstream_clear() - take all ports away; Xen is asked for nothing. */
void ec_downstream_clear(struct ec_guest *g);

#endif
