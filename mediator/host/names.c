/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/names.h"

#include <pci/pci.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of a name with its number: libpci has 1,024 for a line of pci.ids. */
#define LIBPCI_MAX 1100

struct ec_names {
	struct pci_access *access;
};

/* Warnings are ignored. pci_init() is not called, because no device is scanned. */
static void quiet(char *fmt, ...)
{
	(void)fmt;
}

struct ec_names *ec_names_open(void)
{
	struct ec_names *names = calloc(1, sizeof(*names));

	if (!names)
		return NULL;
	names->access = pci_alloc();
	/* pci.ids, which a user can read, and not udev's copy, which libpci prefers */
	pci_set_param(names->access, "hwdb.disable", "1");
	names->access->warning = quiet;
	names->access->debug = quiet;
	return names;
}

void ec_names_close(struct ec_names *names)
{
	if (names)
		pci_cleanup(names->access);
	free(names);
}

/*
 * @name as libpci has it with numbers, without the number at its end, which is
 * @number long. libpci has one there for an unknown name, too.
 */
static const char *without_number(const char *name, size_t number, char out[EC_NAME_MAX])
{
	static const char cut[] = "...";
	size_t len = strlen(name);

	if (len > number && name[len - 1] == ']')
		len -= number;
	snprintf(out, EC_NAME_MAX, "%.*s", (int)len, name);
	if (len >= EC_NAME_MAX)
		memcpy(out + EC_NAME_MAX - sizeof(cut), cut, sizeof(cut));
	return out;
}

const char *ec_names_class(struct ec_names *names, uint16_t class_device, char out[EC_NAME_MAX])
{
	char room[LIBPCI_MAX];

	return without_number(pci_lookup_name(names->access, room, sizeof(room),
					      PCI_LOOKUP_CLASS | PCI_LOOKUP_MIXED, class_device),
			      sizeof(" [0200]") - 1, out);
}

const char *ec_names_device(struct ec_names *names, uint16_t vendor, uint16_t device,
			    char out[EC_NAME_MAX])
{
	char room[LIBPCI_MAX];

	return without_number(
		pci_lookup_name(names->access, room, sizeof(room),
				PCI_LOOKUP_VENDOR | PCI_LOOKUP_DEVICE | PCI_LOOKUP_MIXED, vendor,
				device),
		sizeof(" [8086:10d3]") - 1, out);
}
