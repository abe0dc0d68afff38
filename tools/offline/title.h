/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The title of a function, the first line that lspci prints.
 */
#ifndef EC_OFFLINE_TITLE_H
#define EC_OFFLINE_TITLE_H

#include <stdbool.h>

#include "core/image.h"
#include "core/sbdf.h"
#include "host/names.h"

/**
 * title_print() - print "02:00.0 Ethernet controller [0200]: Intel ... [8086:10d3] (rev 01)".
 * @colour: the address is bold on a terminal. @names: NULL: numbers only, "02:00.0 0200: 8086:10d3
 * (rev 01)". @ids, @class_rev: the dwords at PCI_VENDOR_ID and PCI_CLASS_REVISION.
 */
void title_print(struct ec_names *names, bool colour, struct ec_sbdf at, uint32_t ids,
		 uint32_t class_rev);

#endif
