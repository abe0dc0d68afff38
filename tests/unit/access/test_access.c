/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <pci/header.h>

#include "core/bits.h"
#include "fixture.h"
#include "rig.h"
#include "suites.h"

#define PMCSR (NIC_PM + PCI_PM_CTRL)
#define DEVSTA (NIC_EXP + PCI_EXP_DEVSTA)
/* DEVSTA: the RW1C bits, and two that are RO */
#define ERRORS 0x0fu
#define OTHERS 0x30u
#define COMMAND (PCI_COMMAND_DISABLE_INTx | PCI_COMMAND_MASTER | PCI_COMMAND_MEMORY)
#define IDS 0x00011234u
#define SATA 0x40
#define SATA_INDEX (SATA + 8)
#define SATA_DATA (SATA + 12)

static struct rig *r;
static struct fixture x;

static void setup(void)
{
	r = rig_new();
	fixture_nic(&x);
	rig_attach(r, &x.img, EC_FLATTENED, NULL);
}

static void teardown(void)
{
	rig_free(r);
}

/* The @len bytes at @off, read one by one. */
static uint64_t by_bytes(uint32_t off, uint32_t len)
{
	uint64_t v = 0;

	for (uint32_t i = 0; i < len; i++)
		v |= rig_read(r, off + i, 1) << i * 8;
	return v;
}

START_TEST(any_width_at_any_offset_is_its_bytes)
{
	for (uint32_t len = 1; len <= 8; len *= 2)
		for (uint32_t off = 0; off < 0x240; off++) {
			uint64_t bytes = by_bytes(off, len);

			ck_assert_uint_eq(rig_read(r, off, len), bytes);
			ck_assert_int_eq(r->last.verdict, EC_V_SERVED);
		}
}
END_TEST

/* On functions of every size. */
START_TEST(bytes_past_the_end_read_ff_and_drop_writes)
{
	static const uint32_t sizes[] = { 64, 256, 4096 };
	uint32_t end = sizes[_i];

	fixture_init(&x, end, 0);
	rig_attach(r, &x.img, EC_BYPASSED, NULL);
	ck_assert_uint_eq(rig_read(r, end - 1, 2), 0xff00 | rig_read(r, end - 1, 1));
	ck_assert_uint_eq(rig_read(r, end - 2, 4) >> 16, 0xffff);
	ck_assert_uint_eq(rig_read(r, end - 3, 8) >> 24, 0xffffffffff);
	for (uint32_t off = end; off >= end; off = off * 2 + 3) {
		ck_assert_uint_eq(rig_read(r, off, 8), UINT64_MAX);
		ck_assert_int_eq(r->last.verdict, EC_V_SERVED);
		ck_assert_int_eq(rig_write(r, off, 8, 0), EC_V_DROPPED);
		if (off > 0x7fffffff)
			break;
	}
	ck_assert_uint_eq(rig_read(r, 0xffffffff, 8), UINT64_MAX);
}
END_TEST

START_TEST(a_bad_length_reads_ones_and_drops_writes)
{
	static const uint32_t lengths[] = { 0, 3, 5, 6, 7, 9, 16, 4096, 0xffffffff, 33, 34, 36 };

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(lengths); i++) {
		ck_assert_uint_eq(rig_read(r, 0, lengths[i]), ec_ones(lengths[i]));
		ck_assert_int_eq(r->last.verdict, EC_V_MALFORMED);
		ck_assert_int_eq(rig_write(r, PCI_BASE_ADDRESS_0, lengths[i], 0xffffffff),
				 EC_V_MALFORMED);
		ck_assert_uint_eq(r->n, 0);
		ck_assert_uint_eq(rig_read(r, PCI_BASE_ADDRESS_0, 4),
				  PCI_BASE_ADDRESS_MEM_TYPE_64 | PCI_BASE_ADDRESS_MEM_PREFETCH);
	}
}
END_TEST

START_TEST(no_function_reads_ones_and_drops_writes)
{
	struct ec_access a = { .at = { 0, 0, 8 }, .length = 4 };
	static const struct ec_sbdf nowhere[] = {
		{ 0, 0, 1 }, { 0, 1, 0 }, { 1, 0, 0 }, { 0, 255, 255 }, { 0x10000, 0, 0 }
	};

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(nowhere); i++) {
		a.at = nowhere[i];
		a.write = false;
		a.value = 0;
		ec_access_handle(&r->guest, &a);
		ck_assert_int_eq(a.verdict, EC_V_NO_FUNCTION);
		ck_assert_uint_eq(a.value, 0xffffffff);
		a.write = true;
		ec_access_handle(&r->guest, &a);
		ck_assert_int_eq(a.verdict, EC_V_NO_FUNCTION);
	}
}
END_TEST

