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

/** The same, where a constant is wanted. */
#define EC_ROWS(rows)                                                                              \
	{                                                                                          \
		rows, EC_ARRAY_SIZE(rows)                                                          \
	}

/** The start of a standard capability's entry. */
#define EC_STD(n, nm, ttl, t, l, rl, src)                                                          \
	.id = n, .treatment = t, .least = l, .name = nm, .title = ttl, .rule = rl, .source = src

/** The start of an extended capability's entry. */
#define EC_EXT(n, nm, ttl, t, l, rl, src)                                                          \
	.id = n, .extended = true, .treatment = t, .least = l, .name = nm, .title = ttl,           \
	.rule = rl, .source = src

/** Bits of a register that the guest could write, but the host must own. */
#define EC_HOST_RW(bits) .rw = bits, .host = bits
#define EC_HOST_W1C(bits) .w1c = bits, .host = bits

/** Repeated registers: @m(0), @m(1), ... The numbers are literals, so that names can have them. */
#define EC_TIMES_8(m) m(0), m(1), m(2), m(3), m(4), m(5), m(6), m(7)
#define EC_TIMES_16(m) EC_TIMES_8(m), m(8), m(9), m(10), m(11), m(12), m(13), m(14), m(15)
#define EC_TIMES_32(m)                                                                             \
	EC_TIMES_16(m), m(16), m(17), m(18), m(19), m(20), m(21), m(22), m(23), m(24), m(25),      \
		m(26), m(27), m(28), m(29), m(30), m(31)
#define EC_TIMES_64(m)                                                                             \
	EC_TIMES_32(m), m(32), m(33), m(34), m(35), m(36), m(37), m(38), m(39), m(40), m(41),      \
		m(42), m(43), m(44), m(45), m(46), m(47), m(48), m(49), m(50), m(51), m(52),       \
		m(53), m(54), m(55), m(56), m(57), m(58), m(59), m(60), m(61), m(62), m(63)

/** Standard, by id; then extended. */
extern const struct ec_cap ec_cap_pm, ec_cap_agp, ec_cap_vpd, ec_cap_slotid, ec_cap_msi,
	ec_cap_pcix, ec_cap_ht, ec_cap_vndr, ec_cap_agp3, ec_cap_express, ec_cap_msix, ec_cap_sata,
	ec_cap_af, ec_cap_ea;
extern const struct ec_cap ec_cap_aer, ec_cap_vc, ec_cap_dsn, ec_cap_power, ec_cap_rclink,
	ec_cap_rcilink, ec_cap_rcec, ec_cap_mfvc, ec_cap_vc2, ec_cap_rcrb, ec_cap_vsec, ec_cap_cac,
	ec_cap_acs, ec_cap_ari, ec_cap_ats, ec_cap_sriov, ec_cap_mcast, ec_cap_pri, ec_cap_rebar,
	ec_cap_dpa, ec_cap_tph, ec_cap_ltr, ec_cap_secpci, ec_cap_pmux, ec_cap_pasid, ec_cap_dpc,
	ec_cap_l1ss, ec_cap_ptm, ec_cap_frs, ec_cap_rtr, ec_cap_dvsec, ec_cap_vf_rebar, ec_cap_dlf,
	ec_cap_16gt, ec_cap_margin, ec_cap_npem, ec_cap_32gt, ec_cap_doe, ec_cap_dev3, ec_cap_ide,
	ec_cap_64gt, ec_cap_flit_log, ec_cap_flit_inject, ec_cap_rbl;

/** Capabilities without a table, hidden; with their number. */
extern const struct ec_cap ec_caps_hidden_std[], ec_caps_hidden_ext[];
extern const unsigned int ec_caps_hidden_std_n, ec_caps_hidden_ext_n;

/** ec_length_room() - the length of a capability of which none is known: all its room. */
uint32_t ec_length_room(const struct ec_cap_at *at);

/** ec_at_get() - value of the @len (1, 2 or 4) bytes at @off of an instance; 0 if not captured. */
static inline uint32_t ec_at_get(const struct ec_cap_at *at, uint32_t off, unsigned int len)
{
	return ec_image_get(at->img, at->offset + off, len);
}

/**
 * ec_lane_bytes() - length of a capability that has @each bytes a lane from @from on, in whole
 * dwords. If the number of lanes is not known: what there is room for.
 */
static inline uint32_t ec_lane_bytes(const struct ec_cap_at *at, uint32_t from, uint32_t each)
{
	uint32_t most = from + 32 * each;

	if (!at->lanes)
		return at->room < most ? at->room : most;
	return from + (at->lanes * each + 3u) / 4u * 4u;
}

#endif
