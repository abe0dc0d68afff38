/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A captured function attached to a guest: the hardware is its image, and accesses to it are
 * recorded.
 */
#ifndef EC_TESTS_RIG_H
#define EC_TESTS_RIG_H

#include "access/access.h"
#include "host/conf_dump.h"
#include "view/plan.h"

/** Most recorded hardware accesses of one guest access. */
#define RIG_LOG_MAX 32

struct rig {
	struct ec_plan plan;
	struct ec_conf_dump device;
	struct ec_function function;
	struct ec_bus_map guest;
	struct ec_access last; /* the last access, with its answer */
	unsigned int n;        /* hardware accesses of the last access */
	struct {
		bool write;
		uint32_t offset, len, value;
	} hw[RIG_LOG_MAX];
	int fail_reads, fail_writes; /* errno that the hardware answers with, 0: it works */
};

/** rig_new() - an empty rig; never NULL. Free it with rig_free(). */
struct rig *rig_new(void);

/** rig_free() - free it. */
void rig_free(struct rig *r);

/** rig_attach() - attach @img; fails the test if it cannot be. @region may be NULL. */
void rig_attach(struct rig *r, const struct ec_image *img, enum ec_topology topology,
		const struct ec_region *region);

/** rig_attach_options() - the same with all options. */
void rig_attach_options(struct rig *r, const struct ec_image *img,
			const struct ec_plan_options *options);

/** rig_read() - the guest reads @len bytes at @offset; the log starts again. */
uint64_t rig_read(struct rig *r, uint32_t offset, uint32_t len);

/** rig_write() - the guest writes; the log starts again. Returns the verdict. */
enum ec_verdict rig_write(struct rig *r, uint32_t offset, uint32_t len, uint64_t value);

/** rig_has_cap() - whether the chain that the guest walks has a capability with this id. */
bool rig_has_cap(struct rig *r, uint16_t id, bool extended);

#endif
