/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bits of capability registers that <pci/header.h> does not define. Names follow the PCI Express
 * Base Specification (PCIe) or the specification that the section names.
 */
#ifndef EC_CAPABILITIES_BITS_H
#define EC_CAPABILITIES_BITS_H

/** Resizable BAR, and the same for VFs. PCIe: "Resizable BAR Extended Capability". */
#define EC_REBAR_CTRL 0x08u /* of the first BAR; the next ones 8 bytes apart */

#endif
