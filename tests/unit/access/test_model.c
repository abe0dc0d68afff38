/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The access path against the model of tests/support/model.h: random accesses to random functions
 * in every topology. Each answer, the device and each access to it are compared.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "access/access.h"
#include "core/bits.h"
#include "host/conf_dump.h"
#include "model.h"
#include "model_rules.h"
#include "suites.h"
#include "view/build.h"
#include "view/compile.h"

#ifdef __SANITIZE_ADDRESS__
#define ACCESSES 1000000ull
#else
#define ACCESSES 10000000ull
#endif
#define PER_FUNCTION 5000u
#define SEED 0x65636d64u
#define CALLS_MAX 16

/** One access to the hardware. */
struct call {
	bool write;
	int rc;
	uint32_t offset, value;
	unsigned int len;
	uint8_t before[4]; /* the device's bytes there */
};

/** A function, its device and the model of both. */
struct world {
	struct ec_model_rng rng;
	uint64_t seed;
	unsigned long number; /* of the access, for messages */
	struct ec_image img;
	struct ec_region region[EC_BAR_MAX];
	struct ec_plan_options options;
	struct ec_plan plan;
	uint32_t shadow[EC_SHADOW_MAX];
	struct ec_conf_dump device;
	struct ec_function fn;
	struct ec_bus_map guest;
	struct ec_model model;
	struct ec_model_rules rules;
	unsigned int fail_read, fail_write; /* one in so many fails; 0: none */
	unsigned int calls;
	struct call call[CALLS_MAX];
	struct ec_access a;
	uint64_t data; /* a.value before the access */
};

static struct world world;

static uint64_t rnd(struct world *w)
{
	return ec_model_random(&w->rng);
}

static uint32_t below(struct world *w, uint32_t n)
{
	return ec_model_below(&w->rng, n);
}

static bool one_in(struct world *w, uint32_t n)
{
	return below(w, n) == 0;
}

/* Fails the test with what is needed to run it again. */
#define broken(w, text)                                                                            \
	ck_abort_msg("seed %#llx %s access %lu: %s %u at %#x data %#llx -> %#llx verdict %s: %s",  \
		     (unsigned long long)(w)->seed, ec_topology_names[(w)->options.topology],      \
		     (w)->number, (w)->a.write ? "write" : "read", (w)->a.length, (w)->a.offset,   \
		     (unsigned long long)(w)->data, (unsigned long long)(w)->a.value,              \
		     ec_verdict_names[(w)->a.verdict], text)

/* ---- the hardware ---- */

/* A rule may move a capability: then the offset in the view is another one. */
static struct call *record(struct world *w, bool write, uint32_t offset, unsigned int len)
{
	struct call *c = &w->call[w->calls];

	if (w->calls == CALLS_MAX)
		broken(w, "too many hardware accesses");
	w->calls++;
	if ((len != 1 && len != 2 && len != 4) || offset % len ||
	    offset + len > w->plan.layout.size)
		broken(w, "malformed hardware access");
	*c = (struct call){ .write = write, .offset = offset, .len = len };
	c->offset = ec_model_seen(&w->model, offset, len, w->a.offset, w->a.length);
	memcpy(c->before, w->device.image.byte + offset, len);
	return c;
}

static int hw_read(void *ctx, uint32_t offset, unsigned int len, uint32_t *value)
{
	struct world *w = ctx;
	struct call *c = record(w, false, offset, len);

	if (w->fail_read && one_in(w, w->fail_read))
		c->rc = -EIO;
	else
		c->rc = ec_conf_dump_ops.read(&w->device, offset, len, value);
	return c->rc;
}

static int hw_write(void *ctx, uint32_t offset, unsigned int len, uint32_t value)
{
	struct world *w = ctx;
	struct call *c = record(w, true, offset, len);

	c->value = value;
	if (w->fail_write && one_in(w, w->fail_write))
		c->rc = -EIO;
	else
		c->rc = ec_conf_dump_ops.write(&w->device, offset, len, value);
	return c->rc;
}

static const struct ec_conf_ops hw_ops = { .read = hw_read, .write = hw_write };

/* ---- a function and its accesses ---- */

