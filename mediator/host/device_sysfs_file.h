/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the sysfs port share: a function's attributes. Source: Linux
 * Documentation/ABI/testing/sysfs-bus-pci.
 */
#ifndef EC_HOST_DEVICE_SYSFS_FILE_H
#define EC_HOST_DEVICE_SYSFS_FILE_H

#include <stddef.h>

#include "core/host_ops.h"

/** The stub drivers: these two hold a function and do nothing with it. */
#define EC_SYSFS_PCIBACK "pciback"
#define EC_SYSFS_PCI_STUB "pci-stub"

/** A function's directory. */
struct ec_sysfs_function {
	const char *root; /* of sysfs */
	char address[EC_SBDF_MAX];
};

/** ec_sysfs_function_at() - of @at; @ctx is a struct ec_device_sysfs, which must outlive it. */
struct ec_sysfs_function ec_sysfs_function_at(void *ctx, struct ec_sbdf at);

/**
 * ec_sysfs_open_in() - open @root/bus/pci/@dir/@name/@file with @flags of open(2).
 * Returns a descriptor, the caller's, or a negative errno: ec_sysfs_put() and ec_sysfs_get() take
 * both.
 */
int ec_sysfs_open_in(int flags, const char *root, const char *dir, const char *name,
		     const char *file);

/** ec_sysfs_open() - attribute @name of @f, likewise; "": its directory. */
int ec_sysfs_open(const struct ec_sysfs_function *f, const char *name, int flags);

/** ec_sysfs_exists() - was it opened? Closes @fd. */
bool ec_sysfs_exists(int fd);

/** ec_sysfs_put() - write @text by one call: whole or not at all. Closes @fd. 0 or an errno. */
int ec_sysfs_put(int fd, const char *text);

/**
 * ec_sysfs_get() - read by one call what fits, with a 0 behind it. Closes @fd.
 * Returns the length, or a negative errno; @text is "" then.
 */
int ec_sysfs_get(int fd, char *text, size_t size);

/** ec_sysfs_driver() - the driver of @f, "" if it has none. Returns 0 or a negative errno. */
int ec_sysfs_driver(const struct ec_sysfs_function *f, char out[EC_DRIVER_MAX]);

/** ec_sysfs_shares_irq(), ec_sysfs_shares_page() - see struct ec_device_ops. */
int ec_sysfs_shares_irq(void *ctx, struct ec_sbdf at, struct ec_sbdf *other);
int ec_sysfs_shares_page(void *ctx, struct ec_sbdf at, struct ec_sbdf *other);

#endif
