/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * This machine's functions and configuration access to them, by libpci over sysfs.
 */
#ifndef EC_HOST_CONF_LIBPCI_H
#define EC_HOST_CONF_LIBPCI_H

#include "core/diag.h"
#include "core/host_ops.h"
#include "core/sbdf.h"

/** The machine, scanned once. */
struct ec_machine;

/** One function of it; the context of ec_conf_libpci_ops. */
struct ec_machine_function;

/**
 * ec_machine_open() - scan this machine's functions.
 * @sysfs: where sysfs is mounted, "/sys".
 * Returns NULL after filling @diag if sysfs has no PCI bus or memory is out. Close it.
 */
struct ec_machine *ec_machine_open(const char *sysfs, struct ec_diag *diag);

/** ec_machine_close() - free it and all its functions; NULL is allowed. */
void ec_machine_close(struct ec_machine *m);

/** ec_machine_count() - number of functions. */
unsigned int ec_machine_count(const struct ec_machine *m);

/** ec_machine_at() - function @i of them, by rising address. The machine's. */
struct ec_machine_function *ec_machine_at(struct ec_machine *m, unsigned int i);

/** ec_machine_address() - its address. */
struct ec_sbdf ec_machine_address(const struct ec_machine_function *f);

/**
 * The port; its context is a struct ec_machine_function. A read that the kernel cuts short gives
 * -EACCES. It is for reading: a write gives -EPERM and reaches nothing.
 */
extern const struct ec_conf_ops ec_conf_libpci_ops;

#endif
