/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lengths of capabilities, by the standard, and what has to be read to know them. */
#include <pci/header.h>

#include "capabilities/bits.h"
#include "capabilities/instance.h"
#include "capabilities/registry.h"
#include "core/bits.h"
#include "suites.h"

#define CAP_REG 4u  /* the dword after the header */
#define VC_NEXT 12u /* from a channel's registers to the next one's */
#define PCIX_VERSION_1 0x1000
#define TYPE(t) (PCI_EXP_TYPE_##t << 4)

/* clang-format off */
#define V(off, value) { off, value }
static const struct instance standard[] = {
	{ "PM", .length = 8 },
	{ "AGP", .length = 12 },
	{ "VPD", .length = 8 },
	{ "SLOTID", .length = 4 },
	{ "MSI", .length = 10 },
	{ "MSI", .flags = PCI_MSI_FLAGS_64BIT, .length = 14 },
	{ "MSI", .flags = PCI_MSI_FLAGS_MASK_BIT, .length = 20 },
	{ "MSI", .flags = PCI_MSI_FLAGS_64BIT | PCI_MSI_FLAGS_MASK_BIT, .length = 24 },
	{ "PCI-X", .length = 8 },
	{ "PCI-X", .flags = PCIX_VERSION_1, .length = 24 },
	{ "PCI-X", .header = PCI_HEADER_TYPE_BRIDGE, .length = 16 },
	{ "HT", .flags = PCI_HT_CMD_TYP_HI_PRI, .length = 28 },
	{ "HT", .flags = PCI_HT_CMD_TYP_HI_SEC, .length = 24 },
	{ "HT", .flags = PCI_HT_CMD_TYP_SW, .length = 24 },
	{ "HT", .flags = PCI_HT_CMD_TYP_IDC, .length = 8 },
	{ "HT", .flags = PCI_HT_CMD_TYP_RID, .length = 4 },
	{ "HT", .flags = PCI_HT_CMD_TYP_UIDC, .length = 12 },
	{ "HT", .flags = PCI_HT_CMD_TYP_ECSA, .length = 12 },
	{ "HT", .flags = PCI_HT_CMD_TYP_AM | PCI_HT_AM_CMD_MT_40B | 3, .length = 36 }, /* three windows */
	{ "HT", .flags = PCI_HT_CMD_TYP_AM | PCI_HT_AM_CMD_MT_64B, .length = 16 },
	{ "HT", .flags = PCI_HT_CMD_TYP_MSIM, .length = 12 },
	{ "HT", .flags = PCI_HT_CMD_TYP_MSIM | PCI_HT_MSIM_CMD_FIXD, .length = 4 },
	{ "HT", .flags = PCI_HT_CMD_TYP_DR, .length = 12 },
	{ "HT", .flags = PCI_HT_CMD_TYP_VCS, .length = 16 },
	{ "HT", .flags = PCI_HT_CMD_TYP_RM, .length = 12 },
	{ "HT", .flags = 0xd000, .length = INSTANCE_ROOM }, /* a type in no public header */
	{ "VNDR", .flags = 0x14, .length = 0x14 },
	{ "VNDR", .flags = 0x01, .length = 3, .fault = EC_CAP_SHORT }, /* less than its length byte's end */
	{ "SHPC", .length = 8 },
	{ "SSVID", .header = PCI_HEADER_TYPE_BRIDGE, .length = 8 },
	/* version 1, then 2 */
	{ "EXP", .flags = 1 | TYPE(ENDPOINT), .length = 0x14 },
	{ "EXP", .flags = 1 | TYPE(ROOT_INT_EP), .length = 0x0c },
	{ "EXP", .flags = 1 | TYPE(ROOT_PORT), .header = PCI_HEADER_TYPE_BRIDGE, .length = 0x24 },
	{ "EXP", .flags = 1 | TYPE(DOWNSTREAM) | PCI_EXP_FLAGS_SLOT, .header = PCI_HEADER_TYPE_BRIDGE, .length = 0x1c },
	{ "EXP", .flags = 1 | TYPE(DOWNSTREAM), .header = PCI_HEADER_TYPE_BRIDGE, .length = 0x14 },
	{ "EXP", .flags = 2 | TYPE(ENDPOINT), .length = 0x3c },
	{ "EXP", .flags = 2 | TYPE(LEG_END), .length = 0x3c },
	{ "EXP", .flags = 2 | TYPE(ROOT_INT_EP), .length = 0x2c },
	{ "EXP", .flags = 2 | TYPE(ROOT_PORT) | PCI_EXP_FLAGS_SLOT, .header = PCI_HEADER_TYPE_BRIDGE, .length = 0x3c },
	{ "EXP", .flags = 0, .length = 0x14 }, /* version 0 counts as 1 */
	{ "MSI-X", .length = 12 },
	{ "SATA", .dword = { V(PCI_SATA_HBA_BARS, 0x48) }, .length = 8 },
	{ "SATA", .dword = { V(PCI_SATA_HBA_BARS, 0x0f) }, .length = 16 },
	{ "AF", .length = 6 },
	{ "FPB", .header = PCI_HEADER_TYPE_BRIDGE, .length = 36 },
	{ "EA", .length = 4 },
	{ "EA", .header = PCI_HEADER_TYPE_BRIDGE, .length = 8 },
	{ "EA", .flags = 1, .dword = { V(CAP_REG, 2) }, .length = 16 }, /* an entry of 4 + 8 */
	{ "EA", .flags = 2, .dword = { V(CAP_REG, 0), V(8, 4) }, .length = 28 },
};