/* @exact: with registers of all kinds, some only accessed whole. */
static void world_make(struct world *w, enum ec_topology topology, uint64_t seed, bool exact)
{
	struct ec_diag diag = { .text = "" };
	bool ruled;
	int rc;

	w->rng.state = w->seed = seed;
	w->number = 0;
	w->options =
		(struct ec_plan_options){ .topology = topology, .multifunction = one_in(w, 2) };
	if (!one_in(w, 4))
		w->options.region = w->region;
	ec_model_image(&w->rng, topology == EC_HOST && one_in(w, 3), &w->img, w->region);
	rc = ec_plan_build(&w->plan, &w->img, &w->options, &diag);
	ruled = !rc && !exact && topology != EC_HOST && one_in(w, 2);
	if (ruled)
		ec_model_rules(&w->rng, &w->img, &w->options, &w->rules, &w->plan);
	if (!rc && topology != EC_HOST && one_in(w, 3)) {
		ec_model_decide(&w->rng, &w->plan);
		rc = ec_plan_compile(&w->plan, &w->img, &diag);
	}
	ck_assert_msg(rc == 0, "seed %#llx: no plan: %s", (unsigned long long)seed, diag.text);
	w->device.image = w->img;
	ec_plan_attached(&w->plan, &w->device.image);
	ec_plan_semantics(&w->plan, w->device.rw, w->device.w1c);
	if (exact || (w->img.size <= 256 && !ruled && topology != EC_HOST && one_in(w, 2)))
		ec_model_scramble(&w->rng, &w->plan, &w->device, exact);
	memcpy(w->shadow, w->plan.shadow, sizeof(w->shadow));
	rc = ec_model_init(&w->model, &w->plan, &w->device);
	ck_assert_msg(rc == 0, "seed %#llx: registers do not cover the view",
		      (unsigned long long)seed);
	ck_assert_msg(ec_model_fits(&w->model), "seed %#llx: the device has other semantics",
		      (unsigned long long)seed);
	w->fn = (struct ec_function){ .at = { .bus = (uint8_t)rnd(w), .devfn = (uint8_t)rnd(w) },
				      .layout = &w->plan.layout,
				      .shadow = w->shadow,
				      .hw = &hw_ops,
				      .hw_ctx = w };
	ec_bus_map_clear(&w->guest);
	ck_assert_int_eq(ec_bus_map_add(&w->guest, &w->fn), 0);
}

static void serve(struct world *w, bool write, uint32_t offset, unsigned int length, uint64_t data)
{
	w->a = (struct ec_access){
		.at = w->fn.at, .write = write, .offset = offset, .length = length, .value = data
	};
	w->data = data;
	w->calls = 0;
	w->number++;
	ec_access_handle(&w->guest, &w->a);
}

static bool touched(const struct world *w, uint32_t byte)
{
	return byte >= w->a.offset && byte - w->a.offset < w->a.length;
}

static bool guest_wrote_one(const struct world *w, uint32_t bit)
{
	uint32_t byte = bit / 8;

	return touched(w, byte) && w->data >> ((byte - w->a.offset) * 8 + bit % 8) & 1;
}

/* Checks one bit that was written to the hardware. */
static void check_raw_bit(struct world *w, const struct call *c, uint32_t i)
{
	bool raw = c->value >> i & 1, had = c->before[i / 8] >> i % 8 & 1;
	uint32_t bit = c->offset * 8 + i;
	struct ec_model_bit b = ec_model_bit(&w->model, bit / 8, bit % 8);

	if (raw && w->device.w1c[ec_model_home(&w->model, bit / 8)] >> bit % 8 & 1 &&
	    !guest_wrote_one(w, bit))
		broken(w, "1 written to an RW1C bit");
	if (b.kind == EC_KIND_RW1C && raw && !(b.owned && guest_wrote_one(w, bit)))
		broken(w, "1 written to an RW1C bit of the register");
	if (b.kind == EC_KIND_RSVDZ && raw)
		broken(w, "1 written to an RsvdZ bit");
	if (b.kind == EC_KIND_RSVDP && raw != had)
		broken(w, "RsvdP bit changed");
	if (b.kind == EC_KIND_RW && raw != (b.owned ? guest_wrote_one(w, bit) : had))
		broken(w, "RW bit written as another");
}

/* Has byte @at, or if it is accessed whole its register, bits of the guest? */
static bool may_write(const struct world *w, uint32_t at)
{
	const struct ec_plan_reg *exact = ec_model_exact(&w->model, at);
	bool owned = ec_model_owned(&w->model, at);

	for (uint32_t i = 0; exact && i < exact->span; i++)
		owned |= ec_model_owned(&w->model, exact->offset + i);
	return owned;
}

