/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest's accesses by CF8 and CFC and by ECAM; COMMAND and BARs, and what they map. */
#include <errno.h>
#include <pci/header.h>
#include <stdio.h>
#include <string.h>

#include "core/bits.h"
#include "suites.h"
#include "world.h"

static unsigned int slot;

static uint64_t ecam(unsigned int device, unsigned int function, uint32_t off)
{
	return AT_ECAM + (device << 15 | function << 12) + off;
}

static uint32_t command(void)
{
	return world_peek(PCI_COMMAND, 2);
}

START_TEST(a_guest_sees_the_ids_alone_in_its_slot)
{
	uint32_t domid = _i ? HVM : PVH;

	slot = world_given(domid);
	ck_assert_uint_eq(world_read(domid, slot, PCI_VENDOR_ID, 4), NIC_IDS);
	ck_assert_uint_eq(world_read(domid, slot, 2, 2), 1);
	ck_assert_uint_eq(world_read(domid, slot, 1, 1), 0x12);
	ck_assert_uint_eq(world_read(domid, slot, PCI_CLASS_DEVICE, 2), 0x0200);
	ck_assert_uint_eq(world_read(domid, slot, PCI_COMMAND, 2), 0);
	/* alone in its slot, although not in the host's */
	ck_assert_uint_eq(world_read(domid, slot, PCI_HEADER_TYPE, 1), 0);
	for (unsigned int fn = 1; fn < 8; fn++)
		ck_assert_uint_eq(world_load(PVH, ecam(slot, fn, 0), 4), NOTHING);
	/* the other slots are the device model's */
	ck_assert_uint_eq(world_read(domid, slot + 1, PCI_VENDOR_ID, 4), NOTHING);
}
END_TEST

