/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A device's BARs in the guest: pages that are mapped, pages that ecamd serves, I/O ports. Served,
 * or trapped, are the pages of the MSI-X table and of its pending bits; other registers in them
 * reach the hardware by an uncached mapping of just these pages.
 */
#ifndef EC_GUEST_BARS_H
#define EC_GUEST_BARS_H

#include "core/bar.h"
#include "core/diag.h"
#include "guest/device.h"
#include "guest/msi.h"

/** ec_bars_new() - no BARs. NULL: out of memory. */
struct ec_bars *ec_bars_new(void);

/** ec_bars_set() - the device's BARs, with their host addresses. @bar: EC_BAR_MAX, copied. */
void ec_bars_set(struct ec_device *d, const struct ec_bar *bar);

/** ec_bars_get() - these BARs, EC_BAR_MAX of them. */
const struct ec_bar *ec_bars_get(const struct ec_device *d);

/** ec_bars_is_memory() - is it a memory BAR or an expansion ROM? */
bool ec_bars_is_memory(const struct ec_bar *b);

/** ec_bars_pages() - pages of 4 KiB that a memory BAR takes, rounded up. */
uint64_t ec_bars_pages(const struct ec_bar *b);

/**
 * ec_bars_same_kind_pages() - the pages from @page of BAR @bar on that are all mapped, or all
 * trapped (*@trapped). Returns how many there are before page @end; at least 1 if @page < @end.
 */
uint64_t ec_bars_same_kind_pages(const struct ec_device *d, unsigned int bar, uint64_t page,
				 uint64_t end, bool *trapped);

/**
 * ec_bars_trap() - map the hardware's pages that are trapped, or unmap them.
 * @add: after the MSI-X vectors are made (ec_msi_vectors()).
 * Returns 0, or a negative errno with @diag, and nothing is mapped.
 */
int ec_bars_trap(struct ec_device *d, bool add, struct ec_diag *diag);

/**
 * ec_bars_map() - give the guest BAR @index at @gpa. A BAR that it has elsewhere is moved. What
 * fails is logged: it wraps, or ports end past ffff; the guest has something there; or Xen refuses
 * it. Then the guest has nothing of it.
 */
void ec_bars_map(struct ec_device *d, unsigned int index, uint64_t gpa);

/** ec_bars_unmap() - take BAR @index from the guest. What fails is logged, and tried again. */
void ec_bars_unmap(struct ec_device *d, unsigned int index);

/**
 * ec_bars_suspend() - take all BARs from the guest until ec_bars_resume(), which gives it those
 * that it has placed by then; in between the guest reads all ones. The device must be in D0, since
 * vectors of MSI-X are unbound. Returns 0, or a negative errno: something stays mapped.
 */
int ec_bars_suspend(struct ec_device *d);
void ec_bars_resume(struct ec_device *d);

/** ec_bars_end() - take away what is left of all BARs. 0, or an error: something stays. */
int ec_bars_end(struct ec_device *d);

/**
 * ec_bars_access() - the guest's access to a trapped page; @a->offset is bytes into BAR @bar.
 * Returns the value of a read; all ones where nothing is served.
 */
uint64_t ec_bars_access(struct ec_device *d, unsigned int bar, const struct ec_page_access *a);

#endif
