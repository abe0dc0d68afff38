/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The event loop, by libsystemd's sd-event. */
#ifndef EC_HOST_EVENT_LOOP_H
#define EC_HOST_EVENT_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct ec_loop;

/** Called when a descriptor is ready; @events are those of poll(2). */
typedef void ec_loop_handler(void *ctx, int fd, unsigned int events);

/**
 * ec_loop_new() - a loop that ends by SIGTERM, SIGINT and SIGQUIT, which it blocks.
 * SIGHUP and SIGPIPE are ignored from here on. Feeds the watchdog of systemd, if there is one,
 * while it runs. NULL: it failed.
 */
struct ec_loop *ec_loop_new(void);

/** ec_loop_free() - free it; NULL is allowed. */
void ec_loop_free(struct ec_loop *l);

/**
 * ec_loop_watch() - call @handler when @fd has one of @events of poll(2); 0: stop watching it.
 * For a descriptor that is watched, events and handler change. Returns 0 or a negative errno.
 */
int ec_loop_watch(struct ec_loop *l, int fd, unsigned int events, ec_loop_handler *handler,
		  void *ctx);

/** ec_loop_after() - call @handler once, in @ms milliseconds. Replaces an earlier call. */
int ec_loop_after(struct ec_loop *l, unsigned int ms, void (*handler)(void *ctx), void *ctx);

/**
 * ec_loop_busy() - a step begins that may block for @seconds.
 * Systemd waits that long before its watchdog, or its limit for a stop, kills this process.
 */
void ec_loop_busy(unsigned int seconds);

/** ec_loop_run() - run until a signal; reports to systemd that the service is ready. */
int ec_loop_run(struct ec_loop *l);

#endif