START_TEST(a_bus_map_has_one_function_per_address)
{
	struct ec_function more[3] = { { .at = { 0, 0x7f, 0x12 } },
				       { .at = { 0, 0x7f, 0x12 } },
				       { .at = { 1, 0, 0 } } };
	struct ec_bus_map g = { 0 };

	ck_assert_int_eq(ec_bus_map_add(&g, more), 0);
	ck_assert_int_eq(ec_bus_map_add(&g, more + 1), -EBUSY);
	ck_assert_int_eq(ec_bus_map_add(&g, more + 2), -ERANGE);
	ec_bus_map_remove(&g, more[0].at);
	ec_bus_map_remove(&g, more[0].at);
	ec_bus_map_remove(&g, more[2].at);
	ck_assert_int_eq(ec_bus_map_add(&g, more + 1), 0);
	ec_bus_map_clear(&g);
	ec_bus_map_clear(&g);
	ck_assert_int_eq(ec_bus_map_add(&g, more), 0);
	ec_bus_map_clear(&g);
}
END_TEST

/* COMMAND without STATUS, whose RW1C bits a wider write would clear. */
START_TEST(a_write_is_as_narrow_as_its_live_bytes)
{
	ec_put_le(r->device.image.byte + PCI_STATUS, 2, 0xf918);
	rig_write(r, PCI_COMMAND, 2, PCI_COMMAND_MASTER);
	ck_assert_uint_eq(r->n, 2);
	ck_assert(!r->hw[0].write && r->hw[0].offset == PCI_COMMAND && r->hw[0].len == 1);
	ck_assert(r->hw[1].write && r->hw[1].offset == PCI_COMMAND && r->hw[1].len == 1);
	rig_write(r, PCI_COMMAND, 4,
		  (uint32_t)PCI_STATUS_REC_MASTER_ABORT << 16 | PCI_COMMAND_MASTER);
	ck_assert_uint_eq(ec_image_get(&r->device.image, PCI_STATUS, 2), 0xd918);
	for (unsigned int i = 0; i < r->n; i++)
		ck_assert(!r->hw[i].write || r->hw[i].len == 1);
}
END_TEST

/* Every value of DEVSTA's low byte. */
START_TEST(an_rw1c_bit_is_cleared_only_by_the_guest)
{
	for (uint32_t v = 0; v < 0x100; v++) {
		ec_put_le(r->device.image.byte + DEVSTA, 2, ERRORS | OTHERS);
		rig_write(r, DEVSTA, 2, v);
		ck_assert_uint_eq(ec_image_get(&r->device.image, DEVSTA, 2),
				  OTHERS | (ERRORS & ~v));
	}
}
END_TEST

/* Data_Select is written; PME_En stays, PME_Status is not cleared, reserved bits stay. */
START_TEST(bits_of_the_host_are_written_back)
{
	ec_put_le(r->device.image.byte + PMCSR, 2, 0xa1f4);
	ck_assert_int_eq(rig_write(r, PMCSR, 2, 0xffff & ~PCI_PM_CTRL_STATE_MASK), EC_V_SERVED);
	ck_assert_uint_eq(r->n, 2);
	ck_assert(r->hw[1].write && r->hw[1].offset == PMCSR + 1 && r->hw[1].len == 1);
	ck_assert_uint_eq(r->hw[1].value, 0x1f);
	ck_assert_uint_eq(ec_image_get(&r->device.image, PMCSR, 2), 0xbff4);
}
END_TEST

START_TEST(no_write_follows_a_failed_read)
{
	r->fail_reads = EIO;
	ck_assert_int_eq(rig_write(r, PCI_COMMAND, 2, COMMAND), EC_V_HW_ERROR);
	ck_assert_uint_eq(r->n, 0);
	ck_assert_uint_eq(r->last.actions.n, 0);
	ck_assert_uint_eq(rig_read(r, PCI_COMMAND, 4), 0xffffffff);
	ck_assert_int_eq(r->last.verdict, EC_V_HW_ERROR);
	/* reads without live bits still work */
	ck_assert_uint_eq(rig_read(r, PCI_VENDOR_ID, 4), IDS);
	ck_assert_uint_eq(rig_read(r, PCI_VENDOR_ID, 8), 0xffffffff00000000 | IDS);
	r->fail_reads = 0;
	ck_assert_uint_eq(rig_read(r, PCI_COMMAND, 2), 0);
}
END_TEST

