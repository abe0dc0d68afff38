/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON-RPC: a line, and its reply. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/rpc.h"
#include "core/bits.h"
#include "echo.h"
#include "suites.h"

static struct ec_rpc_text out;

static void setup(void)
{
	echo_calls = 0;
}

static void teardown(void)
{
	free(out.data);
	out = (struct ec_rpc_text){ 0 };
}

/* The answer to a line, with its newline; "": there is none. */
static const char *ask(const char *line, size_t len)
{
	out.len = 0;
	ck_assert_int_eq(ec_rpc_answer(echo_methods, NULL, line, len, &out), 0);
	if (!out.len)
		return "";
	ck_assert_int_eq(out.data[out.len - 1], '\n');
	ck_assert_ptr_eq(memchr(out.data, '\n', out.len), out.data + out.len - 1);
	out.data = realloc(out.data, out.room + 1);
	out.data[out.len] = 0;
	return out.data;
}

#define V "\"jsonrpc\":\"2.0\","
#define OK(result, id) "{" V "\"result\":" result ",\"id\":" id "}"
#define ERR(code, message, id)                                                                     \
	"{" V "\"error\":{\"code\":" code ",\"message\":\"" message "\"},\"id\":" id "}"
#define NOT_A(id) ERR("-32600", "a request is a JSON object", id)

