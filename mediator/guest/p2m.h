/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A record of what ecamd has put into a guest's address space: host frames that are mapped, and
 * pages whose accesses ecamd serves. Xen crashes a guest if a frame is mapped over another, so
 * nothing reaches Xen that this record does not allow. Pure.
 */
#ifndef EC_GUEST_P2M_H
#define EC_GUEST_P2M_H

#include <stdbool.h>
#include <stdint.h>

#include "core/xen_ops.h"

struct ec_device;

/** A range of pages of one BAR of a device, mapped or served. */
struct ec_p2m_range {
	uint64_t gfn, n;
	uint64_t mfn;  /* of the first page, if mapped */
	uint64_t page; /* of the first page, counted from the BAR's start */
	bool trapped;  /* served, not mapped */
	uint8_t bar;   /* 0 to 6 */
	struct ec_device *device;
};

/** Ranges of a guest: Xen gives a server 256 ranges of memory, and one is the ECAM window. */
#define EC_P2M_MAX 255

/** All 0: empty. */
struct ec_p2m {
	unsigned int n;
	struct ec_p2m_range range[EC_P2M_MAX];
};

/** ec_p2m_free() - is none of the @n frames from @gfn on taken? A range that wraps is not free. */
bool ec_p2m_free(const struct ec_p2m *p, uint64_t gfn, uint64_t n);

/** ec_p2m_add() - record @range. Returns 0; -EEXIST if part of it is taken; -ENOSPC. */
int ec_p2m_add(struct ec_p2m *p, const struct ec_p2m_range *range);

/** ec_p2m_take() - remove a range of BAR @bar of @device. 1: it is in *@out; 0: none is left. */
int ec_p2m_take(struct ec_p2m *p, const struct ec_device *device, unsigned int bar,
		struct ec_p2m_range *out);

/** ec_p2m_remove() - remove range @i; those before it keep their places. */
void ec_p2m_remove(struct ec_p2m *p, unsigned int i);

/** ec_p2m_orphan() - @device is about to be freed: what is left of it stays taken, without owner.
 */
void ec_p2m_orphan(struct ec_p2m *p, const struct ec_device *device);

/** ec_p2m_trapped() - the served range that holds guest address @gpa, or NULL. */
const struct ec_p2m_range *ec_p2m_trapped(const struct ec_p2m *p, uint64_t gpa);

#endif
