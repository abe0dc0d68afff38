/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The store. Source: Xen tools/xenstore/xenstored_domain.c. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "fakexen_state.h"

/* A call fails while the connection is lost. */
static struct fx_call in_store(struct fx_call c)
{
	if (c.f->lost && !c.rc)
		c.rc = -ENOTCONN;
	return c;
}

static int do_find(struct fakexen *f, const char *name, uint32_t *domid)
{
	struct fx_guest *g;
	unsigned long number;
	char *end;

	/* a guest may be called "7" */
	for (unsigned int i = 0; i < f->guests; i++)
		if (!f->guest[i].dead && *name && !strcmp(f->guest[i].name, name)) {
			*domid = f->guest[i].domid;
			return 0;
		}
	number = strtoul(name, &end, 10);
	g = end == name || *end ? NULL : fx_guest(f, (uint32_t)number);
	if (!g)
		return -ENOENT;
	*domid = g->domid;
	return 0;
}

static int find(void *ctx, const char *name, uint32_t *domid)
{
	struct fx_call c = in_store(fx_begin(ctx, "find %.64s", name));

	return fx_end(c, c.rc ? c.rc : do_find(ctx, name, domid));
}

/* The store has names, even of dead domains. */
static int name_of(void *ctx, uint32_t domid, char name[EC_GUEST_NAME_MAX])
{
	struct fx_call c = in_store(fx_begin(ctx, "name d%u", domid));
	struct fx_guest *g = fx_guest(ctx, domid);

	snprintf(name, EC_GUEST_NAME_MAX, "%s", g && !c.rc ? g->name : "");
	return fx_end(c, c.rc);
}

/* A claim of a dead guest does not count. */
static int do_claim(struct fakexen *f, struct ec_sbdf at, uint32_t domid, uint32_t *holder)
{
	struct fx_item *t = fx_of(f, FX_CLAIM, at);

	if (t && fx_guest(f, (uint32_t)t->a)) {
		*holder = (uint32_t)t->a;
		return -EBUSY;
	}
	if (!t)
		t = fx_add(f, &(struct fx_item){ .kind = FX_CLAIM, .at = at });
	t->a = domid;
	return 0;
}

static int claim(void *ctx, struct ec_sbdf at, uint32_t domid, uint32_t *holder)
{
	struct fx_call c = in_store(fx_begin(ctx, "claim %s d%u", fx_name(at), domid));

	return fx_end(c, c.rc ? c.rc : do_claim(ctx, at, domid, holder));
}

static int release(void *ctx, struct ec_sbdf at)
{
	struct fx_call c = in_store(fx_begin(ctx, "release %s", fx_name(at)));
	struct fx_item *t = fx_of(ctx, FX_CLAIM, at);

	if (c.rc)
		return fx_end(c, c.rc);
	if (!t)
		return fx_end(c, -ENOENT);
	fx_drop(ctx, t);
	return 0;
}

static int store_fd(void *ctx)
{
	struct fakexen *f = ctx;

	return f->event;
}

static int store_dispatch(void *ctx)
{
	struct fakexen *f = ctx;
	struct fx_call c = in_store(fx_begin(f, "store_dispatch"));
	eventfd_t count;
	int events = f->events;

	if (c.rc)
		return fx_end(c, c.rc);
	f->events = 0;
	return fx_end(c, eventfd_read(f->event, &count) ? 0 : events);
}

void fx_store_event(struct fakexen *f, int what)
{
	f->events |= what;
	ck_assert_int_eq(eventfd_write(f->event, 1), 0);
}

static int store_reopen(void *ctx)
{
	struct fakexen *f = ctx;
	struct fx_call c = fx_begin(f, "store_reopen");

	if (!c.rc && f->down)
		c.rc = -ECONNREFUSED;
	if (c.rc)
		return fx_end(c, c.rc);
	close(f->event);
	f->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ck_assert_int_ge(f->event, 0);
	f->lost = false;
	/* each watch fires once when it is set */
	fx_store_event(f, EC_STORE_DIED | EC_STORE_CAME);
	return 0;
}

