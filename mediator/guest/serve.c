/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/serve.h"

#include <string.h>

#include "guest/actions.h"
#include "guest/bars.h"
#include "guest/downstream.h"
#include "guest/msi.h"
#include "guest/power.h"

static int add_to_bus0(struct ec_device *d)
{
	struct ec_guest *g = d->guest;
	uint32_t at = d->function.at.devfn;
	int rc = ec_bus_map_add(&g->functions, &d->function);

	if (rc)
		return rc;
	rc = ec_guest_claim(g, EC_RANGE_PCI, at, at, true);
	if (rc)
		ec_bus_map_remove(&g->functions, d->function.at);
	return rc;
}

static void remove_from_bus0(struct ec_device *d)
{
	struct ec_guest *g = d->guest;
	uint32_t at = d->function.at.devfn;

	if (!g->dead)
		ec_guest_claim(g, EC_RANGE_PCI, at, at, false);
	ec_bus_map_remove(&g->functions, d->function.at);
}

int ec_serve_begin(struct ec_device *d, struct ec_diag *diag)
{
	int rc;

	if (d->place.downstream)
		return ec_downstream_serve(d, diag);
	rc = add_to_bus0(d);
	if (rc)
		ec_diag_set(diag, 0, "%s", strerror(-rc));
	return rc;
}

void ec_serve_end(struct ec_device *d)
{
	if (d->place.downstream)
		ec_downstream_unserve(d);
	else
		remove_from_bus0(d);
	ec_power_wake(d);
	ec_actions_end(d);
}

int ec_serve_release(struct ec_device *d, struct ec_diag *diag)
{
	int msi = ec_msi_end(d), bars = ec_bars_end(d);

	if (msi || bars)
		ec_diag_set(diag, 0, "something of it stays with the guest: %s",
			    strerror(msi ? -msi : -bars));
	return msi ? msi : bars;
}
