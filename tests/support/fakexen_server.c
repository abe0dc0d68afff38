/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ioreq servers. Source: Xen common/ioreq.c, arch/x86/hvm/ioreq.c, common/rangeset.c. */
#include <check.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/bits.h"
#include "fakexen_state.h"

/* Requests that fit a server's page. */
#define VCPUS_MAX 128

static const char *const kinds[] = { "port", "memory", "pci" };

static int do_create(struct fakexen *f, struct fx_guest *g, unsigned int vcpus,
		     struct ec_server **out)
{
	struct ec_server *s;
	/* the device model has the first */
	unsigned int slot = g && g->info.device_model;

	if (!g)
		return -ESRCH;
	if (!g->info.hvm || !vcpus || vcpus > VCPUS_MAX)
		return -EINVAL;
	while (slot < FAKEXEN_SERVERS && g->server[slot])
		slot++;
	if (slot == FAKEXEN_SERVERS)
		return -ENOSPC;
	s = calloc(1, sizeof(*s));
	if (!s)
		abort();
	s->f = f;
	s->guest = g;
	s->slot = (int)slot;
	s->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ck_assert_int_ge(s->event, 0);
	g->server[slot] = s;
	f->servers++;
	*out = s;
	return 0;
}

static int create(void *ctx, const struct ec_server_options *o, struct ec_server **out)
{
	struct fx_call c = fx_begin(ctx, "create d%u vcpus %u", o->domid, o->vcpus);
	int rc = c.rc ? c.rc : do_create(ctx, fx_guest(ctx, o->domid), o->vcpus, out);

	if (!rc) {
		(*out)->handler = o->handler;
		(*out)->ctx = o->handler_ctx;
	}
	return fx_end(c, rc);
}

static void answer_ones(struct ec_ioreq *q)
{
	if (!q->write && !q->data_is_ptr)
		q->data = ec_ones(q->size);
}

static void destroy(struct ec_server *s)
{
	if (!s)
		return;
	fx_note(s->f, "destroy d%u", s->guest->domid);
	for (unsigned int i = 0; i < s->posted; i++)
		answer_ones(s->post[i]);
	s->guest->server[s->slot] = NULL;
	s->f->servers--;
	close(s->event);
	free(s);
}

static int enable(struct ec_server *s)
{
	struct fx_call c = fx_begin(s->f, "enable d%u", s->guest->domid);

	if (!c.rc && s->guest->dead)
		c.rc = -ESRCH;
	if (!c.rc)
		s->enabled = true;
	return fx_end(c, c.rc);
}

/* Open a gap of one entry at @i, or close it. */
static void shift(struct ec_server *s, enum ec_range_kind kind, unsigned int i, bool open)
{
	memmove(s->range[kind] + i + open, s->range[kind] + i + !open,
		(s->n[kind] - i - !open) * sizeof(s->range[kind][0]));
	s->n[kind] += open ? 1u : -1u;
}

/* The first range that ends at @first or after it. */
static unsigned int place(const struct ec_server *s, enum ec_range_kind kind, uint64_t first)
{
	unsigned int i = 0;

	while (i < s->n[kind] && s->range[kind][i].last < first)
		i++;
	return i;
}

static bool owns(const struct ec_server *s, enum ec_range_kind kind, uint64_t first, uint64_t last)
{
	unsigned int i = place(s, kind, first);

	return first <= last && i < s->n[kind] && s->range[kind][i].first <= first &&
	       s->range[kind][i].last >= last;
}

/* Adjacent ranges are merged, as Xen's rangesets do. */
static int add_range(struct ec_server *s, enum ec_range_kind kind, uint64_t first, uint64_t last)
{
	unsigned int i = place(s, kind, first);
	bool joins_low = i > 0 && s->range[kind][i - 1].last + 1 == first;
	bool joins_high;

	if (i < s->n[kind] && s->range[kind][i].first <= last)
		return -EEXIST;
	joins_high = i < s->n[kind] && s->range[kind][i].first == last + 1;
	if (joins_low && joins_high) {
		s->range[kind][i - 1].last = s->range[kind][i].last;
		shift(s, kind, i, false);
	} else if (joins_low) {
		s->range[kind][i - 1].last = last;
	} else if (joins_high) {
		s->range[kind][i].first = first;
	} else {
		if (s->n[kind] == FAKEXEN_RANGES)
			return -ENOMEM;
		shift(s, kind, i, true);
		s->range[kind][i].first = first;
		s->range[kind][i].last = last;
	}
	return 0;
}

