/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "hypervisor/xen_store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xen/xen.h>
#include <xenstore.h>

#include "core/bits.h"

#define NODE_MAX 96
/* ssssssss-bb-dd-f */
#define FUNCTION_MAX 24
#define RELEASED "@releaseDomain"
#define INTRODUCED "@introduceDomain"

/* Notes: NOTES/UUID/SSSS-BB-DD-F. */
#define NOTES "/tool/ecamd/guest"
#define UUID_MAX 36
#define UUID_DIR 64

/* How often a transaction is tried that conflicts with another one. */
#define TRIES 16

struct ec_xen_store {
	struct xs_handle *xs; /* NULL: the connection is lost and was given up */
	bool lost;            /* no call may use it: libxenstore would use a closed descriptor */
};

/* Connects and sets the watches. Returns 0 or a negative errno. */
static int connect_store(struct ec_xen_store *x)
{
	int rc = 0;

	x->xs = xs_open(0);
	if (!x->xs || !xs_watch(x->xs, RELEASED, RELEASED) ||
	    !xs_watch(x->xs, INTRODUCED, INTRODUCED))
		rc = errno ? -errno : -EIO;
	if (rc && x->xs)
		xs_close(x->xs);
	if (rc)
		x->xs = NULL;
	x->lost = rc;
	return rc;
}

struct ec_xen_store *ec_xen_store_open(struct ec_diag *diag)
{
	struct ec_xen_store *x = calloc(1, sizeof(*x));
	int rc = x ? connect_store(x) : -ENOMEM;

	if (!rc)
		return x;
	ec_diag_set(diag, 0, x ? "xenstore: %s" : "%s", strerror(-rc));
	free(x);
	return NULL;
}

void ec_xen_store_close(struct ec_xen_store *x)
{
	if (!x)
		return;
	if (x->xs)
		xs_close(x->xs);
	free(x);
}

/*
 * The errno of a call that failed. After the first three libxenstore has closed its descriptor,
 * or never uses it again: the connection is lost.
 */
static int error(struct ec_xen_store *x)
{
	if (errno == EBADF || errno == EPIPE || errno == ECONNRESET)
		x->lost = true;
	return x->lost ? -ENOTCONN : errno ? -errno : -EIO;
}

/* Digits only: strtoul(3) would accept a sign, and make another domain's id of a large number. */
static bool parse_domid(const char *text, uint32_t *out)
{
	const char *p = text;
	uint32_t v = 0;

	for (; *p >= '0' && *p <= '9' && v < DOMID_FIRST_RESERVED; p++)
		v = v * 10 + (uint32_t)(*p - '0');
	if (p == text || *p || v >= DOMID_FIRST_RESERVED)
		return false;
	*out = v;
	return true;
}

/* Reads a domain id from a node; -ENOENT: there is no such node, or it holds none. */
static int read_number(struct ec_xen_store *x, xs_transaction_t t, const char *path, uint32_t *out)
{
	unsigned int len;
	char *text = xs_read(x->xs, t, path, &len);
	bool valid;

	if (!text)
		return error(x);
	valid = parse_domid(text, out);
	free(text);
	return valid ? 0 : -ENOENT;
}

/* 1: domain @domid has a name; 0: it has none; or a negative errno. */
static int exists(struct ec_xen_store *x, uint32_t domid)
{
	char path[NODE_MAX];
	unsigned int len;
	char *text;
	int rc;

	snprintf(path, sizeof(path), "/local/domain/%u/name", domid);
	text = xs_read(x->xs, XBT_NULL, path, &len);
	rc = text ? 1 : error(x);
	free(text);
	return rc == -ENOENT ? 0 : rc;
}

static int name(void *ctx, uint32_t domid, char out[EC_GUEST_NAME_MAX])
{
	struct ec_xen_store *x = ctx;
	char path[NODE_MAX];
	unsigned int len;
	char *text;

	*out = 0;
	if (x->lost)
		return -ENOTCONN;
	snprintf(path, sizeof(path), "/local/domain/%u/name", domid);
	text = xs_read(x->xs, XBT_NULL, path, &len);
	if (!text)
		return error(x) == -ENOTCONN ? -ENOTCONN : 0;
	snprintf(out, EC_GUEST_NAME_MAX, "%s", text);
	free(text);
	return 0;
}

/* Returns 1 with *@domid if a domain has the name @want, 0, or a negative errno. */
static int find_name(struct ec_xen_store *x, const char *want, uint32_t *domid)
{
	unsigned int n = 0, len;
	char **ids = xs_directory(x->xs, XBT_NULL, "/local/domain", &n), path[NODE_MAX];
	int rc = ids ? 0 : error(x);

	for (unsigned int i = 0; i < n && !rc; i++) {
		char *text;

		if (!parse_domid(ids[i], domid))
			continue;
		snprintf(path, sizeof(path), "/local/domain/%u/name", *domid);
		text = xs_read(x->xs, XBT_NULL, path, &len);
		if (text)
			rc = !strcmp(text, want);
		/* a domain without a name is not wanted */
		else if (error(x) == -ENOTCONN)
			rc = -ENOTCONN;
		free(text);
	}
	free(ids);
	return rc == -ENOENT ? 0 : rc;
}

