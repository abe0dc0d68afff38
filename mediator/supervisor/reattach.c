/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between the death of the old domain and the creation of the new one its functions are the host's:
 * they are reset, given back to their drivers, and taken again. They could be held in quarantine
 * for some time, but each step of an attach belongs to a guest that exists, and waiting for a guest
 * that may never come needs a time limit. xl waits two seconds in between, so a driver of the host
 * has each of them for that long; a function that was bound to a stub driver before the attach
 * stays with the stub driver.
 */
#include "supervisor/reattach.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "supervisor/notes.h"
#include "supervisor/orphans.h"
#include "supervisor/pause.h"

/* A domain that was looked at. Its number may be another guest's later. */
struct seen {
	uint32_t domid;
	char uuid[EC_UUID_SIZE];
};

struct known {
	unsigned int n, room;
	struct seen *seen;
};

struct ec_reattach {
	struct ec_service *service;
	const struct ec_backends *backends;
	struct known known;
	struct ec_orphans *orphans;
	struct back *waiting; /* guests whose old domain is not gone, the first one first */
};

/* Ticks that a guest is kept paused for its old domain to go: five minutes at five a second. */
#define WAIT_MAX 1500u

/* A guest that came and has notes. */
struct back {
	struct back *next;
	struct ec_reattach *reattach;
	uint32_t domid;
	struct ec_guest_info info;
	bool paused;
	unsigned int waited; /* ticks, for its old domain to go */
	unsigned int n;
	struct ec_attach_spec *spec;
};

static void free_back(struct back *b)
{
	if (b)
		free(b->spec);
	free(b);
}

/* Lets the guest run, whatever it has. */
static void end_back(struct back *b)
{
	if (b->paused)
		ec_unpause(b->reattach->backends, b->domid);
	free_back(b);
}

struct ec_reattach *ec_reattach_new(struct ec_service *s)
{
	struct ec_reattach *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->service = s;
	r->backends = ec_service_backends(s);
	r->orphans = ec_orphans_new();
	if (r->orphans)
		return r;
	free(r);
	return NULL;
}

void ec_reattach_free(struct ec_reattach *r)
{
	struct back *next;

	if (!r)
		return;
	for (struct back *b = r->waiting; b; b = next) {
		next = b->next;
		end_back(b);
	}
	free(r->known.seen);
	ec_orphans_free(r->orphans);
	free(r);
}

