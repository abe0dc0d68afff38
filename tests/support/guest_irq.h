/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interrupts of a guest's functions, set up by the accesses to configuration space that Linux
 * makes, in its order. Entries of the MSI-X table are memory, and not written here. Source: Linux
 * 6.1 drivers/pci/msi/msi.c and pcidev_msi.c.
 */
#ifndef EC_TESTS_GUEST_IRQ_H
#define EC_TESTS_GUEST_IRQ_H

#include "enumerate.h"

/** guest_find_cap() - where function @at has standard capability @id; 0: nowhere. */
uint32_t guest_find_cap(const struct guest_config *g, struct ec_sbdf at, uint8_t id);

/**
 * guest_enable_msi() - msi_capability_init(): everything masked, one message written, INTx off,
 * enabled. Returns false if there is no MSI.
 */
bool guest_enable_msi(const struct guest_config *g, struct ec_sbdf at, uint64_t address,
		      uint16_t data);

/** guest_move_msi() - another message while it is enabled, as a change of affinity writes it. */
void guest_move_msi(const struct guest_config *g, struct ec_sbdf at, uint64_t address,
		    uint16_t data);

/** guest_disable_msi() - pci_msi_shutdown(). */
void guest_disable_msi(const struct guest_config *g, struct ec_sbdf at);

/** What a guest knows of MSI-X before it writes the table. */
struct guest_msix {
	unsigned int vectors;
	uint8_t bar, pba_bar;
	uint32_t offset, pba_offset;
};

/**
 * guest_enable_msix() - msix_capability_init(): enabled with all masked, the table found, INTx off,
 * then no longer masked. @found: written. Returns false if there is no MSI-X.
 */
bool guest_enable_msix(const struct guest_config *g, struct ec_sbdf at, struct guest_msix *found);

/** guest_disable_msix() - pci_msix_shutdown(). */
void guest_disable_msix(const struct guest_config *g, struct ec_sbdf at);

#endif
