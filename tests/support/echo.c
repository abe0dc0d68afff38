/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "echo.h"

#include <check.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

unsigned int echo_calls;

static int echo(void *ctx, json_t *params, json_t **result, struct ec_diag *diag)
{
	(void)ctx;
	(void)diag;
	echo_calls++;
	if (params)
		*result = json_incref(params);
	return 0;
}

static int refuse(void *ctx, json_t *params, json_t **result, struct ec_diag *diag)
{
	(void)ctx;
	ck_assert_ptr_null(*result);
	echo_calls++;
	ec_diag_set(diag, 0, "the %s is in use\xff", params ? "thing" : "other");
	return -EBUSY;
}

/* Fails without a message, after it made a result. */
static int fails(void *ctx, json_t *params, json_t **result, struct ec_diag *diag)
{
	(void)ctx;
	(void)diag;
	echo_calls++;
	*result = json_integer(1);
	return params ? -EIO : EC_RPC_WRONG_PARAMS;
}

/* A text of params[0] bytes. */
static int large(void *ctx, json_t *params, json_t **result, struct ec_diag *diag)
{
	size_t len = (size_t)json_integer_value(json_array_get(params, 0));
	char *s = malloc(len + 1);

	(void)ctx;
	(void)diag;
	echo_calls++;
	memset(s, 'x', len);
	s[len] = 0;
	*result = json_string(s);
	free(s);
	return 0;
}

const struct ec_rpc_method echo_methods[] = {
	{ "echo", echo }, { "refuse", refuse }, { "fail", fails }, { "large", large }, { 0 },
};
