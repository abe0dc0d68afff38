/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linux's reaction to writes of attributes of a machine made of files (sysfs.h): a driver's bind
 * and unbind, drivers_probe, driver_override and reset. It acts within write(2), which this file
 * replaces in the test program: the caller sees the result at once and gets the kernel's errno, as
 * with sysfs. All other writes go to the system.
 * Source: Linux drivers/base/bus.c, drivers/base/dd.c, drivers/pci/pci-driver.c (matching).
 */
#ifndef EC_TESTS_FAKE_KERNEL_H
#define EC_TESTS_FAKE_KERNEL_H

#include <stdbool.h>

#include "sysfs.h"

/** A fault in a write to @file ("nvme/unbind", "drivers_probe", "reset"). */
struct fake_fault {
	const char *file;   /* NULL: no fault */
	int error;          /* errno of the write; 0: it succeeds */
	bool done;          /* the write has its effect all the same */
	const char *driver; /* this driver takes the function */
	bool gone;          /* the function is removed afterwards */
};

/**
 * fake_kernel_start() - act on writes below @s, until fake_kernel_stop().
 * @native: the driver that probing finds for a function without driver_override; NULL: none.
 */
void fake_kernel_start(const struct sysfs *s, const char *native);

/** fake_kernel_stop() - stop; fail the test if a descriptor opened since the start is open. */
void fake_kernel_stop(void);

/** fake_kernel_driver() - load a driver; only a stub needs driver_override to match. */
void fake_kernel_driver(struct sysfs *s, const char *driver);

/** fake_kernel_bind() - bind function @name to @driver; NULL: to none. */
void fake_kernel_bind(const char *name, const char *driver);

/** fake_kernel_bound() - the driver of function @name; "": none. */
const char *fake_kernel_bound(const char *name);

/** fake_kernel_override() - its driver_override as its file shows it, without the newline. */
const char *fake_kernel_override(const char *name);

/** fake_kernel_fault() - set a fault from now on; several may be set. No effect if file is NULL. */
void fake_kernel_fault(struct fake_fault fault);

/** fake_kernel_log() - all writes, each as "FILE TEXT;", a newline as \n. */
const char *fake_kernel_log(void);

#endif
