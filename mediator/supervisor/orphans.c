/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "supervisor/orphans.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "supervisor/notes.h"

/* A toolstack may need minutes between a guest's old domain and the new one. */
#define INTERVAL_NS 30000000000u
#define MISSED_MAX 10u

struct owner {
	char uuid[EC_UUID_SIZE];
	unsigned int missed;
};

struct ec_orphans {
	uint64_t next; /* time of the next look */
	unsigned int n, room;
	struct owner *owner; /* of notes: guests that did not exist at the last look */
};

struct ec_orphans *ec_orphans_new(void)
{
	return calloc(1, sizeof(struct ec_orphans));
}

void ec_orphans_free(struct ec_orphans *o)
{
	if (o)
		free(o->owner);
	free(o);
}

static struct owner *find(const struct ec_orphans *o, const char *uuid)
{
	for (unsigned int i = 0; i < o->n; i++)
		if (!strcmp(o->owner[i].uuid, uuid))
			return o->owner + i;
	return NULL;
}

static int add(void *ctx, const char *uuid)
{
	struct ec_orphans *o = ctx;
	struct owner *more = o->owner;

	/* no guest's */
	if (strlen(uuid) >= EC_UUID_SIZE)
		return 0;
	if (o->n == o->room) {
		more = realloc(more, (o->room * 2 + 4) * sizeof(*more));
		if (!more)
			return -ENOMEM;
		o->owner = more;
		o->room = o->room * 2 + 4;
	}
	more[o->n].missed = 0;
	snprintf(more[o->n++].uuid, sizeof(more->uuid), "%s", uuid);
	return 0;
}

/* Takes the owners of which a domain exists out of @o. */
static int remove_existing(struct ec_orphans *o, const struct ec_backends *b)
{
	struct ec_guest_info info;
	uint32_t domid = 0;
	int rc;

	for (;;) {
		struct owner *owner;

		rc = ec_priv_next_guest(b, domid + 1, &domid);
		if (rc)
			return rc == -ESRCH ? 0 : rc;
		rc = ec_priv_guest_info(b, domid, &info);
		if (rc && rc != -ESRCH)
			return rc;
		owner = rc ? NULL : find(o, info.uuid);
		if (owner)
			*owner = o->owner[--o->n];
	}
}

/* Removes the notes of a guest. False: not now. */
static bool forget(const struct ec_backends *b, const char *uuid)
{
	char line[EC_UUID_SIZE + 96];

	if (ec_notes_forget(b, uuid))
		return false;
	snprintf(line, sizeof(line), "the notes of guest %s are removed: it did not come back",
		 uuid);
	b->log(line);
	return true;
}

void ec_orphans_tick(struct ec_orphans *o, const struct ec_backends *b)
{
	struct ec_orphans now = { 0 };
	unsigned int n = 0;

	if (ec_now(b) < o->next)
		return;
	o->next = ec_now(b) + INTERVAL_NS;
	if (ec_store_owners(b, add, &now) || remove_existing(&now, b)) {
		free(now.owner);
		return;
	}
	for (unsigned int i = 0; i < now.n; i++) {
		struct owner *owner = now.owner + i;
		const struct owner *before = find(o, owner->uuid);

		owner->missed = before ? before->missed + 1 : 1;
		if (owner->missed < MISSED_MAX || !forget(b, owner->uuid))
			now.owner[n++] = *owner;
	}
	free(o->owner);
	o->owner = now.owner;
	o->n = n;
	o->room = now.room;
}
