/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The input of a guest's machine, and its plan.
 */
#ifndef EC_MACHINE_TYPES_H
#define EC_MACHINE_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/bar.h"
#include "core/sbdf.h"
#include "emulated/host_bridge.h"
#include "view/topology.h"

/** Device numbers of a bus: slots of bus 0, and the most root ports there. */
#define EC_MACHINE_SLOTS 32u
/** Most functions of a guest: eight behind a root port in each slot. */
#define EC_MACHINE_MAX (EC_MACHINE_SLOTS * 8)
/**
 * Physical slot number of a root port is this plus its slot. Lower numbers are taken: Xen's DSDTs
 * name slots 1 to 31.
 */
#define EC_MACHINE_PHYSICAL_SLOT 32u
/** Most buses of an ECAM window. */
#define EC_MACHINE_BUSES 256u

enum ec_machine_kind {
	EC_MACHINE_HVM, /* shares bus 0 with a device model; hvmloader places BARs */
	EC_MACHINE_PVH, /* no device model and no firmware: the kernel is the first to place BARs */
	EC_MACHINE_KINDS
};

/** Addresses from @base on; none if @size is 0. */
struct ec_machine_range {
	uint64_t base, size;
};

/** What the machine has besides the functions. ec_machine_defaults() fills it. */
struct ec_machine_limits {
	enum ec_machine_kind kind;
	/* emulated host bridge; HVM: EC_BRIDGE_PLAIN, because the device model has its own */
	enum ec_host_bridge_kind bridge;
	/* HVM: bus 0 is in the ECAM window, which does not show the device model's functions */
	bool ecam_bus0;
	uint32_t taken;      /* slots of bus 0 that ecamd cannot use, a bit each */
	uint32_t spare;      /* slots that have a root port even without functions behind it */
	bool hotplug;        /* each root port has memory windows of at least 2 MiB, for hot-plug */
	bool ecam;           /* there is an ECAM window */
	bool has_ecam_base;  /* at ecam_base; otherwise the planner chooses */
	uint64_t ecam_base;  /* guest address of its bus 0, a multiple of 1 MiB */
	uint16_t ecam_buses; /* 1 to 256; 0: as many as needed, rounded up; with q35 64 */
	uint64_t memory;     /* bytes of guest memory; 0: unknown, counts as none */
	uint16_t hole;       /* HVM: MiB below 4 GiB that the guest was created with; 0: choose */
	uint8_t address_bits; /* of guest physical addresses; 32 or less: none above 4 GiB */
	uint64_t model_mmio;  /* bytes below 4 GiB that the device model's own functions need */
	uint32_t model_io;    /* I/O ports that they need */
};

/** One function of the host. */
struct ec_machine_function {
	struct ec_sbdf host;
	bool express;   /* PCI Express; a conventional function is always on bus 0 */
	bool is_vf;     /* a virtual function, which does not belong to the slot in its address */
	uint16_t class; /* base class and subclass, 0x0200 */
	enum ec_topology topology;
	bool has_slot;          /* @slot is requested, for itself or for its root port */
	bool has_previous_slot; /* it was in @previous_slot before */
	uint8_t slot, previous_slot;
	struct ec_bar bar[EC_BAR_MAX]; /* as the guest sees them */
};

/** Windows of a bridge. A prefetchable one has 64-bit addresses. */
enum ec_machine_window_kind { EC_WINDOW_IO, EC_WINDOW_MEMORY, EC_WINDOW_PREFETCH, EC_WINDOWS };

/** Where one function is. */
struct ec_machine_place {
	struct ec_sbdf guest;
	uint8_t slot;             /* on bus 0: its own, or that of its root port */
	bool behind;              /* it is behind a root port, */
	uint8_t port;             /* that of this index */
	uint64_t bar[EC_BAR_MAX]; /* guest addresses; 0 for kinds NONE and UPPER */
};

/** An emulated root port. */
struct ec_machine_port {
	uint8_t slot;           /* on bus 0 */
	uint8_t bus;            /* secondary bus: 1, 2, ... by rising slot */
	uint16_t physical_slot; /* in Slot Capabilities */
	uint8_t functions;      /* how many are behind it; 0: it is spare */
	bool placeholder;       /* none of them is function 0, so a placeholder is */
	struct ec_machine_range window[EC_WINDOWS]; /* size 0: closed, base above limit */
};

/** The plan. */
struct ec_machine_plan {
	unsigned int n; /* functions, in the order of the input */
	struct ec_machine_place place[EC_MACHINE_MAX];
	unsigned int ports;
	struct ec_machine_port port[EC_MACHINE_SLOTS]; /* by rising slot */
	struct ec_machine_range window[EC_WINDOWS];    /* of the host bridge; the one above
							* 4 GiB is EC_WINDOW_PREFETCH */
	struct ec_machine_range ecam;                  /* size 0: none */
	uint16_t ecam_buses;
	uint8_t ecam_first;  /* first bus that is served; ecam.base is bus 0's in any case */
	uint16_t hole;       /* HVM: MiB to leave below 4 GiB; above 256 xl needs mmio_hole= */
	uint16_t memory_max; /* PVH: most MiB of memory= that leave room for this; 0: any */
};

#endif
