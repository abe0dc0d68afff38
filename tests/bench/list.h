/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The baseline: what the path would be without an index. A view's rules are a sorted array of
 * dword ranges, scanned from the first for each access; look-up of the function, masks and
 * hardware are the path's. An array is kinder than a linked list, and it only serves reads of
 * 1, 2 or 4 bytes within a dword, so it has less to ask about than the path.
 */
#ifndef EC_BENCH_LIST_H
#define EC_BENCH_LIST_H

#include "access/access.h"

#define LIST_MAX 32

struct list {
	unsigned int n;
	struct list_rule {
		uint16_t first, last; /* dwords */
		uint16_t slot;        /* shadow word of the first, the next ones follow it; or 0 */
		struct ec_dword_masks r;
	} rule[LIST_MAX];
};

/**
 * list_build() - the rules of @layout, dwords that nothing is said of left out.
 * Returns the first dword that no longer fits into LIST_MAX rules, 1024 if all do.
 */
uint32_t list_build(struct list *l, const struct ec_layout *layout);

/** list_access_handle() - serve a read, as ec_access_handle() does; all else is malformed. */
void list_access_handle(const struct ec_bus_map *g, const struct list *l, struct ec_access *a);

#endif
