/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables: what holds for each row, and which bits no rule may pass. */
#include <pci/header.h>
#include <string.h>

#include "capabilities/bits.h"
#include "capabilities/header.h"
#include "capabilities/instance.h"
#include "capabilities/registry.h"
#include "core/bits.h"
#include "core/pci_bits.h"
#include "suites.h"

#define HEADER_END 0x40u

/* Every table meets these conditions. Its rows lie in [@from, @end). */
static void check_table(const char *name, struct ec_reg_table t, uint32_t from, uint32_t end)
{
	uint32_t pos = from;

	for (unsigned int i = 0; i < t.n; i++) {
		const struct ec_reg *r = t.row + i;
		uint32_t width = (uint32_t)ec_ones(r->len);
		uint32_t all = r->rw | r->w1c | r->rsvdp | r->rsvdz;
		uint32_t who[EC_TREATMENTS], fixed;

		ck_assert_msg(r->len == 1 || r->len == 2 || r->len == 4, "%s.%s", name, r->name);
		ck_assert_msg(r->offset % r->len == 0, "%s.%s unaligned", name, r->name);
		ck_assert_msg(r->offset >= pos, "%s.%s overlaps", name, r->name);
		pos = r->offset + r->len;
		ck_assert_msg(pos <= end, "%s.%s past the end", name, r->name);
		ck_assert_msg(r->source && *r->source, "%s.%s has no source", name, r->name);
		/* disjoint kinds: their sum is their union */
		ck_assert_msg((uint64_t)r->rw + r->w1c + r->rsvdp + r->rsvdz == all, "%s.%s kinds",
			      name, r->name);
		ck_assert_msg(
			!((all | r->reset | r->split | r->host | r->clr | r->set | r->fx) & ~width),
			"%s.%s bits past its width", name, r->name);
		ck_assert_msg(!(r->reset & ~r->rw), "%s.%s resets bits that are not RW", name,
			      r->name);
		ck_assert_msg(!(r->clr & r->set), "%s.%s clears and sets", name, r->name);
		ck_assert_msg(!r->fx || r->effect, "%s.%s: bits of no effect", name, r->name);
		/* no bit of the host is passed by default */
		ec_reg_defaults(r, who, &fixed);
		ck_assert_msg(!(r->host & who[EC_PASS]), "%s.%s", name, r->name);
		ck_assert_uint_eq(fixed, r->clr | r->set);
		for (unsigned int j = 0; j < i; j++)
			ck_assert_msg(strcmp(r->name, t.row[j].name) != 0, "%s.%s twice", name,
				      r->name);
	}
}

/* An effect and an exact register share their dword with no other of their kind. */
static void check_dwords(const char *name, struct ec_reg_table t)
{
	for (unsigned int i = 1; i < t.n; i++) {
		const struct ec_reg *a = t.row + i - 1, *b = t.row + i;

		if (a->offset / 4 != b->offset / 4)
			continue;
		ck_assert_msg(!a->effect || !b->effect || a->effect == b->effect, "%s.%s", name,
			      b->name);
		ck_assert_msg(!a->exact || !b->exact, "%s.%s", name, b->name);
	}
}

START_TEST(rows_of_a_header_are_sound_and_cover_it)
{
	for (unsigned int type = 0; type < 2; type++) {
		struct ec_reg_table t = ec_header_registers(type);
		uint32_t bytes = 0;

		check_table("header", t, 0, HEADER_END);
		check_dwords("header", t);
		for (unsigned int i = 0; i < t.n; i++)
			bytes += t.row[i].len;
		ck_assert_uint_eq(bytes, HEADER_END);
	}
	ck_assert_uint_eq(ec_header_registers(PCI_HEADER_TYPE_CARDBUS).n, 0);
}
END_TEST

/* A table depends on the header's type, and on the first registers: flags, and a dword. */
static void check_tables(const struct ec_cap *cap)
{
	struct ec_reg_table t, before = { 0 };

	for (uint32_t flags = 0; flags < 0x10000; flags += 0x7f)
		for (uint8_t type = 0; type < 2; type++) {
			struct instance in = { .header = type,
					       .type = INSTANCE_NO_TYPE,
					       .flags = (uint16_t)flags,
					       .dword = { { 4, flags * 0x10001 } } };
			struct ec_cap_at at = instance_at(&in);

			t = ec_cap_registers(cap, &at);
			if (t.row == before.row && t.n == before.n)
				continue;
			before = t;
			check_table(cap->name, t, cap->extended ? 4 : 2,
				    cap->extended ? 0x120 : 0x100);
			check_dwords(cap->name, t);
		}
}

