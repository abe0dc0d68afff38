/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "supervisor/service.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/downstream.h"
#include "guest/ecam_window.h"
#include "guest/log.h"
#include "guest/reset.h"
#include "supervisor/acquire.h"
#include "supervisor/attachment.h"
#include "supervisor/guests.h"
#include "supervisor/notes.h"
#include "supervisor/placement.h"
#include "supervisor/records.h"

struct ec_service {
	struct ec_backends backends;
	struct ec_guest_list guests;
	uint64_t priv_calls;
};

struct ec_service *ec_service_new(const struct ec_backends *backends)
{
	struct ec_service *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->backends = *backends;
	s->backends.priv_calls = &s->priv_calls;
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

void ec_service_free(struct ec_service *s)
{
	if (!s)
		return;
	while (s->guests.n) {
		struct ec_guest_record *r = s->guests.guest[0];

		ec_records_drop_all(r);
		ec_records_forget(r);
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

/* -EBUSY with @diag: a guest has the function, or something of it is left with a guest. */
static int check_free(const struct ec_service *s, struct ec_sbdf host, struct ec_diag *diag)
{
	for (unsigned int i = 0; i < s->guests.n; i++) {
		const struct ec_guest_record *r = s->guests.guest[i];
		const struct ec_guest *g = r->guest;
		int held = ec_records_find_held(r, host);

		if (ec_records_find(r, host) >= 0) {
			ec_diag_set(diag, 0, "domain %u (%s) has it", g->domid, g->name);
			return -EBUSY;
		}
		if (held >= 0) {
			ec_diag_set(diag, 0, "held since domain %u (%s) had it: %s", g->domid,
				    g->name, r->held[held]->held.text);
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
	rc = ec_records_add(s->guests.guest[i], &s->guests, spec, diag);
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

/* Detaches function @j of guest @i. */
static int take_back(struct ec_service *s, unsigned int i, unsigned int j, bool no_reset,
		     struct ec_diag *diag)
{
	struct ec_guest_record *r = s->guests.guest[i];
	int rc;

	r->attachment[j]->device->hardware.reset->never |= no_reset;
	ec_notes_remove(r->attachment[j]);
	rc = ec_records_drop(r, j, diag);
	drop_idle(s, i);
	return rc;
}

int ec_service_detach(struct ec_service *s, const char *guest, const struct ec_attach_spec *spec,
		      struct ec_diag *diag)
{
	char name[EC_SBDF_MAX];
	uint32_t domid;
	int i, j, rc;

	for (unsigned int k = 0; k < s->guests.n; k++) {
		struct ec_guest_record *r = s->guests.guest[k];

		j = ec_records_find_held(r, spec->host);
		if (j >= 0 && is_called(r->guest, guest))
			return ec_records_release(r, (unsigned int)j, spec->no_reset, diag);
	}
	rc = find_guest(s, guest, &domid, diag);
	if (rc)
		return rc;
	ec_service_reap(s);
	i = index_of(s, domid);
	j = i < 0 ? i : ec_records_find(s->guests.guest[i], spec->host);
	if (j < 0) {
		ec_diag_set(diag, 0, "the guest has no function %s",
			    ec_sbdf_print(spec->host, true, name));
		return -ENOENT;
	}
	return take_back(s, (unsigned int)i, (unsigned int)j, spec->no_reset, diag);
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
	out->delays = g->debt.delays;
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

/*
 * ecamd itself unbinds stub drivers and binds them, and such an event may be read after the next
 * attach. The function that has its stub driver is not lost.
 */
static bool is_lost(const struct ec_attachment *a)
{
	struct ec_host_facts facts;
	int rc = ec_host_get_facts(ec_attachment_backends(a), a->spec.host, &facts);

	return rc || strcmp(facts.driver, a->taken.stub) != 0;
}

void ec_service_host_event(struct ec_service *s, const struct ec_host_event *event)
{
	bool removed = event->kind == EC_HOST_REMOVED;

	if (!removed && event->kind != EC_HOST_UNBOUND)
		return;
	for (unsigned int i = s->guests.n; i-- > 0;) {
		struct ec_guest_record *r = s->guests.guest[i];
		int j = ec_records_find(r, event->at), held = ec_records_find_held(r, event->at);

		if (j >= 0 && is_lost(r->attachment[j]))
			ec_records_lose(r, (unsigned int)j, removed);
		else if (held >= 0 && is_lost(r->held[held]))
			r->held[held]->removed = true;
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

/*
 * A boot makes some thousands of privileged calls for a device with many vectors; a guest that
 * makes more than this waits while the others are served.
 */
static const struct ec_debt_limits call_limits = { .most = 65536,
						   .per_second = 10000,
						   .wait_ns = 5000000000 };

/* Stops serving a guest that has caused too many calls, or goes on with it. */
static void charge(struct ec_guest *g, uint64_t calls)
{
	bool waits = ec_debt_add(&g->debt, &call_limits, calls, ec_now(g->backends));

	if (waits == g->waits || g->fd < 0)
		return;
	g->waits = waits;
	if (waits && !g->debt.delays++)
		ec_guest_log(g,
			     "causes more calls of Xen than its budget: its accesses are delayed");
	ec_watch(g->backends, g->fd, !waits);
}

void ec_service_ready(struct ec_service *s, int fd)
{
	for (unsigned int i = 0; i < s->guests.n; i++) {
		struct ec_guest *g = s->guests.guest[i]->guest;
		uint64_t before = s->priv_calls;
		int rc;

		if (g->fd != fd || fd < 0 || g->waits)
			continue;
		rc = ec_server_dispatch(g->backends, g->server);
		if (rc)
			stop_watching(g, rc);
		charge(g, s->priv_calls - before);
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
		r->notes_done = r->notes_done || !ec_notes_died(r->guest);
		ec_records_drop_all(r);
		drop_idle(s, i);
	}
}

void ec_service_retry(struct ec_service *s)
{
	ec_service_reap(s);
	for (unsigned int i = s->guests.n; i-- > 0;) {
		ec_records_retry(s->guests.guest[i], true);
		drop_idle(s, i);
	}
}

unsigned int ec_service_tick(struct ec_service *s)
{
	unsigned int waiting = 0;

	ec_service_reap(s);
	for (unsigned int i = s->guests.n; i-- > 0;) {
		struct ec_guest_record *r = s->guests.guest[i];

		ec_records_retry(r, false);
		charge(r->guest, 0);
		waiting += r->guest->waits;
		waiting += r->n_held + (r->guest->dead && !r->guest->gone);
		drop_idle(s, i);
	}
	return waiting;
}
