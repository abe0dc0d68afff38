/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The event loop, by libsystemd's sd-event. */
#ifndef EC_HOST_EVENT_LOOP_H
#define EC_HOST_EVENT_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct ec_loop;

/** A descriptor has something: @events are poll(2)'s. */
typedef void ec_loop_handler(void *ctx, int fd, unsigned int events);

/** ec_loop_new() - a loop that SIGTERM and SIGINT end, from now on; NULL: it cannot be had. */
struct ec_loop *ec_loop_new(void);

/** ec_loop_free() - free it; NULL is allowed. */
void ec_loop_free(struct ec_loop *l);

/**
 * ec_loop_watch() - call @handler when @fd has one of @events (poll(2)'s), or with events of 0 no
 * longer. Watching a descriptor that is watched changes its events. 0 or a negative errno.
 */
int ec_loop_watch(struct ec_loop *l, int fd, unsigned int events, ec_loop_handler *handler,
		  void *ctx);

/** ec_loop_after() - call @handler once in @ms milliseconds; a later call replaces an earlier. */
int ec_loop_after(struct ec_loop *l, unsigned int ms, void (*handler)(void *ctx), void *ctx);

/** ec_loop_run() - serve until a signal ends it; tells systemd that the service is ready. */
int ec_loop_run(struct ec_loop *l);

#endif
