/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "control/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "control/rpc.h"
#include "host/files_trust.h"

/* A larger reply buffer is freed after use. */
#define KEEP_ROOM 65536

struct client {
	int fd;      /* -1: none */
	bool ending; /* no more requests; closed when its reply is sent */
	size_t from, to;
	char in[EC_CONTROL_LINE_MAX + 1]; /* [from, to) is not answered yet */
	struct ec_rpc_text out;           /* the reply to one line */
	size_t sent;
};

struct ec_control {
	const struct ec_rpc_method *methods;
	void *ctx;
	int listener;
	int spare; /* closed briefly to refuse a client when descriptors run out */
	struct sockaddr_un at;
	dev_t dev;
	ino_t ino;
	struct client client[EC_CONTROL_CLIENTS];
};

static int fail(struct ec_diag *diag, int rc, const char *what, const char *path)
{
	ec_diag_set(diag, 0, "%s: %s: %s", path, what, strerror(-rc));
	return rc;
}

/* Write the directory of @path to @dir, which has room for @path. Returns the name in it. */
static const char *split(const char *path, char *dir)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 0;

	while (len > 1 && path[len - 1] == '/')
		len--;
	strcpy(dir, slash ? "/" : ".");
	if (len) {
		memcpy(dir, path, len);
		dir[len] = 0;
	}
	return slash ? slash + 1 : path;
}

/* @dir without links, if no other user can replace what is in it. */
static int check_directory(const char *dir, bool sticky, char **real, struct ec_diag *diag)
{
	struct ec_diag why = { 0 };
	int rc = ec_files_trusted(dir, sticky, real, &why);

	if (rc)
		ec_diag_set(diag, 0, "%s%s",
			    rc == -EPERM ? "not a safe place for the socket: " : "", why.text);
	return rc;
}

/* Create the missing @dir. */
static int make_directory(const char *dir, char **real, struct ec_diag *diag)
{
	char above[sizeof(((struct sockaddr_un *)0)->sun_path)], path[PATH_MAX];
	const char *name = split(dir, above);
	int rc = check_directory(above, true, real, diag);

	if (rc)
		return rc == -EPERM ? rc : fail(diag, rc, "cannot create the directory", dir);
	snprintf(path, sizeof(path), "%s/%s", *real, name);
	free(*real);
	*real = NULL;
	if (mkdir(path, 0755) && errno != EEXIST)
		return fail(diag, -errno, "cannot create the directory", dir);
	return check_directory(path, false, real, diag);
}

/* Replace the path by one without links, in a directory that others cannot change. */
static int secure(struct sockaddr_un *at, struct ec_diag *diag)
{
	char dir[sizeof(at->sun_path)], path[PATH_MAX], *real;
	const char *name = split(at->sun_path, dir);
	int rc = check_directory(dir, false, &real, diag);
	size_t len;

	if (rc == -ENOENT)
		rc = make_directory(dir, &real, diag);
	if (rc)
		return rc;
	len = (size_t)snprintf(path, sizeof(path), "%s/%s", strcmp(real, "/") ? real : "", name);
	free(real);
	if (len >= sizeof(at->sun_path))
		return fail(diag, -ENAMETOOLONG, "cannot bind", path);
	strcpy(at->sun_path, path);
	return 0;
}

/* One process at a time may check that the path is free and take it. Returns a descriptor. */
static int lock(const char *path, struct ec_diag *diag)
{
	char name[sizeof(((struct sockaddr_un *)0)->sun_path) + 8];
	int fd, rc;

	strcat(strcpy(name, path), ".lock");
	fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return fail(diag, -errno, "cannot open", name);
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return fd;
	rc = errno == EWOULDBLOCK ? -EADDRINUSE : -errno;
	close(fd);
	return fail(diag, rc, rc == -EADDRINUSE ? "another ecamd is starting" : "cannot lock",
		    name);
}

