/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a function's BARs are, by what the kernel says: can they be given to a guest? */
#include <errno.h>

#include "guest/device.h"

static bool is_memory(const struct ec_bar *b)
{
	return b->kind == EC_BAR_MEM32 || b->kind == EC_BAR_MEM64 || b->kind == EC_BAR_EXPROM;
}

/*
 * Is the BAR where the kernel has put it, and as large? A register that says otherwise is stale, or
 * was changed by whoever had the device before; by it a guest would be given what is not the
 * device's.
 */
static bool is_placed(const struct ec_device *d, unsigned int i)
{
	const struct ec_region *told = d->facts.region + i;
	const struct ec_bar *b = d->bar + i;
	uint64_t size = told->size;

	/* shown, and given, as a page: nobody else is on it */
	if (is_memory(b) && size < EC_PAGE_SIZE)
		size = EC_PAGE_SIZE;
	return b->addr && told->size && b->addr == told->start && b->size <= size;
}

/*
 * The registers of a virtual function read 0, PCI Express 9.3.4.1: the physical function has one
 * for all of them, and the kernel says where each is.
 */
static void take_told(struct ec_device *d)
{
	for (unsigned int i = 0; i < EC_BAR_ROM; i++) {
		struct ec_bar *b = d->bar + i;

		if (!b->addr && b->kind != EC_BAR_NONE)
			b->addr = d->facts.region[b->kind == EC_BAR_UPPER ? i - 1 : i].start;
	}
}

int ec_bars_check(struct ec_device *d, struct ec_diag *diag)
{
	if (d->facts.is_vf)
		take_told(d);
	for (unsigned int i = 0; i < EC_BAR_MAX; i++) {
		struct ec_bar *b = d->bar + i;

		if (b->kind == EC_BAR_NONE || b->kind == EC_BAR_UPPER)
			continue;
		/* a ROM that the kernel has not placed is none */
		if (i == EC_BAR_ROM && (!is_placed(d, i) || b->addr % EC_PAGE_SIZE)) {
			b->addr = 0;
			continue;
		}
		if (!b->addr) {
			ec_diag_set(diag, 0, "the host has given BAR %u no address", i);
			return -EINVAL;
		}
		if (!is_placed(d, i)) {
			ec_diag_set(
				diag, 0,
				"BAR %u says %llx, %llu bytes; the kernel says %llx, %llu bytes", i,
				(unsigned long long)b->addr, (unsigned long long)b->size,
				(unsigned long long)d->facts.region[i].start,
				(unsigned long long)d->facts.region[i].size);
			return -EINVAL;
		}
		if (is_memory(b) && b->addr % EC_PAGE_SIZE) {
			ec_diag_set(diag, 0,
				    "BAR %u at %llx starts within a page: boot the host with "
				    "pci=resource_alignment=",
				    i, (unsigned long long)b->addr);
			return -EINVAL;
		}
	}
	return 0;
}
