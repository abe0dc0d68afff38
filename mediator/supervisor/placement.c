/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "supervisor/placement.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/ecam.h"
#include "emulated/function.h"
#include "emulated/host_bridge.h"
#include "guest/downstream.h"
#include "guest/log.h"
#include "supervisor/acpi_tables.h"
#include "supervisor/notes.h"

/* What xl leaves below 4 GiB of an HVM guest unless its configuration says otherwise, in MiB. */
#define HOLE_DEFAULT 256
#define HOLE_MAX 3840

/* The toolstack's node is in bytes. 0 MiB: no plan can be made for such a hole. */
static int read_hole(const struct ec_guest *g, uint16_t *mib, struct ec_diag *diag)
{
	char text[24];
	uint64_t noted;
	int rc =
		ec_store_read(g->backends, g->domid, "platform/mmio_hole_size", text, sizeof(text));

	*mib = HOLE_DEFAULT;
	if (rc == -ENOENT)
		return 0;
	if (rc) {
		ec_diag_set(diag, 0, "the size of its hole below 4 GiB is not known: %s",
			    strerror(-rc));
		return rc;
	}
	noted = strtoull(text, NULL, 0) >> 20;
	*mib = noted < HOLE_DEFAULT || noted > HOLE_MAX ? 0 : (uint16_t)noted;
	return 0;
}

/* The guest's first function decides its machine. */
static int decide(struct ec_attachment *a, struct ec_diag *diag)
{
	struct ec_guest_record *r = a->guest;
	const struct ec_guest_info *info = &r->guest->info;
	struct ec_machine_limits *l = &r->limits;

	ec_machine_defaults(info->device_model ? EC_MACHINE_HVM : EC_MACHINE_PVH, l);
	l->memory = info->memory;
	if (info->address_bits)
		l->address_bits = info->address_bits;
	r->settings = a->settings;
	ec_machine_settings_limits(&r->settings, l);
	return info->device_model ? read_hole(r->guest, &l->hole, diag) : 0;
}

/* The limits as they are now: the guest may have placed its window, and knows its root ports. */
static struct ec_machine_limits limits_now(const struct ec_guest_record *r)
{
	const struct ec_ecam_window *w = r->guest->window;
	struct ec_machine_limits l = r->limits;

	l.spare = ec_downstream_spare(r->guest);
	if (w->own) {
		l.ecam = l.has_ecam_base = true;
		l.ecam_base = w->at.bus0;
		l.ecam_buses = ec_ecam_window_buses(r->guest);
	}
	return l;
}

/* Does the guest's machine have @value for @setting? */
static bool has_setting(const struct ec_guest_record *r, enum ec_machine_setting setting,
			uint64_t value)
{
	const struct ec_ecam_window *w = r->guest->window;
	uint64_t size = w->at.range.size;

	/* the setting was for a bridge by which the guest itself decides these */
	if (w->own &&
	    ((setting == EC_SETTING_ECAM && value == EC_NO_ECAM) || setting == EC_SETTING_BUSES))
		return true;
	switch (setting) {
	case EC_SETTING_ECAM:
		return value == EC_NO_ECAM ? !size : size && w->at.bus0 == value;
	case EC_SETTING_BUSES:
		return r->limits.ecam_buses == value;
	case EC_SETTING_BUS0:
		return r->limits.ecam_bus0 == value;
	default:
		return (unsigned int)r->limits.bridge == value;
	}
}

static int check_settings(const struct ec_attachment *a, struct ec_diag *diag)
{
	for (unsigned int i = 0; i < EC_SETTINGS; i++) {
		if (!a->settings.setting[i].is_set ||
		    has_setting(a->guest, i, a->settings.setting[i].value))
			continue;
		ec_diag_set(diag, 0, "the guest's first function has decided its machine: %s",
			    ec_machine_setting_names[i]);
		return -EBUSY;
	}
	return 0;
}

/* The guest's functions, each with the slot that it has. Returns how many. */
static unsigned int functions_now(const struct ec_guest_record *r, struct ec_machine_function *fn)
{
	for (unsigned int i = 0; i < r->n; i++) {
		fn[i] = r->attachment[i]->machine;
		fn[i].has_previous_slot = true;
		fn[i].previous_slot = r->attachment[i]->device->place.slot;
	}
	return r->n;
}

unsigned int ec_placement_machine(const struct ec_guest_record *r, struct ec_machine_limits *limits,
				  struct ec_machine_function *fn)
{
	*limits = limits_now(r);
	if (!limits->ecam_buses)
		limits->ecam_buses = ec_ecam_window_buses(r->guest);
	return functions_now(r, fn);
}

/* A guest that has started has read its tables, and does not read others. */
static int check_published(const struct ec_guest_record *r, const struct ec_machine_plan *plan,
			   struct ec_diag *diag)
{
	const struct ec_published *p = &r->published;
	bool same = p->ecam.base == plan->ecam.base && p->ecam.size == plan->ecam.size;

