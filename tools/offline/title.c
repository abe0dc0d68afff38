/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tools/offline/title.h"

#include <stdio.h>

#include "tools/out.h"

void title_print(struct ec_names *names, bool colour, struct ec_sbdf at, uint32_t ids,
		 uint32_t class_rev)
{
	uint16_t vendor = (uint16_t)ids, device = (uint16_t)(ids >> 16);
	uint16_t class_device = (uint16_t)(class_rev >> 16);
	char class_name[EC_NAME_MAX], device_name[EC_NAME_MAX], address[EC_SBDF_MAX];

	printf("%s%s%s ", colour ? out_colour(OUT_BOLD) : "", ec_sbdf_print(at, false, address),
	       colour ? out_colour(OUT_PLAIN) : "");
	if (names)
		printf("%s [%04x]: %s [%04x:%04x]", ec_names_class(names, class_device, class_name),
		       class_device, ec_names_device(names, vendor, device, device_name), vendor,
		       device);
	else
		printf("%04x: %04x:%04x", class_device, vendor, device);
	if (class_rev & 0xff)
		printf(" (rev %02x)", class_rev & 0xff);
	putchar('\n');
}
