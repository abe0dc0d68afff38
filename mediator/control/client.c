/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "control/client.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* ecamd's limit of a reply, EC_RPC_REPLY_MAX, is lower. */
#define ANSWER_MAX (4u << 20)

/* The state of a call. */
struct call {
	const char *path;
	int fd;
	unsigned int timeout_ms;
	struct timespec end; /* the deadline */
	char *text;          /* the answer so far */
	size_t len, room;
	struct ec_diag *diag;
};

static int fail(struct call *k, int rc, const char *what)
{
	ec_diag_set(k->diag, 0, "%s: %s", k->path, what ? what : strerror(-rc));
	return rc;
}

static int timed_out(struct call *k)
{
	ec_diag_set(k->diag, 0, "%s: ecamd did not answer within %u seconds", k->path,
		    (k->timeout_ms + 999) / 1000);
	return -ETIMEDOUT;
}

static void start_clock(struct call *k)
{
	clock_gettime(CLOCK_MONOTONIC, &k->end);
	k->end.tv_sec += k->timeout_ms / 1000;
	k->end.tv_nsec += k->timeout_ms % 1000 * 1000000l;
	if (k->end.tv_nsec >= 1000000000l) {
		k->end.tv_nsec -= 1000000000l;
		k->end.tv_sec++;
	}
}

/* Milliseconds until the deadline, rounded up. */
static int time_left(const struct call *k)
{
	struct timespec now;
	long long ns;

	clock_gettime(CLOCK_MONOTONIC, &now);
	ns = (k->end.tv_sec - now.tv_sec) * 1000000000ll + (k->end.tv_nsec - now.tv_nsec);
	return ns <= 0 ? 0 : (int)((ns + 999999) / 1000000);
}

static int await(struct call *k, short events)
{
	struct pollfd p = { .fd = k->fd, .events = events };
	int n;

	do {
		int ms = time_left(k);

		n = ms ? poll(&p, 1, ms) : 0;
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return fail(k, -errno, NULL);
	return n ? 0 : timed_out(k);
}

static int dial(struct call *k)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	/* how long connect(2) waits for room in the listener's queue */
	struct timeval limit = { .tv_sec = k->timeout_ms / 1000,
				 .tv_usec = k->timeout_ms % 1000 * 1000 };
	int rc;

	if (strlen(k->path) >= sizeof(at.sun_path))
		return fail(k, -ENAMETOOLONG, NULL);
	strcpy(at.sun_path, k->path);
	k->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (k->fd < 0 || setsockopt(k->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)))
		return fail(k, -errno, NULL);
	if (!connect(k->fd, (struct sockaddr *)&at, sizeof(at)))
		return 0;
	rc = errno == EPERM ? -EACCES : -errno;
	switch (rc) {
	case -ENOENT:
	case -ECONNREFUSED:
		ec_diag_set(k->diag, 0, "ecamd is not running: nothing listens at %s", k->path);
		return rc;
	case -EACCES:
		return fail(k, rc, "not permitted to connect to ecamd");
	case -EAGAIN:
		return timed_out(k);
	default:
		return fail(k, rc, NULL);
	}
}

/* ecamd may close a connection that it refuses before all is sent: the answer can still be read. */
static int send_all(struct call *k, const char *text, size_t len)
{
	while (len) {
		ssize_t n = send(k->fd, text, len, MSG_NOSIGNAL | MSG_DONTWAIT);
		int rc;

		if (n >= 0) {
			text += n;
			len -= (size_t)n;
			continue;
		}
		if (errno == EPIPE || errno == ECONNRESET)
			return 0;
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN)
			return fail(k, -errno, NULL);
		rc = await(k, POLLOUT);
		if (rc)
			return rc;
	}
	return 0;
}

static int grow(struct call *k)
{
	size_t room = k->room ? k->room * 2 : 16384;
	char *text;

	if (room > ANSWER_MAX)
		return fail(k, -EPROTO, "ecamd's answer is too long");
	text = realloc(k->text, room);
	if (!text)
		return fail(k, -ENOMEM, "out of memory");
	k->text = text;
	k->room = room;
	return 0;
}

/* Read the answer's line, without its newline. */
static int receive_line(struct call *k)
{
	for (;;) {
		int rc = k->len < k->room ? 0 : grow(k);
		const char *end;
		ssize_t n;

		if (!rc)
			rc = await(k, POLLIN);
		if (rc)
			return rc;
		n = recv(k->fd, k->text + k->len, k->room - k->len, MSG_DONTWAIT);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n < 0 && errno != ECONNRESET)
			return fail(k, -errno, NULL);
		if (n <= 0)
			return fail(k, -ECONNRESET,
				    "ecamd closed the connection without an answer");
		end = memchr(k->text + k->len, '\n', (size_t)n);
		k->len += (size_t)n;
		if (end) {
			k->len = (size_t)(end - k->text);
			return 0;
		}
	}
}

static int read_answer(struct call *k, json_t **result)
{
	json_t *json = json_loadb(k->text, k->len, 0, NULL);
	json_t *error = json_object_get(json, "error"), *value = json_object_get(json, "result");
	const char *message = json_string_value(json_object_get(error, "message"));
	int rc = 0;

	if (error) {
		ec_diag_set(k->diag, 0, "%s", message ? message : "refused without a reason");
		rc = -EREMOTEIO;
	} else if (!value) {
		rc = fail(k, -EPROTO, "the answer is not JSON-RPC");
	} else {
		*result = json_incref(value);
	}
	json_decref(json);
	return rc;
}

static int make_request(struct call *k, const char *method, json_t *params, char **out)
{
	json_t *json = json_pack("{s:s,s:s,s:i}", "jsonrpc", "2.0", "method", method, "id", 1);
	char *text = NULL, *line;
	size_t len;

	if (json && (!params || !json_object_set(json, "params", params)))
		text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	len = text ? strlen(text) : 0;
	line = text ? realloc(text, len + 2) : NULL;
	if (!line) {
		free(text);
		return fail(k, -ENOMEM, "out of memory");
	}
	strcpy(line + len, "\n");
	*out = line;
	return 0;
}

int ec_client_call(const struct ec_client *c, const char *method, json_t *params, json_t **result,
		   struct ec_diag *diag)
{
	struct call k = { .path = c->path,
			  .fd = -1,
			  .timeout_ms = c->timeout_ms ? c->timeout_ms : EC_CLIENT_TIMEOUT_MS,
			  .diag = diag };
	char *line = NULL;
	int rc;

	start_clock(&k);
	rc = make_request(&k, method, params, &line);
	if (!rc)
		rc = dial(&k);
	if (!rc)
		rc = send_all(&k, line, strlen(line));
	if (!rc)
		rc = receive_line(&k);
	if (!rc)
		rc = read_answer(&k, result);
	if (k.fd >= 0)
		close(k.fd);
	free(k.text);
	free(line);
	return rc;
}
