/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The privileged calls except those about interrupts. Errors are those of Xen 4.17, or of newer
 * versions if they are stricter. Source: Xen common/domctl.c, arch/x86/domctl.c,
 * arch/x86/mm/p2m.c, drivers/passthrough/pci.c.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "fakexen_state.h"

/* I/O ports of a machine. */
#define IO_PORTS 0x10000u

static const char *verb(bool add)
{
	return add ? "add" : "remove";
}

static int guest_info(void *ctx, uint32_t domid, struct ec_guest_info *info)
{
	struct fx_call c = fx_begin(ctx, "guest_info d%u", domid);
	struct fx_guest *g = fx_guest(ctx, domid);

	if (c.rc)
		return fx_end(c, c.rc);
	if (!g)
		return fx_end(c, -ESRCH);
	*info = g->info;
	return 0;
}

static int next_guest(void *ctx, uint32_t from, uint32_t *domid)
{
	struct fakexen *f = ctx;
	struct fx_call c = fx_begin(f, "next_guest %u", from);
	const struct fx_guest *next = NULL;

	if (c.rc)
		return fx_end(c, c.rc);
	for (unsigned int i = 0; i < f->guests; i++) {
		const struct fx_guest *g = f->guest + i;

		if (!g->dead && g->domid >= from && (!next || g->domid < next->domid))
			next = g;
	}
	if (!next)
		return fx_end(c, -ESRCH);
	*domid = next->domid;
	return 0;
}

/* The register of a guest that runs can have any value. */
static int do_start_info(struct fakexen *f, const struct fx_guest *g, uint64_t *gpa)
{
	if (!g)
		return -ESRCH;
	if (!g->info.hvm || g->info.dying)
		return -EINVAL;
	if (g->info.started)
		fx_violation(f, "start_info of d%u, which runs", g->domid);
	*gpa = g->info.started ? UINT64_MAX - 7 : g->start_info;
	return 0;
}

static int start_info(void *ctx, uint32_t domid, uint64_t *gpa)
{
	struct fx_call c = fx_begin(ctx, "start_info d%u", domid);

	return fx_end(c, c.rc ? c.rc : do_start_info(ctx, fx_guest(ctx, domid), gpa));
}

/* Xen also counts the toolstack's pause, which any unpause may end. */
static int do_pause(struct fakexen *f, struct fx_guest *g, bool add)
{
	if (!g)
		return -ESRCH;
	if (add && g->pauses + g->held == 255)
		return -EOVERFLOW;
	if (!add && !g->pauses) {
		fx_violation(f, "d%u is unpaused, and was not paused", g->domid);
		if (!g->held)
			return -EINVAL;
		g->held = false;
	} else {
		g->pauses += add ? 1u : -1u;
	}
	fx_run(f, g);
	return 0;
}

static int pause_guest(void *ctx, uint32_t domid, bool add)
{
	struct fx_call c = fx_begin(ctx, "pause d%u %s", domid, verb(add));

	return fx_end(c, c.rc ? c.rc : do_pause(ctx, fx_guest(ctx, domid), add));
}

static int do_assign(struct fakexen *f, struct fx_guest *g, struct fx_device *d, bool add)
{
	if (!g)
		return -ESRCH;
	if (!g->info.iommu)
		return -EOPNOTSUPP;
	if (!d)
		return -ENODEV;
	if (add) {
		if (d->owner)
			return -EBUSY;
		if (g->info.paging || g->info.populate)
			return -EXDEV;
		d->owner = g;
		return 0;
	}
	if (d->owner != g)
		return -ENODEV;
	if (fx_has_pirq(f, d->at, FX_MSI_PIRQ) || fx_has_pirq(f, d->at, FX_MSIX_PIRQ))
		fx_violation(f, "d%u loses %s with an MSI mapped", g->domid, fx_name(d->at));
	d->owner = NULL;
	return 0;
}

static int assign(void *ctx, uint32_t domid, struct ec_sbdf at, bool add)
{
	struct fx_call c = fx_begin(ctx, "assign d%u %s %s", domid, fx_name(at), verb(add));

	return fx_end(c,
		      c.rc ? c.rc : do_assign(ctx, fx_guest(ctx, domid), fx_device(ctx, at), add));
}

static int do_quarantine(struct fx_device *d, bool add)
{
	if (!d)
		return -ENODEV;
	if (d->owner)
		return add ? -EBUSY : -ENODEV;
	if (!add && !d->quarantine)
		return -ENODEV;
	d->quarantine = add;
	return 0;
}

static int quarantine(void *ctx, struct ec_sbdf at, bool add)
{
	struct fx_call c = fx_begin(ctx, "quarantine %s %s", fx_name(at), verb(add));

	return fx_end(c, c.rc ? c.rc : do_quarantine(fx_device(ctx, at), add));
}

