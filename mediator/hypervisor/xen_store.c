/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "hypervisor/xen_store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xenstore.h>

#define NODE_MAX 96
#define RELEASED "@releaseDomain"

struct ec_xen_store {
	struct xs_handle *xs;
};

struct ec_xen_store *ec_xen_store_open(struct ec_diag *diag)
{
	struct ec_xen_store *x = calloc(1, sizeof(*x));

	if (!x) {
		ec_diag_set(diag, 0, "out of memory");
		return NULL;
	}
	x->xs = xs_open(0);
	if (!x->xs || !xs_watch(x->xs, RELEASED, RELEASED)) {
		ec_diag_set(diag, 0, "xenstore: %s", strerror(errno));
		ec_xen_store_close(x);
		return NULL;
	}
	return x;
}

void ec_xen_store_close(struct ec_xen_store *x)
{
	if (!x)
		return;
	if (x->xs)
		xs_close(x->xs);
	free(x);
}

/* A node's number; -ENOENT if there is no such node or it holds none. */
static int read_number(struct ec_xen_store *x, xs_transaction_t t, const char *path, uint32_t *out)
{
	unsigned int len;
	char *text = xs_read(x->xs, t, path, &len), *end;
	unsigned long v;

	if (!text)
		return errno == ENOENT ? -ENOENT : -errno;
	v = strtoul(text, &end, 10);
	if (end == text || *end || v > 0x7fff) {
		free(text);
		return -ENOENT;
	}
	*out = (uint32_t)v;
	free(text);
	return 0;
}

static bool exists(struct ec_xen_store *x, uint32_t domid)
{
	char path[NODE_MAX];
	unsigned int len;
	char *text;
	bool found;

	snprintf(path, sizeof(path), "/local/domain/%u/name", domid);
	text = xs_read(x->xs, XBT_NULL, path, &len);
	found = text;
	free(text);
	return found;
}

static int name(void *ctx, uint32_t domid, char out[EC_GUEST_NAME_MAX])
{
	struct ec_xen_store *x = ctx;
	char path[NODE_MAX];
	unsigned int len;
	char *text;

	snprintf(path, sizeof(path), "/local/domain/%u/name", domid);
	text = xs_read(x->xs, XBT_NULL, path, &len);
	snprintf(out, EC_GUEST_NAME_MAX, "%s", text ? text : "");
	free(text);
	return 0;
}

/* A name goes before a number: a guest may be called "7". */
static int find(void *ctx, const char *want, uint32_t *domid)
{
	struct ec_xen_store *x = ctx;
	unsigned int n = 0;
	char **ids = xs_directory(x->xs, XBT_NULL, "/local/domain", &n), *end;
	unsigned long number;
	bool found = false;

	for (unsigned int i = 0; i < n && !found; i++) {
		char path[NODE_MAX], *text;
		unsigned int len;

		snprintf(path, sizeof(path), "/local/domain/%s/name", ids[i]);
		text = xs_read(x->xs, XBT_NULL, path, &len);
		found = text && !strcmp(text, want);
		if (found)
			*domid = (uint32_t)strtoul(ids[i], NULL, 10);
		free(text);
	}
	free(ids);
	if (found)
		return 0;
	number = strtoul(want, &end, 10);
	if (end == want || *end || number > 0x7fef || !exists(x, (uint32_t)number))
		return -ENOENT;
	*domid = (uint32_t)number;
	return 0;
}

static void claim_dir(struct ec_sbdf at, char path[NODE_MAX])
{
	snprintf(path, NODE_MAX, "/libxl/pci/%04x-%02x-%02x-%x", at.segment, at.bus, at.devfn >> 3,
		 at.devfn & 7);
}

/* Once: -EAGAIN if somebody else changed the node meanwhile. */
static int claim_once(struct ec_xen_store *x, const char *path, uint32_t domid, uint32_t *holder)
{
	xs_transaction_t t = xs_transaction_start(x->xs);
	char text[16];
	int rc;

	if (!t)
		return -errno;
	rc = read_number(x, t, path, holder);
	if ((rc && rc != -ENOENT) || (!rc && exists(x, *holder))) {
		xs_transaction_end(x->xs, t, true);
		return rc ? rc : -EBUSY;
	}
	snprintf(text, sizeof(text), "%u", domid);
	if (!xs_write(x->xs, t, path, text, (unsigned int)strlen(text))) {
		rc = -errno;
		xs_transaction_end(x->xs, t, true);
		return rc;
	}
	return xs_transaction_end(x->xs, t, false) ? 0 : -errno;
}

static int claim(void *ctx, struct ec_sbdf at, uint32_t domid, uint32_t *holder)
{
	char dir[NODE_MAX], path[NODE_MAX + 8];
	int rc = -EAGAIN;

	claim_dir(at, dir);
	snprintf(path, sizeof(path), "%s/domid", dir);
	for (int tries = 0; rc == -EAGAIN && tries < 16; tries++)
		rc = claim_once(ctx, path, domid, holder);
	return rc;
}

/* The directory stays if it holds more, such as the driver that libxl noted. */
static int release(void *ctx, struct ec_sbdf at)
{
	struct ec_xen_store *x = ctx;
	char dir[NODE_MAX], path[NODE_MAX + 8], **left;
	unsigned int n = 1;

	claim_dir(at, dir);
	snprintf(path, sizeof(path), "%s/domid", dir);
	if (!xs_rm(x->xs, XBT_NULL, path))
		return -errno;
	left = xs_directory(x->xs, XBT_NULL, dir, &n);
	if (left && !n)
		xs_rm(x->xs, XBT_NULL, dir);
	free(left);
	return 0;
}

static int fd(void *ctx)
{
	struct ec_xen_store *x = ctx;

	return xs_fileno(x->xs);
}

static int dispatch(void *ctx)
{
	struct ec_xen_store *x = ctx;
	char **event;
	int any = 0;

	while ((event = xs_check_watch(x->xs))) {
		any = 1;
		free(event);
	}
	return any || errno == EAGAIN ? any : -errno;
}

const struct ec_store_ops ec_xen_store_ops = {
	.find = find,
	.name = name,
	.claim = claim,
	.release = release,
	.fd = fd,
	.dispatch = dispatch,
};
