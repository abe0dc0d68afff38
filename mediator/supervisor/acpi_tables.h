/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A PVH guest that has not started is told of its PCI machine, by tables of ACPI in its memory. */
#ifndef EC_SUPERVISOR_ACPI_TABLES_H
#define EC_SUPERVISOR_ACPI_TABLES_H

#include "guest/guest.h"
#include "machine/machine.h"

/**
 * ec_acpi_tables_write() - put MCFG and the SSDT of the machine @plan into the guest's memory.
 * @g: a PVH guest with an ioreq server, which need not be enabled. @plan: with an ECAM window. What
 * was put in before is replaced. The guest is paused meanwhile, so that it cannot start.
 * Returns 0; -EPERM: the guest has started, and has read its tables; -EINVAL: it is no PVH guest,
 * the plan has no window, or the guest's memory is not as its toolstack leaves it; another negative
 * errno of a port. @diag is filled then, and the guest's tables are good ones, if they were: those
 * it had, or the new ones.
 */
int ec_acpi_tables_write(struct ec_guest *g, const struct ec_machine_plan *plan,
			 struct ec_diag *diag);

#endif
