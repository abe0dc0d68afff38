/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <pci/header.h>
#include <stdio.h>
#include <string.h>

#include "core/bits.h"
#include "core/dump.h"
#include "fixture.h"
#include "suites.h"

#define ROW "00 11 22 33 44 55 66 77 88 99 aa bb cc dd ee ff"

static struct ec_dump_function fn;
static struct ec_diag diag;

static int first(const char *text)
{
	struct ec_dump_reader r = { .text = text, .len = strlen(text) };

	return ec_dump_next(&r, &fn, &diag);
}

START_TEST(one_row_is_captured_and_no_more)
{
	ck_assert_int_eq(first("02:00.0 x\n00: " ROW "\n"), 1);
	ck_assert(fn.sbdf.bus == 2 && fn.line == 1);
	ck_assert_uint_eq(fn.image.size, 64);
	ck_assert(ec_image_has(&fn.image, 0, 16));
	ck_assert(!ec_image_has(&fn.image, 16, 1));
	ck_assert_uint_eq(ec_image_get(&fn.image, 4, 4), 0x77665544);
	ck_assert_uint_eq(ec_image_get(&fn.image, 13, 2), 0xeedd);
	ck_assert_uint_eq(ec_image_get(&fn.image, 16, 4), 0);
}
END_TEST

static const struct {
	const char *offset;
	uint32_t size;
} sizes[] = {
	{ "30", 64 }, { "40", 256 }, { "f0", 256 }, { "100", 4096 }, { "ff0", 4096 }, { "00", 64 },
};

START_TEST(the_last_row_decides_the_size)
{
	char text[128];

	snprintf(text, sizeof(text), "0001:02:03.4\n%s: " ROW "\n", sizes[_i].offset);
	ck_assert_int_eq(first(text), 1);
	ck_assert_uint_eq(fn.image.size, sizes[_i].size);
	ck_assert(fn.sbdf.segment == 1 && fn.sbdf.bus == 2 && fn.sbdf.devfn == 0x1c);
}
END_TEST

/* No newline at the end, either. */
START_TEST(carriage_returns_capitals_and_blanks_are_tolerated)
{
	ck_assert_int_eq(first("\r\nsome words\n\n02:00.0 x\r\n00: 00 11 22 33 44 55 66 77 88 "
			       "99 AA BB CC DD EE FF  \r\n10: " ROW),
			 1);
	ck_assert_uint_eq(ec_image_get(&fn.image, 12, 4), 0xffeeddcc);
	ck_assert(ec_image_has(&fn.image, 0, 32));
}
END_TEST

START_TEST(verbose_text_has_sizes_and_ids)
{
	static const char text[] =
		"3b:00.1 Ethernet controller [0200]: Maker Card [14e4:16d6] (rev 01)\n"
		"\tControl: I/O+ Mem+\n"
		"\tRegion 0: Memory at 387fff210000 (64-bit, prefetchable) [size=64K]\n"
		"\tRegion 2: I/O ports at e000 [size=32]\n"
		"\tRegion 4: [virtual] Memory at 1000 (32-bit, non-prefetchable) [size=3M]\n"
		"\tRegion 5: Memory at <ignored> (32-bit, non-prefetchable) [disabled]\n"
		"\tExpansion ROM at ab900000 [disabled] [size=512K]\n"
		"\tCapabilities: [1c0] SR-IOV\n"
		"\t\tRegion 0: Memory at 00000387fff000 (64-bit, prefetchable)\n"
		"\t\tVF: [size=1G] of something\n"
		"00: " ROW "\n"
		"\n"
		"3b:00.2 next\n"
		"00: " ROW "\n";
	struct ec_dump_reader r = { .text = text, .len = strlen(text) };

	ck_assert_int_eq(ec_dump_next(&r, &fn, &diag), 1);
	ck_assert(fn.vendor == 0x14e4 && fn.device == 0x16d6);
	ck_assert(fn.region[0].size == 64 << 10 &&
		  fn.region[0].flags ==
			  (PCI_BASE_ADDRESS_MEM_TYPE_64 | PCI_BASE_ADDRESS_MEM_PREFETCH));
	ck_assert(fn.region[2].size == 32 && fn.region[2].flags == PCI_BASE_ADDRESS_SPACE_IO);
	ck_assert(fn.region[4].size == 3 << 20 && !fn.region[4].flags);
	ck_assert(!fn.region[1].size && !fn.region[3].size && !fn.region[5].size);
	ck_assert_uint_eq(fn.region[EC_BAR_ROM].size, 512 << 10);
	ck_assert_int_eq(ec_dump_next(&r, &fn, &diag), 1);
	ck_assert(fn.sbdf.devfn == 2 && fn.line == 13 && !fn.vendor && !fn.region[0].size);
	ck_assert_int_eq(ec_dump_next(&r, &fn, &diag), 0);
	ck_assert_int_eq(ec_dump_next(&r, &fn, &diag), 0);
}
END_TEST

