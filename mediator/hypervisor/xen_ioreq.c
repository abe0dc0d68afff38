/* SPDX-License-Identifier: GPL-2.0-or-later */
/* enables the constants for ioreq servers in Xen's headers */
#define __XEN_TOOLS__ 1
#include "hypervisor/xen_ioreq.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <xen/xen.h>
#include <xendevicemodel.h>
#include <xenevtchn.h>
#include <xenforeignmemory.h>

#include <xen/hvm/dm_op.h>
#include <xen/hvm/hvm_op.h>
#include <xen/hvm/ioreq.h>
#include <xen/memory.h>

/* Virtual CPUs whose requests fit the one page of a server. */
#define VCPUS_MAX (EC_PAGE_SIZE / sizeof(struct ioreq))

/* How long to wait until the guest has seen the last answers, in steps of 1 ms. */
#define DRAIN_STEPS 200
#define DRAIN_STEP_NS 1000000

/* Events taken at once; the descriptor stays readable if there are more. */
#define EVENTS 16

struct ec_xen_ioreq {
	xendevicemodel_handle *dm;
	xenforeignmemory_handle *memory;
};

struct ec_server {
	struct ec_xen_ioreq *x;
	domid_t domid;
	ioservid_t id;
	bool created, enabled;
	unsigned int vcpus;
	ec_server_handler *handler;
	void *ctx;
	xenforeignmemory_resource_handle *resource;
	struct ioreq *slot; /* one a virtual CPU; Xen writes there too */
	xenevtchn_handle *events;
	evtchn_port_t port[VCPUS_MAX];
	bool bound[VCPUS_MAX];
};

struct ec_xen_ioreq *ec_xen_ioreq_open(struct ec_diag *diag)
{
	struct ec_xen_ioreq *x = calloc(1, sizeof(*x));

	if (!x) {
		ec_diag_set(diag, 0, "out of memory");
		return NULL;
	}
	x->dm = xendevicemodel_open(NULL, 0);
	x->memory = xenforeignmemory_open(NULL, 0);
	if (!x->dm || !x->memory) {
		ec_diag_set(diag, 0, "Xen's device model calls: %s", strerror(errno));
		ec_xen_ioreq_close(x);
		return NULL;
	}
	return x;
}

void ec_xen_ioreq_close(struct ec_xen_ioreq *x)
{
	if (!x)
		return;
	if (x->dm)
		xendevicemodel_close(x->dm);
	if (x->memory)
		xenforeignmemory_close(x->memory);
	free(x);
}

/*
 * Only this function reads and writes requests in the shared page. A request is copied once, after
 * the barrier that follows the state; Xen reads back data and state only. States only grow.
 */
static bool serve_slot(struct ec_server *s, unsigned int vcpu, bool answer_only)
{
	volatile struct ioreq *q = s->slot + vcpu;
	struct ec_ioreq r;

	if (q->state != STATE_IOREQ_READY)
		return false;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	r = (struct ec_ioreq){ .type = q->type,
			       .write = q->dir == IOREQ_WRITE,
			       .df = q->df,
			       .data_is_ptr = q->data_is_ptr,
			       .size = q->size,
			       .count = q->count,
			       .addr = q->addr,
			       .data = q->data };
	q->state = STATE_IOREQ_INPROCESS;
	if (answer_only)
		r.data = r.write || r.data_is_ptr ? r.data : UINT64_MAX;
	else
		s->handler(s->ctx, &r);
	if (!r.write && !r.data_is_ptr)
		q->data = r.data;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	q->state = STATE_IORESP_READY;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (s->bound[vcpu])
		xenevtchn_notify(s->events, s->port[vcpu]);
	return true;
}

static bool serve_all(struct ec_server *s, bool answer_only)
{
	bool any = false;

	for (unsigned int i = 0; i < s->vcpus; i++)
		any |= serve_slot(s, i, answer_only);
	return any;
}

static bool all_seen(const struct ec_server *s)
{
	for (unsigned int i = 0; i < s->vcpus; i++) {
		volatile const struct ioreq *q = s->slot + i;

		if (q->state != STATE_IOREQ_NONE)
			return false;
	}
	return true;
}

/*
 * Nothing wakes a virtual CPU that waits for an answer when its server is destroyed. So all
 * requests are answered, and the guest has time to see the answers, before.
 */
