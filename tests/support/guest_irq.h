/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sets up interrupts of a guest's functions with the configuration accesses of Linux, in their
 * order. The MSI-X table is memory and is not written here. Source: Linux 6.1 drivers/pci/msi/msi.c
 * and pcidev_msi.c.
 */
#ifndef EC_TESTS_GUEST_IRQ_H
#define EC_TESTS_GUEST_IRQ_H

#include "enumerate.h"

/** guest_find_cap() - offset of capability @id of the function at @at; 0: it has none. */
uint32_t guest_find_cap(const struct guest_config *g, struct ec_sbdf at, uint8_t id);

/**
 * guest_enable_msi() - msi_capability_init(): mask, write a message, disable INTx, enable, unmask.
 * Returns false if there is no MSI.
 */
bool guest_enable_msi(const struct guest_config *g, struct ec_sbdf at, uint64_t address,
		      uint16_t data);

/** guest_move_msi() - write another message while MSI is enabled, as a change of affinity does. */
void guest_move_msi(const struct guest_config *g, struct ec_sbdf at, uint64_t address,
		    uint16_t data);

/** guest_disable_msi() - pci_msi_shutdown(). */
void guest_disable_msi(const struct guest_config *g, struct ec_sbdf at);

/** MSI-X of a function, as its capability reports it. */
struct guest_msix {
	unsigned int vectors;
	uint8_t bar, pba_bar;
	uint32_t offset, pba_offset;
};

/**
 * guest_enable_msix() - msix_capability_init(): enable with all vectors masked, read where the
 * table is, disable INTx, unmask. @found: written. Returns false if there is no MSI-X.
 */
bool guest_enable_msix(const struct guest_config *g, struct ec_sbdf at, struct guest_msix *found);

/** guest_disable_msix() - pci_msix_shutdown(). */
void guest_disable_msix(const struct guest_config *g, struct ec_sbdf at);

#endif
