/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A hostile guest: random requests near registers and addresses that have a meaning. */
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "suites.h"
#include "world.h"

static unsigned int slot;
static uint64_t ecam;

static uint64_t state;

static uint32_t roll(uint32_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)((state >> 20) % n);
}

static uint64_t some_value(void)
{
	static const uint64_t values[] = {
		0,          1,          7,       0x8000,     0xc000,     0xffffffff, AT_BAR0,
		AT_BAR3,    0xfd000000, 0x80000, 0xfffff000, 0xe1002000, 0xfee41000, 0x4300,
		0xfffe0000, 0x407,      2,       0xcf8,      UINT64_MAX, 0xe4000001, 0x80008010,
		0x180,      AT_TABLE,   0x10041, 6,
	};
	uint64_t v = values[roll(EC_ARRAY_SIZE(values))];

	return roll(4) ? v : v ^ 1ull << roll(40);
}

static uint64_t some_address(const struct ec_ioreq *q)
{
	static const uint32_t offsets[] = { 0x04, 0x06, 0x0c,  0x10,  0x14, 0x18, 0x1c, 0x20, 0x24,
					    0x30, 0x3c, 0x44,  0x52,  0x54, 0x58, 0x5c, 0x78, 0xb0,
					    0xb2, 0xb4, 0xffc, 0x100, 0xfe, 0xe2, 0xe4 };
	const uint64_t pages[] = { AT_TABLE, AT_PBA, 0xe2001000, ecam, 0xe0001000 };
	uint32_t off =
		roll(8) ? offsets[roll(EC_ARRAY_SIZE(offsets))] + roll(2) * roll(4) : roll(0x1000);
	unsigned int device = roll(8) ? slot : roll(32);

	switch (q->type) {
	case EC_IOREQ_PIO:
		return 0xcf6 + roll(12);
	case EC_IOREQ_PCI_CONFIG:
		return (uint64_t)device << 35 | (roll(16) ? off : some_value() & 0xffffffff);
	default:
		if (roll(2))
			return ecam + (device << 15) + off;
		return pages[roll(EC_ARRAY_SIZE(pages))] + (roll(4) ? roll(70) * 4 : roll(0x1000));
	}
}

static void attack(uint32_t domid)
{
	static const uint8_t types[] = { 0, 1, 1, 1, 2, 2, 2, 2, 7, 8, 3, 0xff };
	static const uint32_t sizes[] = { 1, 2, 4, 4, 4, 8, 3, 0, 16 };
	static const uint32_t counts[] = { 1, 1, 1, 1, 1, 1, 2, 3, 64, 1000, 0, 5000, UINT32_MAX };
	struct ec_ioreq q = { .type = types[roll(EC_ARRAY_SIZE(types))],
			      .write = roll(4) > 0,
			      .df = !roll(4),
			      .data_is_ptr = !roll(8),
			      .size = sizes[roll(roll(4) ? 6 : EC_ARRAY_SIZE(sizes))],
			      .count = counts[roll(roll(8) ? 6 : EC_ARRAY_SIZE(counts))] };

	if (q.type == EC_IOREQ_TIMEOFFSET || q.type == EC_IOREQ_INVALIDATE)
		q.write = true;
	q.addr = some_address(&q);
	q.data = some_value();
	if (q.data_is_ptr && roll(4))
		q.data = roll(2) ? roll(FAKEXEN_RAM) : FAKEXEN_RAM - 8 + roll(16);
	fakexen_request(world->xen, domid, &q);
}

/* Rules that let a guest's writes reach the hardware. */
#define TRUSTED                                                                                    \
	"{\"version\":1,\"rules\":[{\"set\":{\"pm\":{\"d3\":\"allow\"},\"vpd\":\"write\"}}]}"

START_TEST(random_requests_violate_nothing_and_bound_the_log)
{
	static uint32_t vpd[16];
	uint32_t domid = _i & 1 ? HVM : PVH;
	struct ec_attach_spec spec = { .host = NIC, .ecam = EC_ECAM_AT };
	unsigned int mapped = 0, bound = 0, asked = 0, asleep = 0;

	state = 0x9e3779b97f4a7c15 + (unsigned int)_i;
	world_typical();
	world->rules = _i < 6 ? NULL : TRUSTED;
	fakexen_vpd(world->xen, NIC, vpd, EC_ARRAY_SIZE(vpd));
	/* with No_Soft_Reset and without */
	world_poke(0x44, 1, _i & 1 ? 8 : 0);
	spec.ecam_base = ecam = domid == HVM ? 0xfe800000 : AT_ECAM;
	ck_assert_int_eq(world_attach_as(domid, &spec), 0);
	slot = ec_sbdf_device(world->at.function.guest);
	world_give(domid, NIC2);
	/* data of repetitions */
	for (uint32_t i = 0; i < FAKEXEN_RAM; i += 4)
		ec_put_le(fakexen_memory(world->xen, domid) + i, 4, some_value() & 0xffffffff);
	for (unsigned int i = 0; i < 20000; i++) {
		if (i % 500 == 0)
			world_use(domid, slot);
		attack(domid);
		asleep += (world_peek(0x44, 1) & 3) != 0;
		ck_assert_msg(!fakexen_violation(world->xen, 0), "request %u: %s", i,
			      fakexen_violation(world->xen, 0));
		if (i % 500 == 499) {
			mapped += fakexen_count(world->xen, "map_memory");
			bound += fakexen_count(world->xen, "bind_msi");
			asked += fakexen_count(world->xen, "vpd");
			fakexen_forget(world->xen);
		}
	}
	/* requests had effects, and did not fill the log */
	ck_assert_uint_gt(mapped, 100);
	ck_assert_uint_gt(bound, 100);
	/*
	 * A read makes a dword known, of as many as the device has, or is past their end, which is
	 * then known to be there or before: random addresses halve what is left. Three may fail.
	 * Rules that allow writes make more of it.
	 */
	ck_assert_uint_gt(asked, 1);
	ck_assert(_i >= 6 || asked <= EC_ARRAY_SIZE(vpd) + 13 + 3);
	ck_assert(_i < 6 ? !asleep : asleep > 100);
	ck_assert_uint_le(world->lines, 200);
	ck_assert_uint_eq(world_peek(PCI_COMMAND, 2) & 0x343, 3);
	world_take(domid, NIC);
	world_take(domid, NIC2);
	world_check_clean();
	ck_assert_uint_eq(world_peek(PCI_BASE_ADDRESS_3, 4), BAR3);
}
END_TEST

