/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Notes of guests that do not come back: they died while ecamd did not run, or rebooted and were
 * not started again.
 */
#ifndef EC_SUPERVISOR_ORPHANS_H
#define EC_SUPERVISOR_ORPHANS_H

#include "core/backends.h"

struct ec_orphans;

/** ec_orphans_new() - no guest is missed yet. NULL: out of memory. */
struct ec_orphans *ec_orphans_new(void);
void ec_orphans_free(struct ec_orphans *o);

/**
 * ec_orphans_tick() - to be called every few seconds or more often. Looks twice a minute at whose
 * notes are stored. The notes of a guest that did not exist ten times in succession are removed,
 * and the log says so. While Xen or the store cannot be asked, nothing counts.
 */
void ec_orphans_tick(struct ec_orphans *o, const struct ec_backends *b);

#endif