/* Xen counts preparations, including xen-pciback's. */
static int do_prepare(struct fakexen *f, struct fx_device *d, bool add)
{
	struct fx_item *done;

	if (!d)
		return -ENODEV;
	done = fx_of(f, FX_PREPARED, d->at);
	if (!strcmp(d->facts.driver, "pciback") || fx_has_pirq(f, d->at, FX_MSIX_PIRQ) ||
	    add == !!done)
		return -EBUSY;
	if (add)
		fx_add(f, &(struct fx_item){ .kind = FX_PREPARED, .at = d->at });
	else
		fx_drop(f, done);
	return 0;
}

static int prepare_msix(void *ctx, struct ec_sbdf at, bool add)
{
	struct fx_call c = fx_begin(ctx, "prepare_msix %s %s", fx_name(at), verb(add));

	return fx_end(c, c.rc ? c.rc : do_prepare(ctx, fx_device(ctx, at), add));
}

/* Does a mapping of @kind reach what of the host is there? */
static bool still_mapped(struct fakexen *f, enum fx_kind kind, const struct fx_guest *g, uint64_t b,
			 uint64_t n)
{
	for (unsigned int i = 0; i < f->items; i++) {
		const struct fx_item *t = f->item + i;

		if (t->kind == kind && t->guest == g && t->b < b + n && b < t->b + t->n)
			return true;
	}
	return false;
}

/* Xen's sets take anything twice, and away again what was never there. @map: what needs it. */
static int do_allow(struct fakexen *f, struct fx_guest *g, const struct fx_item *want, int map,
		    bool add)
{
	struct fx_item *have;

	if (!g)
		return -ESRCH;
	if (!want->n || want->a + want->n < want->a)
		return -EINVAL;
	have = fx_overlapping(f, want->kind, g, want->a, want->n);
	if (add) {
		if (have)
			fx_violation(f, "d%u is allowed %" PRIx64 " n %" PRIu64 " again", g->domid,
				     want->a, want->n);
		else
			fx_add(f, want)->guest = g;
		return 0;
	}
	if (!have)
		return 0;
	if (have->a != want->a || have->n != want->n) {
		fx_violation(
			f, "d%u was allowed %" PRIx64 " n %" PRIu64 ", not %" PRIx64 " n %" PRIu64,
			g->domid, have->a, have->n, want->a, want->n);
		return 0;
	}
	if (map >= 0 && still_mapped(f, (enum fx_kind)map, g, want->a, want->n))
		fx_violation(f, "d%u is forbidden %" PRIx64 ", which is mapped", g->domid, want->a);
	fx_drop(f, have);
	return 0;
}

static int allow_memory(void *ctx, uint32_t domid, uint64_t mfn, uint64_t n, bool add)
{
	struct fx_call c = fx_begin(ctx, "allow_memory d%u mfn %" PRIx64 " n %" PRIu64 " %s", domid,
				    mfn, n, verb(add));
	struct fx_item want = { .kind = FX_MEMORY_GRANT, .a = mfn, .n = n };

	return fx_end(c,
		      c.rc ? c.rc : do_allow(ctx, fx_guest(ctx, domid), &want, FX_MEMORY_MAP, add));
}

static int allow_ports(void *ctx, uint32_t domid, uint32_t port, uint32_t n, bool add)
{
	struct fx_call c =
		fx_begin(ctx, "allow_ports d%u port %x n %u %s", domid, port, n, verb(add));
	struct fx_item want = { .kind = FX_PORT_GRANT, .a = port, .n = n };

	if (!c.rc && (uint64_t)port + n > IO_PORTS)
		c.rc = -EINVAL;
	return fx_end(c,
		      c.rc ? c.rc : do_allow(ctx, fx_guest(ctx, domid), &want, FX_PORT_MAP, add));
}

static int allow_irq(void *ctx, uint32_t domid, uint32_t irq, bool add)
{
	struct fx_call c = fx_begin(ctx, "allow_irq d%u irq %u %s", domid, irq, verb(add));
	struct fx_item want = { .kind = FX_IRQ_GRANT, .a = irq, .n = 1 };

	if (!c.rc && irq >= FAKEXEN_GSIS)
		c.rc = -EINVAL;
	return fx_end(c, c.rc ? c.rc : do_allow(ctx, fx_guest(ctx, domid), &want, -1, add));
}

static bool is_allowed(struct fakexen *f, enum fx_kind kind, const struct fx_guest *g, uint64_t at,
		       uint64_t n)
{
	for (uint64_t end = at + n; at < end;) {
		const struct fx_item *t = fx_overlapping(f, kind, g, at, 1);

		if (!t)
			return false;
		at = t->a + t->n;
	}
	return true;
}

