/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole files, and folders of rules. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "host/files.h"
#include "suites.h"

/* More than one read of the implementation. */
#define BIG 300000

static char folder[] = "/tmp/ecamd-files-XXXXXX";

static void setup(void)
{
	strcpy(folder + strlen(folder) - 6, "XXXXXX");
	ck_assert(mkdtemp(folder) != NULL);
}

static void teardown(void)
{
	char line[64];

	snprintf(line, sizeof(line), "rm -rf %s", folder);
	ck_assert_int_eq(system(line), 0);
}

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void put(const char *name, const char *text, size_t len)
{
	FILE *f = fopen(path_of(name), "we");

	ck_assert(f != NULL);
	ck_assert_uint_eq(fwrite(text, 1, len, f), len);
	ck_assert_int_eq(fclose(f), 0);
}

START_TEST(a_file_is_read_whole_or_not_at_all)
{
	char *big = malloc(BIG), *text;
	size_t len;

	memset(big, 'x', BIG);
	put("big", big, BIG);
	put("zero", "a\0b", 3);
	put("empty", "", 0);
	ck_assert_int_eq(ec_file_read(path_of("big"), BIG, &text, &len), 0);
	ck_assert_uint_eq(len, BIG);
	ck_assert_mem_eq(text, big, len);
	ck_assert_int_eq(text[len], 0);
	free(text);
	ck_assert_int_eq(ec_file_read(path_of("zero"), SIZE_MAX, &text, &len), 0);
	ck_assert_uint_eq(len, 3);
	free(text);
	ck_assert_int_eq(ec_file_read(path_of("empty"), 0, &text, &len), 0);
	ck_assert_uint_eq(len, 0);
	ck_assert_str_eq(text, "");
	free(text);
	ck_assert_int_eq(ec_file_read(path_of("big"), BIG - 1, &text, &len), -EFBIG);
	ck_assert_ptr_null(text);
	ck_assert_int_eq(ec_file_read(path_of("none"), 9, &text, &len), -ENOENT);
	ck_assert_ptr_null(text);
	ck_assert_int_eq(ec_file_read(folder, 9, &text, &len), -EISDIR);
	ck_assert_ptr_null(text);
	free(big);
}
END_TEST

/* Digits and capitals come before small letters, in any locale. */
START_TEST(a_folder_is_listed_by_the_bytes_of_names)
{
	static const char *const names[] = { "b.json", "a.json",    "B.json",  "10-x.json",
					     "2.json", ".hid.json", "a.json~", "a.jsonx",
					     "readme", "json",      ".json",   "\xc3\xa9.json" };
	static const char *const wanted[] = { "10-x.json", "2.json", "B.json",
					      "a.json",    "b.json", "\xc3\xa9.json" };
	struct ec_file_list list;
	char slash[64];

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(names); i++)
		put(names[i], "", 0);
	snprintf(slash, sizeof(slash), "%s/", folder);
	for (int with = 0; with < 2; with++) {
		ck_assert_int_eq(ec_file_list(with ? slash : folder, &list), 0);
		ck_assert_uint_eq(list.n, EC_ARRAY_SIZE(wanted));
		for (unsigned int i = 0; i < list.n; i++)
			ck_assert_str_eq(list.path[i], path_of(wanted[i]));
		ec_file_list_free(&list);
		ck_assert(!list.n && !list.path);
	}
}
END_TEST

START_TEST(anything_but_a_folder_is_listed_as_it_is)
{
	struct ec_file_list list;

	put("readme", "", 0);
	ck_assert_int_eq(ec_file_list(folder, &list), 0);
	ck_assert_uint_eq(list.n, 0);
	ec_file_list_free(&list);
	/* a file that is named needs no suffix */
	ck_assert_int_eq(ec_file_list(path_of("readme"), &list), 0);
	ck_assert_uint_eq(list.n, 1);
	ck_assert_str_eq(list.path[0], path_of("readme"));
	ec_file_list_free(&list);
	ck_assert_int_eq(ec_file_list("-", &list), 0);
	ck_assert_uint_eq(list.n, 1);
	ck_assert_str_eq(list.path[0], "-");
	ec_file_list_free(&list);
	ck_assert_int_eq(ec_file_list(path_of("none"), &list), -ENOENT);
	ck_assert_int_eq(ec_file_list("", &list), -ENOENT);
	ck_assert_int_eq(ec_file_list(path_of("readme/x"), &list), -ENOTDIR);
	ck_assert(!list.n && !list.path);
}
END_TEST

Suite *suite_host_files(void)
{
	Suite *s = suite_create("host_files");
	TCase *t = tcase_create("files");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_file_is_read_whole_or_not_at_all);
	tcase_add_test(t, a_folder_is_listed_by_the_bytes_of_names);
	tcase_add_test(t, anything_but_a_folder_is_listed_as_it_is);
	suite_add_tcase(s, t);
	return s;
}
