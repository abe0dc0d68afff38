/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A world with rules that flatten everything, and one guest that has not started. */
#ifndef EC_TESTS_FLAT_H
#define EC_TESTS_FLAT_H

#include "world.h"

/** Device 0 of a bus, as world_read() and the like count slots. */
#define BUS(n) ((n) << 5)

/** Function 1 of NIC's device: flat_second() adds it, ids 1234:0002. */
extern const struct ec_sbdf flat_nic_1;
#define NIC_1 flat_nic_1

extern struct ec_guest_info *flat_info; /* of its guest, to be changed */

/** flat_start() - make the world: guest @domid, NIC, a multi-function device, and NIC2. */
void flat_start(uint32_t domid);

/** flat_second() - add NIC_1. */
void flat_second(void);

/** flat_refused() - an attach as @text says fails with @rc and a message that contains @word. */
void flat_refused(uint32_t domid, const char *text, int rc, const char *word);

/** flat_gone() - the guest is destroyed, and nothing is left of it, empty root ports included. */
void flat_gone(uint32_t domid);

/** flat_number() - the guest writes @bus as secondary and subordinate bus of the root port in
 * @slot. */
void flat_number(uint32_t domid, unsigned int slot, unsigned int bus);

/** flat_ids() - ids of the function in @slot, or of device 0 of BUS(n). */
uint32_t flat_ids(uint32_t domid, unsigned int slot);

/** flat_read() - the dword at @offset of function @fn of device 0 of @bus. */
uint32_t flat_read(uint32_t domid, unsigned int bus, unsigned int fn, uint32_t offset);

/** flat_at() - the last attach must have placed the function at @text, "01:00.0". */
void flat_at(const char *text);

/** flat_slot() - slot of the first root port of guest @domid. */
unsigned int flat_slot(uint32_t domid);

#endif
