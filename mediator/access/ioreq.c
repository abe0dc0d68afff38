/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "access/ioreq.h"

#include "core/bits.h"
#include "core/ecam.h"

/*
 * First and last byte of the repetitions that start at @at. Returns false if they wrap; at most two
 * pages wrap only once, which the comparison finds.
 */
static bool span(const struct ec_ioreq *q, uint64_t at, uint64_t *first, uint64_t *last)
{
	uint64_t rest = (q->count - 1) * q->size;

	*first = q->df ? at - rest : at;
	*last = *first + rest + (q->size - 1);
	return *first <= *last;
}

static bool has_address(const struct ec_ioreq *q)
{
	uint64_t first, last;

	switch (q->type) {
	case EC_IOREQ_PIO:
		return q->size <= 4 && q->addr <= UINT64_MAX - (q->size - 1);
	case EC_IOREQ_COPY:
		return span(q, q->addr, &first, &last);
	case EC_IOREQ_PCI_CONFIG:
		/* bits 63:32 address the function: an access must not carry into them */
		return q->size <= 4 && (uint32_t)q->addr <= UINT32_MAX - (q->size - 1);
	default:
		/* INVALIDATE and TIMEOFFSET too: they are writes, and need no answer */
		return false;
	}
}

static bool is_well_formed(const struct ec_ioreq *q)
{
	uint64_t first, last;

	if (q->size != 1 && q->size != 2 && q->size != 4 && q->size != 8)
		return false;
	/* the code below relies on this: count * size is at most two pages */
	if (!q->count || q->count > EC_IOREQ_BYTES_MAX / q->size)
		return false;
	if (!has_address(q))
		return false;
	return !q->data_is_ptr ||
	       (span(q, q->data, &first, &last) && last / EC_PAGE_SIZE - first / EC_PAGE_SIZE <= 1);
}

static uint64_t config_one(const struct ec_ioreq *q, uint64_t value,
			   const struct ec_ioreq_target *target, void *ctx)
{
	struct ec_access a = { .write = q->write, .length = q->size, .value = value };

	ec_pci_config_decode(q->addr, &a.at, &a.offset);
	target->config(ctx, &a);
	return a.value;
}

/* Serves repetition @i. A read does not see the request's data. */
static uint64_t access_one(const struct ec_ioreq *q, uint32_t i, uint64_t value,
			   const struct ec_ioreq_target *target, void *ctx)
{
	uint64_t step = i * q->size, ones = ec_ones(q->size);

	value = q->write ? value & ones : 0;
	switch (q->type) {
	case EC_IOREQ_PIO:
		value = target->port(ctx, q->addr, q->size, q->write, value);
		break;
	case EC_IOREQ_COPY:
		value = target->memory(ctx, q->df ? q->addr - step : q->addr + step, q->size,
				       q->write, value);
		break;
	default:
		value = config_one(q, value, target, ctx);
	}
	return value & ones;
}

/*
 * All guest memory is copied at once: the guest cannot change one element while another is served,
 * and a write whose data cannot be read does nothing at all.
 */
static void serve_memory(const struct ec_ioreq *q, const struct ec_ioreq_target *target, void *ctx)
{
	uint8_t data[EC_IOREQ_BYTES_MAX];
	uint32_t len = q->count * q->size;
	uint64_t first, last;

	span(q, q->data, &first, &last);
	if (q->write && target->copy(ctx, first, data, len, false))
		return;
	for (uint32_t i = 0; i < q->count; i++) {
		uint8_t *p = data + (q->df ? q->count - 1 - i : i) * q->size;
		uint64_t value = q->write ? ec_get_le(p, q->size) : 0;

		value = access_one(q, i, value, target, ctx);
		if (!q->write)
			ec_put_le(p, q->size, value);
	}
	/* a failure cannot be reported: Xen takes no answer if the data are in memory */
	if (!q->write)
		target->copy(ctx, first, data, len, true);
}

void ec_ioreq_serve(struct ec_ioreq *q, const struct ec_ioreq_target *target, void *ctx)
{
	uint64_t value = ec_ones(q->size);

	if (is_well_formed(q)) {
		if (q->data_is_ptr) {
			serve_memory(q, target, ctx);
			return;
		}
		for (uint32_t i = 0; i < q->count; i++)
			value = access_one(q, i, q->data, target, ctx);
	}
	if (!q->write && !q->data_is_ptr)
		q->data = value;
}
