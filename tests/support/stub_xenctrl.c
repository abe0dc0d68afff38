/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stub_xenctrl.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <xen/hvm/save.h>
#include <xen/physdev.h>
#include <xen/version.h>
#include <xencall.h>

#include "stub_xen.h"

struct stub_xenctrl stub_xenctrl;

/* Any address: the stubs do not use their handles. */
static char handle;

xc_interface *xc_interface_open(xentoollog_logger *logger, xentoollog_logger *build, unsigned flags)
{
	(void)logger;
	(void)build;
	return stub_xen_call("interface_open", "%x", flags) ? NULL : (xc_interface *)&handle;
}

int xc_interface_close(xc_interface *xc)
{
	(void)xc;
	return -stub_xen_call("interface_close", "-");
}

int xc_version(xc_interface *xc, int cmd, void *arg)
{
	(void)xc;
	((xen_feature_info_t *)arg)->submap = stub_xenctrl.features;
	return -stub_xen_call("version", "%d", cmd);
}

int xc_domain_getinfolist(xc_interface *xc, uint32_t first, unsigned int n, xc_domaininfo_t *info)
{
	(void)xc;
	if (stub_xen_call("getinfolist", "d%u %u", first, n))
		return -1;
	*info = stub_xenctrl.info;
	return stub_xenctrl.domains;
}

int xc_domain_get_pod_target(xc_interface *xc, uint32_t domid, uint64_t *total, uint64_t *cached,
			     uint64_t *entries)
{
	(void)xc;
	*total = *cached = 0;
	*entries = stub_xenctrl.pod_entries;
	return -stub_xen_call("pod_target", "d%u", domid);
}

int xc_hvm_param_get(xc_interface *xc, uint32_t domid, uint32_t param, uint64_t *value)
{
	(void)xc;
	*value = stub_xenctrl.altp2m;
	return -stub_xen_call("param_get", "d%u %u", domid, param);
}

int xc_domain_maximum_gpfn(xc_interface *xc, uint32_t domid, xen_pfn_t *gfn)
{
	(void)xc;
	*gfn = stub_xenctrl.max_gfn;
	return -stub_xen_call("maximum_gpfn", "d%u", domid);
}

int xc_domain_hvm_getcontext_partial(xc_interface *xc, uint32_t domid, uint16_t type,
				     uint16_t instance, void *buf, uint32_t size)
{
	(void)xc;
	(void)size;
	((struct hvm_hw_cpu *)buf)->rbx = stub_xenctrl.rbx;
	return -stub_xen_call("getcontext", "d%u %u %u", domid, type, instance);
}

int xc_domain_pause(xc_interface *xc, uint32_t domid)
{
	(void)xc;
	return -stub_xen_call("pause", "d%u", domid);
}

int xc_domain_unpause(xc_interface *xc, uint32_t domid)
{
	(void)xc;
	return -stub_xen_call("unpause", "d%u", domid);
}

int xc_domain_shutdown(xc_interface *xc, uint32_t domid, int reason)
{
	(void)xc;
	return -stub_xen_call("shutdown", "d%u %d", domid, reason);
}

int xc_test_assign_device(xc_interface *xc, uint32_t domid, uint32_t sbdf)
{
	(void)xc;
	return -stub_xen_call("test_assign", "d%u %08x", domid, sbdf);
}

int xc_assign_device(xc_interface *xc, uint32_t domid, uint32_t sbdf, uint32_t flags)
{
	(void)xc;
	return -stub_xen_call("assign", "d%u %08x %x", domid, sbdf, flags);
}

int xc_deassign_device(xc_interface *xc, uint32_t domid, uint32_t sbdf)
{
	(void)xc;
	return -stub_xen_call("deassign", "d%u %08x", domid, sbdf);
}

int xc_domain_iomem_permission(xc_interface *xc, uint32_t domid, unsigned long mfn, unsigned long n,
			       uint8_t allow)
{
	(void)xc;
	return -stub_xen_call("iomem_permission", "d%u %lx %lx %u", domid, mfn, n, allow);
}

int xc_domain_ioport_permission(xc_interface *xc, uint32_t domid, uint32_t port, uint32_t n,
				uint32_t allow)
{
	(void)xc;
	return -stub_xen_call("ioport_permission", "d%u %x %x %u", domid, port, n, allow);
}

int xc_domain_irq_permission(xc_interface *xc, uint32_t domid, uint32_t pirq, bool allow)
{
	(void)xc;
	return -stub_xen_call("irq_permission", "d%u %u %u", domid, pirq, allow);
}

int xc_domain_memory_mapping(xc_interface *xc, uint32_t domid, unsigned long gfn, unsigned long mfn,
			     unsigned long n, uint32_t add)
{
	(void)xc;
	return -stub_xen_call("memory_mapping", "d%u %lx %lx %lx %u", domid, gfn, mfn, n, add);
}

int xc_domain_ioport_mapping(xc_interface *xc, uint32_t domid, uint32_t guest, uint32_t host,
			     uint32_t n, uint32_t add)
{
	(void)xc;
	return -stub_xen_call("ioport_mapping", "d%u %x %x %x %u", domid, guest, host, n, add);
}

