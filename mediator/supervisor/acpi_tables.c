/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "supervisor/acpi_tables.h"

#include <errno.h>
#include <string.h>

#include "acpi/pvh.h"
#include "supervisor/pause.h"

static int copy(void *ctx, uint64_t gpa, void *buf, size_t len, bool write)
{
	struct ec_guest *g = ctx;
	const struct ec_guest_copy c = { .gpa = gpa, .buf = buf, .len = len, .write = write };

	return ec_server_copy(g->backends, g->server, &c);
}

static struct ec_acpi_window window(const struct ec_machine_range *r)
{
	if (!r->size)
		return (struct ec_acpi_window){ 0 };
	return (struct ec_acpi_window){ r->base, r->base + r->size - 1 };
}

static struct ec_acpi_machine machine(const struct ec_machine_plan *plan)
{
	struct ec_acpi_machine m =
		ec_acpi_default(EC_ACPI_PVH, plan->ecam.base, plan->ecam_buses, true);

	m.io = window(plan->window + EC_WINDOW_IO);
	m.mem32 = window(plan->window + EC_WINDOW_MEMORY);
	m.mem64 = window(plan->window + EC_WINDOW_PREFETCH);
	return m;
}

/* The guest is paused: the answer holds until it is unpaused. */
static int check_start(struct ec_guest *g, uint64_t *start, struct ec_diag *diag)
{
	struct ec_guest_info info;
	int rc = ec_priv_guest_info(g->backends, g->domid, &info);

	if (!rc && info.started) {
		ec_diag_set(diag, 0, "the guest has started, and has read its ACPI tables");
		return -EPERM;
	}
	if (!rc)
		rc = ec_priv_start_info(g->backends, g->domid, start);
	if (rc)
		ec_diag_set(diag, 0, "the guest's start information: %s", strerror(-rc));
	return rc;
}

int ec_acpi_tables_write(struct ec_guest *g, const struct ec_machine_plan *plan,
			 struct ec_diag *diag)
{
	const struct ec_acpi_memory memory = { .copy = copy, .ctx = g };
	struct ec_acpi_machine m = machine(plan);
	struct ec_acpi_insertion in;
	uint64_t start;
	int rc;

	if (!g->info.hvm || g->info.device_model) {
		ec_diag_set(diag, 0,
			    "only a PVH guest gets tables: another guest's come from its firmware");
		return -EINVAL;
	}
	if (!plan->ecam.size) {
		ec_diag_set(diag, 0, "the guest's machine has no ECAM window");
		return -EINVAL;
	}
	rc = ec_pause(g->backends, g->domid, diag);
	if (rc)
		return rc;
	rc = check_start(g, &start, diag);
	if (!rc)
		rc = ec_acpi_pvh_plan(&m, start, &memory, &in, diag);
	if (!rc)
		rc = ec_acpi_pvh_write(&in, &memory, diag);
	ec_unpause(g->backends, g->domid);
	return rc;
}