static const struct {
	const char *line, *reply; /* without newline; "": no reply; NULL: not JSON */
	unsigned int calls;
} lines[] = {
	{ "{" V "\"method\":\"echo\",\"params\":{\"a\":[1,2]},\"id\":7}", OK("{\"a\":[1,2]}", "7"),
	  1 },
	{ " {" V "\"id\":\"x\\u00e9\",\"method\":\"echo\",\"params\":[]}\r",
	  OK("[]", "\"x\xc3\xa9\""), 1 },
	{ "{" V "\"method\":\"echo\",\"id\":null}", OK("null", "null"), 1 },
	{ "{" V "\"method\":\"echo\",\"id\":-1.5}", OK("null", "-1.5"), 1 },
	{ "{" V "\"method\":\"echo\",\"id\":9007199254740993}", OK("null", "9007199254740993"), 1 },
	{ "{" V "\"method\":\"echo\",\"id\":1,\"more\":1}", OK("null", "1"), 1 },
	/* notifications */
	{ "{" V "\"method\":\"echo\"}", "", 1 },
	{ "{" V "\"method\":\"refuse\"}", "", 1 },
	{ "{" V "\"method\":\"nothing\"}", "", 0 },
	/* not JSON */
	{ "", ERR("-32700", "not JSON: unexpected token near end of file", "null"), 0 },
	{ "{" V "\"method\":\"echo\",\"id\":1", NULL, 0 },
	{ "{" V "\"method\":\"echo\",\"id\":1}{", NULL, 0 },
	{ "{" V "\"method\":\"echo\",\"id\":1,\"id\":2}", NULL, 0 },
	{ "{" V "\"method\":\"echo\",\"params\":{\"a\":1,\"a\":2},\"id\":1}", NULL, 0 },
	{ "{" V "\"method\":\"ec\\u0000ho\",\"id\":1}", NULL, 0 },
	{ "{" V "\"method\":\"echo\",\"id\":99999999999999999999}", NULL, 0 },
	{ "[" OK("1", "1") ",", NULL, 0 },
	{ "\xff\xfe", NULL, 0 },
	{ "GET / HTTP/1.1", NULL, 0 },
	/* not a request */
	{ "7", NOT_A("null"), 0 },
	{ "null", NOT_A("null"), 0 },
	{ "\"echo\"", NOT_A("null"), 0 },
	{ "{}", ERR("-32600", "'jsonrpc' is not \\\"2.0\\\"", "null"), 0 },
	{ "{\"method\":\"echo\",\"id\":1}", ERR("-32600", "'jsonrpc' is not \\\"2.0\\\"", "1"), 0 },
	{ "{\"jsonrpc\":2.0,\"method\":\"echo\",\"id\":1}",
	  ERR("-32600", "'jsonrpc' is not \\\"2.0\\\"", "1"), 0 },
	{ "{" V "\"method\":1,\"params\":\"x\"}", ERR("-32600", "'method' is not a string", "null"),
	  0 },
	{ "{" V "\"id\":4}", ERR("-32600", "'method' is not a string", "4"), 0 },
	{ "{" V "\"method\":\"echo\",\"params\":\"x\",\"id\":1}",
	  ERR("-32600", "'params' is not an object or an array", "1"), 0 },
	{ "{" V "\"method\":\"echo\",\"params\":null,\"id\":1}",
	  ERR("-32600", "'params' is not an object or an array", "1"), 0 },
	{ "{" V "\"method\":\"echo\",\"id\":{}}",
	  ERR("-32600", "'id' is not a string, a number or null", "null"), 0 },
	{ "{" V "\"method\":\"echo\",\"id\":true}",
	  ERR("-32600", "'id' is not a string, a number or null", "null"), 0 },
	/* a request that fails */
	{ "{" V "\"method\":\"Echo\",\"id\":1}", ERR("-32601", "there is no method 'Echo'", "1"),
	  0 },
	{ "{" V "\"method\":\"\",\"id\":1}", ERR("-32601", "there is no method ''", "1"), 0 },
	{ "{" V "\"method\":\"fail\",\"id\":1}", ERR("-32602", "invalid parameters", "1"), 1 },
	{ "{" V "\"method\":\"fail\",\"params\":{},\"id\":1}",
	  "{" V "\"error\":{\"code\":-32000,\"message\":\"Input/output error\","
	  "\"data\":{\"errno\":5}},\"id\":1}",
	  1 },
	{ "{" V "\"method\":\"refuse\",\"params\":{},\"id\":\"a\"}",
	  "{" V "\"error\":{\"code\":-32000,\"message\":\"the thing is in use?\","
	  "\"data\":{\"errno\":16}},\"id\":\"a\"}",
	  1 },
	/* batches */
	{ "[]", ERR("-32600", "the batch is empty", "null"), 0 },
	{ "[1]", "[" NOT_A("null") "]", 0 },
	{ "[1,[],[[]]]", "[" NOT_A("null") "," NOT_A("null") "," NOT_A("null") "]", 0 },
	{ "[{" V "\"method\":\"echo\"}]", "", 1 },
	{ "[{" V "\"method\":\"echo\"},{" V "\"method\":\"echo\",\"id\":1},{" V
	  "\"method\":\"echo\"},{" V "\"method\":\"nothing\"},{" V
	  "\"method\":\"fail\",\"id\":2},{" V "\"method\":\"echo\"}]",
	  "[" OK("null", "1") "," ERR("-32602", "invalid parameters", "2") "]", 5 },
};

START_TEST(a_line_gets_its_reply)
{
	const char *text = ask(lines[_i].line, strlen(lines[_i].line));

	if (!lines[_i].reply) {
		ck_assert_msg(strstr(text, "{" V "\"error\":{\"code\":-32700,\"message\":\"") ==
				      text,
			      "%s", text);
		ck_assert_msg(strstr(text, "},\"id\":null}\n") != NULL, "%s", text);
	} else {
		ck_assert_uint_eq(strcspn(text, "\n"), strlen(lines[_i].reply));
		ck_assert_msg(!strncmp(text, lines[_i].reply, strlen(lines[_i].reply)), "%s", text);
	}
	ck_assert_uint_eq(echo_calls, lines[_i].calls);
}
END_TEST

static const char *ask_batch(unsigned int n, const char *one)
{
	char *line = malloc(n * (strlen(one) + 1) + 2), *p = line;
	const char *answer;

	for (unsigned int i = 0; i < n; i++)
		p += sprintf(p, "%c%s", i ? ',' : '[', one);
	*p++ = ']';
	answer = ask(line, (size_t)(p - line));
	free(line);
	return answer;
}