static void say(const struct ec_reattach *r, uint32_t domid, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void say(const struct ec_reattach *r, uint32_t domid, const char *fmt, ...)
{
	char text[EC_DIAG_MAX + 64], line[EC_DIAG_MAX + EC_GUEST_NAME_MAX + 96];
	char name[EC_GUEST_NAME_MAX] = "";
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	ec_store_name(r->backends, domid, name);
	snprintf(line, sizeof(line), "%s (domain %u) %s", name, domid, text);
	r->backends->log(line);
}

/* Anything that may write to the store may write notes: they are checked as an attach is. */
static int read_note(void *ctx, struct ec_sbdf host, const char *text)
{
	struct back *b = ctx;
	struct ec_attach_spec spec, *more;
	struct ec_diag diag = { 0 };
	char name[EC_SBDF_MAX];
	int rc = ec_attach_spec_parse(text, &spec, &diag);

	if (!rc && ec_sbdf_compare(host, spec.host)) {
		ec_diag_set(&diag, 0, "it is about another function");
		rc = -EINVAL;
	}
	if (rc) {
		say(b->reattach, b->domid, "has a wrong note of %s, which is removed: %s",
		    ec_sbdf_print(host, true, name), diag.text);
		ec_store_note(b->reattach->backends, b->info.uuid, host, NULL);
		return 0;
	}
	more = realloc(b->spec, (b->n + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	b->spec = more;
	b->spec[b->n++] = spec;
	return 0;
}

static int read_notes(struct back *b)
{
	b->n = 0;
	return ec_store_recall(b->reattach->backends, b->info.uuid, read_note, b);
}

/* How many settings of the guest's machine @spec has. */
static int count_settings(const struct ec_attach_spec *spec)
{
	static const char *const keys[] = { "buses", "bus0", "bridge" };
	int n = spec->ecam != EC_ECAM_DEFAULT;

	for (unsigned int k = 0; k < EC_ARRAY_SIZE(keys); k++)
		n += ec_attach_spec_has(spec, keys[k]);
	return n;
}

/* The first function of a guest decides its machine: the one with the most settings goes first. */
static int compare(const void *a, const void *b)
{
	const struct ec_attach_spec *x = a, *y = b;
	int by_machine = count_settings(y) - count_settings(x);

	return by_machine ? by_machine : ec_sbdf_compare(x->host, y->host);
}

/* Was the guest there when ecamd looked last? */
static bool is_known(const struct ec_reattach *r, uint32_t domid, const struct ec_guest_info *info)
{
	for (unsigned int i = 0; i < r->known.n; i++)
		if (r->known.seen[i].domid == domid && !strcmp(r->known.seen[i].uuid, info->uuid))
			return true;
	return false;
}

/*
 * Guest @domid, which is not known. Returns 0, with *@out if it has notes: it is paused then, or
 * that has failed. A negative errno: it should be looked at again.
 */
static int look_at(struct ec_reattach *r, uint32_t domid, const struct ec_guest_info *info,
		   struct back **out)
{
	struct back *b = calloc(1, sizeof(*b));
	struct ec_diag diag = { 0 };
	int rc = 0;

	if (!b)
		return -ENOMEM;
	b->reattach = r;
	b->domid = domid;
	b->info = *info;
	if (!info->dying && info->hvm && ec_notes_possible(info))
		rc = read_notes(b);
	if (rc || !b->n) {
		free_back(b);
		return rc;
	}
	b->paused = !ec_pause(r->backends, domid, &diag);
	if (!b->paused)
		say(r, domid, "comes back: %s", diag.text);
	*out = b;
	return 0;
}

static int remember(struct known *k, uint32_t domid, const struct ec_guest_info *info)
{
	struct seen *more = k->seen;

	if (k->n == k->room) {
		more = realloc(more, (k->room * 2 + 16) * sizeof(*more));
		if (!more)
			return -ENOMEM;
		k->seen = more;
		k->room = k->room * 2 + 16;
	}
	more[k->n].domid = domid;
	memcpy(more[k->n++].uuid, info->uuid, sizeof(info->uuid));
	return 0;
}

/* Looks at guest @domid. *@out: it, if it came and has notes. */
static int see(struct ec_reattach *r, uint32_t domid, struct known *now, struct back **out)
{
	struct ec_guest_info info;
	int rc = ec_priv_guest_info(r->backends, domid, &info);

	if (!rc && !ec_service_serves(r->service, domid) && !is_known(r, domid, &info))
		rc = look_at(r, domid, &info, out);
	if (rc && rc != -ESRCH)
		say(r, domid, "came, and cannot be looked at: %s", strerror(-rc));
	/* one that could not be looked at is not known, so it is looked at again */
	return rc ? 0 : remember(now, domid, &info);
}

/*
 * Finds all guests that exist, into @now. Returns those that came and have notes, the first of them
 * first. All of these are paused before any is attached to, which takes its time.
 */
static struct back *find_guests(struct ec_reattach *r, struct known *now)
{
	struct back *first = NULL, **end = &first;
	uint32_t domid = 0;
	char line[128];
	int rc;

	for (;;) {
		rc = ec_priv_next_guest(r->backends, domid + 1, &domid);
		if (!rc)
			rc = see(r, domid, now, end);
		if (rc)
			break;
		end = *end ? &(*end)->next : end;
	}
	if (rc != -ESRCH) {
		snprintf(line, sizeof(line), "guests that may have come cannot be looked for: %s",
			 strerror(-rc));
		r->backends->log(line);
	}
	return first;
}

/* The name by which the store finds the guest: a name goes before a number, and may look like one.
 */
static bool find_name(const struct back *b, char name[EC_GUEST_NAME_MAX])
{
	const struct ec_backends *backends = b->reattach->backends;
	uint32_t found;

	ec_store_name(backends, b->domid, name);
	if (*name && !ec_store_find(backends, name, &found) && found == b->domid)
		return true;
	snprintf(name, EC_GUEST_NAME_MAX, "%u", b->domid);
	return !ec_store_find(backends, name, &found) && found == b->domid;
}

static void attach_all(struct back *b, const char *name)
{
	qsort(b->spec, b->n, sizeof(b->spec[0]), compare);
	for (unsigned int i = 0; i < b->n; i++) {
		char host[EC_SBDF_MAX], guest[EC_SBDF_MAX];
		struct ec_service_attached at;
		struct ec_diag diag = { 0 };
		int rc = ec_service_attach(b->reattach->service, name, b->spec + i, &at, &diag);

		ec_sbdf_print(b->spec[i].host, true, host);
		if (rc)
			say(b->reattach, b->domid, "comes back without %s: %s", host,
			    *diag.text ? diag.text : strerror(-rc));
		else
			say(b->reattach, b->domid, "comes back with %s, at %s", host,
			    ec_sbdf_print(at.function.guest, false, guest));
	}
}

/* False: not now. The guest waits, @why is logged once. */
static bool wait(struct back *b, const char *why)
{
	if (!b->waited)
		say(b->reattach, b->domid, "waits until %s", why);
	return b->waited++ >= WAIT_MAX;
}

/*
 * The notes are read again: if the old domain did not reboot, but was destroyed, they are removed
 * with it. False: the store is lost, and may come back.
 */
static bool reattach(struct back *b)
{
	struct ec_reattach *r = b->reattach;
	char name[EC_GUEST_NAME_MAX] = "";
	struct ec_guest_info info;
	int rc;

	ec_service_reap(r->service);
	rc = read_notes(b);
	if (rc == -ENOTCONN && !wait(b, "xenstore is back"))
		return false;
	if (!rc && b->n && !find_name(b, name))
		rc = -ENOENT;
	if (rc)
		say(r, b->domid, "comes back without its functions: %s", strerror(-rc));
	if (rc || !b->n)
		return true;
	if (!ec_priv_guest_info(r->backends, b->domid, &info) && info.started)
		say(r, b->domid,
		    "has started before its functions could be given to it: they are hot-plugged");
	attach_all(b, name);
	return true;
}

/* Is the new domain still there, and the same guest? */
static bool is_there(const struct back *b)
{
	struct ec_guest_info info;
	int rc = ec_priv_guest_info(b->reattach->backends, b->domid, &info);

	return rc ? rc != -ESRCH : !info.dying && !strcmp(info.uuid, b->info.uuid);
}

/* Until the old domain is gone it has the functions. False: not now. */
static bool finish(struct back *b)
{
	struct ec_reattach *r = b->reattach;
	char why[64];
	uint32_t other;

	if (!is_there(b))
		return true;
	switch (ec_service_old_domain(r->service, b->info.uuid, b->domid, &other)) {
	case EC_OLD_LIVES:
		say(r, b->domid, "has the UUID of domain %u, which lives: its functions stay there",
		    other);
		return true;
	case EC_OLD_DYING:
		snprintf(why, sizeof(why), "domain %u, which it was, is gone", other);
		if (!wait(b, why))
			return false;
		say(r, b->domid, "comes back without its functions: domain %u does not go", other);
		return true;
	default:
		return reattach(b);
	}
}

unsigned int ec_reattach_tick(struct ec_reattach *r)
{
	struct back **at = &r->waiting;
	unsigned int n = 0;

	ec_orphans_tick(r->orphans, r->backends);
	while (*at) {
		struct back *b = *at;

		if (!finish(b)) {
			at = &b->next;
			n++;
			continue;
		}
		*at = b->next;
		end_back(b);
	}
	return n;
}

unsigned int ec_reattach_look(struct ec_reattach *r)
{
	struct known now = { 0 };
	struct back *b = find_guests(r, &now), **end = &r->waiting;

	free(r->known.seen);
	r->known = now;
	while (*end)
		end = &(*end)->next;
	*end = b;
	return ec_reattach_tick(r);
}
