/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON-RPC 2.0 (https://www.jsonrpc.org/specification): one line of text in, one line of text out.
 * Only the methods do I/O.
 */
#ifndef EC_CONTROL_RPC_H
#define EC_CONTROL_RPC_H

#include <stddef.h>
#include <stdint.h>

#include "core/diag.h"

/* jansson's json_t: a file that makes or reads JSON includes its header. */
struct json_t;

/** Error codes of JSON-RPC, and the first of the range that is left to servers. */
enum ec_rpc_code {
	EC_RPC_PARSE = -32700,
	EC_RPC_REQUEST = -32600,
	EC_RPC_METHOD = -32601,
	EC_RPC_PARAMS = -32602,
	EC_RPC_REFUSED = -32000, /* data.errno is the positive errno */
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

/** Most requests of a batch; a larger batch is refused as a whole. */
#define EC_RPC_BATCH_MAX 1024

/**
 * Most bytes of a reply; an error replaces a longer one. Once the replies of a batch are that long,
 * the batch's remaining requests are refused and not carried out.
 */
#define EC_RPC_REPLY_MAX (1u << 20)

/** Text that grows; empty if all 0. Release it with free(data). */
struct ec_rpc_text {
	char *data;
	size_t len, room;
};

/**
 * ec_rpc_answer() - carry out the requests of a line.
 * @ctx: passed to the methods. @line, @len: the line without its newline, any bytes.
 * @out: the reply is appended with its newline; nothing if no reply is due.
 * Returns 0, also if the reply is an error; -ENOMEM: discard what was appended.
 */
int ec_rpc_answer(const struct ec_rpc_method *methods, void *ctx, const char *line, size_t len,
		  struct ec_rpc_text *out);

/**
 * ec_rpc_complain() - append an error reply that belongs to no request.
 * @error: a positive errno for its data; 0: none. Returns 0 or -ENOMEM.
 */
int ec_rpc_complain(enum ec_rpc_code code, const char *message, int error, struct ec_rpc_text *out);

/**
 * ec_rpc_string() - @text as a JSON string, a new reference; NULL: out of memory.
 * JSON is UTF-8: if @text is not, its bytes above 0x7f become '?'.
 */
struct json_t *ec_rpc_string(const char *text);

/** ec_rpc_integer() - @n, limited to INT64_MAX, as a JSON integer, a new reference. */
struct json_t *ec_rpc_integer(uint64_t n);

#endif
