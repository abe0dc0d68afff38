/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON-RPC 2.0 (https://www.jsonrpc.org/specification): a line of text, answered by a line of
 * text. No I/O but what the methods do.
 */
#ifndef EC_CONTROL_RPC_H
#define EC_CONTROL_RPC_H

#include <stddef.h>
#include <stdint.h>

#include "core/diag.h"

/* jansson's json_t: a file that makes or reads JSON includes its header. */
struct json_t;

/** Error codes: JSON-RPC's, and the first of those left to servers. */
enum ec_rpc_code {
	EC_RPC_PARSE = -32700,
	EC_RPC_REQUEST = -32600,
	EC_RPC_METHOD = -32601,
	EC_RPC_PARAMS = -32602,
	EC_RPC_REFUSED = -32000, /* data.errno has the errno, positive */
};

/** Returned by ec_rpc_method.call if the parameters are wrong. */
#define EC_RPC_WRONG_PARAMS 1

/** A method. A table of methods ends with one without a name. */
struct ec_rpc_method {
	const char *name;
	/*
	 * @params: an object or an array, owned by the caller; NULL: the request has none.
	 * @result: set to a new reference, which the caller releases; not set: the result is null.
	 * @diag: message for the client on failure; empty: the text of the errno is sent.
	 * Returns 0, EC_RPC_WRONG_PARAMS, or a negative errno: refused. Must not call ec_control_*.
	 */
	int (*call)(void *ctx, struct json_t *params, struct json_t **result, struct ec_diag *diag);
};

/** Requests of a batch; one with more is refused as a whole. */
#define EC_RPC_BATCH_MAX 1024

/**
 * Bytes of a reply; a longer one becomes an error. When the replies of a batch have become so
 * long, its further requests are refused, and not carried out.
 */
#define EC_RPC_REPLY_MAX (1u << 20)

/** Text that grows. All 0 is an empty one; free(data) ends it. */
struct ec_rpc_text {
	char *data;
	size_t len, room;
};

/**
 * ec_rpc_answer() - carry out what a line asks for.
 * @methods, @ctx: see control.h. @line, @len: the line without its newline, any bytes.
 * @out: the reply is appended, with its newline; nothing if none is due.
 * Returns 0, also where the reply is an error; -ENOMEM: what was appended is not to be sent.
 */
int ec_rpc_answer(const struct ec_rpc_method *methods, void *ctx, const char *line, size_t len,
		  struct ec_rpc_text *out);

/**
 * ec_rpc_complain() - append an error that answers no request in particular.
 * @error: a positive errno for its data, 0: none. Returns 0 or -ENOMEM.
 */
int ec_rpc_complain(enum ec_rpc_code code, const char *message, int error, struct ec_rpc_text *out);

/**
 * ec_rpc_string() - @text as a JSON string, a new reference; NULL: out of memory.
 * JSON has UTF-8 only: in a text that is none, bytes above 0x7f become '?'.
 */
struct json_t *ec_rpc_string(const char *text);

/** ec_rpc_integer() - @n as a JSON integer, a new reference; a value above INT64_MAX is cut to it.
 */
struct json_t *ec_rpc_integer(uint64_t n);

#endif
