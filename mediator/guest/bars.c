/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "guest/device.h"

static bool is_memory(const struct ec_bar *b)
{
	return b->kind == EC_BAR_MEM32 || b->kind == EC_BAR_MEM64 || b->kind == EC_BAR_EXPROM;
}

static uint64_t pages_of(const struct ec_bar *b)
{
	return (b->size + EC_PAGE_SIZE - 1) / EC_PAGE_SIZE;
}

/*
 * The pages from @page of BAR @bar on that are served alike: whether they are trapped, and
 * how many there are before @end.
 */
static uint64_t alike(const struct ec_device *d, unsigned int bar, uint64_t page, uint64_t end,
		      bool *trapped)
{
	uint64_t until = end;

	*trapped = false;
	for (unsigned int i = 0; i < EC_TRAPS; i++) {
		const struct ec_trap *t = d->trap + i;

		if (!t->used || t->bar != bar || page >= t->first + t->n)
			continue;
		if (page >= t->first) {
			*trapped = true;
			return (t->first + t->n < end ? t->first + t->n : end) - page;
		}
		if (t->first < until)
			until = t->first;
	}
	return until - page;
}

static int run_begin(struct ec_device *d, const struct ec_p2m_range *run)
{
	const struct ec_service_ports *p = &d->guest->service->ports;
	struct ec_guest *g = d->guest;

	if (run->trapped)
		return p->server->range(g->server, EC_RANGE_MEMORY, run->gfn * EC_PAGE_SIZE,
					(run->gfn + run->n) * EC_PAGE_SIZE - 1, true);
	return p->priv->map_memory(p->priv_ctx, g->domid, run->gfn, run->mfn, run->n, true);
}

static int run_end(struct ec_device *d, const struct ec_p2m_range *run)
{
	const struct ec_service_ports *p = &d->guest->service->ports;
	struct ec_guest *g = d->guest;

	if (g->dead)
		return 0;
	if (run->trapped)
		return p->server->range(g->server, EC_RANGE_MEMORY, run->gfn * EC_PAGE_SIZE,
					(run->gfn + run->n) * EC_PAGE_SIZE - 1, false);
	return p->priv->map_memory(p->priv_ctx, g->domid, run->gfn, run->mfn, run->n, false);
}

/*
 * May the guest have something of a device's there? Not where it has memory: Xen would drop that
 * for good. Memory ends at the highest frame that the guest had when it got its first function.
 */
static int check_place(struct ec_device *d, uint64_t gfn, uint64_t n)
{
	const struct ec_service_ports *p = &d->guest->service->ports;
	struct ec_guest *g = d->guest;
	uint64_t end = gfn + n, memory_end = g->info.max_gfn + 1;
	uint64_t window = g->window.base / EC_PAGE_SIZE;
	int rc;

	if (!ec_p2m_free(&g->p2m, gfn, n))
		return -EEXIST;
	if (gfn < window + g->window.size / EC_PAGE_SIZE && window < end)
		return -EEXIST;
	if (gfn >= memory_end)
		return 0;
	rc = p->priv->populated(p->priv_ctx, g->domid, gfn,
				(end < memory_end ? end : memory_end) - gfn);
	return rc > 0 ? -EEXIST : rc;
}

/* What cannot be unmapped stays in the record: nothing else may go there, and it is tried again. */
static int unmap_memory(struct ec_device *d, unsigned int index)
{
	struct ec_p2m *p = &d->guest->p2m;
	int first = 0;

	for (unsigned int i = p->n; i-- > 0;) {
		const struct ec_p2m_range *run = p->run + i;
		int rc;

		if (run->device != d || run->bar != index)
			continue;
		rc = run_end(d, run);
		if (!rc) {
			ec_p2m_remove(p, i);
			continue;
		}
		first = rc;
		ec_complain(d, "BAR %u: %llu pages at %llx stay with the guest: %s", index,
			    (unsigned long long)run->n, (unsigned long long)run->gfn * EC_PAGE_SIZE,
			    strerror(-rc));
	}
	return first;
}

