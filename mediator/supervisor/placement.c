/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "supervisor/placement.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/ecam.h"
#include "emulated/host_bridge.h"
#include "guest/downstream.h"
#include "guest/guest.h"
#include "supervisor/acpi_tables.h"
#include "supervisor/reattach.h"

#define PORTS(g) (&(g)->service->ports)

/* What xl leaves below 4 GiB of an HVM guest unless told otherwise, in MiB. */
#define HOLE_DEFAULT 256

/* The toolstack's note of it is in bytes. 0 MiB: nothing that a plan can be made for. */
static int read_hole(const struct ec_guest *g, uint16_t *mib, struct ec_diag *diag)
{
	char text[24];
	uint64_t noted;
	int rc = PORTS(g)->store->read(PORTS(g)->store_ctx, g->domid, "platform/mmio_hole_size",
				       text, sizeof(text));

	*mib = HOLE_DEFAULT;
	if (rc == -ENOENT)
		return 0;
	if (rc) {
		ec_diag_set(diag, 0, "the size of its hole below 4 GiB is not known: %s",
			    strerror(-rc));
		return rc;
	}
	noted = strtoull(text, NULL, 0) >> 20;
	*mib = noted < HOLE_DEFAULT || noted > 3840 ? 0 : (uint16_t)noted;
	return 0;
}

/* The machine of a guest that gets its first function. */
static int decide(struct ec_device *d, struct ec_diag *diag)
{
	struct ec_guest *g = d->guest;
	struct ec_machine_limits *l = &g->limits;

	ec_machine_defaults(g->info.device_model ? EC_MACHINE_HVM : EC_MACHINE_PVH, l);
	l->memory = g->info.memory;
	if (g->info.address_bits)
		l->address_bits = g->info.address_bits;
	g->asked = d->asked;
	ec_machine_settings_limits(&g->asked, l);
	return g->info.device_model ? read_hole(g, &l->hole, diag) : 0;
}

/* Is the guest's machine what is asked for? */
static bool is_so(const struct ec_guest *g, enum ec_machine_setting ask, uint64_t value)
{
	/* what was asked for is a bridge by which the guest decides that itself */
	if (g->window_own && ((ask == EC_ASK_ECAM && value == EC_NO_ECAM) || ask == EC_ASK_BUSES))
		return true;
	switch (ask) {
	case EC_ASK_ECAM:
		return value == EC_NO_ECAM ? !g->window.size : g->window.size && g->ecam == value;
	case EC_ASK_BUSES:
		return g->limits.ecam_buses == value;
	case EC_ASK_BUS0:
		return g->limits.ecam_bus0 == value;
	default:
		return (unsigned int)g->limits.bridge == value;
	}
}

static int check_asked(const struct ec_device *d, struct ec_diag *diag)
{
	for (unsigned int i = 0; i < EC_ASKS; i++) {
		if (!d->asked.ask[i].said || is_so(d->guest, i, d->asked.ask[i].value))
			continue;
		ec_diag_set(diag, 0, "the guest's first function has decided its machine: %s",
			    ec_machine_setting_names[i]);
		return -EBUSY;
	}
	return 0;
}

unsigned int ec_placement_functions(const struct ec_guest *g, struct ec_machine_function *fn)
{
	for (unsigned int i = 0; i < g->n; i++) {
		fn[i] = g->device[i]->machine;
		fn[i].has_previous_slot = true;
		fn[i].kept = g->device[i]->slot;
	}
	return g->n;
}

/* A guest that runs cannot be told of another machine than it was told of. */
static int check_told(const struct ec_guest *g, const struct ec_machine_plan *plan,
		      struct ec_diag *diag)
{
	bool same = g->told_ecam.base == plan->ecam.base && g->told_ecam.size == plan->ecam.size;

	if (!g->told || !g->info.started)
		return 0;
	for (unsigned int i = 0; i < EC_WINDOWS; i++) {
		const struct ec_machine_range *told = g->told_window + i, *now = plan->window + i;

		same &= now->base >= told->base && now->base - told->base <= told->size &&
			now->size <= told->size - (now->base - told->base);
	}
	if (same)
		return 0;
	ec_diag_set(diag, 0,
		    "the guest has started with other windows than it would need now: attach it "
		    "before");
	return -EBUSY;
}

static int take_range(struct ec_guest *g, struct ec_machine_range r, bool add)
{
	if (!r.size)
		return 0;
	return PORTS(g)->server->range(g->server, EC_RANGE_MEMORY, r.base, r.base + r.size - 1,
				       add);
}

/* Beside a device model bus 0 may be left out. */
static struct ec_machine_range registered(const struct ec_machine_plan *m)
{
	uint64_t out = m->ecam_first * EC_ECAM_BUS_SIZE;

	return (struct ec_machine_range){ m->ecam.base + out, m->ecam.size - out };
}

/* What is registered is what g->window says, whatever fails. */
static int move_window(struct ec_guest *g, struct ec_machine_range want)
{
	int rc = take_range(g, g->window, false);

	if (rc)
		return rc;
	rc = take_range(g, want, true);
	if (!rc)
		g->window = want;
	else if (take_range(g, g->window, true))
		g->window.size = 0;
	return rc;
}

