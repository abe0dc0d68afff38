/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first line of a function, as lspci prints it.
 */
#ifndef EC_OFFLINE_TITLE_H
#define EC_OFFLINE_TITLE_H

#include <stdbool.h>

#include "core/image.h"
#include "core/sbdf.h"
#include "host/names.h"

/**
 * title_print() - "02:00.0 Ethernet controller [0200]: Intel … [8086:10d3] (rev 01)" and a
 * newline, on stdout.
 * @colour: whether the address may be in bold on a terminal.
 * @names: NULL: numbers alone, "02:00.0 0200: 8086:10d3 (rev 01)".
 * @ids, @class_rev: the dwords at 0 and at 8 of what is shown.
 */
void title_print(struct ec_names *names, bool colour, struct ec_sbdf at, uint32_t ids,
		 uint32_t class_rev);

#endif
