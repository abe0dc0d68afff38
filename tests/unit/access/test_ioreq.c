/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "core/bits.h"
#include "core/ecam.h"
#include "ioreq_model.h"
#include "model.h"
#include "suites.h"

static struct ioreq_outcome got, want;

static void setup(void)
{
	got.copy_rc = want.copy_rc = 0;
}

static bool same(const struct ec_ioreq *a, const struct ec_ioreq *b)
{
	return a->type == b->type && a->write == b->write && a->df == b->df &&
	       a->data_is_ptr == b->data_is_ptr && a->size == b->size && a->count == b->count &&
	       a->addr == b->addr;
}

/*
 * Serves @q and returns its data; nothing else of it may change. No ck_assert() on the usual path:
 * the tests with the model call this a million times, and each assertion is a message to another
 * process.
 */
static uint64_t serve(struct ec_ioreq q)
{
	struct ec_ioreq before = q;

	got.calls = 0;
	got.copies = 0;
	ec_ioreq_serve(&q, &ioreq_target, &got);
	if (!same(&q, &before) || ((q.write || q.data_is_ptr) && q.data != before.data))
		ck_abort_msg("the request was changed");
	if (!q.write && !q.data_is_ptr && (q.data & ~ec_ones(q.size)))
		ck_abort_msg("bits above the width");
	return q.data;
}

static void check(unsigned int i, struct ioreq_call c)
{
	const struct ioreq_call *g = &got.call[i];

	ck_assert_uint_lt(i, got.calls);
	ck_assert_msg(!memcmp(g, &c, sizeof(c)), "call %u: %u/%x %lx len %u write %u value %lx", i,
		      g->space, g->bdf, g->addr, g->len, g->write, g->value);
}

static void check_counts(unsigned int calls, unsigned int copies)
{
	ck_assert_uint_eq(got.calls, calls);
	ck_assert_uint_eq(got.copies, copies);
}

/* All data were copied at once, in the right direction. */
static void check_copy(const struct ec_ioreq *q, uint64_t gpa)
{
	check_counts(q->count, 1);
	ck_assert_uint_eq(got.gpa, gpa);
	ck_assert_uint_eq(got.len, q->count * q->size);
	ck_assert(got.to_guest == !q->write);
}

/* Serves @q as a read, then as a write: so does a read-modify-write instruction arrive. */
static void check_both(struct ec_ioreq q, struct ioreq_call c)
{
	q.data = 0x8877665544332211;
	c.len = q.size;
	ck_assert_uint_eq(serve(q), ioreq_answer(c.space, c.addr, 1) & ec_ones(q.size));
	check_counts(1, 0);
	check(0, c);
	q.write = true;
	c.write = 1;
	c.value = q.data & ec_ones(q.size);
	serve(q);
	check_counts(1, 0);
	check(0, c);
}

/*
 * Accesses to CONFIG_DATA with the enable bit of CONFIG_ADDRESS: any register, extended ones on
 * AMD, past the dword and past ff. The SBDF is that of the request.
 */
START_TEST(a_config_request_reaches_its_function_and_register)
{
	static const uint32_t regs[] = { 0, 0x3d, 0xfd, 0xff, 0xfff, 0xffd, 0x12345 };
	struct ec_ioreq q = { .type = EC_IOREQ_PCI_CONFIG, .count = 1 };
	struct ec_sbdf at = { 0xffee, 0xdc, 0xba };

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(regs); i++)
		for (q.size = 1; q.size <= 4; q.size *= 2) {
			ck_assert_int_eq(ec_pci_config_encode(at, regs[i], &q.addr), 0);
			check_both(q, (struct ioreq_call){ .space = IOREQ_CONFIG,
							   .bdf = 0xffeedcba,
							   .addr = regs[i] });
		}
}
END_TEST

