/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Random functions in random machines: machine_check() holds for every plan. */
#include <errno.h>
#include <pci/header.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "machine_check.h"
#include "model.h"
#include "suites.h"

#define FUNCTIONS 14
#define ROUNDS 1500
#define LOOPS 4

static struct ec_model_rng rng;

static uint32_t below(uint32_t n)
{
	return ec_model_below(&rng, n);
}

static bool one_in(uint32_t n)
{
	return below(n) == 0;
}

static void random_bars(struct ec_machine_function *fn)
{
	for (unsigned int i = 0; i < 6; i++) {
		unsigned int small = 4 + below(20), large = 20 + below(one_in(20) ? 44 : 14);

		switch (below(6)) {
		case 0:
			machine_bar(fn, i, EC_BAR_IO, 1ull << (2 + below(one_in(10) ? 20 : 7)), 1);
			break;
		case 1:
			machine_bar(fn, i, EC_BAR_MEM32, 1ull << small,
				    below(2) * PCI_BASE_ADDRESS_MEM_PREFETCH);
			break;
		case 2:
			if (i < 5)
				machine_bar(fn, i++, EC_BAR_MEM64,
					    1ull << (one_in(2) ? small : large),
					    PCI_BASE_ADDRESS_MEM_TYPE_64 |
						    below(2) * PCI_BASE_ADDRESS_MEM_PREFETCH);
			break;
		default:
			break;
		}
	}
	if (one_in(3))
		machine_bar(fn, EC_BAR_ROM, EC_BAR_EXPROM, 1ull << (11 + below(10)), 0);
}

static void random_function(struct ec_machine_function *fn)
{
	*fn = machine_function("00:00.0");
	fn->host.bus = (uint8_t)below(4);
	fn->host.devfn = (uint8_t)(below(2) << 3 | below(8));
	fn->express = !one_in(6);
	fn->is_vf = one_in(8);
	fn->class = one_in(60) ? 0x0680 : 0x0200;
	fn->topology = one_in(3) ? EC_BYPASSED : EC_FLATTENED;
	fn->has_slot = one_in(12);
	fn->slot = (uint8_t)(one_in(5) ? below(33) : 0x10 + below(16));
	random_bars(fn);
}

static bool is_listed(const struct ec_machine_function *fn, unsigned int n, struct ec_sbdf host)
{
	for (unsigned int i = 0; i < n; i++)
		if (!ec_sbdf_compare(fn[i].host, host))
			return true;
	return false;
}

static unsigned int random_functions(struct ec_machine_function *fn)
{
	unsigned int n = 0;

	for (unsigned int i = below(FUNCTIONS + 1); i; i--) {
		random_function(fn + n);
		n += !is_listed(fn, n, fn[n].host);
	}
	return n;
}

static void random_limits(struct ec_machine_limits *l)
{
	static const uint8_t bits[] = { 0, 32, 36, 38, 39, 40, 46, 52 };
	static const uint64_t bases[] = { 0xfd000000, 0xe0000000, 0xfe800000,   0xc0000000,
					  0xfc100000, 0xf0000000, 0x4000000000, 0x100000000,
					  0x12345,    0 };

	ec_machine_defaults(below(EC_MACHINE_KINDS), l);
	if (one_in(4))
		l->spare = (uint32_t)ec_model_random(&rng) & (uint32_t)ec_model_random(&rng) &
			   (uint32_t)ec_model_random(&rng) & ~l->taken;
	l->hotplug = one_in(3);
	if (one_in(3))
		l->ecam = !l->ecam;
	if (one_in(5))
		l->bridge = EC_BRIDGE_Q35;
	l->has_ecam_base = one_in(4);
	l->ecam_base = bases[below(EC_ARRAY_SIZE(bases))];
	l->ecam_buses = one_in(3) ? (uint16_t)(1 + below(256)) : 0;
	if (!one_in(4))
		l->memory = (uint64_t)below(one_in(4) ? 1 << 20 : 6000) << 20;
	if (l->kind == EC_MACHINE_HVM && one_in(3))
		l->hole = (uint16_t)(256 + below(3585));
	if (!one_in(3))
		l->address_bits = bits[below(EC_ARRAY_SIZE(bits))];
}

static void shuffle(struct ec_machine_function *fn, unsigned int *from, unsigned int n)
{
	for (unsigned int i = n; i > 1; i--) {
		unsigned int j = below(i), index = from[j];
		struct ec_machine_function swap = fn[j];

		fn[j] = fn[i - 1];
		fn[i - 1] = swap;
		from[j] = from[i - 1];
		from[i - 1] = index;
	}
}

