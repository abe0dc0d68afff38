/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/event_loop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>

#include "core/bits.h"

/*
 * All sources have the same priority, so each has its turn. It is the highest one, because for
 * lower ones sd-event makes one more system call to look for something more urgent.
 */
#define URGENT INT64_MIN

struct watch {
	struct watch *next;
	int fd;
	sd_event_source *source;
	ec_loop_handler *handler;
	void *ctx;
};

struct ec_loop {
	sd_event *event;
	struct watch *watch;
	sd_event_source *timer;
	void (*after)(void *ctx);
	void *after_ctx;
};

/* Signals that end the loop, and those without a meaning: rules are read at each attach. */
static const int ends[] = { SIGTERM, SIGINT, SIGQUIT };
static const int ignored[] = { SIGHUP, SIGPIPE };

/* The sources float: the event frees them. */
static int take_signals(struct ec_loop *l)
{
	sigset_t blocked;
	int rc = 0;

	sigemptyset(&blocked);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(ends); i++)
		sigaddset(&blocked, ends[i]);
	if (sigprocmask(SIG_BLOCK, &blocked, NULL))
		return -errno;
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(ends) && rc >= 0; i++) {
		sd_event_source *source;

		rc = sd_event_add_signal(l->event, &source, ends[i], NULL, NULL);
		if (rc < 0)
			break;
		rc = sd_event_source_set_floating(source, true);
		if (rc >= 0)
			rc = sd_event_source_set_priority(source, URGENT);
		sd_event_source_unref(source);
	}
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(ignored) && rc >= 0; i++)
		rc = signal(ignored[i], SIG_IGN) == SIG_ERR ? -errno : 0;
	return rc;
}

struct ec_loop *ec_loop_new(void)
{
	struct ec_loop *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	/* the watchdog is on only if systemd asks for it in the environment */
	if (sd_event_new(&l->event) < 0 || take_signals(l) < 0 ||
	    sd_event_set_watchdog(l->event, true) < 0) {
		ec_loop_free(l);
		return NULL;
	}
	return l;
}

void ec_loop_free(struct ec_loop *l)
{
	if (!l)
		return;
	while (l->watch) {
		struct watch *w = l->watch;

		l->watch = w->next;
		sd_event_source_unref(w->source);
		free(w);
	}
	sd_event_source_unref(l->timer);
	sd_event_unref(l->event);
	free(l);
}

static int on_fd(sd_event_source *source, int fd, uint32_t events, void *ctx)
{
	struct watch *w = ctx;

	(void)source;
	/* the handler may free the watch: do not use it afterwards */
	w->handler(w->ctx, fd, events);
	return 0;
}

static struct watch **find(struct ec_loop *l, int fd)
{
	struct watch **w = &l->watch;

	while (*w && (*w)->fd != fd)
		w = &(*w)->next;
	return w;
}

static void end_watch(struct watch **at)
{
	struct watch *w = *at;

	*at = w->next;
	sd_event_source_set_enabled(w->source, SD_EVENT_OFF);
	sd_event_source_unref(w->source);
	free(w);
}

int ec_loop_watch(struct ec_loop *l, int fd, unsigned int events, ec_loop_handler *handler,
		  void *ctx)
{
	struct watch **at = find(l, fd), *w = *at;
	int rc;

	if (!events) {
		if (w)
			end_watch(at);
		return 0;
	}
	if (w) {
		w->handler = handler;
		w->ctx = ctx;
		return sd_event_source_set_io_events(w->source, events);
	}
	w = calloc(1, sizeof(*w));
	if (!w)
		return -ENOMEM;
	w->fd = fd;
	w->handler = handler;
	w->ctx = ctx;
	rc = sd_event_add_io(l->event, &w->source, fd, events, on_fd, w);
	if (rc >= 0)
		rc = sd_event_source_set_priority(w->source, URGENT);
	if (rc < 0) {
		sd_event_source_unref(w->source);
		free(w);
		return rc;
	}
	*at = w;
	return 0;
}

static int on_timer(sd_event_source *source, uint64_t usec, void *ctx)
{
	struct ec_loop *l = ctx;

	(void)source;
	(void)usec;
	l->after(l->after_ctx);
	return 0;
}

int ec_loop_after(struct ec_loop *l, unsigned int ms, void (*handler)(void *ctx), void *ctx)
{
	uint64_t usec = (uint64_t)ms * 1000;
	int rc;

	l->after = handler;
	l->after_ctx = ctx;
	if (!l->timer) {
		rc = sd_event_add_time_relative(l->event, &l->timer, CLOCK_MONOTONIC, usec, 0,
						on_timer, l);
		return rc < 0 ? rc : sd_event_source_set_priority(l->timer, URGENT);
	}
	rc = sd_event_source_set_time_relative(l->timer, usec);
	return rc < 0 ? rc : sd_event_source_set_enabled(l->timer, SD_EVENT_ONESHOT);
}

int ec_loop_run(struct ec_loop *l)
{
	int rc;

	sd_notify(0, "READY=1");
	rc = sd_event_loop(l->event);
	sd_notify(0, "STOPPING=1");
	return rc;
}

void ec_loop_busy(unsigned int seconds)
{
	sd_notifyf(0, "WATCHDOG=1\nEXTEND_TIMEOUT_USEC=%u000000", seconds);
}
