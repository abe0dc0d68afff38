/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function of the host that a guest has, as the part of ecamd that serves guests knows it. Each
 * part that is a pointer belongs to the file of its name, which alone sees inside.
 */
#ifndef EC_GUEST_DEVICE_H
#define EC_GUEST_DEVICE_H

#include "access/access.h"
#include "core/sbdf.h"

struct ec_guest;

/** Where the guest finds it. */
struct ec_place {
	uint8_t slot;    /* on bus 0: its own, or its root port's */
	bool downstream; /* it is behind the root port in that slot */
};

/** What is counted of it. */
struct ec_device_counts {
	uint64_t reads, writes;                   /* accesses of the guest */
	uint64_t hardware_reads, hardware_writes; /* of these, those that reached the device */
	unsigned int complaints;                  /* lines of ec_complain() */
};

/** The hardware's own registers: access, and what is remembered of them. */
struct ec_device_hardware {
	struct ec_hardware *config;
	struct ec_saved_registers *saved;
	struct ec_reset *reset;
	struct ec_power *power;
	struct ec_vpd_state *vpd;
};

/** The interrupts that the guest has of it. */
struct ec_device_interrupts {
	struct ec_intx_state *intx;
	struct ec_msi *msi;
};

struct ec_device {
	struct ec_guest *guest;
	struct ec_sbdf host;
	struct ec_place place;
	struct ec_function function; /* the guest's view of it */
	struct ec_device_counts counts;
	struct ec_device_hardware hardware;
	struct ec_device_interrupts interrupts;
	struct ec_bars *bars;
	struct ec_actions *actions;
	struct ec_downstream *downstream;
};

#endif
