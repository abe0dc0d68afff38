/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function of the host, through the files of sysfs: taken from its driver, reset, given back.
 * Source: Linux Documentation/ABI/testing/sysfs-bus-pci; drivers/base/bus.c (bind, unbind,
 * drivers_probe), drivers/pci/pci-sysfs.c, drivers/xen/xen-pciback/pci_stub.c.
 */
#ifndef EC_HOST_DEVICE_SYSFS_H
#define EC_HOST_DEVICE_SYSFS_H

#include "core/host_ops.h"

/** Paths, which the caller owns. */
struct ec_device_sysfs {
	const char *root;    /* where sysfs is mounted, usually "/sys" */
	const char *records; /* folder of records of what is taken (device_sysfs_record.h); NULL:
				none */
};

/**
 * The adapter; its context is a struct ec_device_sysfs. -ENOENT: there is no such function.
 * take(): -ENODEV: no stub driver, and pci-stub cannot be loaded (tried if the root is "/sys");
 *         -EBUSY: the stub did not bind to the function; -EOPNOTSUPP: its driver cannot be unbound
 *         by sysfs; -ENAMETOOLONG: a driver's name is too long. The record is written before the
 *         first change, and removed when the function is given back; one that a process left which
 *         was killed is used if the function is as that process left it.
 * give_back(): -EBUSY: a driver other than the stub and the old one has it, and keeps it;
 *              -ENODEV: the old driver is gone, and no other binds to it.
 * reset(): -ENOTTY also if none of the listed methods works.
 * open(): -EACCES: the process is not privileged, or the kernel is locked down.
 * map(): -ENOENT: it has no such BAR; -EINVAL: not whole pages within the BAR.
 */
extern const struct ec_device_ops ec_device_sysfs_ops;

#endif
