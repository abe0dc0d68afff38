/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attach and detach: the steps that make a function of the host a guest's, and their undoing. */
#ifndef EC_SUPERVISOR_ATTACH_H
#define EC_SUPERVISOR_ATTACH_H

#include "supervisor/attachment.h"

/**
 * ec_attach_begin() - take all steps that make @w's attachment the guest's.
 * Returns 0, or a negative errno with @diag that names the step and the reason; the steps that were
 * taken are undone then.
 */
int ec_attach_begin(struct ec_attach_work *w, struct ec_diag *diag);

/**
 * ec_attach_end() - undo all steps that were taken, in reverse order. Goes on after a failure.
 * Returns 0, or the first failure with @diag.
 */
int ec_attach_end(struct ec_attachment *a, struct ec_diag *diag);

#endif
