/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/bars.h"

#include <errno.h>
#include <pci/header.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "guest/ecam_window.h"
#include "guest/guest.h"
#include "guest/hardware.h"
#include "guest/log.h"
#include "guest/mmio.h"

/* Trapped pages of a BAR. */
struct trap {
	bool used;
	uint8_t bar;
	uint64_t first, n; /* pages of the BAR */
	void *hw;          /* the same pages of the hardware, uncached */
	bool lost;         /* the kernel has removed that mapping */
};

enum { TRAP_TABLE, TRAP_PBA, TRAPS };

struct ec_bars {
	struct ec_bar bar[EC_BAR_MAX];
	struct trap trap[TRAPS];
	uint32_t ports_at[EC_BAR_MAX]; /* where the guest has an I/O BAR, 0: nowhere */
	uint64_t wanted[EC_BAR_MAX];   /* where the guest has placed it, 0: nowhere */
	bool suspended;                /* nothing is mapped until ec_bars_resume() */
};

struct ec_bars *ec_bars_new(void)
{
	return calloc(1, sizeof(struct ec_bars));
}

void ec_bars_set(struct ec_device *d, const struct ec_bar *bar)
{
	memcpy(d->bars->bar, bar, sizeof(d->bars->bar));
}

const struct ec_bar *ec_bars_get(const struct ec_device *d)
{
	return d->bars->bar;
}

bool ec_bars_is_memory(const struct ec_bar *b)
{
	return b->kind == EC_BAR_MEM32 || b->kind == EC_BAR_MEM64 || b->kind == EC_BAR_EXPROM;
}

uint64_t ec_bars_pages(const struct ec_bar *b)
{
	return (b->size + EC_PAGE_SIZE - 1) / EC_PAGE_SIZE;
}

