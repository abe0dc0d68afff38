/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Configuration access by an inherited descriptor of a sysfs `config` file. What may be read is
 * decided by who opened it, so a process without any privilege can be given a device.
 * Source: Linux drivers/pci/pci-sysfs.c (pci_read_config, pci_write_config).
 */
#ifndef EC_HOST_CONF_FD_H
#define EC_HOST_CONF_FD_H

#include "core/host_ops.h"

/**
 * The callbacks; their context is a struct ec_conf_fd. One pread(2) or pwrite(2) an access,
 * repeated only if a signal interrupts it. A short read gives -EACCES: the kernel gives an opener
 * without CAP_SYS_ADMIN the first 64 bytes only. A short write gives -EIO.
 */
extern const struct ec_conf_ops ec_conf_fd_ops;

#endif