static int map_memory(struct ec_device *d, unsigned int index, uint64_t gpa)
{
	const struct ec_bar *b = d->bar + index;
	uint64_t gfn = gpa / EC_PAGE_SIZE, pages = pages_of(b), at = 0;
	int rc = unmap_memory(d, index);

	if (!rc)
		rc = check_place(d, gfn, pages);

	while (at < pages && !rc) {
		struct ec_p2m_range run = { .gfn = gfn + at,
					    .mfn = b->addr / EC_PAGE_SIZE + at,
					    .page = at,
					    .bar = (uint8_t)index,
					    .device = d };

		run.n = alike(d, index, at, pages, &run.trapped);
		rc = ec_p2m_add(&d->guest->p2m, &run);
		if (!rc) {
			rc = run_begin(d, &run);
			if (rc)
				ec_p2m_remove(&d->guest->p2m, d->guest->p2m.n - 1);
		}
		at += run.n;
	}
	if (rc)
		unmap_memory(d, index);
	return rc;
}

static int unmap_ports(struct ec_device *d, unsigned int index)
{
	const struct ec_service_ports *p = &d->guest->service->ports;
	const struct ec_bar *b = d->bar + index;
	int rc = 0;

	if (d->ports_at[index] && !d->guest->dead)
		rc = p->priv->map_ports(p->priv_ctx, d->guest->domid, d->ports_at[index],
					(uint32_t)b->addr, (uint32_t)b->size, false);
	if (!rc)
		d->ports_at[index] = 0;
	else
		ec_complain(d, "BAR %u: its ports stay with the guest: %s", index, strerror(-rc));
	return rc;
}

static int map_ports(struct ec_device *d, unsigned int index, uint64_t gpa)
{
	const struct ec_service_ports *p = &d->guest->service->ports;
	const struct ec_bar *b = d->bar + index;
	int rc;

	if (gpa + b->size > 0x10000)
		return -ERANGE;
	rc = unmap_ports(d, index);
	if (!rc)
		rc = p->priv->map_ports(p->priv_ctx, d->guest->domid, (uint32_t)gpa,
					(uint32_t)b->addr, (uint32_t)b->size, true);
	if (!rc)
		d->ports_at[index] = (uint32_t)gpa;
	return rc;
}

/* The hardware's ROM answers only while the guest wants it: it may share its decoder with BARs. */
static void rom_enable(struct ec_device *d, bool on)
{
	ec_conf_write(d, PCI_ROM_ADDRESS, 4, (uint32_t)d->bar[EC_BAR_ROM].addr | (on ? 1 : 0));
}

int ec_bars_map(struct ec_device *d, unsigned int index, uint64_t gpa, uint64_t size)
{
	const struct ec_trap *t = d->trap + EC_TRAP_TABLE;
	int rc;

	if (!d->bar[index].addr || gpa + size < gpa)
		return -ERANGE;
	if (d->bar[index].kind == EC_BAR_IO)
		return map_ports(d, index, gpa);
	if (index == EC_BAR_ROM)
		rom_enable(d, true);
	rc = map_memory(d, index, gpa);
	if (rc && index == EC_BAR_ROM)
		rom_enable(d, false);
	if (!rc && t->used && t->bar == index)
		ec_irq_table_moved(
			d, gpa + (d->function.layout->params.msix_table & ~(uint32_t)PCI_MSIX_BIR));
	return rc;
}

void ec_bars_unmap(struct ec_device *d, unsigned int index)
{
	const struct ec_trap *t = d->trap + EC_TRAP_TABLE;

	if (!d->bar[index].addr)
		return;
	if (d->bar[index].kind == EC_BAR_IO) {
		unmap_ports(d, index);
		return;
	}
	if (t->used && t->bar == index)
		ec_irq_table_moved(d, 0);
	unmap_memory(d, index);
	if (index == EC_BAR_ROM)
		rom_enable(d, false);
}

int ec_bars_end(struct ec_device *d)
{
	int first = 0;

	for (unsigned int i = 0; i < EC_BAR_MAX; i++) {
		int rc = d->bar[i].kind == EC_BAR_IO ? unmap_ports(d, i) : unmap_memory(d, i);

		first = first ? first : rc;
	}
	return first;
}

