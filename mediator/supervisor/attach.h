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
 * ec_attach_end() - undo all steps that were taken, in reverse order. Goes on after a failure; but
 * if something of the function is left with the guest, a->held says what, and the function is not
 * returned to the host: call ec_attach_retry().
 * Returns 0, or the first failure with @diag.
 */
int ec_attach_end(struct ec_attachment *a, struct ec_diag *diag);

/**
 * ec_attach_lose() - the function is not ecamd's any more: take it from the guest at once. Nothing
 * of it is accessed again, and nothing is returned to the host.
 * @removed: the kernel has removed it; otherwise its stub driver was unbound.
 */
void ec_attach_lose(struct ec_attachment *a, bool removed);

/**
 * ec_attach_retry() - try again what could not be undone. Every second, fourth, ... call does
 * so, up to every 256th; @now: this call does.
 * True: nothing is left, and the function is the host's again.
 */
bool ec_attach_retry(struct ec_attachment *a, bool now);

#endif