static const struct {
	const char *text;
	unsigned int line;
	const char *says;
} bad[] = {
	{ "02:00.0 x\n00: 00 11\n", 2, "truncated: 2 bytes" },
	{ "02:00.0 x\n00: " ROW "\n10: " ROW " 00\n", 3, "row 10 is not 16 bytes" },
	{ "02:00.0 x\n00: 00 11 2g" ROW "\n", 2, "not 16 bytes" },
	{ "02:00.0 x\n00: " ROW "0\n", 2, "not 16 bytes" },
	{ "02:00.0 x\n08: " ROW "\n", 2, "offset 08" },
	{ "02:00.0 x\n1000: " ROW "\n", 2, "offset 1000" },
	{ "02:00.0 x\nfffffff0: " ROW "\n", 2, "offset fffffff0" },
	{ "02:00.0 x\n00: " ROW "\n00: " ROW "\n", 3, "row 00 comes twice" },
	{ "02:00.0 x\n00: " ROW "\n02:20.1 y\n00: " ROW "\n", 3, "bad address" },
	{ "x\n02:00.8 y\n00: " ROW "\n", 2, "bad address" },
	{ "0000:02:00.9\n", 1, "bad address at the start of a line: 0000:02:00.9" },
};

/* Texts of mails and logs with one function of two rows. */
static const char *const pasted[] = {
	"Cc: somebody\nBcc: 12 people\nad: hello\n02:00.0 x\n00: " ROW "\n10: " ROW "\n",
	"> 02:00.0 x\n> \tRegion 0: none\n> 00: " ROW "\n> 10: " ROW "\n>\n> 20: " ROW "\n",
	">> 02:00.0 x\n>> 00: " ROW "\n>> 10: " ROW "\nend\n",
	"    02:00.0 x\n    00: " ROW "\n    10: " ROW "\n",
	"\t02:00.0 x\n\t00: " ROW "\n\t10: " ROW "\n",
	" - 02:00.0 x\n   00: " ROW "\n   10: " ROW "\n",
	"* 02:00.0 x\n  00: " ROW "\n  10: " ROW "\n",
	"02:00.0 x\n00:\t" ROW "\n10:  00  11 22\t33 44 55 66 77  88 99 aa bb cc dd ee ff\n",
	"00: " ROW "\n02:00.0 x\n00: " ROW "\n10: " ROW "\n\n20: " ROW "\n20: " ROW "\n",
	"02:00.0 x\nad: words\n00: " ROW "\n10: " ROW "\n> 20: quoted\n",
};

START_TEST(a_pasted_function_is_read)
{
	ck_assert_msg(first(pasted[_i]) == 1, "%s", diag.text);
	ck_assert(fn.sbdf.bus == 2 && !fn.sbdf.devfn);
	ck_assert(ec_image_has(&fn.image, 0, 32));
	ck_assert(!ec_image_has(&fn.image, 32, 1));
	ck_assert_uint_eq(ec_image_get(&fn.image, 16, 4), 0x33221100);
}
END_TEST