static const struct instance extended[] = {
	{ "AER", 1, PCI_EXP_TYPE_ENDPOINT,  .length = 0x2c },
	{ "AER", 1, PCI_EXP_TYPE_ENDPOINT,  .prefixes = true, .length = 0x2c },
	{ "AER", 2, PCI_EXP_TYPE_ENDPOINT,  .prefixes = true, .length = 0x48 },
	{ "AER", 2, PCI_EXP_TYPE_ROOT_PORT, .prefixes = true, .length = 0x48 },
	/* a logged prefix does not make it longer */
	{ "AER", 2, PCI_EXP_TYPE_ENDPOINT,  .dword = { V(PCI_ERR_CAP, PCI_ERR_CAP_TLP_PFX) }, .length = 0x2c },
	{ "AER", 2, PCI_EXP_TYPE_ROOT_PORT, .length = 0x38 },
	{ "AER", 2, PCI_EXP_TYPE_ROOT_EC,   .length = 0x38 },
	{ "AER", 2, PCI_EXP_TYPE_UPSTREAM,  .length = 0x2c },
	{ "AER", 2, INSTANCE_NO_TYPE,                 .length = 0x2c },
	{ "AER", 3, PCI_EXP_TYPE_ENDPOINT,  .flit = true, .length = 0x60 },
	{ "AER", 2, PCI_EXP_TYPE_ENDPOINT,  .flit = true, .length = 0x2c }, /* seen in pciutils' tests */
	{ "AER", 3, PCI_EXP_TYPE_ENDPOINT,  .flit = true, .room = 0x40, .length = 0x40, .fault = EC_CAP_OVERLAP },
	/* virtual channels: none more, seven more, a VC table, a port table of 256 phases of a byte */
	{ "VC", 1, .length = 0x1c },
	{ "VC", 1, .dword = { V(PCI_VC_PORT_REG1, 7) }, .length = 0x70 },
	{ "VC", 1, .dword = { V(PCI_VC_PORT_REG2, 0x02000001) }, .length = 0x20 }, /* fixed arbitration: no table */
	{ "VC", 1, .dword = { V(PCI_VC_PORT_REG2, 0x08000002) }, .length = 0x80 + 16 },
	{ "VC", 1, .dword = { V(PCI_VC_PORT_REG2, 0x08000004) }, .length = 0x80 + 32 },
	{ "VC", 1, .dword = { V(PCI_VC_PORT_REG2, 0x08000008) }, .length = 0x80 + 64 },
	{ "VC", 1, .dword = { V(PCI_VC_PORT_REG1, 0xc00), V(PCI_VC_RES_CAP, 0x08000020) }, .length = 0x80 + 256 },
	{ "VC", 1, .dword = { V(PCI_VC_PORT_REG1, 0x001), V(PCI_VC_RES_CAP + VC_NEXT, 0x08000010) }, .length = 0x80 + 16 },
	{ "VC", 1, .dword = { V(PCI_VC_PORT_REG1, 0x801), V(PCI_VC_RES_CAP + VC_NEXT, 0x08000004) }, .length = 0x80 + 32 },
	{ "VC", 1, .dword = { V(PCI_VC_PORT_REG1, 0x000), V(PCI_VC_RES_CAP + VC_NEXT, 0x08000004) }, .length = 0x1c }, /* no second channel */
	{ "VC", 1, .dword = { V(PCI_VC_PORT_REG2, 0xff000008) }, .length = INSTANCE_ROOM, .fault = EC_CAP_TRUNCATED },
	{ "MFVC", 1, .dword = { V(PCI_VC_PORT_REG1, 1) }, .length = 0x28 },
	{ "VC2", 1, .dword = { V(PCI_VC_PORT_REG1, 2) }, .length = 0x34 },
	{ "DSN", 1, .length = 12 },
	{ "PB", 1, .length = 16 },
	{ "RCLINK", 1, .dword = { V(PCI_RCLINK_ESD, 0x00000000) }, .length = 16 },
	{ "RCLINK", 1, .dword = { V(PCI_RCLINK_ESD, 0x01020302) }, .length = 64 },
	{ "RCLINK", 1, .dword = { V(PCI_RCLINK_ESD, 0x0000ff00) }, .length = INSTANCE_ROOM, .fault = EC_CAP_TRUNCATED },
	{ "RCILINK", 1, .length = 12 },
	{ "RCEC", 1, .length = 8 },
	{ "RCEC", 2, .length = 12 },
	{ "RCRB", 1, .length = 20 },
	{ "VSEC", 1, .dword = { V(PCI_EVNDR_HEADER, 0x12300001) }, .length = 0x123 },
	{ "VSEC", 1, .dword = { V(PCI_EVNDR_HEADER, 0xfff00001) }, .length = INSTANCE_ROOM, .fault = EC_CAP_TRUNCATED },
	{ "VSEC", 1, .dword = { V(PCI_EVNDR_HEADER, 0x00700001) }, .length = 8, .fault = EC_CAP_SHORT },
	{ "CAC", 1, .length = 8 },
	/* an egress vector only with egress control: a bit per port, 0 for 256 */
	{ "ACS", 1, .dword = { V(PCI_ACS_CAP, 0x0000ff5f) }, .length = 8 },
	{ "ACS", 1, .dword = { V(PCI_ACS_CAP, 0x00000120) }, .length = 12 },
	{ "ACS", 1, .dword = { V(PCI_ACS_CAP, 0x00002020) }, .length = 12 },
	{ "ACS", 1, .dword = { V(PCI_ACS_CAP, 0x00002120) }, .length = 16 },
	{ "ACS", 1, .dword = { V(PCI_ACS_CAP, 0x0000ff20) }, .length = 40 },
	{ "ACS", 1, .dword = { V(PCI_ACS_CAP, 0x00000020) }, .length = 40 },
	{ "ARI", 1, .length = 8 },
	{ "ATS", 1, .length = 8 },
	{ "SR-IOV", 1, .length = 64 },
	{ "MCAST", 1, PCI_EXP_TYPE_ENDPOINT,    .length = 40 },
	{ "MCAST", 1, PCI_EXP_TYPE_ROOT_INT_EP, .length = 40 },
	{ "MCAST", 1, PCI_EXP_TYPE_ROOT_EC,     .length = 40 },
	{ "MCAST", 1, PCI_EXP_TYPE_ROOT_PORT,   .length = 48 },
	{ "MCAST", 1, PCI_EXP_TYPE_UPSTREAM,    .length = 48 },
	{ "MCAST", 1, PCI_EXP_TYPE_DOWNSTREAM,  .length = 48 },
	{ "PRI", 1, .length = 16 },
	{ "REBAR", 1, .dword = { V(EC_REBAR_CTRL, 0x00000020) }, .length = 12 },
	{ "REBAR", 1, .dword = { V(EC_REBAR_CTRL, 0x000000c0) }, .length = 52 },
	{ "REBAR", 1, .dword = { V(EC_REBAR_CTRL, 0x000000e0) }, .length = 60 }, /* seven BARs: malformed */
	{ "REBAR", 1, .dword = { V(EC_REBAR_CTRL, 0x00000000) }, .length = 12, .fault = EC_CAP_SHORT },
	{ "REBAR", 1, .room = 0x10, .dword = { V(EC_REBAR_CTRL, 0x00000040) }, .length = 16, .fault = EC_CAP_OVERLAP },
	{ "DPA", 1, .dword = { V(CAP_REG, 0xffffffe0) }, .length = 17 },
	{ "DPA", 1, .dword = { V(CAP_REG, 0x0000001f) }, .length = 48 },
	/* steering tags: none, in the capability, in MSI-X, reserved */
	{ "TPH", 1, .dword = { V(PCI_TPH_CAPABILITIES, 0x07ff0000) }, .length = 12 },
	{ "TPH", 1, .dword = { V(PCI_TPH_CAPABILITIES, 0x00000200) }, .length = 14 },
	{ "TPH", 1, .dword = { V(PCI_TPH_CAPABILITIES, 0x003f0200) }, .length = 140 },
	{ "TPH", 1, .dword = { V(PCI_TPH_CAPABILITIES, 0x003f0400) }, .length = 12 },
	{ "TPH", 1, .dword = { V(PCI_TPH_CAPABILITIES, 0x003f0600) }, .length = 12 },
	{ "TPH", 1, .dword = { V(PCI_TPH_CAPABILITIES, 0xffff0200) }, .length = INSTANCE_ROOM, .fault = EC_CAP_TRUNCATED },
	{ "LTR", 1, .length = 8 },
	{ "SECPCI", 1, .lanes = 1,  .length = 16 },
	{ "SECPCI", 1, .lanes = 2,  .length = 16 },
	{ "SECPCI", 1, .lanes = 16, .length = 44 },
	{ "SECPCI", 1, .lanes = 32, .length = 76 },
	{ "SECPCI", 1, .lanes = 16, .room = 0x10, .length = 16, .fault = EC_CAP_OVERLAP },
	{ "SECPCI", 1, .length = 76 }, /* unknown lanes: 32, or the room */
	{ "SECPCI", 1, .room = 0x30, .length = 0x30 },
	{ "PMUX", 1, .dword = { V(CAP_REG, 0xffffffc0) }, .length = 16 },
	{ "PMUX", 1, .dword = { V(CAP_REG, 0x0000003f) }, .length = 268 },
	{ "PASID", 1, .length = 8 },
	{ "LNR", 1, .length = 8 },
	/* DPC: of a switch port; with root port extensions and a log of 0, 5, 9, 15 and 31 dwords */
	{ "DPC", 1, .dword = { V(PCI_DPC_CAP, 0x00000f00) }, .length = 12 },
	{ "DPC", 1, .dword = { V(PCI_DPC_CAP, 0x00000020) }, .length = 0x20 },
	{ "DPC", 1, .dword = { V(PCI_DPC_CAP, 0x00000520) }, .length = 0x34 },
	{ "DPC", 1, .dword = { V(PCI_DPC_CAP, 0x00000920) }, .length = 0x44 },
	{ "DPC", 1, .dword = { V(PCI_DPC_CAP, 0x00000f20) }, .length = 0x5c },
	{ "DPC", 1, .dword = { V(PCI_DPC_CAP, 0xffffff20) }, .length = 0x9c },
	{ "L1SS", 1, .length = 16 },
	{ "L1SS", 2, .length = 20 },
	{ "PTM", 1, .length = 12 },
	{ "M-PCIE", 1, .length = 28 },
	{ "FRS", 1, .length = 16 },
	{ "RTR", 1, .length = 12 },
	{ "DVSEC", 1, .dword = { V(PCI_DVSEC_HEADER1, 0x03808086) }, .length = 0x38 },
	{ "DVSEC", 1, .dword = { V(PCI_DVSEC_HEADER1, 0x00008086) }, .length = 10, .fault = EC_CAP_SHORT },
	{ "VF-REBAR", 1, .dword = { V(EC_REBAR_CTRL, 0x00000060) }, .length = 28 },
	{ "DLF", 1, .length = 12 },
	{ "16GT", 1, .lanes = 1,  .length = 36 },
	{ "16GT", 1, .lanes = 16, .length = 48 },
	{ "LMR", 1, .lanes = 1,  .length = 12 },
	{ "LMR", 1, .lanes = 16, .length = 72 },
	{ "NPEM", 1, .length = 16 },
	{ "32GT", 1, .lanes = 4,  .length = 36 },
	{ "64GT", 1, .lanes = 8,  .length = 40 },
	{ "DOE", 1, .length = 24 },
	{ "DEV3", 1, .length = 16 },
	/* IDE: nothing; link streams; selective ones with 0 and with 1 and 15 blocks; both; too many */
	{ "IDE", 1, .dword = { V(CAP_REG, 0xfffffffc) }, .length = 12 },
	{ "IDE", 1, .dword = { V(CAP_REG, 0x00000001) }, .length = 20 },
	{ "IDE", 1, .dword = { V(CAP_REG, 0x0000e001) }, .length = 76 },
	{ "IDE", 1, .dword = { V(CAP_REG, 0x00000002) }, .length = 32 },
	{ "IDE", 1, .dword = { V(CAP_REG, 0x00010002), V(12, 0x1), V(44, 0xff) }, .length = 12 + 32 + 200 },
	{ "IDE", 1, .dword = { V(CAP_REG, 0x00002003), V(28, 0x3) }, .length = 12 + 16 + 56 },
	{ "IDE", 1, .dword = { V(CAP_REG, 0x00ff0002) }, .length = INSTANCE_ROOM, .fault = EC_CAP_TRUNCATED },
	{ "IDE", 1, .room = 0x20, .dword = { V(CAP_REG, 0x00010002) }, .length = 0x20, .fault = EC_CAP_OVERLAP },
	{ "FLIT-LOG", 1, .length = 60 },
	{ "FLIT-EI", 1, .length = 36 },
	{ "MMIO-RBL", 1, .dword = { V(CAP_REG, 0x00000018) }, .length = 24 },
	{ "MMIO-RBL", 1, .dword = { V(CAP_REG, 0x00000000) }, .length = 8, .fault = EC_CAP_SHORT },
	/* length unknown: all the room */
	{ "MR-IOV", 1, .length = INSTANCE_ROOM },
	{ "HIER-ID", 1, .room = 0x44, .length = 0x44 },
	{ "CAPT-D", 1, .room = 0x44, .length = 0x44 },
};
/* clang-format on */

