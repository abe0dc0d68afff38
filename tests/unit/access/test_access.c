/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <pci/header.h>

#include "core/bits.h"
#include "fixture.h"
#include "rig.h"
#include "suites.h"

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

/* The value that single bytes make, of @len bytes at @off. */
static uint64_t by_bytes(uint32_t off, uint32_t len)
{
	uint64_t v = 0;

	for (uint32_t i = 0; i < len; i++)
		v |= rig_read(r, off + i, 1) << i * 8;
	return v;
}

START_TEST(any_width_at_any_offset)
{
	for (uint32_t len = 1; len <= 8; len *= 2)
		for (uint32_t off = 0; off < 0x240; off++) {
			uint64_t bytes = by_bytes(off, len);

			ck_assert_uint_eq(rig_read(r, off, len), bytes);
			ck_assert_int_eq(r->last.verdict, EC_V_SERVED);
		}
}
END_TEST

/* The last bytes, and those that are not there: on functions of every size. */
START_TEST(past_the_end)
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

START_TEST(malformed)
{
	static const uint32_t lengths[] = { 0, 3, 5, 6, 7, 9, 16, 4096, 0xffffffff, 33, 34, 36 };

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(lengths); i++) {
		ck_assert_uint_eq(rig_read(r, 0, lengths[i]), ec_ones(lengths[i]));
		ck_assert_int_eq(r->last.verdict, EC_V_MALFORMED);
		ck_assert_int_eq(rig_write(r, 0x10, lengths[i], 0xffffffff), EC_V_MALFORMED);
		ck_assert_uint_eq(r->n, 0);
		ck_assert_uint_eq(rig_read(r, 0x10, 4), 0x0c);
	}
}
END_TEST

START_TEST(no_function)
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

START_TEST(directory)
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

/* COMMAND is written without STATUS, whose RW1C bits a wider write would clear. */
START_TEST(narrowest_write)
{
	ec_put_le(r->device.image.byte + 6, 2, 0xf918);
	rig_write(r, 0x04, 2, 0x0004);
	ck_assert_uint_eq(r->n, 2);
	ck_assert(!r->hw[0].write && r->hw[0].offset == 4 && r->hw[0].len == 1);
	ck_assert(r->hw[1].write && r->hw[1].offset == 4 && r->hw[1].len == 1);
	rig_write(r, 0x04, 4, 0x20000004);
	ck_assert_uint_eq(ec_image_get(&r->device.image, 6, 2), 0xd918);
	for (unsigned int i = 0; i < r->n; i++)
		ck_assert(!r->hw[i].write || r->hw[i].len == 1);
}
END_TEST

/* What clears by 1 is cleared only by the guest's own 1, for every value. */
START_TEST(rw1c_only_by_the_guest)
{
	for (uint32_t v = 0; v < 0x100; v++) {
		ec_put_le(r->device.image.byte + 0x7a, 2, 0x003f);
		rig_write(r, 0x7a, 2, v);
		ck_assert_uint_eq(ec_image_get(&r->device.image, 0x7a, 2), 0x0030 | (0x0f & ~v));
	}
}
END_TEST

/* Data_Select reaches the device: PME_En stays, PME_Status is not cleared, reserved bits stay. */
START_TEST(read_modify_write)
{
	ec_put_le(r->device.image.byte + 0x44, 2, 0xa1f4);
	ck_assert_int_eq(rig_write(r, 0x44, 2, 0xffff & ~0x0003), EC_V_SERVED);
	ck_assert_uint_eq(r->n, 2);
	ck_assert(r->hw[1].write && r->hw[1].offset == 0x45 && r->hw[1].len == 1);
	ck_assert_uint_eq(r->hw[1].value, 0x1f);
	ck_assert_uint_eq(ec_image_get(&r->device.image, 0x44, 2), 0xbff4);
}
END_TEST

