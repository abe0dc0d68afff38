/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Linux does when the attributes of a machine made of files (sysfs.h) are written: a driver's
 * bind and unbind, drivers_probe, driver_override and reset. It acts within write(2), which this
 * file replaces in the test program, so that the caller sees the result at once and gets the
 * kernel's errno, as with sysfs. Every other write goes to the system.
 * Source: Linux drivers/base/bus.c, drivers/base/dd.c, drivers/pci/pci-driver.c (matching).
 */
#ifndef EC_TESTS_FAKE_KERNEL_H
#define EC_TESTS_FAKE_KERNEL_H

#include <stdbool.h>

#include "sysfs.h"

/** Something that goes wrong in a write to @file ("nvme/unbind", "drivers_probe", "reset"). */
struct fake_fault {
	const char *file;   /* NULL: no fault */
	int error;          /* the write fails with it; 0: it succeeds */
	bool done;          /* what was asked for is done; else nothing is */
	const char *driver; /* this driver takes the function */
	bool gone;          /* the function is removed afterwards */
};

/**
 * fake_kernel_start() - act on writes below @s, until fake_kernel_stop().
 * @native: the driver that probing finds for a function without driver_override; NULL: none.
 */
void fake_kernel_start(const struct sysfs *s, const char *native);

/** fake_kernel_stop() - and fail the test if not all descriptors were closed since the start. */
void fake_kernel_stop(void);

/** fake_kernel_driver() - a driver is loaded; only a stub needs driver_override to match. */
void fake_kernel_driver(struct sysfs *s, const char *driver);

/** fake_kernel_bind() - @driver has function @name now, or none if NULL. */
void fake_kernel_bind(const char *name, const char *driver);

/** fake_kernel_bound() - the driver that has function @name; "" for none. */
const char *fake_kernel_bound(const char *name);

/** fake_kernel_override() - its driver_override as its file shows it, without the newline. */
const char *fake_kernel_override(const char *name);

/** fake_kernel_fault() - from now on; a few of them may be set. Nothing if its file is NULL. */
void fake_kernel_fault(struct fake_fault fault);

/** fake_kernel_log() - all that was written, "FILE TEXT;" each, a newline as \n. */
const char *fake_kernel_log(void);

#endif
