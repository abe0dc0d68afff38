/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A world in which rules flatten everything, with one guest that has not started. */
#ifndef EC_TESTS_FLAT_H
#define EC_TESTS_FLAT_H

#include "world.h"

/** Device 0 of a bus, as world_read() and the like count slots. */
#define BUS(n) ((n) << 5)

/** Function 1 of NIC's device: flat_second() adds it, ids 1234:0002. */
extern const struct ec_sbdf flat_nic_1;
#define NIC_1 flat_nic_1

extern struct ec_guest_info *flat_info; /* of its guest, to be changed */

/** flat_start() - make the world, with guest @domid, NIC, which is a multi-function device, and
 * NIC2. */
void flat_start(uint32_t domid);

/** flat_second() - add NIC_1. */
void flat_second(void);

/** flat_refused() - an attach as @text says fails with @rc and a message that contains @word. */
void flat_refused(uint32_t domid, const char *text, int rc, const char *word);

/** flat_gone() - the guest goes, and nothing is left. One that has started keeps its ports so long.
 */
void flat_gone(uint32_t domid);

/** flat_number() - the guest gives the port in @slot of bus 0 its bus, the last one below. */
void flat_number(uint32_t domid, unsigned int slot, unsigned int bus);

/** flat_ids() - vendor and device in @slot, or on BUS(n). */
uint32_t flat_ids(uint32_t domid, unsigned int slot);

/** flat_read() - the dword at @offset of function @fn of device 0 of @bus. */
uint32_t flat_read(uint32_t domid, unsigned int bus, unsigned int fn, uint32_t offset);

/** flat_at() - the last attach has put the function at @text, "01:00.0". */
void flat_at(const char *text);

/** flat_slot() - of the first port that guest @domid gets. */
unsigned int flat_slot(uint32_t domid);

#endif
