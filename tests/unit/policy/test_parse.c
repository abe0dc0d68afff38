/* SPDX-License-Identifier: GPL-2.0-or-later */
/* policy/parse, policy/position: files, and their errors. */
#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "policy/position.h"
#include "ruleset.h"
#include "suites.h"

#define DATA "tests/data/rules/"

/* The contents of a file, in memory of exactly its size. */
static char *read_file(const char *path, size_t *len)
{
	FILE *f = fopen(path, "re");
	char *text;

	ck_assert_msg(f != NULL, "%s", path);
	fseek(f, 0, SEEK_END);
	*len = (size_t)ftell(f);
	rewind(f);
	text = malloc(*len ? *len : 1);
	ck_assert_uint_eq(fread(text, 1, *len, f), *len);
	fclose(f);
	return text;
}

static int add_file(struct ec_rules *r, const char *path, struct ec_rules_error *err)
{
	size_t len;
	char *text = read_file(path, &len);
	int rc = ec_rules_add_text(r, &(struct ec_rules_text){ path, EC_LAYER_POLICY, text, len },
				   err);

	free(text);
	return rc;
}

static int is_json(const struct dirent *d)
{
	return strstr(d->d_name, ".json") != NULL;
}

static unsigned int count_files(const char *dir)
{
	struct dirent **list;
	int n = scandir(dir, &list, is_json, alphasort);

	ck_assert_int_gt(n, 0);
	for (int i = 0; i < n; i++)
		free(list[i]);
	free(list);
	return (unsigned int)n;
}

START_TEST(all_good_files_are_read)
{
	struct ec_rules *r = ec_rules_new();
	struct dirent **list;
	int n = scandir(DATA "good", &list, is_json, alphasort);

	ck_assert_int_gt(n, 50);
	for (int i = 0; i < n; i++) {
		struct ec_rules_error err;
		char path[512];
		int rc;

		snprintf(path, sizeof(path), DATA "good/%s", list[i]->d_name);
		rc = add_file(r, path, &err);
		ck_assert_msg(!rc, "%s: %u:%u: %s: %s", path, err.line, err.column, err.path,
			      err.text);
		ck_assert(!err.line && !*err.path && !*err.text);
		if (r->n)
			ck_assert_pstr_ne(r->rule[r->n - 1].file, NULL);
		free(list[i]);
	}
	free(list);
	ck_assert_uint_gt(r->n, 60);
	ec_rules_free(r);
}
END_TEST

/* Is @got the place @want, in which a number may be *? */
static bool place_is(const char *want, const struct ec_rules_error *got)
{
	unsigned int line = got->line, column = got->column;
	int used = 0;

	if (!strcmp(want, "*"))
		return line && column;
	if (sscanf(want, "%u:%n", &line, &used) != 1 || line != got->line)
		return false;
	if (strcmp(want + used, "*") != 0)
		column = (unsigned int)strtoul(want + used, NULL, 10);
	return column == got->column;
}

/* Compares a line of expected.txt with the error of the file. */
static void check_expected(char *line)
{
	const char *name = strtok(line, "\t"), *place = strtok(NULL, "\t");
	const char *path = strtok(NULL, "\t"), *text = strtok(NULL, "\n");
	struct ec_rules *r = ruleset_set("'slot':7");
	const struct ec_rule *was = r->rule;
	struct ec_rules_error err;
	char file[256];

	ck_assert(text != NULL);
	snprintf(file, sizeof(file), DATA "%s.json", name);
	memset(&err, 0xa5, sizeof(err));
	ck_assert_msg(add_file(r, file, &err) == -EINVAL, "%s", name);
	ck_assert_msg(place_is(place, &err), "%s: at %u:%u: %s", name, err.line, err.column,
		      err.text);
	if (!strcmp(path, "-"))
		path = "";
	ck_assert_msg(!strncmp(err.path, path, strlen(path)), "%s: %s", name, err.path);
	ck_assert_msg(!strcmp(err.path, path) || strlen(err.path) == sizeof(err.path) - 1, "%s: %s",
		      name, err.path);
	ck_assert_msg(strstr(err.text, text) != NULL, "%s: %s", name, err.text);
	ck_assert_msg(err.semantic == !strncmp(name, "semantic/", 9), "%s", name);
	/* nothing was added */
	ck_assert(r->n == 1 && r->rule == was && was->setting->number == 7);
	ec_rules_free(r);
}

