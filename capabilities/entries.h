/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The entries of all known capabilities: the tables' files define them, registry.c lists them. */
#ifndef EC_CAPABILITIES_ENTRIES_H
#define EC_CAPABILITIES_ENTRIES_H

#include "capabilities/capability.h"

/** Standard capabilities by id, then extended ones. */
extern const struct ec_cap ec_cap_pm, ec_cap_agp, ec_cap_vpd, ec_cap_slotid, ec_cap_msi,
	ec_cap_pcix, ec_cap_ht, ec_cap_vndr, ec_cap_agp3, ec_cap_express, ec_cap_msix, ec_cap_sata,
	ec_cap_af, ec_cap_ea;
extern const struct ec_cap ec_cap_aer, ec_cap_vc, ec_cap_dsn, ec_cap_power_budgeting, ec_cap_rclink,
	ec_cap_rcilink, ec_cap_rcec, ec_cap_mfvc, ec_cap_vc2, ec_cap_rcrb, ec_cap_vsec, ec_cap_cac,
	ec_cap_acs, ec_cap_ari, ec_cap_ats, ec_cap_sriov, ec_cap_mcast, ec_cap_pri, ec_cap_rebar,
	ec_cap_dpa, ec_cap_tph, ec_cap_ltr, ec_cap_secpci, ec_cap_pmux, ec_cap_pasid, ec_cap_dpc,
	ec_cap_l1ss, ec_cap_ptm, ec_cap_frs, ec_cap_rtr, ec_cap_dvsec, ec_cap_vf_rebar, ec_cap_dlf,
	ec_cap_16gt, ec_cap_margin, ec_cap_npem, ec_cap_32gt, ec_cap_doe, ec_cap_dev3, ec_cap_ide,
	ec_cap_64gt, ec_cap_flit_log, ec_cap_flit_inject, ec_cap_rbl;

/** Hidden capabilities without a variable of their own, and their number. */
extern const struct ec_cap ec_caps_hidden_std[], ec_caps_hidden_ext[];
extern const unsigned int ec_caps_hidden_std_n, ec_caps_hidden_ext_n;

#endif
