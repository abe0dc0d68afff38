/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the guest topology changes a function's PCI Express capability.
 *
 * bypassed:  every function is on bus 0 of the root complex. It must be an integrated endpoint
 *            there, or Windows refuses to start it; an integrated endpoint has no link.
 * flattened: every PCI Express function is behind an emulated root port. A conventional function
 *            stays on bus 0.
 * host:      the hardware's topology; for inspection, not for guests.
 */
#ifndef EC_VIEW_TOPOLOGY_H
#define EC_VIEW_TOPOLOGY_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/topology_name.h"

/**
 * ec_topology_shared() - does a function have the multi-function bit?
 * Functions of one host slot stay together behind a root port, so the host's bit is shown: which of
 * them the guest gets may change. @express: it is PCI Express. @vf: a virtual function, which has a
 * slot of its own. @header_type: the host's register. Pure.
 */
bool ec_topology_shared(enum ec_topology topology, bool express, bool vf, uint8_t header_type);

/** The registers of a link. */
struct ec_express_link {
	uint32_t cap;  /* Link Capabilities; 3:0 speed, 9:4 width */
	uint16_t sta;  /* Link Status; 3:0 speed, 9:4 width */
	uint32_t cap2; /* Link Capabilities 2; 7:1 speeds */
};

/**
 * ec_topology_type() - the device/port type that a guest sees of a type 0 function.
 * @type: the hardware's PCI_EXP_TYPE_*; an invalid one counts as an endpoint. Pure.
 * Source: QEMU hw/vfio/pci.c (vfio_setup_pcie_cap) for both directions.
 */
uint8_t ec_topology_type(enum ec_topology topology, uint8_t type);

/**
 * ec_topology_link() - the link that a guest sees; the root port has the same speed and width.
 * @type: the hardware's type. @hw: the hardware's registers at attach.
 * Returns all 0 if bypassed; if flattened the hardware's link, or x1 at 2.5 GT/s if it has none.
 * Pure.
 */
struct ec_express_link ec_topology_link(enum ec_topology topology, uint8_t type,
					struct ec_express_link hw);

/**
 * ec_topology_whole() - complete a link that may lack speed, width or supported speeds,
 * or of which the supported speeds contradict the maximum.
 * Unknown values become x1 at 2.5 GT/s. A function of version 1 does not list its speeds; all up to
 * its highest are assumed. Keeps the slot clock bit of the status. Pure.
 */
struct ec_express_link ec_topology_whole(struct ec_express_link link);

#endif