/* Other I/O ports. */
START_TEST(a_port_request_keeps_all_bits_of_its_address)
{
	static const uint64_t ports[] = { 0,       0x3ff,      0xcf8,       0xcff,
					  0xffff,  0x10000,    0x10cf8,     0xffffffff,
					  1 << 30, 1ull << 63, 0x100000cf8, UINT64_MAX - 3 };
	struct ec_ioreq q = { .type = EC_IOREQ_PIO, .count = 1 };

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(ports); i++)
		for (q.size = 1; q.size <= 4; q.size *= 2) {
			q.addr = ports[i];
			check_both(q, (struct ioreq_call){ .space = IOREQ_PORT, .addr = q.addr });
		}
}
END_TEST

/* Loads and stores of any width and alignment; one crosses a page. */
START_TEST(a_memory_request_arrives_whole)
{
	static const uint32_t offsets[] = { 0, 1, 3, 6, 0xfc, 0xfd, 0xffc, 0xffd, 0xfff };
	struct ec_ioreq q = { .type = EC_IOREQ_COPY, .count = 1 };

	for (unsigned int i = 0; i < EC_ARRAY_SIZE(offsets) * 2; i++)
		for (q.size = 1; q.size <= 8; q.size *= 2) {
			q.df = i % 2;
			q.addr = 0xe0008000 + offsets[i / 2];
			check_both(q, (struct ioreq_call){ .space = IOREQ_MEMORY, .addr = q.addr });
		}
}
END_TEST

/* rep ins, outs and movs, up and down. */
START_TEST(repetitions_step_memory_and_not_registers)
{
	bool movs = _i & 1, df = _i & 2, write = _i & 4;
	struct ec_ioreq q = { .type = movs ? EC_IOREQ_COPY : EC_IOREQ_PCI_CONFIG,
			      .write = write,
			      .df = df,
			      .data_is_ptr = true,
			      .size = 2,
			      .count = 33,
			      .addr = movs ? 0xe0000144 : 0x1800000044,
			      .data = df ? 0x5044 : 0x5004 };

	serve(q);
	check_copy(&q, 0x5004);
	for (uint32_t i = 0; i < 33; i++) {
		uint64_t step = df ? -2ll * i : 2ll * i;
		struct ioreq_call c = { .space = movs ? IOREQ_MEMORY : IOREQ_CONFIG,
					.len = 2,
					.write = write,
					.bdf = movs ? 0 : 0x18,
					.addr = movs ? q.addr + step : 0x44,
					.value = write ? ioreq_ram(q.data + step, 2) : 0 };

		check(i, c);
		if (!write)
			ck_assert_uint_eq(ec_get_le(got.bytes + (q.data + step - 0x5004), 2),
					  ioreq_answer(c.space, c.addr, i + 1) & 0xffff);
	}
}
END_TEST

START_TEST(data_in_memory_touch_two_pages_at_most)
{
	struct ec_ioreq q = { .type = EC_IOREQ_COPY,
			      .write = true,
			      .data_is_ptr = true,
			      .size = 8,
			      .count = 1,
			      .addr = 0xe0002000,
			      .data = 0x1ffd };

	serve(q);
	check_copy(&q, 0x1ffd);
	check(0, (struct ioreq_call){ IOREQ_MEMORY, 8, 1, 0, 0xe0002000, ioreq_ram(0x1ffd, 8) });
	q.count = 1024;
	q.data = 0x2000;
	serve(q);
	check_copy(&q, 0x2000);
	q.data = 0x2001;
	serve(q);
	check_counts(0, 0);
	q.count = 1023;
	serve(q);
	check_copy(&q, 0x2001);
	q.df = true;
	q.data = 0x3ff8;
	serve(q);
	check_copy(&q, 0x2008);
	q.data = 0x3ff9;
	serve(q);
	check_counts(0, 0);
}
END_TEST

/* rep stos. */
START_TEST(repeated_stores_of_one_value_step_the_address)
{
	struct ec_ioreq q = { .type = EC_IOREQ_COPY,
			      .write = true,
			      .size = 2,
			      .count = 2048,
			      .data = 0xffffffffffffbeef };

	for (int df = 0; df < 2; df++) {
		q.df = df;
		q.addr = df ? 0xe0000ffe : 0xe0000000;
		serve(q);
		check_counts(2048, 0);
		for (unsigned int i = 0; i < 2048; i++)
			check(i,
			      (struct ioreq_call){ IOREQ_MEMORY, 2, 1, 0,
						   df ? q.addr - i * 2 : q.addr + i * 2, 0xbeef });
	}
	/* of repeated reads the last one counts */
	q.write = false;
	q.df = false;
	q.count = 3;
	ck_assert_uint_eq(serve(q), ioreq_answer(IOREQ_MEMORY, q.addr + 4, 3) & 0xffff);
}
END_TEST

