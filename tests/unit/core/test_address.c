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

START_TEST(parse_good)
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

START_TEST(parse_bad)
{
	struct ec_sbdf s = { 1, 2, 3 };

	ck_assert_int_eq(ec_sbdf_parse(bad[_i], &s), -EINVAL);
	ck_assert(s.segment == 1 && s.bus == 2 && s.devfn == 3);
}
END_TEST

START_TEST(print_short)
{
	char text[EC_SBDF_MAX];

	ck_assert_str_eq(ec_sbdf_print((struct ec_sbdf){ 0, 0x3c, 0x09 }, false, text), "3c:01.1");
	ck_assert_str_eq(ec_sbdf_print((struct ec_sbdf){ 1, 0x3c, 0x09 }, false, text),
			 "0001:3c:01.1");
	ec_sbdf_print((struct ec_sbdf){ 0xffffffff, 0xff, 0xff }, true, text);
	ck_assert_str_eq(text, "ffffffff:ff:1f.7");
}
END_TEST

START_TEST(order)
{
	struct ec_sbdf a = { 0, 1, 8 };

	ck_assert_int_lt(ec_sbdf_compare(a, (struct ec_sbdf){ 1, 0, 0 }), 0);
	ck_assert_int_lt(ec_sbdf_compare(a, (struct ec_sbdf){ 0, 2, 0 }), 0);
	ck_assert_int_lt(ec_sbdf_compare(a, (struct ec_sbdf){ 0, 1, 9 }), 0);
	ck_assert_int_gt(ec_sbdf_compare(a, (struct ec_sbdf){ 0, 1, 7 }), 0);
	ck_assert_int_gt(ec_sbdf_compare((struct ec_sbdf){ 0xffffffff, 0, 0 }, a), 0);
}
END_TEST

/* bus 27:20, device 19:15, function 14:12, register 11:0 */
START_TEST(ecam)
{
	struct ec_sbdf s = { 0, 0x12, 0x5b }, back;
	uint32_t off = ec_ecam_offset(s, 0, 0xabc);
	uint16_t reg;

	ck_assert_uint_eq(off, 0x0125babc);
	ck_assert(ec_ecam_decode(off, 7, 0, &back, &reg));
	ck_assert_uint_eq(reg, 0xabc);
	ck_assert(back.segment == 7 && back.bus == 0x12 && back.devfn == 0x5b);
	/* a window that starts at bus 0x10 */
	ck_assert_uint_eq(ec_ecam_offset(s, 0x10, 0), 0x0025b000);
	ck_assert(ec_ecam_decode(0x0025b000, 0, 0x10, &back, &reg));
	ck_assert_uint_eq(back.bus, 0x12);
}
END_TEST

START_TEST(ecam_ends)
{
	struct ec_sbdf s;
	uint16_t reg;

	ck_assert(ec_ecam_decode(0x0fffffff, 0, 0, &s, &reg));
	ck_assert(s.bus == 0xff && s.devfn == 0xff && reg == 0xfff);
	ck_assert(!ec_ecam_decode(0x10000000, 0, 0, &s, &reg));
	ck_assert(!ec_ecam_decode(UINT64_MAX, 0, 0, &s, &reg));
	ck_assert(ec_ecam_decode(0xfffff, 0, 0xff, &s, &reg));
	ck_assert(!ec_ecam_decode(0x100000, 0, 0xff, &s, &reg));
}
END_TEST

START_TEST(cf8)
{
	struct ec_sbdf s;
	uint16_t reg;

	/* enable, extended bits f, bus 12, device 0b function 3, register bc */
	ck_assert(ec_cf8_decode(0x8f125bbc, 0xcfd, true, &s, &reg));
	ck_assert(!s.segment && s.bus == 0x12 && s.devfn == 0x5b);
	ck_assert_uint_eq(reg, 0xfbd);
	ck_assert(ec_cf8_decode(0x8f125bbf, 0xcfc, false, &s, &reg));
	ck_assert_uint_eq(reg, 0x0bc);
	ck_assert(!ec_cf8_decode(0x0f125bbc, 0xcfc, true, &s, &reg));
	ck_assert(!ec_cf8_decode(0x8f125bbc, 0xcf8, true, &s, &reg));
	ck_assert(!ec_cf8_decode(0x8f125bbc, 0xd00, true, &s, &reg));
	ck_assert_uint_eq(ec_cf8_encode((struct ec_sbdf){ 0, 0x12, 0x5b }, 0xfbd), 0x8f125bbc);
}
END_TEST

START_TEST(pci_config)
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

START_TEST(bits)
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

	tcase_add_loop_test(t, parse_good, 0, EC_ARRAY_SIZE(good));
	tcase_add_loop_test(t, parse_bad, 0, EC_ARRAY_SIZE(bad));
	tcase_add_test(t, print_short);
	tcase_add_test(t, order);
	tcase_add_test(t, ecam);
	tcase_add_test(t, ecam_ends);
	tcase_add_test(t, cf8);
	tcase_add_test(t, pci_config);
	tcase_add_test(t, bits);
	suite_add_tcase(s, t);
	return s;
}
