/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths that other users can change. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/bits.h"
#include "host/files_trust.h"
#include "suites.h"

#define NOBODY 65534

static char top[] = "/tmp/ecamd-trust-XXXXXX";

/* @name below the test's directory. */
static const char *below(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", top, name);
	return path;
}

/* TOP/a/b/file */
static void setup(void)
{
	strcpy(top + strlen(top) - 6, "XXXXXX");
	ck_assert(mkdtemp(top) != NULL);
	ck_assert(!mkdir(below("a"), 0755) && !mkdir(below("a/b"), 0755));
	close(open(below("a/b/file"), O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
}

static void teardown(void)
{
	char line[64];

	snprintf(line, sizeof(line), "rm -rf %s", top);
	ck_assert_int_eq(system(line), 0);
}

static int ask(const char *name, bool sticky, struct ec_diag *diag)
{
	char *real;
	int rc = ec_files_trusted(name, sticky, &real, diag);

	ck_assert_int_eq(!real, rc != 0);
	free(real);
	return rc;
}

static const struct {
	const char *what;
	mode_t mode;
	bool sticky;
	int rc;
} modes[] = {
	{ "a/b/file", 0644, false, 0 },      { "a/b/file", 0600, false, 0 },
	{ "a/b/file", 0664, false, -EPERM }, { "a/b/file", 0646, false, -EPERM },
	{ "a/b/file", 01666, true, -EPERM }, /* sticky means nothing on a file */
	{ "a/b", 0775, false, -EPERM },      { "a/b", 0757, false, -EPERM },
	{ "a/b", 01777, false, 0 }, /* above the file */
	{ "a", 0775, false, -EPERM },        { "a", 01777, false, 0 },
};

START_TEST(a_file_is_trusted_if_others_can_replace_nothing_on_its_path)
{
	struct ec_diag diag = { 0 };

	ck_assert_int_eq(chmod(below(modes[_i].what), modes[_i].mode), 0);
	ck_assert_int_eq(ask(below("a/b/file"), modes[_i].sticky, &diag), modes[_i].rc);
	if (modes[_i].rc) {
		char mode[16];

		snprintf(mode, sizeof(mode), "(mode %04o)", modes[_i].mode);
		ck_assert_msg(strstr(diag.text, mode) != NULL, "%s", diag.text);
		ck_assert_msg(strstr(diag.text, below(modes[_i].what)) != NULL, "%s", diag.text);
	}
}
END_TEST

START_TEST(a_sticky_folder_is_trusted_only_if_the_caller_says_so)
{
	struct ec_diag diag;

	ck_assert_int_eq(chmod(below("a/b"), 01777), 0);
	ck_assert_int_eq(ask(below("a/b"), false, &diag), -EPERM);
	ck_assert_int_eq(ask(below("a/b"), true, &diag), 0);
	ck_assert_int_eq(ask("/tmp", false, &diag), -EPERM);
	ck_assert_int_eq(ask("/", false, &diag), 0);
}
END_TEST

START_TEST(what_another_user_owns_is_not_trusted)
{
	static const char *const owned[] = { "a", "a/b", "a/b/file" };
	struct ec_diag diag;

	if (geteuid())
		return; /* cannot give files away */
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(owned); i++) {
		ck_assert_int_eq(chown(below(owned[i]), NOBODY, NOBODY), 0);
		ck_assert_int_eq(ask(below("a/b/file"), true, &diag), -EPERM);
		ck_assert_msg(strstr(diag.text, "belongs to user 65534") != NULL, "%s", diag.text);
		ck_assert_int_eq(chown(below(owned[i]), 0, 0), 0);
		ck_assert_int_eq(ask(below("a/b/file"), true, &diag), 0);
	}
	/* to that user both are safe: root's and its own */
	ck_assert_int_eq(chown(below("a/b"), NOBODY, NOBODY), 0);
	ck_assert_int_eq(chown(top, NOBODY, NOBODY), 0);
	ck_assert_int_eq(seteuid(NOBODY), 0);
	ck_assert_int_eq(ask(below("a/b/file"), false, &diag), 0);
	ck_assert_int_eq(seteuid(0), 0);
}
END_TEST

START_TEST(links_are_followed_and_what_they_lead_to_is_checked)
{
	char *real, *wanted = strdup(below("a/b/file"));
	struct ec_diag diag;

	ck_assert_int_eq(symlink("a/b", below("link")), 0);
	ck_assert_int_eq(ec_files_trusted(below("link/../b/./file"), false, &real, &diag), 0);
	ck_assert_str_eq(real, wanted);
	free(real);
	ck_assert_int_eq(chmod(below("a"), 0777), 0);
	ck_assert_int_eq(ask(below("link/file"), false, &diag), -EPERM);
	ck_assert_int_eq(ask(below("link/none"), false, &diag), -ENOENT);
	ck_assert_int_eq(ask(below("a/b/file/none"), false, &diag), -ENOTDIR);
	free(wanted);
}
END_TEST

Suite *suite_host_files_trust(void)
{
	Suite *s = suite_create("host_files_trust");
	TCase *t = tcase_create("trust");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, a_file_is_trusted_if_others_can_replace_nothing_on_its_path, 0,
			    EC_ARRAY_SIZE(modes));
	tcase_add_test(t, a_sticky_folder_is_trusted_only_if_the_caller_says_so);
	tcase_add_test(t, what_another_user_owns_is_not_trusted);
	tcase_add_test(t, links_are_followed_and_what_they_lead_to_is_checked);
	suite_add_tcase(s, t);
	return s;
}
