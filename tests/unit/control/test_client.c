/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The control socket's path, its client, the methods' parameters, and ecamctl's commands. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control/client.h"
#include "control/socket.h"
#include "core/bits.h"
#include "run.h"
#include "served.h"
#include "suites.h"

static char dir[32];
static unsigned int functions;

static void setup(void)
{
	functions = 0;
	strcpy(dir, "/tmp/ecamd-client-XXXXXX");
	ck_assert(mkdtemp(dir) != NULL);
}

static void teardown(void)
{
	char line[64];

	snprintf(line, sizeof(line), "rm -rf %s", dir);
	ck_assert_int_eq(system(line), 0);
}

/* @name in the test's directory. */
static const char *in_dir(const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static int open_at(const char *path, struct ec_control **c, struct ec_diag *diag)
{
	diag->text[0] = 0;
	return ec_control_open(path, served_methods, &functions, c, diag);
}

static void check_refused(const char *path, int rc, const char *message)
{
	struct ec_control *c = NULL;
	struct ec_diag diag;

	ck_assert_int_eq(open_at(path, &c, &diag), rc);
	ck_assert_ptr_null(c);
	ck_assert_msg(strstr(diag.text, message) != NULL, "%s", diag.text);
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	ck_assert_int_eq(lstat(path, &st), 0);
	return st.st_mode;
}

START_TEST(the_socket_and_its_directory_are_made_and_the_socket_removed)
{
	mode_t was = umask(0);
	struct ec_control *c;
	struct ec_diag diag;

	ck_assert_msg(!open_at(in_dir("new/s"), &c, &diag), "%s", diag.text);
	umask(was);
	ck_assert_uint_eq(mode_of(in_dir("new")), S_IFDIR | 0755);
	ck_assert_uint_eq(mode_of(in_dir("new/s")), S_IFSOCK | 0600);
	ck_assert_uint_eq(mode_of(in_dir("new/s.lock")), S_IFREG | 0600);
	ec_control_close(c);
	ck_assert_int_ne(access(in_dir("new/s"), F_OK), 0);
	/* a file that replaced the socket is not removed */
	ck_assert_int_eq(open_at(in_dir("new/s"), &c, &diag), 0);
	unlink(in_dir("new/s"));
	close(open(in_dir("new/s"), O_CREAT | O_WRONLY, 0600));
	ec_control_close(c);
	ck_assert_int_eq(access(in_dir("new/s"), F_OK), 0);
	ec_control_close(NULL);
}
END_TEST

/* A socket without a listener. */
static void leave_stale(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strcpy(at.sun_path, path);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	close(fd);
}

START_TEST(a_stale_socket_is_replaced_and_a_live_one_is_not)
{
	struct ec_control *c;
	struct ec_diag diag;
	int fd;

	leave_stale(in_dir("s"));
	ck_assert_msg(!open_at(in_dir("s"), &c, &diag), "%s", diag.text);
	check_refused(in_dir("s"), -EADDRINUSE, "another ecamd is listening");
	check_refused(in_dir("s"), -EADDRINUSE, "another ecamd is listening");
	ck_assert_uint_eq(mode_of(in_dir("s")), S_IFSOCK | 0600);
	/* and when the listener's queue is full */
	for (unsigned int i = 0; i < 2 * EC_CONTROL_CLIENTS; i++)
		check_refused(in_dir("s"), -EADDRINUSE, "another ecamd is listening");
	ec_control_close(c);
	/* another process is about to take the path */
	fd = open(in_dir("s.lock"), O_RDWR | O_CLOEXEC);
	ck_assert_int_eq(flock(fd, LOCK_SH), 0);
	check_refused(in_dir("s"), -EADDRINUSE, "another ecamd is starting");
	close(fd);
	ck_assert_int_eq(open_at(in_dir("s"), &c, &diag), 0);
	ec_control_close(c);
}
END_TEST

START_TEST(a_path_that_cannot_be_a_socket_is_refused)
{
	char longest[200];

	close(open(in_dir("file"), O_CREAT | O_WRONLY, 0600));
	check_refused(in_dir("file"), -EEXIST, "is not a socket");
	ck_assert_uint_eq(mode_of(in_dir("file")), S_IFREG | 0600);
	leave_stale(in_dir("s"));
	ck_assert_int_eq(symlink("s", in_dir("link")), 0);
	check_refused(in_dir("link"), -EEXIST, "is not a socket");
	check_refused(in_dir("file/s"), -ENOTDIR, "Not a directory");
	check_refused(in_dir("a/b/s"), -ENOENT, "cannot create the directory");
	memset(longest, 'x', sizeof(longest));
	longest[0] = '/';
	longest[108] = 0;
	check_refused(longest, -ENAMETOOLONG, "1 to 107 bytes");
	check_refused("", -ENAMETOOLONG, "1 to 107 bytes");
}
END_TEST

static void check_call(const char *path, int rc, const char *message)
{
	const struct ec_client client = { .path = path, .timeout_ms = 2000 };
	json_t *result = NULL;
	struct ec_diag diag = { 0 };

	ck_assert_int_eq(ec_client_call(&client, "guests", NULL, &result, &diag), rc);
	ck_assert_ptr_null(result);
	ck_assert_msg(strstr(diag.text, message) != NULL, "%s", diag.text);
}

START_TEST(a_call_without_a_listener_says_that_ecamd_is_not_running)
{
	char longest[200];

	check_call(in_dir("s"), -ENOENT, "ecamd is not running: nothing listens at /tmp/");
	leave_stale(in_dir("s"));
	check_call(in_dir("s"), -ECONNREFUSED, "ecamd is not running: nothing listens at /tmp/");
	check_call(dir, -ECONNREFUSED, "ecamd is not running: nothing listens at /tmp/");
	memset(longest, 'x', sizeof(longest));
	longest[199] = 0;
	check_call(longest, -ENAMETOOLONG, "File name too long");
}
END_TEST

/* Root may connect to anything: as another user. */
START_TEST(another_user_is_not_permitted_to_connect)
{
	struct ec_control *c;
	struct ec_diag diag;
	int status = 1;
	pid_t pid;

	ck_assert_int_eq(open_at(in_dir("s"), &c, &diag), 0);
	chmod(dir, 0755);
	fflush(NULL);
	pid = fork();
	if (!pid) {
		json_t *result;
		int rc;

		if (geteuid() ? chmod(in_dir("s"), 0) : setuid(65534))
			_exit(2);
		rc = ec_client_call(&(struct ec_client){ .path = in_dir("s") }, "guests", NULL,
				    &result, &diag);
		_exit(rc == -EACCES && strstr(diag.text, "not permitted") ? 0 : 3);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(WEXITSTATUS(status), 0);
	ec_control_close(c);
}
END_TEST

static const struct {
	const char *answer; /* NULL: none */
	int rc;
	const char *message;
} answers[] = {
	{ NULL, -ETIMEDOUT, "did not answer within 1 seconds" },
	{ "", -ECONNRESET, "closed the connection without an answer" },
	{ "{\"jsonrpc\":\"2.0\",\"result\":1,\"id\":1}", -ECONNRESET, "without an answer" },
	{ "\n", -EPROTO, "not JSON-RPC" },
	{ "SSH-2.0\n", -EPROTO, "not JSON-RPC" },
	{ "[]\n", -EPROTO, "not JSON-RPC" },
	{ "{}\n", -EPROTO, "not JSON-RPC" },
	{ "{\"error\":1}\n", -EREMOTEIO, "refused without a reason" },
	{ "{\"error\":{\"message\":1}}\n", -EREMOTEIO, "refused without a reason" },
	{ "{\"error\":{\"message\":\"because\"},\"result\":1}\n", -EREMOTEIO, "because" },
};

START_TEST(an_answer_that_is_not_json_rpc_is_an_error)
{
	const char *answer = answers[_i].answer;
	json_t *result = NULL;
	struct ec_diag diag;
	struct served s;

	served_say(&s, answer, answer ? strlen(answer) : 0);
	ck_assert_int_eq(ec_client_call(&(struct ec_client){ s.path, answer ? 5000 : 100 },
					"guests", NULL, &result, &diag),
			 answers[_i].rc);
	ck_assert_ptr_null(result);
	ck_assert_msg(strstr(diag.text, answers[_i].message) != NULL, "%s", diag.text);
	served_stop(&s);
}
END_TEST

START_TEST(an_answer_without_an_end_is_an_error)
{
	size_t len = 8u << 20;
	char *answer = malloc(len);
	struct served s;

	memset(answer, '[', len);
	served_say(&s, answer, len);
	check_call(s.path, -EPROTO, "answer is too long");
	served_stop(&s);
	free(answer);
}
END_TEST

static int call_with(const struct served *s, const char *method, const char *params,
		     struct ec_diag *diag, json_t **result)
{
	json_t *json = json_loads(params, JSON_DECODE_ANY, NULL);
	int rc = ec_client_call(&(struct ec_client){ .path = s->path }, method, json, result, diag);

	json_decref(json);
	return rc;
}

/* Parameters that ecamctl does not send. */
static const struct {
	const char *method, *params, *message;
} wrong[] = {
	{ "attach", "{}", "'guest' must be a text" },
	{ "attach", "[\"web\",\"05:00.0\"]", "parameters go by name" },
	{ "attach", "{\"guest\":\"web\"}", "'function' must be a text" },
	{ "attach", "{\"guest\":7,\"function\":\"05:00.0\"}", "'guest' must be a text" },
	{ "attach", "{\"guest\":\"\",\"function\":\"05:00.0\"}", "'guest' must be a text" },
	{ "attach", "{\"guest\":\"web\",\"function\":[[]]}", "'function' must be a text" },
	{ "attach", "{\"guest\":\"web\",\"function\":\"05:00.0\",\"slot\":1}",
	  "there is no parameter 'slot'" },
	{ "attach", "{\"guest\":\"web\",\"function\":\"05:00.0,x=1\"}", "'x' is not an option" },
	{ "attach", "{\"guest\":\"gone\",\"function\":\"05:00.0\"}", "there is no guest 'gone'" },
	{ "detach", "{\"guest\":\"web\",\"function\":\"05:00.0@1\"}",
	  "a detach has no key but reset=none" },
	{ "detach", "{\"guest\":\"web\",\"function\":null}", "'function' must be a text" },
	{ "guests", "{\"guest\":\"web\"}", "there is no parameter 'guest'" },
	{ "guests", "[1]", "parameters go by name" },
	{ "machine", "{}", "'guest' must be a text" },
	{ "machine", "{\"guest\":7}", "'guest' must be a text" },
	{ "machine", "{\"guest\":\"web\",\"bus\":1}", "there is no parameter 'bus'" },
	{ "machine", "{\"guest\":\"gone\"}", "there is no guest 'gone'" },
	{ "reboot", "{}", "there is no method 'reboot'" },
};

START_TEST(wrong_parameters_are_refused_and_named)
{
	struct ec_diag diag;
	struct served s;
	json_t *result;

	served_start(&s, served_methods, &functions);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(wrong); i++) {
		ck_assert_int_eq(call_with(&s, wrong[i].method, wrong[i].params, &diag, &result),
				 -EREMOTEIO);
		ck_assert_msg(strstr(diag.text, wrong[i].message) != NULL, "%s", diag.text);
	}
	ck_assert_int_eq(call_with(&s, "guests", "{}", &diag, &result), 0);
	ck_assert_uint_eq(json_array_size(json_object_get(result, "guests")), 0);
	json_decref(result);
	served_stop(&s);
}
END_TEST

/*
 * The card of "web" behind its root port in slot 4. The ECAM window of 8 buses ends at fd800000;
 * the non-prefetchable window follows it, the prefetchable one is above 4 GiB.
 */
#define MACHINE                                                                                    \
	"00:00.0 host bridge\n"                                                                    \
	"    I/O          1000-9fff [size=36K]\n"                                                  \
	"    memory       fd800000-febfffff [size=20M]\n"                                          \
	"    above 4 GiB  4000000000-4fffffffff [size=64G]\n"                                      \
	"    ECAM         fd000000-fd7fffff [size=8M], buses 00-07\n"                              \
	"    hole         any memory=\n"                                                           \
	"00:04.0 root port of bus 01, physical slot 36\n"                                          \
	"    I/O          1000-1fff [size=4K]\n"                                                   \
	"    memory       fd800000-fd8fffff [size=1M]\n"                                           \
	"    prefetchable 4000000000-400fffffff [size=256M]\n"                                     \
	"  01:00.0 is 05:00.0 0300\n"                                                              \
	"      BAR 0 32-bit fd880000-fd883fff [size=16K]\n"                                        \
	"      BAR 1 64-bit 4000000000-400fffffff [size=256M]\n"                                   \
	"      BAR 5 I/O    1000-107f [size=128]\n"                                                \
	"      ROM          fd800000-fd87ffff [size=512K]\n"                                       \
	"  01:00.1 is 05:00.1 0403\n"                                                              \
	"      BAR 0 32-bit fd884000-fd887fff [size=16K]\n"

/* Commands of ecamctl, run in this order. */
static const struct {
	const char *line;
	int code;
	const char *text; /* all of stdout; of stderr if @code is not 0 */
} commands[] = {
	{ "guests --json", 0, "{\"version\":1,\"guests\":[]}\n" },
	{ "guests", 0,
	  "GUEST                            DOMAIN  KIND  ECAM\n"
	  "  FUNCTION      AT                   READS       WRITES     HW-READS    HW-WRITES   "
	  "PERMISSIVE\n" },
	{ "attach web 05:00.0", 0, "0000:05:00.0 attached to web (domain 7) at 00:01.0\n" },
	{ "attach 7 0000:05:00.1@1f,reset=none,ecam=0xfe800000", 0,
	  "0000:05:00.1 attached to web (domain 7) at 00:1f.0\n" },
	{ "guests --json", 0,
	  "{\"version\":1,\"guests\":[{\"name\":\"web\",\"domid\":7,\"kind\":\"pvh\",\"ecam\":"
	  "4244635648,\"functions\":[{\"host\":\"0000:05:00.0\",\"guest\":\"0000:00:01.0\","
	  "\"reads\":1234,\"writes\":56,\"hardware_reads\":7,\"hardware_writes\":8,\"permissive_"
	  "writes\":3},{\"host\":"
	  "\"0000:05:00.1\",\"guest\":\"0000:00:01.0\",\"reads\":9223372036854775807,"
	  "\"writes\":56,\"hardware_reads\":7,\"hardware_writes\":8,\"permissive_writes\":3}],"
	  "\"held\":[],\"delays\":0},{"
	  "\"name\":\"o?dd\","
	  "\"domid\":8,\"kind\":\"hvm\",\"ecam\":null,\"functions\":[],\"held\":[{\"host\":\"0000:"
	  "06:00.0\",\"why\":\"reset: Input/output error\"}],\"delays\":0}]}\n" },
	{ "guests | tail -n +3 | head -2", 0,
	  "web                                   7  pvh   0xfd000000\n"
	  "  0000:05:00.0  0000:00:01.0          1234           56            7            8       "
	  "     3\n" },
	{ "guests | tail -n 1", 0, "  0000:06:00.0  held: reset: Input/output error\n" },
	{ "attach gone 05:00.0", 5, "ecamctl: there is no guest 'gone'\n" },
	/* EACCES from the service is not the exit code of a user without permission */
	{ "attach web ff:1f.7", 5, "ecamctl: Permission denied\n" },
	{ "attach \"$(printf 'w\\377')\" 05:00.0", 2,
	  "ecamctl: 'w\xff' is not UTF-8\n"
	  "Try 'ecamctl attach --help'.\n" },
	{ "plan web -n", 0, MACHINE },
	{ "plan 7 -n", 0, MACHINE },
	{ "plan gone", 5, "ecamctl: there is no guest 'gone'\n" },
	{ "plan \"$(printf 'w\\377')\"", 2,
	  "ecamctl: 'w\xff' is not UTF-8\n"
	  "Try 'ecamctl plan --help'.\n" },
	{ "detach web 05:00.0", 0, "0000:05:00.0 detached from web\n" },
	{ "plan web -n | head -1", 0, "00:00.0 host bridge\n" },
	{ "plan web -n | grep -c ' is '; :", 0, "0\n" },
	{ "detach gone 05:00.0", 5, "ecamctl: there is no guest 'gone'\n" },
};

START_TEST(ecamctl_prints_what_the_service_answers)
{
	struct served s;
	char line[256];

	served_start(&s, served_methods, &functions);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(commands); i++) {
		size_t verb = strcspn(commands[i].line, " ");
		struct run r;

		snprintf(line, sizeof(line), "$E %.*s --socket %s%s", (int)verb, commands[i].line,
			 s.path, commands[i].line + verb);
		r = run_shell(line, NULL);
		ck_assert_msg(r.code == commands[i].code, "%s: %d: %s", line, r.code, r.err);
		ck_assert_str_eq(r.code ? r.err : r.out, commands[i].text);
		ck_assert_str_eq(r.code ? r.out : r.err, "");
		run_free(&r);
	}
	served_stop(&s);
}
END_TEST

