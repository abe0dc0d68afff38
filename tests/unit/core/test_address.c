/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "core/bits.h"
#include "core/ecam.h"
#include "core/sbdf.h"
#include "suites.h"

static const struct {
	const char *text;
	struct ec_sbdf s;
	const char *full;
} good[] = {
	{ "00:00.0", { 0, 0, 0 }, "0000:00:00.0" },
	{ "02:1f.7", { 0, 2, 0xff }, "0000:02:1f.7" },
	{ "FF:0A.3", { 0, 0xff, 0x53 }, "0000:ff:0a.3" },
	{ "0000:01:00.0", { 0, 1, 0 }, "0000:01:00.0" },
	{ "abcd:7f:10.1", { 0xabcd, 0x7f, 0x81 }, "abcd:7f:10.1" },
	{ "10000:e0:06.0", { 0x10000, 0xe0, 0x30 }, "10000:e0:06.0" },
};

static const char *const bad[] = {
	"",           "0",
	"00:00",      "00:00.",
	"00:00.8",    "00:20.0",
	"0:00.0",     "000:00:00.0",
	"00:00.0 ",   " 00:00.0",
	"00.00.0",    "00:00:0",
	"00:0g.0",    "123456789:00:00.0",
	"-1:00.0",    "00:00.00",
	"0000:00:00", "0000:0:00.0",
	":00:00.0",
};

START_TEST(an_address_is_parsed_and_printed)
{
	char text[EC_SBDF_MAX];
	struct ec_sbdf s;

	ck_assert_int_eq(ec_sbdf_parse(good[_i].text, &s), 0);
	ck_assert_int_eq(ec_sbdf_compare(s, good[_i].s), 0);
	ck_assert_str_eq(ec_sbdf_print(s, true, text), good[_i].full);
	ck_assert_int_eq(ec_sbdf_parse(text, &s), 0);
	ck_assert_int_eq(ec_sbdf_compare(s, good[_i].s), 0);
}
END_TEST

START_TEST(anything_else_is_refused_and_changes_nothing)
{
	struct ec_sbdf s = { 1, 2, 3 };

	ck_assert_int_eq(ec_sbdf_parse(bad[_i], &s), -EINVAL);
	ck_assert(s.segment == 1 && s.bus == 2 && s.devfn == 3);
}
END_TEST

START_TEST(segment_0_is_printed_only_if_asked_for)
{
	char text[EC_SBDF_MAX];

	ck_assert_str_eq(ec_sbdf_print((struct ec_sbdf){ 0, 0x3c, 0x09 }, false, text), "3c:01.1");
	ck_assert_str_eq(ec_sbdf_print((struct ec_sbdf){ 1, 0x3c, 0x09 }, false, text),
			 "0001:3c:01.1");
	ec_sbdf_print((struct ec_sbdf){ 0xffffffff, 0xff, 0xff }, true, text);
	ck_assert_str_eq(text, "ffffffff:ff:1f.7");
}
END_TEST

START_TEST(addresses_are_ordered_by_segment_bus_devfn)
{
	struct ec_sbdf a = { 0, 1, 8 };

	ck_assert_int_lt(ec_sbdf_compare(a, (struct ec_sbdf){ 1, 0, 0 }), 0);
	ck_assert_int_lt(ec_sbdf_compare(a, (struct ec_sbdf){ 0, 2, 0 }), 0);
	ck_assert_int_lt(ec_sbdf_compare(a, (struct ec_sbdf){ 0, 1, 9 }), 0);
	ck_assert_int_gt(ec_sbdf_compare(a, (struct ec_sbdf){ 0, 1, 7 }), 0);
	ck_assert_int_gt(ec_sbdf_compare((struct ec_sbdf){ 0xffffffff, 0, 0 }, a), 0);
}
END_TEST

/* Enable, register bits 11:8 f, bus 12, devfn 5b, register bits 7:2 of bc. */
#define CF8 0x8f125bbcu
#define CF8_ENABLE 0x80000000u

/* Bytes of a window for all buses. */
#define WINDOW (256u * EC_ECAM_BUS_SIZE)

/* bus 27:20, device 19:15, function 14:12, register 11:0 */
START_TEST(an_ecam_offset_has_bus_devfn_and_register)
{
	struct ec_sbdf s = { 0, 0x12, 0x5b }, back;
	uint32_t off = ec_ecam_offset(s, 0, 0xabc);
	uint16_t reg;

	ck_assert_uint_eq(off, 0x0125babc);
	ck_assert(ec_ecam_decode(off, 7, 0, &back, &reg));
	ck_assert_uint_eq(reg, 0xabc);
	ck_assert(back.segment == 7 && back.bus == 0x12 && back.devfn == 0x5b);
	/* a window that starts at bus 10 */
	ck_assert_uint_eq(ec_ecam_offset(s, 0x10, 0), 0x0025b000);
	ck_assert(ec_ecam_decode(0x0025b000, 0, 0x10, &back, &reg));
	ck_assert_uint_eq(back.bus, 0x12);
}
END_TEST