START_TEST(each_bad_file_gives_the_expected_error)
{
	FILE *f = fopen(DATA "expected.txt", "re");
	unsigned int n = 0;
	char line[512];

	ck_assert(f != NULL);
	while (fgets(line, sizeof(line), f)) {
		if (*line == '#')
			continue;
		check_expected(line);
		n++;
	}
	fclose(f);
	ck_assert_uint_eq(n, count_files(DATA "bad") + count_files(DATA "semantic") +
				     count_files(DATA "syntax"));
}
END_TEST

/* Lines of errors as "LINE:COLUMN PATH". */
struct errors {
	unsigned int n;
	bool more;
	char text[1024];
};

static void keep_error(void *ctx, const struct ec_rules_error *e)
{
	struct errors *all = ctx;
	size_t len = strlen(all->text);

	all->more |= !e;
	if (!e)
		return;
	all->n++;
	snprintf(all->text + len, sizeof(all->text) - len, "%u:%u %s\n", e->line, e->column,
		 e->path);
}

/* What keep_error() gets of a text, with *@first. */
static struct errors errors_of(const char *text, struct ec_rules_error *first)
{
	struct ec_rules *r = ec_rules_new();
	struct errors all = { 0 };
	struct ec_rules_text file = { .file = "x",
				      .layer = EC_LAYER_POLICY,
				      .text = text,
				      .len = strlen(text),
				      .each = keep_error,
				      .ctx = &all };

	ck_assert_int_eq(ec_rules_add_text(r, &file, first), -EINVAL);
	ck_assert_uint_eq(r->n, 0);
	ec_rules_free(r);
	return all;
}

START_TEST(all_errors_of_a_file_are_reported_once)
{
	struct ec_rules_error first;
	struct errors all =
		errors_of("{\"version\":2,\n"
			  "\"rules\":[{\"set\":{\"ranges\":[{\"offset\":4095,\"length\":2,"
			  "\"treatment\":\"hide\"},{\"offset\":1}],\n\"slot\":32}},\n"
			  "{\"sett\":{}},{\"set\":{}},\n"
			  "{\"match\":{\"vendor\":[1,\"x\",\"y\"],\"x\":1},\"set\":"
			  "{\"keep_only\":[\"FOO\",\"AER\",1],\n"
			  "\"reset\":{\"methods\":[\"x\",\"flr\",\"flr\"]},"
			  "\"capabilities\":{\"AER\":\"x\",\"BAR\":\"hide\"}}}]}",
			  &first);

	ck_assert_str_eq(all.text, "1:12 version\n"
				   "2:52 rules[0].set.ranges[0].length\n"
				   "2:74 rules[0].set.ranges[1]\n"
				   "3:8 rules[0].set.slot\n"
				   "4:2 rules[1].sett\n"
				   "5:23 rules[3].match.vendor[1]\n"
				   "5:27 rules[3].match.vendor[2]\n"
				   "5:32 rules[3].match.x\n"
				   "5:59 rules[3].set.keep_only[0]\n"
				   "5:71 rules[3].set.keep_only[2]\n"
				   "6:21 rules[3].set.reset.methods[0]\n"
				   "6:31 rules[3].set.reset.methods[2]\n"
				   "6:61 rules[3].set.capabilities.AER\n"
				   "6:65 rules[3].set.capabilities.BAR\n");
	ck_assert_str_eq(first.path, "version");
	ck_assert(!all.more && !first.semantic);
	/* a text that is not JSON, too */
	all = errors_of("{", &first);
	ck_assert_uint_eq(all.n, 1);
}
END_TEST

START_TEST(errors_of_a_file_are_bounded)
{
	char text[2048] = "{\"version\":1,\"rules\":[0";
	struct ec_rules_error first;
	struct errors all;

	for (unsigned int i = 0; i < 500; i++)
		strcat(text, ",0");
	strcat(text, "]}");
	all = errors_of(text, &first);
	ck_assert_uint_eq(all.n, 100);
	ck_assert(all.more);
}
END_TEST