/* Results of another version of ecamd. */
static const struct {
	const char *command, *result;
} strange[] = {
	{ "attach web 05:00.0", "{}" },
	{ "attach web 05:00.0", "null" },
	{ "attach web 05:00.0",
	  "{\"host\":\"05:00.0\",\"guest\":\"here\",\"name\":\"web\",\"domid\":7}" },
	{ "plan web", "{}" },
	{ "plan web", "null" },
	{ "plan web", "[]" },
	{ "plan web", "{\"version\":1,\"kind\":\"pv\",\"functions\":[],\"held\":[{\"host\":\"0000:"
		      "06:00.0\",\"why\":\"reset: Input/output error\"}]}" },
	{ "guests", "{}" },
	{ "guests", "[]" },
	{ "guests --json", "{\"guests\":7}" },
	{ "guests", "{\"guests\":[7]}" },
	{ "guests", "{\"guests\":[{\"name\":\"web\",\"domid\":\"7\"}]}" },
	{ "guests", "{\"guests\":[{\"name\":\"web\",\"domid\":7,\"kind\":\"pvh\",\"ecam\":null,"
		    "\"functions\":[{\"host\":1}]}]}" },
};

START_TEST(ecamctl_refuses_results_it_does_not_understand)
{
	char line[256], answer[512];
	struct served s;
	struct run r;

	snprintf(answer, sizeof(answer), "{\"jsonrpc\":\"2.0\",\"result\":%s,\"id\":1}\n",
		 strange[_i].result);
	served_say(&s, answer, strlen(answer));
	snprintf(line, sizeof(line), "$E %s --socket %s", strange[_i].command, s.path);
	r = run_shell(line, NULL);
	ck_assert_int_eq(r.code, 5);
	ck_assert_msg(strstr(r.err, "answer of ecamd has an unknown form") != NULL, "%s", r.err);
	run_free(&r);
	served_stop(&s);
}
END_TEST

Suite *suite_control_client(void)
{
	Suite *s = suite_create("control_client");
	TCase *t = tcase_create("client");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, the_socket_and_its_directory_are_made_and_the_socket_removed);
	tcase_add_test(t, a_stale_socket_is_replaced_and_a_live_one_is_not);
	tcase_add_test(t, a_path_that_cannot_be_a_socket_is_refused);
	tcase_add_test(t, a_call_without_a_listener_says_that_ecamd_is_not_running);
	tcase_add_test(t, another_user_is_not_permitted_to_connect);
	tcase_add_loop_test(t, an_answer_that_is_not_json_rpc_is_an_error, 0,
			    EC_ARRAY_SIZE(answers));
	tcase_add_test(t, an_answer_without_an_end_is_an_error);
	tcase_add_test(t, wrong_parameters_are_refused_and_named);
	tcase_add_test(t, ecamctl_prints_what_the_service_answers);
	tcase_add_loop_test(t, ecamctl_refuses_results_it_does_not_understand, 0,
			    EC_ARRAY_SIZE(strange));
	suite_add_tcase(s, t);
	return s;
}
