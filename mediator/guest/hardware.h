/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A device's own configuration space, and what of its COMMAND register belongs to ecamd. */
#ifndef EC_GUEST_HARDWARE_H
#define EC_GUEST_HARDWARE_H

#include "core/host_ops.h"
#include "guest/device.h"

/** ec_hardware_new() - closed. NULL: out of memory. */
struct ec_hardware *ec_hardware_new(void);

/**
 * ec_hardware_open() - access @d by @fd, an open `config` file, which belongs to @d from now on.
 * @is_vf: a virtual function, of which the header's COMMAND bits are 0 for ever.
 */
void ec_hardware_open(struct ec_device *d, int fd, bool is_vf);

/** ec_hardware_is_vf() - is it a virtual function? */
bool ec_hardware_is_vf(const struct ec_device *d);

/** ec_hardware_close() - close the descriptor. */
void ec_hardware_close(struct ec_device *d);

/**
 * ec_hardware_set_gone() - the device does not answer any more, for the reason @why, which is
 * logged once. From now on nothing of it is accessed, for ever: ec_hardware_read(),
 * ec_hardware_write() and ec_reset_hardware() return -ENODEV, the guest reads all ones.
 * ec_hardware_gone() - was that called?
 */
void ec_hardware_set_gone(struct ec_device *d, const char *why);
bool ec_hardware_gone(const struct ec_device *d);

/**
 * ec_hardware_set_dead() - the last reset failed: no access of the guest reaches the device until
 * ec_hardware_was_reset().
 * ec_hardware_dead() - is that so?
 */
void ec_hardware_set_dead(struct ec_device *d);
bool ec_hardware_dead(const struct ec_device *d);

/** Access by ecamd itself; the context is the struct ec_device. */
extern const struct ec_conf_ops ec_hardware_ops;

/** Access that a guest's access causes: counted; -EIO if the device is dead. The context is the
 * struct ec_device. */
extern const struct ec_conf_ops ec_hardware_guest_ops;

/**
 * ec_hardware_read(), ec_hardware_write() - one access, as struct ec_conf_ops says. A read of all
 * ones is followed by another that shows whether the device is gone.
 * -ENODEV: it is; -EAGAIN: it is not ready yet after a reset.
 */
int ec_hardware_read(struct ec_device *d, uint32_t offset, unsigned int len, uint32_t *value);
int ec_hardware_write(struct ec_device *d, uint32_t offset, unsigned int len, uint32_t value);

/**
 * ec_hardware_decode() - from now on the device decodes as @command says (PCI_COMMAND_IO and
 * PCI_COMMAND_MEMORY), and its INTx is off. Writes COMMAND; bits of the guest stay.
 */
void ec_hardware_decode(struct ec_device *d, uint16_t command);

/** ec_hardware_intx() - let the device raise INTx, or not. Writes COMMAND. */
void ec_hardware_intx(struct ec_device *d, bool on);

/**
 * ec_hardware_own_command() - what ecamd wants in COMMAND: decode bits and INTx Disable.
 * ec_hardware_allow_intx() - the same with INTx allowed from now on; writes nothing.
 */
uint16_t ec_hardware_own_command(const struct ec_device *d);
void ec_hardware_allow_intx(struct ec_device *d);

/**
 * ec_hardware_command_set() - write @command to COMMAND, and keep no bit of the guest. Of a virtual
 * function only bus mastering and memory enable are written.
 */
void ec_hardware_command_set(struct ec_device *d, uint32_t command);

/**
 * ec_hardware_note_master() - the device is about to lose COMMAND: note whether something else than
 * the guest has turned bus mastering off. A guest can turn that on again a few times a minute;
 * then it stays off until ec_hardware_was_reset(). The guest's COMMAND shows the hardware's bit.
 * ec_hardware_was_reset() - it was reset with success.
 */
void ec_hardware_note_master(struct ec_device *d);
void ec_hardware_was_reset(struct ec_device *d);

#endif
