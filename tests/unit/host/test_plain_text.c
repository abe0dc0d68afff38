/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "host/plain_text.h"
#include "suites.h"

static char *text;
static size_t len;
static struct ec_diag diag;

static int plain(const char *s, size_t n)
{
	free(text);
	text = malloc(n + 1);
	ck_assert(text != NULL);
	memcpy(text, s, n);
	text[n] = 0;
	len = n;
	return ec_plain_text(&text, &len, &diag);
}

static void teardown(void)
{
	free(text);
	text = NULL;
}

/* printf 'ab\n' | gzip -n */
#define GZIP                                                                                       \
	"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x4b\x4c\xe2\x02\x00\x3e\x98\x4a\x01\x03\x00\x00" \
	"\x00"

static const struct {
	const char *from;
	size_t n;
	const char *to;
} texts[] = {
	{ "", 0, "" },
	{ "00: 11\n", 7, "00: 11\n" },
	{ "00:\xc2\xa0 11\xc2", 9, "00:  11\xc2" },
	{ "\xff\xfe"
	  "0\0:\0\n\0",
	  8, "0:\n" },
	{ "\xfe\xff"
	  "\0\xe4\0:\0\n",
	  8, "\xc3\xa4:\n" },
	{ "\xff\xfe"
	  "0\0\xa0\0",
	  6, "0 " },
	{ "\xff\xfe", 2, "" },
	{ GZIP, 23, "ab\n" },
	{ GZIP GZIP, 46, "ab\nab\n" },
	{ "\x1f\x8b", 2, "\x1f\x8b" },
};

START_TEST(a_text_becomes_plain)
{
	ck_assert_msg(!plain(texts[_i].from, texts[_i].n), "%s", diag.text);
	ck_assert_uint_eq(len, strlen(texts[_i].to));
	ck_assert_str_eq(text, texts[_i].to);
}
END_TEST

static const struct {
	const char *from;
	size_t n;
	const char *says;
} damaged[] = {
	{ GZIP, 20, "damaged" },
	{ "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x4b\x4c\xe2\x02\x00\x3f\x98\x4a\x01\x03\x00\x00"
	  "\x00",
	  23, "damaged" },
	{ "\x1f\x8b words, and more than eighteen of them", 40, "damaged" },
	{ "\xff\xfe"
	  "0\0:",
	  5, "UTF-16" },
	{ "\xff\xfe"
	  "\0\xdc:\0",
	  6, "UTF-16" },
};

START_TEST(a_damaged_text_is_refused_and_left_alone)
{
	ck_assert_int_eq(plain(damaged[_i].from, damaged[_i].n), -EINVAL);
	ck_assert_msg(strstr(diag.text, damaged[_i].says) != NULL, "%s", diag.text);
	ck_assert_uint_eq(len, damaged[_i].n);
	ck_assert_mem_eq(text, damaged[_i].from, len);
}
END_TEST

Suite *suite_host_plain_text(void)
{
	Suite *s = suite_create("host_plain_text");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_add_loop_test(t, a_text_becomes_plain, 0, EC_ARRAY_SIZE(texts));
	tcase_add_loop_test(t, a_damaged_text_is_refused_and_left_alone, 0, EC_ARRAY_SIZE(damaged));
	suite_add_tcase(s, t);
	return s;
}
