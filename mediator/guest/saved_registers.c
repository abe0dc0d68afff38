/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registers that are put back. Those that the guest writes in the hardware the kernel saves before
 * a reset, and restores after it: as the guest left them, be it the next one's function or the
 * host's. Those that a power state loses nobody else knows to be lost.
 */
#include <pci/header.h>

#include "core/bits.h"
#include "guest/device.h"
#include "view/plan.h"

#define REBAR_MAX 6u

/*
 * What is restored beside the header: what the host has set up in capabilities, of which the guest
 * has a copy at most. Resizable BARs first: the header's BARs are of their size.
 */
static const struct {
	uint16_t id;
	bool extended;
	uint8_t offset, len, times; /* times: so often, 8 bytes apart */
} lost[] = {
	{ PCI_EXT_CAP_ID_REBAR, true, 8, 4, REBAR_MAX },
	{ PCI_CAP_ID_EXP, false, PCI_EXP_DEVCTL, 2, 1 },
	{ PCI_CAP_ID_EXP, false, PCI_EXP_LNKCTL, 2, 1 },
	{ PCI_CAP_ID_EXP, false, PCI_EXP_DEVCTL2, 2, 1 },
	{ PCI_CAP_ID_EXP, false, PCI_EXP_LNKCTL2, 2, 1 },
	{ PCI_EXT_CAP_ID_ACS, true, PCI_ACS_CTRL, 2, 1 },
	{ PCI_EXT_CAP_ID_ATS, true, PCI_ATS_CTRL, 2, 1 },
	{ PCI_EXT_CAP_ID_LTR, true, PCI_LTR_MAX_SNOOP, 4, 1 },
	{ PCI_EXT_CAP_ID_AER, true, PCI_ERR_UNCOR_MASK, 4, 1 },
	{ PCI_EXT_CAP_ID_AER, true, PCI_ERR_UNCOR_SEVER, 4, 1 },
	{ PCI_EXT_CAP_ID_AER, true, PCI_ERR_COR_MASK, 4, 1 },
	{ PCI_EXT_CAP_ID_AER, true, PCI_ERR_CAP, 4, 1 },
};

/* Those of capability @i of the chain that row @k is about. */
static void note_row(struct ec_power *p, const struct ec_plan *plan, unsigned int i, unsigned int k)
{
	const struct ec_plan_cap *c = plan->cap + i;

	if (plan->chain.link[i].id != lost[k].id ||
	    plan->chain.link[i].extended != lost[k].extended || c->added || c->moved_away)
		return;
	for (unsigned int j = 0; j < lost[k].times && p->n < EC_LOST; j++) {
		unsigned int at = lost[k].offset + 8 * j;

		if (at + lost[k].len <= c->whole)
			p->lost[p->n++] =
				(struct ec_saved_register){ .offset = (uint16_t)(c->from + at),
							    .len = lost[k].len,
							    .mask = UINT32_MAX };
	}
}

/* COMMAND has its own way; of bytes that no row names it is not known what a write does. */
static bool is_put_back(const struct ec_plan_reg *r, const struct ec_reg_masks *m)
{
	return m->hw_rw && !r->rest && !r->added && !r->reg.exact &&
	       (r->cap || r->offset != PCI_COMMAND);
}

static void note_passed(struct ec_device *d, const struct ec_plan *plan)
{
	for (unsigned int i = 0; i < plan->n && d->n_passed < EC_PASSED; i++) {
		const struct ec_plan_reg *r = plan->reg + i;
		struct ec_reg_masks m = ec_reg_serve(&r->reg, r->served, r->fixed);

		if (is_put_back(r, &m))
			d->passed[d->n_passed++] =
				(struct ec_saved_register){ .offset = r->from,
							    .len = r->reg.len,
							    .mask = m.hw_rw,
							    .clear = r->reg.w1c | r->reg.rsvdz };
	}
	ec_saved_registers_read(d, d->passed, d->n_passed);
}

void ec_saved_registers_note(struct ec_device *d, const struct ec_plan *plan)
{
	note_passed(d, plan);
	if (!plan->layout.params.pm_hw)
		return;
	for (unsigned int k = 0; k < EC_ARRAY_SIZE(lost); k++)
		for (unsigned int i = 0; i < plan->chain.n; i++)
			note_row(&d->power, plan, i, k);
}

/* All ones is what a function that is gone says; of a byte it may be meant. */
static bool is_told(const struct ec_saved_register *k, uint32_t value)
{
	return k->len == 1 || value != (uint32_t)ec_ones(k->len);
}

void ec_saved_registers_read(struct ec_device *d, struct ec_saved_register *k, unsigned int n)
{
	for (; n--; k++)
		k->read = !ec_conf_read(d, k->offset, k->len, &k->value) && is_told(k, k->value);
}

/* The bytes with bits that differ, by the narrowest accesses. */
static void put_back(struct ec_device *d, const struct ec_saved_register *k, uint32_t now)
{
	uint32_t v = (now & ~k->mask & ~k->clear) | (k->value & k->mask);
	unsigned int shift = k->offset % 4;
	struct ec_span run[2];
	unsigned int n = ec_spans(ec_byte_bits((now ^ k->value) & k->mask) << shift, run);

	for (unsigned int i = 0; i < n; i++)
		ec_conf_write(d, k->offset - shift + run[i].first, run[i].len,
			      v >> (run[i].first - shift) * 8 & (uint32_t)ec_ones(run[i].len));
}

void ec_saved_registers_restore(struct ec_device *d, const struct ec_saved_register *k,
				unsigned int n)
{
	for (; n--; k++) {
		uint32_t now;

		if (k->read && !ec_conf_read(d, k->offset, k->len, &now) && is_told(k, now) &&
		    (now ^ k->value) & k->mask)
			put_back(d, k, now);
	}
}