/* 1: continue. */
static int check_frames(struct fakexen *f, const struct fx_guest *g, const struct fx_item *want,
			const struct fx_item *have)
{
	if (fx_has_memory(g, want->a * EC_PAGE_SIZE, want->n * EC_PAGE_SIZE))
		fx_violation(f, "d%u loses its memory at gfn %" PRIx64, g->domid, want->a);
	if (!have)
		return 1;
	if (have->a == want->a && have->b == want->b && have->n == want->n)
		return 0;
	if (have->a - have->b == want->a - want->b) {
		fx_violation(f, "d%u: gfn %" PRIx64 " is mapped so already", g->domid, want->a);
		return 0;
	}
	fx_violation(f, "domain_crash d%u: gfn %" PRIx64 " is mapped already", g->domid, want->a);
	return -EPERM;
}

static int do_map(struct fakexen *f, struct fx_guest *g, const struct fx_item *want,
		  enum fx_kind grant, bool add)
{
	bool memory = want->kind == FX_MEMORY_MAP;
	struct fx_item *have;
	int rc = 1;

	if (!g)
		return -ESRCH;
	if (!want->n || want->a + want->n < want->a || want->b + want->n < want->b)
		return -EINVAL;
	/* a PV guest has no p2m: success without an effect */
	if (!g->info.hvm)
		return memory ? 0 : -EOPNOTSUPP;
	have = fx_overlapping(f, want->kind, g, want->a, want->n);
	if (add) {
		if (!is_allowed(f, grant, g, want->b, want->n))
			return -EPERM;
		if (memory)
			rc = check_frames(f, g, want, have);
		else if (have)
			rc = -EBUSY;
		if (rc > 0)
			fx_add(f, want)->guest = g;
		return rc > 0 ? 0 : rc;
	}
	if (!have)
		return memory ? -EINVAL : -ENOENT;
	if (have->a != want->a || have->b != want->b || have->n != want->n) {
		fx_violation(f, "d%u: %" PRIx64 " is mapped to %" PRIx64 " n %" PRIu64, g->domid,
			     have->a, have->b, have->n);
		return -EINVAL;
	}
	fx_drop(f, have);
	return 0;
}

static int map_memory(void *ctx, uint32_t domid, const struct ec_frames *frames, bool add)
{
	struct fx_call c =
		fx_begin(ctx, "map_memory d%u gfn %" PRIx64 " mfn %" PRIx64 " n %" PRIu64 " %s",
			 domid, frames->gfn, frames->mfn, frames->n, verb(add));
	struct fx_item want = {
		.kind = FX_MEMORY_MAP, .a = frames->gfn, .b = frames->mfn, .n = frames->n
	};

	return fx_end(c,
		      c.rc ? c.rc : do_map(ctx, fx_guest(ctx, domid), &want, FX_MEMORY_GRANT, add));
}

static int map_ports(void *ctx, uint32_t domid, const struct ec_io_ports *io, bool add)
{
	struct fx_call c = fx_begin(ctx, "map_ports d%u gport %x port %x n %u %s", domid, io->guest,
				    io->host, io->n, verb(add));
	struct fx_item want = { .kind = FX_PORT_MAP, .a = io->guest, .b = io->host, .n = io->n };

	if (!c.rc &&
	    ((uint64_t)io->guest + io->n > IO_PORTS || (uint64_t)io->host + io->n > IO_PORTS))
		c.rc = -EINVAL;
	return fx_end(c,
		      c.rc ? c.rc : do_map(ctx, fx_guest(ctx, domid), &want, FX_PORT_GRANT, add));
}

static int populated(void *ctx, uint32_t domid, uint64_t gfn, uint64_t n)
{
	struct fx_call c = fx_begin(ctx, "populated d%u gfn %" PRIx64 " n %" PRIu64, domid, gfn, n);

	struct fx_guest *g = fx_guest(ctx, domid);

	if (!c.rc && !g)
		c.rc = -ESRCH;
	return fx_end(c, c.rc ? c.rc : fx_has_memory(g, gfn * EC_PAGE_SIZE, n * EC_PAGE_SIZE));
}

static int reboot(void *ctx, uint32_t domid)
{
	struct fx_call c = fx_begin(ctx, "reboot d%u", domid);

	return fx_end(c, c.rc ? c.rc : fx_guest(ctx, domid) ? 0 : -ESRCH);
}

const struct ec_priv_ops fakexen_priv_ops = {
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
	.map_irq = fx_map_irq,
	.map_msi = fx_map_msi,
	.unmap_pirq = fx_unmap_pirq,
	.reboot = reboot,
	.bind_intx = fx_bind_intx,
	.bind_msi = fx_bind_msi,
	.unbind_msi = fx_unbind_msi,
	.await_removal = fx_await_removal,
};