START_TEST(a_failed_write_changes_nothing)
{
	r->fail_writes = EIO;
	ck_assert_int_eq(rig_write(r, PCI_COMMAND, 4, 0xffff0000 | COMMAND), EC_V_HW_ERROR);
	ck_assert_uint_eq(r->last.actions.n, 0);
	ck_assert_uint_eq(r->n, 2); /* the failed write was the last access */
	r->fail_writes = 0;
	ck_assert_uint_eq(rig_read(r, PCI_COMMAND, 2), 0);
	/* the rest of the same access is not done either */
	r->fail_writes = EIO;
	ck_assert_int_eq(rig_write(r, DEVSTA, 8, ~0ull), EC_V_HW_ERROR);
	r->fail_writes = 0;
	ck_assert_uint_eq(rig_read(r, NIC_EXP + PCI_EXP_LNKCTL, 2), 0);
}
END_TEST

START_TEST(an_exact_register_is_read_whole_and_alone)
{
	fixture_init(&x, 256, 0);
	/* SATACR1 says that index and data follow it: reading data has a side effect */
	fixture_cap(&x, SATA, PCI_CAP_ID_SATA);
	fixture_put(&x, SATA + 4, 4, 0x0f);
	fixture_put(&x, SATA_INDEX, 4, 0x11111111);
	fixture_put(&x, SATA_DATA, 4, 0x22334455);
	rig_attach(r, &x.img, EC_BYPASSED, NULL);
	for (uint32_t len = 1; len <= 8; len *= 2)
		for (uint32_t off = SATA_INDEX; off < SATA_DATA + 4; off++) {
			rig_read(r, off, len);
			for (unsigned int i = 0; i < r->n; i++)
				ck_assert_uint_eq(r->hw[i].len, 4);
			ck_assert_int_eq(rig_write(r, off, len, 0), EC_V_DROPPED);
			ck_assert_uint_eq(r->n, 0);
		}
	ck_assert_uint_eq(rig_read(r, SATA_DATA + 1, 2), 0x3344);
}
END_TEST

START_TEST(a_verdict_says_whether_a_write_could_change_anything)
{
	ck_assert_int_eq(rig_write(r, PCI_VENDOR_ID, 4, 0), EC_V_DROPPED);
	ck_assert_int_eq(rig_write(r, PCI_STATUS, 1, 0xff), EC_V_DROPPED);
	ck_assert_int_eq(rig_write(r, PCI_STATUS + 1, 1, 0xff), EC_V_SERVED);
	ck_assert_int_eq(rig_write(r, PCI_CACHE_LINE_SIZE, 1, 8), EC_V_SERVED);
	ck_assert_uint_eq(rig_read(r, PCI_CACHE_LINE_SIZE, 1), 8);
	/* two of its bytes are writable */
	ck_assert_int_eq(rig_write(r, PCI_CACHE_LINE_SIZE, 4, 0xffffffff), EC_V_SERVED);
	ck_assert_uint_eq(rig_read(r, PCI_CACHE_LINE_SIZE, 4), 0x0000ffff);
	ck_assert_int_eq(rig_write(r, NIC_GAP, 8, 0), EC_V_DROPPED);
}
END_TEST

Suite *suite_access_access(void)
{
	Suite *s = suite_create("access_access");
	TCase *t = tcase_create("access");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, any_width_at_any_offset_is_its_bytes);
	tcase_add_loop_test(t, bytes_past_the_end_read_ff_and_drop_writes, 0, 3);
	tcase_add_test(t, a_bad_length_reads_ones_and_drops_writes);
	tcase_add_test(t, no_function_reads_ones_and_drops_writes);
	tcase_add_test(t, a_bus_map_has_one_function_per_address);
	tcase_add_test(t, a_write_is_as_narrow_as_its_live_bytes);
	tcase_add_test(t, an_rw1c_bit_is_cleared_only_by_the_guest);
	tcase_add_test(t, bits_of_the_host_are_written_back);
	tcase_add_test(t, no_write_follows_a_failed_read);
	tcase_add_test(t, a_failed_write_changes_nothing);
	tcase_add_test(t, an_exact_register_is_read_whole_and_alone);
	tcase_add_test(t, a_verdict_says_whether_a_write_could_change_anything);
	suite_add_tcase(s, t);
	return s;
}
