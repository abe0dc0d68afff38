/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interrupts. Of an MSI-X table Xen takes some accesses itself once a vector is bound, and hands
 * the rest on; in 4.17 it keeps what masks a bound vector, and forgets that it did after the first
 * unbinding. So a mask that does arrive is carried out here, by unbinding.
 */
#include <errno.h>
#include <pci/header.h>
#include <string.h>

#include "core/bits.h"
#include "guest/device.h"

#define MASKED 1u /* of an entry's vector control */
#define DATA 2u   /* dword of an entry */

/* Fields of a message's address and data, as the processor takes them, and of Xen's flags. */
static uint32_t flags_of(const struct ec_vector *v)
{
	return (v->lo >> 12 & 0xff) | (v->lo >> 3 & 1) << 8 | (v->lo >> 2 & 1) << 9 |
	       (v->data >> 8 & 7) << 12 | (v->data >> 15 & 1) << 15;
}

/*
 * A guest that takes interrupts as pirqs writes vector 0, and the pirq's number into the address.
 * Such a guest never touches the mask bits. Of an entry that is half written this cannot be told:
 * the data come last.
 */
static bool by_pirq(const struct ec_device *d, const struct ec_vector *v)
{
	return d->guest->info.pirqs && v->lo && !(v->data & 0xff);
}

static int wanted_pirq(const struct ec_device *d, const struct ec_vector *v)
{
	return by_pirq(d, v) ? (int)((v->lo >> 12 & 0xff) | (v->hi & 0x7fffff00)) : -1;
}

/* Undoes what was done of it; what cannot be undone is still there to be tried again. */
static int unbind(struct ec_device *d, struct ec_vector *v)
{
	const struct ec_service_ports *p = &d->guest->service->ports;
	uint32_t domid = d->guest->domid;
	int rc = 0;

	if (v->bound && !d->guest->dead)
		rc = p->priv->unbind_msi(p->priv_ctx, domid, v->pirq, &v->binding);
	if (!rc) {
		v->bound = false;
		if (v->pirq >= 0 && !d->guest->dead)
			rc = p->priv->unmap_pirq(p->priv_ctx, domid, v->pirq);
	}
	if (rc)
		ec_complain(d, "interrupt %d stays with the guest: %s", v->pirq, strerror(-rc));
	else
		v->pirq = -1;
	return rc;
}

static bool same(const struct ec_msi_binding *a, const struct ec_msi_binding *b)
{
	return a->vector == b->vector && a->flags == b->flags && a->table == b->table;
}

/* Is the pirq that the guest wants for @v one of its others'? Xen would not say so. */
static bool is_taken(const struct ec_guest *g, const struct ec_vector *v, int pirq)
{
	for (unsigned int i = 0; i < g->n; i++) {
		const struct ec_device *d = g->device[i];

		if (d->intx_pirq == pirq || (d->msi.pirq == pirq && &d->msi != v))
			return true;
		for (unsigned int j = 0; j < d->function.layout->params.msix_vectors; j++)
			if (d->msix[j].pirq == pirq && d->msix + j != v)
				return true;
	}
	return false;
}

/* Binds @v, entry @entry of the table, or for a @table of 0 the one of MSI; or binds it anew. */
static void bind(struct ec_device *d, struct ec_vector *v, unsigned int entry, uint64_t table,
		 uint64_t gpa)
{
	const struct ec_service_ports *p = &d->guest->service->ports;
	struct ec_msi_binding b = { .vector = (uint8_t)v->data,
				    .flags = flags_of(v),
				    .table = gpa };
	int wanted = wanted_pirq(d, v), rc;

	if (!v->lo || wanted == 0 || (wanted < 0 && !b.vector))
		return;
	if (v->bound && wanted < 0 && same(&b, &v->binding))
		return;
	if (v->pirq >= 0 && wanted >= 0 && wanted != v->pirq && unbind(d, v))
		return;
	if (v->pirq < 0) {
		int pirq = wanted;

		if (wanted >= 0 && is_taken(d->guest, v, wanted)) {
			ec_complain(d, "vector %u: interrupt %d is another's", entry, wanted);
			return;
		}
		rc = p->priv->map_msi(p->priv_ctx, d->guest->domid, d->spec.host, entry, table,
				      &pirq);
		if (rc) {
			ec_complain(d, "vector %u gets no interrupt: %s", entry, strerror(-rc));
			return;
		}
		v->pirq = pirq;
	}
	rc = p->priv->bind_msi(p->priv_ctx, d->guest->domid, v->pirq, &b);
	if (rc) {
		ec_complain(d, "vector %u is not bound: %s", entry, strerror(-rc));
		unbind(d, v);
		return;
	}
	v->binding = b;
	v->bound = true;
}

/* Host address of the BAR that holds the MSI-X table, as it was at attach. */
static uint64_t table_bar(const struct ec_device *d)
{
	return d->bar[d->function.layout->params.msix_table & PCI_MSIX_BIR].addr;
}