static int remove_range(struct ec_server *s, enum ec_range_kind kind, uint64_t first, uint64_t last)
{
	unsigned int i = place(s, kind, first);
	uint64_t end;

	if (!owns(s, kind, first, last))
		return -ENOENT;
	end = s->range[kind][i].last;
	if (s->range[kind][i].first == first && end == last) {
		shift(s, kind, i, false);
	} else if (s->range[kind][i].first == first) {
		s->range[kind][i].first = last + 1;
	} else if (end == last) {
		s->range[kind][i].last = first - 1;
	} else {
		if (s->n[kind] == FAKEXEN_RANGES)
			return -ENOMEM;
		shift(s, kind, i + 1, true);
		s->range[kind][i].last = first - 1;
		s->range[kind][i + 1].first = last + 1;
		s->range[kind][i + 1].last = end;
	}
	return 0;
}

static int range(struct ec_server *s, enum ec_range_kind kind, uint64_t first, uint64_t last,
		 bool add)
{
	struct fx_call c =
		fx_begin(s->f, "range d%u %s %" PRIx64 " %" PRIx64 " %s", s->guest->domid,
			 kinds[kind], first, last, add ? "add" : "remove");

	if (c.rc)
		return fx_end(c, c.rc);
	if (s->guest->dead)
		return fx_end(c, -ESRCH);
	if (first > last || (kind == EC_RANGE_PCI && last > UINT32_MAX))
		return fx_end(c, -EINVAL);
	return fx_end(c,
		      add ? add_range(s, kind, first, last) : remove_range(s, kind, first, last));
}

static int server_fd(const struct ec_server *s)
{
	return s->event;
}

static bool same(const struct ec_ioreq *a, const struct ec_ioreq *b)
{
	return a->type == b->type && a->write == b->write && a->df == b->df &&
	       a->data_is_ptr == b->data_is_ptr && a->size == b->size && a->count == b->count &&
	       a->addr == b->addr;
}

static void serve(struct ec_server *s, struct ec_ioreq *q)
{
	struct ec_ioreq before = *q;

	s->handler(s->ctx, q);
	if (!same(q, &before))
		fx_violation(s->f, "a handler has changed a request");
	if (!q->write && !q->data_is_ptr && (q->data & ~ec_ones(q->size)))
		fx_violation(s->f, "a handler has left %" PRIx64 " of a read of %u", q->data,
			     q->size);
}

/* A handler may destroy the server: it is not accessed after the last call. */
static int dispatch(struct ec_server *s, uint64_t spin_ns)
{
	struct fx_call c = fx_begin(s->f, "dispatch d%u", s->guest->domid);
	struct ec_ioreq *q[FX_POSTED];
	unsigned int n = s->posted;
	eventfd_t count;

	(void)spin_ns;
	if (c.rc)
		return fx_end(c, c.rc);
	if (eventfd_read(s->event, &count))
		return 0;
	memcpy(q, s->post, sizeof(q));
	s->posted = 0;
	for (unsigned int i = 0; i < n; i++)
		serve(s, q[i]);
	return 0;
}

static int copy(struct ec_server *s, uint64_t gpa, void *buf, size_t len, bool write)
{
	struct fx_call c = fx_begin(s->f, "copy d%u gpa %" PRIx64 " n %zu %s", s->guest->domid, gpa,
				    len, write ? "write" : "read");
	uint64_t last = gpa + len - 1;
	uint8_t *p;

	if (c.rc || !len)
		return fx_end(c, c.rc);
	if (s->guest->dead)
		return fx_end(c, -ESRCH);
	if (last < gpa || last / EC_PAGE_SIZE - gpa / EC_PAGE_SIZE > 1) {
		fx_violation(s->f, "copying %zu bytes at %" PRIx64, len, gpa);
		return fx_end(c, -EINVAL);
	}
	p = fx_memory(s->guest, gpa, len);
	if (!p)
		return fx_end(c, -EFAULT);
	memcpy(write ? (void *)p : buf, write ? buf : p, len);
	return 0;
}