/* Both plans are of the same functions: function i of @b is function from[i] of @a. */
static void check_same(const struct ec_machine_plan *a, const struct ec_machine_plan *b,
		       const unsigned int *from)
{
	ck_assert_uint_eq(a->n, b->n);
	for (unsigned int i = 0; i < a->n; i++) {
		const struct ec_machine_place *p = a->place + from[i], *q = b->place + i;

		ck_assert_int_eq(ec_sbdf_compare(p->guest, q->guest), 0);
		ck_assert_uint_eq(p->slot, q->slot);
		ck_assert_int_eq(p->behind, q->behind);
		ck_assert_mem_eq(p->bar, q->bar, sizeof(p->bar));
	}
	ck_assert_uint_eq(a->ports, b->ports);
	for (unsigned int i = 0; i < a->ports; i++) {
		ck_assert_uint_eq(a->port[i].slot, b->port[i].slot);
		ck_assert_uint_eq(a->port[i].functions, b->port[i].functions);
		ck_assert_mem_eq(a->port[i].window, b->port[i].window, sizeof(a->port[i].window));
	}
	ck_assert_mem_eq(a->window, b->window, sizeof(a->window));
	ck_assert_mem_eq(&a->ecam, &b->ecam, sizeof(a->ecam));
	ck_assert_uint_eq(a->hole, b->hole);
	ck_assert_uint_eq(a->memory_max, b->memory_max);
}

static void check_refusal(int rc, const struct ec_diag *diag)
{
	ck_assert_msg(rc == -EINVAL || rc == -EBUSY || rc == -EPERM || rc == -ENOSPC, "%d", rc);
	ck_assert_uint_gt(strlen(diag->text), 10);
	ck_assert_uint_lt(strlen(diag->text), EC_DIAG_MAX - 1);
}

/* Makes the slots of @plan the previous ones. */
static void keep(struct ec_machine_function *fn, const struct ec_machine_plan *plan)
{
	for (unsigned int i = 0; i < plan->n; i++) {
		fn[i].has_previous_slot = true;
		fn[i].previous_slot = plan->place[i].slot;
	}
}

/* Neither for a plan nor for a refusal; nor do previous slots. */
START_TEST(the_order_of_functions_does_not_matter)
{
	static struct ec_machine_plan a, b;
	struct ec_machine_function fn[FUNCTIONS];
	unsigned int planned = 0;

	rng.state = (uint64_t)_i * 77777;
	for (unsigned int round = 0; round < ROUNDS; round++) {
		unsigned int from[FUNCTIONS], n = random_functions(fn);
		struct ec_machine_limits limits;
		struct ec_diag da = { 0 }, db = { 0 };
		int rc;

		random_limits(&limits);
		for (unsigned int i = 0; i < n; i++)
			from[i] = i;
		rc = ec_machine_build(&limits, fn, n, &a, &da);
		if (!rc) {
			planned++;
			machine_check(&limits, fn, &a);
			if (one_in(2))
				keep(fn, &a);
		}
		shuffle(fn, from, n);
		ck_assert_int_eq(ec_machine_build(&limits, fn, n, &b, &db), rc);
		if (!rc) {
			check_same(&a, &b, from);
		} else {
			check_refusal(rc, &da);
			ck_assert_str_eq(da.text, db.text);
		}
	}
	/* both are frequent */
	ck_assert_uint_gt(planned, ROUNDS / 8);
	ck_assert_uint_lt(planned, ROUNDS * 7 / 8);
}
END_TEST

/* Functions are attached one by one, then all at once in another order. */
START_TEST(previous_slots_give_the_same_plan)
{
	static struct ec_machine_plan a, b;
	struct ec_machine_function fn[FUNCTIONS];

	rng.state = (uint64_t)_i * 99991 + 7;
	for (unsigned int round = 0; round < ROUNDS / 3; round++) {
		unsigned int from[FUNCTIONS], has = 0, n = random_functions(fn);
		struct ec_machine_limits limits;
		struct ec_diag diag;
		int rc;

		random_limits(&limits);
		for (unsigned int i = 0; i < n; i++) {
			struct ec_machine_function *add = fn + has;

			*add = fn[i];
			rc = ec_machine_build(&limits, fn, has + 1, &b, &diag);
			if (rc)
				continue;
			for (unsigned int j = 0; j < has; j++)
				ck_assert_uint_eq(b.place[j].slot, fn[j].previous_slot);
			keep(fn, &b);
			has++;
			a = b;
		}
		if (!has)
			continue;
		machine_check(&limits, fn, &a);
		for (unsigned int i = 0; i < has; i++)
			from[i] = i;
		shuffle(fn, from, has);
		ck_assert_int_eq(ec_machine_build(&limits, fn, has, &b, &diag), 0);
		check_same(&a, &b, from);
	}
}
END_TEST

Suite *suite_machine_machine_random(void)
{
	Suite *s = suite_create("machine_machine_random");
	TCase *t = tcase_create("machine_random");

	tcase_set_timeout(t, 240);
	tcase_add_loop_test(t, the_order_of_functions_does_not_matter, 0, LOOPS);
	tcase_add_loop_test(t, previous_slots_give_the_same_plan, 0, LOOPS);
	suite_add_tcase(s, t);
	return s;
}
