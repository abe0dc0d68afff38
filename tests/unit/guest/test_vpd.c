/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vital Product Data, PCI Local Bus 3.0, appendix I: writing an address with the flag clear starts
 * a read, and the flag is set when the data are there; with the flag set the data are written, and
 * the flag is cleared when that is done. Only the kernel accesses the device's registers.
 */
#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "suites.h"
#include "world.h"

#define VPD 0xe0
#define ADDR (VPD + 2)
#define DATA (VPD + 4)
#define RULE(set) "{\"version\":1,\"rules\":[{\"set\":{" set "}}]}"

static unsigned int slot, touched;
static uint32_t content[16];

/* Counts accesses to the device's VPD registers. */
static void hardware(const struct fakexen_access *a)
{
	touched += a->offset < VPD + 8 && a->offset + a->len > VPD;
}

static void given(uint32_t domid, const char *rules)
{
	world_typical();
	world->rules = rules;
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(content); i++)
		content[i] = 0x01010101 * (i + 1);
	fakexen_vpd(world->xen, NIC, content, EC_ARRAY_SIZE(content));
	slot = world_give(domid, NIC);
	fakexen_forget(world->xen);
	touched = 0;
	fakexen_watch(world->xen, hardware);
}

static uint32_t data_at(uint32_t domid, uint32_t address)
{
	world_write(domid, slot, ADDR, 2, address);
	ck_assert_uint_eq(world_read(domid, slot, ADDR, 2), (address & 0x7ffc) | PCI_VPD_ADDR_F);
	return (uint32_t)world_read(domid, slot, DATA, 4);
}

static void put(uint32_t domid, uint32_t address, uint32_t value)
{
	world_write(domid, slot, DATA, 4, value);
	world_write(domid, slot, ADDR, 2, address | PCI_VPD_ADDR_F);
	ck_assert_uint_eq(world_read(domid, slot, ADDR, 2), address & 0x7ffc);
}

START_TEST(vpd_is_read_dword_by_dword)
{
	uint32_t domid = _i & 1 ? HVM : PVH;

	given(domid, _i & 2 ? RULE("\"vpd\":\"read\"") : NULL);
	ck_assert_uint_eq(world_read(domid, slot, VPD, 4) & 0xffff00ff, PCI_CAP_ID_VPD);
	ck_assert_uint_eq(world_read(domid, slot, DATA, 4), 0);
	for (uint32_t i = 0; i < EC_ARRAY_SIZE(content); i++)
		ck_assert_uint_eq(data_at(domid, i * 4), content[i]);
	/* also by a dword that contains the capability's header */
	world_write(domid, slot, VPD, 4, 0x00080000);
	ck_assert_uint_eq(world_read(domid, slot, ADDR, 2), 0x8008);
	ck_assert_uint_eq(world_read(domid, slot, DATA, 4), content[2]);
	/* the low two bits of an address are ignored */
	ck_assert_uint_eq(data_at(domid, 7), content[1]);
	/* beyond the end all ones, which is not a fault of the device */
	for (unsigned int i = 0; i < 10; i++)
		ck_assert_uint_eq(data_at(domid, 0x7ffc), 0xffffffff);
	ck_assert_uint_eq(data_at(domid, 0), content[0]);
	/* half an address starts nothing */
	fakexen_forget(world->xen);
	world_write(domid, slot, ADDR, 1, 4);
	world_write(domid, slot, ADDR + 1, 1, 0);
	world_count("vpd", 0);
	ck_assert_uint_eq(touched, 0);
	world_take(domid, NIC);
	world_check_clean();
}
END_TEST

/* VPD outlives the guest. */
START_TEST(vpd_is_written_only_if_a_rule_allows_it)
{
	given(HVM, _i ? RULE("\"vpd\":\"write\"") : NULL);
	put(HVM, 8, 0x12345678);
	world_count("vpd 0000:03:00.0 write", _i ? 1 : 0);
	ck_assert_uint_eq(content[2], _i ? 0x12345678 : 0x03030303);
	ck_assert_uint_eq(data_at(HVM, 8), content[2]);
	put(HVM, 0x7ffc, 1);
	for (unsigned int i = 0; i < 50; i++)
		put(HVM, 0, i);
	ck_assert_uint_eq(content[0], _i ? 49 : 0x01010101);
	ck_assert_uint_le(world->lines, 30);
	ck_assert_uint_eq(touched, 0);
}
END_TEST

START_TEST(hidden_vpd_is_not_accessed)
{
	static const char *const rules[] = { RULE("\"vpd\":\"hide\""),
					     RULE("\"capabilities\":{\"VPD\":\"hide\"}") };

	given(PVH, rules[_i]);
	ck_assert_uint_eq(world_read(PVH, slot, VPD, 4), 0);
	world_write(PVH, slot, ADDR, 2, 4);
	world_write(PVH, slot, VPD, 4, 0x80040000);
	ck_assert_uint_eq(world_read(PVH, slot, VPD, 4), 0);
	ck_assert_uint_eq(world_read(PVH, slot, DATA, 4), 0);
	world_count("vpd", 0);
	ck_assert_uint_eq(touched, 0);
}
END_TEST