static void drain(struct ec_server *s)
{
	struct timespec step = { .tv_nsec = DRAIN_STEP_NS };

	for (int i = 0; i < DRAIN_STEPS; i++) {
		serve_all(s, true);
		if (all_seen(s))
			return;
		nanosleep(&step, NULL);
	}
}

static void destroy(struct ec_server *s)
{
	if (!s)
		return;
	/* in a dead guest no virtual CPU waits */
	if (s->enabled && !xendevicemodel_set_ioreq_server_state(s->x->dm, s->domid, s->id, 0))
		drain(s);
	for (unsigned int i = 0; s->events && i < s->vcpus; i++)
		if (s->bound[i])
			xenevtchn_unbind(s->events, s->port[i]);
	if (s->events)
		xenevtchn_close(s->events);
	/* while its page is mapped, Xen keeps a dead domain */
	if (s->resource)
		xenforeignmemory_unmap_resource(s->x->memory, s->resource);
	if (s->created)
		xendevicemodel_destroy_ioreq_server(s->x->dm, s->domid, s->id);
	free(s);
}

static int open_server(struct ec_server *s)
{
	void *page = NULL;
	int flags;

	s->events = xenevtchn_open(NULL, 0);
	if (!s->events)
		return -errno;
	flags = fcntl(xenevtchn_fd(s->events), F_GETFL);
	if (flags < 0 || fcntl(xenevtchn_fd(s->events), F_SETFL, flags | O_NONBLOCK))
		return -errno;
	if (xendevicemodel_create_ioreq_server(s->x->dm, s->domid, HVM_IOREQSRV_BUFIOREQ_OFF,
					       &s->id))
		return -errno;
	s->created = true;
	s->resource = xenforeignmemory_map_resource(
		s->x->memory, s->domid, XENMEM_resource_ioreq_server, s->id,
		XENMEM_resource_ioreq_server_frame_ioreq(0), 1, &page, PROT_READ | PROT_WRITE, 0);
	if (!s->resource)
		return -errno;
	s->slot = page;
	return 0;
}

