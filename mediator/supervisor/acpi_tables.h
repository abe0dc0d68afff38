/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ACPI tables that describe its PCI machine to a PVH guest that has not started. */
#ifndef EC_SUPERVISOR_ACPI_TABLES_H
#define EC_SUPERVISOR_ACPI_TABLES_H

#include "guest/guest.h"
#include "machine/machine.h"

/**
 * ec_acpi_tables_write() - put MCFG and the SSDT of the machine @plan into the guest's memory.
 * @g: a PVH guest with an ioreq server, enabled or not. @plan: with an ECAM window. Earlier tables
 * of ecamd are replaced. The guest is paused meanwhile, so it cannot start.
 * Returns 0; -EPERM: the guest has started, and has read its tables; -EINVAL: it is no PVH guest,
 * the plan has no window, or the guest's memory is not as its toolstack leaves it; or another
 * negative errno of a backend. Then @diag is filled, and the guest has valid tables, old or new, if
 * the old ones were valid.
 */
int ec_acpi_tables_write(struct ec_guest *g, const struct ec_machine_plan *plan,
			 struct ec_diag *diag);

#endif
