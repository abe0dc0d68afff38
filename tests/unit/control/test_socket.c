/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The control socket, with clients in the same process. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "control/socket.h"
#include "core/bits.h"
#include "echo.h"
#include "suites.h"

#define TEXT_MAX (8u << 20)

/* The server under test. */
static struct ec_control *control;
static char dir[32], path[64];
static char *text; /* what a client received */

static void setup(void)
{
	struct ec_diag diag;

	echo_calls = 0;
	text = malloc(TEXT_MAX);
	strcpy(dir, "/tmp/ecamd-control-XXXXXX");
	ck_assert(mkdtemp(dir) != NULL);
	snprintf(path, sizeof(path), "%s/run/s", dir);
	ck_assert_msg(!ec_control_open(path, echo_methods, NULL, &control, &diag), "%s", diag.text);
}

static void teardown(void)
{
	char line[64];

	ec_control_close(control);
	free(text);
	snprintf(line, sizeof(line), "rm -rf %s", dir);
	ck_assert_int_eq(system(line), 0);
}

/* Serve until no descriptor has an event. */
static void pump(void)
{
	struct pollfd fds[EC_CONTROL_FDS];

	for (unsigned int round = 0; round < 100000; round++) {
		unsigned int n = ec_control_fds(control, fds, EC_CONTROL_FDS);

		if (poll(fds, n, 0) <= 0)
			return;
		for (unsigned int i = 0; i < n; i++)
			ec_control_handle(control, fds[i].fd, fds[i].revents);
	}
	ck_abort_msg("the server never rests");
}

static int new_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	ck_assert_int_ge(fd, 0);
	return fd;
}

static int dial(int fd)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	strcpy(at.sun_path, path);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	pump();
	return fd;
}

static int client(void)
{
	return dial(new_socket());
}

/* Send as much as the server takes. Returns the number of bytes. */
static size_t say(int fd, const char *s, size_t len)
{
	size_t sent = 0;

	for (;;) {
		ssize_t n = send(fd, s + sent, len - sent, MSG_NOSIGNAL);

		if (n <= 0)
			break;
		sent += (size_t)n;
		pump();
		if (sent == len)
			break;
	}
	pump();
	return sent;
}

/* Receive into text. Returns whether the server closed the connection. */
static bool hear(int fd)
{
	size_t len = 0;

	for (;;) {
		ssize_t n = recv(fd, text + len, TEXT_MAX - 1 - len, 0);

		if (n > 0) {
			len += (size_t)n;
			pump();
			continue;
		}
		text[len] = 0;
		return !n || errno == ECONNRESET;
	}
}

static void ask(int fd, const char *s)
{
	ck_assert_uint_eq(say(fd, s, strlen(s)), strlen(s));
	ck_assert(!hear(fd));
}

/* Another client is served as before. */
static void check_alive(void)
{
	int fd = client();

	ask(fd, "{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"id\":1}\n");
	ck_assert_str_eq(text, "{\"jsonrpc\":\"2.0\",\"result\":null,\"id\":1}\n");
	close(fd);
	pump();
}

#define V "\"jsonrpc\":\"2.0\","
#define OK(result, id) "{" V "\"result\":" result ",\"id\":" id "}"

START_TEST(requests_in_any_pieces_get_the_same_answers)
{
	static const size_t sizes[] = { 1, 2, 7, 64, 1000 };
	static const char all[] = "{" V "\"method\":\"echo\",\"params\":[1],\"id\":1}\n"
				  "{" V "\"method\":\"echo\"}\n"
				  "[{" V "\"method\":\"echo\",\"id\":2}]\n"
				  "{\n"
				  "{" V "\"method\":\"echo\",\"id\":3}\r\n";
	int fd = client();

	for (size_t at = 0, len = strlen(all); at < len; at += sizes[_i]) {
		size_t part = len - at < sizes[_i] ? len - at : sizes[_i];

		ck_assert_uint_eq(say(fd, all + at, part), part);
	}
	ck_assert(!hear(fd));
	ck_assert_str_eq(
		text,
		OK("[1]", "1") "\n[" OK(
			"null",
			"2") "]\n{" V
			     "\"error\":{\"code\":-32700,\"message\":\"not JSON: string or '}' "
			     "expected near end of file\"},\"id\":null}\n" OK("null", "3") "\n");
	close(fd);
}
END_TEST

