/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/msix.h"

#include <errno.h>
#include <pci/header.h>

#include "core/bits.h"
#include "core/pci_bits.h"

#define VECTOR_BYTES 16u
#define PAGE 0x1000u

static const char pba_past[] = "its pending bits end past their BAR";

/* The capability being checked. */
struct msix {
	struct ec_plan *p;
	const struct ec_image *img;
	struct ec_diag *diag;
	unsigned int cap; /* index in the chain */
	uint32_t vectors;
};

static struct ec_plan_reg *row(const struct msix *m, uint32_t offset)
{
	return ec_plan_row(m->p, m->cap + 1, m->p->chain.link[m->cap].offset + offset);
}

static uint32_t hardware(const struct msix *m, uint32_t offset, unsigned int len)
{
	return ec_image_get(m->img, m->p->cap[m->cap].from + offset, len);
}

static int refuse(const struct msix *m, const struct ec_plan_reg *r, uint16_t blame,
		  const char *why)
{
	ec_diag_set(m->diag, 0, "MSI-X.%s at %x: %s", r->reg.name, r->offset, why);
	m->p->blame = blame;
	return -EINVAL;
}

static void hide(const struct msix *m, const char *why)
{
	m->p->cap[m->cap].treatment = EC_HIDE;
	m->p->cap[m->cap].origin = EC_BY_FUNCTION;
	m->p->cap[m->cap].why = why;
}

/* A guest never sees more vectors than the hardware has: its table ends there. */
static int count(struct msix *m)
{
	struct ec_plan_reg *r = row(m, PCI_CAP_FLAGS);
	uint32_t have = hardware(m, PCI_CAP_FLAGS, 2) & PCI_MSIX_TABSIZE,
		 fixed = r->fixed & PCI_MSIX_TABSIZE;
	uint32_t shown = (r->value & fixed) | (have & ~fixed);

	m->vectors = shown + 1;
	return shown > have ? refuse(m, r, r->origin, "the hardware has fewer vectors") : 0;
}

/* A dump does not have the BARs of a virtual function, unless it reports the sizes. */
static bool is_unknown(const struct msix *m, const struct ec_bar *bar)
{
	return bar->kind == EC_BAR_NONE && !m->p->options.live &&
	       ec_image_get(m->img, PCI_VENDOR_ID, 4) == EC_ABSENT;
}

/*
 * Do the @len bytes that register @r points to lie in a memory BAR? @by: the rule that put them
 * there.
 */
static int check_bar(const struct msix *m, const struct ec_plan_reg *r, uint32_t len,
		     const struct ec_decision *by)
{
	bool table = r->reg.offset == PCI_MSIX_TABLE;
	uint32_t at = hardware(m, r->offset - m->p->chain.link[m->cap].offset, 4);
	unsigned int i = at & PCI_MSIX_BIR;
	const struct ec_bar *bar = m->p->bar + i;

	at = (at & ~r->fixed) | (r->value & r->fixed);
	at &= ~(uint32_t)PCI_MSIX_BIR;
	if (i < EC_BAR_ROM && m->p->bar_by[i])
		return refuse(m, r, m->p->bar_by[i], "a rule hides its BAR");
	if (i >= EC_BAR_ROM || (bar->kind != EC_BAR_MEM32 && bar->kind != EC_BAR_MEM64)) {
		if (i >= EC_BAR_ROM || !is_unknown(m, bar))
			hide(m, table ? "its table is not in a memory BAR"
				      : "its pending bits are not in a memory BAR");
		return 0;
	}
	if (bar->guessed || (uint64_t)at + len <= bar->size)
		return 0;
	if (by)
		return refuse(m, r, by->origin, "it would be past the end of its BAR");
	hide(m, table ? "its table ends past its BAR" : pba_past);
	return 0;
}

static int check_cap(struct msix *m)
{
	struct ec_plan_reg *table = row(m, PCI_MSIX_TABLE), *pba = row(m, PCI_MSIX_PBA);
	int rc;

	if (!table || !pba || !ec_image_has(m->img, table->from, 8))
		return 0;
	rc = count(m);
	if (!rc)
		rc = check_bar(m, table, m->vectors * VECTOR_BYTES, NULL);
	if (!rc && m->p->cap[m->cap].treatment != EC_HIDE)
		rc = check_bar(m, pba, (m->vectors + 63) / 64 * 8, m->p->last[EC_SET_MSIX_PBA]);
	return rc;
}

int ec_plan_msix(struct ec_plan *plan, const struct ec_image *img, struct ec_diag *diag)
{
	struct msix m = { .p = plan, .img = img, .diag = diag };
	int rc = 0;

	if (plan->options.capturing || plan->options.topology == EC_HOST)
		return 0;
	for (m.cap = 0; !rc && m.cap < plan->chain.n_std; m.cap++)
		if (plan->chain.link[m.cap].id == PCI_CAP_ID_MSIX && !plan->cap[m.cap].added &&
		    plan->cap[m.cap].treatment != EC_HIDE)
			rc = check_cap(&m);
	return rc;
}

/* Finds a place after the table, which ends at @end: on a page without vectors if it can be. */
static void find_free(struct ec_msix_past *m, uint32_t end)
{
	uint32_t page = (end + PAGE - 1) & ~(PAGE - 1);

	m->free = (uint64_t)page + m->bytes <= m->size ? page : (end + 7) & ~7u;
	m->fits = (uint64_t)m->free + m->bytes <= m->size;
}

bool ec_plan_msix_past(const struct ec_plan *plan, const struct ec_image *img,
		       struct ec_msix_past *out)
{
	unsigned int i = 0;
	uint32_t vectors, table, pba;

	while (i < plan->chain.n_std &&
	       (plan->chain.link[i].id != PCI_CAP_ID_MSIX || plan->cap[i].why != pba_past))
		i++;
	if (i == plan->chain.n_std)
		return false;
	vectors = (ec_image_get(img, plan->cap[i].from + PCI_CAP_FLAGS, 2) & PCI_MSIX_TABSIZE) + 1;
	table = ec_image_get(img, plan->cap[i].from + PCI_MSIX_TABLE, 4);
	pba = ec_image_get(img, plan->cap[i].from + PCI_MSIX_PBA, 4);
	out->bar = pba & PCI_MSIX_BIR;
	out->size = plan->bar[out->bar].size;
	out->offset = pba & ~(uint32_t)PCI_MSIX_BIR;
	out->bytes = (vectors + 63) / 64 * 8;
	/* in the BAR of the table after it, else at the start */
	table = (table & PCI_MSIX_BIR) == out->bar
			? (table & ~(uint32_t)PCI_MSIX_BIR) + vectors * VECTOR_BYTES
			: 0;
	find_free(out, table);
	return true;
}
