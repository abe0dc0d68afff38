/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/names.h"

#include <pci/pci.h>
#include <stdlib.h>

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

const char *ec_names_class(struct ec_names *names, uint16_t class_device, char out[EC_NAME_MAX])
{
	return pci_lookup_name(names->access, out, EC_NAME_MAX, PCI_LOOKUP_CLASS, class_device);
}

const char *ec_names_device(struct ec_names *names, uint16_t vendor, uint16_t device,
			    char out[EC_NAME_MAX])
{
	return pci_lookup_name(names->access, out, EC_NAME_MAX,
			       PCI_LOOKUP_VENDOR | PCI_LOOKUP_DEVICE, vendor, device);
}
