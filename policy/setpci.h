/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of setpci(8) for places in capabilities: "CAP_EXP+8.w", "ECAP0001+4.l@1". */
#ifndef EC_POLICY_SETPCI_H
#define EC_POLICY_SETPCI_H

#include "policy/rule.h"

/** Some bytes of a capability. */
struct ec_setpci {
	struct ec_cap_ref cap; /* with an instance: without @ setpci takes the first */
	uint16_t offset;
	uint8_t width; /* 1, 2 or 4 */
};

/**
 * ec_setpci_cap() - find the capability that setpci calls CAP_NAME or ECAP_NAME.
 * @name: NAME, in any case, of setpci or of the tables: "VNDR", "SRIOV" or "SR_IOV". @out: id and
 * extended are written. Returns false if there is none.
 */
bool ec_setpci_cap(const char *name, bool extended, struct ec_cap_ref *out);

/**
 * ec_setpci_parse() - parse [E]CAP_NAME or [E]CAPID, then [+OFFSET].WIDTH[@NUMBER].
 * ID and OFFSET are hexadecimal, NUMBER counts from 0, WIDTH is b, w or l. Returns 0; -EINVAL: the
 * text has another form; -ENOENT: no capability has this name or id.
 */
int ec_setpci_parse(const char *text, struct ec_setpci *out);

#endif
