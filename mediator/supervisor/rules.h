/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What rules decide of a function that is being attached. */
#ifndef EC_SUPERVISOR_RULES_H
#define EC_SUPERVISOR_RULES_H

#include "supervisor/attachment.h"

/**
 * ec_attach_rules() - load the rules of the installation, the site and the attach, and look up what
 * they decide of the function: its slot, the guest's machine and how it may be reset count from now
 * on, w->decisions has the rest.
 * @w: image has the headers of its capabilities. Returns 0 or a negative errno with @diag.
 */
int ec_attach_rules(struct ec_attach_work *w, struct ec_diag *diag);

/** ec_attach_rules_blame() - name in @diag the rule for which the plan was refused. Returns @rc. */
int ec_attach_rules_blame(const struct ec_attach_work *w, int rc, struct ec_diag *diag);

#endif