uint64_t ec_bars_same_kind_pages(const struct ec_device *d, unsigned int bar, uint64_t page,
				 uint64_t end, bool *trapped)
{
	uint64_t until = end;

	*trapped = false;
	for (unsigned int i = 0; i < TRAPS; i++) {
		const struct trap *t = d->bars->trap + i;

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

/* Maps or claims @r, or undoes that. */
static int set_range(struct ec_device *d, const struct ec_p2m_range *r, bool add)
{
	const struct ec_frames frames = { .gfn = r->gfn, .mfn = r->mfn, .n = r->n };
	struct ec_guest *g = d->guest;

	if (r->trapped)
		return ec_guest_claim(g, EC_RANGE_MEMORY, r->gfn * EC_PAGE_SIZE,
				      (r->gfn + r->n) * EC_PAGE_SIZE - 1, add);
	return ec_priv_map_memory(g->backends, g->domid, &frames, add);
}

/*
 * May a BAR be mapped there? Not where the guest has memory, which Xen would drop for good. Memory
 * ends at the highest frame that the guest had when it got its first function.
 */
static int check_place(struct ec_device *d, uint64_t gfn, uint64_t n)
{
	const struct ec_backends *b = d->guest->backends;
	struct ec_guest *g = d->guest;
	uint64_t end = gfn + n, memory_end = g->info.max_gfn + 1;
	int rc;

	if (!ec_p2m_free(&g->p2m, gfn, n))
		return -EEXIST;
	if (ec_ecam_window_overlaps(g, gfn, n))
		return -EEXIST;
	if (gfn >= memory_end)
		return 0;
	rc = ec_priv_populated(b, g->domid, gfn, (end < memory_end ? end : memory_end) - gfn);
	return rc > 0 ? -EEXIST : rc;
}

/* What cannot be unmapped stays in the record: nothing else is mapped there, and it is tried again.
 */
static int unmap_memory(struct ec_device *d, unsigned int index)
{
	struct ec_p2m *p = &d->guest->p2m;
	int first = 0;

	for (unsigned int i = p->n; i-- > 0;) {
		const struct ec_p2m_range *range = p->range + i;
		int rc;

		if (range->device != d || range->bar != index)
			continue;
		rc = d->guest->dead ? 0 : set_range(d, range, false);
		if (!rc) {
			ec_p2m_remove(p, i);
			continue;
		}
		first = rc;
		ec_complain(d, "BAR %u: %llu pages at %llx stay with the guest: %s", index,
			    (unsigned long long)range->n,
			    (unsigned long long)range->gfn * EC_PAGE_SIZE, strerror(-rc));
	}
	return first;
}

static int map_memory(struct ec_device *d, unsigned int index, uint64_t gpa)
{
	const struct ec_bar *b = d->bars->bar + index;
	uint64_t gfn = gpa / EC_PAGE_SIZE, pages = ec_bars_pages(b), at = 0;
	int rc = unmap_memory(d, index);

	if (!rc)
		rc = check_place(d, gfn, pages);

	while (at < pages && !rc) {
		struct ec_p2m_range range = { .gfn = gfn + at,
					      .mfn = b->addr / EC_PAGE_SIZE + at,
					      .page = at,
					      .bar = (uint8_t)index,
					      .device = d };

		range.n = ec_bars_same_kind_pages(d, index, at, pages, &range.trapped);
		rc = ec_p2m_add(&d->guest->p2m, &range);
		if (!rc) {
			rc = set_range(d, &range, true);
			if (rc)
				ec_p2m_remove(&d->guest->p2m, d->guest->p2m.n - 1);
		}
		at += range.n;
	}
	if (rc)
		unmap_memory(d, index);
	return rc;
}

/* Maps @bar at I/O port @gport, or unmaps it. */
static int set_ports(struct ec_device *d, const struct ec_bar *bar, uint32_t gport, bool add)
{
	const struct ec_io_ports io = { .guest = gport,
					.host = (uint32_t)bar->addr,
					.n = (uint32_t)bar->size };

	return ec_priv_map_ports(d->guest->backends, d->guest->domid, &io, add);
}

static int unmap_ports(struct ec_device *d, unsigned int index)
{
	uint32_t *at = d->bars->ports_at + index;
	int rc = 0;

	if (*at && !d->guest->dead)
		rc = set_ports(d, d->bars->bar + index, *at, false);
	if (!rc)
		*at = 0;
	else
		ec_complain(d, "BAR %u: its ports stay with the guest: %s", index, strerror(-rc));
	return rc;
}

static int map_ports(struct ec_device *d, unsigned int index, uint64_t gpa)
{
	const struct ec_bar *bar = d->bars->bar + index;
	int rc;

	if (gpa + bar->size > 0x10000) /* I/O space has 64 KiB */
		return -ERANGE;
	rc = unmap_ports(d, index);
	if (!rc)
		rc = set_ports(d, bar, (uint32_t)gpa, true);
	if (!rc)
		d->bars->ports_at[index] = (uint32_t)gpa;
	return rc;
}

/* The hardware's ROM answers only while the guest wants it: it may share its decoder with BARs. */
static void rom_enable(struct ec_device *d, bool on)
{
	ec_hardware_write(d, PCI_ROM_ADDRESS, 4,
			  (uint32_t)d->bars->bar[EC_BAR_ROM].addr | (on ? 1 : 0));
}

static bool holds_table(const struct ec_device *d, unsigned int index)
{
	const struct trap *t = d->bars->trap + TRAP_TABLE;

	return t->used && t->bar == index;
}

static int map_bar(struct ec_device *d, unsigned int index, uint64_t gpa)
{
	const struct ec_bar *bar = d->bars->bar + index;
	uint32_t table = d->function.layout->params.msix_table & ~(uint32_t)PCI_MSIX_BIR;
	int rc;

	if (bar->kind == EC_BAR_IO)
		return map_ports(d, index, gpa);
	if (index == EC_BAR_ROM)
		rom_enable(d, true);
	rc = map_memory(d, index, gpa);
	if (rc && index == EC_BAR_ROM)
		rom_enable(d, false);
	if (!rc && holds_table(d, index))
		ec_msi_table_moved(d, gpa + table, bar->addr);
	return rc;
}

void ec_bars_map(struct ec_device *d, unsigned int index, uint64_t gpa)
{
	struct ec_bars *b = d->bars;
	int rc = -ERANGE;

	if (b->bar[index].addr && gpa + b->bar[index].size >= gpa) {
		b->wanted[index] = gpa;
		rc = b->suspended ? 0 : map_bar(d, index, gpa);
	}
	if (rc)
		ec_complain(d, "BAR %u is not mapped at %llx: %s", index, (unsigned long long)gpa,
			    strerror(-rc));
}

/*
 * Linux up to 6.14 turns decode off and on to size each BAR, which costs an unmapping and a mapping
 * of all BARs each time. Neither can be saved:
 * - The unmapping must precede the answer: the virtual CPU that waits for it, or another one, may
 *   read a BAR by its next instruction, and must get all ones. Pausing the others leaves the first.
 * - A trap in place of an unmapping is the same change of the p2m: Xen traps what it does not map.
 * - The mapping must precede the answer too. Other devices of the guest reach a BAR through the
 *   IOMMU, by the same p2m, and a DMA is not trapped: it faults, and Xen turns bus mastering of
 *   such a device off (XSA-5). And Xen's emulator does not have each instruction that a guest may
 *   use for its first access.
 */
static int unmap_bar(struct ec_device *d, unsigned int index)
{
	const struct ec_bar *bar = d->bars->bar + index;
	int rc;

	if (!bar->addr)
		return 0;
	if (bar->kind == EC_BAR_IO)
		return unmap_ports(d, index);
	if (holds_table(d, index))
		ec_msi_table_moved(d, 0, bar->addr);
	rc = unmap_memory(d, index);
	if (index == EC_BAR_ROM)
		rom_enable(d, false);
	return rc;
}

void ec_bars_unmap(struct ec_device *d, unsigned int index)
{
	d->bars->wanted[index] = 0;
	unmap_bar(d, index);
}

int ec_bars_suspend(struct ec_device *d)
{
	int first = 0;

	d->bars->suspended = true;
	for (unsigned int i = 0; i < EC_BAR_MAX; i++) {
		int rc = unmap_bar(d, i);

		first = first ? first : rc;
	}
	return first;
}

void ec_bars_resume(struct ec_device *d)
{
	struct ec_bars *b = d->bars;

	if (!b->suspended)
		return;
	b->suspended = false;
	for (unsigned int i = 0; i < EC_BAR_MAX; i++)
		if (b->wanted[i])
			ec_bars_map(d, i, b->wanted[i]);
}

int ec_bars_end(struct ec_device *d)
{
	int first = 0;

	for (unsigned int i = 0; i < EC_BAR_MAX; i++) {
		int rc = d->bars->bar[i].kind == EC_BAR_IO ? unmap_ports(d, i) : unmap_memory(d, i);

		first = first ? first : rc;
	}
	return first;
}

static void set_trap(struct ec_device *d, unsigned int i, uint32_t where, uint64_t len)
{
	struct trap *t = d->bars->trap + i;
	uint64_t offset = where & ~(uint32_t)PCI_MSIX_BIR;
	unsigned int bar = where & PCI_MSIX_BIR;

	t->used = bar < 6 && ec_bars_is_memory(d->bars->bar + bar) && d->bars->bar[bar].addr &&
		  offset + len <= d->bars->bar[bar].size;
	t->bar = (uint8_t)bar;
	t->first = offset / EC_PAGE_SIZE;
	t->n = (offset + len + EC_PAGE_SIZE - 1) / EC_PAGE_SIZE - t->first;
}

/* A table and pending bits that share a page become one trap. */
static void part_traps(struct ec_device *d)
{
	struct trap *t = d->bars->trap + TRAP_TABLE, *p = d->bars->trap + TRAP_PBA;
	uint64_t t_end = t->first + t->n, p_end = p->first + p->n;

	if (!p->used || !t->used || p->bar != t->bar || p->first >= t_end || t->first >= p_end)
		return;
	t->first = p->first < t->first ? p->first : t->first;
	t->n = (p_end > t_end ? p_end : t_end) - t->first;
	p->used = false;
}

/* All of the hardware's table and bits: the guest may be shown fewer vectors. */
static int choose_traps(struct ec_device *d, struct ec_diag *diag)
{
	const struct ec_effect_params *f = &d->function.layout->params;
	uint64_t entries = ec_msi_entries(d);

	if (!f->msix)
		return 0;
	set_trap(d, TRAP_TABLE, f->msix_table, entries * EC_MSIX_ENTRY);
	set_trap(d, TRAP_PBA, f->msix_pba, (entries + 63) / 64 * 8);
	if (!d->bars->trap[TRAP_TABLE].used || !d->bars->trap[TRAP_PBA].used) {
		ec_diag_set(diag, 0, "its MSI-X table is in no memory BAR");
		return -EINVAL;
	}
	part_traps(d);
	return 0;
}

static void unmap_trap(struct ec_device *d, unsigned int i)
{
	const struct ec_backends *b = d->guest->backends;
	const struct trap *t = d->bars->trap + i;

	if (t->used)
		ec_host_unmap(b, t->hw, t->n * EC_PAGE_SIZE);
}

static int map_trap(struct ec_device *d, unsigned int i, struct ec_diag *diag)
{
	struct trap *t = d->bars->trap + i;
	const struct ec_bar_part pages = { .bar = t->bar,
					   .offset = t->first * EC_PAGE_SIZE,
					   .len = t->n * EC_PAGE_SIZE };

	return t->used ? ec_host_map(d->guest->backends, d->host, &pages, &t->hw, diag) : 0;
}

int ec_bars_trap(struct ec_device *d, bool add, struct ec_diag *diag)
{
	int rc = add ? choose_traps(d, diag) : 0;

	for (unsigned int i = 0; i < TRAPS && !rc; i++) {
		if (add)
			rc = map_trap(d, i, diag);
		else
			unmap_trap(d, i);
		while (rc && i--)
			unmap_trap(d, i);
		if (rc)
			break;
	}
	return rc;
}

/* Bytes in a BAR that a register names: its offset, and the BAR in bits 2:0. */
struct named_bytes {
	uint32_t where;
	uint64_t n;
};

static bool overlaps(struct named_bytes b, unsigned int bar, const struct ec_page_access *a)
{
	uint64_t first = b.where & ~(uint32_t)PCI_MSIX_BIR;

	return (b.where & PCI_MSIX_BIR) == bar && a->offset < first + b.n &&
	       first < a->offset + a->len;
}

/* The register of an entry with the mask bit, bit 0. PCI Express 7.7.2.9 */
#define VECTOR_CTRL 12u

/* An entry that the guest is not shown reads as masked, and drops writes. */
static uint64_t hidden_entry(const struct ec_page_access *a)
{
	uint64_t at = a->offset % EC_MSIX_ENTRY;

	if (a->write || at > VECTOR_CTRL || at + a->len <= VECTOR_CTRL)
		return 0;
	return 1ull << (VECTOR_CTRL - at) * 8;
}

/* A mapping that the kernel has removed does not come back. */
static uint64_t access_trap(struct ec_device *d, struct trap *t, const struct ec_page_access *a)
{
	uint8_t *at = (uint8_t *)t->hw + (a->offset - t->first * EC_PAGE_SIZE);
	uint64_t value = UINT64_MAX;

	if (t->lost)
		return UINT64_MAX;
	t->lost =
		a->write ? !ec_mmio_write(at, a->len, a->value) : !ec_mmio_read(at, a->len, &value);
	if (t->lost)
		ec_log(d,
		       "the kernel has removed the mapping of BAR %u: its pages that are served "
		       "read all ones",
		       t->bar);
	return value;
}

static uint64_t access_hardware(struct ec_device *d, unsigned int bar,
				const struct ec_page_access *a)
{
	for (unsigned int i = 0; i < TRAPS; i++) {
		struct trap *t = d->bars->trap + i;
		uint64_t first = t->first * EC_PAGE_SIZE;

		if (t->used && t->bar == bar && a->offset >= first &&
		    a->offset + a->len <= first + t->n * EC_PAGE_SIZE)
			return access_trap(d, t, a);
	}
	return UINT64_MAX;
}

uint64_t ec_bars_access(struct ec_device *d, unsigned int bar, const struct ec_page_access *a)
{
	const struct ec_effect_params *f = &d->function.layout->params;
	uint64_t entries = ec_msi_entries(d);
	const struct named_bytes shown = { f->msix_table,
					   f->msix_vectors * (uint64_t)EC_MSIX_ENTRY },
				 table = { f->msix_table, entries * EC_MSIX_ENTRY },
				 pba = { f->msix_pba, (entries + 63) / 64 * 8 };
	struct ec_page_access in_table = *a;

	/* no driver's access straddles the end of the table */
	if (ec_hardware_gone(d) || d->bars->suspended || a->offset % a->len)
		return UINT64_MAX;
	in_table.offset -= f->msix_table & ~(uint32_t)PCI_MSIX_BIR;
	if (overlaps(shown, bar, a))
		return ec_msi_table(d, &in_table);
	if (overlaps(table, bar, a))
		return hidden_entry(&in_table);
	if (a->write && overlaps(pba, bar, a))
		return 0;
	return access_hardware(d, bar, a);
}