START_TEST(rules_and_settings_have_places)
{
	static const char text[] = "{\"rules\": [ {\"set\":{\"slot\":\n 1,\"pm\":{\"pme\":true}}},"
				   "\n\n  {\"match\":{},\n\"set\":{\"ranges\":[{\"offset\":1,"
				   "\"length\":1,\"treatment\":\"hide\"}]}}],\"version\":1}";
	struct ec_rules_text file = { "x", EC_LAYER_POLICY, text, strlen(text), .places = true };
	struct ec_rules *r = ec_rules_new();
	struct ec_rules_error err;

	ck_assert_int_eq(ec_rules_add_text(r, &file, &err), 0);
	ck_assert(r->n == 2 && r->rule[0].n == 2 && r->rule[1].n == 1);
	ck_assert(r->rule[0].line == 1 && r->rule[0].column == 13);
	ck_assert(r->rule[0].setting[0].line == 2 && r->rule[0].setting[0].column == 2);
	ck_assert(r->rule[0].setting[1].line == 2 && r->rule[0].setting[1].column == 16);
	ck_assert(r->rule[1].line == 4 && r->rule[1].column == 3);
	ck_assert(r->rule[1].setting[0].line == 5 && r->rule[1].setting[0].column == 18);
	ec_rules_free(r);
}
END_TEST

START_TEST(rules_keep_their_names_and_order)
{
	struct ec_rules *r = ec_rules_new();
	struct ec_rules_error err;

	ck_assert_int_eq(ruleset_add(r, "q.json", EC_LAYER_QUIRKS,
				     "{'version':1,'rules':[{'set':{}},{'name':'b','set':{}}]}",
				     &err),
			 0);
	ck_assert_int_eq(ruleset_add(r, "p.json", EC_LAYER_POLICY,
				     "{'rules':[{'final':true,'set':{}},"
				     "{'name':'\\u001b[1m\xc3\xa9','set':{}}],'version':1}",
				     &err),
			 0);
	ck_assert_int_eq(ec_rules_add_set(r, "attach", "slot", "1", &err), 0);
	ck_assert_uint_eq(r->n, 5);
	ck_assert_str_eq(r->rule[3].name, "?[1m\xc3\xa9");
	ck_assert_str_eq(r->rule[0].name, "rule 1");
	ck_assert_str_eq(r->rule[1].name, "b");
	ck_assert_str_eq(r->rule[2].name, "rule 1");
	ck_assert_str_eq(r->rule[0].file, "q.json");
	ck_assert_str_eq(r->rule[2].file, "p.json");
	ck_assert(!r->rule[0].final && r->rule[2].final);
	ck_assert(r->rule[1].layer == EC_LAYER_QUIRKS && r->rule[2].layer == EC_LAYER_POLICY);
	ck_assert_int_eq(
		ruleset_add(r, "p.json", EC_LAYER_POLICY, "{'version':1,'rules':[]}", &err),
		-EINVAL);
	ck_assert(*err.text && !err.line);
	ck_assert_uint_eq(r->n, 5);
	ec_rules_free(r);
	ec_rules_free(NULL);
}
END_TEST

START_TEST(a_file_over_4_mib_is_refused)
{
	struct ec_rules *r = ec_rules_new();
	char *text = malloc(EC_RULES_TEXT_MAX + 1);
	struct ec_rules_error err;
	struct ec_rules_text large = { "x", EC_LAYER_POLICY, text, EC_RULES_TEXT_MAX + 1 };

	memset(text, ' ', EC_RULES_TEXT_MAX + 1);
	memcpy(text, "{\"version\":1,\"rules\":[]}", 24);
	ck_assert_int_eq(ec_rules_add_text(r, &large, &err), -E2BIG);
	ck_assert(strstr(err.text, "more than 4194304 bytes") != NULL);
	large.len--;
	ck_assert_int_eq(ec_rules_add_text(r, &large, &err), 0);
	free(text);
	ec_rules_free(r);
}
END_TEST

/* @n empty rules; number @bad is not a rule. */
static int add_many(struct ec_rules *r, unsigned int n, unsigned int bad,
		    struct ec_rules_error *err)
{
	size_t len = 0, room = 64 + n * 16;
	char *text = malloc(room);
	int rc;