static void check_call(struct world *w, const struct call *c)
{
	bool live = false;

	for (uint32_t at = c->offset; at < c->offset + c->len; at++) {
		const struct ec_plan_reg *exact = ec_model_exact(&w->model, at);

		if (exact && (c->offset != exact->offset || c->len != exact->span))
			broken(w, "register accessed in part");
		live |= touched(w, at) && ec_model_live(&w->model, at);
		if (c->write && !touched(w, at))
			broken(w, "hardware write outside the access");
		if (c->write && !may_write(w, at))
			broken(w, "hardware write to a byte that is not the guest's");
	}
	if (!live)
		broken(w, "hardware access without a live bit");
	if (c->write && !w->a.write)
		broken(w, "hardware write of a read");
	for (uint32_t i = 0; c->write && i < c->len * 8; i++)
		check_raw_bit(w, c, i);
}

static void check_device(struct world *w)
{
	uint64_t end = (uint64_t)w->a.offset + w->a.length + 3;

	for (uint64_t at = w->a.offset & ~3u; at < end && at < w->plan.layout.size; at++) {
		uint32_t home = ec_model_home(&w->model, (uint32_t)at);

		if (w->device.image.byte[home] != w->model.device.image.byte[home])
			broken(w, "the device differs from the model");
	}
}

static void check_verdict(struct world *w, struct ec_model_outcome o)
{
	bool served = w->a.verdict == EC_V_SERVED, dropped = w->a.verdict == EC_V_DROPPED;

	if (!w->a.write ? !served
	    : o.refused ? w->a.verdict != EC_V_REFUSED
			: !(served && (o.writable || o.starts)) && !(dropped && !o.writable))
		broken(w, "verdict");
}

static void compare(struct world *w)
{
	struct ec_model_outcome o = { 0 };

	for (unsigned int i = 0; i < w->calls; i++)
		check_call(w, &w->call[i]);
	if (w->a.write)
		o = ec_model_write(&w->model, w->a.offset, w->a.length, w->data);
	else if (w->a.value != ec_model_read(&w->model, w->a.offset, w->a.length))
		broken(w, "read differs from the model");
	check_device(w);
	check_verdict(w, o);
}

static void random_access(struct world *w)
{
	const struct ec_plan_reg *r = &w->plan.reg[below(w, w->plan.n)];
	unsigned int length = 1u << below(w, 4);
	uint32_t offset = r->offset + below(w, r->span);
	uint64_t data = rnd(w);

	if (one_in(w, 8))
		offset = one_in(w, 8) ? (uint32_t)-below(w, 16) : below(w, EC_CONFIG_SIZE + 8);
	if (!one_in(w, 4))
		offset &= ~(length - 1);
	if (one_in(w, 4))
		data = one_in(w, 2) ? UINT64_MAX : data & rnd(w) & rnd(w);
	if (offset < w->plan.layout.size && one_in(w, 8)) { /* the hardware changes a byte */
		uint8_t byte = (uint8_t)rnd(w);

		w->device.image.byte[offset] = byte;
		ec_model_poke(&w->model, offset, byte);
	}
	serve(w, one_in(w, 2), offset, length, data);
}

static uint64_t accesses(void)
{
	const char *text = getenv("EC_MODEL_ACCESSES");

	return text ? strtoull(text, NULL, 0) : ACCESSES;
}

START_TEST(random_accesses_agree_with_the_model)
{
	struct world *w = &world;
	/* a function of the host topology is only read */
	static const unsigned int share[EC_TOPOLOGIES] = {
		[EC_BYPASSED] = 4, [EC_FLATTENED] = 4, [EC_HOST] = 1
	};
	uint64_t todo = accesses() * share[_i] / 9 + 1;

	for (uint64_t done = 0, f = 0; done < todo; f++, done += w->number) {
		world_make(w, (enum ec_topology)_i, SEED + f, false);
		while (w->number < PER_FUNCTION) {
			random_access(w);
			compare(w);
		}
		for (uint32_t at = 0; at < w->plan.layout.size; at += 4) {
			serve(w, false, at, 4, 0);
			compare(w);
		}
		if (memcmp(&w->device, &w->model.device, sizeof(w->device)) != 0)
			broken(w, "the device changed elsewhere");
	}
	ec_bus_map_clear(&w->guest);
}
END_TEST

START_TEST(exact_registers_agree_with_the_model)
{
	struct world *w = &world;

	for (uint64_t done = 0, f = 0; done <= accesses() / 20; f++, done += w->number) {
		world_make(w, EC_FLATTENED, SEED * 2 + f, true);
		while (w->number < PER_FUNCTION) {
			random_access(w);
			compare(w);
		}
	}
	ec_bus_map_clear(&w->guest);
}
END_TEST

/* ---- hardware that fails ---- */

