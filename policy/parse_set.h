/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of "set". */
#ifndef EC_POLICY_PARSE_SET_H
#define EC_POLICY_PARSE_SET_H

#include "policy/parse_state.h"

/** The keys of "set". */
extern const struct ec_key ec_set_keys[];

/** ec_set_is_bool() - is the value of this key of "set" true or false? */
bool ec_set_is_bool(const struct ec_key *k);

/** The keys of "machine" of "set". */
extern const struct ec_key ec_machine_keys[];

#endif
