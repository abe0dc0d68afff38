/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of "match". */
#ifndef EC_POLICY_PARSE_MATCH_H
#define EC_POLICY_PARSE_MATCH_H

#include "policy/parse_state.h"

/** The keys of "match". */
extern const struct ec_key ec_match_keys[];

#endif
