/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plan of a guest's PCI machine: which function is found where, behind which emulated root
 * port, and one place for every BAR, bridge window and the ECAM window. Firmware and the guest's
 * kernel may place all of it anew; the plan shows that there is room, and what the toolstack must
 * leave free for that. Pure: the same set of functions gives the same plan in whatever order they
 * are listed.
 */
#ifndef EC_MACHINE_MACHINE_H
#define EC_MACHINE_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/bar.h"
#include "core/diag.h"
#include "core/sbdf.h"
#include "emulated/host_bridge.h"
#include "view/topology.h"

/** Device numbers of a bus; so many slots has bus 0, and at most so many ports are there. */
#define EC_MACHINE_SLOTS 32u
/** Functions of a guest: eight behind a port in each slot, or fewer. */
#define EC_MACHINE_MAX (EC_MACHINE_SLOTS * 8)
/** What is placed at once: BARs of bus 0, three windows a port, what the device model has. */
#define EC_MACHINE_ITEMS (EC_MACHINE_SLOTS * (EC_BAR_MAX + 3) + 2)
/** Ranges of an address space that something may be in: items, and what is fixed. */
#define EC_MACHINE_TAKEN (EC_MACHINE_ITEMS + 16)
/** The number that a port in slot 0 would have on the outside: no DSDT of Xen's has such. */
#define EC_MACHINE_PHYSICAL_SLOT 32u
/** Most buses of an ECAM window. */
#define EC_MACHINE_BUSES 256u

enum ec_machine_kind {
	EC_MACHINE_HVM, /* beside a device model, set up by hvmloader */
	EC_MACHINE_PVH, /* bus 0 is all ours, and nobody places anything before the kernel does */
	EC_MACHINE_KINDS
};

/** Their names, as options and output have them: "hvm", "pvh". */
extern const char *const ec_machine_kind_names[EC_MACHINE_KINDS];

/** ec_machine_kind_parse() - the kind of that name, or -EINVAL. */
int ec_machine_kind_parse(const char *name);

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

/** A bridge's windows. A prefetchable one has 64-bit addresses. */
enum ec_machine_window { EC_WINDOW_IO, EC_WINDOW_MEMORY, EC_WINDOW_PREFETCH, EC_WINDOWS };

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

/** What is placed at once: a BAR on bus 0, or a port's window. */
struct ec_machine_item {
	uint64_t size, align, base;
	uint16_t fn;  /* whose it is, or whose largest BAR is in it; EC_MACHINE_MAX: nobody's */
	uint8_t bar;  /* that BAR */
	uint8_t port; /* EC_MACHINE_SLOTS: it is no window */
	uint8_t window;
	uint8_t space;  /* where it goes: enum of machine_map.c */
	uint32_t order; /* among equals */
};

/** Ranges of an address space that are taken, by rising address, none overlapping. */
struct ec_machine_space {
	unsigned int n;
	struct ec_machine_range taken[EC_MACHINE_TAKEN];
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
	/* scratch */
	uint16_t order[EC_MACHINE_MAX];
	unsigned int items;
	struct ec_machine_item item[EC_MACHINE_ITEMS];
	struct ec_machine_space io, fixed, memory;
};

/** ec_machine_defaults() - the limits of a guest of that kind of which nothing else is known. */
void ec_machine_defaults(enum ec_machine_kind kind, struct ec_machine_limits *limits);

/**
 * ec_machine_build() - plan the machine.
 * @fn: @n functions of different host addresses, 0 to EC_MACHINE_MAX; their order does not count.
 * @plan: written; of use only on success.
 * @diag: filled on failure: which function cannot be, why, and what would help.
 *
 * Placing: a bypassed or conventional function is function 0 of a slot on bus 0. The flattened
 * functions of one slot of the host are behind one port, at device 0, with the host's function
 * numbers; a virtual function has a port of its own, and is function 0. A slot is kept, asked
 * for, or the lowest that is free; a flattened function takes a spare port before a free slot.
 * Who kept a slot comes first, then who asked for one.
 *
 * Addresses: largest first. 64-bit BARs go above 4 GiB in a PVH guest, but for those that are
 * not prefetchable behind a port, whose window has 32 bits. In an HVM guest hvmloader puts 64-bit
 * BARs of bus 0 there when they do not fit below, and tells the guest of no other room.
 *
 * Slots are what is to be kept; buses and addresses follow. A PVH guest that runs was told of the
 * host bridge's windows and of ECAM: a plan with others is not for it. Give ecam_buses then.
 *
 * Returns 0; -EINVAL: a function or a limit cannot be; -EBUSY: a slot cannot be had, or none is
 * left; -EPERM: the guest would not survive the function; -ENOSPC: no room for a BAR, a bus or
 * the ECAM window. Bounded: some 10^6 steps for the largest set.
 */
int ec_machine_build(const struct ec_machine_limits *limits, const struct ec_machine_function *fn,
		     unsigned int n, struct ec_machine_plan *plan, struct ec_diag *diag);

#endif
