/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The client end of the control socket: a call of one method of ecamd.
 */
#ifndef EC_CONTROL_CLIENT_H
#define EC_CONTROL_CLIENT_H

#include "core/diag.h"

/** Time limit of a call unless another is given: a reset and its retries take seconds. */
#define EC_CLIENT_TIMEOUT_MS 60000

struct json_t;

/** Where ecamd listens, and how long a call may take. */
struct ec_client {
	const char *path;        /* ecamd's socket */
	unsigned int timeout_ms; /* 0: EC_CLIENT_TIMEOUT_MS */
};

/**
 * ec_client_call() - call a method and wait for its answer. Blocks.
 * @params: an object, owned by the caller; NULL: none.
 * @result: a new reference, released with json_decref(); written on success only.
 * @diag: filled on failure; if the service refused, with its message.
 * Returns 0; -ENOENT or -ECONNREFUSED: ecamd does not run; -EACCES: not permitted to connect;
 * -EREMOTEIO: ecamd answered with an error; -ETIMEDOUT: no answer, the request may still be
 * carried out; -ECONNRESET: the connection was closed without an answer; -EPROTO: the answer is
 * not JSON-RPC; -ENOMEM; or another errno of the socket.
 */
int ec_client_call(const struct ec_client *c, const char *method, struct json_t *params,
		   struct json_t **result, struct ec_diag *diag);

#endif
