/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The privileged calls about interrupts.
 * Source: Xen arch/x86/{irq,physdev,msi}.c, drivers/passthrough/x86/hvm.c.
 */
#include <errno.h>
#include <inttypes.h>
#include <pci/header.h>

#include "fakexen_state.h"

/* The bits of gflags that Xen defines. */
#define FLAGS 0xf3ffu

bool fx_has_pirq(struct fakexen *f, struct ec_sbdf at, enum fx_pirq_type type)
{
	for (unsigned int i = 0; i < f->items; i++)
		if (f->item[i].kind == FX_PIRQ && f->item[i].type == type &&
		    !ec_sbdf_compare(f->item[i].at, at))
			return true;
	return false;
}

static int do_map_irq(struct fakexen *f, struct fx_guest *g, uint32_t irq, int *pirq)
{
	struct fx_item want = { .kind = FX_PIRQ, .guest = g, .b = irq, .n = 1, .type = FX_GSI };

	if (!g)
		return -ESRCH;
	if (irq >= FAKEXEN_GSIS || *pirq >= FAKEXEN_PIRQS)
		return -EINVAL;
	for (unsigned int i = 0; i < f->items; i++) {
		const struct fx_item *t = f->item + i;

		if (t->kind != FX_PIRQ || t->guest != g || t->type != FX_GSI || t->b != irq)
			continue;
		if (*pirq >= 0 && (uint64_t)*pirq != t->a)
			return -EEXIST;
		*pirq = (int)t->a;
		return 0;
	}
	want.a = *pirq < 0 ? irq : (uint64_t)*pirq;
	if (fx_overlapping(f, FX_PIRQ, g, want.a, 1))
		return -EEXIST;
	fx_add(f, &want);
	*pirq = (int)want.a;
	return 0;
}

int fx_map_irq(void *ctx, uint32_t domid, uint32_t irq, int *pirq)
{
	struct fx_call c = fx_begin(ctx, "map_irq d%u irq %u pirq %d", domid, irq, *pirq);

	return fx_end(c, c.rc ? c.rc : do_map_irq(ctx, fx_guest(ctx, domid), irq, pirq));
}

/* Offset of a capability in the hardware; 0: there is none. */
static uint32_t find_cap(struct fakexen *f, struct ec_sbdf at, uint32_t id)
{
	uint32_t cap = fakexen_peek(f, at, PCI_CAPABILITY_LIST, 1) & ~3u;

	for (unsigned int hops = 0; cap >= 0x40 && hops < 48; hops++) {
		if (fakexen_peek(f, at, cap, 1) == id)
			return cap;
		cap = fakexen_peek(f, at, cap + 1, 1) & ~3u;
	}
	return 0;
}

static uint64_t bar_address(struct fakexen *f, struct ec_sbdf at, unsigned int bar)
{
	uint32_t low = fakexen_peek(f, at, PCI_BASE_ADDRESS_0 + bar * 4, 4);
	const struct fx_device *d = fx_device(f, at);
	uint64_t high = 0;

	/* derived from the physical function's registers, as the kernel does */
	if (d->facts.is_vf && bar < EC_BAR_ROM)
		return d->facts.region[bar].start;
	if ((low & 7) == PCI_BASE_ADDRESS_MEM_TYPE_64)
		high = fakexen_peek(f, at, PCI_BASE_ADDRESS_0 + bar * 4 + 4, 4);
	return high << 32 | (low & ~0xfu);
}

static int check_entry(struct fakexen *f, const struct fx_item *want, uint64_t table)
{
	uint32_t cap = find_cap(f, want->at, table ? PCI_CAP_ID_MSIX : PCI_CAP_ID_MSI);
	uint64_t bar;

	if (!cap)
		return -ENODEV;
	if (!table)
		return want->b ? -EINVAL : 0;
	if (want->b > (fakexen_peek(f, want->at, cap + 2, 2) & PCI_MSIX_TABSIZE))
		return -EINVAL;
	bar = bar_address(f, want->at, fakexen_peek(f, want->at, cap + 4, 1) & PCI_MSIX_BIR);
	if (bar != table)
		fx_violation(f, "%s has its MSI-X table in the BAR at %" PRIx64 ", not %" PRIx64,
			     fx_name(want->at), bar, table);
	return 0;
}

