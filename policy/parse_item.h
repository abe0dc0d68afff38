/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lists of "set": registers, ranges, capabilities that are added, moved or linked. */
#ifndef EC_POLICY_PARSE_ITEM_H
#define EC_POLICY_PARSE_ITEM_H

#include "policy/parse_state.h"

/** The members of the lists' elements. */
extern const struct ec_key ec_register_keys[], ec_range_keys[], ec_add_keys[], ec_move_keys[],
	ec_link_keys[];

/** ec_parse_items() - read an array of objects with k->keys; each becomes a setting of verb
 * k->what. */
int ec_parse_items(struct ec_parse *p, const struct ec_key *k, json_t *v);

/** ec_item_*() - check an element as a whole; see ec_key.finish. */
int ec_item_register(struct ec_parse *p, json_t *v);
int ec_item_range(struct ec_parse *p, json_t *v);
int ec_item_add(struct ec_parse *p, json_t *v);
int ec_item_place(struct ec_parse *p, json_t *v); /* moved, linked */

#endif
