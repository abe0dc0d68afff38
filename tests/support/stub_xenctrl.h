/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libxenctrl and libxencall as stubs (stub_xen.h): one domain, whose state the test sets. */
#ifndef EC_TESTS_STUB_XENCTRL_H
#define EC_TESTS_STUB_XENCTRL_H

#include <stdint.h>
#include <xenctrl.h>

/** What the calls that ask return; all 0 at first. */
struct stub_xenctrl {
	int domains; /* 1: there is the domain of info */
	xc_domaininfo_t info;
	uint64_t pod_entries, altp2m, rbx;
	xen_pfn_t max_gfn;
	uint32_t address_bits; /* EAX of CPUID leaf 80000008 */
	uint32_t features;     /* of submap 0 */
	uint64_t populated;    /* the one frame that has memory */
	int pirq;              /* that map calls choose */
};

extern struct stub_xenctrl stub_xenctrl;

#endif
