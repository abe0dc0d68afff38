/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records of functions that are taken, one file each: what a successor needs to give one back after
 * its predecessor was killed. A file is named after the function's address and has lines "KEY
 * VALUE": ids (hexadecimal), driver, stub, override, held and master (0 or 1).
 */
#ifndef EC_HOST_DEVICE_SYSFS_RECORD_H
#define EC_HOST_DEVICE_SYSFS_RECORD_H

#include "core/host_ops.h"

/** A record. The ids distinguish it from another function at the same address. */
struct ec_taken_record {
	uint32_t ids; /* vendor and device, as in the header */
	struct ec_taken taken;
};

/**
 * ec_taken_record_write() - write the record of @at into folder @dir, which is made, replacing an
 * older one at once. Returns 0 or a negative errno.
 */
int ec_taken_record_write(const char *dir, struct ec_sbdf at, const struct ec_taken_record *r);

/** ec_taken_record_read() - read it. -ENOENT: there is none; -EINVAL: the file is damaged. */
int ec_taken_record_read(const char *dir, struct ec_sbdf at, struct ec_taken_record *out);

/** ec_taken_record_remove() - remove it, if there is one. */
void ec_taken_record_remove(const char *dir, struct ec_sbdf at);

#endif
