/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a guest's accesses ask for is carried out here: BARs mapped, interrupts bound, power states,
 * VPD, resets.
 */
#ifndef EC_GUEST_ACTIONS_H
#define EC_GUEST_ACTIONS_H

#include "access/effect.h"
#include "guest/device.h"

/** ec_actions_new() - nothing waits. NULL: out of memory. */
struct ec_actions *ec_actions_new(void);
void ec_actions_free(struct ec_actions *a);

/**
 * ec_actions_note_view() - the view as it is now is what ec_actions_reset_view() makes of it.
 * Returns 0, or -ENOMEM.
 */
int ec_actions_note_view(struct ec_device *d);

/**
 * ec_actions_run() - carry out what an access asked for. What fails is logged and left undone: the
 * guest sees a device that does not answer there. In a request with repetitions, mappings and
 * bindings wait for ec_actions_flush().
 */
void ec_actions_run(struct ec_device *d, const struct ec_action_list *list);

/**
 * ec_actions_flush() - carry out what waits: the last that was asked of each BAR, of INTx, MSI and
 * MSI-X, and of each entry of the MSI-X table. To be called when a request with repetitions ends.
 */
void ec_actions_flush(struct ec_device *d);

/** ec_actions_reset_view() - end what the guest has set up; its view is as after a reset. */
void ec_actions_reset_view(struct ec_device *d);

/**
 * ec_actions_guest_reset() - the guest resets the device: view and hardware. Once a request, since
 * a reset takes a tenth of a second and a request may have thousands of repetitions. What fails is
 * logged.
 */
void ec_actions_guest_reset(struct ec_device *d);

/** ec_actions_end() - end what the guest has set up; the view stays, as it is not shown again. */
void ec_actions_end(struct ec_device *d);

#endif
