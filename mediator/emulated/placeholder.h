/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The placeholder: function 0 behind a root port if the guest has only other functions of the
 * device. A device must have a function 0 (PCI Local Bus 3.0), and a guest that finds none does not
 * look for others. It has no BAR, no interrupt and no hardware.
 *
 * Ids and class are those of AMD's "PCIe Dummy Function", which has the same job on hardware:
 * function 0 of its siblings behind an internal bridge, 1022:145a, class 130000, Non-Essential
 * Instrumentation (pci.ids). No operating system has a driver for these ids, and none asks for one:
 * the class is for functions that a system does without (PCI Code and ID Assignment, base class
 * 13h). Class ff0000 would make it ask for a driver.
 *
 * It is a PCI Express endpoint, as each function behind a root port is. Link and payload are those
 * of the root port: a guest reads the link of a slot from its function 0 (Linux: pcie/aspm.c), and
 * gives all functions the smallest payload of any.
 *
 * Linux recovers from an error behind a port only if each function has a driver (pcie/err.c); a
 * placeholder has none.
 */
#ifndef EC_EMULATED_PLACEHOLDER_H
#define EC_EMULATED_PLACEHOLDER_H

#include "emulated/function.h"
#include "emulated/root_port_config.h"

/** Offsets of its capabilities. */
enum {
	EC_PLACEHOLDER_PM = 0x40,
	EC_PLACEHOLDER_EXP = 0x60,
};

/** Its vendor in bits 15:0 and device in 31:16, and its class with revision 0. */
#define EC_PLACEHOLDER_IDS EC_EMULATED_IDS(0x1022, 0x145a)
#define EC_PLACEHOLDER_CLASS EC_EMULATED_CLASS(0x1300)

/**
 * ec_placeholder_image() - a placeholder after a reset.
 * @port: the root port that it is behind; only link and payload are used.
 * @img: written whole, 4 KiB without extended capabilities. Pure.
 * Set multifunction in the options of its plan. The only action of a guest's write to it is the
 * power state, which needs nothing but the shadow.
 */
void ec_placeholder_image(const struct ec_root_port_config *port, struct ec_image *img);

/** ec_placeholder_emulated() - how a plan treats it: ec_plan_options.emulated. */
const struct ec_emulated *ec_placeholder_emulated(void);

#endif
