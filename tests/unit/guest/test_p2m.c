/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The map of what a guest has mapped: ranges of frames, trapped or not. */
#include <errno.h>
#include <string.h>

#include "guest/p2m.h"
#include "suites.h"

static struct ec_p2m p;

/* Two devices that are compared, never dereferenced. */
static char space[2];
static struct ec_device *const one = (struct ec_device *)space;
static struct ec_device *const other = (struct ec_device *)(space + 1);

static void setup(void)
{
	memset(&p, 0, sizeof(p));
}

static struct ec_p2m_range run(uint64_t gfn, uint64_t n, uint8_t bar, struct ec_device *device)
{
	return (struct ec_p2m_range){
		.gfn = gfn, .n = n, .mfn = gfn + 0x1000, .bar = bar, .device = device
	};
}

static int add(uint64_t gfn, uint64_t n, uint8_t bar, struct ec_device *device)
{
	struct ec_p2m_range r = run(gfn, n, bar, device);

	return ec_p2m_add(&p, &r);
}

/* From every side. */
START_TEST(a_range_that_overlaps_is_refused)
{
	ck_assert(ec_p2m_free(&p, 0, 1));
	ck_assert_int_eq(add(0x100, 16, 0, one), 0);
	for (uint64_t gfn = 0xe0; gfn < 0x120; gfn++)
		for (uint64_t n = 1; n <= 0x40; n++) {
			bool overlap = gfn < 0x110 && gfn + n > 0x100;

			ck_assert_msg(ec_p2m_free(&p, gfn, n) == !overlap, "%lx n %lu", gfn, n);
			if (overlap)
				ck_assert_int_eq(add(gfn, n, 1, other), -EEXIST);
		}
	ck_assert_uint_eq(p.n, 1);
	ck_assert_int_eq(add(0x110, 1, 1, one), 0);
	ck_assert_int_eq(add(0xff, 1, 1, one), 0);
	ck_assert_int_eq(add(0xff, 18, 1, one), -EEXIST);
	ck_assert_uint_eq(p.n, 3);
}
END_TEST

START_TEST(a_range_over_the_end_is_refused)
{
	ck_assert(!ec_p2m_free(&p, UINT64_MAX, 2));
	ck_assert(!ec_p2m_free(&p, UINT64_MAX - 3, 5));
	ck_assert(!ec_p2m_free(&p, 5, UINT64_MAX));
	ck_assert(!ec_p2m_free(&p, UINT64_MAX, UINT64_MAX));
	ck_assert(ec_p2m_free(&p, UINT64_MAX - 4, 4));
	ck_assert_int_lt(add(UINT64_MAX - 3, 5, 0, one), 0);
	ck_assert_uint_eq(p.n, 0);
	ck_assert_int_eq(add(UINT64_MAX - 4, 4, 0, one), 0);
	ck_assert(!ec_p2m_free(&p, UINT64_MAX - 4, 1));
	ck_assert(ec_p2m_free(&p, 0, 1));
}
END_TEST

START_TEST(a_full_map_has_no_room)
{
	struct ec_p2m_range r;

	for (unsigned int i = 0; i < EC_P2M_MAX; i++)
		ck_assert_int_eq(add(i * 2, 1, i % 7, i & 1 ? one : other), 0);
	ck_assert_int_eq(add(0x10000, 1, 0, one), -ENOSPC);
	ck_assert_int_eq(add(4, 1, 0, one), -EEXIST);
	ck_assert_uint_eq(p.n, EC_P2M_MAX);
	ck_assert_int_eq(ec_p2m_take(&p, one, 1, &r), 1);
	ck_assert_int_eq(add(0x10000, 1, 0, one), 0);
	ck_assert_int_eq(add(r.gfn, 1, 0, one), -ENOSPC);
}
END_TEST

/* And no other one with it. */
START_TEST(a_range_is_taken_once_as_it_was_added)
{
	struct ec_p2m_range r, a = run(0x10, 2, 3, one);
	unsigned int n = 0;
	uint64_t gfns = 0;

	a.page = 5;
	ck_assert_int_eq(ec_p2m_add(&p, &a), 0);
	ck_assert_int_eq(add(0x20, 1, 3, other), 0);
	ck_assert_int_eq(add(0x30, 1, 4, one), 0);
	ck_assert_int_eq(add(0x40, 1, 3, one), 0);
	for (; ec_p2m_take(&p, one, 3, &r) == 1; n++) {
		ck_assert_ptr_eq(r.device, one);
		ck_assert_uint_eq(r.bar, 3);
		if (r.gfn == 0x10)
			ck_assert(r.n == 2 && r.mfn == a.mfn && r.page == 5 && !r.trapped);
		gfns += r.gfn;
	}
	ck_assert_uint_eq(n, 2);
	ck_assert_uint_eq(gfns, 0x50);
	ck_assert_int_eq(ec_p2m_take(&p, one, 3, &r), 0);
	ck_assert(ec_p2m_free(&p, 0x10, 2));
	ck_assert(ec_p2m_free(&p, 0x40, 1));
	ck_assert(!ec_p2m_free(&p, 0x20, 1));
	ck_assert(!ec_p2m_free(&p, 0x30, 1));
	ck_assert_uint_eq(p.n, 2);
}
END_TEST

START_TEST(a_trapped_range_is_found_by_address)
{
	struct ec_p2m_range a = run(0x10, 2, 3, one);

	a.trapped = true;
	ck_assert_ptr_null(ec_p2m_trapped(&p, 0));
	ck_assert_int_eq(ec_p2m_add(&p, &a), 0);
	ck_assert_int_eq(add(0x12, 1, 3, one), 0);
	ck_assert_ptr_null(ec_p2m_trapped(&p, 0xffff));
	ck_assert_ptr_nonnull(ec_p2m_trapped(&p, 0x10000));
	ck_assert_uint_eq(ec_p2m_trapped(&p, 0x11fff)->gfn, 0x10);
	ck_assert_ptr_null(ec_p2m_trapped(&p, 0x12000)); /* mapped */
	ck_assert_ptr_null(ec_p2m_trapped(&p, UINT64_MAX));
	/* bits above the 32nd count */
	ck_assert_ptr_null(ec_p2m_trapped(&p, 0x100010000));
	a.gfn = 0xffffffffff;
	ck_assert_int_eq(ec_p2m_add(&p, &a), 0);
	ck_assert_ptr_nonnull(ec_p2m_trapped(&p, 0xfffffffffffff));
}
END_TEST

Suite *suite_guest_p2m(void)
{
	Suite *s = suite_create("guest_p2m");
	TCase *t = tcase_create("p2m");

	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, a_range_that_overlaps_is_refused);
	tcase_add_test(t, a_range_over_the_end_is_refused);
	tcase_add_test(t, a_full_map_has_no_room);
	tcase_add_test(t, a_range_is_taken_once_as_it_was_added);
	tcase_add_test(t, a_trapped_range_is_found_by_address);
	suite_add_tcase(s, t);
	return s;
}
