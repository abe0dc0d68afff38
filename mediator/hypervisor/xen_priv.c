/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "hypervisor/xen_priv.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
/* before the other headers of Xen, whose declarations for toolstacks it enables */
#include <xenctrl.h>

#include <xen/features.h>
#include <xen/hvm/params.h>
#include <xen/hvm/save.h>
#include <xen/physdev.h>
#include <xen/sched.h>
#include <xen/version.h>
#include <xencall.h>

/* XENFEAT_dm_msix_all_writes, public/features.h of Xen 4.19 */
#define FEATURE_DM_MSIX_ALL_WRITES 20

struct ec_xen_priv {
	xc_interface *xc;
	xencall_handle *call;
	bool mask_writes;
};

/* libxenctrl returns -1 with errno set; some of its calls return the negative errno. */
static int error(int rc)
{
	if (rc >= 0)
		return 0;
	return rc == -1 ? -errno : rc;
}

/*
 * Xen and libxenctrl truncate a longer domain id, segment or interrupt number silently, which
 * makes it another domain, function or interrupt. One of these checks precedes every call.
 */
static int check_domid(uint32_t domid)
{
	return domid < DOMID_FIRST_RESERVED ? 0 : -ESRCH;
}

static int check_function(struct ec_sbdf at)
{
	return ec_sbdf_fits_xen(at) ? 0 : -ERANGE;
}

static int check_assigned(uint32_t domid, struct ec_sbdf at)
{
	int rc = check_domid(domid);

	return rc ? rc : check_function(at);
}

static int check_pirq(uint32_t domid, int pirq)
{
	int rc = check_domid(domid);

	return !rc && pirq < 0 ? -ERANGE : rc;
}

/* A function as libxenctrl's calls take it, after check_function(). */
static uint32_t machine_sbdf(struct ec_sbdf at)
{
	return at.segment << 16 | (uint32_t)at.bus << 8 | at.devfn;
}

struct ec_xen_priv *ec_xen_priv_open(struct ec_diag *diag)
{
	struct ec_xen_priv *x = calloc(1, sizeof(*x));
	xen_feature_info_t features = { .submap_idx = 0 };

	if (!x) {
		ec_diag_set(diag, 0, "out of memory");
		return NULL;
	}
	x->xc = xc_interface_open(NULL, NULL, 0);
	x->call = xencall_open(NULL, 0);
	if (!x->xc || !x->call) {
		ec_diag_set(diag, 0, "Xen cannot be called: %s", strerror(errno));
		ec_xen_priv_close(x);
		return NULL;
	}
	if (!xc_version(x->xc, XENVER_get_features, &features))
		x->mask_writes = features.submap >> FEATURE_DM_MSIX_ALL_WRITES & 1;
	return x;
}

void ec_xen_priv_close(struct ec_xen_priv *x)
{
	if (!x)
		return;
	if (x->xc)
		xc_interface_close(x->xc);
	if (x->call)
		xencall_close(x->call);
	free(x);
}

static void print_uuid(const uint8_t bytes[16], char *out)
{
	for (unsigned int i = 0; i < 16; i++)
		out += sprintf(out, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x",
			       bytes[i]);
}

/* CPUID leaves to ask for; a guest of Xen 4.17 has some 120. */
#define LEAVES 512

/* The leaf with the width of physical addresses, in bits 7:0 of EAX. */
#define LEAF_ADDRESSES 0x80000008u

/* By itself, because libxenguest would be linked for this call alone. */
static uint8_t address_bits(struct ec_xen_priv *x, uint32_t domid)
{
	struct xen_domctl *op = xencall_alloc_buffer(x->call, sizeof(*op));
	xen_cpuid_leaf_t *leaf = xencall_alloc_buffer(x->call, LEAVES * sizeof(*leaf));
	uint8_t bits = 0;

	if (op && leaf) {
		memset(op, 0, sizeof(*op));
		op->cmd = XEN_DOMCTL_get_cpu_policy;
		op->interface_version = XEN_DOMCTL_INTERFACE_VERSION;
		op->domain = (domid_t)domid;
		op->u.cpu_policy.nr_leaves = LEAVES;
		set_xen_guest_handle_raw(op->u.cpu_policy.leaves, leaf);
		if (xencall1(x->call, __HYPERVISOR_domctl, (unsigned long)op))
			op->u.cpu_policy.nr_leaves = 0;
		for (uint32_t i = 0; i < op->u.cpu_policy.nr_leaves && i < LEAVES; i++)
			if (leaf[i].leaf == LEAF_ADDRESSES)
				bits = (uint8_t)leaf[i].a;
	}
	xencall_free_buffer(x->call, leaf);
	xencall_free_buffer(x->call, op);
	return bits;
}

