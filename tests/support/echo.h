/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Methods for tests of the control socket: "echo" returns its parameters; "refuse" fails with
 * -EBUSY and a message; "fail" fails with -EIO (without parameters: EC_RPC_WRONG_PARAMS) and no
 * message; "large" [N] returns a text of N bytes.
 */
#ifndef EC_TESTS_ECHO_H
#define EC_TESTS_ECHO_H

#include "control/rpc.h"

extern const struct ec_rpc_method echo_methods[];

/** Number of calls of all methods. */
extern unsigned int echo_calls;

#endif
