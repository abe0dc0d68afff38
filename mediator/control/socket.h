/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control socket: JSON-RPC 2.0 over a unix stream socket, one JSON text a line. It knows of
 * no event loop: it tells the descriptors to poll, and is told when one has something. Nothing
 * in it blocks, whatever its clients do.
 */
#ifndef EC_CONTROL_SOCKET_H
#define EC_CONTROL_SOCKET_H

#include <poll.h>

#include "core/diag.h"

/** Where ecamd listens unless told otherwise. */
#define EC_CONTROL_PATH "/run/ecamd/control.sock"

/** Clients at one time; one more is told so and closed. */
#define EC_CONTROL_CLIENTS 16

/** Descriptors at most: every client, and the one that listens. */
#define EC_CONTROL_FDS (EC_CONTROL_CLIENTS + 1)

/** Bytes of a request without its newline; a longer one is refused, its client closed. */
#define EC_CONTROL_LINE_MAX 65536

struct ec_control;
struct ec_rpc_method;

/**
 * ec_control_open() - listen at @path.
 * @methods: with their @ctx, must outlive it. @out: closed with ec_control_close(). @diag: filled
 * on failure.
 * Makes the directory (0755, its last part only) if it is missing, the socket 0600, and PATH.lock,
 * which stays: it keeps two that start at once from taking the path from each other. A socket that
 * nobody listens at is replaced. Returns 0; -EADDRINUSE: another ecamd listens; -ENAMETOOLONG;
 * -EEXIST: there is something else than a socket; or another negative errno.
 */
int ec_control_open(const char *path, const struct ec_rpc_method *methods, void *ctx,
		    struct ec_control **out, struct ec_diag *diag);

/**
 * ec_control_close() - close all clients, answered or not, and remove the socket if it still is
 * the one that was made. NULL is allowed.
 */
void ec_control_close(struct ec_control *c);

/**
 * ec_control_fds() - what to poll for, as it is now.
 * @out: up to @max entries are written; EC_CONTROL_FDS are enough. Returns how many. To be asked
 * again after each ec_control_handle(), which opens and closes descriptors. To be polled level
 * triggered: what a call leaves is announced again.
 */
unsigned int ec_control_fds(const struct ec_control *c, struct pollfd *out, unsigned int max);

/**
 * ec_control_handle() - descriptor @fd has @revents.
 * Accepts a client, or takes what a client sent (at most EC_CONTROL_LINE_MAX bytes a call), calls
 * the methods it names, and sends what it takes of the replies. A client that does not read its
 * reply is not served further until it does. A descriptor that is not known (any more) is ignored.
 */
void ec_control_handle(struct ec_control *c, int fd, short revents);

#endif
