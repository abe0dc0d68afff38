/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a guest topology makes of a function's PCI Express capability.
 *
 * bypassed:  every function on bus 0 of the root complex. There it must be an integrated endpoint,
 *            or Windows refuses to start it; an integrated endpoint has no link.
 * flattened: every PCI Express function behind an emulated root port, one link below it. A
 *            conventional function stays on bus 0.
 * host:      as the hardware says; for inspection, not for guests.
 */
#ifndef EC_VIEW_TOPOLOGY_H
#define EC_VIEW_TOPOLOGY_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/topology_name.h"

/**
 * ec_topology_shared() - does a function show that its slot has others?
 * Behind a port those of a host's slot are together, so it shows what the host's does: which of
 * them the guest gets may change. @express: it is PCI Express; @vf: a virtual function, which has a
 * slot of its own; @header_type: the host's register. Pure.
 */
bool ec_topology_shared(enum ec_topology topology, bool express, bool vf, uint8_t header_type);

/** The registers of a link, as LNKCAP, LNKSTA and LNKCAP2 have them. */
struct ec_express_link {
	uint32_t cap;  /* Link Capabilities; 3:0 speed, 9:4 width */
	uint16_t sta;  /* Link Status; 3:0 speed, 9:4 width */
	uint32_t cap2; /* Link Capabilities 2; 7:1 speeds */
};

/**
 * ec_topology_type() - the device/port type that a type 0 function shows.
 * @type: the hardware's, PCI_EXP_TYPE_*; an impossible one is taken for an endpoint. Pure.
 * Source: QEMU hw/vfio/pci.c (vfio_setup_pcie_cap) for both directions.
 */
uint8_t ec_topology_type(enum ec_topology topology, uint8_t type);

/**
 * ec_topology_link() - the link that a function shows; its port shows the same speed and width.
 * @type: the hardware's type. @hw: the hardware's registers.
 * Bypassed: none, all 0. Flattened: the hardware's link as it was at attach, or x1 at 2.5 GT/s
 * where the hardware has none. Pure.
 */
struct ec_express_link ec_topology_link(enum ec_topology topology, uint8_t type,
					struct ec_express_link hw);

/**
 * ec_topology_whole() - speed and width of a link that may lack them, and its speeds.
 * What is not known is x1 at 2.5 GT/s; a function of the first version does not list its speeds,
 * and has all up to its own. Of the status the slot's clock is kept. Pure.
 */
struct ec_express_link ec_topology_whole(struct ec_express_link link);

#endif
