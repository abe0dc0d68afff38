/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Other functions of the host that share an interrupt line or a page with one. */
#ifndef EC_HOST_DEVICE_SYSFS_SHARING_H
#define EC_HOST_DEVICE_SYSFS_SHARING_H

#include "core/sbdf.h"

/**
 * ec_sysfs_shares_irq() - does another function share the interrupt line of @at?
 * @root: where sysfs is mounted. A function that a stub driver holds does not count.
 * Returns 1 with the lowest such function in *@other, 0, or a negative errno.
 */
int ec_sysfs_shares_irq(const char *root, struct ec_sbdf at, struct ec_sbdf *other);

/**
 * ec_sysfs_shares_page() - is a 4 KiB page of a memory BAR of @at in a BAR or ROM of another one?
 * Parameters and result as above; a function that a stub driver holds counts.
 */
int ec_sysfs_shares_page(const char *root, struct ec_sbdf at, struct ec_sbdf *other);

#endif
