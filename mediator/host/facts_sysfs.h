/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Host facts from sysfs, by libsysfs. Reads attributes only, never the configuration space. */
#ifndef EC_HOST_FACTS_SYSFS_H
#define EC_HOST_FACTS_SYSFS_H

#include "core/host_ops.h"

/** Where sysfs is mounted, usually "/sys". The caller owns the text. */
struct ec_facts_sysfs {
	const char *root;
};

/** The adapter; its context is a struct ec_facts_sysfs. */
extern const struct ec_facts_ops ec_facts_sysfs_ops;

#endif
