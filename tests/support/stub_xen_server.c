/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stub_xen_server.h"

#include <check.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <xendevicemodel.h>
#include <xenevtchn.h>
#include <xenforeignmemory.h>

#include "stub_xen.h"

#define PAGE 4096u

/* A local channel has the number of its virtual CPU and 1, a remote one has REMOTE more. */
#define REMOTE 100u

struct xenevtchn_handle {
	struct ioreq page[STUB_VCPUS] __attribute__((aligned(PAGE)));
	int fd;
	unsigned int number;
	bool bound[STUB_VCPUS], masked[STUB_VCPUS], pending[STUB_VCPUS];
	unsigned int queue[STUB_VCPUS], queued;
};

static struct xenevtchn_handle server[STUB_SERVERS];
static unsigned int servers, leaks;
static uint8_t memory[STUB_MEMORY] __attribute__((aligned(PAGE)));
static char handle;

void (*stub_server_hook)(unsigned int n, int vcpu);

static void hook(unsigned int n, int vcpu)
{
	if (stub_server_hook)
		stub_server_hook(n, vcpu);
}

void stub_server_reset(void)
{
	memset(server, 0, sizeof(server));
	memset(memory, 0, sizeof(memory));
	servers = leaks = 0;
	stub_server_hook = NULL;
}

struct ioreq *stub_server_slot(unsigned int n, unsigned int vcpu)
{
	return server[n].page + vcpu;
}

void stub_server_post(unsigned int n, unsigned int vcpu)
{
	struct ioreq *q = stub_server_slot(n, vcpu);

	*q = (struct ioreq){ .addr = 0x800000004ull,
			     .size = 4,
			     .count = 1,
			     .dir = IOREQ_READ,
			     .type = IOREQ_TYPE_PCI_CONFIG,
			     .vp_eport = REMOTE + vcpu,
			     .state = STATE_IOREQ_READY };
}

static void deliver(struct xenevtchn_handle *e, unsigned int vcpu)
{
	uint64_t one = 1;

	e->pending[vcpu] = false;
	e->masked[vcpu] = true;
	ck_assert_uint_lt(e->queued, STUB_VCPUS);
	e->queue[e->queued++] = vcpu;
	ck_assert_int_eq(write(e->fd, &one, sizeof(one)), sizeof(one));
}

void stub_server_raise(unsigned int n, unsigned int vcpu)
{
	if (server[n].masked[vcpu] || !server[n].bound[vcpu])
		server[n].pending[vcpu] = true;
	else
		deliver(server + n, vcpu);
}

bool stub_server_readable(unsigned int n)
{
	return server[n].queued;
}

unsigned int stub_server_ready(unsigned int n)
{
	unsigned int ready = 0;

	for (unsigned int i = 0; i < STUB_VCPUS; i++)
		ready += server[n].page[i].state == STATE_IOREQ_READY;
	return ready;
}

unsigned int stub_server_leaks(void)
{
	return leaks;
}

uint8_t *stub_server_memory(void)
{
	return memory;
}

/* Counts what is opened. */
static void *opened(bool fails)
{
	leaks += !fails;
	return fails ? NULL : &handle;
}

static int closed(const char *name)
{
	leaks--;
	return -stub_xen_call(name, "-");
}

xendevicemodel_handle *xendevicemodel_open(struct xentoollog_logger *logger, unsigned int flags)
{
	(void)logger;
	return opened(stub_xen_call("dm_open", "%x", flags));
}

int xendevicemodel_close(xendevicemodel_handle *dm)
{
	(void)dm;
	return closed("dm_close");
}

int xendevicemodel_create_ioreq_server(xendevicemodel_handle *dm, domid_t domid, int bufioreq,
				       ioservid_t *id)
{
	(void)dm;
	if (stub_xen_call("create", "d%u %d", domid, bufioreq))
		return -1;
	leaks++;
	/* the last one that opened event channels is this one */
	*id = (ioservid_t)(servers - 1);
	for (unsigned int i = 0; i < STUB_VCPUS; i++)
		server[*id].page[i].vp_eport = REMOTE + i;
	return 0;
}

int xendevicemodel_destroy_ioreq_server(xendevicemodel_handle *dm, domid_t domid, ioservid_t id)
{
	(void)dm;
	leaks--;
	return -stub_xen_call("destroy", "d%u %u", domid, id);
}

int xendevicemodel_set_ioreq_server_state(xendevicemodel_handle *dm, domid_t domid, ioservid_t id,
					  int enabled)
{
	(void)dm;
	return -stub_xen_call("state", "d%u %u %d", domid, id, enabled);
}

int xendevicemodel_map_pcidev_to_ioreq_server(xendevicemodel_handle *dm, domid_t domid,
					      ioservid_t id, uint16_t segment, uint8_t bus,
					      uint8_t device, uint8_t function)
{
	(void)dm;
	return -stub_xen_call("map_pci", "d%u %u %04x:%02x:%02x.%x", domid, id, segment, bus,
			      device, function);
}

int xendevicemodel_unmap_pcidev_from_ioreq_server(xendevicemodel_handle *dm, domid_t domid,
						  ioservid_t id, uint16_t segment, uint8_t bus,
						  uint8_t device, uint8_t function)
{
	(void)dm;
	return -stub_xen_call("unmap_pci", "d%u %u %04x:%02x:%02x.%x", domid, id, segment, bus,
			      device, function);
}

