/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The placeholder: what a guest finds as function 0 behind a root port of which only other
 * functions are given. A device must have a function 0 (PCI Local Bus 3.0), and without it nobody
 * looks for the others. It does nothing: no BAR, no interrupt, no request; no hardware is behind
 * it.
 *
 * It is what AMD's processors have for this in the same place, a "PCIe Dummy Function" that is
 * function 0 of its siblings behind an internal bridge: 1022:145a, class 130000, Non-Essential
 * Instrumentation (pci.ids; listings of such machines). That class is for functions that a system
 * does without, driver or not (PCI Code and ID Assignment, base class 13h), and no operating system
 * has a driver for these ids. One of class ff0000 fits in no class, so it would want its own
 * driver.
 *
 * It is a PCI Express endpoint, as whatever is behind a port must be. Link and payload are those of
 * the port: a guest reads the link of a slot from its function 0 (Linux: pcie/aspm.c), and lets all
 * functions have the least payload of any.
 *
 * What it cannot help with: Linux recovers from an error behind a port only if each function there
 * has a driver (pcie/err.c), and this one has none.
 */
#ifndef EC_EMULATED_PLACEHOLDER_H
#define EC_EMULATED_PLACEHOLDER_H

#include "emulated/root_port_config.h"

/** Where a placeholder has its capabilities. */
enum {
	EC_PLACEHOLDER_PM = 0x40,
	EC_PLACEHOLDER_EXP = 0x60,
};

/** Its vendor in bits 15:0 and device in 31:16, and its class with revision 0. */
#define EC_PLACEHOLDER_IDS 0x145a1022u
#define EC_PLACEHOLDER_CLASS 0x13000000u

/**
 * ec_placeholder_image() - a placeholder as it is after a reset.
 * @port: what it is behind; of it link and payload count.
 * @img: written whole, 4 KiB: it has no extended capabilities. Pure.
 * The plan is told that there are other functions: ec_plan_options.multifunction. Of what a guest
 * writes to it only its power state is an action; it lives in the shadow and asks for nothing.
 */
void ec_placeholder_image(const struct ec_root_port_config *port, struct ec_image *img);

/** ec_placeholder_emulated() - what a plan must know of it: ec_plan_options.emulated. */
const struct ec_emulated *ec_placeholder_emulated(void);

#endif
