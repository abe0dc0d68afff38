/* SPDX-License-Identifier: GPL-2.0-or-later */
/* capabilities/README.md, the index, against the registry. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capabilities/registry.h"
#include "suites.h"

#define FOLDER "capabilities/"
#define ROWS 128

struct row {
	char id[8], name[16], file[32], treatment[16];
};

static struct row rows[ROWS];
static unsigned int n_rows;

/* A line of the index has two rows; the second may be empty. */
static void read_index(void)
{
	FILE *f = fopen(FOLDER "README.md", "re");
	char line[256];

	ck_assert_msg(f, "no " FOLDER "README.md");
	n_rows = 0;
	while (fgets(line, sizeof(line), f)) {
		struct row r[2] = { 0 };
		int n = sscanf(line,
			       "| %7[0-9a-f] | %15[^ |] | %31[^ |] | %15[^ |] "
			       "| %7[0-9a-f] | %15[^ |] | %31[^ |] | %15[^ |] |",
			       r[0].id, r[0].name, r[0].file, r[0].treatment, r[1].id, r[1].name,
			       r[1].file, r[1].treatment);

		for (int i = 0; i < n / 4; i++) {
			ck_assert_uint_lt(n_rows, ROWS);
			rows[n_rows++] = r[i];
		}
	}
	fclose(f);
}

static const struct ec_cap *cap_of(const struct row *r)
{
	return ec_cap_find((uint16_t)strtoul(r->id, NULL, 16), strlen(r->id) == 4);
}

static bool is_shown(const struct row *r)
{
	return strcmp(r->treatment, "hide") != 0;
}

START_TEST(each_capability_has_one_row)
{
	const struct ec_cap *cap;

	for (unsigned int i = 0; (cap = ec_cap_get(i)); i++) {
		unsigned int n = 0;

		for (unsigned int r = 0; r < n_rows; r++)
			n += cap_of(rows + r) == cap;
		ck_assert_msg(n == 1, "%s has %u rows", cap->name, n);
	}
	ck_assert_uint_eq(n_rows, ec_cap_count());
}
END_TEST

START_TEST(names_and_defaults_are_those_of_the_registry)
{
	for (unsigned int i = 0; i < n_rows; i++) {
		const struct ec_cap *cap = cap_of(rows + i);

		ck_assert_str_eq(rows[i].name, cap->name);
		ck_assert_msg(!strcmp(rows[i].treatment, ec_treatment_names[cap->treatment]),
			      "%s is not %s by default", cap->name, rows[i].treatment);
	}
}
END_TEST

static bool contains_literal(const char *text, const char *literal)
{
	char quoted[96];

	snprintf(quoted, sizeof(quoted), "\"%s\"", literal);
	return strstr(text, quoted);
}

START_TEST(the_file_of_a_row_defines_its_capability)
{
	static char text[64 * 1024];

	for (unsigned int i = 0; i < n_rows; i++) {
		const struct ec_cap *cap = cap_of(rows + i);
		char path[64];
		FILE *f;

		snprintf(path, sizeof(path), FOLDER "%s", rows[i].file);
		f = fopen(path, "re");
		ck_assert_msg(f, "%s: no %s", cap->name, path);
		text[fread(text, 1, sizeof(text) - 1, f)] = 0;
		fclose(f);
		ck_assert_msg(contains_literal(text, cap->name) &&
				      contains_literal(text, cap->title),
			      "%s is not in %s", cap->name, path);
	}
}
END_TEST

START_TEST(a_shown_capability_has_a_file_of_its_own)
{
	for (unsigned int i = 0; i < n_rows; i++) {
		if (!is_shown(rows + i))
			continue;
		ck_assert_msg(strncmp(rows[i].file, "hidden_", 7) != 0, "%s is in %s", rows[i].name,
			      rows[i].file);
		for (unsigned int j = 0; j < i; j++)
			ck_assert_msg(!is_shown(rows + j) || strcmp(rows[i].file, rows[j].file),
				      "%s and %s share %s", rows[i].name, rows[j].name,
				      rows[i].file);
	}
}
END_TEST

Suite *suite_capabilities_index(void)
{
	Suite *s = suite_create("capabilities_index");
	TCase *t = tcase_create("index");

	tcase_add_checked_fixture(t, read_index, NULL);
	tcase_add_test(t, each_capability_has_one_row);
	tcase_add_test(t, names_and_defaults_are_those_of_the_registry);
	tcase_add_test(t, the_file_of_a_row_defines_its_capability);
	tcase_add_test(t, a_shown_capability_has_a_file_of_its_own);
	suite_add_tcase(s, t);
	return s;
}