/* A name counts before a number: a guest may be called "7". */
static int find(void *ctx, const char *want, uint32_t *domid)
{
	struct ec_xen_store *x = ctx;
	uint32_t id = 0;
	int rc;

	if (x->lost)
		return -ENOTCONN;
	rc = find_name(x, want, &id);
	if (!rc && parse_domid(want, &id))
		rc = exists(x, id);
	if (rc <= 0)
		return rc ? rc : -ENOENT;
	*domid = id;
	return 0;
}

/* The name of a function's node as libxl writes it, SSSS-BB-DD-F. */
static const char *node_name(struct ec_sbdf at, char name[FUNCTION_MAX])
{
	snprintf(name, FUNCTION_MAX, "%04x-%02x-%02x-%x", at.segment, at.bus, at.devfn >> 3,
		 at.devfn & 7);
	return name;
}

static void claim_dir(struct ec_sbdf at, char path[NODE_MAX])
{
	char name[FUNCTION_MAX];

	snprintf(path, NODE_MAX, "/libxl/pci/%s", node_name(at, name));
}

/* Ends a transaction, which keeps nothing if @rc is not 0. Returns @rc, or how the end failed. */
static int end_transaction(struct ec_xen_store *x, xs_transaction_t t, int rc)
{
	bool ended = !x->lost && xs_transaction_end(x->xs, t, rc);

	return rc || ended ? rc : error(x);
}

/* One try; -EAGAIN: somebody else changed the node meanwhile. */
static int claim_once(struct ec_xen_store *x, const char *path, uint32_t domid, uint32_t *holder)
{
	xs_transaction_t t = xs_transaction_start(x->xs);
	char text[16];
	int rc;

	if (!t)
		return error(x);
	rc = read_number(x, t, path, holder);
	/* whether the holder lives must be known */
	if (!rc)
		rc = exists(x, *holder);
	if (rc > 0)
		rc = -EBUSY;
	if (rc == -ENOENT)
		rc = 0;
	snprintf(text, sizeof(text), "%u", domid);
	if (!rc && !xs_write(x->xs, t, path, text, (unsigned int)strlen(text)))
		rc = error(x);
	return end_transaction(x, t, rc);
}

static int claim(void *ctx, struct ec_sbdf at, uint32_t domid, uint32_t *holder)
{
	struct ec_xen_store *x = ctx;
	char dir[NODE_MAX], path[NODE_MAX + 8];
	int rc = -EAGAIN;

	if (x->lost)
		return -ENOTCONN;
	claim_dir(at, dir);
	snprintf(path, sizeof(path), "%s/domid", dir);
	for (int tries = 0; rc == -EAGAIN && tries < TRIES; tries++)
		rc = claim_once(x, path, domid, holder);
	return rc;
}

/* Removes a directory unless it holds more, such as the driver that libxl recorded. */
static void drop_empty(struct ec_xen_store *x, const char *dir)
{
	unsigned int n = 1;
	char **left = xs_directory(x->xs, XBT_NULL, dir, &n);

	if (left && !n)
		xs_rm(x->xs, XBT_NULL, dir);
	free(left);
}

static int release(void *ctx, struct ec_sbdf at)
{
	struct ec_xen_store *x = ctx;
	char dir[NODE_MAX], path[NODE_MAX + 8];

	if (x->lost)
		return -ENOTCONN;
	claim_dir(at, dir);
	snprintf(path, sizeof(path), "%s/domid", dir);
	if (!xs_rm(x->xs, XBT_NULL, path))
		return error(x);
	drop_empty(x, dir);
	return 0;
}

static int read_node(void *ctx, uint32_t domid, const char *want, char *buf, size_t size)
{
	struct ec_xen_store *x = ctx;
	char path[2 * NODE_MAX];
	unsigned int len;
	char *text;
	int rc = 0;

	if (x->lost)
		return -ENOTCONN;
	if ((size_t)snprintf(path, sizeof(path), "/local/domain/%u/%s", domid, want) >=
	    sizeof(path))
		return -ENOENT;
	text = xs_read(x->xs, XBT_NULL, path, &len);
	if (!text)
		return error(x);
	/* the text ends at the first 0 */
	if (strlen(text) < size)
		strcpy(buf, text);
	else
		rc = -ENOSPC;
	free(text);
	return rc;
}

/* Only domain 0 may read them; nodes that it creates below inherit the permissions. */
static bool make_notes(struct ec_xen_store *x, xs_transaction_t t)
{
	static const char *const dirs[] = { "/tool/ecamd", NOTES };
	struct xs_permissions own = { .id = 0, .perms = XS_PERM_NONE };

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(dirs); i++)
		if (!xs_mkdir(x->xs, t, dirs[i]) || !xs_set_permissions(x->xs, t, dirs[i], &own, 1))
			return false;
	return true;
}

