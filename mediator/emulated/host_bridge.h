/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host bridge of a guest's root complex, function 00:00.0 where bus 0 is all ours. Beside a
 * device model there is none: the one that the guest has is the device model's.
 *
 * Like a root port it has no hardware: ec_emulated_make() makes it of ec_host_bridge_image() and
 * ec_host_bridge_emulated(). Pure.
 *
 * PCIEXBAR of a Q35 (core/pci_bits.h) can be written until it is enabled, and never again. In
 * hardware firmware sets that lock; here a window that moves would contradict the one that ACPI
 * reports. So a window that ecamd placed is locked from the start. If the guest has none, its
 * firmware may place one: that is the action EC_ACT_ECAM, and the service clears the enable bit
 * again with ec_host_bridge_refuse() if there cannot be a window. A write of the reserved length
 * changes nothing.
 */
#ifndef EC_EMULATED_HOST_BRIDGE_H
#define EC_EMULATED_HOST_BRIDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/diag.h"
#include "core/image.h"

struct ec_emulated;
struct ec_function;

enum ec_host_bridge_kind {
	EC_BRIDGE_PLAIN, /* QEMU's generic host bridge: a header and no more */
	EC_BRIDGE_Q35,   /* Q35's as QEMU has it (8086:29c0): with PCIEXBAR */
	EC_BRIDGE_KINDS
};

/** Their names, as options, rules and output have them: "plain", "q35". */
extern const char *const ec_host_bridge_kind_names[EC_BRIDGE_KINDS];

/** Buses of the window that a Q35's bridge has if nobody says how many: the least. */
#define EC_BRIDGE_Q35_BUSES 64u

/** ec_host_bridge_kind_parse() - the kind of that name, or -EINVAL. Pure. */
int ec_host_bridge_kind_parse(const char *name);

/**
 * ec_host_bridge_check() - can there be such a bridge?
 * @ecam: there is an ECAM window, of @buses buses, 1 to 256, that starts with bus 0's at guest
 * address @base; else the two do not count.
 * Q35: 64, 128 or 256 buses, at a multiple of the window's size, below 64 GiB.
 * Returns 0, or -EINVAL with the reason in *@diag. What else is at @base is not known here. Pure.
 */
int ec_host_bridge_check(enum ec_host_bridge_kind kind, bool ecam, uint64_t base,
			 unsigned int buses, struct ec_diag *diag);

/**
 * ec_host_bridge_image() - a host bridge as it is when the guest starts.
 * @ecam, @buses: the window, as ec_host_bridge_check() has passed it: PCIEXBAR has it and is
 * enabled.
 * @buses 0: there is none. A plain bridge does not tell.
 * @img: written whole: 256 bytes, the bridge is a conventional function. Pure.
 */
void ec_host_bridge_image(enum ec_host_bridge_kind kind, uint64_t ecam, unsigned int buses,
			  struct ec_image *img);

/** ec_host_bridge_emulated() - what a plan must know of such an image: ec_plan_options.emulated. */
const struct ec_emulated *ec_host_bridge_emulated(enum ec_host_bridge_kind kind);

/**
 * ec_host_bridge_refuse() - the window of an EC_ACT_ECAM cannot be: the guest finds it disabled,
 * and may place it elsewhere.
 * @fn: a host bridge; nothing happens if it has no PCIEXBAR. Changes its shadow.
 */
void ec_host_bridge_refuse(struct ec_function *fn);

#endif