START_TEST(a_pvh_guest_has_our_host_bridge_and_an_hvm_guest_its_own)
{
	struct ec_ioreq q = { .type = EC_IOREQ_PCI_CONFIG, .size = 4, .count = 1 };

	slot = world_given(PVH);
	ck_assert(fakexen_request(world->xen, PVH, &q));
	ck_assert_uint_ne(q.data, 0xffffffff);
	ck_assert_uint_ne(q.data, 0);
	ck_assert_uint_eq(world_load(PVH, AT_ECAM, 4), q.data);
	ck_assert_uint_eq(world_read(PVH, 0, PCI_CLASS_DEVICE, 2), 0x0600);
	ck_assert_uint_eq(world_read(PVH, 0, PCI_HEADER_TYPE, 1), 0);
	for (uint32_t off = PCI_BASE_ADDRESS_0; off <= PCI_BASE_ADDRESS_5; off += 4) {
		world_write(PVH, 0, off, 4, 0xffffffff);
		ck_assert_uint_eq(world_read(PVH, 0, off, 4), 0);
	}
	ck_assert_uint_eq(world_read(PVH, 0, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST, 0);
	world_give(HVM, NIC2);
	ck_assert(!fakexen_request(world->xen, HVM, &q));
	for (unsigned int device = 0; device < 0x20; device++) {
		q.addr = CONFIG(device, 0);
		ck_assert(fakexen_request(world->xen, HVM, &q) == (device == 0x10));
	}
}
END_TEST

/* In any width; the first 256 bytes are the same by CF8. */
START_TEST(the_window_shows_all_4096_bytes)
{
	slot = world_given(PVH);
	for (uint32_t off = 0; off < 256; off += 4)
		ck_assert_uint_eq(world_load(PVH, ecam(slot, 0, off), 4),
				  world_read(PVH, slot, off, 4));
	ck_assert_uint_eq(world_load(PVH, ecam(slot, 0, 0x100), 2), PCI_EXT_CAP_ID_AER);
	ck_assert_uint_eq(world_load(PVH, ecam(slot, 0, 0x144), 8), 0x0123456789abcdef);
	ck_assert_uint_eq(world_load(PVH, ecam(slot, 0, 0x146), 4), 0x456789ab);
	ck_assert_uint_eq(world_load(PVH, ecam(slot, 0, 0x147), 1), 0x89);
	world_store(PVH, ecam(slot, 0, PCI_CACHE_LINE_SIZE), 1, 0x20);
	ck_assert_uint_eq(world_read(PVH, slot, PCI_CACHE_LINE_SIZE, 1), 0x20);
	for (unsigned int device = 1; device < 32; device++)
		for (unsigned int fn = 0; fn < 8; fn++)
			if (device != slot || fn)
				ck_assert_uint_eq(world_load(PVH, ecam(device, fn, 0xffc), 4),
						  NOTHING);
}
END_TEST

/* Upwards and downwards. */
START_TEST(repetitions_copy_from_and_to_guest_memory)
{
	uint8_t *ram;
	struct ec_ioreq q = { .type = EC_IOREQ_COPY,
			      .addr = 0,
			      .size = 4,
			      .count = 16,
			      .data_is_ptr = true,
			      .data = 0x1ff0 };

	slot = world_given(PVH);
	ram = fakexen_memory(world->xen, PVH);
	q.addr = ecam(slot, 0, 0);
	ck_assert(fakexen_request(world->xen, PVH, &q));
	for (uint32_t off = 0; off < 64; off += 4)
		ck_assert_uint_eq(ec_get_le(ram + 0x1ff0 + off, 4), world_read(PVH, slot, off, 4));
	q.addr = ecam(slot, 0, 60);
	q.data = 0x303c;
	q.df = true;
	ck_assert(fakexen_request(world->xen, PVH, &q));
	ck_assert(!memcmp(ram + 0x1ff0, ram + 0x3000, 64));
	/* if the guest has no memory there, nothing is written and the guest lives on */
	q = (struct ec_ioreq){ .type = EC_IOREQ_COPY,
			       .write = true,
			       .addr = ecam(slot, 0, PCI_CACHE_LINE_SIZE),
			       .size = 1,
			       .count = 1,
			       .data_is_ptr = true,
			       .data = FAKEXEN_RAM };
	fakexen_request(world->xen, PVH, &q);
	ck_assert_uint_eq(world_read(PVH, slot, PCI_CACHE_LINE_SIZE, 1), 0);
	ram[FAKEXEN_RAM - 1] = 0x40;
	q.data = FAKEXEN_RAM - 1;
	fakexen_request(world->xen, PVH, &q);
	ck_assert_uint_eq(world_read(PVH, slot, PCI_CACHE_LINE_SIZE, 1), 0x40);
}
END_TEST

/* It does not wrap. */
START_TEST(a_repetition_beyond_the_function_reads_ones)
{
	uint8_t *ram;
	struct ec_ioreq q = { .type = EC_IOREQ_COPY,
			      .size = 4,
			      .count = 3,
			      .data_is_ptr = true,
			      .data = 0x1000,
			      .df = _i };

	slot = world_given(PVH);
	ram = fakexen_memory(world->xen, PVH);
	memset(ram, 0xaa, 0x2000);
	q.addr = _i ? ecam(slot, 0, 0) : ecam(slot, 0, 0xffc);
	ck_assert(fakexen_request(world->xen, PVH, &q));
	ck_assert_uint_eq(ec_get_le(ram + 0x1000, 4), _i ? NIC_IDS : 0);
	ck_assert_uint_eq(ec_get_le(ram + (_i ? 0xff8 : 0x1004), 8), UINT64_MAX);
	ck_assert_uint_eq(ec_get_le(ram + (_i ? 0xff4 : 0x100c), 4), 0xaaaaaaaa);
	/* an access over the end reads ones beyond it */
	ck_assert_uint_eq(world_load(PVH, ecam(slot, 0, 0xffc), 8), 0xffffffff00000000);
}
END_TEST

/* XSA-121, XSA-239. */
START_TEST(an_answer_does_not_depend_on_the_request_data)
{
	static const uint32_t sizes[] = { 1, 2, 4, 8, 3, 5, 0, 16 };
	struct ec_ioreq q[2];

	slot = world_given(PVH);
	for (unsigned int k = 0; k < EC_ARRAY_SIZE(sizes); k++)
		for (uint32_t off = 0; off < 0x1010; off += 1 + off / 0x200) {
			for (unsigned int i = 0; i < 2; i++) {
				q[i] = (struct ec_ioreq){ .type = _i,
							  .size = sizes[k],
							  .count = 1,
							  .addr = _i == EC_IOREQ_PCI_CONFIG
									  ? CONFIG(slot, off)
									  : ecam(slot, 0, off),
							  .data = i ? 0x5555555555555555
								    : 0xaaaaaaaaaaaaaaaa };
				fakexen_request(world->xen, PVH, q + i);
			}
			ck_assert_msg(q[0].data == q[1].data, "%x, %u: %lx, %lx", off, sizes[k],
				      q[0].data, q[1].data);
		}
}
END_TEST

START_TEST(the_event_loop_serves_posted_requests)
{
	struct ec_ioreq q = { .type = EC_IOREQ_PCI_CONFIG, .size = 4, .count = 1 }, other = q;

	slot = world_given(HVM);
	q.addr = CONFIG(slot, 0);
	other.addr = q.addr + 8;
	ck_assert(fakexen_post(world->xen, HVM, &q));
	ck_assert(fakexen_post(world->xen, HVM, &other));
	ck_assert_uint_eq(world->fds, 1);
	ec_service_ready(world->service, world->fd[0]);
	ck_assert_uint_eq(q.data, NIC_IDS);
	ck_assert_uint_eq(other.data, 0x02000003);
	ec_service_ready(world->service, world->fd[0]);
	ec_service_ready(world->service, 1022);
	/* a request that is outstanding at the end is answered */
	q.data = 0;
	ck_assert(fakexen_post(world->xen, HVM, &q));
	world_take(HVM, NIC);
	ck_assert_uint_ne(q.data, 0);
}
END_TEST

/* COMMAND bits that a guest may change in the hardware: 5:2 and INTx disable. */
#define COMMAND_TO_HARDWARE 0x43cu

static const char *const mapped[] = {
	"map_memory d5 gfn e0000 mfn 40f8000 n 16 ",
	"map_memory d5 gfn e1000 mfn fe900 n 1 ",
	"map_memory d5 gfn e1003 mfn fe903 n 1 ",
	"map_ports d5 gport c000 port e000 n 256 ",
};

/* Each line once, with @verb "add" or "remove"; trapped pages may be one range or two. */
static void all_mapped(const char *verb)
{
	char line[FAKEXEN_LINE];

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(mapped); i++) {
		snprintf(line, sizeof(line), "%s%s", mapped[i], verb);
		world_count(line, 1);
	}
	snprintf(line, sizeof(line), "range d5 memory e1001000 e1002fff %s", verb);
	if (world_find(0, line) < 0) {
		snprintf(line, sizeof(line), "range d5 memory e1001000 e1001fff %s", verb);
		world_has(line);
		snprintf(line, sizeof(line), "range d5 memory e1002000 e1002fff %s", verb);
		world_has(line);
	}
	world_count("map_", 4);
	fakexen_forget(world->xen);
}

