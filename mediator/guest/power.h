/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Power states that a rule lets a guest have in the hardware. The kernel does not know of them: it
 * takes the device for one in D0, so the device must be there whenever the kernel has it.
 */
#ifndef EC_GUEST_POWER_H
#define EC_GUEST_POWER_H

#include "guest/device.h"

/** On the way to or from D3hot there is no access for so long: Linux drivers/pci/pci.h
 * PCI_PM_D3HOT_WAIT. */
#define EC_D3_WAIT_NS 10000000

/** What a change of state has lost, so that the caller puts it right. */
enum ec_power_lost {
	EC_POWER_LOST_NOTHING,
	EC_POWER_LOST_BINDINGS, /* interrupts must be bound again */
	EC_POWER_LOST_VIEW,     /* the guest sees a device that was reset */
};

/** ec_power_new() - in D0. NULL: out of memory. */
struct ec_power *ec_power_new(void);

/** ec_power_state() - the state that the hardware is in, 0 to 3. */
unsigned int ec_power_state(const struct ec_device *d);

/**
 * ec_power_begin() - the guest wants state D@want, 0 to 3: may the hardware enter it? A rule must
 * allow it, and it must be another state; and once a request only. The caller takes the BARs from
 * the guest, if @want is not 0, and calls ec_power_set().
 */
bool ec_power_begin(struct ec_device *d, uint32_t want);

/**
 * ec_power_set() - the hardware enters state D@want; it takes up to 10 ms. What fails is logged.
 * Call ec_power_show() after the loss has been put right.
 */
enum ec_power_lost ec_power_set(struct ec_device *d, uint32_t want);

/** ec_power_show() - the guest's PMCSR shows the state that the hardware is in. */
void ec_power_show(struct ec_device *d);

/**
 * ec_power_wake() - bring the hardware to D0 and restore what ecamd saved, before it is reset or
 * anything of it is undone. Returns 0, or a negative errno: it does not wake.
 */
int ec_power_wake(struct ec_device *d);

/** ec_power_after_reset() - the kernel has reset the device: read its state again. */
void ec_power_after_reset(struct ec_device *d);

#endif