START_TEST(vpd_with_one_register_hidden_is_not_accessed)
{
	static const char *const rules[] = {
		RULE("\"registers\":[{\"register\":\"VPD.DATA\",\"treatment\":\"hide\"}]"),
		RULE("\"registers\":[{\"register\":\"VPD.ADDR\",\"mask\":\"0x8000\",\"value\":0}]"),
		RULE("\"registers\":[{\"register\":\"VPD.DATA\",\"mask\":\"0xff\",\"treatment\":"
		     "\"freeze\"}]"),
	};

	given(PVH, rules[_i]);
	world_write(PVH, slot, ADDR, 2, 4);
	ck_assert_uint_eq(world_read(PVH, slot, ADDR, 2) & PCI_VPD_ADDR_F, 0);
	world_count("vpd", 0);
	/* the shadow that hidden dwords share is still 0 */
	for (uint32_t off = 0x150; off < 0x1a0; off += 4)
		ck_assert_uint_eq(world_load(PVH, AT_ECAM + (slot << 15) + off, 4), 0);
}
END_TEST

/* Not after a reset either; the guest reads ones. */
START_TEST(after_three_timeouts_vpd_is_not_accessed_again)
{
	static const int errors[] = { ETIMEDOUT, EIO, EINTR };
	unsigned int lines;

	given(HVM, RULE("\"vpd\":\"write\""));
	lines = world->lines;
	for (unsigned int i = 0; i < 10; i++) {
		if (i < 3)
			fakexen_fail(world->xen, 1, errors[i]);
		ck_assert_uint_eq(data_at(HVM, 4), 0xffffffff);
		put(HVM, 8, i);
	}
	world_count("vpd", 5);
	ck_assert_uint_eq(content[2], 1);
	ck_assert(world_log_has("not asked for any more"));
	ck_assert_uint_le(world->lines - lines, 5);
	world_write(HVM, slot, CAP_EXPRESS + PCI_EXP_DEVCTL + 1, 1, 0x80);
	ck_assert_uint_eq(world_read(HVM, slot, DATA, 4), 0);
	ck_assert_uint_eq(data_at(HVM, 4), 0xffffffff);
	world_count("vpd", 5);
}
END_TEST

START_TEST(vpd_that_the_kernel_lacks_reads_ones)
{
	given(HVM, NULL);
	fakexen_vpd(world->xen, NIC, NULL, 0);
	for (unsigned int i = 0; i < 10; i++)
		ck_assert_uint_eq(data_at(HVM, 4), 0xffffffff);
	ck_assert_uint_le(fakexen_count(world->xen, "vpd"), 3);
}
END_TEST

/* An access may take long; the request has thousands of repetitions. */
START_TEST(a_request_accesses_vpd_once)
{
	struct ec_ioreq q = {
		.type = EC_IOREQ_PCI_CONFIG, .write = true, .size = 2, .count = 2048, .data = 4
	};

	given(HVM, NULL);
	q.addr = CONFIG(slot, ADDR);
	ck_assert(fakexen_request(world->xen, HVM, &q));
	world_count("vpd", 1);
	q.data = 8;
	ck_assert(fakexen_request(world->xen, HVM, &q));
	world_count("vpd", 2);
}
END_TEST

START_TEST(an_access_of_both_registers_reads_the_device)
{
	given(PVH, RULE("\"vpd\":\"write\""));
	world_store(PVH, AT_ECAM + (slot << 15) + VPD, 8, 0);
	ck_assert_uint_eq(world_load(PVH, AT_ECAM + (slot << 15) + VPD, 8) >> 16 & 0xffff, 0x8000);
	ck_assert_uint_eq(world_load(PVH, AT_ECAM + (slot << 15) + DATA, 4), content[0]);
}
END_TEST

Suite *suite_guest_vpd(void)
{
	Suite *s = suite_create("guest_vpd");
	TCase *t = tcase_create("service_vpd");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_add_loop_test(t, vpd_is_read_dword_by_dword, 0, 4);
	tcase_add_loop_test(t, vpd_is_written_only_if_a_rule_allows_it, 0, 2);
	tcase_add_loop_test(t, hidden_vpd_is_not_accessed, 0, 2);
	tcase_add_loop_test(t, vpd_with_one_register_hidden_is_not_accessed, 0, 3);
	tcase_add_test(t, after_three_timeouts_vpd_is_not_accessed_again);
	tcase_add_test(t, vpd_that_the_kernel_lacks_reads_ones);
	tcase_add_test(t, a_request_accesses_vpd_once);
	tcase_add_test(t, an_access_of_both_registers_reads_the_device);
	suite_add_tcase(s, t);
	return s;
}
