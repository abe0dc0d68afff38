/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Once a vector is bound Xen handles some accesses to the MSI-X table itself, and forwards the
 * others. Xen 4.17 handles the masking of a bound vector, but no longer after the first unbinding.
 * So a mask that does arrive here is carried out by unbinding.
 */
#include "guest/msi.h"

#include <errno.h>
#include <pci/header.h>
#include <stdlib.h>
#include <string.h>

#include "core/bits.h"
#include "guest/guest.h"
#include "guest/hardware.h"
#include "guest/intx.h"
#include "guest/log.h"

#define MASKED 1u /* of an entry's vector control */
#define DATA 2u   /* dword of an entry */

/* A message-signalled interrupt: what the guest wrote, and what is bound for it. */
struct vector {
	uint32_t lo, hi, data, ctrl; /* as an entry of the MSI-X table has them */
	bool written;                /* address or data were, since interrupts were enabled last */
	bool bound;
	int pirq; /* -1: none */
	struct ec_msi_binding binding;
	bool pending, pending_ctrl; /* written, or also ctrl was, and not yet carried out */
};

struct ec_msi {
	bool msi_on, msix_on, msix_masked;
	struct vector msi;
	struct vector *msix; /* as many as the layout has vectors */
	uint16_t entries;
	uint64_t table_gpa, table_bar; /* see ec_msi_table_moved() */
	bool pending;                  /* an entry of the table is */
	bool ending;                   /* the kernel may be about to remove the device */
};

static const struct vector reset_vector = { .pirq = -1, .ctrl = MASKED };

struct ec_msi *ec_msi_new(void)
{
	struct ec_msi *m = calloc(1, sizeof(*m));

	if (m)
		m->msi.pirq = -1;
	return m;
}

void ec_msi_free(struct ec_msi *m)
{
	if (m)
		free(m->msix);
	free(m);
}

static unsigned int vectors(const struct ec_device *d)
{
	return d->interrupts.msi->msix ? d->function.layout->params.msix_vectors : 0;
}

int ec_msi_vectors(struct ec_device *d, uint16_t entries)
{
	struct ec_msi *m = d->interrupts.msi;

	m->entries = entries;
	m->msix = calloc(d->function.layout->params.msix_vectors + 1u, sizeof(*m->msix));
	for (unsigned int i = 0; i < vectors(d); i++)
		m->msix[i] = reset_vector;
	return m->msix ? 0 : -ENOMEM;
}

uint16_t ec_msi_entries(const struct ec_device *d)
{
	return d->interrupts.msi->entries;
}

void ec_msi_reset(struct ec_device *d)
{
	struct vector *v = d->interrupts.msi->msix;

	for (unsigned int i = 0; i < vectors(d); i++)
		if (v[i].pirq < 0)
			v[i] = reset_vector;
}

/* Fields of a message's address and data, as the processor takes them, and of Xen's flags. */
static uint32_t flags_of(const struct vector *v)
{
	return (v->lo >> 12 & 0xff) | (v->lo >> 3 & 1) << 8 | (v->lo >> 2 & 1) << 9 |
	       (v->data >> 8 & 7) << 12 | (v->data >> 15 & 1) << 15;
}

/*
 * A guest that takes interrupts as pirqs writes vector 0, and the pirq's number into the address.
 * Such a guest never touches the mask bits. An entry that is half written does not show yet whether
 * it is such a one: the data come last.
 */
static bool by_pirq(const struct ec_device *d, const struct vector *v)
{
	return d->guest->info.pirqs && v->lo && !(v->data & 0xff);
}

static int wanted_pirq(const struct ec_device *d, const struct vector *v)
{
	return by_pirq(d, v) ? (int)((v->lo >> 12 & 0xff) | (v->hi & 0x7fffff00)) : -1;
}

/*
 * What cannot be undone stays in @v, and is tried again.
 *
 * Xen checks that the interrupt exists, and then waits for the lock that a removal of the device
 * holds, which frees the interrupt: that stops the host (XEN_DOMCTL_unbind_pt_irq in
 * xen/arch/x86/domctl.c, 4.17). So a removal that has begun must end first; then the check fails.
 */
static int unbind(struct ec_device *d, struct vector *v)
{
	const struct ec_backends *b = d->guest->backends;
	uint32_t domid = d->guest->domid;
	int rc = 0;

	if (v->bound && d->interrupts.msi->ending && !d->guest->dead)
		ec_priv_await_removal(b, domid, d->host);
	if (v->bound && !d->guest->dead)
		rc = ec_priv_unbind_msi(b, domid, v->pirq, &v->binding);
	if (!rc) {
		v->bound = false;
		if (v->pirq >= 0 && !d->guest->dead)
			rc = ec_priv_unmap_pirq(b, domid, v->pirq);
	}
	if (rc)
		ec_complain(d, "interrupt %d stays with the guest: %s", v->pirq, strerror(-rc));
	if (!rc) {
		ec_pirqs_set(&d->guest->pirqs, v->pirq, false);
		v->pirq = -1;
	}
	return rc;
}

static bool same(const struct ec_msi_binding *a, const struct ec_msi_binding *b)
{
	return a->vector == b->vector && a->flags == b->flags && a->table == b->table;
}

