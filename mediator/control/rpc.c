/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "control/rpc.h"

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A valid request and the methods that may answer it. */
struct request {
	const struct ec_rpc_method *methods;
	void *ctx;
	const char *method;
	json_t *params; /* NULL: none */
	json_t *id;     /* NULL: none */
};

json_t *ec_rpc_string(const char *text)
{
	json_t *s = json_string(text);
	char *copy;

	if (s)
		return s;
	copy = strdup(text);
	if (!copy)
		return NULL;
	for (char *p = copy; *p; p++)
		if (*p & 0x80)
			*p = '?';
	s = json_string(copy);
	free(copy);
	return s;
}

json_t *ec_rpc_integer(uint64_t n)
{
	return json_integer(n > INT64_MAX ? INT64_MAX : (json_int_t)n);
}

static int reserve(struct ec_rpc_text *out, size_t more)
{
	size_t room = out->room ? out->room : 4096;
	char *data;

	while (room - out->len < more)
		room *= 2;
	if (room == out->room)
		return 0;
	data = realloc(out->data, room);
	if (!data)
		return -ENOMEM;
	out->data = data;
	out->room = room;
	return 0;
}

static int append_char(struct ec_rpc_text *out, char c)
{
	if (reserve(out, 1))
		return -ENOMEM;
	out->data[out->len++] = c;
	return 0;
}

/* @error: a positive errno, 0: none. @id: NULL: null. */
static json_t *make_error(enum ec_rpc_code code, const char *message, int error, json_t *id)
{
	json_t *e = json_pack("{s:i,s:o}", "code", code, "message", ec_rpc_string(message));

	if (e && error && json_object_set_new(e, "data", json_pack("{s:i}", "errno", error))) {
		json_decref(e);
		e = NULL;
	}
	return json_pack("{s:s,s:o,s:O}", "jsonrpc", "2.0", "error", e, "id",
			 id ? id : json_null());
}

/* Append @reply and release it. NULL: it could not be allocated. */
static int append_reply(struct ec_rpc_text *out, json_t *reply)
{
	size_t len = reply ? json_dumpb(reply, NULL, 0, JSON_COMPACT) : 0;

	if (len > EC_RPC_REPLY_MAX) {
		json_t *error = make_error(EC_RPC_REFUSED, "the reply is too long", EMSGSIZE,
					   json_object_get(reply, "id"));

		json_decref(reply);
		reply = error;
		len = reply ? json_dumpb(reply, NULL, 0, JSON_COMPACT) : 0;
	}
	if (!len || reserve(out, len)) {
		json_decref(reply);
		return -ENOMEM;
	}
	json_dumpb(reply, out->data + out->len, len, JSON_COMPACT);
	out->len += len;
	json_decref(reply);
	return 0;
}

int ec_rpc_complain(enum ec_rpc_code code, const char *message, int error, struct ec_rpc_text *out)
{
	int rc = append_reply(out, make_error(code, message, error, NULL));

	return rc ? rc : append_char(out, '\n');
}

/* Fill @r; its id also if the request is invalid. Returns an error message; NULL: none. */
static const char *read_request(json_t *json, struct request *r)
{
	const char *version = json_string_value(json_object_get(json, "jsonrpc"));
	json_t *id = json_object_get(json, "id");

	if (!json_is_object(json))
		return "a request is a JSON object";
	if (id && !json_is_string(id) && !json_is_number(id) && !json_is_null(id))
		return "'id' is not a string, a number or null";
	r->id = id;
	r->method = json_string_value(json_object_get(json, "method"));
	r->params = json_object_get(json, "params");
	if (!version || strcmp(version, "2.0"))
		return "'jsonrpc' is not \"2.0\"";
	if (!r->method)
		return "'method' is not a string";
	if (r->params && !json_is_object(r->params) && !json_is_array(r->params))
		return "'params' is not an object or an array";
	return NULL;
}

/* Call the method. Returns the reply; NULL: out of memory. */
static json_t *call(const struct request *r)
{
	const struct ec_rpc_method *m = r->methods;
	struct ec_diag diag = { 0 };
	json_t *result = NULL;
	int rc;

	while (m->name && strcmp(m->name, r->method))
		m++;
	if (!m->name) {
		ec_diag_set(&diag, 0, "there is no method '%.64s'", r->method);
		return make_error(EC_RPC_METHOD, diag.text, 0, r->id);
	}
	rc = m->call(r->ctx, r->params, &result, &diag);
	if (!rc)
		return json_pack("{s:s,s:o,s:O}", "jsonrpc", "2.0", "result",
				 result ? result : json_null(), "id", r->id ? r->id : json_null());
	json_decref(result);
	if (rc == EC_RPC_WRONG_PARAMS)
		return make_error(EC_RPC_PARAMS, *diag.text ? diag.text : "invalid parameters", 0,
				  r->id);
	return make_error(EC_RPC_REFUSED, *diag.text ? diag.text : strerror(-rc), -rc, r->id);
}

/* One request, alone or of a batch. @full: do not carry it out. @done: a reply was appended. */
static int answer_one(const struct request *who, json_t *json, bool full, struct ec_rpc_text *out,
		      bool *done)
{
	struct request r = *who;
	const char *wrong = read_request(json, &r);
	json_t *reply;

	*done = true;
	if (wrong)
		return append_reply(out, make_error(EC_RPC_REQUEST, wrong, 0, r.id));
	if (full)
		reply = make_error(EC_RPC_REFUSED, "the reply to the batch is too long", EMSGSIZE,
				   r.id);
	else
		reply = call(&r);
	if (r.id)
		return append_reply(out, reply);
	/* a notification gets no reply, not even an error */
	json_decref(reply);
	*done = false;
	return 0;
}

static int answer_batch(const struct request *who, json_t *batch, struct ec_rpc_text *out)
{
	size_t start = out->len, n = json_array_size(batch), replies = 0, i;
	json_t *json;
	int rc = 0;

	if (!n)
		return ec_rpc_complain(EC_RPC_REQUEST, "the batch is empty", 0, out);
	if (n > EC_RPC_BATCH_MAX)
		return ec_rpc_complain(EC_RPC_REQUEST, "too many requests in a batch", 0, out);
	json_array_foreach(batch, i, json)
	{
		size_t before = out->len;
		bool done = false;

		/* the separator first; it is dropped again if no reply follows */
		rc = append_char(out, replies ? ',' : '[');
		if (!rc)
			rc = answer_one(who, json, before - start >= EC_RPC_REPLY_MAX, out, &done);
		if (rc)
			return rc;
		if (done)
			replies++;
		else
			out->len = before;
	}
	if (!replies)
		return 0;
	rc = append_char(out, ']');
	return rc ? rc : append_char(out, '\n');
}

int ec_rpc_answer(const struct ec_rpc_method *methods, void *ctx, const char *line, size_t len,
		  struct ec_rpc_text *out)
{
	struct request who = { .methods = methods, .ctx = ctx };
	struct ec_diag diag;
	json_error_t error;
	json_t *json;
	bool done;
	int rc;

	json = json_loadb(line, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (!json) {
		ec_diag_set(&diag, 0, "not JSON: %s", error.text);
		return ec_rpc_complain(EC_RPC_PARSE, diag.text, 0, out);
	}
	if (json_is_array(json)) {
		rc = answer_batch(&who, json, out);
	} else {
		rc = answer_one(&who, json, false, out, &done);
		if (!rc && done)
			rc = append_char(out, '\n');
	}
	json_decref(json);
	return rc;
}
