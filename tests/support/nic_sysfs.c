/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "nic_sysfs.h"

#include <pci/header.h>
#include <stdlib.h>
#include <string.h>

void nic_sysfs_add(struct nic_sysfs *n, const char *name)
{
	sysfs_add(&n->sys, name, &n->card.img, EC_CONFIG_SIZE);
	sysfs_file(&n->sys, name, "driver_override", "(null)\n");
}

void nic_sysfs_setup(struct nic_sysfs *n)
{
	fixture_nic(&n->card);
	fixture_put(&n->card, PCI_INTERRUPT_PIN, 1, 1);
	setenv("N", "devices/pci0000:00/" NIC, 1);
	setenv("D", "bus/pci/drivers", 1);
	sysfs_make(&n->sys);
	n->ctx.root = n->sys.root;
	n->at = (struct ec_sbdf){ 0, 2, 0 };
	sysfs_file(&n->sys, "", "bus/pci/drivers_probe", "");
	fake_kernel_start(&n->sys, "igb");
	fake_kernel_driver(&n->sys, "pciback");
	nic_sysfs_add(n, NIC);
	memset(&n->taken, 0xff, sizeof(n->taken));
	strcpy(n->diag.text, "nothing said");
}

void nic_sysfs_teardown(struct nic_sysfs *n)
{
	fake_kernel_stop();
	sysfs_remove(&n->sys);
}
