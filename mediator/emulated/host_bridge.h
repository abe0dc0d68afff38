/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host bridge of a guest without a device model, function 00:00.0. A device model has its own.
 *
 * PCIEXBAR of a Q35 (core/pci_bits.h) can be written until it is enabled, then never again. On
 * hardware firmware sets that lock; here a window that moves would contradict the one that ACPI
 * reports. So a window that ecamd has placed is locked from the start. If there is none, firmware
 * may place one: that is the action EC_ACT_ECAM. A write of the reserved length changes nothing.
 *
 * Linux does not read PCIEXBAR of a Q35: it does so for a few other host bridges (arch/x86/pci/
 * mmconfig-shared.c, pci_mmcfg_probes), and otherwise relies on MCFG. The register is for firmware
 * and systems that look for it. Pure.
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
	EC_BRIDGE_PLAIN, /* QEMU's generic host bridge: only a header */
	EC_BRIDGE_Q35,   /* QEMU's Q35 (8086:29c0), with PCIEXBAR */
	EC_BRIDGE_KINDS
};

/** Names in options, rules and output: "plain", "q35". */
extern const char *const ec_host_bridge_kind_names[EC_BRIDGE_KINDS];

/** The least number of buses that PCIEXBAR can express, and the default. */
#define EC_BRIDGE_Q35_BUSES 64u

/** ec_host_bridge_kind_parse() - the kind of that name, or -EINVAL. Pure. */
int ec_host_bridge_kind_parse(const char *name);

/**
 * ec_host_bridge_check() - can a bridge of @kind have this ECAM window?
 * @ecam: there is a window, of @buses buses, with bus 0 at guest address @base; otherwise both are
 * ignored. A Q35's has 64, 128 or 256 buses, at a multiple of its size, below 64 GiB.
 * Returns 0, or -EINVAL with the reason in *@diag.
 */
int ec_host_bridge_check(enum ec_host_bridge_kind kind, bool ecam, uint64_t base,
			 unsigned int buses, struct ec_diag *diag);

/**
 * ec_host_bridge_image() - a host bridge when the guest starts.
 * @ecam, @buses: a window that ec_host_bridge_check() has accepted, which PCIEXBAR shows enabled;
 * @buses 0: none. A plain bridge shows none.
 * @img: written whole, 256 bytes.
 */
void ec_host_bridge_image(enum ec_host_bridge_kind kind, uint64_t ecam, unsigned int buses,
			  struct ec_image *img);

/** ec_host_bridge_emulated() - how a plan treats such an image: ec_plan_options.emulated. */
const struct ec_emulated *ec_host_bridge_emulated(enum ec_host_bridge_kind kind);

/**
 * ec_host_bridge_refuse() - disable PCIEXBAR after an EC_ACT_ECAM that cannot be carried out; the
 * guest may try another address.
 * @fn: a host bridge, whose shadow changes. Nothing happens if it has no PCIEXBAR.
 */
void ec_host_bridge_refuse(struct ec_function *fn);

#endif
