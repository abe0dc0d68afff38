/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sizes of BARs that the text of a dump does not state, but its bytes do. */
#ifndef EC_VIEW_DUMP_SIZES_H
#define EC_VIEW_DUMP_SIZES_H

#include "core/dump.h"

/**
 * ec_dump_sizes_fill() - a resizable BAR has its current size; a guess of another ends before the
 * next BAR of the function and at the end of the bridge's window.
 * @fn: the @n functions of a dump: the size or the most in their regions is written where no size
 * is stated. Pure.
 */
void ec_dump_sizes_fill(struct ec_dump_function *fn, unsigned int n);

#endif
