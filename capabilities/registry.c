/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capabilities/registry.h"

#include <stddef.h>

#include "capabilities/table.h"

/* Every capability with a table of its own. Those without one are rows of the hidden arrays. */
static const struct ec_cap *const caps[] = {
	&ec_cap_pm,       &ec_cap_agp,         &ec_cap_vpd,   &ec_cap_slotid, &ec_cap_msi,
	&ec_cap_pcix,     &ec_cap_ht,          &ec_cap_vndr,  &ec_cap_agp3,   &ec_cap_express,
	&ec_cap_msix,     &ec_cap_sata,        &ec_cap_af,    &ec_cap_ea,     &ec_cap_aer,
	&ec_cap_vc,       &ec_cap_dsn,         &ec_cap_power, &ec_cap_rclink, &ec_cap_rcilink,
	&ec_cap_rcec,     &ec_cap_mfvc,        &ec_cap_vc2,   &ec_cap_rcrb,   &ec_cap_vsec,
	&ec_cap_cac,      &ec_cap_acs,         &ec_cap_ari,   &ec_cap_ats,    &ec_cap_sriov,
	&ec_cap_mcast,    &ec_cap_pri,         &ec_cap_rebar, &ec_cap_dpa,    &ec_cap_tph,
	&ec_cap_ltr,      &ec_cap_secpci,      &ec_cap_pmux,  &ec_cap_pasid,  &ec_cap_dpc,
	&ec_cap_l1ss,     &ec_cap_ptm,         &ec_cap_frs,   &ec_cap_rtr,    &ec_cap_dvsec,
	&ec_cap_vf_rebar, &ec_cap_dlf,         &ec_cap_16gt,  &ec_cap_margin, &ec_cap_npem,
	&ec_cap_32gt,     &ec_cap_doe,         &ec_cap_dev3,  &ec_cap_ide,    &ec_cap_64gt,
	&ec_cap_flit_log, &ec_cap_flit_inject, &ec_cap_rbl,
};

/* Of a capability without a known length nothing behind it is safe to show. */
uint32_t ec_length_room(const struct ec_cap_at *at)
{
	return at->room;
}

static const struct ec_cap unknown[2] = {
	{ .treatment = EC_HIDE,
	  .least = 2,
	  .name = "unknown",
	  .title = "Unknown capability",
	  .rule = "unknown: all its room",
	  .length = ec_length_room,
	  .source = "" },
	{ .extended = true,
	  .treatment = EC_HIDE,
	  .least = 4,
	  .name = "unknown",
	  .title = "Unknown extended capability",
	  .rule = "unknown: all its room",
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

uint32_t ec_cap_measure(const struct ec_cap *cap, const struct ec_cap_at *at, uint32_t img_end,
			enum ec_cap_fault *fault)
{
	uint32_t len = cap->length ? cap->length(at) : cap->least;

	*fault = EC_CAP_OK;
	if (len < cap->least) {
		*fault = EC_CAP_SHORT;
		len = cap->least;
	}
	if (len <= at->room)
		return len;
	*fault = at->offset + at->room < img_end ? EC_CAP_OVERLAP : EC_CAP_TRUNCATED;
	return at->room;
}

struct ec_reg_table ec_cap_registers(const struct ec_cap *cap, const struct ec_cap_at *at)
{
	return cap->table ? cap->table(at) : cap->rows;
}
