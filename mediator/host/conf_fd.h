/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Configuration access by an open descriptor of a sysfs `config` file. The opener's privilege
 * decides what can be read, so a process without privilege can use a descriptor that it was given.
 * Source: Linux drivers/pci/pci-sysfs.c (pci_read_config, pci_write_config).
 */
#ifndef EC_HOST_CONF_FD_H
#define EC_HOST_CONF_FD_H

#include "core/host_ops.h"

/**
 * The adapter; its context is a struct ec_conf_fd. An access is one pread(2) or pwrite(2), repeated
 * only if a signal interrupts it. -EACCES: a short read, because the opener had no CAP_SYS_ADMIN
 * and the kernel shows it 64 bytes only. -EIO: a short write.
 */
extern const struct ec_conf_ops ec_conf_fd_ops;

#endif
