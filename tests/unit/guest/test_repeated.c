/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests with repetitions: each costs as many calls as if only its last ones had been made, and
 * leaves what all of them, made one by one, leave.
 */
#include <errno.h>
#include <pci/header.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "suites.h"
#include "world.h"

#define ADDRESS 0xfee41008u
#define DATA 0x8741u
#define PMCSR 0x44

/* Bound by each test that has MSI-X. */
#define BOUND 3u
/* Of one round: BARs in at most 8 runs are unmapped, looked at and mapped. */
#define BAR_CALLS 24u
/* And of each vector: unbound, unmapped, mapped, bound. */
#define VECTOR_CALLS 4u

/* Where the data of a request lie in guest memory. */
#define DATA_AT 0x1000u

static unsigned int slot;

static bool any_pirq; /* it is not the guest who chooses it */

#define SLEEPS "{\"version\":1,\"rules\":[{\"set\":{\"pm\":{\"d3\":\"allow\"}}}]}"

/* The site's rules, and whether the function is in D3hot. */
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

/* All that is there: what the hardware has, and what a detach takes away of what was given. */
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
		out->config[i] = (uint8_t)fakexen_peek(world->xen, NIC, i, 1);
	fakexen_forget(world->xen);
	ck_assert_int_eq(world_detach(domid, NIC), 0);
	for (out->n = 0; (line = fakexen_line(world->xen, out->n)); out->n++) {
		ck_assert_uint_lt(out->n, EC_ARRAY_SIZE(out->detach));
		snprintf(out->detach[out->n], FAKEXEN_LINE, "%s", line);
		drop_pirq(out->detach[out->n]);
	}
	/* which BAR comes first is not told by what the guest has */
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
	ck_assert_int_eq(world_attach(domid, NIC), 0);
	slot = ec_sbdf_device(world->at.function.guest);
	world_place(domid, slot);
	world_write(domid, slot, PCI_ROM_ADDRESS, 4, 0xe4000001);
	world_write(domid, slot, CAP_MSI + 4, 4, ADDRESS);
	world_write(domid, slot, CAP_MSI + 12, 2, DATA);
	if (irq == MSI)
		world_write(domid, slot, CAP_MSI + 2, 2, 1);
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

/* One register, written as fast as a guest can. */
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
	/* where the guest has memory, and where it has another BAR */
	{ NO_MSI, PCI_BASE_ADDRESS_0, 4, { 0xe8000000, 0x80000, 0xe8000000, AT_BAR3 } },
	{ NO_MSI, PCI_BASE_ADDRESS_1, 4, { 0, 1, 2, 0xffffffff } },
	{ NO_MSI, PCI_BASE_ADDRESS_2, 4, { AT_BAR2, 0xd000, 0xffff, 0xffffff00 } },
	{ MSIX, PCI_BASE_ADDRESS_3, 4, { AT_BAR3, 0xe2000000, 0xffffffff, 0xe3000000 } },
	{ NO_MSI, PCI_ROM_ADDRESS, 4, { 0xe4000000, 0xe4000001, 0xe5000001, 0xfffff800 } },
	{ MSI, CAP_MSI, 4, { 0, 0x10000, 0, 0x10000 } },
	{ MSI, CAP_MSI + 4, 4, { ADDRESS, 0xfee02004, 0xfee41000, 0xfee03000 } },
	{ MSI, CAP_MSI + 12, 2, { DATA, DATA + 1, DATA + 9, DATA + 2 } },
	{ MSIX, CAP_MSI, 4, { 0x10000, 0, 0x10000, 0 } },
	{ MSIX, CAP_MSIX, 4, { 0x80000000, 0, 0x80000000, 0 } },
	{ MSIX, CAP_MSIX, 4, { 0x80000000, 0xc0000000, 0x80000000, 0xc0000000 } },
	{ MSIX, CAP_MSIX + 2, 2, { 0, 0xc000, 0x8000, 0x4000 } },
	/* never without MSI-X: it ends MSI, which would not come back */
	{ MSI, CAP_MSIX + 2, 2, { 0x8000, 0xc000, 0x8000, 0xc000 } },
};

/* The last is each of the values in turn. */
static uint32_t value_of(const struct flood *x, unsigned int i)
{
	return x->value[i % EC_ARRAY_SIZE(x->value)];
}