static void decode(uint32_t value)
{
	world_write(HVM, slot, PCI_COMMAND, 2, value);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_COMMAND, 2), value);
	ck_assert_uint_eq(command() & 3, 3);
	ck_assert_uint_eq(command() & 4, value & 4);
}

START_TEST(decode_maps_and_unmaps_each_bar)
{
	slot = world_given(HVM);
	ck_assert_uint_eq(command() & 7, 3);
	world_place(HVM, slot);
	all_mapped("add");
	decode(7);
	decode(0);
	all_mapped("remove");
	decode(2);
	world_count("map_memory", 3);
	decode(3);
	all_mapped("add");
	decode(1);
	decode(5);
	decode(0);
	all_mapped("remove");
	/* the ROM needs its own enable bit too */
	world_write(HVM, slot, PCI_ROM_ADDRESS, 4, AT_ROM);
	decode(2);
	world_count("map_memory d5 gfn e4000", 0);
	world_write(HVM, slot, PCI_ROM_ADDRESS, 4, AT_ROM | 1);
	world_has("map_memory d5 gfn e4000 mfn fe800 n 16 add");
	world_write(HVM, slot, PCI_ROM_ADDRESS, 4, AT_ROM);
	world_has("map_memory d5 gfn e4000 mfn fe800 n 16 remove");
}
END_TEST

/* Each bit alone, by byte, word and dword. */
START_TEST(only_allowed_command_bits_reach_the_hardware)
{
	uint32_t before;

	slot = world_given(HVM);
	before = command();
	for (unsigned int bit = 0; bit < 16; bit++) {
		uint32_t v = 1u << bit;

		world_write(HVM, slot, PCI_COMMAND + bit / 8, 1, v >> bit / 8 * 8);
		ck_assert_uint_eq(command() & ~COMMAND_TO_HARDWARE, before & ~COMMAND_TO_HARDWARE);
		world_write(HVM, slot, PCI_COMMAND, 2, v);
		ck_assert_uint_eq(command() & ~COMMAND_TO_HARDWARE, before & ~COMMAND_TO_HARDWARE);
		world_write(HVM, slot, PCI_COMMAND, 4, v);
		ck_assert_uint_eq(command() & ~COMMAND_TO_HARDWARE, before & ~COMMAND_TO_HARDWARE);
		ck_assert_uint_eq(command() & 4, v & 4);
	}
	for (unsigned int i = 0; i < 1000; i++) {
		world_write(HVM, slot, PCI_COMMAND, 2, i & 1 ? 7 : 0);
		ck_assert_uint_eq(command() & ~COMMAND_TO_HARDWARE, before & ~COMMAND_TO_HARDWARE);
	}
}
END_TEST

