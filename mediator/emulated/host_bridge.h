/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host bridge of a guest's root complex, function 00:00.0 where bus 0 is all ours. Beside a
 * device model there is none: the one that the guest has is the device model's.
 *
 * Like a root port it has no hardware: its view is made from the tables, from
 *ec_host_bridge_image() and ec_host_bridge_emulated(). Pure.
 *
 * PCIEXBAR of a Q35 says where the ECAM window is:
 *	63:36	RO 0
 *	35:28	base
 *	27	base, if the length is 128 or 64 MiB; else RO 0
 *	26	base, if the length is 64 MiB; else RO 0
 *	25:3	RO 0
 *	2:1	length: 0 256 MiB, 1 128 MiB, 2 64 MiB, 3 reserved
 *	0	enable
 * It can be written until it is enabled, and never again. In hardware that lock is a firmware's to
 * set; here a window that moved would be another than the one that ACPI tells of. So a window that
 * ecamd placed is locked from the start. Where the guest has none, its firmware may place one: that
 * is the action EC_ACT_ECAM, and whoever carries it out takes the enable bit back with
 * ec_host_bridge_refuse() if there cannot be a window. A write of the reserved length changes
 *nothing. Source: Intel 3 Series Express Chipset Family datasheet, DRAM controller registers
 *(D0:F0), PCIEXBAR; a bit that it gives no meaning to when disabled can be written.
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

/** Offset of PCIEXBAR, 8 bytes, and its bits: those above @EC_PCIEXBAR_BASE are in the upper half.
 */
#define EC_BRIDGE_PCIEXBAR 0x60u
#define EC_PCIEXBAR_ENABLE 0x00000001u
#define EC_PCIEXBAR_LENGTH 0x00000006u
#define EC_PCIEXBAR_BASE 0xfc000000u
#define EC_PCIEXBAR_BASE_UPPER 0x0000000fu

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