/* Index of the first access to the hardware that failed; none: their number. */
static unsigned int first_failure(const struct world *w)
{
	unsigned int i = 0;

	while (i < w->calls && w->call[i].rc == 0)
		i++;
	return i;
}

static bool was_read(const struct world *w, uint32_t byte)
{
	bool read = false;

	for (unsigned int i = 0; i < w->calls; i++) {
		const struct call *c = &w->call[i];

		if (byte >= c->offset && byte - c->offset < c->len)
			read |= !c->write && c->rc == 0;
	}
	return read;
}

/* A read of which a part failed: live bits that were not read are 1; others of that dword may be.
 */
static void compare_failed_read(struct world *w)
{
	uint64_t want = ec_model_read(&w->model, w->a.offset, w->a.length);
	unsigned int failed = first_failure(w);

	for (unsigned int i = 0; i < w->a.length * 8; i++) {
		uint64_t at = (uint64_t)w->a.offset + i / 8;
		bool got = w->a.value >> i & 1;
		bool lost = at < w->plan.layout.size &&
			    ec_model_bit(&w->model, (uint32_t)at, i % 8).live &&
			    !was_read(w, (uint32_t)at);

		if (lost && !got)
			broken(w, "a bit that was not read is not 1");
		if (!lost && got != (want >> i & 1) &&
		    !(got && at / 4 >= w->call[failed].offset / 4))
			broken(w, "a bit that was read is lost");
	}
}

/* A write of which a dword failed: the dwords before it are written, it and later ones not. */
static void compare_failed_write(struct world *w)
{
	uint32_t dword = w->call[first_failure(w)].offset & ~3u;
	uint32_t first = w->a.offset & ~3u, end = w->a.offset + w->a.length;

	if (dword > w->a.offset)
		ec_model_write(&w->model, w->a.offset, dword - w->a.offset, w->data);
	check_device(w);
	for (uint32_t at = first; at < end; at += 4) {
		serve(w, false, at, 4, 0);
		compare(w);
	}
}

/* No write follows a failure, and the verdict reports it. */
static void check_failure(struct world *w)
{
	unsigned int failed = first_failure(w);

	if ((failed < w->calls) != (w->a.verdict == EC_V_HW_ERROR))
		broken(w, "verdict of a failure");
	for (unsigned int i = failed + 1; i < w->calls; i++) {
		if (w->call[i].write)
			broken(w, "written after a failure");
	}
}

START_TEST(failing_reads_change_nothing)
{
	struct world *w = &world;
	uint64_t todo = accesses() / 20 / EC_TOPOLOGIES + 1;
	unsigned long failures = 0;

	for (uint64_t done = 0, f = 0; done < todo; f++, done += w->number) {
		world_make(w, (enum ec_topology)_i, ~SEED - f, false);
		while (w->number < PER_FUNCTION) {
			w->fail_read = 3;
			random_access(w);
			w->fail_read = 0;
			check_failure(w);
			if (first_failure(w) == w->calls) {
				compare(w);
				continue;
			}
			failures++;
			if (w->a.write)
				compare_failed_write(w);
			else
				compare_failed_read(w);
		}
	}
	ck_assert_uint_gt(failures, 10);
	ec_bus_map_clear(&w->guest);
}
END_TEST

START_TEST(no_write_follows_a_failure)
{
	struct world *w = &world;
	uint64_t todo = accesses() / 50 / EC_TOPOLOGIES + 1;

	for (uint64_t done = 0, f = 0; done < todo; f++, done += w->number) {
		world_make(w, (enum ec_topology)_i, ~SEED / 2 - f, false);
		w->fail_read = 5;
		w->fail_write = 3;
		while (w->number < PER_FUNCTION) {
			random_access(w);
			check_failure(w);
			for (unsigned int i = 0; i < w->calls; i++)
				check_call(w, &w->call[i]);
		}
		w->fail_read = w->fail_write = 0;
	}
	ec_bus_map_clear(&w->guest);
}
END_TEST

Suite *suite_access_model(void)
{
	Suite *s = suite_create("access_model");
	TCase *tc = tcase_create("path");

	tcase_set_timeout(tc, 300);
	tcase_add_loop_test(tc, random_accesses_agree_with_the_model, 0, EC_TOPOLOGIES);
	tcase_add_test(tc, exact_registers_agree_with_the_model);
	tcase_add_loop_test(tc, failing_reads_change_nothing, 0, EC_TOPOLOGIES);
	tcase_add_loop_test(tc, no_write_follows_a_failure, 0, EC_TOPOLOGIES);
	suite_add_tcase(s, tc);
	return s;
}