static bool was_shut_down(const xc_domaininfo_t *d, uint32_t reason)
{
	return d->flags & XEN_DOMINF_shutdown &&
	       (d->flags >> XEN_DOMINF_shutdownshift & XEN_DOMINF_shutdownmask) == reason;
}

/*
 * Each property has a call of its own. Only an attempt shows whether the guest has an IOMMU:
 * test_assign_device() gives EOPNOTSUPP if not. It is asked about the host bridge, which exists.
 */
static int guest_info(void *ctx, uint32_t domid, struct ec_guest_info *info)
{
	struct ec_xen_priv *x = ctx;
	uint64_t total, cached, entries = 0, altp2m = 0;
	xc_domaininfo_t d;
	xen_pfn_t max = 0;
	uint32_t emulated;
	int rc = check_domid(domid), n;

	memset(info, 0, sizeof(*info));
	if (rc)
		return rc;
	n = xc_domain_getinfolist(x->xc, domid, 1, &d);
	if (n < 0)
		return error(n);
	if (n != 1 || d.domain != domid)
		return -ESRCH;
	emulated = d.arch_config.emulation_flags;
	info->dying = d.flags & XEN_DOMINF_dying;
	info->hvm = d.flags & XEN_DOMINF_hvm_guest;
	info->device_model = emulated & XEN_X86_EMU_PM;
	info->intx = emulated & XEN_X86_EMU_IOAPIC;
	info->pirqs = emulated & XEN_X86_EMU_USE_PIRQ;
	info->paging = d.shr_pages || d.paged_pages;
	info->started = d.cpu_time;
	info->rebooting = was_shut_down(&d, SHUTDOWN_reboot);
	info->memory = d.max_pages * EC_PAGE_SIZE;
	info->vcpus = d.max_vcpu_id == XEN_INVALID_MAX_VCPU_ID ? 0 : d.max_vcpu_id + 1;
	info->mask_writes = x->mask_writes;
	print_uuid(d.handle, info->uuid);
	if (info->dying || !info->hvm)
		return 0;
	info->iommu = !xc_test_assign_device(x->xc, domid, 0) || errno != EOPNOTSUPP;
	if (!xc_domain_get_pod_target(x->xc, domid, &total, &cached, &entries))
		info->populate = entries > 0;
	if (!xc_hvm_param_get(x->xc, domid, HVM_PARAM_ALTP2M, &altp2m))
		info->altp2m = altp2m != 0;
	if (!xc_domain_maximum_gpfn(x->xc, domid, &max))
		info->max_gfn = max;
	info->address_bits = address_bits(x, domid);
	return 0;
}

static int next_guest(void *ctx, uint32_t from, uint32_t *domid)
{
	struct ec_xen_priv *x = ctx;
	xc_domaininfo_t d;
	int n;

	/* Xen's own argument has 16 bits: higher ids would wrap */
	if (from >= DOMID_FIRST_RESERVED)
		return -ESRCH;
	n = xc_domain_getinfolist(x->xc, from, 1, &d);
	if (n < 0)
		return error(n);
	if (!n)
		return -ESRCH;
	*domid = d.domain;
	return 0;
}

static int start_info(void *ctx, uint32_t domid, uint64_t *gpa)
{
	struct ec_xen_priv *x = ctx;
	HVM_SAVE_TYPE(CPU) cpu;
	int rc = check_domid(domid);

	if (rc)
		return rc;
	if (xc_domain_hvm_getcontext_partial(x->xc, domid, HVM_SAVE_CODE(CPU), 0, &cpu,
					     sizeof(cpu)))
		return -errno;
	*gpa = cpu.rbx;
	return 0;
}

static int pause_guest(void *ctx, uint32_t domid, bool add)
{
	struct ec_xen_priv *x = ctx;
	int rc = check_domid(domid);

	return rc ? rc
		  : error(add ? xc_domain_pause(x->xc, domid) : xc_domain_unpause(x->xc, domid));
}

static int assign(void *ctx, uint32_t domid, struct ec_sbdf at, bool add)
{
	struct ec_xen_priv *x = ctx;
	int rc = check_assigned(domid, at);

	return rc ? rc
		  : error(add ? xc_assign_device(x->xc, domid, machine_sbdf(at), 0)
			      : xc_deassign_device(x->xc, domid, machine_sbdf(at)));
}

static int quarantine(void *ctx, struct ec_sbdf at, bool add)
{
	struct ec_xen_priv *x = ctx;
	int rc = check_function(at);

	return rc ? rc
		  : error(add ? xc_assign_device(x->xc, DOMID_IO, machine_sbdf(at),
						 XEN_DOMCTL_DEV_RDM_RELAXED)
			      : xc_deassign_device(x->xc, DOMID_IO, machine_sbdf(at)));
}

