/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The steps that take a function from the host, each with its undoing: see the table of life.c,
 * which alone calls them. All return 0 or a negative errno with @diag filled; what a failed step
 * did of its own it has undone.
 */
#ifndef EC_SUPERVISOR_ACQUIRE_H
#define EC_SUPERVISOR_ACQUIRE_H

#include "guest/device.h"

/** note in the store who has it */
int ec_acquire_claim(struct ec_device *d, struct ec_diag *diag);
int ec_release_claim(struct ec_device *d, struct ec_diag *diag);

/** take it from its driver */
int ec_acquire_take(struct ec_device *d, struct ec_diag *diag);
int ec_release_take(struct ec_device *d, struct ec_diag *diag);

/** what sysfs tells of it, now that it is quiet */
int ec_acquire_facts(struct ec_device *d, struct ec_diag *diag);

/** open its configuration space */
int ec_acquire_open(struct ec_device *d, struct ec_diag *diag);
int ec_release_open(struct ec_device *d, struct ec_diag *diag);

/** turn its interrupts off */
int ec_acquire_quiet(struct ec_device *d, struct ec_diag *diag);

/** let its DMA reach nothing */
int ec_acquire_quarantine(struct ec_device *d, struct ec_diag *diag);
int ec_release_quarantine(struct ec_device *d, struct ec_diag *diag);

/** reset it */
int ec_acquire_reset(struct ec_device *d, struct ec_diag *diag);
int ec_release_reset(struct ec_device *d, struct ec_diag *diag);

#endif