static void flood(uint32_t domid, const struct flood *x, unsigned int n)
{
	struct ec_ioreq q = { .type = EC_IOREQ_PCI_CONFIG,
			      .write = true,
			      .addr = (uint64_t)slot << 35 | x->off,
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
	/* what was refused is said once for each BAR and vector */
	ck_assert_uint_le(world->lines - lines, EC_BAR_MAX + BOUND);
	end(domid, &all);
	begin(domid, x->irq);
	for (unsigned int i = 0; i < n; i++)
		world_write(domid, slot, x->off, x->size, value_of(x, i));
	end(domid, &single);
	same(&all, &single);
}

START_TEST(one_register)
{
	for (unsigned int n = 2045; n <= 2048; n++)
		alternating(HVM, floods + _i, n);
	alternating(PVH, floods + _i, 2);
	alternating(PVH, floods + _i, 513);
}
END_TEST

/* All repetitions of a read, and of a write of what is there already, ask Xen for nothing. */
START_TEST(nothing_asked)
{
	static const struct flood still = { MSIX, PCI_COMMAND, 2, { 7, 7, 7, 7 } };
	struct ec_ioreq q = {
		.type = EC_IOREQ_PCI_CONFIG, .size = 4, .count = 64, .data_is_ptr = true
	};

	begin(HVM, MSIX);
	q.addr = (uint64_t)slot << 35 | CAP_MSIX;
	ck_assert(fakexen_request(world->xen, HVM, &q));
	flood(HVM, &still, 2048);
	ck_assert_uint_eq(calls(), 0);
}
END_TEST

/* Writes dwords of the guest's memory, as one request or one by one. */
static void sweep(uint32_t domid, uint64_t to, const uint8_t *data, uint32_t dwords, bool df,
		  bool whole)
{
	uint32_t last = (dwords - 1) * 4;
	struct ec_ioreq q = { .type = EC_IOREQ_COPY,
			      .write = true,
			      .df = df,
			      .addr = df ? to + last : to,
			      .size = 4,
			      .count = dwords,
			      .data_is_ptr = true,
			      .data = df ? DATA_AT + last : DATA_AT };

	memcpy(fakexen_memory(world->xen, domid) + DATA_AT, data, dwords * 4);
	if (whole)
		ck_assert(fakexen_request(world->xen, domid, &q));
	for (uint32_t i = 0; !whole && i < dwords; i++) {
		uint32_t at = (df ? dwords - 1 - i : i) * 4;

		world_store(domid, to + at, 4, ec_get_le(data + at, 4));
	}
}

static void with_sweep(uint32_t domid, uint64_t to, const uint8_t *data, uint32_t dwords, bool df,
		       unsigned int limit)
{
	static struct state all, single;

	for (int whole = 1; whole >= 0; whole--) {
		begin(domid, MSIX);
		sweep(domid, to, data, dwords, df, whole);
		if (whole)
			ck_assert_msg(calls() <= limit, "%u calls", calls());
		end(domid, whole ? &all : &single);
	}
	same(&all, &single);
}

/* The whole table, each entry four times, while MSI-X is on; an HVM guest by pirqs, too. */
START_TEST(table)
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
	with_sweep(domid, AT_TABLE, data, VECTORS * 4, false, VECTORS * 2 + BOUND * 2);
	with_sweep(domid, AT_TABLE, data, VECTORS * 4, true, VECTORS * 2 + BOUND * 2);
}
END_TEST

/* The table's entries are bound once each, by what the last of the writes has left. */
START_TEST(table_bound_once)
{
	uint8_t data[BOUND * 16];

	for (unsigned int i = 0; i < BOUND; i++) {
		ec_put_le(data + (size_t)i * 16, 8, 0xfee02004);
		ec_put_le(data + (size_t)i * 16 + 8, 8, 0x4050 + i);
	}
	begin(PVH, MSIX);
	sweep(PVH, AT_TABLE, data, BOUND * 4, false, true);
	world_count("bind_msi", BOUND);
	ck_assert_uint_eq(calls(), BOUND);
	world_has("bind_msi d3 pirq 1023 vector 50 flags 202 table e1001000");
	world_has("bind_msi d3 pirq 1021 vector 52 flags 202 table e1001000");
}
END_TEST

/* What a request may ask of one function besides, at the register's place in it. */
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
 * All registers at once, upwards and downwards: BARs that move, decode, MSI-X, and in between a
 * reset or another power state, which what was asked before it comes before.
 */