START_TEST(a_function_without_rows_has_no_image)
{
	ck_assert_int_eq(first("02:00.0 x [8086:10d3]\n\tRegion 0: Memory at 0 [size=4K]\n"
			       "02:00.1 y\n00: " ROW "\n"),
			 1);
	ck_assert(!fn.image.size && fn.vendor == 0x8086 && fn.region[0].size == 4096);
	ck_assert_int_eq(first("02:00.0 x\n\n00: " ROW "\n"), 1);
	ck_assert_uint_eq(fn.image.size, 0);
	ck_assert_int_eq(first("02:00.0"), 1);
	ck_assert_uint_eq(fn.image.size, 0);
}
END_TEST

START_TEST(a_bad_row_is_refused_with_its_line)
{
	ck_assert_int_eq(first(bad[_i].text), -EINVAL);
	ck_assert_uint_eq(diag.line, bad[_i].line);
	ck_assert_msg(strstr(diag.text, bad[_i].says) != NULL, "%s", diag.text);
}
END_TEST

static const struct {
	const char *text;
	uint64_t size;
} units[] = {
	{ "16", 16 },           { "4K", 4096 },       { "16M", 16 << 20 },
	{ "32G", 32ull << 30 }, { "2T", 2ull << 40 }, { "1E", 1ull << 60 },
	{ "99999999E", 0 },     { "x", 0 },           { "", 0 },
};

START_TEST(a_size_has_a_unit_and_a_limit)
{
	char text[256];

	snprintf(text, sizeof(text), "02:00.0 x\n\tRegion 1: Memory at 0 [size=%s]\n00: " ROW,
		 units[_i].text);
	ck_assert_int_eq(first(text), 1);
	ck_assert_uint_eq(fn.region[1].size, units[_i].size);
}
END_TEST

START_TEST(brackets_and_a_colon_are_not_ids)
{
	ck_assert_int_eq(first("02:00.0 NIC [8086:10ED] Foo [Quad:Port] [12345:678]\n00: " ROW), 1);
	ck_assert(fn.vendor == 0x8086 && fn.device == 0x10ed);
	ck_assert_int_eq(first("02:00.0 NIC [0200]: Foo [Quad:Port]\n00: " ROW), 1);
	ck_assert(!fn.vendor && !fn.device);
}
END_TEST

START_TEST(a_text_without_functions_is_empty)
{
	ck_assert_int_eq(first(""), 0);
	ck_assert_int_eq(first("no\nfunction\n"), 0);
	ck_assert_int_eq(first("\n\n\n"), 0);
}
END_TEST

START_TEST(printed_rows_read_back)
{
	static char text[64 * 256 + 64];
	char row[EC_DUMP_ROW_MAX], *p = text;
	struct fixture x;

	fixture_nic(&x);
	p += sprintf(p, "02:00.0 x\n");
	for (uint32_t off = 0; off < EC_CONFIG_SIZE; off += 16) {
		size_t n = ec_dump_print_row(row, off, x.img.byte + off);

		ck_assert_uint_eq(n, strlen(row));
		p += sprintf(p, "%s", row);
	}
	ck_assert_int_eq(first(text), 1);
	ck_assert_mem_eq(&fn.image, &x.img, sizeof(x.img));
}
END_TEST

START_TEST(a_row_is_printed_as_lspci_does)
{
	static const uint8_t bytes[16] = { 0x86, 0x80, 0xff };
	char row[EC_DUMP_ROW_MAX];

	ec_dump_print_row(row, 0, bytes);
	ck_assert_str_eq(row, "00: 86 80 ff 00 00 00 00 00 00 00 00 00 00 00 00 00\n");
	ec_dump_print_row(row, 0xff0, bytes);
	ck_assert_int_eq(strncmp(row, "ff0: 86 ", 8), 0);
}
END_TEST

