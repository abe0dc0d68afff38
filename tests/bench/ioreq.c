/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ioreq.h"

#include "core/bits.h"
#include "core/ecam.h"

/*
 * The server owns the other fields until the reply. Only the state's bits are changed; the other
 * bits of the byte stay.
 */
static inline void set_in_process(struct ioreq *req, uint8_t flags)
{
	__atomic_store_n(&req->flags, flags ^ (IOREQ_READY ^ IOREQ_INPROCESS), __ATOMIC_RELAXED);
}

static inline void set_response_ready(struct ioreq *req)
{
	__atomic_thread_fence(__ATOMIC_RELEASE);
	req->flags |= IOREQ_INPROCESS ^ IOREQ_RESP_READY;
}

/* Take a request that is ready. Returns false if it is not for configuration space. */
static inline bool take(struct bench_server *s, struct ioreq *req, struct ec_access *a)
{
	uint8_t flags = __atomic_load_n(&req->flags, __ATOMIC_ACQUIRE);
	uint16_t reg;

	if ((flags & (IOREQ_STATE | IOREQ_DATA_IS_PTR)) != IOREQ_READY || req->count != 1)
		return false;
	set_in_process(req, flags);
	if (req->type == IOREQ_TYPE_COPY) {
		uint64_t offset = req->addr - s->ecam_base;

		if (offset >= s->ecam_size || !ec_ecam_decode(offset, 0, 0, &a->at, &reg))
			return false;
		a->offset = reg;
	} else if (req->type == IOREQ_TYPE_PCI_CONFIG) {
		ec_pci_config_decode(req->addr, &a->at, &a->offset);
	} else {
		return false;
	}
	a->write = !(flags & IOREQ_DIR);
	a->length = req->size;
	a->value = req->data;
	return true;
}

/* The data of a write is the guest's own: writing it back changes nothing. */
static inline void reply(struct bench_server *s, struct ioreq *req, const struct ec_access *a)
{
	req->data = a->value;
	s->actions += a->actions.n;
	set_response_ready(req);
}

void bench_serve(struct bench_server *s, struct ioreq *req)
{
	if (!take(s, req, &s->access))
		return;
	ec_access_handle(s->guest, &s->access);
	reply(s, req, &s->access);
}

void bench_serve_list(struct bench_server *s, struct ioreq *req)
{
	if (!take(s, req, &s->access))
		return;
	list_access_handle(s->guest, s->list, &s->access);
	reply(s, req, &s->access);
}

void bench_serve_none(struct bench_server *s, struct ioreq *req)
{
	(void)s;
	(void)req;
}

struct ioreq bench_ecam_read(struct ec_sbdf at, uint32_t offset, uint32_t len)
{
	return (struct ioreq){ .addr = BENCH_ECAM_BASE + ec_ecam_offset(at, 0, (uint16_t)offset),
			       .count = 1,
			       .size = len,
			       .flags = IOREQ_READY | IOREQ_DIR,
			       .type = IOREQ_TYPE_COPY };
}

struct ioreq bench_config_read(struct ec_sbdf at, uint32_t offset, uint32_t len)
{
	struct ioreq req = bench_ecam_read(at, offset, len);

	ec_pci_config_encode(at, offset, &req.addr);
	req.type = IOREQ_TYPE_PCI_CONFIG;
	return req;
}

struct ioreq bench_as_write(struct ioreq req, uint32_t data)
{
	req.flags = IOREQ_READY;
	req.data = data;
	return req;
}

__attribute__((noinline)) uint64_t bench_drive(struct bench_server *s, bench_serve_fn *serve,
					       const struct ioreq *trace, size_t len,
					       unsigned long n)
{
	const struct ioreq *t = trace;
	struct ioreq slot;
	uint64_t sum = 0;

	for (; n; n--) {
		slot = *t;
		serve(s, &slot);
		sum += slot.data;
		if (++t == trace + len)
			t = trace;
	}
	return sum;
}