START_TEST(a_thousand_requests_are_answered_in_order)
{
	char *all = malloc(1000 * 64), *p = all;
	unsigned int n = 0;
	int fd = client();

	for (unsigned int i = 0; i < 1000; i++)
		p += sprintf(p, "{" V "\"method\":\"echo\",\"id\":%u}\n", i);
	ck_assert_uint_eq(say(fd, all, (size_t)(p - all)), (size_t)(p - all));
	ck_assert(!hear(fd));
	for (p = text; *p; n++) {
		char wanted[64];
		int len = sprintf(wanted, OK("null", "%u") "\n", n);

		ck_assert_int_eq(strncmp(p, wanted, (size_t)len), 0);
		p += len;
	}
	ck_assert_uint_eq(n, 1000);
	ck_assert_uint_eq(echo_calls, 1000);
	free(all);
	close(fd);
}
END_TEST

START_TEST(a_line_longer_than_the_limit_ends_the_client)
{
	char *line = malloc(EC_CONTROL_LINE_MAX + 2);
	size_t len = (size_t)sprintf(line, "{" V "\"method\":\"echo\",\"id\":1,\"x\":\"");
	int fd = client();

	memset(line + len, 'x', EC_CONTROL_LINE_MAX + 2 - len);
	memcpy(line + EC_CONTROL_LINE_MAX - 2, "\"}\n", 3);
	/* the newline arrives by itself */
	ck_assert_uint_eq(say(fd, line, EC_CONTROL_LINE_MAX), EC_CONTROL_LINE_MAX);
	ck_assert_uint_eq(say(fd, "\n", 1), 1);
	ck_assert(!hear(fd));
	ck_assert_str_eq(text, OK("null", "1") "\n");
	memcpy(line + EC_CONTROL_LINE_MAX - 2, "x\"}\n", 4);
	say(fd, line, EC_CONTROL_LINE_MAX + 2);
	ck_assert(hear(fd));
	ck_assert(strstr(text, "a request is longer than 65536 bytes\"},\"id\":null}\n") != NULL);
	ck_assert_uint_eq(echo_calls, 1);
	close(fd);
	/* without an end at all */
	fd = client();
	for (unsigned int i = 0; i < 4; i++)
		say(fd, line, EC_CONTROL_LINE_MAX - 2);
	ck_assert(hear(fd));
	free(line);
	close(fd);
	check_alive();
}
END_TEST

START_TEST(any_bytes_get_an_error_and_harm_no_other_client)
{
	char *junk = malloc(30000);
	int fd = client();

	srand((unsigned int)_i + 1);
	for (unsigned int i = 0; i < 30000; i++) {
		static const char likely[] = "{}[]\",:\\\n0un\xc3jsonrpc";

		junk[i] = (char)(_i % 2 ? rand() : likely[rand() % (int)sizeof(likely)]);
	}
	say(fd, junk, 30000);
	hear(fd);
	ck_assert(strstr(text, "-32700") != NULL);
	ck_assert_uint_eq(echo_calls, 0);
	free(junk);
	close(fd);
	check_alive();
}
END_TEST

/* It gets all replies in order when it reads. */
START_TEST(a_client_that_does_not_read_delays_only_itself)
{
	static const char line[] = "{" V "\"method\":\"large\",\"params\":[100000],\"id\":1}\n";
	char *all = calloc(1, 40 * sizeof(line));
	unsigned int n = 0;
	int fd = client();

	for (unsigned int i = 0; i < 40; i++)
		strcat(all, line);
	ck_assert_uint_eq(say(fd, all, strlen(all)), strlen(all));
	ck_assert_uint_lt(echo_calls, 10);
	check_alive();
	ck_assert_uint_lt(echo_calls, 10);
	ck_assert(!hear(fd));
	for (const char *p = text; *p; p = strchr(p, '\n') + 1)
		n++;
	ck_assert_uint_eq(n, 40);
	/* and closes without reading */
	ck_assert_uint_eq(say(fd, all, strlen(all)), strlen(all));
	close(fd);
	check_alive();
	free(all);
}
END_TEST