static void check_length(const struct instance *in, bool is_extended)
{
	const struct ec_cap *cap = instance_cap(in->name, is_extended);
	struct ec_cap_at at = instance_at(in);
	enum ec_cap_fault fault;
	uint32_t len = ec_cap_measure(cap, &at, 0x1000, &fault);

	ck_assert_msg(len == in->length && fault == in->fault, "%s: %u, fault %u; not %u, %u",
		      cap->name, len, fault, in->length, in->fault);
}

START_TEST(length_of_a_standard_capability)
{
	check_length(standard + _i, false);
}
END_TEST

START_TEST(length_of_an_extended_capability)
{
	check_length(extended + _i, true);
}
END_TEST

START_TEST(a_capability_longer_than_its_room_is_cut)
{
	struct instance in = { "PM", .room = 6 };
	const struct ec_cap *cap = instance_cap(in.name, false);
	struct ec_cap_at at = instance_at(&in);
	enum ec_cap_fault fault;

	ck_assert_uint_eq(ec_cap_measure(cap, &at, at.offset + in.room + 1, &fault), in.room);
	ck_assert_uint_eq(fault, EC_CAP_OVERLAP);
	ck_assert_uint_eq(ec_cap_measure(cap, &at, at.offset + in.room, &fault), in.room);
	ck_assert_uint_eq(fault, EC_CAP_TRUNCATED);
}
END_TEST