START_TEST(an_ecam_offset_past_bus_255_is_refused)
{
	struct ec_sbdf s;
	uint16_t reg;

	ck_assert(ec_ecam_decode(WINDOW - 1, 0, 0, &s, &reg));
	ck_assert(s.bus == 0xff && s.devfn == 0xff && reg == 0xfff);
	ck_assert(!ec_ecam_decode(WINDOW, 0, 0, &s, &reg));
	ck_assert(!ec_ecam_decode(UINT64_MAX, 0, 0, &s, &reg));
	ck_assert(ec_ecam_decode(EC_ECAM_BUS_SIZE - 1, 0, 0xff, &s, &reg));
	ck_assert(!ec_ecam_decode(EC_ECAM_BUS_SIZE, 0, 0xff, &s, &reg));
}
END_TEST

START_TEST(config_address_needs_enable_and_a_data_port)
{
	struct ec_sbdf s;
	uint16_t reg;

	ck_assert(ec_cf8_decode(CF8, EC_PORT_CONFIG_DATA + 1, true, &s, &reg));
	ck_assert(!s.segment && s.bus == 0x12 && s.devfn == 0x5b);
	ck_assert_uint_eq(reg, 0xfbd);
	ck_assert(ec_cf8_decode(CF8 | 3, EC_PORT_CONFIG_DATA, false, &s, &reg));
	ck_assert_uint_eq(reg, 0x0bc);
	ck_assert(!ec_cf8_decode(CF8 & ~CF8_ENABLE, EC_PORT_CONFIG_DATA, true, &s, &reg));
	ck_assert(!ec_cf8_decode(CF8, EC_PORT_CONFIG_ADDRESS, true, &s, &reg));
	ck_assert(!ec_cf8_decode(CF8, EC_PORT_CONFIG_DATA + 4, true, &s, &reg));
	ck_assert_uint_eq(ec_cf8_encode((struct ec_sbdf){ 0, 0x12, 0x5b }, 0xfbd), CF8);
}
END_TEST

START_TEST(a_pci_config_address_has_a_segment_of_16_bits)
{
	struct ec_sbdf s = { 0x1234, 0x56, 0x9d };
	uint64_t addr = 1;
	uint32_t reg;

	ck_assert_int_eq(ec_pci_config_encode(s, 0x104, &addr), 0);
	ck_assert_uint_eq(addr, 0x1234569d00000104ull);
	ec_pci_config_decode(0xffff00f8ffffffffull, &s, &reg);
	ck_assert(s.segment == 0xffff && s.bus == 0 && s.devfn == 0xf8);
	ck_assert_uint_eq(reg, 0xffffffff);
	s.segment = 0x10000;
	ck_assert_int_eq(ec_pci_config_encode(s, 0, &addr), -ERANGE);
	ck_assert_uint_eq(addr, 0x1234569d00000104ull);
}
END_TEST

START_TEST(masks_cover_their_bytes)
{
	ck_assert_uint_eq(ec_ones(0), 0);
	ck_assert_uint_eq(ec_ones(3), 0xffffff);
	ck_assert_uint_eq(ec_ones(8), UINT64_MAX);
	ck_assert_uint_eq(ec_ones(9), UINT64_MAX);
	ck_assert_uint_eq(ec_lanes(1, 2), 0x00ffff00);
	ck_assert_uint_eq(ec_lanes(3, 1), 0xff000000);
	ck_assert_uint_eq(ec_low_bit(0xf8a00000), 0x200000);
	ck_assert_uint_eq(ec_low_bit(0), 0);
}
END_TEST

Suite *suite_core_address(void)
{
	Suite *s = suite_create("core_address");
	TCase *t = tcase_create("address");

	tcase_add_loop_test(t, an_address_is_parsed_and_printed, 0, EC_ARRAY_SIZE(good));
	tcase_add_loop_test(t, anything_else_is_refused_and_changes_nothing, 0, EC_ARRAY_SIZE(bad));
	tcase_add_test(t, segment_0_is_printed_only_if_asked_for);
	tcase_add_test(t, addresses_are_ordered_by_segment_bus_devfn);
	tcase_add_test(t, an_ecam_offset_has_bus_devfn_and_register);
	tcase_add_test(t, an_ecam_offset_past_bus_255_is_refused);
	tcase_add_test(t, config_address_needs_enable_and_a_data_port);
	tcase_add_test(t, a_pci_config_address_has_a_segment_of_16_bits);
	tcase_add_test(t, masks_cover_their_bytes);
	suite_add_tcase(s, t);
	return s;
}