/* Maps @v, entry @entry of the table, to pirq @wanted, or to any if that is -1. */
static int map(struct ec_device *d, struct vector *v, unsigned int entry, int wanted)
{
	const struct ec_backends *b = d->guest->backends;
	struct ec_msi *m = d->interrupts.msi;
	const struct ec_msi_source source = { .at = d->host,
					      .entry = entry,
					      .table = v == &m->msi ? 0 : m->table_bar };
	int pirq = wanted, rc;

	/* Xen would not say so */
	if (wanted >= 0 && ec_pirqs_has(&d->guest->pirqs, wanted)) {
		ec_complain(d, "vector %u: interrupt %d is another's", entry, wanted);
		return -EBUSY;
	}
	rc = ec_priv_map_msi(b, d->guest->domid, &source, &pirq);
	if (rc)
		ec_complain(d, "vector %u gets no interrupt: %s", entry, strerror(-rc));
	if (!rc) {
		v->pirq = pirq;
		ec_pirqs_set(&d->guest->pirqs, pirq, true);
	}
	return rc;
}

/* Binds @v, or binds it anew: it is MSI's vector or an entry of the MSI-X table. */
static void bind(struct ec_device *d, struct vector *v)
{
	const struct ec_backends *b = d->guest->backends;
	struct ec_msi *m = d->interrupts.msi;
	unsigned int entry = v == &m->msi ? 0 : (unsigned int)(v - m->msix);
	struct ec_msi_binding binding = { .vector = (uint8_t)v->data,
					  .flags = flags_of(v),
					  .table = v == &m->msi ? 0 : m->table_gpa };
	int wanted = wanted_pirq(d, v), rc;

	if (!v->lo || wanted == 0 || (wanted < 0 && !binding.vector))
		return;
	if (v->bound && wanted < 0 && same(&binding, &v->binding))
		return;
	if (v->pirq >= 0 && wanted >= 0 && wanted != v->pirq && unbind(d, v))
		return;
	if (v->pirq < 0 && map(d, v, entry, wanted))
		return;
	rc = ec_priv_bind_msi(b, d->guest->domid, v->pirq, &binding);
	if (rc) {
		ec_complain(d, "vector %u is not bound: %s", entry, strerror(-rc));
		unbind(d, v);
		return;
	}
	v->binding = binding;
	v->bound = true;
}

/* May the entry raise interrupts now? */
static bool is_open(const struct ec_device *d, const struct vector *v)
{
	if (!d->interrupts.msi->msix_on || d->interrupts.msi->msix_masked ||
	    !d->interrupts.msi->table_gpa || !v->lo)
		return false;
	return by_pirq(d, v) ? v->written : !(v->ctrl & MASKED);
}

static void bind_open(struct ec_device *d)
{
	for (unsigned int i = 0; i < vectors(d); i++)
		if (is_open(d, d->interrupts.msi->msix + i))
			bind(d, d->interrupts.msi->msix + i);
}

static int unbind_all(struct ec_device *d)
{
	int first = 0;

	for (unsigned int i = 0; i < vectors(d); i++) {
		int rc = unbind(d, d->interrupts.msi->msix + i);

		first = first ? first : rc;
	}
	return first;
}

int ec_msi_end(struct ec_device *d)
{
	int rc, all;

	d->interrupts.msi->ending = true;
	rc = unbind(d, &d->interrupts.msi->msi);
	all = unbind_all(d);
	d->interrupts.msi->ending = false;
	return rc ? rc : all;
}

static void msix_control(struct ec_device *d)
{
	const struct ec_effect_params *f = &d->function.layout->params;
	uint32_t v =
		(f->msix_vectors - 1u) | (d->interrupts.msi->msix_on ? PCI_MSIX_ENABLE : 0) |
		(d->interrupts.msi->msix_on && d->interrupts.msi->msix_masked ? PCI_MSIX_MASK : 0);

	/* exactly the register: Xen lets dom0 write nothing else of the capability */
	ec_hardware_write(d, f->msix_hw + (uint32_t)PCI_CAP_FLAGS, 2, v);
}

static void msi_control(struct ec_device *d)
{
	uint32_t at = d->function.layout->params.msi_hw + (uint32_t)PCI_MSI_FLAGS, v;

	/* the other bits are the hardware's; one vector, whatever was set before */
	if (ec_hardware_read(d, at, 2, &v))
		return;
	v &= ~(uint32_t)(PCI_MSI_FLAGS_ENABLE | PCI_MSI_FLAGS_QSIZE);
	ec_hardware_write(d, at, 2, v | (d->interrupts.msi->msi_on ? PCI_MSI_FLAGS_ENABLE : 0));
}

static void msi_end(struct ec_device *d)
{
	d->interrupts.msi->msi_on = false;
	msi_control(d);
	unbind(d, &d->interrupts.msi->msi);
}

/*
 * The hardware's MSI is on only while its vector is bound. No driver has MSI and MSI-X on at once,
 * and Xen must not be asked for both: MSI-X wins.
 */