/* The window must be where the guest has nothing, whatever its memory map says. */
static int take_window(struct ec_guest *g, struct ec_machine_range want, struct ec_diag *diag)
{
	int rc = 0;

	if (want.base == g->window.base && want.size == g->window.size)
		return 0;
	if (want.size)
		rc = PORTS(g)->priv->populated(PORTS(g)->priv_ctx, g->domid,
					       want.base / EC_PAGE_SIZE, want.size / EC_PAGE_SIZE);
	if (rc > 0) {
		ec_diag_set(diag, 0, "the guest has memory in the ECAM window at %llx, %llu MiB",
			    (unsigned long long)want.base,
			    (unsigned long long)(want.size / EC_ECAM_BUS_SIZE));
		return -EEXIST;
	}
	if (!rc)
		rc = move_window(g, want);
	if (rc) {
		ec_diag_set(diag, 0, "the ECAM window at %llx: %s", (unsigned long long)want.base,
			    strerror(-rc));
		return rc;
	}
	return 0;
}

uint16_t ec_placement_buses(const struct ec_guest *g)
{
	uint64_t end = g->window.base + g->window.size;

	return g->window.size ? (uint16_t)((end - g->ecam) / EC_ECAM_BUS_SIZE) : 0;
}

static int plan(struct ec_device *d, struct ec_diag *diag)
{
	struct ec_guest *g = d->guest;
	struct ec_service *s = g->service;
	struct ec_machine_limits limits = g->limits;
	unsigned int n = ec_placement_functions(g, s->fn);
	int rc;

	/* a guest that has started is told of no other number */
	if (!limits.ecam_buses && g->info.started)
		limits.ecam_buses = ec_placement_buses(g);
	s->fn[n] = d->machine;
	s->fn[n].has_previous_slot =
		!d->machine.has_slot && ec_comeback_kept(g, d->spec.host, &s->fn[n].kept);
	rc = ec_machine_build(&limits, s->fn, n + 1, s->machine, diag);
	if (rc != -EBUSY || !s->fn[n].has_previous_slot)
		return rc;
	/* somebody else has the slot that it had */
	s->fn[n].has_previous_slot = false;
	return ec_machine_build(&limits, s->fn, n + 1, s->machine, diag);
}

/* Of a machine without a device model; a window that grows has no register that says so. */
static int add_bridge(struct ec_guest *g, const struct ec_machine_plan *m, struct ec_diag *diag)
{
	struct ec_plan_options options = { .emulated = ec_host_bridge_emulated(g->limits.bridge),
					   .no_intx = true };
	int rc;

	if (g->info.device_model || g->bridge.shadow)
		return 0;
	ec_host_bridge_image(g->limits.bridge, m->ecam.base, m->ecam_buses, g->service->image);
	rc = ec_guest_emulate(g->service, &options, &g->bridge, diag);
	return rc ? rc : ec_bus_map_add(&g->functions, &g->bridge);
}

/* @d does not come: the window that it needed is not what the guest has been told of. */
static void put_window_back(struct ec_device *d)
{
	struct ec_guest *g = d->guest;
	const struct ec_machine_range *before = &d->window_before;

	if (!g->dead && (before->base != g->window.base || before->size != g->window.size))
		move_window(g, *before);
	g->ecam = d->ecam_before;
}

int ec_placement_begin(struct ec_device *d, struct ec_diag *diag)
{
	struct ec_guest *g = d->guest;
	const struct ec_machine_plan *m = g->service->machine;
	const struct ec_machine_place *place = m->place + g->n;
	int rc = g->n || g->limits.spare ? check_asked(d, diag) : decide(d, diag);

	if (!rc)
		rc = plan(d, diag);
	if (!rc)
		rc = check_told(g, m, diag);
	if (rc)
		return rc;
	d->window_before = g->window;
	d->ecam_before = g->ecam;
	rc = take_window(g, registered(m), diag);
	if (!rc)
		rc = add_bridge(g, m, diag);
	if (!rc) {
		g->ecam = m->ecam.base;
		d->slot = place->slot;
		d->behind = place->behind;
		d->function.at = d->status.guest = place->guest;
	}
	if (!rc && d->behind)
		rc = ec_downstream_port(d, m->port + place->port, diag);
	if (rc)
		put_window_back(d);
	return rc;
}

/* Has the guest got it, or is it still being attached? */
static bool is_given(const struct ec_device *d)
{
	for (unsigned int i = 0; i < d->guest->n; i++)
		if (d->guest->device[i] == d)
			return true;
	return false;
}

int ec_placement_end(struct ec_device *d, struct ec_diag *diag)
{
	(void)diag;
	if (d->behind)
		ec_downstream_leave(d);
	if (!is_given(d))
		put_window_back(d);
	return 0;
}

void ec_placement_tell(struct ec_guest *g)
{
	const struct ec_machine_plan *m = g->service->machine;
	struct ec_diag diag = { 0 };

	if (g->info.device_model || g->info.started || !m->ecam.size)
		return;
	g->told = !ec_acpi_tables_write(g, m, &diag);
	if (!g->told) {
		ec_guest_log(g, "it is not told of its ECAM window: %s", diag.text);
		return;
	}
	g->told_ecam = m->ecam;
	memcpy(g->told_window, m->window, sizeof(g->told_window));
}

void ec_placement_window(struct ec_guest *g, uint64_t base, uint64_t size)
{
	struct ec_machine_range want = { base, size };
	struct ec_diag diag = { 0 };

	if (g->refused_in == g->requests ||
	    !ec_p2m_free(&g->p2m, base / EC_PAGE_SIZE, size / EC_PAGE_SIZE) ||
	    take_window(g, want, &diag)) {
		g->refused_in = g->requests;
		ec_host_bridge_refuse(&g->bridge);
		return;
	}
	g->ecam = base;
	g->window_own = true;
	g->limits.ecam = g->limits.has_ecam_base = true;
	g->limits.ecam_base = base;
	g->limits.ecam_buses = (uint16_t)(size / EC_ECAM_BUS_SIZE);
}
