/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capabilities/registry.h"

#include <stddef.h>

#include "capabilities/entries.h"
#include "core/bits.h"

/* The others are in the arrays ec_caps_hidden_*. */
static const struct ec_cap *const caps[] = {
	&ec_cap_pm,       &ec_cap_agp,      &ec_cap_vpd,
	&ec_cap_slotid,   &ec_cap_msi,      &ec_cap_pcix,
	&ec_cap_ht,       &ec_cap_vndr,     &ec_cap_agp3,
	&ec_cap_express,  &ec_cap_msix,     &ec_cap_sata,
	&ec_cap_af,       &ec_cap_ea,       &ec_cap_aer,
	&ec_cap_vc,       &ec_cap_dsn,      &ec_cap_power_budgeting,
	&ec_cap_rclink,   &ec_cap_rcilink,  &ec_cap_rcec,
	&ec_cap_mfvc,     &ec_cap_vc2,      &ec_cap_rcrb,
	&ec_cap_vsec,     &ec_cap_cac,      &ec_cap_acs,
	&ec_cap_ari,      &ec_cap_ats,      &ec_cap_sriov,
	&ec_cap_mcast,    &ec_cap_pri,      &ec_cap_rebar,
	&ec_cap_dpa,      &ec_cap_tph,      &ec_cap_ltr,
	&ec_cap_secpci,   &ec_cap_pmux,     &ec_cap_pasid,
	&ec_cap_dpc,      &ec_cap_l1ss,     &ec_cap_ptm,
	&ec_cap_frs,      &ec_cap_rtr,      &ec_cap_dvsec,
	&ec_cap_vf_rebar, &ec_cap_dlf,      &ec_cap_16gt,
	&ec_cap_margin,   &ec_cap_npem,     &ec_cap_32gt,
	&ec_cap_doe,      &ec_cap_dev3,     &ec_cap_ide,
	&ec_cap_64gt,     &ec_cap_flit_log, &ec_cap_flit_inject,
	&ec_cap_rbl,
};

static const struct ec_cap unknown[2] = {
	{ .treatment = EC_HIDE,
	  .least = 2,
	  .name = "unknown",
	  .title = "Unknown capability",
	  .length_text = "unknown: all its room",
	  .length = ec_length_room,
	  .source = "" },
	{ .extended = true,
	  .treatment = EC_HIDE,
	  .least = 4,
	  .name = "unknown",
	  .title = "Unknown extended capability",
	  .length_text = "unknown: all its room",
	  .length = ec_length_room,
	  .source = "" },
};

static const struct ec_cap *find_in(const struct ec_cap *rows, unsigned int n, uint16_t id)
{
	for (unsigned int i = 0; i < n; i++)
		if (rows[i].id == id)
			return rows + i;
	return NULL;
}

const struct ec_cap *ec_cap_find(uint16_t id, bool extended)
{
	const struct ec_cap *cap;

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(caps); i++)
		if (caps[i]->id == id && caps[i]->extended == extended)
			return caps[i];
	cap = extended ? find_in(ec_caps_hidden_ext, ec_caps_hidden_ext_n, id)
		       : find_in(ec_caps_hidden_std, ec_caps_hidden_std_n, id);
	return cap ? cap : &unknown[extended];
}

unsigned int ec_cap_count(void)
{
	return (unsigned int)EC_ARRAY_SIZE(caps) + ec_caps_hidden_std_n + ec_caps_hidden_ext_n;
}

const struct ec_cap *ec_cap_get(unsigned int i)
{
	/* ids are dense and few: ask for each in turn */
	for (unsigned int extended = 0; extended < 2; extended++)
		for (uint16_t id = 0; id < 0x100; id++) {
			const struct ec_cap *cap = ec_cap_find(id, extended);

			if (cap != &unknown[extended] && i-- == 0)
				return cap;
		}
	return NULL;
}
