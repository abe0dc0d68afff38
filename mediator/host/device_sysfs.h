/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function of this machine as the service holds it: taken from its driver, reset, and given
 * back, through the files of sysfs.
 * Source: Linux Documentation/ABI/testing/sysfs-bus-pci; drivers/base/bus.c (what bind, unbind and
 * drivers_probe do), drivers/pci/pci-sysfs.c, drivers/xen/xen-pciback/pci_stub.c.
 */
#ifndef EC_HOST_DEVICE_SYSFS_H
#define EC_HOST_DEVICE_SYSFS_H

#include "core/host_ops.h"

/** Where sysfs is mounted, "/sys"; the caller's. */
struct ec_device_sysfs {
	const char *root;
};

/**
 * The port; its context is a struct ec_device_sysfs. Every call gives -ENOENT where there is no
 * such function.
 * take(): -ENODEV: no stub driver, and pci-stub could not be loaded (tried if the root is "/sys");
 *         -EBUSY: the stub did not take the function; -EOPNOTSUPP: its driver cannot be unbound
 *         this way; -ENAMETOOLONG: a driver's name has no room.
 * give_back(): -EBUSY: a driver that is neither the stub nor the old one has it, and keeps it;
 *              -ENODEV: the old driver is gone, and no other takes it.
 * reset(): the kernel gives -ENOTTY too if none of the listed methods could be used.
 * open(): -EACCES: not opened by a privileged process, or the kernel is locked down.
 * map(): -ENOENT: it has no such BAR; -EINVAL: not whole pages, or not in the BAR: one of less than
 *        a page has none.
 * shares_irq(): what a stub driver holds does not count. shares_page(): it does; so do ROMs of
 * others.
 */
extern const struct ec_device_ops ec_device_sysfs_ops;

#endif
