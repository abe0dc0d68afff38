/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The other end of the control socket: one call of a method of ecamd.
 */
#ifndef EC_CONTROL_CLIENT_H
#define EC_CONTROL_CLIENT_H

#include "core/diag.h"

/** How long a call may take unless told otherwise: a reset and its retries take seconds. */
#define EC_CLIENT_TIMEOUT_MS 60000

struct json_t;

/**
 * ec_client_call() - call a method, and wait for its answer at most EC_CLIENT_TIMEOUT_MS.
 * @path: ecamd's socket. @params: an object, the caller's; NULL: none.
 * @result: a new reference, to be freed with json_decref(); written on success only.
 * @diag: filled on failure; if the service refused, with what it said.
 * Returns 0; -ENOENT or -ECONNREFUSED: ecamd does not run; -EACCES: not permitted to talk to it;
 * -EREMOTEIO: it answered, with an error; -ETIMEDOUT: it did not answer, and may still do what it
 * was asked for; -ECONNRESET: nor will it; -EPROTO: the answer is none; -ENOMEM; or what else went
 * wrong with the socket. Blocks.
 */
int ec_client_call(const char *path, const char *method, struct json_t *params,
		   struct json_t **result, struct ec_diag *diag);

/** ec_client_call_within() - the same, with another time limit: 1 millisecond or more. */
int ec_client_call_within(const char *path, unsigned int timeout_ms, const char *method,
			  struct json_t *params, struct json_t **result, struct ec_diag *diag);

#endif