/* Xen sends them as writes. A read must not return old data. */
START_TEST(broadcasts_are_ignored)
{
	struct ec_ioreq q = {
		.type = EC_IOREQ_INVALIDATE, .write = true, .size = 4, .data = UINT64_MAX
	};

	for (q.count = 0; q.count < 3; q.count++) {
		serve(q);
		check_counts(0, 0);
	}
	q.type = EC_IOREQ_TIMEOFFSET;
	q.size = 8;
	q.count = 1;
	q.data = 3600;
	serve(q);
	check_counts(0, 0);
	q.write = false;
	ck_assert_uint_eq(serve(q), UINT64_MAX);
	q.data_is_ptr = true;
	serve(q);
	check_counts(0, 0);
}
END_TEST

static const struct {
	const char *what;
	struct ec_ioreq q;
} hostile[] = {
	{ "size 0", { .type = EC_IOREQ_COPY, .size = 0, .count = 1 } },
	{ "size 3", { .type = EC_IOREQ_COPY, .size = 3, .count = 1 } },
	{ "size 16", { .type = EC_IOREQ_COPY, .size = 16, .count = 1 } },
	{ "size 2^32-1", { .type = EC_IOREQ_COPY, .size = UINT32_MAX, .count = 1 } },
	{ "size 2^31", { .type = EC_IOREQ_COPY, .size = 1u << 31, .count = 2 } },
	{ "port of 8",
	  { .type = EC_IOREQ_PIO, .size = 8, .count = 1, .addr = EC_PORT_CONFIG_ADDRESS } },
	{ "config of 8", { .type = EC_IOREQ_PCI_CONFIG, .size = 8, .count = 1 } },
	{ "port of 3",
	  { .type = EC_IOREQ_PIO, .size = 3, .count = 1, .addr = EC_PORT_CONFIG_ADDRESS } },
	{ "config of 0", { .type = EC_IOREQ_PCI_CONFIG, .size = 0, .count = 1 } },
	{ "count 0", { .type = EC_IOREQ_COPY, .size = 4, .count = 0 } },
	{ "count 2^32-1", { .type = EC_IOREQ_COPY, .size = 4, .count = UINT32_MAX } },
	{ "count 2^32-1 of 1", { .type = EC_IOREQ_PIO, .size = 1, .count = UINT32_MAX } },
	{ "product 2^32", { .type = EC_IOREQ_COPY, .size = 4, .count = 1u << 30 } },
	{ "product 2^32+4", { .type = EC_IOREQ_COPY, .size = 4, .count = (1u << 30) + 1 } },
	{ "bytes", { .type = EC_IOREQ_COPY, .size = 1, .count = EC_IOREQ_BYTES_MAX + 1 } },
	{ "bytes", { .type = EC_IOREQ_COPY, .size = 8, .count = EC_IOREQ_BYTES_MAX / 8 + 1 } },
	{ "config bytes",
	  { .type = EC_IOREQ_PCI_CONFIG, .size = 4, .count = EC_IOREQ_BYTES_MAX / 4 + 1 } },
	{ "up over the top", { .type = EC_IOREQ_COPY, .size = 2, .count = 1, .addr = UINT64_MAX } },
	{ "up over the top",
	  { .type = EC_IOREQ_COPY, .size = 4, .count = 2, .addr = UINT64_MAX - 6 } },
	{ "down over the top",
	  { .type = EC_IOREQ_COPY, .df = true, .size = 8, .count = 2, .addr = UINT64_MAX - 6 } },
	{ "down below 0", { .type = EC_IOREQ_COPY, .df = true, .size = 1, .count = 2, .addr = 0 } },
	{ "down below 0", { .type = EC_IOREQ_COPY, .df = true, .size = 4, .count = 3, .addr = 7 } },
	{ "port over the top",
	  { .type = EC_IOREQ_PIO, .size = 2, .count = 1, .addr = UINT64_MAX } },
	{ "register over the top",
	  { .type = EC_IOREQ_PCI_CONFIG, .size = 2, .count = 1, .addr = UINT32_MAX } },
	{ "type 3", { .type = 3, .size = 4, .count = 1 } },
	{ "type 255", { .type = 255, .size = 4, .count = 1 } },
};