void fakexen_store_down(struct fakexen *f, bool down)
{
	f->down = down;
	if (!down)
		return;
	f->lost = true;
	fx_store_event(f, 0);
}

static int read_node(void *ctx, uint32_t domid, const char *path, char *buf, size_t len)
{
	struct fx_call c = in_store(fx_begin(ctx, "read d%u %s", domid, path));
	struct fx_guest *g = fx_guest(ctx, domid);

	if (c.rc)
		return fx_end(c, c.rc);
	for (unsigned int i = 0; g && i < g->nodes; i++) {
		if (strcmp(g->node[i].path, path))
			continue;
		if (strlen(g->node[i].value) >= len)
			return fx_end(c, -ENOSPC);
		strcpy(buf, g->node[i].value);
		return 0;
	}
	return fx_end(c, -ENOENT);
}

static struct fx_note *find_note(struct fakexen *f, const char *uuid, struct ec_sbdf host)
{
	for (unsigned int i = 0; i < f->notes; i++)
		if (!strcmp(f->note[i].uuid, uuid) && !ec_sbdf_compare(f->note[i].host, host))
			return f->note + i;
	return NULL;
}

static int do_note(struct fakexen *f, const char *uuid, struct ec_sbdf host, const char *text)
{
	struct fx_note *n = find_note(f, uuid, host);

	if (!*uuid || strlen(uuid) >= sizeof(n->uuid))
		return -EINVAL;
	if (!text) {
		if (n)
			*n = f->note[--f->notes];
		return 0;
	}
	if (!n) {
		ck_assert_uint_lt(f->notes, FX_NOTES);
		n = f->note + f->notes++;
	}
	n->host = host;
	snprintf(n->uuid, sizeof(n->uuid), "%s", uuid);
	snprintf(n->text, sizeof(n->text), "%s", text);
	return 0;
}

static int note(void *ctx, const char *uuid, struct ec_sbdf host, const char *text)
{
	struct fx_call c =
		in_store(fx_begin(ctx, "note %s %s %s", uuid, fx_name(host), text ? text : "-"));

	return fx_end(c, c.rc ? c.rc : do_note(ctx, uuid, host, text));
}

/* On a copy: the callback may remove notes. */
static int recall(void *ctx, const char *uuid,
		  int (*each)(void *each_ctx, struct ec_sbdf host, const char *text),
		  void *each_ctx)
{
	struct fakexen *f = ctx;
	struct fx_call c = in_store(fx_begin(f, "recall %s", uuid));
	struct fx_note all[FX_NOTES];
	unsigned int n = f->notes;

	if (c.rc)
		return fx_end(c, c.rc);
	if (!*uuid)
		return fx_end(c, -EINVAL);
	memcpy(all, f->note, sizeof(all));
	for (unsigned int i = 0; i < n && !c.rc; i++)
		if (!strcmp(all[i].uuid, uuid))
			c.rc = each(each_ctx, all[i].host, all[i].text);
	return c.rc;
}

/* Each as often as it has notes. */
static int owners(void *ctx, ec_store_each_owner *each, void *each_ctx)
{
	struct fakexen *f = ctx;
	struct fx_call c = in_store(fx_begin(f, "owners"));
	struct fx_note all[FX_NOTES];
	unsigned int n = f->notes;

	if (c.rc)
		return fx_end(c, c.rc);
	memcpy(all, f->note, sizeof(all));
	for (unsigned int i = 0; i < n && !c.rc; i++)
		if (!i || strcmp(all[i].uuid, all[i - 1].uuid) != 0)
			c.rc = each(each_ctx, all[i].uuid);
	return c.rc;
}

const char *fakexen_note(struct fakexen *f, const char *uuid, struct ec_sbdf host)
{
	const struct fx_note *n = find_note(f, uuid, host);

	return n ? n->text : NULL;
}

const struct ec_store_ops fakexen_store_ops = {
	.find = find,
	.name = name_of,
	.claim = claim,
	.release = release,
	.read = read_node,
	.note = note,
	.recall = recall,
	.owners = owners,
	.fd = store_fd,
	.dispatch = store_dispatch,
	.reopen = store_reopen,
};
