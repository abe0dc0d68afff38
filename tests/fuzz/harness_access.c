/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Input: an image, an options byte (bits 1:0: topology, 2: another function follows, 3: random
 * registers with two bytes of seed, 4: some of them only accessed whole, 5: ids are given), then
 * accesses. An access is a byte (bit 0: write, 3:1: length, 5:4: form of the offset, 7:6: what else
 * happens), its arguments in that order, and the data of a write.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "access/access.h"
#include "core/bits.h"
#include "host/conf_dump.h"
#include "model.h"
#include "tests/fuzz/harness.h"

#define CALLS_MAX 16
#define NEVER UINT32_MAX

/* What else happens with an access. */
enum { PLAIN, POKE, FAIL_READ, OTHER };

/* One access to the hardware. */
struct call {
	bool write, failed;
	uint32_t offset, value;
	unsigned int len;
	uint32_t before; /* the device's value there before */
};

struct world {
	struct ec_image img;
	struct ec_plan plan;
	struct ec_conf_dump device;
	struct ec_function fn;
	struct ec_bus_map guest;
	struct ec_model model;
	struct ec_access a;
	uint64_t data;         /* a.value before the access */
	unsigned int number;   /* of the access */
	uint32_t fail_read;    /* reads that succeed before one fails */
	uint32_t fail_write;   /* the same for writes */
	unsigned int calls;    /* hardware accesses of the last access */
	const struct call *ko; /* the one that failed */
	struct call call[CALLS_MAX];
};

static void broken(const struct world *w, const char *what)
{
	harness_fail("access %u, %s: %s of %u at %x, data %llx, is %s, value %llx: %s", w->number,
		     ec_topology_names[w->plan.options.topology], w->a.write ? "write" : "read",
		     w->a.length, w->a.offset, (unsigned long long)w->data,
		     ec_verdict_names[w->a.verdict], (unsigned long long)w->a.value, what);
}

/* ---- the hardware ---- */

static int call(struct world *w, bool write, uint32_t offset, unsigned int len, uint32_t *value)
{
	uint32_t *left = write ? &w->fail_write : &w->fail_read;
	struct call *c = w->call + w->calls;

	if (w->ko && write)
		broken(w, "written after a failure");
	if (w->calls == CALLS_MAX || (len != 1 && len != 2 && len != 4) || offset % len ||
	    offset + len > w->plan.layout.size) {
		broken(w, "malformed hardware access");
		return -EIO;
	}
	w->calls++;
	*c = (struct call){ .write = write, .offset = offset, .len = len, .value = *value };
	c->before = ec_image_get(&w->device.image, offset, len);
	if (*left == 0) {
		c->failed = true;
		w->ko = c;
		return -EIO;
	}
	if (*left != NEVER)
		--*left;
	if (write)
		return ec_conf_dump_ops.write(&w->device, offset, len, *value);
	return ec_conf_dump_ops.read(&w->device, offset, len, value);
}

static int hw_read(void *ctx, uint32_t offset, unsigned int len, uint32_t *value)
{
	return call(ctx, false, offset, len, value);
}

static int hw_write(void *ctx, uint32_t offset, unsigned int len, uint32_t value)
{
	return call(ctx, true, offset, len, &value);
}

static const struct ec_conf_ops hw_ops = { .read = hw_read, .write = hw_write };

/* ---- properties of every hardware access ---- */

static bool touched(const struct world *w, uint32_t at)
{
	return at >= w->a.offset && at - w->a.offset < w->a.length;
}

/* The value that must be written to a bit of the hardware that has the value @had. */
static bool due(const struct world *w, const struct ec_model_bit *b, uint32_t at, unsigned int n,
		bool had)
{
	bool guest = touched(w, at) && w->data >> ((at - w->a.offset) * 8 + n) & 1;

	switch (b->kind) {
	case EC_KIND_RW:
		return b->owned ? guest : had;
	case EC_KIND_RW1C:
		return b->owned && guest;
	case EC_KIND_RSVDP:
		return had;
	default:
		return false;
	}
}

static void check_written(const struct world *w, const struct call *c, uint32_t at)
{
	unsigned int shift = (at - c->offset) * 8;
	bool owned = ec_model_owned(&w->model, at);
	const struct ec_plan_reg *exact = ec_model_exact(&w->model, at);

	for (uint32_t i = 0; exact && i < exact->span; i++)
		owned |= ec_model_owned(&w->model, exact->offset + i);
	if (!w->a.write || !touched(w, at) || !owned)
		broken(w, "the hardware is written where it may not be");
	for (unsigned int n = 0; n < 8; n++) {
		struct ec_model_bit b = ec_model_bit(&w->model, at, n);
		bool rw = w->device.rw[at] >> n & 1, w1c = w->device.w1c[at] >> n & 1;

		if ((c->value >> (shift + n) & 1) !=
		    due(w, &b, at, n, c->before >> (shift + n) & 1))
			broken(w, "a bit is written to the hardware as another");
		if (b.owned && (rw != (b.kind == EC_KIND_RW) || w1c != (b.kind == EC_KIND_RW1C)))
			broken(w, "the device has the bit as another kind");
	}
}

