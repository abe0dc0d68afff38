/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <pci/header.h>

#include "capabilities/bits.h"
#include "capabilities/lost.h"
#include "core/bits.h"
#include "suites.h"

START_TEST(header_dwords_with_bars_and_timers_are_lost)
{
	static const uint8_t want[] = {
		PCI_CACHE_LINE_SIZE, PCI_BASE_ADDRESS_0, PCI_BASE_ADDRESS_1,
		PCI_BASE_ADDRESS_2,  PCI_BASE_ADDRESS_3, PCI_BASE_ADDRESS_4,
		PCI_BASE_ADDRESS_5,  PCI_ROM_ADDRESS,    PCI_INTERRUPT_LINE
	};
	uint8_t offset[EC_LOST_HEADER_MAX];

	ck_assert_uint_eq(ec_lost_header(offset), EC_ARRAY_SIZE(want));
	ck_assert_mem_eq(offset, want, sizeof(want));
}
END_TEST

/* In the order of their restoring: BAR sizes first, error masks last. */
static const struct {
	uint16_t id;
	bool extended;
	uint16_t offset;
	uint8_t len;
} lost[] = {
	{ PCI_EXT_CAP_ID_REBAR, true, EC_REBAR_CTRL, 4 },
	{ PCI_EXT_CAP_ID_REBAR, true, EC_REBAR_CTRL + 8, 4 },
	{ PCI_EXT_CAP_ID_REBAR, true, EC_REBAR_CTRL + 16, 4 },
	{ PCI_EXT_CAP_ID_REBAR, true, EC_REBAR_CTRL + 24, 4 },
	{ PCI_EXT_CAP_ID_REBAR, true, EC_REBAR_CTRL + 32, 4 },
	{ PCI_EXT_CAP_ID_REBAR, true, EC_REBAR_CTRL + 40, 4 },
	{ PCI_CAP_ID_EXP, false, PCI_EXP_DEVCTL, 2 },
	{ PCI_CAP_ID_EXP, false, PCI_EXP_LNKCTL, 2 },
	{ PCI_CAP_ID_EXP, false, PCI_EXP_DEVCTL2, 2 },
	{ PCI_CAP_ID_EXP, false, PCI_EXP_LNKCTL2, 2 },
	{ PCI_EXT_CAP_ID_ACS, true, PCI_ACS_CTRL, 2 },
	{ PCI_EXT_CAP_ID_ATS, true, PCI_ATS_CTRL, 2 },
	{ PCI_EXT_CAP_ID_LTR, true, PCI_LTR_MAX_SNOOP, 4 }, /* with PCI_LTR_MAX_NOSNOOP */
	{ PCI_EXT_CAP_ID_AER, true, PCI_ERR_UNCOR_MASK, 4 },
	{ PCI_EXT_CAP_ID_AER, true, PCI_ERR_UNCOR_SEVER, 4 },
	{ PCI_EXT_CAP_ID_AER, true, PCI_ERR_COR_MASK, 4 },
	{ PCI_EXT_CAP_ID_AER, true, PCI_ERR_CAP, 4 },
};

START_TEST(lost_registers_come_in_the_order_of_their_restoring)
{
	struct ec_lost_register reg[EC_LOST_REGISTERS_MAX];
	unsigned int n = ec_lost_registers(reg);

	ck_assert_uint_eq(n, EC_ARRAY_SIZE(lost));
	for (unsigned int i = 0; i < n; i++)
		ck_assert_msg(
			reg[i].cap->id == lost[i].id && reg[i].cap->extended == lost[i].extended &&
				reg[i].offset == lost[i].offset && reg[i].len == lost[i].len,
			"%u: %s+%x, %u bytes", i, reg[i].cap->name, reg[i].offset, reg[i].len);
}
END_TEST

Suite *suite_capabilities_lost(void)
{
	Suite *s = suite_create("capabilities_lost");
	TCase *t = tcase_create("lost");

	tcase_add_test(t, header_dwords_with_bars_and_timers_are_lost);
	tcase_add_test(t, lost_registers_come_in_the_order_of_their_restoring);
	suite_add_tcase(s, t);
	return s;
}
