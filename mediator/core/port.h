/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ports through which pure code reaches the outside: structs of callbacks that the adapters
 * of mediator/host and mediator/hypervisor fill.
 */
#ifndef EC_CORE_PORT_H
#define EC_CORE_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/dump.h"
#include "core/sbdf.h"

/**
 * Configuration access to one function of the host.
 * @offset is aligned to @len, which is 1, 2 or 4; each call is one access of that width.
 * Both return 0 or a negative errno. -EACCES from a read: the bytes are not given to whoever
 * opened the port, or are past the end of a function without extended space. A read that fails
 * leaves *@value alone. All ones is a value, not an error.
 */
struct ec_conf_ops {
	int (*read)(void *ctx, uint32_t offset, unsigned int len, uint32_t *value);
	int (*write)(void *ctx, uint32_t offset, unsigned int len, uint32_t value);
};

/** What the host knows of a function beyond its configuration space. */
struct ec_host_facts {
	char driver[64];                     /* bound driver, "": none */
	char reset_methods[64];              /* as the kernel lists them, "": none or not known */
	char slot[32];                       /* physical slot, "": none or not known */
	int irq;                             /* 0: none */
	int iommu_group;                     /* -1: none */
	int numa_node;                       /* -1: none */
	uint16_t vendor, device;             /* of a virtual function too; both 0: not known */
	struct ec_region region[EC_BAR_MAX]; /* sizes and flags of the BARs; 0: not known */
	bool is_vf;
	struct ec_sbdf pf;               /* of a virtual function */
	unsigned int total_vfs, num_vfs; /* of a physical function: possible and enabled */
};

/**
 * Facts of the host's functions.
 * get() writes all of *@facts; what is not known is as the comments above say. Returns 0, or
 * -ENOENT if there is no such function, or another negative errno.
 */
struct ec_facts_ops {
	int (*get)(void *ctx, struct ec_sbdf at, struct ec_host_facts *facts);
};

#endif
