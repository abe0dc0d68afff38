/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of rules that other users can change. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/rule_files.h"
#include "core/bits.h"
#include "suites.h"

static char top[32];
static char said[1024];
static unsigned int lines;
static struct ec_rule_files files;

static void say(void *ctx, const char *text)
{
	size_t len = strlen(said);

	(void)ctx;
	lines++;
	snprintf(said + len, sizeof(said) - len, "%s\n", text);
}

static const char *below(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", top, name);
	return path;
}

#define RULES "{ \"version\": 1, \"rules\": [] }"

static void put(const char *name)
{
	FILE *f = fopen(below(name), "we");

	ck_assert(f != NULL);
	fputs(RULES, f);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(chmod(below(name), 0644), 0);
}

/* TOP/d/a.json, TOP/d/b.json */
static void setup(void)
{
	strcpy(top, "/tmp/ecamd-rules-XXXXXX");
	ck_assert(mkdtemp(top) != NULL);
	ck_assert_int_eq(mkdir(below("d"), 0755), 0);
	put("d/a.json");
	put("d/b.json");
}

static void teardown(void)
{
	char line[64];

	snprintf(line, sizeof(line), "rm -rf %s", top);
	ck_assert_int_eq(system(line), 0);
}

static int add(const char *path, bool trusted)
{
	int rc;

	*said = 0;
	lines = 0;
	files = (struct ec_rule_files){ .rules = ec_rules_new(),
					.report = say,
					.trusted = trusted };
	rc = ec_rule_files_add(&files, path, EC_LAYER_POLICY, false);
	ec_rules_free(files.rules);
	return rc;
}

static const struct {
	const char *loose, *path; /* what others can write, what is loaded */
	unsigned int n, errors;   /* where it is refused */
	const char *why;
} rows[] = {
	{ "d/a.json", "d/a.json", 1, 1, "d/a.json is writable by more users than its owner" },
	{ "d/b.json", "d", 2, 1, "d/b.json is writable by more users than its owner" },
	{ "d", "d", 1, 1, "d is writable by more users than its owner (mode 0777)" },
	{ "d", "d/a.json", 1, 1, "d is writable by more users than its owner (mode 0777)" },
	{ "", "d", 1, 1, "is writable by more users than its owner" },
};

START_TEST(what_others_can_change_is_refused_by_ecamd)
{
	ck_assert_int_eq(add(below(rows[_i].path), true), 0);
	ck_assert_int_eq(chmod(below(rows[_i].loose), 0777), 0);
	ck_assert_int_eq(add(below(rows[_i].path), true), -EINVAL);
	ck_assert_msg(strstr(said, rows[_i].why) != NULL, "%s", said);
	ck_assert_uint_eq(files.n, rows[_i].n);
	ck_assert_uint_eq(files.errors, rows[_i].errors);
	ck_assert_uint_eq(lines, 1);
}
END_TEST

START_TEST(ecamctl_warns_once_and_reads_it)
{
	ck_assert_int_eq(chmod(below(rows[_i].loose), 0777), 0);
	ck_assert_int_eq(add(below(rows[_i].path), false), 0);
	ck_assert_msg(strstr(said, "warning: ecamd refuses it: ") != NULL, "%s", said);
	ck_assert_msg(strstr(said, rows[_i].why) != NULL, "%s", said);
	ck_assert_uint_eq(files.errors, 0);
	ck_assert_uint_eq(lines, 1);
}
END_TEST

START_TEST(a_pipe_is_read_where_nothing_is_refused)
{
	char path[32];
	int fd[2];

	ck_assert_int_eq(pipe(fd), 0);
	ck_assert_int_eq(write(fd[1], RULES, strlen(RULES)), strlen(RULES));
	close(fd[1]);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd[0]);
	ck_assert_int_eq(add(path, true), -EINVAL);
	ck_assert_int_eq(add(path, false), 0);
	ck_assert_str_eq(said, "");
	close(fd[0]);
}
END_TEST

Suite *suite_control_rule_files(void)
{
	Suite *s = suite_create("control_rule_files");
	TCase *t = tcase_create("trust");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, what_others_can_change_is_refused_by_ecamd, 0, EC_ARRAY_SIZE(rows));
	tcase_add_loop_test(t, ecamctl_warns_once_and_reads_it, 0, EC_ARRAY_SIZE(rows));
	tcase_add_test(t, a_pipe_is_read_where_nothing_is_refused);
	suite_add_tcase(s, t);
	return s;
}