/* May the entry raise interrupts now? */
static bool is_open(const struct ec_device *d, const struct ec_vector *v)
{
	if (!d->msix_on || d->msix_masked || !d->table_gpa || !v->lo)
		return false;
	return by_pirq(d, v) ? v->written : !(v->ctrl & MASKED);
}

static void bind_open(struct ec_device *d)
{
	for (unsigned int i = 0; i < d->function.layout->params.msix_vectors; i++)
		if (is_open(d, d->msix + i))
			bind(d, d->msix + i, i, table_bar(d), d->table_gpa);
}

static int unbind_all(struct ec_device *d)
{
	int first = 0;

	for (unsigned int i = 0; d->msix && i < d->function.layout->params.msix_vectors; i++) {
		int rc = unbind(d, d->msix + i);

		first = first ? first : rc;
	}
	return first;
}

int ec_irq_end(struct ec_device *d)
{
	int rc = unbind(d, &d->msi), all = unbind_all(d);

	return rc ? rc : all;
}

static void msix_control(struct ec_device *d)
{
	const struct ec_effect_params *f = &d->function.layout->params;
	uint32_t v = (f->msix_vectors - 1u) | (d->msix_on ? PCI_MSIX_ENABLE : 0) |
		     (d->msix_on && d->msix_masked ? PCI_MSIX_MASK : 0);

	/* exactly the register: Xen lets dom0 write nothing else of the capability */
	ec_conf_write(d, f->msix_hw + (uint32_t)PCI_CAP_FLAGS, 2, v);
}

static void msi_control(struct ec_device *d)
{
	uint32_t at = d->function.layout->params.msi_hw + (uint32_t)PCI_MSI_FLAGS, v;

	/* what else the register has is the hardware's; one vector, whatever was set before */
	if (ec_conf_read(d, at, 2, &v))
		return;
	v &= ~(uint32_t)(PCI_MSI_FLAGS_ENABLE | PCI_MSI_FLAGS_QSIZE);
	ec_conf_write(d, at, 2, v | (d->msi_on ? PCI_MSI_FLAGS_ENABLE : 0));
}

static void msi_end(struct ec_device *d)
{
	d->msi_on = false;
	msi_control(d);
	unbind(d, &d->msi);
}

/*
 * The hardware's MSI is on only while its message goes somewhere. No driver has MSI and MSI-X on at
 * once, and Xen must not be asked for both: MSI-X is the one that counts then.
 */
static void msi(struct ec_device *d, const struct ec_action *a)
{
	if (a->kind == EC_ACT_MSI_DISABLE) {
		msi_end(d);
		return;
	}
	if (d->msix_on)
		return;
	d->msi.lo = (uint32_t)a->address;
	d->msi.hi = (uint32_t)(a->address >> 32);
	d->msi.data = a->value;
	bind(d, &d->msi, 0, 0, 0);
	if (d->msi.bound != d->msi_on) {
		d->msi_on = d->msi.bound;
		msi_control(d);
	}
}

static void msix(struct ec_device *d, const struct ec_action *a)
{
	bool on = a->kind != EC_ACT_MSIX_DISABLE;

	if (!on)
		unbind_all(d);
	for (unsigned int i = 0; !on && i < d->function.layout->params.msix_vectors; i++)
		d->msix[i].written = false;
	if (on && d->msi_on)
		msi_end(d);
	d->msix_on = on;
	d->msix_masked = on && a->value;
	msix_control(d);
	bind_open(d);
}

void ec_irq_rewrite(struct ec_device *d)
{
	if (d->msix_on) {
		unbind_all(d);
		msix_control(d);
		bind_open(d);
	}
	if (d->msi_on) {
		unbind(d, &d->msi);
		bind(d, &d->msi, 0, 0, 0);
		d->msi_on = d->msi.bound;
		msi_control(d);
	}
}

void ec_irq_action(struct ec_device *d, const struct ec_action *a)
{
	switch (a->kind) {
	case EC_ACT_INTX:
		/* off, unless the guest can take it and wants it */
		ec_device_intx(d, a->value && d->intx_bound);
		break;
	case EC_ACT_MSI_ENABLE:
	case EC_ACT_MSI_UPDATE:
	case EC_ACT_MSI_DISABLE:
		msi(d, a);
		break;
	default:
		msix(d, a);
	}
}

void ec_irq_table_moved(struct ec_device *d, uint64_t gpa)
{
	if (gpa == d->table_gpa)
		return;
	unbind_all(d);
	d->table_gpa = gpa;
	bind_open(d);
}

/* Whatever was bound is not any more; and nobody is interested in errors. */
static void forget(struct ec_device *d, int *pirq)
{
	const struct ec_service_ports *p = &d->guest->service->ports;

	if (*pirq >= 0)
		p->priv->unmap_pirq(p->priv_ctx, d->guest->domid, *pirq);
	*pirq = -1;
}

