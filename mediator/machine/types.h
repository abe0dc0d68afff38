/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a guest's machine is planned from, and the plan.
 */
#ifndef EC_MACHINE_TYPES_H
#define EC_MACHINE_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/bar.h"
#include "core/sbdf.h"
#include "emulated/host_bridge.h"
#include "view/topology.h"

/** Device numbers of a bus; so many slots has bus 0, and at most so many ports are there. */
#define EC_MACHINE_SLOTS 32u
/** Functions of a guest: eight behind a port in each slot, or fewer. */
#define EC_MACHINE_MAX (EC_MACHINE_SLOTS * 8)
/** The number that a port in slot 0 would have on the outside: no DSDT of Xen's has such. */
#define EC_MACHINE_PHYSICAL_SLOT 32u
/** Most buses of an ECAM window. */
#define EC_MACHINE_BUSES 256u

enum ec_machine_kind {
	EC_MACHINE_HVM, /* beside a device model, set up by hvmloader */
	EC_MACHINE_PVH, /* bus 0 is all ours, and nobody places anything before the kernel does */
	EC_MACHINE_KINDS
};

/** Addresses from @base on; of @size 0 there are none. */
struct ec_machine_range {
	uint64_t base, size;
};

/** What the machine has beside the functions. ec_machine_defaults() fills it. */
struct ec_machine_limits {
	enum ec_machine_kind kind;
	/* host bridge, where bus 0 is all ours; beside a device model there is none but plain */
	enum ec_host_bridge_kind bridge;
	/* HVM: bus 0 is in the ECAM window; the device model's functions are not found there */
	bool ecam_bus0;
	uint32_t taken;       /* slots of bus 0 that are not ours, a bit each */
	uint32_t spare;       /* slots that have a port even if nothing is behind it */
	bool hotplug;         /* ports have windows for what may come: 2 MiB each at least */
	bool ecam;            /* there is an ECAM window */
	bool has_ecam_base;   /* at ecam_base; otherwise where it is by default */
	uint64_t ecam_base;   /* guest address of its bus 0, a multiple of 1 MiB */
	uint16_t ecam_buses;  /* 1 to 256; 0: as many as there are, rounded up; beside q35 64 */
	uint64_t memory;      /* bytes of guest memory; 0: not known, as little as it must be */
	uint16_t hole;        /* MiB left below 4 GiB (HVM) when it was made; 0: to be chosen */
	uint8_t address_bits; /* of the guest's physical addresses; up to 32: nothing above 4 GiB */
	uint64_t model_mmio;  /* bytes below 4 GiB that the device model's own functions need */
	uint32_t model_io;    /* I/O ports that they need */
};

/** One function of the host. */
struct ec_machine_function {
	struct ec_sbdf host;
	bool express;   /* it is PCI Express; a conventional one is on bus 0 in any topology */
	bool is_vf;     /* a virtual function: no part of the slot whose number it has */
	uint16_t class; /* base class and subclass, 0x0200 */
	enum ec_topology topology;
	bool has_slot;          /* @slot was asked for: its own, or its port's */
	bool has_previous_slot; /* it was in @kept before */
	uint8_t slot, kept;
	struct ec_bar bar[EC_BAR_MAX]; /* as the guest sees them */
};

/** Windows of a bridge. A prefetchable one has 64-bit addresses. */
enum ec_machine_window_kind { EC_WINDOW_IO, EC_WINDOW_MEMORY, EC_WINDOW_PREFETCH, EC_WINDOWS };

/** Where one function is. */
struct ec_machine_place {
	struct ec_sbdf guest;
	uint8_t slot;             /* on bus 0: its own, or its port's */
	bool behind;              /* a port */
	uint8_t port;             /* its index, if it is behind one */
	uint64_t bar[EC_BAR_MAX]; /* guest addresses, for kinds other than NONE and UPPER */
};

/** An emulated root port. */
struct ec_machine_port {
	uint8_t slot;           /* on bus 0 */
	uint8_t bus;            /* behind it: 1, 2, ... by rising slot */
	uint16_t physical_slot; /* as its slot capabilities say */
	uint8_t functions;      /* behind it; 0: it is spare */
	bool placeholder;       /* none of them is function 0: something must answer there */
	/* Size 0: closed, base > limit */
	struct ec_machine_range window[EC_WINDOWS];
};

/** The plan. Large: allocate one and use it again. */
struct ec_machine_plan {
	unsigned int n; /* functions, in the order in which they were listed */
	struct ec_machine_place place[EC_MACHINE_MAX];
	unsigned int ports;
	struct ec_machine_port port[EC_MACHINE_SLOTS]; /* by rising slot */
	struct ec_machine_range window[EC_WINDOWS];    /* of the host bridge; EC_WINDOW_PREFETCH is
							* what it has above 4 GiB */
	struct ec_machine_range ecam;                  /* size 0: none */
	uint16_t ecam_buses;
	uint8_t ecam_first;  /* bus that its registered part starts with; base is bus 0's anyway */
	uint16_t hole;       /* HVM: MiB to leave below 4 GiB, for xl's mmio_hole= if above 256 */
	uint16_t memory_max; /* PVH: most MiB of memory= that leave the room; 0: any */
};

#endif
