/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the table files share: every capability's entry, and the way to return a table.
 * A new capability is declared here and added to the array in registry.c.
 */
#ifndef EC_CAPABILITIES_TABLE_H
#define EC_CAPABILITIES_TABLE_H

#include <pci/header.h>

#include "capabilities/registry.h"
#include "core/bits.h"

/** The array @rows as a struct ec_reg_table. */
#define EC_TABLE(rows) ((struct ec_reg_table){ rows, EC_ARRAY_SIZE(rows) })

/** Standard, by id; then extended. */
extern const struct ec_cap ec_cap_pm, ec_cap_agp, ec_cap_vpd, ec_cap_slotid, ec_cap_msi,
	ec_cap_pcix, ec_cap_ht, ec_cap_vndr, ec_cap_agp3, ec_cap_express, ec_cap_msix, ec_cap_sata,
	ec_cap_af, ec_cap_ea;
extern const struct ec_cap ec_cap_aer, ec_cap_vc, ec_cap_dsn, ec_cap_power, ec_cap_vsec,
	ec_cap_dvsec;

/** Capabilities of one row each, hidden; with their number. */
extern const struct ec_cap ec_caps_hidden_std[], ec_caps_hidden_ext[];
extern const unsigned int ec_caps_hidden_std_n, ec_caps_hidden_ext_n;

/** ec_length_room() - the length of a capability of which none is known: all its room. */
uint32_t ec_length_room(const struct ec_cap_at *at);

/** ec_at_get() - value of the @len (1, 2 or 4) bytes at @off of an instance; 0 if not captured. */
static inline uint32_t ec_at_get(const struct ec_cap_at *at, uint32_t off, unsigned int len)
{
	return ec_image_get(at->img, at->offset + off, len);
}

#endif
