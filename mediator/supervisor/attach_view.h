/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The step of an attach that captures the function and plans the guest's view of it. */
#ifndef EC_SUPERVISOR_ATTACH_VIEW_H
#define EC_SUPERVISOR_ATTACH_VIEW_H

#include "supervisor/attachment.h"

/**
 * ec_attach_view() - capture the function, plan its view by w->decisions, and give the device its
 * view. w->plan, w->image and w->bar are written, and what the planner of the machine needs.
 * Returns 0 or a negative errno with @diag.
 */
int ec_attach_view(struct ec_attach_work *w, struct ec_diag *diag);

#endif
