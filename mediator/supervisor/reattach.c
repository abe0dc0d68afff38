/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between the death of the old domain and the coming of the new one its functions are the host's:
 * they are reset and given back to their drivers, and taken again. xl waits two seconds in between,
 * so a driver of the host sees each of them for that long; what is bound to a stub before it is
 * attached is spared that.
 */
#include "supervisor/reattach.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "guest/guest.h"
#include "supervisor/pause.h"

/* A domain that was made without a UUID. */
#define NO_UUID "00000000-0000-0000-0000-000000000000"

/* Domain numbers of guests that were looked at, rising. */
struct ec_comeback {
	unsigned int n, room;
	uint32_t *domid;
};

/* A guest that came and has notes. */
struct back {
	struct back *next;
	struct ec_service *service;
	uint32_t domid;
	struct ec_guest_info info;
	bool paused;
	unsigned int n;
	struct ec_attach_spec *spec;
};

static void say(struct ec_service *s, uint32_t domid, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void say(struct ec_service *s, uint32_t domid, const char *fmt, ...)
{
	char text[EC_DIAG_MAX + 64], line[EC_DIAG_MAX + EC_GUEST_NAME_MAX + 96];
	char name[EC_GUEST_NAME_MAX] = "";
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	s->ports.store->name(s->ports.store_ctx, domid, name);
	snprintf(line, sizeof(line), "%s (domain %u) %s", name, domid, text);
	s->ports.log(line);
}

static bool has_uuid(const struct ec_guest_info *info)
{
	return *info->uuid && strcmp(info->uuid, NO_UUID) != 0;
}

static int note(struct ec_service *s, const char *uuid, struct ec_sbdf host, const char *text)
{
	return s->ports.store->note(s->ports.store_ctx, uuid, host, text);
}

static bool has_key(const struct ec_attach_spec *spec, const char *key)
{
	for (unsigned int i = 0; i < spec->n_sets; i++)
		if (!strcmp(ec_attach_spec_key(spec, i), key))
			return true;
	return false;
}

/*
 * @d as it is noted: with what the guest's machine is, too. The function that has decided it may be
 * taken away before the guest reboots, and another may come back first.
 */
static int print_note(const struct ec_device *d, const struct ec_attach_spec *spec,
		      char text[EC_ATTACH_SPEC_MAX])
{
	const struct ec_machine_settings *asked = &d->guest->asked;
	char number[24];
	int rc = ec_attach_spec_print(spec, text);
	size_t len = rc ? 0 : strlen(text), more;

	for (unsigned int i = 0; i < EC_ASKS && !rc; i++) {
		const char *key = strchr(ec_machine_setting_names[i], '.') + 1, *value = number;

		if (!asked->ask[i].said || has_key(spec, key) ||
		    (i == EC_ASK_ECAM && spec->ecam != EC_ECAM_DEFAULT))
			continue;
		snprintf(number, sizeof(number), i == EC_ASK_ECAM ? "%#llx" : "%llu",
			 (unsigned long long)asked->ask[i].value);
		if (i == EC_ASK_ECAM && asked->ask[i].value == EC_NO_ECAM)
			value = "none";
		else if (i == EC_ASK_BRIDGE)
			value = ec_host_bridge_kind_names[asked->ask[i].value];
		more = (size_t)snprintf(text + len, EC_ATTACH_SPEC_MAX - len, ",%s=%s", key, value);
		/* rather without it than not at all */
		if (more >= EC_ATTACH_SPEC_MAX - len)
			more = 0;
		len += more;
		text[len] = 0;
	}
	return rc;
}

int ec_comeback_note(struct ec_device *d, unsigned int slot)
{
	struct ec_guest *g = d->guest;
	struct ec_attach_spec spec = d->spec;
	char text[EC_ATTACH_SPEC_MAX];
	int rc;

	if (!has_uuid(&g->info))
		return 0;
	spec.has_slot = true;
	spec.slot = (uint8_t)slot;
	rc = print_note(d, &spec, text);
	if (!rc)
		rc = note(g->service, g->info.uuid, spec.host, text);
	if (rc)
		ec_log(d, "cannot be noted, the guest will not find it after a reboot: %s",
		       strerror(-rc));
	return rc;
}

void ec_comeback_forget(struct ec_device *d)
{
	int rc;

	if (!has_uuid(&d->guest->info))
		return;
	rc = note(d->guest->service, d->guest->info.uuid, d->spec.host, NULL);
	if (rc)
		ec_log(d,
		       "its note cannot be removed, the guest will have it again after a reboot: "
		       "%s",
		       strerror(-rc));
}

static int remove_note(void *ctx, struct ec_sbdf host, const char *text)
{
	struct ec_guest *g = ctx;

	(void)text;
	return note(g->service, g->info.uuid, host, NULL);
}

void ec_comeback_died(struct ec_guest *g)
{
	struct ec_service *s = g->service;
	int rc;

	if (g->info.rebooting || !has_uuid(&g->info))
		return;
	rc = s->ports.store->recall(s->ports.store_ctx, g->info.uuid, remove_note, g);
	if (rc)
		say(s, g->domid, "is gone, and its notes cannot be removed: %s", strerror(-rc));
}

struct kept {
	struct ec_sbdf host;
	bool found;
	uint8_t slot;
};

static int find_slot(void *ctx, struct ec_sbdf host, const char *text)
{
	struct kept *k = ctx;
	struct ec_attach_spec spec;

	if (ec_sbdf_compare(host, k->host) || ec_attach_spec_parse(text, &spec, NULL))
		return 0;
	k->found = spec.has_slot;
	k->slot = spec.slot;
	return 0;
}

bool ec_comeback_kept(struct ec_guest *g, struct ec_sbdf host, uint8_t *slot)
{
	struct ec_service *s = g->service;
	struct kept k = { .host = host };

	if (!has_uuid(&g->info) ||
	    s->ports.store->recall(s->ports.store_ctx, g->info.uuid, find_slot, &k) || !k.found)
		return false;
	*slot = k.slot;
	return true;
}

/* Notes are anybody's who may write to the store: they are read as an administrator's text is. */
static int read_note(void *ctx, struct ec_sbdf host, const char *text)
{
	struct back *b = ctx;
	struct ec_attach_spec spec, *more;
	struct ec_diag diag = { 0 };
	char name[EC_SBDF_MAX];

	if (!ec_attach_spec_parse(text, &spec, &diag)) {
		if (!ec_sbdf_compare(host, spec.host)) {
			more = realloc(b->spec, (b->n + 1) * sizeof(*more));
			if (!more)
				return -ENOMEM;
			b->spec = more;
			b->spec[b->n++] = spec;
			return 0;
		}
		ec_diag_set(&diag, 0, "it is about another function");
	}
	say(b->service, b->domid, "has a wrong note of %s, which is removed: %s",
	    ec_sbdf_print(host, true, name), diag.text);
	note(b->service, b->info.uuid, host, NULL);
	return 0;
}

/* How much of the guest's machine @spec asks for. */
static int asks(const struct ec_attach_spec *spec)
{
	static const char *const keys[] = { "buses", "bus0", "bridge" };
	int n = spec->ecam != EC_ECAM_DEFAULT;

	for (unsigned int k = 0; k < EC_ARRAY_SIZE(keys); k++)
		n += has_key(spec, keys[k]);
	return n;
}

/* Who asks for most goes first: the others go by the first function of the guest. */
static int compare(const void *a, const void *b)
{
	const struct ec_attach_spec *x = a, *y = b;
	int by_machine = asks(y) - asks(x);

	return by_machine ? by_machine : ec_sbdf_compare(x->host, y->host);
}

static int read_notes(struct back *b)
{
	struct ec_service *s = b->service;

	b->n = 0;
	return s->ports.store->recall(s->ports.store_ctx, b->info.uuid, read_note, b);
}

/* Is the guest served, or was it when it was looked at? */
static bool is_known(const struct ec_service *s, uint32_t domid)
{
	const struct ec_comeback *c = s->comeback;

	for (unsigned int i = 0; i < s->n; i++)
		if (s->guest[i]->domid == domid && !s->guest[i]->dead)
			return true;
	for (unsigned int i = 0; c && i < c->n; i++)
		if (c->domid[i] == domid)
			return true;
	return false;
}

static void free_back(struct back *b)
{
	if (b)
		free(b->spec);
	free(b);
}

/*
 * Guest @domid, which is not known. Returns 0, with *@out if it has notes: it is paused then, or
 * that has failed. A negative errno: it should be looked at again.
 */
static int look_at(struct ec_service *s, uint32_t domid, struct back **out)
{
	struct back *b = calloc(1, sizeof(*b));
	struct ec_diag diag = { 0 };
	int rc = b ? 0 : -ENOMEM;

	if (!rc) {
		b->service = s;
		b->domid = domid;
		rc = s->ports.priv->guest_info(s->ports.priv_ctx, domid, &b->info);
	}
	if (!rc && !b->info.dying && b->info.hvm && has_uuid(&b->info))
		rc = read_notes(b);
	if (rc || !b->n) {
		free_back(b);
		return rc;
	}
	b->paused = !ec_pause(&s->ports, domid, &diag);
	if (!b->paused)
		say(s, domid, "comes back: %s", diag.text);
	*out = b;
	return 0;
}

static int remember(struct ec_comeback *c, uint32_t domid)
{
	uint32_t *more = c->domid;

	if (c->n == c->room) {
		more = realloc(more, (c->room * 2 + 16) * sizeof(*more));
		if (!more)
			return -ENOMEM;
		c->domid = more;
		c->room = c->room * 2 + 16;
	}
	more[c->n++] = domid;
	return 0;
}

/*
 * All guests there are, into @now; those that came and have notes, the first of them first. They
 * are paused here, before any is dealt with, which takes its time.
 */
static struct back *find_guests(struct ec_service *s, struct ec_comeback *now)
{
	struct back *first = NULL, **end = &first;
	uint32_t domid = 0;
	char line[128];
	int rc;

	for (;;) {
		rc = s->ports.priv->next_guest(s->ports.priv_ctx, domid + 1, &domid);
		if (rc)
			break;
		if (!is_known(s, domid)) {
			rc = look_at(s, domid, end);
			if (rc && rc != -ESRCH)
				say(s, domid, "came, and cannot be looked at: %s", strerror(-rc));
			if (rc)
				continue;
			end = *end ? &(*end)->next : end;
		}
		rc = remember(now, domid);
		if (rc)
			break;
	}
	if (rc != -ESRCH) {
		snprintf(line, sizeof(line), "guests that may have come cannot be looked for: %s",
			 strerror(-rc));
		s->ports.log(line);
	}
	return first;
}

/*
 * The domain that it was may still be there: until it is gone it has the functions. False: another
 * guest has the UUID, and lives.
 */
static bool await_death(struct ec_service *s, const struct back *b)
{
	for (unsigned int i = 0; i < s->n; i++) {
		struct ec_guest *g = s->guest[i];

		if (g->domid == b->domid || strcmp(g->info.uuid, b->info.uuid))
			continue;
		ec_guest_look(g, true);
		if (g->dead)
			continue;
		say(s, b->domid, "has the UUID of domain %u, which lives: its functions stay there",
		    g->domid);
		return false;
	}
	return true;
}

/* What the service knows the guest by: a name goes before a number, and may look like one. */
static bool name_it(struct ec_service *s, uint32_t domid, char name[EC_GUEST_NAME_MAX])
{
	uint32_t found;

	s->ports.store->name(s->ports.store_ctx, domid, name);
	if (*name && !s->ports.store->find(s->ports.store_ctx, name, &found) && found == domid)
		return true;
	snprintf(name, EC_GUEST_NAME_MAX, "%u", domid);
	return !s->ports.store->find(s->ports.store_ctx, name, &found) && found == domid;
}

static void give(struct back *b, const char *name)
{
	qsort(b->spec, b->n, sizeof(b->spec[0]), compare);
	for (unsigned int i = 0; i < b->n; i++) {
		char host[EC_SBDF_MAX], guest[EC_SBDF_MAX];
		struct ec_function_status f;
		struct ec_guest_status g;
		struct ec_diag diag = { 0 };
		int rc = ec_service_attach(b->service, name, b->spec + i, &g, &f, &diag);

		ec_sbdf_print(b->spec[i].host, true, host);
		if (rc)
			say(b->service, b->domid, "comes back without %s: %s", host,
			    *diag.text ? diag.text : strerror(-rc));
		else
			say(b->service, b->domid, "comes back with %s, at %s", host,
			    ec_sbdf_print(f.guest, false, guest));
	}
}

/*
 * The notes are read again: if the domain that it was did not reboot, but was destroyed, they went
 * with it.
 */
static void give_back(struct back *b)
{
	struct ec_service *s = b->service;
	char name[EC_GUEST_NAME_MAX] = "";
	struct ec_guest_info info;
	int rc;

	if (!await_death(s, b))
		return;
	ec_service_reap(s);
	rc = read_notes(b);
	if (!rc && b->n && !name_it(s, b->domid, name))
		rc = -ENOENT;
	if (rc)
		say(s, b->domid, "comes back without its functions: %s", strerror(-rc));
	if (rc || !b->n)
		return;
	if (!s->ports.priv->guest_info(s->ports.priv_ctx, b->domid, &info) && info.started)
		say(s, b->domid,
		    "has started before its functions could be given to it: they are hot-plugged");
	give(b, name);
}

void ec_comeback_look(struct ec_service *s)
{
	struct ec_comeback *now = calloc(1, sizeof(*now));
	struct back *b, *next;

	if (!now) {
		s->ports.log("guests that may have come cannot be looked for: out of memory");
		return;
	}
	b = find_guests(s, now);
	ec_comeback_free(s);
	s->comeback = now;
	for (; b; b = next) {
		next = b->next;
		give_back(b);
		if (b->paused)
			ec_unpause(&s->ports, b->domid);
		free_back(b);
	}
}

void ec_comeback_free(struct ec_service *s)
{
	if (s->comeback)
		free(s->comeback->domid);
	free(s->comeback);
	s->comeback = NULL;
}
