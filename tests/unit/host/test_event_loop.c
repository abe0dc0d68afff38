/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The event loop in a process of its own: signals, and what it reports to systemd. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/bits.h"
#include "host/event_loop.h"
#include "suites.h"

/* The process with the loop, and its end and ours of a socket: it sends each byte back. */
static pid_t pid;
static int ours, theirs;

static void send_back(void *ctx, int fd, unsigned int events)
{
	char byte;

	(void)ctx;
	(void)events;
	if (read(fd, &byte, 1) != 1 || write(fd, &byte, 1) != 1)
		_exit(3);
}

static void child(void)
{
	struct ec_loop *loop = ec_loop_new();
	int rc;

	if (!loop || ec_loop_watch(loop, theirs, POLLIN, send_back, NULL))
		_exit(2);
	rc = ec_loop_run(loop);
	ec_loop_free(loop);
	_exit(rc < 0);
}

static void start(void)
{
	struct timeval limit = { .tv_sec = 20 };
	int pair[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	ours = pair[0];
	theirs = pair[1];
	setsockopt(ours, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	fflush(NULL);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (!pid) {
		close(ours);
		child();
	}
	close(theirs);
}

/* Does the loop send a byte back? */
static bool runs(void)
{
	char byte = 'x';

	return write(ours, &byte, 1) == 1 && read(ours, &byte, 1) == 1;
}

/* How the process ended. */
static int end(void)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	close(ours);
	return status;
}

START_TEST(a_signal_that_ends_the_service_ends_the_loop_in_order)
{
	static const int ends[] = { SIGTERM, SIGINT, SIGQUIT };

	start();
	ck_assert(runs());
	kill(pid, ends[_i]);
	ck_assert_int_eq(end(), 0);
}
END_TEST

START_TEST(a_signal_that_means_nothing_leaves_the_loop_running)
{
	static const int ignored[] = { SIGHUP, SIGPIPE };

	start();
	ck_assert(runs());
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(ignored); i++) {
		kill(pid, ignored[i]);
		ck_assert(runs());
	}
	kill(pid, SIGTERM);
	ck_assert_int_eq(end(), 0);
}
END_TEST

/* A socket like systemd's, which receives what a service reports. */
static int listen_for_reports(void)
{
	static struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct timeval limit = { .tv_sec = 20 };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char name[64];

	/* abstract, so that there is no file */
	snprintf(name, sizeof(name), "@ecamd-notify-%d", (int)getpid());
	strcpy(at.sun_path, name);
	at.sun_path[0] = 0;
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at,
			      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name))),
			 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setenv("NOTIFY_SOCKET", name, 1);
	return fd;
}

static const char *report(int fd)
{
	static char text[256];
	ssize_t n = recv(fd, text, sizeof(text) - 1, 0);

	ck_assert_msg(n >= 0, "%s", strerror(errno));
	text[n] = 0;
	return text;
}

START_TEST(the_watchdog_is_fed_while_the_loop_runs)
{
	int fd = listen_for_reports();

	setenv("WATCHDOG_USEC", "200000", 1);
	unsetenv("WATCHDOG_PID");
	start();
	ck_assert_str_eq(report(fd), "WATCHDOG=1"); /* when the loop is made */
	ck_assert_str_eq(report(fd), "READY=1");
	for (unsigned int i = 0; i < 5; i++)
		ck_assert_str_eq(report(fd), "WATCHDOG=1");
	kill(pid, SIGTERM);
	while (strcmp(report(fd), "STOPPING=1"))
		;
	ck_assert_int_eq(end(), 0);
	close(fd);
}
END_TEST

START_TEST(a_long_step_postpones_watchdog_and_timeout)
{
	int fd = listen_for_reports();

	ec_loop_busy(90);
	ck_assert_str_eq(report(fd), "WATCHDOG=1\nEXTEND_TIMEOUT_USEC=90000000");
	close(fd);
}
END_TEST

static void teardown(void)
{
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
}

Suite *suite_host_event_loop(void)
{
	Suite *s = suite_create("host_event_loop");
	TCase *t = tcase_create("loop");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_add_loop_test(t, a_signal_that_ends_the_service_ends_the_loop_in_order, 0, 3);
	tcase_add_test(t, a_signal_that_means_nothing_leaves_the_loop_running);
	tcase_add_test(t, the_watchdog_is_fed_while_the_loop_runs);
	tcase_add_test(t, a_long_step_postpones_watchdog_and_timeout);
	suite_add_tcase(s, t);
	return s;
}
