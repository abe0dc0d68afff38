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
int ec_hold_begin_claim(struct ec_device *d, struct ec_diag *diag);
int ec_hold_end_claim(struct ec_device *d, struct ec_diag *diag);

/** take it from its driver */
int ec_hold_begin_take(struct ec_device *d, struct ec_diag *diag);
int ec_hold_end_take(struct ec_device *d, struct ec_diag *diag);

/** what sysfs tells of it, now that it is quiet */
int ec_hold_begin_facts(struct ec_device *d, struct ec_diag *diag);

/** open its configuration space */
int ec_hold_begin_open(struct ec_device *d, struct ec_diag *diag);
int ec_hold_end_open(struct ec_device *d, struct ec_diag *diag);

/** turn its interrupts off */
int ec_hold_begin_quiet(struct ec_device *d, struct ec_diag *diag);

/** let its DMA reach nothing */
int ec_hold_begin_quarantine(struct ec_device *d, struct ec_diag *diag);
int ec_hold_end_quarantine(struct ec_device *d, struct ec_diag *diag);

/** reset it */
int ec_hold_begin_reset(struct ec_device *d, struct ec_diag *diag);
int ec_hold_end_reset(struct ec_device *d, struct ec_diag *diag);

#endif
