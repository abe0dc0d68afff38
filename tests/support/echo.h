/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Methods for the control socket that do nothing: echo returns its parameters; refuse says -EBUSY
 * and why; fail -EIO without a word, and without parameters that they are wrong; large [N] returns
 * a text of N bytes.
 */
#ifndef EC_TESTS_ECHO_H
#define EC_TESTS_ECHO_H

#include "control/rpc.h"

extern const struct ec_rpc_method echo_methods[];

/** How often any of them was called. */
extern unsigned int echo_calls;

#endif