/* Modes of delivery, and where vector and pirq are. Source: Xen arch/x86/hvm/{irq,vmsi}.c. */
static int do_inject(struct fakexen *f, struct fx_guest *g, uint64_t address, uint32_t data)
{
	uint32_t pirq = ((uint32_t)(address >> 32) & 0xffffff00) | (address >> 12 & 0xff);

	if (g->dead)
		return -ESRCH;
	if (data & 0xff)
		return (data >> 8 & 7) > 1 ? -EINVAL : 0;
	if (!pirq || pirq > INT32_MAX)
		return -ERANGE;
	/* a pirq of a host interrupt cannot be an emulated function's */
	return fx_overlapping(f, FX_PIRQ, g, pirq, 1) ? -EINVAL : 0;
}

static int inject_msi(struct ec_server *s, uint64_t address, uint32_t data)
{
	struct fx_call c = fx_begin(s->f, "inject_msi d%u address %" PRIx64 " data %x",
				    s->guest->domid, address, data);

	return fx_end(c, c.rc ? c.rc : do_inject(s->f, s->guest, address, data));
}

const struct ec_server_ops fakexen_server_ops = {
	.create = create,
	.destroy = destroy,
	.enable = enable,
	.range = range,
	.fd = server_fd,
	.dispatch = dispatch,
	.copy = copy,
	.inject_msi = inject_msi,
};

/* A server must own all repetitions of a memory access; other repetitions use one address. */
static bool takes(const struct ec_server *s, const struct ec_ioreq *q)
{
	uint64_t rest = (uint64_t)(q->count - 1) * q->size;

	switch (q->type) {
	case EC_IOREQ_PIO:
		return owns(s, EC_RANGE_PORT, q->addr, q->addr + q->size - 1);
	case EC_IOREQ_COPY:
		if (q->df)
			return owns(s, EC_RANGE_MEMORY, q->addr - rest, q->addr + q->size - 1);
		return owns(s, EC_RANGE_MEMORY, q->addr, q->addr + rest + q->size - 1);
	case EC_IOREQ_PCI_CONFIG:
		return owns(s, EC_RANGE_PCI, q->addr >> 32, q->addr >> 32);
	default:
		/* Xen sends these to all servers; one is enough for a test */
		return q->type == EC_IOREQ_INVALIDATE || q->type == EC_IOREQ_TIMEOFFSET;
	}
}

static struct ec_server *choose(struct fakexen *f, uint32_t domid, const struct ec_ioreq *q)
{
	struct fx_guest *g = fx_guest(f, domid);

	fx_note(f, "request d%u type %u %s addr %" PRIx64 " size %u count %u", domid, q->type,
		q->write ? "write" : "read", q->addr, q->size, q->count);
	for (int i = FAKEXEN_SERVERS - 1; g && i >= 0; i--)
		if (g->server[i] && g->server[i]->enabled && takes(g->server[i], q))
			return g->server[i];
	return NULL;
}

bool fakexen_request(struct fakexen *f, uint32_t domid, struct ec_ioreq *q)
{
	struct ec_server *s = choose(f, domid, q);

	if (s)
		serve(s, q);
	else
		answer_ones(q);
	return s;
}

bool fakexen_post(struct fakexen *f, uint32_t domid, struct ec_ioreq *q)
{
	struct ec_server *s = choose(f, domid, q);

	if (!s) {
		answer_ones(q);
		return false;
	}
	ck_assert_uint_lt(s->posted, FX_POSTED);
	s->post[s->posted++] = q;
	ck_assert_int_eq(eventfd_write(s->event, 1), 0);
	return true;
}