static int do_map_msi(struct fakexen *f, struct fx_guest *g, struct fx_item *want, uint64_t table,
		      int *pirq)
{
	struct fx_device *d = fx_device(f, want->at);
	int rc;

	if (!g)
		return -ESRCH;
	if (!d || d->owner != g)
		return -ENODEV;
	want->type = table ? FX_MSIX_PIRQ : FX_MSI_PIRQ;
	rc = check_entry(f, want, table);
	if (rc)
		return rc;
	for (unsigned int i = 0; i < f->items; i++) {
		const struct fx_item *t = f->item + i;

		if (t->kind == FX_PIRQ && t->type == want->type && t->b == want->b &&
		    !ec_sbdf_compare(t->at, want->at))
			return -EEXIST;
	}
	if (fx_has_pirq(f, want->at, table ? FX_MSI_PIRQ : FX_MSIX_PIRQ))
		fx_violation(f, "%s has MSI and MSI-X mapped", fx_name(want->at));
	want->a = *pirq < 0 ? FAKEXEN_PIRQS - 1 : (uint64_t)*pirq;
	while (*pirq < 0 && fx_overlapping(f, FX_PIRQ, g, want->a, 1))
		want->a--;
	if (want->a < FAKEXEN_GSIS || want->a >= FAKEXEN_PIRQS)
		return *pirq < 0 ? -ENOSPC : -EINVAL;
	if (fx_overlapping(f, FX_PIRQ, g, want->a, 1))
		return -EEXIST;
	*pirq = (int)want->a;
	want->guest = g;
	fx_add(f, want);
	return 0;
}

int fx_map_msi(void *ctx, uint32_t domid, const struct ec_msi_source *msi, int *pirq)
{
	struct fx_call c = fx_begin(ctx, "map_msi d%u %s entry %u table %" PRIx64 " pirq %d", domid,
				    fx_name(msi->at), msi->entry, msi->table, *pirq);
	struct fx_item want = { .kind = FX_PIRQ, .at = msi->at, .b = msi->entry, .n = 1 };

	return fx_end(c,
		      c.rc ? c.rc : do_map_msi(ctx, fx_guest(ctx, domid), &want, msi->table, pirq));
}

static struct fx_item *pirq_of(struct fakexen *f, const struct fx_guest *g, int pirq)
{
	return pirq < 0 ? NULL : fx_overlapping(f, FX_PIRQ, g, (uint64_t)pirq, 1);
}

/* Xen unbinds a bound pirq by force. */
static int do_unmap(struct fakexen *f, struct fx_guest *g, int pirq)
{
	struct fx_item *t;

	if (!g)
		return -ESRCH;
	t = pirq_of(f, g, pirq);
	if (!t)
		return -EINVAL;
	fx_drop(f, t);
	for (int kind = FX_INTX; kind <= FX_MSI; kind++)
		while ((t = fx_overlapping(f, (enum fx_kind)kind, g, (uint64_t)pirq, 1))) {
			if (!g->info.dying)
				fx_violation(f, "d%u: pirq %d is bound", g->domid, pirq);
			fx_drop(f, t);
		}
	return 0;
}

int fx_unmap_pirq(void *ctx, uint32_t domid, int pirq)
{
	struct fx_call c = fx_begin(ctx, "unmap_pirq d%u pirq %d", domid, pirq);

	return fx_end(c, c.rc ? c.rc : do_unmap(ctx, fx_guest(ctx, domid), pirq));
}