/* One try; -EAGAIN: somebody else changed a node meanwhile. */
static int note_once(struct ec_xen_store *x, const char *path, const char *text)
{
	xs_transaction_t t = xs_transaction_start(x->xs);
	int rc = 0;

	if (!t)
		return error(x);
	if (!make_notes(x, t) || !xs_write(x->xs, t, path, text, (unsigned int)strlen(text)))
		rc = error(x);
	return end_transaction(x, t, rc);
}

static int note(void *ctx, const char *uuid, struct ec_sbdf host, const char *text)
{
	struct ec_xen_store *x = ctx;
	char dir[UUID_DIR], path[NODE_MAX], name[FUNCTION_MAX];
	int rc = -EAGAIN;

	if (!*uuid || strlen(uuid) > UUID_MAX)
		return -EINVAL;
	if (x->lost)
		return -ENOTCONN;
	snprintf(dir, sizeof(dir), NOTES "/%s", uuid);
	snprintf(path, sizeof(path), "%s/%s", dir, node_name(host, name));
	if (text) {
		for (int tries = 0; rc == -EAGAIN && tries < TRIES; tries++)
			rc = note_once(x, path, text);
		return rc;
	}
	if (!xs_rm(x->xs, XBT_NULL, path)) {
		rc = error(x);
		return rc == -ENOENT ? 0 : rc;
	}
	drop_empty(x, dir);
	return 0;
}

/* Returns false for a name that node_name() does not produce. */
static bool parse_name(const char *text, struct ec_sbdf *at)
{
	unsigned int segment, bus, device, function;
	char name[FUNCTION_MAX];

	if (sscanf(text, "%x-%x-%x-%x", &segment, &bus, &device, &function) != 4)
		return false;
	*at = (struct ec_sbdf){ .segment = segment,
				.bus = (uint8_t)bus,
				.devfn = (uint8_t)(device << 3 | (function & 7)) };
	return !strcmp(node_name(*at, name), text);
}

static int owners(void *ctx, ec_store_each_owner *each, void *each_ctx)
{
	struct ec_xen_store *x = ctx;
	unsigned int n = 0;
	char **names;
	int rc = 0;

	if (x->lost)
		return -ENOTCONN;
	names = xs_directory(x->xs, XBT_NULL, NOTES, &n);
	if (!names) {
		rc = error(x);
		return rc == -ENOENT ? 0 : rc;
	}
	for (unsigned int i = 0; i < n && !rc; i++)
		rc = each(each_ctx, names[i]);
	free(names);
	return rc;
}

static int recall(void *ctx, const char *uuid,
		  int (*each)(void *each_ctx, struct ec_sbdf host, const char *text),
		  void *each_ctx)
{
	struct ec_xen_store *x = ctx;
	char dir[UUID_DIR], path[NODE_MAX], **names;
	unsigned int n = 0, len;
	int rc = 0;

	if (!*uuid || strlen(uuid) > UUID_MAX)
		return -EINVAL;
	if (x->lost)
		return -ENOTCONN;
	snprintf(dir, sizeof(dir), NOTES "/%s", uuid);
	names = xs_directory(x->xs, XBT_NULL, dir, &n);
	if (!names) {
		rc = error(x);
		return rc == -ENOENT ? 0 : rc;
	}
	for (unsigned int i = 0; i < n && !rc; i++) {
		struct ec_sbdf host;
		char *text;

		if (!parse_name(names[i], &host))
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		/* each() may have lost the connection */
		text = x->lost ? NULL : xs_read(x->xs, XBT_NULL, path, &len);
		rc = text ? each(each_ctx, host, text) : error(x);
		if (!text && rc == -ENOENT)
			rc = 0;
		free(text);
	}
	free(names);
	return rc;
}

static int fd(void *ctx)
{
	struct ec_xen_store *x = ctx;

	return x->lost ? -ENOTCONN : xs_fileno(x->xs);
}

static int dispatch(void *ctx)
{
	struct ec_xen_store *x = ctx;
	char **event;
	int events = 0;

	while (!x->lost && (event = xs_check_watch(x->xs))) {
		events |= strcmp(event[XS_WATCH_TOKEN], INTRODUCED) ? EC_STORE_DIED : EC_STORE_CAME;
		free(event);
	}
	if (!events && errno != EAGAIN)
		x->lost = true;
	return x->lost ? -ENOTCONN : events;
}

/* The old handle is closed here, when its descriptor is not watched any more. */
static int reopen(void *ctx)
{
	struct ec_xen_store *x = ctx;

	if (x->xs)
		xs_close(x->xs);
	return connect_store(x);
}

const struct ec_store_ops ec_xen_store_ops = {
	.find = find,
	.name = name,
	.claim = claim,
	.release = release,
	.read = read_node,
	.note = note,
	.recall = recall,
	.owners = owners,
	.fd = fd,
	.dispatch = dispatch,
	.reopen = reopen,
};
