/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests with repetitions: they make no more calls than their last repetitions alone would, and
 * have the same result as all repetitions one by one.
 */
#include <errno.h>
#include <pci/header.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "guest/message.h"
#include "suites.h"
#include "world.h"

/* Vectors that each test with MSI-X binds. */
#define BOUND 3u
/* Most calls of one round: BARs in at most 8 ranges are unmapped, checked and mapped. */
#define BAR_CALLS 24u
/* Calls per vector: unbind, unmap, map, bind. */
#define VECTOR_CALLS 4u

/* Address of a request's data in guest memory. */
#define DATA_AT 0x1000u

static unsigned int slot;

static bool any_pirq; /* the guest does not choose the pirqs: ignore their numbers */

#define SLEEPS "{\"version\":1,\"rules\":[{\"set\":{\"pm\":{\"d3\":\"allow\"}}}]}"

/* The rules, and whether the function is in D3hot. */
static const char *rules;
static bool asleep;

static void setup(void)
{
	any_pirq = asleep = false;
	rules = NULL;
}

static unsigned int calls(void)
{
	const char *line;
	unsigned int n = 0;

	for (unsigned int i = 0; (line = fakexen_line(world->xen, i)); i++)
		n += strncmp(line, "request", 7) && strncmp(line, "copy", 4);
	return n;
}

/* The state at the end: the hardware's registers, and the calls of a detach. */
struct state {
	uint8_t config[256];
	unsigned int n;
	char detach[256][FAKEXEN_LINE];
};