/* The parts of @whole that the service reads before it knows the length. */
static struct ec_cap_at probe(const struct ec_cap *cap, const struct ec_cap_at *whole)
{
	static struct ec_image seen;
	struct ec_cap_at part = *whole;
	uint32_t off, reads = 0;

	ec_image_clear(&seen);
	part.img = &seen;
	for (uint32_t d = 0; d < 32; d++)
		if (cap->probe & 1u << d || !d)
			ec_image_put(&seen, part.offset + 4 * d,
				     whole->img->byte + part.offset + 4 * d, 4);
	while (cap->missing && (off = cap->missing(&part)) && reads++ < 1024)
		ec_image_put(&seen, part.offset + off, whole->img->byte + part.offset + off, 4);
	ck_assert_uint_lt(reads, 1024);
	return part;
}

START_TEST(probed_dwords_suffice_for_length_and_table)
{
	for (uint16_t id = 0; id < INSTANCE_EXT_IDS; id++) {
		const struct ec_cap *cap = ec_cap_find(id, true);

		for (unsigned int n = 0; n < 300; n++) {
			struct ec_cap_at whole = instance_random(n % 3 ? INSTANCE_ROOM : 0x100);
			struct ec_cap_at part = probe(cap, &whole);

			if (cap->length)
				ck_assert_msg(cap->length(&part) == cap->length(&whole), "%s",
					      cap->name);
			if (cap->hide)
				ck_assert_msg(!cap->hide(&part) == !cap->hide(&whole), "%s",
					      cap->name);
			ck_assert_uint_eq(ec_cap_registers(cap, &part).n,
					  ec_cap_registers(cap, &whole).n);
		}
	}
}
END_TEST

Suite *suite_capabilities_lengths(void)
{
	Suite *s = suite_create("capabilities_lengths");
	TCase *t = tcase_create("lengths");

	tcase_add_loop_test(t, length_of_a_standard_capability, 0, EC_ARRAY_SIZE(standard));
	tcase_add_loop_test(t, length_of_an_extended_capability, 0, EC_ARRAY_SIZE(extended));
	tcase_add_test(t, a_capability_longer_than_its_room_is_cut);
	tcase_add_test(t, probed_dwords_suffice_for_length_and_table);
	suite_add_tcase(s, t);
	return s;
}
