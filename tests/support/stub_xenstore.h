/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libxenstore as a stub (stub_xen.h): a store of nodes that outlives connections. After
 * stub_store_die() calls on the old connection fail as those of a closed descriptor.
 */
#ifndef EC_TESTS_STUB_XENSTORE_H
#define EC_TESTS_STUB_XENSTORE_H

#include <stdbool.h>

/** stub_store_reset() - no nodes, no connection. */
void stub_store_reset(void);

/** stub_store_set() - set a node; NULL: remove it and what is below it. */
void stub_store_set(const char *path, const char *value);

/** stub_store_get() - a node's value; NULL: there is no such node. */
const char *stub_store_get(const char *path);

/** stub_store_die() - the connection is lost. @down: xs_open() fails from now on. */
void stub_store_die(bool down);

/** stub_store_up() - xs_open() works again. */
void stub_store_up(void);

/** stub_store_fire() - the watch of @path fires. */
void stub_store_fire(const char *path);

/** stub_store_conflicts() - the next @n transactions end with EAGAIN; somebody sets @path then. */
void stub_store_conflicts(unsigned int n, const char *path, const char *value);

/** stub_store_watches() - watches of the connection; stub_store_open() - open connections. */
unsigned int stub_store_watches(void);
unsigned int stub_store_open(void);

#endif
