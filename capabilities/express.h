/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The length of the PCI Express capability. */
#ifndef EC_CAPABILITIES_EXPRESS_H
#define EC_CAPABILITIES_EXPRESS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * ec_express_length() - bytes of a PCI Express capability.
 * @version: 0 counts as 1. @type: PCI_EXP_TYPE_*. @slot: slot implemented.
 * Source: Linux vfio_pci_config.c and pciutils header.h.
 */
uint32_t ec_express_length(unsigned int version, unsigned int type, bool slot);

#endif