START_TEST(rows_of_capabilities_are_sound)
{
	const struct ec_cap *cap;

	for (unsigned int i = 0; (cap = ec_cap_get(i)); i++)
		check_tables(cap);
}
END_TEST

/* No register of an extended capability is passed; all writable bits of a hidden one are the
 * host's. */
static void check_owned(const struct ec_cap *cap, const struct ec_reg *r)
{
	ck_assert_msg(r->treatment != EC_PASS && !(r->split && r->second == EC_PASS),
		      "%s.%s is passed", cap->name, r->name);
	if (cap->treatment == EC_HIDE)
		ck_assert_msg(!((r->rw | r->w1c) & ~r->host), "%s.%s is not the host's", cap->name,
			      r->name);
}

START_TEST(rows_lie_within_the_longest_instance)
{
	for (uint16_t id = 0; id < INSTANCE_EXT_IDS; id++) {
		const struct ec_cap *cap = ec_cap_find(id, true);
		uint32_t longest = 0, end = 4;

		for (unsigned int n = 0; n < 4000; n++) {
			struct ec_cap_at at = instance_random(
				n % 4 ? INSTANCE_ROOM : instance_random_number() % 0x100);
			struct ec_reg_table t = ec_cap_registers(cap, &at);
			uint32_t len = cap->length ? cap->length(&at) : cap->least;
			enum ec_cap_fault fault;

			ck_assert_uint_le(ec_cap_measure(cap, &at, 4096, &fault), at.room);
			longest = len > longest ? len : longest;
			for (unsigned int i = 0; i < t.n; i++)
				check_owned(cap, t.row + i);
			if (t.n && t.row[t.n - 1].offset + t.row[t.n - 1].len > end)
				end = t.row[t.n - 1].offset + t.row[t.n - 1].len;
		}
		ck_assert_msg(end <= longest, "%s: a register ends at %x, none is longer than %x",
			      cap->name, end, longest);
	}
}
END_TEST

/* Registers that reach the host's link, memory, errors or other guests. */
/* clang-format off */
static const struct {
	const char *cap, *reg;
	uint32_t bits;
} owned[] = {
	{ "AER", "UNCOR_MASK",
	  PCI_ERR_UNC_DLP | PCI_ERR_UNC_SDES | PCI_ERR_UNC_FCP | PCI_ERR_UNC_RX_OVER | PCI_ERR_UNC_MALF_TLP | EC_ERR_UNC_INTN },
	{ "ACS", "CTRL", PCI_ACS_CTRL_VALID | PCI_ACS_CTRL_BLOCK | PCI_ACS_CTRL_REQ_RED | PCI_ACS_CTRL_CMPLT_RED |
	  PCI_ACS_CTRL_FORWARD | PCI_ACS_CTRL_EGRESS | PCI_ACS_CTRL_TRANS },
	{ "ATS", "CTRL", PCI_ATS_CTRL_ENABLE | EC_ATS_CTRL_STU },
	{ "SR-IOV", "CTRL", PCI_IOV_CTRL_VFE | PCI_IOV_CTRL_VFME | PCI_IOV_CTRL_VFMIE | PCI_IOV_CTRL_MSE | PCI_IOV_CTRL_ARI },
	{ "SR-IOV", "NUM_VF", UINT16_MAX },
	{ "SR-IOV", "VF_BAR0", EC_BAR_MEM_MASK },
	{ "SR-IOV", "VF_BAR5", EC_BAR_MEM_MASK },
	{ "MCAST", "CTRL", PCI_MCAST_CTRL_ENABLE },
	{ "MCAST", "BAR_LO", EC_MCAST_BAR_LO_MASK },
	{ "PRI", "CTRL", PCI_PRI_CTRL_ENABLE | PCI_PRI_CTRL_RESET },
	{ "PRI", "ALLOCATED_REQUESTS", UINT32_MAX },
	{ "REBAR", "CTRL0", EC_REBAR_CTRL_SIZE },
	{ "REBAR", "CTRL5", EC_REBAR_CTRL_SIZE },
	{ "TPH", "CTRL", EC_TPH_CTRL_REQ_EN },
	{ "LTR", "MAX_SNOOP", PCI_LTR_VALUE_MASK | PCI_LTR_SCALE_MASK << PCI_LTR_SCALE_SHIFT },
	{ "SECPCI", "LNKCTL3", PCI_SEC_LNKCTL3_PERFORM_LINK_EQU | PCI_SEC_LNKCTL3_LNK_EQU_REQ_INTR_EN },
	{ "PASID", "CTRL", PCI_PASID_CTRL_ENABLE | PCI_PASID_CTRL_EXEC | PCI_PASID_CTRL_PRIV },
	{ "DPC", "CTRL", EC_DPC_CTL_TRIGGER | PCI_DPC_CTL_INT | PCI_DPC_CTL_ERR_COR | PCI_DPC_CTL_TLP | PCI_DPC_CTL_SW_TRIGGER },
	{ "L1SS", "CTRL1", PCI_L1PM_SUBSTAT_CTL1_PM_L12 | PCI_L1PM_SUBSTAT_CTL1_PM_L11 | PCI_L1PM_SUBSTAT_CTL1_ASPM_L12 |
	  PCI_L1PM_SUBSTAT_CTL1_ASPM_L11 },
	{ "PTM", "CTRL", EC_PTM_CTRL_ENABLE | EC_PTM_CTRL_ROOT },
	{ "VF-REBAR", "CTRL0", EC_REBAR_CTRL_SIZE },
	{ "DLF", "CAP", EC_DLF_CAP_EXCHANGE },
	{ "LMR", "LANE0_CTRL", UINT16_MAX & ~EC_LMR_RSVD },
	{ "NPEM", "CTRL", EC_NPEM_CTRL },
	{ "DOE", "CTL", PCI_DOE_CTL_ABORT | PCI_DOE_CTL_INT | PCI_DOE_CTL_GO },
	{ "DOE", "READ_MAILBOX", UINT32_MAX },
	{ "DEV3", "DEVCTL3", EC_DEV3_CTL },
	{ "IDE", "CTRL", EC_IDE_CTRL_FLOW_THROUGH },
	{ "FLIT-EI", "CTRL1", 0x7 /* injection enabled, and its type */ },
};
/* clang-format on */