/* Whether the guest has a pirq of this kind that can be bound. */
static int check_bind(struct fakexen *f, struct fx_guest *g, int pirq, bool gsi)
{
	const struct fx_item *t;

	/* Xen returns the same for a dead guest and for one without an IOMMU */
	if (!g || !g->info.hvm || !g->info.iommu)
		return -ESRCH;
	t = pirq_of(f, g, pirq);
	return t && gsi == (t->type == FX_GSI) ? 0 : -EINVAL;
}

static int do_bind_intx(struct fakexen *f, struct fx_guest *g, const struct fx_item *want, bool add)
{
	int rc = check_bind(f, g, (int)want->a, true);

	if (rc)
		return rc;
	if (!g->info.intx)
		return -EOPNOTSUPP;
	/* functions that share a line have several bindings of one pirq */
	for (unsigned int i = 0; i < f->items; i++) {
		struct fx_item *t = f->item + i;

		if (t->kind != FX_INTX || t->guest != g || t->a != want->a || t->b != want->b)
			continue;
		if (add)
			return -EEXIST;
		fx_drop(f, t);
		return 0;
	}
	if (!add)
		return -EINVAL;
	fx_add(f, want)->guest = g;
	return 0;
}

int fx_bind_intx(void *ctx, uint32_t domid, int pirq, struct ec_intx intx, bool add)
{
	struct fx_call c = fx_begin(ctx, "bind_intx d%u pirq %d device %u pin %u %s", domid, pirq,
				    intx.slot, intx.pin, add ? "add" : "remove");
	struct fx_item want = {
		.kind = FX_INTX, .a = (uint64_t)pirq, .b = intx.slot << 8 | intx.pin, .n = 1
	};

	if (!c.rc && (intx.slot > 31 || intx.pin > 3))
		c.rc = -EINVAL;
	return fx_end(c, c.rc ? c.rc : do_bind_intx(ctx, fx_guest(ctx, domid), &want, add));
}

static bool same_binding(const struct ec_msi_binding *a, const struct ec_msi_binding *b)
{
	return a->vector == b->vector && a->flags == b->flags && a->table == b->table;
}

static int do_bind_msi(struct fakexen *f, struct fx_guest *g, int pirq,
		       const struct ec_msi_binding *b, bool add)
{
	int rc = check_bind(f, g, pirq, false);
	struct ec_sbdf at;
	struct fx_item *t;

	if (rc)
		return rc;
	if (b->flags & ~FLAGS)
		return -EINVAL;
	t = fx_overlapping(f, FX_MSI, g, (uint64_t)pirq, 1);
	if (!add) {
		if (!t)
			return -EINVAL;
		at = fx_overlapping(f, FX_PIRQ, g, (uint64_t)pirq, 1)->at;
		if (fx_removing(f, at))
			fx_violation(f, "Xen panics: unbinding of pirq %d meets the removal", pirq);
		if (!fx_device(f, at))
			return -EPERM;
		if (!same_binding(&t->binding, b))
			fx_violation(f, "d%u: pirq %d is bound otherwise", g->domid, pirq);
		fx_drop(f, t);
		return 0;
	}
	if (!t)
		t = fx_add(f, &(struct fx_item){
				      .kind = FX_MSI, .guest = g, .a = (uint64_t)pirq, .n = 1 });
	t->binding = *b;
	return 0;
}

static int bind_or_unbind(struct fakexen *f, uint32_t domid, int pirq,
			  const struct ec_msi_binding *b, bool add)
{
	struct fx_call c = fx_begin(f, "%s d%u pirq %d vector %x flags %x table %" PRIx64,
				    add ? "bind_msi" : "unbind_msi", domid, pirq, b->vector,
				    b->flags, b->table);

	return fx_end(c, c.rc ? c.rc : do_bind_msi(f, fx_guest(f, domid), pirq, b, add));
}

int fx_bind_msi(void *ctx, uint32_t domid, int pirq, const struct ec_msi_binding *b)
{
	return bind_or_unbind(ctx, domid, pirq, b, true);
}

int fx_unbind_msi(void *ctx, uint32_t domid, int pirq, const struct ec_msi_binding *b)
{
	return bind_or_unbind(ctx, domid, pirq, b, false);
}