	if (!p->done || !r->guest->info.started)
		return 0;
	for (unsigned int i = 0; i < EC_WINDOWS; i++) {
		const struct ec_machine_range *was = p->window + i, *now = plan->window + i;

		same &= now->base >= was->base && now->base - was->base <= was->size &&
			now->size <= was->size - (now->base - was->base);
	}
	if (same)
		return 0;
	ec_diag_set(diag, 0,
		    "the guest has started with other windows than it would need now: attach it "
		    "before");
	return -EBUSY;
}

/* Beside a device model the window may leave out bus 0. */
static struct ec_machine_range served(const struct ec_machine_plan *m)
{
	uint64_t out = m->ecam_first * EC_ECAM_BUS_SIZE;

	return (struct ec_machine_range){ m->ecam.base + out, m->ecam.size - out };
}

static int plan(struct ec_attach_work *w, struct ec_diag *diag)
{
	struct ec_attachment *a = w->attachment;
	struct ec_guest_record *r = a->guest;
	struct ec_machine_function *fn = w->fn + r->n;
	struct ec_machine_limits limits = limits_now(r);
	unsigned int n = functions_now(r, w->fn);
	int rc;

	/* a guest that has started keeps the number of buses that it knows */
	if (!limits.ecam_buses && r->guest->info.started)
		limits.ecam_buses = ec_ecam_window_buses(r->guest);
	*fn = a->machine;
	fn->has_previous_slot = !a->machine.has_slot &&
				ec_notes_previous_slot(r->guest, a->spec.host, &fn->previous_slot);
	rc = ec_machine_build(&limits, w->fn, n + 1, &w->machine, diag);
	if (rc != -EBUSY || !fn->has_previous_slot)
		return rc;
	/* another function has the slot that it had */
	fn->has_previous_slot = false;
	return ec_machine_build(&limits, w->fn, n + 1, &w->machine, diag);
}

/* A machine without a device model has one; a window that grows has no register that says so. */
static int add_bridge(struct ec_attach_work *w, struct ec_diag *diag)
{
	const struct ec_guest_record *r = w->attachment->guest;
	const struct ec_machine_plan *m = &w->machine;
	struct ec_guest *g = r->guest;
	struct ec_plan_options options = { .emulated = ec_host_bridge_emulated(r->limits.bridge),
					   .no_intx = true };
	int rc;

	if (g->info.device_model || g->bridge.shadow)
		return 0;
	ec_host_bridge_image(r->limits.bridge, m->ecam.base, m->ecam_buses, &w->image);
	rc = ec_emulated_make(&g->bridge, &w->image, &options, &w->plan, diag);
	return rc ? rc : ec_bus_map_add(&g->functions, &g->bridge);
}

/* Puts the function where the plan says. */
static int take_place(struct ec_attach_work *w, struct ec_diag *diag)
{
	struct ec_attachment *a = w->attachment;
	struct ec_device *d = a->device;
	const struct ec_machine_place *place = w->machine.place + a->guest->n;
	int rc = add_bridge(w, diag);

	if (rc)
		return rc;
	d->guest->window->at.bus0 = w->machine.ecam.base;
	d->place = (struct ec_place){ .slot = place->slot, .downstream = place->behind };
	d->function.at = place->guest;
	if (!place->behind)
		return 0;
	return ec_downstream_add_port(d, w->machine.port[place->port].physical_slot, diag);
}

int ec_placement_begin(struct ec_attach_work *w, struct ec_diag *diag)
{
	struct ec_attachment *a = w->attachment;
	struct ec_guest_record *r = a->guest;
	struct ec_guest *g = r->guest;
	int rc = r->n || ec_downstream_spare(g) ? check_settings(a, diag) : decide(a, diag);

	if (!rc)
		rc = plan(w, diag);
	if (!rc)
		rc = check_published(r, &w->machine, diag);
	if (rc)
		return rc;
	a->window_before = g->window->at;
	rc = ec_ecam_window_move(g, served(&w->machine), diag);
	if (!rc)
		rc = take_place(w, diag);
	if (rc)
		ec_ecam_window_restore(g, &a->window_before);
	return rc;
}

/* Does the guest have it, or is it still being attached? */
static bool is_attached(const struct ec_attachment *a)
{
	for (unsigned int i = 0; i < a->guest->n; i++)
		if (a->guest->attachment[i] == a)
			return true;
	return false;
}

/* The window that a function needed that does not come is not what the guest knows. */
int ec_placement_end(struct ec_attachment *a, struct ec_diag *diag)
{
	struct ec_device *d = a->device;

	(void)diag;
	if (d->place.downstream)
		ec_downstream_drop_port(d);
	if (!is_attached(a))
		ec_ecam_window_restore(d->guest, &a->window_before);
	return 0;
}

void ec_placement_publish(struct ec_attach_work *w)
{
	const struct ec_machine_plan *m = &w->machine;
	struct ec_guest_record *r = w->attachment->guest;
	struct ec_guest *g = r->guest;
	struct ec_published *p = &r->published;
	struct ec_diag diag = { 0 };

	if (g->info.device_model || g->info.started || !m->ecam.size)
		return;
	p->done = !ec_acpi_tables_write(g, m, &diag);
	if (!p->done) {
		ec_guest_log(g, "its ACPI tables do not have the ECAM window: %s", diag.text);
		return;
	}
	p->ecam = m->ecam;
	memcpy(p->window, m->window, sizeof(p->window));
}