/* Remove a socket without a listener. connect(2) refuses a file of another type in the same way. */
static int remove_stale(const struct sockaddr_un *at, struct ec_diag *diag)
{
	struct stat st;
	int fd, rc;

	if (lstat(at->sun_path, &st))
		return errno == ENOENT ? 0 : fail(diag, -errno, "cannot check it", at->sun_path);
	if (!S_ISSOCK(st.st_mode))
		return fail(diag, -EEXIST, "is not a socket", at->sun_path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return fail(diag, -errno, "cannot create a socket", at->sun_path);
	rc = connect(fd, (const struct sockaddr *)at, sizeof(*at)) ? -errno : 0;
	close(fd);
	/* -EAGAIN: the queue of a listener is full */
	if (!rc || rc == -EAGAIN || rc == -EPROTOTYPE) {
		ec_diag_set(diag, 0, "%s: another ecamd is listening", at->sun_path);
		return -EADDRINUSE;
	}
	if (rc != -ECONNREFUSED)
		return fail(diag, rc, "cannot determine whether a process is listening",
			    at->sun_path);
	if (unlink(at->sun_path))
		return fail(diag, -errno, "cannot remove it", at->sun_path);
	return 0;
}

static int listen_at(struct ec_control *c, struct ec_diag *diag)
{
	const char *path = c->at.sun_path;
	struct stat st;

	c->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (c->listener < 0)
		return fail(diag, -errno, "cannot create a socket", path);
	/* Linux creates the file with the descriptor's mode: it never has another */
	if (fchmod(c->listener, 0600) ||
	    bind(c->listener, (const struct sockaddr *)&c->at, sizeof(c->at)))
		return fail(diag, -errno, "cannot bind", path);
	if (lstat(path, &st) || listen(c->listener, EC_CONTROL_CLIENTS)) {
		int rc = -errno;

		unlink(path);
		return fail(diag, rc, "cannot listen", path);
	}
	c->dev = st.st_dev;
	c->ino = st.st_ino;
	return 0;
}

int ec_control_open(const char *path, const struct ec_rpc_method *methods, void *ctx,
		    struct ec_control **out, struct ec_diag *diag)
{
	struct ec_control *c;
	int rc, locked = -1;

	if (!*path || strlen(path) >= sizeof(c->at.sun_path)) {
		ec_diag_set(diag, 0, "a socket's path has 1 to %zu bytes",
			    sizeof(c->at.sun_path) - 1);
		return -ENAMETOOLONG;
	}
	c = calloc(1, sizeof(*c));
	if (!c) {
		ec_diag_set(diag, 0, "out of memory");
		return -ENOMEM;
	}
	c->methods = methods;
	c->ctx = ctx;
	c->listener = -1;
	c->at.sun_family = AF_UNIX;
	strcpy(c->at.sun_path, path);
	for (unsigned int i = 0; i < EC_CONTROL_CLIENTS; i++)
		c->client[i].fd = -1;
	c->spare = -1;
	rc = secure(&c->at, diag);
	if (!rc && (locked = lock(c->at.sun_path, diag)) < 0)
		rc = locked;
	if (!rc)
		rc = remove_stale(&c->at, diag);
	if (!rc)
		rc = listen_at(c, diag);
	if (locked >= 0)
		close(locked);
	if (rc) {
		ec_control_close(c);
		return rc;
	}
	*out = c;
	return 0;
}

static void drop(struct client *cl)
{
	close(cl->fd);
	cl->fd = -1;
	free(cl->out.data);
	cl->out = (struct ec_rpc_text){ 0 };
	cl->from = cl->to = cl->sent = 0;
	cl->ending = false;
}

void ec_control_close(struct ec_control *c)
{
	struct stat st;

	if (!c)
		return;
	for (unsigned int i = 0; i < EC_CONTROL_CLIENTS; i++)
		if (c->client[i].fd >= 0)
			drop(c->client + i);
	if (c->ino && !lstat(c->at.sun_path, &st) && st.st_dev == c->dev && st.st_ino == c->ino)
		unlink(c->at.sun_path);
	if (c->listener >= 0)
		close(c->listener);
	if (c->spare >= 0)
		close(c->spare);
	free(c);
}

static bool unsent(const struct client *cl)
{
	return cl->sent < cl->out.len;
}

unsigned int ec_control_fds(const struct ec_control *c, struct pollfd *out, unsigned int max)
{
	unsigned int n = 0;

	if (n < max)
		out[n++] = (struct pollfd){ .fd = c->listener, .events = POLLIN };
	for (unsigned int i = 0; i < EC_CONTROL_CLIENTS && n < max; i++) {
		const struct client *cl = c->client + i;

		if (cl->fd >= 0)
			out[n++] = (struct pollfd){ .fd = cl->fd,
						    .events = unsent(cl) ? POLLOUT : POLLIN };
	}
	return n;
}

/* Send as much as the client takes. Returns 0, or a negative errno if the client is gone. */
static int flush(struct client *cl)
{
	while (unsent(cl)) {
		ssize_t n = send(cl->fd, cl->out.data + cl->sent, cl->out.len - cl->sent,
				 MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? 0 : -errno;
		cl->sent += (size_t)n;
	}
	cl->sent = cl->out.len = 0;
	if (cl->out.room > KEEP_ROOM) {
		free(cl->out.data);
		cl->out = (struct ec_rpc_text){ 0 };
	}
	return 0;
}

/* The last reply of this client. */
static int end_with(struct client *cl, const char *message)
{
	cl->from = cl->to = 0;
	cl->ending = true;
	return ec_rpc_complain(EC_RPC_REQUEST, message, 0, &cl->out);
}

/* Answer complete lines. No reply is queued after another: a client must read it first. */
static int answer_lines(struct ec_control *c, struct client *cl)
{
	int rc = flush(cl);

	while (!rc && !cl->ending && !unsent(cl)) {
		const char *line = cl->in + cl->from;
		size_t have = cl->to - cl->from;
		const char *end = memchr(line, '\n', have);

		if (!end && have < sizeof(cl->in))
			break;
		if (!end) {
			rc = end_with(cl, "a request is longer than 65536 bytes");
		} else {
			cl->from += (size_t)(end - line) + 1;
			rc = ec_rpc_answer(c->methods, c->ctx, line, (size_t)(end - line),
					   &cl->out);
		}
		if (!rc)
			rc = flush(cl);
	}
	return rc;
}

/* Receive as much as fits. All complete lines have been answered. */
static int receive(struct client *cl)
{
	ssize_t n;

	memmove(cl->in, cl->in + cl->from, cl->to - cl->from);
	cl->to -= cl->from;
	cl->from = 0;
	n = recv(cl->fd, cl->in + cl->to, sizeof(cl->in) - cl->to, MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	cl->to += (size_t)n;
	if (n)
		return 0;
	/* an incomplete line is not carried out: the rest of the request may be missing */
	if (cl->to)
		return end_with(cl, "the last request does not end with a newline");
	cl->ending = true;
	return 0;
}

static void serve(struct ec_control *c, struct client *cl)
{
	int rc = answer_lines(c, cl);

	if (!rc && !cl->ending && !unsent(cl)) {
		rc = receive(cl);
		if (!rc)
			rc = answer_lines(c, cl);
	}
	if (rc || (cl->ending && !unsent(cl)))
		drop(cl);
}

static void refuse(int fd)
{
	struct ec_rpc_text text = { 0 };
	ssize_t n;

	if (!ec_rpc_complain(EC_RPC_REFUSED, "too many clients", EBUSY, &text)) {
		n = send(fd, text.data, text.len, MSG_NOSIGNAL | MSG_DONTWAIT);
		(void)n; /* the client is closed in any case */
	}
	free(text.data);
	close(fd);
}

static void accept_client(struct ec_control *c)
{
	int fd;

	if (c->spare < 0)
		c->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
	fd = accept4(c->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	/* out of descriptors: a client that is not accepted would wake the loop for ever */
	if (fd < 0 && (errno == EMFILE || errno == ENFILE) && c->spare >= 0) {
		close(c->spare);
		fd = accept4(c->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		c->spare = -1;
		if (fd >= 0)
			refuse(fd);
		return;
	}
	if (fd < 0)
		return;
	for (unsigned int i = 0; i < EC_CONTROL_CLIENTS; i++) {
		if (c->client[i].fd < 0) {
			c->client[i].fd = fd;
			return;
		}
	}
	refuse(fd);
}

void ec_control_handle(struct ec_control *c, int fd, short revents)
{
	if (!revents || fd < 0)
		return;
	if (fd == c->listener) {
		accept_client(c);
		return;
	}
	for (unsigned int i = 0; i < EC_CONTROL_CLIENTS; i++) {
		if (c->client[i].fd == fd) {
			serve(c, c->client + i);
			return;
		}
	}
}
