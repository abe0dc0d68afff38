/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A machine made of files (sysfs.h) with a network card and a kernel that plays its drivers. */
#ifndef EC_TESTS_NIC_SYSFS_H
#define EC_TESTS_NIC_SYSFS_H

#include "fake_kernel.h"
#include "fixture.h"
#include "host/device_sysfs.h"
#include "sysfs.h"

#define NIC "0000:02:00.0"

/** The card, and what the calls under test get and return. */
struct nic_sysfs {
	struct sysfs sys;
	struct fixture card;
	struct ec_device_sysfs ctx;
	struct ec_sbdf at; /* NIC */
	struct ec_taken taken;
	struct ec_diag diag;
};

/**
 * nic_sysfs_setup() - make the machine. The card has interrupt pin 1 and no driver; pciback is
 * loaded, and igb is the driver that probing finds.
 * In shell lines $N is the card's directory, $D that of the drivers.
 */
void nic_sysfs_setup(struct nic_sysfs *n);

/** nic_sysfs_teardown() - remove it. */
void nic_sysfs_teardown(struct nic_sysfs *n);

/** nic_sysfs_add() - add a function @name that is like the card. */
void nic_sysfs_add(struct nic_sysfs *n, const char *name);

#endif