/* Grants, or revokes, what may be mapped of one BAR. */
static int allow_one(struct ec_device *d, unsigned int index, bool add)
{
	const struct ec_service_ports *p = &d->guest->service->ports;
	const struct ec_bar *b = d->bar + index;
	uint64_t pages = pages_of(b), at = 0;
	uint32_t domid = d->guest->domid;
	int rc = 0;

	if (b->kind == EC_BAR_IO && b->addr)
		return p->priv->allow_ports(p->priv_ctx, domid, (uint32_t)b->addr,
					    (uint32_t)b->size, add);
	if (!is_memory(b) || !b->addr)
		return 0;
	while (at < pages) {
		bool trapped;
		uint64_t n = alike(d, index, at, pages, &trapped);
		int err = trapped ? 0
				  : p->priv->allow_memory(p->priv_ctx, domid,
							  b->addr / EC_PAGE_SIZE + at, n, add);

		if (err && !rc)
			rc = err;
		if (err && add)
			break;
		at += n;
	}
	/* what was granted of this BAR before the piece that failed */
	for (uint64_t undo = 0; rc && add && undo < at;) {
		bool trapped;
		uint64_t n = alike(d, index, undo, pages, &trapped);

		if (!trapped)
			p->priv->allow_memory(p->priv_ctx, domid, b->addr / EC_PAGE_SIZE + undo, n,
					      false);
		undo += n;
	}
	return rc;
}

int ec_bars_allow(struct ec_device *d, bool add, struct ec_diag *diag)
{
	int rc = 0;

	if (!add && d->guest->dead)
		return 0;
	for (unsigned int i = 0; i < EC_BAR_MAX; i++) {
		int err = allow_one(d, i, add);

		if (!err)
			continue;
		if (!rc)
			ec_diag_set(diag, 0, "BAR %u cannot be %s: %s", i,
				    add ? "granted" : "revoked", strerror(-err));
		rc = rc ? rc : err;
		if (!add)
			continue;
		while (i--)
			allow_one(d, i, false);
		return rc;
	}
	return rc;
}

static void set_trap(struct ec_device *d, unsigned int i, uint32_t where, uint64_t len)
{
	struct ec_trap *t = d->trap + i;
	uint64_t offset = where & ~(uint32_t)PCI_MSIX_BIR;
	unsigned int bar = where & PCI_MSIX_BIR;

	t->used = bar < 6 && is_memory(d->bar + bar) && d->bar[bar].addr &&
		  offset + len <= d->bar[bar].size;
	t->bar = (uint8_t)bar;
	t->first = offset / EC_PAGE_SIZE;
	t->n = (offset + len + EC_PAGE_SIZE - 1) / EC_PAGE_SIZE - t->first;
}

/* Two that share a page become one run each, the second without the pages of the first. */
static void part_traps(struct ec_device *d)
{
	struct ec_trap *t = d->trap + EC_TRAP_TABLE, *p = d->trap + EC_TRAP_PBA;
	uint64_t t_end = t->first + t->n, p_end = p->first + p->n;

	if (!p->used || !t->used || p->bar != t->bar || p->first >= t_end || t->first >= p_end)
		return;
	t->first = p->first < t->first ? p->first : t->first;
	t->n = (p_end > t_end ? p_end : t_end) - t->first;
	p->used = false;
}

