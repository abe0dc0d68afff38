/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interrupt messages that guests write, and what Xen is asked for because of them. */
#ifndef EC_TESTS_UNIT_GUEST_MESSAGE_H
#define EC_TESTS_UNIT_GUEST_MESSAGE_H

/** A message with every field that Xen takes: vector 41, and the flags of the binding. */
#define ADDRESS 0xfee41008u
#define DATA 0x8741u
#define FLAGS "flags f141"

/** The message with which Linux asks for pirq @p. */
#define PIRQ_ADDRESS(p) ((uint64_t)((p)&0xffffff00u) << 32 | 0xfee00000u | ((p)&0xffu) << 12)
#define PIRQ_DATA 0x4300u

#endif