	len += (size_t)sprintf(text, "{\"version\":1,\n\"rules\":[");
	for (unsigned int i = 0; i < n; i++)
		len += (size_t)sprintf(text + len, "%s{\"set\":%s}", i ? "," : "",
				       i == bad ? "3" : "{}");
	len += (size_t)sprintf(text + len, "]}");
	rc = ec_rules_add_text(r, &(struct ec_rules_text){ "many", EC_LAYER_POLICY, text, len },
			       err);
	free(text);
	return rc;
}

START_TEST(more_rules_than_origins_are_refused)
{
	struct ec_rules *r = ruleset_set("'slot':7");
	struct ec_rules_error err;

	ck_assert_int_eq(add_many(r, EC_RULES_MAX + 1, UINT32_MAX, &err), -E2BIG);
	ck_assert_str_eq(err.path, "rules");
	ck_assert(strstr(err.text, "more than 65519 rules") != NULL && err.line == 2);
	ck_assert_int_eq(add_many(r, EC_RULES_MAX, UINT32_MAX, &err), -E2BIG);
	ck_assert(strstr(err.text, "with those of other files") != NULL);
	ck_assert_uint_eq(r->n, 1);
	ck_assert_int_eq(add_many(r, EC_RULES_MAX - 1, EC_RULES_MAX - 2, &err), -EINVAL);
	ck_assert_str_eq(err.path, "rules[65517].set");
	ck_assert_uint_eq(r->n, 1);
	ck_assert_int_eq(add_many(r, EC_RULES_MAX - 1, UINT32_MAX, &err), 0);
	ck_assert_uint_eq(r->n, EC_RULES_MAX);
	ck_assert_str_eq(r->rule[EC_RULES_MAX - 1].name, "rule 65518");
	ck_assert_int_eq(r->rule->setting->number, 7);
	ck_assert_int_eq(ec_rules_add_set(r, "attach", "slot", "1", &err), -E2BIG);
	ec_rules_free(r);
}
END_TEST

static void check_utf8(const char *text)
{
	json_t *s = json_string(text);

	ck_assert_msg(s != NULL, "%s", text);
	json_decref(s);
}

START_TEST(long_keys_and_values_are_cut_between_characters)
{
	struct ec_rules *r = ec_rules_new();
	struct ec_rules_error err;
	char *json, *key = malloc(4001);

	for (unsigned int i = 0; i < 4000; i += 2)
		memcpy(key + i, "\xc3\xa9", 2);
	key[4000] = 0;
	ck_assert(asprintf(&json, "{'version':1,'rules':[{'set':{'x%s':{}}}]}", key) > 0);
	ck_assert_int_eq(ruleset_add(r, "x", EC_LAYER_POLICY, json, &err), -EINVAL);
	ck_assert_uint_eq(strlen(err.path), sizeof(err.path) - 1);
	check_utf8(err.path);
	check_utf8(err.text);
	free(json);
	ck_assert(asprintf(&json, "{'version':1,'rules':[{'set':{'rom':'%s'}}]}", key) > 0);
	ck_assert_int_eq(ruleset_add(r, "x", EC_LAYER_POLICY, json, &err), -EINVAL);
	ck_assert(strstr(err.text, "...") != NULL);
	check_utf8(err.text);
	free(json);
	free(key);
	ec_rules_free(r);
}
END_TEST

#define KEY(k)                                                                                     \
	{                                                                                          \
		.key = k                                                                           \
	}
#define AT(i)                                                                                      \
	{                                                                                          \
		.index = i                                                                         \
	}