int ec_bars_traps(struct ec_device *d, bool add, struct ec_diag *diag)
{
	const struct ec_service_ports *p = &d->guest->service->ports;
	const struct ec_effect_params *f = &d->function.layout->params;

	if (add && f->msix) {
		/* all of the hardware's: the guest may be shown fewer */
		set_trap(d, EC_TRAP_TABLE, f->msix_table,
			 d->msix_entries * (uint64_t)EC_MSIX_ENTRY);
		set_trap(d, EC_TRAP_PBA, f->msix_pba, (d->msix_entries + 63) / 64 * (uint64_t)8);
		if (!d->trap[EC_TRAP_TABLE].used || !d->trap[EC_TRAP_PBA].used) {
			ec_diag_set(diag, 0, "its MSI-X table is in no memory BAR");
			return -EINVAL;
		}
		part_traps(d);
	}
	for (unsigned int i = 0; i < EC_TRAPS; i++) {
		struct ec_trap *t = d->trap + i;
		int rc = 0;

		if (!t->used)
			continue;
		if (add)
			rc = p->device->map(p->device_ctx, d->spec.host, t->bar,
					    t->first * EC_PAGE_SIZE, t->n * EC_PAGE_SIZE, &t->hw,
					    diag);
		else
			p->device->unmap(p->device_ctx, t->hw, t->n * EC_PAGE_SIZE);
		if (rc) {
			while (i--)
				if (d->trap[i].used)
					p->device->unmap(p->device_ctx, d->trap[i].hw,
							 d->trap[i].n * EC_PAGE_SIZE);
			return rc;
		}
	}
	return 0;
}

/* One access to the hardware's page, of the guest's own width. */
static uint64_t touch(void *at, unsigned int len, bool write, uint64_t value)
{
	switch (len) {
	case 1:
		if (write)
			*(volatile uint8_t *)at = (uint8_t)value;
		return write ? 0 : *(volatile uint8_t *)at;
	case 2:
		if (write)
			*(volatile uint16_t *)at = (uint16_t)value;
		return write ? 0 : *(volatile uint16_t *)at;
	case 4:
		if (write)
			*(volatile uint32_t *)at = (uint32_t)value;
		return write ? 0 : *(volatile uint32_t *)at;
	default:
		if (write)
			*(volatile uint64_t *)at = value;
		return write ? 0 : *(volatile uint64_t *)at;
	}
}

/* Do [a, a + len) and the @n bytes at the place that register @where tells meet? */
static bool meets(uint32_t where, uint64_t n, unsigned int bar, uint64_t a, unsigned int len)
{
	uint64_t b = where & ~(uint32_t)PCI_MSIX_BIR;

	return (where & PCI_MSIX_BIR) == bar && a < b + n && b < a + len;
}

/* Of an entry the register with the mask bit, bit 0. PCI Express 7.7.2.9 */
#define VECTOR_CTRL 12u

/* Entries that the guest is not shown are masked for ever, and nothing else. */
static uint64_t unseen(uint64_t offset, unsigned int len, bool write)
{
	uint64_t at = offset % EC_MSIX_ENTRY;

	if (write || at > VECTOR_CTRL || at + len <= VECTOR_CTRL)
		return 0;
	return 1ull << (VECTOR_CTRL - at) * 8;
}

uint64_t ec_bars_access(struct ec_device *d, unsigned int bar, uint64_t offset, unsigned int len,
			bool write, uint64_t value)
{
	const struct ec_effect_params *f = &d->function.layout->params;
	uint64_t table = f->msix_table & ~(uint32_t)PCI_MSIX_BIR;

	/* what straddles the end of the table is no access that a driver makes */
	if (offset % len)
		return UINT64_MAX;
	if (meets(f->msix_table, f->msix_vectors * (uint64_t)EC_MSIX_ENTRY, bar, offset, len))
		return ec_irq_table(d, offset - table, len, write, value);
	if (meets(f->msix_table, d->msix_entries * (uint64_t)EC_MSIX_ENTRY, bar, offset, len))
		return unseen(offset - table, len, write);
	if (write &&
	    meets(f->msix_pba, (d->msix_entries + 63) / 64 * (uint64_t)8, bar, offset, len))
		return 0;
	for (unsigned int i = 0; i < EC_TRAPS; i++) {
		const struct ec_trap *t = d->trap + i;
		uint64_t first = t->first * EC_PAGE_SIZE;

		if (t->used && t->bar == bar && offset >= first &&
		    offset + len <= first + t->n * EC_PAGE_SIZE)
			return touch((uint8_t *)t->hw + (offset - first), len, write, value);
	}
	return UINT64_MAX;
}
