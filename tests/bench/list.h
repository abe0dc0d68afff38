/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The baseline: the path without an index. The masks of a view are a sorted array of dword ranges
 * that is scanned from its start at each access; look-up of the function, masks and hardware are
 * the path's. An array is faster than a linked list, and the baseline only serves reads of 1, 2 or
 * 4 bytes within a dword: it has fewer checks than the path.
 */
#ifndef EC_BENCH_LIST_H
#define EC_BENCH_LIST_H

#include "access/access.h"

#define LIST_MAX 32

struct list {
	unsigned int n;
	struct list_rule {
		uint16_t first, last; /* dwords */
		uint16_t slot;        /* shadow word of the first dword, the others follow; or 0 */
		struct ec_dword_masks r;
	} rule[LIST_MAX];
};

/**
 * list_build() - the rules of @layout, without dwords that have none.
 * Returns the first dword that does not fit into LIST_MAX rules; 1024: all fit.
 */
uint32_t list_build(struct list *l, const struct ec_layout *layout);

/** list_access_handle() - serve a read as ec_access_handle() does; other accesses are malformed. */
void list_access_handle(const struct ec_bus_map *g, const struct list *l, struct ec_access *a);

#endif