static void check_calls(const struct world *w)
{
	for (const struct call *c = w->call; c < w->call + w->calls; c++) {
		bool live = false;

		for (uint32_t at = c->offset; at < c->offset + c->len; at++) {
			const struct ec_plan_reg *exact = ec_model_exact(&w->model, at);

			if (exact && (c->offset != exact->offset || c->len != exact->span))
				broken(w, "a register is accessed in part");
			live |= touched(w, at) && ec_model_live(&w->model, at);
			if (c->write)
				check_written(w, c, at);
		}
		if (!live)
			broken(w, "the hardware is accessed for no live bit");
	}
}

/* ---- properties of every answer ---- */

static void check_actions(const struct world *w)
{
	const struct ec_effect_params *f = &w->plan.layout.params;

	if (w->a.actions.n > EC_ACTIONS_MAX || (w->a.actions.n && !w->a.write))
		broken(w, "number of actions");
	for (unsigned int i = 0; i < w->a.actions.n && i < EC_ACTIONS_MAX; i++) {
		const struct ec_action *act = w->a.actions.action + i;

		if (act->kind >= EC_ACTIONS)
			broken(w, "kind of an action");
		if (act->kind != EC_ACT_MAP_BAR && act->kind != EC_ACT_UNMAP_BAR)
			continue;
		if (act->index >= EC_BAR_MAX || !act->size || act->size & (act->size - 1) ||
		    act->size != f->bar_size[act->index] || act->address & (act->size - 1))
			broken(w, "place of a BAR");
	}
}

static void check_device(const struct world *w)
{
	uint64_t end = (uint64_t)w->a.offset + w->a.length + 3;

	for (uint64_t at = w->a.offset & ~3u; at < end && at < EC_CONFIG_SIZE; at++)
		if (w->device.image.byte[at] != w->model.device.image.byte[at])
			broken(w, "the device is another than the model's");
}

static void check_write(struct world *w)
{
	struct ec_model_outcome o = ec_model_write(&w->model, w->a.offset, w->a.length, w->data);
	uint8_t v = w->a.verdict;

	if (o.refused ? v != EC_V_REFUSED
		      : !(v == EC_V_SERVED && (o.writable || o.starts)) &&
				!(v == EC_V_DROPPED && !o.writable))
		broken(w, "verdict");
}

/* Nothing of a failing dword or after it is served; bits that are live there read ones. */
static void check_failed(struct world *w)
{
	uint32_t dword = w->ko->offset & ~3u;
	uint64_t want;

	if (w->a.verdict != EC_V_HW_ERROR)
		broken(w, "verdict of a failure");
	if (w->a.write && dword > w->a.offset)
		ec_model_write(&w->model, w->a.offset, dword - w->a.offset, w->data);
	if (w->a.write)
		return;
	want = ec_model_read(&w->model, w->a.offset, w->a.length);
	for (unsigned int i = 0; i < w->a.length * 8; i++) {
		uint64_t at = (uint64_t)w->a.offset + i / 8;
		bool got = w->a.value >> i & 1, is = want >> i & 1;
		bool lost = at >= w->ko->offset && at < w->plan.layout.size &&
			    ec_model_bit(&w->model, (uint32_t)at, i % 8).live;

		if (at < dword ? got != is : !got && (is || lost))
			broken(w, "a failed read's value");
	}
}

/* A malformed access, or one without a function, reads all ones and changes nothing. */
static void check_unserved(struct world *w, bool there)
{
	if (w->a.verdict != (there ? EC_V_MALFORMED : EC_V_NO_FUNCTION) || w->calls)
		broken(w, "an access that cannot be served");
	if (w->a.value != (w->a.write ? w->data : ec_ones(w->a.length)))
		broken(w, "its value");
}

static void check(struct world *w)
{
	bool there = ec_sbdf_compare(w->a.at, w->fn.at) == 0;
	uint32_t l = w->a.length;

	check_actions(w);
	if (!there || (l != 1 && l != 2 && l != 4 && l != 8)) {
		check_unserved(w, there);
		return;
	}
	check_calls(w);
	if (w->ko)
		check_failed(w);
	else if (w->a.write)
		check_write(w);
	else if (w->a.verdict != EC_V_SERVED ||
		 w->a.value != ec_model_read(&w->model, w->a.offset, l))
		broken(w, "a read differs from the model's");
	/* part of a dword whose write failed may have been written */
	if (!w->ko || !w->ko->write)
		check_device(w);
}

/* ---- accesses ---- */

static void serve(struct world *w)
{
	w->data = w->a.value;
	w->calls = 0;
	w->ko = NULL;
	w->number++;
	ec_access_handle(&w->guest, &w->a);
	check(w);
	w->fail_read = w->fail_write = NEVER;
}

