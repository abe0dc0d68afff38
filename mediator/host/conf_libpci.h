/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host's functions and configuration access to them, by libpci over sysfs.
 */
#ifndef EC_HOST_CONF_LIBPCI_H
#define EC_HOST_CONF_LIBPCI_H

#include "core/diag.h"
#include "core/host_ops.h"
#include "core/sbdf.h"

/** The host, scanned once. */
struct ec_libpci;

/** A function of it; the context of ec_conf_libpci_ops. */
struct ec_libpci_function;

/**
 * ec_libpci_open() - scan the host's functions.
 * @sysfs: where sysfs is mounted, "/sys".
 * Returns NULL with @diag filled: sysfs has no PCI bus, or out of memory.
 */
struct ec_libpci *ec_libpci_open(const char *sysfs, struct ec_diag *diag);

/** ec_libpci_close() - free it with its functions; NULL is allowed. */
void ec_libpci_close(struct ec_libpci *m);

/** ec_libpci_count() - number of functions. */
unsigned int ec_libpci_count(const struct ec_libpci *m);

/** ec_libpci_at() - function @i in order of addresses. Freed with @m. */
struct ec_libpci_function *ec_libpci_at(struct ec_libpci *m, unsigned int i);

/** ec_libpci_address() - its address. */
struct ec_sbdf ec_libpci_address(const struct ec_libpci_function *f);

/**
 * The adapter; its context is a struct ec_libpci_function. -EACCES: the kernel cuts a read short.
 * It only reads: a write gives -EPERM and does nothing.
 */
extern const struct ec_conf_ops ec_conf_libpci_ops;

#endif