START_TEST(a_moved_bar_is_unmapped_then_mapped)
{
	static const char *const order[] = { "map_memory d5 gfn e0000 mfn 40f8000 n 16 remove",
					     "map_memory d5 gfn e0010 mfn 40f8000 n 16 add", NULL };

	slot = world_given(HVM);
	world_place(HVM, slot);
	fakexen_forget(world->xen);
	world_write(HVM, slot, PCI_BASE_ADDRESS_0, 4, 0xe0010000);
	world_order(order);
	world_write(HVM, slot, PCI_BASE_ADDRESS_0, 4, 0xe0000000);
	fakexen_forget(world->xen);
	world_write(HVM, slot, PCI_BASE_ADDRESS_1, 4, 1);
	world_has("map_memory d5 gfn e0000 mfn 40f8000 n 16 remove");
	world_has("map_memory d5 gfn 1e0000 mfn 40f8000 n 16 add");
	fakexen_forget(world->xen);
	world_write(HVM, slot, PCI_BASE_ADDRESS_3, 4, 0xe1004000);
	world_has("map_memory d5 gfn e1000 mfn fe900 n 1 remove");
	world_has("map_memory d5 gfn e1007 mfn fe903 n 1 add");
	world_write(HVM, slot, PCI_BASE_ADDRESS_2, 4, 0xd000);
	world_has("map_ports d5 gport d000 port e000 n 256 add");
	/* the low bits of a BAR are read-only */
	world_write(HVM, slot, PCI_BASE_ADDRESS_1, 4, 0);
	world_write(HVM, slot, PCI_BASE_ADDRESS_0, 4, 0xe000100f);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_BASE_ADDRESS_0, 4), 0xe000000c);
}
END_TEST

/* The log says so; the BAR works when it is placed well. */
START_TEST(a_bar_where_it_cannot_be_is_not_mapped)
{
	static const struct {
		uint32_t low, high;
	} places[] = { { 0x80000, 0 }, { 0xf0000, 0 },
		       { AT_BAR3, 0 }, { AT_ECAM + 0x80000, 0 },
		       { AT_ECAM, 0 }, { AT_ECAM + 0xf0000, 0 },
		       { 0x10000, 0 } };
	unsigned int lines;

	slot = world_given(PVH);
	world_place(PVH, slot);
	lines = world->lines;
	fakexen_forget(world->xen);
	/* over the other BAR it is not mapped if it comes after it */
	for (int round = 0; round < (places[_i].low == AT_BAR3 ? 1 : 2); round++) {
		if (round)
			world_write(PVH, slot, PCI_COMMAND, 2, 0);
		world_write(PVH, slot, PCI_BASE_ADDRESS_0, 4, places[_i].low);
		world_write(PVH, slot, PCI_BASE_ADDRESS_1, 4, places[_i].high);
		world_write(PVH, slot, PCI_COMMAND, 2, 7);
		ck_assert_uint_eq(world_read(PVH, slot, PCI_BASE_ADDRESS_0, 4),
				  places[_i].low | 0xc);
		for (int at = 0; (at = world_find(at, "map_memory d3")) >= 0; at++)
			ck_assert(!strstr(fakexen_line(world->xen, (unsigned int)at),
					  "40f8000 n 16 add"));
	}
	ck_assert_uint_gt(world->lines, lines);
	ck_assert_uint_eq(world_load(PVH, AT_PBA, 8), 0); /* the other BAR is still served */
	ck_assert_uint_eq(world_read(PVH, slot, PCI_VENDOR_ID, 2), 0x1234);
	world_write(PVH, slot, PCI_BASE_ADDRESS_0, 4, 0xe5000000);
	world_has("map_memory d3 gfn e5000 mfn 40f8000 n 16 add");
	world_write(PVH, slot, PCI_COMMAND, 2, 0);
	world_has("map_memory d3 gfn e5000 mfn 40f8000 n 16 remove");
	world_take(PVH, NIC);
	world_check_clean();
}
END_TEST

