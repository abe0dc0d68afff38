/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a function's BARs can be given to a guest, by where the kernel has put them. */
#ifndef EC_SUPERVISOR_CHECK_BARS_H
#define EC_SUPERVISOR_CHECK_BARS_H

#include "core/bar.h"
#include "core/diag.h"
#include "core/host_ops.h"

/**
 * ec_check_bars() - check @bar, EC_BAR_MAX of them, against @facts, and correct them: a virtual
 * function's get the kernel's addresses, a ROM that the kernel has not placed gets address 0.
 * Returns 0, or -EINVAL with @diag: one cannot be given. Pure.
 */
int ec_check_bars(const struct ec_host_facts *facts, struct ec_bar *bar, struct ec_diag *diag);

#endif