START_TEST(a_malformed_request_reads_ones_and_does_nothing)
{
	struct ec_ioreq q = hostile[_i].q;

	q.data = 0xaaaaaaaaaaaaaaaa;
	ck_assert_msg(serve(q) == ec_ones(q.size), "%s", hostile[_i].what);
	ck_assert_msg(got.calls == 0 && got.copies == 0, "%s", hostile[_i].what);
	q.write = true;
	serve(q);
	ck_assert_msg(got.calls == 0 && got.copies == 0, "%s", hostile[_i].what);
	q.data_is_ptr = true;
	q.data = 0x4000;
	for (int write = 0; write < 2; write++) {
		q.write = write;
		serve(q);
		ck_assert_msg(got.calls == 0 && got.copies == 0, "%s", hostile[_i].what);
	}
}
END_TEST

START_TEST(addresses_may_reach_the_ends_and_not_wrap)
{
	struct ec_ioreq q = { .type = EC_IOREQ_COPY, .size = 8, .count = 2 };

	for (int ptr = 0; ptr < 2; ptr++)
		for (int df = 0; df < 2; df++) {
			uint64_t *moves = ptr ? &q.data : &q.addr;
			uint64_t high = UINT64_MAX - (df ? 7 : 15), low = df ? 8 : 0;

			q.data_is_ptr = ptr;
			q.df = df;
			q.addr = 0xe0000008;
			*moves = high;
			serve(q);
			ck_assert_uint_eq(got.calls, 2);
			*moves = high + 1;
			serve(q);
			check_counts(0, 0);
			*moves = low;
			serve(q);
			ck_assert_uint_eq(got.calls, 2);
			*moves = low - 1;
			serve(q);
			check_counts(0, 0);
		}
}
END_TEST

START_TEST(nothing_is_written_if_memory_cannot_be_read)
{
	struct ec_ioreq q = { .type = _i,
			      .write = true,
			      .data_is_ptr = true,
			      .size = 4,
			      .count = 3,
			      .addr = EC_PORT_CONFIG_DATA,
			      .data = 0xfff };

	got.copy_rc = -EFAULT;
	serve(q);
	check_counts(0, 1);
	q.write = false;
	serve(q);
	ck_assert(got.calls == 3 && got.copies == 1 && got.to_guest && got.len == 12);
}
END_TEST

static void compare(const struct ec_ioreq *q)
{
	uint64_t answer = ioreq_model(q, &want);
	bool equal = serve(*q) == answer && got.calls == want.calls && got.copies == want.copies;

	equal = equal && !memcmp(got.call, want.call, got.calls * sizeof(*got.call));
	if (equal && got.copies && got.calls)
		equal = got.gpa == want.gpa && got.len == want.len && got.to_guest == !q->write &&
			(q->write || !memcmp(got.bytes, want.bytes, got.len));
	if (!equal)
		ck_abort_msg("type %u size %u count %u addr %lx data %lx%s%s%s: %u calls, not %u",
			     q->type, q->size, q->count, q->addr, q->data, q->write ? " write" : "",
			     q->df ? " df" : "", q->data_is_ptr ? " ptr" : "", got.calls,
			     want.calls);
}

static const uint32_t sizes[] = { 0, 1, 2, 3, 4, 5, 8, 16, 1u << 31, UINT32_MAX };
static const uint32_t counts[] = { 0, 1, 2, 3, UINT32_MAX, 64, 1024, 4097, 8192, 8193, 1u << 30 };
static const uint8_t types[] = { EC_IOREQ_PIO,
				 EC_IOREQ_COPY,
				 EC_IOREQ_PCI_CONFIG,
				 3,
				 EC_IOREQ_TIMEOFFSET,
				 EC_IOREQ_INVALIDATE,
				 255 };