int xc_physdev_map_pirq(xc_interface *xc, uint32_t domid, int index, int *pirq)
{
	(void)xc;
	if (stub_xen_call("map_pirq", "d%u %d %d", domid, index, *pirq))
		return -1;
	*pirq = stub_xenctrl.pirq;
	return 0;
}

int xc_physdev_unmap_pirq(xc_interface *xc, uint32_t domid, int pirq)
{
	(void)xc;
	return -stub_xen_call("unmap_pirq", "d%u %d", domid, pirq);
}

int xc_domain_bind_pt_pci_irq(xc_interface *xc, uint32_t domid, uint8_t irq, uint8_t bus,
			      uint8_t device, uint8_t intx)
{
	(void)xc;
	return -stub_xen_call("bind_pci", "d%u %u %x:%x %u", domid, irq, bus, device, intx);
}

int xc_domain_unbind_pt_irq(xc_interface *xc, uint32_t domid, uint8_t irq, uint8_t type,
			    uint8_t bus, uint8_t device, uint8_t intx, uint8_t isa_irq)
{
	(void)xc;
	(void)isa_irq;
	return -stub_xen_call("unbind", "d%u %u %u %x:%x %u", domid, irq, type, bus, device, intx);
}

int xc_domain_update_msi_irq(xc_interface *xc, uint32_t domid, uint32_t vector, uint32_t pirq,
			     uint32_t flags, uint64_t table)
{
	(void)xc;
	return -stub_xen_call("update_msi", "d%u %x %u %x %" PRIx64, domid, vector, pirq, flags,
			      table);
}

int xc_get_device_group(xc_interface *xc, uint32_t domid, uint32_t sbdf, uint32_t max, uint32_t *n,
			uint32_t *others)
{
	(void)xc;
	*n = 0;
	memset(others, 0, max * sizeof(*others));
	return -stub_xen_call("get_device_group", "d%u %08x %u", domid, sbdf, max);
}

int xc_domain_unbind_msi_irq(xc_interface *xc, uint32_t domid, uint32_t vector, uint32_t pirq,
			     uint32_t flags)
{
	(void)xc;
	return -stub_xen_call("unbind_msi", "d%u %x %u %x", domid, vector, pirq, flags);
}

xencall_handle *xencall_open(xentoollog_logger *logger, unsigned flags)
{
	(void)logger;
	return stub_xen_call("xencall_open", "%x", flags) ? NULL : (xencall_handle *)&handle;
}

int xencall_close(xencall_handle *x)
{
	(void)x;
	return -stub_xen_call("xencall_close", "-");
}

void *xencall_alloc_buffer(xencall_handle *x, size_t size)
{
	(void)x;
	return malloc(size);
}

void xencall_free_buffer(xencall_handle *x, void *p)
{
	(void)x;
	free(p);
}

static int policy(struct xen_domctl *op)
{
	xen_cpuid_leaf_t *leaf;

	if (stub_xen_call("get_cpu_policy", "d%u", op->domain))
		return -1;
	leaf = op->u.cpu_policy.leaves.p;
	leaf[0] = (xen_cpuid_leaf_t){ .leaf = 0x80000008u, .a = stub_xenctrl.address_bits };
	op->u.cpu_policy.nr_leaves = 1;
	return 0;
}

static int frame_types(struct xen_domctl *op)
{
	xen_pfn_t *frame;

	frame = op->u.getpageframeinfo3.array.p;
	if (stub_xen_call("getpageframeinfo3", "d%u %" PRI_xen_pfn " %" PRIx64, op->domain,
			  frame[0], (uint64_t)op->u.getpageframeinfo3.num))
		return -1;
	for (uint64_t i = 0; i < op->u.getpageframeinfo3.num; i++)
		frame[i] = frame[i] == stub_xenctrl.populated ? XEN_DOMCTL_PFINFO_NOTAB
							      : XEN_DOMCTL_PFINFO_XTAB;
	return 0;
}

int xencall1(xencall_handle *x, unsigned int call, uint64_t arg)
{
	struct xen_domctl *op = (struct xen_domctl *)(uintptr_t)arg;

	(void)x;
	if (call != __HYPERVISOR_domctl)
		return -1;
	return op->cmd == XEN_DOMCTL_get_cpu_policy ? policy(op) : frame_types(op);
}

int xencall2(xencall_handle *x, unsigned int call, uint64_t cmd, uint64_t arg)
{
	const physdev_pci_device_t *dev = (const void *)(uintptr_t)arg;
	physdev_map_pirq_t *map = (void *)(uintptr_t)arg;

	(void)x;
	if (call != __HYPERVISOR_physdev_op)
		return -1;
	if (cmd != PHYSDEVOP_map_pirq)
		return -stub_xen_call(cmd == PHYSDEVOP_prepare_msix ? "prepare_msix"
								    : "release_msix",
				      "%04x:%02x:%02x", dev->seg, dev->bus, dev->devfn);
	if (stub_xen_call("map_msi", "d%u %d %d %d %08x %02x %d %" PRIx64, map->domid, map->type,
			  map->index, map->pirq, (unsigned int)map->bus, (unsigned int)map->devfn,
			  map->entry_nr, map->table_base))
		return -1;
	map->pirq = stub_xenctrl.pirq;
	return 0;
}
