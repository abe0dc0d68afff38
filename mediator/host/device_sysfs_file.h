/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function's attributes in sysfs. Source: Linux Documentation/ABI/testing/sysfs-bus-pci.
 */
#ifndef EC_HOST_DEVICE_SYSFS_FILE_H
#define EC_HOST_DEVICE_SYSFS_FILE_H

#include <stddef.h>

#include "core/host_ops.h"

/** The stub drivers: they hold a function and do nothing with it. */
#define EC_SYSFS_PCIBACK "pciback"
#define EC_SYSFS_PCI_STUB "pci-stub"

/** A function's directory. */
struct ec_sysfs_function {
	const char *root; /* of sysfs */
	char address[EC_SBDF_MAX];
};

/** ec_sysfs_function_at() - the function @at below @root, which must outlive it. */
struct ec_sysfs_function ec_sysfs_function_at(const char *root, struct ec_sbdf at);

/**
 * ec_sysfs_open_in() - open @root/bus/pci/@dir/@name/@file with @flags of open(2).
 * Returns a descriptor, which the caller owns, or a negative errno. ec_sysfs_put() and
 * ec_sysfs_get() accept both, and close the descriptor.
 */
int ec_sysfs_open_in(int flags, const char *root, const char *dir, const char *name,
		     const char *file);

/** ec_sysfs_open() - open attribute @name of @f; "": its directory. Returns as above. */
int ec_sysfs_open(const struct ec_sysfs_function *f, const char *name, int flags);

/** ec_sysfs_exists() - is @fd a descriptor? Closes it. */
bool ec_sysfs_exists(int fd);

/** ec_sysfs_put() - write @text in one call. Closes @fd. Returns 0 or a negative errno. */
int ec_sysfs_put(int fd, const char *text);

/**
 * ec_sysfs_get() - read in one call up to @size - 1 bytes, and terminate them. Closes @fd.
 * Returns the length, or a negative errno with @text "".
 */
int ec_sysfs_get(int fd, char *text, size_t size);

/** ec_sysfs_driver() - the driver of @f; "": none. Returns 0 or a negative errno. */
int ec_sysfs_driver(const struct ec_sysfs_function *f, char out[EC_DRIVER_MAX]);

#endif