static uint32_t take_offset(struct harness_input *in, const struct world *w, unsigned int how)
{
	static const unsigned int bytes[] = { 2, 2, 2, 4 };
	uint32_t v = (uint32_t)harness_take(in, bytes[how]);
	const struct ec_plan_reg *r = &w->plan.reg[v % w->plan.n];

	switch (how) {
	case 0: /* a register */
		return r->offset;
	case 1: /* part of one */
		return r->offset + v / w->plan.n % r->span;
	case 2:
		return v % (EC_CONFIG_SIZE + 16);
	default:
		return v;
	}
}

static void poke(struct world *w, uint32_t at, uint8_t byte)
{
	if (!ec_image_has(&w->device.image, at, 1))
		return;
	w->device.image.byte[at] = byte;
	ec_model_poke(&w->model, at, byte);
}

/* Returns false if the device's contents are unknown afterwards. */
static bool access_one(struct harness_input *in, struct world *w)
{
	static const uint8_t lengths[] = { 1, 2, 4, 8, 4, 2, 1 };
	unsigned int op = (unsigned int)harness_take(in, 1), length = op >> 1 & 7, arg;
	bool fail_write;

	w->a.at = w->fn.at;
	w->a.write = op & 1;
	w->a.value = 0;
	w->a.length = length < 7 ? lengths[length] : (uint32_t)(int8_t)harness_take(in, 1);
	w->a.offset = take_offset(in, w, op >> 4 & 3);
	arg = op >> 6 ? (unsigned int)harness_take(in, 1) : 0;
	if (op & 1)
		w->a.value = harness_take(in, w->a.length < 8 ? w->a.length : 8);
	if (op >> 6 == POKE)
		poke(w, w->a.offset, (uint8_t)arg);
	if (op >> 6 == FAIL_READ)
		w->fail_read = arg & 3;
	fail_write = op >> 6 == OTHER && arg & 1;
	if (fail_write)
		w->fail_write = arg >> 1 & 3;
	else if (op >> 6 == OTHER)
		w->a.at = (struct ec_sbdf){ .segment = arg >> 7,
					    .bus = arg >> 1 & 1,
					    .devfn = (uint8_t)arg };
	serve(w);
	return !fail_write || !w->ko;
}

/* Attach as the input says. Returns false if the function cannot be attached. */
static bool world_make(struct harness_input *in, struct world *w)
{
	static struct harness_regions regions;
	struct ec_plan_options options = { 0 };
	struct ec_model_rng rng = { 0 };
	unsigned int how;

	harness_image(in, &w->img, &regions);
	how = (unsigned int)harness_take(in, 1);
	options.topology = (how & 3) % EC_TOPOLOGIES;
	options.multifunction = how & 4;
	options.region = regions.given ? regions.region : NULL;
	if (how & 32)
		options.vendor = options.device = 0x1234;
	if (!harness_plan(&w->plan, &w->img, &options))
		return false;
	w->device.image = w->img;
	ec_plan_attached(&w->plan, &w->device.image);
	ec_plan_semantics(&w->plan, w->device.rw, w->device.w1c);
	if (how & 8) {
		rng.state = harness_take(in, 2);
		ec_model_scramble(&rng, &w->plan, &w->device, how & 16);
		/* bytes that were not captured are not hidden then: the device has them */
		memset(w->device.image.present, 0xff, w->img.size / 32);
	}
	if (ec_model_init(&w->model, &w->plan, &w->device))
		broken(w, "registers do not cover the view");
	w->number = 0;
	w->fail_read = w->fail_write = NEVER;
	w->fn = (struct ec_function){ .layout = &w->plan.layout, .hw = &hw_ops, .hw_ctx = w };
	return true;
}

const char *harness_access(const uint8_t *data, size_t size)
{
	struct harness_input in = { .at = data, .end = data + size };
	static struct world world;
	struct world *w = &world;
	size_t bytes;
	bool known = true;

	harness_start();
	if (!world_make(&in, w))
		return harness_text();
	/* exactly the layout's size: a sanitizer then knows its end */
	bytes = w->plan.layout.words * sizeof(*w->fn.shadow);
	w->fn.shadow = malloc(bytes);
	if (!w->fn.shadow || ec_bus_map_add(&w->guest, &w->fn))
		abort();
	memcpy(w->fn.shadow, w->plan.shadow, bytes);
	while (known && in.at < in.end && !harness_text())
		known = access_one(&in, w);
	for (uint32_t at = 0; known && at < w->plan.layout.size; at += 4) {
		w->a.at = w->fn.at;
		w->a.write = false;
		w->a.offset = at;
		w->a.length = 4;
		serve(w);
	}
	if (known && memcmp(&w->device, &w->model.device, sizeof(w->device)) != 0)
		broken(w, "the device has changed elsewhere");
	if (w->fn.shadow[EC_WORD_ZERO])
		broken(w, "slot 0 is not 0");
	ec_bus_map_clear(&w->guest);
	free(w->fn.shadow);
	return harness_text();
}