static void drop_pirq(char *line)
{
	char *at = any_pirq ? strstr(line, " pirq ") : NULL;

	if (at) {
		const char *rest = at + 6 + strspn(at + 6, "0123456789");

		memmove(at, rest, strlen(rest) + 1);
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void end(uint32_t domid, struct state *out)
{
	const char *line;

	for (uint32_t i = 0; i < sizeof(out->config); i++)
		out->config[i] = (uint8_t)world_peek(i, 1);
	fakexen_forget(world->xen);
	world_take(domid, NIC);
	for (out->n = 0; (line = fakexen_line(world->xen, out->n)); out->n++) {
		ck_assert_uint_lt(out->n, EC_ARRAY_SIZE(out->detach));
		snprintf(out->detach[out->n], FAKEXEN_LINE, "%s", line);
		drop_pirq(out->detach[out->n]);
	}
	/* the order of the BARs does not matter */
	qsort(out->detach, out->n, FAKEXEN_LINE, by_text);
	world_check_clean();
	world_end();
}

static void same(const struct state *a, const struct state *b)
{
	for (unsigned int i = 0; i < sizeof(a->config); i++)
		ck_assert_msg(a->config[i] == b->config[i], "at %02x: %02x, one by one %02x", i,
			      a->config[i], b->config[i]);
	for (unsigned int i = 0; i < a->n && i < b->n; i++)
		ck_assert_msg(!strcmp(a->detach[i], b->detach[i]), "%s, one by one %s",
			      a->detach[i], b->detach[i]);
	ck_assert_uint_eq(a->n, b->n);
}

enum { NO_MSI, MSI, MSIX };

static void begin(uint32_t domid, int irq)
{
	world_typical();
	world->rules = rules;
	slot = world_give(domid, NIC);
	world_place(domid, slot);
	world_write(domid, slot, PCI_ROM_ADDRESS, 4, AT_ROM | 1);
	world_write(domid, slot, MSI_ADDRESS, 4, ADDRESS);
	world_write(domid, slot, MSI_DATA, 2, DATA);
	if (irq == MSI)
		world_write(domid, slot, MSI_FLAGS, 2, 1);
	if (irq == MSIX) {
		for (unsigned int i = 0; i < BOUND; i++)
			world_entry(domid, i, ADDRESS, DATA + i, 0);
		world_msix(domid, slot, PCI_MSIX_ENABLE);
		world_count("bind_msi", BOUND);
	}
	if (asleep)
		world_write(domid, slot, PMCSR, 1, 3);
	fakexen_forget(world->xen);
}

/* One register, written with these values in turn. */
static const struct flood {
	int irq;
	uint32_t off, size, value[4];
} floods[] = {
	{ NO_MSI, PCI_COMMAND, 2, { 7, 0, 7, 0 } },
	{ MSIX, PCI_COMMAND, 2, { 7, 0, 7, 0 } },
	{ MSIX, PCI_COMMAND, 2, { 7, 1, 0x406, 2 } },
	{ MSIX, PCI_COMMAND, 2, { 7, 0x407, 3, 0x400 } },
	{ MSIX, PCI_COMMAND, 1, { 0, 7, 5, 6 } },
	{ NO_MSI, PCI_COMMAND, 2, { 7, 0x407, 7, 0x407 } },
	{ NO_MSI, PCI_BASE_ADDRESS_0, 4, { 0xe8000000, 0xe8010000, 0xffffffff, AT_BAR0 } },
	/* over the guest's memory, and over another BAR */
	{ NO_MSI, PCI_BASE_ADDRESS_0, 4, { 0xe8000000, 0x80000, 0xe8000000, AT_BAR3 } },
	{ NO_MSI, PCI_BASE_ADDRESS_1, 4, { 0, 1, 2, 0xffffffff } },
	{ NO_MSI, PCI_BASE_ADDRESS_2, 4, { AT_BAR2, 0xd000, 0xffff, 0xffffff00 } },
	{ MSIX, PCI_BASE_ADDRESS_3, 4, { AT_BAR3, 0xe2000000, 0xffffffff, 0xe3000000 } },
	{ NO_MSI, PCI_ROM_ADDRESS, 4, { 0xe4000000, AT_ROM | 1, 0xe5000001, 0xfffff800 } },
	{ MSI, CAP_MSI, 4, { 0, 0x10000, 0, 0x10000 } },
	{ MSI, MSI_ADDRESS, 4, { ADDRESS, 0xfee02004, 0xfee41000, 0xfee03000 } },
	{ MSI, MSI_DATA, 2, { DATA, DATA + 1, DATA + 9, DATA + 2 } },
	{ MSIX, CAP_MSI, 4, { 0x10000, 0, 0x10000, 0 } },
	{ MSIX, CAP_MSIX, 4, { 0x80000000, 0, 0x80000000, 0 } },
	{ MSIX, CAP_MSIX, 4, { 0x80000000, 0xc0000000, 0x80000000, 0xc0000000 } },
	{ MSIX, MSIX_FLAGS, 2, { 0, 0xc000, 0x8000, 0x4000 } },
	/* MSI-X stays enabled: disabling it would not bring MSI back */
	{ MSI, MSIX_FLAGS, 2, { 0x8000, 0xc000, 0x8000, 0xc000 } },
};

static uint32_t value_of(const struct flood *x, unsigned int i)
{
	return x->value[i % EC_ARRAY_SIZE(x->value)];
}

static void flood(uint32_t domid, const struct flood *x, unsigned int n)
{
	struct ec_ioreq q = { .type = EC_IOREQ_PCI_CONFIG,
			      .write = true,
			      .addr = CONFIG(slot, x->off),
			      .size = x->size,
			      .count = n,
			      .data_is_ptr = true,
			      .data = DATA_AT };

	for (unsigned int i = 0; i < n; i++)
		ec_put_le(fakexen_memory(world->xen, domid) + DATA_AT + i * x->size, x->size,
			  value_of(x, i));
	ck_assert(fakexen_request(world->xen, domid, &q));
}

static void alternating(uint32_t domid, const struct flood *x, unsigned int n)
{
	static struct state all, single;
	unsigned int lines;

	begin(domid, x->irq);
	lines = world->lines;
	flood(domid, x, n);
	ck_assert_msg(calls() <= BAR_CALLS + BOUND * VECTOR_CALLS, "%u calls", calls());
	/* a refusal is logged once per BAR and vector */
	ck_assert_uint_le(world->lines - lines, EC_BAR_MAX + BOUND);
	end(domid, &all);
	begin(domid, x->irq);
	for (unsigned int i = 0; i < n; i++)
		world_write(domid, slot, x->off, x->size, value_of(x, i));
	end(domid, &single);
	same(&all, &single);
}

START_TEST(repeated_writes_of_a_register_equal_single_ones)
{
	for (unsigned int n = 2045; n <= 2048; n++)
		alternating(HVM, floods + _i, n);
	alternating(PVH, floods + _i, 2);
	alternating(PVH, floods + _i, 513);
}
END_TEST

START_TEST(reads_and_unchanged_writes_make_no_calls)
{
	static const struct flood still = { MSIX, PCI_COMMAND, 2, { 7, 7, 7, 7 } };
	struct ec_ioreq q = {
		.type = EC_IOREQ_PCI_CONFIG, .size = 4, .count = 64, .data_is_ptr = true
	};

	begin(HVM, MSIX);
	q.addr = CONFIG(slot, CAP_MSIX);
	ck_assert(fakexen_request(world->xen, HVM, &q));
	flood(HVM, &still, 2048);
	ck_assert_uint_eq(calls(), 0);
}
END_TEST

/* Dwords that the guest writes from its memory; @df: downwards. */
struct sweep {
	uint32_t domid;
	uint64_t to;
	const uint8_t *data;
	uint32_t dwords;
	bool df;
};

/* As one request, or one by one. */
static void do_sweep(const struct sweep *s, bool whole)
{
	uint32_t last = (s->dwords - 1) * 4;
	struct ec_ioreq q = { .type = EC_IOREQ_COPY,
			      .write = true,
			      .df = s->df,
			      .addr = s->df ? s->to + last : s->to,
			      .size = 4,
			      .count = s->dwords,
			      .data_is_ptr = true,
			      .data = s->df ? DATA_AT + last : DATA_AT };

	memcpy(fakexen_memory(world->xen, s->domid) + DATA_AT, s->data, s->dwords * 4);
	if (whole)
		ck_assert(fakexen_request(world->xen, s->domid, &q));
	for (uint32_t i = 0; !whole && i < s->dwords; i++) {
		uint32_t at = (s->df ? s->dwords - 1 - i : i) * 4;

		world_store(s->domid, s->to + at, 4, ec_get_le(s->data + at, 4));
	}
}

static void sweep_equals_single_writes(const struct sweep *s, unsigned int limit)
{
	static struct state all, single;

	for (int whole = 1; whole >= 0; whole--) {
		begin(s->domid, MSIX);
		do_sweep(s, whole);
		if (whole)
			ck_assert_msg(calls() <= limit, "%u calls", calls());
		end(s->domid, whole ? &all : &single);
	}
	same(&all, &single);
}

/* While MSI-X is enabled; _i 2: an HVM guest with pirqs. */
START_TEST(a_write_of_the_whole_table_equals_single_ones)
{
	uint32_t domid = _i ? HVM : PVH;
	uint8_t data[VECTORS * 16];

	any_pirq = _i != 2;
	for (unsigned int i = 0; i < VECTORS; i++) {
		uint8_t *e = data + (size_t)i * 16;

		ec_put_le(e, 8, _i == 2 ? 0xfee00000 | (0x50 + i) << 12 : 0xfee02004);
		ec_put_le(e + 8, 4, _i == 2 ? 0x4300 : 0x4050 + i);
		/* some masked */
		ec_put_le(e + 12, 4, i % 5 == 1);
	}
	sweep_equals_single_writes(&(struct sweep){ domid, AT_TABLE, data, VECTORS * 4, false },
				   VECTORS * 2 + BOUND * 2);
	sweep_equals_single_writes(&(struct sweep){ domid, AT_TABLE, data, VECTORS * 4, true },
				   VECTORS * 2 + BOUND * 2);
}
END_TEST

/* As the last write leaves it. */
START_TEST(each_entry_is_bound_once_per_request)
{
	uint8_t data[BOUND * 16];

	for (unsigned int i = 0; i < BOUND; i++) {
		ec_put_le(data + (size_t)i * 16, 8, 0xfee02004);
		ec_put_le(data + (size_t)i * 16 + 8, 8, 0x4050 + i);
	}
	begin(PVH, MSIX);
	do_sweep(&(struct sweep){ PVH, AT_TABLE, data, BOUND * 4 }, true);
	world_count("bind_msi", BOUND);
	ck_assert_uint_eq(calls(), BOUND);
	world_has("bind_msi d3 pirq 1023 vector 50 flags 202 table e1001000");
	world_has("bind_msi d3 pirq 1021 vector 52 flags 202 table e1001000");
}
END_TEST

/* A byte that one request writes in addition. */
static const struct {
	uint32_t off, value;
	bool asleep;
} besides[] = {
	{ 0, 0, false },
	{ CAP_EXPRESS + PCI_EXP_DEVCTL + 1, PCI_EXP_DEVCTL_FLRESET >> 8, false },
	{ PMCSR, 3, false },
	{ PMCSR, 0, true },
};

/*
 * Upwards and downwards: BARs that move, decode, MSI-X, and among them a reset or another power
 * state, which happens after the effects of the registers before it.
 */
START_TEST(a_write_of_all_registers_equals_single_ones)
{
	unsigned int which = (unsigned int)_i / 4 % 4;
	uint64_t ecam = AT_ECAM + (1 << 15);
	uint8_t data[256] = { 0 };

	rules = SLEEPS;
	asleep = besides[which].asleep;
	ec_put_le(data + PCI_COMMAND, 2, _i & 2 ? 0x407 : 0);
	ec_put_le(data + PCI_BASE_ADDRESS_0, 4, 0xe8000000);
	ec_put_le(data + PCI_BASE_ADDRESS_2, 4, 0xd000);
	ec_put_le(data + PCI_BASE_ADDRESS_3, 4, 0xe2000000);
	ec_put_le(data + PCI_ROM_ADDRESS, 4, 0xe5000001);
	ec_put_le(data + MSIX_FLAGS, 2, _i & 1 ? 0x8000 : 0);
	data[besides[which].off] = (uint8_t)besides[which].value;
	/* a reset first takes away what is there, and may be followed by as much */
	sweep_equals_single_writes(&(struct sweep){ PVH, ecam, data, 64, _i >= 16 },
				   2 * (BAR_CALLS + BOUND * VECTOR_CALLS) + 1);
}
END_TEST

START_TEST(mappings_and_vectors_end_before_a_reset)
{
	static const struct flood resets = {
		MSIX, CAP_EXPRESS + PCI_EXP_DEVCTL + 1, 1, { 0x80, 0x80, 0, 0x80 }
	};
	static const char *const order[] = { "unbind_msi d3 pirq 1021 ",
					     "map_memory d3 gfn e0000 mfn 40f8000 n 16 remove",
					     "reset 0000:03:00.0", NULL };

	begin(PVH, MSIX);
	flood(PVH, &resets, 4096);
	world_order(order);
	world_count("unbind_msi", BOUND);
	world_count("reset", 1);
	ck_assert_uint_le(calls(), BAR_CALLS + BOUND * VECTOR_CALLS);
	ck_assert_uint_eq(world_read(PVH, slot, PCI_BASE_ADDRESS_0, 4) & ~15u, 0);
	world_take(PVH, NIC);
	world_check_clean();
}
END_TEST

static void look_at_power(const char *op)
{
	if (!strcmp(op, "map_msi"))
		ck_assert_uint_eq(world_peek(PMCSR, 1) & 3, 0);
}

/* Downwards, MSI-X comes before the power state; Xen writes the hardware's table when it binds. */
START_TEST(vectors_are_bound_before_the_function_sleeps)
{
	uint8_t data[MSIX_TABLE - PMCSR] = { 3 };

	rules = SLEEPS;
	begin(PVH, NO_MSI);
	world_entry(PVH, 0, ADDRESS, DATA, 0);
	ec_put_le(data + (CAP_MSIX - PMCSR + 2), 2, PCI_MSIX_ENABLE);
	world->hook = look_at_power;
	do_sweep(&(struct sweep){ PVH, AT_ECAM + (1 << 15) + PMCSR, data, sizeof(data) / 4,
				  .df = true },
		 true);
	world->hook = NULL;
	world_count("map_msi", 1);
	ck_assert_uint_eq(world_peek(PMCSR, 1) & 3, 3);
	world_take(PVH, NIC);
	world_check_clean();
}
END_TEST

/* Only the end of the request shows that they do not overlap. */
START_TEST(two_bars_change_places_in_one_request)
{
	uint8_t data[PCI_BASE_ADDRESS_5] = { 7 };
	uint64_t to = AT_ECAM + (1 << 15) + PCI_BASE_ADDRESS_0;

	begin(PVH, MSIX);
	ec_put_le(data, 4, AT_BAR3);
	ec_put_le(data + 4, 4, 0);
	ec_put_le(data + 8, 4, AT_BAR2);
	ec_put_le(data + 12, 4, AT_BAR0);
	do_sweep(&(struct sweep){ PVH, to, data, 4 }, true);
	world_has("map_memory d3 gfn e1000 mfn 40f8000 n 16 add");
	world_has("map_memory d3 gfn e0000 mfn fe900 n 1 add");
	world_count("bind_msi", BOUND);
	world_has("bind_msi d3 pirq 1023 vector 41 flags f141 table e0001000");
	world_take(PVH, NIC);
	world_check_clean();
}
END_TEST

/* Each call fails in turn at the end of a request; the detach leaves nothing. */
START_TEST(a_call_that_fails_in_a_request_leaves_nothing)
{
	for (unsigned int n = 1; n < BAR_CALLS + BOUND * VECTOR_CALLS; n++) {
		begin(HVM, MSIX);
		/* the first call copies the request's data */
		fakexen_fail(world->xen, n + 1, ENOMEM);
		flood(HVM, floods + 2, 2045);
		fakexen_forget(world->xen);
		flood(HVM, floods + 16, 513);
		world_check();
		for (unsigned int i = 0; fakexen_failing(world->xen); i++)
			world_write(HVM, slot, PCI_COMMAND, 2, i & 1 ? 0 : 7);
		world_take(HVM, NIC);
		world_check_clean();
		world_end();
	}
}
END_TEST

Suite *suite_guest_repeated(void)
{
	Suite *s = suite_create("guest_repeated");
	TCase *t = tcase_create("service_flood");

	tcase_add_checked_fixture(t, setup, world_end);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, repeated_writes_of_a_register_equal_single_ones, 0,
			    (int)EC_ARRAY_SIZE(floods));
	tcase_add_test(t, reads_and_unchanged_writes_make_no_calls);
	tcase_add_loop_test(t, a_write_of_the_whole_table_equals_single_ones, 0, 3);
	tcase_add_test(t, each_entry_is_bound_once_per_request);
	tcase_add_loop_test(t, a_write_of_all_registers_equals_single_ones, 0, 32);
	tcase_add_test(t, mappings_and_vectors_end_before_a_reset);
	tcase_add_test(t, vectors_are_bound_before_the_function_sleeps);
	tcase_add_test(t, two_bars_change_places_in_one_request);
	tcase_add_test(t, a_call_that_fails_in_a_request_leaves_nothing);
	suite_add_tcase(s, t);
	return s;
}
