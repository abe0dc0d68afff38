/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vital Product Data by the registers of PCI Local Bus 3.0, appendix I: an address with the flag
 * clear asks for data, and the flag is set when they are there; with the flag set the data are
 * written, and it is cleared when that is done. The device's own registers are the kernel's.
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

/* The device's registers of it are never accessed, by whatever a guest does. */
static void hardware(struct fakexen *f, struct ec_sbdf at, uint32_t off, unsigned int len,
		     bool write, uint32_t value)
{
	(void)f;
	(void)at;
	(void)write;
	(void)value;
	touched += off < VPD + 8 && off + len > VPD;
}

static void given(uint32_t domid, const char *rules)
{
	world_typical();
	world->rules = rules;
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(content); i++)
		content[i] = 0x01010101 * (i + 1);
	fakexen_vpd(world->xen, NIC, content, EC_ARRAY_SIZE(content));
	ck_assert_int_eq(world_attach(domid, NIC), 0);
	slot = ec_sbdf_device(world->at.function.guest);
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

START_TEST(reads)
{
	uint32_t domid = _i & 1 ? HVM : PVH;

	given(domid, _i & 2 ? RULE("\"vpd\":\"read\"") : NULL);
	ck_assert_uint_eq(world_read(domid, slot, VPD, 4) & 0xffff00ff, PCI_CAP_ID_VPD);
	ck_assert_uint_eq(world_read(domid, slot, DATA, 4), 0);
	for (uint32_t i = 0; i < EC_ARRAY_SIZE(content); i++)
		ck_assert_uint_eq(data_at(domid, i * 4), content[i]);
	/* by a dword with the capability's header in it, too */
	world_write(domid, slot, VPD, 4, 0x00080000);
	ck_assert_uint_eq(world_read(domid, slot, ADDR, 2), 0x8008);
	ck_assert_uint_eq(world_read(domid, slot, DATA, 4), content[2]);
	/* dwords have addresses; the low bits are none of them */
	ck_assert_uint_eq(data_at(domid, 7), content[1]);
	/* where there are none: all ones, and no fault of the device's */
	for (unsigned int i = 0; i < 10; i++)
		ck_assert_uint_eq(data_at(domid, 0x7ffc), 0xffffffff);
	ck_assert_uint_eq(data_at(domid, 0), content[0]);
	/* half an address is none */
	fakexen_forget(world->xen);
	world_write(domid, slot, ADDR, 1, 4);
	world_write(domid, slot, ADDR + 1, 1, 0);
	world_count("vpd", 0);
	ck_assert_uint_eq(touched, 0);
	ck_assert_int_eq(world_detach(domid, NIC), 0);
	world_check_clean();
}
END_TEST

/* Nothing but a rule lets a guest change what outlives it. */
START_TEST(writes)
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

START_TEST(hidden)
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

/* Where the guest has not both registers there is nothing to be made of them. */
START_TEST(half_of_it)
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
	/* what all hidden dwords share is 0 still */
	for (uint32_t off = 0x150; off < 0x1a0; off += 4)
		ck_assert_uint_eq(world_load(PVH, AT_ECAM + (slot << 15) + off, 4), 0);
}
END_TEST

/* Three time-outs, and it is not asked again, also not after a reset; the guest is told nothing
 * but ones. */
START_TEST(does_not_answer)
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

/* The kernel knows of none. */
START_TEST(none_there)
{
	given(HVM, NULL);
	fakexen_vpd(world->xen, NIC, NULL, 0);
	for (unsigned int i = 0; i < 10; i++)
		ck_assert_uint_eq(data_at(HVM, 4), 0xffffffff);
	ck_assert_uint_le(fakexen_count(world->xen, "vpd"), 3);
}
END_TEST

/* A device takes its time: a request of thousands of repetitions makes one access. */
START_TEST(once_a_request)
{
	struct ec_ioreq q = {
		.type = EC_IOREQ_PCI_CONFIG, .write = true, .size = 2, .count = 2048, .data = 4
	};

	given(HVM, NULL);
	q.addr = (uint64_t)slot << 35 | ADDR;
	ck_assert(fakexen_request(world->xen, HVM, &q));
	world_count("vpd", 1);
	ck_assert(fakexen_request(world->xen, HVM, &q));
	world_count("vpd", 2);
}
END_TEST

/* Both registers in one access of eight bytes: what is there afterwards is the device's. */
START_TEST(eight_bytes)
{
	given(PVH, RULE("\"vpd\":\"write\""));
	world_store(PVH, AT_ECAM + (slot << 15) + VPD, 8, 0);
	ck_assert_uint_eq(world_load(PVH, AT_ECAM + (slot << 15) + VPD, 8) >> 16 & 0xffff, 0x8000);
	ck_assert_uint_eq(world_load(PVH, AT_ECAM + (slot << 15) + DATA, 4), content[0]);
}
END_TEST

Suite *suite_service_vpd(void)
{
	Suite *s = suite_create("service_vpd");
	TCase *t = tcase_create("service_vpd");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_add_loop_test(t, reads, 0, 4);
	tcase_add_loop_test(t, writes, 0, 2);
	tcase_add_loop_test(t, hidden, 0, 2);
	tcase_add_loop_test(t, half_of_it, 0, 3);
	tcase_add_test(t, does_not_answer);
	tcase_add_test(t, none_there);
	tcase_add_test(t, once_a_request);
	tcase_add_test(t, eight_bytes);
	suite_add_tcase(s, t);
	return s;
}