START_TEST(only_complete_lines_are_carried_out_when_a_client_goes)
{
	static const char line[] = "{" V "\"method\":\"echo\",\"id\":1}\n";
	int fd;

	for (size_t len = 0; len <= strlen(line); len++) {
		fd = client();
		say(fd, line, len);
		close(fd);
		pump();
		/* closed before the server polls */
		fd = client();
		ck_assert_int_eq(send(fd, line, len, MSG_NOSIGNAL), len);
		close(fd);
		pump();
	}
	/* the two complete lines were carried out */
	ck_assert_uint_eq(echo_calls, 2);
	/* a half-closed client still gets its reply */
	fd = client();
	say(fd, line, strlen(line));
	shutdown(fd, SHUT_WR);
	pump();
	ck_assert(hear(fd));
	ck_assert_str_eq(text, OK("null", "1") "\n");
	close(fd);
	fd = client();
	say(fd, line, strlen(line) - 1);
	shutdown(fd, SHUT_WR);
	pump();
	ck_assert(hear(fd));
	ck_assert(strstr(text, "does not end with a newline") != NULL);
	ck_assert_uint_eq(echo_calls, 3);
	close(fd);
	check_alive();
}
END_TEST

START_TEST(a_client_over_the_limit_is_refused)
{
	struct pollfd fds[EC_CONTROL_FDS];
	int fd[EC_CONTROL_CLIENTS], more;

	for (unsigned int i = 0; i < EC_CONTROL_CLIENTS; i++)
		fd[i] = client();
	ck_assert_uint_eq(ec_control_fds(control, fds, EC_CONTROL_FDS), EC_CONTROL_FDS);
	ck_assert_uint_eq(ec_control_fds(control, fds, 3), 3);
	more = client();
	ck_assert(hear(more));
	ck_assert_str_eq(text, "{" V "\"error\":{\"code\":-32000,\"message\":\"too many clients\","
			       "\"data\":{\"errno\":16}},\"id\":null}\n");
	close(more);
	ask(fd[EC_CONTROL_CLIENTS - 1], "{" V "\"method\":\"echo\",\"id\":1}\n");
	ck_assert_str_eq(text, OK("null", "1") "\n");
	close(fd[3]);
	pump();
	check_alive();
	for (unsigned int i = 0; i < EC_CONTROL_CLIENTS; i++)
		if (i != 3)
			close(fd[i]);
	check_alive();
	ck_assert_uint_eq(ec_control_fds(control, fds, EC_CONTROL_FDS), 1);
}
END_TEST

/* The server does not hang, and its listener does not stay readable. */
START_TEST(a_client_is_refused_when_descriptors_run_out)
{
	struct rlimit was, few;
	int fd, taken[256];
	unsigned int n = 0;

	check_alive();
	fd = new_socket();
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &was), 0);
	few = was;
	few.rlim_cur = 128;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
	while (n < EC_ARRAY_SIZE(taken) && (taken[n] = dup(fd)) >= 0)
		n++;
	dial(fd);
	while (n)
		close(taken[--n]);
	setrlimit(RLIMIT_NOFILE, &was);
	ck_assert(hear(fd));
	ck_assert(strstr(text, "too many clients") != NULL);
	close(fd);
	check_alive();
}
END_TEST

START_TEST(unknown_descriptors_are_ignored)
{
	int fd = client();

	ec_control_handle(control, -1, POLLIN);
	ec_control_handle(control, 0, POLLIN);
	ec_control_handle(control, fd, POLLIN);
	ask(fd, "{" V "\"method\":\"echo\",\"id\":1}\n");
	close(fd);
}
END_TEST