static int create(void *ctx, const struct ec_server_options *o, struct ec_server **out)
{
	struct ec_server *s;
	int rc;

	if (!o->vcpus || o->vcpus > VCPUS_MAX)
		return -E2BIG;
	/* the libraries take 16 bits */
	if (o->domid >= DOMID_FIRST_RESERVED)
		return -ESRCH;
	s = calloc(1, sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->x = ctx;
	s->domid = (domid_t)o->domid;
	s->vcpus = o->vcpus;
	s->handler = o->handler;
	s->ctx = o->handler_ctx;
	rc = open_server(s);
	if (rc) {
		destroy(s);
		return rc;
	}
	*out = s;
	return 0;
}

/* Xen writes the event channels to the page only when the server is enabled. */
static int enable(struct ec_server *s)
{
	if (xendevicemodel_set_ioreq_server_state(s->x->dm, s->domid, s->id, 1))
		return -errno;
	s->enabled = true;
	for (unsigned int i = 0; i < s->vcpus; i++) {
		volatile struct ioreq *q = s->slot + i;
		xenevtchn_port_or_error_t port =
			xenevtchn_bind_interdomain(s->events, s->domid, q->vp_eport);

		if (port < 0)
			return -errno;
		s->port[i] = (evtchn_port_t)port;
		s->bound[i] = true;
	}
	return 0;
}

static int range_pci(struct ec_server *s, uint64_t first, uint64_t last, bool add)
{
	for (uint64_t at = first; at <= last; at++) {
		uint16_t seg = (uint16_t)(at >> 16);
		uint8_t bus = (uint8_t)(at >> 8), dev = at >> 3 & 31, fn = at & 7;

		if (add ? xendevicemodel_map_pcidev_to_ioreq_server(s->x->dm, s->domid, s->id, seg,
								    bus, dev, fn)
			: xendevicemodel_unmap_pcidev_from_ioreq_server(s->x->dm, s->domid, s->id,
									seg, bus, dev, fn)) {
			int rc = -errno;

			/* all or nothing */
			if (add && at > first)
				range_pci(s, first, at - 1, false);
			return rc;
		}
	}
	return 0;
}

static int range(struct ec_server *s, enum ec_range_kind kind, uint64_t first, uint64_t last,
		 bool add)
{
	int memory = kind == EC_RANGE_MEMORY;

	if (last < first || (kind == EC_RANGE_PCI && last > UINT32_MAX))
		return -EINVAL;
	if (kind == EC_RANGE_PCI)
		return range_pci(s, first, last, add);
	if (add ? xendevicemodel_map_io_range_to_ioreq_server(s->x->dm, s->domid, s->id, memory,
							      first, last)
		: xendevicemodel_unmap_io_range_from_ioreq_server(s->x->dm, s->domid, s->id, memory,
								  first, last))
		return -errno;
	return 0;
}

static int fd(const struct ec_server *s)
{
	return xenevtchn_fd(s->events);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Polls for requests until the clock says @until; looks at it before each virtual CPU. */
static void spin(struct ec_server *s, uint64_t until)
{
	unsigned int vcpu = 0;

	while (now_ns() < until) {
		serve_slot(s, vcpu, false);
		vcpu = vcpu + 1 < s->vcpus ? vcpu + 1 : 0;
	}
}

/* Takes the pending events. Returns their number, or a negative errno. */
static int take_events(struct ec_server *s, evtchn_port_t got[EVENTS])
{
	int n = 0;

	while (n < EVENTS) {
		xenevtchn_port_or_error_t port = xenevtchn_pending(s->events);

		if (port < 0) {
			if (errno == EINTR)
				continue;
			if (errno != EAGAIN && errno != EWOULDBLOCK)
				return -errno;
			break;
		}
		got[n++] = (evtchn_port_t)port;
		/* one virtual CPU has one event at a time */
		if (s->vcpus == 1)
			break;
	}
	return n;
}

/*
 * A turn of the guest: one request of each virtual CPU, because other guests wait meanwhile. An
 * event says only that there may be a request: the first one of each channel means nothing, and one
 * may be for a request that was served already. Events are taken before the requests are looked at:
 * whatever has caused one of them is served in this turn, and a later request has an event of its
 * own. A channel is unmasked last, which bounds what a guest can cause by sending events.
 * Polling has one clock, which starts with the turn.
 */
static int dispatch(struct ec_server *s, uint64_t spin_ns)
{
	uint64_t until = spin_ns ? now_ns() + spin_ns : 0;
	evtchn_port_t got[EVENTS];
	int n = take_events(s, got);
	bool any = serve_all(s, false);

	for (int i = 0; i < n; i++)
		xenevtchn_unmask(s->events, got[i]);
	if (any && spin_ns)
		spin(s, until);
	return n < 0 ? n : 0;
}

static int copy(struct ec_server *s, uint64_t gpa, void *buf, size_t len, bool write)
{
	xen_pfn_t frame[2] = { gpa / EC_PAGE_SIZE, gpa / EC_PAGE_SIZE + 1 };
	size_t first = gpa % EC_PAGE_SIZE, pages;
	int err[2] = { 0, 0 };
	uint8_t *p;

	if (!len)
		return 0;
	if (len > 2 * EC_PAGE_SIZE - first)
		return -EINVAL;
	pages = (first + len + EC_PAGE_SIZE - 1) / EC_PAGE_SIZE;
	p = xenforeignmemory_map(s->x->memory, s->domid, PROT_READ | (write ? PROT_WRITE : 0),
				 pages, frame, err);
	if (!p)
		return -errno;
	if (!err[0] && (pages < 2 || !err[1])) {
		if (write)
			memcpy(p + first, buf, len);
		else
			memcpy(buf, p + first, len);
	}
	xenforeignmemory_unmap(s->x->memory, p, pages);
	return err[0] ? -EFAULT : pages > 1 && err[1] ? -EFAULT : 0;
}

static int inject_msi(struct ec_server *s, uint64_t address, uint32_t data)
{
	return xendevicemodel_inject_msi(s->x->dm, s->domid, address, data) ? -errno : 0;
}

const struct ec_server_ops ec_xen_ioreq_ops = {
	.create = create,
	.destroy = destroy,
	.enable = enable,
	.range = range,
	.fd = fd,
	.dispatch = dispatch,
	.copy = copy,
	.inject_msi = inject_msi,
};