static int physdev_op(struct ec_xen_priv *x, unsigned int cmd, void *arg, size_t len)
{
	void *buf = xencall_alloc_buffer(x->call, len);
	int rc;

	if (!buf)
		return -ENOMEM;
	memcpy(buf, arg, len);
	rc = error(xencall2(x->call, __HYPERVISOR_physdev_op, cmd, (unsigned long)buf));
	memcpy(arg, buf, len);
	xencall_free_buffer(x->call, buf);
	return rc;
}

static int prepare_msix(void *ctx, struct ec_sbdf at, bool add)
{
	physdev_pci_device_t dev = { .seg = (uint16_t)at.segment,
				     .bus = at.bus,
				     .devfn = at.devfn };
	int rc = check_function(at);

	if (rc)
		return rc;
	return physdev_op(ctx, add ? PHYSDEVOP_prepare_msix : PHYSDEVOP_release_msix, &dev,
			  sizeof(dev));
}

static int allow_memory(void *ctx, uint32_t domid, uint64_t mfn, uint64_t n, bool add)
{
	struct ec_xen_priv *x = ctx;
	int rc = check_domid(domid);

	return rc ? rc : error(xc_domain_iomem_permission(x->xc, domid, mfn, n, add));
}

static int allow_ports(void *ctx, uint32_t domid, uint32_t port, uint32_t n, bool add)
{
	struct ec_xen_priv *x = ctx;
	int rc = check_domid(domid);

	return rc ? rc : error(xc_domain_ioport_permission(x->xc, domid, port, n, add));
}

static int allow_irq(void *ctx, uint32_t domid, uint32_t irq, bool add)
{
	struct ec_xen_priv *x = ctx;
	int rc = check_domid(domid);

	return rc ? rc : error(xc_domain_irq_permission(x->xc, domid, irq, add));
}

/* libxenctrl splits the range as Xen needs it, and undoes all parts if one fails. */
static int map_memory(void *ctx, uint32_t domid, const struct ec_frames *f, bool add)
{
	struct ec_xen_priv *x = ctx;
	int rc = check_domid(domid);

	return rc ? rc
		  : error(xc_domain_memory_mapping(x->xc, domid, f->gfn, f->mfn, f->n,
						   add ? DPCI_ADD_MAPPING : DPCI_REMOVE_MAPPING));
}

static int map_ports(void *ctx, uint32_t domid, const struct ec_io_ports *io, bool add)
{
	struct ec_xen_priv *x = ctx;
	int rc = check_domid(domid);

	return rc ? rc
		  : error(xc_domain_ioport_mapping(x->xc, domid, io->guest, io->host, io->n,
						   add ? DPCI_ADD_MAPPING : DPCI_REMOVE_MAPPING));
}

/* Frames per call: Xen refuses more (xen/arch/x86/domctl.c), and no call takes a range. */
#define BATCH 1024

/* libxenctrl exports this call, xc_get_pfn_type_batch(), but no header declares it. */
static int frame_types(struct ec_xen_priv *x, struct xen_domctl *op, uint32_t domid,
		       xen_pfn_t *frame, unsigned int n)
{
	memset(op, 0, sizeof(*op));
	op->cmd = XEN_DOMCTL_getpageframeinfo3;
	op->interface_version = XEN_DOMCTL_INTERFACE_VERSION;
	op->domain = (domid_t)domid;
	op->u.getpageframeinfo3.num = n;
	set_xen_guest_handle_raw(op->u.getpageframeinfo3.array, frame);
	return error(xencall1(x->call, __HYPERVISOR_domctl, (unsigned long)op));
}

static int populated(void *ctx, uint32_t domid, uint64_t gfn, uint64_t n)
{
	struct ec_xen_priv *x = ctx;
	struct xen_domctl *op = xencall_alloc_buffer(x->call, sizeof(*op));
	xen_pfn_t *frame = xencall_alloc_buffer(x->call, BATCH * sizeof(*frame));
	int rc = op && frame ? check_domid(domid) : -ENOMEM;

	while (n && !rc) {
		unsigned int now = n < BATCH ? (unsigned int)n : BATCH;

		for (unsigned int i = 0; i < now; i++)
			frame[i] = gfn + i;
		rc = frame_types(x, op, domid, frame, now);
		for (unsigned int i = 0; i < now && !rc; i++)
			rc = (frame[i] & XEN_DOMCTL_PFINFO_LTAB_MASK) != XEN_DOMCTL_PFINFO_XTAB;
		gfn += now;
		n -= now;
	}
	xencall_free_buffer(x->call, frame);
	xencall_free_buffer(x->call, op);
	return rc;
}

