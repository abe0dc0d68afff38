/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The steps that acquire a function from the host, each with the one that releases it: see the
 * table of attach.c, which alone calls them. All return 0 or a negative errno with @diag; a step
 * that fails has undone what it did.
 */
#ifndef EC_SUPERVISOR_ACQUIRE_H
#define EC_SUPERVISOR_ACQUIRE_H

#include "supervisor/attachment.h"

/**
 * ec_acquire_possible() - whether Xen can name the function at all, to ask before the first step.
 * Linux gives functions of Intel VMD segments from 10000 on. Returns 0, or -EINVAL with @diag.
 */
int ec_acquire_possible(struct ec_sbdf host, struct ec_diag *diag);

/** note in the store who has it */
int ec_acquire_claim(struct ec_attach_work *w, struct ec_diag *diag);
int ec_release_claim(struct ec_attachment *a, struct ec_diag *diag);

/** take it from its driver */
int ec_acquire_driver(struct ec_attach_work *w, struct ec_diag *diag);
int ec_release_driver(struct ec_attachment *a, struct ec_diag *diag);

/** get what sysfs says of it, now that no driver has it */
int ec_acquire_facts(struct ec_attach_work *w, struct ec_diag *diag);

/** open its configuration space */
int ec_acquire_open(struct ec_attach_work *w, struct ec_diag *diag);
int ec_release_open(struct ec_attachment *a, struct ec_diag *diag);

/** turn off its interrupts and DMA; the headers of its capabilities are in w->image */
int ec_acquire_quiet(struct ec_attach_work *w, struct ec_diag *diag);
int ec_release_quiet(struct ec_attachment *a, struct ec_diag *diag);

/** let its DMA reach nothing */
int ec_acquire_quarantine(struct ec_attach_work *w, struct ec_diag *diag);
int ec_release_quarantine(struct ec_attachment *a, struct ec_diag *diag);

/** reset it */
int ec_acquire_reset(struct ec_attach_work *w, struct ec_diag *diag);
int ec_release_reset(struct ec_attachment *a, struct ec_diag *diag);

#endif
