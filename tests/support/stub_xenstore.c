/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stub_xenstore.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xenstore.h>

#include "stub_xen.h"

#define NODES 64
#define PATH 256
#define QUEUE 16

struct xs_handle {
	bool dead;
	unsigned int watches, queued;
	char queue[QUEUE][PATH];
};

static struct {
	struct {
		char path[PATH], value[PATH];
	} node[NODES], saved[NODES];
	unsigned int nodes, n_saved;
	struct xs_handle *handle;
	unsigned int open;
	bool down;
	unsigned int conflicts;
	const char *other, *other_value;
} store;

void stub_store_reset(void)
{
	memset(&store, 0, sizeof(store));
}

static bool is_below(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return !strncmp(path, dir, len) && (!path[len] || path[len] == '/');
}

static int find(const char *path)
{
	for (unsigned int i = 0; i < store.nodes; i++)
		if (!strcmp(store.node[i].path, path))
			return (int)i;
	return -1;
}

void stub_store_set(const char *path, const char *value)
{
	int i = find(path);

	if (!value) {
		for (unsigned int k = store.nodes; k-- > 0;)
			if (is_below(store.node[k].path, path))
				store.node[k] = store.node[--store.nodes];
		return;
	}
	if (i < 0) {
		ck_assert_uint_lt(store.nodes, NODES);
		i = (int)store.nodes++;
		snprintf(store.node[i].path, PATH, "%s", path);
	}
	snprintf(store.node[i].value, PATH, "%s", value);
}

const char *stub_store_get(const char *path)
{
	int i = find(path);

	return i < 0 ? NULL : store.node[i].value;
}

void stub_store_die(bool down)
{
	store.handle->dead = true;
	store.down = down;
}

void stub_store_up(void)
{
	store.down = false;
}

void stub_store_fire(const char *path)
{
	ck_assert_uint_lt(store.handle->queued, QUEUE);
	snprintf(store.handle->queue[store.handle->queued++], PATH, "%s", path);
}

void stub_store_conflicts(unsigned int n, const char *path, const char *value)
{
	store.conflicts = n;
	store.other = path;
	store.other_value = value;
}

unsigned int stub_store_watches(void)
{
	return store.handle->watches;
}

unsigned int stub_store_open(void)
{
	return store.open;
}

/* Whether a call fails. */
static bool fails(struct xs_handle *h, const char *name, const char *path)
{
	if (stub_xen_call(name, "%s", path))
		return true;
	if (h->dead)
		errno = EBADF;
	return h->dead;
}

struct xs_handle *xs_open(unsigned long flags)
{
	if (stub_xen_call("xs_open", "%lx", flags))
		return NULL;
	if (store.down) {
		errno = ECONNREFUSED;
		return NULL;
	}
	store.handle = calloc(1, sizeof(*store.handle));
	ck_assert(store.handle != NULL);
	store.open++;
	return store.handle;
}

void xs_close(struct xs_handle *h)
{
	stub_xen_call("xs_close", "-");
	store.open--;
	if (store.handle == h)
		store.handle = NULL;
	free(h);
}

bool xs_watch(struct xs_handle *h, const char *path, const char *token)
{
	if (fails(h, "watch", path))
		return false;
	ck_assert_str_eq(path, token);
	h->watches++;
	/* a watch fires once when it is set */
	stub_store_fire(path);
	return true;
}

int xs_fileno(struct xs_handle *h)
{
	return h->dead ? -1 : 1000;
}

char **xs_check_watch(struct xs_handle *h)
{
	size_t len;
	char **event;

	if (!h->queued) {
		errno = h->dead ? EINVAL : EAGAIN;
		return NULL;
	}
	len = strlen(h->queue[0]) + 1;
	event = calloc(1, 2 * sizeof(*event) + len);
	ck_assert(event != NULL);
	event[XS_WATCH_PATH] = event[XS_WATCH_TOKEN] =
		memcpy((char *)(event + 2), h->queue[0], len);
	memmove(h->queue, h->queue + 1, --h->queued * sizeof(h->queue[0]));
	return event;
}

void *xs_read(struct xs_handle *h, xs_transaction_t t, const char *path, unsigned int *len)
{
	const char *value = stub_store_get(path);

	(void)t;
	if (fails(h, "read", path))
		return NULL;
	if (!value) {
		errno = ENOENT;
		return NULL;
	}
	*len = (unsigned int)strlen(value);
	return strdup(value);
}

/* The names are behind the array, as in libxenstore: one free(3). */
char **xs_directory(struct xs_handle *h, xs_transaction_t t, const char *path, unsigned int *n)
{
	char **names, *text;
	size_t len = strlen(path);
	unsigned int found = 0;

	(void)t;
	if (fails(h, "directory", path))
		return NULL;
	names = calloc(1, NODES * (sizeof(*names) + PATH));
	ck_assert(names != NULL);
	text = (char *)(names + NODES);
	for (unsigned int i = 0; i < store.nodes; i++) {
		const char *rest = store.node[i].path + len + 1;
		bool known = false;

		if (!is_below(store.node[i].path, path) || !store.node[i].path[len])
			continue;
		snprintf(text, PATH, "%.*s", (int)strcspn(rest, "/"), rest);
		for (unsigned int k = 0; k < found; k++)
			known |= !strcmp(names[k], text);
		if (known)
			continue;
		names[found++] = text;
		text += strlen(text) + 1;
	}
	*n = found;
	if (found || find(path) >= 0)
		return names;
	free(names);
	errno = ENOENT;
	return NULL;
}

bool xs_write(struct xs_handle *h, xs_transaction_t t, const char *path, const void *value,
	      unsigned int len)
{
	char text[PATH];

	(void)t;
	if (fails(h, "write", path))
		return false;
	snprintf(text, sizeof(text), "%.*s", (int)len, (const char *)value);
	stub_store_set(path, text);
	return true;
}

bool xs_mkdir(struct xs_handle *h, xs_transaction_t t, const char *path)
{
	(void)t;
	if (fails(h, "mkdir", path))
		return false;
	if (find(path) < 0)
		stub_store_set(path, "");
	return true;
}

bool xs_rm(struct xs_handle *h, xs_transaction_t t, const char *path)
{
	(void)t;
	if (fails(h, "rm", path))
		return false;
	stub_store_set(path, NULL);
	return true;
}

bool xs_set_permissions(struct xs_handle *h, xs_transaction_t t, const char *path,
			struct xs_permissions *perms, unsigned int n)
{
	(void)t;
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(perms->id, 0);
	ck_assert_int_eq(perms->perms, XS_PERM_NONE);
	return !fails(h, "permissions", path);
}

xs_transaction_t xs_transaction_start(struct xs_handle *h)
{
	if (fails(h, "start", "-"))
		return XBT_NULL;
	memcpy(store.saved, store.node, sizeof(store.node));
	store.n_saved = store.nodes;
	return 1;
}

bool xs_transaction_end(struct xs_handle *h, xs_transaction_t t, bool abort)
{
	bool conflict = !abort && store.conflicts;

	(void)t;
	if (fails(h, "end", abort ? "abort" : "commit"))
		abort = true;
	if (abort || conflict) {
		memcpy(store.node, store.saved, sizeof(store.node));
		store.nodes = store.n_saved;
	}
	if (!conflict)
		return !h->dead;
	store.conflicts--;
	stub_store_set(store.other, store.other_value);
	errno = EAGAIN;
	return false;
}
