/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "supervisor/service.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/downstream.h"
#include "guest/ecam_window.h"
#include "guest/lifetime.h"
#include "guest/log.h"
#include "guest/reset.h"
#include "supervisor/acquire.h"
#include "supervisor/attach.h"
#include "supervisor/attachment.h"
#include "supervisor/guests.h"
#include "supervisor/notes.h"
#include "supervisor/placement.h"

struct ec_service {
	struct ec_backends backends;
	struct ec_guest_list guests;
};

struct ec_service *ec_service_new(const struct ec_backends *backends)
{
	struct ec_service *s = calloc(1, sizeof(*s));

	if (s)
		s->backends = *backends;
	return s;
}

const struct ec_backends *ec_service_backends(const struct ec_service *s)
{
	return &s->backends;
}

/* Takes guest @i out of the list; its devices are gone already. */
static void drop_guest(struct ec_service *s, unsigned int i)
{
	struct ec_guest_list *l = &s->guests;

	ec_guests_close(l->guest[i]);
	memmove(l->guest + i, l->guest + i + 1, (--l->n - i) * sizeof(l->guest[0]));
}

/* A guest that knows root ports is served on without functions: some may come to those. */
static void drop_idle(struct ec_service *s, unsigned int i)
{
	const struct ec_guest_record *r = s->guests.guest[i];

	if (!r->n && !r->n_held && (r->guest->dead || !ec_downstream_spare(r->guest)))
		drop_guest(s, i);
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

/* Detaches function @i of @r. */
static int drop_attachment(struct ec_guest_record *r, unsigned int i, struct ec_diag *diag)
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

static void retry_held(struct ec_guest_record *r)
{
	for (unsigned int i = r->n_held; i-- > 0;)
		if (ec_attach_retry(r->held[i], false))
			unhold(r, i);
}

static void drop_attachments(struct ec_guest_record *r)
{
	struct ec_diag diag;

	while (r->n)
		drop_attachment(r, r->n - 1, &diag);
}

void ec_service_free(struct ec_service *s)
{
	if (!s)
		return;
	while (s->guests.n) {
		struct ec_guest_record *r = s->guests.guest[0];

		drop_attachments(r);
		while (r->n_held) {
			ec_attach_retry(r->held[0], true);
			unhold(r, 0);
		}
		drop_guest(s, 0);
	}
	free(s->guests.guest);
	free(s);
}

static int index_of(const struct ec_service *s, uint32_t domid)
{
	for (unsigned int i = 0; i < s->guests.n; i++) {
		const struct ec_guest *g = s->guests.guest[i]->guest;

		if (g->domid == domid && !g->dead)
			return (int)i;
	}
	return -ENOENT;
}

static int find_guest(struct ec_service *s, const char *name, uint32_t *domid, struct ec_diag *diag)
{
	int rc = ec_store_find(&s->backends, name, domid);

	if (rc == -ENOENT)
		ec_diag_set(diag, 0, "there is no guest '%s'", name);
	else if (rc)
		ec_diag_set(diag, 0, "xenstore: %s", strerror(-rc));
	else if (!*domid) {
		ec_diag_set(diag, 0, "domain 0 is the host");
		rc = -EPERM;
	}
	return rc;
}

static int make_room(struct ec_guest_list *l)
{
	struct ec_guest_record **more;

	if (l->n < l->room)
		return 0;
	more = realloc(l->guest, (l->room * 2 + 4) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	l->guest = more;
	l->room = l->room * 2 + 4;
	return 0;
}

/* The index of guest @domid, which is opened if it has no functions yet. */
static int take_guest(struct ec_service *s, uint32_t domid, struct ec_diag *diag)
{
	struct ec_guest_list *l = &s->guests;
	int i = index_of(s, domid), rc;

	if (i >= 0) {
		rc = ec_guests_check(l->guest[i], diag);
		return rc ? rc : i;
	}
	if (make_room(l)) {
		ec_diag_set(diag, 0, "out of memory");
		return -ENOMEM;
	}
	rc = ec_guests_open(&s->backends, domid, l->guest + l->n, diag);
	return rc ? rc : (int)l->n++;
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

static struct ec_attach_work *new_work(const struct ec_service *s, struct ec_guest_record *r,
				       const struct ec_attach_spec *spec)
{
	struct ec_attach_work *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->guests = &s->guests;
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

static int add_attachment(const struct ec_service *s, struct ec_guest_record *r,
			  const struct ec_attach_spec *spec, struct ec_diag *diag)
{
	struct ec_attach_work *w;
	int rc;

	if (r->n + r->n_held == EC_MACHINE_MAX) {
		ec_diag_set(diag, 0, "a guest has at most %u functions", EC_MACHINE_MAX);
		return -EBUSY;
	}
	w = new_work(s, r, spec);
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

/* -EBUSY with @diag: a guest has the function, or something of it is left with a guest. */
static int check_free(const struct ec_service *s, struct ec_sbdf host, struct ec_diag *diag)
{
	for (unsigned int i = 0; i < s->guests.n; i++) {
		const struct ec_guest_record *r = s->guests.guest[i];
		const struct ec_guest *g = r->guest;

		for (unsigned int j = 0; j < r->n; j++)
			if (!ec_sbdf_compare(r->attachment[j]->spec.host, host)) {
				ec_diag_set(diag, 0, "domain %u (%s) has it", g->domid, g->name);
				return -EBUSY;
			}
		for (unsigned int j = 0; j < r->n_held; j++)
			if (!ec_sbdf_compare(r->held[j]->spec.host, host)) {
				ec_diag_set(diag, 0, "held since domain %u (%s) had it: %s",
					    g->domid, g->name, r->held[j]->held.text);
				return -EBUSY;
			}
	}
	return 0;
}

int ec_service_attach(struct ec_service *s, const char *guest, const struct ec_attach_spec *spec,
		      struct ec_service_attached *out, struct ec_diag *diag)
{
	uint32_t domid;
	int i, rc = ec_acquire_possible(spec->host, diag);

	rc = rc ? rc : find_guest(s, guest, &domid, diag);
	if (rc)
		return rc;
	ec_service_reap(s);
	rc = check_free(s, spec->host, diag);
	if (rc)
		return rc;
	i = take_guest(s, domid, diag);
	if (i < 0)
		return i;
	rc = add_attachment(s, s->guests.guest[i], spec, diag);
	if (rc) {
		drop_idle(s, (unsigned int)i);
		return rc;
	}
	ec_service_guest(s, (unsigned int)i, &out->guest);
	ec_service_function(s, (unsigned int)i, s->guests.guest[i]->n - 1, &out->function);
	return 0;
}

/* Is @name the name or the number of the guest, which may be gone? */
static bool is_called(const struct ec_guest *g, const char *name)
{
	char number[16];

	snprintf(number, sizeof(number), "%u", g->domid);
	return !strcmp(g->name, name) || !strcmp(number, name);
}

/* Tries again with held function @i of @r, at once. */
static int release_held(struct ec_guest_record *r, unsigned int i, bool no_reset,
			struct ec_diag *diag)
{
	struct ec_attachment *a = r->held[i];

	a->device->reset->never |= no_reset;
	if (ec_attach_retry(a, true)) {
		unhold(r, i);
		return 0;
	}
	ec_diag_set(diag, 0, "still held: %s", a->held.text);
	return -EBUSY;
}

int ec_service_detach(struct ec_service *s, const char *guest, const struct ec_attach_spec *spec,
		      struct ec_diag *diag)
{
	char name[EC_SBDF_MAX];
	uint32_t domid;
	int i, rc;

	for (unsigned int j = 0; j < s->guests.n; j++) {
		struct ec_guest_record *r = s->guests.guest[j];

		for (unsigned int k = 0; k < r->n_held; k++)
			if (is_called(r->guest, guest) &&
			    !ec_sbdf_compare(r->held[k]->spec.host, spec->host))
				return release_held(r, k, spec->no_reset, diag);
	}
	rc = find_guest(s, guest, &domid, diag);
	if (rc)
		return rc;
	ec_service_reap(s);
	i = index_of(s, domid);
	for (unsigned int j = 0; i >= 0 && j < s->guests.guest[i]->n; j++) {
		struct ec_guest_record *r = s->guests.guest[i];

		if (ec_sbdf_compare(r->attachment[j]->spec.host, spec->host))
			continue;
		r->attachment[j]->device->reset->never |= spec->no_reset;
		ec_notes_remove(r->attachment[j]);
		rc = drop_attachment(r, j, diag);
		drop_idle(s, (unsigned int)i);
		return rc;
	}
	ec_diag_set(diag, 0, "the guest has no function %s", ec_sbdf_print(spec->host, true, name));
	return -ENOENT;
}

int ec_service_machine(const struct ec_service *s, const char *guest,
		       struct ec_service_machine *out, struct ec_diag *diag)
{
	uint32_t domid;
	int i, rc = ec_store_find(&s->backends, guest, &domid);

	i = rc ? rc : index_of(s, domid);
	if (i < 0) {
		ec_diag_set(diag, 0, "ecamd serves no guest '%s'", guest);
		return -ENOENT;
	}
	out->n = ec_placement_machine(s->guests.guest[i], &out->limits, out->fn);
	return 0;
}

unsigned int ec_service_guests(const struct ec_service *s)
{
	return s->guests.n;
}

void ec_service_guest(const struct ec_service *s, unsigned int i, struct ec_guest_status *out)
{
	const struct ec_guest *g = s->guests.guest[i]->guest;

	memset(out, 0, sizeof(*out));
	memcpy(out->name, g->name, sizeof(out->name));
	out->domid = g->domid;
	out->device_model = g->info.device_model;
	out->has_ecam = g->window->at.range.size;
	out->ecam = g->window->at.bus0;
	out->functions = g->n;
	out->held = s->guests.guest[i]->n_held;
}

void ec_service_function(const struct ec_service *s, unsigned int guest, unsigned int i,
			 struct ec_function_status *out)
{
	const struct ec_device *d = s->guests.guest[guest]->guest->device[i];

	*out = (struct ec_function_status){
		.host = d->host,
		.guest = ec_downstream_address(d),
		.reads = d->counts.reads,
		.writes = d->counts.writes,
		.hardware_reads = d->counts.hardware_reads,
		.hardware_writes = d->counts.hardware_writes,
		.permissive_writes = d->function.permissive_writes,
	};
}

bool ec_service_serves(const struct ec_service *s, uint32_t domid)
{
	return index_of(s, domid) >= 0;
}

void ec_service_held(const struct ec_service *s, unsigned int guest, unsigned int i,
		     struct ec_held_status *out)
{
	const struct ec_attachment *a = s->guests.guest[guest]->held[i];

	out->host = a->spec.host;
	memcpy(out->why, a->held.text, sizeof(out->why));
}

enum ec_old_domain ec_service_old_domain(struct ec_service *s, const char *uuid, uint32_t but,
					 uint32_t *domid)
{
	for (unsigned int i = 0; i < s->guests.n; i++) {
		const struct ec_guest *g = s->guests.guest[i]->guest;

		if (g->domid == but || strcmp(g->info.uuid, uuid) != 0)
			continue;
		ec_guests_look(s->guests.guest[i]);
		if (g->gone)
			continue;
		*domid = g->domid;
		return g->dead ? EC_OLD_DYING : EC_OLD_LIVES;
	}
	return EC_OLD_GONE;
}

static void lose(struct ec_guest_record *r, unsigned int i, bool removed)
{
	struct ec_attachment *a = r->attachment[i];

	/* whether it runs decides whether its root port stays */
	ec_guests_look(r);
	ec_attach_lose(a, removed);
	unlink_attachment(r, i);
	end_attachment(r, a);
}

void ec_service_host_event(struct ec_service *s, const struct ec_host_event *event)
{
	bool removed = event->kind == EC_HOST_REMOVED;

	if (!removed && event->kind != EC_HOST_UNBOUND)
		return;
	for (unsigned int i = s->guests.n; i-- > 0;) {
		struct ec_guest_record *r = s->guests.guest[i];

		for (unsigned int j = r->n; j-- > 0;)
			if (!ec_sbdf_compare(r->attachment[j]->spec.host, event->at))
				lose(r, j, removed);
		for (unsigned int j = 0; j < r->n_held; j++)
			if (!ec_sbdf_compare(r->held[j]->spec.host, event->at))
				r->held[j]->removed = true;
		drop_idle(s, i);
	}
}

/* A guest whose events fail is served no longer; the others are. */
static void stop_watching(struct ec_guest *g, int rc)
{
	ec_guest_log(g, "its events fail, it is not served any more: %s", strerror(-rc));
	ec_watch(g->backends, g->fd, false);
	g->fd = -1;
}

void ec_service_ready(struct ec_service *s, int fd)
{
	for (unsigned int i = 0; i < s->guests.n; i++) {
		struct ec_guest *g = s->guests.guest[i]->guest;
		int rc;

		if (g->fd != fd || fd < 0)
			continue;
		rc = ec_server_dispatch(g->backends, g->server);
		if (rc)
			stop_watching(g, rc);
		return;
	}
}

void ec_service_reap(struct ec_service *s)
{
	for (unsigned int i = s->guests.n; i-- > 0;) {
		struct ec_guest_record *r = s->guests.guest[i];

		ec_guests_look(r);
		if (!r->guest->gone)
			continue;
		if (!r->notes_done)
			ec_notes_died(r->guest);
		r->notes_done = true;
		drop_attachments(r);
		drop_idle(s, i);
	}
}

unsigned int ec_service_tick(struct ec_service *s)
{
	unsigned int waiting = 0;

	ec_service_reap(s);
	for (unsigned int i = s->guests.n; i-- > 0;) {
		struct ec_guest_record *r = s->guests.guest[i];

		retry_held(r);
		waiting += r->n_held + (r->guest->dead && !r->guest->gone);
		drop_idle(s, i);
	}
	return waiting;
}