START_TEST(bits_that_the_host_must_own_are_never_passed)
{
	uint32_t host = instance_row(instance_cap(owned[_i].cap, true), owned[_i].reg)->host;

	ck_assert_msg((host & owned[_i].bits) == owned[_i].bits, "%s.%s: %x", owned[_i].cap,
		      owned[_i].reg, host);
}
END_TEST

START_TEST(ari_of_a_single_function_names_no_next_function)
{
	const struct ec_reg *cap = instance_row(instance_cap("ARI", true), "CAP");

	ck_assert_uint_eq(cap->offset, PCI_ARI_CAP);
	ck_assert_uint_eq(cap->clr & EC_ARI_CAP_NFN, EC_ARI_CAP_NFN);
	ck_assert_uint_eq(cap->set, 0);
}
END_TEST

START_TEST(registers_with_side_effects_are_exact)
{
	static const struct {
		const char *cap, *reg;
	} exact[] = {
		{ "FRS", "QUEUE" },
		{ "NPEM", "CTRL" },
		{ "DOE", "WRITE_MAILBOX" },
		{ "DOE", "READ_MAILBOX" },
	};
	unsigned int all = 0;

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(exact); i++)
		ck_assert(instance_row(instance_cap(exact[i].cap, true), exact[i].reg)->exact);
	for (uint16_t id = 0; id < INSTANCE_EXT_IDS; id++) {
		struct instance in = { .type = INSTANCE_NO_TYPE };
		struct ec_cap_at at = instance_at(&in);
		struct ec_reg_table t = ec_cap_registers(ec_cap_find(id, true), &at);

		for (unsigned int i = 0; i < t.n; i++)
			all += t.row[i].exact;
	}
	ck_assert_uint_eq(all, EC_ARRAY_SIZE(exact));
}
END_TEST

Suite *suite_capabilities_tables(void)
{
	Suite *s = suite_create("capabilities_tables");
	TCase *t = tcase_create("tables");

	tcase_set_timeout(t, 120);
	tcase_add_test(t, rows_of_a_header_are_sound_and_cover_it);
	tcase_add_test(t, rows_of_capabilities_are_sound);
	tcase_add_test(t, rows_lie_within_the_longest_instance);
	tcase_add_loop_test(t, bits_that_the_host_must_own_are_never_passed, 0,
			    EC_ARRAY_SIZE(owned));
	tcase_add_test(t, ari_of_a_single_function_names_no_next_function);
	tcase_add_test(t, registers_with_side_effects_are_exact);
	suite_add_tcase(s, t);
	return s;
}
