/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registers that ecamd restores: the header, as the host has set it up; what a rule lets the guest
 * write in the hardware, which would outlast the guest; what the hardware loses on its way from
 * D3hot to D0, of which only ecamd knows.
 */
#ifndef EC_GUEST_SAVED_REGISTERS_H
#define EC_GUEST_SAVED_REGISTERS_H

#include "core/diag.h"
#include "guest/device.h"
#include "view/plan.h"

/** ec_saved_registers_new() - nothing is saved. NULL: out of memory. */
struct ec_saved_registers *ec_saved_registers_new(void);

/**
 * ec_saved_registers_header() - save the header before any guest has the device. @d is open.
 * Returns 0, or a negative errno with @diag: it cannot be read.
 */
int ec_saved_registers_header(struct ec_device *d, struct ec_diag *diag);

/**
 * ec_saved_registers_restore_header() - write the saved header where the hardware differs. Nothing
 * of a virtual function, whose header registers are 0 for ever.
 * Returns 0, or a negative errno with @diag that names the register.
 */
int ec_saved_registers_restore_header(struct ec_device *d, struct ec_diag *diag);

/** ec_saved_registers_ids() - vendor and device id as saved, the dword at 0. */
uint32_t ec_saved_registers_ids(const struct ec_device *d);

/** ec_saved_registers_command() - COMMAND as saved, without bus mastering. */
uint16_t ec_saved_registers_command(const struct ec_device *d);

/**
 * ec_saved_registers_note() - save what the guest may write in the hardware; note which registers
 * D3hot loses. @plan: of the device. At most 64 of the former and 20 of the latter; further ones
 * are not restored.
 */
void ec_saved_registers_note(struct ec_device *d, const struct ec_plan *plan);

/**
 * ec_saved_registers_restore_host() - the device goes back to the host: restore what the host had
 * set up in capabilities (DEVCTL, masks of AER and others), which a reset by the kernel may have
 * lost, and clear error status bits that have piled up.
 */
void ec_saved_registers_restore_host(struct ec_device *d);

/** ec_saved_registers_restore_passed() - restore what the guest may have written. */
void ec_saved_registers_restore_passed(struct ec_device *d);

/** ec_saved_registers_read_lost() - save what D3hot loses, as it is now. */
void ec_saved_registers_read_lost(struct ec_device *d);

/** ec_saved_registers_restore_lost() - restore that, where the hardware differs. */
void ec_saved_registers_restore_lost(struct ec_device *d);

#endif
