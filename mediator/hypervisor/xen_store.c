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
	if (!x->xs || !xs_watch(x->xs, RELEASED, RELEASED) ||
	    !xs_watch(x->xs, INTRODUCED, INTRODUCED)) {
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
		return errno == ENOENT ? -ENOENT : -errno;
	valid = parse_domid(text, out);
	free(text);
	return valid ? 0 : -ENOENT;
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

/* A name counts before a number: a guest may be called "7". */
static int find(void *ctx, const char *want, uint32_t *domid)
{
	struct ec_xen_store *x = ctx;
	unsigned int n = 0;
	char **ids = xs_directory(x->xs, XBT_NULL, "/local/domain", &n);
	bool found = false;
	uint32_t id;

	for (unsigned int i = 0; i < n && !found; i++) {
		char path[NODE_MAX], *text;
		unsigned int len;

		if (!parse_domid(ids[i], &id))
			continue;
		snprintf(path, sizeof(path), "/local/domain/%u/name", id);
		text = xs_read(x->xs, XBT_NULL, path, &len);
		found = text && !strcmp(text, want);
		free(text);
	}
	free(ids);
	if (!found && (!parse_domid(want, &id) || !exists(x, id)))
		return -ENOENT;
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

/* One try; -EAGAIN: somebody else changed the node meanwhile. */
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
	for (int tries = 0; rc == -EAGAIN && tries < TRIES; tries++)
		rc = claim_once(ctx, path, domid, holder);
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

	claim_dir(at, dir);
	snprintf(path, sizeof(path), "%s/domid", dir);
	if (!xs_rm(x->xs, XBT_NULL, path))
		return -errno;
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

	if ((size_t)snprintf(path, sizeof(path), "/local/domain/%u/%s", domid, want) >=
	    sizeof(path))
		return -ENOENT;
	text = xs_read(x->xs, XBT_NULL, path, &len);
	if (!text)
		return -errno;
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
	int rc;

	if (!t)
		return -errno;
	if (!make_notes(x, t) || !xs_write(x->xs, t, path, text, (unsigned int)strlen(text))) {
		rc = -errno;
		xs_transaction_end(x->xs, t, true);
		return rc;
	}
	return xs_transaction_end(x->xs, t, false) ? 0 : -errno;
}

static int note(void *ctx, const char *uuid, struct ec_sbdf host, const char *text)
{
	struct ec_xen_store *x = ctx;
	char dir[UUID_DIR], path[NODE_MAX], name[FUNCTION_MAX];
	int rc = -EAGAIN;

	if (!*uuid || strlen(uuid) > UUID_MAX)
		return -EINVAL;
	snprintf(dir, sizeof(dir), NOTES "/%s", uuid);
	snprintf(path, sizeof(path), "%s/%s", dir, node_name(host, name));
	if (text) {
		for (int tries = 0; rc == -EAGAIN && tries < TRIES; tries++)
			rc = note_once(x, path, text);
		return rc;
	}
	if (!xs_rm(x->xs, XBT_NULL, path) && errno != ENOENT)
		return -errno;
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
	snprintf(dir, sizeof(dir), NOTES "/%s", uuid);
	names = xs_directory(x->xs, XBT_NULL, dir, &n);
	if (!names)
		return errno == ENOENT ? 0 : -errno;
	for (unsigned int i = 0; i < n && !rc; i++) {
		struct ec_sbdf host;
		char *text;

		if (!parse_name(names[i], &host))
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		text = xs_read(x->xs, XBT_NULL, path, &len);
		if (text)
			rc = each(each_ctx, host, text);
		else if (errno != ENOENT)
			rc = -errno;
		free(text);
	}
	free(names);
	return rc;
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
	int events = 0;

	while ((event = xs_check_watch(x->xs))) {
		events |= strcmp(event[XS_WATCH_TOKEN], INTRODUCED) ? EC_STORE_DIED : EC_STORE_CAME;
		free(event);
	}
	return events || errno == EAGAIN ? events : -errno;
}

const struct ec_store_ops ec_xen_store_ops = {
	.find = find,
	.name = name,
	.claim = claim,
	.release = release,
	.read = read_node,
	.note = note,
	.recall = recall,
	.fd = fd,
	.dispatch = dispatch,
};