/* @name in the test's directory. */
static const char *in_dir(const char *name)
{
	static char at[128];

	snprintf(at, sizeof(at), "%s/%s", dir, name);
	return at;
}

static void check_refused(const char *at, const char *message)
{
	struct ec_control *c = NULL;
	struct ec_diag diag;

	ck_assert_int_eq(ec_control_open(at, echo_methods, NULL, &c, &diag), -EPERM);
	ck_assert_ptr_null(c);
	ck_assert_msg(strstr(diag.text, message) != NULL, "%s", diag.text);
}

static const struct {
	const char *path, *open; /* where; the directory that others can write */
	mode_t mode;
	bool safe;
} places[] = {
	{ "a/s", "a", 0777, false },    { "a/s", "a", 0770, false },
	{ "a/s", "a", 01777, false },   { "a/s", ".", 0777, false },
	{ "a/s", ".", 01777, true }, /* only root and the owner replace directories in it */
	{ "new/s", ".", 0777, false },  { "new/s", ".", 01777, true },
	{ "link/s", "a", 0777, false }, { "link/s", "a", 0755, true },
};

/* Another user could put a socket of its own there, and answer root's requests. */
START_TEST(a_directory_that_others_can_change_is_refused)
{
	struct ec_control *c;
	struct ec_diag diag;

	ck_assert_int_eq(mkdir(in_dir("a"), 0755), 0);
	ck_assert_int_eq(symlink("a", in_dir("link")), 0);
	ck_assert_int_eq(chmod(in_dir(places[_i].open), places[_i].mode), 0);
	if (!places[_i].safe) {
		check_refused(in_dir(places[_i].path), "not a safe place");
		ck_assert_int_ne(access(in_dir("new"), F_OK), 0);
		ck_assert_int_ne(access(in_dir("a/s.lock"), F_OK), 0);
		return;
	}
	ck_assert_msg(!ec_control_open(in_dir(places[_i].path), echo_methods, NULL, &c, &diag),
		      "%s", diag.text);
	ck_assert_int_eq(access(in_dir(places[_i].path), F_OK), 0);
	ec_control_close(c);
}
END_TEST

START_TEST(a_directory_of_another_user_is_refused)
{
	if (geteuid())
		return; /* cannot give files away */
	ck_assert_int_eq(mkdir(in_dir("a"), 0755), 0);
	ck_assert_int_eq(chown(in_dir("a"), 65534, 65534), 0);
	check_refused(in_dir("a/s"), "a belongs to user 65534");
	check_refused(in_dir("a/new/s"), "a belongs to user 65534");
	ck_assert_int_eq(chown(dir, 65534, 65534), 0);
	ck_assert_int_eq(chown(in_dir("a"), 0, 0), 0);
	check_refused(in_dir("a/s"), "belongs to user 65534");
}
END_TEST

Suite *suite_control_socket(void)
{
	Suite *s = suite_create("control_socket");
	TCase *t = tcase_create("control");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, requests_in_any_pieces_get_the_same_answers, 0, 5);
	tcase_add_test(t, a_thousand_requests_are_answered_in_order);
	tcase_add_test(t, a_line_longer_than_the_limit_ends_the_client);
	tcase_add_loop_test(t, any_bytes_get_an_error_and_harm_no_other_client, 0, 20);
	tcase_add_test(t, a_client_that_does_not_read_delays_only_itself);
	tcase_add_test(t, only_complete_lines_are_carried_out_when_a_client_goes);
	tcase_add_test(t, a_client_over_the_limit_is_refused);
	tcase_add_test(t, a_client_is_refused_when_descriptors_run_out);
	tcase_add_test(t, unknown_descriptors_are_ignored);
	tcase_add_loop_test(t, a_directory_that_others_can_change_is_refused, 0,
			    EC_ARRAY_SIZE(places));
	tcase_add_test(t, a_directory_of_another_user_is_refused);
	suite_add_tcase(s, t);
	return s;
}
