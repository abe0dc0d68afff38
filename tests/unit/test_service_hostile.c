/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest that attacks: requests at random, near all that means something. */
#include <pci/header.h>

#include "core/bits.h"
#include "suites.h"
#include "world.h"

static struct world *w;
static unsigned int slot;

static void teardown(void)
{
	world_free(w);
	w = NULL;
}

/* All that a guest can have in use: BARs, vectors, INTx where there is one, the bus. */
static void use(uint32_t domid)
{
	world_place(w, domid, slot);
	world_write(w, domid, slot, PCI_ROM_ADDRESS, 4, 0xe4000001);
	world_msix(w, domid, slot, 0x8000);
	for (unsigned int i = 0; i < 3; i++)
		world_entry(w, domid, i, 0xfee01000, 0x40 + i, 0);
}

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
		0,          1,        7,       0x8000,     0xc000,     0xffffffff, AT_BAR0,
		AT_BAR3,    AT_ECAM,  0x80000, 0xfffff000, 0xe1002000, 0xfee41000, 0x4300,
		0xfffe0000, 0x407,    2,       0xcf8,      UINT64_MAX, 0xe4000001, 0x80008010,
		0x180,      AT_TABLE, 0x10041, 6,
	};
	uint64_t v = values[roll(EC_ARRAY_SIZE(values))];

	return roll(4) ? v : v ^ 1ull << roll(40);
}

static uint64_t some_address(const struct ec_ioreq *q)
{
	static const uint32_t offsets[] = { 0x04, 0x06, 0x0c, 0x10, 0x14,  0x18,  0x1c, 0x20,
					    0x24, 0x30, 0x3c, 0x44, 0x52,  0x54,  0x58, 0x5c,
					    0x78, 0xb0, 0xb2, 0xb4, 0xffc, 0x100, 0xfe, 0xe4 };
	static const uint64_t pages[] = { AT_TABLE, AT_PBA, 0xe2001000, AT_ECAM, 0xe0001000 };
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
			return AT_ECAM + (device << 15) + off;
		return pages[roll(EC_ARRAY_SIZE(pages))] + (roll(4) ? roll(70) * 4 : roll(0x1000));
	}
}

static void attack(uint32_t domid)
{
	static const uint8_t types[] = { 0, 1, 1, 1, 2, 2, 2, 2, 7, 8, 3, 0xff };
	static const uint32_t sizes[] = { 1, 2, 4, 4, 4, 8, 3, 0, 16 };
	static const uint32_t counts[] = { 1, 1, 1, 1, 1, 1, 2, 3, 64, 0, 5000, UINT32_MAX };
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
	fakexen_request(w->f, domid, &q);
}

START_TEST(hostile)
{
	uint32_t domid = _i & 1 ? HVM : PVH;
	struct ec_attach_spec spec = { .host = NIC, .ecam = EC_ECAM_AT, .ecam_base = AT_ECAM };
	unsigned int mapped = 0, bound = 0;

	state = 0x9e3779b97f4a7c15 + (unsigned int)_i;
	w = world_typical();
	ck_assert_int_eq(world_attach_as(w, domid, &spec), 0);
	slot = ec_sbdf_device(w->fn.guest);
	ck_assert_int_eq(world_attach(w, domid, NIC2), 0);
	for (unsigned int i = 0; i < 20000; i++) {
		if (i % 500 == 0)
			use(domid);
		attack(domid);
		ck_assert_msg(!fakexen_violation(w->f, 0), "request %u: %s", i,
			      fakexen_violation(w->f, 0));
		if (i % 500 == 499) {
			mapped += fakexen_count(w->f, "map_memory");
			bound += fakexen_count(w->f, "bind_msi");
			fakexen_forget(w->f);
		}
	}
	/* it got somewhere, and not into the log */
	ck_assert_uint_gt(mapped, 100);
	ck_assert_uint_gt(bound, 100);
	ck_assert_uint_le(w->lines, 200);
	ck_assert_uint_eq(fakexen_peek(w->f, NIC, PCI_COMMAND, 2) & 0x343, 3);
	ck_assert_int_eq(world_detach(w, domid, NIC), 0);
	ck_assert_int_eq(world_detach(w, domid, NIC2), 0);
	world_check_clean(w);
	ck_assert_uint_eq(fakexen_peek(w->f, NIC, 0x1c, 4), BAR3);
}
END_TEST

Suite *suite_service_hostile(void)
{
	Suite *s = suite_create("service_hostile");
	TCase *t = tcase_create("service_hostile");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, hostile, 0, 6);
	suite_add_tcase(s, t);
	return s;
}
