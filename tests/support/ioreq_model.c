/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ioreq_model.h"

#include <check.h>
#include <string.h>

#include "model.h"

static uint64_t mix(uint64_t v)
{
	struct ec_model_rng rng = { v };

	return ec_model_random(&rng);
}

static uint8_t ram(uint64_t gpa)
{
	return (uint8_t)mix(gpa ^ 0x52414d);
}

uint64_t ioreq_ram(uint64_t gpa, uint32_t len)
{
	uint64_t v = 0;

	for (uint32_t i = 0; i < len; i++)
		v |= (uint64_t)ram(gpa + i) << i * 8;
	return v;
}

uint64_t ioreq_answer(enum ioreq_space space, uint64_t addr, unsigned int nth)
{
	return mix(addr ^ (uint64_t)space << 60 ^ nth);
}

static uint64_t access_to(struct ioreq_outcome *o, struct ioreq_call c)
{
	if (o->calls >= EC_IOREQ_BYTES_MAX)
		ck_abort_msg("more accesses than bytes");
	o->call[o->calls++] = c;
	return ioreq_answer(c.space, c.addr, o->calls);
}

static void config(void *ctx, struct ec_access *a)
{
	uint32_t bdf = a->at.segment << 16 | (uint32_t)a->at.bus << 8 | a->at.devfn;

	a->value = access_to(ctx, (struct ioreq_call){ IOREQ_CONFIG, a->length, a->write, bdf,
						       a->offset, a->value });
}

static uint64_t port(void *ctx, uint64_t at, unsigned int len, bool write, uint64_t value)
{
	return access_to(ctx, (struct ioreq_call){ IOREQ_PORT, len, write, 0, at, value });
}

static uint64_t memory(void *ctx, uint64_t gpa, unsigned int len, bool write, uint64_t value)
{
	return access_to(ctx, (struct ioreq_call){ IOREQ_MEMORY, len, write, 0, gpa, value });
}

static int copy(void *ctx, uint64_t gpa, void *buf, size_t len, bool write)
{
	struct ioreq_outcome *o = ctx;
	uint8_t *p = buf;

	if (!len || len > EC_IOREQ_BYTES_MAX)
		ck_abort_msg("copies %zu bytes", len);
	o->copies++;
	o->gpa = gpa;
	o->len = len;
	o->to_guest = write;
	if (write)
		memcpy(o->bytes, p, len);
	else if (!o->copy_rc)
		for (size_t i = 0; i < len; i++)
			p[i] = ram(gpa + i);
	return o->copy_rc;
}

const struct ec_ioreq_target ioreq_target = {
	.config = config, .port = port, .memory = memory, .copy = copy
};

/* The model. */
typedef __int128 wide;

static wide byte_at(const struct ec_ioreq *q, uint64_t from, uint32_t rep, uint32_t byte)
{
	wide step = (wide)rep * q->size;

	return (q->df ? (wide)from - step : (wide)from + step) + byte;
}

static bool model_bytes(const struct ec_ioreq *q)
{
	wide top = (wide)1 << 64, low = top, high = -1;

	for (uint32_t i = 0; i < q->count; i++)
		for (uint32_t j = 0; j < q->size; j++) {
			wide at = q->type == 1   ? byte_at(q, q->addr, i, j)
				  : q->type == 2 ? (wide)(q->addr & 0xffffffff) + j
						 : (wide)q->addr + j;
			wide data = byte_at(q, q->data, i, j);

			if (at < 0 || at >= (q->type == 2 ? (wide)1 << 32 : top))
				return false;
			if (q->data_is_ptr && (data < 0 || data >= top))
				return false;
			low = data < low ? data : low;
			high = data > high ? data : high;
		}
	return !q->data_is_ptr || (high >> 12) - (low >> 12) < 2;
}

static bool model_takes(const struct ec_ioreq *q)
{
	static const uint32_t sizes[] = { 1, 2, 4, 8 };

	if (q->type > 2 || q->count < 1 || (wide)q->count * q->size > 8192)
		return false;
	for (unsigned int i = 0; i < (q->type == 1 ? 4u : 3u); i++)
		if (q->size == sizes[i])
			return model_bytes(q);
	return false;
}

static uint64_t model_access(struct ioreq_outcome *o, const struct ec_ioreq *q, uint32_t rep,
			     uint64_t value)
{
	struct ioreq_call c = { .len = q->size, .write = q->write, .value = value };

	c.space = q->type == 0 ? IOREQ_PORT : q->type == 1 ? IOREQ_MEMORY : IOREQ_CONFIG;
	c.addr = q->type == 1 ? (uint64_t)byte_at(q, q->addr, rep, 0) : q->addr;
	if (q->type == 2) {
		c.bdf = q->addr >> 32;
		c.addr = q->addr & 0xffffffff;
	}
	return access_to(o, c);
}

uint64_t ioreq_model(const struct ec_ioreq *q, struct ioreq_outcome *o)
{
	uint64_t ones = 0, answer, first = UINT64_MAX;

	for (uint32_t j = 0; j < q->size && j < 8; j++)
		ones |= 0xffull << j * 8;
	o->calls = o->copies = 0;
	answer = q->write || q->data_is_ptr ? q->data : ones;
	if (!model_takes(q))
		return answer;
	for (uint32_t i = 0; i < q->count; i++) {
		uint64_t at = (uint64_t)byte_at(q, q->data, i, 0);

		first = at < first ? at : first;
	}
	if (q->data_is_ptr && q->write) {
		o->copies = 1;
		if (o->copy_rc)
			return answer;
	}
	for (uint32_t i = 0; i < q->count; i++) {
		uint64_t at = (uint64_t)byte_at(q, q->data, i, 0);
		uint64_t in = q->data_is_ptr ? ioreq_ram(at, q->size) : q->data & ones;
		uint64_t out = model_access(o, q, i, q->write ? in : 0);

		if (!q->write && !q->data_is_ptr)
			answer = out & ones;
		for (uint32_t j = 0; !q->write && q->data_is_ptr && j < q->size; j++)
			o->bytes[at - first + j] = (uint8_t)(out >> j * 8);
	}
	o->copies = q->data_is_ptr;
	o->gpa = first;
	o->len = (uint64_t)q->count * q->size;
	return answer;
}