START_TEST(sizing_with_decode_on_and_high_addresses_are_harmless)
{
	static const uint32_t highs[] = { 0xffffffff, 0xfffffffe, 0x80000000, 0x000fffff,
					  0x100000 };
	uint64_t size;

	slot = world_given(HVM);
	world_place(HVM, slot);
	for (unsigned int i = 0; i < EC_ARRAY_SIZE(highs); i++)
		for (uint32_t low = 0xfffe0000; low >= 0xfffe0000; low += 0x1000) {
			world_write(HVM, slot, PCI_BASE_ADDRESS_1, 4, highs[i]);
			world_write(HVM, slot, PCI_BASE_ADDRESS_0, 4, low);
			world_write(HVM, slot, PCI_BASE_ADDRESS_3, 4, low);
			world_check();
		}
	for (uint32_t off = 0x10; off <= 0x24; off += 4)
		world_write(HVM, slot, off, 4, 0xffffffff);
	size = world_read(HVM, slot, PCI_BASE_ADDRESS_1, 4) << 32 |
	       (world_read(HVM, slot, PCI_BASE_ADDRESS_0, 4) & ~15u);
	ck_assert_uint_eq(~size + 1, 0x10000);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_BASE_ADDRESS_3, 4), 0xffffc000);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_BASE_ADDRESS_4, 4), 0);
	ck_assert_uint_eq(world_read(HVM, slot, PCI_BASE_ADDRESS_2, 4) & 0xffff, 0xff01);
	world_write(HVM, slot, PCI_COMMAND, 2, 0);
	fakexen_forget(world->xen);
	world_place(HVM, slot);
	all_mapped("add");
	decode(0);
	all_mapped("remove");
}
END_TEST

/* The other is mapped when it is moved. */
START_TEST(of_two_bars_at_one_address_one_is_mapped)
{
	slot = world_given(HVM);
	world_give(HVM, NIC2);
	world_place(HVM, slot);
	world_place(HVM, slot + 1);
	world_count("map_memory d5 gfn e0000 ", 1);
	world_write(HVM, slot + 1, PCI_BASE_ADDRESS_0, 4, 0xe6000000);
	world_has("map_memory d5 gfn e6000 mfn 40f9000 n 16 add");
	world_write(HVM, slot + 1, PCI_BASE_ADDRESS_3, 4, 0xe7000000);
	world_has("map_memory d5 gfn e7000 mfn ff900 n 1 add");
	world_check();
	world_take(HVM, NIC);
	world_store(HVM, 0xe7001000, 4, 0x1234);
	ck_assert_uint_eq(world_load(HVM, 0xe7001000, 4), 0x1234);
	world_take(HVM, NIC2);
	world_check_clean();
}
END_TEST

/* Each mapping call fails in turn; the next time all is mapped. */
START_TEST(a_failed_mapping_leaves_the_rest_mapped)
{
	unsigned int lines;

	slot = world_given(HVM);
	for (unsigned int n = 1;; n++) {
		lines = world->lines;
		fakexen_fail(world->xen, n, _i ? EPERM : ENOMEM);
		world_place(HVM, slot);
		if (fakexen_failing(world->xen))
			break;
		world_check();
		if (n == 1)
			ck_assert_uint_gt(world->lines, lines);
		world_write(HVM, slot, PCI_COMMAND, 2, 0);
		world_check();
		fakexen_forget(world->xen);
		world_place(HVM, slot);
		all_mapped("add");
		world_write(HVM, slot, PCI_COMMAND, 2, 0);
		all_mapped("remove");
		ck_assert_uint_lt(n, 50);
	}
}
END_TEST

Suite *suite_guest_access(void)
{
	Suite *s = suite_create("guest_access");
	TCase *t = tcase_create("service_access");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_add_loop_test(t, a_guest_sees_the_ids_alone_in_its_slot, 0, 2);
	tcase_add_test(t, a_pvh_guest_has_our_host_bridge_and_an_hvm_guest_its_own);
	tcase_add_test(t, the_window_shows_all_4096_bytes);
	tcase_add_test(t, repetitions_copy_from_and_to_guest_memory);
	tcase_add_loop_test(t, a_repetition_beyond_the_function_reads_ones, 0, 2);
	tcase_add_loop_test(t, an_answer_does_not_depend_on_the_request_data, EC_IOREQ_COPY,
			    EC_IOREQ_PCI_CONFIG + 1);
	tcase_add_test(t, the_event_loop_serves_posted_requests);
	tcase_add_test(t, decode_maps_and_unmaps_each_bar);
	tcase_add_test(t, only_allowed_command_bits_reach_the_hardware);
	tcase_add_test(t, a_moved_bar_is_unmapped_then_mapped);
	tcase_add_loop_test(t, a_bar_where_it_cannot_be_is_not_mapped, 0, 7);
	tcase_add_test(t, sizing_with_decode_on_and_high_addresses_are_harmless);
	tcase_add_test(t, of_two_bars_at_one_address_one_is_mapped);
	tcase_add_loop_test(t, a_failed_mapping_leaves_the_rest_mapped, 0, 2);
	suite_add_tcase(s, t);
	return s;
}
