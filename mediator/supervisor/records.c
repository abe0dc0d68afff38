/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "supervisor/records.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest/lifetime.h"
#include "guest/reset.h"
#include "supervisor/attach.h"
#include "supervisor/guests.h"
#include "supervisor/notes.h"
#include "supervisor/placement.h"

static int find(struct ec_attachment *const *a, unsigned int n, struct ec_sbdf host)
{
	for (unsigned int i = 0; i < n; i++)
		if (!ec_sbdf_compare(a[i]->spec.host, host))
			return (int)i;
	return -ENOENT;
}

int ec_records_find(const struct ec_guest_record *r, struct ec_sbdf host)
{
	return find(r->attachment, r->n, host);
}

int ec_records_find_held(const struct ec_guest_record *r, struct ec_sbdf host)
{
	return find(r->held, r->n_held, host);
}

static void free_attachment(struct ec_attachment *a)
{
	if (a)
		ec_device_free(a->device);
	free(a);
}

/* The guest and its record have their functions in the same order. */
static void link_attachment(struct ec_guest_record *r, struct ec_attachment *a)
{
	r->attachment[r->n++] = a;
	r->guest->device[r->guest->n++] = a->device;
}

static void unlink_attachment(struct ec_guest_record *r, unsigned int i)
{
	struct ec_guest *g = r->guest;

	memmove(r->attachment + i, r->attachment + i + 1, (--r->n - i) * sizeof(r->attachment[0]));
	memmove(g->device + i, g->device + i + 1, (--g->n - i) * sizeof(g->device[0]));
}

/* @a is over: it is freed, or held if something of it is left. */
static void end_attachment(struct ec_guest_record *r, struct ec_attachment *a)
{
	if (a->left)
		r->held[r->n_held++] = a;
	else
		free_attachment(a);
}

int ec_records_drop(struct ec_guest_record *r, unsigned int i, struct ec_diag *diag)
{
	struct ec_attachment *a = r->attachment[i];
	int rc = ec_attach_end(a, diag);

	unlink_attachment(r, i);
	end_attachment(r, a);
	return rc;
}

static void unhold(struct ec_guest_record *r, unsigned int i)
{
	free_attachment(r->held[i]);
	memmove(r->held + i, r->held + i + 1, (--r->n_held - i) * sizeof(r->held[0]));
}

void ec_records_retry(struct ec_guest_record *r, bool now)
{
	for (unsigned int i = r->n_held; i-- > 0;)
		if (ec_attach_retry(r->held[i], now))
			unhold(r, i);
}

void ec_records_drop_all(struct ec_guest_record *r)
{
	struct ec_diag diag;

	while (r->n)
		ec_records_drop(r, r->n - 1, &diag);
}

static struct ec_attachment *new_attachment(struct ec_guest_record *r,
					    const struct ec_attach_spec *spec)
{
	struct ec_attachment *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	a->guest = r;
	a->spec = *spec;
	a->device = ec_device_new(r->guest, spec->host);
	if (a->device)
		return a;
	free(a);
	return NULL;
}

static struct ec_attach_work *new_work(const struct ec_guest_list *all, struct ec_guest_record *r,
				       const struct ec_attach_spec *spec)
{
	struct ec_attach_work *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->guests = all;
	w->attachment = new_attachment(r, spec);
	if (w->attachment)
		return w;
	free(w);
	return NULL;
}

static void free_work(struct ec_attach_work *w)
{
	ec_decisions_free(&w->decisions);
	ec_rules_free(w->rules);
	free(w);
}

int ec_records_add(struct ec_guest_record *r, const struct ec_guest_list *all,
		   const struct ec_attach_spec *spec, struct ec_diag *diag)
{
	struct ec_attach_work *w;
	int rc;

	if (r->n + r->n_held == EC_MACHINE_MAX) {
		ec_diag_set(diag, 0, "a guest has at most %u functions", EC_MACHINE_MAX);
		return -EBUSY;
	}
	w = new_work(all, r, spec);
	if (!w) {
		ec_diag_set(diag, 0, "out of memory");
		return -ENOMEM;
	}
	rc = ec_attach_begin(w, diag);
	if (rc) {
		end_attachment(r, w->attachment);
	} else {
		link_attachment(r, w->attachment);
		ec_placement_publish(w);
		ec_notes_add(w->attachment);
	}
	free_work(w);
	return rc;
}

int ec_records_release(struct ec_guest_record *r, unsigned int i, bool no_reset,
		       struct ec_diag *diag)
{
	struct ec_attachment *a = r->held[i];

	a->device->hardware.reset->never |= no_reset;
	if (ec_attach_retry(a, true)) {
		unhold(r, i);
		return 0;
	}
	ec_diag_set(diag, 0, "still held: %s", a->held.text);
	return -EBUSY;
}

void ec_records_lose(struct ec_guest_record *r, unsigned int i, bool removed)
{
	struct ec_attachment *a = r->attachment[i];

	/* whether it runs decides whether its root port stays */
	ec_guests_look(r);
	ec_attach_lose(a, removed);
	unlink_attachment(r, i);
	end_attachment(r, a);
}

void ec_records_forget(struct ec_guest_record *r)
{
	while (r->n_held) {
		ec_attach_retry(r->held[0], true);
		unhold(r, 0);
	}
}