static int map_irq(void *ctx, uint32_t domid, uint32_t irq, int *pirq)
{
	struct ec_xen_priv *x = ctx;
	int rc = check_domid(domid);

	if (rc)
		return rc;
	/* libxenctrl takes an int */
	if (irq > INT_MAX)
		return -ERANGE;
	return error(xc_physdev_map_pirq(x->xc, domid, (int)irq, pirq));
}

/* By itself, because libxenctrl 4.17 passes segment 0 only. */
static int map_msi(void *ctx, uint32_t domid, const struct ec_msi_source *msi, int *pirq)
{
	physdev_map_pirq_t map = { .domid = (domid_t)domid,
				   .type = MAP_PIRQ_TYPE_MSI_SEG,
				   .index = -1,
				   .pirq = *pirq,
				   .bus = (int)(msi->at.segment << 16 | msi->at.bus),
				   .devfn = msi->at.devfn,
				   .entry_nr = (int)msi->entry,
				   .table_base = msi->table };
	int rc = check_assigned(domid, msi->at);

	if (!rc && msi->entry > INT_MAX)
		rc = -ERANGE;
	if (!rc)
		rc = physdev_op(ctx, PHYSDEVOP_map_pirq, &map, sizeof(map));
	if (!rc)
		*pirq = map.pirq;
	return rc;
}

static int unmap_pirq(void *ctx, uint32_t domid, int pirq)
{
	struct ec_xen_priv *x = ctx;
	int rc = check_pirq(domid, pirq);

	return rc ? rc : error(xc_physdev_unmap_pirq(x->xc, domid, pirq));
}

static int bind_intx(void *ctx, uint32_t domid, int pirq, struct ec_intx intx, bool add)
{
	struct ec_xen_priv *x = ctx;
	int rc = check_pirq(domid, pirq);

	/* libxenctrl takes a byte */
	if (!rc && pirq > UINT8_MAX)
		rc = -ERANGE;
	return rc ? rc
		  : error(add ? xc_domain_bind_pt_pci_irq(x->xc, domid, (uint8_t)pirq, 0, intx.slot,
							  intx.pin)
			      : xc_domain_unbind_pt_irq(x->xc, domid, (uint8_t)pirq,
							PT_IRQ_TYPE_PCI, 0, intx.slot, intx.pin,
							0));
}

static int bind_msi(void *ctx, uint32_t domid, int pirq, const struct ec_msi_binding *b)
{
	struct ec_xen_priv *x = ctx;
	int rc = check_pirq(domid, pirq);

	return rc ? rc
		  : error(xc_domain_update_msi_irq(x->xc, domid, b->vector, (uint32_t)pirq,
						   b->flags | XEN_DOMCTL_VMSI_X86_UNMASKED,
						   b->table));
}

static int unbind_msi(void *ctx, uint32_t domid, int pirq, const struct ec_msi_binding *b)
{
	struct ec_xen_priv *x = ctx;
	int rc = check_pirq(domid, pirq);

	return rc ? rc
		  : error(xc_domain_unbind_msi_irq(x->xc, domid, b->vector, (uint32_t)pirq,
						   b->flags));
}

/* The call takes the lock that a removal holds; its result is of no interest. */
static int await_removal(void *ctx, uint32_t domid, struct ec_sbdf at)
{
	struct ec_xen_priv *x = ctx;
	uint32_t n, others[1];
	int rc = check_assigned(domid, at);

	return rc ? rc : error(xc_get_device_group(x->xc, domid, machine_sbdf(at), 1, &n, others));
}

static int reboot(void *ctx, uint32_t domid)
{
	struct ec_xen_priv *x = ctx;
	int rc = check_domid(domid);

	return rc ? rc : error(xc_domain_shutdown(x->xc, domid, SHUTDOWN_reboot));
}

const struct ec_priv_ops ec_xen_priv_ops = {
	.reboot = reboot,
	.guest_info = guest_info,
	.next_guest = next_guest,
	.start_info = start_info,
	.pause = pause_guest,
	.assign = assign,
	.quarantine = quarantine,
	.prepare_msix = prepare_msix,
	.allow_memory = allow_memory,
	.allow_ports = allow_ports,
	.allow_irq = allow_irq,
	.map_memory = map_memory,
	.map_ports = map_ports,
	.populated = populated,
	.map_irq = map_irq,
	.map_msi = map_msi,
	.unmap_pirq = unmap_pirq,
	.bind_intx = bind_intx,
	.bind_msi = bind_msi,
	.unbind_msi = unbind_msi,
	.await_removal = await_removal,
};
