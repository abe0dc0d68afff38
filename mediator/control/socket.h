/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control socket (prefix ec_control_): JSON-RPC 2.0 over a unix stream socket, one JSON text
 * per line. It has no event loop of its own: the caller polls its descriptors and passes on their
 * events. No function blocks on a client.
 */
#ifndef EC_CONTROL_SOCKET_H
#define EC_CONTROL_SOCKET_H

#include <poll.h>

#include "core/diag.h"

/** Where ecamd listens by default. */
#define EC_CONTROL_PATH "/run/ecamd/control.sock"

/** Clients at one time; another one gets an error and is closed. */
#define EC_CONTROL_CLIENTS 16

/** Most descriptors: all clients and the listener. */
#define EC_CONTROL_FDS (EC_CONTROL_CLIENTS + 1)

/** Most bytes of a request without its newline; a longer one is refused and its client closed. */
#define EC_CONTROL_LINE_MAX 65536

struct ec_control;
struct ec_rpc_method;

/**
 * ec_control_open() - listen at @path.
 * @methods, @ctx: must outlive it. @out: closed with ec_control_close(). @diag: filled on failure.
 * Creates the last directory of the path (0755) if it is missing, the socket (0600), and PATH.lock,
 * which remains: it prevents two processes that start at once from replacing each other's socket. A
 * socket without a listener is replaced. Returns 0; -EPERM: another user owns the directory or one
 * above it, or can write there (see ec_files_trusted()); -EADDRINUSE: another ecamd is listening;
 * -ENAMETOOLONG; -EEXIST: @path is not a socket; or another negative errno.
 */
int ec_control_open(const char *path, const struct ec_rpc_method *methods, void *ctx,
		    struct ec_control **out, struct ec_diag *diag);

/**
 * ec_control_close() - close all clients, answered or not, and remove the socket if it is still
 * the one that ec_control_open() made. NULL is allowed.
 */
void ec_control_close(struct ec_control *c);

/**
 * ec_control_fds() - the descriptors and events to poll for.
 * @out: up to @max entries are written; EC_CONTROL_FDS are enough. Returns the number written. Call
 * it again after each ec_control_handle(), which opens and closes descriptors. Poll level
 * triggered: a call may leave data for the next one.
 */
unsigned int ec_control_fds(const struct ec_control *c, struct pollfd *out, unsigned int max);

/**
 * ec_control_handle() - handle the events @revents of descriptor @fd.
 * Accepts a client, or receives from a client (at most EC_CONTROL_LINE_MAX bytes per call), calls
 * the requested methods, and sends the replies as far as the client takes them. The next request
 * of a client waits until it has read the reply. An unknown descriptor is ignored.
 */
void ec_control_handle(struct ec_control *c, int fd, short revents);

#endif