int xendevicemodel_map_io_range_to_ioreq_server(xendevicemodel_handle *dm, domid_t domid,
						ioservid_t id, int is_mmio, uint64_t first,
						uint64_t last)
{
	(void)dm;
	return -stub_xen_call("map_range", "d%u %u %d %" PRIx64 "-%" PRIx64, domid, id, is_mmio,
			      first, last);
}

int xendevicemodel_unmap_io_range_from_ioreq_server(xendevicemodel_handle *dm, domid_t domid,
						    ioservid_t id, int is_mmio, uint64_t first,
						    uint64_t last)
{
	(void)dm;
	return -stub_xen_call("unmap_range", "d%u %u %d %" PRIx64 "-%" PRIx64, domid, id, is_mmio,
			      first, last);
}

int xendevicemodel_inject_msi(xendevicemodel_handle *dm, domid_t domid, uint64_t address,
			      uint32_t data)
{
	(void)dm;
	return -stub_xen_call("inject_msi", "d%u %" PRIx64 " %x", domid, address, data);
}

xenforeignmemory_handle *xenforeignmemory_open(struct xentoollog_logger *logger, unsigned int flags)
{
	(void)logger;
	return opened(stub_xen_call("memory_open", "%x", flags));
}

int xenforeignmemory_close(xenforeignmemory_handle *m)
{
	(void)m;
	return closed("memory_close");
}

xenforeignmemory_resource_handle *xenforeignmemory_map_resource(
	xenforeignmemory_handle *m, domid_t domid, unsigned int type, unsigned int id,
	unsigned long frame, unsigned long n, void **out, int prot, int flags)
{
	(void)m;
	(void)prot;
	(void)flags;
	*out = server[id].page;
	return opened(
		stub_xen_call("map_resource", "d%u %u %u %lx %lx", domid, type, id, frame, n));
}

int xenforeignmemory_unmap_resource(xenforeignmemory_handle *m,
				    xenforeignmemory_resource_handle *resource)
{
	(void)m;
	(void)resource;
	return closed("unmap_resource");
}

void *xenforeignmemory_map(xenforeignmemory_handle *m, uint32_t domid, int prot, size_t n,
			   const xen_pfn_t frame[], int err[])
{
	size_t first = frame[0] < STUB_MEMORY / PAGE ? frame[0] : 0;

	(void)m;
	if (stub_xen_call("map", "d%u %d %zx %" PRI_xen_pfn, domid, prot, n, frame[0]))
		return NULL;
	for (size_t i = 0; i < n; i++)
		err[i] = frame[i] < STUB_MEMORY / PAGE ? 0 : -EINVAL;
	leaks++;
	return memory + first * PAGE;
}

int xenforeignmemory_unmap(xenforeignmemory_handle *m, void *p, size_t n)
{
	(void)m;
	(void)p;
	leaks--;
	return -stub_xen_call("unmap", "%zx", n);
}

xenevtchn_handle *xenevtchn_open(struct xentoollog_logger *logger, unsigned int flags)
{
	struct xenevtchn_handle *e = server + servers;

	(void)logger;
	if (stub_xen_call("evtchn_open", "%x", flags))
		return NULL;
	ck_assert_uint_lt(servers, STUB_SERVERS);
	e->fd = eventfd(0, EFD_SEMAPHORE | EFD_CLOEXEC);
	ck_assert_int_ge(e->fd, 0);
	e->number = servers++;
	leaks++;
	return e;
}

int xenevtchn_close(xenevtchn_handle *e)
{
	close(e->fd);
	return closed("evtchn_close");
}

int xenevtchn_fd(xenevtchn_handle *e)
{
	return e->fd;
}

xenevtchn_port_or_error_t xenevtchn_bind_interdomain(xenevtchn_handle *e, uint32_t domid,
						     evtchn_port_t port)
{
	unsigned int vcpu = port - REMOTE;

	if (stub_xen_call("bind", "d%u %u", domid, port))
		return -1;
	ck_assert_uint_lt(vcpu, STUB_VCPUS);
	e->bound[vcpu] = true;
	leaks++;
	if (e->pending[vcpu])
		deliver(e, vcpu);
	return (int)vcpu + 1;
}

int xenevtchn_unbind(xenevtchn_handle *e, evtchn_port_t port)
{
	e->bound[port - 1] = false;
	leaks--;
	return -stub_xen_call("unbind_port", "%u", port);
}

xenevtchn_port_or_error_t xenevtchn_pending(xenevtchn_handle *e)
{
	unsigned int first = e->queue[0];
	uint64_t one;

	hook(e->number, -1);
	first = e->queue[0];
	/* the descriptor does not block */
	if (read(e->fd, &one, sizeof(one)) < 0)
		return -1;
	memmove(e->queue, e->queue + 1, --e->queued * sizeof(e->queue[0]));
	return (int)first + 1;
}

int xenevtchn_unmask(xenevtchn_handle *e, evtchn_port_t port)
{
	hook(e->number, -1);
	e->masked[port - 1] = false;
	if (e->pending[port - 1])
		deliver(e, port - 1);
	return 0;
}

int xenevtchn_notify(xenevtchn_handle *e, evtchn_port_t port)
{
	/* the virtual CPU takes its answer */
	ck_assert_uint_eq(e->page[port - 1].state, STATE_IORESP_READY);
	e->page[port - 1].state = STATE_IOREQ_NONE;
	hook(e->number, (int)port - 1);
	return 0;
}
