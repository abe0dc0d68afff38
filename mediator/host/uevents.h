/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's uevents about PCI functions: bound, unbound, added, removed.
 * Source: Linux lib/kobject_uevent.c, drivers/pci/pci-driver.c (pci_uevent).
 */
#ifndef EC_HOST_UEVENTS_H
#define EC_HOST_UEVENTS_H

#include <stddef.h>

#include "core/diag.h"
#include "core/host_ops.h"

/**
 * ec_uevents_open() - listen to the kernel's uevents.
 * Returns a descriptor that polls readable when there is one, to be closed by the caller; or a
 * negative errno with @diag.
 */
int ec_uevents_open(struct ec_diag *diag);

/**
 * ec_uevents_read() - take one uevent. @event: written if it is about a PCI function.
 * Returns 1: it is; 0: it is about something else, or not from the kernel; -EAGAIN: there is none;
 * -ENOBUFS: the kernel has dropped some; or another negative errno.
 */
int ec_uevents_read(int fd, struct ec_host_event *event);

/**
 * ec_uevents_parse() - read @text, a uevent of @len bytes: "ACTION@PATH", then "KEY=VALUE", each
 * with a terminating 0. Returns 1 with *@event, or 0: it is not about a PCI function, or is
 * malformed. Pure.
 */
int ec_uevents_parse(const char *text, size_t len, struct ec_host_event *event);

#endif