START_TEST(an_image_takes_whole_dwords_within_4096)
{
	static const uint8_t bytes[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	struct ec_image img;

	ec_image_clear(&img);
	ck_assert_int_eq(ec_image_put(&img, 2, bytes, 4), -ERANGE);
	ck_assert_int_eq(ec_image_put(&img, 4, bytes, 3), -ERANGE);
	ck_assert_int_eq(ec_image_put(&img, 4096, bytes, 4), -ERANGE);
	ck_assert_int_eq(ec_image_put(&img, 4092, bytes, 8), -ERANGE);
	ck_assert_int_eq(ec_image_put(&img, 0xfffffffc, bytes, 8), -ERANGE);
	ck_assert_uint_eq(img.size, 0);
	ck_assert_int_eq(ec_image_put(&img, 0x40, bytes, 8), 0);
	ck_assert_uint_eq(img.size, 256);
	ck_assert(ec_image_has(&img, 0x40, 8) && ec_image_has(&img, 0x43, 2));
	ck_assert(!ec_image_has(&img, 0x3f, 2) && !ec_image_has(&img, 0x47, 2));
	ck_assert(!ec_image_has(&img, 0xffffffff, 2) && !ec_image_has(&img, 256, 1));
	ck_assert_uint_eq(ec_image_get(&img, 0xffffffff, 4), 0);
	ck_assert_uint_eq(ec_image_get(&img, 0x41, 4), 0x05040302);
	ck_assert(!ec_image_is_absent(&img));
	ck_assert(!ec_image_is_complete(&img));
}

START_TEST(an_image_that_lacks_a_dword_is_not_complete)
{
	static const uint32_t sizes_of[] = { 64, 256, 4096 };
	struct fixture x;

	fixture_init(&x, sizes_of[_i], 0);
	ck_assert(ec_image_is_complete(&x.img));
	for (uint32_t d = 0; d < sizes_of[_i] / 4; d++) {
		x.img.present[d / 32] ^= 1u << d % 32;
		ck_assert(!ec_image_is_complete(&x.img));
		x.img.present[d / 32] ^= 1u << d % 32;
	}
}
END_TEST

START_TEST(a_header_of_all_ones_is_no_function)
{
	struct fixture x;

	fixture_init(&x, 256, 0);
	fixture_fill(&x, 0, 64, 0xff);
	ck_assert(ec_image_is_absent(&x.img));
	fixture_put(&x, 0x3f, 1, 0xfe);
	ck_assert(!ec_image_is_absent(&x.img));
}
END_TEST

Suite *suite_core_dump(void)
{
	Suite *s = suite_create("core_dump");
	TCase *t = tcase_create("dump");

	tcase_add_test(t, one_row_is_captured_and_no_more);
	tcase_add_loop_test(t, the_last_row_decides_the_size, 0, EC_ARRAY_SIZE(sizes));
	tcase_add_test(t, carriage_returns_capitals_and_blanks_are_tolerated);
	tcase_add_test(t, verbose_text_has_sizes_and_ids);
	tcase_add_loop_test(t, a_pasted_function_is_read, 0, EC_ARRAY_SIZE(pasted));
	tcase_add_test(t, a_function_without_rows_has_no_image);
	tcase_add_loop_test(t, a_bad_row_is_refused_with_its_line, 0, EC_ARRAY_SIZE(bad));
	tcase_add_loop_test(t, a_size_has_a_unit_and_a_limit, 0, EC_ARRAY_SIZE(units));
	tcase_add_test(t, brackets_and_a_colon_are_not_ids);
	tcase_add_test(t, a_text_without_functions_is_empty);
	tcase_add_test(t, printed_rows_read_back);
	tcase_add_test(t, a_row_is_printed_as_lspci_does);
	tcase_add_test(t, an_image_takes_whole_dwords_within_4096);
	tcase_add_loop_test(t, an_image_that_lacks_a_dword_is_not_complete, 0, 3);
	tcase_add_test(t, a_header_of_all_ones_is_no_function);
	suite_add_tcase(s, t);
	return s;
}