START_TEST(a_batch_is_limited_in_requests_and_reply)
{
	const char *answer = ask_batch(EC_RPC_BATCH_MAX, "7");
	json_t *json;

	json = json_loads(answer, 0, NULL);
	ck_assert_uint_eq(json_array_size(json), EC_RPC_BATCH_MAX);
	json_decref(json);
	ck_assert_str_eq(ask_batch(EC_RPC_BATCH_MAX + 1, "7"),
			 ERR("-32600", "too many requests in a batch", "null") "\n");
	/* each reply fits, but not all of them: a method whose reply has no room is not called */
	answer = ask_batch(100, "{" V "\"method\":\"large\",\"params\":[100000],\"id\":1}");
	ck_assert(strstr(answer, "\"the reply to the batch is too long\","
				 "\"data\":{\"errno\":90}},\"id\":1}]") != NULL);
	ck_assert_uint_eq(echo_calls, 11);
	json = json_loads(answer, 0, NULL);
	ck_assert_uint_eq(json_array_size(json), 100);
	json_decref(json);
}
END_TEST

START_TEST(a_reply_over_the_limit_becomes_an_error)
{
	static const char most[] = "{" V "\"method\":\"large\",\"params\":[1048540],\"id\":1}";
	static const char more[] = "{" V "\"method\":\"large\",\"params\":[1048541],\"id\":1}";

	ck_assert_uint_eq(strlen(ask(most, strlen(most))), EC_RPC_REPLY_MAX + 1);
	ck_assert_str_eq(ask(more, strlen(more)),
			 "{" V "\"error\":{\"code\":-32000,\"message\":\"the reply is too "
			 "long\",\"data\":{\"errno\":90}},\"id\":1}\n");
}
END_TEST

/* As a batch, an id, parameters. The deepest that jansson parses is accepted. */
START_TEST(json_nested_too_deep_is_refused)
{
	static const char *const before[] = { "", "{" V "\"method\":\"echo\",\"id\":",
					      "{" V "\"method\":\"echo\",\"id\":1,\"params\":" };
	char *line = calloc(1, 65536);

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(before); i++) {
		const char *answer;

		memset(line, '[', 65536);
		memcpy(line, before[i], strlen(before[i]));
		answer = ask(line, 65536);
		ck_assert_msg(strstr(answer, "{" V "\"error\":{\"code\":-32700,\"message\":\"not "
					     "JSON: maximum parsing depth reached") == answer,
			      "%s", answer);
	}
	strcpy(line, before[2]);
	memset(line + strlen(before[2]), '[', 2000);
	memset(line + strlen(before[2]) + 2000, ']', 2000);
	strcpy(line + strlen(before[2]) + 4000, "}");
	ck_assert_uint_gt(strlen(ask(line, strlen(line))), 4000);
	ck_assert_uint_eq(echo_calls, 1);
	free(line);
}
END_TEST

START_TEST(any_bytes_get_one_error_and_call_nothing)
{
	static const char likely[] = "{}[]\",:\\\n0un\xc3jsonrpc";
	char junk[200];

	srand((unsigned int)_i + 1);
	for (unsigned int n = 0; n < 2000; n++) {
		size_t len = (size_t)rand() % sizeof(junk);

		for (size_t i = 0; i < len; i++)
			junk[i] = (char)(_i % 2 ? rand() : likely[rand() % (int)sizeof(likely)]);
		ck_assert(strstr(ask(junk, len), "\"error\"") != NULL);
	}
	ck_assert_uint_eq(echo_calls, 0);
}
END_TEST

Suite *suite_control_rpc(void)
{
	Suite *s = suite_create("control_rpc");
	TCase *t = tcase_create("rpc");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, a_line_gets_its_reply, 0, EC_ARRAY_SIZE(lines));
	tcase_add_test(t, a_batch_is_limited_in_requests_and_reply);
	tcase_add_test(t, a_reply_over_the_limit_becomes_an_error);
	tcase_add_test(t, json_nested_too_deep_is_refused);
	tcase_add_loop_test(t, any_bytes_get_one_error_and_call_nothing, 0, 4);
	suite_add_tcase(s, t);
	return s;
}