static void msi(struct ec_device *d, const struct ec_action *a)
{
	if (a->kind == EC_ACT_MSI_DISABLE) {
		msi_end(d);
		return;
	}
	if (d->interrupts.msi->msix_on)
		return;
	d->interrupts.msi->msi.lo = (uint32_t)a->address;
	d->interrupts.msi->msi.hi = (uint32_t)(a->address >> 32);
	d->interrupts.msi->msi.data = a->value;
	bind(d, &d->interrupts.msi->msi);
	if (d->interrupts.msi->msi.bound != d->interrupts.msi->msi_on) {
		d->interrupts.msi->msi_on = d->interrupts.msi->msi.bound;
		msi_control(d);
	}
}

static void msix(struct ec_device *d, const struct ec_action *a)
{
	bool on = a->kind != EC_ACT_MSIX_DISABLE;

	if (!on)
		unbind_all(d);
	for (unsigned int i = 0; !on && i < vectors(d); i++)
		d->interrupts.msi->msix[i].written = false;
	if (on && d->interrupts.msi->msi_on)
		msi_end(d);
	d->interrupts.msi->msix_on = on;
	d->interrupts.msi->msix_masked = on && a->value;
	msix_control(d);
	bind_open(d);
}

void ec_msi_rebind(struct ec_device *d)
{
	if (d->interrupts.msi->msix_on) {
		unbind_all(d);
		msix_control(d);
		bind_open(d);
	}
	if (d->interrupts.msi->msi_on) {
		unbind(d, &d->interrupts.msi->msi);
		bind(d, &d->interrupts.msi->msi);
		d->interrupts.msi->msi_on = d->interrupts.msi->msi.bound;
		msi_control(d);
	}
}

void ec_msi_action(struct ec_device *d, const struct ec_action *a)
{
	switch (a->kind) {
	case EC_ACT_MSI_ENABLE:
	case EC_ACT_MSI_UPDATE:
	case EC_ACT_MSI_DISABLE:
		msi(d, a);
		break;
	default:
		msix(d, a);
	}
}

void ec_msi_table_moved(struct ec_device *d, uint64_t gpa, uint64_t bar)
{
	struct ec_msi *m = d->interrupts.msi;

	if (gpa == m->table_gpa)
		return;
	unbind_all(d);
	m->table_gpa = gpa;
	m->table_bar = bar;
	bind_open(d);
}

void ec_msi_died(struct ec_device *d)
{
	struct ec_msi *m = d->interrupts.msi;

	ec_intx_forget(d, &m->msi.pirq);
	m->msi.bound = false;
	for (unsigned int i = 0; i < vectors(d); i++) {
		ec_intx_forget(d, &m->msix[i].pirq);
		m->msix[i].bound = false;
	}
}

static uint32_t *field(struct vector *v, unsigned int i)
{
	uint32_t *const fields[] = { &v->lo, &v->hi, &v->data, &v->ctrl };

	return fields[i & 3];
}

/* A mask that Xen did not keep to itself, and has not carried out. */
static void masked(struct ec_device *d, struct vector *v)
{
	if (!d->guest->info.mask_writes && !by_pirq(d, v))
		unbind(d, v);
}

/* Entry @v was written; @ctrl: also its vector control. */
static void written(struct ec_device *d, struct vector *v, bool ctrl)
{
	if (is_open(d, v))
		bind(d, v);
	else if (v->ctrl & MASKED && ctrl)
		masked(d, v);
}

void ec_msi_flush(struct ec_device *d)
{
	if (!d->interrupts.msi->pending)
		return;
	d->interrupts.msi->pending = false;
	for (unsigned int i = 0; i < vectors(d); i++) {
		struct vector *v = d->interrupts.msi->msix + i;
		bool ctrl = v->pending_ctrl;

		if (!v->pending)
			continue;
		v->pending = v->pending_ctrl = false;
		written(d, v, ctrl);
	}
}

static uint64_t read_entry(struct vector *v, const struct ec_page_access *a)
{
	unsigned int first = a->offset % EC_MSIX_ENTRY / 4;
	uint64_t r = *field(v, first);

	if (a->len == 8)
		r |= (uint64_t)*field(v, first + 1) << 32;
	return r >> a->offset % 4 * 8;
}

uint64_t ec_msi_table(struct ec_device *d, const struct ec_page_access *a)
{
	struct vector *v = d->interrupts.msi->msix + a->offset / EC_MSIX_ENTRY;
	unsigned int first = a->offset % EC_MSIX_ENTRY / 4;
	bool ctrl = first + a->len / 4 == 4;

	if (!a->write)
		return read_entry(v, a);
	/* the table is accessed by dwords and quadwords, PCI Express 6.1.4.2 */
	if (a->len < 4)
		return 0;
	for (unsigned int i = 0; i < a->len / 4; i++) {
		*field(v, first + i) = (uint32_t)(a->value >> i * 32);
		v->written = v->written || first + i == DATA;
	}
	if (!d->guest->repeats) {
		written(d, v, ctrl);
		return 0;
	}
	v->pending = true;
	v->pending_ctrl = v->pending_ctrl || ctrl;
	d->interrupts.msi->pending = true;
	return 0;
}
