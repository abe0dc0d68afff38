/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The NIC of fixture.h with decisions of rules: what the tests of rules share. */
#ifndef EC_TESTS_RULED_NIC_H
#define EC_TESTS_RULED_NIC_H

#include "fixture.h"
#include "rig.h"
#include "ruled.h"

#define ALL UINT32_MAX

extern struct rig *nic;
extern struct ruled rules;
extern struct fixture fixture; /* fixture_nic(), unless a test changes it */

/** All instances of these capabilities. */
extern const struct ec_cap_ref pm, msi, express, msix, vndr, vpd, aer, dsn, ari, sriov, vsec;

/** nic_setup(), nic_teardown() - before and after each test: a NIC, and no decision. */
void nic_setup(void);
void nic_teardown(void);

/** nic_attach() - attach it, flattened, with the decisions. */
void nic_attach(void);

/** nic_origin() - the origin of the register at @offset. */
uint16_t nic_origin(uint32_t offset);

/** nic_poke() - change a dword of the device without the guest; nic_peek() - read it. */
void nic_poke(uint32_t offset, uint32_t value);
uint32_t nic_peek(uint32_t offset, unsigned int len);

/** nic_is_dead() - fails the test if bytes from @from to @to do not read 0 and drop writes. */
void nic_is_dead(uint32_t from, uint32_t to);

/** nic_find() - the offset of the first capability that the guest finds; 0: none. */
uint32_t nic_find(uint16_t id, bool extended);

#endif