static const struct {
	const char *text;
	struct ec_step step[4];
	unsigned int n;
	bool at_key;
	struct ec_position want;
} places[] = {
	{ " {}", { KEY("") }, 0, false, { 1, 2 } },
	{ "\n\n\t7", { KEY("") }, 0, true, { 3, 2 } },
	{ "{\"a\":1,\"b\" : [ 2,\n 3]}", { KEY("b"), AT(1) }, 2, false, { 2, 2 } },
	{ "{\"a\":1,\"b\" : [ 2,\n 3]}", { KEY("b"), AT(1) }, 2, true, { 2, 2 } },
	{ "{\"a\":1,\"b\" : [ 2,\n 3]}", { KEY("b") }, 1, true, { 1, 8 } },
	{ "{\"a\":1,\"b\" : [ 2,\n 3]}", { KEY("b") }, 1, false, { 1, 14 } },
	{ "{\"a\":1,\"b\" : [ 2,\n 3]}", { KEY("c") }, 1, false, { 0, 0 } },
	{ "{\"a\":1,\"b\" : [ 2,\n 3]}", { KEY("b"), AT(2) }, 2, false, { 0, 0 } },
	{ "{\"a\":1,\"b\" : [ 2,\n 3]}", { AT(0) }, 1, false, { 0, 0 } },
	{ "{\"a\":1,\"b\" : [ 2,\n 3]}", { KEY("a"), KEY("a") }, 2, false, { 0, 0 } },
	/* nothing in a skipped value counts */
	{ "{\"x\":{\"b\":1},\"y\":\"}]\\\"{\",\"z\":[[],{}],\"b\":5}",
	  { KEY("b") },
	  1,
	  false,
	  { 1, 42 } },
	{ "[[],{},\"\",-1.5e3,true,null,9]", { AT(6) }, 1, false, { 1, 28 } },
	/* characters, not bytes */
	{ "{\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\":1}",
	  { KEY("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80") },
	  1,
	  false,
	  { 1, 8 } },
	/* keys may have escapes */
	{ "{\"\\u0061\\u00E9\\u20ac\\ud83d\\ude00\":1}",
	  { KEY("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80") },
	  1,
	  false,
	  { 1, 35 } },
	{ "{\"\\\"\\\\\\/\\b\\f\\n\\r\\t\":1}", { KEY("\"\\/\b\f\n\r\t") }, 1, false, { 1, 21 } },
	{ "{\"ab\":1,\"a\":2,\"\":3}", { KEY("a") }, 1, false, { 1, 13 } },
	{ "{\"ab\":1,\"a\":2,\"\":3}", { KEY("") }, 1, false, { 1, 18 } },
	/* not JSON: any place is fine */
	{ "", { KEY("a") }, 1, false, { 0, 0 } },
	{ "{\"a", { KEY("a") }, 1, false, { 0, 0 } },
	{ "{\"a\\", { KEY("a") }, 1, false, { 0, 0 } },
	{ "{\"a\\u00", { KEY("a") }, 1, false, { 0, 0 } },
	{ "{\"b\":[[[", { KEY("a") }, 1, false, { 0, 0 } },
	{ "[1,", { AT(5) }, 1, false, { 0, 0 } },
};

START_TEST(a_path_leads_to_its_position)
{
	size_t len = strlen(places[_i].text);
	/* exactly its size, so a sanitizer finds reads past its end */
	char *text = malloc(len ? len : 1);
	struct ec_position p;

	ck_assert(text != NULL);
	memcpy(text, places[_i].text, len);
	p = ec_position_find(text, len, places[_i].step, places[_i].n, places[_i].at_key);
	ck_assert_uint_eq(p.line, places[_i].want.line);
	ck_assert_uint_eq(p.column, places[_i].want.column);
	free(text);
}
END_TEST

Suite *suite_policy_parse(void)
{
	Suite *s = suite_create("policy_parse");
	TCase *t = tcase_create("parse");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, all_good_files_are_read);
	tcase_add_test(t, each_bad_file_gives_the_expected_error);
	tcase_add_test(t, all_errors_of_a_file_are_reported_once);
	tcase_add_test(t, errors_of_a_file_are_bounded);
	tcase_add_test(t, rules_and_settings_have_places);
	tcase_add_test(t, rules_keep_their_names_and_order);
	tcase_add_test(t, a_file_over_4_mib_is_refused);
	tcase_add_test(t, more_rules_than_origins_are_refused);
	tcase_add_test(t, long_keys_and_values_are_cut_between_characters);
	tcase_add_loop_test(t, a_path_leads_to_its_position, 0, EC_ARRAY_SIZE(places));
	suite_add_tcase(s, t);
	return s;
}
