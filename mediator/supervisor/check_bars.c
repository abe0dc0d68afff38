/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "supervisor/check_bars.h"

#include <errno.h>

#include "core/xen_ops.h"

static bool is_memory(const struct ec_bar *b)
{
	return b->kind == EC_BAR_MEM32 || b->kind == EC_BAR_MEM64 || b->kind == EC_BAR_EXPROM;
}

/*
 * Is the BAR where the kernel has put it, and as large? A register that says otherwise is stale, or
 * a previous owner of the device has changed it; by it a guest would be given what is not the
 * device's.
 */
static bool is_placed(const struct ec_bar *b, const struct ec_region *kernel)
{
	uint64_t size = kernel->size;

	/* shown, and given, as a page: nothing else is on it */
	if (is_memory(b) && size < EC_PAGE_SIZE)
		size = EC_PAGE_SIZE;
	return b->addr && kernel->size && b->addr == kernel->start && b->size <= size;
}

/*
 * The registers of a virtual function read 0, PCI Express 9.3.4.1: the physical function has one
 * for all of them, and the kernel says where each is.
 */
static void take_kernel_addresses(const struct ec_host_facts *facts, struct ec_bar *bar)
{
	for (unsigned int i = 0; i < EC_BAR_ROM; i++)
		if (!bar[i].addr && bar[i].kind != EC_BAR_NONE)
			bar[i].addr = facts->region[bar[i].kind == EC_BAR_UPPER ? i - 1 : i].start;
}

static int check_one(unsigned int i, const struct ec_bar *b, const struct ec_region *kernel,
		     struct ec_diag *diag)
{
	if (!b->addr) {
		ec_diag_set(diag, 0, "the host has given BAR %u no address", i);
		return -EINVAL;
	}
	if (!is_placed(b, kernel)) {
		ec_diag_set(diag, 0,
			    "BAR %u says %llx, %llu bytes; the kernel says %llx, %llu bytes", i,
			    (unsigned long long)b->addr, (unsigned long long)b->size,
			    (unsigned long long)kernel->start, (unsigned long long)kernel->size);
		return -EINVAL;
	}
	if (is_memory(b) && b->addr % EC_PAGE_SIZE) {
		ec_diag_set(diag, 0,
			    "BAR %u at %llx starts within a page: boot the host with "
			    "pci=resource_alignment=",
			    i, (unsigned long long)b->addr);
		return -EINVAL;
	}
	return 0;
}

int ec_check_bars(const struct ec_host_facts *facts, struct ec_bar *bar, struct ec_diag *diag)
{
	if (facts->is_vf)
		take_kernel_addresses(facts, bar);
	for (unsigned int i = 0; i < EC_BAR_MAX; i++) {
		struct ec_bar *b = bar + i;
		const struct ec_region *kernel = facts->region + i;
		int rc;

		if (b->kind == EC_BAR_NONE || b->kind == EC_BAR_UPPER)
			continue;
		if (i == EC_BAR_ROM && (!is_placed(b, kernel) || b->addr % EC_PAGE_SIZE)) {
			b->addr = 0;
			continue;
		}
		rc = check_one(i, b, kernel, diag);
		if (rc)
			return rc;
	}
	return 0;
}