static const uint64_t addrs[] = {
	0,          7,          0xcf8,
	0x1ffd,     0x2000,     0x2001,
	UINT32_MAX, 1ull << 32, 0xffeedcba00000ffd,
	-8192ull,   -8191ull,   -8ull,
	-3ull,      UINT64_MAX,
};

/* Bits of @flags: write, df, data_is_ptr, copying fails. */
static void compare_flags(struct ec_ioreq q, unsigned int flags)
{
	q.write = flags & 1;
	q.df = flags & 2;
	q.data_is_ptr = flags & 4;
	got.copy_rc = want.copy_rc = flags & 8 ? -EFAULT : 0;
	compare(&q);
}

static void compare_data(struct ec_ioreq q)
{
	q.data = 0x0123456789abcdef;
	for (unsigned int flags = 0; flags < 4; flags++)
		compare_flags(q, flags);
	for (unsigned int d = 0; d < EC_ARRAY_SIZE(addrs); d++) {
		q.data = addrs[d];
		for (unsigned int flags = 4; flags < 8; flags++) {
			compare_flags(q, flags);
			compare_flags(q, flags + 8);
		}
	}
}

START_TEST(every_small_request_agrees_with_the_model)
{
	struct ec_ioreq q = { .type = types[_i] };

	for (unsigned int s = 0; s < EC_ARRAY_SIZE(sizes); s++)
		for (unsigned int c = 0; c < 5; c++)
			for (unsigned int a = 0; a < EC_ARRAY_SIZE(addrs); a++) {
				q.size = sizes[s];
				q.count = counts[c];
				q.addr = addrs[a];
				compare_data(q);
			}
}
END_TEST

/* Many repetitions, and addresses near the special ones. */
START_TEST(random_requests_agree_with_the_model)
{
	struct ec_model_rng rng = { 0x10e9 };

	for (unsigned int i = 0; i < 4000; i++) {
		struct ec_ioreq q = { .type = ec_model_below(&rng, 3) };

		q.size = ec_model_below(&rng, 8)
				 ? 1u << ec_model_below(&rng, 4)
				 : sizes[ec_model_below(&rng, EC_ARRAY_SIZE(sizes))];
		q.count = ec_model_below(&rng, 2)
				  ? counts[ec_model_below(&rng, EC_ARRAY_SIZE(counts))]
				  : ec_model_below(&rng, 2100);
		q.addr = addrs[ec_model_below(&rng, EC_ARRAY_SIZE(addrs))] +
			 ec_model_below(&rng, 64) - 32;
		q.data = addrs[ec_model_below(&rng, EC_ARRAY_SIZE(addrs))] +
			 ec_model_below(&rng, 64) - 32;
		compare_flags(q, ec_model_below(&rng, 16));
	}
}
END_TEST

Suite *suite_access_ioreq(void)
{
	Suite *s = suite_create("access_ioreq");
	TCase *tc = tcase_create("ioreq");

	suite_add_tcase(s, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, a_config_request_reaches_its_function_and_register);
	tcase_add_test(tc, a_port_request_keeps_all_bits_of_its_address);
	tcase_add_test(tc, a_memory_request_arrives_whole);
	tcase_add_loop_test(tc, repetitions_step_memory_and_not_registers, 0, 8);
	tcase_add_test(tc, data_in_memory_touch_two_pages_at_most);
	tcase_add_test(tc, repeated_stores_of_one_value_step_the_address);
	tcase_add_test(tc, broadcasts_are_ignored);
	tcase_add_loop_test(tc, a_malformed_request_reads_ones_and_does_nothing, 0,
			    EC_ARRAY_SIZE(hostile));
	tcase_add_test(tc, addresses_may_reach_the_ends_and_not_wrap);
	tcase_add_loop_test(tc, nothing_is_written_if_memory_cannot_be_read, 0, 3);
	tcase_add_loop_test(tc, every_small_request_agrees_with_the_model, 0, EC_ARRAY_SIZE(types));
	tcase_add_test(tc, random_requests_agree_with_the_model);
	return s;
}