START_TEST(no_write_after_failed_read)
{
	r->fail_reads = EIO;
	ck_assert_int_eq(rig_write(r, 0x04, 2, 0x0406), EC_V_HW_ERROR);
	ck_assert_uint_eq(r->n, 0);
	ck_assert_uint_eq(r->last.actions.n, 0);
	ck_assert_uint_eq(rig_read(r, 0x04, 4), 0xffffffff);
	ck_assert_int_eq(r->last.verdict, EC_V_HW_ERROR);
	/* what needs no hardware is served as ever */
	ck_assert_uint_eq(rig_read(r, 0x00, 4), 0x00011234);
	ck_assert_uint_eq(rig_read(r, 0x00, 8), 0xffffffff00011234);
	r->fail_reads = 0;
	ck_assert_uint_eq(rig_read(r, 0x04, 2), 0);
}
END_TEST

START_TEST(failed_write_changes_nothing)
{
	r->fail_writes = EIO;
	ck_assert_int_eq(rig_write(r, 0x04, 4, 0xffff0406), EC_V_HW_ERROR);
	ck_assert_uint_eq(r->last.actions.n, 0);
	ck_assert_uint_eq(r->n, 2); /* the failed write was the last thing done */
	r->fail_writes = 0;
	ck_assert_uint_eq(rig_read(r, 0x04, 2), 0);
	/* and what would follow it in the same access is not done either */
	r->fail_writes = EIO;
	ck_assert_int_eq(rig_write(r, 0x7a, 8, ~0ull), EC_V_HW_ERROR);
	r->fail_writes = 0;
	ck_assert_uint_eq(rig_read(r, 0x80, 2), 0);
}
END_TEST

/* A register with side effects: shown, it is only ever read whole, and alone. */
START_TEST(exact_width)
{
	fixture_init(&x, 256, 0);
	fixture_cap(&x, 0x40, PCI_CAP_ID_SATA);
	fixture_put(&x, 0x44, 4, 0x0f);
	fixture_put(&x, 0x48, 4, 0x11111111);
	fixture_put(&x, 0x4c, 4, 0x22334455);
	rig_attach(r, &x.img, EC_BYPASSED, NULL);
	for (uint32_t len = 1; len <= 8; len *= 2)
		for (uint32_t off = 0x48; off < 0x50; off++) {
			rig_read(r, off, len);
			for (unsigned int i = 0; i < r->n; i++)
				ck_assert_uint_eq(r->hw[i].len, 4);
			ck_assert_int_eq(rig_write(r, off, len, 0), EC_V_DROPPED);
			ck_assert_uint_eq(r->n, 0);
		}
	ck_assert_uint_eq(rig_read(r, 0x4d, 2), 0x3344);
}
END_TEST

START_TEST(verdicts)
{
	ck_assert_int_eq(rig_write(r, 0x00, 4, 0), EC_V_DROPPED);
	ck_assert_int_eq(rig_write(r, 0x06, 1, 0xff), EC_V_DROPPED);
	ck_assert_int_eq(rig_write(r, 0x07, 1, 0xff), EC_V_SERVED);
	ck_assert_int_eq(rig_write(r, 0x0c, 1, 8), EC_V_SERVED);
	ck_assert_uint_eq(rig_read(r, 0x0c, 1), 8);
	/* partly writable */
	ck_assert_int_eq(rig_write(r, 0x0c, 4, 0xffffffff), EC_V_SERVED);
	ck_assert_uint_eq(rig_read(r, 0x0c, 4), 0x0000ffff);
	ck_assert_int_eq(rig_write(r, 0xc0, 8, 0), EC_V_DROPPED);
}
END_TEST

Suite *suite_access_access(void)
{
	Suite *s = suite_create("access_access");
	TCase *t = tcase_create("access");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, any_width_at_any_offset);
	tcase_add_loop_test(t, past_the_end, 0, 3);
	tcase_add_test(t, malformed);
	tcase_add_test(t, no_function);
	tcase_add_test(t, directory);
	tcase_add_test(t, narrowest_write);
	tcase_add_test(t, rw1c_only_by_the_guest);
	tcase_add_test(t, read_modify_write);
	tcase_add_test(t, no_write_after_failed_read);
	tcase_add_test(t, failed_write_changes_nothing);
	tcase_add_test(t, exact_width);
	tcase_add_test(t, verdicts);
	suite_add_tcase(s, t);
	return s;
}
