/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A device's MSI and MSI-X, bound to the guest through Xen. */
#ifndef EC_GUEST_MSI_H
#define EC_GUEST_MSI_H

#include "access/effect.h"
#include "core/diag.h"
#include "guest/device.h"

/** Bytes of an entry of the MSI-X table, PCI Express 7.7.2.5. */
#define EC_MSIX_ENTRY 16u

/** ec_msi_new() - nothing is bound, no vectors. NULL: out of memory. */
struct ec_msi *ec_msi_new(void);
void ec_msi_free(struct ec_msi *m);

/**
 * ec_msi_vectors() - the device's layout is there: make the guest's MSI-X vectors.
 * @entries: of the hardware's table, at least as many as the guest is shown; 0: no MSI-X.
 * Returns 0 or -ENOMEM.
 */
int ec_msi_vectors(struct ec_device *d, uint16_t entries);

/** ec_msi_entries() - entries of the hardware's MSI-X table, 0: no MSI-X. */
uint16_t ec_msi_entries(const struct ec_device *d);

/** ec_msi_action() - carry out an action of the kinds EC_ACT_MSI_ENABLE to EC_ACT_MSIX_DISABLE. */
void ec_msi_action(struct ec_device *d, const struct ec_action *a);

/**
 * ec_msi_table_moved() - the guest has its MSI-X table at @gpa now, 0: nowhere.
 * @bar: host address of the BAR that holds the table.
 */
void ec_msi_table_moved(struct ec_device *d, uint64_t gpa, uint64_t bar);

/** An access of the guest to a page that ecamd serves. */
struct ec_page_access {
	uint64_t offset;  /* bytes into the BAR, or the table; aligned to len */
	unsigned int len; /* 1, 2, 4 or 8 */
	bool write;
	uint64_t value; /* of a write */
};

/**
 * ec_msi_table() - the guest's access to its MSI-X table. Returns the value of a read. In a
 * request with repetitions written entries wait for ec_msi_flush().
 */
uint64_t ec_msi_table(struct ec_device *d, const struct ec_page_access *a);

/** ec_msi_flush() - carry out what writes to table entries have asked for. */
void ec_msi_flush(struct ec_device *d);

/** ec_msi_rebind() - the hardware has lost MSI and MSI-X: bind them again. */
void ec_msi_rebind(struct ec_device *d);

/** ec_msi_reset() - vectors that are not mapped are as after a reset. */
void ec_msi_reset(struct ec_device *d);

/** ec_msi_end() - unbind what is left of MSI and MSI-X. 0, or an error: something stays. */
int ec_msi_end(struct ec_device *d);

/**
 * ec_msi_died() - the guest is dying: unmap what is mapped. Xen itself does it only some
 * time after the guest is gone, and cannot release the device's MSI-X before. The device must be in
 * D0, since unmapping writes to it.
 */
void ec_msi_died(struct ec_device *d);

#endif
