/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints the tree of a guest's functions.
 */
#ifndef EC_OFFLINE_TREE_PRINT_H
#define EC_OFFLINE_TREE_PRINT_H

#include "tools/offline/tree.h"

/**
 * tree_print() - print @t on stdout.
 * With --json as JSON, with --hex as text that `lspci -F` reads, else drawn like `lspci -tv`.
 */
void tree_print(const struct tree *t, const struct options *o);

#endif