START_TEST(all_registers)
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
	ec_put_le(data + CAP_MSIX + 2, 2, _i & 1 ? 0x8000 : 0);
	data[besides[which].off] = (uint8_t)besides[which].value;
	/* a reset takes away first what is there, and may be followed by as much */
	with_sweep(PVH, ecam, data, 64, _i >= 16, 2 * (BAR_CALLS + BOUND * VECTOR_CALLS) + 1);
}
END_TEST

/* Nothing is mapped or bound any more when the function is reset, in such a request as in any. */
START_TEST(ended_before_reset)
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
	ck_assert_int_eq(world_detach(PVH, NIC), 0);
	world_check_clean();
}
END_TEST

static void look_at_power(const char *op)
{
	if (!strcmp(op, "map_msi"))
		ck_assert_uint_eq(fakexen_peek(world->xen, NIC, PMCSR, 1) & 3, 0);
}

/* Downwards MSI-X comes before the power state: Xen writes the table while there is one. */
START_TEST(bound_awake)
{
	uint8_t data[CAP_MSIX + 4 - PMCSR] = { 3 };

	rules = SLEEPS;
	begin(PVH, NO_MSI);
	world_entry(PVH, 0, ADDRESS, DATA, 0);
	ec_put_le(data + (CAP_MSIX - PMCSR + 2), 2, PCI_MSIX_ENABLE);
	world->hook = look_at_power;
	sweep(PVH, AT_ECAM + (1 << 15) + PMCSR, data, sizeof(data) / 4, true, true);
	world->hook = NULL;
	world_count("map_msi", 1);
	ck_assert_uint_eq(fakexen_peek(world->xen, NIC, PMCSR, 1) & 3, 3);
	ck_assert_int_eq(world_detach(PVH, NIC), 0);
	world_check_clean();
}
END_TEST

/* What can be told only of all: two BARs that change places. */
START_TEST(change_places)
{
	uint8_t data[PCI_BASE_ADDRESS_5] = { 7 };
	uint64_t to = AT_ECAM + (1 << 15) + PCI_BASE_ADDRESS_0;

	begin(PVH, MSIX);
	ec_put_le(data, 4, AT_BAR3);
	ec_put_le(data + 4, 4, 0);
	ec_put_le(data + 8, 4, AT_BAR2);
	ec_put_le(data + 12, 4, AT_BAR0);
	sweep(PVH, to, data, 4, false, true);
	world_has("map_memory d3 gfn e1000 mfn 40f8000 n 16 add");
	world_has("map_memory d3 gfn e0000 mfn fe900 n 1 add");
	world_count("bind_msi", BOUND);
	world_has("bind_msi d3 pirq 1023 vector 41 flags f141 table e0001000");
	ck_assert_int_eq(world_detach(PVH, NIC), 0);
	world_check_clean();
}
END_TEST

/* A call that fails while a request ends, each in turn: the detach still leaves nothing. */
START_TEST(fails)
{
	for (unsigned int n = 1; n < BAR_CALLS + BOUND * VECTOR_CALLS; n++) {
		begin(HVM, MSIX);
		/* the first is that of the request's data */
		fakexen_fail(world->xen, n + 1, ENOMEM);
		flood(HVM, floods + 2, 2045);
		fakexen_forget(world->xen);
		flood(HVM, floods + 16, 513);
		world_check();
		for (unsigned int i = 0; fakexen_failing(world->xen); i++)
			world_write(HVM, slot, PCI_COMMAND, 2, i & 1 ? 0 : 7);
		ck_assert_int_eq(world_detach(HVM, NIC), 0);
		world_check_clean();
		world_end();
	}
}
END_TEST

Suite *suite_service_flood(void)
{
	Suite *s = suite_create("service_flood");
	TCase *t = tcase_create("service_flood");

	tcase_add_checked_fixture(t, setup, world_end);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, one_register, 0, (int)EC_ARRAY_SIZE(floods));
	tcase_add_test(t, nothing_asked);
	tcase_add_loop_test(t, table, 0, 3);
	tcase_add_test(t, table_bound_once);
	tcase_add_loop_test(t, all_registers, 0, 32);
	tcase_add_test(t, ended_before_reset);
	tcase_add_test(t, bound_awake);
	tcase_add_test(t, change_places);
	tcase_add_test(t, fails);
	suite_add_tcase(s, t);
	return s;
}
