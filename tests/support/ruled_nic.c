/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ruled_nic.h"

#include <check.h>
#include <pci/header.h>

#include "core/bits.h"
#include "core/pci_bits.h"

const struct ec_cap_ref pm = { PCI_CAP_ID_PM, false, 0 };
const struct ec_cap_ref msi = { PCI_CAP_ID_MSI, false, 0 };
const struct ec_cap_ref express = { PCI_CAP_ID_EXP, false, 0 };
const struct ec_cap_ref msix = { PCI_CAP_ID_MSIX, false, 0 };
const struct ec_cap_ref vndr = { PCI_CAP_ID_VNDR, false, 0 };
const struct ec_cap_ref vpd = { PCI_CAP_ID_VPD, false, 0 };
const struct ec_cap_ref aer = { PCI_EXT_CAP_ID_AER, true, 0 };
const struct ec_cap_ref dsn = { PCI_EXT_CAP_ID_DSN, true, 0 };
const struct ec_cap_ref ari = { PCI_EXT_CAP_ID_ARI, true, 0 };
const struct ec_cap_ref sriov = { PCI_EXT_CAP_ID_SRIOV, true, 0 };
const struct ec_cap_ref vsec = { PCI_EXT_CAP_ID_VNDR, true, 0 };

struct rig *nic;
struct ruled rules;
struct fixture fixture;

void nic_setup(void)
{
	nic = rig_new();
	fixture_nic(&fixture);
	ruled_clear(&rules);
}

void nic_teardown(void)
{
	rig_free(nic);
}

void nic_attach(void)
{
	ruled_attach(&rules, nic, &fixture.img, EC_FLATTENED);
}

uint16_t nic_origin(uint32_t offset)
{
	const struct ec_plan_reg *reg = ec_plan_at(&nic->plan, offset);

	ck_assert_ptr_nonnull(reg);
	return reg->origin;
}

void nic_poke(uint32_t offset, uint32_t value)
{
	ec_put_le(nic->device.image.byte + offset, 4, value);
}

uint32_t nic_peek(uint32_t offset, unsigned int len)
{
	return (uint32_t)ec_get_le(nic->device.image.byte + offset, len);
}

static void is_dead(uint32_t at, unsigned int len)
{
	ck_assert_msg(rig_read(nic, at, len) == 0, "%x reads something", at);
	ck_assert_msg(rig_write(nic, at, len, ALL) == EC_V_DROPPED, "%x is written", at);
	ck_assert_msg(rig_read(nic, at, len) == 0, "%x keeps what is written", at);
}

void nic_is_dead(uint32_t from, uint32_t to)
{
	for (uint32_t at = from; at < to; at++) {
		is_dead(at, 1);
		if (at % 4 == 0 && at + 4 <= to)
			is_dead(at, 4);
	}
}

uint32_t nic_find(uint16_t id, bool extended)
{
	uint32_t at = extended ? EC_EXT_FIRST : (uint32_t)rig_read(nic, PCI_CAPABILITY_LIST, 1);

	for (unsigned int hops = 0; at && hops < EC_CHAIN_MAX; hops++) {
		uint32_t header = (uint32_t)rig_read(nic, at, 4);

		if ((header & (extended ? 0xffffu : 0xffu)) == id)
			return at;
		at = extended ? header >> 20 : header >> 8 & 0xff;
	}
	return 0;
}