static struct ec_host_facts *given_alone(uint32_t domid)
{
	struct ec_host_facts *facts;

	world_new();
	world_guest(domid);
	facts = world_add_card(NIC, "nic");
	return facts;
}

/* Its addresses may belong to another device. */
START_TEST(a_bar_that_is_not_where_the_kernel_says_is_refused)
{
	struct ec_host_facts *facts = given_alone(HVM);

	if (_i == 0)
		facts->region[0].start += 0x10000;
	else
		facts->region[3].size = 0;
	ck_assert_int_lt(world_attach(HVM, NIC), 0);
	ck_assert_msg(strstr(world->diag.text, "the kernel says"), "%s", world->diag.text);
	world_check_clean();
}
END_TEST

/* If the kernel placed no ROM, the address in its register is meaningless. */
START_TEST(a_rom_without_an_address_is_not_mapped)
{
	struct ec_host_facts *facts = given_alone(HVM);

	facts->region[EC_BAR_ROM] = (struct ec_region){ 0 };
	slot = world_give(HVM, NIC);
	world_place(HVM, slot);
	world_write(HVM, slot, PCI_ROM_ADDRESS, 4, 0xe2000001);
	world_count("allow_memory d5 mfn fe8", 0);
	world_count("map_memory d5 gfn e2", 0);
	ck_assert_uint_eq(world_peek(PCI_ROM_ADDRESS, 4) & 1, 0);
	world_take(HVM, NIC);
	world_check_clean();
}
END_TEST

/* A reset takes 100 ms; the request has thousands of repetitions. */
START_TEST(a_request_resets_a_function_once)
{
	struct ec_ioreq q = {
		.type = EC_IOREQ_PCI_CONFIG, .write = true, .size = 1, .count = 4096, .data = 0x80
	};
	unsigned int before;

	slot = world_given(HVM);
	before = fakexen_count(world->xen, "reset 0000:03:00.0");
	q.addr = CONFIG(slot, CAP_EXPRESS + PCI_EXP_DEVCTL + 1);
	ck_assert(fakexen_request(world->xen, HVM, &q));
	world_count("reset 0000:03:00.0", before + 1);
	ck_assert(fakexen_request(world->xen, HVM, &q));
	world_count("reset 0000:03:00.0", before + 2);
}
END_TEST

static bool mastered;

static void look_at_dma(const char *op)
{
	if (!strcmp(op, "assign"))
		mastered |= world_peek(PCI_COMMAND, 2) & PCI_COMMAND_MASTER;
}

/* DMA that a host driver left running would write to the guest's memory. */
START_TEST(bus_mastering_is_off_when_a_function_is_assigned)
{
	struct ec_attach_spec spec = { .host = NIC, .no_reset = true };

	given_alone(PVH);
	world_poke(PCI_COMMAND, 2, 0x0007);
	mastered = false;
	world->hook = look_at_dma;
	ck_assert_int_eq(world_attach_as(PVH, &spec), 0);
	ck_assert(!mastered);
}
END_TEST

/* Xen would unmap the first vector's pirq when the second one's is unmapped. */
START_TEST(a_pirq_in_two_messages_is_bound_once)
{
	slot = world_given(HVM);
	world_place(HVM, slot);
	world_msix(HVM, slot, PCI_MSIX_ENABLE | PCI_MSIX_MASK);
	world_entry(HVM, 0, 0xfee00000 | 100 << 12, 0x4000, 0);
	world_entry(HVM, 1, 0xfee00000 | 100 << 12, 0x4000, 0);
	world_msix(HVM, slot, PCI_MSIX_ENABLE);
	world_count("map_msi d5", 1);
	world_count("bind_msi d5", 1);
	world_take(HVM, NIC);
	world_check_clean();
}
END_TEST

Suite *suite_guest_hostile(void)
{
	Suite *s = suite_create("guest_hostile");
	TCase *t = tcase_create("service_hostile");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, random_requests_violate_nothing_and_bound_the_log, 0, 8);
	tcase_add_loop_test(t, a_bar_that_is_not_where_the_kernel_says_is_refused, 0, 2);
	tcase_add_test(t, a_rom_without_an_address_is_not_mapped);
	tcase_add_test(t, a_request_resets_a_function_once);
	tcase_add_test(t, bus_mastering_is_off_when_a_function_is_assigned);
	tcase_add_test(t, a_pirq_in_two_messages_is_bound_once);
	suite_add_tcase(s, t);
	return s;
}
