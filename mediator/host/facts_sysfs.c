/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/facts_sysfs.h"

#include <errno.h>
#include <limits.h>
#include <pci/header.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysfs/libsysfs.h>
#include <unistd.h>

/* Flags of a resource, Linux ioport.h */
#define RESOURCE_IO 0x00000100u
#define RESOURCE_MEM 0x00000200u
#define RESOURCE_PREFETCH 0x00002000u
#define RESOURCE_MEM_64 0x00100000u
/* not a BAR of the device: a copy of the ROM in memory; the fixed ports of legacy IDE */
#define RESOURCE_ROM_SHADOW 0x00000002u
#define RESOURCE_FIXED 0x00000010u

/* Copies an attribute's text without its newline; "": there is none. */
static void text_of(struct sysfs_device *dev, const char *name, char *out, size_t len)
{
	struct sysfs_attribute *a = sysfs_get_device_attr(dev, name);

	*out = 0;
	if (!a || !a->value)
		return;
	snprintf(out, len, "%s", a->value);
	out[strcspn(out, "\n")] = 0;
}

/* A number up to @most; else @none, as for a pin that is routed nowhere: its "irq" is 2^31. */
static long number_of(struct sysfs_device *dev, const char *name, long most, long none)
{
	char text[64], *end;
	long v;

	text_of(dev, name, text, sizeof(text));
	v = strtol(text, &end, 0);
	return end == text || v < 0 || v > most ? none : v;
}

/* Copies the last part of the target of link @name; false: there is none. */
static bool link_of(struct sysfs_device *dev, const char *name, char *out, size_t len)
{
	char path[SYSFS_PATH_MAX], target[SYSFS_PATH_MAX];
	const char *last;

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", dev->path, name) >= sizeof(path) ||
	    sysfs_path_is_link(path) || sysfs_get_link(path, target, sizeof(target)))
		return false;
	last = strrchr(target, '/');
	snprintf(out, len, "%s", last ? last + 1 : target);
	return true;
}

static uint32_t bar_flags(unsigned long long flags)
{
	return (flags & RESOURCE_IO ? PCI_BASE_ADDRESS_SPACE_IO : 0) |
	       (flags & RESOURCE_MEM_64 ? PCI_BASE_ADDRESS_MEM_TYPE_64 : 0) |
	       (flags & RESOURCE_PREFETCH ? PCI_BASE_ADDRESS_MEM_PREFETCH : 0);
}

/* Lines "START END FLAGS": six BARs, then the ROM. */
static void regions_of(struct sysfs_device *dev, struct ec_region *region)
{
	struct sysfs_attribute *a = sysfs_get_device_attr(dev, "resource");
	const char *p = a && a->value ? a->value : "";

	for (unsigned int i = 0; i < EC_BAR_MAX && *p; i++) {
		unsigned long long start, end, flags;

		if (sscanf(p, "%llx %llx %llx", &start, &end, &flags) == 3 &&
		    flags & (RESOURCE_IO | RESOURCE_MEM) && end > start &&
		    !(flags & RESOURCE_FIXED) &&
		    !(i == EC_BAR_ROM && flags & RESOURCE_ROM_SHADOW)) {
			region[i].size = end - start + 1;
			region[i].start = start;
			region[i].flags = bar_flags(flags);
		}
		p += strcspn(p, "\n");
		p += *p == '\n';
	}
}

/*
 * The slot whose address is that of the function without ".F". A hot-plug driver's slot has a file
 * `power` (Linux drivers/pci/hotplug/pci_hotplug_core.c).
 */
static void slot_of(const char *root, const char *address, struct ec_host_facts *f)
{
	char path[SYSFS_PATH_MAX - 64], *name, one[SYSFS_PATH_MAX];
	struct dlist *slots;

	if ((size_t)snprintf(path, sizeof(path), "%s/bus/pci/slots", root) >= sizeof(path))
		return;
	slots = sysfs_open_directory_list(path);
	if (!slots)
		return;
	dlist_for_each_data(slots, name, char)
	{
		struct sysfs_attribute *a;

		snprintf(one, sizeof(one), "%s/%.48s/address", path, name);
		a = sysfs_open_attribute(one);
		if (a && !sysfs_read_attribute(a) && a->value) {
			size_t n = strcspn(a->value, "\n");

			if (n && !strncmp(a->value, address, n) && address[n] == '.') {
				snprintf(f->slot, sizeof(f->slot), "%s", name);
				snprintf(one, sizeof(one), "%s/%.48s/power", path, name);
				f->hotplug = !access(one, F_OK);
			}
		}
		if (a)
			sysfs_close_attribute(a);
	}
	sysfs_close_list(slots);
}

/* The device, anywhere in the tree; NULL: there is none. */
static struct sysfs_device *open_device(const char *root, const char *address)
{
	char path[SYSFS_PATH_MAX], target[SYSFS_PATH_MAX];

	if ((size_t)snprintf(path, sizeof(path), "%s/bus/pci/devices/%s", root, address) >=
		    sizeof(path) ||
	    sysfs_get_link(path, target, sizeof(target)))
		return NULL;
	return sysfs_open_device_path(target);
}

static int get(void *ctx, struct ec_sbdf at, struct ec_host_facts *f)
{
	const struct ec_facts_sysfs *sysfs = ctx;
	struct sysfs_device *dev;
	char address[EC_SBDF_MAX], text[SYSFS_PATH_MAX];

	dev = open_device(sysfs->root, ec_sbdf_print(at, true, address));
	if (!dev)
		return -ENOENT;
	memset(f, 0, sizeof(*f));
	if (!link_of(dev, "driver", f->driver, sizeof(f->driver)))
		f->driver[0] = 0;
	text_of(dev, "reset_method", f->reset_methods, sizeof(f->reset_methods));
	f->irq = (int)number_of(dev, "irq", INT_MAX, 0);
	f->numa_node = (int)number_of(dev, "numa_node", INT_MAX, -1);
	f->vendor = (uint16_t)number_of(dev, "vendor", UINT16_MAX, 0);
	f->device = (uint16_t)number_of(dev, "device", UINT16_MAX, 0);
	f->total_vfs = (unsigned int)number_of(dev, "sriov_totalvfs", UINT16_MAX, 0);
	f->num_vfs = (unsigned int)number_of(dev, "sriov_numvfs", UINT16_MAX, 0);
	f->iommu_group = link_of(dev, "iommu_group", text, sizeof(text)) ? atoi(text) : -1;
	f->is_vf = link_of(dev, "physfn", text, sizeof(text)) && !ec_sbdf_parse(text, &f->pf);
	regions_of(dev, f->region);
	slot_of(sysfs->root, address, f);
	sysfs_close_device(dev);
	return 0;
}

const struct ec_facts_ops ec_facts_sysfs_ops = { .get = get };