void ec_irq_died(struct ec_device *d)
{
	/* unmapping writes to the function */
	ec_power_wake(d);
	forget(d, &d->intx_pirq);
	d->intx_bound = false;
	forget(d, &d->msi.pirq);
	d->msi.bound = false;
	for (unsigned int i = 0; i < d->function.layout->params.msix_vectors; i++) {
		forget(d, &d->msix[i].pirq);
		d->msix[i].bound = false;
	}
}

static uint32_t *field(struct ec_vector *v, unsigned int i)
{
	uint32_t *const fields[] = { &v->lo, &v->hi, &v->data, &v->ctrl };

	return fields[i & 3];
}

/* A mask that Xen did not keep to itself, and has not carried out. */
static void masked(struct ec_device *d, struct ec_vector *v)
{
	if (!d->guest->info.mask_writes && !by_pirq(d, v))
		unbind(d, v);
}

/* Entry @v was written; @ctrl: also its vector control. */
static void written(struct ec_device *d, struct ec_vector *v, bool ctrl)
{
	if (is_open(d, v))
		bind(d, v, (unsigned int)(v - d->msix), table_bar(d), d->table_gpa);
	else if (v->ctrl & MASKED && ctrl)
		masked(d, v);
}

void ec_msix_flush(struct ec_device *d)
{
	for (unsigned int i = 0; i < d->function.layout->params.msix_vectors; i++) {
		struct ec_vector *v = d->msix + i;
		bool ctrl = v->waits_ctrl;

		if (!v->waits)
			continue;
		v->waits = v->waits_ctrl = false;
		written(d, v, ctrl);
	}
}

uint64_t ec_irq_table(struct ec_device *d, uint64_t offset, unsigned int len, bool write,
		      uint64_t value)
{
	unsigned int first = offset % EC_MSIX_ENTRY / 4;
	struct ec_vector *v = d->msix + offset / EC_MSIX_ENTRY;
	uint64_t r;
	bool ctrl;

	/* the table is accessed by dwords and quadwords, PCI Express 6.1.4.2 */
	if (!write) {
		r = *field(v, first);
		if (len == 8)
			r |= (uint64_t)*field(v, first + 1) << 32;
		return r >> offset % 4 * 8;
	}
	if (len < 4)
		return 0;
	for (unsigned int i = 0; i < len / 4; i++) {
		*field(v, first + i) = (uint32_t)(value >> i * 32);
		v->written = v->written || first + i == DATA;
	}
	ctrl = first + len / 4 == 4;
	if (!d->guest->repeats) {
		written(d, v, ctrl);
		return 0;
	}
	v->waits = true;
	v->waits_ctrl = v->waits_ctrl || ctrl;
	d->waits |= 1u << EC_WAIT_TABLE;
	return 0;
}

static int intx_end(struct ec_device *d, struct ec_diag *diag)
{
	const struct ec_service_ports *p = &d->guest->service->ports;
	uint8_t slot = d->slot, pin = (uint8_t)(d->pin - 1);
	uint32_t domid = d->guest->domid;
	int rc = 0;

	if (d->guest->dead || !d->pin)
		return 0;
	if (d->intx_bound)
		rc = p->priv->bind_intx(p->priv_ctx, domid, d->intx_pirq, slot, pin, false);
	if (!rc) {
		d->intx_bound = false;
		if (d->intx_pirq >= 0)
			rc = p->priv->unmap_pirq(p->priv_ctx, domid, d->intx_pirq);
	}
	if (!rc) {
		d->intx_pirq = -1;
		rc = p->priv->allow_irq(p->priv_ctx, domid, (uint32_t)d->facts.irq, false);
	}
	if (rc)
		ec_diag_set(diag, 0, "its interrupt line stays with the guest: %s", strerror(-rc));
	return rc;
}

int ec_irq_intx(struct ec_device *d, bool add, struct ec_diag *diag)
{
	const struct ec_service_ports *p = &d->guest->service->ports;
	uint8_t slot = d->slot, pin = (uint8_t)(d->pin - 1);
	uint32_t domid = d->guest->domid, irq = (uint32_t)d->facts.irq;
	struct ec_diag later;
	int rc;

	if (!add)
		return intx_end(d, diag);
	if (!d->pin)
		return 0;
	rc = p->priv->allow_irq(p->priv_ctx, domid, irq, true);
	if (!rc)
		rc = p->priv->map_irq(p->priv_ctx, domid, irq, &d->intx_pirq);
	if (!rc)
		rc = p->priv->bind_intx(p->priv_ctx, domid, d->intx_pirq, slot, pin, true);
	d->intx_bound = !rc;
	if (rc) {
		intx_end(d, &later);
		ec_diag_set(diag, 0, "its interrupt line %u: %s", irq, strerror(-rc));
	}
	return rc;
}
